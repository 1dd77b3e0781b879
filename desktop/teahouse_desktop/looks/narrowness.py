"""Makes room in a narrow window: the conversations give way, and come instead of the chat when asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSplitter, QWidget

from teahouse_desktop.conversations.sidebar import Sidebar
from teahouse_desktop.frame import SIDEBAR_WIDTH
from teahouse_desktop.looks.appearance import Appearance
from teahouse_desktop.looks.look import Look

CHAT_EM = 20
"""Lines of messages that the chat needs beside the conversations, at least, in lines' heights."""

LEAST_SIDE_EM, LEAST_SIDE = 9, 300


class Narrowness(QObject):
    """Watches the width of a window.

    While it is narrow, the conversations are hidden; shown, they take the place of the chat until one is
    opened or they are hidden again. Both stand beside each other again when there is room.
    """

    def __init__(self, window: QWidget, sidebar: Sidebar, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._sidebar, self._look = window, sidebar, appearance.look
        self._is_narrow = self._was_shown = False
        self._width = SIDEBAR_WIDTH
        window.installEventFilter(self)
        sidebar.installEventFilter(self)
        appearance.changed.connect(self._on_look)
        for signal in (
            sidebar.opened,
            sidebar.new_requested,
            sidebar.foot.opened,
            sidebar.found.list.chosen,
            sidebar.search.left,
        ):
            signal.connect(self._make_way)
        sidebar.list.clicked.connect(self._make_way)
        self._on_look(appearance.look)

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for both."""
        return self._is_narrow

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another width, or the conversations are shown or hidden."""
        kinds = QEvent.Type
        if watched is self._window and event.type() == kinds.Resize:
            self._fit()
        elif watched is self._sidebar and event.type() in (kinds.ShowToParent, kinds.HideToParent):
            self._share()
        return super().eventFilter(watched, event)

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _beside(self) -> QWidget | None:
        """What stands beside the conversations."""
        return self._window.findChild(QWidget, "centre")

    def _on_look(self, look: Look) -> None:
        self._look = look
        self._sidebar.setMinimumWidth(min(round(look.em * LEAST_SIDE_EM), LEAST_SIDE))
        self._fit()

    def _fit(self) -> None:
        is_narrow = self._window.width() < self._sidebar.minimumWidth() + self._look.em * CHAT_EM
        if is_narrow is self._is_narrow:
            if not is_narrow and self._sidebar.isVisible():
                self._width = self._sidebar.width()  # later it may be squeezed
            return
        self._is_narrow = is_narrow
        if is_narrow:
            self._was_shown = not self._sidebar.isHidden()
            self._sidebar.hide()
        elif self._was_shown:
            self._sidebar.show()
        self._share()
        if not is_narrow:
            self._widen()

    def _widen(self) -> None:
        """Give the conversations the width they had."""
        splitter = self._sidebar.parentWidget()
        if isinstance(splitter, QSplitter):
            splitter.setSizes([self._width, self._window.width() - self._width])

    def _share(self) -> None:
        """Show what there is room for."""
        if (beside := self._beside) is not None:
            beside.setVisible(self._sidebar.isHidden() or not self._is_narrow)

    def _make_way(self, *_told: object) -> None:
        if self._is_narrow:
            self._sidebar.hide()
