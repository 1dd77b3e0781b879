"""What came out of a run: into the library, and kept there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import AppError, Translator
from teahouse.errors import ModelError, ModelFileError
from teahouse.events import changed
from teahouse.ids import new_id
from teahouse.models.disk import put_new, sync_file
from teahouse.models.identity import model_hash
from teahouse_torch.run_folder import RunFolder
from teahouse_training.phrases import command_line
from teahouse_training.records import Records
from teahouse_training.values import FINISHED, Run, TrainingRefused

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.adapters import Adapter

_ = Translator("teahouse_training")


def put_into_library(app: App, records: Records, name: str) -> Run:
    """Put a run's adapter, or its whole model, into the app's library, with a card of how it was made.

    Raises:
        AppError: The library does not take it; the file stays in the run's folder.
    """
    run, place = records.read(name), records.folder(name)
    if place.adapter.exists():
        told = card(run, place.asked().card)
        _make_way(app, run.name, told)
        added = app.adapters.add(place.adapter, run.name, card=told)
        records.tell(place, "done", adapter=added.name)
    elif place.model.exists():
        target = model_file(app, run.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        made = model_hash(place.model)
        if not is_model(target, made):  # else it was there before the state said so
            check_free_model(app, run.name, place)
            _copy(place.model, target)
        records.tell(place, "done", made_model=run.name, made_hash=made)
        app.events.publish(changed("models"))
    return records.read(name)


def check_free_model(app: App, name: str, place: RunFolder | None = None) -> None:
    """Refuse where a whole new model could not be put among the models under this name.

    Args:
        place: Where the model lies that was trained already.

    Raises:
        TrainingRefused: There is one of the name.
    """
    target = model_file(app, name)
    if target.exists() and place is not None:
        text = _("There is a model {file} already; the trained one stays in {folder}.")
        raise TrainingRefused(text.format(file=target, folder=place.folder))
    if target.exists():
        text = _("There is a model {file} already. Nothing was changed.")
        raise TrainingRefused(text.format(file=target), _("Choose another name."), name=name)


def _copy(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all, never over another one."""
    part = target.with_name(f".{target.name}.{new_id()}.part")
    try:
        shutil.copyfile(source, part)
        sync_file(part)
        put_new(part, target)
    except OSError as error:
        raise TrainingRefused(
            _("{file} cannot be written: {reason}.").format(file=target, reason=error.strerror or error),
            _("Make room there and let the run go on: what it learned is kept."),
            path=str(target),
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _make_way(app: App, name: str, told: dict[str, Any]) -> None:
    """Take out what this very run has put there before it was interrupted; others are not touched."""
    for one in app.adapters.list():
        if one.name == name and one.card.get("created") == told["created"]:
            app.adapters.remove(name)


def card(run: Run, told: Any) -> dict[str, Any]:
    """An adapter's card: what, when, from which data, with which settings, and what came of it."""
    plain = dict(told)
    settings = plain.pop("settings", "{}")
    return {
        **plain,
        "settings": json.loads(settings),
        "steps": run.step,
        "why": run.why,
        "seconds": round(run.seconds, 1),
        "evaluation": run.evaluation.as_json(),
    }


def keep(app: App, records: Records, name: str) -> Run:
    """It stays: what only going on would need is deleted, and the second copy of a whole model.

    Raises:
        TrainingRefused: Nothing has come out of the run yet.
    """
    run, place = records.read(name), records.folder(name)
    if run.state not in FINISHED:
        raise TrainingRefused(
            _("The run “{name}” is not done, so there is nothing to keep.").format(name=run.name),
            _("Let it go on: {command}").format(command=command_line("resume", run.name)),
        )
    shutil.rmtree(place.checkpoints, ignore_errors=True)
    if run.made_model and is_model(
        model_file(app, run.made_model), str(records.told(place).get("made_hash"))
    ):
        place.model.unlink(missing_ok=True)
    records.tell(place, "kept")
    return records.read(name)


def with_belongings(app: App, runs: Sequence[Run]) -> list[Run]:
    """The same runs with what of theirs is in the library now: renamed, or gone, since it was put there."""
    adapters = app.adapters.list() if any(run.adapter for run in runs) else []
    found = []
    for run in runs:
        adapter = own_adapter(adapters, RunFolder(run.folder), {"adapter": run.adapter})
        has_model = bool(run.made_model) and model_file(app, run.made_model).exists()
        found.append(replace(run, adapter=adapter, made_model=run.made_model if has_model else ""))
    return found


def own_adapter(adapters: Sequence[Adapter], place: RunFolder, told: Mapping[str, Any]) -> str:
    """Name of the adapter that a run has put into the library, renamed or not; empty for none.

    Its card tells; that of another run's copy, or from another machine, is none of its own. Where the run is
    damaged the card says too little for another name than the one it got.
    """
    wanted, run, made = str(told.get("adapter", "")), place.folder.name, _made_at(place)
    own = [
        one.name
        for one in adapters
        if one.card.get("run") == run and (not made or one.card.get("created") == made)
    ]
    if wanted in own or not wanted or not made:
        return wanted if wanted in own else ""
    return next(iter(own), "")


def _made_at(place: RunFolder) -> str:
    try:
        return place.asked().card.get("created", "")
    except AppError:
        return ""  # the run is damaged


def model_file(app: App, name: str) -> Path:
    """Where a whole model of this name lies among the models."""
    return app.paths.models / f"{name}.gguf"


def is_model(path: Path, made_hash: str) -> bool:
    """Whether a file is the model of this hash."""
    return bool(made_hash) and path.exists() and hash_of(path) == made_hash


def hash_of(path: Path) -> str:
    """What tells a model's file from others; empty for none that can be read."""
    try:
        return model_hash(path)
    except (ModelFileError, ModelError, OSError):
        return ""
