"""A child with its own context and llama.cpp's own calls: `tests.core.engine.rows:serve`."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import numpy as np

from teahouse.workers.child import Call, Server

LENGTH = 1024


def serve(server: Server) -> None:
    """One verb."""
    server.verb("shares", shares)


def shares(
    call: Call, *, path: str, ids: list[int], position: int, batches: list[int], config: dict[str, Any]
) -> dict[str, Any]:
    """Softmax of llama.cpp's logits after the first `position` tokens, read in batches of these sizes."""
    import llama_cpp as lib

    context, size = make(path, config["threads"])
    lib.llama_memory_clear(lib.llama_get_memory(context), True)
    start = 0
    for count in batches:
        batch = lib.llama_batch_init(count, 0, 1)
        batch.n_tokens = count
        for place in range(count):
            batch.token[place], batch.pos[place] = ids[start + place], start + place
            batch.n_seq_id[place], batch.seq_id[place][0], batch.logits[place] = 1, 0, 1
        assert lib.llama_decode(context, batch) == 0
        if start < position <= start + count:
            pointer = lib.llama_get_logits_ith(context, position - 1 - start)
            row = np.ctypeslib.as_array(pointer, shape=(size,)).astype(np.float64)
        lib.llama_batch_free(batch)
        start += count
    exponents = np.exp(row - row.max())
    found = (exponents / exponents.sum()).astype("<f8")
    return {"shares": base64.b64encode(found.tobytes()).decode("ascii")}


@cache
def make(path: str, threads: int) -> tuple[Any, int]:
    """A context and the size of the vocabulary."""
    import llama_cpp as lib

    values = lib.llama_model_default_params()
    values.n_gpu_layers = 0
    model = lib.llama_model_load_from_file(path.encode(), values)
    options = lib.llama_context_default_params()
    options.n_ctx = LENGTH
    options.n_batch = options.n_ubatch = 512
    options.n_threads = options.n_threads_batch = threads
    return lib.llama_init_from_model(model, options), lib.llama_vocab_n_tokens(
        lib.llama_model_get_vocab(model)
    )
