"""The panel of documents, with a folder of our own wording that was really read and searched."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from teahouse import language
from teahouse.errors import AppError
from teahouse_desktop.plugins.plugin_commands import PluginCommand, list_commands, run_command
from teahouse_desktop.screenshots import words
from teahouse_desktop.screenshots.stage import REPLY_S, Place, pause, wait
from teahouse_desktop.start import Desk

PLUGIN = "documents"
SETTLE_MS = 1_500
"""The search waits for a pause in typing, and the panel reads the library anew after it has changed."""

NAME = {"en": "Tea notes", "zh_CN": "茶事笔记"}
QUERY = {"en": "temperature of the water", "zh_CN": "水温与浸出"}


@contextmanager
def show_documents(
    desk: Desk, *, is_searching: bool = False, has_problems: bool = False, is_testing: bool = False
) -> Iterator[QWidget]:
    """The panel with a folder in it: its collections, hits, what could not be read, or the recall test."""
    with tempfile.TemporaryDirectory() as place:
        folder = str(_filled(Path(place) / NAME[language.active()]))
        run_to_end(desk, "docs add", {"docs.path": folder})
        if not desk.window.panels.show_panel(PLUGIN, PLUGIN):
            raise AppError("The panel of documents did not open.")
        panel = desk.window._dock.widget()
        pause(SETTLE_MS)
        if is_searching:
            panel.findChild(QLineEdit, "search").setText(QUERY[language.active()])
        if has_problems:
            panel.show_problems()  # type: ignore[attr-defined]
        if is_testing:
            panel.asked.emit("recall")  # type: ignore[attr-defined]
            question = panel.pages.currentWidget().question  # type: ignore[attr-defined]
            question.field.setText(QUERY[language.active()])
            question.ask.click()
        pause(SETTLE_MS)
        yield desk.window
        panel.findChild(QLineEdit, "search").clear()
        desk.window._dock.close()
        run_to_end(desk, "docs remove", {"docs.path": folder})


@contextmanager
def show_chips(desk: Desk) -> Iterator[QWidget]:
    """The chips above the composer, and the sheet that they open."""
    with tempfile.TemporaryDirectory() as place:
        folder, chat = str(_filled(Path(place) / NAME[language.active()])), desk.window.chat
        run_to_end(desk, "docs add", {"docs.path": folder})
        chat.conversation.choose("documents.collections", "*")
        chat.conversation.choose("documents.types", "md, txt")
        openers = partial(chat.controls.findChildren, QToolButton, "quiet_chip")
        wait(lambda: any(one.isVisible() for one in openers()), "the chips")
        opener = next(one for one in openers() if one.isVisible())
        opener.click()
        pause(SETTLE_MS)
        yield desk.window
        chat.composer.field.setFocus()  # closes the sheet
        for key in ("documents.collections", "documents.types"):
            chat.conversation.choose(key, None)
        run_to_end(desk, "docs remove", {"docs.path": folder})


DOCUMENTS: dict[str, Place] = {
    "documents-chips": show_chips,
    "documents": show_documents,
    "documents-search": partial(show_documents, is_searching=True),
    "documents-problems": partial(show_documents, has_problems=True),
    "documents-recall": partial(show_documents, is_testing=True),
}


def _filled(folder: Path) -> Path:
    folder.mkdir()
    (folder / "green tea.md").write_text(words.RICH["en"], "utf-8")
    (folder / "绿茶.md").write_text(words.RICH["zh_CN"], "utf-8")
    (folder / "notes.txt").write_text(
        "\n\n".join([*words.ANSWER.values(), *words.THOUGHTS.values()]), "utf-8"
    )
    (folder / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0")
    return folder


def run_to_end(desk: Desk, path: str, values: dict[str, Any], *, timeout_s: float = REPLY_S) -> None:
    """Run a command of the plugin to its end."""
    app, found, ended = desk.window.desks.place.app, list[PluginCommand](), list[Any]()
    desk.window.runner.start(list_commands(app=app), done=found.extend)
    wait(lambda: found, "the commands of plugins")
    command = next((one for one in found if one.command.path == path), None)
    if command is None:
        raise AppError(f"There is no command {path}.")
    defaults = {one.key: one.default for one in command.command.params if one.default is not None}
    work = run_command(app=app, one=command, values={**defaults, **values})
    desk.window.runner.start(work, ended=ended.append)
    wait(lambda: ended, path, timeout_s=timeout_s)
    if ended[0].error is not None:
        raise AppError(str(ended[0].error))
