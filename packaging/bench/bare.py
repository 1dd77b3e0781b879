"""The side that ours is measured against: the shortest loop over llama.cpp's own calls, greedy."""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import llama_cpp as lib

from bench.prompts import long_text
from bench.side import serve, take_stdout


class Bare:
    """A model in a context, with the values that our engine uses."""

    def __init__(self, *, path: str, config: dict[str, Any]) -> None:
        self._quiet = lib.llama_log_callback(lambda _level, _text, _data: None)
        lib.llama_log_set(self._quiet, ctypes.c_void_p(0))
        lib.llama_backend_init()
        values = lib.llama_model_default_params()
        values.n_gpu_layers = 0
        values.use_extra_bufts = config["use_extra_buffers"]
        self._model = lib.llama_model_load_from_file(path.encode(), values)
        self._vocab = lib.llama_model_get_vocab(self._model)
        values = lib.llama_context_default_params()
        values.n_ctx = min(config["context"], lib.llama_model_n_ctx_train(self._model))
        values.n_batch = values.n_ubatch = min(config["batch"], values.n_ctx)
        values.n_threads = values.n_threads_batch = config["threads"]
        self._batch = int(values.n_batch)
        self._context = lib.llama_init_from_model(self._model, values)
        self._sampler = lib.llama_sampler_init_greedy()

    def tokenize(self, text: str) -> list[int]:
        """Ids of a text."""
        data = text.encode()
        ids = (lib.llama_token * (len(data) + 16))()
        count = lib.llama_tokenize(self._vocab, data, len(data), ids, len(ids), False, False)
        return list(ids[:count])

    def measure(
        self, *, prompt_tokens: int, tokens: int, number: int, cached_tokens: int = 0
    ) -> dict[str, float]:
        """Read so many tokens, write so many; tokens a second of both.

        Args:
            cached_tokens: Of the prompt; read before the clock starts, as the other side has them already.
        """
        ids = self.tokenize(long_text(prompt_tokens, number=number))[:prompt_tokens]
        lib.llama_memory_clear(lib.llama_get_memory(self._context), True)
        if cached_tokens:
            self._decode(ids[:cached_tokens])
        begun = perf_counter()
        for start in range(cached_tokens, len(ids), self._batch):
            self._decode(ids[start : start + self._batch])
        read = perf_counter()
        token = lib.llama_sampler_sample(self._sampler, self._context, -1)
        first = perf_counter()
        for _number in range(tokens - 1):
            self._decode([token])
            token = lib.llama_sampler_sample(self._sampler, self._context, -1)
        ended = perf_counter()
        return {
            "prompt_tps": (len(ids) - cached_tokens) / (read - begun),
            "decode_tps": (tokens - 1) / (ended - first),
        }

    def _decode(self, ids: Sequence[int]) -> None:
        batch = (lib.llama_token * len(ids))(*ids)
        if lib.llama_decode(self._context, lib.llama_batch_get_one(batch, len(ids))) != 0:
            raise RuntimeError("llama_decode failed")


if __name__ == "__main__":
    answers = take_stdout()
    serve(Bare(**json.loads(sys.argv[1])).measure, answers)
