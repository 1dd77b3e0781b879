"""Adapters on the real starter: what is computed under which, what is read again, and what is stored."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import AdapterError, EngineError, ModelFileError
from teahouse.jobs import Cancel, Job
from teahouse.models.gguf import read_header
from tests.core.engine.adapted import adapted_house
from tests.core.engine.opening import opened
from tests.core.engine.test_reuse import generate
from tests.core.models import loras

pytestmark = pytest.mark.gguf

GREEDY = Sampling(temperature=0.0)
QUESTION = [{"role": "user", "content": "What is the capital of France? Answer in one sentence."}]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, starter: Path) -> Iterator[App]:
    """An app with two adapters that each change a reply."""
    home = tmp_path_factory.mktemp("adapted") / "茶馆 😀"
    app = adapted_house(home, tmp_path_factory.mktemp("made"), starter)
    yield app
    app.close()


@pytest.fixture
def engine(house: App, starter: Path) -> Engine:
    return opened(house, starter)


def path_of(house: App, name: str) -> str:
    return str(house.adapters.find(name).path)


def ended(steps: Any) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def score(engine: Engine, ids: Sequence[int], *adapters: tuple[str, float]) -> list[float]:
    told = ended(engine.score(ids, start=1, adapters=list(adapters)))
    logprobs: list[float] = told["logprobs"]
    return logprobs


def likeliest(engine: Engine, ids: Sequence[int], **options: Any) -> tuple[dict[int, float], int]:
    """Probabilities of the likeliest first tokens of a reply, and how many tokens were not read again."""
    _text, result, events = generate(engine, ids, step=8, max_tokens=2, **options)
    model = next(event for event in events if event["event"] == "step")["stages"][0]
    shares = dict(zip(model["ids"], model["probabilities"], strict=True))
    return shares, result["usage"]["cached_tokens"]


def distance(one: dict[int, float], other: dict[int, float]) -> float:
    return sum(abs(one.get(token, 0.0) - other.get(token, 0.0)) for token in {*one, *other})


def test_what_was_read_under_another_set_is_never_used_and_each_keeps_its_own(
    house: App, engine: Engine
) -> None:
    tea, milk = path_of(house, "tea 茶"), path_of(house, "milk")
    ids = engine.render(QUESTION).ids
    sets: list[list[tuple[str, float]]] = [[], [(tea, 1.0)], [(milk, 1.0)], [(tea, 1.0), (milk, 0.6)]]
    first = []
    for adapters in sets:
        shares, cached = likeliest(engine, ids, adapters=adapters)
        assert cached == 0, adapters
        first.append(shares)
    for one, other in itertools.combinations(first, 2):
        assert distance(one, other) > 0.15  # each set answers otherwise
    for adapters, before in zip(sets, first, strict=True):
        shares, cached = likeliest(engine, ids, adapters=adapters)
        assert cached == len(ids) - 1, adapters  # its own is there still
        assert distance(shares, before) < 0.1  # the last token is read alone now, which changes the last bits
    assert likeliest(engine, ids, adapters=[(tea, 0.0)]) == (first[0], len(ids) - 1)  # off: the model itself


def test_saved_states_go_with_their_set(house: App, starter: Path, engine: Engine) -> None:
    tea = [(path_of(house, "tea 茶"), 1.0)]
    talk = house.store.create_conversation().id
    ids = engine.render([{"role": "user", "content": "What is the capital of Italy? One sentence."}]).ids
    plain = likeliest(engine, ids, conversation_id=talk)[0]
    with_tea = likeliest(engine, ids, conversation_id=talk, adapters=tea)[0]
    house.engines.unload(engine.model.name)
    again = opened(house, starter)
    shares, cached = likeliest(again, ids, conversation_id=talk, adapters=tea)
    assert cached == len(ids) - 1
    assert distance(shares, with_tea) < 0.12 < distance(shares, plain)
    shares, cached = likeliest(again, ids, conversation_id=talk)
    assert cached == len(ids) - 1
    assert distance(shares, plain) < 0.12


def test_an_adapter_that_makes_numbers_none_is_a_failure_in_words(
    house: App, starter: Path, engine: Engine, tmp_path: Path
) -> None:
    changes = loras.for_model(read_header(starter), seed=9)
    file = loras.write(tmp_path / "huge.gguf", changes, architecture="qwen2", alpha=3e38)
    huge = (str(house.adapters.add(file).path), 1.0)
    ids = engine.render(QUESTION).ids
    text, _made, _events = generate(engine, ids)
    with pytest.raises(EngineError, match="numbers that are none"):
        generate(engine, ids, adapters=[huge])
    with pytest.raises(EngineError, match="numbers that are none"):
        score(engine, ids, huge)
    assert generate(engine, ids)[0] == text
    house.adapters.remove("huge")


def test_scores_and_stages_are_those_of_the_set_and_the_context_stays(house: App, engine: Engine) -> None:
    tea = (path_of(house, "tea 茶"), 1.0)
    ids = engine.render(QUESTION).ids
    _text, made, _events = generate(engine, ids)
    base, changed = score(engine, ids), score(engine, ids, tea)
    assert max(abs(a - b) for a, b in zip(base, changed, strict=True)) > 0.1
    assert score(engine, ids) == pytest.approx(base, abs=1e-3)
    assert score(engine, ids, tea) == pytest.approx(changed, abs=1e-3)

    def shares(*adapters: tuple[str, float]) -> dict[int, float]:
        [[model, *_rest]] = engine.explain(ids, [10], sampling=Sampling(), top_n=5, adapters=list(adapters))
        return dict(zip(model["ids"], model["probabilities"], strict=True))

    plain, adapted = shares(), shares(tea)
    assert plain != adapted
    assert shares() == plain
    assert shares(tea) == adapted
    # what a reply goes on from is as it was
    _text, result, _events = generate(engine, [*ids, *made_ids(made), 198])
    assert result["usage"]["cached_tokens"] >= len(ids) - 1


def made_ids(result: dict[str, Any]) -> list[int]:
    from teahouse.workers.wire import unpack_ids

    return unpack_ids(result["ids"])[:-1]


def test_a_file_that_changes_under_the_engine_is_another_adapter(
    house: App, engine: Engine, starter: Path
) -> None:
    ids = engine.render(QUESTION).ids
    file = house.paths.adapters / "changing.gguf"
    loras.write(file, loras.for_model(read_header(starter), seed=3, size=0.12), architecture="qwen2")
    one, _cached = likeliest(engine, ids, adapters=[(str(file), 1.0)])
    file.unlink()
    loras.write(file, loras.for_model(read_header(starter), seed=4, size=0.12), architecture="qwen2")
    other, cached = likeliest(engine, ids, adapters=[(str(file), 1.0)])
    assert cached == 0
    assert distance(one, other) > 0.15
    file.unlink()
    with pytest.raises(ModelFileError, match="cannot be read"):
        generate(engine, ids, adapters=[(str(file), 1.0)])
    assert generate(engine, ids)[0]  # and the model goes on


def turn(house: App, conversation_id: str, text: str, **more: Any) -> Any:
    request = TurnRequest(conversation_id, text, sampling=GREEDY, max_tokens=8, **more)
    return Job("turn", take_turn(house, request)).run(lambda _event: None)


def test_a_turn_is_made_with_the_conversation_s_adapters_and_says_so(house: App, starter: Path) -> None:
    talk = house.store.create_conversation(model=str(starter)).id
    question = "What is the capital of France? Answer in one sentence."
    plain = turn(house, talk, question).result
    house.store.change_conversation(talk, settings={"chat.adapters": "tea 茶=0, MILK=1.1"})
    adapted = turn(house, talk, question, parent_id="").result
    assert adapted.text != plain.text
    made = house.store.generation(adapted.message_id)
    assert made is not None
    assert made.adapters == ((house.adapters.find("milk").sha256, 1.1),)
    assert made.engine["adapters"] == ["milk"]
    # for one reply alone
    other = turn(house, talk, question, parent_id="", settings={"chat.adapters": ""}).result
    assert other.text == plain.text
    assert house.store.generation(other.message_id).adapters == ()


def test_one_that_is_gone_or_does_not_fit_fails_the_reply_in_words_and_keeps_the_question(
    house: App, starter: Path, tmp_path: Path
) -> None:
    narrow = loras.write(
        tmp_path / "n.gguf", {"blk.0.attn_q.weight": loras.pair((64, 64))}, architecture="qwen2"
    )
    house.adapters.add(narrow, "narrow")
    for choice, reason in (("narrow", "64 × 64, the model's is 896 × 896"), ("gone", "no adapter named")):
        talk = house.store.create_conversation(model=str(starter)).id
        done = turn(house, talk, "Hello", settings={"chat.adapters": choice})
        assert isinstance(done.error, AdapterError)
        assert reason in done.error.text
        asked, reply = house.store.visible_path(talk)
        assert (asked.text, reply.state) == ("Hello", "failed")
    assert [name for name in house.engines.loaded if name] == [opened(house, starter).model.name]


def test_a_vocabulary_alone_makes_examples_beside_the_loaded_model(house: App, starter: Path) -> None:
    loaded = opened(house, starter)
    talk = [*QUESTION, {"role": "assistant", "content": "Paris. 茶"}]
    with house.engines.vocabulary(str(starter), Cancel()) as words:
        [example] = words.examples([talk])
        prompt = words.render(QUESTION).ids
        refused: dict[int, Any] = {}
        found = words.examples([QUESTION, talk, []], refused=refused)
        plain = words.plain_examples(["茶馆 is open. " * 20], 32)
        with pytest.raises(Exception, match="vocabulary"):
            ended(words.score(prompt))
    assert prompt == loaded.render(QUESTION).ids
    start = example.learned.index(1)
    assert example.ids[:start] == prompt
    learned = [i for i, flag in zip(example.ids, example.learned, strict=True) if flag]
    pieces = loaded.pieces(learned)
    assert b"".join(piece for piece, _is_control in pieces).decode() == "Paris. 茶<|im_end|>"
    assert [each.owner for each in found] == [1]
    assert sorted(refused) == [0, 2]
    assert all(len(each.ids) <= 32 for each in plain)
    taught = [i for each in plain for i, flag in zip(each.ids, each.learned, strict=True) if flag]
    assert taught[:-1] == loaded.tokenize("茶馆 is open. " * 20)
    assert house.engines.loaded == [loaded.model.name]
