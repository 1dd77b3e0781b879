"""Row 23 of failures.md: bad plugins, installed as strangers' are; the real program starts all the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.core.cli.commands import COMMAND, environment, is_quiet
from tests.core.distributions import install
from tests.plugins import strangers
from tests.plugins.strangers import BAD, look_at, window_process

pytestmark = pytest.mark.gui


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


def terminal(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    values = {**strangers.environment(site), "QT_QPA_PLATFORM": ""}
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(**values),
        input="",
    )


# --- all of them at once --------------------------------------------------------------------------


def test_the_window_is_there_whatever_is_installed(site: Path) -> None:
    strangers.install_all(site)
    seen = look_at(window_process(site))
    assert seen["is_loading"], "the window waited for its plugins"
    assert seen["shown_s"] < 30
    assert seen["answer"] == "tea"
    assert {"aaa/m", "zzz/m", "echo/echo", "twin/m"} <= set(seen["models"])
    assert not {f"{name}/m" for name in BAD} & set(seen["models"])
    assert "Echo" in seen["panels"]
    assert set(seen["owners"]) == {"documents", "echo", "sampling", "training"}, "a panel of a bad one"
    for name in BAD:
        enabled, _error, why_off = seen["infos"][name]
        assert (enabled, bool(why_off)) == (False, True), name
        assert any(f"The plugin {name} " in text for text in seen["notices"]), name
    for name in (*strangers.PANELS, *strangers.TOLD):
        assert seen["infos"][name][1], name
        assert any(f"The plugin {name} " in text for text in seen["notices"]), name
    told = "".join(seen["notices"])
    sound = ("aaa", "zzz", "echo", "documents", "sampling", "training")
    assert not [name for name in sound if f"plugin {name} " in told]
    assert sum("flood" in text for text in seen["notices"]) < 50

    again = look_at(window_process(site))
    assert again["answer"] == "tea"
    assert {name for name in BAD if again["infos"][name][0]} == set()
    assert not [name for name in BAD if f"plugin {name} " in "".join(again["notices"])], "told twice"


def test_the_terminal_works_whatever_is_installed(site: Path) -> None:
    strangers.install_all(site)
    for name in ("sleep-60", "huge-allocation"):
        remove(site, name)
    done = terminal(site, "models", "list", "--json")
    assert (done.returncode, is_quiet(done)) == (0, True), done.stderr
    names = {model["name"] for model in json.loads(done.stdout)}
    assert {"aaa/m", "zzz/m", "echo/echo"} <= names
    for name in set(BAD) - {"sleep-60", "huge-allocation"}:
        assert f"The plugin {name} " in done.stderr
    again = terminal(site, "models", "list", "--json")
    assert not [name for name in BAD if name in again.stderr], "told twice"
    assert terminal(site, "echo", "say", "tea").stdout == "reply: tea\n"
    assert terminal(site, "aaa", "say", "tea").stdout == "said: tea\n"
    listed = {one["name"]: one for one in json.loads(terminal(site, "plugins", "list", "--json").stdout)}
    assert not listed["os-exit"]["enabled"]
    assert "exit code 7" in listed["os-exit"]["error"]


def remove(site: Path, name: str) -> None:
    """Uninstall a plugin."""
    for info in site.glob("*.dist-info"):
        if f"\n{name} = " in (info / "entry_points.txt").read_text("utf-8"):
            for file in info.iterdir():
                file.unlink()
            info.rmdir()


# --- what no trial can find -----------------------------------------------------------------------

WINDOW_HALF = "from teahouse import hookimpl\nfrom teahouse_desktop import Panel\n"
EXIT_IN_WINDOW = f"{WINDOW_HALF}import os\ndef create(app, window): os._exit(7)\n"
HANG_IN_WINDOW = f"{WINDOW_HALF}import time\ndef create(app, window): time.sleep(600)\n"
CRASH_IN_PAINT = f"""{WINDOW_HALF}
import ctypes
from PySide6.QtWidgets import QWidget
class Canvas(QWidget):
    def paintEvent(self, event):
        ctypes.string_at(0)
