"""The same tokens under two settings and in two models."""

from __future__ import annotations

import math
import mmap
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teahouse.app import App
from teahouse.engine.sampling import Sampling
from teahouse.errors import ModelError
from teahouse.models.gguf import read_header
from teahouse_sampling.comparison import (
    Compared,
    Distribution,
    _check_vocabulary,
    compare_models,
    compare_settings,
    divergence,
    of_stages,
)
from teahouse_sampling.scoring import Alternative, Judged, Scored, score_reply, score_text
from teahouse_sampling.spelling import Spelled
from tests.plugins.sampling.test_sent import FRANCE, ask, done, loaded


def distribution(weights: list[float]) -> list[float]:
    return [weight / sum(weights) for weight in weights]


def exact(first: list[float], second: list[float]) -> float:
    return sum(p * math.log(p / q) for p, q in zip(first, second, strict=True) if p)


def known(shares: list[float], count: int) -> Distribution:
    likeliest = sorted(range(len(shares)), key=lambda token: -shares[token])[:count]
    return Distribution({token: shares[token] for token in likeliest}, is_whole=count >= len(shares))


def test_the_divergence_is_exact_where_all_is_known_and_never_more_than_that() -> None:
    chance = random.Random(5)
    for _ in range(100):
        pair = [distribution([chance.expovariate(1) ** 3 + 1e-3 for _ in range(12)]) for _side in range(2)]
        far = exact(*pair)
        found, is_exact = divergence(known(pair[0], 12), known(pair[1], 12))
        assert is_exact and found == pytest.approx(far)
        least, is_exact = divergence(known(pair[0], 5), known(pair[1], 5))
        assert not is_exact and 0 <= least <= far + 1e-9


def test_the_same_diverges_by_nothing_and_what_cannot_come_by_infinity() -> None:
    some = Distribution({1: 0.5, 2: 0.3})
    assert divergence(some, some) == (0.0, False)
    whole, cut = Distribution({1: 0.5, 2: 0.5}, True), Distribution({1: 1.0}, True)
    assert divergence(whole, cut) == (math.inf, True)
    assert divergence(cut, whole) == (pytest.approx(math.log(2)), True)
    assert divergence(some, cut) == (math.inf, True)
    assert some.rest == pytest.approx(0.2) and whole.rest == 0.0


def test_the_last_stage_is_what_is_left_over() -> None:
    stages = [
        {"stage": "model", "kept": 9, "ids": [1], "probabilities": [0.4]},
        {"stage": "top_k", "kept": 2, "ids": [1, 3], "probabilities": [0.75, 0.25]},
    ]
    assert of_stages(stages) == Distribution({1: 0.75, 3: 0.25}, True)
    assert not of_stages(stages[:1]).is_whole


# --- the real model -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reply(real: App) -> Scored:
    chat = real.store.create_conversation().id
    made: Scored = done(score_reply(real, ask(real, chat, FRANCE, max_tokens=12).id))
    return made


@pytest.mark.gguf
def test_two_settings(real: App, reply: Scored) -> None:
    steady, varied = Sampling(temperature=0.5, top_k=5), Sampling(temperature=1.5, top_p=1.0, min_p=0.0)
    found: Compared = done(compare_settings(real, reply, steady, varied))
    assert [one.token for one in found.tokens] == [one.token for one in reply.tokens]
    assert found.is_exact and found.infinite == found.unknown == 0
    assert 1 <= found.perplexities[0] < found.perplexities[1]
    assert all(one.difference is not None and one.difference <= 1e-6 for one in found.tokens)
    assert found.divergence > 0
    back: Compared = done(compare_settings(real, reply, varied, steady))
    assert back.infinite > 0  # the varied one may choose what the steady one cuts
    same: Compared = done(compare_settings(real, reply, steady, steady))
    assert (same.divergence, same.perplexities[0]) == (0.0, same.perplexities[1])


@pytest.mark.gguf
def test_one_that_cannot_write_the_reply(real: App, reply: Scored) -> None:
    text: Scored = done(score_text(real, "The capital of Narnia"))
    found: Compared = done(compare_settings(real, text, Sampling(top_k=0), Sampling(temperature=0.0)))
    assert found.tokens[0].divergence is None and len(found.tokens) == len(text.tokens)
    assert found.perplexities[1] == math.inf
    assert any(one.second == -math.inf and one.difference is None for one in found.tokens)


