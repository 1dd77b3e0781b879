"""Says that a model has come and offers to use it, as long as it is not in use."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from teahouse_desktop.models.model_picker import ModelPicker
from teahouse_desktop.widgets.notices import NoticeBar


class UseOffer(QObject):
    """The offer that is on the screen, at most one.

    Args:
        choose: Uses the model of this name.
    """

    def __init__(self, picker: ModelPicker, choose: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._picker, self._choose = picker, choose
        self._shown: tuple[NoticeBar, str, str] | None = None

    def show(self, notices: NoticeBar, text: str, name: str) -> None:
        """Say that the model `name` has come; what is the only one, or in use, is not offered."""
        if self._picker.current in ("", name):
            notices.show_text(text)
            return
        self._shown = notices, text, name
        notices.offer(text, self.tr("Use it"), lambda: self._choose(name))

    def settle(self) -> None:
        """Another model is in use, or others are here: an offer of the one in use goes."""
        if self._shown is not None and self._shown[2] == self._picker.current:
            notices, text, _name = self._shown
            self._shown = None
            notices.drop_offer(text)
