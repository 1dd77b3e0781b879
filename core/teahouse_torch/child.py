"""The torch child: carries out one run at a time.

The app prepares the run's folder with the engine's help and starts this child with
`teahouse_torch.child:serve`; torch is loaded nowhere else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from teahouse.workers.child import Call, Server

NICER = 10


def serve(server: Server) -> None:
    """Register the verbs."""
    assert "llama_cpp" not in sys.modules, "torch and llama.cpp never share a process"
    if hasattr(os, "nice"):
        os.nice(NICER)  # the chat goes first
    server.verb("facts", facts)
    server.verb("train", train)


def facts(call: Call) -> dict[str, Any]:
    """What this torch can compute with."""
    import torch

    from teahouse_torch.running import choose_device

    return {
        "version": torch.__version__,
        "threads": torch.get_num_threads(),
        "device": choose_device("auto"),
        "has_bfloat16": bool(torch.cpu._is_avx512_bf16_supported()),
    }


def train(call: Call, *, folder: str) -> dict[str, Any]:
    """Carry out the run in a folder; see `running.carry_out` for what it returns.

    Emits `stage` with a `name` (loading, training, writing) and `metrics` with each row of `metrics.jsonl`.
    """
    from teahouse_torch.run_folder import RunFolder
    from teahouse_torch.running import carry_out

    place = RunFolder(Path(folder))
    # a cancel is given three seconds, and a step may take longer: a file asks to stop after it
    return carry_out(place, call.emit, lambda: call.is_cancelled or place.stop_file.exists())
