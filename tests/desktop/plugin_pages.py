"""Pages of the bundled plugins' panels that a picture would need a trained model for: shown by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from teahouse.passages import Place as Where
from teahouse_desktop.screenshots.stage import Place, pause, wait
from teahouse_desktop.start import Desk
from teahouse_documents.panel.rules_dialog import RulesDialog
from teahouse_documents.panel.study_desk import StudyDesk
from teahouse_documents.summary.steps import Made, Part
from teahouse_documents.values import Source
from teahouse_training.panel.values import ShownRun

RUN = ShownRun("pirate", "starter", "done", rows=4, step=8, steps=8, adapter="pirate")
SUMMARY = Made(
    "plan.pdf", "/plan.pdf", "starter", "en", "The plan.", (Part("x", Where(page=1), 9, "Why."),), (), 1.0
)


@contextmanager
def show_page(plugin: str, go: Callable[[Any], object], desk: Desk) -> Iterator[QWidget]:
    """A page of a plugin's only panel, which `go` opens."""
    wait(lambda: desk.window.panels.show_panel(plugin, plugin), "the panel")
    wait(lambda: not desk.window.runner.is_working, "what it reads")
    go(desk.window._dock.widget())
    pause(150)
    yield desk.window
    desk.window._dock.close()


def fill_new(panel: Any) -> None:
    """The page for a new training, with a pair of lines in it."""
    panel.show_new()
    panel.new.data.typed.table.show_pairs((("What is tea?", "Leaves, matey!"),))


def open_run(panel: Any) -> None:
    """The page of a training that has ended."""
    panel.run.show_run(RUN)
    panel.pages.setCurrentWidget(panel.run)


def open_summary(panel: Any) -> None:
    """The page of a summary that was made."""
    [study] = panel.findChildren(StudyDesk)
    page, _desk = study._summary_page()
    panel.show_page(page)
    page.show_begun(SUMMARY.name)
    page.show_made(SUMMARY)


@contextmanager
def show_rules(desk: Desk) -> Iterator[QWidget]:
    """The window with the rules of a folder."""
    dialog = RulesDialog(Source(1, 1, "folder", "/papers"), desk.window)
    dialog.open()
    pause(150)
    yield dialog
    dialog.close()


PLUGIN_PAGES: dict[str, Place] = {
    "training-runs": partial(show_page, "training", lambda panel: panel.show_runs()),
    "training-form": partial(show_page, "training", fill_new),
    "training-adapters": partial(show_page, "training", lambda panel: panel.show_adapters()),
    "training-run": partial(show_page, "training", open_run),
    "documents-summary": partial(show_page, "documents", open_summary),
    "documents-rules": show_rules,
}
