"""Whether the libraries of the extra `documents` are here, and the one command that brings them."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from teahouse import Translator
from teahouse.language import listed
from teahouse_documents.values import DocumentsError

_ = Translator("teahouse_documents")

LIBRARIES = (
    "charset_normalizer",
    "chromadb",
    "gguf",
    "lxml",
    "numpy",
    "pypdfium2",
    "python_calamine",
    "sentencepiece",
    "watchfiles",
)
"""What the extra brings; found without importing."""


def missing() -> list[str]:
    """Names of the libraries that are not here."""
    return [name for name in LIBRARIES if find_spec(name) is None]


def command() -> str:
    """What brings them, ready to be pasted into a terminal."""
    return f'"{sys.executable}" -m pip install "teahouse[documents]"'


def check() -> None:
    """Refuse to begin without the libraries.

    Raises:
        DocumentsError: Some are missing; names them and the command that mends it.
    """
    if absent := missing():
        raise DocumentsError(
            _("Documents need libraries that are not installed ({names}). Nothing was changed.").format(
                names=listed(absent)
            ),
            _("Install them and start Teahouse again: {command}").format(command=command()),
            missing=absent,
            command=command(),
        )
