"""Owners of an index that are killed: forked from one process that has imported everything already.

`python -m tests.plugins.documents.victims FOLDER BOOKS TALLY`: for each line on stdin a victim is forked; it
owns the index of FOLDER, adds BOOKS, says `added PID` once that is acknowledged, and indexes until it is
killed or all is done, which it says. A byte in TALLY stands for each text that was embedded.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from teahouse_documents.child import make_vectors
from teahouse_documents.options import Options
from teahouse_documents.owning.owner import Owner
from teahouse_documents.scanning import sources
from teahouse_documents.values import SourceOptions
from tests.plugins.documents.fakes import FakeEmbedder, FakeParser

EMBED_S = 0.004


class SlowEmbedder(FakeEmbedder):
    def embed_passages(self, texts: Any) -> Any:
        vectors = super().embed_passages(texts)
        time.sleep(EMBED_S * len(texts))  # after it was counted: where a kill costs most
        return vectors


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def live(folder: Path, books: Path, tally: Path) -> None:
    owner = Owner(
        folder,
        Options(is_watched=False),
        make_parser=lambda _options: FakeParser(),
        make_embedding=lambda _spec: SlowEmbedder(tally=tally),
        make_vectors=make_vectors,
    )
    sources.add(owner.index, "Books", str(books), SourceOptions())
    say("added", os.getpid())
    owner.scanning.rescan()
    while owner.status().waiting or not owner.status().files or owner.scanning.is_due:
        time.sleep(0.02)
    owner.close()
    say("done")


def main() -> None:
    folder, books, tally = map(Path, sys.argv[1:])
    import teahouse_documents.search.finder  # noqa: F401  before the fork, which then takes no time

    for _line in sys.stdin:
        if os.fork() == 0:
            live(folder, books, tally)
            os._exit(0)
        os.wait()
        say("gone")


if __name__ == "__main__":
    main()
