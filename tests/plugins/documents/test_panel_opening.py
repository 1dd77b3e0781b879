"""What *Open* opens: files in their programs, and never a file that might be run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from teahouse_desktop.widgets.notices import NoticeBar
from teahouse_documents.loaders.builtin import LOADERS
from teahouse_documents.panel.opening import SHOWN, Opener, Target, may_run, target_of
from teahouse_documents.values import DocumentsError
from tests.plugins.documents.stand_ins import make_look

pytestmark = pytest.mark.gui


class AtOnce:
    """Does at once what is asked."""

    def ask(self, title: str, call: Any, *, ended: Any) -> Any:
        event = SimpleNamespace(job=SimpleNamespace(title=title), error=None, result=None)
        try:
            event.result = call(None, None)
        except DocumentsError as error:
            event.error = error
        ended(event)
        return event.job


def a_file(folder: Path, name: str, *, mode: int = 0o644) -> Path:
    file = folder / name
    file.write_text("x", "utf-8")
    file.chmod(mode)
    return file


@pytest.mark.parametrize(
    "name", ["a.bat", "a.CMD", "a.js", "a.ps1", "a.py", "a.sh", "a.vbs", "a.bat.", "a.bat "]
)
def test_of_what_might_be_run_the_folder_is_opened(tmp_path: Path, name: str) -> None:
    assert target_of(str(a_file(tmp_path, name))) == Target(str(tmp_path), name)


@pytest.mark.parametrize("name", ["a.pdf", "a.txt", "notes", "py", "a.c", "bat.md", "茶.docx"])
def test_what_is_only_shown_is_opened_itself(tmp_path: Path, name: str) -> None:
    file = a_file(tmp_path, name)
    assert target_of(str(file)) == Target(str(file))
    assert target_of(str(file), is_folder=True) == Target(str(tmp_path))
    file.chmod(0o755)  # as every file of a Windows drive has it
    is_document = file.suffix in SHOWN
    assert target_of(str(file)) == (Target(str(file)) if is_document else Target(str(tmp_path), name))


def test_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    link = tmp_path / "guide.pdf"
    link.symlink_to(a_file(tmp_path, "run.py"))
    assert target_of(str(link)) == Target(str(tmp_path), "guide.pdf")


def test_folders_are_opened_unless_they_are_programs(tmp_path: Path) -> None:
    plain, program = tmp_path / "notes", tmp_path / "Notes.app"
    for folder in (plain, program):
        folder.mkdir()
    assert target_of(str(plain)) == Target(str(plain))
    assert target_of(str(program)) == Target(str(tmp_path), "Notes.app")


def test_scripts_that_are_read_are_known() -> None:
    read = {suffix for loader in LOADERS for suffix in loader.suffixes}
    scripts = {
        ".bat",
        ".cmd",
        ".js",
        ".mjs",
        ".cjs",
        ".ps1",
        ".py",
        ".pyw",
        ".sh",
        ".bash",
        ".zsh",
        ".fish",
        ".rb",
    }
    assert scripts <= read
    assert all(may_run(Path(f"/nowhere/x{suffix}")) for suffix in scripts)


def test_it_says_so(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile()) or True
    )
    bar = NoticeBar(make_look())
    qtbot.addWidget(bar)
    opener = Opener(AtOnce(), bar, bar)
    opener.open(str(a_file(tmp_path, "a.pdf")))
    assert (opened, bar.label.text()) == ([str(tmp_path / "a.pdf")], "")
    opener.open(str(a_file(tmp_path, "a.sh")))
    assert opened[1:] == [str(tmp_path)]
    assert bar.label.text() == (
        "a.sh may be a program that would run when opened. Its folder was opened instead."
    )


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_no_utf8_is_opened_by_its_bytes(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toEncoded().data()) or True
    )
    bar = NoticeBar(make_look())
    qtbot.addWidget(bar)
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.pdf"))
    file.write_bytes(b"%PDF")
    Opener(AtOnce(), bar, bar).open(str(file))
    assert opened == [b"file://" + os.fsencode(tmp_path) + b"/caf%E9.pdf"]
