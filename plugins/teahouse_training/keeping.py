"""What came out of a run: into the library, kept there, or thrown away."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.events import changed
from teahouse.ids import new_id
from teahouse.models.disk import put_new, sync_file
from teahouse_training.phrases import command_line
from teahouse_training.records import DRAFT, Records
from teahouse_training.values import FINISHED, Run, TrainingRefused

if TYPE_CHECKING:
    from teahouse.app import App

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
        target = app.paths.models / f"{run.name}.gguf"
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            raise TrainingRefused(
                _("There is a model {file} already; the trained one stays in {folder}.").format(
                    file=target, folder=run.folder
                )
            )
        _copy(place.model, target)
        app.events.publish(changed("models"))
    return records.read(name)


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
    """It stays: what only going on would need is deleted.

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
    records.tell(place, "kept")
    return records.read(name)


def discard(app: App, records: Records, name: str) -> None:
    """Throw a run away, with its adapter in the library; the person's own data is not touched.

    Raises:
        TrainingRefused: It is being trained.
    """
    place = records.folder(name)
    with records.held(place):
        adapter = str(records.told(place).get("adapter", ""))  # a damaged run can be discarded, too
        own = [one for one in app.adapters.list() if one.name == adapter]
        if own and own[0].card.get("run", place.folder.name) == place.folder.name:  # not that of its copy
            app.adapters.remove(adapter)
        (place.folder / DRAFT).unlink(missing_ok=True)  # from now on nobody can start it
    records.remove(place)
