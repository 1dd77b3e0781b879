"""A model with adapters made part of it, as a new file of the models folder."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.engine.processor import default_threads
from teahouse.errors import AdapterError, EngineCrashed, EngineError, ModelError
from teahouse.events import changed
from teahouse.ids import new_id
from teahouse.jobs import Cancel, Work
from teahouse.language import _, listed
from teahouse.models.adapter_choice import Fitted
from teahouse.models.copying import COPY_PREFIX, COPY_SUFFIX
from teahouse.models.disk import MARGIN_BYTES, free_bytes, megabytes, put_new, sync_file, sync_folder
from teahouse.models.folder import check_there
from teahouse.models.header import Header
from teahouse.models.library import Model
from teahouse.models.shelf import check_free_name, checked_name
from teahouse.workers.process import WAITING, Worker

if TYPE_CHECKING:
    from teahouse.app import App

ENTRY = "teahouse.engine.merging:serve"
TYPES = {"F16": 1, "Q8_0": 7, "Q6_K": 18, "Q5_K_M": 17, "Q4_K_M": 15, "Q4_0": 2}
"""How the numbers of a merged model can be kept → `enum llama_ftype`."""
STAGES = ("convert", "add", "quantize")


@dataclass(frozen=True, slots=True)
class MergeProgress:
    """A stage (one of `STAGES`) has come so far, from 0 to 1."""

    stage: str
    fraction: float


def merge(app: App, model: Model, adapters: Sequence[Fitted], *, name: str, file_type: str = "F16") -> Work:
    """Work that yields `MergeProgress` and returns the new `Model`; stopped, it leaves nothing behind.

    Args:
        adapters: Looked up for this model, as by `adapter_choice.fitted`.
        name: Of the new model; never that of one there is.
        file_type: One of `TYPES`.

    Raises:
        AdapterError: There is none to merge.
        ModelError: The name is taken or cannot be used, or there is no room.
        EngineError: It could not be done.
    """

    def work(cancel: Cancel) -> Generator[MergeProgress, None, Model]:
        check_there(app.paths)
        folder = app.paths.models
        target = folder / f"{checked_name(name)}.gguf"
        header = _checked(model, adapters, target, file_type)
        folder.mkdir(parents=True, exist_ok=True)
        parts = [folder / f"{COPY_PREFIX}{new_id()}{COPY_SUFFIX}" for _number in range(2)]
        _check_room(header, folder, is_quantized=file_type != "F16")
        try:
            yield from _made(app, model, adapters, parts, file_type, cancel)
            made = parts[0] if file_type == "F16" else parts[1]
            sync_file(made)
            put_new(made, target)
            sync_folder(folder)
        except OSError as error:
            raise ModelError(
                _("{file} cannot be written: {reason}. Nothing was changed.").format(
                    file=target, reason=error.strerror or error
                ),
                path=str(target),
            ) from error
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        app.events.publish(changed("models"))
        return app.models.look_up(str(target))

    return work


def _checked(model: Model, adapters: Sequence[Fitted], target: Path, file_type: str) -> Header:
    if file_type not in TYPES:
        raise ModelError(
            _("A model cannot be kept as {type}.").format(type=file_type),
            _("Choose one of: {names}.").format(names=listed(TYPES)),
        )
    if not adapters:
        raise AdapterError(_("There is no adapter to merge: name one with a scale above 0."))
    if model.path is None or model.header is None:
        raise ModelError(_("“{name}” is no file, so nothing can be merged into it.").format(name=model.name))
    check_free_name(target)
    return model.header


def _check_room(header: Header, folder: Path, *, is_quantized: bool) -> None:
    """Half precision takes two bytes a number, and the quantized file less than that."""
    half = 2 * header.parameter_count
    needed = MARGIN_BYTES + (half * 3 // 2 if is_quantized else half)
    if (free := free_bytes(folder)) < needed:
        raise ModelError(
            _("Merging needs {needed} MB on the disk of {folder}, and {free} MB are free.").format(
                needed=megabytes(needed), folder=folder, free=megabytes(free)
            ),
            _("Make room there. Nothing was changed."),
            needed_bytes=needed,
            free_bytes=free,
        )


def _made(
    app: App, model: Model, adapters: Sequence[Fitted], parts: Sequence[Path], file_type: str, cancel: Cancel
) -> Generator[MergeProgress, None, None]:
    assert model.path is not None
    readable = [model.path, app.paths.adapters]
    worker = app.workers.start(ENTRY, readable=readable, writable=[app.paths.models], cancel=cancel)
    try:
        steps = worker.ask(
            "merge",
            path=str(model.path),
            adapters=[[one.path, one.scale] for one in adapters],
            half=str(parts[0]),
            out="" if file_type == "F16" else str(parts[1]),
            file_type=TYPES[file_type],
            threads=default_threads(),
        )
        with closing(steps):
            yield from _watched(steps, worker, cancel)
    finally:
        worker.close()


def _watched(
    steps: Generator[dict[str, Any], None, Any], worker: Worker, cancel: Cancel
) -> Generator[MergeProgress, None, None]:
    """Progress; a stop ends the child at once: llama.cpp listens to nothing while it writes a file."""
    while True:
        if cancel.is_set():
            worker.kill()
        try:
            event = next(steps)
        except StopIteration:
            return
        except EngineCrashed:
            if cancel.is_set():
                raise EngineError(_("Merging was stopped. Nothing was kept.")) from None
            raise
        if event is not WAITING and event["event"] == "progress":
            yield MergeProgress(event["stage"], event["fraction"])
