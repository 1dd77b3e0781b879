"""What people do with presets on the panel: use, save, rename, remove, export, import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from teahouse.jobs import JobEnded
from teahouse.language import listed, sentences
from teahouse_desktop.runner import in_words
from teahouse_sampling.panel.controls import ControlsPanel
from teahouse_sampling.panel.reading import (
    Read,
    Removed,
    change_presets,
    export_path,
    remove_everywhere,
    rename_everywhere,
    restore,
    values_to_save,
)
from teahouse_sampling.panel.words import _
from teahouse_sampling.settings import PRESET

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.panel import PanelWindow
    from teahouse_sampling.panel.controls_desk import ControlsDesk
    from teahouse_sampling.presets import Preset, Presets


class PresetsDesk(QObject):
    """Connects the bar of presets with them."""

    def __init__(self, app: App, window: PanelWindow, panel: ControlsPanel, desk: ControlsDesk) -> None:
        super().__init__(panel)
        self._app, self._window, self._panel, self._desk = app, window, panel, desk
        self._was_chosen = ""
        bar = panel.presets
        bar.chosen.connect(self.choose)
        bar.save_wanted.connect(self._save)
        bar.rename_wanted.connect(self._rename)
        bar.remove_wanted.connect(self._remove)
        bar.export_wanted.connect(self._export)
        bar.import_wanted.connect(self._import)

    def choose(self, name: str) -> None:
        """Use a preset at the place; a preset holds none itself, so there the conversation takes it."""
        self._was_chosen = name
        read = self._desk.read
        if read is not None and read.place.scope == "preset":
            self._desk.choose_scope("conversation")
        self._desk.keep(PRESET, name)

    def show_read(self, read: Read) -> None:
        """Tell what goes before a preset that was chosen just now."""
        name = read.preset.name if read.preset else ""
        if not self._was_chosen or name != self._was_chosen:
            return
        self._was_chosen = ""
        before = [key for key, one in read.values.items() if one.wins == "conversation"]
        if before and read.preset is not None:
            text = _("Values of this conversation go before the preset: {count}.").format(count=len(before))
            self._panel.notices.offer(text, _("Reset them"), lambda: self._reset(before))

    # --- inside -----------------------------------------------------------------------------------

    def _reset(self, keys: list[str]) -> None:
        values = {key: self._window.settings[key] for key in keys if key in self._window.settings}
        for key in values:
            self._window.choose(key, None)
        text = _("Values of this conversation were reset: {count}.").format(count=len(values))

        def undo() -> None:
            for key, value in values.items():
                self._window.choose(key, value)

        self._panel.notices.offer(text, _("Undo"), undo)

    def _save(self, name: str) -> None:
        read = self._desk.read
        if read is not None:
            values = values_to_save(read)
            self._start(_("Saving the preset"), lambda presets: presets.save(name, values), self._on_saved)

    def _on_saved(self, preset: Preset) -> None:
        self._desk.refresh()
        self._was_chosen = ""
        self._desk.keep(PRESET, preset.name)

    def _rename(self, to: str) -> None:
        if (preset := self._preset) is not None:
            app, old = self._app, preset.name
            self._start(
                _("Renaming the preset"),
                lambda presets: rename_everywhere(app, presets, old, to),
                lambda renamed: self._on_renamed(old, renamed),
            )

    def _on_renamed(self, old: str, renamed: Preset) -> None:
        if self._window.settings.get(PRESET) == old:
            self._window.choose(PRESET, renamed.name)
        self._desk.refresh()

    def _remove(self) -> None:
        if (preset := self._preset) is not None:
            app, name = self._app, preset.name
            title = _("Removing the preset")
            self._start(title, lambda presets: remove_everywhere(app, presets, name), self._on_removed)

    def _on_removed(self, removed: Removed) -> None:
        self._desk.refresh()
        app, title = self._app, _("Saving the preset")
        text = _("The preset “{name}” was removed.").format(name=removed.preset.name)

        def undo() -> None:
            self._start(title, lambda presets: restore(app, presets, removed), self._on_restored)

        self._panel.notices.offer(text, _("Undo"), undo)

    def _on_restored(self, _preset: Preset) -> None:
        self._desk.refresh()

    def _export(self, chosen: str) -> None:
        if (preset := self._preset) is not None:
            name, path = preset.name, export_path(chosen)
            self._start(
                _("Exporting the preset"), lambda presets: presets.export(name, path), self._on_exported
            )

    def _on_exported(self, path: Path) -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        text = _("The preset was exported to {file}.").format(file=path)
        self._panel.notices.offer(text, _("Show the folder"), lambda: QDesktopServices.openUrl(folder))

    def _import(self, chosen: str) -> None:
        path = Path(chosen)
        self._start(_("Importing a preset"), lambda presets: presets.import_(path), self._on_imported)

    def _on_imported(self, preset: Preset) -> None:
        self._desk.refresh()
        text = _("The preset “{name}” was imported.").format(name=preset.name)
        if preset.left_out:
            left = _("Left out, as it is not known here: {names}.").format(names=listed(preset.left_out))
            text = sentences(text, left)
        self._panel.notices.offer(text, _("Use it"), lambda: self.choose(preset.name))

    @property
    def _preset(self) -> Preset | None:
        return self._desk.read.preset if self._desk.read else None

    def _start(self, title: str, change: Callable[[Presets], object], done: Callable[[Any], None]) -> None:
        def on_ended(ended: JobEnded) -> None:
            if ended.error is not None:
                self._panel.notices.dismiss()
                self._panel.notices.show_text(*in_words(ended.error), is_error=True)
            elif not ended.is_cancelled:
                done(ended.result)

        self._window.run(change_presets(app=self._app, title=title, change=change), ended=on_ended)
