"""Runs that are thrown away, with what they have put into the library."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from teahouse import AppError, Translator
from teahouse.jobs import Cancel, Job
from teahouse.models.shelf import take_out
from teahouse_torch.run_folder import RunFolder
from teahouse_training.damage import DRAFT, Damaged, damaged_run
from teahouse_training.keeping import hash_of, is_model, model_file, own_adapter
from teahouse_training.records import Records

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_training")


@dataclass(frozen=True, slots=True)
class Discarded:
    """What goes with a run, and what stays.

    Attributes:
        adapter: Name of its adapter in the library; empty for none.
        made_model: Name of the whole model that it put among the models; empty for none.
        model_bytes: What that takes on the disk.
        kept_model: A model that has the name of what the run made, and is another file now: it stays.
    """

    name: str
    adapter: str = ""
    made_model: str = ""
    model_bytes: int = 0
    kept_model: str = ""

    def as_json(self) -> dict[str, Any]:
        """Everything."""
        return asdict(self)


def look_at_discard(app: App, records: Records, name: str) -> Discarded:
    """What `discard` would delete, and what it would leave; a damaged run, too."""
    place = records.folder(name)
    told = records.told(place)
    model, is_own = _made_model(app, place, told)
    return Discarded(
        place.folder.name,
        own_adapter(app.adapters.list(), place, told),
        model if is_own else "",
        model_file(app, model).stat().st_size if is_own else 0,
        "" if is_own else model,
    )


def look_at_damaged(app: App, records: Records, name: str, error: AppError) -> Damaged:
    """What can be said of a run that could not be read."""
    would = look_at_discard(app, records, name)
    return damaged_run(
        records.folder(name), error, adapter=would.adapter, made_model=would.made_model or would.kept_model
    )


def discard(app: App, records: Records, name: str) -> Discarded:
    """Throw a run away, with what it has put into the library; the person's own data is not touched.

    Raises:
        TrainingRefused: It is being trained.
        AdapterError, ModelError: What it made cannot be deleted; the run stays.
    """
    place = records.folder(name)
    with records.held(place):
        found = look_at_discard(app, records, name)
        if found.adapter:
            app.adapters.remove(found.adapter)
        if found.made_model:
            _take_out(app, found.made_model)
        (place.folder / DRAFT).unlink(missing_ok=True)  # from now on nobody can start it
    records.remove(place)
    return found


def _made_model(app: App, place: RunFolder, told: Mapping[str, Any]) -> tuple[str, bool]:
    """Name of the model that this run has put among the models, and whether the file there is still that."""
    name = str(told.get("made_model", "")) or (place.folder.name if place.model.exists() else "")
    if not name or name != place.folder.name or not model_file(app, name).exists():
        return "", False
    made = str(told.get("made_hash", "")) or hash_of(place.model)
    return name, is_model(model_file(app, name), made)


def _take_out(app: App, name: str) -> None:
    """Remove a model, in turn with the replies where it is the one that answers."""
    model = app.models.look_up(str(model_file(app, name)))

    def work(_cancel: Cancel) -> Generator[None, None, None]:
        yield from ()
        take_out(app, model)

    if model.name not in app.engines.loaded:
        take_out(app, model)
        return
    ended = app.jobs.finish(Job(_("Removing the model {name}").format(name=name), work), "model")
    if ended.error is not None:
        raise ended.error
