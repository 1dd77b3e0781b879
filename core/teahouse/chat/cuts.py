"""Where turns of a conversation may be left out: in large steps that stay where they are as it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from teahouse.chat.history import Entry


@dataclass(frozen=True, slots=True)
class Cut:
    """Leave out what stands before the entry number `start`; `tokens` is about what that saves."""

    start: int
    tokens: int


def find_cuts(entries: Sequence[Entry], counts: Sequence[int], *, least: int, most: int) -> list[Cut]:
    """Where turns may be left out, so that a cut does not move when the conversation goes on.

    Each leaves out at most `most` tokens more than the one before, and at least `least`, which goes first:
    a long turn that begins between the two is kept whole for the time being. The last cut leaves out all
    that can be left out, and alone may move with the next turn.

    Args:
        counts: Tokens of each entry.
    """
    places = find_places(entries, counts)
    cuts: list[Cut] = []
    reached = 0
    while beyond := [place for place in places if place.tokens - reached > max(least, most)]:
        within = [place for place in places if least <= place.tokens - reached <= most]
        cuts.append(within[-1] if within else beyond[0])
        reached = cuts[-1].tokens
    return [*cuts, *(place for place in places[-1:] if place not in cuts)]


def find_places(entries: Sequence[Entry], counts: Sequence[int]) -> list[Cut]:
    """Every beginning of a turn before which something more can be left out."""
    starts = _turn_starts(entries)
    places: list[Cut] = []
    saved = reached = 0
    for number, entry in enumerate(entries):
        if number in starts and saved > reached:
            places.append(Cut(number, saved))
            reached = saved
        saved += 0 if is_kept(entry) else counts[number]
    return places


def _turn_starts(entries: Sequence[Entry]) -> set[int]:
    """Numbers of the entries with which a turn begins, the very first left out."""
    first = next((number for number, entry in enumerate(entries) if entry.role != "system"), 0)
    return {number for number, entry in enumerate(entries) if entry.role == "user" and number > first}


def is_kept(entry: Entry) -> bool:
    """Whether an entry is sent whatever is left out."""
    return entry.is_pinned or entry.role == "system"
