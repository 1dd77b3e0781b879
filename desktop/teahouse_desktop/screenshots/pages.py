"""The pages, windows and menus of an app that has a model and a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog, QMenu, QToolButton, QWidget

from teahouse import language
from teahouse_desktop.composer import library
from teahouse_desktop.conversations.shelves import ALL, TRASH, Shelf, is_on
from teahouse_desktop.pages.doctor_page import DoctorPage
from teahouse_desktop.pages.pages import DOCTOR, MODELS, PLUGINS, SETTINGS
from teahouse_desktop.screenshots.answers import ANSWERS
from teahouse_desktop.screenshots.documents import DOCUMENTS
from teahouse_desktop.screenshots.stage import REPLY_S, Place, pause, wait
from teahouse_desktop.screenshots.training import TRAINING
from teahouse_desktop.settings.settings_page import SettingsPage
from teahouse_desktop.start import Desk

QUERY_WORDS = 3
PROMPTS = {
    "en": ("Translate", "Translate into {{language}}, keeping the tone:\n\n{{text}}"),
    "zh_CN": ("翻译", "翻译成{{语言}}，保留语气：\n\n{{原文}}"),
}


@contextmanager
def show_chat(desk: Desk) -> Iterator[QWidget]:
    """The conversation, from its beginning."""
    desk.window.chat.transcript.verticalScrollBar().setValue(0)
    desk.window.chat.focus_composer()
    yield desk.window


@contextmanager
def show_search(desk: Desk) -> Iterator[QWidget]:
    """What is found for some words of the question, and the message that Enter opens."""
    field, page = desk.window.sidebar.search, desk.window.sidebar.found
    question = desk.window.chat.transcript.column.items[0].shown.message.text
    query = " ".join(question.replace("，", ",").split(",")[0].split()[-QUERY_WORDS:])
    field.setText(query)
    field.flush()
    wait(lambda: page.found is not None and page.found.query == query, "what is found")
    field.submitted.emit()
    pause()
    yield desk.window
    field.clear()
    desk.window.chat.transcript.set_current(-1)


@contextmanager
def show_trash(desk: Desk) -> Iterator[QWidget]:
    """The conversation in the trash, with the way back; then it is taken back."""
    sidebar, desks = desk.window.sidebar, desk.window.desks
    found = desk.window.chat.conversation.id
    desks.lists.trash_current()
    wait(lambda: is_in(desk, found, TRASH), "the trash")
    sidebar.show_shelf(TRASH)
    yield desk.window
    desks.lists.trash.undo()
    wait(lambda: is_in(desk, found, ALL) and desk.window.chat.conversation.id == found, "the way back")
    sidebar.show_shelf(ALL)


@contextmanager
def show_page(name: str, desk: Desk) -> Iterator[QWidget]:
    """A page in the chat's place."""
    page = desk.window.pages.open(name)
    if isinstance(page, SettingsPage):
        wait(lambda: page.is_ready, "the settings")
    elif isinstance(page, DoctorPage):
        wait(lambda: page.report_box.toPlainText(), "the diagnosis", timeout_s=REPLY_S)
    else:
        pause(1_000)  # what lies on the disk is being read
    yield desk.window
    desk.window.pages.close()


@contextmanager
def show_export(desk: Desk) -> Iterator[QWidget]:
    """The window for exporting."""
    yield from _dialog(desk.window.desks.exchange.open_export(desk.window.chat.conversation.id))


@contextmanager
def show_import(desk: Desk) -> Iterator[QWidget]:
    """The window for importing."""
    yield from _dialog(desk.window.desks.exchange.open_import())


@contextmanager
def show_backups(desk: Desk) -> Iterator[QWidget]:
    """The window with the backups, after one was made."""
    desk.window.desks.restore.open()
    dialog = desk.window.desks.restore.dialog
    assert dialog is not None
    dialog.backup_requested.emit()
    wait(lambda: dialog.status.text() and dialog.backup.isEnabled() and dialog.backups, "a backup")
    yield from _dialog(dialog)


@contextmanager
def show_palette(desk: Desk) -> Iterator[QWidget]:
    """The palette with a search."""
    desk.window.desks.commands.open()
    palette = desk.window.desks.commands.palette
    assert palette is not None
    palette.field.setText("th" if language.active() == "en" else "主题")
    yield desk.window
    palette.dismiss()


@contextmanager
def show_find(desk: Desk) -> Iterator[QWidget]:
    """The bar for finding in the conversation."""
    bar = desk.window.chat.find
    bar.open()
    bar.field.setText("hash" if language.active() == "en" else "哈希")
    bar.find_next()
    yield desk.window
    bar.dismiss()
    desk.window.chat.transcript.select(None)


@contextmanager
def show_slash(desk: Desk) -> Iterator[QWidget]:
    """The commands that are offered after a slash."""
    desk.window.chat.composer.setFocus()
    desk.window.chat.composer.field.insertPlainText("/")
    yield desk.window
    desk.window.chat.composer.set_text("")


@contextmanager
def show_model_menu(desk: Desk) -> Iterator[QWidget]:
    """The menu of models."""
    desk.window.open_models()
    yield from _menu(desk, desk.window.topbar.picker.menu)


@contextmanager
def show_prompts(desk: Desk) -> Iterator[QWidget]:
    """The menu of prompts, with one in it."""
    chip = desk.window.chat.bar.prompts
    name, text = PROMPTS[language.active()]
    save = library.save_prompt(app=desk.window.desks.place.app, name=name, text=text)
    desk.window.runner.start(save, done=lambda _: desk.window.desks.prompts.refresh())
    wait(lambda: desk.window.desks.prompts.prompts, "the prompt")
    desk.window.desks.prompts.fill()
    yield from _menu_above(desk, chip)


