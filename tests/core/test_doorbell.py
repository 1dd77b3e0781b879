from __future__ import annotations

import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.doorbell import TOKEN_BYTES, Doorbell, Ring
from teahouse.errors import AppError

HOLD = """
import sys
from pathlib import Path
from teahouse.doorbell import Doorbell
print(Doorbell(Path(sys.argv[1])).occupy(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "data" / "window"


@pytest.fixture
def other(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the window."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        yield process
        process.kill()


Other = subprocess.Popen[str]


def test_one_process_has_the_window_until_it_is_gone(folder: Path, other: Other) -> None:
    bell = Doorbell(folder)
    assert not bell.occupy()
    other.kill()
    other.wait(10)
    assert bell.occupy()
    assert bell.is_ours
    bell.leave()
    assert Doorbell(folder).occupy()


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_the_folder_is_made_private(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    Doorbell(folder).occupy()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="owners are POSIX")
def test_a_link_in_place_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        Doorbell(folder).occupy()


def test_requests_are_taken_in_order_and_once(folder: Path) -> None:
    bell = Doorbell(folder)
    bell.occupy()
    bell.ring("show")
    bell.ring("quick", "token-1")
    assert bell.take() == [Ring("show"), Ring("quick", "token-1")]
    assert bell.take() == []


def test_what_is_no_request_is_thrown_away(folder: Path) -> None:
    bell = Doorbell(folder)
    bell.occupy()
    (folder / "1-delete.ring").write_text("x")
    (folder / "2-quick.ring").mkdir()
    (folder / "3-show.ring").symlink_to("/etc/passwd")
    (folder / "notes.txt").write_text("somebody's")
    assert bell.take() == []
    assert sorted(file.name for file in folder.iterdir()) == ["2-quick.ring", "notes.txt", "window.lock"]


def test_who_gives_up_while_requests_are_read_does_not_hide_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Doorbell(folder)
    bell.occupy()
    gone, is_file = bell.ring("show"), Path.is_file
    bell.ring("quick")

    def give_up(file: Path) -> bool:
        there = is_file(file)
        if file == gone:
            file.unlink()
        return there

    monkeypatch.setattr(Path, "is_file", give_up)
    assert bell.take() == [Ring("quick")]


@pytest.mark.parametrize("token", ["has a space", "line\nline", "\x00\x01", "x" * 1_000_000, "茶"])
def test_a_token_is_short_and_plain_or_left_out(folder: Path, token: str) -> None:
    bell = Doorbell(folder)
    bell.occupy()
    (folder / "1-quick.ring").write_text(token, "utf-8")
    [ring] = bell.take()
    assert ring.token in ("", "x" * TOKEN_BYTES)


def test_what_was_asked_of_a_dead_process_is_forgotten(folder: Path, other: Other) -> None:
    Doorbell(folder).ring("quick")
    other.kill()
    other.wait(10)
    bell = Doorbell(folder)
    assert bell.occupy()
    assert bell.take() == []


def test_asking_is_answered(folder: Path) -> None:
    bell = Doorbell(folder)
    bell.occupy()
    heard: list[Ring] = []

    def answer() -> None:
        while not heard:
            heard.extend(bell.take())

    window = threading.Thread(target=answer)
    window.start()
    assert Doorbell(folder).ask("quick", token="abc")
    window.join()
    assert heard == [Ring("quick", "abc")]


def test_a_window_that_does_not_answer_is_said_and_nothing_is_left(folder: Path, other: Other) -> None:
    with pytest.raises(AppError, match="does not answer"):
        Doorbell(folder).ask("show", within_s=0.2)
    assert list(folder.glob("*.ring")) == []


def test_who_asks_while_the_window_closes_gets_it(folder: Path, other: Other) -> None:
    threading.Timer(0.3, other.kill).start()
    bell = Doorbell(folder)
    assert not bell.ask("show", within_s=20)
    assert bell.is_ours


def test_many_requests_are_taken_a_few_at_a_time(folder: Path) -> None:
    bell = Doorbell(folder)
    bell.occupy()
    for number in range(50):
        (folder / f"{number:03}-show.ring").touch()
    assert 0 < len(bell.take()) < 50


def test_the_lock_file_is_the_persons_own(folder: Path) -> None:
    Doorbell(folder).occupy()
    assert (folder / "window.lock").stat().st_mode & 0o077 == 0
