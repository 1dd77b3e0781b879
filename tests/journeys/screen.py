"""A private X screen with a window manager, and a person's hands and eyes on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

SIZE = "1280x860x24"
T = TypeVar("T")


def wait_for(look: Callable[[], T], what: str, *, within_s: float = 60.0) -> T:
    """What `look` returns once it is true; fails naming what was waited for."""
    until = time.monotonic() + within_s
    while True:
        if found := look():
            return found
        assert time.monotonic() < until, f"waited {within_s:g} s for {what}"
        time.sleep(0.1)


class Screen:
    """One X display."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"}

    def run(self, *command: str) -> str:
        """Run a tool on this display and return what it prints."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout.strip()

    def window(self, pid: int) -> str:
        """The id of the process's visible window, once it is there."""
        return wait_for(
            lambda: self.run("xdotool", "search", "--onlyvisible", "--pid", str(pid), "--name", ".+").split(
                "\n"
            )[0],
            f"a window of process {pid}",
        )

    def focus(self, window: str) -> None:
        """Bring a window to the front."""
        self.run("xdotool", "windowactivate", "--sync", window)

    def type(self, text: str) -> None:
        """Type text on the keyboard; what no key has is pasted: xdotool drops what it must map."""
        if text.isascii():
            self.run("xdotool", "type", "--delay", "30", text)
            return
        quiet = subprocess.DEVNULL  # xclip stays behind to serve the clipboard, with its pipes open
        command = ["xclip", "-selection", "clipboard", "-i"]
        subprocess.run(
            command, input=text.encode(), env=self.environment, stdout=quiet, stderr=quiet, timeout=60
        )
        self.press("ctrl+v")

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as `ctrl+a`."""
        for key in keys:
            self.run("xdotool", "key", key)

    def clipboard(self) -> str:
        """What was copied last."""
        return self.run("xclip", "-selection", "clipboard", "-o")

    def picture(self, file: Path) -> Path:
        """A picture of the whole screen."""
        self.run("import", "-window", "root", str(file))
        return file


@contextmanager
def screen() -> Iterator[Screen]:
    """Start Xvfb and a window manager; both end with the block."""
    for tool in ("Xvfb", "openbox", "xdotool", "xclip"):
        assert shutil.which(tool), f"{tool} is missing; make test installs it"
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as stream:
        number = stream.readline().strip()
    assert number, "Xvfb did not start"
    shown = Screen(f":{number}")
    manager = subprocess.Popen(["openbox"], env=shown.environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: shown.run("xdotool", "get_num_desktops"), "the window manager")
        yield shown
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(10)


@contextmanager
def window(shown: Screen, home: Path, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """The app's window on a screen; killed at the end if it still runs."""
    environment: Mapping[str, str] = {**shown.environment, "TEAHOUSE_HOME": str(home), **environ}
    with (home / "window.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "teahouse.cli.main"], env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        except BaseException:
            shown.picture(home.parent / "failed.png")
            print((home / "window.log").read_text(errors="replace"))  # noqa: T201
            raise
        finally:
            process.kill()
            process.wait(10)
