"""What the panel shows and asks for: plain values, read and carried out by the `Workshop`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from teahouse_training.data.rows import Issue
from teahouse_training.values import State

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
        path: A file with examples; empty for none.
        is_text: Every word of the file is learned, not only answers (continued pretraining).
        settings: Only those that differ from the preset, by the names of `TrainingSettings`.
        questions: Asked while it learns; empty takes some of the data's.
        held_out: A file of rows that are only looked at, never learned; empty sets some examples aside.
    """

    name: str = ""
    model: str = ""
    origin: Origin = "typed"
    pairs: tuple[tuple[str, str], ...] = ()
    path: str = ""
    is_text: bool = False
    conversations: Conversations = field(default_factory=Conversations)
    preset: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    held_out: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to read."""
        return {"typed": bool(self.pairs), "file": bool(self.path), "conversations": True}[self.origin]

    def as_json(self) -> dict[str, Any]:
        """Everything, to be kept until the training has begun."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """What `as_json` wrote; what is damaged is left out."""
        origin = told.get("origin")
        return cls(
            name=str(told.get("name", "")),
            model=str(told.get("model", "")),
            origin=origin if origin in ("typed", "file", "conversations") else "typed",
            pairs=tuple((str(question), str(answer)) for question, answer in told.get("pairs", ())),
            path=str(told.get("path", "")),
            is_text=bool(told.get("is_text")),
            conversations=Conversations(**told.get("conversations", {})),
            preset=str(told.get("preset", "")),
            settings=dict(told.get("settings", {})),
            questions=tuple(map(str, told.get("questions", ()))),
            held_out=str(told.get("held_out", "")),
        )


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
        rows, held_out: Examples to learn from, and those of them that are set aside.
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
    issues: tuple[Issue, ...] = ()
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
        step: Steps that were taken, out of `steps`.
        error, hint: Why it failed, in words.
        stage: What it does before the first step, in words.
        metrics: Rows as the training has told them (see `Course`); empty where nobody has looked at the run.
        adapter: Name of its adapter in the library; empty where it is not there.
        made_model: The same of a whole model that came out of it.
    """

    name: str
    model: str = ""
    state: State = "prepared"
    created_ms: int = 0
    rows: int = 0
    step: int = 0
    steps: int = 0
    error: str = ""
    hint: str = ""
    stage: str = ""
    eta_s: float | None = None
    memory_bytes: int = 0
    metrics: tuple[Mapping[str, Any], ...] = ()
    answers: tuple[Answered, ...] = ()
    adapter: str = ""
    made_model: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """An adapter of the library, for the model of the open conversation.

    Attributes:
        detail: What is known of it, in words.
        problem: Why it does not fit the model; empty where it does.
    """

    name: str
    detail: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class KeptAdapter:
    """An adapter of the library, as its page shows it.

    Attributes:
        facts, made: What it is and what it was trained with, in words.
        problem: Why it cannot be used; empty for a sound one.
    """

    name: str
    facts: str = ""
    made: str = ""
    problem: str = ""
