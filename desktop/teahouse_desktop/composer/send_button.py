"""The button beside the field: Send, Stop while a reply is made, and Force stop where that takes long."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from teahouse_desktop.looks.icons import make_icon
from teahouse_desktop.looks.look import Look
from teahouse_desktop.transcript import accessible

SIZE = 32
ICON = 19


class SendButton(QToolButton):
    """Says what pressing it would do now."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("send")
        self._look = look
        self._is_replying = self._is_stopping = self._can_force = self._can_send = False
        self.set_look(look)

    @property
    def is_replying(self) -> bool:
        """Whether a reply is being made, which it stops."""
        return self._is_replying

    def set_replying(self, is_replying: bool) -> None:
        """Turn into Stop while a reply is made."""
        self._is_replying = is_replying
        if not is_replying:
            self._is_stopping = self._can_force = False
        self._show()

    def set_stopping(self, is_stopping: bool, *, can_force: bool) -> None:
        """Say that the reply is being stopped, and let the engine be ended when that takes long."""
        if (is_stopping, can_force) != (self._is_stopping, self._can_force):
            self._is_stopping, self._can_force = is_stopping, can_force
            self._show()
            accessible.announce(self, self.accessibleName())

    def set_can_send(self, can_send: bool) -> None:
        """Whether there is something to send, and a model to send it to."""
        self._can_send = can_send
        self._show()

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        self.setIconSize(look.square(ICON))
        self._show()
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Name it again in another language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show()
        super().changeEvent(event)

    # --- inside -----------------------------------------------------------------------------------

    def _show(self) -> None:
        is_ready = self._is_replying or self._can_send
        face = "danger" if self._can_force else "on_accent" if is_ready else "muted"
        self.setIcon(make_icon("stop" if self._is_replying else "arrow-up", self._look.colour(face)))
        tip, name = self._names()
        self.setToolTip(tip)
        self.setAccessibleName(name)
        self.setEnabled(is_ready)
        self.setText(f" {name}" if self._can_force else "")
        if (self.property("stage") == "force") is not self._can_force:
            self._widen()

    def _names(self) -> tuple[str, str]:
        """(tool tip, name)."""
        if self._can_force:
            tip = self.tr("End the engine at once (Esc). What has been written is kept.")
            return tip, self.tr("Force stop")
        if self._is_stopping:
            return self.tr("Stopping …"), self.tr("Stopping …")
        if self._is_replying:
            return self.tr("Stop (Esc)"), self.tr("Stop")
        return self.tr("Send (Enter)"), self.tr("Send")

    def _widen(self) -> None:
        """Words beside the icon where it ends the engine: nobody is to do that unawares."""
        style = Qt.ToolButtonStyle
        self.setProperty("stage", "force" if self._can_force else "")
        self.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if self._can_force else style.ToolButtonIconOnly
        )
        self.style().unpolish(self)
        self.style().polish(self)
        self._fit()

    def _fit(self) -> None:
        size = self._look.square(SIZE)
        self.setFixedSize(self.sizeHint().width() if self._can_force else size.width(), size.height())
