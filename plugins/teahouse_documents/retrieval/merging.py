"""Passages as they are sent: neighbours in one piece, what says the same only once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from teahouse.passages import Passage

SAME = 0.9
"""Share of the shorter one's words that two passages have in common when they say the same."""
WORD = re.compile(r"[A-Za-z0-9]+|[^\W\d_]")

At = Mapping[int, tuple[int, int]]
"""By a chunk's id its file and its position there."""


def places(trace: Mapping[str, Any]) -> dict[int, tuple[int, int]]:
    """Where the passages of a search stand, from its trace."""
    told = trace.get("passages")
    return {
        one["id"]: (one["file"], one["position"])
        for one in (told if isinstance(told, list) else ())
        if all(type(one.get(name)) is int for name in ("id", "file", "position"))
    }


def distinct(passages: Sequence[Passage]) -> list[Passage]:
    """Without those that say what a better one says."""
    kept: list[tuple[Passage, set[str]]] = []
    for passage in passages:
        words = set(WORD.findall(passage.text.casefold()))
        if not any(_is_same(words, others) for _one, others in kept):
            kept.append((passage, words))
    return [passage for passage, _words in kept]


def merged(passages: Sequence[Passage], at: At) -> list[Passage]:
    """Chunks that follow each other in a file as one passage, in the place of the better one."""
    runs: list[list[Passage]] = []
    for passage in passages:
        run = next((one for one in runs if _touches(one, passage, at)), None)
        if run is None:
            runs.append([passage])
        else:
            run.append(passage)
    return [_joined(run, at) for run in runs]


def _touches(run: Sequence[Passage], passage: Passage, at: At) -> bool:
    own = at.get(passage.id or -1)
    others = [at.get(one.id or -1) for one in run]
    return own is not None and any(
        other is not None and other[0] == own[0] and abs(other[1] - own[1]) == 1 for other in others
    )


def _joined(run: Sequence[Passage], at: At) -> Passage:
    if len(run) == 1:
        return run[0]
    order = sorted(run, key=lambda one: at[one.id or -1][1])
    first, last, best = order[0], order[-1], run[0]
    end = last.place.last_line or last.place.line
    place = replace(first.place, last_line=end if first.place.line is not None else None)
    return replace(best, text="\n\n".join(one.text for one in order), place=place)


def _is_same(one: set[str], other: set[str]) -> bool:
    shorter = min(len(one), len(other))
    return bool(shorter) and len(one & other) >= SAME * shorter and len(one) <= len(other)
