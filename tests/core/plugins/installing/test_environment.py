"""Environments into which nothing can be installed, and what must not change in one."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import PluginError
from teahouse.plugins.installing import environment


def frozen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    return "This build of Teahouse is closed"


def without_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    find = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name, *a: None if name == "pip" else find(name, *a)
    )
    return "ensurepip"


def managed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    (tmp_path / "EXTERNALLY-MANAGED").write_text("[externally-managed]\n", "utf-8")
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    redirect(monkeypatch, "stdlib", tmp_path)
    return "belongs to the operating system"


def unwritable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    (tmp_path / "file").write_text("", "utf-8")
    redirect(monkeypatch, "purelib", tmp_path / "file" / "inside")
    return "cannot be written"


def redirect(monkeypatch: pytest.MonkeyPatch, name: str, folder: Path) -> None:
    get_path = sysconfig.get_path

    def get(wanted: str, *args: Any) -> str:
        return str(folder) if wanted == name else get_path(wanted, *args)

    monkeypatch.setattr(environment.sysconfig, "get_path", get)


@pytest.mark.parametrize("how", [frozen, without_pip, managed, unwritable])
def test_what_to_do_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: Any) -> None:
    words = how(monkeypatch, tmp_path)
    with pytest.raises(PluginError) as refused:
        environment.check_changeable()
    monkeypatch.undo()
    assert words in str(refused.value)
    assert refused.value.hint


def test_the_app_and_all_it_needs_stay() -> None:
    here = environment.installed()
    kept = environment.kept_versions(here)
    assert {"teahouse", "click", "packaging", "platformdirs", "pluggy", "tomlkit", "pip"} <= kept.keys()
    assert {"pyside6-essentials", "jinja2", "markupsafe"} <= kept.keys()  # extras, and what they need
    assert kept["click"] == here["click"].version
