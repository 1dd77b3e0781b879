"""What a person can do with files of messages: operations that read, count, show and save them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale
from PySide6.QtGui import QImage

from teahouse.chat.attachments import (
    MOST_FILES,
    attachments_of,
    count_files,
    is_picture,
    make_file,
    read_file,
)
from teahouse.errors import AppError
from teahouse.jobs import Cancel
from teahouse.messages import Attachment, File, Message, Part
from teahouse_desktop.composer import pictures
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse_desktop.transcript.thumbnails import Thumbnails


@dataclass(frozen=True, eq=False)
class Chosen:
    """A file that goes with the next message.

    Attributes:
        data: Its bytes; None where an earlier message carries it already.
        picture: A small picture of it, where it is one.
    """

    attachment: Attachment
    data: bytes | None = None
    picture: QImage | None = None

    @property
    def given(self) -> File | Attachment:
        """As a turn takes it."""
        facts = self.attachment
        if self.data is None:
            return facts
        return File(facts.name, facts.type, self.data, facts.text, facts.tokens)

    def counted(self, tokens: int | None) -> Chosen:
        """The same with its length in tokens, or with none known."""
        return replace(self, attachment=replace(self.attachment, tokens=tokens))


@dataclass(frozen=True)
class Read:
    """Files that were read, and why others were not."""

    chosen: tuple[Chosen, ...] = ()
    refused: tuple[AppError, ...] = ()


def given_by(chosen: Sequence[Chosen]) -> tuple[File | Attachment, ...]:
    """Files as a turn takes them."""
    return tuple(one.given for one in chosen)


# --- adding -----------------------------------------------------------------------------------------


def read_files(*, paths: Sequence[str]) -> Operation:
    """Read files from the disk; the result is a `Read`."""

    def read() -> Read:
        chosen: list[Chosen] = []
        refused: list[AppError] = []
        for path in paths[: MOST_FILES + 1]:  # one more, so that it is told that they are too many
            try:
                chosen.append(_choose(read_file(Path(path))))
            except AppError as error:
                refused.append(error)
        return Read(tuple(chosen), tuple(refused))

    return quick(translate("Operations", "Reading the files"), read)


def read_pasted(*, image: QImage) -> Operation:
    """Take a pasted picture as a PNG file; the result is a `Read`."""

    def read() -> Read:
        name = translate("Attaching", "Pasted picture") + ".png"
        try:
            return Read((_choose(make_file(name, pictures.encode(image))),))
        except AppError as error:
            return Read(refused=(error,))

    return quick(translate("Operations", "Reading the picture"), read)


def keep_with_draft(*, app: App, conversation_id: str, chosen: Sequence[Chosen]) -> Operation:
    """Keep files with a draft until their message is stored; none takes them away."""
    files = [one for one in given_by(chosen) if isinstance(one, File)]
    keep = quick(
        translate("Operations", "Keeping the draft"), partial(app.drafts.keep, conversation_id, files)
    )
    return replace(keep, lane="drafts")


def read_draft(*, app: App, conversation_id: str) -> Operation:
    """Read the files that were kept with a draft; the result is a `Read`."""

    def read() -> Read:
        return Read(tuple(_choose(file) for file in app.drafts.read(conversation_id)))

    return replace(quick(translate("Operations", "Reading the files"), read), lane="drafts")


def _choose(file: File) -> Chosen:
    digest = sha256(file.data).hexdigest()
    facts = Attachment(digest, file.name, file.type, len(file.data), file.text)
    return Chosen(facts, file.data, pictures.decode(file.data) if is_picture(file) else None)


def count_tokens(*, app: App, conversation_id: str, given: Sequence[Attachment]) -> Operation:
    """Count texts with the model that would be asked; the result is the tokens by hash.

    None is loaded only to count: then the result is empty.
    """

    def work(cancel: Cancel) -> Generator[Any, None, dict[str, int]]:
        from teahouse.chat.question import wanted_model

        yield from ()
        conversation = app.store.conversation(conversation_id) if conversation_id else None
        engine = app.engines.get(wanted_model(app, conversation))
        anew = [replace(one, tokens=None) for one in given]
        return count_files(engine, anew, cancel) if engine else {}

    return Operation(translate("Operations", "Counting what would be sent"), work, "model")


# --- showing ----------------------------------------------------------------------------------------


def attached_to(message: Message) -> tuple[Attachment, ...]:
    """What a message carries, the texts left out: they may be long, and this is asked often."""
    parts = (part for part in message.parts if part.kind == "attachment")
    return tuple(_facts(part.data, part.source) for part in parts)


def find_attached(message: Message, digest: str) -> Attachment | None:
    """One file of a message with its text."""
    return next((one for one in attachments_of(message) if one.hash == digest), None)


def chosen_again(message: Message, thumbnails: Thumbnails) -> list[Chosen]:
    """The files of a message, to be sent with another version of it."""
    given = attachments_of(message)
    return [Chosen(one, picture=thumbnails.peek(one.hash) if is_picture(one) else None) for one in given]


def details_in_words(given: Attachment) -> str:
    """“12 kB · 3,120 tokens”, or that the model does not see it."""
    facts = [size_in_words(given.size_bytes)]
    if is_picture(given):
        facts.append(translate("Attaching", "not seen by the model"))
    elif given.tokens is not None:
        count = QLocale().toString(given.tokens)
        facts.append(translate("Attaching", "{count} tokens").format(count=count))
    return " · ".join(facts)


def spoken(given: Sequence[Attachment]) -> str:
    """Files as a screen reader says them; empty for none."""
    if not given:
        return ""
    names = "; ".join(f"{one.name} ({details_in_words(one)})" for one in given)
    return translate("Attaching", "Attached: {names}").format(names=names)


def read_picture(*, app: App, digest: str, is_small: bool) -> Operation:
    """Read a stored picture; the result is a `QImage`, or None where it cannot be shown."""

    def read() -> QImage | None:
        most = pictures.THUMBNAIL if is_small else pictures.VIEW
        return pictures.decode(app.store.attachment(digest), most)

    return quick(translate("Operations", "Reading the picture"), read)


def save_attachment(*, app: App, digest: str, target: Path) -> Operation:
    """Write a stored file to the disk, its bytes as they were added; the result is its path."""

    def save() -> Path:
        data = app.store.attachment(digest)
        try:
            target.write_bytes(data)
        except OSError as error:
            raise AppError(
                translate("Attaching", "“{name}” could not be saved ({reason}).").format(
                    name=target.name, reason=error.strerror or error
                ),
                translate("Attaching", "Choose another folder or name."),
            ) from error
        return target

    return quick(translate("Operations", "Saving the file"), save)


@lru_cache(256)
def _facts(data: str, source: str) -> Attachment:
    [found] = attachments_of(
        Message("", "", None, "user", "complete", 0, (Part("attachment", data, source),))
    )
    return replace(found, text=None)
