"""The way out of the machine: what is fetched, what is sent, what stops it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse import net, transfers
from teahouse.errors import DownloadError, NetworkRefused
from teahouse.net import Net
from teahouse.paths import default_paths
from teahouse.settings import Settings
from teahouse.transfers import Transfer
from tests.core.models import sources
from tests.core.models.sources import Hub

CONTENT = bytes(range(256)) * 400
FILE_PATH = "/tea/tiny/resolve/main/tiny.gguf"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Hub]:
    with sources.serve() as server:
        server.files[FILE_PATH] = CONTENT
        sources.use_hub(monkeypatch, home, server.address)
        yield server


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    sources.use_index(monkeypatch, folder)
    return folder


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(default_paths().settings_file)


@pytest.fixture
def place(home: Path) -> Path:
    folder = home / "place"
    folder.mkdir()
    return folder


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that `net` has started."""
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def recording(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(start(*args, **options))
        return started[-1]

    monkeypatch.setattr(transfers.subprocess, "Popen", recording)
    return started


def run(transfer: Transfer) -> Path:
    """Drain a transfer."""
    while True:
        try:
            assert next(transfer) >= 0
        except StopIteration as stop:
            return Path(stop.value)


def from_hub(
    settings: Settings, place: Path, *, size_bytes: int = len(CONTENT), file: str = "tiny.gguf"
) -> Transfer:
    return Net(settings).hub_file(
        "tea/tiny", file, revision="main", path=place / "model", size_bytes=size_bytes
    )


def from_pip(
    settings: Settings, place: Path, *, version: str = "1.0", limit_bytes: int = 1 << 20
) -> Transfer:
    return Net(settings).pip_wheel("tea-part1", version, folder=place, limit_bytes=limit_bytes)


def reason(transfer: Transfer) -> str:
    with pytest.raises(DownloadError) as caught:
        run(transfer)
    return caught.value.text


# --- the hub --------------------------------------------------------------------------------------


def test_a_hub_file_arrives_and_nothing_else_is_sent(hub: Hub, settings: Settings, place: Path) -> None:
    file = run(from_hub(settings, place))
    assert file.read_bytes() == CONTENT
    assert sorted(path.name for path in place.iterdir()) == ["model", "model.etag"]
    assert {path for _verb, path, _headers in hub.requests} == {FILE_PATH}
    for _verb, _path, headers in hub.requests:
        assert "Authorization" not in headers
        assert "hf_secret" not in str(headers)


def test_the_setting_for_the_endpoint_wins(
    hub: Hub, settings: Settings, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    settings.set("models.hub_endpoint", hub.address)
    assert run(from_hub(settings, place)).read_bytes() == CONTENT


def test_a_missing_hub_file_is_told(hub: Hub, settings: Settings, place: Path) -> None:
    assert "404" in reason(from_hub(settings, place, file="other.gguf"))


def test_a_failing_hub_is_asked_once(hub: Hub, settings: Settings, place: Path) -> None:
    hub.status = 503
    assert "503" in reason(from_hub(settings, place))
    assert len(hub.requests) == 1


def test_an_unreachable_hub_fails_soon(settings: Settings, home: Path, place: Path, monkeypatch: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sources.use_hub(monkeypatch, home, f"http://127.0.0.1:{unused.getsockname()[1]}")
        started = time.monotonic()
        assert "refused" in reason(from_hub(settings, place))
        assert time.monotonic() - started < 15


def test_a_wrong_endpoint_is_told(settings: Settings, home: Path, place: Path, monkeypatch: Any) -> None:
    sources.use_hub(monkeypatch, home, "mirror")
    assert "protocol" in reason(from_hub(settings, place))


@pytest.mark.parametrize("other", [-1, 1])
def test_a_file_of_another_size_is_not_fetched(hub: Hub, settings: Settings, place: Path, other: int) -> None:
    assert f"{len(CONTENT)} bytes" in reason(from_hub(settings, place, size_bytes=len(CONTENT) + other))
    assert [verb for verb, _path, _headers in hub.requests] == ["HEAD"]


def test_a_missing_library_is_told(
    hub: Hub, settings: Settings, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken" / "huggingface_hub.py"
    broken.parent.mkdir()
    broken.write_text("raise ImportError('gone')")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent), prepend=os.pathsep)
    assert "huggingface_hub is not installed" in reason(from_hub(settings, place))


# --- going on -------------------------------------------------------------------------------------


def begun(place: Path, length: int, tag: str = "") -> None:
    """What an earlier transfer has left."""
    (place / "model").write_bytes(CONTENT[:length])
    if tag:
        (place / "model.etag").write_text(tag)


def test_a_broken_connection_is_opened_again_where_it_broke(
    hub: Hub, settings: Settings, place: Path
) -> None:
    hub.cuts = [1000, 5000]
    assert run(from_hub(settings, place)).read_bytes() == CONTENT
    assert hub.ranges == ["", "bytes=1000-", "bytes=6000-"]


def test_what_was_begun_is_gone_on_with(hub: Hub, settings: Settings, place: Path) -> None:
    begun(place, 70_000)
    assert run(from_hub(settings, place)).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=70000-"]


def test_a_server_without_ranges_sends_the_whole_file(hub: Hub, settings: Settings, place: Path) -> None:
    hub.has_ranges = False
    begun(place, 70_000)
    assert run(from_hub(settings, place)).read_bytes() == CONTENT


def test_a_file_that_has_changed_there_is_begun_again(hub: Hub, settings: Settings, place: Path) -> None:
    begun(place, 70_000, tag='"an older one"')
    assert run(from_hub(settings, place)).read_bytes() == CONTENT
    assert hub.ranges == ["bytes=70000-", ""]


def test_more_than_the_file_has_is_begun_again(hub: Hub, settings: Settings, place: Path) -> None:
    (place / "model").write_bytes(CONTENT + b"too much")
    assert run(from_hub(settings, place)).read_bytes() == CONTENT


def test_a_redirect_to_another_host_is_followed_with_the_range(
    hub: Hub, settings: Settings, place: Path
) -> None:
    with sources.serve() as elsewhere:
        elsewhere.files[FILE_PATH] = CONTENT
        hub.moved_to = elsewhere.address
        begun(place, 70_000)
        assert run(from_hub(settings, place)).read_bytes() == CONTENT
        assert elsewhere.ranges == ["bytes=70000-"]
        assert all("Authorization" not in headers for _verb, _path, headers in elsewhere.requests)


def test_what_had_come_stays_when_the_server_gives_up(hub: Hub, settings: Settings, place: Path) -> None:
    hub.cuts = [1000, 0, 0, 0]
    assert "RemoteProtocolError" in reason(from_hub(settings, place))
    assert hub.ranges == ["", *["bytes=1000-"] * 3]
    assert (place / "model").read_bytes() == CONTENT[:1000]


def test_a_connection_that_stalls_is_opened_again(
    hub: Hub, settings: Settings, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "STALL_S", 6.0)
    hub.hangs = True
    transfer = from_hub(settings, place)
    for _arrived in transfer:
        if hub.is_asked.is_set():
            hub.hangs = False  # the first connection stays silent, the next one does not
    assert (place / "model").read_bytes() == CONTENT
    assert hub.ranges == ["", f"bytes={len(CONTENT) // 2}-"]


def test_a_disk_that_is_full_is_an_error_of_the_disk(hub: Hub, settings: Settings, place: Path) -> None:
    resource = pytest.importorskip("resource")
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, most))  # inherited by the child
    try:
        with pytest.raises(OSError, match="File too large"):
            run(from_hub(settings, place))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert (place / "model").read_bytes() == CONTENT[: (place / "model").stat().st_size]
    assert (place / "model").stat().st_size > 0


