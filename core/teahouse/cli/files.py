"""Files that are added to a message in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from teahouse.chat.attachments import MOST_FILES, is_picture, read_file
from teahouse.cli.console import echo, one_line, size_text
from teahouse.errors import AppError
from teahouse.language import _, sentences
from teahouse.messages import File

QUOTES = ("'", '"')


def attach_option() -> click.Option:
    """`--attach FILE`, as often as wanted."""
    return click.Option(
        ["--attach"],
        metavar="FILE",
        multiple=True,
        help=_("Send a text file with the question; can be given more than once. Pictures are only kept."),
    )


def read_files(names: Sequence[str], *, so_far: int = 0) -> tuple[File, ...]:
    """The named files; says of each picture that the model does not see it.

    Args:
        so_far: How many the message carries already.

    Raises:
        AppError: One cannot be added, or there are too many.
    """
    if so_far + len(names) > MOST_FILES:
        raise AppError(
            _("A message carries {count} files at most.").format(count=MOST_FILES),
            _("Put texts together, or send some with the next message."),
        )
    files = tuple(read_file(Path(_unquoted(name)).expanduser()) for name in names)
    for file in files:
        if is_picture(file):
            echo(unseen_text(file), is_error=True)
    return files


def added_text(file: File) -> str:
    """“Added to the next message: notes.txt (12 kB)”."""
    return _("Added to the next message: {name} ({size})").format(
        name=one_line(file.name), size=size_text(len(file.data))
    )


def unseen_text(file: File) -> str:
    """That a picture is kept and not seen."""
    kept = _("“{name}” is a picture: it is kept with the message.").format(name=one_line(file.name))
    return sentences(kept, _("The model does not see it."))


def _unquoted(name: str) -> str:
    """A name without the quotes that a terminal puts around a file dropped into it."""
    is_quoted = len(name) > 2 and name[0] == name[-1] and name[0] in QUOTES
    return name[1:-1] if is_quoted else name
