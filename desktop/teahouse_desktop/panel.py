"""What a plugin says of a panel; importing this imports no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of a plugin.

    Attributes:
        title: A word or two, already translated.
        icon: Name of one of the window's icons; an unknown one becomes a puzzle piece.
        make: Called with the parent when the panel is first opened.
    """

    title: str
    icon: str
    make: Callable[[QWidget], QWidget]