class P:
    @hookimpl
    def register_panels(self):
        return [Panel("Canvas", "puzzle", Canvas)]
def create(app, window):
    return P()
"""
HANG_IN_PAINT = CRASH_IN_PAINT.replace("ctypes.string_at(0)", "import time; time.sleep(600)")
OPEN_PANEL = "[a.setChecked(True) for a in window().panels.actions if a.text() == 'Canvas']; return"


def next_start(site: Path, name: str, words: str) -> Mapping[str, Any]:
    """The window opens without the plugin, says why, and offers to turn it on again."""
    seen = look_at(window_process(site))
    enabled, _error, why_off = seen["infos"][name]
    assert not enabled
    assert words in why_off
    assert any(f"The plugin {name} {words}" in text for text in seen["said"]), seen["said"]
    assert "Turn it on again" in seen["verbs"]
    assert seen["answer"] == "tea"
    return seen


def test_one_that_ends_the_window_is_off_at_the_next_start(site: Path) -> None:
    install(site, "killer", EXIT_IN_WINDOW, groups=("teahouse.panels",))
    process = window_process(site)
    process.communicate(timeout=120)
    assert process.returncode == 7
    next_start(site, "killer", "was running when the window ended unexpectedly (create)")
    assert not (Path(os.environ["TEAHOUSE_HOME"]) / "data" / "plugin-calls").exists()
    third = look_at(window_process(site))
    assert "Turn it on again" not in third["verbs"], "told twice"


def test_one_that_crashes_between_two_calls_is_off_at_the_next_start(site: Path) -> None:
    install(site, "painter", CRASH_IN_PAINT, groups=("teahouse.panels",))
    process = window_process(site, after=OPEN_PANEL)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGSEGV
    next_start(site, "painter", "was running when the window ended unexpectedly (paintEvent)")


@pytest.mark.parametrize(
    ("source", "after", "words"),
    [
        (HANG_IN_WINDOW, "pass", "held the window up until it was ended (create)"),
        (HANG_IN_PAINT, OPEN_PANEL, "held the window up until it was ended (paintEvent)"),
    ],
)
def test_one_in_which_the_window_stands_still_is_off_when_it_was_ended(
    site: Path, source: str, after: str, words: str
) -> None:
    install(site, "sleeper", source, groups=("teahouse.panels",))
    process = window_process(site, after=after)
    home = Path(os.environ["TEAHOUSE_HOME"])
    wait_for(
        lambda: any(b"\tsleeper\t" in last_place(file) for file in home.glob("data/plugin-calls/*.calls"))
    )
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    next_start(site, "sleeper", words)


def last_place(file: Path) -> bytes:
    """What the watchdog has written."""
    return file.read_bytes()[-192:]


def wait_for(is_so: Callable[[], bool], *, within_s: float = 90) -> None:
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_turned_on_again_it_is_tried_again(site: Path) -> None:
    install(site, "exit", BAD["os-exit"])
    assert "ended its process" in terminal(site, "models", "list").stderr
    done = terminal(site, "plugins", "enable", "exit")
    assert done.returncode == 1
    assert "exit code 7" in done.stdout
    [file] = site.glob("stranger_*_exit.py")
    file.write_text("class P: pass\ndef create(app): return P()\n", "utf-8")
    done = terminal(site, "plugins", "list", "--json")
    assert {one["name"]: one["enabled"] for one in json.loads(done.stdout)}["exit"], "its files have changed"


# --- safe mode ------------------------------------------------------------------------------------


def test_safe_mode_runs_none_says_so_and_has_a_way_back(site: Path) -> None:
    install(site, "hello")
    seen = look_at(window_process(site, is_safe_mode=True))
    assert seen["models"] == []
    assert any("Safe mode" in text for text in seen["said"])
    assert seen["verbs"] == ["Load the plugins"]
    back = "if seen.setdefault('is_back', False) is False: seen['is_back'] = True; "
    back += "window().chat.notices._act(); looking.start(100); return"
    seen = look_at(window_process(site, is_safe_mode=True, after=back))
    assert {"hello/m", "echo/echo"} <= set(seen["models"])
    assert seen["answer"] == "tea"
