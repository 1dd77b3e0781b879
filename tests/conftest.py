"""What every test gets: an own home, no network but loopback, and no unexpected warning in the log."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

LOOPBACK = ("127.", "::1", "localhost")
_connect = socket.socket.connect


def guarded_connect(self: socket.socket, address: object) -> None:
    """Connect to loopback and Unix sockets only."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):  # type: ignore[index]
        raise AssertionError(f"a test tried to reach {address}")
    _connect(self, address)  # type: ignore[arg-type]


socket.socket.connect = guarded_connect  # type: ignore[method-assign,assignment]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh TEAHOUSE_HOME with a name that is hard on path handling."""
    folder = tmp_path / "测试 田中 Ж é 😀 space"
    folder.mkdir()
    monkeypatch.setenv("TEAHOUSE_HOME", str(folder))
    monkeypatch.setenv("TEAHOUSE_LANGUAGE", "en")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("TEAHOUSE_DEV", raising=False)
    return folder


@pytest.fixture(scope="session")
def starter() -> Path:
    """The real starter model; `make test` fetches it and names it."""
    named = os.environ.get("TEAHOUSE_TEST_MODEL", "")
    if not named:
        pytest.skip("no model: TEAHOUSE_TEST_MODEL names the starter's file (make test sets it)")
    return Path(named)


@pytest.fixture(scope="session")
def embedder_file() -> Path:
    """The real multilingual-e5-small; `make test` fetches it and names it."""
    named = os.environ.get("TEAHOUSE_TEST_EMBEDDER", "")
    if not named:
        pytest.skip("no embedder: TEAHOUSE_TEST_EMBEDDER names the file of e5-small (make test sets it)")
    return Path(named)


@pytest.fixture(autouse=True)
def no_unexpected_warning(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A WARNING or worse in the log fails the test unless it is marked `expected_log`."""
    yield
    if request.node.get_closest_marker("expected_log"):
        return
    seen = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not seen, [r.getMessage() for r in seen]
