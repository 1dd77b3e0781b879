"""A journey through the page of plugins, by keyboard: installed, used, turned off, removed without a trace.

Before a key is pressed, a screen reader tells where the focus is.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.core.wheels import Environment, make_environment, plugin_wheel
from tests.journeys.at_spi import Node, Reader, screen_reader
from tests.journeys.screen import Screen, screen, wait_for
from tests.journeys.test_first_run import focused, go_to, is_titled, names

pytestmark = pytest.mark.journey

AGAIN_AFTER_S = 10.0
INSTALL, REMOVE = ("Install",), ("Remove …",)


@contextmanager
def window(shown: Screen, reader: Reader, environment: Environment) -> Iterator[tuple[int, Node]]:
    """The window of the app in that environment: its process and what the screen reader sees of it."""
    keep = ("DISPLAY", "QT_QPA_PLATFORM", "LC_ALL")
    values = {name: shown.environment[name] for name in keep} | dict(reader.environment)
    with (environment.home / "window.log").open("ab") as log:
        process = subprocess.Popen(
            [environment.python, "-m", "teahouse.cli.main"],
            env=environment.variables(TEAHOUSE_LANGUAGE="en", **values),
            stdout=log,
            stderr=log,
        )
        try:
            shown.focus(shown.window(process.pid))
            yield process.pid, wait_for(lambda: reader.program(process.pid), "the program on the bus")
            shown.press("ctrl+q")
            assert process.wait(15) == 0
        except BaseException:
            shown.picture(environment.home.parent / "failed.png")
            print((environment.home / "window.log").read_text(errors="replace"))  # noqa: T201
            raise
        finally:
            process.kill()
            process.wait(10)


def says(program: Node, words: str) -> bool:
    """Whether something on the screen is called so."""
    return any(words in name for role in ("label", "list item", "check box") for name in names(program, role))


def open_page(shown: Screen, program: Node) -> None:
    """Press the page's keys until it shows the plugins that came with the app.

    The first press may come before the window has the keyboard.
    """
    pressed_at = float("-inf")

    def is_open() -> bool:
        nonlocal pressed_at
        if says(program, "On: sampling"):
            return True
        if time.monotonic() - pressed_at > AGAIN_AFTER_S:
            shown.press("ctrl+shift+x")
            pressed_at = time.monotonic()
        return False

    try:
        wait_for(is_open, "the page of plugins")
    except AssertionError as error:
        raise AssertionError(f"{error}; what is there:\n{program.dump()}") from error


def has_panel(program: Node) -> bool:
    """Whether the bar above the chat has a button for the plugin's panel."""
    roles = ("button", "push button", "toggle button", "check box")
    return any("Tea garden" in name for role in roles for name in names(program, role))


def install(shown: Screen, program: Node, wheel: Path) -> None:
    """Choose a file, read what it is, agree, and close the window."""
    go_to(shown, program, ("Install from a file",))
    shown.press("space")
    wait_for(lambda: is_titled(shown, "Choose a plugin"), "the choice of a file")
    shown.type(str(wheel))
    shown.press("Return")
    wait_for(lambda: says(program, "runs with your full rights"), "what it is")
    shown.picture(wheel.parent / "asked.png")
    go_to(shown, program, INSTALL)
    shown.press("space")
    wait_for(lambda: says(program, "is installed."), "the end of the installation")
    shown.picture(wheel.parent / "installed.png")
    wait_for(lambda: focused(program) == "Close", "the way out of the window")
    shown.press("Return")
    wait_for(lambda: not is_titled(shown, "Install a plugin"), "the page")


def test_installed_used_turned_off_and_removed_by_keyboard(home: Path, tmp_path: Path) -> None:
    environment = make_environment(tmp_path / "environment", home)
    before, wheel = environment.files(), plugin_wheel(tmp_path / "wheels", has_panel=True)
    (home / "config").mkdir(parents=True)
    (home / "config" / "window.ini").write_text("[General]\nfirst_steps_done=true\n", "utf-8")
    with screen_reader() as reader, screen() as shown, window(shown, reader, environment) as (_pid, program):
        open_page(shown, program)
        install(shown, program, wheel)
        wait_for(lambda: says(program, "jasmine 1.0"), "the card of the plugin")
        assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"
        wait_for(lambda: has_panel(program), "the button of its panel")
        go_to(shown, program, ("On: jasmine",))
        shown.press("space")
        wait_for(lambda: environment.teahouse("jasmine", "say").returncode == 2, "its end")
        wait_for(lambda: not has_panel(program), "no panel")
        shown.picture(wheel.parent / "off.png")
        go_to(shown, program, REMOVE)
        shown.press("space")
        wait_for(lambda: is_titled(shown, "Remove a plugin"), "the question")
        go_to(shown, program, ("Remove",))
        shown.press("space")
        wait_for(lambda: not says(program, "jasmine 1.0"), "the page without it")
        assert says(program, "On: sampling")
        shown.picture(wheel.parent / "removed.png")
    assert environment.files() == before
