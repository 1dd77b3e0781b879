"""One run from its folder to what comes out of it; the same for the app's child and for `torchrun`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from teahouse.errors import OutOfMemory
from teahouse.language import _
from teahouse_torch import checkpoint, lora
from teahouse_torch.adapter_file import write_adapter
from teahouse_torch.answering import answer
from teahouse_torch.decoder import Decoder
from teahouse_torch.loading import best_dtype, load
from teahouse_torch.model_file import write_model
from teahouse_torch.run_folder import Asked, RunFolder
from teahouse_torch.training import Trainer
from teahouse_torch.world import World

SHORT = ("can't allocate memory", "not enough memory", "out of memory")
"""What torch says; it has no error of its own for the processor's memory."""

Emit = Callable[..., None]
"""`emit("stage", name=…)` and `emit("metrics", row=…)`."""


def carry_out(
    place: RunFolder, emit: Emit, should_stop: Callable[[], bool], world: World | None = None
) -> dict[str, Any]:
    """Train what a folder asks for, from its last checkpoint if it has one.

    Returns:
        Why it ended (see `Trainer.run`), the steps, and the path of what came out, empty where stopped:
        `adapter`, or `model` where all weights were trained.

    Raises:
        AppError: It failed, in words.
    """
    try:
        return _carry_out(place, place.asked(), emit, should_stop, world or World())
    except RuntimeError as error:
        if any(words in str(error) for words in SHORT):
            raise _short_of_memory() from error
        raise
    except MemoryError as error:
        raise _short_of_memory() from error


def _carry_out(
    place: RunFolder, asked: Asked, emit: Emit, should_stop: Callable[[], bool], world: World
) -> dict[str, Any]:
    s = asked.settings
    if s.threads:
        torch.set_num_threads(s.threads)
    emit("stage", name="loading")
    dtype = best_dtype() if s.precision == "auto" else getattr(torch, s.precision)
    device = choose_device(s.device) if world.size == 1 else world.device
    model = load(asked.model, dtype=torch.float32 if s.is_full else dtype).to(device)
    material = place.material()
    trainer = Trainer(model, material, s, place.checkpoints, should_stop, origin=asked.model, world=world)
    emit("stage", name="training")
    why = _tell_all(place, asked, trainer, emit)
    emit("stage", name="writing")
    made = _write(place, asked, model) if why != "stopped" and world.is_first else {}
    return {"why": why, "step": trainer.step, "adapter": "", "model": "", **made}


def _tell_all(place: RunFolder, asked: Asked, trainer: Trainer, emit: Emit) -> str:
    if trainer.world.is_first and not checkpoint.kept(place.checkpoints):
        place.go_back(-1)  # it was ended before anything was kept
    steps = trainer.run()
    while True:
        try:
            row = next(steps)
        except StopIteration as ended:
            return str(ended.value)
        if not trainer.world.is_first:
            continue
        if row["kind"] == "resumed":
            place.go_back(row["step"])
        if row["kind"] == "look":
            row["answers"] = _answers(asked, trainer.model, trainer.should_stop)
        place.tell(row)
        emit("metrics", row=row)


def _answers(asked: Asked, model: Decoder, should_stop: Callable[[], bool]) -> list[list[int]]:
    most, ends = asked.answer_tokens, asked.ends
    return [
        answer(model, prompt, most_tokens=most, ends=ends, should_stop=should_stop)
        for prompt in asked.questions
    ]


def _write(place: RunFolder, asked: Asked, model: Decoder) -> dict[str, str]:
    if asked.settings.is_full:
        write_model(place.model, model, origin=asked.model, name=asked.name)
        return {"model": str(place.model)}
    write_adapter(
        place.adapter,
        lora.changes(model),
        architecture=model.c.architecture,
        alpha=asked.settings.lora.file_alpha,
        name=asked.name,
        card=asked.card,
    )
    return {"adapter": str(place.adapter)}


def choose_device(wanted: str) -> str:
    """The device of this name; `auto` takes a graphics card where there is one."""
    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _short_of_memory() -> OutOfMemory:
    return OutOfMemory(
        _("There was not enough memory to train. What was kept is in the run's folder."),
        _(
            "Take shorter rows, fewer at once, or “Save memory” in the settings; or unload the chat's model"
            " first."
        ),
    )
