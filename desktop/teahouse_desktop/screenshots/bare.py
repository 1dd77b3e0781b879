"""An app without any model: what people see first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtWidgets import QWidget

from teahouse_desktop.first_run.first_run_page import FirstRunPage
from teahouse_desktop.pages.pages import FIRST_RUN, MODELS
from teahouse_desktop.screenshots.pages import show_page
from teahouse_desktop.screenshots.stage import Place, pause
from teahouse_desktop.start import Desk


@contextmanager
def show_first_run(desk: Desk, *, step: int) -> Iterator[QWidget]:
    """One step of the first page."""
    page = desk.window.pages.open(FIRST_RUN)
    assert isinstance(page, FirstRunPage)
    page.go(step - page.number)
    pause(3000)
    yield desk.window
    page.go(-step)


@contextmanager
def show_no_model(desk: Desk) -> Iterator[QWidget]:
    """The chat without a model."""
    desk.window.pages.close()
    pause(800)
    yield desk.window


BARE: dict[str, Place] = {
    "first-run": partial(show_first_run, step=0),
    "first-run-machine": partial(show_first_run, step=1),
    "first-run-model": partial(show_first_run, step=2),
    "no-model": show_no_model,
    "models-without": partial(show_page, MODELS),
}
