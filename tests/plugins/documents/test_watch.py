from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse_documents.scanning import watch as watching
from teahouse_documents.scanning.watch import Watch


@pytest.fixture
def hints() -> list[set[int]]:
    return []


@pytest.fixture
def watch(hints: list[set[int]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    monkeypatch.setattr(watching, "DEBOUNCE_MS", 50)
    monkeypatch.setattr(watching, "AGAIN_S", 0.05)
    made = Watch(hints.append)
    yield made
    made.stop()


def until(is_so: Callable[[], bool], act: Callable[[], object] = lambda: None) -> None:
    give_up_at = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < give_up_at
        act()
        time.sleep(0.1)


def test_a_folder_in_two_collections_is_hinted_for_both(
    watch: Watch, hints: list[set[int]], tmp_path: Path
) -> None:
    watch.follow({1: str(tmp_path), 2: str(tmp_path)})
    until(lambda: {1, 2} in hints, lambda: (tmp_path / "a.txt").write_text(str(time.time()), "utf-8"))


@pytest.mark.skipif(os.name == "nt", reason="names are no bytes there")
def test_a_name_that_is_no_utf8_does_not_end_the_watching(
    watch: Watch, hints: list[set[int]], tmp_path: Path
) -> None:
    watch.follow({1: str(tmp_path)})
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt")
    until(lambda: bool(hints), lambda: Path(odd).write_text(str(time.time()), "utf-8"))
    time.sleep(0.3)
    hints.clear()
    until(lambda: bool(hints), lambda: (tmp_path / "a.txt").write_text(str(time.time()), "utf-8"))
    assert watch.problem == ""
    assert [t for t in threading.enumerate() if t.name == "watch"]
