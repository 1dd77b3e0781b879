"""Step mode: the model waits before each token for what a person chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.beginning import own_ids
from teahouse.chat.branch import Branch
from teahouse.engine.sampling import Sampling
from teahouse.engine.steering import Steering
from teahouse.jobs import Job
from teahouse.messages import Generation, TextDelta, TokenStep
from tests.core.chat.test_turn import on_disk, turn

GREEDY = Sampling(temperature=0.0)

pytestmark = pytest.mark.gguf


@pytest.fixture
def real(app: App, starter: Path) -> Iterator[App]:
    app.settings.set("engine.context", 512)
    app.settings.set("models.default", str(starter))
    yield app


def made_for(app: App, chat: str) -> Generation:
    found = app.store.generation(app.store.visible_path(chat)[-1].id)
    assert found is not None
    return found


def test_a_person_picks_samples_and_lets_it_run(real: App) -> None:
    chat, steering = real.store.create_conversation().id, Steering()
    steps: list[TokenStep] = []

    def hear(value: Any, _job: object) -> None:
        if not isinstance(value, TokenStep):
            return
        steps.append(value)
        if value.token is None:
            waits = sum(1 for step in steps if step.token is None)
            if waits == 1:
                steering.pick(value.stages[0]["ids"][1])  # the second likeliest of the model's own
            elif waits == 2:
                steering.sample()
            else:
                steering.run()

    question = "What is the capital of France? One sentence."
    ended = turn(real, chat, question, sampling=GREEDY, max_tokens=8, steering=steering, step=5, hear=hear)
    assert ended.error is None
    waits = [step for step in steps if step.token is None]
    taken = [step for step in steps if step.token is not None]
    assert [step.place for step in waits] == [0, 1, 2]
    made = made_for(real, chat)
    assert [step.token for step in taken] == list(made.ids)
    assert [step.place for step in taken] == list(range(len(made.ids)))
    assert made.ids[0] == waits[0].stages[0]["ids"][1] != waits[0].drawn
    assert made.ids[1] == waits[1].drawn
    assert [step.is_picked for step in taken] == [True, *[False] * (len(taken) - 1)]
    assert made.engine["picked"] == [0]
    assert all(len(step.stages[0]["ids"]) == 5 for step in steps)
    assert (
        "".join(step.text for step in taken if step.text != "<|im_end|>")
        == real.store.visible_path(chat)[-1].text
    )


def test_stop_is_heard_while_it_waits_and_each_token_is_on_disk(real: App) -> None:
    chat, steering = real.store.create_conversation().id, Steering()
    seen: list[str] = []

    def hear(value: Any, job: Job) -> None:
        if isinstance(value, TextDelta):
            seen.append(value.text)
        if isinstance(value, TokenStep) and value.token is None:
            if value.place == 3:
                job.cancel.set()
            else:
                steering.sample()

    ended = turn(real, chat, "Count from 1 to 9.", sampling=GREEDY, steering=steering, hear=hear)
    assert ended.is_cancelled and ended.error is None
    reply = real.store.visible_path(chat)[-1]
    assert (reply.state, reply.text) == ("stopped", "".join(seen))
    assert len(made_for(real, chat).ids) == 3
    assert on_disk(real)[-1][2] == reply.text
    again = turn(real, chat, continues=reply.id, sampling=GREEDY, max_tokens=3)
    assert again.error is None


def test_a_branch_can_be_steered_and_its_places_are_the_replys_own(real: App) -> None:
    chat, steering = real.store.create_conversation().id, Steering()
    turn(real, chat, "Count from 1 to 9.", sampling=GREEDY, max_tokens=12)
    old = made_for(real, chat)
    places: list[int] = []

    def hear(value: Any, _job: object) -> None:
        if isinstance(value, TokenStep) and value.token is None:
            places.append(value.place)
            steering.pick(value.stages[0]["ids"][1]) if len(places) == 1 else steering.run()

    branch = Branch(old.message_id, 4, (old.ids[2],))
    turn(real, chat, branch=branch, sampling=GREEDY, max_tokens=5, steering=steering, hear=hear)
    made = made_for(real, chat)
    assert places == [5, 6]
    assert made.engine["picked"] == [4, 5]
    assert own_ids(made)[:5] == (*old.ids[:4], old.ids[2])


def test_tokens_can_be_told_without_waiting(real: App) -> None:
    chat = real.store.create_conversation().id
    steps: list[TokenStep] = []
    hear = lambda value, _job: steps.append(value) if isinstance(value, TokenStep) else None  # noqa: E731
    turn(real, chat, "Say hello.", sampling=GREEDY, max_tokens=4, step=3, hear=hear)
    assert [step.token for step in steps] == list(made_for(real, chat).ids)
    assert "picked" not in made_for(real, chat).engine
