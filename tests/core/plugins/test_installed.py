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


def test_what_is_left_of_a_package_hides_no_other(site: Path) -> None:
    install(site, "hello")
    for name, metadata, entries in (
        ("empty", b"", "[teahouse.plugins]\nempty = nothing:create\n"),
        ("bytes", b"\xff\xfe", "[teahouse.plugins]\nbytes = ../x\n"),
        ("torn", b"Name: torn", "[teahouse.plugins]\ntorn\n[[x\n"),
    ):
        (site / f"{name}-1.dist-info").mkdir()
        (site / f"{name}-1.dist-info/METADATA").write_bytes(metadata)
        (site / f"{name}-1.dist-info/entry_points.txt").write_text(entries, "utf-8")
    found = find_installed()
    found = {name: one for name, one in found.items() if not one.is_bundled}
    assert set(found) == {"hello", "empty", "bytes"}
    assert (found["hello"].version, found["empty"].version, found["bytes"].requirements) == ("1.2.3", "", [])
    assert [len(one.sha256) for one in found.values()] == [64] * 3


@pytest.mark.parametrize(
    ("name", "is_usable"),
    [
        ("tea-notes", True),
        ("a.b_c9", True),
        ("\u6d4b\u8bd5", True),
        ("a,b", False),
        ("..", False),
        ("x" * 99, False),
    ],
)
def test_a_name_can_be_a_prefix_and_a_folder(site: Path, name: str, is_usable: bool) -> None:
    install(site, name)
    assert find_installed()[name].has_usable_name is is_usable


def test_nobody_takes_the_place_of_what_came_with_the_app(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    install(site, "echo", distribution="a-first")
    module = install(site, "aaa")
    with next(site.glob(f"{module}*.dist-info")).joinpath("entry_points.txt").open("a") as stream:
        stream.write(f"[{COMMANDS}]\necho = {module}:commands\n")
    assert find_installed()["echo"].is_bundled
    assert find_installed()["echo"].others == ("a-first",)
    assert command_owners()["echo"] == "echo"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_among_its_files_keeps_nobody_waiting(site: Path) -> None:
    package = site / "stranger_piped"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    os.mkfifo(package / "pipe")
    module = install(site, "piped")
    entries = next(site.glob(f"{module}*.dist-info")) / "entry_points.txt"
    entries.write_text("[teahouse.plugins]\npiped = stranger_piped:create\n", "utf-8")
    assert len(find_installed()["piped"].sha256) == 64
