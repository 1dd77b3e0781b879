"""Files in the window: dropped, pasted, chosen, sent, shown, kept with another version."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.chat.attachments import attachments_of
from teahouse.messages import Attachment, Message, Part
from teahouse_desktop import operations
from teahouse_desktop.chat.chat import ChatPage
from teahouse_desktop.composer import attaching
from teahouse_desktop.composer.attaching import Chosen, Read
from teahouse_desktop.composer.file_dialog import FileDialog, safe_name
from teahouse_desktop.composer.tray import Tray
from teahouse_desktop.looks.look import Look
from teahouse_desktop.start import Desk
from teahouse_desktop.transcript import words
from teahouse_desktop.transcript.attached import AttachmentPiece
from tests.desktop.composer.test_pictures import picture
from tests.desktop.conftest import REPLY_MS
from tests.desktop.samples import shown

pytestmark = pytest.mark.gui

SENT = "Attached file: notes.txt\n```\nOolong.\n```"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text("Oolong.\n", encoding="utf-8")
    return path


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(picture(600, 400))
    return path


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(chat: ChatPage, data: QMimeData) -> bool:
    """Let go over the page; whether it was taken."""
    actions, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(50, 50), actions, data, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(chat, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(chat, QDropEvent(QPointF(50, 50), actions, data, buttons, keys))
    return True


def wait_read(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not desk.window.desks.files.is_reading, timeout=REPLY_MS)


def add(desk: Desk, qtbot: QtBot, *paths: Path) -> None:
    desk.window.desks.files.add_files([str(path) for path in paths])
    wait_read(desk, qtbot)


def names(desk: Desk) -> list[str]:
    return [one.attachment.name for one in desk.window.chat.composer.tray.items]


def notices(desk: Desk) -> str:
    return desk.window.chat.notices.label.text()


def last_question(desk: Desk) -> Message:
    items = desk.window.chat.transcript.column.items
    return [item for item in items if item.is_user][-1].shown.message


# --- taking in ------------------------------------------------------------------------------------


def test_dropped_files_stand_above_the_field(desk: Desk, qtbot: QtBot, notes: Path, cat: Path) -> None:
    assert drop(desk.window.chat, mime(notes, cat))
    wait_read(desk, qtbot)
    tray = desk.window.chat.composer.tray
    assert names(desk) == ["notes.txt", "cat.png"]
    assert tray.isVisibleTo(desk.window)
    first, second = tray.chips
    assert first.accessibleName().startswith("notes.txt, 8 ")
    assert "not seen by the model" in second.accessibleName()
    assert tray._unseen.isVisibleTo(desk.window)
    assert first.button.accessibleName() == "Remove notes.txt"
    assert not second._face.pixmap().isNull()


def test_text_that_is_dropped_is_not_taken_by_the_page(desk: Desk) -> None:
    data = QMimeData()
    data.setText("words")
    assert not drop(desk.window.chat, data)


def test_links_are_never_fetched(desk: Desk) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    assert not drop(desk.window.chat, data)


def test_files_are_pasted_into_the_field(desk: Desk, qtbot: QtBot, notes: Path) -> None:
    field = desk.window.chat.composer.field
    QGuiApplication.clipboard().setMimeData(mime(notes))
    assert field.canPaste()
    field.paste()
    wait_read(desk, qtbot)
    assert names(desk) == ["notes.txt"]
    assert field.toPlainText() == ""


def test_a_picture_is_pasted_as_a_file(desk: Desk, qtbot: QtBot) -> None:
    field = desk.window.chat.composer.field
    QGuiApplication.clipboard().setImage(QImage(30, 20, QImage.Format.Format_RGB32))
    field.paste()
    wait_read(desk, qtbot)
    [one] = desk.window.chat.composer.tray.items
    assert (one.attachment.name, one.attachment.type) == ("Pasted picture.png", "image/png")
    assert one.data is not None and one.attachment.hash == hashlib.sha256(one.data).hexdigest()


def test_text_with_a_picture_of_itself_is_pasted_as_text(desk: Desk) -> None:
    field = desk.window.chat.composer.field
    data = QMimeData()
    data.setText("a table")
    data.setImageData(QImage(30, 20, QImage.Format.Format_RGB32))
    field.insertFromMimeData(data)
    assert field.toPlainText() == "a table"


def test_files_are_chosen_with_the_clip(desk: Desk, qtbot: QtBot, notes: Path) -> None:
    clip = desk.window.chat.composer.clip
    assert clip.accessibleName() == "Add files"
    qtbot.mouseClick(clip, Qt.MouseButton.LeftButton)
    [chooser] = desk.window.findChildren(QFileDialog)
    chooser.filesSelected.emit([str(notes)])
    wait_read(desk, qtbot)
    chooser.close()
    assert names(desk) == ["notes.txt"]


def test_a_file_that_cannot_be_added_is_told_and_the_others_are_taken(
    desk: Desk, qtbot: QtBot, notes: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad <b>.bin"
    bad.write_bytes(b"\0\1")
    add(desk, qtbot, bad, notes, tmp_path / "missing")
    assert names(desk) == ["notes.txt"]
    assert "was not added" in notices(desk)


def test_the_same_file_is_there_once(desk: Desk, qtbot: QtBot, notes: Path) -> None:
    add(desk, qtbot, notes)
    add(desk, qtbot, notes)
    assert names(desk) == ["notes.txt"]


def test_too_many_files_are_told(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.txt" for number in range(30)]
    for path in paths:
        path.write_text(path.name)
    add(desk, qtbot, *paths)
    assert len(names(desk)) == 20
    assert "20 files at most" in notices(desk)


def test_a_file_is_taken_away_with_the_keyboard(desk: Desk, qtbot: QtBot, notes: Path, cat: Path) -> None:
    add(desk, qtbot, notes, cat)
    tray = desk.window.chat.composer.tray
    assert tray.chips[0].button.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.keyClick(tray.chips[0].button, Qt.Key.Key_Space)
    assert names(desk) == ["cat.png"]
    qtbot.keyClick(tray.chips[0].button, Qt.Key.Key_Space)
    assert names(desk) == []
    assert not tray.isVisibleTo(desk.window)


# --- sending --------------------------------------------------------------------------------------


def test_a_message_is_sent_with_its_files(
    desk: Desk, app: App, qtbot: QtBot, ask: Callable[[str], str], notes: Path, cat: Path
) -> None:
    add(desk, qtbot, notes, cat)
    reply = ask("Which is best?")
    assert reply == f"{SENT}\n\nAttached picture: cat.png (you cannot see it)\n\nWhich is best?"
    assert names(desk) == []
    stored = app.store.visible_path(desk.window.chat.conversation.id)[0]
    assert [one.name for one in attachments_of(stored)] == ["notes.txt", "cat.png"]
    assert app.store.attachment(attachments_of(stored)[1].hash) == cat.read_bytes()


def test_words_that_could_not_be_saved_come_back_with_their_files(
    desk: Desk, app: App, qtbot: QtBot, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from teahouse.errors import StoreError

    def refuse(*_values: object, **_more: object) -> None:
        raise StoreError("The disk is full.")

    add(desk, qtbot, notes)
    monkeypatch.setattr(app.store, "add_turn", refuse)
    composer = desk.window.chat.composer
    composer.set_text("Which?")
    composer.field.submitted.emit()
    qtbot.waitUntil(lambda: composer.text == "Which?", timeout=REPLY_MS)
    assert names(desk) == ["notes.txt"]


def test_files_wait_with_the_draft_of_their_conversation(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path, cat: Path
) -> None:
    ask("first")
    chat, first = desk.window.chat, desk.window.chat.conversation.id
    add(desk, qtbot, notes)
    chat.open("")
    assert names(desk) == []
    add(desk, qtbot, cat)
    chat.open(first)
    qtbot.waitUntil(lambda: names(desk) == ["notes.txt"], timeout=REPLY_MS)
    chat.open("")
    assert names(desk) == ["cat.png"]


def test_files_stay_when_a_new_conversation_gets_its_draft(desk: Desk, qtbot: QtBot, notes: Path) -> None:
    chat = desk.window.chat
    add(desk, qtbot, notes)
    qtbot.keyClicks(chat.composer.field, "draft")
    qtbot.waitUntil(lambda: bool(chat.conversation.id), timeout=REPLY_MS)
    made = chat.conversation.id
    chat.open("")
    assert names(desk) == []
    chat.open(made)
    qtbot.waitUntil(lambda: names(desk) == ["notes.txt"], timeout=REPLY_MS)


def test_files_of_a_draft_are_found_again_with_its_words(
    open_window: Callable[[], Desk], app: App, qtbot: QtBot, notes: Path, cat: Path
) -> None:
    desk = open_window()
    chat = desk.window.chat
    add(desk, qtbot, notes, cat)
    qtbot.keyClicks(chat.composer.field, "draft")
    qtbot.waitUntil(lambda: bool(chat.conversation.id), timeout=REPLY_MS)
    made = chat.conversation.id
    qtbot.waitUntil(lambda: len(app.drafts.read(made)) == 2, timeout=REPLY_MS)
    desk.window.close()
    again = open_window()
    again.window.chat.open(made)
    qtbot.waitUntil(lambda: names(again) == ["notes.txt", "cat.png"], timeout=REPLY_MS)
    assert again.window.chat.composer.text == "draft"
    again.window.chat.composer.tray.remove(0)
    qtbot.waitUntil(lambda: [one.name for one in app.drafts.read(made)] == ["cat.png"], timeout=REPLY_MS)


def test_files_are_kept_with_the_draft_until_the_message_has_them(
    desk: Desk, app: App, qtbot: QtBot, ask: Callable[[str], str], notes: Path
) -> None:
    app.settings.set("echo.delay_ms", 40)
    ask("first")
    chat, first = desk.window.chat, desk.window.chat.conversation.id
    chat.open("")
    chat.send("a reply that keeps the model busy for a while")
    qtbot.waitUntil(lambda: chat.live is not None and chat.live.is_saved, timeout=REPLY_MS)
    chat.open(first)
    qtbot.waitUntil(lambda: chat.conversation.facts is not None, timeout=REPLY_MS)
    add(desk, qtbot, notes)
    qtbot.waitUntil(lambda: len(app.drafts.read(first)) == 1, timeout=REPLY_MS)
    chat.composer.set_text("waits")
    chat.composer.field.submitted.emit()
    qtbot.wait(100)
    assert chat.live is not None and not chat.live.is_saved
    assert len(app.drafts.read(first)) == 1
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: app.drafts.read(first) == [], timeout=REPLY_MS)
    assert len(attachments_of(last_question(desk))) == 1


def test_files_of_a_draft_go_with_their_conversation(desk: Desk, app: App, qtbot: QtBot, notes: Path) -> None:
    from teahouse.chat.attachments import read_file
    from teahouse.jobs import Job
    from teahouse_desktop.conversations import keeping

    for delete in (keeping.delete_conversation, None):
        made = app.store.create_conversation()
        app.drafts.keep(made.id, [read_file(notes)])
        app.store.trash_conversation(made.id)
        operation = delete(app=app, conversation_id=made.id) if delete else keeping.empty_trash(app=app)
        assert Job("delete", operation.work).run(lambda event: None).error is None
        assert app.drafts.read(made.id) == []


def test_files_that_are_read_late_go_to_the_conversation_they_were_meant_for(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path
) -> None:
    ask("first")
    chat, first = desk.window.chat, desk.window.chat.conversation.id
    desk.window.desks.files.add_files([str(notes)])
    chat.open("")
    wait_read(desk, qtbot)
    assert names(desk) == []
    chat.open(first)
    qtbot.waitUntil(lambda: names(desk) == ["notes.txt"], timeout=REPLY_MS)


def test_editing_keeps_the_files_and_lets_them_be_changed(
    desk: Desk, app: App, qtbot: QtBot, ask: Callable[[str], str], notes: Path, cat: Path
) -> None:
    add(desk, qtbot, notes, cat)
    ask("Which?")
    chat = desk.window.chat
    more = notes.with_name("more.txt")
    more.write_text("Green.")
    add(desk, qtbot, more)
    chat.act("edit", last_question(desk).id)
    assert names(desk) == ["notes.txt", "cat.png"]
    chat.composer.tray.remove(1)
    reply = ask("Which one?")
    assert reply == f"{SENT}\n\nWhich one?"
    assert names(desk) == ["more.txt"]
    assert [one.name for one in attachments_of(last_question(desk))] == ["notes.txt"]


def test_cancelled_editing_brings_the_files_of_the_draft_back(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path, cat: Path
) -> None:
    add(desk, qtbot, notes)
    ask("Which?")
    add(desk, qtbot, cat)
    chat = desk.window.chat
    chat.act("edit", last_question(desk).id)
    assert names(desk) == ["notes.txt"]
    chat.composer.cancel_edit()
    assert names(desk) == ["cat.png"]


def test_an_edit_that_names_no_files_carries_the_old_ones(app: App) -> None:
    conversation = app.store.create_conversation(model="echo/echo")
    message = app.store.add_message(conversation.id, "user", "Which?")
    app.store.attach(message.id, "notes.txt", "text/plain", b"Oolong.\n", text="Oolong.\n")
    from teahouse.jobs import Job

    edit = operations.edit_message(app=app, message_id=message.id, text="Why?")
    ended = Job("edit", edit.work).run(lambda event: None)
    assert ended.result.text == f"{SENT}\n\nWhy?"


def test_an_answer_again_reads_the_files(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path
) -> None:
    add(desk, qtbot, notes)
    ask("Which?")
    chat = desk.window.chat
    chat.act("regenerate", chat.last_message_id("assistant"))
    qtbot.waitUntil(lambda: chat.live is not None, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: chat.live is None, timeout=REPLY_MS)
    last = chat.transcript.column.items[-1]
    qtbot.waitUntil(lambda: not last.shown.is_live, timeout=REPLY_MS)
    assert chat.transcript.column.items[-1].shown.message.text == f"{SENT}\n\nWhich?"


# --- counting -------------------------------------------------------------------------------------


def test_files_are_counted_by_the_model_in_memory(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path
) -> None:
    ask("first")
    chat = desk.window.chat
    qtbot.waitUntil(lambda: chat.bar.meter.prompt is not None, timeout=REPLY_MS)
    before = chat.bar.meter.prompt
    add(desk, qtbot, notes)
    tray = chat.composer.tray
    qtbot.waitUntil(lambda: tray.items[0].attachment.tokens == len("Oolong.\n"), timeout=REPLY_MS)
    assert "8 tokens" in tray.chips[0].accessibleName()
    qtbot.waitUntil(lambda: chat.bar.meter.prompt not in (None, before), timeout=REPLY_MS)
    prompt = chat.bar.meter.prompt
    assert prompt is not None and before is not None
    assert prompt.tokens >= before.tokens + len(SENT)
    ask("Which?")
    assert attachments_of(last_question(desk))[0].tokens == len("Oolong.\n")


def test_no_model_is_loaded_only_to_count(desk: Desk, app: App, qtbot: QtBot, notes: Path) -> None:
    add(desk, qtbot, notes)
    qtbot.wait(700)
    assert not app.engines.loaded
    assert desk.window.chat.composer.tray.items[0].attachment.tokens is None


def test_the_preview_shows_the_files(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path
) -> None:
    ask("first")
    add(desk, qtbot, notes)
    desk.window.chat.composer.field.insertPlainText("Which?")
    desk.window.desks.contexts.show_preview()
    dialog = desk.window.desks.contexts._preview
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.prompt is not None, timeout=REPLY_MS)
    assert dialog.prompt is not None and f"{SENT}\n\nWhich?" in dialog.prompt.text
    dialog.close()


# --- the transcript -------------------------------------------------------------------------------


def test_the_transcript_shows_files_as_cards_and_pictures(
    desk: Desk, app: App, qtbot: QtBot, ask: Callable[[str], str], notes: Path, cat: Path
) -> None:
    add(desk, qtbot, notes, cat)
    ask("Which?")
    transcript = desk.window.chat.transcript
    [item, _reply] = transcript.column.items
    cards = [piece for piece in item.pieces if isinstance(piece, AttachmentPiece)]
    assert [piece.attachment.name for piece in cards] == ["notes.txt", "cat.png"]
    assert cards[1].height(400) > 2 * cards[0].height(400)
    digest = cards[1].attachment.hash
    assert transcript.thumbnails.peek(digest) is not None
    transcript.thumbnails._kept.clear()
    transcript.grab()
    qtbot.waitUntil(lambda: transcript.thumbnails.peek(digest) is not None, timeout=REPLY_MS)
    said = words.spoken(item.shown, item.shown.message.text)
    assert "notes.txt" in said and "not seen by the model" in said
    transcript.select_all()
    assert "notes.txt" not in transcript.selected_text.split("```")[0].splitlines()[0]


def test_a_click_on_a_card_shows_the_text_and_saves_it(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path, tmp_path: Path
) -> None:
    add(desk, qtbot, notes)
    ask("Which?")
    transcript = desk.window.chat.transcript
    _piece, box = transcript.column.items[0].boxes[0]
    point = (transcript.item_rect(0).topLeft() + box.center()).toPoint()
    qtbot.mouseClick(transcript.viewport(), Qt.MouseButton.LeftButton, pos=point)
    [dialog] = desk.window.findChildren(FileDialog)
    assert dialog.text.toPlainText() == "Oolong.\n"
    assert dialog.windowTitle() == "notes.txt"
    target = tmp_path / "saved.txt"
    dialog.save_requested.emit(str(target))
    qtbot.waitUntil(target.exists, timeout=REPLY_MS)
    qtbot.waitUntil(lambda: target.read_bytes() == notes.read_bytes(), timeout=REPLY_MS)
    dialog.save_requested.emit(str(tmp_path / "no folder" / "x.txt"))
    qtbot.waitUntil(lambda: "could not be saved" in notices(desk), timeout=REPLY_MS)
    dialog.close()


def test_a_picture_is_shown_large(desk: Desk, qtbot: QtBot, ask: Callable[[str], str], cat: Path) -> None:
    add(desk, qtbot, cat)
    ask("What?")
    message = last_question(desk)
    [facts] = attachments_of(message)
    desk.window.desks.files.show_file(message.id, facts.hash)
    [dialog] = desk.window.findChildren(FileDialog)
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull(), timeout=REPLY_MS)
    assert dialog.picture.pixmap().width() <= dialog.picture.width()
    dialog.close()


def test_a_hostile_picture_shows_as_an_icon_and_says_why(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], tmp_path: Path
) -> None:
    from tests.desktop.composer.test_pictures import claims

    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(claims(60_000, 60_000))
    add(desk, qtbot, bomb)
    assert desk.window.chat.composer.tray.items[0].picture is None
    ask("What?")
    desk.window.chat.transcript.grab()
    message = last_question(desk)
    desk.window.desks.files.show_file(message.id, attachments_of(message)[0].hash)
    [dialog] = desk.window.findChildren(FileDialog)
    qtbot.waitUntil(lambda: "cannot be shown" in dialog.picture.text(), timeout=REPLY_MS)
    dialog.close()


def test_the_menu_of_a_message_opens_its_files(
    desk: Desk, qtbot: QtBot, ask: Callable[[str], str], notes: Path
) -> None:
    from teahouse_desktop.transcript.menu import make_menu
    from teahouse_desktop.transcript.pointer import Spot

    add(desk, qtbot, notes)
    ask("Which?")
    transcript = desk.window.chat.transcript
    menu = make_menu(transcript, Spot(item=0), can_ask=True)
    [action] = [action for action in menu.actions() if action.text() == "Show notes.txt"]
    wanted = QSignalSpy(transcript.attachment_requested)
    action.trigger()
    assert wanted.at(0)[0] == last_question(desk).id
    for dialog in desk.window.findChildren(FileDialog):
        dialog.close()


# --- alone ----------------------------------------------------------------------------------------


def test_a_long_text_is_shown_in_part(qtbot: QtBot, look: Look) -> None:
    dialog = FileDialog(Attachment("ab", "a.txt", "text/plain", 10**6, "x" * 10**6), look)
    qtbot.addWidget(dialog)
    assert len(dialog.text.toPlainText()) == 200_000
    assert "Only the beginning" in dialog.facts.text()


def test_a_name_for_saving_leads_nowhere_else() -> None:
    assert safe_name("../../etc/pass:wd") == "_.._etc_pass_wd"
    assert safe_name(" .. ") == "file"


def test_a_damaged_part_is_shown_as_what_is_left(look: Look) -> None:
    one = shown(1, "user", "hi")
    broken = Part("attachment", "{", "a.txt", is_trusted=False)
    from dataclasses import replace

    message = replace(one.message, parts=(*one.message.parts, broken))
    [facts] = attaching.attached_to(message)
    assert facts.name == "a.txt"


def test_the_tray_speaks_the_language_of_the_window(qtbot: QtBot, look: Look) -> None:
    tray = Tray(look)
    qtbot.addWidget(tray)
    tray.add([Chosen(Attachment("ab", "a.txt", "text/plain", 12_345, "x", 1234))])
    assert tray.chips[0].accessibleName() == "a.txt, 12 kB · 1,234 tokens"
    assert Read() == Read()
