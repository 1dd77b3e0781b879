"""How Teahouse is reached while another program has the focus: keys, the tray, another start of it.

Each is there only where the person wants it and the desktop allows it; what came of it is said beside
the setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from teahouse.events import Changed
from teahouse_desktop.quick.quick_desk import bring_up
from teahouse_desktop.settings.setting_words import QUICK_KEYS
from teahouse_desktop.settings.shortcuts import PORTABLE
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.doorbell import Doorbell, Ring
    from teahouse_desktop.looks.look import Look
    from teahouse_desktop.quick.global_shortcut import GlobalShortcut, Outcome
    from teahouse_desktop.quick.tray_icon import TrayIcon
    from teahouse_desktop.settings.setting_row import SettingRow

TRAY = "app.tray"
TOLD = "tray_told"
"""In the window's memory: it was said once that closing keeps the app in the tray."""


class ReachDesk(QObject):
    """Holds the keys, the icon in the tray, and hears other processes."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._window = place, place.window
        self._shortcut: GlobalShortcut | None = None
        self._outcome: Outcome | None = None
        self._keys = ""
        self._tray: TrayIcon | None = None
        self._rows: list[SettingRow] = []
        self._is_quitting = False
        self._window.bridge.received.connect(self._on_event)
        self._window.installEventFilter(self)
        place.appearance.changed.connect(self._on_look)
        self._apply()

    @property
    def tray(self) -> TrayIcon | None:
        """The icon in the tray, where there is one."""
        return self._tray

    @property
    def outcome(self) -> Outcome | None:
        """What came of the keys; None while nobody has wanted any."""
        return self._outcome

    def listen(self, bell: Doorbell) -> None:
        """Hear what other processes ask for."""
        from teahouse_desktop.quick.doorbell_watch import DoorbellWatch

        DoorbellWatch(bell, self._place.runner, self).rung.connect(self._on_ring)

    def join(self, row: SettingRow) -> None:
        """Say on the settings page, below a setting, what came of it."""
        self._rows = [one for one in self._rows if isValid(one)]
        if row.setting.key in (QUICK_KEYS, TRAY):
            self._rows.append(row)
            self._tell()

    def quit(self) -> None:
        """End the app, also where closing the window would keep it in the tray."""
        self._is_quitting = True
        QApplication.setQuitOnLastWindowClosed(True)
        was_hidden = self._window.isHidden()
        self._window.close()
        if was_hidden:
            QApplication.quit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window is being closed, or told of another language."""
        if watched is self._window and event.type() == QEvent.Type.Close:
            if self._is_staying():
                event.ignore()
                self._stay()
                return True
            self._finish()
        elif watched is self._window and event.type() == QEvent.Type.LanguageChange:
            self._tell()
        return super().eventFilter(watched, event)

    # --- settings -----------------------------------------------------------------------------------

    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed) and "settings" in event.kinds:
            self._apply()

    def _apply(self) -> None:
        """Put in force what the settings say."""
        settings = self._place.app.settings
        keys = str(settings.get(QUICK_KEYS))
        if keys != self._keys:
            self._keys = keys
            self._bind(QKeySequence(keys, PORTABLE))
        if bool(settings.get(TRAY)) is not (self._tray is not None):
            self._put_into_tray(bool(settings.get(TRAY)))
        self._tell()

    def _bind(self, keys: QKeySequence) -> None:
        from teahouse_desktop.quick import global_shortcut

        if self._shortcut is None:
            self._shortcut = global_shortcut.choose(self)
            self._shortcut.pressed.connect(lambda token: self._window.desks.quick.toggle(token))
            self._shortcut.settled.connect(self._on_settled)
        if keys.isEmpty():
            self._shortcut.release()
            self._on_settled(global_shortcut.Outcome("off"))
        else:
            self._shortcut.bind(keys)

    def _on_settled(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._tell()

    def _put_into_tray(self, is_wanted: bool) -> None:
        if self._tray is not None:
            self._tray.remove()
            self._tray = None
        if is_wanted:
            from teahouse_desktop.quick.tray_icon import TrayIcon

            tray = self._tray = TrayIcon(self._place.look, self._window)
            tray.show_requested.connect(lambda: bring_up(self._window))
            tray.quick_requested.connect(lambda: self._window.desks.quick.show())
            tray.new_requested.connect(self._begin_new)
            tray.quit_requested.connect(self.quit)
        QApplication.setQuitOnLastWindowClosed(not is_wanted)

    def _tell(self) -> None:
        for row in self._rows:
            if isValid(row):
                row.show_outcome(self._words(row.setting.key))

    def _words(self, key: str) -> str:
        if key == QUICK_KEYS:
            from teahouse_desktop.quick.global_shortcut import Outcome, describe

            return describe(self._outcome or Outcome("off"))
        if self._tray is None:
            return ""
        if not _has_tray():
            return self.tr("This desktop shows no tray: closing the window ends Teahouse.")
        return self.tr("In use: closing the window keeps Teahouse in the tray.")

    # --- what is asked for --------------------------------------------------------------------------

    def _on_ring(self, ring: Ring) -> None:
        if ring.word == "quick":
            self._window.desks.quick.show(ring.token)
        else:
            bring_up(self._window, ring.token)

    def _begin_new(self) -> None:
        bring_up(self._window)
        self._place.pages.close()
        self._window.desks.lists.start()

    # --- closing ------------------------------------------------------------------------------------

    def _is_staying(self) -> bool:
        """Whether closing the window keeps the app: not at the end of the desktop's session."""
        is_ending = self._is_quitting or _is_session_ending()
        return self._tray is not None and _has_tray() and not is_ending

    def _stay(self) -> None:
        if self._place.memory.value(TOLD):
            self._window.hide()
            return
        from teahouse_desktop.quick.tray_notice import tell_of_tray

        box = tell_of_tray(self._window, quit_app=self.quit)
        box.accepted.connect(self._window.hide)
        self._place.memory.setValue(TOLD, "yes")

    def _finish(self) -> None:
        self._window.desks.quick.finish()
        if self._shortcut is not None:
            self._shortcut.release()
        if self._tray is not None:
            self._tray.remove()
            self._tray = None
        QApplication.setQuitOnLastWindowClosed(True)

    def _on_look(self, look: Look) -> None:
        if self._tray is not None:
            self._tray.set_look(look)


def _is_session_ending() -> bool:
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()


def _has_tray() -> bool:
    from teahouse_desktop.quick.tray_icon import has_tray

    return has_tray()
