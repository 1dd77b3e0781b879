from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from teahouse_desktop.looks.theme import DARK, LIGHT
from teahouse_desktop.screenshots import main
from teahouse_desktop.screenshots.gallery import COLOURS, save_small, write_gallery
from teahouse_desktop.screenshots.taking import SETS

pytestmark = pytest.mark.gui

PAGES = ("chat", "search", "trash", "settings", "export", "restore")


def only(*names: str) -> list[str]:
    """The options for some pictures."""
    return [word for name in names for word in ("--page", name)]


def colours(file: Path) -> int:
    """How many colours two lines of a picture have."""
    picture = QImage(str(file))
    return len({picture.pixelColor(x, y).rgb() for x in range(0, picture.width(), 7) for y in (20, 60)})


def test_pictures_of_the_pages_in_both_themes(
    home: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    folder = tmp_path / "pictures"
    assert main([str(folder), "--language", "en", *only(*PAGES)]) == 0
    for theme in (LIGHT, DARK):
        picture = QImage(str(folder / f"chat-{theme.name}-en.png"))
        assert picture.width() > 800
        assert picture.pixelColor(picture.width() // 2, picture.height() // 2).name() == theme.base
    names = [f"{page}-{theme.name}-en.png" for page in PAGES for theme in (LIGHT, DARK)]
    assert sorted(file.name for file in folder.iterdir()) == sorted(names)
    assert all(colours(folder / name) > 1 for name in names)
    widths = {page: QImage(str(folder / f"{page}-light-en.png")).width() for page in PAGES}
    assert widths["search"] == widths["trash"] == widths["settings"] > widths["restore"] > widths["export"]


def test_what_goes_wrong_is_on_the_pictures(
    home: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    names = ("welcome", "text", "crashed", "no-memory", "narrow", "large")
    options = ["--set", "states", "--language", "zh_CN", "--theme", "dark", *only(*names)]
    assert main([str(tmp_path), *options]) == 0
    pictures = {name: QImage(str(tmp_path / f"{name}-dark-zh_CN.png")) for name in names}
    assert all(not picture.isNull() for picture in pictures.values())
    assert pictures["narrow"].width() < pictures["text"].width() / 2
    danger = QColor(DARK.danger).rgb()
    for name in ("crashed", "no-memory"):
        picture = pictures[name]
        across = range(picture.width() // 3, picture.width(), 2)
        assert danger in {picture.pixel(x, y) for x in across for y in range(0, picture.height(), 2)}, name


def test_without_a_model_it_says_so(
    home: Path, tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--theme", "light", "--language", "en"]) == 1
    assert "a model" in capsys.readouterr().err
    options = ["--set", "bare", "--theme", "light", "--language", "en"]
    assert main([str(tmp_path), *options, *only("no-model", "models-without")]) == 0
    assert len(list(tmp_path.glob("*.png"))) == 2


def test_a_name_belongs_to_one_picture() -> None:
    names = [name for group in SETS.values() for name in group]
    assert len(names) == len(set(names)) > 40


def test_a_small_file_keeps_the_colours_that_matter(tmp_path: Path) -> None:
    picture = QImage(64, 64, QImage.Format.Format_RGB32)
    picture.fill(QColor("#e8eee6"))
    for number in range(40):  # more colours than there is room for, each once
        for x in range(30):
            picture.setPixelColor(x, number, QColor(number * 6, x * 8, 77))
    save_small(picture, tmp_path / "small.png")
    found = QImage(str(tmp_path / "small.png"))
    assert found.colorCount() == COLOURS
    assert found.pixelColor(50, 50).name() == "#e8eee6"


def test_the_gallery_shows_every_picture_once(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("chat", "chat-late"):
        for language in ("en", "zh_CN"):
            (folder / f"{name}-dark-{language}.png").write_bytes(b"")
    write_gallery(folder, tmp_path / "pictures.md", names=["chat", "missing", "chat-late"])
    text = (tmp_path / "pictures.md").read_text("utf-8")
    assert text.count('src="pictures/chat-dark-en.png"') == 1
    assert text.count("<img") == 4
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## chat", "## chat late"]
