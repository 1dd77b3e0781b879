"""A download that was stopped, broke off or was killed goes on where it stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from teahouse.errors import DownloadError, NetworkRefused
from teahouse.jobs import Cancel, Job, JobProgress
from teahouse.models import kept as kept_module
from teahouse.models.catalogue import Entry
from teahouse.models.download import fetch
from teahouse.models.kept import Kept, kept_bytes, remove_abandoned
from teahouse.models.library import Library
from teahouse.net import Net
from teahouse.paths import default_paths
from teahouse.settings import Settings
from tests.core.models import sources
from tests.core.models.sources import Hub

CONTENT = Random(2).randbytes(3_000_001)
FILE_PATH = "/tea/tiny/resolve/main/tiny.gguf"
BY_HUB, BY_PIP = sources.entry(CONTENT, pieces=0), sources.entry(CONTENT, pieces=3, hub=False)
THIRD = -(-len(CONTENT) // 3)


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(default_paths().settings_file)


@pytest.fixture
def folder(home: Path) -> Path:
    return default_paths().models


@pytest.fixture(autouse=True)
def hub(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Hub]:
    """A hub that has the file."""
    with sources.serve() as server:
        server.files[FILE_PATH] = CONTENT
        sources.use_hub(monkeypatch, home, server.address)
        yield server


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder as pip's index, which has the file in three pieces."""
    made = tmp_path / "index"
    made.mkdir()
    sources.use_index(monkeypatch, made)
    sources.wheels(made, CONTENT, pieces=3)
    return made


@pytest.fixture
def get(settings: Settings, folder: Path) -> Callable[[Entry], Path]:
    """Fetch an entry to the end: the right file, and nothing beside it."""

    def run(entry: Entry) -> Path:
        ended = Job("fetch", fetch(entry, folder=folder, net=Net(settings))).run(lambda _event: None)
        if ended.error is not None:
            raise ended.error
        assert isinstance(ended.result, Path)
        assert ended.result.read_bytes() == CONTENT
        assert [path.name for path in folder.iterdir()] == ["tiny.gguf"]
        return ended.result

    return run


def stop_at(length: int, entry: Entry, *, folder: Path, settings: Settings) -> None:
    """Fetch until this much has come, and stop as a person does."""
    job = Job("fetch", fetch(entry, folder=folder, net=Net(settings)))

    def look(event: object) -> None:
        if isinstance(event, JobProgress) and event.value.source and event.value.done_bytes >= length:
            job.cancel.set()

    assert job.run(look).is_cancelled


def begin(folder: Path, entry: Entry, content: bytes) -> Kept:
    """What an earlier download has left."""
    kept = Kept(folder, entry)
    assert kept.take()
    kept.partial.path.write_bytes(content)
    kept.release()
    return kept


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- the hub --------------------------------------------------------------------------------------


