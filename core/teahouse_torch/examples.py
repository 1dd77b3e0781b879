"""What a model is trained on, in torch: examples, rows of several, batches of rows (see `examples_file`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

IGNORED = -100
"""As the target of a token that is not learned."""


@dataclass(frozen=True, slots=True)
class Example:
    """Token ids (tokens,) and which of them are learned, both on the processor."""

    ids: Tensor
    learned: Tensor

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of tokens; several examples may stand in a row, and none sees another.

    Attributes:
        ids: (rows, tokens), zeros at the end.
        targets: The next token where it is learned, else `IGNORED`; (rows, tokens).
        owners: Which example each token is of, counted from 1; 0 for padding; (rows, tokens).
    """

    ids: Tensor
    targets: Tensor
    owners: Tensor

    @property
    def tokens(self) -> int:
        """How many tokens are read, padding not counted."""
        return int((self.owners > 0).sum())

    @property
    def learned(self) -> int:
        """How many tokens are learned."""
        return int((self.targets != IGNORED).sum())

    def to(self, device: torch.device) -> Batch:
        """The same on another device."""
        return Batch(self.ids.to(device), self.targets.to(device), self.owners.to(device))

    @property
    def is_packed(self) -> bool:
        """Whether a row holds more than one example."""
        return bool((self.owners > 1).any())


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from and is looked at with.

    Attributes:
        general: Texts that have nothing to do with it, by name: how well they are still known is what
            shows forgetting.
    """

    train: Sequence[Example]
    held_out: Sequence[Example] = ()
    general: Mapping[str, Sequence[Example]] = field(default_factory=dict)


def read_examples(path: Path) -> list[Example]:
    """The examples of a file, in order."""
    arrays = load_file(path)
    lengths = arrays["lengths"].tolist()
    ids, learned = torch.split(arrays["ids"].long(), lengths), torch.split(arrays["learned"].bool(), lengths)
    return [Example(i, flags) for i, flags in zip(ids, learned, strict=True)]


def pack(examples: Sequence[Example], *, length: int) -> list[list[int]]:
    """Rows of numbers of examples, each at most `length` tokens together: the longest first, where it fits.

    Source: first-fit decreasing; an example longer than `length` stands alone.
    """
    rows: list[list[int]] = []
    room: list[int] = []
    tried, before = 0, 0
    for number in sorted(range(len(examples)), key=lambda n: -len(examples[n])):
        size = len(examples[number])
        tried = tried if size == before else 0  # rows that had no room for as many still have none
        place = next((at for at in range(tried, len(room)) if room[at] >= size), len(room))
        if place == len(room):
            rows.append([])
            room.append(length)
        rows[place].append(number)
        room[place] -= size
        tried, before = place, size
    return rows


def collate(rows: Sequence[Sequence[Example]]) -> Batch:
    """Rows of examples as one batch."""
    length = max(sum(len(example) for example in row) for row in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    targets, owners = torch.full_like(ids, IGNORED), torch.zeros_like(ids)
    for number, row in enumerate(rows):
        at = 0
        for owner, example in enumerate(row, 1):
            part = slice(at, at + len(example))
            ids[number, part], owners[number, part] = example.ids, owner
            following = torch.where(example.learned[1:], example.ids[1:], IGNORED)
            targets[number, at : at + len(following)] = following
            at += len(example)
    return Batch(ids, targets, owners)


def epochs(count: int, *, seed: int, start: int = 0) -> Iterator[int]:
    """Numbers below `count` for ever, each epoch shuffled anew; the same seed gives the same order.

    Args:
        start: How many to leave out, as if they had been taken.
    """
    epoch = start // count
    skipped = start % count
    while True:
        generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
        yield from torch.randperm(count, generator=generator).tolist()[skipped:]
        epoch, skipped = epoch + 1, 0
