"""Logits of llama.cpp, from a process of its own: it never shares one with torch.

Run as a program: `native.py MODEL IDS.npy LOGITS.npy [ADAPTER SCALE]`.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


def native_logits(
    model: Path, ids: Sequence[int], folder: Path, *, adapter: Path | None = None, scale: float = 1.0
) -> np.ndarray:
    """float32 (tokens, vocabulary), of every position."""
    asked, told = folder / "ids.npy", folder / "logits.npy"
    np.save(asked, np.array(ids, np.int32))
    words = [str(model), str(asked), str(told), *([str(adapter), str(scale)] if adapter else [])]
    environ = {**os.environ, "GOMP_SPINCOUNT": "1000"}  # spinning threads collapse on a busy machine
    done = subprocess.run([sys.executable, __file__, *words], capture_output=True, timeout=240, env=environ)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return np.load(told)


def main(model: str, asked: str, told: str, adapter: str = "", scale: str = "1") -> None:
    import llama_cpp as lib

    ids = np.load(asked)
    lib.llama_backend_init()
    options = lib.llama_model_default_params()
    options.use_extra_bufts = False
    loaded = lib.llama_model_load_from_file(model.encode(), options)
    assert loaded, "llama.cpp refused the model"
    settings = lib.llama_context_default_params()
    settings.n_ctx = settings.n_batch = settings.n_ubatch = max(256, len(ids))
    settings.n_threads = settings.n_threads_batch = 2
    settings.type_k = settings.type_v = 0  # float32: the cache is not what is compared
    settings.flash_attn_type = 0
    context = lib.llama_init_from_model(loaded, settings)
    if adapter:
        _adapt(lib, loaded, context, adapter, float(scale))
    batch = lib.llama_batch_init(len(ids), 0, 1)
    batch.n_tokens = len(ids)
    for place, token in enumerate(ids):
        batch.token[place], batch.pos[place] = int(token), place
        batch.n_seq_id[place], batch.logits[place] = 1, 1
        batch.seq_id[place][0] = 0
    assert lib.llama_decode(context, batch) == 0
    size = lib.llama_vocab_n_tokens(lib.llama_model_get_vocab(loaded))
    rows = np.ctypeslib.as_array(lib.llama_get_logits(context), shape=(len(ids), size))
    np.save(told, rows.copy())


def _adapt(lib: Any, model: Any, context: Any, adapter: str, scale: float) -> None:
    handle = lib.llama_adapter_lora_init(model, adapter.encode())
    assert handle, "llama.cpp refused the adapter"
    handles = (lib.llama_adapter_lora_p_ctypes * 1)(ctypes.cast(handle, lib.llama_adapter_lora_p_ctypes))
    assert lib.llama_set_adapters_lora(context, handles, 1, (ctypes.c_float * 1)(scale)) == 0


if __name__ == "__main__":
    main(*sys.argv[1:])
