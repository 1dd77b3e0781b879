"""Opens the command palette with what can be done now, and runs what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from teahouse_desktop.look import Look

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.commands import Command
    from teahouse_desktop.palette import Palette
    from teahouse_desktop.window import Window


class PaletteDesk(QObject):
    """Connects the palette with the window; it is imported and made when it is first opened."""

    def __init__(self, app: App, window: Window, memory: QSettings, look: Look) -> None:
        super().__init__(window)
        self._app, self._window, self._look = app, window, look
        self._memory = memory
        self.palette: Palette | None = None

    def open(self) -> None:
        """Open it, or close it where it is open."""
        from teahouse_desktop.commands import collect
        from teahouse_desktop.palette import Palette, RecentCommands

        if self.palette is None:
            self.palette = Palette(self._look, RecentCommands(self._memory), self._window)
            self.palette.chosen.connect(self._run)
        if self.palette.isVisible():
            self.palette.dismiss()
        else:
            self.palette.open(collect(self._app, self._window))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        self._look = look
        if self.palette is not None:
            self.palette.set_look(look)

    def _run(self, command: Command) -> None:
        command.run()
