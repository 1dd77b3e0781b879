"""Pages are drawn by a child, which the window survives whatever the file is."""

from __future__ import annotations

import base64
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import AppError
from teahouse.jobs import Cancel
from teahouse.workers.process import Workers
from teahouse_documents.reader import drawing
from teahouse_documents.reader.drawing import Drawn, Pages, is_pdf, read
from teahouse_documents.values import DocumentsError
from tests.plugins.documents.books import KETTLE, write_broken, write_pdf


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    workers = Workers()
    made = Pages(workers)
    yield made
    made.close()
    workers.close()


@pytest.fixture(scope="module")
def samovar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pdf(tmp_path_factory.mktemp("papers") / "茶 samovar.pdf")


def draw(pages: Pages, file: Path, page: int, passage: str, width: int = 595) -> Drawn:
    return pages.draw(str(file), page, width=width, passage=passage, cancel=Cancel())


def darkest(drawn: Drawn, box: tuple[int, int, int, int]) -> int:
    """Of the points in a box: 255 is the paper."""
    left, top, width, height = box
    rows = (drawn.data[y * drawn.stride :][4 * left : 4 * (left + width)] for y in range(top, top + height))
    return min(min(row) for row in rows)


def test_the_passage_lies_where_the_page_is_dark(pages: Pages, samovar: Path) -> None:
    drawn = draw(pages, samovar, 1, KETTLE[1])
    assert (drawn.page, drawn.pages, drawn.share) == (1, 3, 1.0)
    (box,) = drawn.boxes
    assert abs(box[0] - 72) < 4
    assert abs(box[1] + box[3] - (842 - 720)) < 8
    assert darkest(drawn, box) < 100
    left, top, width, height = box
    assert darkest(drawn, (left, top + 3 * height, width, height)) == 255
    if sys.platform == "linux":
        worker: Any = pages._worker
        assert worker.isolation["network"]


def test_boxes_grow_with_the_picture(pages: Pages, samovar: Path) -> None:
    small, large = (draw(pages, samovar, 1, KETTLE[1], width).boxes[0] for width in (595, 1190))
    assert abs(large[0] - 2 * small[0]) <= 2
    assert abs(large[2] - 2 * small[2]) <= 3


def test_a_page_that_is_not_there_is_the_nearest(pages: Pages, samovar: Path) -> None:
    assert draw(pages, samovar, 99, KETTLE[0]).page == 2
    assert draw(pages, samovar, 99, KETTLE[0]).boxes == ()


def test_a_broken_file_is_refused_and_the_next_is_drawn(pages: Pages, samovar: Path, tmp_path: Path) -> None:
    with pytest.raises(AppError, match="damaged, or not a PDF"):
        draw(pages, write_broken(tmp_path / "torn.pdf"), 0, "x")
    assert draw(pages, samovar, 0, KETTLE[0]).share == 1.0


def test_a_child_that_takes_too_long_is_ended(
    pages: Pages, samovar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(pages, samovar, 0, "x")
    worker: Any = pages._worker
    monkeypatch.setattr(drawing, "LONGEST_S", -1.0)
    with pytest.raises(DocumentsError, match="too long") as caught:
        draw(pages, samovar, 0, "x", 3000)
    assert "Open the file in its own program." in caught.value.hint
    assert not worker.is_alive
    monkeypatch.undo()
    assert draw(pages, samovar, 0, KETTLE[0]).share == 1.0


def packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode("ascii")


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 10_000},
        {"stride": 4},
        {"stride": 1 << 30},
        {"data": packed(b"short")},
        {"data": "%"},
        {"boxes": [[1, 2]]},
        {"height": None},
    ],
)
def test_what_is_no_picture_is_refused(wrong: dict[str, Any]) -> None:
    sound = {"width": 2, "height": 2, "stride": 8, "data": packed(bytes(16)), "boxes": [], "share": 0}
    sound["pages"] = 1
    assert len(read(0, sound).data) == 16
    with pytest.raises(DocumentsError, match="no picture"):
        read(0, {**sound, **wrong})


def test_a_pdf_is_known_by_its_beginning(samovar: Path, tmp_path: Path) -> None:
    assert is_pdf(samovar)
    (tmp_path / "x.pdf").write_text("no", "utf-8")
    assert not is_pdf(tmp_path / "x.pdf")