def test_stopped_by_the_person_it_goes_on_from_there(
    get: Any, hub: Hub, settings: Settings, folder: Path
) -> None:
    hub.hangs = True
    stop_at(len(CONTENT) // 2, BY_HUB, folder=folder, settings=settings)
    assert kept_bytes(folder, BY_HUB) == len(CONTENT) // 2
    assert Library(default_paths()).list() == [], "what is kept is no model"
    hub.hangs = False
    get(BY_HUB)
    assert hub.ranges == ["", f"bytes={len(CONTENT) // 2}-"]


def test_a_connection_that_broke_for_good_leaves_what_came_and_says_so(
    get: Any, hub: Hub, folder: Path
) -> None:
    hub.cuts = [2_000_000, 0, 0, 0]
    with pytest.raises(DownloadError, match="2 MB have arrived and are kept") as caught:
        get(BY_HUB)
    assert caught.value.data["kept_bytes"] == 2_000_000
    assert names(folder) == [kept_module.PREFIX + BY_HUB.sha256[:16] + kept_module.SUFFIX]
    get(BY_HUB)
    assert hub.ranges[-1] == "bytes=2000000-"


def test_what_was_put_together_wrongly_is_fetched_anew_once(get: Any, hub: Hub, folder: Path) -> None:
    begin(folder, BY_HUB, b"wrong" * 100_000)
    get(BY_HUB)
    assert hub.ranges == ["bytes=500000-", ""]


def test_another_file_at_the_source_is_an_error_after_one_new_beginning(
    get: Any, hub: Hub, folder: Path
) -> None:
    hub.files[FILE_PATH] = bytes(len(CONTENT))
    begin(folder, BY_HUB, bytes(500_000))
    with pytest.raises(DownloadError, match="SHA-256"):
        get(BY_HUB)
    assert hub.ranges == ["bytes=500000-", ""]
    assert names(folder) == [], "a wrong file is not kept"


def test_a_whole_file_that_only_lacks_its_name_is_not_asked_for(get: Any, hub: Hub, folder: Path) -> None:
    begin(folder, BY_HUB, CONTENT)
    get(BY_HUB)
    assert hub.requests == []


def test_a_disk_that_fills_up_keeps_what_came(get: Any, folder: Path) -> None:
    resource = pytest.importorskip("resource")
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, most))
    try:
        with pytest.raises(DownloadError, match="could not be saved") as caught:
            get(BY_HUB)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert "Check that there is room" in caught.value.hint
    assert "are kept" in caught.value.hint
    assert 0 < caught.value.data["kept_bytes"] <= 1_000_000
    get(BY_HUB)


# --- pieces ---------------------------------------------------------------------------------------


def test_pieces_that_came_are_not_fetched_again(
    get: Any, index: Path, settings: Settings, folder: Path
) -> None:
    stop_at(2 * THIRD - 1, BY_PIP, folder=folder, settings=settings)
    assert kept_bytes(folder, BY_PIP) >= THIRD
    (index / "tea_part1-1.0-py3-none-any.whl").unlink()  # it would be an error to ask for it
    get(BY_PIP)


def test_a_missing_piece_keeps_those_before_it(get: Any, index: Path, folder: Path) -> None:
    last = index / "tea_part3-1.0-py3-none-any.whl"
    wheel = last.read_bytes()
    last.unlink()
    with pytest.raises(DownloadError, match="are kept"):
        get(BY_PIP)
    assert kept_bytes(folder, BY_PIP) == 2 * THIRD
    last.write_bytes(wheel)
    (index / "tea_part1-1.0-py3-none-any.whl").unlink()
    get(BY_PIP)


def test_wrong_pieces_are_fetched_anew_once(get: Any, folder: Path) -> None:
    kept = begin(folder, BY_PIP, bytes(THIRD))
    kept.note_pieces(BY_PIP.sources[0], [THIRD])  # type: ignore[arg-type]
    get(BY_PIP)


@pytest.mark.parametrize("noted", ["", "{}", "[1]", '{"source": "another 1.0", "ends": [5]}', "\x00"])
def test_a_note_of_pieces_that_says_nothing_means_from_the_beginning(
    get: Any, folder: Path, noted: str
) -> None:
    kept = begin(folder, BY_PIP, b"?" * 10)
    (kept.folder / "pieces.json").write_text(noted)
    assert kept.piece_ends(BY_PIP.sources[0]) == []  # type: ignore[arg-type]
    get(BY_PIP)


def test_the_hub_goes_on_with_what_pip_has_brought(get: Any, hub: Hub, index: Path, folder: Path) -> None:
    both = sources.entry(CONTENT, pieces=3)
    (index / "tea_part3-1.0-py3-none-any.whl").unlink()
    hub.status = 503
    with pytest.raises(DownloadError):
        get(both)
    hub.status = 200
    get(both)
    assert hub.ranges[-1] == f"bytes={2 * THIRD}-"


