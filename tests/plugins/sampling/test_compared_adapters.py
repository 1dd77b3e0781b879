"""A reply judged with the adapters that it was made with, and compared with the model itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.errors import AdapterError
from teahouse.messages import Message
from teahouse.models.gguf import read_header
from teahouse_sampling.comparison import Compared, compare_adapters
from teahouse_sampling.scoring import Scored, explain_positions, score_reply
from tests.core.models import loras
from tests.plugins.sampling.test_sent import FRANCE, GREEDY, ask, done

pytestmark = [pytest.mark.gguf, pytest.mark.gui]


@pytest.fixture(scope="module")
def adapted(real: App, starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Message]:
    """A reply of the real model with an adapter, and another adapter in the library."""
    folder, header = tmp_path_factory.mktemp("adapters"), read_header(starter)
    for seed, name in ((2, "tea"), (1, "milk")):
        changes = loras.for_model(header, seed=seed, size=0.07)
        real.adapters.add(loras.write(folder / f"{name}.gguf", changes, architecture="qwen2"))
    narrow = {"blk.0.attn_q.weight": loras.pair((64, 64))}
    real.adapters.add(loras.write(folder / "narrow.gguf", narrow, architecture="qwen2"))
    chat = real.store.create_conversation().id
    yield ask(real, chat, FRANCE, max_tokens=10, settings={"chat.adapters": "tea=0.9"})


def test_a_reply_is_judged_with_its_own_adapters(real: App, adapted: Message) -> None:
    scored: Scored = done(score_reply(real, adapted.id))
    assert scored.adapters == ((str(real.adapters.find("tea").path), 0.9),)
    # it was written greedily: with its adapters each token is the likeliest, up to rounding
    assert sum(one.rank == 0 for one in scored.tokens) >= len(scored.tokens) - 1
    [stages] = done(explain_positions(real, scored, [0], sampling=GREEDY, top_n=5))
    assert stages[0]["ids"][0] == scored.tokens[0].top[0].token.id


def test_base_against_adapter_token_by_token(real: App, adapted: Message) -> None:
    scored: Scored = done(score_reply(real, adapted.id))
    found: Compared = done(compare_adapters(real, scored, ()))
    assert [one.token for one in found.tokens] == [one.token for one in scored.tokens]
    assert found.perplexities[0] < found.perplexities[1]  # the model itself would have written another
    assert found.divergence > 0.05
    same: Compared = done(compare_adapters(real, scored, scored.adapters))
    assert same.divergence == pytest.approx(0, abs=1e-3)


def test_what_is_offered_and_shown(real: App, adapted: Message) -> None:
    from teahouse_sampling.panel.probabilities.compared import adapted as choices
    from teahouse_sampling.panel.probabilities.compared import first_side
    from teahouse_sampling.panel.probabilities.comparison import Comparison, compare, look
    from teahouse_sampling.panel.probabilities.works import reading_of

    reading = reading_of(real, adapted.id)
    conversation = real.store.conversation(reading.conversation_id)
    offered = {other.title: other for other in choices(real, reading, conversation)}
    assert list(offered) == ["The model itself, without adapters", "Adapter: milk", "Adapter: tea"]
    told = real.store.change_conversation(conversation.id, settings={"chat.adapters": "milk=0.5, tea=0"})
    now = choices(real, reading, told)
    assert "Adapters now: milk=0.5" in [other.title for other in now]
    shown: Comparison = done(compare(real, reading, offered["The model itself, without adapters"]).work)
    assert first_side(shown) == "with its adapters"
    rows = done(look(real, shown, 0).work)
    assert any(abs((row.own or 0) - (row.now or 0)) > 0.02 for row in rows)


def test_a_reply_whose_adapter_is_gone_is_an_error_in_words(real: App, adapted: Message) -> None:
    folder = real.paths.adapters
    (folder / "tea.gguf").rename(folder / "elsewhere")
    try:
        with pytest.raises(AdapterError, match="no longer here"):
            done(score_reply(real, adapted.id))
    finally:
        (folder / "elsewhere").rename(folder / "tea.gguf")
