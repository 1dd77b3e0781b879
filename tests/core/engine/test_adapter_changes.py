"""Other adapters while the real starter writes: what holds from which token on, and what goes on unbroken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.adapter_changes import sets_of
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.engine.steering import Steering
from teahouse.events import Notice
from teahouse.jobs import Cancel, Job
from teahouse.messages import AdaptersChanged, PromptRead, TextDelta
from teahouse.models.gguf import read_header
from teahouse.workers.wire import unpack_ids
from tests.core.engine.opening import opened
from tests.core.engine.test_reuse import house_in
from tests.core.models import loras

pytestmark = pytest.mark.gguf

GREEDY = Sampling(temperature=0.0)
QUESTION = "Count from 1 to 20 in words, with commas."
Heard = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, starter: Path) -> Iterator[App]:
    """An app with two adapters that each change a reply."""
    app = house_in(tmp_path_factory.mktemp("changed") / "茶馆 😀")
    app.settings.set("engine.context", 1024)
    header, folder = read_header(starter), tmp_path_factory.mktemp("made")
    for number, name in enumerate(("tea 茶", "milk"), 1):
        changes = loras.for_model(header, seed=number, size=0.05)
        app.adapters.add(loras.write(folder / f"{number}.gguf", changes, architecture="qwen2"), name)
    yield app
    app.close()


@pytest.fixture
def engine(house: App, starter: Path) -> Engine:
    return opened(house, starter)


def path_of(house: App, name: str) -> str:
    return str(house.adapters.find(name).path)


def written(engine: Engine, hear: Heard | None = None, **options: Any) -> tuple[list[int], list[Any]]:
    """Ids and events of a reply to the question."""
    prompt = engine.render([{"role": "user", "content": QUESTION}]).ids
    values = {"sampling": GREEDY, "max_tokens": 24, "stop": (), "cancel": Cancel(), **options}
    steps, events = engine.generate(prompt, **values), []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as done:
            return unpack_ids(done.value["ids"]), events
        if hear is not None:
            hear(events[-1])


def at_place(place: int, act: Callable[[], None]) -> Heard:
    """Act once so many tokens are written."""
    count = 0

    def hear(event: dict[str, Any]) -> None:
        nonlocal count
        before, count = count, count + len(event.get("ids", ()))
        if before < place <= count:
            act()

    return hear


def changes_in(events: list[Any]) -> list[Any]:
    return [event for event in events if event["event"] == "adapters"]


def test_the_rest_of_a_reply_is_written_as_if_all_had_been_read_with_the_new_set(
    house: App, engine: Engine
) -> None:
    tea = (path_of(house, "tea 茶"), 1.2)
    plain, _events = written(engine)
    steering = Steering(is_stepped=False)
    change = at_place(6, lambda: steering.set_adapters([tea], {"n": 1}))
    ids, events = written(engine, change, steering=steering)
    [told] = changes_in(events)
    place = told["place"]
    assert told["told"] == {"n": 1}
    assert 6 <= place < len(ids)
    assert ids[:place] == plain[:place]
    fresh, _events = written(engine, forced_ids=plain[:place], adapters=[tea], is_reproducible=True)
    assert ids == fresh
    assert ids != plain
    [first, *_rest, last] = [event for event in events if event["event"] == "prompt" and "place" in event]
    prompt = len(engine.render([{"role": "user", "content": QUESTION}]).ids)
    assert (first["done"], first["cached"]) == (0, 0)  # nothing that was read with the old set is used
    assert last["done"] == last["total"] == prompt + place
    assert written(engine)[0] == plain  # the set was for that reply
