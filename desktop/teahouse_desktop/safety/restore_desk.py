"""What the window does about the health of the conversations: says it, and offers the ways back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt, Signal

from teahouse.jobs import Job, JobEnded
from teahouse_desktop import operations
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import in_words
from teahouse_desktop.safety import restoring
from teahouse_desktop.safety.restoring import Condition
from teahouse_desktop.widgets import questions
from teahouse_desktop.workplace import Workplace

if TYPE_CHECKING:
    from teahouse.store.salvage import Salvaged
    from teahouse_desktop.safety.restore_dialog import RestoreDialog


class RestoreDesk(QObject):
    """Connects the banner and the page with the backups with the operations on them.

    Signals:
        opened: The conversations can be read, now or again.
    """

    opened = Signal()

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        banner = place.banner
        self._place, self._app, self._runner, self._banner = place, place.app, place.runner, banner
        self._condition = Condition()
        self._job: Job | None = None
        self.dialog: RestoreDialog | None = None
        banner.restore_requested.connect(self.open)

    def check(self, *_: object) -> None:
        """Look how the store is; where it cannot be opened, show the ways back."""
        self._runner.start(restoring.read_condition(app=self._app), done=self._on_condition)

    def open(self) -> None:
        """Show the backups."""
        from teahouse_desktop.safety.restore_dialog import RestoreDialog

        if self.dialog is None:
            self.dialog = RestoreDialog(self._chat.window())
            self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.dialog.finished.connect(self._on_closed)
            self.dialog.restore_requested.connect(self._ask_restore)
            self.dialog.salvage_requested.connect(self._ask_salvage)
            self.dialog.backup_requested.connect(self._back_up)
            self.dialog.stop_requested.connect(self._stop)
            self.dialog.show_condition(self._condition)
        self.dialog.open()
        self._list()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _chat(self) -> ChatPage:
        return self._place.active

    def _on_condition(self, condition: Condition) -> None:
        self._condition = condition
        self._banner.show_condition(condition)
        if condition.is_open:
            self.opened.emit()
        if self.dialog is not None:
            self.dialog.show_condition(condition)
        elif not condition.is_open:
            self.open()

    def _on_closed(self, _code: int) -> None:
        self.dialog = None

    def _list(self) -> None:
        if self.dialog is not None:
            self._runner.start(restoring.list_backups(app=self._app), done=self.dialog.show_backups)

    def _back_up(self) -> None:
        self._start(restoring.make_backup(app=self._app), self._on_backed_up)

    def _on_backed_up(self, made: object) -> str:
        return self.tr("The backup was made.") if made else ""

    def _ask_restore(self, path: Path) -> None:
        made = next((b.made_ms for b in self.dialog.backups if b.path == path), 0) if self.dialog else 0
        date = QLocale().toString(QDateTime.fromMSecsSinceEpoch(made), QLocale.FormatType.ShortFormat)
        questions.ask_consent(
            self.dialog or self._chat.window(),
            self.tr("Put the backup of {date} in the place of your conversations?").format(date=date),
            self.tr("What is there now is set aside and kept, but no longer shown."),
            verb=self.tr("Restore"),
            done=partial(self._restore, path),
        )

    def _restore(self, path: Path) -> None:
        self._stop_replies()
        self._start(restoring.restore_backup(app=self._app, path=path), self._on_restored)

    def _on_restored(self, aside: Path | None) -> str:
        self._begin_anew()
        text = self.tr("The backup is in place.")
        kept = self.tr("What was there before is kept: {file}").format(file=aside) if aside else ""
        return "\n".join(part for part in (text, kept) if part)

    def _ask_salvage(self) -> None:
        questions.ask_consent(
            self.dialog or self._chat.window(),
            self.tr("Read all that can be read into a new file?"),
            self.tr("The file that is there now is set aside and kept. This can take some minutes."),
            verb=self.tr("Salvage"),
            done=self._salvage,
        )

    def _salvage(self) -> None:
        self._stop_replies()
        self._start(restoring.salvage_conversations(app=self._app), self._on_salvaged)

    def _on_salvaged(self, saved: Salvaged | None) -> str:
        if saved is None:
            return ""
        self._begin_anew()
        from teahouse_desktop.safety.restore_dialog import salvaged_in_words

        return salvaged_in_words(saved)

    def _start(self, operation: Operation, tell: Callable[[Any], str]) -> None:
        if self.dialog is not None:
            self.dialog.show_busy(self.tr("{what} …").format(what=operation.title))
        self._job = self._runner.start(
            operation, progressed=self._on_progress, ended=partial(self._on_ended, tell)
        )

    def _on_progress(self, value: object) -> None:
        if self.dialog is not None and isinstance(value, str):
            self.dialog.show_busy(f"{value} …")

    def _on_ended(self, tell: Callable[[Any], str], ended: JobEnded) -> None:
        self._job = None
        if ended.error is not None:
            text = "\n".join(part for part in in_words(ended.error) if part)
        elif ended.is_cancelled and not ended.result:
            text = self.tr("Stopped. Nothing was changed.")
        else:
            text = tell(ended.result)
        if self.dialog is not None:
            self.dialog.show_ended(text)
        self._list()
        self.check()

    def _stop(self) -> None:
        if self._job is not None:
            operations.stop(self._job)

    def _stop_replies(self) -> None:
        for conversation_id in self._chat.talk.conversation_ids:
            self._chat.talk.stop(conversation_id)

    def _begin_anew(self) -> None:
        """Other conversations are there: what was typed stays, in a new one."""
        for chat in self._place.chats:
            typed, facts = chat.composer.text, chat.conversation.facts
            chat.composer.set_text(facts.draft if facts else "")
            chat.open("")
            chat.composer.set_text(typed)
