"""Files made to harm, each type by its own means: they are refused with a reason, or read within bounds."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from teahouse_documents.loaders.parsing import Parsing
from teahouse_documents.loaders.refusal import Refused

from .conftest import drain
from .made import (
    ODF_NAMES,
    change_member,
    pdf_bytes,
    write_docx,
    write_epub,
    write_odt,
    write_pdf,
    write_pptx,
    write_xlsx,
    write_zip,
    zip_bomb,
)

SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def why(parsing: Parsing, path: Path) -> str:
    with pytest.raises(Refused) as caught:
        drain(parsing, path)
    return str(caught.value.data["why"])


def outcome(parsing: Parsing, path: Path) -> list[str] | str:
    """The texts of a file, or the kind of reason why there are none."""
    try:
        return [piece.text for piece in drain(parsing, path)[0]]
    except Refused as error:
        return str(error.data["why"])


# --- archives -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".odt", ".epub", ".ods"])
def test_a_zip_bomb_is_refused_before_it_unpacks(parsing: Parsing, tmp_path: Path, suffix: str) -> None:
    name = {".odt": "content.xml", ".epub": "META-INF/container.xml"}.get(suffix, "word/document.xml")
    path = zip_bomb(tmp_path / f"bomb{suffix}", name, 300 << 20)
    assert path.stat().st_size < 1 << 20
    assert why(parsing, path) == "too_large"


def test_a_zip_that_lies_about_its_size(parsing: Parsing, tmp_path: Path) -> None:
    path = zip_bomb(tmp_path / "bomb.odt", "content.xml", 300 << 20)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(data)
    assert why(parsing, path) == "broken"


def test_too_many_members(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "many.docx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"{number}", b"")
    assert why(parsing, path) == "too_large"


def test_members_with_names_that_lead_outside(parsing: Parsing, tmp_path: Path) -> None:
    path = write_epub(tmp_path / "a.epub")
    change_member(path, "OEBPS/book.opf", {"text/p0.xhtml": "../../../../etc/passwd"})
    assert [piece.text for piece in drain(parsing, path)[0]] == ["Afterword", "A page without a heading."]


# --- XML ------------------------------------------------------------------------------------------


def test_an_entity_bomb_and_a_file_as_an_entity(parsing: Parsing, tmp_path: Path) -> None:
    body = "<text:p>before &l11; after</text:p>"
    content = (
        f"<office:document-content {ODF_NAMES}><office:body><office:text>{body}</office:text></office:body>"
    )
    outside = '<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/passwd">]>'
    for kind in (BOMB, outside):
        path = write_zip(tmp_path / "a.odt", {"content.xml": f"{kind}{content}</office:document-content>"})
        assert outcome(parsing, path) in (["before  after"], "broken")


def test_an_entity_bomb_in_an_attribute(parsing: Parsing, tmp_path: Path) -> None:
    content = f'{BOMB}<office:document-content {ODF_NAMES} office:version="&l11;"/>'
    assert why(parsing, write_zip(tmp_path / "a.odt", {"content.xml": content})) == "broken"


@pytest.mark.parametrize(
    ("suffix", "part"), [(".docx", "word/document.xml"), (".pptx", "ppt/slides/slide1.xml")]
)
def test_an_entity_bomb_in_office_files(parsing: Parsing, tmp_path: Path, suffix: str, part: str) -> None:
    path = {".docx": write_docx, ".pptx": write_pptx}[suffix](tmp_path / f"a{suffix}")
    old = "Longjing is pan-fired." if suffix == ".docx" else "Green"
    with zipfile.ZipFile(path) as archive:
        start = archive.read(part).decode("utf-8").partition("?>")[0] + "?>"
    change_member(path, part, {start: start + BOMB, old: "one &l11; two"})
    found = outcome(parsing, path)
    assert found == "broken" or "haha" not in "".join(found)


def test_xml_that_is_nested_without_end(parsing: Parsing, tmp_path: Path) -> None:
    path = write_odt(tmp_path / "a.odt", "<text:section>" * 100_000)
    assert why(parsing, path) == "broken"
    nested = "<text:p>" + "<text:span>" * 200 + "deep" + "</text:span>" * 200 + "</text:p>"
    assert drain(parsing, write_odt(path, nested))[0][0].text == "deep"


def test_html_that_is_nested_without_end(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<p>before</p>" + "<div>" * 200_000 + "deep" + "</div>" * 200_000 + "<p>after</p>")
    texts = [piece.text for piece in drain(parsing, path)[0]]
    assert texts[0] == "before"


def test_an_entity_bomb_in_html_is_plain_text(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"{BOMB}<html><body><p>tea &l11; &amp; milk</p></body></html>")
    pieces, parsed = drain(parsing, path)
    assert pieces[-1].text.startswith("tea")
    assert parsed.chars < 2000


def test_a_table_that_spans_without_end(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    cells = '<td colspan="999999" rowspan="999999">x</td>' * 50
    path.write_text(f"<table><tr>{cells}</tr><tr><td>a</td></tr></table>" * 20)
    assert drain(parsing, path)[1].chars < 1_000_000


def test_cells_that_are_repeated_without_end(parsing: Parsing, tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="1000000">{}</table:table-row>'
    cell = '<table:table-cell table:number-columns-repeated="1000000"><text:p>x</text:p></table:table-cell>'
    path = write_odt(tmp_path / "a.odt", f"<table:table>{row.format(cell) * 3}</table:table>")
    assert drain(parsing, path)[1].chars < 10_000


# --- sheets ---------------------------------------------------------------------------------------


def test_a_workbook_that_declares_a_billion_cells(parsing: Parsing, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx")
    change_member(path, SHEET, {'<dimension ref="A1:C7"/>': '<dimension ref="A1:XFD1048576"/>'})
    assert any("茶0" in piece.text for piece in drain(parsing, path)[0])


def test_a_workbook_whose_corners_are_far_apart(parsing: Parsing, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx")
    change_member(
        path, "xl/worksheets/sheet1.xml", {'r="C7"': 'r="XFD1048576"', '<row r="7"': '<row r="1048576"'}
    )
    try:
        drain(parsing, path)
    except Refused as error:
        assert error.data["why"] in ("memory", "crash", "fault", "broken")


# --- PDF ------------------------------------------------------------------------------------------


def test_a_pdf_with_a_password(parsing: Parsing, tmp_path: Path) -> None:
    keys = f"/O<{'41' * 32}>/U<{'42' * 32}>"
    encrypt = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4{keys}>>/ID[<{'43' * 16}><{'43' * 16}>]"
    path = write_pdf(tmp_path / "a.pdf", [[(700, 12, "Secret")]], extra=encrypt)
    with pytest.raises(Refused, match="password") as caught:
        drain(parsing, path)
    assert caught.value.data["why"] == "locked"


@pytest.mark.parametrize("kids", ["[2 0 R]", "[3 0 R]", "[3 0 R 3 0 R 2 0 R]"])
def test_a_pdf_whose_pages_lead_back_to_themselves(parsing: Parsing, tmp_path: Path, kids: str) -> None:
    path = tmp_path / "a.pdf"
    node = "<</Type/Pages/Count 1000000/Parent 3 0 R/Kids"
    path.write_bytes(
        pdf_bytes({1: "<</Type/Catalog/Pages 2 0 R>>", 2: f"{node}{kids}>>", 3: f"{node}[2 0 R]>>"})
    )
    try:
        drain(parsing, path)
    except Refused as error:
        assert error.data["why"] in ("no_text", "broken", "time")


def test_a_pdf_whose_bookmarks_lead_back_to_themselves(parsing: Parsing, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", [[(700, 12, "Words of the page")]], outline=["One"])
    path.write_bytes(path.read_bytes().replace(b"/Title", b"/Next 9 0 R/Title"))
    assert any("Words" in piece.text for piece in drain(parsing, path)[0])


def test_a_pdf_under_another_name(parsing: Parsing, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.txt", [[(700, 12, "Words of the page")]])
    pieces, parsed = drain(parsing, path)
    assert parsed.loader.startswith("pdf/")
    assert pieces[0].text == "Words of the page"


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "suffix", [".txt", ".md", ".py", ".csv", ".json", ".jsonl", ".html", ".srt", ".mbox", ".eml"]
)
def test_a_line_of_1_mb(parsing: Parsing, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("tea " * 250_000, "utf-8")
    try:
        pieces, parsed = drain(parsing, path)
    except Refused as error:
        assert error.data["why"] == "broken"
        assert suffix in (".srt", ".mbox", ".eml")
    else:
        assert parsed.chars > 999_000 or suffix == ".csv"
        assert max(len(piece.text) for piece in pieces) <= 20_000


@pytest.mark.parametrize(
    "text", ["# a" + " " * 1_000_000 + "b", "<!-- " * 200_000, "|\n" + " " * 500_000 + "-x", "." * 10**6]
)
@pytest.mark.parametrize("suffix", [".md", ".txt", ".html", ".py", ".csv"])
def test_text_that_makes_patterns_slow(parsing: Parsing, tmp_path: Path, suffix: str, text: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(text + "\nend\n", "utf-8")
    assert outcome(parsing, path) not in ("time", "memory", "crash", "fault")


def test_json_that_is_nested_without_end(parsing: Parsing, tmp_path: Path) -> None:
    for suffix, text in (
        (".json", "[" * 100_000),
        (".json", '{"a":' * 500 + "1" + "}" * 500),
        (".jsonl", "[" * 9999),
    ):
        path = tmp_path / f"a{suffix}"
        path.write_text(text)
        assert drain(parsing, path)[1].remarks


def test_a_number_with_a_million_digits(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("1" * 1_000_000)
    assert drain(parsing, path)[1].remarks


def test_a_letter_that_is_nested_without_end(parsing: Parsing, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    inner = "Content-Type: message/rfc822\n\nSubject: x\n" * 5000
    path.write_text("Subject: outer\n" + inner)
    try:
        pieces, _parsed = drain(parsing, path)
        assert "outer" in pieces[0].text
    except Refused as error:
        assert error.data["why"] == "broken"


def test_a_letter_too_large_leaves_the_others(
    parsing: Parsing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mbox"
    with path.open("wb") as stream:
        stream.write(b"From a\nSubject: One\n\none\n\nFrom b\nSubject: Two\n\n")
        for _line in range(70):
            stream.write(b"x" * (1 << 20))
        stream.write(b"\n\nFrom c\nSubject: Three\n\nthree\n")
    pieces, parsed = drain(parsing, path)
    assert [piece.text for piece in pieces if piece.place.heading][1::2] == ["one", "three"]
    assert parsed.remarks == ("1 letters could not be read.",)
