"""Facts in two columns."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from teahouse_desktop.widgets.facts import Facts, in_groups

pytestmark = pytest.mark.gui


def test_each_is_shown_named_and_copied_and_gives_way_to_the_next(qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    facts.show_lines([("Name", "<b>茶</b>"), ("SHA-256", "ab" * 32)])
    assert facts.lines == ["Name: <b>茶</b>", f"SHA-256: {'ab' * 32}"]
    labels = facts.findChildren(QLabel)
    assert [one.text() for one in labels] == ["Name", "<b>茶</b>", "SHA-256", " ".join(["abababab"] * 8)]
    assert f"SHA-256: {'ab' * 32}" in [one.accessibleName() for one in labels]
    facts.show_lines([])
    qtbot.waitUntil(lambda: not facts.findChildren(QLabel))
    assert facts.lines == []


@pytest.mark.parametrize("value", ["short", "x" * 65, "-" * 64])
def test_only_a_hash_is_cut_into_groups(value: str) -> None:
    assert in_groups(value) == value
