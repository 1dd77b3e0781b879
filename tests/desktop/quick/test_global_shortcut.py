"""Keys for every program: the real X server, the portal played on a real bus, and the words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from teahouse_desktop.quick.global_shortcut import (
    GlobalShortcut,
    Outcome,
    choose,
    describe,
    keysyms,
    macos,
    windows,
)
from teahouse_desktop.quick.global_shortcut.dbus_values import split
from teahouse_desktop.quick.global_shortcut.portal import PortalShortcut
from tests.journeys.screen import Screen, screen, wait_for

pytestmark = pytest.mark.gui

PLAYER = Path(__file__).with_name("portal_player.py")
HOLDER = """
import sys
from PySide6.QtWidgets import QApplication
from PySide6.QtGui import QKeySequence
from teahouse_desktop.quick.global_shortcut import choose

application = QApplication([])
shortcut = choose(application)
shortcut.settled.connect(lambda outcome: print(outcome.state, flush=True))
shortcut.pressed.connect(lambda token: print("pressed", flush=True))
shortcut.bind(QKeySequence(sys.argv[1]))
application.exec()
"""


class Holder:
    """A process that wants keys, and what it has told."""

    def __init__(self, process: subprocess.Popen[str], file: Path) -> None:
        self.process, self._file = process, file

    @property
    def told(self) -> list[str]:
        return self._file.read_text("utf-8").split()


@contextmanager
def holder(shown: Screen, keys: str, file: Path) -> Iterator[Holder]:
    with (
        file.open("w") as out,
        subprocess.Popen(
            [sys.executable, "-c", HOLDER, keys], env=shown.environment, stdout=out, text=True
        ) as process,
    ):
        try:
            found = Holder(process, file)
            wait_for(lambda: found.told, "an outcome")
            yield found
        finally:
            process.kill()


@pytest.fixture(scope="module")
def shown() -> Iterator[Screen]:
    with screen() as one, pytest.MonkeyPatch.context() as patch:
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        one.environment.pop("WAYLAND_DISPLAY", None)
        yield one


@pytest.mark.journey
def test_keys_are_heard_whatever_locks_are_on_and_once_while_held(shown: Screen, tmp_path: Path) -> None:
    with holder(shown, "Ctrl+Alt+Space", tmp_path / "told") as one:
        assert one.told == ["used"]
        shown.press("ctrl+alt+space")
        wait_for(lambda: one.told.count("pressed") == 1, "the keys")
        shown.press("Num_Lock", "ctrl+alt+space", "Num_Lock")
        wait_for(lambda: one.told.count("pressed") == 2, "the keys with Num Lock")
        shown.press("Caps_Lock", "ctrl+alt+space", "Caps_Lock")
        wait_for(lambda: one.told.count("pressed") == 3, "the keys with Caps Lock")
        shown.run("xdotool", "keydown", "ctrl+alt+space", "sleep", "1.2", "keyup", "ctrl+alt+space")
        shown.press("ctrl+space", "ctrl+alt+shift+space", "space")
        shown.press("ctrl+alt+space")
        wait_for(lambda: one.told.count("pressed") == 5, "the keys, once while they were held")
        assert one.told.count("pressed") == 5


@pytest.mark.journey
def test_keys_of_another_program_are_taken_and_free_when_it_ends(shown: Screen, tmp_path: Path) -> None:
    with holder(shown, "Ctrl+Alt+K", tmp_path / "first") as first:
        assert first.told == ["used"]
        with holder(shown, "Ctrl+Alt+K", tmp_path / "second") as second:
            assert second.told == ["taken"]
    with holder(shown, "Ctrl+Alt+K", tmp_path / "third") as third:
        assert third.told == ["used"]


# --- the portal -------------------------------------------------------------------------------------


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A private session bus."""
    if not shutil.which("dbus-daemon"):
        pytest.skip("no dbus-daemon here")
    address = f"unix:path=/tmp/teahouse-bus-{os.getpid()}"
    command = ["dbus-daemon", "--session", "--nofork", f"--address={address}", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
        assert daemon.stdout is not None
        daemon.stdout.readline()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address
        daemon.kill()
    Path(address.removeprefix("unix:path=")).unlink(missing_ok=True)


@contextmanager
def portal(how: str) -> Iterator[subprocess.Popen[str]]:
    """The desktop's part; the environment names the bus."""
    with subprocess.Popen(
        [sys.executable, str(PLAYER), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[Callable[[str], tuple[PortalShortcut, list[Outcome], list[str]]]]:
    """Asks the portal for keys: (shortcut, its outcomes, tokens of what was pressed)."""
    made: list[PortalShortcut] = []
    parent = QObject()

    def ask(keys: str) -> tuple[PortalShortcut, list[Outcome], list[str]]:
        shortcut = PortalShortcut(parent)
        made.append(shortcut)
        outcomes: list[Outcome] = []
        tokens: list[str] = []
        shortcut.settled.connect(outcomes.append)
        shortcut.pressed.connect(tokens.append)
        shortcut.bind(QKeySequence(keys))
        return shortcut, outcomes, tokens

    yield ask
    for one in made:
        one.release()
    parent.deleteLater()


def test_the_portal_gives_keys_and_tells_when_they_are_pressed(bus: str, asked, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    with portal("grant") as desktop:
        _shortcut, outcomes, tokens = asked("Ctrl+Alt+Space")
        assert outcomes == [Outcome("asking", "Ctrl+Alt+Space")]
        qtbot.waitUntil(lambda: len(outcomes) == 2, timeout=10_000)
        assert outcomes[1] == Outcome("used", "Super+Space")
        assert desktop.stdin is not None
        desktop.stdin.write("token-7\n")
        desktop.stdin.flush()
        qtbot.waitUntil(lambda: tokens == ["token-7"], timeout=10_000)
        desktop.kill()
        assert desktop.stdout is not None
        told = desktop.stdout.read()
    assert "'preferred_trigger': 'CTRL+ALT+space'" in told
    assert told.index("CreateSession") < told.index("BindShortcuts")


def test_a_portal_that_refuses_says_so_and_nothing_is_held(bus: str, asked, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    with portal("refuse"):
        _shortcut, outcomes, _tokens = asked("Ctrl+Alt+Space")
        qtbot.waitUntil(lambda: len(outcomes) == 2, timeout=10_000)
    assert outcomes[1].state == "refused"


def test_a_bus_without_the_portal(bus: str, asked, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    _shortcut, outcomes, _tokens = asked("Ctrl+Alt+Space")
    qtbot.waitUntil(lambda: len(outcomes) == 2, timeout=10_000)
    assert outcomes[1].state == "impossible"


def test_no_bus_at_all(asked, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    _shortcut, outcomes, _tokens = asked("Ctrl+Alt+Space")
    assert [one.state for one in outcomes] == ["impossible"]


# --- keys and words ---------------------------------------------------------------------------------


def test_where_no_way_is_known_it_is_impossible(qtbot: QtBot) -> None:
    parent = QObject()
    outcomes: list[Outcome] = []
    shortcut: GlobalShortcut = choose(parent)  # the tests' platform is none that has keys
    shortcut.settled.connect(outcomes.append)
    shortcut.bind(QKeySequence("Ctrl+Alt+Space"))
    shortcut.release()
    assert [one.state for one in outcomes] == ["impossible"]
    assert "teahouse quick" in describe(outcomes[0])


@pytest.mark.parametrize(
    ("keys", "keysym", "name"),
    [
        ("Ctrl+Space", 0x20, "space"),
        ("Ctrl+A", 0x61, "a"),
        ("Ctrl+7", 0x37, "7"),
        ("F12", 0xFFC9, "F12"),
        ("Meta+PgUp", 0xFF55, "Page_Up"),
        ("Alt+;", 0x3B, "semicolon"),
    ],
)
def test_keys_by_their_names_in_x11(keys: str, keysym: int, name: str) -> None:
    key = QKeySequence(keys)[0].key()  # type: ignore[index]
    assert (keysyms.keysym(key), keysyms.keysym_name(key)) == (keysym, name)


def test_the_portal_takes_the_modifiers_of_the_specification() -> None:
    combination = QKeySequence("Ctrl+Alt+Shift+Meta+Space")[0]  # type: ignore[index]
    assert keysyms.trigger(combination.key(), combination.keyboardModifiers()) == "CTRL+ALT+SHIFT+LOGO+space"
    assert keysyms.trigger(Qt.Key.Key_Hiragana, Qt.KeyboardModifier.NoModifier) == ""


def test_keys_by_their_numbers_elsewhere() -> None:
    assert windows.virtual_key(Qt.Key.Key_Space) == 0x20
    assert windows.virtual_key(Qt.Key.Key_F5) == 0x74
    assert windows.virtual_key(Qt.Key.Key_Q) == ord("Q")
    assert macos.virtual_key(Qt.Key.Key_Space) == 49
    assert macos.virtual_key(Qt.Key.Key_Q) == 12
    assert macos.virtual_key(Qt.Key.Key_Hiragana) is None


def test_every_outcome_has_words_of_its_own() -> None:
    states = ("off", "asking", "used", "taken", "unusable", "refused", "impossible")
    told = [describe(Outcome(state, "Ctrl+Alt+Space")) for state in states]  # type: ignore[arg-type]
    assert len(set(told)) == len(states)
    assert all("Ctrl+Alt+Space" in words for words in told[2:5])


def test_signatures_are_split_into_complete_types() -> None:
    assert split("oa(sa{sv})sa{sv}") == ["o", "a(sa{sv})", "s", "a{sv}"]
    assert split("aa{sv}(so)u") == ["aa{sv}", "(so)", "u"]
