"""What the panel shows and asks for: plain values, read and carried out by the `Workshop`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

State = Literal["ready", "running", "paused", "done", "failed", "kept"]
Origin = Literal["typed", "file", "conversations"]


@dataclass(frozen=True, slots=True)
class Trainable:
    """A model that may be trained.

    Attributes:
        problem: Why it cannot be; empty where it can.
    """

    name: str
    detail: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Conversations:
    """Which conversations are learned from.

    Attributes:
        folder, tag: Empty for every one.
        is_good: Only replies with a thumb up.
    """

    folder: str = ""
    tag: str = ""
    is_good: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person has chosen on the page for a new training.

    Attributes:
        pairs: Questions with their answers, typed by hand.
        paths: Files with examples.
        settings: Only those that differ from the preset, by the names of `TrainingSettings`.
        leaves_out: Whether rows with a remark are left out.
        is_full: All weights instead of an adapter.
    """

    name: str = ""
    model: str = ""
    origin: Origin = "typed"
    pairs: tuple[tuple[str, str], ...] = ()
    paths: tuple[str, ...] = ()
    conversations: Conversations = field(default_factory=Conversations)
    preset: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    leaves_out: bool = True

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to read."""
        return bool({"typed": self.pairs, "file": self.paths, "conversations": (1,)}[self.origin])


@dataclass(frozen=True, slots=True)
class Remark:
    """What was noticed about a row of the data.

    Attributes:
        row: Counted from 1; 0 for all of them.
        text: The reason, in words.
    """

    row: int
    text: str
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class SeenToken:
    """A token as the model is to see it."""

    id: int
    piece: bytes
    is_control: bool
    is_learned: bool


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found out about a wish, before anything is trained.

    Attributes:
        rows, held_out: Examples to learn from, and those set aside.
        tokens, learned: Of all examples; those that are learned.
        examples: The first few, token by token.
        settings: All settings, of the preset and of the person.
        parts: What of the memory is for what, in words and bytes.
        needed_bytes, free_bytes: Memory; 0 for not known.
        loaded: Models in memory that could be unloaded meanwhile.
    """

    rows: int = 0
    held_out: int = 0
    tokens: int = 0
    learned: int = 0
    preset: str = ""
    remarks: tuple[Remark, ...] = ()
    examples: tuple[tuple[SeenToken, ...], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[tuple[str, int], ...] = ()
    needed_bytes: int = 0
    free_bytes: int = 0
    loaded: tuple[str, ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether there is not enough memory now."""
        return bool(self.needed_bytes and self.free_bytes and self.needed_bytes > self.free_bytes)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with what the model answered before the training, and at the last look."""

    question: str
    before: str
    now: str
    step: int


@dataclass(frozen=True, slots=True)
class ShownRun:
    """A run as the panel shows it.

    Attributes:
        error, hint: Why it failed, in words.
        metrics: Rows as the training has told them (see `Course`).
        stage: What it does before the first step, in words.
        settings: Of the run, by the names of `TrainingSettings`.
        adapter: Name of its adapter in the library; empty where it is not there.
    """

    name: str
    model: str = ""
    state: State = "ready"
    created_ms: int = 0
    rows: int = 0
    steps: int = 0
    error: str = ""
    hint: str = ""
    stage: str = ""
    eta_s: float | None = None
    memory_bytes: int = 0
    metrics: tuple[Mapping[str, Any], ...] = ()
    answers: tuple[Answered, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    adapter: str = ""

    @property
    def step(self) -> int:
        """Steps that were taken."""
        return max((int(row.get("step", 0)) for row in self.metrics), default=0)
