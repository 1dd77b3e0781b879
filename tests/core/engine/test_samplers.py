"""Each sampler of the chain against a plain model of it, on the same logits."""

from __future__ import annotations

import base64
import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from teahouse.engine.sampling import CUTTING, LIMITS, ORDER, WHOLE, Sampling
from teahouse.workers.process import Worker, Workers
from tests.core.engine.samplers import row_of

pytestmark = pytest.mark.gguf

Row = np.ndarray[Any, np.dtype[np.float32]]
QUIET: dict[str, Any] = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "seed": 1}
SEED = 11
FEW = 3000
"""Tokens of the logits drawn from again and again."""


@pytest.fixture(scope="module")
def child(starter: Path) -> Iterator[Worker]:
    workers = Workers()
    yield workers.start("tests.core.engine.samplers:serve")
    workers.close()


def after(child: Worker, starter: Path, name: str, *, seen: tuple[int, ...] = (), **values: Any) -> Row:
    """Logits of the whole vocabulary after one stage, -inf for what it has cut."""
    given = {"path": str(starter), "seed": SEED, "seen": list(seen)}
    told = child.call("stages", sampling={**QUIET, **values}, **given)
    stages = {stage: (ids, logits) for stage, ids, logits in told["stages"]}
    row = np.full(told["size"], -np.inf, np.float32)
    ids, logits = stages[name]
    row[np.frombuffer(base64.b64decode(ids), "<i4")] = np.frombuffer(base64.b64decode(logits), "<f4")
    return row


def softmax(row: Row) -> Row:
    exponents = np.exp(row.astype(np.float64) - float(row.max()))
    return exponents / exponents.sum()


def logits() -> Row:
    return row_of(SEED, 151_936)


def kept(row: Row) -> set[int]:
    return set(np.flatnonzero(np.isfinite(row)).tolist())


def likeliest(row: Row) -> list[int]:
    """Ids, likeliest first."""
    return np.argsort(-row, kind="stable").tolist()


# --- stages that cut ------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 5, 40, 127, 500, 5000])
def test_top_k(child: Worker, starter: Path, k: int) -> None:
    row = after(child, starter, "top_k", top_k=k)
    assert kept(row) == set(likeliest(logits())[:k])
    ids = sorted(kept(row))
    assert np.array_equal(row[ids], logits()[ids])


@pytest.mark.parametrize("p", [0.0, 0.3, 0.9, 0.999])
def test_top_p(child: Worker, starter: Path, p: float) -> None:
    """Summed up in float32, one after the other, as llama.cpp does: that shows in a long tail."""
    row, order = logits(), likeliest(logits())
    exponents = np.exp(row - row.max())
    shares = exponents / np.cumsum(exponents)[-1]
    reached = np.cumsum(shares[order])
    count = int(np.argmax(reached >= np.float32(p))) + 1 if reached[-1] >= np.float32(p) else len(order)
    found = kept(after(child, starter, "top_p", top_p=p))
    assert len(found ^ set(order[:count])) <= 1 + count // 100


@pytest.mark.parametrize("p", [0.001, 0.05, 0.5, 1.0])
def test_min_p(child: Worker, starter: Path, p: float) -> None:
    shares = softmax(logits())
    found = kept(after(child, starter, "min_p", min_p=p))
    assert found == set(np.flatnonzero(shares >= p * shares.max() * (1 - 1e-6)).tolist())


