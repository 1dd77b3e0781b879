"""Small files of the pictures, and one page of Markdown that shows them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

COLOURS = 256
BEST = 0
"""Quality of a PNG in Qt: the lower, the smaller the file; nothing is lost."""

HEAD = """# Pictures

Every page and state in both themes and languages, drawn by `make screenshots` from the real window.
Everything on them has happened: a real model answered on the pages, the echo back end failed where it
was told to.
"""


def save_small(picture: QImage, file: Path) -> None:
    """Save a picture with its 256 most frequent colours: a window has few, and the file is a third."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(plain.constBits()).cast("I"))
    table = [colour for colour, _count in counted.most_common(COLOURS)]
    flat = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    plain.convertToFormat(QImage.Format.Format_Indexed8, table, flat).save(str(file), "PNG", BEST)


def write_gallery(folder: Path, page: Path, *, names: Sequence[str]) -> None:
    """Write the page that shows the pictures of a folder, those of a name side by side.

    Args:
        names: In the order in which they are to stand; one without pictures is left out.
    """
    lines = [HEAD]
    for name in names:
        files = [file for file in sorted(folder.glob(f"{name}-*.png")) if _name(file) == name]
        if files:
            place = folder.relative_to(page.parent).as_posix()
            shown = (f'<img src="{place}/{file.name}" width="24%" alt="{file.stem}">' for file in files)
            lines += [f"## {name.replace('-', ' ')}", "\n".join(shown), ""]
    page.write_text("\n".join(lines), "utf-8")


def _name(file: Path) -> str:
    """`model-menu` of `model-menu-light-zh_CN.png`."""
    return file.stem.rsplit("-", 2)[0]
