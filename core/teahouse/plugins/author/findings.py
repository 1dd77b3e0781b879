"""What a check says: something to mend, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from teahouse.language import _

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


def unnamed(control: str, panel: str) -> Finding:
    """A control of a panel that a screen reader cannot name; the window's half of a check finds it."""
    text = _("{control} has no name for a screen reader.").format(control=control)
    return Finding("panel", text, _('Call setAccessibleName(_("…")) on it.'), _in_panel(panel))


def unreachable(control: str, panel: str) -> Finding:
    """A control of a panel that the keyboard does not reach."""
    text = _("{control} cannot be reached with the keyboard.").format(control=control)
    return Finding("panel", text, _("Give it a focus policy, such as StrongFocus."), _in_panel(panel))


def _in_panel(title: str) -> str:
    return _("panel “{title}”").format(title=title)


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
