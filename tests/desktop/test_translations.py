from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from teahouse_desktop.translations import linguist

FOLDER = linguist.folder()
HAN = re.compile(r"[\u4e00-\u9fff]")
FIELD = re.compile(r"{\w*}")
NAMES = frozenset(
    {
        "Adaptive-p",
        "DRY",
        "Min-p",
        "Mirostat",
        "Top-k",
        "Top-n\N{GREEK SMALL LETTER SIGMA}",
        "Top-p",
        "Typical-p",
        "XTC",
    }
)
"""Of samplers: written alike in both languages."""


def entries(ts: Path) -> dict[tuple[str, str], ET.Element]:
    """(context, English) → the element of its translation."""
    found = {}
    for context in ET.parse(ts).getroot().findall("context"):
        for message in context.findall("message"):
            key = (context.findtext("name", ""), message.findtext("source", ""))
            found[key] = message.find("translation")
    return found  # type: ignore[return-value]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The .ts file after another run over the source."""
    copy = tmp_path_factory.mktemp("ts") / "zh_CN.ts"
    shutil.copy(FOLDER / "zh_CN.ts", copy)
    linguist.update(copy)
    return copy


def test_every_text_of_the_source_is_in_the_catalogue(fresh: Path) -> None:
    assert entries(fresh).keys() == entries(FOLDER / "zh_CN.ts").keys()


def test_every_text_is_translated(fresh: Path) -> None:
    missing = [key for key, found in entries(fresh).items() if not found.text or found.get("type")]
    assert missing == []


def test_translations_are_chinese_and_keep_their_fields() -> None:
    for (_context, english), found in entries(FOLDER / "zh_CN.ts").items():
        chinese = found.text or ""
        assert sorted(FIELD.findall(chinese)) == sorted(FIELD.findall(english)), english
        is_word = re.search(r"[A-Za-z]{3}", FIELD.sub("", english)) and english not in NAMES
        assert HAN.search(chinese) or not is_word, english


def test_half_width_marks_do_not_stand_between_han() -> None:
    odd = re.compile(r"[\u4e00-\u9fff][,;?!]|[,;?!:][\u4e00-\u9fff]")
    texts = [found.text or "" for found in entries(FOLDER / "zh_CN.ts").values()]
    assert [text for text in texts if odd.search(text)] == []


@pytest.mark.gui
def test_compiled_catalogue_says_what_the_source_says(qapp: QApplication) -> None:
    translator = QTranslator()
    assert translator.load(str(FOLDER / "zh_CN.qm"))
    wrong = [
        (context, english)
        for (context, english), found in entries(FOLDER / "zh_CN.ts").items()
        if translator.translate(context, english) != found.text
    ]
    assert wrong == []


def test_a_missing_text_would_be_noticed(tmp_path: Path) -> None:
    tree = ET.parse(FOLDER / "zh_CN.ts")
    context = tree.getroot().find("context")
    assert context is not None
    context.remove(context.findall("message")[0])
    tree.write(tmp_path / "zh_CN.ts", encoding="utf-8")
    cut = entries(tmp_path / "zh_CN.ts").keys()
    linguist.update(tmp_path / "zh_CN.ts")
    assert len(entries(tmp_path / "zh_CN.ts").keys() - cut) == 1
