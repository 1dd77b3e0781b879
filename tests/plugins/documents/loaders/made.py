"""Files of every type, made by hand or by the libraries that write them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

# --- archives -------------------------------------------------------------------------------------


def write_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def change_member(path: Path, name: str, change: dict[str, str]) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {one: archive.read(one) for one in archive.namelist()}
    text = members[name].decode("utf-8")
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    return write_zip(path, {**members, name: text.encode("utf-8")})


# --- office ---------------------------------------------------------------------------------------


def write_docx(path: Path) -> Path:
    import docx

    document = docx.Document()
    document.add_heading("Tea", 0)
    document.add_heading("Green tea", 1)
    document.add_paragraph("Longjing is pan-fired.")
    document.add_heading("绿茶的产地", 2)
    document.add_paragraph("龙井产于杭州。")
    document.add_paragraph("first", style="List Bullet")
    table = document.add_table(2, 2)
    for at, text in enumerate(["Name", "价格", "龙井", "300"]):
        table.cell(at // 2, at % 2).text = text
    document.add_heading("Black tea", 1)
    document.add_paragraph("Keemun | Qimen.")
    document.sections[0].header.paragraphs[0].text = "Tea house, 2026"
    document.save(str(path))
    return path


def write_pptx(path: Path) -> Path:
    import pptx

    deck = pptx.Presentation()
    for title, body, notes in (("Tea", "Green\nBlack", "Say hello"), ("茶叶价格", "龙井每斤三百元", "")):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    table = deck.slides[1].shapes.add_table(2, 2, 0, 0, 1_000_000, 1_000_000).table
    for at, text in enumerate(["Name", "Price", "Keemun", "200"]):
        table.cell(at // 2, at % 2).text = text
    deck.save(str(path))
    return path


def write_xlsx(path: Path, rows: int = 5) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("价格表")
    sheet.merge_range("A1:C1", "2026年茶叶价格")
    sheet.write_row(1, 0, ["品名", "产地", "单价"])
    for number in range(rows):
        sheet.write_row(2 + number, 0, [f"茶{number}", "杭州", 10.5 + number])
    notes = book.add_worksheet("Notes")
    notes.write("B3", "Only a remark")
    book.close()
    return path


ODF_NAMES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"))
    )
    + ' xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"'
)


def write_odt(path: Path, body: str = "") -> Path:
    body = body or (
        '<text:h text:outline-level="1">茶</text:h><text:p>Green<text:s text:c="2"/>tea<text:note>'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>A note.</text:p></text:note-body>"
        '</text:note> is old.</text:p><text:h text:outline-level="2">红茶</text:h>'
        "<text:list><text:list-item><text:p>祁门</text:p></text:list-item>"
        "</text:list><table:table><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell>"
        "<table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row><table:table-row>"
        "<table:table-cell><text:p>Keemun</text:p></table:table-cell><table:table-cell><text:p>200</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    kind = "presentation" if path.suffix == ".odp" else "text"
    content = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    whole = f"<office:document-content {ODF_NAMES}>{content}</office:document-content>"
    return write_zip(path, {"mimetype": "x", "content.xml": whole})


def write_epub(path: Path, pages: Sequence[str] = ()) -> Path:
    pages = pages or (
        "<h1>第一章 茶</h1><p>龙井产于杭州。</p><h2>产地</h2><p>西湖。</p>",
        "<p>A page without a heading.</p>",
    )
    items = "".join(
        f'<item id="p{at}" href="text/p{at}.xhtml" media-type="application/xhtml+xml"/>'
        for at in range(len(pages))
    )
    spine = "".join(f'<itemref idref="p{at}"/>' for at in range(len(pages)))
    points = "".join(
        f'<navPoint><navLabel><text>{name}</text></navLabel><content src="text/p{at}.xhtml"/></navPoint>'
        for at, name in enumerate(("第一章 茶", "Afterword"))
    )
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{items}<item id="ncx" href="toc.ncx"'
        f' media-type="application/x-dtbncx+xml"/></manifest><spine>{spine}</spine></package>'
    )
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    return write_zip(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            "OEBPS/toc.ncx": f"<ncx><navMap>{points}</navMap></ncx>",
            **{
                f"OEBPS/text/p{at}.xhtml": f'<?xml version="1.0"?><html><body>{page}</body></html>'
                for at, page in enumerate(pages)
            },
        },
    )


# --- PDF ------------------------------------------------------------------------------------------

TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"""

Row = tuple[float, float, str]
"""Height on the page, size of the letters, words."""


