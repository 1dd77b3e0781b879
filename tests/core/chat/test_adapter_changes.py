"""Which adapters made which token, through every way a reply can be begun, changed and cut."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from typing import Any

import pytest

from teahouse.chat.adapter_changes import (
    KEY,
    AdapterSet,
    Sets,
    as_objects,
    as_stored,
    sets_of,
    until,
    with_set,
)
from teahouse.messages import Generation
from tests.core.exchange.samples import generation

CHOICES = ((), (("aa", 1.0),), (("aa", 0.5),), (("bb", 1.0), ("aa", 0.5)))


def set_at(place: int, choice: int) -> AdapterSet:
    return AdapterSet(place, CHOICES[choice], tuple(name for name, _scale in CHOICES[choice]))


def stored(sets: Sets, count: int) -> Generation:
    """As it comes back from a file."""
    adapters, engine = json.loads(json.dumps(as_stored(sets, count)))
    return replace(generation("m", (), ()), adapters=tuple(map(tuple, adapters)), engine=engine)


def held(sets: Sets, count: int) -> list[Any]:
    """The adapters of each token."""
    return [until(sets, place + 1)[-1].adapters for place in range(count)]


def test_each_token_keeps_the_set_that_wrote_it() -> None:
    luck = random.Random(7)
    for _ in range(300):
        choice = luck.randrange(4)
        sets: Sets = (set_at(0, choice),)
        told = [CHOICES[choice]] * luck.randrange(4)
        for _step in range(luck.randrange(6)):
            if luck.random() < 0.3:  # begun again at an earlier place, with what is stored
                sets, keep = sets_of(stored(sets, len(told))), luck.randrange(len(told) + 1)
                sets, told = until(sets, keep), told[:keep]
            choice = luck.randrange(4)
            sets = with_set(sets, set_at(len(told), choice))
            told += [CHOICES[choice]] * luck.randrange(4)
        found = sets_of(stored(sets, len(told)))
        assert held(found, len(told)) == told
        assert [one.names for one in found] == [tuple(n for n, _s in one.adapters) for one in found]
        assert all(one.place < len(told) for one in found[1:])
        assert all(one.adapters != two.adapters for one, two in itertools.pairwise(found))


def test_without_adapters_nothing_is_told() -> None:
    assert as_stored((AdapterSet(0, ()),), 5) == ((), {})
    assert as_stored((), 5) == ((), {})


@pytest.mark.parametrize(
    "damaged",
    [
        *(None, 7, "x", {}, {"place": 3}, {"place": "x", "adapters": []}, {"place": 3, "adapters": [["a"]]}),
        *({"place": 3, "adapters": [["a", "x"]]}, {"place": 3, "adapters": [["a", float("nan")]]}),
        *({"place": 0, "adapters": []}, {"place": -1, "adapters": []}, {"place": 1e999, "adapters": []}),
    ],
)
def test_what_is_damaged_or_out_of_order_is_left_out(damaged: object) -> None:
    good = as_objects([set_at(2, 1)])
    for told in ([damaged, *good], [*good, damaged], [*good, *good], [*good, *as_objects([set_at(1, 2)])]):
        made = stored((set_at(0, 3),), 9)
        made.engine[KEY] = told
        places = [one.place for one in sets_of(made)]
        assert places == sorted(set(places))
        assert set_at(2, 1) in sets_of(made)
    made.engine[KEY] = damaged
    assert sets_of(made) == (set_at(0, 3),)
