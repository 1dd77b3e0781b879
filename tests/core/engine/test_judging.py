"""Scores and stages on the real starter model; a reply chosen token by token; grammars that hold."""

from __future__ import annotations

import base64
import contextlib
import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teahouse.app import App
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.engine.scored import perplexity
from teahouse.engine.steering import Steering
from teahouse.errors import ContextError, EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.paths import Paths
from teahouse.workers.process import Worker
from teahouse.workers.wire import unpack_ids
from tests.core.engine.opening import opened

pytestmark = pytest.mark.gguf

CONTEXT = 1024
GREEDY = Sampling(temperature=0.0)
TEXT = "The capital of France is Paris. The capital of Italy is Rome. The capital of Japan is Tokyo."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    root = tmp_path_factory.mktemp("judging")
    app = App.open(Paths(root / "config", root / "data", root / "cache", root / "logs"))
    app.settings.set("engine.context", CONTEXT)
    yield app
    app.close()


@pytest.fixture
def engine(house: App, starter: Path) -> Engine:
    return opened(house, starter)


@pytest.fixture(scope="module")
def bare(house: App) -> Worker:
    return house.workers.start("tests.core.engine.rows:serve")


def ended(steps: Any, seen: Callable[[Any], None] = lambda _event: None) -> dict[str, Any]:
    """The result of a generator."""
    while True:
        try:
            seen(next(steps))
        except StopIteration as done:
            return dict(done.value)


def prompt_of(engine: Engine, text: str) -> list[int]:
    return engine.render([{"role": "user", "content": text}]).ids


def generate(engine: Engine, ids: Sequence[int], **options: Any) -> tuple[list[int], list[Any]]:
    """Ids and events of one reply."""
    events: list[Any] = []
    values = {"sampling": GREEDY, "max_tokens": 12, "stop": (), "cancel": Cancel(), **options}
    done = ended(engine.generate(ids, **values), events.append)
    return unpack_ids(done["ids"]), events


def shares(bare: Worker, engine: Engine, starter: Path, ids: list[int], **given: Any) -> Any:
    config = {"threads": engine.config.threads}
    told = bare.call("shares", path=str(starter), ids=ids, config=config, **given)
    return np.frombuffer(base64.b64decode(told["shares"]), "<f8")


# --- score ----------------------------------------------------------------------------------------


def test_raw_probabilities_are_the_softmax_of_llama_cpps_logits(
    engine: Engine, bare: Worker, starter: Path
) -> None:
    ids = engine.tokenize(TEXT * 8)
    assert 128 < len(ids) < 256
    scored = ended(engine.score(ids, top_n=50))
    for position in (1, 7, 100, 129, len(ids) - 1):
        own = shares(bare, engine, starter, ids, position=position, batches=[128, len(ids) - 128])
        top = scored["top"][position - 1]
        assert max(abs(own[top["ids"]] - top["probabilities"])) <= 1e-5
        order = np.argsort(-own)
        assert set(top["ids"][:10]) == set(order[:10].tolist())
        assert math.exp(scored["logprobs"][position - 1]) == pytest.approx(own[ids[position]], abs=1e-5)
        assert abs(scored["ranks"][position - 1] - int((own > own[ids[position]]).sum())) <= 1
        some = own[own > 0]
        assert scored["entropies"][position - 1] == pytest.approx(-(some * np.log(some)).sum(), abs=1e-3)
    own = shares(bare, engine, starter, ids, position=len(ids), batches=[128, len(ids) - 128])
    assert max(abs(own[scored["next"]["ids"]] - scored["next"]["probabilities"])) <= 1e-5


def test_the_first_stage_of_a_step_is_the_softmax_of_llama_cpps_logits(
    engine: Engine, bare: Worker, starter: Path
) -> None:
    ids = prompt_of(engine, "Name a tea.")
    written, events = generate(engine, ids, step=20, max_tokens=2, is_reproducible=True)
    [first, second] = [event["stages"][0] for event in events if event["event"] == "step"]
    for stage, text, batches in (
        (first, ids, [len(ids)]),
        (second, [*ids, written[0]], [len(ids), 1]),
    ):
        own = shares(bare, engine, starter, text, position=len(text), batches=batches)
        assert max(abs(own[stage["ids"]] - stage["probabilities"])) <= 1e-5


