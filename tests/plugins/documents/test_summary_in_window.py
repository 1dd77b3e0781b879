"""The chat's action in the real window: a document that an answer cites is summarised in the conversation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse_desktop.start import Desk
from teahouse_documents.summary import work as making
from tests.desktop.conftest import REPLY_MS, app, ask, desk, english, open_window  # noqa: F401
from tests.plugins.documents.test_answers_in_window import Library, library  # noqa: F401

pytestmark = pytest.mark.gui


def test_a_cited_document_is_summarised_as_a_reply(
    library: Library,  # noqa: F811
    app: App,  # noqa: F811
    desk: Desk,  # noqa: F811
    ask: Callable[[str], str],  # noqa: F811
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "PART_TOKENS", 40)
    monkeypatch.setattr(making, "WHOLE_TOKENS", 90)
    ask("Swept every ninth day [1]")
    chat = desk.window.chat
    reply = chat.transcript.column.items[1].shown.message
    offers = desk.window.panels.offered.offers(reply)
    [offer] = [one for one in offers if one.title == "Summarise the whole document"]
    assert offer.name in [one.name for one in chat.transcript.offers(reply)]
    chat.transcript.action_requested.emit(offer.name, reply.id)

    def path() -> list[tuple[str, str, str]]:
        return [(m.role, m.state, m.text) for m in app.store.visible_path(chat.conversation.id)]

    qtbot.waitUntil(lambda: len(path()) == 4 and path()[-1][1] == "complete", timeout=REPLY_MS)
    assert path()[2][2] == "Summarise the whole document “@samovar.pdf”."
    assert "samovar.pdf" in path()[3][2], "the echo says what it was sent"
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: not chat.transcript.column.items[-1].shown.is_live, timeout=REPLY_MS)
    shown = chat.transcript.column.items[3].shown.message
    assert not next(part for part in shown.parts if part.kind == "passages").is_trusted
