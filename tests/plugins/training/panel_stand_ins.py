"""Stand-ins for tests of the panel: runs in memory, and a window that only runs work."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.jobs import Cancel, Job, JobEnded, Work
from teahouse.setting import Value
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.operations import Operation
from teahouse_desktop.plugins.bare_window import BareWindow
from teahouse_desktop.runner import Runner
from teahouse_torch.settings import TrainingSettings
from teahouse_training.data.rows import Issue
from teahouse_training.panel.desk import TrainingDesk
from teahouse_training.panel.library_desk import LibraryDesk
from teahouse_training.panel.training_panel import TrainingPanel
from teahouse_training.panel.values import Trainable
from teahouse_training.panel.workshop import Workshop
from teahouse_training.room import Room
from teahouse_training.runs import Checked, Damaged, Discarded, Draft, Evaluation, Run, RunProgress, Seen

WAIT_MS = 20_000

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # pytest-qt makes its QApplication before any fixture runs

MODEL = "starter"
ROOM = Room(1_700_000_000, 5_000_000_000, (MODEL,), 400_000_000)
ANSWERS = ("Arr, matey!", "我是说书人。")


def metrics(steps: int) -> list[dict[str, Any]]:
    """Rows as a run tells them: a look, then steps, a look at every tenth."""
    rows: list[dict[str, Any]] = [look(0)]
    for step in range(1, steps + 1):
        rows.append(
            {"kind": "step", "step": step, "loss": 4 / step, "rate": 3e-4, "gradient": 1.5, "tokens": 200,
             "learned": 60, "seconds": 0.5}
        )  # fmt: skip
        if step % 10 == 0 or step == steps:
            rows.append(look(step))
    return rows


def look(step: int) -> dict[str, Any]:
    """A look at what is held out, and at general texts."""
    return {
        "kind": "look", "step": step, "held_out": 4 - step / 10, "moved": step / 10,
        "perplexity": {"en": 20 + step / 10, "zh": 30.0},
        "texts": list(ANSWERS) if step else ["Hello.", "我是助手。"],
    }  # fmt: skip


def make_run(name: str = "pirate", **changes: Any) -> Run:
    """A run that is done, unless something else is said."""
    made = Run(
        name=name, folder=Path("/nowhere"), state="done", kind="sft", model=MODEL, preset="facts",
        created_ms=1_700_000_000_000, step=30, steps=30, source="rows.jsonl", rows=32, held_out=3,
        settings=TrainingSettings(), evaluation=Evaluation(), questions=("Who are you?", "你是谁？"),
        adapter=name,
    )  # fmt: skip
    return replace(made, **changes)


class FakeRuns:
    """The public face of the runs, in memory; `calls` has what was asked, `go` lets one take a step."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.held: list[Run] = []
        self.damaged: list[Damaged] = []
        self.going: Discarded | None = None
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.calls: list[tuple[str, Any]] = []
        self.threads: set[str] = set()
        self.fault: Exception | None = None
        self.steps = 4
        self.go = threading.Semaphore(0)
        self.issues: tuple[Issue, ...] = ()

    def read_all(self) -> tuple[list[Run], list[Damaged]]:
        self._note("list")
        return list(self.held), list(self.damaged)

    def look_at_discard(self, name: str) -> Discarded:
        self._note("look_at_discard", name)
        return self.going or Discarded(name, name)

    def history(self, name: str) -> list[dict[str, Any]]:
        self._note("history", name)
        return list(self.rows.get(name, ()))

    def check(self, draft: Draft, *, sample: int) -> Work:
        def work(cancel: Cancel) -> Generator[object, None, Checked]:
            self._note("check", draft)
            yield RunProgress(draft.name, "preparing")
            ids = ((1, b"<|im_start|>", True, False), (2, b"Who", False, False), (3, b"Arr", False, True))
            seen = Seen(1, *(tuple(one[at] for one in ids) for at in (0, 1, 3, 2)))  # type: ignore[arg-type]
            return Checked(
                name=draft.name, total=4, rows=3, held_out=1, issues=self.issues, tokens=90,
                learned_tokens=30, longest=40, preset="facts", settings=TrainingSettings(steps=12),
                sample=(seen,),
            )  # fmt: skip

        return work

    def prepare(self, draft: Draft) -> Work:
        def work(cancel: Cancel) -> Generator[object, None, Run]:
            self._note("prepare", draft)
            yield RunProgress(draft.name, "reading")
            steps = self.steps
            made = make_run(draft.name, state="prepared", step=0, steps=steps, adapter="", rows=3)
            self.held.insert(0, made)
            return made

        return work

    def start(self, name: str, *, unloads: bool = False, is_forced: bool = False) -> Work:
        def work(cancel: Cancel) -> Generator[object, None, Run]:
            self._note("start", (name, unloads, is_forced))
            self.change(name, state="running")
            yield RunProgress(name, "loading")
            rows = metrics(self.steps)
            self.rows[name] = []
            for row in rows:
                while not self.go.acquire(timeout=0.02):
                    if cancel.is_set():
                        return self.change(name, state="paused")
                self.rows[name].append(row)
                told = tuple(row.get("texts", ()))
                step = int(row["step"])
                self.change(name, step=step)
                yield RunProgress(
                    name, "training", row, eta_s=60.0, answers=told, memory_bytes=1_500_000_000, step=step,
                    steps=self.steps,
                )  # fmt: skip
            return self.change(name, state="done", adapter=name)

        return work

    def pause(self, name: str) -> Run:
        self._note("pause", name)
        return self.change(name, state="paused")

    def cancel(self, name: str) -> Run:
        self._note("cancel", name)
        return self.change(name, state="cancelled")

    def keep(self, name: str) -> Run:
        self._note("keep", name)
        return self.change(name, state="kept")

    def discard(self, name: str) -> None:
        self._note("discard", name)
        self.held = [run for run in self.held if run.name != name]
        self.damaged = [run for run in self.damaged if run.name != name]

    def change(self, name: str, **changes: Any) -> Run:
        """Let a run stand otherwise."""
        made = replace(next(run for run in self.held if run.name == name), **changes)
        self.held = [made if run.name == name else run for run in self.held]
        return made

    def asked(self, verb: str) -> list[Any]:  # type: ignore[valid-type]
        """With what a call was made."""
        return [value for name, value in self.calls if name == verb]

    def _note(self, verb: str, value: Any = None) -> None:
        self.threads.add(threading.current_thread().name)
        if self.fault is not None:
            raise self.fault
        self.calls.append((verb, value))