def test_progress_is_told_and_the_parts_are_the_whole(engine: Engine) -> None:
    ids, heard = engine.tokenize(TEXT * 14), []
    scored = ended(engine.score(ids, start=20, top_n=3), heard.append)
    parts = [event for event in heard if event["event"] == "scored"]
    assert len(parts) >= 2
    done = [part["done"] for part in parts]
    assert done == sorted(done)
    assert done[-1] == parts[-1]["total"] == len(ids) - 20
    assert [logprob for part in parts for logprob in part["logprobs"]] == scored["logprobs"]
    assert {len(scored[name]) for name in ("logprobs", "ranks", "entropies", "top")} == {len(ids) - 20}
    assert perplexity(scored["logprobs"]) < 5  # a text that repeats itself


def test_without_a_number_of_likeliest_none_are_told(engine: Engine) -> None:
    scored = ended(engine.score(engine.tokenize(TEXT)))
    assert (scored["top"], scored["next"]) == ([], None)
    assert scored["logprobs"]


def test_one_token_has_nothing_to_judge_but_what_comes_next(engine: Engine) -> None:
    scored = ended(engine.score(engine.tokenize("The"), top_n=5))
    assert scored["logprobs"] == []
    assert len(scored["next"]["ids"]) == 5


def test_a_text_as_long_as_the_context_is_scored_and_a_longer_one_refused(engine: Engine) -> None:
    ids = (engine.tokenize(TEXT) * 100)[:CONTEXT]
    assert len(ended(engine.score(ids))["logprobs"]) == CONTEXT - 1
    with pytest.raises(ContextError, match=f"{CONTEXT + 1}"):
        ended(engine.score([*ids, 5]))
    with pytest.raises(ContextError):
        ended(engine.score([]))
    with pytest.raises(EngineError, match="1000"):
        ended(engine.score(ids[:5], top_n=5000))


def test_scoring_can_be_stopped_and_the_engine_lives(engine: Engine) -> None:
    cancel = Cancel()
    ids = (engine.tokenize(TEXT) * 100)[:CONTEXT]

    def stop(event: Any) -> None:
        if event["event"] == "scored" and event["done"]:
            cancel.set()

    begun = time.monotonic()
    with pytest.raises(EngineError, match="Stopped"):
        ended(engine.score(ids, cancel=cancel), stop)
    assert time.monotonic() - begun < 20
    assert engine.is_alive
    assert ended(engine.score(ids[:9]))["logprobs"]


def test_the_conversation_in_the_context_survives_scoring_and_explaining(engine: Engine) -> None:
    talk = engine.tokenize(TEXT * 4)
    reply, _events = generate(engine, talk, max_tokens=6)
    ended(engine.score(engine.tokenize("Something else entirely, about the sea.") * 6, top_n=2))
    ended(engine.score([*talk, *reply], start=len(talk), top_n=2))
    engine.explain([*talk, *reply], [len(talk) + 2], sampling=Sampling(), top_n=3)
    heard: list[Any] = []
    ended(
        engine.generate([*talk, *reply, 13, 576], sampling=GREEDY, max_tokens=2, stop=(), cancel=Cancel()),
        heard.append,
    )
    last = [event for event in heard if event["event"] == "prompt"][-1]
    assert last["total"] - last["cached"] <= 4


def test_a_cached_beginning_changes_the_numbers_hardly(engine: Engine) -> None:
    """Mean KL between what is told after a cache hit and after reading everything anew."""
    prompt = engine.tokenize(TEXT * 3)
    reply, _events = generate(engine, prompt, max_tokens=40, sampling=Sampling(seed=3, temperature=1.2))
    ids = prompt + reply
    warm = ended(engine.score(ids, start=len(prompt), top_n=1000))["top"]
    engine.set_adapters([])
    house_cold = ended(engine.score([*engine.tokenize("x"), *ids], start=1, top_n=1))  # another text
    assert house_cold["logprobs"]
    _again, events = generate(
        engine, prompt, forced_ids=reply, step=1000, max_tokens=len(reply), is_reproducible=True
    )
    cold = [event["stages"][0] for event in events if event["event"] == "step"]
    found = [kl(a, b) for a, b in zip(warm, cold, strict=True)]
    assert sum(found) / len(found) <= 1e-3


def kl(one: dict[str, Any], other: dict[str, Any]) -> float:
    shares = dict(zip(other["ids"], other["probabilities"], strict=True))
    pairs = [(p, shares.get(i, 0.0)) for i, p in zip(one["ids"], one["probabilities"], strict=True)]
    return sum(p * math.log(p / q) for p, q in pairs if p > 1e-6 and q > 1e-6)


