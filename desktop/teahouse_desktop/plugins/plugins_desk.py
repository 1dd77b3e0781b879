"""What the window does on the page of plugins: reads, turns on and off, installs, removes, searches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from shiboken6 import isValid

from teahouse.events import Changed
from teahouse.jobs import Job, JobEnded
from teahouse.language import sentences
from teahouse.plugins.gallery import Offer
from teahouse.plugins.installing import Outcome, Removal
from teahouse_desktop.looks.look import Look
from teahouse_desktop.pages.pages import PLUGINS, SETTINGS
from teahouse_desktop.plugins import page_operations, plugin_operations
from teahouse_desktop.plugins.details_dialog import PluginDetailsDialog
from teahouse_desktop.plugins.install_desk import InstallDesk
from teahouse_desktop.plugins.page_operations import PluginsRead
from teahouse_desktop.plugins.plugins_page import OWN, PluginsPage
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace


class PluginsDesk(QObject):
    """Connects the page of plugins with the host and with what installs.

    Attributes:
        installs: Installs and removes.
        details: The window with the details that was opened last.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._place, self._app, self._runner = place, place.app, place.runner
        self._page: PluginsPage | None = None
        self._read: PluginsRead | None = None
        self._section, self._restarts = OWN, dict[str, str]()
        self._asking: Job | None = None
        self.details: PluginDetailsDialog | None = None
        self.installs = InstallDesk(place, self)
        self.installs.installed.connect(self._on_installed)
        self.installs.removed.connect(self._on_removed)
        self.installs.restart_requested.connect(self.restart)
        place.pages.dropped.connect(self._on_dropped)

    @property
    def page(self) -> PluginsPage | None:
        """The page while it is shown."""
        return self._page

    def make_page(self, look: Look) -> PluginsPage:
        """The page; what it shows comes when it has been read."""
        page = self._page = PluginsPage(look)
        page.own.requested.connect(self._act)
        page.gallery.requested.connect(self._get)
        page.gallery.more_requested.connect(self._look_for_more)
        page.gallery.stop_requested.connect(self._stop_asking)
        page.gallery.offline.setting_requested.connect(
            lambda: self._place.pages.open(SETTINGS, "net.offline")
        )
        page.file_requested.connect(self.installs.choose_file)
        page.file_given.connect(self._open_file)
        page.load_requested.connect(self._load)
        page.restart_requested.connect(self.restart)
        page.shown.connect(self._on_shown)
        page.show_section(self._section)
        self._say_restarts()
        self.refresh()
        return page

    def on_event(self, event: object) -> None:
        """Something has changed what the page shows."""
        if self._page is not None and isinstance(event, Changed) and event.kinds & {"plugins", "settings"}:
            self.refresh()

    def refresh(self) -> None:
        """Read what there is."""
        self._runner.start(page_operations.read_plugins(app=self._app), done=self._show)

    def restart(self) -> None:
        """Start Teahouse again; when the window stays open after all, nothing happens."""
        from teahouse_desktop.plugins.restarting import stand_by

        try:
            waiting = stand_by()
        except OSError as error:
            self._place.chat.notices.show_text(
                self.tr("Teahouse cannot start itself again: {error}.").format(error=error.strerror or error),
                self.tr("Close it, and open it as you usually do."),
                is_error=True,
            )
            return
        self._place.window.desks.reach.quit()
        if isValid(self._place.window) and self._place.window.isVisible():
            waiting.kill()
            waiting.wait()

    # --- what is shown ------------------------------------------------------------------------------

    def _show(self, read: PluginsRead) -> None:
        self._read = read
        if self._page is not None:
            self._page.show_plugins(read)

    def _say_restarts(self) -> None:
        if self._page is not None:
            self._page.show_restarts(self._restarts)

    def _on_shown(self, section: str) -> None:
        self._section = section

    def _on_dropped(self, name: str) -> None:
        if name == PLUGINS:
            self._page = self._read = None
            self._stop_asking()

    # --- what is asked for --------------------------------------------------------------------------

    def _act(self, verb: str, name: str) -> None:
        if verb in ("on", "off"):
            self._turn(name, is_on=verb == "on")
        elif verb == "settings":
            self._open_settings(name)
        elif verb == "details":
            self._open_details(name)
        elif verb == "remove":
            self.installs.ask_removal(name)

    def _turn(self, name: str, *, is_on: bool) -> None:
        if self._page is not None and name in self._page.own.cards:
            self._page.own.cards[name].show_busy()
        if is_on:
            operation = plugin_operations.turn_on(app=self._app, names=[name])
        else:
            operation = page_operations.turn_off(app=self._app, name=name)
        self._runner.start(operation, ended=self._on_turned)

    def _on_turned(self, ended: JobEnded) -> None:
        if ended.error is not None:
            self._runner.failed.emit(ended)
        self.refresh()

    def _open_settings(self, name: str) -> None:
        keys = next((one.settings for one in self._plugins() if one.info.name == name), ())
        self._place.pages.open(SETTINGS, keys[0] if keys else "")

    def _open_details(self, name: str) -> None:
        found = next((one for one in self._plugins() if one.info.name == name), None)
        if found is not None:
            dialog = self.details = PluginDetailsDialog(found, self._place.look, self._place.window)
            dialog.open()

    def _plugins(self) -> Sequence[page_operations.PluginDetails]:
        return self._read.plugins if self._read is not None else ()

    def _open_file(self, file: Path) -> None:
        self.installs.open(str(file))

    def _get(self, name: str) -> None:
        if self._page is not None:
            self.installs.open(name, self._page.gallery.offers)

    def _load(self) -> None:
        self._runner.start(plugin_operations.leave_safe_mode(app=self._app), ended=self._on_turned)

    def _on_installed(self, outcome: Outcome) -> None:
        if outcome.needs_restart:
            self._restarts |= dict.fromkeys(outcome.plugins, outcome.version)
            self._say_restarts()
        self.refresh()

    def _on_removed(self, removal: Removal) -> None:
        for name in removal.plugins:
            self._restarts.pop(name, None)
        self._say_restarts()
        self.refresh()

    # --- the gallery --------------------------------------------------------------------------------

    def _look_for_more(self) -> None:
        if self._page is None or self._asking is not None:
            return
        self._page.gallery.show_asking()
        self._asking = self._runner.start(page_operations.look_for_more(app=self._app), ended=self._on_asked)

    def _on_asked(self, ended: JobEnded) -> None:
        self._asking = None
        if self._page is None:
            return
        found: list[Offer] | None = ended.result
        if ended.error is not None and not ended.is_cancelled:
            self._page.gallery.show_ended(sentences(*in_words(ended.error)))
        elif found is None or ended.is_cancelled:
            self._page.gallery.show_ended("")
        else:
            self._page.gallery.show_found(found)

    def _stop_asking(self) -> None:
        if self._asking is not None:
            self._runner.stop(self._asking)
