"""What is learned, row by row, and what is to be said of a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Self

from teahouse import N_, AppError, Translator
from teahouse.language import sentences

_ = Translator("teahouse_training")

Kind = Literal["sft", "pretrain"]
"""Fine-tuning on dialogues (only the answers are learned), or continued pretraining on plain text."""

Trouble = Literal[
    "unreadable",
    "unknown",
    "no_question",
    "no_answer",
    "unanswered",
    "tools",
    "duplicate",
    "contradiction",
    "secret",
    "leak",
    "learned",
    "too_long",
    "not_rendered",
]

REASONS: dict[Trouble, str] = {
    "unreadable": N_("it cannot be read ({detail})"),
    "unknown": N_("its form is not known: {detail}"),
    "no_question": N_("there is no question in it"),
    "no_answer": N_("there is no answer in it"),
    "unanswered": N_("what stands after the last answer is not learned"),
    "tools": N_("what tools say is not learned yet"),
    "duplicate": N_("it says the same as line {detail}"),
    "contradiction": N_("line {detail} answers the same question differently"),
    "secret": N_("it seems to hold a secret ({detail})"),
    "leak": N_("it is nearly the same as the held-out line {detail}, or asks the same"),
    "learned": N_("most of it stands in line {detail} of what is learned, too"),
    "too_long": N_("it is too long ({detail})"),
    "not_rendered": N_("the model's template does not take it ({detail})"),
}
"""Clauses; `detail` is filled in."""


class DataError(AppError):
    """There is nothing that can be learned, or it cannot be read."""


class Said(NamedTuple):
    """One message of a row."""

    role: str
    text: str

    def as_json(self) -> dict[str, str]:
        """As the engine takes it."""
        return {"role": self.role, "content": self.text}


@dataclass(frozen=True, slots=True)
class Row:
    """One example.

    Attributes:
        line: Where it begins in its file, from 1; in a list of conversations or a table, which one it is.
        messages: A dialogue; empty for plain text.
        text: Plain text; empty for a dialogue.
        learns_last_only: Only the last answer is learned; those before it are only read.
        source: Where it comes from, where the line does not tell: title of a conversation.
    """

    line: int
    messages: tuple[Said, ...] = ()
    text: str = ""
    learns_last_only: bool = False
    source: str = ""

    @property
    def question(self) -> str:
        """What the last answer replies to; empty for plain text."""
        return next((said.text for said in reversed(self.messages) if said.role == "user"), "")

    @property
    def answer(self) -> str:
        """The last answer; the text itself for plain text."""
        return next((said.text for said in reversed(self.messages) if said.role == "assistant"), self.text)

    def as_chat(self) -> list[dict[str, str]]:
        """Messages as the engine takes them."""
        return [said.as_json() for said in self.messages]

    def as_json(self) -> dict[str, Any]:
        """As it stands in the snapshot of a run: a line that can be imported again."""
        said: dict[str, Any] = {"messages": self.as_chat()} if self.messages else {"text": self.text}
        marks = {"source": self.source, "learns_last_only": self.learns_last_only}
        return {**said, "line": self.line, **{name: mark for name, mark in marks.items() if mark}}


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a person is to know about a row.

    Attributes:
        is_left_out: The row is not learned; else it is, and this is a warning.
        detail: What goes into the clause of `REASONS`.
    """

    line: int
    trouble: Trouble
    is_left_out: bool = True
    detail: str = ""
    source: str = ""

    @property
    def reason(self) -> str:
        """Why, as a clause."""
        return _(REASONS[self.trouble]).format(detail=self.detail)

    @property
    def text(self) -> str:
        """A sentence: where, what came of it, and why."""
        place = _("Line {line}").format(line=self.line) + (f" ({self.source})" if self.source else "")
        words = _("{place} is left out: {reason}.") if self.is_left_out else _("{place}: {reason}.")
        return words.format(place=place, reason=self.reason)

    def as_json(self) -> dict[str, Any]:
        """Everything, with the words in the language in force."""
        return {
            "line": self.line,
            "trouble": self.trouble,
            "is_left_out": self.is_left_out,
            "detail": self.detail,
            "source": self.source,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """What `as_json` wrote."""
        trouble: Trouble = told["trouble"] if told.get("trouble") in REASONS else "unreadable"
        return cls(
            int(told["line"]), trouble, bool(told["is_left_out"]), str(told["detail"]), str(told["source"])
        )


@dataclass(slots=True)
class Data:
    """Rows with what is to be said of them; the person's own file is only read.

    Attributes:
        name: Of the file, or of what was chosen.
        sha256: Of the bytes that were read.
        total: Rows that were found, those left out counted.
        held_out_name, held_out_sha256: Of a file of the person's own; empty where rows of this are held out.
    """

    name: str
    kind: Kind
    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    held_out: list[Row] = field(default_factory=list)
    sha256: str = ""
    total: int = 0
    held_out_name: str = ""
    held_out_sha256: str = ""

    def leave_out(self, row: Row | int, trouble: Trouble, detail: object = "") -> None:
        """A row is not learned, and why."""
        self._note(row, trouble, detail, is_left_out=True)

    def warn(self, row: Row | int, trouble: Trouble, detail: object = "") -> None:
        """Something is to be known about a row that is learned."""
        self._note(row, trouble, detail, is_left_out=False)

    def _note(self, row: Row | int, trouble: Trouble, detail: object, *, is_left_out: bool) -> None:
        line, source = (row, "") if isinstance(row, int) else (row.line, row.source)
        self.issues.append(Issue(line, trouble, is_left_out, str(detail), source))

    def check_any(self) -> None:
        """Refuse to go on without a row.

        Raises:
            DataError: There is none; tells why the first ones were left out.
        """
        if not self.rows:
            why = sentences(*(issue.text for issue in self.issues[:3]))
            raise DataError(
                sentences(_("There is nothing to learn in {name}.").format(name=self.name), why),
                hint_of(self.kind),
                issues=[issue.as_json() for issue in self.issues[:50]],
            )


def hint_of(kind: Kind) -> str:
    """Which forms of data are taken."""
    if kind == "pretrain":
        return _("Give a text file, or JSONL or CSV whose rows have a “text”.")
    return _(
        "Give JSONL of OpenAI, ShareGPT or Alpaca, CSV with the columns “question” and “answer”, or a text"
        " with “Q:” and “A:”; plain text without questions is for “train pretrain-on”."
    )


def dialogue(*pairs: tuple[str, str], system: str = "") -> tuple[Said, ...]:
    """Messages of (question, answer) pairs."""
    said = [Said("system", system)] if system else []
    for question, answer in pairs:
        said += [Said("user", question), Said("assistant", answer)]
    return tuple(said)


def texts_of(rows: Sequence[Row]) -> list[str]:
    """What continued pretraining reads of each row."""
    return [row.text or "\n\n".join(said.text for said in row.messages) for row in rows]
