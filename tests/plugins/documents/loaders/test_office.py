"""Office files and books: what is read, with which places."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.passages import Place

from .conftest import Read
from .made import change_member, write_docx, write_epub, write_odt, write_pptx, write_xlsx, write_zip


def test_docx(read: Read, tmp_path: Path) -> None:
    pieces, _remarks = read(write_docx(tmp_path / "a.docx"))
    found = [(one.kind, one.text, one.place.heading) for one in pieces]
    assert found[:5] == [
        ("heading", "Tea", ()),
        ("heading", "Green tea", ("Tea",)),
        ("text", "Longjing is pan-fired.", ("Tea", "Green tea")),
        ("heading", "绿茶的产地", ("Tea", "Green tea")),
        ("text", "龙井产于杭州。", ("Tea", "Green tea", "绿茶的产地")),
    ]
    assert found[6] == (
        "table",
        "| Name | 价格 |\n|---|---|\n| 龙井 | 300 |",
        ("Tea", "Green tea", "绿茶的产地"),
    )
    assert found[-1] == ("caption", "Tea house, 2026", ())


def test_docx_with_tracked_changes_text_boxes_and_notes(read: Read, tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docx")
    run = "<w:r><w:t>{}</w:t></w:r>"
    changed = (
        f"<w:ins>{run.format('inserted ')}</w:ins><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        f"{run.format('kept')}<w:r><w:tab/><w:t>after</w:t><w:footnoteReference w:id='7'/></w:r>"
        f"<w:r><w:txbxContent><w:p>{run.format('in a box')}</w:p></w:txbxContent></w:r>"
    )
    change_member(path, "word/document.xml", {run.format("Longjing is pan-fired."): changed})
    texts = [one.text for one in read(path)[0]]
    assert "inserted kept\tafter[^7]" in texts
    assert "in a box" in texts
    assert not any("deleted" in text for text in texts)


def test_docx_with_macros_is_read_like_any_other(read: Read, tmp_path: Path) -> None:
    path = write_docx(tmp_path / "a.docm")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    change_member(
        path, "[Content_Types].xml", {kind: "application/vnd.ms-word.document.macroEnabled.main+xml"}
    )
    assert read(path)[0][0].text == "Tea"


def test_docx_without_styles_finds_chapters_and_bold_lines(read: Read, tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("第一章 总则")
    document.add_paragraph().add_run("关于茶叶").bold = True
    document.add_paragraph("第一条说的是茶。")
    document.save(str(tmp_path / "a.docx"))
    pieces, _remarks = read(tmp_path / "a.docx")
    assert pieces[2].place.heading == ("第一章 总则", "关于茶叶")


def test_pptx(read: Read, tmp_path: Path) -> None:
    pieces, _remarks = read(write_pptx(tmp_path / "a.pptx"))
    assert [(one.kind, one.text, one.place) for one in pieces] == [
        ("heading", "Tea", Place(slide=1)),
        ("text", "Green\nBlack", Place(slide=1, heading=("Tea",))),
        ("text", "Say hello", Place(slide=1, heading=("Tea", "Speaker notes"))),
        ("heading", "茶叶价格", Place(slide=2)),
        ("text", "龙井每斤三百元", Place(slide=2, heading=("茶叶价格",))),
        ("table", "| Name | Price |\n|---|---|\n| Keemun | 200 |", Place(slide=2, heading=("茶叶价格",))),
    ]


def test_a_damaged_slide_is_named_and_the_others_are_read(read: Read, tmp_path: Path) -> None:
    path = write_pptx(tmp_path / "a.pptx")
    change_member(path, "ppt/slides/slide1.xml", {"</p:sld>": ""})
    pieces, remarks = read(path)
    assert pieces[0].text == "茶叶价格"
    assert remarks == ["Slide 1 is damaged."]


def test_xlsx(read: Read, tmp_path: Path) -> None:
    pieces, _remarks = read(write_xlsx(tmp_path / "a.xlsx", 100))
    title, first, *more, remark = pieces
    assert (title.text, title.place) == ("2026年茶叶价格", Place(sheet="价格表", line=1))
    assert first.text.startswith("| 品名 | 产地 | 单价 |\n|---|---|---|\n| 茶0 | 杭州 | 10.5 |")
    assert first.place == Place(sheet="价格表", line=3, last_line=42)
    assert all(one.text.startswith("| 品名 |") for one in more)
    assert more[-1].place.last_line == 102
    assert (remark.text, remark.place) == ("Only a remark", Place(sheet="Notes", line=3))
    assert first.place.words() == "sheet “价格表”, rows 3–42"


def test_ods(read: Read, tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>"
        for row in (("品名", "产地"), ("龙井", "杭州"))
    )
    path = write_odt(tmp_path / "a.ods", f'<table:table table:name="茶">{rows}</table:table>')
    change_member(path, "content.xml", {"office:text": "office:spreadsheet"})
    write_zip_kind(path)
    [piece] = read(path)[0]
    assert (piece.text, piece.place.sheet) == ("| 品名 | 产地 |\n|---|---|\n| 龙井 | 杭州 |", "茶")


def write_zip_kind(path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    write_zip(path, {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def test_odt(read: Read, tmp_path: Path) -> None:
    pieces, _remarks = read(write_odt(tmp_path / "a.odt"))
    assert [(one.kind, one.text, one.place.heading) for one in pieces] == [
        ("heading", "茶", ()),
        ("text", "Green  tea[^1] is old.", ("茶",)),
        ("text", "[^1] A note.", ("茶",)),
        ("heading", "红茶", ("茶",)),
        ("text", "- 祁门", ("茶", "红茶")),
        ("table", "| Name | Price |\n|---|---|\n| Keemun | 200 |", ("茶", "红茶")),
    ]


def test_odp(read: Read, tmp_path: Path) -> None:
    slide = (
        '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>{0}</text:p>'
        "</draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>about {0}</text:p>"
        "</draw:text-box></draw:frame>"
        "<presentation:notes><text:p>say {0}</text:p></presentation:notes></draw:page>"
    )
    pieces, _remarks = read(write_odt(tmp_path / "a.odp", slide.format("Tea") + slide.format("茶")))
    assert [(one.text, one.place.slide, one.place.heading) for one in pieces[3:]] == [
        ("茶", 2, ()),
        ("about 茶", 2, ("茶",)),
        ("say 茶", 2, ("茶", "Speaker notes")),
    ]


def test_an_encrypted_odt(read: Read, tmp_path: Path) -> None:
    path = write_zip(
        tmp_path / "a.odt", {"content.xml": b"?", "META-INF/manifest.xml": "<x><encryption-data/></x>"}
    )
    with pytest.raises(AssertionError, match="password"):
        read(path)


def test_epub(read: Read, tmp_path: Path) -> None:
    pages = (
        "<h1>第一章 茶</h1><p>龙井产于杭州。</p>",
        "<h2>产地</h2><p>西湖。<ruby>漢<rt>かん</rt></ruby></p>",
    )
    pieces, _remarks = read(write_epub(tmp_path / "a.epub", pages))
    assert [(one.text, one.place.heading) for one in pieces] == [
        ("第一章 茶", ()),
        ("龙井产于杭州。", ("第一章 茶",)),
        ("产地", ("第一章 茶",)),
        ("西湖。漢", ("第一章 茶", "产地")),
    ]


def test_a_book_without_headings_has_those_of_its_contents(read: Read, tmp_path: Path) -> None:
    pieces, _remarks = read(write_epub(tmp_path / "a.epub", ("<p>one</p>", "<p>two</p>")))
    assert [(one.kind, one.text, one.place.heading) for one in pieces] == [
        ("heading", "第一章 茶", ()),
        ("text", "one", ("第一章 茶",)),
        ("heading", "Afterword", ()),
        ("text", "two", ("Afterword",)),
    ]


def test_an_encrypted_book_is_refused_and_one_with_hidden_fonts_is_read(read: Read, tmp_path: Path) -> None:
    import zipfile

    path = write_epub(tmp_path / "a.epub")
    for algorithm, is_read in (("http://www.idpf.org/2008/embedding", True), ("aes256-cbc", False)):
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        encryption = f'<encryption><EncryptionMethod Algorithm="{algorithm}"/></encryption>'
        write_zip(path, {**members, "META-INF/encryption.xml": encryption})
        if is_read:
            assert read(path)[0]
        else:
            with pytest.raises(AssertionError, match="password"):
                read(path)
