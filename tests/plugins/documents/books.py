"""Small documents of our own wording: a PDF, a DOCX, a Chinese EPUB, a broken one."""

from __future__ import annotations

import zipfile
from pathlib import Path

KETTLE = (
    "The samovar of Tula is filled before sunrise.",
    "Its chimney is swept every ninth day with a goose feather.",
    "Guests are counted by the lumps of sugar that are left.",
)
HARBOUR = (
    ("Harbour rules", "heading"),
    ("Boats longer than eleven metres moor at the western pier.", "text"),
    ("The lighthouse keeper collects the fee in dried apricots.", "text"),
)
MOUNTAIN = (
    ("第一章 山路", "武夷山的采茶人清晨四点上山，带着竹篮和一壶凉水。"),
    ("第二章 炭焙", "岩茶要用龙眼木炭慢慢焙火十二个小时，火候由老师傅用手背来试。"),
)


def write_pdf(file: Path, lines: tuple[str, ...] = KETTLE) -> Path:
    """A PDF of one page for each line."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(lines)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(lines)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, line in enumerate(lines):
        drawn = f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    body += (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
    file.write_bytes(body)
    return file


def write_docx(file: Path) -> Path:
    """A letter with a heading."""
    import docx

    document = docx.Document()
    for text, kind in HARBOUR:
        if kind == "heading":
            document.add_heading(text, 1)
        else:
            document.add_paragraph(text)
    document.save(str(file))
    return file


def write_epub(file: Path) -> Path:
    """A Chinese book of two chapters."""
    container = (
        '<?xml version="1.0"?>'
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    names = [f"chapter{number}.xhtml" for number, _ in enumerate(MOUNTAIN, 1)]
    items = "".join(
        f'<item id="c{at}" href="{name}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{at}"/>' for at, _name in enumerate(names))
    package = (
        '<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">'
        "tea</dc:identifier><dc:title>山中茶事</dc:title><dc:language>zh</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("book.opf", package)
        for name, (heading, text) in zip(names, MOUNTAIN, strict=True):
            book.writestr(
                name,
                '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>'
                f"{heading}</title></head><body><h1>{heading}</h1><p>{text}</p></body></html>",
            )
    return file


def write_broken(file: Path) -> Path:
    """A PDF that ends in the middle of its first object."""
    file.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0")
    return file
