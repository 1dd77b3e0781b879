"""The adapters that made each part of a reply: stored with it is each set and the token from which it held.

Others may hold from the middle on: they were chosen while it was written, or the reply goes on with what an
earlier one, made with others, has said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from teahouse.messages import Generation

KEY = "adapter_changes"
"""In `Generation.engine`: a list of {place, adapters: [[file hash, scale], …], names}, in order."""

NAMES = "adapters"
"""In `Generation.engine`: what the adapters at the beginning were called then."""

Adapters = tuple[tuple[str, float], ...]
"""(file hash, scale) each."""


class AdapterSet(NamedTuple):
    """The adapters that held from a place among the reply's own tokens on.

    Attributes:
        names: What they were called then; empty where that is not known.
    """

    place: int
    adapters: Adapters
    names: tuple[str, ...] = ()


Sets = tuple[AdapterSet, ...]
"""In order of their places, the first from the beginning on; none for a reply that is not known."""


def sets_of(made: Generation) -> Sets:
    """Every set that a reply was written with; one that is damaged or out of order is left out."""
    sets = [AdapterSet(0, tuple(made.adapters), _names(made.engine.get(NAMES), made.adapters))]
    told = made.engine.get(KEY)
    for one in map(_read, told if isinstance(told, list) else ()):
        if one is not None and one.place > sets[-1].place:
            sets.append(one)
    return tuple(sets)


def until(sets: Sets, place: int) -> Sets:
    """Those that the tokens before a place were written with."""
    return tuple(one for one in sets if one.place < place)


def with_set(sets: Sets, new: AdapterSet) -> Sets:
    """The same with another set from its place on; where the same one holds already, nothing is told."""
    kept = until(sets, new.place)
    return kept if kept and kept[-1].adapters == new.adapters else (*kept, new)


def as_stored(sets: Sets, count: int) -> tuple[Adapters, dict[str, Any]]:
    """What of `Generation` tells of them: `adapters`, and what `engine` has; `sets_of` reads it.

    Args:
        count: The reply's own tokens; a set that came after the last one wrote nothing.
    """
    first, *later = (*sets[:1], *until(sets[1:], count)) or (AdapterSet(0, ()),)
    engine: dict[str, Any] = {NAMES: list(first.names)} if first.names else {}
    if later:
        engine[KEY] = [_told(one) for one in later]
    return first.adapters, engine


def as_objects(sets: Iterable[AdapterSet]) -> list[dict[str, Any]]:
    """As `--json` prints them."""
    return [_told(one) for one in sets]


def _told(one: AdapterSet) -> dict[str, Any]:
    return {
        "place": one.place,
        "adapters": [list(adapter) for adapter in one.adapters],
        "names": list(one.names),
    }


def _read(told: Any) -> AdapterSet | None:
    """One that was stored; None where it is damaged."""
    if not isinstance(told, Mapping):
        return None
    try:
        adapters = tuple((str(digest), float(scale)) for digest, scale in told["adapters"])
        place = int(told["place"])
    except (TypeError, ValueError, KeyError, OverflowError):
        return None
    if not all(math.isfinite(scale) for _digest, scale in adapters):
        return None
    return AdapterSet(place, adapters, _names(told.get("names"), adapters))


def _names(told: object, adapters: Adapters) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) and len(told) == len(adapters) else ()
