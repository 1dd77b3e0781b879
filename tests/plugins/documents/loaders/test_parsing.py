"""Files that harm: each gives text or one reason, and the next file is read as if nothing had been."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse import language
from teahouse.jobs import Cancel
from teahouse.passages import Loader
from teahouse.workers import landlock
from teahouse.workers.process import Workers
from teahouse_documents.loaders.builtin import LOADERS
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.parsing import Parsing
from teahouse_documents.loaders.refusal import Refused, Stopped

from .conftest import drain
from .made import SUFFIXES, write_any

NAUGHTY = """
import os, sys, ctypes, time, subprocess, socket
from pathlib import Path
from teahouse.errors import AppError
from teahouse.passages import Piece, Place


class Panic(BaseException):
    pass


def load(path, context):
    what, _, rest = path.read_text("utf-8").partition(" ")
    yield Piece("before", place=Place(line=1))
    if what == "raise": raise ValueError("a bug")
    if what == "panic": raise Panic("rust went wrong")
    if what == "apperror": raise AppError("No tea left.", "Buy some.")
    if what == "exit": os._exit(3)
    if what == "sysexit": sys.exit(4)
    if what == "segv": ctypes.string_at(0)
    if what == "abort": os.abort()
    if what == "endless":
        while True: pass
    if what == "deaf":
        while True: time.sleep(1)
    if what == "ram":
        held = []
        while True: held.append(bytes(16 << 20))
    if what == "flood":
        while True: yield Piece("water " * 100)
    if what == "fork":
        subprocess.Popen(["/bin/sleep", "300"]); time.sleep(300)
    if what == "wrong": yield "no piece"
    if what == "kind": yield Piece("x", "song")
    if what == "recurse":
        def deeper(): deeper()
        deeper()
    if what == "other":
        try: yield Piece(Path(rest).read_text())
        except OSError as error: yield Piece(type(error).__name__)
    if what == "write":
        try: Path(rest).write_text("x"); yield Piece("wrote")
        except OSError as error: yield Piece(type(error).__name__)
    if what == "connect":
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
            try: socket.socket(family); yield Piece("a socket")
            except OSError as error: yield Piece(type(error).__name__)
    if what == "environment": yield Piece(" ".join(sorted(os.environ)))
    if what == "remark": context.remark("Page 3 is\\nupside down.")
    if what == "noise":
        print("x" * 1_000_000, file=sys.stderr); print("y" * 1_000_000); yield Piece("quiet")
    if what == "huge": yield Piece("word " * 200_000)
    if what == "dirty": yield Piece("e\\u0301\\0\\ud800 a\\u202eb", place=Place(heading=("a\\n b",) * 20))
