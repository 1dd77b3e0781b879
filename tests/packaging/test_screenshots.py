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

    monkeypatch.delenv("TEAHOUSE_DEV", raising=False)
    monkeypatch.setenv("TEAHOUSE_TEST_MODEL", str(tmp_path / "m.gguf"))
    monkeypatch.setenv("DISPLAY", ":person")
    monkeypatch.setattr(screenshots.subprocess, "call", call)
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    assert screenshots.main([str(tmp_path / "out"), "--theme", "dark"]) == 0
    begin = ["-m", "teahouse_desktop.screenshots", str(tmp_path / "out"), "--theme", "dark", "--set"]
    assert [command[1:] for command, _environ in calls] == [[*begin, name] for name in screenshots.SETS]
    homes = {environ["TEAHOUSE_HOME"] for _command, environ in calls}
    assert len(homes) == len(calls), "each set has a home of its own"
    assert not any(Path(home).exists() for home in homes), "they are removed afterwards"
    assert [environ.get("TEAHOUSE_DEV") for _command, environ in calls] == [None, "1", None]
    for _command, environ in calls:
        assert environ["DISPLAY"] != ":person"
        assert environ["QT_QPA_PLATFORM"] == "xcb"


def test_one_set_is_drawn_alone_and_a_failure_is_told(
    screenshots: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def call(command: list[str], *, env: dict[str, str]) -> int:
        calls.append(command)
        return 3

    monkeypatch.setattr(screenshots.subprocess, "call", call)
    assert screenshots.main([str(tmp_path / "out"), "--set", "bare"]) == 3
    assert [command[-2:] for command in calls] == [["--set", "bare"]]
    assert not list(tmp_path.glob("*.md")), "no page for some of the pictures"
