"""What the window does about how it looks: fonts, sizes, distances, motion, keys in tool tips, narrowness."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from teahouse.events import Changed
from teahouse.jobs import JobEnded
from teahouse_desktop.looks.narrowness import Narrowness
from teahouse_desktop.looks.taste import KEYS, LEAST, MOST, STEP, USUAL, read_taste
from teahouse_desktop.workplace import Workplace

ASK_AFTER_MS = 1500
"""The desktop is asked about motion when the window has come to rest."""


class LooksDesk(QObject):
    """Puts in force what the settings say, as soon as they say it."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self._under_way = 0
        self.narrowness = Narrowness(place.window, place.sidebar, place.appearance)
        place.window.bridge.received.connect(self._on_event)
        place.shortcuts.changed.connect(self._show_keys)
        self._show_keys()
        self._on_settings()
        QTimer.singleShot(ASK_AFTER_MS, self, self._ask_about_motion)

    @property
    def has_colours(self) -> bool:
        """Whether any colour of the person's own theme was chosen."""
        taste = self._place.appearance.taste
        return bool(taste.accent or taste.ground or taste.text)

    def can_enlarge(self, steps: int) -> bool:
        """Whether text can be larger (1), smaller (-1), or of the usual size (0) than now."""
        now = self._place.appearance.taste.text_percent
        return _enlarged(now, steps) != now

    def enlarge(self, steps: int) -> None:
        """Make text larger (1), smaller (-1), or as usual (0), now and from now on."""
        from teahouse_desktop.settings import setting_operations

        appearance = self._place.appearance
        percent = _enlarged(appearance.taste.text_percent, steps)
        appearance.wear(replace(appearance.taste, text_percent=percent))
        values = {KEYS["text_percent"]: percent}
        keep = setting_operations.keep_settings(app=self._place.app, values=values)
        self._under_way += 1
        self._place.runner.start(keep, ended=self._on_kept)

    # --- inside -----------------------------------------------------------------------------------

    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed) and "settings" in event.kinds:
            self._on_settings()

    def _on_settings(self) -> None:
        settings, appearance = self._place.app.settings, self._place.appearance
        taste = read_taste(settings)
        if self._under_way:  # who presses the key again and again is ahead of the disk
            taste = replace(taste, text_percent=appearance.taste.text_percent)
        appearance.wear(taste)

    def _on_kept(self, ended: JobEnded) -> None:
        self._under_way -= 1
        if ended.error is not None:
            self._place.runner.failed.emit(ended)
        self._on_settings()

    def _show_keys(self) -> None:
        keys = self._place.shortcuts.keys
        self._place.sidebar.show_keys(keys)
        self._place.topbar.show_keys(keys)

    def _ask_about_motion(self) -> None:
        from teahouse_desktop.looks.motion import Motion

        self._motion = Motion(self)
        self._motion.changed.connect(self._place.appearance.rest)
        self._motion.ask()


def _enlarged(percent: int, steps: int) -> int:
    """A size some steps away, within the limits; 0 steps is the usual one."""
    return USUAL if not steps else min(max(percent // STEP * STEP + steps * STEP, LEAST), MOST)
