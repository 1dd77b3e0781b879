from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from teahouse_documents.panel.desk import without
from teahouse_documents.values import Problem, Source
from tests.plugins.documents.stand_ins import WAIT_MS, Shown
from tests.plugins.documents.test_panel_documents import app, show, shown  # noqa: F401

pytestmark = pytest.mark.gui


def test_problems_are_counted_and_listed_with_their_reasons(shown: Shown) -> None:  # noqa: F811
    button = shown.panel.problems_button
    assert button.text() == "4 problems"
    button.click()
    names = [card.accessibleName() for card in shown.panel.problems.cards]
    assert names[0] == "plan.pdf: The file ends in the middle. Nothing of it was taken in. Copy it anew."
    offered = [sorted(card.buttons) for card in shown.panel.problems.cards]
    assert offered == [["ignore", "retry", "show"], ["ignore", "retry", "show"], ["rescan", "show"], ["show"]]


def test_of_very_many_few_cards_are_made_and_all_are_counted(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    shown.library.trouble = [Problem("failed", "Torn.", "", f"/h/{n:04}.pdf", n, 11) for n in range(500)]
    shown.library.change(problems=2000, failed=2000)
    shown.refresh()
    page = shown.panel.problems
    assert shown.panel.problems_button.text() == "2,000 problems"
    assert page.heading.text() == "The first 500 of 2,000 problems"
    shown.panel.show_problems()
    qtbot.waitUntil(lambda: len(page.cards) >= 8, timeout=WAIT_MS)
    qtbot.wait(200)
    assert len(page.cards) < 60
    before, bar = len(page.cards), page.list.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(page.cards) > before, timeout=WAIT_MS)
    kept = page.cards[1]
    shown.library.trouble = shown.library.trouble[1:]
    shown.library.change(failed=1999)
    qtbot.waitUntil(lambda: page.cards[0] is kept, timeout=WAIT_MS)


def test_one_is_tried_again(shown: Shown) -> None:  # noqa: F811
    shown.panel.show_problems()
    shown.panel.problems.cards[0].buttons["retry"].click()
    assert shown.wait_for("reindex") == [(None, 71)]


def test_all_are_tried_again(shown: Shown) -> None:  # noqa: F811
    shown.panel.show_problems()
    shown.panel.problems.retry_all.click()
    shown.wait_for("retry")


def test_a_file_is_left_out_by_a_rule_of_its_folder(shown: Shown) -> None:  # noqa: F811
    shown.panel.show_problems()
    shown.panel.problems.cards[0].buttons["ignore"].click()
    [(collection, path, options)] = shown.wait_for("add")
    assert (collection, path, options.ignore) == ("Work", "/home/lin/Projects/harbour", ("/plan.pdf",))


def test_the_rule_fits_only_that_file() -> None:
    from teahouse_documents.scanning.ignore import Rules

    source = Source(1, 1, "folder", "/home/a")
    rules = Rules(without(source, "/home/a/b/[x] *?.pdf").ignore)
    assert rules.ignores("b/[x] *?.pdf", is_folder=False)
    assert not rules.ignores("b/x zz.pdf", is_folder=False)
    assert not rules.ignores("c/b/[x] *?.pdf", is_folder=False)


def test_the_folder_of_a_broken_file_is_shown(
    shown: Shown,  # noqa: F811
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(QUrl(url).toLocalFile()) or True
    )
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"%PDF")
    shown.library.trouble = [Problem("failed", "It ends in the middle.", "", str(file), 5, 11)]
    shown.refresh()
    shown.panel.show_problems()
    shown.panel.problems.cards[0].buttons["show"].click()
    qtbot.waitUntil(lambda: opened == [str(tmp_path)], timeout=WAIT_MS)


def test_the_last_problem_gone_leads_back(shown: Shown, qtbot: QtBot) -> None:  # noqa: F811
    shown.panel.show_problems()
    shown.library.trouble = []
    shown.library.change(problems=0, failed=0)
    qtbot.waitUntil(lambda: shown.panel.pages.currentWidget() is shown.panel.library, timeout=WAIT_MS)
    assert not shown.panel.problems_button.isVisible()
