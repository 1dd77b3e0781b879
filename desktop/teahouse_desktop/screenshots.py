"""Pictures of the real window: `python -m teahouse_desktop.screenshots FOLDER`.

Opens the app of `TEAHOUSE_HOME` on the current display, asks the model a question in each language,
and saves each page in each theme as `<page>-<theme>-<language>.png`: the chat, what a search finds, the
trash, the windows for exporting and restoring. Everything on the pictures has happened; where there is no
model, run it with `TEAHOUSE_DEV=1` for the echo back end.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QDialog

from teahouse.app import App
from teahouse.errors import AppError
from teahouse_desktop.shelves import ALL, TRASH, Shelf, is_on
from teahouse_desktop.start import Desk, make_application, open_desk

THEMES = ("light", "dark")
LANGUAGES = ("en", "zh_CN")
REPLY_S = 300
SETTLE_MS = 400
QUERY_WORDS = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; returns the exit code."""
    wanted = _parse(arguments)
    application = make_application()
    app = App.open()
    try:
        desk = open_desk(app, application)
        _wait(lambda: desk.window.topbar.picker.has_model, timeout_s=10)
        for language in wanted.language:
            desk.languages.use(language)
            _converse(desk, language)
            for theme in wanted.theme:
                desk.appearance.choose(theme)
                _pause(SETTLE_MS)
                for page in wanted.page:
                    file = wanted.folder / f"{page}-{theme}-{language}.png"
                    PAGES[page](desk).save(str(file))
                    sys.stdout.write(f"{file}\n")
        desk.window.close()
        desk.window.deleteLater()
        application.processEvents()
    except AppError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    finally:
        app.close()
    return 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="teahouse_desktop.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--page", action="append", choices=PAGES)
    wanted = parser.parse_args(arguments)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    wanted.theme = wanted.theme or list(THEMES)
    wanted.language = wanted.language or list(LANGUAGES)
    wanted.page = wanted.page or list(PAGES)
    return wanted


def _converse(desk: Desk, language: str) -> None:
    """Ask the first example of the welcome page and wait for the whole reply."""
    chat = desk.window.chat
    if not desk.window.topbar.picker.has_model:
        raise AppError("There is no model to ask.", "Get one first, or set TEAHOUSE_DEV=1.")
    desk.window.desks.lists.start()
    _pause(SETTLE_MS)
    chat.send(chat.welcome.examples[0])
    _wait(lambda: chat.live is not None, timeout_s=10)
    _wait(lambda: chat.live is None, timeout_s=REPLY_S)
    _pause(SETTLE_MS)
    if not chat.transcript.column.items[-1].shown.message.text:
        raise AppError(f"The model gave no reply in {language}.")
    chat.transcript.verticalScrollBar().setValue(0)


def _chat(desk: Desk) -> QPixmap:
    return _grab(desk)


def _search(desk: Desk) -> QPixmap:
    """What is found for some words of the question, and the message that Enter opens."""
    field, page = desk.window.sidebar.search, desk.window.sidebar.found
    question = desk.window.chat.transcript.column.items[0].shown.message.text
    query = " ".join(question.replace("，", ",").split(",")[0].split()[-QUERY_WORDS:])
    field.setText(query)
    field.flush()
    _wait(lambda: page.found is not None and page.found.query == query, timeout_s=10)
    field.submitted.emit()
    _pause(SETTLE_MS)
    picture = _grab(desk)
    field.clear()
    desk.window.chat.transcript.set_current(-1)
    return picture


def _trash(desk: Desk) -> QPixmap:
    """The conversation in the trash, with the way back; then it is taken back."""
    sidebar, trash = desk.window.sidebar, desk.window.desks.lists.trash
    found = desk.window.chat.conversation.id
    desk.window.desks.lists.trash_current()
    _wait(lambda: _is_in(desk, found, TRASH), timeout_s=10)
    sidebar.show_shelf(TRASH)
    _pause(SETTLE_MS)
    picture = _grab(desk)
    trash.undo()
    _wait(lambda: _is_in(desk, found, ALL) and desk.window.chat.conversation.id == found, timeout_s=10)
    sidebar.show_shelf(ALL)
    _pause(SETTLE_MS)
    return picture


def _export(desk: Desk) -> QPixmap:
    return _grab_dialog(desk.window.desks.exchange.open_export(desk.window.chat.conversation.id))


def _restore(desk: Desk) -> QPixmap:
    """The window with the backups, after one was made."""
    desk.window.desks.restore.open()
    dialog = desk.window.desks.restore.dialog
    if dialog is None:
        raise AppError("The window with the backups did not open.")
    dialog.backup_requested.emit()
    _wait(lambda: bool(dialog.status.text() and dialog.backup.isEnabled() and dialog.backups), timeout_s=30)
    return _grab_dialog(dialog)


PAGES: dict[str, Callable[[Desk], QPixmap]] = {
    "chat": _chat,
    "search": _search,
    "trash": _trash,
    "export": _export,
    "restore": _restore,
}


def _is_in(desk: Desk, conversation_id: str, shelf: Shelf) -> bool:
    found = desk.window.sidebar.conversation(conversation_id)
    return found is not None and is_on(found, shelf)


def _grab_dialog(dialog: QDialog) -> QPixmap:
    _pause(SETTLE_MS)
    picture = dialog.grab()
    dialog.close()
    return picture


def _grab(desk: Desk) -> QPixmap:
    screen = desk.window.screen()
    if QGuiApplication.platformName() == "offscreen":
        return desk.window.grab()
    return screen.grabWindow(desk.window.winId())


def _wait(is_done: Callable[[], bool], *, timeout_s: float) -> None:
    for _ in range(round(timeout_s * 1000 / 50)):
        if is_done():
            return
        _pause(50)


def _pause(duration_ms: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(duration_ms, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