@pytest.mark.gguf
def test_a_single_token_has_nothing_to_compare(real: App) -> None:
    text: Scored = done(score_text(real, "tea"))
    assert len(text.tokens) == 1
    for work in (
        compare_settings(real, text, Sampling(), Sampling()),
        compare_models(real, text, text.model),
    ):
        found: Compared = done(work)
        assert [one.divergence for one in found.tokens] == [None]
        assert (found.divergence, found.perplexities) == (0.0, (1.0, 1.0))


@pytest.mark.gguf
def test_a_model_with_itself_does_not_differ(real: App, reply: Scored) -> None:
    found: Compared = done(compare_models(real, reply, reply.model))
    assert found.models == (reply.model, reply.model)
    assert found.divergence == pytest.approx(0, abs=1e-4)
    assert found.perplexities[0] == pytest.approx(found.perplexities[1], rel=1e-3)
    assert found.perplexities[0] == pytest.approx(reply.perplexity, rel=1e-2)
    assert not found.is_exact  # only the likeliest tokens cross the pipe


WARMER = 0.7
"""What every logit of the other model is multiplied by."""


@pytest.fixture(scope="module")
def warmer(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Another model of the same tokens: its last norm scales all logits, and it wants a first token."""
    file = tmp_path_factory.mktemp("models") / "warmer.gguf"
    shutil.copyfile(starter, file)
    header = read_header(file)
    norm = next(tensor for tensor in header.tensors if tensor.name == "output_norm.weight")
    with file.open("r+b") as stream, mmap.mmap(stream.fileno(), 0) as data:
        flag = data.find(b"tokenizer.ggml.add_bos_token") + len("tokenizer.ggml.add_bos_token") + 4
        data[flag] = 1
        weights = np.frombuffer(data, np.float32, norm.dims[0], header.data_offset + norm.offset)
        weights *= np.float32(WARMER)
        del weights
    return str(file)


@pytest.mark.gguf
def test_another_model_of_the_same_tokens(real: App, reply: Scored, warmer: str) -> None:
    found: Compared = done(compare_models(real, reply, warmer))
    assert found.models[0] != found.models[1] and len(found.tokens) == len(reply.tokens)
    assert found.perplexities[1] > found.perplexities[0] == pytest.approx(reply.perplexity, rel=1e-2)
    assert found.divergence > 0.01
    few: Compared = done(compare_models(real, reply, warmer, top_n=5))
    for one, less in zip(found.tokens, few.tokens, strict=True):
        assert one.divergence is not None and less.divergence is not None
        assert 0 <= less.divergence <= one.divergence + 1e-4  # it is at least this
    # The same as this model at a higher temperature, which another way of computing tells.
    plain = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0)
    hotter = replace(plain, temperature=1 / WARMER)
    same: Compared = done(compare_settings(real, reply, plain, hotter))
    for one, by_heat in zip(found.tokens, same.tokens, strict=True):
        if by_heat.second is not None:
            assert one.second == pytest.approx(by_heat.second, abs=0.05)
            assert one.divergence == pytest.approx(by_heat.divergence, abs=0.05)


@pytest.mark.gguf
def test_a_model_that_wants_a_first_token(real: App, warmer: str) -> None:
    text: Scored = done(score_text(real, "tea", model=warmer, top_n=3))
    assert [one.token.piece for one in text.tokens] == ["<|endoftext|>", "tea"]
    assert text.tokens[0].logprob is None and text.tokens[1].logprob is not None
    back: Compared = done(compare_models(real, text, real.settings.get("models.default")))
    assert [one.token for one in back.tokens] == [one.token for one in text.tokens]
    assert back.tokens[1].second is not None


@pytest.mark.gguf
def test_a_model_with_other_tokens_is_refused(real: App, reply: Scored) -> None:
    engine = loaded(real)
    other = Scored("theirs", "", (Judged(Spelled(reply.ids[0], b"something else")),))
    with pytest.raises(ModelError, match="do not have the same tokens"):
        _check_vocabulary(engine, other)
    far = Judged(reply.tokens[0].token, -1.0, 0, 0.5, (Alternative(Spelled(10**6, b"x"), 0.5),))
    with pytest.raises(ModelError, match="1000000"):
        _check_vocabulary(engine, Scored("theirs", "", (far,)))
