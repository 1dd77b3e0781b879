"""What a check says: something to mend, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["contract", "names", "versions", "start-up", "translations", "panel", "wheel"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend.

    Attributes:
        text: What is wrong.
        hint: What to do.
        place: File and line, or what it is about; empty where that is clear.
        traceback: Of an error in the plugin's own program.
    """

    kind: Kind
    text: str
    hint: str = ""
    place: str = ""
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """How a check went.

    Attributes:
        skipped: What could not be looked at here, and why; no reason to call the plugin bad.
        figures: Such as the seconds that its import takes.
    """

    plugin: str
    version: str
    findings: list[Finding]
    skipped: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.findings

    def as_object(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {**asdict(self), "is_good": self.is_good}
