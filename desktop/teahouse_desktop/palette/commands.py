"""Everything the palette offers: actions with their keys, pages, settings, conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction

from teahouse import language
from teahouse_desktop.availability import is_possible
from teahouse_desktop.language.languages import translate
from teahouse_desktop.language.speakers import Speaker
from teahouse_desktop.menus import Menus
from teahouse_desktop.pages.pages import SETTINGS
from teahouse_desktop.settings.setting_words import SHORTCUTS, SettingWords, area_of, group_title
from teahouse_desktop.settings.shortcuts import keys_text, plain

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.window import Window

PALETTE = "palette"


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be run.

    Attributes:
        id: The same in every language, so that it is found among those used lately.
        title: What it is called.
        detail: Its keys, or what kind of thing it is.
        run: Does it.
        names: Everything it may be searched by, folded; the title first.
    """

    id: str
    title: str
    detail: str
    run: Callable[[], object]
    names: tuple[str, ...]


def collect(app: App, window: Window) -> list[Command]:
    """What can be done now."""
    return [
        *_actions(window),
        *_choices(window),
        *_panels(window),
        *_of_plugins(window),
        *_settings(app, window),
        *_conversations(window),
    ]


def _actions(window: Window) -> Iterator[Command]:
    known = [Menus.titles_by(Speaker("Menus", name)) for name in language.LANGUAGES]
    for name, action in window.menus.actions.items():
        if name == PALETTE or not action.isEnabled() or not is_possible(window, name):
            continue
        names = [plain(action.text()), *(plain(titles[name]) for titles in known)]
        yield _of_action(f"action.{name}", action, names)


def _choices(window: Window) -> Iterator[Command]:
    known = {name: Menus.choices_by(Speaker("Menus", name)) for name in language.LANGUAGES}
    for name, action in window.menus.choices.items():
        if not action.isChecked():
            titles = [known[language.active()][name], *(titles[name] for titles in known.values())]
            yield _of_action(f"choice.{name}", action, [plain(title) for title in titles])


def _panels(window: Window) -> Iterator[Command]:
    for action in window.panels.actions:
        if action.isEnabled():
            yield _of_action(f"panel.{action.text()}", action, [plain(action.text())])


def _of_plugins(window: Window) -> Iterator[Command]:
    desk = window.desks.plugins
    for one in desk.commands:
        names = [one.command.path, *(one.title(name) for name in language.LANGUAGES)]
        detail = translate("Palette", "Plugin {name}").format(name=one.plugin)
        yield _command(f"plugin.{one.id}", f"{one.title()} …", detail, partial(desk.open, one.id), names)


def _settings(app: App, window: Window) -> Iterator[Command]:
    settings = app.settings
    words = SettingWords(app.plugins.packages)
    here = language.active()
    for one in settings.declared:
        area = area_of(one.key)
        if area == SHORTCUTS or "app" not in one.scopes:
            continue
        title = words.label(one, here)
        others = [words.label(one, name) for name in language.LANGUAGES]
        yield _command(
            f"setting.{one.key}",
            title,
            translate("Palette", "Setting · {group}").format(group=group_title(area)),
            partial(window.pages.open, SETTINGS, one.key),
            [*others, one.key],
        )


def _conversations(window: Window) -> Iterator[Command]:
    model = window.sidebar.model
    for row in window.sidebar.rows:
        if row.trashed_ms is None:
            title = model.title_of(row)
            detail = translate("Palette", "Conversation")
            yield _command(f"conversation.{row.id}", title, detail, partial(_open, window, row.id), [])


def _open(window: Window, conversation_id: str) -> None:
    window.pages.close()
    window.desks.lists.open(conversation_id)
    window.chat.focus_composer()


def _of_action(command_id: str, action: QAction, names: list[str]) -> Command:
    # queued: what runs may open a dialog or a menu, and the palette is still closing
    run = partial(_later, action)
    return _command(command_id, names[0], keys_text(action), run, names[1:])


def _later(action: QAction) -> None:
    from PySide6.QtCore import QMetaObject

    QMetaObject.invokeMethod(action, "trigger", Qt.ConnectionType.QueuedConnection)


def _command(
    command_id: str, title: str, detail: str, run: Callable[[], object], others: list[str]
) -> Command:
    names = dict.fromkeys(name.casefold() for name in (title, *others) if name)
    return Command(command_id, title, detail, run, tuple(names))
