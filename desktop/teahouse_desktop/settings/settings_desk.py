"""What the window does on the settings page: reads, keeps, resets, and puts in force at once."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from teahouse.errors import AppError
from teahouse.events import Changed
from teahouse.jobs import JobEnded
from teahouse.language import sentences
from teahouse.setting import Setting, Value
from teahouse_desktop.looks.look import Look
from teahouse_desktop.looks.taste import COLOURS, OWN, read_taste
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.runner import in_words
from teahouse_desktop.settings import setting_operations
from teahouse_desktop.settings.setting_operations import SettingsRead
from teahouse_desktop.settings.setting_row import InForce, SettingRow
from teahouse_desktop.settings.setting_words import QUICK_KEYS, SHORTCUTS, SettingWords, area_of
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.settings.shortcut_row import ShortcutRow
from teahouse_desktop.workplace import Workplace

Values = Mapping[str, Value | None]


class SettingsDesk(QObject):
    """Connects the settings page with the settings."""

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._pages = place.app, place.runner, place.pages
        self._shortcuts, self._at_once = place.shortcuts, place.at_once
        self._place = place
        self._page: SettingsPage | None = None
        self._read: SettingsRead | None = None
        self._words: SettingWords | None = None
        self._is_leaving = False
        place.pages.dropped.connect(self._on_dropped)

    @property
    def page(self) -> SettingsPage | None:
        """The page, once it was opened."""
        return self._page

    def on_event(self, event: object) -> None:
        """Something has changed what the page shows."""
        if self._page is None or not isinstance(event, Changed):
            return
        if event.kinds & {"plugins", "models"}:
            self._load(self._page.model)
        elif "settings" in event.kinds:
            self._refresh()

    def finish(self) -> None:
        """The window closes: what was typed last is kept here and now."""
        self._is_leaving = True
        if self._page is not None:
            self._page.leave()

    def make_page(self, look: Look) -> SettingsPage:
        """The page; its rows come when the settings have been read."""
        page = self._page = SettingsPage(look, str(self._app.paths.config))
        page.changed.connect(self._keep)
        page.model_chosen.connect(self._load)
        page.reload_requested.connect(self._reload)
        self._load("")
        return page

    # --- inside -----------------------------------------------------------------------------------

    def _on_dropped(self, name: str) -> None:
        if name == SETTINGS:
            self._page = self._read = None

    def _load(self, model: str) -> None:
        self._runner.start(setting_operations.read_settings(app=self._app, model=model), done=self._show)

    def _show(self, read: SettingsRead) -> None:
        if self._page is None:
            return
        before, self._read = self._read, read
        is_same = before is not None and (before.model, before.declared, before.offers) == (
            read.model, read.declared, read.offers
        )  # fmt: skip
        if is_same:  # rows in which somebody types are not made anew
            self._page.show_values(read.values)
            return
        self._words = SettingWords(read.packages, self._shortcuts.titles())
        self._page.show_settings(read, self._joined_row)

    def _joined_row(self, setting: Setting, parent: QWidget) -> SettingRow:
        row = self._row(setting, parent)
        self._place.window.desks.reach.join(row)  # where keys and tray say what came of them
        return row

    def _row(self, setting: Setting, parent: QWidget) -> SettingRow:
        assert self._page is not None and self._read is not None and self._words is not None
        look = self._page.look
        if setting.key in COLOURS:
            from teahouse_desktop.widgets.colour_field import ColourRow

            return ColourRow(setting, self._words, look, parent)
        if area_of(setting.key) != SHORTCUTS and setting.key != QUICK_KEYS:
            return SettingRow(setting, self._words, self._read.offers, look, parent)
        row = ShortcutRow(setting, self._words, self._shortcuts, look, parent)
        row.taken.connect(lambda key, value, loser: self._keep({loser: "", key: value}, ""))
        return row

    def _refresh(self) -> None:
        if self._page is not None and self._page.rows:
            read = setting_operations.read_values(
                app=self._app, keys=tuple(self._page.rows), model=self._page.model
            )
            self._runner.start(read, done=self._show_values)

    def _show_values(self, values: Mapping[str, InForce]) -> None:
        if self._page is not None:
            self._page.show_values(values)
            self._show_mended()

    def _show_mended(self) -> None:
        """Say at the colours that a person chose which of them are shown otherwise."""
        from teahouse_desktop.widgets.colour_field import ColourRow

        rows = self._page.rows.values() if self._page is not None else ()
        colours = [row for row in rows if isinstance(row, ColourRow)]
        if colours:
            from teahouse_desktop.looks.own_theme import OwnColours, mended

            taste = read_taste(self._app.settings)
            found = mended(OwnColours(taste.accent, taste.ground, taste.text))
            for row in colours:
                row.show_mended(found)

    def _keep(self, values: Values, model: str) -> None:
        """Keep what the person wants, and put it in force where the window can."""
        for key, value in values.items():
            if key in COLOURS and value:
                self._choose_theme(OWN)
            if key in self._at_once and not model:
                wanted = str(self._setting(key).default if value is None else value)
                # not from within the signal of a field that is said anew in another language
                QTimer.singleShot(0, self, lambda key=key, wanted=wanted: self._at_once[key](wanted))
                return
        keep = setting_operations.keep_settings(app=self._app, values=values, model=model)
        if self._is_leaving:
            self._runner.finish(keep)
            return
        self._runner.start(keep, ended=lambda ended: self._on_kept(values, ended))

    def _choose_theme(self, theme: str) -> None:
        """Whoever chooses a colour wants to see it."""
        if self._app.settings.get("app.theme") != theme and "app.theme" in self._at_once:
            self._at_once["app.theme"](theme)

    def _on_kept(self, values: Values, ended: JobEnded) -> None:
        rows = self._page.rows if self._page is not None else {}
        if ended.error is not None:
            shown = [rows[key] for key in values if key in rows]
            for row in shown:
                row.show_problem(sentences(*in_words(ended.error)))
            if not shown:
                self._runner.failed.emit(ended)
            return
        is_loaded = bool(self._app.engines.loaded)
        if (
            self._page is not None
            and is_loaded
            and any(self._setting(key).effect == "reload" for key in values)
        ):
            self._page.reload_bar.offer(True)

    def _reload(self) -> None:
        if self._page is not None:
            self._page.reload_bar.offer(False)
        self._runner.start(setting_operations.reload_models(app=self._app), ended=self._on_reloaded)

    def _on_reloaded(self, ended: JobEnded) -> None:
        """The chat's bar of notices is not on the screen: what failed is said on the page."""
        if self._page is not None and isinstance(ended.error, AppError):
            self._page.reload_bar.offer(True, sentences(*in_words(ended.error)))
        elif ended.error is not None:
            self._runner.failed.emit(ended)

    def _setting(self, key: str) -> Setting:
        return next(one for one in self._app.settings.declared if one.key == key)
