"""Where things lie, and what of the environment reaches the children."""

from __future__ import annotations

from pathlib import Path

import pytest
from bootstrap import place as module
from bootstrap.place import Place, cache_folder, find_place


def test_cache_folder_follows_xdg(tmp_path: Path) -> None:
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "teahouse-build"


@pytest.mark.parametrize("environ", [{}, {"XDG_CACHE_HOME": ""}, {"XDG_CACHE_HOME": "relative"}])
def test_cache_folder_is_in_the_home_otherwise(environ: dict[str, str]) -> None:
    assert cache_folder(environ) == Path.home() / ".cache" / "teahouse-build"


def test_cache_folder_without_any_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(module.Path, "home", no_home)
    folder = cache_folder({})
    assert folder.is_absolute()
    assert not folder.is_relative_to(find_place().root)


def test_children_get_the_mirror_but_not_what_disturbs(tmp_path: Path) -> None:
    environ = {"PIP_INDEX_URL": "x", "PYTHONPATH": "y", "MAKEFLAGS": "z", "TEAHOUSE_ARGS": "ask", "HOME": "h"}
    child = Place(tmp_path, tmp_path, environ).child_environment(MORE="1")
    assert child == {"PIP_INDEX_URL": "x", "HOME": "h", "MORE": "1"}