"""

FAST = Limits(silent_s=1.5, total_s=4.0, memory_bytes=600 << 20, chars=2_000_000)


@pytest.fixture(params=["serve", "serve_direct"])
def naughty(
    request: pytest.FixtureRequest, workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Parsing:
    """A third party's loader, in a process for each file, and without."""
    library = tmp_path / "library"
    library.mkdir()
    (library / "naughty.py").write_text(NAUGHTY, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{library}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setenv("TEAHOUSE_SECRET", "visible")
    monkeypatch.setenv("A_PASSWORD", "secret")
    loaders = [*LOADERS, Loader("naughty", (".naughty",), "naughty:load")]
    made = Parsing(
        workers, loaders=loaders, limits=FAST, entry=f"teahouse_documents.loaders.child:{request.param}"
    )
    request.addfinalizer(made.close)
    return made


@pytest.fixture
def forked(naughty: Parsing, request: pytest.FixtureRequest) -> Parsing:
    if "direct" in request.node.callspec.id:
        pytest.skip("this holds only with a process for each file")
    return naughty


def ask(parsing: Parsing, tmp_path: Path, what: str) -> list[str]:
    path = tmp_path / "x.naughty"
    path.write_text(what, "utf-8")
    return [piece.text for piece in drain(parsing, path)[0]]


def refused(parsing: Parsing, tmp_path: Path, what: str) -> Refused:
    with pytest.raises(Refused) as caught:
        ask(parsing, tmp_path, what)
    assert caught.value.text.endswith(".")
    good = tmp_path / "good.txt"
    good.write_text("good", "utf-8")
    assert drain(parsing, good)[0][0].text == "good"
    return caught.value


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("raise", "fault"),
        ("panic", "fault"),
        ("sysexit", "fault"),
        ("wrong", "fault"),
        ("kind", "fault"),
        ("recurse", "broken"),
        ("exit", "crash"),
        ("segv", "crash"),
        ("abort", "crash"),
        ("endless", "time"),
        ("deaf", "time"),
    ],
)
@pytest.mark.expected_log
def test_a_loader_that_fails_is_one_reason_and_the_next_file_is_read(
    naughty: Parsing, tmp_path: Path, what: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teahouse_documents.loaders.parsing.GRACE_S", 0.5)
    assert refused(naughty, tmp_path, what).data["why"] == why


def test_memory_without_end(forked: Parsing, tmp_path: Path) -> None:
    assert refused(forked, tmp_path, "ram").data["why"] == "memory"


def test_text_without_end_is_cut_and_said(naughty: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "x.naughty"
    path.write_text("flood", "utf-8")
    pieces, parsed = drain(naughty, path)
    assert parsed.is_cut
    assert "2.0 million" in parsed.remarks[-1]
    assert FAST.chars <= sum(len(piece.text) for piece in pieces) < FAST.chars + 1000


def test_the_error_of_a_loader_is_the_reason(naughty: Parsing, tmp_path: Path) -> None:
    error = refused(naughty, tmp_path, "apperror")
    assert (error.text, error.hint) == ("No tea left.", "Buy some.")


def test_pieces_are_clean_and_bounded(naughty: Parsing, tmp_path: Path) -> None:
    assert max(map(len, ask(naughty, tmp_path, "huge"))) <= FAST.piece_chars
    assert ask(naughty, tmp_path, "dirty")[1] == "é\ufffd ab"
    path = tmp_path / "x.naughty"
    path.write_text("dirty", "utf-8")
    assert drain(naughty, path)[0][1].place.heading == ("a b",) * 8


def test_what_a_loader_remarks_is_told(naughty: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "x.naughty"
    path.write_text("remark", "utf-8")
    assert drain(naughty, path)[1].remarks == ("Page 3 is upside down.",)


def test_what_a_loader_prints_hurts_nobody(naughty: Parsing, tmp_path: Path) -> None:
    assert ask(naughty, tmp_path, "noise")[-1] == "quiet"


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
def test_a_loader_sees_only_its_file(forked: Parsing, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", "utf-8")
    assert ask(forked, tmp_path, f"other {secret}")[-1] == "PermissionError"
    assert ask(forked, tmp_path, f"other /proc/{os.getpid()}/environ")[-1] == "PermissionError"
    assert ask(forked, tmp_path, f"write {tmp_path / 'x.naughty'}")[-1] == "PermissionError"
    assert ask(forked, tmp_path, f"write {tmp_path / 'new'}")[-1] == "PermissionError"


def test_a_loader_has_no_network_and_no_secrets(forked: Parsing, tmp_path: Path) -> None:
    assert ask(forked, tmp_path, "connect")[1:] == ["PermissionError"] * 3
    names = ask(forked, tmp_path, "environment")[-1].split()
    assert "TEAHOUSE_SECRET" in names
    assert "A_PASSWORD" not in names


def test_a_loader_starts_no_program(forked: Parsing, tmp_path: Path) -> None:
    assert "not permitted" in refused(forked, tmp_path, "fork").text
    assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if _is_sleeper(one)]


def _is_sleeper(path: Path) -> bool:
    try:
        return path.read_bytes() == b"/bin/sleep\x00300\x00"
    except OSError:
        return False


# --- the asker ------------------------------------------------------------------------------------


def test_a_stop_ends_the_reading(naughty: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "x.naughty"
    path.write_text("flood", "utf-8")
    cancel = Cancel()
    steps = naughty.parse(path, cancel)
    next(steps)
    cancel.set()
    with pytest.raises(Stopped):
        list(steps)
    with pytest.raises(Stopped):
        list(naughty.parse(path, cancel))


def test_an_asker_that_goes_away_leaves_nothing(naughty: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "x.naughty"
    path.write_text("flood", "utf-8")
    steps = naughty.parse(path)
    next(steps)
    steps.close()
    assert ask(naughty, tmp_path, "remark") == ["before"]


def test_two_files_in_turns(parsing: Parsing, tmp_path: Path) -> None:
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_text("\n\n".join(f"{path.stem}{n}" for n in range(5000)), "utf-8")
    steps = [parsing.parse(path) for path in paths]
    texts = [next(one).text for _round in range(3000) for one in steps]
    assert texts[:4] == ["a0", "b0", "a1", "b1"]
    assert texts[-1] == "b2999"
    for one in steps:
        one.close()


def test_the_child_starts_anew_when_it_was_ended(parsing: Parsing, tmp_path: Path) -> None:
    path = write_any(tmp_path, ".txt")
    assert drain(parsing, path)[0]
    parsing.close()
    assert drain(parsing, path)[0]


@pytest.fixture
def in_english() -> Iterator[None]:
    language.activate("en")
    yield
    language.activate("en")


@pytest.mark.usefixtures("in_english")
def test_reasons_are_in_the_language_in_force(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    told = []
    for name in ("en", "zh_CN", "en"):
        language.activate(name)
        with pytest.raises(Refused) as caught:
            drain(parsing, path)
        told.append(caught.value.text)
    assert told[0] == told[2] == "It is damaged, or not a PDF file."
    assert told[1].startswith("它已损坏")


@pytest.mark.usefixtures("in_english")
def test_what_is_being_read_outlasts_another_language(parsing: Parsing, tmp_path: Path) -> None:
    long, empty = tmp_path / "long.txt", tmp_path / "empty.txt"
    long.write_text("\n\n".join(f"n{number}" for number in range(5000)), "utf-8")
    empty.touch()
    steps = parsing.parse(long)
    assert next(steps).text == "n0"
    language.activate("zh_CN")
    with pytest.raises(Refused, match="It is empty"):
        drain(parsing, empty)
    assert [piece.text for piece in steps][-1] == "n4999"
    with pytest.raises(Refused, match="它是空的"):
        drain(parsing, empty)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.txt", b"", "empty"),
        ("a.docx", b"", "empty"),
        ("gone.txt", None, "missing"),
        ("a.unheard", b"x", "unknown"),
        ("a.txt", bytes(range(256)) * 64, "binary"),
        ("a.txt", random.Random(7).randbytes(100_000), "binary"),
        ("a.txt", b"\n\n  \n", "no_text"),
        ("a.docx", b"PK\x03\x04 no archive at all", "broken"),
        ("a.pdf", b"%PDF-1.7\nnothing", "broken"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument", "broken"),
    ],
)
def test_files_that_cannot_be_read(
    parsing: Parsing, tmp_path: Path, name: str, content: bytes | None, why: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        drain(parsing, path)
    assert caught.value.data["why"] == why
    assert caught.value.text


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.pdf", "a.docx", "a.xlsx", "a.mbox", "a.json"])
def test_a_sparse_file_of_2_gb(parsing: Parsing, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as stream:
        stream.truncate(2 << 30)
    with pytest.raises(Refused) as caught:
        drain(parsing, path)
    assert caught.value.data["why"] in ("too_large", "broken")


def test_a_folder_and_a_pipe_are_no_files(parsing: Parsing, tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.txt", "pipe.txt"):
        with pytest.raises(Refused, match="not a file"):
            drain(parsing, tmp_path / name)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_damaged_copies_of_every_type_give_text_or_a_reason(
    parsing: Parsing, tmp_path: Path, suffix: str
) -> None:
    path = write_any(tmp_path, suffix)
    whole = path.read_bytes()
    pieces, parsed = drain(parsing, path)
    assert pieces
    assert parsed.pieces == len(pieces)
    dice = random.Random(suffix)
    copies = [whole[: len(whole) * part // 20] for part in range(20)]
    for _copy in range(20):
        damaged = bytearray(whole)
        for _flip in range(dice.choice((1, 4, 64))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        copies.append(bytes(damaged))
    for number, copy in enumerate(copies):
        path.write_bytes(copy)
        try:
            drain(parsing, path)
        except Refused as error:
            assert error.text, number
            assert error.data["why"] not in ("missing", "unknown"), (number, error)
    path.write_bytes(whole)
    assert drain(parsing, path)[0] == pieces
