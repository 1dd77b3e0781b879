"""Whether the libraries of the extra `train` are here, and the one command that brings them."""

from __future__ import annotations

import sys
from importlib.util import find_spec

from teahouse import Translator
from teahouse.language import listed
from teahouse_training.values import TrainingRefused

_ = Translator("teahouse_training")

LIBRARIES = ("gguf", "numpy", "safetensors", "tokenizers", "torch")
"""What the extra brings; found without importing."""
SIZE_BYTES = 900_000_000
"""On the disk, with torch for the processor alone; support for graphics cards takes several times that."""


def missing() -> list[str]:
    """Names of the libraries that are not here."""
    return [name for name in LIBRARIES if find_spec(name) is None]


def command() -> str:
    """What brings them, ready to be pasted into a terminal."""
    return f'"{sys.executable}" -m pip install "teahouse[train]"'


def size_text() -> str:
    """How much room they take, in words."""
    return _("about {size} MB, with support for graphics cards several GB").format(
        size=SIZE_BYTES // 1_000_000
    )


def check() -> None:
    """Refuse to begin without the libraries.

    Raises:
        TrainingRefused: Some are missing; names them, the command that mends it, and its size.
    """
    if absent := missing():
        raise TrainingRefused(
            _("Training needs libraries that are not installed ({names}). Nothing was changed.").format(
                names=listed(absent)
            ),
            _("Install them and start Teahouse again: {command} ({size})").format(
                command=command(), size=size_text()
            ),
            missing=absent,
            command=command(),
            size_bytes=SIZE_BYTES,
        )
