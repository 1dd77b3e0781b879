"""What a plugin shows of a part of a message: lines and marks, as plain words; importing this imports no Qt.

The transcript paints them in its own look, so themes, text sizes, keys and screen readers need nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from teahouse.messages import Message


@dataclass(frozen=True, slots=True)
class PartLine:
    """A line of small text below an answer.

    Attributes:
        text: Plain words, already translated.
        icon: Name of one of the window's icons; an unknown one becomes a puzzle piece.
        tip: Plain words that show while the pointer is on it; empty for none.
        run: Called with the message's id when it is pressed; None where nothing can be done with it.
    """

    text: str
    icon: str = "info"
    tip: str = ""
    run: Callable[[str], object] | None = None


@dataclass(frozen=True, slots=True)
class PartMark:
    """Something in the words of an answer that stands for something else, such as a citation.

    Attributes:
        text: As it stands there: `[1]`. Every place outside of code is the mark.
        title: What it is called in the menu of the message and by screen readers.
        tip: Plain words that show while the pointer is on it; empty for none.
        run: Called with the message's id when it is pressed; None where nothing can be done with it.
        missing_at: Where it stood in the message's text before it was taken out, as characters from the
            beginning: there it is painted struck out, and never copied.
    """

    text: str
    title: str = ""
    tip: str = ""
    run: Callable[[str], object] | None = None
    missing_at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PartView:
    """What is shown of a part: marks in the words of the answer, and lines below it."""

    lines: tuple[PartLine, ...] = ()
    marks: tuple[PartMark, ...] = ()


PartViews = Callable[[Message], Sequence[PartView]]
"""What is shown of the parts of a message."""


def no_views(message: Message) -> Sequence[PartView]:
    """Nothing: no plugin shows any."""
    return ()
