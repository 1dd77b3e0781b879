"""Other adapters while the real starter writes: what holds from which token on, and what goes on unbroken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
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
from teahouse.workers.wire import unpack_ids
from tests.core.engine.adapted import adapted_house
from tests.core.engine.chatty import ENDLESS, Waiting, chatty_house
from tests.core.engine.opening import opened

pytestmark = pytest.mark.gguf

GREEDY = Sampling(temperature=0.0)
QUESTION = "Write a short tale about a lighthouse and a cat."
MOST = 18
Heard = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, starter: Path) -> Iterator[App]:
    """An app with two adapters that each change a reply."""
    home = tmp_path_factory.mktemp("changed") / "茶馆 😀"
    app = adapted_house(home, tmp_path_factory.mktemp("made"), starter)
    yield app
    app.close()


@pytest.fixture
def engine(house: App, starter: Path) -> Engine:
    return opened(house, starter)


@pytest.fixture(scope="module")
def plain(house: App, starter: Path) -> list[int]:
    """The reply of the model itself."""
    return written(opened(house, starter))[0]


def path_of(house: App, name: str) -> str:
    return str(house.adapters.find(name).path)


def prompt_of(engine: Engine) -> list[int]:
    return engine.render([{"role": "user", "content": QUESTION}]).ids


def written(
    engine: Engine, hear: Heard | None = None, *, begun: Sequence[int] = (), **options: Any
) -> tuple[list[int], list[Any], str]:
    """Ids, events and end of a reply to the question, read anew; it may go on after some ids."""
    values = {"sampling": GREEDY, "max_tokens": MOST - len(begun), "stop": (), "cancel": Cancel(), **options}
    prompt = [*prompt_of(engine), *begun]
    steps = engine.generate(prompt, begun=len(begun), is_reproducible=True, **values)
    events: list[Any] = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as done:
            return [*begun, *unpack_ids(done.value["ids"])], events, done.value["finish_reason"]
        if hear is not None:
            hear(events[-1])


def at_place(place: int, act: Callable[[], None]) -> Heard:
    """Act once when so many tokens are written."""
    count = 0

    def hear(event: dict[str, Any]) -> None:
        nonlocal count
        before, count = count, count + len(event.get("ids", ()))
        if before < place <= count:
            act()

    return hear


def changed(engine: Engine, adapters: list[tuple[str, float]], **options: Any) -> tuple[list[int], list[Any]]:
    """A reply that is told of other adapters on its way."""
    steering = Steering(is_stepped=False)
    hear = at_place(4, lambda: steering.set_adapters(adapters, {"n": 1}))
    ids, events, _end = written(engine, hear, steering=steering, **options)
    return ids, events


def changes_in(events: list[Any]) -> list[Any]:
    return [event for event in events if event["event"] == "adapters"]


def test_the_rest_of_a_reply_is_written_as_if_all_had_been_read_with_the_new_set(
    house: App, engine: Engine, plain: list[int]
) -> None:
    tea = [(path_of(house, "tea 茶"), 1.2)]
    ids, events = changed(engine, tea)
    [told] = changes_in(events)
    place = told["place"]
    assert (told["told"], 4 <= place < MOST) == ({"n": 1}, True)
    assert ids[:place] == plain[:place]
    assert ids == written(engine, begun=plain[:place], adapters=tea)[0] != plain
    again = [event for event in events if event["event"] == "prompt" and "place" in event]
    assert [event["cached"] for event in again] == [0] * len(again)  # nothing of the old set is used
    assert again[-1]["done"] == again[-1]["total"] == len(prompt_of(engine)) + place
    assert written(engine)[0] == plain  # it was for that reply


def test_what_was_read_then_is_used_under_that_set_alone(
    house: App, engine: Engine, plain: list[int]
) -> None:
    tea = [(path_of(house, "tea 茶"), 1.2)]
    ids, _events = changed(engine, tea)
    alike = next(place for place, (one, other) in enumerate(zip(ids, plain, strict=False)) if one != other)
    asked = [*prompt_of(engine), *ids, 198]

    def cached(adapters: list[tuple[str, float]]) -> int:
        options: dict[str, Any] = {"sampling": GREEDY, "max_tokens": 1, "stop": (), "cancel": Cancel()}
        steps = list(engine.generate(asked, adapters=adapters, **options))
        return int(next(event["cached"] for event in steps if event["event"] == "prompt"))

    assert cached(tea) >= len(asked) - 3
    assert cached([]) <= len(prompt_of(engine)) + alike  # what the model itself has read


def test_grammar_and_penalties_go_on_unbroken(house: App, engine: Engine) -> None:
    tea = [(path_of(house, "tea 茶"), 0.8)]
    sampling = Sampling(temperature=0.0, repeat_penalty=1.3, grammar='root ::= ([a-z]+ " ")+')
    ids, events = changed(engine, tea, sampling=sampling)
    [told] = changes_in(events)
    kept = ids[: told["place"]]
    assert ids == written(engine, begun=kept, sampling=sampling, adapters=tea)[0]
    assert ids != written(engine, begun=kept, sampling=GREEDY, adapters=tea)[0]
    text = b"".join(piece for piece, _is_control in engine.pieces(ids)).decode()
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz ")


def test_one_that_cannot_be_used_is_refused_in_words_and_changes_nothing(
    house: App, engine: Engine, plain: list[int], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and no more")
    for path in (tmp_path / "gone.gguf", broken):
        ids, events = changed(engine, [(path_of(house, "milk"), 1.0), (str(path), 1.0)])
        [told] = changes_in(events)
        assert path.name in told["refused"]["text"]
        assert ids == plain


def test_a_stop_while_it_reads_again_keeps_what_was_written(
    house: App, engine: Engine, plain: list[int]
) -> None:
    steering, cancel = Steering(is_stepped=False), Cancel()
    tell = at_place(4, lambda: steering.set_adapters([(path_of(house, "milk"), 1.0)]))

    def hear(event: dict[str, Any]) -> None:
        tell(event)
        if "place" in event:
            cancel.set()

    ids, _events, end = written(engine, hear, steering=steering, cancel=cancel)
    assert end == "stopped"
    assert 4 <= len(ids) < MOST
    assert ids[:4] == plain[:4]
    assert written(engine)[0] == plain


def test_in_step_mode_it_holds_after_the_token_that_is_being_chosen(
    house: App, engine: Engine, plain: list[int]
) -> None:
    tea, steering = [(path_of(house, "tea 茶"), 1.2)], Steering()

    def hear(event: dict[str, Any]) -> None:
        if event["event"] == "step" and event["token"] is None:
            if event["place"] == 1:
                steering.set_adapters(tea)
            steering.sample()

    ids, events, _end = written(engine, hear, steering=steering, max_tokens=3)
    assert [event["place"] for event in changes_in(events)] == [2]
    assert ids[:2] == plain[:2]
    assert ids == written(engine, begun=ids[:2], adapters=tea, max_tokens=1)[0]


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, str]]:
    """An app with a small model, whose turns take no time, and adapters for it."""
    app, model = chatty_house(tmp_path_factory.mktemp("quick") / "茶馆", tmp_path_factory.mktemp("made"))
    yield app, model
    app.close()


def turn(house: App, model: str, choice: str) -> tuple[Any, list[Any], Any]:
    """(conversation, events, stored generation) of a turn whose adapters are chosen while it writes."""
    talk = house.store.create_conversation(model=model).id
    house.store.change_conversation(talk, settings={"chat.adapters": "milk=0.5"})
    choose = partial(house.store.change_conversation, talk, settings={"chat.adapters": choice})
    waiting, events, notices = Waiting(3, choose), list[Any](), list[Notice]()

    def hear(told: Any) -> None:
        events.append(getattr(told, "value", None))
        waiting.hear(events[-1])

    def listen(event: object) -> None:
        if isinstance(event, Notice):
            notices.append(event)
            waiting.run()

    forget = house.events.listen(listen)
    request = TurnRequest(talk, QUESTION, sampling=ENDLESS, max_tokens=20, steering=waiting)
    ended = Job("turn", take_turn(house, request)).run(hear)
    forget()
    assert ended.error is None
    reply = house.store.visible_path(talk)[-1]
    return reply, [*events, *notices], house.store.generation(reply.id)


def test_a_choice_made_while_a_turn_is_written_holds_in_it_and_is_stored(quick: tuple[App, str]) -> None:
    house = quick[0]
    tea, milk = (house.adapters.find(name).sha256 for name in ("tea 茶", "milk"))
    reply, events, made = turn(*quick, "milk=0, tea 茶=1.2")
    [change] = [event for event in events if isinstance(event, AdaptersChanged)]
    assert (change.names, change.refused) == (("tea 茶",), "")
    assert made.adapters == ((milk, 0.5),)
    first, second = sets_of(made)
    assert first == (0, ((milk, 0.5),), ("milk",))
    assert second == (change.place, ((tea, 1.2),), ("tea 茶",))
    assert 0 < change.place < len(made.ids)
    assert made.usage.prompt_tokens == len(made.prompt_ids)  # what was read again is not counted as sent
    place = events.index(change)
    assert any(isinstance(event, PromptRead) for event in events[place - 2 : place])
    assert reply.text == "".join(event.text for event in events if isinstance(event, TextDelta))


def test_a_choice_that_does_not_fit_is_said_and_the_turn_goes_on(quick: tuple[App, str]) -> None:
    _reply, events, made = turn(*quick, "milk=0.5, nowhere")
    [notice] = [event for event in events if isinstance(event, Notice)]
    assert "nowhere" in notice.text
    assert "goes on as it was" in notice.text
    assert "adapter_changes" not in made.engine
    assert not any(isinstance(event, AdaptersChanged) for event in events)
