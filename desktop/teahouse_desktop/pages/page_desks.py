"""Makes what stands behind the pages when a page is first opened: the window opens faster without."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from teahouse_desktop.late import load
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.page import Page
from teahouse_desktop.pages.pages import DOCTOR, FIRST_RUN, MODELS, PLUGINS, SETTINGS
from teahouse_desktop.workplace import Workplace

DESKS: Mapping[str, str] = {
    SETTINGS: "settings.settings_desk:SettingsDesk",
    DOCTOR: "pages.doctor_desk:DoctorDesk",
    MODELS: "models.models_desk:ModelsDesk",
    PLUGINS: "plugins.plugins_desk:PluginsDesk",
    FIRST_RUN: "first_run.first_run_desk:FirstRunDesk",
}
"""Name of a page → `module:class` of its desk, a `PageDesk` made from the `Workplace`."""


class PageDesk(Protocol):
    """What stands behind a page.

    It may also have `on_event(event)`, which gets each event of the app, and `finish()`, called when the
    window closes: what was typed last is kept here and now.
    """

    def make_page(self, look: Look) -> Page:
        """The page; called again after it was dropped."""
        ...


class PageDesks(QObject):
    """The desks of the pages."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self._made: dict[str, PageDesk] = {}
        for name in DESKS:
            place.pages.add(name, partial(self._page, name))

    def on_event(self, event: object) -> None:
        """Something has changed what a page shows."""
        for desk in self._made.values():
            if hear := getattr(desk, "on_event", None):
                hear(event)

    def finish(self) -> None:
        """The window closes."""
        for desk in self._made.values():
            if finish := getattr(desk, "finish", None):
                finish()

    def _page(self, name: str, look: Look) -> Page:
        if name not in self._made:
            self._made[name] = load(DESKS[name])(self._place)
        return self._made[name].make_page(look)
