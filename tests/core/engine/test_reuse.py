"""What the real starter model reads again, and what not; saved states; the other verbs."""

from __future__ import annotations

import math
import os
import random
import struct
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import ContextError, EngineError, ModelFileError, SettingError, TemplateError
from teahouse.ids import new_id
from teahouse.jobs import Cancel
from teahouse.paths import Paths
from tests.core.engine.opening import opened
from tests.core.models import ggufs

pytestmark = pytest.mark.gguf

GREEDY = Sampling(temperature=0.0)
WIDTH, LAYERS, VOCABULARY = 896, 24, 151_936


def house_in(root: Path) -> App:
    app = App.open(Paths(root / "config", root / "data", root / "cache", root / "logs"))
    app.settings.set("engine.context", 2048)
    return app


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = house_in(tmp_path_factory.mktemp("reuse") / "茶馆 😀")
    yield app
    app.close()


@pytest.fixture
def engine(house: App, starter: Path) -> Engine:
    return opened(house, starter)


def generate(engine: Engine, ids: Sequence[int], **options: Any) -> tuple[str, dict[str, Any], list[Any]]:
    """Text, result and events of one reply."""
    values = {"sampling": GREEDY, "max_tokens": 12, "stop": (), "cancel": Cancel(), **options}
    steps, events = engine.generate(ids, **values), []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as done:
            text = "".join(e["text"] for e in events if e["event"] == "text")
            return text, done.value, events


def judge(engine: Engine, ids: Sequence[int], **options: Any) -> dict[str, Any]:
    """Scores of a text."""
    steps = engine.score(ids, **options)
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return dict(done.value)


def tokens(seed: int, count: int) -> list[int]:
    source = random.Random(seed)
    return [source.randrange(1000, 50_000) for _ in range(count)]


def read_count(result: dict[str, Any]) -> int:
    usage = result["usage"]
    return int(usage["prompt_tokens"] - usage["cached_tokens"])


def unpacked(result: dict[str, Any]) -> list[int]:
    from teahouse.workers.wire import unpack_ids

    return unpack_ids(result["ids"])


# --- reading only what is new -----------------------------------------------------------------------


def test_three_conversations_in_turn_read_only_what_is_new(engine: Engine) -> None:
    talks = [tokens(seed, 90) for seed in (1, 2, 3)]
    for ids in talks:
        generate(engine, ids, max_tokens=4)
    for turn in range(3):
        for number, ids in enumerate(talks):
            before = len(ids)
            ids += tokens(10 * turn + number + 50, 15)
            _text, result, _events = generate(engine, ids, max_tokens=4)
            assert read_count(result) <= 15 + 1, (turn, number, before)


def test_a_state_taken_up_again_gives_the_same_text(engine: Engine, house: App) -> None:
    one, two = tokens(21, 120), tokens(22, 120)
    generate(engine, one)
    stayed = generate(engine, one)
    generate(engine, two)
    again = generate(engine, one)
    assert read_count(stayed[1]) == read_count(again[1]) == 1
    assert again[0] == stayed[0]


def test_another_branch_and_back(engine: Engine) -> None:
    start, left, right = tokens(31, 100), tokens(32, 60), tokens(33, 60)
    generate(engine, start + left, max_tokens=2)
    assert read_count(generate(engine, start + right, max_tokens=2)[1]) == 60
    assert read_count(generate(engine, start + left + tokens(34, 5), max_tokens=2)[1]) <= 6


def test_reproducible_reads_everything_and_repeats_itself(engine: Engine) -> None:
    ids, warm = tokens(41, 150), Sampling(temperature=1.2, seed=11)
    generate(engine, ids[:100] + tokens(42, 40))
    texts = set()
    for _time in range(3):
        text, result, _events = generate(engine, ids, sampling=warm, is_reproducible=True, max_tokens=24)
        assert result["usage"]["cached_tokens"] == 0
        texts.add(text)
        generate(engine, tokens(43, 70), max_tokens=3)
    assert len(texts) == 1


# --- saved states -----------------------------------------------------------------------------------


def test_a_saved_state_survives_a_restart_and_goes_with_its_conversation(
    tmp_path: Path, starter: Path
) -> None:
    root, ids = tmp_path / "重启 😀", tokens(51, 200)
    app = house_in(root)
    conversation = app.store.create_conversation().id
    generate(opened(app, starter), ids, conversation_id=conversation)
    first = generate(opened(app, starter), ids, conversation_id=conversation)
    app.close()
    [saved] = list((root / "data" / "states").glob("*/*"))
    assert saved.name.startswith(conversation)

    app = house_in(root)
    again = generate(opened(app, starter), ids, conversation_id=conversation)
    assert again[1]["usage"]["cached_tokens"] == len(ids) - 1
    assert again[0] == first[0]
    assert app.engines.loaded
    app.close()

    app = house_in(root)
    app.states.delete(conversation)
    assert not list((root / "data" / "states").glob("*/*"))
    cold = generate(opened(app, starter), ids, conversation_id=conversation)
    assert cold[1]["usage"]["cached_tokens"] == 0
    app.close()