def write_pdf(
    path: Path, pages: Sequence[Sequence[Row]], *, extra: str = "", outline: Sequence[str] = ()
) -> Path:
    """A PDF whose pages hold these rows; Han characters by a font with a map to Unicode."""
    objects: dict[int, str] = {
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4: "<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/Identity-H/DescendantFonts[5 0 R]"
        "/ToUnicode 6 0 R>>",
        5: "<</Type/Font/Subtype/CIDFontType2/BaseFont/Song/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        6: f"<</Length {len(TO_UNICODE)}>>stream\n{TO_UNICODE}\nendstream",
    }
    kids = []
    for rows in pages:
        stream = "\n".join(_shown(*row) for row in rows)
        at = max(objects) + 1
        objects[at] = f"<</Length {len(stream)}>>stream\n{stream}\nendstream"
        objects[at + 1] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {at} 0 R"
            "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>"
        )
        kids.append(at + 1)
    objects[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>"
    marks = ""
    if outline:
        first = max(objects) + 1
        for at, title in enumerate(outline):
            after = f"/Next {first + at + 1} 0 R" if at + 1 < len(outline) else ""
            words = "FEFF" + title.encode("utf-16-be").hex()
            objects[first + at] = (
                f"<</Title<{words}>/Parent {first + 100} 0 R{after}/Dest[{kids[at]} 0 R/Fit]>>"
            )
        objects[first + 100] = (
            f"<</First {first} 0 R/Last {first + len(outline) - 1} 0 R/Count {len(outline)}>>"
        )
        marks = f"/Outlines {first + 100} 0 R"
    objects[1] = f"<</Type/Catalog/Pages 2 0 R{marks}>>"
    path.write_bytes(pdf_bytes(objects, extra))
    return path


def pdf_bytes(objects: dict[int, str], extra: str = "") -> bytes:
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        out += f"{number} 1\n{place:010} 00000 n \n".encode()
    size = max(objects) + 1
    return bytes(out) + f"trailer<</Size {size}/Root 1 0 R{extra}>>\nstartxref\n{table}\n%%EOF".encode()


def _shown(bottom: float, size: float, words: str) -> str:
    if words.isascii():
        text = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /F1 {size} Tf 50 {bottom} Td ({text}) Tj ET"
    return f"BT /F2 {size} Tf 50 {bottom} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def write_book(path: Path) -> Path:
    """Three pages with running titles, page numbers, headings and a word divided at the end of a line."""
    pages: list[list[Row]] = []
    for number in range(1, 4):
        pages.append(
            [
                (770, 9, "The Book of Tea"),
                (700, 20, f"Chapter {number}"),
                (660, 10, "Green tea is made of leaves that are heated soon after they were picked, which"),
                (646, 10, "stops them from turning brown, and keeps their taste."),
                (610, 10, "龙井茶产于浙江省杭州市西湖周边的群山之中，以色绿香郁味甘形美四绝著称于世，是中国"),
                (596, 10, "著名的绿茶。"),
                (20, 9, str(number)),
            ]
        )
    return write_pdf(path, pages)


# --- letters --------------------------------------------------------------------------------------


def write_eml(path: Path) -> Path:
    path.write_bytes(bytes(make_letter()))
    return path


def make_letter() -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "陆羽 <lu@example.org>",
        "a@example.org",
        "关于茶叶的报价",
    )
    letter["Date"] = "Mon, 16 Nov 2026 10:00:00 +0800"
    letter.set_content("龙井每斤三百元。\n\n此致\n")
    letter.add_alternative("<p>龙井每斤<b>三百</b>元。</p>", subtype="html")
    letter.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="报价单.pdf")
    return letter


def write_mbox(path: Path, count: int = 3) -> Path:
    with path.open("wb") as stream:
        for number in range(count):
            stream.write(b"From lu@example.org Mon Nov 16 10:00:00 2026\n")
            stream.write(
                f"Subject: Letter {number}\nFrom: lu@example.org\n\nText {number}\n>From here on\n\n".encode()
            )
    return path


SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\n<i>Welcome</i> to the\ntea house.\n\n"
    "2\n00:01:02,500 --> 00:01:04,000\n龙井\n"
)

TEXTS: dict[str, str] = {
    ".txt": "第一章 茶\n\n龙井产于杭州。\n\nGreen tea is old.\n",
    ".md": "# Tea\n\nGreen.\n\n```python\nprint(1)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    ".py": "import os\n\n\ndef steep(leaf):\n    return leaf\n",
    ".csv": "name,price\nLongjing,300\n祁门,200\n",
    ".json": '{"tea": [{"name": "龙井", "price": 300}, {"name": "Keemun"}], "open": true}',
    ".jsonl": '{"name": "龙井"}\n{"name": "Keemun"}\n',
    ".html": "<html><title>Tea</title><body><h1>Tea</h1><p>龙井</p><script>x()</script></body></html>",
    ".srt": SRT,
    ".vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n",
}
WRITERS = {
    ".docx": write_docx,
    ".pptx": write_pptx,
    ".xlsx": write_xlsx,
    ".odt": write_odt,
    ".epub": write_epub,
    ".pdf": write_book,
    ".eml": write_eml,
    ".mbox": write_mbox,
}
SUFFIXES = [*TEXTS, *WRITERS]


def write_any(folder: Path, suffix: str) -> Path:
    path = folder / f"茶 tea{suffix}"
    if suffix in TEXTS:
        path.write_text(TEXTS[suffix], "utf-8")
    else:
        WRITERS[suffix](path)
    return path


def zip_bomb(path: Path, name: str, size_bytes: int) -> Path:
    """An archive whose member unpacks to zeros."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(name, "w") as out,
    ):
        for _block in range(size_bytes >> 20):
            out.write(bytes(1 << 20))
    return path
