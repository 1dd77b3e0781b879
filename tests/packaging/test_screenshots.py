"""`packaging/screenshots.py`: the real window gets a home of its own with the model in it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.conftest import ROOT


@pytest.fixture
def screenshots() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "packaging" / "screenshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_home_holds_the_model_and_nothing_else(screenshots: ModuleType, tmp_path: Path) -> None:
    model = tmp_path / "模型.gguf"
    model.write_bytes(b"GGUF")
    screenshots.furnish(tmp_path / "home", model)
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [file.name for file in files] == ["模型.gguf"]
    assert files[0].read_bytes() == b"GGUF"


def test_the_pictures_go_where_asked_and_come_from_the_private_screen(
    screenshots: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[list[str], dict[str, str]]] = []

    def call(command: list[str], *, env: dict[str, str]) -> int:
        calls.append((command, env))
        return 0

    monkeypatch.setenv("TEAHOUSE_TEST_MODEL", str(tmp_path / "m.gguf"))
    monkeypatch.setenv("DISPLAY", ":person")
    monkeypatch.setattr(screenshots.subprocess, "call", call)
    assert screenshots.main([str(tmp_path / "out"), "--theme", "dark"]) == 0
    [(command, environ)] = calls
    assert command[1:] == ["-m", "teahouse_desktop.screenshots", str(tmp_path / "out"), "--theme", "dark"]
    assert environ["DISPLAY"] != ":person"
    assert environ["QT_QPA_PLATFORM"] == "xcb"
    assert not Path(environ["TEAHOUSE_HOME"]).exists(), "it is removed afterwards"
