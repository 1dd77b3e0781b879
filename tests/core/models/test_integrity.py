from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ModelError
from teahouse.jobs import Cancel
from teahouse.models import catalogue
from teahouse.models.copying import CheckProgress
from teahouse.models.integrity import Checked, check
from teahouse.models.library import Model
from tests.core.models import sources

CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> catalogue.Entry:
    """The only entry of the catalogue."""
    entry = sources.entry(CONTENT)
    monkeypatch.setattr(catalogue, "load", lambda text=None: [entry])
    return entry


def checked(path: Path) -> tuple[Checked, list[Any]]:
    steps, told = check(Model("tea", "llama", path))(Cancel()), []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as done:
            return done.value, told


@pytest.mark.parametrize(
    ("name", "content", "is_right", "words"),
    [
        ("tiny.gguf", CONTENT, True, "whole"),
        ("renamed.gguf", CONTENT, True, "whole"),
        ("tiny.gguf", CONTENT[:-1] + b"x", False, "damaged"),
        ("other.gguf", b"x", None, "Compare it"),
    ],
)
def test_a_file_is_compared_with_the_catalogue(
    tmp_path: Path, name: str, content: bytes, is_right: bool | None, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    found, told = checked(tmp_path / name)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert found.is_right is is_right
    assert words in found.text
    assert told[-1] == CheckProgress(len(content), len(content))


def test_what_is_no_file_or_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="plugin echo"):
        next(check(Model("echo/echo", "echo"))(Cancel()))
    with pytest.raises(ModelError, match="cannot be read"):
        checked(tmp_path / "gone.gguf")
