"""The torch child: carries out one run at a time.

The app prepares the run's folder with the engine's help and starts this child with
`teahouse_torch.child:serve`; torch is loaded nowhere else.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.errors import EngineError
from teahouse.language import _
from teahouse.workers.child import Call, Server

if TYPE_CHECKING:
    from teahouse_torch.decoder import Decoder
    from teahouse_torch.run_folder import Asked, RunFolder
    from teahouse_torch.training import Trainer

OUT_OF_MEMORY = ("can't allocate memory", "out of memory", "CUDA error: out of memory")
"""What torch says; it has no error of its own for the processor's memory."""
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

    return {
        "version": torch.__version__,
        "threads": torch.get_num_threads(),
        "device": _device("auto"),
        "has_bfloat16": bool(torch.cpu._is_avx512_bf16_supported()),
    }


def train(call: Call, *, folder: str) -> dict[str, Any]:
    """Carry out the run in a folder, from its last checkpoint if it has one.

    Emits `metrics` with each row of `metrics.jsonl`. Returns why it ended (see `Trainer.run`), the steps and
    the adapter's path, which is empty where it was stopped.
    """
    from teahouse_torch.run_folder import RunFolder

    place = RunFolder(Path(folder))
    asked = place.asked()
    try:
        return _train(call, place, asked)
    except RuntimeError as error:
        if any(words in str(error) for words in OUT_OF_MEMORY):
            raise _short_of_memory() from error
        raise
    except MemoryError as error:
        raise _short_of_memory() from error


def _train(call: Call, place: RunFolder, asked: Asked) -> dict[str, Any]:
    import torch

    from teahouse_torch.loading import best_dtype, load
    from teahouse_torch.training import Trainer

    s = asked.settings
    if s.threads:
        torch.set_num_threads(s.threads)
    call.emit("stage", name="loading")
    dtype = best_dtype() if s.precision == "auto" else getattr(torch, s.precision)
    model = load(asked.model, dtype=torch.float32 if s.is_full else dtype).to(_device(s.device))
    trainer = Trainer(model, place.material(), s, place.checkpoints, lambda: call.is_cancelled)
    call.emit("stage", name="training")
    why = _tell_all(call, place, asked, trainer)
    is_whole = why != "stopped" and not s.is_full
    if is_whole:
        _write_adapter(place, asked, model)
    return {"why": why, "step": trainer.step, "adapter": str(place.adapter) if is_whole else ""}


def _tell_all(call: Call, place: RunFolder, asked: Asked, trainer: Trainer) -> str:
    steps = trainer.run()
    while True:
        try:
            row = next(steps)
        except StopIteration as ended:
            return str(ended.value)
        if row["kind"] == "resumed":
            place.go_back(row["step"])
        if row["kind"] == "look":
            row["answers"] = _answers(call, asked, trainer.model)
        place.tell(row)
        call.emit("metrics", row=row)


def _answers(call: Call, asked: Asked, model: Decoder) -> list[list[int]]:
    from teahouse_torch.answering import answer

    return [
        answer(
            model,
            prompt,
            most_tokens=asked.answer_tokens,
            ends=asked.ends,
            should_stop=lambda: call.is_cancelled,
        )
        for prompt in asked.questions
    ]


def _write_adapter(place: RunFolder, asked: Asked, model: Decoder) -> None:
    from teahouse_torch import lora
    from teahouse_torch.adapter_file import write_adapter

    write_adapter(
        place.adapter,
        lora.changes(model),
        architecture=model.c.architecture,
        alpha=asked.settings.lora.file_alpha,
        name=asked.name,
        card=asked.card,
    )


def _device(wanted: str) -> str:
    import torch

    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _short_of_memory() -> EngineError:
    return EngineError(
        _("There was not enough memory to train."),
        _("Take shorter rows, fewer at once, or turn checkpointing on; or unload the chat's model first."),
    )
