"""Carries a run out: the torch child, what it tells, how it is stopped, what comes out of it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Mapping
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from teahouse import AppError, Translator
from teahouse.engine.devices import oom_kills
from teahouse.errors import EngineCrashed
from teahouse.jobs import Cancel
from teahouse_training.keeping import put_into_library
from teahouse_training.looks import Speller
from teahouse_training.phrases import command_line
from teahouse_training.records import Records
from teahouse_training.values import Run, RunProgress, Stage, State

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.workers.process import Worker
    from teahouse_torch.run_folder import RunFolder

_ = Translator("teahouse_training")

ENTRY = "teahouse_torch.child:serve"
STOP_WITHIN_S = 60.0
"""So long a step may take until it is ended without being kept; what was kept before stays."""
LOOK_EACH_S = 0.5
REMEMBERED = 12
"""Steps from whose time the rest is foretold."""
KILLED = -9


class TrainingStopped(AppError):
    """The training's process has died; what was kept is in the run's folder."""


class Forecast:
    """When a run will be done, from how long its latest steps and looks took."""

    def __init__(self, step: int, steps: int, look_every: int) -> None:
        self.step, self._steps, self._look_every = step, steps, look_every
        self._times: dict[str, deque[float]] = {
            "step": deque(maxlen=REMEMBERED),
            "look": deque(maxlen=3),
        }
        self._at = time.monotonic()

    def note(self, row: Mapping[str, Any]) -> None:
        """A row has come."""
        now = time.monotonic()
        kind = str(row.get("kind"))
        if kind in self._times:
            self._times[kind].append(now - self._at)
        self._at, self.step = now, int(row.get("step", self.step))

    @property
    def eta_s(self) -> float | None:
        """Seconds that are left; None before the first step."""
        if not self._times["step"]:
            return None
        left = max(0, self._steps - self.step)
        looks = -(-left // self._look_every)
        look_s = fmean(self._times["look"]) if self._times["look"] else 0.0
        return left * median(self._times["step"]) + looks * look_s


class Carrying:
    """One run being carried out by a child, until it is done, stopped or failed."""

    def __init__(self, app: App, records: Records, run: Run, place: RunFolder) -> None:
        self._app, self._records, self._run, self._place = app, records, run, place
        self._speller: Speller | None = None
        self._forecast = Forecast(run.step, run.steps, run.settings.look_every)
        self._ender = Cancel()
        self._stop_by: float | None = None
        self._looked_at = 0.0
        self._stage: Stage = "loading"
        self._row: Mapping[str, Any] | None = None
        self._begun = time.monotonic()

    def work(self, cancel: Cancel) -> Generator[RunProgress, None, Run]:
        """Train, and put what came out into the library; a cancel pauses."""
        records, place = self._records, self._place
        records.forget_stop(place)
        records.tell(place, "running", error="", hint="", why="")
        yield RunProgress(self._run.name, "loading")
        kills = oom_kills()
        try:
            worker = self._app.workers.start(ENTRY, cancel=cancel)
            try:
                done = yield from self._listen(worker, cancel)
            finally:
                worker.close()
        except EngineCrashed as error:
            raise self._crashed(error, oom_kills() > kills) from error
        except AppError as error:
            self._end("paused" if cancel.is_set() else "failed", error)
            raise
        return self._ended(done, cancel)

    # --- while it works -----------------------------------------------------------------------------

    def _listen(self, worker: Worker, cancel: Cancel) -> Generator[RunProgress, None, dict[str, Any]]:
        steps = worker.ask("train", self._ender, folder=str(self._place.folder))
        try:
            while True:
                event = self._next(steps, cancel)
                if isinstance(event, _Done):
                    return event.result
                if (told := self._told(event, worker)) and not cancel.is_set():
                    yield told
        except GeneratorExit:  # nobody listens any more: let it finish its step, and note how it stands
            cancel.set()
            while not isinstance(event := self._next(steps, cancel), _Done):
                self._told(event, worker)
            self._ended(event.result, cancel)
            raise

    def _next(self, steps: Generator[Any, None, Any], cancel: Cancel) -> Any:
        """The next event, or `_Done`; sees to it that a wish to stop is heard."""
        self._look_for_stop(cancel)
        try:
            return next(steps)
        except StopIteration as ended:
            return _Done(ended.value)

    def _look_for_stop(self, cancel: Cancel) -> None:
        now = time.monotonic()
        if cancel.is_forced:
            self._ender.force()
        elif self._stop_by is not None:
            if now > self._stop_by:
                self._ender.set()
        elif cancel.is_set():
            if self._records.asked_to_stop(self._place) is None:
                self._records.ask_to_stop(self._place, "paused")
            self._stop_by = now + STOP_WITHIN_S
        elif now - self._looked_at > LOOK_EACH_S:
            self._looked_at = now
            if self._records.asked_to_stop(self._place) is not None:
                self._stop_by = now + STOP_WITHIN_S

    def _told(self, event: Mapping[str, Any], worker: Worker) -> RunProgress | None:
        """What an event of the child means for people; None for signs of life."""
        if event["event"] == "stage":
            self._stage = event["name"]
            return self._progress(worker)
        if event["event"] != "metrics":
            return None
        self._row = event["row"]
        self._forecast.note(event["row"])
        return self._progress(worker, event["row"])

    def _progress(self, worker: Worker, row: Mapping[str, Any] | None = None) -> RunProgress:
        steps, step = self._run.steps, self._forecast.step
        return RunProgress(
            self._run.name,
            self._stage,
            row,
            self._forecast.eta_s,
            tuple(self._spell(ids) for ids in (row or {}).get("answers") or ()),
            memory_of(worker.pid),
            step,
            steps,
            step / steps if self._stage == "training" else None,
        )

    def _spell(self, ids: list[int]) -> str:
        self._speller = self._speller or Speller.of(self._place)
        return self._speller.spell(ids)

    # --- how it ended -------------------------------------------------------------------------------

    def _ended(self, done: Mapping[str, Any], cancel: Cancel) -> Run:
        if done["why"] == "stopped":
            self._end(self._records.asked_to_stop(self._place) or "paused")
            return self._records.read(self._run.name)
        self._end("running", why=done["why"])  # a crash before it is in the library: going on puts it there
        try:
            put_into_library(self._app, self._records, self._run.name)
        except AppError as error:  # going on tries it again
            self._end("failed", error)
            raise
        self._records.tell(self._place, "done")
        return self._records.read(self._run.name)

    def _crashed(self, error: EngineCrashed, was_memory: bool) -> AppError:
        """The error for people; the run goes on from its last checkpoint."""
        asked = self._records.asked_to_stop(self._place)
        reason, is_memory = error.text, was_memory or error.data.get("exit_code") == KILLED
        hint = _("Most likely memory ran out. Close other programs or unload the chat's model.")
        if not is_memory:
            hint = _("It goes on where it was: {command}")
        hint = hint.format(command=command_line("resume", self._run.name))
        text = _("The training was interrupted: {reason} What was learned up to the last checkpoint is kept.")
        told = TrainingStopped(text.format(reason=reason), hint, run=self._run.name, **error.data)
        # The command is for whoever waits in a terminal; the panel has a button.
        kept = TrainingStopped(told.text, hint if is_memory else "")
        self._end(asked or "interrupted", None if asked else kept)
        return told

    def _end(self, state: State, error: AppError | None = None, *, why: str = "") -> None:
        before = float(self._records.told(self._place).get("seconds", 0.0))
        text, hint = (error.text, error.hint) if error else ("", "")
        self._records.tell(
            self._place,
            state,
            error=text,
            hint=hint,
            why=why,
            seconds=before + time.monotonic() - self._begun,
        )
        self._begun = time.monotonic()


class _Done:
    """The child's last word."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.result = result


def memory_of(pid: int, root: Path = Path("/proc")) -> int:
    """Bytes of memory that a process takes now; 0 where that cannot be known."""
    try:
        for line in (root / str(pid) / "status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) << 10
    except (OSError, ValueError, IndexError):
        return 0
    return 0