def test_the_same_seed_and_the_same_state_give_the_same_text(engine: Engine) -> None:
    sampling = Sampling(temperature=1.3, seed=8, xtc_probability=0.5, mirostat=0, dry_multiplier=0.5)
    prompt = prompt_of(engine, "Tell a story.")
    replies = [generate(engine, prompt, sampling=sampling, max_tokens=24)[0] for _time in range(3)]
    assert replies[1] == replies[2]
    forced, _events = generate(engine, prompt, sampling=sampling, max_tokens=24, forced_ids=replies[2][:9])
    assert forced[:9] == replies[2][:9]
    assert forced == replies[2]  # the chance of each place is its own, whether it was forced or drawn


# --- explain --------------------------------------------------------------------------------------


def test_stages_at_a_place_of_an_old_reply(engine: Engine) -> None:
    prompt = prompt_of(engine, "What is the capital of France?")
    sampling = Sampling(temperature=0.8, top_k=20, repeat_penalty=1.2, seed=4, xtc_probability=0.3)
    reply, events = generate(engine, prompt, sampling=sampling, step=5, max_tokens=6, is_reproducible=True)
    live = [event["stages"] for event in events if event["event"] == "step"]
    places = [len(prompt) + n for n in range(len(reply))]
    ids = prompt + reply
    told = engine.explain(ids, places[::-1], sampling=sampling, top_n=5, begins=len(prompt))[::-1]
    for old, new in zip(live, told, strict=True):
        assert [stage["stage"] for stage in old] == [stage["stage"] for stage in new]
        assert old[0]["ids"][0] == new[0]["ids"][0]
        assert old[1]["why"]["changed"] == new[1]["why"]["changed"]
        assert next(stage for stage in new if stage["stage"] == "xtc")["why"]["fired"] is None
        assert new[0]["probabilities"][0] == pytest.approx(old[0]["probabilities"][0], abs=0.03)


def test_the_neighbours_of_a_place_come_without_computing(engine: Engine) -> None:
    ids = engine.tokenize(TEXT * 10)
    engine.explain(ids, [100], sampling=Sampling(), top_n=5)

    def seconds(position: int) -> float:
        begun = time.perf_counter()
        engine.explain(ids, [position], sampling=Sampling(), top_n=5)
        return time.perf_counter() - begun

    near, far = min(seconds(100 + n) for n in range(1, 8)), seconds(180)
    assert near < far


def test_places_that_do_not_exist_are_refused(engine: Engine) -> None:
    ids = engine.tokenize(TEXT)
    for position in (0, -1, len(ids) + 1):
        with pytest.raises(EngineError, match=str(position)):
            engine.explain(ids, [position], sampling=Sampling(), top_n=5)
    [stages] = engine.explain(ids, [len(ids)], sampling=Sampling(), top_n=5)
    assert stages[0]["stage"] == "model"
    assert engine.explain(ids, [], sampling=Sampling(), top_n=5) == []


def test_a_grammar_that_an_old_reply_has_not_followed_is_told_as_such(engine: Engine) -> None:
    ids = engine.tokenize(TEXT)
    sampling = Sampling(grammar='root ::= "no" | [0-9]+')
    [first, later] = engine.explain(ids, [4, 9], sampling=sampling, top_n=3, begins=4)
    assert first[1]["why"] == {"kind": "grammar", "allowed": first[1]["kept"]}
    assert later[1]["why"] == {"kind": "grammar", "is_broken": True}
    assert [s["stage"] for s in first] == [s["stage"] for s in later]


# --- grammars and schemas that hold ---------------------------------------------------------------

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12},
        "price": {"type": "integer", "minimum": 1, "maximum": 9},
        "kinds": {"type": "array", "items": {"enum": ["green", "black"]}, "minItems": 1, "maxItems": 2},
    },
    "required": ["name", "price", "kinds"],
}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_written_under_a_schema_is_valid(engine: Engine, seed: int) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    sampling = Sampling(
        temperature=1.5, top_k=0, min_p=0.0, top_p=1.0, seed=seed, json_schema=json.dumps(SCHEMA)
    )
    reply, events = generate(engine, prompt_of(engine, "Invent a tea."), sampling=sampling, max_tokens=200)
    text = "".join(event["text"] for event in events if event["event"] == "text")
    jsonschema.validate(json.loads(text), SCHEMA)
    assert len(reply) < 200


