"""The command: which pictures, in which theme and language, and where they go."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from teahouse import language
from teahouse.app import App
from teahouse.errors import AppError
from teahouse_desktop.screenshots import stage
from teahouse_desktop.screenshots.bare import BARE
from teahouse_desktop.screenshots.gallery import save_small
from teahouse_desktop.screenshots.pages import PAGES
from teahouse_desktop.screenshots.stage import Place
from teahouse_desktop.screenshots.states import STATES
from teahouse_desktop.start import Desk, make_application, open_desk

THEMES = ("light", "dark")
LANGUAGES = ("en", "zh_CN")
SETS: dict[str, dict[str, Place]] = {"pages": PAGES, "states": STATES, "bare": BARE}


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; returns the exit code."""
    wanted = _parse(arguments)
    application = make_application()
    app = App.open()
    before = language.active()
    try:
        desk = open_desk(app, application)
        if wanted.set != "bare":
            stage.wait(lambda: desk.window.topbar.picker.has_model, "a model", timeout_s=10)
        for spoken in wanted.language:
            _take_all(desk, spoken, wanted)
        desk.languages.show(before)
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
    parser.add_argument("--set", choices=SETS, default="pages")
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument(
        "--page", action="append", choices=[name for group in SETS.values() for name in group]
    )
    wanted = parser.parse_args(arguments)
    wanted.folder.mkdir(parents=True, exist_ok=True)
    wanted.theme = wanted.theme or list(THEMES)
    wanted.language = wanted.language or list(LANGUAGES)
    return wanted


def _take_all(desk: Desk, spoken: str, wanted: argparse.Namespace) -> None:
    """All pictures in one language."""
    desk.window.choose_language(spoken)
    if wanted.set == "pages":
        stage.begin(desk)
        stage.ask(desk, desk.window.chat.welcome.examples[0])
        if not desk.window.chat.transcript.column.items[-1].shown.message.text:
            raise AppError(f"The model gave no reply in {spoken}.")
        desk.window.chat.transcript.verticalScrollBar().setValue(0)
    for theme in wanted.theme:
        desk.window.choose_theme(theme)
        stage.pause()
        for name, place in SETS[wanted.set].items():
            if not wanted.page or name in wanted.page:
                _take(desk, place, wanted.folder / f"{name}-{theme}-{spoken}.png")


def _take(desk: Desk, place: Place, file: Path) -> None:
    with place(desk) as shown:
        stage.pause()
        save_small(stage.grab(shown).toImage(), file)
    stage.pause(100)
    sys.stdout.write(f"{file}\n")
    sys.stdout.flush()
