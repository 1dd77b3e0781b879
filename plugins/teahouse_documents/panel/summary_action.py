"""“Summarise the whole document”, on messages that carry or cite one."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.chat.attachments import attachments_of
from teahouse.chat.sources import passages_of
from teahouse_desktop.panel import MessageAction
from teahouse_documents import phrases

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel
    from teahouse.messages import Message
    from teahouse_desktop.panel import PanelWindow
    from teahouse_documents.summary.reading import Document
    from teahouse_documents.summary.steps import Step
    from teahouse_documents.summary.turn import Read

_ = Translator("teahouse_documents")


def summary_action(app: App, window: PanelWindow) -> MessageAction:
    """“Summarise the whole document”, on messages that carry or cite one."""

    def run(message_id: str) -> None:
        message = next((one for one in window.messages if one.id == message_id), None)
        found = documents_of(message) if message is not None else {}
        if len(found) == 1:
            [(name, read)] = found.items()
            _begin(app, window, name, read)
        elif found:
            from PySide6.QtGui import QCursor
            from PySide6.QtWidgets import QMenu

            menu = QMenu(window.widget)
            for name, read in found.items():
                menu.addAction(name, partial(_begin, app, window, name, read))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(QCursor.pos())

    title = _("Summarise the whole document")
    return MessageAction(title, "scroll-text", run, lambda message: bool(documents_of(message)))


def documents_of(message: Message) -> dict[str, Read]:
    """By name what gives each document that a message carries or cites."""
    if not any(part.kind in ("attachment", "passages") for part in message.parts):
        return {}
    from teahouse_documents.summary.turn import given

    found: dict[str, Read] = {one.name: given(one) for one in attachments_of(message) if one.text}
    for passage in passages_of(message):
        path = str(passage.get("path") or "")
        if passage.get("is_sent") and path and not path.startswith(phrases.CONVERSATION):
            name = phrases.name_of(path)
            found.setdefault(name, partial(_read, Path(path)))
    return found


def _read(path: Path, app: App, cancel: Cancel) -> Generator[Step, None, Document]:
    from teahouse_documents.summary.reading import read_file

    return (yield from read_file(app, path, cancel))


def _begin(app: App, window: PanelWindow, name: str, read: Read) -> None:
    from teahouse_desktop.operations import Operation
    from teahouse_documents.summary.turn import take_summary

    words = _("Summarise the whole document “{name}”.").format(name=name)
    work = take_summary(app, window.conversation_id, read, name=name, words=words)
    if window.ask(Operation(_("Summarising a document"), work, "model"), question=words) is None:
        window.tell(_("A reply is being made here. Ask again when it has ended."))
