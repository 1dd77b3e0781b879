from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from teahouse_desktop.screenshots import main
from teahouse_desktop.theme import THEMES

pytestmark = pytest.mark.gui


def test_pictures_of_the_pages_in_both_themes(
    home: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    assert main([str(tmp_path / "pictures"), "--language", "en"]) == 0
    for name, theme in THEMES.items():
        picture = QImage(str(tmp_path / "pictures" / f"chat-{name}-en.png"))
        assert picture.width() > 800
        assert picture.pixelColor(picture.width() // 2, picture.height() // 2).name() == theme.base
    sizes = {}
    for page in ("search", "trash", "export", "restore"):
        for name in THEMES:
            picture = QImage(str(tmp_path / "pictures" / f"{page}-{name}-en.png"))
            assert (
                len({picture.pixelColor(x, y).rgb() for x in range(0, picture.width(), 7) for y in (20, 60)})
                > 1
            )
            sizes[page] = picture.width()
    assert sizes["search"] == sizes["trash"] > sizes["restore"] > sizes["export"] > 300


def test_without_a_model_it_says_so(
    home: Path, tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--theme", "light", "--language", "en"]) == 1
    assert "no model" in capsys.readouterr().err
