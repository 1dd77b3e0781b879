"""How far a measurement is."""

from __future__ import annotations

from dataclasses import dataclass

from teahouse import N_, Translator

_ = Translator("teahouse_documents")

PHASES = {
    "paragraphs": N_("Indexing paragraphs: {done} of {total}"),
    "tokens": N_("Preparing the second look: {done} of {total}"),
    "questions": N_("Asking questions: {done} of {total}"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """How far a measurement is; `phase` is a key of `PHASES`."""

    phase: str
    done: int
    total: int

    @property
    def text(self) -> str:
        """In words."""
        return _(PHASES[self.phase]).format(done=self.done, total=self.total)
