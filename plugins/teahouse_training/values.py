"""Frozen values of training: what is asked for, how a run stands, what it tells while it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from teahouse import AppError, Translator
from teahouse_torch.settings import TrainingSettings
from teahouse_training.data.rows import Issue, Kind

if TYPE_CHECKING:
    from teahouse_torch.memory import Estimate

_ = Translator("teahouse_training")

State = Literal["prepared", "running", "paused", "interrupted", "failed", "cancelled", "done", "kept"]
"""`prepared`: nothing was learned yet; `running`: in this process or another one; `paused` by the person, and
`interrupted` by a crash or power loss, go on where they were; `cancelled` by the person for good; `done`:
there is an adapter, in the library, and nobody has said yet whether it stays; `kept`: it stays."""

RESUMABLE: frozenset[State] = frozenset({"prepared", "paused", "interrupted", "failed", "cancelled"})
FINISHED: frozenset[State] = frozenset({"done", "kept"})

Stage = Literal["reading", "preparing", "loading", "training", "writing"]


class TrainingRefused(AppError):
    """A run cannot be made, started or changed as it was asked; nothing was changed."""


class ShortOfMemory(TrainingRefused):
    """There is too little memory now; `data["loaded"]` names the models whose memory would help."""


# --- what is asked for ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileRows:
    """Rows of a file: JSONL or JSON (OpenAI, ShareGPT, Alpaca), CSV, plain text."""

    path: Path


@dataclass(frozen=True, slots=True)
class ChosenChats:
    """Conversations of this app that fit all that is given; `thumb` 1 takes only replies with a thumb up."""

    folder: str = ""
    tag: str = ""
    thumb: int = 0


@dataclass(frozen=True, slots=True)
class TypedRows:
    """A table typed by hand: (question, answer) each."""

    pairs: tuple[tuple[str, str], ...]


Source = FileRows | ChosenChats | TypedRows


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person asks for; everything but model, data and name is chosen by itself where it is left out.

    Attributes:
        name: Of the run and of the adapter that comes out.
        model: Name, catalogue key or path of the GGUF that is trained.
        kind: `sft` (answers are learned) or `pretrain` (every word is).
        preset: Name of one of `presets.PRESETS`; empty chooses by the settings and the number of rows.
        settings: All numbers; None takes the preset's.
        changes: Single fields of `TrainingSettings` over those of the preset.
        held_out: Rows that are not learned; None sets some of the data's aside.
        questions: Asked again and again while it learns; None takes some of the data's.
    """

    name: str
    model: str
    source: Source
    kind: Kind = "sft"
    preset: str = ""
    settings: TrainingSettings | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    held_out: FileRows | None = None
    questions: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a draft's data, before anything is written.

    Attributes:
        rows: How many are learned, how many of `total` held out.
        issues: What was left out or is to be known, in the order of the lines.
        tokens: Of the learned rows; `learned_tokens` of these are the answers'.
        settings: What would be used.
        memory: What the run needs; None where that cannot be estimated.
        sample: The first rows as the model will see them.
    """

    name: str
    total: int
    rows: int
    held_out: int
    issues: tuple[Issue, ...]
    tokens: int
    learned_tokens: int
    longest: int
    preset: str
    settings: TrainingSettings
    questions: tuple[str, ...] = ()
    memory: Estimate | None = None
    sample: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One row as the model sees it.

    Attributes:
        pieces: The bytes of each token; a control token's are its text.
        learned: Whether each token is learned.
        control: Whether each is a control token.
    """

    line: int
    ids: tuple[int, ...]
    pieces: tuple[bytes, ...]
    learned: tuple[bool, ...]
    control: tuple[bool, ...]


