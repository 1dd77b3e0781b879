"""llama.cpp's native sampler chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import llama_cpp as lib

from teahouse.engine.sampling import Sampling

LEAST_KEPT = 1


class Sampler:
    """llama.cpp's native chain for one reply."""

    def __init__(self, context: Any, vocabulary: int, sampling: Sampling) -> None:
        self._context = context
        self._chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        for stage in _stages(vocabulary, sampling):
            lib.llama_sampler_chain_add(self._chain, stage)

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


def _stages(vocabulary: int, s: Sampling) -> Iterator[Any]:
    if s.repeat_penalty != 1.0 and s.repeat_window:
        yield lib.llama_sampler_init_penalties(vocabulary, s.repeat_window, s.repeat_penalty, 0.0, 0.0)
    if s.temperature == 0.0:
        yield lib.llama_sampler_init_greedy()
        return
    yield lib.llama_sampler_init_top_k(s.top_k)
    yield lib.llama_sampler_init_top_p(s.top_p, LEAST_KEPT)
    yield lib.llama_sampler_init_min_p(s.min_p, LEAST_KEPT)
    yield lib.llama_sampler_init_temp(s.temperature)
    yield lib.llama_sampler_init_dist(s.seed or 0)
