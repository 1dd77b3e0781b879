"""Documents at work: a folder indexed by the real library, looked through again, and a chat beside it.

The embedder is the model that TEAHOUSE_TEST_EMBEDDER names.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bench.finding import passage_of
from bench.ratio import Count, Ratio, Times, percentile
from bench.side import start
from bench.texts import Texts
from teahouse.app import App
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.jobs import Cancel, Job, JobProgress
from teahouse.messages import TextDelta
from teahouse_documents.library import Library

FILES, PASSAGES = 10, 6
"""Indexed in each repetition."""
BUSY_FILES = 400
"""More than is indexed while a chat is measured."""
UNCHANGED, RESCANS = 10_000, 100
INDEXING_LIMIT, CHAT_LIMIT, RESCAN_LIMIT_MS, IDLE_LIMIT_MB, GAP_LIMIT_MS = 0.9, 0.85, 1000.0, 250.0, 33.0
REPLY_TOKENS = 48

Say = Callable[[str], None]


class Shelf:
    """A fresh home with an embedder, its library, and folders to put into it."""

    def __init__(self, home: Path, embedder: Path) -> None:
        self.home = home
        os.environ["TEAHOUSE_HOME"] = str(home)
        self.app = App.open()
        self.app.paths.models.mkdir(parents=True, exist_ok=True)
        (self.app.paths.models / embedder.name).symlink_to(embedder)
        self.app.settings.set("documents.embedder", embedder.stem)
        self.library = Library.of(self.app)
        self._texts, self._chance = Texts(), Random(6)

    def write(self, name: str, files: int, passages: int) -> Path:
        """A folder of Markdown."""
        folder = self.home / name
        folder.mkdir()
        for number in range(files):
            texts = (passage_of(self._texts, self._chance, place)[:700] for place in range(passages))
            parts = (f"# Part {at} of {name} {number}\n\n{text}" for at, text in enumerate(texts))
            (folder / f"{number}.md").write_text("\n\n".join(parts), "utf-8")
        return folder

    def settle(self) -> None:
        """Wait until nothing is waiting."""
        while (status := self.library.status()).waiting or status.activity != "idle":
            time.sleep(0.02)

    def chunks(self) -> int:
        """Passages that can be searched."""
        return self.library.status().embedded

    def worker_pid(self) -> int:
        """Of the documents child."""
        worker = self.library._desk._worker
        if worker is None:
            raise RuntimeError("there is no documents child")
        return int(worker.pid)

    def close(self) -> None:
        """End it."""
        self.library.close()
        self.app.close()


@contextmanager
def _shelf() -> Iterator[Shelf | None]:
    file = os.environ.get("TEAHOUSE_TEST_EMBEDDER", "")
    if not file:
        yield None
        return
    with (
        tempfile.TemporaryDirectory(prefix="teahouse-bench-") as home,
        closing(Shelf(Path(home), Path(file))) as shelf,
    ):
        yield shelf


def measure_indexing(pairs: int, say: Say) -> list[Ratio | Count | Times]:
    """From a folder to passages that can be searched, against the embedder alone; rescans; idle memory."""
    with _shelf() as shelf:
        if shelf is None:
            return []
        results: list[Ratio | Count | Times] = [_index(shelf, pairs, say)]
        results.append(Count("documents child at rest, MB", _rss_mb(shelf.worker_pid()), IDLE_LIMIT_MB))
        results.append(_rescan(shelf, say))
        return results


def measure_beside(model: Path, config: dict[str, Any], pairs: int, say: Say) -> list[Ratio | Count]:
    """A chat and the window while a folder is indexed, against the same with indexing paused."""
    with _shelf() as shelf:
        if shelf is None:
            return []
        threads = {"engine.threads": config["threads"]}
        (shelf.app.paths.models / model.name).symlink_to(model)
        for key, value in {"chat.temperature": 0.0, "chat.titles": "words", **threads}.items():
            shelf.app.settings.set(key, value)
        shelf.library.add("busy", shelf.write("busy", BUSY_FILES, PASSAGES))
        ours, theirs = list[float](), list[float]()
        for number in range(pairs + 1):
            say(f"chat: pair {number} of {pairs} …")
            for is_busy in (True, False) if number % 2 else (False, True):
                (shelf.library.resume if is_busy else shelf.library.pause)()
                time.sleep(1.5)
                (ours if is_busy else theirs).append(_decode(shelf.app, number))
        shelf.library.resume()
        return [
            Ratio(
                "a chat while a folder is indexed / alone, decode tokens/s", ours[1:], theirs[1:], CHAT_LIMIT
            ),
            _gaps(say),
        ]


# --- inside -----------------------------------------------------------------------------------------


def _index(shelf: Shelf, pairs: int, say: Say) -> Ratio:
    from teahouse_documents.embedding import choose
    from teahouse_documents.embedding.running import Embedding

    ours, theirs = list[float](), list[float]()
    with closing(Embedding(shelf.app.workers, choose(shelf.app))) as embedding:
        for number in range(pairs + 1):
            say(f"indexing: pair {number} of {pairs} …")
            folder, before = shelf.write(f"r{number}", FILES, PASSAGES), shelf.chunks() if number else 0
            begun = perf_counter()
            shelf.library.add("bench", folder)
            shelf.settle()
            ours.append((shelf.chunks() - before) / (perf_counter() - begun))
            texts = [hit.text for hit in _all_of(shelf, folder)]
            begun = perf_counter()
            embedding.embed_passages(texts)
            theirs.append(len(texts) / (perf_counter() - begun))
    title = "a folder until it can be searched / the embedder alone, passages/s"
    return Ratio(title, ours[1:], theirs[1:], INDEXING_LIMIT)


def _all_of(shelf: Shelf, folder: Path) -> list[Any]:
    from teahouse_documents.values import Filters

    inside = Filters(path_part=f"{folder}/")
    return list(shelf.library.search("part", filters=inside, limit=FILES * PASSAGES * 2).hits)


def _rescan(shelf: Shelf, say: Say) -> Times:
    """Of files that are known and unchanged: what they hold does not matter, so that it is nothing."""
    from teahouse_documents.index.index import Index
    from teahouse_documents.scanning.scan import Scanner
    from teahouse_documents.scanning.sources import add
    from teahouse_documents.values import SourceOptions

    say(f"rescans of {UNCHANGED} files …")
    folder = shelf.home / "unchanged"
    for number in range(UNCHANGED):
        file = folder / f"{number % 100:02}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    with closing(Index(shelf.home / "rescan.db")) as index:
        add(index, "unchanged", str(folder), SourceOptions())
        scanner = Scanner(index, lambda name: name.endswith(".txt"), ignored=("*.tmp", ".git/"))
        times = []
        for _time in range(RESCANS + 1):
            begun = perf_counter()
            scanner.scan()
            times.append((perf_counter() - begun) * 1000)
    return Times(f"looking through {UNCHANGED:,} unchanged files", times[1:], RESCAN_LIMIT_MS)


def _decode(app: App, number: int) -> float:
    """Tokens a second of one reply, told to the app as every reply is."""
    app.settings.set("chat.max_tokens", REPLY_TOKENS)
    conversation = app.store.create_conversation().id
    request = TurnRequest(conversation, text=f"Write a long story of a tea house with {number + 3} tables.")
    job = Job("reply", take_turn(app, request))
    times = []
    for event in take_turn(app, request)(Cancel()):
        app.events.publish(JobProgress(job, event))
        if isinstance(event, TextDelta):
            times.append(perf_counter())
    return (len(times) - 1) / (times[-1] - times[0])


def _gaps(say: Say) -> Count:
    """While indexing runs on, since echo's reply is another app's."""
    say("the window beside it …")
    with start("bench.painting", {}) as side:
        gaps = sorted(side.ask(what="stream", messages=100, tokens=1_000)["gaps_ms"])
    told = {"gaps": len(gaps), "longest_ms": round(gaps[-1], 1)}
    title = "99th percentile of the window's gaps while a folder is indexed, ms"
    return Count(title, percentile(gaps, 0.99), GAP_LIMIT_MS, told)


def _rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
