"""What summarising a document yields and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from teahouse import N_, Translator
from teahouse.passages import Place
from teahouse_documents.phrases import in_a_row, left_in_words

_ = Translator("teahouse_documents")

Phase = Literal["reading", "loading", "parts", "joining", "writing"]
WORDS: dict[str, str] = {
    "reading": N_("Reading the document …"),
    "loading": N_("Loading the model … {percent} %"),
    "parts": N_("Part {number} of {total}"),
    "joining": N_("Putting the summaries together: {number} of {total}"),
    "writing": N_("Writing the summary …"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a summary is.

    Attributes:
        done, total: Parts, or bundles of summaries, that are done, and how many there are; of `loading`
            percent.
        text: What has just been written of the whole document's summary; empty in other phases.
        part: The summary of a part that is done; empty else.
        eta_s: Seconds until the parts are done, as far as they tell; None before.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    text: str = ""
    part: str = ""
    eta_s: float | None = None

    @property
    def words(self) -> str:
        """In words."""
        number = min(self.done + 1, max(1, self.total))
        told = _(WORDS[self.phase]).format(percent=self.done, number=f"{number:,}", total=f"{self.total:,}")
        return in_a_row((told, left_in_words(self.eta_s)))

    @property
    def share(self) -> float:
        """How much is done, 0 … 1; reading and loading count nothing."""
        if self.phase in ("reading", "loading") or not self.total:
            return 1.0 if self.phase == "writing" else 0.0
        return self.done / self.total


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the document that the model reads at once.

    Attributes:
        place: Where it begins.
        tokens: Of its text, by the model that reads it.
        summary: What the model wrote of it; empty before.
    """

    text: str
    place: Place
    tokens: int
    summary: str = ""

    def as_json(self) -> dict[str, Any]:
        """For those who look; without the text."""
        told = {"place": self.place.as_json(), "place_text": self.place.words()}
        return {**told, "tokens": self.tokens, "summary": self.summary}


@dataclass(frozen=True, slots=True)
class Made:
    """A summary of a whole document. Its text is untrusted, as the document is.

    Attributes:
        language: `en` or `zh`: of the document, and of its summary.
        parts: With their own summaries; one that has none was the whole document.
        remarks: What people should know of how the document was read.
        is_cut: Whether the model was stopped by its limit before the end of the summary.
    """

    name: str
    path: str
    model: str
    language: str
    text: str
    parts: tuple[Part, ...]
    remarks: tuple[str, ...]
    seconds: float
    is_cut: bool = False

    def as_json(self) -> dict[str, Any]:
        """For `teahouse docs summarise --json`."""
        return {
            "path": self.path,
            "name": self.name,
            "model": self.model,
            "language": self.language,
            "summary": self.text,
            "is_cut": self.is_cut,
            "tokens": sum(part.tokens for part in self.parts),
            "parts": [part.as_json() for part in self.parts],
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 1),
        }


def told_of(made: dict[str, Any]) -> str:
    """What was read for a summary, in a line or more: `handbook.pdf: 12 parts, 21,000 tokens, 4 minutes`."""
    count, seconds = len(made["parts"]), made["seconds"]
    facts = [
        made["name"],
        _("1 part") if count == 1 else _("{count} parts").format(count=f"{count:,}"),
        _("{count} tokens").format(count=f"{made['tokens']:,}"),
        made["model"],
        _("{seconds} s").format(seconds=f"{seconds:,.0f}"),
    ]
    lines = [in_a_row(facts), *made["remarks"]]
    if made["is_cut"]:
        lines.append(_("The model reached its limit before the end of the summary."))
    return "\n".join(lines)
