"""What the window does to bring conversations out of the house and into it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from shiboken6 import isValid

from teahouse.exchange import ExportReport, ImportReport
from teahouse.jobs import Job, JobEnded
from teahouse_desktop import operations
from teahouse_desktop.conversations.shelves import ALL, pick, shorten
from teahouse_desktop.exchange import exchanging
from teahouse_desktop.exchange.exchange_dialog import ExchangeDialog, exported_in_words, imported_in_words
from teahouse_desktop.exchange.export_dialog import ExportDialog
from teahouse_desktop.exchange.import_dialog import ImportDialog
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace

WIDEST_CHARS = 60
"""Of a title that is offered."""


class ExchangeDesk(QObject):
    """Opens the windows for exporting and importing, and runs what they ask for."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._sidebar = place.app, place.runner, place.sidebar
        self._place = place
        self._ids: dict[str, list[str]] = {}

    def open_export(self, conversation_id: str = "") -> ExportDialog:
        """Ask what to export; a conversation is offered first, where one is given."""
        dialog = ExportDialog(
            self._scopes(conversation_id),
            self._place.look,
            self._sidebar.window(),
            one=self._sidebar.conversation(conversation_id),
        )
        dialog.started.connect(partial(self._export, dialog))
        self._open(dialog)
        return dialog

    def open_import(self) -> ImportDialog:
        """Ask which files to import."""
        dialog = ImportDialog(self._place.look, self._sidebar.window())
        dialog.started.connect(partial(self._import, dialog))
        self._open(dialog)
        return dialog

    # --- inside -----------------------------------------------------------------------------------

    def _open(self, dialog: ExchangeDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _scopes(self, conversation_id: str) -> list[tuple[str, str, int]]:
        """(name, title, number of conversations) of what can be exported."""
        rows = self._sidebar.rows
        scopes = []
        self._ids = {}
        if found := self._sidebar.conversation(conversation_id):
            self._ids["one"] = [conversation_id]
            scopes.append(("one", shorten(self._sidebar.model.title_of(found), WIDEST_CHARS), 1))
        listed = [row.id for row in pick(rows, self._sidebar.shelf)]
        if self._sidebar.shelf != ALL and listed:
            self._ids["listed"] = listed
            title = self.tr("What is listed: {count}").format(count=len(listed))
            scopes.append(("listed", title, len(listed)))
        self._ids["all"] = [row.id for row in rows if row.trashed_ms is None]
        count = len(self._ids["all"])
        scopes.append(("all", self.tr("All conversations: {count}").format(count=count), count))
        return scopes

    def _export(
        self, dialog: ExportDialog, scope: str, format_name: str, target: Path, is_replacing: bool
    ) -> None:
        export = exchanging.export_conversations(
            app=self._app,
            conversation_ids=self._ids[scope],
            format_name=format_name,
            target=target,
            is_replacing=is_replacing,
        )
        self._run(dialog, export)

    def _import(self, dialog: ImportDialog, files: list[Path], is_own: bool) -> None:
        self._run(dialog, exchanging.import_conversations(app=self._app, files=files, is_own=is_own))

    def _run(self, dialog: ExchangeDialog, operation: Operation) -> None:
        dialog.show_busy()
        job: Job = self._runner.start(
            operation,
            progressed=lambda value: dialog.show_progress(value) if isValid(dialog) else None,
            ended=lambda ended: self._on_ended(dialog, ended),
        )
        dialog.stop_requested.connect(lambda: operations.stop(job))

    def _on_ended(self, dialog: ExchangeDialog, ended: JobEnded) -> None:
        if not isValid(dialog):
            return
        report = ended.result
        if ended.error is not None:
            dialog.show_ended("\n".join(part for part in in_words(ended.error) if part))
        elif isinstance(report, ImportReport):
            stopped = self.tr("Stopped. What had been imported stays.") if ended.is_cancelled else ""
            text = "\n".join(part for part in (stopped, imported_in_words(report)) if part)
            dialog.show_ended(text, report.skipped)
        elif isinstance(report, ExportReport) and not ended.is_cancelled:
            dialog.show_ended(exported_in_words(report), report.skipped)
        elif isinstance(dialog, ImportDialog):
            dialog.show_ended(self.tr("Stopped. What had been imported stays."))
        else:
            dialog.show_ended(self.tr("Stopped. Nothing was written."))
