"""The embedder's child: vectors of real texts, and what happens when it dies, idles or gets too much."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from teahouse.errors import EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.models.gguf import read_header
from teahouse.models.library import Model
from teahouse.passages import Embedder
from teahouse.workers.process import Workers
from teahouse_documents.embedding.choice import of_model
from teahouse_documents.embedding.running import Embedding

pytestmark = pytest.mark.gguf

TEXTS = [
    "The tea house opens at nine in the morning and closes at six.",
    "茶馆早上九点开门，晚上六点关门。",
    "Rust is eaten away from iron by water and air.",
    "The match was decided by a penalty in the last minute.",
]


@pytest.fixture(scope="module")
def e5(embedder_file: Path) -> Embedder:
    header = read_header(embedder_file)
    return of_model(Model("e5", "llama", embedder_file, header.size_bytes, header=header))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def embedding(workers: Workers, e5: Embedder) -> Iterator[Embedding]:
    embedding = Embedding(workers, e5)
    yield embedding
    embedding.close()


def test_what_the_file_says_of_itself(e5: Embedder) -> None:
    assert (e5.dimension, e5.most_tokens) == (384, 512)
    assert (e5.query_prefix, e5.passage_prefix) == ("query: ", "passage: ")
    assert e5.identity and e5.model.endswith(".gguf")


def test_passages_are_found_by_questions_in_both_languages(embedding: Embedding) -> None:
    rows = embedding.embed_passages(TEXTS)
    assert rows.shape == (4, 384) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for question in ("When does the tea house open?", "茶馆几点开门？"):
        vector = embedding.embed_query(question)
        assert vector.shape == (384,)
        assert set(np.argsort(-(rows @ vector))[:2]) == {0, 1}


def test_nothing_at_all_is_embedded_too(embedding: Embedding) -> None:
    assert embedding.embed_passages([]).shape == (0, 384)
    assert embedding.embed_passages([""]).shape == (1, 384)
    assert embedding.count([]) == []


def test_the_prefixes_are_told_apart(embedding: Embedding) -> None:
    passage, query = embedding.embed_passages([TEXTS[0]])[0], embedding.embed_query(TEXTS[0])
    assert 0.5 < float(passage @ query) < 0.9999


def test_tokens_are_counted_without_ends_and_prefix(embedding: Embedding) -> None:
    counts = embedding.count(["tea", "", *TEXTS, *["tea house"] * 600])
    assert counts[:2] == [1, 0]
    assert len(counts) == 606 and set(counts[6:]) == {2}


def test_a_text_that_is_too_long_is_read_to_its_end(embedding: Embedding) -> None:
    """A needle at the end of ten times what the model reads at once still moves the vector."""
    hay = "The weather was mild and nobody wrote a word about it. " * 80
    [plain], [with_needle] = (embedding.embed_passages([hay + end]) for end in ("", TEXTS[2] * 10))
    about_rust = embedding.embed_query("What does rust do to iron?")
    assert float(with_needle @ about_rust) > float(plain @ about_rust) + 0.01
    assert embedding.embed_query("tea " * 1000).shape == (384,)
    assert np.isfinite(embedding.embed_query("茶" * 1500)).all()


def test_tokens_of_question_and_passage(embedding: Embedding) -> None:
    [passage], [question] = (
        embedding.embed_tokens(["tea house opens"]),
        embedding.embed_tokens(["tea house"], is_query=True),
    )
    counts = embedding.count(["tea house opens", "tea house", "passage:"])
    assert passage.shape == (counts[0] + counts[2], 384)
    assert question.shape == (counts[1], 384)
    assert np.allclose(np.linalg.norm(passage, axis=1), 1, atol=1e-4)


def test_a_control_token_in_a_text_is_text(embedding: Embedding) -> None:
    assert embedding.count(["</s>"])[0] > 1


def test_a_killed_child_is_started_once_more(embedding: Embedding) -> None:
    before = embedding.embed_query("tea")
    assert embedding._worker is not None
    os.kill(embedding._worker.pid, signal.SIGKILL)
    time.sleep(0.2)
    assert np.allclose(embedding.embed_query("tea"), before, atol=1e-2)


def test_it_is_asked_from_two_threads(embedding: Embedding) -> None:
    found: dict[int, np.ndarray] = {}  # type: ignore[type-arg]
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: embedding.embed_passages([TEXTS[n]])[0]}))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(np.stack([found[n] for n in range(4)]), embedding.embed_passages(TEXTS), atol=1e-3)


def test_work_can_be_stopped(embedding: Embedding) -> None:
    cancel = Cancel()
    threading.Timer(0.3, cancel.set).start()
    with pytest.raises(EngineError):
        embedding.embed_passages([text * 30 for text in TEXTS] * 50, cancel)
    assert embedding.embed_query("still there").shape == (384,)


def test_an_idle_child_is_ended_and_comes_back(workers: Workers, e5: Embedder) -> None:
    embedding = Embedding(workers, e5, idle_s=0.5)
    embedding.embed_query("tea")
    assert embedding.is_loaded
    until = time.monotonic() + 20
    while embedding.is_loaded and time.monotonic() < until:
        time.sleep(0.05)
    assert not embedding.is_loaded
    assert embedding.embed_query("tea").shape == (384,)
    embedding.close()
    assert not embedding.is_loaded


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="POSIX")
def test_it_goes_behind_everything_else(embedding: Embedding) -> None:
    embedding.embed_query("tea")
    assert embedding._worker is not None
    assert os.getpriority(os.PRIO_PROCESS, embedding._worker.pid) >= 15


def test_one_that_dies_again_says_so(workers: Workers, e5: Embedder) -> None:
    entry = f"{__name__}:dying"
    embedding = Embedding(workers, replace(e5, model="", entry=entry))
    with pytest.raises(EngineCrashed, match="stopped twice") as caught:
        embedding.embed_query("tea")
    assert "kept" in caught.value.hint
    embedding.close()


def dying(server: object) -> None:
    """A child whose `embed` ends it."""
    server.verb("embed", lambda _call, **_args: os._exit(7))  # type: ignore[attr-defined]


def test_an_embedder_of_a_plugin_runs_in_a_child_too(workers: Workers) -> None:
    embedding = Embedding(workers, Embedder("lengths", 2, entry=f"{__name__}:lengths"))
    rows = embedding.embed_passages(["ab", "abcd"])
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)
    assert embedding.count(["ab"]) == [2]
    assert embedding.identity == "lengths"
    embedding.close()


def lengths(server: object) -> None:
    """A child whose vectors are (length, 1)."""
    import base64

    def embed(_call: object, *, texts: list[str], pooling: str) -> dict[str, object]:
        assert pooling == "own"
        rows = [np.array([len(text), 1], "<f2").tobytes() for text in texts]
        return {"vectors": [base64.b64encode(row).decode() for row in rows], "shapes": [[1, 2]] * len(rows)}

    server.verb("embed", embed)  # type: ignore[attr-defined]
    server.verb("count", lambda _call, *, texts: {"counts": [len(text) for text in texts]})  # type: ignore[attr-defined]


def test_vectors_of_another_length_are_refused(workers: Workers) -> None:
    embedding = Embedding(workers, Embedder("lengths", 3, entry=f"{__name__}:lengths"))
    with pytest.raises(EngineError, match="2 numbers instead of 3"):
        embedding.embed_query("x")
    embedding.close()
