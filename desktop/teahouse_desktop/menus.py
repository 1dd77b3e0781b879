"""The menu bar: every action of the window with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from teahouse.language import LANGUAGES
from teahouse_desktop.availability import is_possible
from teahouse_desktop.language.speakers import Speaker
from teahouse_desktop.looks.taste import COLOURS, CONTRAST, OWN
from teahouse_desktop.pages.pages import DOCTOR, FIRST_RUN, MODELS, PLUGINS, SETTINGS

if TYPE_CHECKING:
    from teahouse_desktop.desks import Desks
    from teahouse_desktop.window import Window

SYSTEM = "system"
THEMES = (SYSTEM, "light", "dark", CONTRAST, OWN)
MENUS = ("file", "edit", "view", "plugins", "help")
OF_THE_CHAT = ("new", "write", "read", "preview")
"""Actions beside those of the menu Edit that need the chat on the screen."""

GROUP_ENDS = (
    "search",
    "trash",
    "export",
    "settings",
    "delete",
    "stop",
    "bad",
    "preview",
    "close_side",
    "read",
)
"""Actions with a line below them in their menu."""


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
        self._menus = {name: window.menuBar().addMenu("") for name in MENUS}
        self._actions: dict[str, QAction] = {}
        for entry in self._entries():
            self._add(entry)
        self._menus["view"].addSeparator()
        self.panels = self._menus["view"].addMenu("")
        self._themes, self._languages = (self._menus["view"].addMenu("") for _ in range(2))
        self._theme_actions = self._choices(self._themes, THEMES, self._choose_theme)
        self._language_actions = self._choices(self._languages, (SYSTEM, *LANGUAGES), window.choose_language)
        self.show_plugins([])
        self._grey()
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in force."""
        for name, title in self._menu_titles().items():
            self._menus[name].setTitle(title)
        for name, title in self._action_titles().items():
            self._actions[name].setText(title)
        self.panels.setTitle(self.tr("&Panels"))
        titles = self._choice_titles()
        self._themes.setTitle(titles["theme"])
        self._languages.setTitle(titles["language"])
        for name, action in self._theme_actions.items():
            action.setText(titles[name])
        for name, action in self._language_actions.items():
            action.setText(LANGUAGES.get(name) or titles[SYSTEM])

    @property
    def actions(self) -> dict[str, QAction]:
        """The actions that have a name; the same in every language."""
        return dict(self._actions)

    @property
    def choices(self) -> dict[str, QAction]:
        """The actions that choose a theme or a language."""
        themes = {f"theme.{name}": action for name, action in self._theme_actions.items()}
        return themes | {f"language.{name}": action for name, action in self._language_actions.items()}

    @staticmethod
    def titles_by(speaker: Speaker) -> dict[str, str]:
        """What the actions are called in the speaker's language, by name."""
        return Menus._action_titles(speaker)

    @staticmethod
    def choices_by(speaker: Speaker) -> dict[str, str]:
        """What the choices are called in the speaker's language, by name."""
        titles = Menus._choice_titles(speaker)
        theme, language, both = titles["theme"], titles["language"], titles["both"]
        named = {f"theme.{name}": both.format(menu=theme, choice=titles[name]) for name in THEMES}
        languages = {SYSTEM: titles[SYSTEM], **LANGUAGES}
        return named | {
            f"language.{name}": both.format(menu=language, choice=title) for name, title in languages.items()
        }

    def show_choices(self, *, theme: str, language: str) -> None:
        """Mark the chosen theme and language; either may be `system`."""
        self._theme_actions[theme].setChecked(True)
        self._language_actions[language].setChecked(True)

    def show_panels(self, actions: list[QAction]) -> None:
        """Offer the panels of plugins."""
        self.panels.clear()
        self.panels.addActions(actions)
        self.panels.menuAction().setVisible(bool(actions))

    def show_plugins(self, actions: list[QAction]) -> None:
        """Offer the commands of plugins."""
        self._menus["plugins"].clear()
        self._menus["plugins"].addActions(actions)
        self._menus["plugins"].menuAction().setVisible(bool(actions))

    # --- inside -----------------------------------------------------------------------------------

    def _entries(self) -> list[_Entry]:
        window, keys = self._window, QKeySequence.StandardKey

        def desks() -> Desks:
            return self._window.desks  # not made before the menus

        return [
            _Entry("file", "new", lambda: desks().lists.start(), keys.New),
            _Entry("file", "search", lambda: desks().search.focus(), QKeySequence("Ctrl+Shift+F")),
            _Entry("file", "rename", window.sidebar.rename, QKeySequence(Qt.Key.Key_F2)),
            _Entry("file", "trash", lambda: desks().lists.trash_current()),
            _Entry("file", "import", lambda: desks().exchange.open_import()),
            _Entry("file", "export", lambda: desks().lists.export_current()),
            _Entry("file", "models", lambda: window.pages.open(MODELS), QKeySequence("Ctrl+Shift+L")),
            _Entry("file", "plugins_page", lambda: window.pages.open(PLUGINS), QKeySequence("Ctrl+Shift+X")),
            _Entry("file", "settings", lambda: window.pages.open(SETTINGS), QKeySequence("Ctrl+,")),
            _Entry("file", "quick", lambda: desks().quick.show()),
            _Entry("file", "quit", lambda: desks().reach.quit(), QKeySequence("Ctrl+Q")),
            _Entry("edit", "copy_reply", lambda: desks().last_turn.copy(), QKeySequence("Ctrl+Shift+C")),
            _Entry("edit", "regenerate", lambda: desks().last_turn.answer_again(), QKeySequence("Ctrl+R")),
            _Entry("edit", "continue", lambda: desks().last_turn.go_on(), QKeySequence("Ctrl+Shift+R")),
            _Entry("edit", "edit", lambda: desks().last_turn.edit(), QKeySequence("Ctrl+E")),
            _Entry("edit", "branch", lambda: desks().branches.branch(), QKeySequence("Ctrl+Shift+B")),
            _Entry("edit", "delete", lambda: desks().branches.delete()),
            _Entry("edit", "find", lambda: window.chat.find.open(), QKeySequence("Ctrl+F")),
            _Entry("edit", "stop", lambda: window.chat.stop(), QKeySequence("Ctrl+.")),
            _Entry("edit", "pin", lambda: desks().contexts.toggle_pin(), QKeySequence("Ctrl+Shift+P")),
            _Entry("edit", "good", lambda: desks().judge.praise(), QKeySequence("Alt+Up")),
            _Entry("edit", "bad", lambda: desks().judge.criticise(), QKeySequence("Alt+Down")),
            _Entry("edit", "system_prompt", lambda: desks().instruct.open(), QKeySequence("Ctrl+Shift+S")),
            _Entry("edit", "prompts", lambda: desks().prompts.open_menu(), QKeySequence("Ctrl+I")),
            _Entry("edit", "compare", lambda: desks().compare.ask(), QKeySequence("Ctrl+Shift+M")),
            _Entry("view", "palette", lambda: desks().commands.open(), QKeySequence("Ctrl+K")),
            _Entry("view", "sidebar", window.toggle_sidebar, QKeySequence("Ctrl+B")),
            _Entry("view", "model", window.open_models, QKeySequence("Ctrl+M")),
            _Entry("view", "preview", lambda: desks().contexts.show_preview(), QKeySequence("Ctrl+P")),
            _Entry("view", "beside", lambda: desks().beside.open(), QKeySequence("Ctrl+\\")),
            _Entry("view", "other_side", lambda: desks().beside.go_to_other(), QKeySequence("Ctrl+F6")),
            _Entry("view", "close_side", lambda: desks().beside.close(), QKeySequence("Ctrl+W")),
            _Entry("view", "write", lambda: window.chat.composer.setFocus(), QKeySequence("Ctrl+L")),
            _Entry("view", "read", lambda: window.chat.transcript.setFocus(), QKeySequence(Qt.Key.Key_F6)),
            _Entry("view", "larger", lambda: desks().looks.enlarge(1), QKeySequence("Ctrl+=")),
            _Entry("view", "smaller", lambda: desks().looks.enlarge(-1), QKeySequence("Ctrl+-")),
            _Entry("view", "usual_size", lambda: desks().looks.enlarge(0), QKeySequence("Ctrl+0")),
            _Entry("help", "backups", lambda: desks().restore.open()),
            _Entry("help", "steps", lambda: window.pages.open(FIRST_RUN)),
            _Entry("help", "about", lambda: window.pages.open(DOCTOR)),
        ]

    def _add(self, entry: _Entry) -> None:
        action = QAction(self)
        if entry.key is not None:
            action.setShortcut(entry.key)
        if entry.name == "larger":  # plus and equals are one key on many keyboards
            action.setShortcuts([action.shortcut(), QKeySequence("Ctrl++")])
        action.triggered.connect(lambda _checked=False: self._act(entry))
        self._menus[entry.menu].addAction(action)
        if entry.name in GROUP_ENDS:
            self._menus[entry.menu].addSeparator()
        self._actions[entry.name] = action

    def _act(self, entry: _Entry) -> None:
        """Do it, where it can be done: keys are heard always."""
        if is_possible(self._window, entry.name):
            if entry.menu == "edit" or entry.name in OF_THE_CHAT:
                self._window.pages.close()
            entry.act()

    def _grey(self) -> None:
        """Grey what cannot be done, while a menu is open; a key that is pressed then finds out by itself."""
        for menu in self._menus.values():
            menu.aboutToShow.connect(lambda: self._enable(is_possible))
            menu.aboutToHide.connect(lambda: self._enable(lambda _window, _name: True))

    def _enable(self, can_do: Callable[[Window, str], bool]) -> None:
        for name, action in self._actions.items():
            action.setEnabled(can_do(self._window, name))

    def _choose_theme(self, theme: str) -> None:
        """Use a theme; who has chosen no colours of their own yet is shown where to."""
        self._window.choose_theme(theme)
        if theme == OWN and not self._window.desks.looks.has_colours:
            self._window.pages.open(SETTINGS, COLOURS[0])

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
            "plugins": self.tr("&Plugins"),
            "help": self.tr("&Help"),
        }

    def _choice_titles(self: Menus | Speaker) -> dict[str, str]:
        return {
            "theme": self.tr("&Theme"),
            # The word stands in both languages, so that people find it in one they cannot read.
            "language": self.tr("&Language / 语言"),
            "both": self.tr("{menu}: {choice}"),
            "system": self.tr("As the desktop"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "contrast": self.tr("High contrast"),
            "own": self.tr("Own colours"),
        }

    def _action_titles(self: Menus | Speaker) -> dict[str, str]:
        return {
            "new": self.tr("&New conversation"),
            "find": self.tr("&Find in this conversation"),
            "search": self.tr("&Search"),
            "rename": self.tr("&Rename the conversation"),
            "trash": self.tr("Move the conversation to the &trash"),
            "import": self.tr("&Import conversations …"),
            "export": self.tr("&Export conversations …"),
            "models": self.tr("&Models"),
            "plugins_page": self.tr("P&lugins"),
            "settings": self.tr("Settin&gs"),
            "quick": self.tr("Quic&k ask"),
            "quit": self.tr("&Quit"),
            "copy_reply": self.tr("&Copy the last reply"),
            "regenerate": self.tr("&Answer again"),
            "continue": self.tr("C&ontinue the reply"),
            "branch": self.tr("Branch from the &message"),
            "delete": self.tr("&Delete the marked message with what follows"),
            "edit": self.tr("&Edit the last message"),
            "stop": self.tr("&Stop the reply"),
            "pin": self.tr("&Pin or unpin the message"),
            "good": self.tr("&Good reply"),
            "bad": self.tr("&Bad reply"),
            "system_prompt": self.tr("S&ystem prompt …"),
            "prompts": self.tr("Insert a p&rompt"),
            "compare": self.tr("Ask &two models or settings …"),
            "palette": self.tr("&All commands"),
            "sidebar": self.tr("Show or hide the &conversations"),
            "model": self.tr("Choose the &model"),
            "preview": self.tr("Show &what is sent"),
            "beside": self.tr("&Open a conversation beside"),
            "other_side": self.tr("Go to the ot&her side"),
            "close_side": self.tr("Close this si&de"),
            "write": self.tr("Go to the m&essage field"),
            "read": self.tr("Go to the t&ranscript"),
            "larger": self.tr("&Larger text"),
            "smaller": self.tr("S&maller text"),
            "usual_size": self.tr("&Usual text size"),
            "backups": self.tr("&Backups and restoring"),
            "steps": self.tr("&First steps …"),
            "about": self.tr("&About and diagnosis"),
        }
