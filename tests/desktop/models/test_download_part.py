"""The part of a card that fetches a model, without a window around it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from teahouse.models import catalogue
from teahouse_desktop.looks.look import Look
from teahouse_desktop.models.download_part import DownloadPart
from teahouse_desktop.models.downloads import Download
from teahouse_desktop.transcript import accessible

pytestmark = pytest.mark.gui


@pytest.fixture
def part(qtbot: QtBot, look: Look) -> DownloadPart:
    made = DownloadPart(catalogue.find("starter"), "Starter", look, kept_bytes=5)
    qtbot.addWidget(made)
    return made


def test_only_a_download_that_was_seen_coming_is_announced(
    part: DownloadPart, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(accessible, "announce", lambda _view, text: said.append(text))
    part.show_download(Download(catalogue.find("starter"), "done"))
    assert said == []  # it has ended before the page was opened
    part.show_download(Download(catalogue.find("starter"), "running"))
    part.show_download(Download(catalogue.find("starter"), "done"))
    assert said == ["Starter has arrived."]


def test_what_is_kept_stays_told_until_somebody_has_looked(part: DownloadPart) -> None:
    stopped = Download(catalogue.find("starter"), "stopped")
    part.show_download(stopped)
    assert part.state.text().startswith("5 bytes of")
    stopped.kept_bytes = 0
    part.show_download(stopped)
    assert part.state.text() == ""


def test_a_file_that_has_come_leaves_nothing_kept(part: DownloadPart) -> None:
    part.show_download(Download(catalogue.find("starter"), "done"))
    assert part.is_here
    part.show_here(False)  # it was removed again
    assert part.state.text() == ""
    assert part.fetch.text().startswith("Download (491")
