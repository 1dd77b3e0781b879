"""Looking for models on a hub: what is sent, what is believed, what is fetched and where it lies."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from teahouse.errors import AppError, DownloadError, ModelError, ModelFileError, NetworkRefused
from teahouse.jobs import Cancel, Work
from teahouse.models import hub
from teahouse.models.repository import HubFile, read_files, read_repository
from teahouse.net import Net
from teahouse.paths import default_paths
from teahouse.settings import Settings
from tests.core.models import ggufs, hubs, sources
from tests.core.models.hubs import REPOSITORY
from tests.core.models.sources import COMMIT, Hub

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Hub]:
    with sources.serve() as hub:
        sources.use_hub(monkeypatch, home, hub.address)
        yield hub


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(default_paths().settings_file)


@pytest.fixture
def net(settings: Settings) -> Net:
    return Net(settings)


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "models"


def run(work: Work) -> Any:
    steps = work(Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return done.value


def only_file(net: Net) -> HubFile:
    (file,) = run(hub.files(REPOSITORY, net=net))
    return file


# --- searching ----------------------------------------------------------------------------------------


def test_a_search_sends_the_words_and_nothing_of_the_person(server: Hub, net: Net) -> None:
    hubs.offer(server, {"tiny-q4_k_m.gguf": CONTENT})
    (found,) = run(hub.search("green tea", net=net))
    assert (found.id, found.downloads, found.licence) == (REPOSITORY, 1234, "apache-2.0")
    assert found.languages == ("en", "zh")
    assert (found.architecture, found.parameters, found.context_length) == ("qwen2", 494_032_768, 32768)
    assert (found.changed, found.is_gated) == ("2026-03-01", False)
    ((_verb, path, headers),) = server.requests
    asked = parse_qs(urlsplit(path).query)
    assert (asked["search"], asked["filter"]) == (["green tea"], ["gguf"])
    assert "Authorization" not in headers and "hf_secret" not in str(headers)


def test_offline_nothing_is_asked(server: Hub, settings: Settings, net: Net) -> None:
    settings.set("net.offline", True)
    for work in (hub.search("tea", net=net), hub.files(REPOSITORY, net=net)):
        with pytest.raises(NetworkRefused):
            run(work)
    assert server.requests == []


def test_the_host_is_named(settings: Settings, net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert net.hub_host == "huggingface.co"
    settings.set("models.hub_endpoint", "https://mirror.example:8443/hub")
    assert net.hub_host == "mirror.example"


@pytest.mark.parametrize("answer", [{"error": "x"}, "text", None, 5])
def test_an_answer_that_is_no_list_is_told(server: Hub, net: Net, answer: Any) -> None:
    server.answers["/api/models"] = answer
    with pytest.raises(DownloadError, match="cannot be understood"):
        run(hub.search("tea", net=net))


@pytest.mark.parametrize("answer", [b"<html>", b"[" * 200_000, b"1" * 5000, b"\xff"])
def test_an_answer_that_is_no_json_is_told(server: Hub, net: Net, answer: bytes) -> None:
    server.answers["/api/models"] = answer
    with pytest.raises(DownloadError, match="cannot be understood"):
        run(hub.search("tea", net=net))


@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_refusal_is_told_with_its_host(server: Hub, net: Net, status: int) -> None:
    server.status = status
    with pytest.raises(DownloadError, match=f"127.0.0.1 could not be asked: HTTP {status}"):
        run(hub.search("tea", net=net))


def test_a_hub_that_is_not_there_is_told_soon(net: Net, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sources.use_hub(monkeypatch, home, f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(DownloadError, match="refused") as caught:
            run(hub.search("tea", net=net))
    assert "try again" in caught.value.hint


def test_foreign_rows_are_left_out_and_foreign_values_are_empty() -> None:
    rows = [5, None, {}, {"id": "../etc"}, {"id": "a/../b"}, {"id": 5}, {"id": "a b/c"}]
    assert [read_repository(row) for row in rows] == [None] * len(rows)
    bad = {"downloads": "many", "cardData": {"license": ["x\ny"], "language": {"a": 1}}, "gguf": [1]}
    found = read_repository({"id": "a/b", "lastModified": 5, "gated": "manual", "likes": -1, **bad})
    assert found is not None
    assert (found.downloads, found.likes, found.licence, found.languages) == (0, 0, "", ())
    assert (found.parameters, found.changed, found.is_gated) == (0, "", True)


# --- files --------------------------------------------------------------------------------------------


def test_the_files_of_a_repository_come_with_size_hash_and_commit(server: Hub, net: Net) -> None:
    names = [
        "tiny-Q8_0.gguf",
        "sub/tiny-iq2_xxs.gguf",
        "tiny.bf16.GGUF",
        "mmproj-tiny-f16.gguf",
        "plain.gguf",
    ]
    hubs.offer(server, {name: CONTENT * (number + 1) for number, name in enumerate(names)})
    found = run(hub.files(REPOSITORY, net=net))
    assert [(file.path, file.quantization) for file in found] == [
        ("tiny-Q8_0.gguf", "Q8_0"),
        ("sub/tiny-iq2_xxs.gguf", "IQ2_XXS"),
        ("tiny.bf16.GGUF", "BF16"),
        ("plain.gguf", ""),
    ]
    assert {file.revision for file in found} == {COMMIT}
    assert found[0].size_bytes == len(CONTENT)
    assert [bool(file.problem) for file in found] == [False, False, False, False]
    assert found[0].reference == f"{REPOSITORY}:tiny-Q8_0.gguf"


@pytest.mark.parametrize(
    ("path", "changes", "about", "reason"),
    [
        ("big-00001-of-00003.gguf", {}, {}, "several files"),
        ("tiny.gguf", {}, {"gated": "auto"}, "agreed"),
        ("tiny.gguf", {"lfs": None, "size": 5}, {}, "SHA-256"),
        ("tiny.gguf", {"lfs": {"sha256": "x", "size": 5}}, {}, "SHA-256"),
        ("tiny.gguf", {"lfs": {"sha256": "0" * 64, "size": 0}, "size": 0}, {}, "size"),
        ("-rf.gguf", {}, {}, "name"),
        ("../../tiny.gguf", {}, {}, "name"),
        ("茶.gguf", {}, {}, "name"),
        ("..\\tiny.gguf", {}, {}, "name"),
    ],
)
def test_what_cannot_be_used_says_why(
    path: str, changes: dict[str, Any], about: dict[str, Any], reason: str
) -> None:
    repository = read_repository(hubs.row(**about))
    assert repository is not None
    siblings = [hubs.sibling(path, CONTENT, **changes), 5, {"rfilename": 5}]
    (file,) = read_files(repository, {"sha": COMMIT, "siblings": siblings})
    assert reason in file.problem


def test_a_repository_that_is_not_there_or_no_name_is_told(server: Hub, net: Net) -> None:
    with pytest.raises(DownloadError, match="no repository tea/none"):
        run(hub.files("tea/none", net=net))
    for name in ("tea", "../x/y", "a/b/c", "a/..", "https://x/y"):
        with pytest.raises(ModelError, match="owner/name"):
            run(hub.files(name, net=net))
    server.answers["/api/models/tea/none"] = {"id": "tea/none", "sha": "--x"}
    with pytest.raises(DownloadError, match="cannot be understood"):
        run(hub.files("tea/none", net=net))


def test_a_file_is_found_by_its_name_or_a_part_that_only_it_has(server: Hub, net: Net) -> None:
    hubs.offer(server, {"tiny-q4_k_m.gguf": CONTENT, "tiny-q8_0.gguf": CONTENT * 2})
    assert run(hub.find(f"{REPOSITORY}:tiny-q8_0.gguf", net=net)).path == "tiny-q8_0.gguf"
    assert run(hub.find(f"{REPOSITORY}:Q4_K_M", net=net)).path == "tiny-q4_k_m.gguf"
    for wanted in (":tiny", ":none", ""):
        with pytest.raises(ModelError) as caught:
            run(hub.find(REPOSITORY + wanted, net=net))
        assert "tiny-q8_0.gguf" in caught.value.hint


# --- headers from afar --------------------------------------------------------------------------------


def test_a_header_is_read_from_the_first_bytes(server: Hub, net: Net) -> None:
    content = ggufs.header_bytes()
    content = content.ljust(ggufs.pad(len(content)), b"\0") + bytes(ggufs.DATA_BYTES)
    hubs.offer(server, {"tiny.gguf": content})
    header = run(hub.header_of(only_file(net), net=net))
    assert (header.architecture, header.size_bytes) == ("llama", len(content))
    assert server.ranges[-1] == f"bytes=0-{hub.BEGINNINGS[0] - 1}"


def test_a_long_header_takes_a_second_look(server: Hub, net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BEGINNINGS", (100, 2000))
    content = ggufs.header_bytes()
    content = content.ljust(ggufs.pad(len(content)), b"\0") + bytes(ggufs.DATA_BYTES)
    hubs.offer(server, {"tiny.gguf": content})
    assert run(hub.header_of(only_file(net), net=net)).context_length == 512
    assert server.ranges[-2:] == ["bytes=0-99", "bytes=0-1999"]
    server.has_ranges = False  # the whole file comes: no more than wanted of it is kept
    assert run(hub.header_of(only_file(net), net=net)).context_length == 512
    monkeypatch.setattr(hub, "BEGINNINGS", (50, 100))
    with pytest.raises(ModelFileError, match="longer"):
        run(hub.header_of(only_file(net), net=net))


def test_what_is_no_model_is_told_before_it_is_fetched(server: Hub, net: Net) -> None:
    hubs.offer(server, {"sub/tiny.gguf": b"PK\x03\x04" + CONTENT})
    with pytest.raises(ModelFileError, match="zip archive") as caught:
        run(hub.header_of(only_file(net), net=net))
    assert caught.value.text.startswith("sub/tiny.gguf ")  # and not a place where nothing is any more


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Content-Range": "bytes 5-99/400"}, "another piece"),
        ({"Content-Encoding": "gzip"}, "packed"),
    ],
)
def test_another_piece_than_the_beginning_is_refused(
    server: Hub, net: Net, headers: dict[str, str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hubs.offer(server, {"tiny.gguf": CONTENT * 1000})
    monkeypatch.setattr(hub, "BEGINNINGS", (100,))
    file = only_file(net)
    server.headers = headers
    with pytest.raises(DownloadError, match=reason):
        run(hub.header_of(file, net=net))


# --- fetching -----------------------------------------------------------------------------------------


def test_a_file_with_capitals_at_its_end_can_be_used(server: Hub, net: Net, folder: Path) -> None:
    hubs.offer(server, {"tiny.GGUF": CONTENT})
    assert run(hub.fetch_file(only_file(net), folder=folder, net=net)) == folder / "tiny.GGUF"


def test_a_file_is_fetched_at_the_commit_that_was_shown(server: Hub, net: Net, folder: Path) -> None:
    hubs.offer(server, {"sub/tiny.gguf": CONTENT})
    path = run(hub.fetch_file(only_file(net), folder=folder, net=net))
    assert path == folder / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert run(hub.fetch_file(only_file(net), folder=folder, net=net)) == path


def test_another_file_of_that_name_is_kept(server: Hub, net: Net, folder: Path) -> None:
    hubs.offer(server, {"tiny.gguf": CONTENT})
    folder.mkdir()
    (folder / "tiny.gguf").write_bytes(bytes(len(CONTENT)))
    path = run(hub.fetch_file(only_file(net), folder=folder, net=net))
    assert path == folder / "tea.Tiny-GGUF.tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert (folder / "tiny.gguf").read_bytes() == bytes(len(CONTENT))
    path.write_bytes(b"changed")
    with pytest.raises(ModelError, match="already another model"):
        run(hub.fetch_file(only_file(net), folder=folder, net=net))
    assert path.read_bytes() == b"changed"


def test_a_file_that_came_meanwhile_is_kept(server: Hub, net: Net, folder: Path) -> None:
    hubs.offer(server, {"tiny.gguf": CONTENT})
    file = only_file(net)
    server.hangs = True
    steps = hub.fetch_file(file, folder=folder, net=net)(Cancel())
    next(steps)
    (folder / "tiny.gguf").write_bytes(b"somebody else's")
    server.hangs = False
    server.is_closing.set()
    with pytest.raises(DownloadError, match="exists"):
        list(steps)
    assert (folder / "tiny.gguf").read_bytes() == b"somebody else's"


def test_a_file_with_another_content_than_stated_is_not_kept(server: Hub, net: Net, folder: Path) -> None:
    hubs.offer(server, {"tiny.gguf": CONTENT})
    file = replace(only_file(net), sha256="0" * 64)
    with pytest.raises(DownloadError, match="SHA-256"):
        run(hub.fetch_file(file, folder=folder, net=net))
    assert not (folder / "tiny.gguf").exists()


def test_what_cannot_be_used_is_not_fetched(server: Hub, net: Net, folder: Path) -> None:
    hubs.offer(server, {"tiny-00001-of-00002.gguf": CONTENT})
    with pytest.raises(AppError, match="several files"):
        run(hub.fetch_file(only_file(net), folder=folder, net=net))
    assert not folder.exists()
