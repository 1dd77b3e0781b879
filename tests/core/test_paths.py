"""Where everything lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.errors import AppError
from teahouse.paths import Paths, default_paths, safe_join


def all_of(paths: Paths) -> list[Path]:
    places = [paths.config, paths.data, paths.cache, paths.logs]
    return [*places, paths.settings_file, paths.database, paths.models, paths.plugin("echo")]


def test_teahouse_home_moves_everything(home: Path) -> None:
    assert all(path.is_relative_to(home) for path in all_of(default_paths()))


def test_nothing_is_created_by_looking(home: Path) -> None:
    all_of(default_paths())
    assert list(home.iterdir()) == []


def test_without_teahouse_home_the_platform_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    paths = default_paths({})
    assert all("teahouse" in path.parts for path in all_of(paths))
    assert not paths.data.is_relative_to(paths.cache)
    assert list(tmp_path.iterdir()) == [tmp_path / "测试 田中 Ж é 😀 space"]


def test_a_relative_home_and_a_tilde_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_paths({"TEAHOUSE_HOME": "tea"}).data == tmp_path / "tea" / "data"
    assert default_paths({"TEAHOUSE_HOME": "~/tea"}).data == tmp_path / "tea" / "data"


def test_the_documented_places(home: Path) -> None:
    paths = default_paths()
    assert paths.settings_file == home / "config" / "settings.toml"
    assert paths.database == home / "data" / "teahouse.db"
    assert paths.models == home / "data" / "models"


@pytest.mark.parametrize("names", [("a",), ("a", "b.txt"), ("a", "..", "b"), ("茶", "馆 😀")])
def test_safe_join_stays_inside(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert safe_join(tmp_path, *names).resolve().is_relative_to(tmp_path.resolve())


@pytest.mark.parametrize(
    "names",
    [("..",), ("a", "..", "..", "b"), ("/etc/passwd",), ("a", "/etc"), ("../sibling",), ("a/../../b",)],
)
def test_safe_join_refuses_what_leads_outside(tmp_path: Path, names: tuple[str, ...]) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(AppError, match="outside"):
        safe_join(root, *names)


def test_safe_join_refuses_a_link_that_leads_outside(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(AppError):
        safe_join(root, "link", "secret")


def test_a_prefix_of_the_name_is_not_inside(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    with pytest.raises(AppError):
        safe_join(tmp_path / "root", "../root-other/x")


def test_a_plugin_cannot_name_itself_out_of_its_folder() -> None:
    with pytest.raises(AppError):
        default_paths().plugin("../../elsewhere")
