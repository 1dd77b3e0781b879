"""Makes what stands behind the pages when a page is first opened: the window opens faster without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from teahouse_desktop.look import Look
from teahouse_desktop.page import Page
from teahouse_desktop.pages import DOCTOR, SETTINGS, PageHost
from teahouse_desktop.runner import Runner
from teahouse_desktop.shortcuts import Shortcuts

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.doctor_desk import DoctorDesk
    from teahouse_desktop.settings_desk import SettingsDesk


class PageDesks(QObject):
    """The desks of the pages.

    Args:
        at_once: See `SettingsDesk`.
    """

    def __init__(
        self,
        app: App,
        runner: Runner,
        pages: PageHost,
        shortcuts: Shortcuts,
        at_once: Mapping[str, Callable[[str], object]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._app, self._runner, self._pages = app, runner, pages
        self._shortcuts, self._at_once = shortcuts, at_once
        self._settings: SettingsDesk | None = None
        self._doctor: DoctorDesk | None = None
        pages.add(SETTINGS, self._settings_page)
        pages.add(DOCTOR, self._doctor_page)

    def on_event(self, event: object) -> None:
        """Something has changed what a page shows."""
        if self._settings is not None:
            self._settings.on_event(event)

    def finish(self) -> None:
        """The window closes: what was typed last is kept here and now."""
        if self._settings is not None:
            self._settings.finish()

    def _settings_page(self, look: Look) -> Page:
        if self._settings is None:
            from teahouse_desktop.settings_desk import SettingsDesk

            self._settings = SettingsDesk(
                self._app, self._runner, self._pages, self._shortcuts, self._at_once, self
            )
        return self._settings.make_page(look)

    def _doctor_page(self, look: Look) -> Page:
        if self._doctor is None:
            from teahouse_desktop.doctor_desk import DoctorDesk

            self._doctor = DoctorDesk(self._app, self._runner, self._pages, self)
        return self._doctor.make_page(look)
