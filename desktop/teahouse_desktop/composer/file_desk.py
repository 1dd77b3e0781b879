"""What the window does with files of messages: takes them in, keeps, shows and saves them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from teahouse.chat.attachments import MOST_FILES, is_picture
from teahouse.jobs import JobEnded
from teahouse_desktop.chat.replies import LiveReply
from teahouse_desktop.composer import attaching
from teahouse_desktop.composer.attaching import Chosen, Read
from teahouse_desktop.composer.field import has_picture, local_files
from teahouse_desktop.composer.file_dialog import FileDialog
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import in_words
from teahouse_desktop.workplace import Workplace


@dataclass(eq=False)
class _Place:
    """A conversation's draft, and the files that go with it while another conversation is open.

    Attributes:
        is_known: Whether the files that were kept on the disk have been read.
        is_kept: Whether there are any on the disk.
    """

    conversation_id: str = ""
    files: list[Chosen] = field(default_factory=list)
    is_known: bool = False
    is_kept: bool = False


class FileDesk(QObject):
    """Connects composer and transcript with the files of messages.

    Files that wait to be sent are kept for each conversation, also on the disk, until their message is
    stored: a draft's files are found again with its words.
    """

    def __init__(self, place: Workplace) -> None:
        super().__init__(place.window)
        self._app, self._runner, self._chat = place.app, place.runner, place.chat
        chat = place.chat
        self._places: dict[str, _Place] = {}
        self._here = _Place(is_known=True)
        self._reading = 0
        self._timer = QTimer(self, singleShot=True, interval=0)  # after all that one event does
        self._timer.timeout.connect(self._keep)
        composer = chat.composer
        composer.clip.clicked.connect(self.choose)
        composer.field.files_given.connect(self.add_files)
        composer.field.picture_given.connect(self.add_picture)
        chat.setAcceptDrops(True)
        chat.installEventFilter(self)
        chat.conversation.opened.connect(self._on_opened)
        chat.conversation.changed.connect(self._on_changed)
        chat.talk.begun.connect(self._on_begun)
        chat.talk.saved.connect(self._on_saved)
        composer.tray.changed.connect(self._timer.start)
        chat.waiting.changed.connect(self._timer.start)
        chat.transcript.attachment_requested.connect(self.show_file)
        chat.transcript.thumbnails.wanted.connect(self._read_thumbnail)

    def share_with(self, other: FileDesk) -> None:
        """Keep the files of conversations that are open on neither page together with another desk."""
        self._places = other._places

    @property
    def is_reading(self) -> bool:
        """Whether files are still being read."""
        return self._reading > 0

    # --- taking in ----------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the person choose files."""
        chooser = QFileDialog(self._chat.window(), self.tr("Add files"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.filesSelected.connect(self.add_files)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def add_files(self, paths: Sequence[str]) -> None:
        """Read files and put them above the field."""
        self._read(attaching.read_files(paths=list(paths)))

    def add_picture(self, image: QImage) -> None:
        """Take a pasted picture."""
        self._read(attaching.read_pasted(image=image))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files and pictures can be dropped anywhere on the page."""
        if isinstance(event, QDropEvent) and watched is self._chat:
            return self._drop(event)
        return super().eventFilter(watched, event)

    def _drop(self, event: QDropEvent) -> bool:
        source = event.mimeData()
        files = local_files(source)
        if not files and not has_picture(source):
            return False
        event.acceptProposedAction()
        if not isinstance(event, QDragMoveEvent):  # no longer over the page but let go
            self.add_files(files) if files else self.add_picture(QImage(source.imageData()))
            self._chat.focus_composer()
        return True

    def _read(self, operation: Operation) -> None:
        self._reading += 1
        self._runner.start(operation, ended=partial(self._on_read, self._here))

    def _on_read(self, place: _Place, ended: JobEnded) -> None:
        self._reading -= 1
        read = ended.result if isinstance(ended.result, Read) else Read()
        for error in [*([ended.error] if ended.error else []), *read.refused]:
            self._chat.notices.show_text(*in_words(error), is_error=True)
        if place is not self._here:
            place.files += read.chosen
            return
        tray = self._chat.composer.tray
        room = MOST_FILES - len(tray.items)
        tray.add(read.chosen[:room])
        if len(read.chosen) > room:
            text = self.tr("A message carries {count} files at most.").format(count=MOST_FILES)
            self._chat.notices.show_text(
                text, self.tr("Send the others with the next message."), is_error=True
            )

    # --- keeping ------------------------------------------------------------------------------------

    def _on_opened(self, _shown: object) -> None:
        """Another conversation: its own files come back."""
        tray, here = self._chat.composer.tray, self._chat.conversation.id
        if here != self._here.conversation_id or not here:
            self._here.files = list(tray.items)
            self._places[self._here.conversation_id] = self._here
            self._here = self._places.pop(here, _Place(here, is_known=not here))
            tray.show_items(self._here.files)
            if not self._here.is_known:
                read = attaching.read_draft(app=self._app, conversation_id=here)
                self._runner.start(read, ended=partial(self._on_known, self._here))

    def _on_known(self, place: _Place, ended: JobEnded) -> None:
        """The files that were kept with the draft come before those that were added meanwhile."""
        read = ended.result if isinstance(ended.result, Read) else Read()
        place.is_known = True
        tray = self._chat.composer.tray
        place.is_kept = bool(read.chosen)
        if place is not self._here:
            place.files[:0] = read.chosen
        elif read.chosen:
            tray.put_first(read.chosen)

    def _on_changed(self) -> None:
        """A new conversation has got its id with its first words."""
        if not self._here.conversation_id:
            self._here.conversation_id = self._chat.conversation.id
            self._timer.start()

    def _keep(self) -> None:
        """Keep on the disk what would be lost: the draft's files, and those of a message on its way there."""
        place, live = self._here, self._chat.live
        if not place.conversation_id or not place.is_known:
            return
        is_under_way = live is not None and not live.is_saved and not live.replaces
        waiting = self._chat.waiting.files(place.conversation_id)
        sent = live.files if live and is_under_way else ()
        chosen = (*sent, *waiting, *self._chat.composer.tray.of_draft)
        if chosen or place.is_kept:
            place.is_kept = bool(chosen)
            keep = attaching.keep_with_draft(
                app=self._app, conversation_id=place.conversation_id, chosen=chosen
            )
            self._runner.start(keep)

    def _on_saved(self, live: LiveReply) -> None:
        """The message carries its files now: the draft has no need of them any more."""
        if live is self._chat.live:
            self._timer.start()
        elif live.files and not live.replaces and self._chat.conversation.cares_for(live.conversation_id):
            place = self._places.get(live.conversation_id, _Place())
            left = (*self._chat.waiting.files(live.conversation_id), *place.files)
            keep = attaching.keep_with_draft(app=self._app, conversation_id=live.conversation_id, chosen=left)
            self._runner.start(keep)

    def _on_begun(self, live: LiveReply) -> None:
        """Pictures are here before the store has them."""
        for one in live.files:
            if one.picture is not None:
                self._chat.transcript.thumbnails.show(one.attachment.hash, one.picture)

    # --- showing ------------------------------------------------------------------------------------

    def show_file(self, message_id: str, digest: str) -> None:
        """Show a file of a message: its text or its picture."""
        column = self._chat.transcript.column
        index = column.index_of(message_id)
        found = attaching.find_attached(column.items[index].shown.message, digest) if index >= 0 else None
        if found is None:
            return
        dialog = FileDialog(found, column.look, self._chat.window())
        dialog.save_requested.connect(partial(self._save, digest))
        dialog.open()
        if is_picture(found):
            read = attaching.read_picture(app=self._app, digest=digest, is_small=False)
            self._runner.start(read, ended=partial(_show_read, dialog))

    def _save(self, digest: str, target: str) -> None:
        self._runner.start(attaching.save_attachment(app=self._app, digest=digest, target=Path(target)))

    def _read_thumbnail(self, digest: str) -> None:
        read = attaching.read_picture(app=self._app, digest=digest, is_small=True)
        self._runner.start(read, ended=lambda ended: self._on_thumbnail(digest, ended))

    def _on_thumbnail(self, digest: str, ended: JobEnded) -> None:
        # A picture that is gone or damaged shows as an icon; opening it says why.
        self._chat.transcript.thumbnails.show(digest, ended.result)


def _show_read(dialog: FileDialog, ended: JobEnded) -> None:
    if not isValid(dialog):
        return  # closed while it was being read
    problem = "\n".join(in_words(ended.error)) if ended.error else ""
    dialog.show_picture(ended.result, problem)
