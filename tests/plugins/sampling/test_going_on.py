"""A reply that went on, or was begun again, with other adapters is judged in each part with its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.branch import Branch
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.jobs import Job
from teahouse.messages import TokenStep
from teahouse_sampling.scoring import Scored, explain_positions, score_reply
from tests.core.engine.chatty import ENDLESS, chatty_house

pytestmark = pytest.mark.gguf

Shares = dict[int, float]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, str]]:
    app, model = chatty_house(tmp_path_factory.mktemp("judged") / "茶馆", tmp_path_factory.mktemp("made"))
    yield app, model
    app.close()


def done(work: Any) -> Any:
    ended = Job("work", work).run(lambda _event: None)
    assert ended.error is None
    return ended.result


def reply(app: App, talk: str, choice: str, **more: Any) -> tuple[str, dict[int, Shares]]:
    """(id, what the model found likely as it wrote each of its own tokens)."""
    seen: dict[int, Shares] = {}

    def hear(event: Any) -> None:
        step = getattr(event, "value", None)
        if isinstance(step, TokenStep):
            first = step.stages[0]
            seen[step.place] = dict(zip(first["ids"], first["probabilities"], strict=True))

    app.store.change_conversation(talk, settings={"chat.adapters": choice})
    request = TurnRequest(talk, sampling=ENDLESS, max_tokens=8, step=5, is_reproducible=True, **more)
    ended = Job("turn", take_turn(app, request)).run(hear)
    assert ended.error is None
    return ended.result.message_id, seen


def is_as_written(scored: Scored, seen: dict[int, Shares]) -> bool:
    """Whether each token's likeliest are those that the model told when it wrote it."""
    assert sorted(seen) == list(range(len(scored.tokens)))
    for place, shares in seen.items():
        found = {one.token.id: one.p for one in scored.tokens[place].top}
        if any(abs(found.get(token, 0.0) - share) > 2e-3 for token, share in shares.items()):
            return False
    return True


def test_each_part_is_judged_as_it_was_written(opened: tuple[App, str]) -> None:
    app, model = opened
    talk = app.store.create_conversation(model=model).id
    first, seen = reply(app, talk, "milk=0.5", text="Hello 茶")
    second, more = reply(app, talk, "tea 茶", continues=first)
    third, others = reply(app, talk, "lemon=1.2, milk", branch=Branch(second, 11, (65,)))
    assert (min(more), min(others)) == (8, 11)
    for message_id, wanted in (
        (first, seen),
        (second, seen | more),
        (third, {p: s for p, s in (seen | more).items() if p < 11} | others),
    ):
        scored = done(score_reply(app, message_id))
        assert is_as_written(scored, wanted)
        place = len(wanted) // 2 + 2
        [stages] = done(explain_positions(app, scored, [place], sampling=ENDLESS))
        shares = dict(zip(stages[0]["ids"], stages[0]["probabilities"], strict=True))
        assert all(abs(shares[token] - share) < 2e-3 for token, share in wanted[place].items())
    assert not is_as_written(done(score_reply(app, first)), dict(enumerate(more.values())))
