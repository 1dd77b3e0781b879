"""Opens the window: the entry point `qt` of the group `teahouse.window`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from teahouse import language
from teahouse_desktop import collector
from teahouse_desktop.interrupts import Interrupts
from teahouse_desktop.language.languages import Languages
from teahouse_desktop.looks.appearance import Appearance
from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.taste import read_taste

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.doorbell import Doorbell
    from teahouse_desktop.window import Window


@dataclass(frozen=True, slots=True)
class Desk:
    """The window with what decides how it looks and speaks."""

    window: Window
    appearance: Appearance
    languages: Languages


def run(app: App, *, is_report: bool = False, bell: Doorbell | None = None) -> int:
    """Show the window until it is closed; returns the exit code. The app stays open.

    Args:
        is_report: Print how it started, and quit.
        bell: Where other processes ask for this window; None where they cannot.
    """
    collector.pause()
    application = make_application()
    desk = open_desk(app, application)
    desk.window.first_paint.painted.connect(collector.settle, Qt.ConnectionType.QueuedConnection)
    desk.window.crashes.install()
    if bell is not None:
        painted = desk.window.first_paint.painted
        painted.connect(lambda: desk.window.desks.reach.listen(bell), Qt.ConnectionType.QueuedConnection)
    if is_report:
        _report(app, desk.window)
    interrupts = Interrupts(lambda: desk.window.desks.reach.quit(), application)
    code = application.exec()
    interrupts.stop()
    desk.window.deleteLater()
    application.processEvents()
    return code


def _report(app: App, window: Window) -> None:
    from teahouse_desktop.startup import StartupWatch, print_report

    def done(report: dict[str, object]) -> None:
        print_report(report)
        window.close()

    StartupWatch(app, window, done)


def make_application() -> QApplication:
    """The process's one QApplication."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    application.setApplicationName("teahouse")
    application.setApplicationDisplayName("")
    application.setDesktopFileName("teahouse")
    return application


def open_desk(app: App, application: QApplication) -> Desk:
    """Make the window in the chosen theme and language, and show it."""
    from teahouse_desktop.window import Window

    languages = Languages(application)
    spoken = languages.show(language.active())
    theme = str(app.settings.get("app.theme"))
    taste = read_taste(app.settings)
    appearance = Appearance(application, theme, taste, language=spoken, parent=application)
    languages.changed.connect(appearance.speak)
    application.setWindowIcon(make_icon("coffee", appearance.look.colour("accent")))
    window = Window(app, appearance, languages)
    window.show()
    return Desk(window, appearance, languages)
