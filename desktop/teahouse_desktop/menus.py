"""The menu bar: every action of the window with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from teahouse.language import LANGUAGES
from teahouse_desktop import dialogs

if TYPE_CHECKING:
    from teahouse_desktop.window import Window

SYSTEM = "system"
THEMES = (SYSTEM, "light", "dark")


@dataclass(frozen=True, slots=True)
class _Entry:
    menu: str
    name: str
    act: Callable[[], object]
    key: QKeySequence | QKeySequence.StandardKey | None = None


class Menus(QObject):
    """Fills the window's menu bar and keeps its words in the language in force."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._menus = {name: window.menuBar().addMenu("") for name in ("file", "edit", "view", "help")}
        self._actions: dict[str, QAction] = {}
        for entry in self._entries():
            self._add(entry)
        self._menus["view"].addSeparator()
        self.panels = self._menus["view"].addMenu("")
        self._themes, self._languages = (self._menus["view"].addMenu("") for _ in range(2))
        self._theme_actions = self._choices(self._themes, THEMES, window.choose_theme)
        self._language_actions = self._choices(self._languages, (SYSTEM, *LANGUAGES), window.choose_language)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        for name, title in self._menu_titles().items():
            self._menus[name].setTitle(title)
        for name, title in self._action_titles().items():
            self._actions[name].setText(title)
        self.panels.setTitle(self.tr("&Panels"))
        self._themes.setTitle(self.tr("&Theme"))
        # The word stands in both languages, so that people find it in one they cannot read.
        self._languages.setTitle(self.tr("&Language / 语言"))
        titles = {"system": self.tr("As the desktop"), "light": self.tr("Light"), "dark": self.tr("Dark")}
        for name, action in self._theme_actions.items():
            action.setText(titles[name])
        for name, action in self._language_actions.items():
            action.setText(LANGUAGES.get(name) or titles[SYSTEM])

    def show_choices(self, *, theme: str, language: str) -> None:
        """Mark the chosen theme and language; either may be `system`."""
        self._theme_actions[theme].setChecked(True)
        self._language_actions[language].setChecked(True)

    def show_panels(self, actions: list[QAction]) -> None:
        """Offer the panels of plugins."""
        self.panels.clear()
        self.panels.addActions(actions)
        self.panels.menuAction().setVisible(bool(actions))

    # --- inside -----------------------------------------------------------------------------------

    def _entries(self) -> list[_Entry]:
        window, keys = self._window, QKeySequence.StandardKey
        return [
            _Entry("file", "new", window.lists.start, keys.New),
            _Entry("file", "search", window.search.focus, QKeySequence("Ctrl+F")),
            _Entry("file", "rename", window.sidebar.rename, QKeySequence(Qt.Key.Key_F2)),
            _Entry("file", "trash", window.lists.trash_current),
            _Entry("file", "import", window.exchange.open_import),
            _Entry("file", "export", window.lists.export_current),
            _Entry("file", "quit", window.close, QKeySequence("Ctrl+Q")),
            _Entry("edit", "copy_reply", window.copy_last_reply, QKeySequence("Ctrl+Shift+C")),
            _Entry("edit", "regenerate", window.answer_again, QKeySequence("Ctrl+R")),
            _Entry("edit", "edit", window.edit_last_message, QKeySequence("Ctrl+E")),
            _Entry("edit", "stop", window.chat.stop, QKeySequence("Ctrl+.")),
            _Entry("edit", "pin", window.contexts.toggle_pin, QKeySequence("Ctrl+Shift+P")),
            _Entry("edit", "good", window.judge.praise, QKeySequence("Alt+Up")),
            _Entry("edit", "bad", window.judge.criticise, QKeySequence("Alt+Down")),
            _Entry("edit", "system_prompt", window.instruct.open, QKeySequence("Ctrl+Shift+S")),
            _Entry("edit", "prompts", window.prompts.open_menu, QKeySequence("Ctrl+I")),
            _Entry("view", "sidebar", window.toggle_sidebar, QKeySequence("Ctrl+B")),
            _Entry("view", "model", window.open_models, QKeySequence("Ctrl+M")),
            _Entry("view", "preview", window.contexts.show_preview, QKeySequence("Ctrl+P")),
            _Entry("view", "write", window.chat.composer.setFocus, QKeySequence("Ctrl+L")),
            _Entry("view", "read", window.chat.transcript.setFocus, QKeySequence(Qt.Key.Key_F6)),
            _Entry("help", "backups", window.restore.open),
            _Entry("help", "about", lambda: dialogs.show_about(window)),
        ]

    def _add(self, entry: _Entry) -> None:
        action = QAction(self)
        if entry.key is not None:
            action.setShortcut(entry.key)
        action.triggered.connect(lambda _checked=False, act=entry.act: act())
        self._menus[entry.menu].addAction(action)
        self._actions[entry.name] = action

    def _choices(
        self, menu: QMenu, names: tuple[str, ...], choose: Callable[[str], object]
    ) -> dict[str, QAction]:
        group = QActionGroup(menu)
        actions = {}
        for name in names:
            action = QAction(menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, name=name: choose(name))
            group.addAction(action)
            menu.addAction(action)
            actions[name] = action
        return actions

    def _menu_titles(self) -> dict[str, str]:
        return {
            "file": self.tr("&File"),
            "edit": self.tr("&Edit"),
            "view": self.tr("&View"),
            "help": self.tr("&Help"),
        }

    def _action_titles(self) -> dict[str, str]:
        return {
            "new": self.tr("&New conversation"),
            "search": self.tr("&Search"),
            "rename": self.tr("&Rename the conversation"),
            "trash": self.tr("Move the conversation to the &trash"),
            "import": self.tr("&Import conversations …"),
            "export": self.tr("&Export conversations …"),
            "quit": self.tr("&Quit"),
            "copy_reply": self.tr("&Copy the last reply"),
            "regenerate": self.tr("&Answer again"),
            "edit": self.tr("&Edit the last message"),
            "stop": self.tr("&Stop the reply"),
            "pin": self.tr("&Pin or unpin the message"),
            "good": self.tr("&Good reply"),
            "bad": self.tr("&Bad reply"),
            "system_prompt": self.tr("S&ystem prompt …"),
            "prompts": self.tr("Insert a p&rompt"),
            "sidebar": self.tr("Show or hide the &conversations"),
            "model": self.tr("Choose the &model"),
            "preview": self.tr("Show &what is sent"),
            "write": self.tr("Go to the m&essage field"),
            "read": self.tr("Go to the t&ranscript"),
            "backups": self.tr("&Backups and restoring"),
            "about": self.tr("&About Teahouse"),
        }
