"""Lines of plugins below an answer: the sources it was made from, what was removed of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse_desktop.looks.look import Look
from teahouse_desktop.parts import PartLine, PartMark, PartView
from teahouse_desktop.transcript.pieces import Piece

if TYPE_CHECKING:
    from teahouse_desktop.transcript.item import Item
    from teahouse_desktop.transcript.view import Transcript

ACTION = "part."
"""Before the number of what can be done with the parts of a message, as an action of it."""

NONE = PartLine("")


@dataclass(eq=False)
class PartPiece(Piece):
    """A line; its document holds its words."""

    line: PartLine = NONE


def build_lines(views: Iterable[PartView], look: Look) -> list[PartPiece]:
    """The pieces of all lines, in order."""
    from teahouse_desktop.transcript.builder import build_line

    lines = (line for view in views for line in view.lines)
    return [
        PartPiece("part", build_line(line.text, look, kind="part").document, look, line=line)
        for line in lines
        if line.text
    ]


def offered(views: Iterable[PartView]) -> dict[str, PartLine | PartMark]:
    """What can be done with the parts of a message, by names of actions: marks with a title, and lines."""
    known = [one for view in views for one in (*view.marks, *view.lines)]
    useful = [one for one in known if one.run is not None and title_of(one)]
    return {f"{ACTION}{number}": one for number, one in enumerate(useful)}


def title_of(one: PartLine | PartMark) -> str:
    """What it is called in a menu."""
    return one.text if isinstance(one, PartLine) else one.title


def act(view: Transcript, name: str, index: int) -> bool:
    """Do an action on the parts of a message; False when it is none."""
    item = view.column.items[index]
    found = offered(item.parts(item.shown.message)).get(name) if name.startswith(ACTION) else None
    if found is not None:
        press(item, found)
    return found is not None


def press(item: Item, one: PartLine | PartMark) -> None:
    """Do what a line or mark offers."""
    if one.run is not None and item.shown.message.id:
        one.run(item.shown.message.id)