@pytest.mark.parametrize("p", [0.2, 0.7, 0.95])
def test_typical_p(child: Worker, starter: Path, p: float) -> None:
    shares = softmax(logits())
    entropy = -(shares * np.log(shares)).sum()
    order = np.argsort(np.abs(-np.log(shares) - entropy), kind="stable")
    count = int(np.argmax(np.cumsum(shares[order]) > p)) + 1
    found = kept(after(child, starter, "typical_p", typical_p=p))
    assert len(found ^ set(order[:count].tolist())) <= max(2, count // 50)


@pytest.mark.parametrize("sigmas", [0.5, 1.0, 3.0])
def test_top_n_sigma(child: Worker, starter: Path, sigmas: float) -> None:
    row = logits().astype(np.float64)
    found = kept(after(child, starter, "top_n_sigma", top_n_sigma=sigmas))
    expected = set(np.flatnonzero(row >= row.max() - sigmas * row.std()).tolist())
    assert len(found ^ expected) <= 2


def test_typical_p_after_top_n_sigma_still_cuts(child: Worker, starter: Path) -> None:
    """llama.cpp keeps what sigma forbids as -inf, and an entropy with it is no number."""
    row = after(child, starter, "typical_p", top_n_sigma=2.0, typical_p=0.5)
    assert 0 < len(kept(row)) < len(kept(after(child, starter, "top_n_sigma", top_n_sigma=2.0)))


def test_xtc_fires_as_often_as_it_should_and_leaves_the_least_likely_choice(
    child: Worker, starter: Path
) -> None:
    values = {**QUIET, "xtc_probability": 0.4, "xtc_threshold": 0.05, "temperature": 1.0}
    given = {"path": str(starter), "seed": SEED, "seen": [], "top_n": 8, "times": 300, "size": FEW}
    told = child.call("explained", sampling=values, **given)["told"]
    few = row_of(SEED, FEW)
    shares = softmax(few)
    reach = [token for token in likeliest(few) if shares[token] >= 0.05]
    assert len(reach) > 1
    fired = 0
    for position in told:
        model, xtc = position["stages"]
        why = xtc["why"]
        assert [token for token, _p in why["would_cut"]] == reach[:-1][:8]
        fired += why["fired"]
        assert xtc["kept"] == model["kept"] - (len(reach) - 1) * why["fired"]
        assert (position["drawn"] in reach[:-1]) <= (not why["fired"])
    assert 0.3 < fired / len(told) < 0.5


# --- stages that change logits --------------------------------------------------------------------


def test_penalties(child: Worker, starter: Path) -> None:
    top = likeliest(logits())
    low = likeliest(logits())[-1]
    seen = (low, low, 77, top[0], top[0], top[0], top[1])  # 77 is outside of the window of 4
    values = {"repeat_penalty": 1.3, "frequency_penalty": 0.4, "presence_penalty": 0.7, "repeat_window": 6}
    row, expected = after(child, starter, "penalties", seen=seen, **values), logits()
    for token, count in ((low, 1), (77, 1), (top[0], 3), (top[1], 1)):
        logit = expected[token]
        logit = logit * np.float32(1.3) if logit <= 0 else logit / np.float32(1.3)
        expected[token] = logit - np.float32(count * 0.4 + 0.7)
    assert row == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("window", [-1, 8, 0])
def test_dry(child: Worker, starter: Path, window: int) -> None:
    """After a b c d x a b c, going on with d repeats three tokens."""
    a, b, c, d, x = 1001, 1002, 1003, 1004, 1005
    seen = (a, b, c, d, x, a, b, c)
    values = {"dry_multiplier": 0.8, "dry_base": 1.75, "dry_allowed_length": 2, "dry_window": window}
    if window == 0:
        assert "dry" not in Sampling(**{**QUIET, **values}).stages
        return
    row, expected = after(child, starter, "dry", seen=seen, dry_breakers=[], **values), logits()
    expected[d] -= np.float32(0.8 * 1.75 ** (3 - 2))
    assert row == pytest.approx(expected, abs=1e-5)


def test_dry_stops_at_its_breakers(child: Worker, starter: Path) -> None:
    newline = 198
    seen = (1001, 1002, newline, 1003, 1004, 1005, 1001, 1002, newline, 1003)
    values = {"dry_multiplier": 0.8, "dry_allowed_length": 2}
    free = after(child, starter, "dry", seen=seen, dry_breakers=[], **values)
    assert free[1004] == pytest.approx(logits()[1004] - 0.8 * 1.75**2, abs=1e-5)
    assert np.array_equal(after(child, starter, "dry", seen=seen, dry_breakers=["\n"], **values), logits())


@pytest.mark.parametrize("temperature", [0.3, 0.7, 2.0])
def test_temperature(child: Worker, starter: Path, temperature: float) -> None:
    row = after(child, starter, "temperature", temperature=temperature)
    assert row == pytest.approx(logits() / np.float32(temperature), rel=1e-5)


@pytest.mark.parametrize(("spread", "exponent"), [(0.5, 1.0), (0.7, 0.4), (1.0, 2.0)])
def test_dynamic_temperature(child: Worker, starter: Path, spread: float, exponent: float) -> None:
    shares = softmax(logits())
    share = -(shares * np.log(shares)).sum() / math.log(len(shares))
    least, most = max(0.0, 0.8 - spread), 0.8 + spread
    value = least + (most - least) * share**exponent
    values = {"temperature": 0.8, "dynatemp_range": spread, "dynatemp_exponent": exponent}
    assert after(child, starter, "temperature", **values) == pytest.approx(
        logits() / value, rel=2e-3, abs=1e-4
    )


def test_logit_bias(child: Worker, starter: Path) -> None:
    row, expected = after(child, starter, "logit_bias", logit_bias=[[5, 3.5], [9, -100.0]]), logits()
    expected[5] += 3.5
    expected[9] -= 100.0
    assert row == pytest.approx(expected, abs=1e-5)


# --- stages that choose ---------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2])
def test_mirostat(child: Worker, starter: Path, version: int) -> None:
    """Position after position: what it cuts follows from its mu, and mu from what it has drawn."""
    values = {**QUIET, "mirostat": version, "mirostat_tau": 3.0, "mirostat_eta": 0.3}
    given = {"path": str(starter), "seed": SEED, "seen": [], "top_n": 2000, "times": 12}
    told = child.call("explained", sampling=values, **given)["told"]
    order, shares = likeliest(logits()), softmax(logits())
    mu = 6.0
    for position in told:
        stage = position["stages"][-1]
        assert stage["why"]["mu"] == pytest.approx(mu, abs=1e-3)
        count = MIROSTAT[version](np.sort(shares)[::-1], mu)
        assert abs(stage["kept"] - count) <= 1
        chosen = [
            s for i, s in zip(stage["ids"], stage["probabilities"], strict=True) if i == position["drawn"]
        ]
        share = chosen[0]
        mu -= 0.3 * (-math.log2(share) - 3.0)
        assert stage["ids"][0] == order[0]
    assert len({position["stages"][-1]["kept"] for position in told}) > 2


def mirostat_1(shares: Row, mu: float, *, tokens: int = 100) -> int:
    """arXiv 2007.14966: k from the estimated exponent of Zipf's law."""
    places = np.arange(tokens - 1)
    t = np.log((places + 2) / (places + 1))
    b = np.log(shares[:tokens][:-1] / shares[1:tokens])
    s = float((t * b).sum() / (t * t).sum())
    epsilon = s - 1
    k = ((epsilon * 2**mu) / (1 - float(len(shares)) ** -epsilon)) ** (1 / s)
    return max(int(k), 1)


def mirostat_2(shares: Row, mu: float) -> int:
    return max(1, int((-np.log2(shares) <= mu).sum()))


MIROSTAT: dict[int, Callable[[Row, float], int]] = {1: mirostat_1, 2: mirostat_2}


def test_adaptive_p(child: Worker, starter: Path) -> None:
    """llama.cpp's pull request 17927: logits by the distance to a target that follows what was drawn."""
    target, decay = 0.2, 0.8
    values = {**QUIET, "top_k": 30, "adaptive_target": target, "adaptive_decay": decay}
    given = {"path": str(starter), "seed": SEED, "seen": [], "top_n": 30, "times": 10}
    told = child.call("explained", sampling=values, **given)["told"]
    top = likeliest(logits())[:30]
    before = softmax(logits()[top])
    weighted, total = target / (1 - decay), 1 / (1 - decay)
    for position in told:
        stage = position["stages"][-1]
        adapted = min(max(2 * target - weighted / total, 0.0), 1.0)
        assert stage["why"]["adapted"] == pytest.approx(adapted, abs=1e-4)
        distance = np.abs(before - adapted) / 0.3
        expected = softmax(5.0 - 10.0 * distance**2 / (1 + distance))
        found = dict(zip(stage["ids"], stage["probabilities"], strict=True))
        assert [found[token] for token in top] == pytest.approx(expected.tolist(), abs=1e-4)
        share = float(before[top.index(position["drawn"])])
        weighted, total = share + decay * weighted, 1 + decay * total


def test_greedy_takes_the_likeliest_after_the_penalties(child: Worker, starter: Path) -> None:
    first, second = likeliest(logits())[:2]
    given: dict[str, Any] = {"path": str(starter), "seed": SEED, "top_n": 3}
    plain = child.call("explained", sampling={"temperature": 0.0}, seen=[], **given)["told"][0]
    assert plain["drawn"] == first
    assert [stage["stage"] for stage in plain["stages"]] == ["model", "temperature"]
    assert plain["stages"][1]["ids"] == [first]
    values = {"temperature": 0.0, "presence_penalty": 2.0, "repeat_penalty": 2.0}
    assert child.call("explained", sampling=values, seen=[first], **given)["told"][0]["drawn"] == second


# --- the whole chain ------------------------------------------------------------------------------

SETTINGS: dict[str, dict[str, Any]] = {
    "the defaults": {"seed": 5},
    "nothing cut": {**QUIET, "temperature": 0.5},
    "only a little cut": {"temperature": 1.4, "top_k": 200, "top_p": 1.0, "min_p": 0.01, "seed": 6},
    "dynamic": {"temperature": 0.9, "dynatemp_range": 0.6, "typical_p": 0.9, "seed": 7},
    "sigma last": {**QUIET, "temperature": 1.5, "top_n_sigma": 3.0, "order": ["temperature"], "seed": 8},
    "words banned": {**QUIET, "temperature": 1.5, "banned": ["the", "a"], "top_k": 20, "seed": 9},
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_chain_draws_from_the_distribution_that_is_told(child: Worker, starter: Path, name: str) -> None:
    """Chi-square over 20,000 draws from one set of logits; cells with under 10 expected are one."""
    given = {"path": str(starter), "seed": SEED, "sampling": SETTINGS[name], "size": FEW}
    last = child.call("explained", top_n=4000, seen=[], **given)["told"][0]["stages"][-1]
    shares = dict(zip(last["ids"], last["probabilities"], strict=True))
    counts = dict(child.call("draws", count=20_000, **given)["counts"])
    assert sum(counts.values()) == 20_000
    statistic, cells = chi_square(counts, shares, total=20_000)
    freedom = cells - 1
    assert freedom >= 2
    # Wilson and Hilferty: above this in 1 of 10,000 runs of a true hypothesis
    limit = freedom * (1 - 2 / (9 * freedom) + 3.719 * math.sqrt(2 / (9 * freedom))) ** 3
    assert statistic < limit


def chi_square(counts: dict[int, int], shares: dict[int, float], *, total: int) -> tuple[float, int]:
    """The statistic and its cells; what is not in `shares` is the rest."""
    large = {token: share for token, share in shares.items() if share * total >= 10}
    rest_share = max(0.0, 1.0 - sum(large.values()))
    rest_count = total - sum(counts.get(token, 0) for token in large)
    statistic = sum((counts.get(t, 0) - p * total) ** 2 / (p * total) for t, p in large.items())
    if rest_share * total < 10:
        assert rest_count <= rest_share * total + 40
        return statistic, len(large)
    return statistic + (rest_count - rest_share * total) ** 2 / (rest_share * total), len(large) + 1


def test_xtc_draws_from_both_of_its_distributions(child: Worker, starter: Path) -> None:
    values = {**QUIET, "xtc_probability": 0.3, "xtc_threshold": 0.05, "top_k": 20}
    given = {"path": str(starter), "seed": SEED, "sampling": values, "size": FEW}
    stages = child.call("explained", top_n=20, seen=[], is_live=False, **given)["told"][0]["stages"]
    before = dict(zip(stages[-2]["ids"], stages[-2]["probabilities"], strict=True))
    cut = {token for token, _share in stages[-1]["why"]["would_cut"]}
    left = sum(share for token, share in before.items() if token not in cut)
    mixed = {t: 0.7 * p + (0.0 if t in cut else 0.3 * p / left) for t, p in before.items()}
    counts = dict(child.call("draws", count=20_000, **given)["counts"])
    statistic, cells = chi_square(counts, mixed, total=20_000)
    assert statistic < cells + 5 * math.sqrt(2 * cells)


def test_the_stages_told_are_those_of_the_chain(child: Worker, starter: Path) -> None:
    values = {
        **{"logit_bias": [[5, 1.0]], "banned": ["x"], "grammar": "root ::= [a-z ]*", "repeat_penalty": 1.1},
        **{"dry_multiplier": 0.5, "top_n_sigma": 2.0, "typical_p": 0.9, "xtc_probability": 0.5},
        **{"order": ["temperature", "min_p", "grammar"], "off": ["top_p"], "dynatemp_range": 0.1},
    }
    given = {"path": str(starter), "seed": SEED, "seen": [1, 2, 3], "top_n": 5}
    [position] = child.call("explained", sampling=values, **given)["told"]
    names = [stage["stage"] for stage in position["stages"]]
    assert names == ["model", *Sampling.from_json(values).stages]
    assert names[1:3] == ["banned", "grammar"]
    assert names.index("temperature") < names.index("min_p") < names.index("top_k")
    assert "top_p" not in names
    for stage in position["stages"]:
        assert stage["why"]["kind"] == stage["stage"]
        assert len(stage["ids"]) == min(5, stage["kept"])
        assert sum(stage["probabilities"]) <= 1 + 1e-5
    kept_counts = [stage["kept"] for stage in position["stages"]]
    assert kept_counts == sorted(kept_counts, reverse=True)


def test_what_is_cut_is_told_with_its_probability_before(child: Worker, starter: Path) -> None:
    given: dict[str, Any] = {"path": str(starter), "seed": SEED, "seen": [], "top_n": 4}
    [position] = child.call("explained", sampling={**QUIET, "top_k": 3}, **given)["told"]
    order, shares = likeliest(logits()), softmax(logits())
    top_k = position["stages"][1]
    assert top_k["cut"] == [[t, pytest.approx(shares[t], abs=1e-6)] for t in order[3:7]]
    assert top_k["sum"] == pytest.approx(shares[order[:3]].sum(), abs=1e-6)
    assert top_k["why"] == {"kind": "top_k", "limit": 3}
    model = position["stages"][0]
    assert model["probabilities"] == pytest.approx(shares[order[:4]].tolist(), abs=1e-6)


# --- banned words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("banned", "said"),
    [
        (["tea"], "I like "),
        (["tea"], "I like t"),
        (["green tea", "tea house"], "The green te"),
        (["green tea", "tea house"], "a tea"),
        (["茶馆"], "我去茶"),
        (["aa"], "a"),
        (["\n\n"], "end.\n"),
    ],
)
def test_banned_forbids_exactly_what_would_complete_a_text(
    child: Worker, starter: Path, banned: list[str], said: str
) -> None:
    told = child.call("forbidden", path=str(starter), banned=banned, said=said)
    assert told["ours"] == told["tried"]
    assert told["ours"]


def test_the_longest_lists_do_not_hold_a_reply_up(child: Worker, starter: Path) -> None:
    banned = [f"{number} " + "never " * 30 for number in range(1000)]
    breakers = [f"{number}" for number in range(32)]
    biases = [[token, 1.0] for token in range(10_000)]
    for values in (
        {"banned": banned},
        {"dry_multiplier": 1.0, "dry_breakers": breakers},
        {"logit_bias": biases, "order": ["xtc", "logit_bias"], "xtc_probability": 0.5, **QUIET},
    ):
        told = child.call("begun", path=str(starter), sampling=values, seen=list(range(500)))
        assert told["seconds"] < 4


# --- nothing kills the engine ---------------------------------------------------------------------


def test_wild_settings_in_wild_orders_never_crash(child: Worker, starter: Path) -> None:
    source = random.Random(7)

    def value(name: str) -> float:
        least, greatest = LIMITS[name]
        if name in ("top_k", "repeat_window", "dry_window", "seed"):
            return source.choice([int(least), 1, 2, 50, 100_000])
        edge = source.choice([least, greatest, least + (greatest - least) * source.random()])
        return int(edge) if name in WHOLE else edge

    def one() -> dict[str, Any]:
        values: dict[str, Any] = {name: value(name) for name in LIMITS if source.random() < 0.5}
        values["order"] = source.sample(ORDER, source.randrange(len(ORDER) + 1))
        values["off"] = source.sample(ORDER, source.randrange(4))
        if source.random() < 0.3:
            values["logit_bias"] = [[source.randrange(150_000), source.uniform(-100, 100)] for _ in range(3)]
            values["logit_bias"] = list({pair[0]: pair for pair in values["logit_bias"]}.values())
        if source.random() < 0.2:
            values["banned"] = source.sample(["a", " the", "x y", "。"], 2)
        if source.random() < 0.2:
            values["grammar"] = source.choice(['root ::= "a"', "root ::= [0-9]+", "root ::= .*"])
        return values

    samplings = [one() for _number in range(100)]
    drawn = child.call("wild", path=str(starter), seed=SEED, samplings=samplings)["drawn"]
    assert len(drawn) == 100
    errors = [entry for entry in drawn if isinstance(entry, str)]
    assert len(errors) < 40
    assert all("No token is left" in error or "does not allow" in error for error in errors)
    assert child.is_alive


def test_stages_that_cut_are_named_as_such() -> None:
    assert set(ORDER) > CUTTING