class RunningWindow(BareWindow):
    """Runs work as the window does."""

    def __init__(self, app: App, widget: QWidget) -> None:
        super().__init__(widget)
        self.model = MODEL
        self._bridge = Bridge(app.events, self)
        self._runner = Runner(app, self._bridge, self)

    def choose(self, key: str, value: Value | None) -> None:
        super().choose(key, value)
        self.conversation_changed.emit()

    def run(
        self,
        operation: Operation,
        *,
        done: Callable[[Any], None] | None = None,
        progressed: Callable[[Any], None] | None = None,
        ended: Callable[[JobEnded], None] | None = None,
    ) -> Job:
        return self._runner.start(operation, done=done, progressed=progressed, ended=ended)

    def stop(self, job: Job) -> None:
        self._runner.stop(job)

    def close(self) -> None:
        """Take no more events."""
        self._runner.drop_all()
        self._bridge.close()


class Shown:
    """The panel in a window of its own, over runs in memory."""

    def __init__(self, app: App, qtbot: QtBot, runs: FakeRuns) -> None:
        self.app, self.runs, self._bot = app, runs, qtbot
        self.holder = QWidget()
        self.window = RunningWindow(app, self.holder)
        self.workshop = Workshop(app, self.window, runs, self.holder)  # type: ignore[arg-type]
        self.panel = TrainingPanel(self.workshop, self.window.look, self.holder)
        self.desk = TrainingDesk(app, self.panel, self.workshop, self.window)
        self.library = LibraryDesk(app, self.panel, self.window)
        qtbot.addWidget(self.holder)
        self.holder.resize(460, 760)
        self.panel.setGeometry(self.holder.rect())
        self.holder.show()
        self.refresh()

    def refresh(self) -> None:
        """Read the runs and wait until they are shown."""
        with self._bot.waitSignal(self.workshop.read, timeout=WAIT_MS):
            self.workshop.refresh()

    def wait(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so."""
        self._bot.waitUntil(lambda: bool(is_so()), timeout=WAIT_MS)

    def press(self, words: str) -> None:
        """Press a button of the open question."""
        self.wait(self._dialogs)
        button = next(one for one in self._dialogs()[-1].findChildren(QPushButton) if one.text() == words)
        button.click()

    def close(self) -> None:
        """Hear nothing any more."""
        self.window.close()
        self.holder.close()

    def _dialogs(self) -> list[QDialog]:
        return [one for one in self.holder.findChildren(QDialog) if one.isVisible()]


def trainable(_app: App) -> tuple[Trainable, ...]:
    """One model that can be trained, and one that cannot."""
    return (Trainable(MODEL), Trainable("rwkv", "", "Models of the kind rwkv cannot be trained."))
