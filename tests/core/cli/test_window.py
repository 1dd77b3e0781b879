"""Why no window opens, told before Qt could end the process."""

from __future__ import annotations

import ctypes.util
import os
import socket
from pathlib import Path

import pytest

from teahouse.cli.window import why_no_window
from tests.core.cli.commands import NO_SCREEN


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NO_SCREEN:
        monkeypatch.delenv(name, raising=False)


def test_no_display_at_all() -> None:
    assert why_no_window() == "There is no display."


@pytest.mark.skipif(not ctypes.util.find_library("xcb"), reason="no libxcb here")
@pytest.mark.parametrize("platform", ["", "xcb"])
def test_a_display_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    if platform:
        monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert why_no_window() == "The display :987 does not answer."


def test_a_platform_without_a_display_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert why_no_window() == ""


def test_a_platform_that_needs_one_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert why_no_window() == "There is no display."


def test_wayland_is_there_when_its_socket_is(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path("/tmp", f"teahouse-{os.getpid()}")
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert why_no_window() == "The display wayland-7 does not answer."
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "wayland-7"))
        assert why_no_window() == ""
    (folder / "wayland-7").unlink()
    folder.rmdir()
