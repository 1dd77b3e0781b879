"""Retrieval that “does not find” (row 20 of failures.md).

The gate on a bilingual set of 120 questions is `evaluation/test_recall.py`, the change of the embedder
`test_owner.py`; here are the two silent ways to lose a passage: its end was never embedded, or its vectors
are of another model.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from teahouse.models.gguf import read_header
from teahouse.models.library import Model
from teahouse.workers.process import Workers
from teahouse_documents.chunking import chunks
from teahouse_documents.embedding.choice import of_model
from teahouse_documents.embedding.running import Embedding
from teahouse_documents.evaluation.trial import Trial
from teahouse_documents.search import fusion
from teahouse_documents.vectors import Vectors
from tests.plugins.documents.indexes import DIMENSION, Shelf, unit_rows

HAY = (
    "The committee met again in the small hall and went through the accounts of the year before. "
    "Chairs were counted, lamps were repaired, and the minutes were read out and approved by all. "
)
NEEDLE = "The old copper kettle is hidden under the third step of the cellar stairs."
OTHERS = [f"{HAY}Part {number}. {HAY * 2}" for number in range(12)]
QUESTION = "铜水壶藏在哪里？"
"""No word of it stands in the passage: only the vectors can find it."""


@pytest.fixture
def embedding(embedder_file: Path) -> Iterator[Embedding]:
    header = read_header(embedder_file)
    embedder = of_model(Model("e5", "llama", embedder_file, header.size_bytes, header=header))
    with closing(Workers()) as workers, closing(Embedding(workers, embedder)) as embedding:
        yield embedding


@pytest.mark.gguf
def test_what_stands_at_the_end_of_the_longest_chunk_is_found(tmp_path: Path, embedding: Embedding) -> None:
    [end] = embedding.count([NEEDLE])
    text = ""
    while embedding.count([text + HAY])[0] + end < chunks.MOST_TOKENS:
        text += HAY
    with closing(Trial(tmp_path, embedding)) as trial:
        for _done in trial.add([*OTHERS, text + NEEDLE]):
            pass
        assert trial.count <= len(OTHERS) + 2
        found = trial.ask(QUESTION, len(OTHERS))
    assert found.words is None
    assert (found.vectors, found.second) == (1, 1)


def test_a_vector_of_another_model_is_no_reason_to_find_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add(["green tea steeps", "black tea boils"], unit_rows(2))
    with closing(Vectors(None, token="")) as vectors, shelf.index.reading() as connection:
        other = unit_rows(1, dimension=DIMENSION * 2)[0]
        found = fusion.search(connection, vectors, "how long does green tea steep", other)
    assert found.hits[0].text == "green tea steeps"
    assert found.trace["lists"]["vectors"]["found"] == 0
    first = found.trace["passages"][0]
    assert (first["words"]["rank"], first["vectors"]) == (1, None)  # it is told which list found it
