"""Files of drafts are found again, whatever has happened to them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.drafts import DraftFiles
from teahouse.errors import StoreError
from teahouse.ids import new_id
from teahouse.messages import File

NOTES = File("notes 茶.txt", "text/plain", b"Oolong.\r\n", "Oolong.\n")
CAT = File("cat.png", "image/png", b"\x89PNG\r\n\x1a\n" + bytes(40))


@pytest.fixture
def drafts(tmp_path: Path) -> DraftFiles:
    return DraftFiles(tmp_path / "drafts")


def test_files_come_back_as_they_were_in_their_order(drafts: DraftFiles) -> None:
    here = new_id()
    drafts.keep(here, [CAT, NOTES])
    assert drafts.read(here) == [CAT, NOTES]
    assert drafts.read(new_id()) == []


def test_what_is_not_wanted_any_more_is_deleted(drafts: DraftFiles, tmp_path: Path) -> None:
    here = new_id()
    drafts.keep(here, [CAT, NOTES])
    drafts.keep(here, [NOTES])
    assert drafts.read(here) == [NOTES]
    assert len(list((tmp_path / "drafts" / here).iterdir())) == 2
    drafts.keep(here, [])
    assert list((tmp_path / "drafts").iterdir()) == []


@pytest.mark.parametrize(
    "listed", [b"", b"{", b"[3, {}, []]", b"[" * 9999, b'[{"hash": "../../x", "name": "x"}]']
)
def test_a_damaged_list_is_no_files(drafts: DraftFiles, tmp_path: Path, listed: bytes) -> None:
    here = new_id()
    drafts.keep(here, [NOTES])
    (tmp_path / "drafts" / here / "files.json").write_bytes(listed)
    assert drafts.read(here) == []


def test_a_damaged_file_is_left_out(drafts: DraftFiles, tmp_path: Path) -> None:
    here = new_id()
    drafts.keep(here, [CAT, NOTES])
    folder = tmp_path / "drafts" / here
    [first, _second] = json.loads((folder / "files.json").read_text())
    (folder / first["hash"]).write_bytes(b"other")
    assert drafts.read(here) == [NOTES]


def test_an_odd_id_leads_nowhere_else(drafts: DraftFiles, tmp_path: Path) -> None:
    drafts.keep("../../outside", [NOTES])
    assert drafts.read("../../outside") == [NOTES]
    assert not (tmp_path.parent / "outside").exists()
    assert len(list((tmp_path / "drafts").iterdir())) == 1
    drafts.delete("../../outside")
    assert drafts.read("../../outside") == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file")
    with pytest.raises(StoreError, match="could not be kept"):
        DraftFiles(tmp_path / "drafts").keep(new_id(), [NOTES])


def test_files_of_conversations_that_are_gone_go_with_the_next_start(home: Path) -> None:
    app = App.open()
    kept, gone = app.store.create_conversation(), app.store.create_conversation()
    for one in (kept, gone):
        app.drafts.keep(one.id, [NOTES])
    app.store.delete_conversation(gone.id)
    app.close()
    again = App.open()
    assert again.store.conversation(kept.id)
    assert (again.drafts.read(kept.id), again.drafts.read(gone.id)) == ([NOTES], [])
    again.close()
