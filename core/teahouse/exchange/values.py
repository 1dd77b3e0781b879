"""What an export or import tells while it runs and at its end, and how much it takes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from teahouse.language import _

MAX_FILE_BYTES = 16 << 30
"""Of one imported file, unpacked where it is packed."""
MAX_ELEMENT_CHARS = 96 << 20
"""Of one conversation or attachment in a file."""
MAX_OPENINGS = 2_000_000
"""Objects and lists in one conversation: two characters in a file, but 64 bytes in memory."""
MAX_DEPTH = 100
MAX_CONVERSATIONS = 1_000_000
MAX_MESSAGES = 100_000
MAX_PARTS = 1_000
MAX_TEXT_CHARS = 8_000_000
MAX_ATTACHMENT_BYTES = 64 << 20
MAX_ATTACHMENTS_BYTES = 512 << 20
"""Of all the attachments of one conversation."""
MAX_PROMPT_IDS = 30_000_000
"""Ids of all the prompts of one conversation: shared beginnings let a small file stand for very many."""
MAX_LINES = 200
"""Different things that a report names; more are counted together."""


@dataclass(frozen=True, slots=True)
class ExchangeProgress:
    """Conversations written or looked at.

    Attributes:
        total: 0 where nobody knows: an import reads its file only once.
        title: Of the conversation just done.
        fraction: How much of the work is done, from 0 to 1.
    """

    done: int
    total: int
    title: str
    fraction: float


class Skipped(NamedTuple):
    """Something that was left out: what, why, in words, and how often."""

    what: str
    why: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The result of an export.

    Attributes:
        exported: Conversations written.
        path: The file or folder; None for a stream.
    """

    exported: int
    path: Path | None
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    Attributes:
        imported: Conversations that are new in the store.
        known: Conversations that were there already and stayed as they are.
        skipped: All else that was not taken over, conversations and pieces of them.
        conversation_ids: Of the new ones.
    """

    imported: int
    known: int
    skipped: list[Skipped]
    conversation_ids: tuple[str, ...] = ()


class Tally:
    """Counts what is left out."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, what: str, why: str, count: int = 1) -> None:
        """One more."""
        if (what, why) not in self._counts and len(self._counts) >= MAX_LINES:
            what, why = _("others"), _("as above")
        self._counts[what, why] += count

    def skipped(self) -> list[Skipped]:
        """Everything noted, in the order of its first time."""
        return [Skipped(what, why, count) for (what, why), count in self._counts.items()]
