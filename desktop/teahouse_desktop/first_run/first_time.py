"""Notices who opens the window for the first time, and shows them the first steps."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from teahouse_desktop.first_run import first_run
from teahouse_desktop.operations import ModelList
from teahouse_desktop.pages.pages import FIRST_RUN
from teahouse_desktop.workplace import Workplace


class FirstTime(QObject):
    """Looks each time the models are listed, until it is known.

    Args:
        list_again: Lists the models again.
    """

    def __init__(self, place: Workplace, list_again: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._place, self._list_again = place, list_again
        self._is_asking = self._is_known = self._is_missed = False

    def look(self, models: ModelList) -> None:
        """Show the first steps to who opens the window for the first time; never to who has anything here."""
        if self._is_known or self._place.memory.value(first_run.DONE):
            return
        if models.models or models.problem:
            self._is_known = True
            self._place.memory.setValue(first_run.DONE, True)
        elif self._is_asking:
            self._is_missed = True
        else:
            self._is_asking = True
            self._place.runner.start(first_run.is_first_time(app=self._place.app), done=self._on_told)

    def _on_told(self, is_first: bool | None) -> None:
        is_missed, self._is_asking, self._is_missed = self._is_missed, False, False
        if self._is_known:
            return
        if is_missed and is_first is not False:  # models may have come since it was looked at
            self._list_again()
            return
        self._is_known = is_first is not None  # else asked again when the models are listed again
        if is_first is False:
            self._place.memory.setValue(first_run.DONE, True)
        elif is_first and self._is_untouched:
            self._place.pages.open(FIRST_RUN)

    @property
    def _is_untouched(self) -> bool:
        """Whether nobody has begun anything: what is being typed must not go elsewhere."""
        focused, chat = QApplication.focusWidget(), self._place.chat
        is_elsewhere = focused is not None and focused is not chat and not chat.isAncestorOf(focused)
        over = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        return not (self._place.pages.current or is_elsewhere or over or chat.composer.text)
