"""Exact search, against the plain formula."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from teahouse_documents.search.allowed import Allowed
from teahouse_documents.vectors import exact
from teahouse_documents.vectors.exact import Exact
from tests.plugins.documents.indexes import DIMENSION, unit_rows


@pytest.fixture(params=["hot", "in blocks"])
def filled(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exact:
    if request.param == "in blocks":
        monkeypatch.setattr(exact, "HOT", 0)
        monkeypatch.setattr(exact, "BLOCK", 300)
    index = Exact(DIMENSION, tmp_path)
    index.add(range(10, 3010), unit_rows(3000))
    return index


def test_the_nearest_come_first(filled: Exact) -> None:
    rows, asked = unit_rows(3000), unit_rows(1, seed=1)[0]
    hits = filled.search(asked, 50)
    expected = np.argsort(-(rows.astype(np.float16).astype(np.float32) @ asked), kind="stable")[:50] + 10
    assert [hit.id for hit in hits] == expected.tolist()
    assert hits[0].score == pytest.approx(float(rows[hits[0].id - 10] @ asked), abs=1e-3)


def test_only_what_is_allowed_is_compared(filled: Exact) -> None:
    flags = np.zeros(4000, np.bool_)
    flags[[12, 500, 3500]] = True
    hits = filled.search(unit_rows(1, seed=1)[0], 50, Allowed(flags))
    assert sorted(hit.id for hit in hits) == [12, 500]


def test_vectors_are_replaced_and_removed(filled: Exact) -> None:
    asked = unit_rows(1, seed=2)[0]
    filled.add([700], asked[None, :])
    assert filled.search(asked, 1)[0].id == 700
    assert filled.count() == 3000
    filled.remove([700, 3009, 10, 99_999])
    assert filled.count() == 2997
    found = [hit.id for hit in filled.search(asked, 3000)]
    assert len(found) == 2997 and not {700, 3009, 10} & set(found)
    filled.add([700], asked[None, :])
    assert filled.search(asked, 1)[0].id == 700


def test_what_stands_in_the_database_is_read(tmp_path: Path) -> None:
    rows = unit_rows(5000)
    index = Exact(DIMENSION, tmp_path)
    stored = [(number, row.astype("<f2").tobytes()) for number, row in enumerate(rows, start=1)]
    index.load([*stored, (9999, b"too short")])
    assert index.count() == 5000
    assert index.search(rows[4321], 1)[0].id == 4322
    assert not [path for path in tmp_path.iterdir() if path.is_file()]  # its file has no name


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    assert Exact(DIMENSION, tmp_path).search(unit_rows(1)[0], 5) == []
