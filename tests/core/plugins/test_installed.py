"""What is found of installed plugins without importing any."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from teahouse.plugins.installed import (
    COMMANDS,
    PANELS,
    PLUGINS,
    command_owners,
    command_words,
    find_installed,
)
from tests.core.distributions import install


def test_the_halves_and_words_of_one_distribution_belong_together(site: Path) -> None:
    module = install(site, "hello", groups=(PLUGINS, PANELS, COMMANDS))
    found = find_installed()["hello"]
    assert set(found.entries) == {PLUGINS, PANELS}
    assert (set(found.words), found.version, found.distribution) == ({"hello"}, "1.2.3", module)
    assert (found.packages, found.places) == ([module], [site / f"{module}.py"])
    assert not found.is_bundled
    assert command_owners()["hello"] == "hello"
    assert module not in sys.modules


def test_a_plugin_may_have_a_window_half_only(site: Path) -> None:
    install(site, "pane", groups=(PANELS,))
    assert set(find_installed()["pane"].entries) == {PANELS}


def test_words_are_found_by_the_package_and_not_by_the_name(site: Path) -> None:
    module = install(site, "documents")
    info = next(site.glob("*.dist-info"))
    with (info / "entry_points.txt").open("a", encoding="utf-8") as stream:
        stream.write(f"[{COMMANDS}]\ndocs = {module}:commands\n")
    assert command_owners()["docs"] == "documents"
    assert "docs" in command_words()


def test_of_two_with_one_name_the_other_is_told(site: Path) -> None:
    install(site, "twin", distribution="a-first")
    install(site, "twin", distribution="b-second")
    found = find_installed()["twin"]
    assert {found.distribution, *found.others} == {"a-first", "b-second"}


def test_echo_came_with_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "echo" not in find_installed()
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    echo = find_installed()["echo"]
    assert echo.is_bundled
    assert echo.places[0].name == "teahouse_echo"


def test_the_hash_is_of_the_files(site: Path) -> None:
    module = install(site, "hello")
    before = find_installed()["hello"].sha256
    assert find_installed()["hello"].sha256 == before
    file = site / f"{module}.py"
    os.utime(file, (1, 1))
    assert find_installed()["hello"].sha256 == before
    file.write_text(file.read_text("utf-8") + "\n# changed\n", "utf-8")
    assert find_installed()["hello"].sha256 != before


def test_the_hash_covers_a_whole_package_but_no_compiled_files(site: Path) -> None:
    install(site, "hello")
    entry = next(site.glob("*.dist-info")) / "entry_points.txt"
    entry.write_text("[teahouse.plugins]\nhello = stranger_package.inner:create\n", "utf-8")
    folder = site / "stranger_package"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "__init__.py").write_text("", "utf-8")
    seen = [find_installed()["hello"].sha256]
    (folder / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert find_installed()["hello"].sha256 == seen[0]
    for name, content in (("data.bin", b"1"), ("data.bin", b"2"), ("large.bin", b"0" * 1_500_000)):
        (folder / name).write_bytes(content)
        seen.append(find_installed()["hello"].sha256)
    assert len(set(seen)) == 4


def test_a_plugin_whose_module_is_missing_has_a_hash_too(site: Path) -> None:
    module = install(site, "gone")
    (site / f"{module}.py").unlink()
    assert find_installed()["gone"].places == []
    assert len(find_installed()["gone"].sha256) == 64