def test_what_is_written_under_a_grammar_matches_it(engine: Engine) -> None:
    sampling = Sampling(temperature=1.0, seed=2, grammar='root ::= "I say " ("yes" | "no") "!"')
    _reply, events = generate(engine, prompt_of(engine, "Is tea hot?"), sampling=sampling, max_tokens=20)
    text = "".join(event["text"] for event in events if event["event"] == "text")
    assert text in ("I say yes!", "I say no!")


def test_a_reasoning_is_free_and_the_grammar_holds_after_it(engine: Engine) -> None:
    sampling = Sampling(temperature=1.0, seed=2, grammar='root ::= "yes" | "no"')
    prompt = [*prompt_of(engine, "Is tea hot?"), *engine.tokenize("<think>\n")]
    forced = engine.tokenize("Let me see, 1 or 2.</think>")
    _reply, events = generate(
        engine, prompt, sampling=sampling, reasoning="</think>", forced_ids=forced, max_tokens=40
    )
    said = [(event["kind"], event["text"]) for event in events if event["event"] == "text"]
    assert "".join(text for kind, text in said if kind == "reasoning").startswith("Let me see")
    assert "".join(text for kind, text in said if kind == "text") in ("yes", "no")


def test_a_reply_that_goes_on_is_held_to_the_grammar_from_its_beginning(engine: Engine) -> None:
    sampling = Sampling(temperature=1.0, seed=2, grammar='root ::= "[" [0-9]{2} "]"')
    prompt, begun = prompt_of(engine, "A number?"), engine.tokenize("[4")
    _reply, events = generate(engine, [*prompt, *begun], sampling=sampling, begun=len(begun), max_tokens=9)
    text = "".join(event["text"] for event in events if event["event"] == "text")
    assert text[1:] == "]"
    assert text[0].isdigit()


def test_a_forced_token_that_the_grammar_forbids_is_refused_in_words(engine: Engine) -> None:
    sampling = Sampling(grammar='root ::= "a"+')
    [token] = engine.tokenize("z")
    with pytest.raises(EngineError, match="“z”"):
        generate(engine, prompt_of(engine, "x"), sampling=sampling, forced_ids=[token])
    assert engine.is_alive


def test_banned_words_are_never_written(engine: Engine) -> None:
    prompt = prompt_of(engine, "Repeat these words: green tea, green tea, Green Tea, 绿茶, 绿茶.")
    banned = ("green tea", "Tea", "绿茶", " words")
    for seed in (1, 2):
        sampling = Sampling(temperature=0.8, seed=seed, banned=banned)
        _reply, events = generate(engine, prompt, sampling=sampling, max_tokens=40)
        text = "".join(event["text"] for event in events if event["event"] == "text")
        assert text
        assert not any(word in text for word in banned)


def test_a_grammar_whose_ways_double_with_each_character_can_be_stopped(house: App, starter: Path) -> None:
    """Nothing in it is wrong, but llama.cpp follows all ways at once; its process is ended if need be."""
    engine, cancel = opened(house, starter), Cancel()
    sampling = Sampling(seed=1, grammar='root ::= "x" root "y" | "x" root "z" | "x"')
    threading.Timer(1.0, cancel.set).start()
    begun = time.monotonic()
    with contextlib.suppress(EngineCrashed):  # or it has stopped by itself
        generate(engine, prompt_of(engine, "x"), sampling=sampling, max_tokens=200, cancel=cancel)
    assert time.monotonic() - begun < 30
    house.engines.forget_ended()
    assert generate(opened(house, starter), [1, 2, 3], max_tokens=1)[0]


def test_what_forbids_everything_is_told_in_words(engine: Engine) -> None:
    sampling = Sampling(grammar='root ::= "yes"', banned=("y",))
    with pytest.raises(EngineError, match="No token is left"):
        generate(engine, prompt_of(engine, "x"), sampling=sampling)
    assert engine.is_alive


# --- token by token -------------------------------------------------------------------------------


class Player:
    """Chooses at each step what it is told to."""

    def __init__(self, *choices: Callable[[Steering, Any], None]) -> None:
        self.steering, self._choices = Steering(), list(choices)
        self.asked: list[Any] = []
        self.taken: list[Any] = []

    def hear(self, event: Any) -> None:
        if event["event"] != "step":
            return
        if event["token"] is not None:
            self.taken.append(event)
            return
        self.asked.append(event)
        if self._choices:
            self._choices.pop(0)(self.steering, event)


