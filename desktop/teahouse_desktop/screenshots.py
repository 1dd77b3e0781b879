"""Pictures of the real window: `python -m teahouse_desktop.screenshots FOLDER`.

Opens the app of `TEAHOUSE_HOME` on the current display, asks the model a question in each language,
and saves the chat page in each theme as `chat-<theme>-<language>.png`. Everything on the pictures has
happened; where there is no model, run it with `TEAHOUSE_DEV=1` for the echo back end.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QGuiApplication, QPixmap

from teahouse.app import App
from teahouse.errors import AppError
from teahouse_desktop.start import Desk, make_application, open_desk

THEMES = ("light", "dark")
LANGUAGES = ("en", "zh_CN")
REPLY_S = 300
SETTLE_MS = 400


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
                file = wanted.folder / f"chat-{theme}-{language}.png"
                _grab(desk).save(str(file))
                sys.stdout.write(f"{file}\n")
        desk.window.close()
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
    wanted = parser.parse_args(arguments)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    wanted.theme = wanted.theme or list(THEMES)
    wanted.language = wanted.language or list(LANGUAGES)
    return wanted


def _converse(desk: Desk, language: str) -> None:
    """Ask the first example of the welcome page and wait for the whole reply."""
    chat = desk.window.chat
    if not desk.window.topbar.picker.has_model:
        raise AppError("There is no model to ask.", "Get one first, or set TEAHOUSE_DEV=1.")
    desk.window.lists.start()
    _pause(SETTLE_MS)
    chat.send(chat.welcome.examples[0])
    _wait(lambda: chat.live is not None, timeout_s=10)
    _wait(lambda: chat.live is None, timeout_s=REPLY_S)
    _pause(SETTLE_MS)
    if not chat.transcript.column.items[-1].shown.message.text:
        raise AppError(f"The model gave no reply in {language}.")
    chat.transcript.verticalScrollBar().setValue(0)


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