# --- how a run stands -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a run has changed: before its first step and now.

    Attributes:
        held_out: (before, now), loss on the held-out examples; None where there are none.
        perplexity: (before, now) of each general text by name: what was known before, and still is.
        moved: How far the weights were moved, ‖ΔW‖.
        answers: (question, before, now) each.
    """

    step: int = 0
    held_out: tuple[float, float] | None = None
    perplexity: dict[str, tuple[float, float]] = field(default_factory=dict)
    moved: float | None = None
    answers: tuple[tuple[str, str, str], ...] = ()

    @property
    def forgetting(self) -> float | None:
        """By what share general texts surprise more than before, as the mean of all; None without them."""
        from math import exp, log

        ratios = [log(now / before) for before, now in self.perplexity.values() if before > 0 < now]
        return exp(sum(ratios) / len(ratios)) - 1 if ratios else None

    def as_json(self) -> dict[str, Any]:
        """Everything, `forgetting` too."""
        return {
            "step": self.step,
            "held_out": self.held_out,
            "perplexity": {name: list(pair) for name, pair in self.perplexity.items()},
            "forgetting": self.forgetting,
            "moved": self.moved,
            "answers": [
                {"question": question, "before": before, "now": now} for question, before, now in self.answers
            ],
        }


@dataclass(frozen=True, slots=True)
class Run:
    """One run as it stands on the disk.

    Attributes:
        model: Name of the model that is trained.
        steps: To be taken; `step` of them are.
        source: Name of the file or of what was chosen.
        rows: Examples that are learned.
        held_out_source: Name of a file of the person's own; empty where some of the examples are held out.
        changes: Settings that were asked for over those of the preset, as `Draft.changes`.
        error: (text, hint) of what went wrong last; empty strings for nothing.
        adapter: Name of the adapter in the library; empty before there is one.
        made_model: The same of the whole model that came out, where all weights were trained.
        why: How it ended: `done`, `early` (held-out examples got worse) or empty.
    """

    name: str
    folder: Path
    state: State
    kind: Kind
    model: str
    preset: str
    created_ms: int
    step: int
    steps: int
    source: str
    rows: int
    held_out: int
    settings: TrainingSettings
    evaluation: Evaluation
    issues: tuple[Issue, ...] = ()
    questions: tuple[str, ...] = ()
    error: tuple[str, str] = ("", "")
    adapter: str = ""
    made_model: str = ""
    held_out_source: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict, hash=False)
    why: str = ""
    seconds: float = 0.0

    @property
    def can_resume(self) -> bool:
        """Whether `start` or `resume` would let it work."""
        return self.state in RESUMABLE

    def as_json(self) -> dict[str, Any]:
        """Everything that people or programs want to know of it."""
        return {
            "name": self.name,
            "state": self.state,
            "kind": self.kind,
            "model": self.model,
            "preset": self.preset,
            "created_ms": self.created_ms,
            "step": self.step,
            "steps": self.steps,
            "source": self.source,
            "rows": self.rows,
            "held_out": self.held_out,
            "left_out": [issue.as_json() for issue in self.issues if issue.is_left_out],
            "warnings": [issue.as_json() for issue in self.issues if not issue.is_left_out],
            "adapter": self.adapter,
            "made_model": self.made_model,
            "why": self.why,
            "seconds": round(self.seconds, 1),
            "error": {"text": self.error[0], "hint": self.error[1]} if self.error[0] else None,
            "evaluation": self.evaluation.as_json(),
            "settings": self.settings.as_json(),
            "folder": str(self.folder),
        }


@dataclass(frozen=True, slots=True)
class RunProgress:
    """What a run tells while it is prepared or trains.

    Attributes:
        row: A row of its metrics (see `teahouse_torch.training`): `kind` is `step`, `look` or `resumed`.
        eta_s: Seconds that are left, as far as can be known; None before the first steps.
        answers: After a look: what the model answers now to each of the run's questions.
        memory_bytes: What the training's process takes now; 0 where that is not known.
        fraction: How much of the stage is done, from 0 to 1; None where nobody knows.
    """

    name: str
    stage: Stage
    row: Mapping[str, Any] | None = None
    eta_s: float | None = None
    answers: tuple[str, ...] = ()
    memory_bytes: int = 0
    step: int = 0
    steps: int = 0
    fraction: float | None = None

    @property
    def tokens_per_s(self) -> float | None:
        """Tokens learned from in a second, in the step that was just taken."""
        row = self.row or {}
        return row["tokens"] / row["seconds"] if row.get("kind") == "step" and row.get("seconds") else None

    @property
    def text(self) -> str:
        """One line for a terminal."""
        from teahouse_training.phrases import progress_text

        return progress_text(self)
