"""Loaders are read here in their own process, as in the app; `read` is quick and for their words only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.passages import LoadContext, Piece
from teahouse.workers.process import Workers
from teahouse_documents.loaders.builtin import LOADERS
from teahouse_documents.loaders.choice import Choice
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.parsing import Parsed, Parsing
from teahouse_documents.loaders.reading import Reading

Read = Callable[[Path], tuple[list[Piece], list[str]]]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers()
    yield made
    made.close()


@pytest.fixture(scope="module")
def parsing(workers: Workers) -> Iterator[Parsing]:
    made = Parsing(workers)
    yield made
    made.close()


@pytest.fixture
def read() -> Read:
    """Pieces and remarks of a file, read in this process."""

    def read_here(path: Path) -> tuple[list[Piece], list[str]]:
        loader = Choice(LOADERS).by_name(path)
        assert loader is not None
        messages = list(Reading(loader, path, Limits(), ()).messages())
        errors = [message["error"] for message in messages if "error" in message]
        assert not errors, errors
        pieces = [Piece.from_json(one) for message in messages for one in message.get("pieces", ())]
        return pieces, [message["remark"] for message in messages if "remark" in message]

    return read_here


def drain(parsing: Parsing, path: Path) -> tuple[list[Piece], Parsed]:
    """Everything that a file holds, by its process."""
    steps, pieces = parsing.parse(path), []
    while True:
        try:
            pieces.append(next(steps))
        except StopIteration as stop:
            return pieces, stop.value


def no_context() -> LoadContext:
    return LoadContext()