@contextmanager
def show_variables(desk: Desk) -> Iterator[QWidget]:
    """The window that asks for the variables of a prompt."""
    desk.window.desks.prompts.insert(PROMPTS[language.active()][1])
    yield from _dialog(_newest_dialog(desk))


@contextmanager
def show_message_menu(desk: Desk) -> Iterator[QWidget]:
    """The menu of a reply."""
    transcript = desk.window.chat.transcript
    transcript.set_current(len(transcript.column.items) - 1)
    transcript.open_menu(transcript.current)
    menus = [menu for menu in transcript.findChildren(QMenu) if menu.isVisible()]
    yield from _menu(desk, menus[-1])
    transcript.set_current(-1)


@contextmanager
def show_conversation_settings(desk: Desk) -> Iterator[QWidget]:
    """The menu with the settings of one conversation."""
    chip = desk.window.chat.bar.settings
    yield from _menu_above(desk, chip)


@contextmanager
def show_model_settings(desk: Desk) -> Iterator[QWidget]:
    """The settings of the model in use."""
    desk.window.desks.models.open_settings(desk.window.topbar.picker.current)
    wait(lambda: _dialogs(desk), "the settings of the model")
    yield from _dialog(_newest_dialog(desk))


@contextmanager
def show_preview(desk: Desk) -> Iterator[QWidget]:
    """What would be sent."""
    desk.window.chat.composer.set_text("And in one sentence?" if language.active() == "en" else "一句话呢？")
    desk.window.desks.contexts.show_preview()
    pause(1500)
    yield from _dialog(_newest_dialog(desk))
    desk.window.chat.composer.set_text("")


@contextmanager
def show_system_prompt(desk: Desk) -> Iterator[QWidget]:
    """The system prompt of the conversation."""
    desk.window.desks.instruct.open()
    yield from _dialog(_newest_dialog(desk))


@contextmanager
def show_facts(desk: Desk) -> Iterator[QWidget]:
    """How a reply was made."""
    last = desk.window.chat.transcript.column.items[-1].shown.message.id
    desk.window.desks.contexts.show_facts(last)
    yield from _dialog(_newest_dialog(desk))


@contextmanager
def show_beside(desk: Desk) -> Iterator[QWidget]:
    """Two conversations side by side."""
    desk.window.desks.beside.open()
    yield desk.window
    desk.window.desks.beside.close(1)


@contextmanager
def show_comparing(desk: Desk) -> Iterator[QWidget]:
    """The window that asks the same in two ways."""
    desk.window.desks.compare.ask()
    yield from _dialog(_newest_dialog(desk))


@contextmanager
def show_panel(plugin: str, key: str, desk: Desk) -> Iterator[QWidget]:
    """A panel of a plugin, at the right of the conversation."""
    wait(lambda: desk.window.panels.show_panel(plugin, key, None), "the panel")
    wait(lambda: not desk.window.runner.is_working, "the panel's content")
    pause()  # a place is explained after a short rest on it
    wait(lambda: not desk.window.runner.is_working, "what the engine explains")
    yield desk.window
    for action in desk.window.panels.actions:
        action.setChecked(False)


@contextmanager
def show_quick(desk: Desk) -> Iterator[QWidget]:
    """The small window for one question."""
    desk.window.desks.quick.show()
    small = desk.window.desks.quick.window
    assert small is not None
    yield small
    small.dismiss()


PAGES: dict[str, Place] = {
    "chat": show_chat,
    "search": show_search,
    "trash": show_trash,
    "settings": partial(show_page, SETTINGS),
    "models": partial(show_page, MODELS),
    "plugins": partial(show_page, PLUGINS),
    "about": partial(show_page, DOCTOR),
    "beside": show_beside,
    "palette": show_palette,
    "find": show_find,
    "slash": show_slash,
    "model-menu": show_model_menu,
    "message-menu": show_message_menu,
    "prompts": show_prompts,
    "conversation-settings": show_conversation_settings,
    "export": show_export,
    "import": show_import,
    "restore": show_backups,
    "variables": show_variables,
    "model-settings": show_model_settings,
    "preview": show_preview,
    "system-prompt": show_system_prompt,
    "facts": show_facts,
    "comparing": show_comparing,
    "sampling": partial(show_panel, "sampling", "controls"),
    "probabilities": partial(show_panel, "sampling", "probabilities"),
    "quick": show_quick,
    **DOCUMENTS,
    **TRAINING,
    **ANSWERS,
}


def is_in(desk: Desk, conversation_id: str, shelf: Shelf) -> bool:
    """Whether a conversation stands on a shelf."""
    found = desk.window.sidebar.conversation(conversation_id)
    return found is not None and is_on(found, shelf)


def _dialogs(desk: Desk) -> list[QDialog]:
    return [dialog for dialog in desk.window.findChildren(QDialog) if dialog.isVisible()]


def _newest_dialog(desk: Desk) -> QDialog:
    wait(lambda: _dialogs(desk), "a window over this one")
    return _dialogs(desk)[-1]


def _dialog(dialog: QDialog) -> Iterator[QWidget]:
    pause()
    yield dialog
    dialog.close()


def _menu_above(desk: Desk, chip: QToolButton) -> Iterator[QWidget]:
    """The menu of a chip below the message field; the button's own way would wait until it is closed."""
    menu = chip.menu()
    chip.setFocus()
    menu.popup(chip.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
    yield from _menu(desk, menu)


def _menu(desk: Desk, menu: QMenu) -> Iterator[QWidget]:
    pause()
    yield desk.window
    menu.close()
