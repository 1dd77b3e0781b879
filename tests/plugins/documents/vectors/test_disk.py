"""200,000 vectors put in one by one: chromadb must not eat the disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from teahouse_documents.vectors import Vectors
from tests.plugins.documents.indexes import Shelf, unit_rows

COUNT, DIMENSION = 200_000, 384


@pytest.mark.soak
@pytest.mark.timeout(14_400)
def test_200_000_single_upserts_stay_below_three_times_their_vectors(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "index.db", dimension=DIMENSION)
    found = Vectors(tmp_path / "chroma", token="soak", small=100)
    rows = unit_rows(COUNT, dimension=DIMENSION)
    shelf.add([f"text {n}" for n in range(200)], rows[:200])
    while found.take_in(shelf.index):
        pass
    most = 0.0
    for start in range(200, COUNT, 1000):
        shelf.add(
            [f"text {n}" for n in range(start, start + 1000)], rows[start : start + 1000], path=f"/{start}"
        )
        while found.take_in(shelf.index, limit=1):
            pass
        most = max(most, found.size_bytes / ((start + 1000) * DIMENSION * 4)) if start > 20_000 else most
    assert found.size_bytes < 3 * COUNT * DIMENSION * 4
    assert most < 3
    with shelf.index.reading() as connection:
        hits, by = found.search(connection, rows[150_000], limit=1)
    assert (hits[0].id, by) == (150_001, "chroma")
    assert np.isclose(hits[0].score, 1, atol=1e-3)
    found.close()
