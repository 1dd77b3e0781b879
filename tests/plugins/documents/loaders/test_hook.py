"""The hook through which plugins bring loaders, and which loader reads which file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import PluginError
from teahouse.hookspecs import hookimpl
from teahouse.passages import Loader
from teahouse.plugins.contributions import ENGINE, check_values
from teahouse.workers.process import Workers
from teahouse_documents.loaders.builtin import LOADERS
from teahouse_documents.loaders.choice import Choice, loader_as_json, loader_from_json
from teahouse_documents.loaders.parsing import Parsing

from .conftest import drain

NOTES = """
from teahouse.passages import Piece, Place
def load(path, context):
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        yield Piece(line.upper(), place=Place(line=number))
"""


class Notes:
    def __init__(self, *loaders: Any) -> None:
        self._loaders = list(loaders)

    @hookimpl
    def register_loaders(self) -> list[Any]:
        return self._loaders


@pytest.fixture
def app() -> Iterator[App]:
    app = App.open()
    yield app
    app.close()


def test_hook_register_loaders(
    app: App, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "notes_of_mine.py").write_text(NOTES, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{library}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    app.plugins.register("notes", Notes(Loader("notes", (".note", ".md"), "notes_of_mine:load")))
    brought = [loader for _name, loader in app.plugins.call_each("register_loaders")]
    parsing = Parsing(workers, loaders=[*LOADERS, *brought])
    for name in ("a.note", "a.md"):  # a later loader takes a suffix over
        (tmp_path / name).write_text("# tea\n茶 x\n", "utf-8")
        assert [piece.text for piece in drain(parsing, tmp_path / name)[0]] == ["# TEA", "茶 X"]
    parsing.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"suffixes": [".a"]},
        {"suffixes": (".A",)},
        {"suffixes": ("a/b",)},
        {"suffixes": ()},
        {"entry": "no colon"},
        {"entry": len},
        {"needs": ("",)},
        {"mime_types": "text/plain"},
        {"version": "1"},
    ],
    ids=str,
)
def test_a_loader_that_is_declared_wrongly(changes: dict[str, Any]) -> None:
    given: dict[str, Any] = {"name": "x", "suffixes": (".x",), "entry": "a:b", **changes}
    with pytest.raises(PluginError):
        check_values([Loader(**given)], ENGINE["register_loaders"])


def test_no_file_that_is_no_loader() -> None:
    with pytest.raises(PluginError, match="str instead of Loader"):
        check_values(["x"], ENGINE["register_loaders"])


def test_every_loader_of_the_plugin_can_be_registered() -> None:
    assert check_values(LOADERS, ENGINE["register_loaders"]) == list(LOADERS)
    assert [loader_from_json(loader_as_json(loader)) for loader in LOADERS] == list(LOADERS)
    assert len({loader.name for loader in LOADERS}) == len(LOADERS)


@pytest.mark.parametrize(
    ("name", "loader"),
    [
        ("a.PDF", "pdf"),
        ("Report.2026.docx", "docx"),
        ("README", "text"),
        ("Makefile", "code"),
        ("CMakeLists.txt", "code"),
        ("a.txt", "text"),
        (".ini", "code"),
        ("价格.XLSX", "sheets"),
    ],
)
def test_the_name_says_which_loader(name: str, loader: str) -> None:
    found = Choice(LOADERS).by_name(Path(name))
    assert found is not None
    assert found.name == loader


@pytest.mark.parametrize("name", ["a.exe", "a", "pdf", "a.pdf.part", "x.pdf.gz", ""])
def test_other_names_are_not_read(name: str) -> None:
    assert Choice(LOADERS).by_name(Path(name)) is None


def test_types_say_which_loader() -> None:
    choice = Choice(LOADERS)
    found = choice.by_type("text/HTML; charset=utf-8")
    assert found is not None
    assert found.name == "html"
    assert choice.by_type("image/png") is None
    assert ".epub" in choice.suffixes
