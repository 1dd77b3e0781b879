"""Training runs, as the panel and the terminal use them: everything they need is here.

    runs = Runs(app)
    run = yield from runs.prepare(Draft("my-tea", "starter", FileRows(path)))(cancel)
    for progress in runs.start(run.name)(cancel): ...

Whatever reads files or asks a model is work (`jobs.Work`) or must not be called on the window's thread; the
docstrings say which.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse_torch import examples_file
from teahouse_torch.run_folder import TRAIN, RunError
from teahouse_training import discarding, keeping, needs
from teahouse_training.damage import Damaged
from teahouse_training.discarding import Discarded
from teahouse_training.lanes import in_turn
from teahouse_training.looks import history
from teahouse_training.records import Records, check_name
from teahouse_training.values import (
    Checked,
    ChosenChats,
    Draft,
    Evaluation,
    FileRows,
    Run,
    RunProgress,
    Seen,
    ShortOfMemory,
    TrainingRefused,
    TypedRows,
)

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel, Work
    from teahouse_training.room import Room

__all__ = [
    "Checked",
    "ChosenChats",
    "Damaged",
    "Discarded",
    "Draft",
    "Evaluation",
    "FileRows",
    "Run",
    "RunProgress",
    "Runs",
    "Seen",
    "ShortOfMemory",
    "TrainingRefused",
    "TypedRows",
    "check_name",
]

_ = Translator("teahouse_training")

SAMPLE = 20
"""Rows that are shown as the model will see them."""


class Runs:
    """The training runs of one installation. Any thread but the window's may use it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._records = Records(app.paths.data / "training")

    # --- looking ------------------------------------------------------------------------------------

    def list(self) -> Sequence[Run]:
        """Every run that can be read, the newest first; `read_all` has the others, too. Reads files."""
        return self.read_all()[0]

    def read_all(self) -> tuple[Sequence[Run], Sequence[Damaged]]:
        """Every run, the newest first, and those that cannot be read. Reads files."""
        found: list[Run] = []
        bad: list[Damaged] = []
        for name in self._records.names():
            try:
                run = self._read(name)
            except TrainingRefused:
                continue  # it was discarded at this moment
            if isinstance(run, Damaged):
                bad.append(run)
            else:
                found.append(run)
        found = keeping.with_belongings(self._app, found)
        return sorted(found, key=lambda run: -run.created_ms), bad

    def find(self, name: str) -> Run:
        """One run as it stands. Reads files.

        Raises:
            TrainingRefused: There is no such run.
            RunError: Its folder is damaged.
        """
        return keeping.with_belongings(self._app, [self._records.read(name)])[0]

    def history(self, name: str) -> Sequence[dict[str, Any]]:
        """All rows of a run's metrics, in order; looks have their answers as `texts`. Reads files."""
        return history(self._records.folder(name))

    def missing(self) -> Sequence[str]:
        """Libraries of the extra `train` that are not installed; empty when training can begin. Quick."""
        return needs.missing()

    # --- making -------------------------------------------------------------------------------------

    def check(self, draft: Draft, *, sample: int = SAMPLE) -> Work:
        """Work for the lane `model`: what would become of a draft, as a `Checked`; nothing is written.

        Yields `RunProgress` of the stages `reading` and `preparing`.

        Args:
            sample: Rows that are shown as the model will see them.

        The work raises:
            DataError: The data cannot be read, or there is nothing to learn in it.
            SettingError: The numbers cannot be.
            ModelError, EngineError: The model cannot be found or loaded.
        """
        from teahouse_training.preparing import check

        return check(self._app, draft, sample=sample)

    def prepare(self, draft: Draft) -> Work:
        """Work for the lane `model`: makes a run of a draft and returns the `Run`, whole or not at all.

        The person's file is only read; a snapshot of the rows is kept with the run. Raises as `check`, and

        The work raises:
            TrainingRefused: The extra is missing, or the name cannot be, or is taken.
        """
        from teahouse_training.preparing import prepare

        return prepare(self._app, self._records, draft)

    def in_turn(self, title: str, work: Work, cancel: Cancel) -> Generator[Any, None, Any]:
        """The same work from another lane: it takes its turn with the replies. Yields what it yields."""
        return in_turn(self._app, title, work, cancel)

    # --- training -----------------------------------------------------------------------------------

    def room(self, name: str) -> Room:
        """The memory that a run needs and that there is. Reads files."""
        from teahouse_training.gathering import find_model
        from teahouse_training.room import room_for

        run, place = self.find(name), self._records.folder(name)
        model = find_model(self._app, run.model)
        longest = examples_file.sizes(place.examples(TRAIN)).longest
        return room_for(self._app, model, run.settings, longest=longest)

    def start(self, name: str, *, unloads: bool = False, is_forced: bool = False) -> Work:
        """Work for the lane `io`: trains a run, from where it was, and returns the `Run` when it has ended.

        Yields `RunProgress`. A cancel pauses it: the step that is being taken is finished and kept. When it
        is done, its adapter is in the library (`app.adapters`) under the run's name.

        Args:
            unloads: Free the chat's models first, and load them again afterwards.
            is_forced: Begin although there seems to be too little memory.

        The work raises:
            ShortOfMemory: There is too little memory; ask the person, then `unloads=True`.
            TrainingRefused: The run is done, or another process trains it, or the extra is missing.
            AppError: It failed, in words: the run's `error` has them too.
        """
        from teahouse_training.starting import start

        return start(self._app, self._records, name, unloads=unloads, is_forced=is_forced)

    resume = start
    """The same: a run always goes on from its last checkpoint."""

    def pause(self, name: str) -> Run:
        """Ask whoever trains it, here or in another process, to stop after this step; `resume` goes on.

        Raises:
            TrainingRefused: It is not running.
        """
        return self._stop(name, is_for_good=False)

    def cancel(self, name: str) -> Run:
        """The same for good: it counts as cancelled; what was kept stays until it is discarded."""
        return self._stop(name, is_for_good=True)

    # --- afterwards ---------------------------------------------------------------------------------

    def keep(self, name: str) -> Run:
        """What came out stays in the library; the checkpoints are deleted. Writes files.

        Raises:
            TrainingRefused: It is not done.
        """
        return keeping.keep(self._app, self._records, name)

    def look_at_discard(self, name: str) -> Discarded:
        """What `discard` would delete, and what it would leave; a damaged run, too. Reads files.

        Raises:
            TrainingRefused: There is no such run.
        """
        return discarding.look_at_discard(self._app, self._records, name)

    def discard(self, name: str) -> Discarded:
        """Delete the run with what it has put into the library; the person's own data is not touched.

        Waits for the lane `model` where its model is loaded. Writes files.

        Raises:
            TrainingRefused: It is being trained.
            AdapterError, ModelError: What it made cannot be deleted; the run stays.
        """
        return discarding.discard(self._app, self._records, name)

    def _read(self, name: str) -> Run | Damaged:
        try:
            return self._records.read(name)
        except RunError as error:
            return discarding.look_at_damaged(self._app, self._records, name, error)

    def _stop(self, name: str, *, is_for_good: bool) -> Run:
        run, place = self.find(name), self._records.folder(name)
        if run.state == "running":
            self._records.ask_to_stop(place, "cancelled" if is_for_good else "paused")
        elif is_for_good and run.can_resume:
            self._records.tell(place, "cancelled")
        else:
            raise TrainingRefused(_("The run “{name}” is not being trained.").format(name=run.name))
        return self.find(name)
