"""Generated tokens put back into the prompt of the next turn.

A model may write a text in other tokens than its tokenizer would choose. If the reply were tokenized anew,
the next prompt would differ from what the context holds, and all after the first difference would be read
again. So where a reply stands in the rendered text its own tokens are taken, as far as they spell exactly
what stands there: the bytes of the prompt are the same in every case.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

LEADS = ("\n", "|", "0")
"""Of one of them and the text after it no tokenizer makes one token."""
WHITE = " \t\n\v\f\r"
"""What llama.cpp strips beside control tokens that ask for it: `isspace` of the C locale."""


@dataclass(frozen=True, slots=True)
class Written:
    """A reply in the rendered text.

    Attributes:
        start: Where its text begins, white space before it not counted; in characters of the whole text.
        text: The reply without white space around it.
        ids: All tokens that the model generated for it, in order, also those of its reasoning.
    """

    start: int
    text: str
    ids: list[int]


@dataclass(frozen=True, slots=True)
class _Run:
    """Leading tokens of a reply, and the part `start` to `end` of the text that they spell."""

    start: int
    end: int
    ids: list[int]


class Splicer:
    """Tokenizes texts between control tokens, with generated tokens where they stand.

    Args:
        tokenize: Text → ids, with no control token recognised in it.
        piece: The bytes of a token; without it nothing is put back.
        control: Ids of the control tokens.
    """

    def __init__(
        self,
        tokenize: Callable[[str], list[int]],
        *,
        piece: Callable[[int], bytes] | None,
        control: frozenset[int],
    ) -> None:
        self._tokenize = tokenize
        self._piece = piece or (lambda _token: b"")
        self._control = control

    def tokenize(
        self,
        text: str,
        *,
        start: int = 0,
        written: Sequence[Written] = (),
        strip: tuple[bool, bool] = (False, False),
        cuts: Sequence[int] = (),
    ) -> list[int]:
        """Ids of a text that stands at `start` and holds the replies `written`.

        Args:
            strip: Whether white space is dropped at the text's (beginning, end).
            cuts: Positions in `text` over which no token may reach.
        """
        runs = self._runs(text, start, written)
        while True:
            parts = list(self._parts(text, runs, strip, cuts))
            if None not in parts:
                break
            del runs[max(parts.index(None) - 1, 0)]  # what follows it cannot be tokenized by itself
        ids = list(parts[0] or [])
        for run, part in zip(runs, parts[1:], strict=True):
            ids += [*run.ids, *(part or [])]
        return ids

    def apart(
        self, text: str, *, strip: tuple[bool, bool], cuts: Sequence[int]
    ) -> list[tuple[int, list[int]]]:
        """(where it begins, its ids) of each part of a text between `cuts`; no token reaches over one."""
        begin = _first_dark(text, 0) if strip[0] else 0
        end = max(begin, len(text.rstrip(WHITE))) if strip[1] else len(text)
        edges = [begin, *(cut for cut in cuts if begin < cut < end), end]
        parts = [text[a:b] for a, b in itertools.pairwise(edges)]
        return list(zip(edges, self._each(parts, is_first=True) or [], strict=False))

    def _runs(self, text: str, start: int, written: Sequence[Written]) -> list[_Run]:
        runs: list[_Run] = []
        for reply in written:
            run = self._run(text, runs[-1].end if runs else 0, reply.start - start, reply)
            if run is not None:
                runs.append(run)
        return runs

    def _parts(
        self, text: str, runs: Sequence[_Run], strip: tuple[bool, bool], cuts: Sequence[int]
    ) -> Iterator[list[int] | None]:
        """Ids of the parts before, between and after the runs; None for one that cannot be had."""
        begins, ends = [0, *(run.end for run in runs)], [*(run.start for run in runs), len(text)]
        for number, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            if strip[0] and number == 0:
                begin = min(end, _first_dark(text, begin))
            if strip[1] and number == len(runs):
                end = max(begin, begin + len(text[begin:end].rstrip(WHITE)))
            edges = [begin, *(cut for cut in cuts if begin < cut < end), end]
            yield self._part([text[a:b] for a, b in itertools.pairwise(edges)], is_first=number == 0)

    def _part(self, pieces: Sequence[str], *, is_first: bool) -> list[int] | None:
        """Ids of a part in pieces; None for one in the middle that cannot be tokenized byte for byte."""
        each = self._each(pieces, is_first=is_first)
        return None if each is None else list(itertools.chain.from_iterable(each))

    def _each(self, pieces: Sequence[str], *, is_first: bool) -> list[list[int]] | None:
        """The same, each piece by itself."""
        ids: list[list[int]] = []
        for number, text in enumerate(pieces):
            own = self._tokenize(text) if text else []
            if not (is_first and number == 0) and self._spell(own) != _bytes(text):
                exact = self._continued(text)
                if exact is None and not is_first:
                    return None
                own = own if exact is None else exact
            ids.append(own)
        return ids

    def _continued(self, text: str) -> list[int] | None:
        """Ids of a text in the middle, for a tokenizer that puts a space before the first word.

        Something else goes before it, and its ids are taken away again.
        """
        for lead in LEADS:
            first, ids = self._tokenize(lead), self._tokenize(lead + text)
            rest = ids[len(first) :]
            if ids[: len(first)] == first and self._spell(rest) == _bytes(text):
                return rest
        return None

    def _spell(self, ids: Sequence[int]) -> bytes:
        return b"".join(map(self._piece, ids))

    def _run(self, text: str, done: int, at: int, reply: Written) -> _Run | None:
        """Where the reply's first tokens stand in `text`, whose reply begins at `at`; None for nowhere."""
        pieces = self._pieces(reply.ids)
        whole = b"".join(pieces)
        before = _bytes(text[done:at])
        for offset in _offsets(whole, reply.text):
            if not before.endswith(whole[:offset]):
                continue
            room = whole[:offset] + _bytes(text[at:])
            count, size = _spelled(pieces, room)
            if count:
                lead = len(whole[:offset].decode("utf-8"))
                return _Run(at - lead, at - lead + len(room[:size].decode("utf-8")), reply.ids[:count])
        return None

    def _pieces(self, ids: Sequence[int]) -> list[bytes]:
        """Bytes of each token but a last control token; none at all with a control token before the last."""
        if ids and self._is_control(ids[-1]):
            ids = ids[:-1]
        return [] if any(map(self._is_control, ids)) else [self._piece(token) for token in ids]

    def _is_control(self, token: int) -> bool:
        return token in self._control or not self._piece(token)


