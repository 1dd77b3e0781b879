"""Opening files of others: encodings, archives, bombs."""

from __future__ import annotations

import json
import struct
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from teahouse.errors import ExchangeError
from teahouse.exchange import sources
from teahouse.store import Store
from tests.core.exchange.samples import chatgpt, only, take


def text_of(file: Path) -> str:
    return "".join(piece.text for piece in sources.read_pieces(file))


def zipped(file: Path, packing: int = zipfile.ZIP_DEFLATED, **members: str | bytes) -> Path:
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/").replace("_json", ".json"), data)
    return file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(home: Path, encoding: str) -> None:
    file = home / "茶.json"
    file.write_text("茶 😀" * 1000, encoding)
    assert text_of(file) == "茶 😀" * 1000


def test_characters_are_not_torn_between_pieces(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "PIECE_BYTES", 3)
    file = home / "a.json"
    file.write_text("茶é😀" * 10, "utf-8")
    assert text_of(file) == "茶é😀" * 10
    assert list(sources.read_pieces(file))[-1].fraction == 1


def test_bytes_that_are_no_text_do_not_fail(home: Path) -> None:
    file = home / "a.json"
    file.write_bytes(b"[\xff\xfe\x80]")
    assert text_of(file) == "[\ufffd\ufffd\ufffd]"


def test_missing_and_unreadable_files_are_told_in_words(home: Path) -> None:
    for path in (home / "none.json", home):
        with pytest.raises(ExchangeError) as caught:
            text_of(path)
        assert str(path) in caught.value.text
        assert caught.value.hint


def test_chatgpts_archive(home: Path, other: Store) -> None:
    file = zipped(
        home / "export.zip",
        user_json='{"id": "user-1"}',
        **{"folder__conversations_json": json.dumps([chatgpt()]), "chat.html": "<html>"},
    )
    report = take(other, file)
    assert (report.imported, report.skipped) == (1, [])
    assert only(other).conversation.title == "Tea"


def test_parts_of_a_split_export_are_all_read(home: Path, other: Store) -> None:
    second = chatgpt() | {"conversation_id": "second"}
    parts = {
        "conversations-000.json": json.dumps([chatgpt()]),
        "conversations-001.json": json.dumps([second]),
    }
    assert take(other, zipped(home / "export.zip", **parts)).imported == 2


def test_no_name_of_an_archive_is_used(home: Path, other: Store) -> None:
    before = sorted(home.rglob("*"))
    file = zipped(home / "evil.zip", **{"../../conversations.json": json.dumps([chatgpt()])})
    assert take(other, file).imported == 1
    assert {path.name for path in set(home.rglob("*")) - set(before)} - {"evil.zip"} <= {
        path.name for path in (home / "other").rglob("*")
    } | {"other"}
    assert not (home.parent / "conversations.json").exists()


def test_a_bomb_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "RATIO_FROM_BYTES", 1 << 20)
    file = zipped(home / "bomb.zip", **{"conversations.json": b" " * (8 << 20)})
    assert file.stat().st_size < 20_000
    with pytest.raises(ExchangeError, match="more than an import takes"):
        text_of(file)


def test_an_archive_that_lies_about_its_sizes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "RATIO_FROM_BYTES", 1 << 20)
    file = zipped(home / "bomb.zip", **{"conversations.json": b" " * (8 << 20)})
    data = file.read_bytes()
    small = data.replace(struct.pack("<I", 8 << 20), struct.pack("<I", 100))
    assert small != data
    file.write_bytes(small)
    with suppress(ExchangeError):
        assert len(text_of(file)) <= 101


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_without_limit_are_refused(home: Path, packing: int) -> None:
    with pytest.raises(ExchangeError, match="unusual"):
        text_of(zipped(home / "a.zip", packing, **{"conversations.json": "[]"}))


def test_archives_without_conversations_and_broken_ones(home: Path) -> None:
    with pytest.raises(ExchangeError, match="no conversations"):
        text_of(zipped(home / "a.zip", **{"photo.png": b"x"}))
    whole = zipped(home / "b.zip", **{"conversations.json": json.dumps([chatgpt()] * 3)}).read_bytes()
    for size in range(4, len(whole), 37):
        (home / "cut.zip").write_bytes(whole[:size])
        with pytest.raises(ExchangeError):
            text_of(home / "cut.zip")
    for at in range(4, len(whole), 11):
        (home / "hit.zip").write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            text_of(home / "hit.zip")
        except ExchangeError as error:
            assert error.hint


def test_an_archive_with_an_endless_directory_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_DIRECTORY_BYTES", 1000)
    file = zipped(home / "a.zip", **{f"{number}.json": "[]" for number in range(100)})
    with pytest.raises(ExchangeError, match="too many files"):
        text_of(file)


def test_a_file_over_the_limit_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_FILE_BYTES", 100)
    (home / "a.json").write_text("[" + " " * 200 + "]")
    with pytest.raises(ExchangeError, match="more than an import takes"):
        text_of(home / "a.json")