# --- pip ------------------------------------------------------------------------------------------


def test_a_wheel_arrives_through_pip(index: Path, settings: Settings, place: Path) -> None:
    made = sources.wheel(index, "tea-part1", {"tea_part1/1.bin": CONTENT})
    assert run(from_pip(settings, place)).read_bytes() == made.read_bytes()
    assert [path.name for path in place.iterdir()] == [made.name]


def test_a_missing_version_is_told_in_pips_words(index: Path, settings: Settings, place: Path) -> None:
    sources.wheel(index, "tea-part1", {"tea_part1/1.bin": CONTENT})
    told = reason(from_pip(settings, place, version="2.0"))
    assert "tea-part1==2.0" in told
    assert "1.0" in told


def test_only_wheels_are_taken(index: Path, settings: Settings, place: Path, tmp_path: Path) -> None:
    # Building a source distribution would run foreign code.
    (index / "tea-part1-1.0.tar.gz").write_bytes(b"not even an archive")
    assert "tea-part1==1.0" in reason(from_pip(settings, place))


def test_an_unreachable_index_is_told(
    index: Path, settings: Settings, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.delenv("PIP_NO_INDEX")
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{unused.getsockname()[1]}/simple")
        started = time.monotonic()
        told = reason(from_pip(settings, place))
        assert time.monotonic() - started < 30
    assert "refused" in told
    assert "tea-part1==1.0" in told


def test_a_wheel_that_grows_too_large_is_stopped(
    hub: Hub,
    index: Path,
    settings: Settings,
    place: Path,
    children: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve_slow_wheel(hub, index, monkeypatch)
    assert "more than 1000 bytes" in reason(from_pip(settings, place, limit_bytes=1000))
    assert children[0].returncode is not None
    assert list(place.iterdir()) == []


def serve_slow_wheel(hub: Hub, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package index whose one wheel arrives up to its middle."""
    made = sources.wheel(index / "served", "tea-part1", {"tea_part1/1.bin": os.urandom(600_000)})
    page = f'<!DOCTYPE html><html><body><a href="/{made.name}">{made.name}</a></body></html>'
    hub.files = {"/simple/tea-part1/": page.encode(), f"/{made.name}": made.read_bytes()}
    hub.hangs = True
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"{hub.address}/simple/")


# --- stopping -------------------------------------------------------------------------------------


def test_closing_a_pip_transfer_ends_its_process(
    hub: Hub,
    index: Path,
    settings: Settings,
    place: Path,
    children: list[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    serve_slow_wheel(hub, index, monkeypatch)
    transfer = from_pip(settings, place)
    while next(transfer) < 100_000:
        assert children[0].returncode is None
    transfer.close()
    assert children[0].returncode is not None
    assert list(place.iterdir()) == []


def test_closing_a_hub_transfer_ends_its_process(
    hub: Hub, settings: Settings, place: Path, children: list[Any]
) -> None:
    hub.hangs = True
    transfer = from_hub(settings, place)
    while not hub.is_asked.is_set():
        next(transfer)
    transfer.close()
    assert children[0].returncode is not None


def test_a_transfer_that_stalls_is_given_up(
    hub: Hub, settings: Settings, place: Path, children: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfers, "STALL_S", 2.0)
    hub.hangs = True
    assert "nothing arrived for 2 seconds" in reason(from_hub(settings, place))
    assert children[0].returncode is not None


def test_the_child_ends_with_its_parent(hub: Hub, place: Path) -> None:
    hub.hangs = True
    request = {"repo": "tea/tiny", "file": "tiny.gguf", "revision": "main", "path": str(place / "model")}
    request |= {"endpoint": hub.address, "size_bytes": len(CONTENT), "read_s": 30}  # type: ignore[dict-item]
    command = [sys.executable, "-P", "-m", "teahouse.net", "hub", json.dumps(request)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        assert hub.is_asked.wait(60)
        assert child.poll() is None
        assert child.stdin
        child.stdin.close()
        assert child.wait(20) == 1


def test_a_host_that_does_not_answer_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", socket.socket.connect)  # put back after the test
    monkeypatch.setattr(net, "CONNECT_S", 0.3)
    net._bound_connecting()
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = []
        with pytest.raises(TimeoutError):
            for _number in range(50):  # until the queue is full and the machine stays silent
                waiting.append(socket.socket())
                waiting[-1].settimeout(60)
                waiting[-1].connect(server.getsockname())
        assert waiting[-1].gettimeout() == 60, "only connecting is bounded"
        for client in waiting:
            client.close()


# --- refusing -------------------------------------------------------------------------------------


def test_offline_refuses_everything_before_a_process_starts(
    settings: Settings, place: Path, children: list[Any]
) -> None:
    settings.set("net.offline", True)
    for ask in (from_hub, from_pip):
        with pytest.raises(NetworkRefused, match="stay offline") as caught:
            ask(settings, place)
        assert "net.offline" in caught.value.hint
    assert children == []


def test_a_frozen_build_does_not_start_itself(
    settings: Settings, place: Path, children: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "no Python" in reason(from_pip(settings, place))
    assert children == []
