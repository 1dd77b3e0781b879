"""What every way of taking keys has in common, and what came of it, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeySequence

from teahouse_desktop.language.languages import translate

State = Literal["off", "asking", "used", "taken", "unusable", "refused", "impossible"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking for keys.

    Attributes:
        state: `off` nobody wants any; `asking` the desktop has not answered yet; `used` they work;
            `taken` another program has them; `unusable` no key of the keyboard is meant; `refused` the
            person or the desktop has said no; `impossible` this desktop lets nobody take keys.
        keys: The keys as people read them; a desktop may have given others than were asked for.
    """

    state: State = "off"
    keys: str = ""


class GlobalShortcut(QObject):
    """Keys that are heard whichever program has the focus.

    Signals:
        pressed: They were pressed; with the token that lets a window come to the front, or empty.
        settled: The `Outcome` of `bind`, at once or later.
    """

    pressed = Signal(str)
    settled = Signal(object)

    def bind(self, keys: QKeySequence) -> None:
        """Take these keys in the place of those held before."""
        raise NotImplementedError

    def release(self) -> None:
        """Let go of the keys."""
        raise NotImplementedError


class NoShortcut(GlobalShortcut):
    """Where no way of taking keys is known."""

    def bind(self, keys: QKeySequence) -> None:
        """Say that it cannot be."""
        self.settled.emit(Outcome("impossible"))

    def release(self) -> None:
        """There is nothing to let go of."""


def first_of(keys: QKeySequence) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    """The first key of a sequence with its modifiers; global keys are never pressed one after the other."""
    combination: QKeyCombination = keys[0]  # type: ignore[index]  # PySide's stubs do not know it
    return combination.key(), combination.keyboardModifiers()


def application() -> QCoreApplication:
    """The application, which hears the system's own events."""
    found = QCoreApplication.instance()
    assert found is not None
    return found


def describe(outcome: Outcome) -> str:
    """What came of it, and what can be done, in words."""
    keys = outcome.keys
    if outcome.state == "used":
        return translate("GlobalShortcut", "In use: {keys} works in every program.").format(keys=keys)
    if outcome.state == "taken":
        text = translate(
            "GlobalShortcut",
            "Another program has {keys}. Choose other keys, or take them from that program first.",
        )
        return text.format(keys=keys)
    if outcome.state == "unusable":
        text = translate("GlobalShortcut", "{keys} cannot be had in every program. Choose other keys.")
        return text.format(keys=keys)
    return {
        "off": translate(
            "GlobalShortcut",
            "The command “teahouse quick” opens it too, for keys bound in the desktop's own settings.",
        ),
        "asking": translate("GlobalShortcut", "The desktop is being asked …"),
        "refused": translate(
            "GlobalShortcut",
            "The desktop has not given the keys. Choose them again to ask once more, or bind the command"
            " “teahouse quick” in the desktop's keyboard settings.",
        ),
        "impossible": translate(
            "GlobalShortcut",
            "This desktop lets no program take keys. Bind the command “teahouse quick” to keys in the"
            " desktop's keyboard settings.",
        ),
    }[outcome.state]
