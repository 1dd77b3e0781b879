"""Which preset is used, and what can be done with presets."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from teahouse_desktop.forms import ChoiceBox, StackRow, ask_line, draw_icon, make_icon_button
from teahouse_desktop.looks.look import Look
from teahouse_sampling.panel.reading import Read
from teahouse_sampling.panel.words import _

PRESET_FILES = "*.json"


class PresetBar(StackRow):
    """The choice of a preset, with a menu.

    Signals:
        chosen: Name of the preset to use; empty for none.
        save_wanted: The name under which the values in force are kept.
        rename_wanted: The new name of the preset in force.
        remove_wanted: The preset in force goes.
        export_wanted, import_wanted: The path of a file.
    """

    chosen = Signal(str)
    save_wanted = Signal(str)
    rename_wanted = Signal(str)
    remove_wanted = Signal()
    export_wanted = Signal(str)
    import_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget) -> None:
        self.label, choice = QLabel(_("Preset")), QWidget()
        super().__init__(self.label, choice, parent)
        self._read: Read | None = None
        self.box = ChoiceBox(choice)
        self.box.setAccessibleName(self.label.text())
        self.label.setBuddy(self.box)
        self.menu_button = make_icon_button(choice, "ellipsis", _("Presets: save, rename, export …"), look)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu_button.setMenu(self.menu)
        self.box.activated.connect(lambda _place: self.chosen.emit(str(self.box.currentData())))
        self.menu.aboutToShow.connect(self.fill_menu)
        row = QHBoxLayout(choice)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.box, 1)
        row.addWidget(self.menu_button)
        self.fill_menu()

    def show_presets(self, read: Read) -> None:
        """Show which there are, and which is in force."""
        self._read = read
        wanted = [("", _("none")), *((one.name, one.title) for one in read.presets)]
        if [(self.box.itemData(n), self.box.itemText(n)) for n in range(self.box.count())] != wanted:
            self.box.clear()
            for name, title in wanted:
                self.box.addItem(title, name)
        self.box.setCurrentIndex(max(0, self.box.findData(read.preset.name if read.preset else "")))

    def set_look(self, look: Look) -> None:
        """Take another theme."""
        draw_icon(self.menu_button, "ellipsis", look)

    def fill_menu(self) -> None:
        """Offer what can be done now."""
        preset = self._read.preset if self._read else None
        is_own = preset is not None and not preset.is_built_in
        self.menu.clear()
        self.menu.addAction(_("Save the values in force as …"), self.ask_save).setEnabled(bool(self._read))
        self.menu.addAction(_("Rename …"), self.ask_rename).setEnabled(is_own)
        self.menu.addAction(_("Remove"), self.remove_wanted.emit).setEnabled(is_own)
        self.menu.addSeparator()
        self.menu.addAction(_("Export …"), self.ask_export).setEnabled(preset is not None)
        self.menu.addAction(_("Import …"), self.ask_import)

    # --- questions ----------------------------------------------------------------------------------

    def ask_save(self) -> None:
        """Ask for the name of a new preset."""
        preset = self._read.preset if self._read else None
        text = preset.name if preset is not None and not preset.is_built_in else ""
        ask_line(
            self,
            _("Save as a preset"),
            _("Name of the preset. One of yours of the same name is replaced."),
            text=text,
            done=self._on_named(self.save_wanted),
        )

    def ask_rename(self) -> None:
        """Ask for another name."""
        if self._read and self._read.preset:
            done = self._on_named(self.rename_wanted)
            ask_line(self, _("Rename the preset"), _("New name"), text=self._read.preset.name, done=done)

    def ask_export(self) -> QFileDialog | None:
        """Ask where the preset in force goes."""
        if not self._read or not self._read.preset:
            return None
        dialog = QFileDialog(self.window(), _("Export the preset"), f"{self._read.preset.title}.json")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        return self._open(dialog, self.export_wanted)

    def ask_import(self) -> QFileDialog:
        """Ask which file to take in."""
        dialog = QFileDialog(self.window(), _("Import a preset"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return self._open(dialog, self.import_wanted)

    # --- inside -----------------------------------------------------------------------------------

    def _open(self, dialog: QFileDialog, wanted: SignalInstance) -> QFileDialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilter(_("Presets ({pattern})").format(pattern=PRESET_FILES))
        dialog.fileSelected.connect(wanted.emit)
        dialog.open()
        return dialog

    def _on_named(self, wanted: SignalInstance) -> Callable[[str], object]:
        return lambda text: wanted.emit(text.strip()) if text.strip() else None