def second_best(steering: Steering, event: Any) -> None:
    steering.pick(event["stages"][0]["ids"][1])


def sample(steering: Steering, _event: Any) -> None:
    steering.sample()


def run(steering: Steering, _event: Any) -> None:
    steering.run()


def play(engine: Engine, player: Player, **options: Any) -> dict[str, Any]:
    values = {"sampling": GREEDY, "max_tokens": 6, "stop": (), "cancel": Cancel(), **options}
    steps = engine.generate(prompt_of(engine, "Name a city."), steering=player.steering, **values)
    return ended(steps, player.hear)


def test_a_person_picks_samples_and_lets_it_run(engine: Engine) -> None:
    player = Player(second_best, sample, run)
    ids = unpack_ids(play(engine, player, step=4)["ids"])
    assert len(player.asked) == 3
    assert ids[0] == player.asked[0]["stages"][0]["ids"][1] != player.asked[0]["drawn"]
    assert ids[1] == player.asked[1]["drawn"]
    assert [event["token"] for event in player.taken] == ids
    assert [event["is_picked"] for event in player.taken][:3] == [True, False, False]
    assert [event["place"] for event in player.taken] == list(range(len(ids)))
    assert all(len(event["stages"][0]["ids"]) == 4 for event in player.asked)
    text = "".join(event["text"] for event in player.taken)
    assert text.startswith(player.taken[0]["text"])


def test_only_sampling_gives_what_would_have_been_written(engine: Engine) -> None:
    sampling = Sampling(temperature=1.1, seed=6)
    player = Player(*[sample] * 20)
    stepped = unpack_ids(play(engine, player, sampling=sampling, is_reproducible=True)["ids"])
    plain, _events = generate(
        engine, prompt_of(engine, "Name a city."), sampling=sampling, max_tokens=6, is_reproducible=True
    )
    assert stepped == plain


def test_a_stop_while_it_waits_keeps_what_was_written(engine: Engine) -> None:
    cancel = Cancel()
    player = Player(sample, sample, lambda _steering, _event: cancel.set())
    begun = time.monotonic()
    done = play(engine, player, cancel=cancel)
    assert done["finish_reason"] == "stopped"
    assert len(unpack_ids(done["ids"])) == 2
    assert time.monotonic() - begun < 10
    assert engine.is_alive
    assert generate(engine, prompt_of(engine, "x"), max_tokens=2)[0]


def test_it_waits_as_long_as_the_person_does(engine: Engine) -> None:
    def later(steering: Steering, _event: Any) -> None:
        threading.Timer(1.5, steering.run).start()

    begun = time.monotonic()
    done = play(engine, Player(sample, later))
    waited_s = time.monotonic() - begun
    assert done["finish_reason"] in ("stop", "length")
    assert waited_s > 1.4
    # what the person took is no time of the model's
    seconds = len(unpack_ids(done["ids"])) / done["timings"]["decode_tps"] + done["timings"]["first_token_s"]
    assert seconds < waited_s - 0.4


def test_a_pick_that_the_grammar_forbids_is_refused_and_asked_again(engine: Engine) -> None:
    [wrong] = engine.tokenize("z")
    player = Player(
        lambda steering, _event: steering.pick(wrong),
        lambda steering, _event: steering.pick(10**9),
        run,
    )
    done = play(engine, player, sampling=Sampling(grammar='root ::= "yes" | "no"', seed=1))
    assert [event.get("refused") for event in player.asked] == [None, wrong, 10**9]
    assert len({event["place"] for event in player.asked}) == 1
    assert done["finish_reason"] == "stop"


def test_forced_tokens_come_before_the_first_question(engine: Engine) -> None:
    forced = engine.tokenize("I think")
    player = Player(run)
    ids = unpack_ids(play(engine, player, forced_ids=forced)["ids"])
    assert ids[: len(forced)] == forced
    assert player.asked[0]["place"] == len(forced)


def test_a_child_that_dies_while_it_waits_is_told(house: App, starter: Path) -> None:
    engine = opened(house, starter)
    player = Player(sample, lambda _steering, _event: engine._worker.kill())
    with pytest.raises(EngineCrashed):
        play(engine, player)
    house.engines.forget_ended()
    player.steering.sample()  # nobody hears it
    assert generate(opened(house, starter), [1, 2, 3], max_tokens=1)[0]
