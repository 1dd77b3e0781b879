"""Documents: searching 100,000 passages on made vectors, the speed of indexing.

Texts are those of `bench.texts`; vectors are random directions, and each question lies near one of them.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import numpy as np

from bench.ratio import Count, Ratio, Times
from bench.texts import Texts
from teahouse.engine.configuration import EngineConfig
from teahouse.models.gguf import read_header
from teahouse.models.library import Model
from teahouse.passages import Embedder
from teahouse.workers.process import Workers
from teahouse_documents.embedding.choice import of_model
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.evaluation.trial import Trial
from teahouse_documents.index import content, fts
from teahouse_documents.index.index import Index
from teahouse_documents.search.finder import Finder
from teahouse_documents.values import Filters
from teahouse_documents.vectors import Vectors

DIMENSION = 384
WORDS, CHARACTERS = 120, 220
"""Of a passage: about 190 tokens of the embedder."""
PASSAGES_OF_FILE = 50
FOLDERS, COLLECTIONS = 100, 10
NEAR = 0.5
"""How far a question's vector is from that of its passage: a cosine of about 0.9."""
BATCH = 2_000
SEARCH_LIMIT_MS, INDEXING_LIMIT = 60.0, 0.9
INDEXED = 24
"""Passages of each repetition."""

Say = Callable[[str], None]


def measure(passages: int, searches: int, pairs: int, say: Say) -> list[Count | Ratio | Times]:
    """Searches, and indexing where there is an embedder."""
    results: list[Count | Ratio | Times] = []
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as folder:
        results += _measure_searches(Path(folder), passages, searches, say)
    if os.environ.get("TEAHOUSE_TEST_EMBEDDER"):
        with with_embedder() as (workers, embedder):
            results += _measure_indexing(workers, embedder, pairs, say)
    return results


# --- searching --------------------------------------------------------------------------------------


def _measure_searches(folder: Path, passages: int, searches: int, say: Say) -> list[Count | Times]:
    say(f"{passages} passages …")
    index = Index(folder / "index.db")
    rows = _unit(np.random.default_rng(3).normal(size=(passages, DIMENSION)).astype(np.float32))
    texts = Texts()
    _fill(index, texts, rows, say)
    vectors = Vectors(folder / "chroma", token="bench")
    begun, done = perf_counter(), 0
    while taken := vectors.take_in(index):
        done += taken
        say(f"vectors: {done} of {passages} …")
    building_s = perf_counter() - begun
    finder = Finder(vectors, None)
    results: list[Count | Times] = [
        Count("chromadb: seconds to take everything in", building_s),
        Count(
            "chromadb: bytes on the disk / bytes of the vectors", vectors.size_bytes / (rows.nbytes or 1), 3.0
        ),
    ]
    for title, filters in _filters(index).items():
        say(f"searching, {title} …")
        results.append(_time(index, finder, texts, rows, filters, searches, title))
    vectors.close()
    index.close()
    return results


