"""Before and after a run: is there memory, whose is it, and it is given back."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.jobs import Cancel, Job
from teahouse_torch import examples_file
from teahouse_torch.run_folder import TRAIN
from teahouse_training import needs
from teahouse_training.carrying import Carrying
from teahouse_training.gathering import find_model
from teahouse_training.records import Records
from teahouse_training.room import room_for
from teahouse_training.values import Run, RunProgress, TrainingRefused

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Work

_ = Translator("teahouse_training")


def start(app: App, records: Records, name: str, *, unloads: bool, is_forced: bool) -> Work:
    """Work that trains a run; see `Runs.start`."""

    def work(cancel: Cancel) -> Generator[RunProgress, None, Run]:
        needs.check()
        run, place = records.read(name), records.folder(name)
        with records.held(place):
            run = records.read(name)  # the one that held it may have changed it
            # Our own lock makes it look as if it ran; whoever held it before is gone.
            if run.state not in ("running",) and not run.can_resume:
                raise _finished(run)
            model = find_model(app, run.model)
            assert model.path is not None
            records.check_whole(place, model.path)
            freed = _unload(app) if unloads else ()
            try:
                if not is_forced:
                    longest = examples_file.sizes(place.examples(TRAIN)).longest
                    room_for(app, model, run.settings, longest=longest).check()
                return (yield from Carrying(app, records, run, place).work(cancel))
            finally:
                _load_again(app, freed)

    return work


def _finished(run: Run) -> TrainingRefused:
    return TrainingRefused(
        _("The run “{name}” is done already.").format(name=run.name),
        _("Make another one with more steps, or discard this one."),
    )


def _unload(app: App) -> tuple[str, ...]:
    """Free the loaded models' memory, in turn with replies; tells which."""
    names = tuple(app.engines.loaded)

    def work(cancel: Cancel) -> Generator[None, None, None]:
        yield from ()
        for name in names:
            app.engines.unload(name, cancel)

    if names:
        app.jobs.finish(Job(_("Making room for training"), work), "model")
    return names


def _load_again(app: App, names: tuple[str, ...]) -> None:
    for name in names:
        app.jobs.start(Job(_("Loading {model}").format(model=name), app.engines.load(name)), "model")
