"""`teahouse backups list|make|restore|salvage` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.errors import StoreError
from teahouse.store import Store
from tests.core.cli.commands import is_quiet, teahouse


@pytest.fixture
def file(home: Path) -> Path:
    """A database with one conversation."""
    path = home / "data" / "teahouse.db"
    store = Store(path)
    conversation = store.create_conversation(title="Tea")
    store.add_message(conversation.id, "user", "Which 茶?")
    store.close()
    return path


def titles(file: Path) -> list[str]:
    store = Store(file)
    try:
        return [one.title for one in store.conversations()]
    finally:
        store.close()


def test_a_copy_is_made_listed_and_put_back(file: Path) -> None:
    made = json.loads(teahouse("backups", "make", "--json").stdout)
    assert made["conversations"] == 1
    store = Store(file)
    store.create_conversation(title="Later")
    store.close()
    name = Path(made["path"]).name
    assert name in teahouse("backups", "list").stdout
    done = teahouse("backups", "restore", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert titles(file) == ["Tea"]
    aside = Path(done.stdout.splitlines()[-1].partition("kept in ")[2].rstrip("."))
    assert sorted(titles(aside)) == ["Later", "Tea"]


def test_a_copy_elsewhere_is_taken_by_its_path(file: Path, tmp_path: Path) -> None:
    made = json.loads(teahouse("backups", "make", "--json").stdout)
    elsewhere = tmp_path / "副本 copy.db"
    Path(made["path"]).rename(elsewhere)
    told = json.loads(teahouse("backups", "restore", str(elsewhere), "--json").stdout)
    assert told["restored"] == str(elsewhere) and Path(told["set_aside"]).is_file()


def test_what_is_no_copy_changes_nothing(file: Path, tmp_path: Path) -> None:
    before = file.read_bytes()
    (tmp_path / "x.db").write_bytes(b"SQLite format 3\0" + bytes(4096))
    for name in ("nothing.db", str(tmp_path / "x.db")):
        done = teahouse("backups", "restore", name)
        assert done.returncode == 1 and done.stderr.startswith("Error: ")
        assert is_quiet(done)
    assert file.read_bytes() == before


def test_damaged_conversations_are_salvaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 : 4096 + 100] = b"\xff" * 100
    file.write_bytes(content)
    told = json.loads(teahouse("backups", "salvage", "--json").stdout)
    assert Path(told["aside"]).read_bytes() == bytes(content)
    try:
        assert titles(file)
    except StoreError:  # pragma: no cover
        pytest.fail("the new file is damaged too")


@pytest.mark.parametrize("verb", ["make", "salvage"])
def test_without_conversations_that_is_said(home: Path, verb: str) -> None:
    done = teahouse("backups", verb)
    assert done.returncode == 1 and "There are no conversations yet." in done.stderr
    assert teahouse("backups", "list", "--json").stdout == "[]\n"