def with_bos(ids: Sequence[int], bos: int | None) -> list[int]:
    """Ids that begin with exactly one BOS, whether the template wrote none, one or more.

    Args:
        bos: The token that must begin every text; None where the model wants none, which changes nothing.
    """
    if bos is None:
        return list(ids)
    at = 0
    while at < len(ids) and ids[at] == bos:
        at += 1
    return [bos, *ids[at:]]


def _offsets(whole: bytes, text: str) -> Iterator[int]:
    """Where `text` may begin in what was written, in bytes: first found, then last (after a reasoning)."""
    decoded = whole.decode("utf-8", "replace")
    first, last = decoded.find(text), decoded.rfind(text)
    for at in [first, last] if first != last else [first]:
        lead = _bytes(decoded[: max(at, 0)])
        if at >= 0 and whole.startswith(lead):
            yield len(lead)


def _first_dark(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip(WHITE))


def _spelled(pieces: Sequence[bytes], room: bytes) -> tuple[int, int]:
    """How many leading pieces stand at the beginning of `room`, and their size; they end with a character."""
    size = count = 0
    best = (0, 0)
    for piece in pieces:
        if not room.startswith(piece, size):
            break
        count, size = count + 1, size + len(piece)
        if size == len(room) or room[size] & 0xC0 != 0x80:
            best = (count, size)
    return best


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