def test_pip_completes_what_the_hub_has_begun(get: Any, hub: Hub) -> None:
    hub.cuts = [500_000, 0, 0, 0]
    get(sources.entry(CONTENT, pieces=3))


# --- room, time, company --------------------------------------------------------------------------


def test_what_is_kept_counts_as_room(get: Any, settings: Settings, folder: Path) -> None:
    begin(folder, BY_HUB, CONTENT[:2_000_000])

    def ask(free: int) -> None:
        list(fetch(BY_HUB, folder=folder, net=Net(settings), free_bytes=lambda _folder: free)(Cancel()))

    with pytest.raises(DownloadError) as caught:
        ask(0)
    needed = caught.value.data["needed_bytes"]
    with pytest.raises(DownloadError):
        ask(needed - 1)
    assert kept_bytes(folder, BY_HUB) == 2_000_000
    ask(needed)
    assert (folder / "tiny.gguf").read_bytes() == CONTENT


def test_offline_leaves_what_is_kept(get: Any, settings: Settings, folder: Path) -> None:
    begin(folder, BY_HUB, CONTENT[:2_000_000])
    settings.set("net.offline", True)
    with pytest.raises(NetworkRefused):
        get(BY_HUB)
    assert kept_bytes(folder, BY_HUB) == 2_000_000


def test_what_nobody_went_on_with_is_removed_after_a_week(folder: Path) -> None:
    kept = begin(folder, BY_HUB, CONTENT[:1000])
    remove_abandoned(folder)
    assert kept.partial.length == 1000
    old = time.time() - kept_module.KEPT_FOR_S - 60
    for path in [*kept.folder.rglob("*"), kept.folder]:
        os.utime(path, (old, old))
    holder = Kept(folder, BY_HUB)
    assert holder.take()
    remove_abandoned(folder)
    assert holder.partial.length == 1000, "somebody has it"
    holder.release()
    old_kind = folder / ".fetch-abc.part"  # as earlier versions left it: without a lock
    old_kind.mkdir()
    for path in [*kept.folder.rglob("*"), kept.folder, old_kind]:
        os.utime(path, (old, old))
    remove_abandoned(folder)
    assert names(folder) == []


FETCHER = """
import sys, pathlib
from tests.core.models import sources
from teahouse.jobs import Cancel
from teahouse.models.download import fetch
from teahouse.net import Net
from teahouse.settings import Settings
folder, content = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).read_bytes()
net = Net(Settings(folder / "none.toml"))
entry = sources.entry(content, pieces=3, hub=False)
for step in fetch(entry, folder=folder, net=net)(Cancel()):
    print(step.source or "here", step.done_bytes, flush=True)
"""


def fetch_in_a_process(folder: Path, tmp_path: Path) -> subprocess.Popen[str]:
    content = tmp_path / "whole.bin"
    content.write_bytes(CONTENT)
    command = [sys.executable, "-c", FETCHER, str(folder), str(content)]
    root = Path(__file__).parents[3]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_of_two_processes_one_fetches_and_both_have_it(folder: Path, tmp_path: Path) -> None:
    both = [fetch_in_a_process(folder, tmp_path) for _number in range(2)]
    outputs = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert names(folder) == ["tiny.gguf"]
    assert (folder / "tiny.gguf").read_bytes() == CONTENT
    fetched = [output for output, _errors in outputs if "pip (tea" in output]
    assert len(fetched) == 1, outputs


def test_a_killed_process_leaves_what_the_next_one_goes_on_with(
    get: Any, folder: Path, tmp_path: Path, index: Path
) -> None:
    process = fetch_in_a_process(folder, tmp_path)
    assert process.stdout
    for line in process.stdout:
        if int(line.split()[-1]) >= 2 * THIRD - 1:
            break
    process.kill()
    process.communicate()
    assert kept_bytes(folder, BY_PIP) >= THIRD
    (index / "tea_part1-1.0-py3-none-any.whl").unlink()
    get(BY_PIP)
