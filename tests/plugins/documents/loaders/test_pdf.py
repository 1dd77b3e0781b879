"""PDF: paragraphs, headings, pages, scans; recognition by a program that stands in for tesseract."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtGui import QPageSize, QPdfWriter, QTextDocument

from teahouse.passages import LoadContext, Place
from teahouse_documents.loaders import pdf
from teahouse_documents.loaders.pdf_layout import join_printed

from .conftest import Read
from .made import pdf_bytes, write_book, write_pdf


def test_pages_paragraphs_and_headings(read: Read, tmp_path: Path) -> None:
    pieces, remarks = read(write_book(tmp_path / "a.pdf"))
    assert [(one.kind, one.place) for one in pieces[:3]] == [
        ("heading", Place(page=1)),
        ("text", Place(page=1, heading=("Chapter 1",))),
        ("text", Place(page=1, heading=("Chapter 1",))),
    ]
    assert pieces[1].text.startswith(
        "Green tea is made of leaves that are heated soon after they were picked, which stops"
    )
    assert pieces[2].text.endswith("是中国著名的绿茶。")
    assert pieces[-1].place == Place(page=3, heading=("Chapter 3",))
    assert not any(one.text == "The Book of Tea" or one.text.isdigit() for one in pieces)
    assert remarks == []


def test_the_outline_says_the_headings(read: Read, tmp_path: Path) -> None:
    pages = [
        [(700, 11, f"{n} {title}"), (650, 11, "Words of the page.")] for n, title in ((1, "Tea"), (2, "产地"))
    ]
    pieces, _remarks = read(write_pdf(tmp_path / "a.pdf", pages, outline=["Tea", "产地"]))
    assert [(one.kind, one.text, one.place.heading) for one in pieces][:2] == [
        ("heading", "1 Tea", ()),
        ("text", "Words of the page.", ("1 Tea",)),
    ]
    assert pieces[-1].place == Place(page=2, heading=("2 产地",))


PARAGRAPHS = (
    "Nobody speaks until the first steam, and the cat is let in only after it. Charcoal is of birch.",
    "The silver spoons are counted twice: once by the one who lays the table, once by the one who clears it.",
    "The chimney is swept every ninth day with a goose feather, and the ashes go to the cherry trees behind.",
)


@pytest.mark.usefixtures("qapp")
def test_a_short_last_line_is_not_run_into_the_next_paragraph(read: Read, tmp_path: Path) -> None:
    """PDFium does that with what Qt's text documents print."""
    writer, document = QPdfWriter(str(tmp_path / "a.pdf")), QTextDocument()
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A6))
    document.setPlainText("\n\n".join(PARAGRAPHS))
    document.print_(writer)
    pieces, _remarks = read(tmp_path / "a.pdf")
    assert [one.text for one in pieces][:3] == list(PARAGRAPHS)


def test_divided_words_are_whole_again() -> None:
    assert (
        join_printed(["the infor\x02", "mation of East\x02", "West", "trade"])
        == "the information of East-West trade"
    )
    assert join_printed(["龙井产于", "杭州 and", "西湖"]) == "龙井产于杭州 and 西湖"


def write_scan(path: Path, pages: int = 3) -> Path:
    """Pages that are pictures, the last with words."""
    stream = "q 500 0 0 700 50 50 cm BI /W 8 /H 8 /CS /G /BPC 8 /F /AHx ID " + "00FF" * 32 + "> EI Q"
    objects = {1: "<</Type/Catalog/Pages 2 0 R>>", 3: f"<</Length {len(stream)}>>stream\n{stream}\nendstream"}
    kids = []
    for number in range(pages):
        objects[10 + number] = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>"
        kids.append(f"{10 + number} 0 R")
    objects[2] = f"<</Type/Pages/Count {pages}/Kids[{' '.join(kids)}]>>"
    path.write_bytes(pdf_bytes(objects))
    return path


def test_scans_are_named(read: Read, tmp_path: Path) -> None:
    path = write_scan(tmp_path / "a.pdf")
    with pytest.raises(AssertionError, match="It holds no text"):
        read(path)
    remarks: list[str] = []
    assert list(pdf.load(path, LoadContext(remark=remarks.append))) == []
    assert remarks == ["Pages without text, perhaps scans: 1–3."]


def write_program(folder: Path, words: str) -> None:
    folder.mkdir()
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\nhead -c 2 | grep -q P5 || exit 1\n{words}\n", "utf-8")
    program.chmod(0o755)


def test_recognition_by_an_installed_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_program(tmp_path / "bin", 'echo "龙 井 $4"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    remarks: list[str] = []
    context = LoadContext(("chi_sim", "eng"), remarks.append)
    pieces = list(pdf.load(write_scan(tmp_path / "a.pdf", 2), context))
    assert [(one.text, one.place) for one in pieces] == [
        ("龙井 chi_sim+eng", Place(page=1)),
        ("龙井 chi_sim+eng", Place(page=2)),
    ]
    assert remarks == ["Scanned pages, whose text was recognised: 1–2."]


def test_recognition_that_fails_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_program(tmp_path / "bin", "echo no such language >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    remarks: list[str] = []
    assert list(pdf.load(write_scan(tmp_path / "a.pdf"), LoadContext(("xyz",), remarks.append))) == []
    assert len(remarks) == 2
    assert "no such language" in remarks[0]


def test_recognition_without_a_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    remarks: list[str] = []
    list(pdf.load(write_scan(tmp_path / "a.pdf"), LoadContext(("eng",), remarks.append)))
    assert remarks[0] == "Scanned pages cannot be recognised: tesseract is not installed."
