"""What the window does with plugins' commands: offers them in a menu and the palette, and runs them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction

from teahouse.events import Changed
from teahouse.jobs import Job, JobEnded
from teahouse.setting import Value
from teahouse_desktop.plugins.plugin_commands import PluginCommand, list_commands, run_command
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse_desktop.plugins.command_dialog import CommandDialog


class PluginDesk(QObject):
    """Knows the commands of the running plugins.

    Attributes:
        commands: What can be run now.
        dialog: The window of the last command that was opened.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place = place
        self.commands: list[PluginCommand] = []
        self.dialog: CommandDialog | None = None
        self._actions: list[QAction] = []
        place.window.bridge.received.connect(self._on_event)
        place.window.installEventFilter(self)
        self._ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another language, other titles."""
        if event.type() == QEvent.Type.LanguageChange:
            self._offer()
        return super().eventFilter(watched, event)

    def open(self, command_id: str) -> CommandDialog | None:
        """Show the window of a command; None where no plugin brings it any more."""
        one = next((one for one in self.commands if one.id == command_id), None)
        if one is None:
            return None
        from teahouse_desktop.plugins.command_dialog import CommandDialog

        dialog = self.dialog = CommandDialog(one, self._place.look, self._place.window)
        dialog.run_requested.connect(partial(self._run, dialog))
        dialog.show()
        return dialog

    # --- inside -----------------------------------------------------------------------------------

    def _on_event(self, event: object) -> None:
        if isinstance(event, Changed) and "plugins" in event.kinds:
            self._ask()

    def _ask(self) -> None:
        self._place.runner.start(list_commands(app=self._place.app), done=self._take)

    def _take(self, commands: list[PluginCommand]) -> None:
        self.commands = commands
        self._offer()

    def _offer(self) -> None:
        for action in self._actions:
            action.deleteLater()
        self._actions = [self._action(one) for one in self.commands if one.command.is_in_menu]
        self._place.window.menus.show_plugins(self._actions)

    def _action(self, one: PluginCommand) -> QAction:
        action = QAction(f"{one.title()} …".replace("&", "&&"), self)
        action.setToolTip(one.plugin)
        action.triggered.connect(partial(self._open, one.id))
        return action

    def _open(self, command_id: str, _is_checked: bool = False) -> None:
        self.open(command_id)

    def _run(self, dialog: CommandDialog, values: Mapping[str, Value]) -> None:
        operation = run_command(app=self._place.app, one=dialog.one, values=values)
        dialog.show_busy()
        job = self._place.runner.start(
            operation, progressed=dialog.show_progress, ended=partial(_show_end, dialog)
        )
        dialog.stop_requested.connect(partial(self._stop, job))

    def _stop(self, job: Job) -> None:
        self._place.runner.stop(job)


def _show_end(dialog: CommandDialog, ended: JobEnded) -> None:
    from shiboken6 import isValid

    if not isValid(dialog):
        return
    if ended.is_cancelled:
        dialog.show_stopped()
    elif ended.error is not None:
        dialog.show_failure(*in_words(ended.error))
    else:
        dialog.show_result(ended.result)
