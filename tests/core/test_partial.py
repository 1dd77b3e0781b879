"""A file that arrives in pieces, from servers that do what servers should not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from teahouse import partial as module
from teahouse.partial import Answer, DiskFault, Partial, Unusable, fetch_rest

CONTENT = bytes(range(256)) * 40
SIZE = len(CONTENT)


class Server:
    """Gives its answers one after the other; `asked` keeps the Range of each request."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    @contextmanager
    def ask(self, headers: dict[str, str]) -> Iterator[Answer]:
        assert headers["Accept-Encoding"] == "identity"
        self.asked.append(headers.get("Range", ""))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        yield answer


def whole(body: bytes = CONTENT, *, tag: str = "a", **headers: str) -> Answer:
    return Answer(200, {"ETag": tag} | names(headers), blocks(body))


def piece(start: int, end: int = SIZE, *, tag: str = "a", **headers: str) -> Answer:
    told = {"ETag": tag, "Content-Range": f"bytes {start}-{SIZE - 1}/{SIZE}"} | names(headers)
    return Answer(206, told, blocks(CONTENT[start:end]))


def names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def blocks(body: bytes) -> Iterator[bytes]:
    return (body[at : at + 1000] for at in range(0, len(body), 1000))


def begun(folder: Path, length: int = 5000, tag: str = "a") -> Partial:
    made = Partial(folder / "模型")
    made.begin(tag)
    made.path.write_bytes(CONTENT[:length])
    return made


def fetch(file: Partial, *answers: Answer | Exception) -> list[str]:
    server = Server(*answers)
    fetch_rest(file, server.ask, size_bytes=SIZE, pause_s=0)
    assert server.answers == [], "it was asked less often than it could"
    assert file.path.read_bytes() == CONTENT
    return server.asked


def refusal(file: Partial, *answers: Answer | Exception) -> str:
    with pytest.raises(Unusable) as caught:
        fetch_rest(file, Server(*answers).ask, size_bytes=SIZE, pause_s=0)
    return str(caught.value)


def test_a_whole_file(tmp_path: Path) -> None:
    file = Partial(tmp_path / "x")
    assert fetch(file, whole()) == [""]
    assert file.tag == "a"


def test_a_file_that_is_there_is_not_asked_for(tmp_path: Path) -> None:
    assert fetch(begun(tmp_path, SIZE)) == []


def test_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    assert fetch(begun(tmp_path), piece(5000)) == ["bytes=5000-"]


def test_without_a_tag_it_goes_on_as_well(tmp_path: Path) -> None:
    assert fetch(begun(tmp_path, tag=""), piece(5000)) == ["bytes=5000-"]


def test_200_instead_of_206_begins_again(tmp_path: Path) -> None:
    assert fetch(begun(tmp_path), whole(tag="b")) == ["bytes=5000-"]


def test_another_tag_begins_again(tmp_path: Path) -> None:
    file = begun(tmp_path)
    assert fetch(file, piece(5000, tag="b"), whole(tag="b")) == ["bytes=5000-", ""]
    assert file.tag == "b"


def test_416_begins_again(tmp_path: Path) -> None:
    assert fetch(begun(tmp_path), Answer(416, {}, iter([])), whole()) == ["bytes=5000-", ""]


@pytest.mark.parametrize("told", ["bytes 0-99/10240", "", "bytes */10240", "pages 5000-1/10240"])
def test_another_piece_than_asked_for_begins_again(tmp_path: Path, told: str) -> None:
    answers = piece(5000, Content_Range=told), whole()
    assert fetch(begun(tmp_path), *answers) == ["bytes=5000-", ""]


def test_answers_that_end_early_are_followed_by_the_rest(tmp_path: Path) -> None:
    asked = fetch(Partial(tmp_path / "x"), whole(CONTENT[:100]), piece(100, 3000), piece(3000))
    assert asked == ["", "bytes=100-", "bytes=3000-"]


def test_a_connection_that_breaks_in_the_middle_keeps_what_came(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield CONTENT[:100]
        raise ConnectionResetError("reset by peer")

    asked = fetch(Partial(tmp_path / "x"), Answer(200, {}, breaking()), piece(100))
    assert asked == ["", "bytes=100-"]


def test_tries_begin_to_count_anew_when_something_came(tmp_path: Path) -> None:
    nothing = [ConnectionError("no route")] * 2
    fetch(Partial(tmp_path / "x"), *nothing, whole(CONTENT[:100]), *nothing, piece(100))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_a_few_times(tmp_path: Path, status: int) -> None:
    busy = Answer(status, {}, iter([]))
    fetch(begun(tmp_path), busy, busy, piece(5000))
    assert refusal(begun(tmp_path), busy, busy, busy) == f"HTTP {status}"
    assert begun(tmp_path).length == 5000


def test_a_server_without_ranges_that_always_breaks_is_given_up(tmp_path: Path) -> None:
    answers = [whole(CONTENT[:100]) for _number in range(1 + module.IDLE_TRIES)]
    assert "ended at byte 100" in refusal(Partial(tmp_path / "x"), *answers)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404, {}, iter([])), "HTTP 404"),
        (Answer(403, {}, iter([])), "HTTP 403"),
        (Answer(204, {}, iter([])), "HTTP 204"),
        (whole(Content_Length="17"), "17 bytes"),
        (whole(Content_Encoding="gzip"), "packed"),
        (whole(CONTENT + b"x"), "more than"),
        (piece(5000, Content_Range=f"bytes 5000-9/{SIZE + 1}"), f"{SIZE + 1} bytes"),
    ],
)
def test_what_cannot_be_used_is_told_at_once(tmp_path: Path, answer: Answer, reason: str) -> None:
    assert reason in refusal(begun(tmp_path), answer)


def test_an_error_without_words_is_told_by_its_name(tmp_path: Path) -> None:
    assert refusal(Partial(tmp_path / "x"), *[TimeoutError()] * 3) == "TimeoutError"


def test_a_full_disk_is_no_fault_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Partial, "begin", full)
    with pytest.raises(DiskFault) as caught:
        fetch_rest(Partial(tmp_path / "x"), Server(whole()).ask, size_bytes=SIZE)
    assert caught.value.__cause__.errno == 28  # type: ignore[union-attr]


def test_clearing_leaves_nothing(tmp_path: Path) -> None:
    file = begun(tmp_path)
    file.clear()
    file.clear()
    assert (file.length, file.tag, list(tmp_path.glob("模型*"))) == (0, "", [])
