"""The numbers of one row of logits, against a plain model of them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("llama_cpp")

from teahouse.engine.llama.scoring import high_places, log_sum, part


def test_a_token_that_is_never_written_does_not_spoil_the_entropy() -> None:
    row = np.array([1.0, 3.0, -np.inf, 2.0, -np.inf], np.float32)
    exponents = np.exp(row[[0, 1, 3]].astype(np.float64))
    shares = exponents / exponents.sum()
    total, entropy = log_sum(row)
    assert total == pytest.approx(np.log(exponents.sum()), abs=1e-6)
    assert entropy == pytest.approx(-(shares * np.log(shares)).sum(), abs=1e-6)


def test_rank_and_probability_of_each_token() -> None:
    rows = np.random.default_rng(3).normal(0, 3, (4, 5000)).astype(np.float32)
    ids = [7, 4999, int(rows[2].argmax()), int(rows[3].argmin())]
    told = part(rows, ids, top_n=30)
    for row, token, logprob, rank, top in zip(
        rows, ids, told["logprobs"], told["ranks"], told["top"], strict=True
    ):
        shares = np.exp(row.astype(np.float64))
        shares /= shares.sum()
        order = np.argsort(-row)
        assert np.exp(logprob) == pytest.approx(shares[token], rel=1e-5)
        assert order[rank] == token
        assert top["ids"] == order[:30].tolist()
        assert top["probabilities"] == pytest.approx(shares[order[:30]].tolist(), abs=1e-6)


@pytest.mark.parametrize("count", [1, 5, 20, 300])
def test_the_highest_are_found_among_equal_ones_and_at_the_end(count: int) -> None:
    row = np.zeros(10_001, np.float32)
    row[[10_000, 3, 700]] = [9, 8, 7]
    places = high_places(row, count)
    assert len(set(places.tolist())) == count
    assert places[:3].tolist() == [10_000, 3, 700][:count]
