"""How a source differs from what the index knows of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from teahouse_documents.scanning.walk import Seen
from teahouse_documents.values import SourceOptions


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the index knows it."""

    id: int
    path: str
    size: int
    mtime_ns: int
    device: int
    hash: str
    is_outdated: bool = False

    def is_as(self, seen: Seen) -> bool:
        """Whether nothing of it has to be read."""
        return (self.size, self.mtime_ns) == (seen.size, seen.mtime_ns) and not self.is_outdated


@dataclass(slots=True)
class Difference:
    """What a look at one source found."""

    source_id: int
    options: SourceOptions
    state: str = "ready"
    reason: str = ""
    new: list[Seen] = field(default_factory=list)
    changed: list[tuple[Known, Seen]] = field(default_factory=list)
    gone: list[Known] = field(default_factory=list)
    is_kept_as_gone: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no file differs."""
        return not (self.new or self.changed or self.gone)
