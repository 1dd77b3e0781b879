"""What the window does to install and to remove a plugin: reads, asks, does it, says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMessageBox
from shiboken6 import isValid

from teahouse.jobs import Job, JobEnded
from teahouse.language import listed, sentences
from teahouse.plugins.gallery import Offer
from teahouse.plugins.installing import Outcome, Plan, Removal
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.plugins import page_operations
from teahouse_desktop.plugins.install_dialog import InstallDialog
from teahouse_desktop.plugins.plugin_card import restyle
from teahouse_desktop.runner import in_words
from teahouse_desktop.widgets.check_box import CheckBox
from teahouse_desktop.workplace import Workplace


class InstallDesk(QObject):
    """Connects the windows for installing and removing with the work.

    Signals:
        installed: The `Outcome` of an installation.
        removed: The `Removal` that was carried out.
        restart_requested: Teahouse is to be started again.

    Attributes:
        dialog: The window of the last installation.
        box: The last question.
    """

    installed = Signal(object)
    removed = Signal(object)
    restart_requested = Signal()

    def __init__(self, place: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._place = place
        self.dialog: InstallDialog | None = None
        self.box: QMessageBox | None = None
        self._job: Job | None = None

    def choose_file(self) -> QFileDialog:
        """Let the person choose a wheel."""
        chooser = QFileDialog(self._place.window, self.tr("Choose a plugin"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([self.tr("Plugins (*.whl)"), self.tr("All files (*)")])
        chooser.fileSelected.connect(lambda file: self.open(file))
        chooser.open()
        return chooser

    def open(self, wanted: str, offers: tuple[Offer, ...] = ()) -> InstallDialog:
        """Read a file, or what the gallery offers under a name, and ask."""
        name = wanted if offers else Path(wanted).name
        dialog = self.dialog = InstallDialog(name, self._place.look, self._place.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.agreed.connect(partial(self._install, dialog))
        dialog.stop_requested.connect(self._stop)
        dialog.restart_requested.connect(self.restart_requested)
        dialog.closed.connect(partial(_discard, dialog))
        dialog.show_busy()
        dialog.open()
        operation = page_operations.plan_from(app=self._place.app, wanted=wanted, offers=offers)
        self._start(operation, dialog, partial(self._on_planned, dialog))
        return dialog

    def ask_removal(self, name: str) -> None:
        """See what removing a plugin takes away, and ask."""
        look = page_operations.look_at_removal(app=self._place.app, name=name)
        self._place.runner.start(look, done=self._ask)

    # --- installing -------------------------------------------------------------------------------

    def _start(
        self,
        operation: page_operations.Operation,
        dialog: InstallDialog,
        ended: Callable[[JobEnded], None],
    ) -> None:
        def show(step: object) -> None:
            if isValid(dialog):
                dialog.show_busy(step)

        self._job = self._place.runner.start(operation, progressed=show, ended=ended)

    def _on_planned(self, dialog: InstallDialog, ended: JobEnded) -> None:
        plan = ended.result
        if isinstance(plan, Plan):
            if isValid(dialog) and dialog.isVisible() and not ended.is_cancelled:
                dialog.show_plan(plan)
                return
            plan.discard()
        self._tell_end(dialog, ended)

    def _install(self, dialog: InstallDialog) -> None:
        plan = dialog.plan
        if plan is None:
            return
        dialog.plan = None
        dialog.show_busy()
        operation = page_operations.install(app=self._place.app, plan=plan)
        self._start(operation, dialog, partial(self._on_installed, dialog))

    def _on_installed(self, dialog: InstallDialog, ended: JobEnded) -> None:
        if isinstance(ended.result, Outcome):
            self.installed.emit(ended.result)
            if isValid(dialog):
                dialog.show_outcome(ended.result)
        else:
            self._tell_end(dialog, ended)

    def _tell_end(self, dialog: InstallDialog, ended: JobEnded) -> None:
        if not isValid(dialog):
            return
        if ended.is_cancelled:
            dialog.show_stopped()
        elif ended.error is not None:
            dialog.show_failure(sentences(*in_words(ended.error)))

    def _stop(self) -> None:
        if self._job is not None:
            self._place.runner.stop(self._job)

    # --- removing ---------------------------------------------------------------------------------

    def _ask(self, removal: Removal) -> None:
        box = self.box = QMessageBox(self._place.window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setTextFormat(Qt.TextFormat.PlainText)
        names = listed(removal.plugins)
        box.setWindowTitle(self.tr("Remove a plugin"))
        box.setText(self.tr("Remove {name} {version}?").format(name=names, version=removal.version))
        lines = [self.tr("It stops at once. Its settings stay.")]
        if removal.libraries:
            goes = self.tr("Goes with it, because nothing else needs it: {names}")
            lines.append(goes.format(names=listed(removal.libraries)))
        box.setInformativeText("\n".join(lines))
        has_data = self._offer_data(box, removal)
        verb = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        for button in box.buttons():
            button.setIcon(QIcon())
            button.setProperty("kind", "plain")
            restyle(button)
        box.setDefaultButton(cancel)
        verb.clicked.connect(lambda: self._remove(removal, has_data is not None and has_data.isChecked()))
        box.open()

    def _offer_data(self, box: QMessageBox, removal: Removal) -> CheckBox | None:
        if not removal.folders:
            return None
        check = CheckBox(box)
        text = self.tr("Also delete its data and settings ({size})")
        check.setText(text.format(size=size_in_words(removal.kept_bytes)))
        box.setCheckBox(check)
        return check

    def _remove(self, removal: Removal, has_data: bool) -> None:
        operation = page_operations.remove_plugin(app=self._place.app, removal=removal, has_data=has_data)
        self._place.runner.start(operation, done=self.removed.emit)


def _discard(dialog: InstallDialog) -> None:
    """The window goes without a yes: its files are not wanted any more."""
    if dialog.plan is not None:
        dialog.plan.discard()
