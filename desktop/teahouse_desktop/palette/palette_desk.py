"""Opens the command palette with what can be done now, and runs what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from teahouse_desktop.looks.look import Look
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse_desktop.palette.commands import Command
    from teahouse_desktop.palette.palette import Palette


class PaletteDesk(QObject):
    """Connects the palette with the window; it is imported and made when it is first opened."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._window, self._look = place.app, place.window, place.look
        self._memory = place.memory
        place.appearance.changed.connect(self.set_look)
        self.palette: Palette | None = None

    def open(self) -> None:
        """Open it, or close it where it is open."""
        from teahouse_desktop.palette.commands import collect
        from teahouse_desktop.palette.palette import Palette, RecentCommands

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
