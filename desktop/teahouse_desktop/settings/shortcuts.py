"""The keys of the window's actions, which people can change; kept as settings `shortcuts.NAME`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from teahouse.errors import SettingError
from teahouse.events import Changed
from teahouse.language import LANGUAGES
from teahouse.setting import Setting
from teahouse_desktop.language.speakers import Speaker
from teahouse_desktop.menus import Menus
from teahouse_desktop.settings.setting_words import SHORTCUTS

if TYPE_CHECKING:
    from teahouse.app import App

PORTABLE = QKeySequence.SequenceFormat.PortableText
NATIVE = QKeySequence.SequenceFormat.NativeText
FIXED = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.SelectAll,
)
"""Every text field needs these."""


class Shortcuts(QObject):
    """Gives the actions of the menus the keys in force.

    Signals:
        changed: Other keys are in force: see `keys`.
    """

    changed = Signal()

    def __init__(self, app: App, menus: Menus, parent: QObject) -> None:
        super().__init__(parent)
        self._app, self._actions = app, dict(menus.actions)
        app.settings.forget(SHORTCUTS)  # of an earlier window
        app.settings.declare(
            [
                Setting(
                    f"{SHORTCUTS}.{name}", str, action.shortcut().toString(PORTABLE), plain(action.text())
                )
                for name, action in self._actions.items()
            ],
            owner=SHORTCUTS,
        )
        self.apply()

    @property
    def keys(self) -> dict[str, str]:
        """The keys in force as people read them, by the action's name."""
        return {name: keys_text(action) for name, action in self._actions.items()}

    def apply(self) -> None:
        """Put the keys in force that the settings say; one that is no key counts as none."""
        before = self.keys
        for name, action in self._actions.items():
            wanted = QKeySequence(str(self._app.settings.get(f"{SHORTCUTS}.{name}")), PORTABLE)
            if action.shortcut() != wanted:
                action.setShortcut(wanted)
        if self.keys != before:
            self.changed.emit()

    def on_event(self, event: object) -> None:
        """Settings may have changed."""
        if isinstance(event, Changed) and "settings" in event.kinds:
            self.apply()

    def titles(self) -> dict[str, dict[str, str]]:
        """What each setting's action is called: key → language → words."""
        spoken = {language: Menus.titles_by(Speaker("Menus", language)) for language in LANGUAGES}
        return {
            f"{SHORTCUTS}.{name}": {language: plain(titles[name]) for language, titles in spoken.items()}
            for name in self._actions
        }

    def user_of(self, sequence: QKeySequence, *, but: str = "") -> str:
        """Key of the setting whose action has these keys already; empty for none.

        Args:
            but: Key of a setting that does not count.
        """
        names = (name for name, action in self._actions.items() if action.shortcut() == sequence)
        return next((key for name in names if (key := f"{SHORTCUTS}.{name}") != but), "")

    def check(self, key: str, sequence: QKeySequence) -> str:
        """The value of a setting that stands for these keys; empty keys are none.

        Raises:
            SettingError: They cannot be used; `data["user"]` names a setting whose action has them.
        """
        if sequence.isEmpty():
            return ""
        shown = sequence.toString(NATIVE)
        if not _has_modifier(sequence):
            raise SettingError(
                self.tr("{keys} is needed for writing.").format(keys=shown),
                self.tr("Choose keys with Ctrl or Alt, or a function key."),
            )
        if any(sequence in QKeySequence.keyBindings(fixed) for fixed in FIXED):
            raise SettingError(self.tr("{keys} is needed in text fields.").format(keys=shown))
        if user := self.user_of(sequence, but=key):
            title = plain(self._actions[user.partition(".")[2]].text())
            raise SettingError(
                self.tr("{keys} belongs to “{title}”.").format(keys=shown, title=title), user=user
            )
        return sequence.toString(PORTABLE)


def plain(text: str) -> str:
    """The words of a menu without the mark of its access key."""
    return re.sub(r"\(&\w\)", "", text).replace("&", "")


def keys_text(action: QAction) -> str:
    """An action's keys as people read them."""
    return action.shortcut().toString(NATIVE)


def _has_modifier(sequence: QKeySequence) -> bool:
    combination = sequence[0]
    modifiers = combination.keyboardModifiers()
    strong = (
        Qt.KeyboardModifier.ControlModifier
        | Qt.KeyboardModifier.AltModifier
        | Qt.KeyboardModifier.MetaModifier
    )
    is_function = Qt.Key.Key_F1 <= combination.key() <= Qt.Key.Key_F35
    return is_function or bool(modifiers & strong)