def _fill(index: Index, texts: Texts, rows: Any, say: Say) -> None:
    chance = Random(5)
    with index.writing() as connection:
        connection.execute(
            "INSERT INTO embedder (identity, name, dimension, state) VALUES ('b', 'b', ?, 'active')",
            (DIMENSION,),
        )
        for number in range(1, COLLECTIONS + 1):
            connection.execute("INSERT INTO collection (name, created_ms) VALUES (?, 0)", (f"c{number}",))
            connection.execute(
                "INSERT INTO source (collection_id, kind, path) VALUES (?, 'folder', ?)",
                (number, f"/{number}"),
            )
    for start in range(0, len(rows), BATCH):
        say(f"passages: {start} of {len(rows)} …")
        with index.writing() as connection:
            for place in range(start, min(start + BATCH, len(rows))):
                if place % PASSAGES_OF_FILE == 0:
                    _add_file(connection, place // PASSAGES_OF_FILE)
                text = passage_of(texts, chance, place)
                connection.execute(
                    "INSERT INTO chunk (file_id, embedder_id, position, text, tokens) "
                    "VALUES (?, 1, ?, ?, 190)",
                    (place // PASSAGES_OF_FILE + 1, place, text),
                )
                fts.put(connection, [(place + 1, fts.words_of("", text))])
            blobs = [
                (place + 1, rows[place].astype("<f2").tobytes())
                for place in range(start, min(start + BATCH, len(rows)))
            ]
            content.put_vectors(connection, 1, blobs)


def _add_file(connection: Any, number: int) -> None:
    suffix = ("md", "pdf", "txt", "docx")[number % 4]
    connection.execute(
        "INSERT INTO file (source_id, path, size, mtime_ns, state, changed_ms) "
        "VALUES (?, ?, 1, ?, 'done', 0)",
        (number % COLLECTIONS + 1, f"/home/folder-{number % FOLDERS:03}/{number}.{suffix}", number * 10**9),
    )


def passage_of(texts: Texts, chance: Random, number: int) -> str:
    """English for odd numbers, Chinese for even ones."""
    if number % 2:
        return " ".join(texts.english.draw(chance, WORDS))
    pairs = texts.pairs.draw(chance, CHARACTERS // 4)
    single = texts.characters.draw(chance, CHARACTERS // 2)
    return "".join(pair + one for pair, one in zip(pairs, single[::2], strict=False)) + "".join(single[1::2])


def _filters(index: Index) -> dict[str, Filters]:
    with index.reading() as connection:
        files = int(connection.execute("SELECT count(*) FROM file").fetchone()[0])
    return {
        "unfiltered": Filters(),
        "one collection of ten": Filters(collection_ids=(3,)),
        "half of the collections": Filters(collection_ids=(1, 2, 3, 4, 5)),
        "one folder of a hundred": Filters(path_part="/folder-007/"),
        "two types of four": Filters(suffixes=(".pdf", ".md")),
        "the newer half": Filters(since_ms=files // 2 * 1000),
    }


def _time(
    index: Index, finder: Finder, texts: Texts, rows: Any, filters: Filters, searches: int, title: str
) -> Times:
    chance, noise = Random(8), np.random.default_rng(8)
    times, found = [], 0
    for number in range(searches + 5):
        place = chance.randrange(len(rows))
        vector = _unit(rows[place] + NEAR * noise.normal(size=DIMENSION).astype(np.float32) / DIMENSION**0.5)
        english = texts.english.draw(chance, 8)
        query = " ".join(english) if number % 2 else "".join(texts.pairs.draw(chance, 5)) + "的是什么？"
        begun = perf_counter()
        with index.reading() as connection:
            hits = finder.find(connection, query, vector, filters, limit=10).hits
        times.append((perf_counter() - begun) * 1000)
        found += len(hits)
    told = {"passages": len(rows), "hits": found, "searches": searches}
    return Times(f"fused search in {len(rows):,} passages, {title}", times[5:], SEARCH_LIMIT_MS, told)


def _unit(rows: Any) -> Any:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


# --- the real embedder ------------------------------------------------------------------------------


@contextmanager
def with_embedder() -> Iterator[tuple[Workers, Embedder]]:
    """The model that TEAHOUSE_TEST_EMBEDDER names, and what starts its child."""
    file = Path(os.environ["TEAHOUSE_TEST_EMBEDDER"])
    header = read_header(file)
    with closing(Workers()) as workers:
        yield workers, of_model(Model("e5", "llama", file, header.size_bytes, header=header))


def _measure_indexing(workers: Workers, embedder: Embedder, pairs: int, say: Say) -> list[Ratio]:
    """Chunks counted, cut, embedded and kept with words and vectors, against one bare call of the engine."""
    texts, chance = Texts(), Random(6)
    ours, theirs = [], []
    with (
        tempfile.TemporaryDirectory(prefix="teahouse-bench-") as folder,
        closing(Embedding(workers, embedder)) as embedding,
        closing(Trial(Path(folder), embedding)) as trial,
        closing(workers.start("teahouse.engine.child:serve", readable=[Path(embedder.model)])) as bare,
    ):
        size = embedder.most_tokens
        config = EngineConfig(context=size, batch=size, threads=1, gpu_layers=0, states_bytes=0)
        bare.call("load", path=embedder.model, config=config.as_json())
        for number in range(pairs + 1):
            say(f"indexing: pair {number} of {pairs} …")
            batch = [passage_of(texts, chance, place)[:700] for place in range(INDEXED)]
            sides = [
                (ours, lambda: list(trial.add(batch))),  # noqa: B023 - called before the next round
                (theirs, lambda: bare.call("embed", texts=[f"passage: {t}" for t in batch])),  # noqa: B023
            ]
            for rates, work in sides if number % 2 else sides[::-1]:
                begun = perf_counter()
                work()
                rates.append(INDEXED / (perf_counter() - begun))
    title = "indexing: cut, embedded and kept / the embedder alone, passages/s"
    return [Ratio(title, ours[1:], theirs[1:], INDEXING_LIMIT)]
