from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from teahouse_documents.indexing.embedding_stage import AT_ONCE
from tests.plugins.documents.fakes import FakeEmbedder
from tests.plugins.documents.victims import EMBED_S

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="victims are forked")

ROOT = Path(__file__).parents[3]


class Nursery:
    """Victims, one after the other."""

    def __init__(self, home: Path, books: Path) -> None:
        self.folder, self.tally = home / "data" / "documents", home / "tally"
        self.folder.mkdir(parents=True)
        self.tally.touch()
        command = [sys.executable, "-m", "tests.plugins.documents.victims"]
        arguments = [str(self.folder), str(books), str(self.tally)]
        self._process = subprocess.Popen(
            command + arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def live(self, seconds: float | None) -> bool:
        """One life of so many seconds after it has begun (None: to its end); whether all was done."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        stdin.write("\n")
        word, pid = stdout.readline().split()
        assert word == "added"
        if seconds is not None:
            time.sleep(seconds)
            with contextlib.suppress(ProcessLookupError):  # it was done already
                os.kill(int(pid), signal.SIGKILL)
        answers = [stdout.readline().strip()]
        while answers[-1] != "gone":
            answers.append(stdout.readline().strip())
        return "done" in answers

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def vectors(self) -> dict[int, bytes]:
        with closing(sqlite3.connect(self.folder / "index.db")) as connection:
            assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
            assert connection.execute("SELECT count(*) FROM source").fetchone() == (1,)
            return dict(connection.execute("SELECT chunk_id, value FROM vector").fetchall())

    @property
    def embedded(self) -> int:
        return self.tally.stat().st_size


def kill_many(home: Path, *, files: int, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    books = home / "books"
    for number in range(files):
        file = books / f"{number % 10}" / f"{number}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"The text of number {number}.", "utf-8")
    nursery = Nursery(home, books)
    try:
        before: dict[int, bytes] = {}
        in_the_middle = 0
        for _kill in range(kills):
            nursery.live(rng.uniform(0, 1.6 * files * EMBED_S / kills))
            now = nursery.vectors()
            assert before.items() <= now.items()  # nothing that was kept is lost
            before = now
            in_the_middle += len(now) < files
        assert in_the_middle > 0.7 * kills
        assert nursery.live(None)
    finally:
        nursery.close()
    vectors = nursery.vectors()
    assert len(vectors) == files
    assert files <= nursery.embedded <= files + kills
    check_texts(nursery, vectors, files=files)


def check_texts(nursery: Nursery, vectors: dict[int, bytes], *, files: int) -> None:
    """Each text has its own vector, its words, and stands once."""
    embedder = FakeEmbedder()
    with closing(sqlite3.connect(nursery.folder / "index.db")) as connection:
        texts = dict(connection.execute("SELECT id, text FROM chunk").fetchall())
        states = connection.execute("SELECT state, count(*) FROM file GROUP BY state").fetchall()
        words = connection.execute("SELECT count(*) FROM fts WHERE fts MATCH 'number'").fetchone()[0]
    assert states == [("done", files)]
    assert words == len(set(texts.values())) == len(vectors)
    for number, text in texts.items():
        expected = embedder.embed_query(text).astype("<f2")
        assert np.array_equal(np.frombuffer(vectors[number], "<f2"), expected)


def test_fifty_kills(home: Path) -> None:
    kill_many(home, files=1000, kills=50, seed=2)


def test_large_file_is_resumed(home: Path) -> None:
    books = home / "books"
    books.mkdir()
    text = "\n\n".join(f"The text of number {number}." for number in range(200))
    (books / "large.txt").write_text(text, "utf-8")
    nursery = Nursery(home, books)
    try:
        for life in range(6):
            nursery.live(0.03 * life)
        assert nursery.live(None)
    finally:
        nursery.close()
    vectors = nursery.vectors()
    assert len(vectors) == 200
    assert 200 <= nursery.embedded <= 200 + 6 * AT_ONCE
    check_texts(nursery, vectors, files=1)
