"""Other adapters in the middle of a reply: stored with it is each set and the token from which it held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from teahouse.messages import Generation

KEY = "adapter_changes"
"""In `Generation.engine`: a list of {place, adapters: [[file hash, scale], …], names}."""

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


def sets_of(made: Generation) -> tuple[AdapterSet, ...]:
    """Every set that a reply was written with, in order; the first from the beginning on."""
    told = made.engine.get(KEY)
    later = (_read(one) for one in told) if isinstance(told, list) else ()
    first = AdapterSet(0, tuple(made.adapters), _names(made.engine.get("adapters"), made.adapters))
    return (first, *(one for one in later if one is not None))


def with_change(engine: Mapping[str, Any], before: Adapters, change: AdapterSet) -> dict[str, Any]:
    """What is stored of the engine, with another set from a place on; one that held for nothing is left out.

    Args:
        before: The set that the reply began with.
    """
    kept = [one for one in engine.get(KEY, ()) if one["place"] < change.place]
    held = tuple((name, scale) for name, scale in kept[-1]["adapters"]) if kept else before
    if held != change.adapters:
        told = [list(one) for one in change.adapters]
        kept.append({"place": change.place, "adapters": told, "names": list(change.names)})
    return _with(engine, kept)


def without_unused(engine: Mapping[str, Any], count: int) -> dict[str, Any]:
    """The same for a reply of so many tokens: a set that came after the last one wrote nothing."""
    return _with(engine, [one for one in engine.get(KEY, ()) if one["place"] < count])


def _with(engine: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rest = {name: value for name, value in engine.items() if name != KEY}
    return {**rest, KEY: list(changes)} if changes else rest


def _read(told: Any) -> AdapterSet | None:
    """One that was stored; None where it is damaged."""
    try:
        adapters = tuple((str(digest), float(scale)) for digest, scale in told["adapters"])
        return AdapterSet(int(told["place"]), adapters, _names(told.get("names"), adapters))
    except (TypeError, ValueError, KeyError):
        return None


def _names(told: object, adapters: Adapters) -> tuple[str, ...]:
    return tuple(map(str, told)) if isinstance(told, list) and len(told) == len(adapters) else ()
