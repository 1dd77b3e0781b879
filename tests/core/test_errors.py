"""The tree of errors for people."""

from __future__ import annotations

import inspect
import re

import pytest

from teahouse import errors
from teahouse.errors import AppError, EngineCrashed, EngineError, ModelError, ModelFileError, by_name

CLASSES = [c for _name, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, AppError)]


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_has_a_docstring_and_a_place_in_the_drawn_tree(kind: type[AppError]) -> None:
    assert (kind.__doc__ or "").strip()
    assert kind.__doc__ != AppError.__doc__ or kind is AppError
    drawn = [line for line in (errors.__doc__ or "").splitlines() if re.search(rf"\b{kind.__name__}\b", line)]
    assert len(drawn) == 1, f"{kind.__name__} is drawn {len(drawn)} times"


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_by_name_finds_every_class(kind: type[AppError]) -> None:
    assert by_name(kind.__name__) is kind


@pytest.mark.parametrize("name", ["", "ValueError", "OSError", "__import__", "apperror"])
def test_by_name_falls_back_to_engine_error(name: str) -> None:
    assert by_name(name) is EngineError


def test_an_error_carries_its_words_hint_and_data() -> None:
    error = ModelFileError("x.gguf is broken.", "Fetch it again.", path="x.gguf", offset=12)
    assert (error.text, error.hint) == ("x.gguf is broken.", "Fetch it again.")
    assert error.data == {"path": "x.gguf", "offset": 12}
    assert str(error) == "x.gguf is broken. Fetch it again."
    assert isinstance(error, ModelError)


def test_words_without_a_hint_end_where_they_end() -> None:
    assert str(AppError("Nothing was done.")) == "Nothing was done."


def test_a_crash_is_an_engine_error() -> None:
    assert issubclass(EngineCrashed, EngineError)
