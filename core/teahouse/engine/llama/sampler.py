"""llama.cpp's native sampler chain, and what each of its stages does to the probabilities."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import llama_cpp as lib
import numpy as np

from teahouse.engine.sampling import Sampling

LEAST_KEPT = 1
CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
"""`llama_token_data`."""

Row = np.ndarray[Any, np.dtype[np.float32]]


class Sampler:
    """The chain of one reply."""

    def __init__(self, context: Any, vocabulary: int, sampling: Sampling) -> None:
        self._context = context
        self._chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        for _name, stage in _stages(vocabulary, sampling):
            lib.llama_sampler_chain_add(self._chain, stage)
        lib.llama_sampler_chain_add(self._chain, _last(sampling))

    def accept(self, ids: Sequence[int]) -> None:
        """Let the penalties see tokens that were not sampled here."""
        for token in ids:
            lib.llama_sampler_accept(self._chain, token)

    def sample(self) -> int:
        """Choose the token after the last one read."""
        return int(lib.llama_sampler_sample(self._chain, self._context, -1))

    def close(self) -> None:
        """Free the chain."""
        lib.llama_sampler_free(self._chain)


class Explainer:
    """Shows the distribution over the next token before and after every stage of a chain.

    It has stages of its own, so that looking changes nothing of what is sampled.
    """

    def __init__(self, vocabulary: int, sampling: Sampling, *, top_n: int) -> None:
        self._top_n = top_n
        self._stages = list(_stages(vocabulary, sampling))

    def accept(self, ids: Sequence[int]) -> None:
        """Let the penalties see tokens."""
        for token in ids:
            for _name, stage in self._stages:
                lib.llama_sampler_accept(stage, token)

    def explain(self, row: Row) -> list[dict[str, Any]]:
        """`{stage, kept, sum, ids, probabilities}` of the model itself (`model`) and after each stage.

        Args:
            row: Logits, float32 (vocabulary,).

        `kept` counts the tokens that are still possible and `sum` is the probability that those have in
        the model's own distribution; `ids` and `probabilities` are the likeliest ones, renormalised.
        """
        candidates = np.zeros(len(row), CANDIDATE)
        candidates["id"] = np.arange(len(row))
        candidates["logit"] = row
        own = probabilities(row)
        told = [self._describe("model", candidates, own)]
        for name, stage in self._stages:
            candidates = _apply(stage, candidates)
            told.append(self._describe(name, candidates, own))
        return told

    def close(self) -> None:
        """Free the stages."""
        for _name, stage in self._stages:
            lib.llama_sampler_free(stage)

    def _describe(self, name: str, candidates: Any, own: Row) -> dict[str, Any]:
        ids, shares = top(candidates["logit"], self._top_n)
        return {
            "stage": name,
            "kept": len(candidates),
            "sum": round(float(own[candidates["id"]].sum()), 6),
            "ids": candidates["id"][ids].tolist(),
            "probabilities": [round(float(share), 6) for share in shares],
        }


def probabilities(row: Row) -> Row:
    """Softmax of logits, computed in float64."""
    exponents = np.exp(row.astype(np.float64) - float(row.max()))
    shares: Row = (exponents / exponents.sum()).astype(np.float32)
    return shares


def top(row: Row, count: int) -> tuple[Any, Row]:
    """Places of the `count` highest logits, highest first, and their probabilities."""
    shares = probabilities(row)
    count = min(count, len(row))
    places = np.argpartition(-row, count - 1)[:count] if count else np.zeros(0, np.int64)
    places = places[np.argsort(-row[places], kind="stable")]
    return places, shares[places]


def _apply(stage: Any, candidates: Any) -> Any:
    held = np.ascontiguousarray(candidates)
    array = lib.llama_token_data_array(
        data=ctypes.cast(held.ctypes.data, lib.llama_token_data_p),
        size=len(held),
        selected=-1,
        sorted=False,
    )
    lib.llama_sampler_apply(stage, ctypes.byref(array))
    # a stage may sort into memory of its own: read from where the array points to now
    address = ctypes.cast(array.data, ctypes.c_void_p).value
    raw = (ctypes.c_char * (array.size * CANDIDATE.itemsize)).from_address(address or 0)
    return np.frombuffer(bytes(raw), CANDIDATE)


def _stages(vocabulary: int, s: Sampling) -> Iterator[tuple[str, Any]]:
    if s.repeat_penalty != 1.0 and s.repeat_window:
        made = lib.llama_sampler_init_penalties(vocabulary, s.repeat_window, s.repeat_penalty, 0.0, 0.0)
        yield "repeat_penalty", made
    if s.temperature == 0.0:
        return
    yield "top_k", lib.llama_sampler_init_top_k(s.top_k)
    yield "top_p", lib.llama_sampler_init_top_p(s.top_p, LEAST_KEPT)
    yield "min_p", lib.llama_sampler_init_min_p(s.min_p, LEAST_KEPT)
    yield "temperature", lib.llama_sampler_init_temp(s.temperature)


def _last(s: Sampling) -> Any:
    return (
        lib.llama_sampler_init_greedy() if s.temperature == 0.0 else lib.llama_sampler_init_dist(s.seed or 0)
    )
