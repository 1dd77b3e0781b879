"""A reply whose adapters were changed while it was written is judged with each of its sets."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import pytest

from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse_sampling.scoring import Changes, Judged, Scored, explain, run_score
from teahouse_sampling.spelling import Spelled

TEA, MILK = (("tea.gguf", 1.0),), (("milk.gguf", 0.5),)


class Asked:
    """An engine that notes what it is asked with which adapters."""

    def __init__(self) -> None:
        self.heard: list[Any] = []

    def score(
        self, ids: Sequence[int], *, start: int, adapters: object, **_more: object
    ) -> Generator[Any, None, dict[str, Any]]:
        self.heard.append((start, len(ids), adapters))
        yield {"event": "scored", "done": len(ids) - start}
        mine = list(ids[start:])
        return {"logprobs": mine, "ranks": mine, "entropies": mine, "top": [], "next": adapters}

    def explain(self, _ids: object, positions: list[int], *, adapters: object, **_more: object) -> list[Any]:
        self.heard.append((positions, adapters))
        return [[position] for position in positions]


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        ((), [(3, 8, TEA)]),
        (((5, MILK),), [(3, 5, TEA), (5, 8, MILK)]),
        (((3, MILK), (6, ())), [(3, 6, MILK), (6, 8, ())]),
        (((8, MILK),), [(3, 8, TEA)]),
    ],
)
def test_each_stretch_is_scored_with_its_own_set(changes: Changes, heard: list[Any]) -> None:
    engine: Any = Asked()
    steps = run_score(engine, range(8), start=3, top_n=0, cancel=Cancel(), adapters=TEA, changes=changes)
    done = []
    while True:
        try:
            done.append(next(steps).done)
        except StopIteration as ended:
            told = ended.value
            break
    assert engine.heard == heard
    assert told["logprobs"] == told["ranks"] == [3, 4, 5, 6, 7]
    assert (told["start"], told["next"]) == (3, heard[-1][2])
    assert done[-1] == 5


def test_each_position_is_explained_with_the_set_that_held_there() -> None:
    token = Judged(Spelled(1, b"a"))
    scored = Scored("m", "h", (token,) * 4, prompt=(7, 8), adapters=TEA, changes=((4, MILK),))
    engine: Any = Asked()
    told = explain(engine, scored, [2, 3, 4, 6], sampling=Sampling(), top_n=1, cancel=Cancel())
    assert told == [[2], [3], [4], [6]]
    assert engine.heard == [([2, 3], TEA), ([4, 6], MILK)]