def test_states_of_deleted_conversations_are_gone_when_the_store_opens(tmp_path: Path, starter: Path) -> None:
    app = house_in(tmp_path)
    generate(opened(app, starter), tokens(52, 60), conversation_id=new_id())  # of no conversation
    app.close()
    assert list((tmp_path / "data" / "states").glob("*/*"))
    app = house_in(tmp_path)
    assert app.store.conversations() == []
    assert not list((tmp_path / "data" / "states").glob("*/*"))
    app.close()


def test_a_damaged_state_is_read_anew(tmp_path: Path, starter: Path) -> None:
    app = house_in(tmp_path)
    conversation = app.store.create_conversation().id
    ids = tokens(53, 80)
    first = generate(opened(app, starter), ids, conversation_id=conversation)
    app.close()
    [saved] = list((tmp_path / "data" / "states").glob("*/*"))
    whole = bytearray(saved.read_bytes())
    whole[len(whole) // 2] ^= 1
    saved.write_bytes(whole)
    app = house_in(tmp_path)
    text, result, _events = generate(opened(app, starter), ids, conversation_id=conversation)
    assert (text, result["usage"]["cached_tokens"]) == (first[0], 0)
    app.close()


def test_a_state_that_is_a_pipe_or_unreadable_holds_up_nobody(tmp_path: Path, starter: Path) -> None:
    app = house_in(tmp_path)
    conversation = app.store.create_conversation().id
    ids = tokens(55, 60)
    first = generate(opened(app, starter), ids, conversation_id=conversation)
    app.close()
    [saved] = list((tmp_path / "data" / "states").glob("*/*"))
    saved.unlink()
    os.mkfifo(saved)
    app = house_in(tmp_path)
    again = generate(opened(app, starter), ids, conversation_id=conversation)
    assert (again[0], again[1]["usage"]["cached_tokens"]) == (first[0], 0)
    app.close()


def test_saved_states_never_take_more_than_they_may(tmp_path: Path, starter: Path) -> None:
    app = house_in(tmp_path)
    app.settings.set("engine.saved_states_mb", 5)  # room for two of the three
    engine = opened(app, starter)
    talks = [app.store.create_conversation().id for _ in range(3)]
    for number, conversation in enumerate(talks):
        generate(engine, tokens(60 + number, 150), conversation_id=conversation, max_tokens=2)
    app.close()
    kept = list((tmp_path / "data" / "states").glob("*/*"))
    assert sum(path.stat().st_size for path in kept) <= 5 << 20
    assert {path.name.partition(".")[0] for path in kept} == set(talks[1:])


def test_nothing_is_kept_when_nothing_may_be(tmp_path: Path, starter: Path) -> None:
    app = house_in(tmp_path)
    app.settings.set("engine.saved_states_mb", 0)
    generate(opened(app, starter), tokens(54, 80), conversation_id=app.store.create_conversation().id)
    app.close()
    assert not (tmp_path / "data" / "states").exists()


def test_ids_that_are_no_tokens_are_refused_and_kill_nobody(engine: Engine) -> None:
    """A damaged row of the database must not reach native code."""
    prompt = engine.render([{"role": "user", "content": "Hi"}]).ids
    for wrong in ([VOCABULARY], [-1], [10**9]):
        assert engine.pieces(wrong) == [(b"", False)]
        with pytest.raises(EngineError, match="no token"):
            generate(engine, prompt, forced_ids=wrong)
        with pytest.raises(EngineError, match="no token"):
            judge(engine, prompt + wrong)
    reply = {"role": "assistant", "content": "Hello", "ids": [VOCABULARY]}
    talk = [{"role": "user", "content": "Hi"}, reply, {"role": "user", "content": "And?"}]
    plain = [{k: v for k, v in message.items() if k != "ids"} for message in talk]
    assert engine.render(talk).ids == engine.render(plain).ids
    assert engine.is_alive


# --- one token after the other ----------------------------------------------------------------------


def test_forced_tokens_begin_the_reply(engine: Engine) -> None:
    prompt = engine.render([{"role": "user", "content": "Say something."}]).ids
    forced = tokens(61, 3)
    text, result, _events = generate(engine, prompt, forced_ids=forced, max_tokens=6)
    assert unpacked(result)[:3] == forced
    assert len(unpacked(result)) <= 6
    assert text.startswith(b"".join(piece for piece, _ in engine.pieces(forced)).decode("utf-8", "replace"))


def test_forcing_what_was_written_changes_nothing(engine: Engine) -> None:
    prompt = engine.render([{"role": "user", "content": "Name three teas."}]).ids
    plain = generate(engine, prompt, max_tokens=10)[1]
    forced = generate(engine, prompt, max_tokens=10, forced_ids=unpacked(plain)[:5])[1]
    assert forced["ids"] == plain["ids"]


def test_steps_tell_the_real_distribution(engine: Engine) -> None:
    prompt = engine.render([{"role": "user", "content": "What is the capital of France?"}]).ids
    sampling = Sampling(temperature=0.8, top_k=20, top_p=0.9, min_p=0.05, seed=4)
    plain = generate(engine, prompt, sampling=sampling, is_reproducible=True)
    looked = generate(engine, prompt, sampling=sampling, is_reproducible=True, step=5)
    assert looked[0] == plain[0]  # looking changes nothing
    steps = [event for event in looked[2] if event["event"] == "step"]
    assert [step["token"] for step in steps] == unpacked(looked[1])
    for step in steps:
        stages = {stage["stage"]: stage for stage in step["stages"]}
        assert list(stages) == ["model", "top_k", "top_p", "min_p", "temperature"]
        assert stages["model"]["kept"] == VOCABULARY
        assert stages["model"]["sum"] == pytest.approx(1.0, abs=1e-3)
        assert stages["top_k"]["kept"] == 20
        kept = [stage["kept"] for stage in stages.values()]
        assert kept == sorted(kept, reverse=True)
        assert all(p == sorted(p, reverse=True) for p in (s["probabilities"] for s in stages.values()))
        assert len(stages["model"]["ids"]) == 5


def test_a_reply_of_one_step_after_the_other_is_the_reply(engine: Engine) -> None:
    """Step by step: one token a request, each going on where the last ended."""
    prompt = engine.render([{"role": "user", "content": "Count to five."}]).ids
    whole = unpacked(generate(engine, prompt, max_tokens=8)[1])
    written: list[int] = []
    for _step in range(len(whole)):
        written += unpacked(generate(engine, prompt + written, max_tokens=1)[1])
    assert written == whole


# --- scoring and vectors ----------------------------------------------------------------------------


def test_scores_agree_with_the_steps(engine: Engine) -> None:
    """Two ways to the same number: judged at once, and seen while it was written."""
    prompt = engine.render([{"role": "user", "content": "What is the capital of France?"}]).ids
    _text, result, events = generate(engine, prompt, is_reproducible=True, step=3, max_tokens=6)
    steps = [event for event in events if event["event"] == "step"]
    ids = prompt + unpacked(result)
    scored = judge(engine, ids, start=len(prompt), top_n=3)
    assert len(scored["logprobs"]) == len(steps)
    for step, logprob, rank, top in zip(
        steps, scored["logprobs"], scored["ranks"], scored["top"], strict=True
    ):
        likeliest = step["stages"][0]
        assert likeliest["ids"][0] == step["token"]
        assert rank == 0
        assert math.exp(logprob) == pytest.approx(likeliest["probabilities"][0], abs=0.03)
        assert top["ids"][0] == step["token"]


def test_a_likely_text_scores_higher_than_an_unlikely_one(engine: Engine) -> None:
    def mean(text: str) -> float:
        ids = engine_ids(engine, text)
        scores = judge(engine, ids)["logprobs"]
        assert len(scores) == len(ids) - 1
        return sum(scores) / len(scores)

    assert mean("The capital of France is Paris.") > mean("Paris capital is of The France.") + 1.0


def engine_ids(engine: Engine, text: str) -> list[int]:
    rendered = engine.render([{"role": "user", "content": text}])
    plain = engine.render([{"role": "user", "content": ""}])
    length = len(rendered.ids) - len(plain.ids)
    start = next(n for n, (a, b) in enumerate(zip(rendered.ids, plain.ids, strict=False)) if a != b)
    return rendered.ids[start : start + length]


def test_scoring_goes_over_more_than_one_batch(engine: Engine) -> None:
    ids = tokens(71, 600)
    assert len(judge(engine, ids)["logprobs"]) == 599
    assert judge(engine, ids, start=590)["logprobs"] == pytest.approx(
        judge(engine, ids)["logprobs"][589:], abs=0.3
    )


def test_vectors_of_like_texts_are_alike(engine: Engine) -> None:
    texts = ["A cat sits on the mat.", "A kitten is sitting on a mat.", "Interest rates rose again."]
    vectors = [numbers(found.data) for found in engine.embed(texts)]
    assert {len(vector) for vector in vectors} == {WIDTH}
    assert all(math.hypot(*vector) == pytest.approx(1.0, abs=0.01) for vector in vectors)
    assert product(vectors[0], vectors[1]) > product(vectors[0], vectors[2])


def test_without_pooling_there_is_a_vector_for_each_token(engine: Engine) -> None:
    [found] = engine.embed(["茶 tea"], pooling="none")
    [count] = engine.count(["茶 tea"])
    assert (found.count, found.width) == (count, WIDTH)
    assert len(numbers(found.data)) == count * WIDTH


def test_a_text_that_is_too_long_is_refused_and_never_cut(engine: Engine) -> None:
    with pytest.raises(ContextError, match="512"):
        engine.embed(["tea " * 3000])
    with pytest.raises(ContextError):
        engine.embed([""])
    assert engine.is_alive


def numbers(data: bytes) -> list[float]:
    return list(struct.unpack(f"<{len(data) // 2}e", data))


def product(one: list[float], two: list[float]) -> float:
    return sum(a * b for a, b in zip(one, two, strict=True))


# --- adapters ---------------------------------------------------------------------------------------


def adapter(path: Path, *, seed: int, width: int = WIDTH) -> Path:
    """A random LoRA of rank 4 on the queries of every layer, strong enough to be seen."""
    source, rank = random.Random(seed), 4
    metadata = {
        "general.architecture": "qwen2",
        "general.type": "adapter",
        "adapter.type": "lora",
        "adapter.lora.alpha": 64.0,
    }
    tensors, offset = [], 0
    for layer in range(LAYERS):
        for half, dims in (("lora_a", (width, rank)), ("lora_b", (rank, width))):
            tensors.append(ggufs.tensor(f"blk.{layer}.attn_q.weight.{half}", dims, 0, offset))
            offset += ggufs.pad(4 * dims[0] * dims[1])
    header = ggufs.header_bytes(metadata, tensors)
    data = array("f", (source.gauss(0, 0.2) for _ in range(offset // 4))).tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.ljust(ggufs.pad(len(header)), b"\0") + data)
    return path


def test_adapters_change_the_reply_and_are_taken_off_again(house: App, engine: Engine) -> None:
    """Through the confined child: it may read the adapters folder."""
    house.paths.adapters.mkdir(parents=True, exist_ok=True)
    path = adapter(house.paths.adapters / "狂 😀.gguf", seed=1)
    ids = engine.render([{"role": "user", "content": "What is the capital of France?"}]).ids
    plain = generate(engine, ids)[0]
    engine.set_adapters([(str(path), 1.0)])
    changed, result, _events = generate(engine, ids)
    assert changed != plain
    assert result["usage"]["cached_tokens"] == 0  # what was read without it counts no more
    engine.set_adapters([(str(path), 0.0)])
    assert generate(engine, ids)[0] == plain
    engine.set_adapters([])
    assert generate(engine, ids)[0] == plain


def test_an_adapter_that_does_not_fit_is_refused_and_nothing_changes(house: App, engine: Engine) -> None:
    house.paths.adapters.mkdir(parents=True, exist_ok=True)
    narrow = adapter(house.paths.adapters / "narrow.gguf", seed=2, width=64)
    ids = tokens(81, 40)
    before = generate(engine, ids)[0]
    for path in (narrow, house.paths.adapters / "missing.gguf"):
        with pytest.raises(ModelFileError, match="adapter"):
            engine.set_adapters([(str(path), 1.0)])
    assert engine.is_alive
    assert generate(engine, ids)[0] == before


# --- a file without a chat template ---------------------------------------------------------------


@pytest.fixture
def bare(starter: Path, tmp_path: Path) -> Path:
    """The starter without its template: the key is called otherwise."""
    whole = starter.read_bytes()
    key = b"tokenizer.chat_template"
    at = whole.index(key, 0, 50_000_000)
    copy = tmp_path / "bare 茶.gguf"
    copy.write_bytes(whole[:at] + key[:-1] + b"x" + whole[at + len(key) :])
    return copy


def test_no_template_is_an_error_and_a_format_is_a_choice(house: App, bare: Path) -> None:
    engine = opened(house, bare)
    question = [{"role": "user", "content": "What is the capital of France?"}]
    assert engine.facts["has_template"] is False
    with pytest.raises(TemplateError, match="no chat template") as caught:
        engine.render(question)
    assert "chatml" in caught.value.data["formats"]
    house.settings.set("engine.template", "chatml", model=engine.model.name)
    chosen = opened(house, bare)  # loaded anew, because its settings have changed
    assert chosen.facts["has_template"] is True
    text, result, _events = generate(chosen, chosen.render(question).ids)
    assert "Paris" in text
    assert result["finish_reason"] == "stop"


def test_an_unknown_format_is_an_error_in_words(house: App, starter: Path, tmp_path: Path) -> None:
    link = tmp_path / "other.gguf"
    link.symlink_to(starter)
    with pytest.raises(SettingError, match="gibberish") as caught:
        house.settings.set("engine.template", "gibberish", model=house.models.find(str(link)).name)
    assert "chatml" in caught.value.hint
