"""“Summarise the whole document”, on messages that carry or cite one."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.chat.attachments import attachments_of, plain_name
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

PLUGIN = "documents"


@dataclass(frozen=True, slots=True)
class Cited:
    """Gives the text of a file that a message names as its source."""

    path: str

    def __call__(self, app: App, cancel: Cancel) -> Generator[Step, None, Document]:
        """The document, if the library has it."""
        from teahouse_documents.summary.reading import read_cited

        return read_cited(app, self.path, cancel)


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
                menu.addAction(name.replace("&", "&&"), partial(_begin, app, window, name, read))
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(QCursor.pos())

    title = _("Summarise the whole document")
    return MessageAction(title, "scroll-text", run, lambda message: bool(documents_of(message)))


def documents_of(message: Message) -> dict[str, Read]:
    """By name what gives each document that a message carries or cites; of the same name with its folder.

    What a message says of itself may come from an import: whether the library has a file is asked before it
    is opened, and not here, as this must be quick.
    """
    if not any(part.kind in ("attachment", "passages") for part in message.parts):
        return {}
    from teahouse_documents.summary.turn import given

    found: dict[str, Read] = {one.name: given(one) for one in attachments_of(message) if one.text}
    paths = [_path(passage) for passage in passages_of(message)]
    for path in dict.fromkeys(path for path in paths if path):
        name = plain_name(phrases.name_of(path))
        if name in found:
            name = plain_name("/".join(PurePath(path).parts[-2:]))
        found.setdefault(name, Cited(path))
    return found


def _path(passage: Mapping[str, Any]) -> str:
    """The file of a passage that was sent; empty for what is none: an attachment, a past conversation."""
    path = passage.get("path")
    if not isinstance(path, str) or not passage.get("is_sent") or passage.get("plugin", PLUGIN) != PLUGIN:
        return ""
    is_text = path.isascii() or path.encode("utf-8", "ignore").decode("utf-8") == path
    return path if is_text and PurePath(path).is_absolute() else ""


def _begin(app: App, window: PanelWindow, name: str, read: Read) -> None:
    from teahouse_desktop.operations import Operation
    from teahouse_documents.summary.turn import take_summary

    # With its mark: another version of the reply is then made from the file too, and not made up.
    called = f"@{name}" if isinstance(read, Cited) else name
    words = _("Summarise the whole document “{name}”.").format(name=called)
    work = take_summary(app, window.conversation_id, read, name=name, words=words)
    if window.ask(Operation(_("Summarising a document"), work, "model"), question=words) is None:
        window.tell(_("A reply is being made here. Ask again when it has ended."))
