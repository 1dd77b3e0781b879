"""A store in a fresh folder, and what a search in it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.store import Store

Find = Callable[[str], list[str]]


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    opened = Store(home / "data" / "teahouse.db")
    yield opened
    opened.close()


@pytest.fixture
def find(store: Store) -> Find:
    """`find(query)`: the texts of the messages, or the titles, that it finds."""

    def texts(query: str) -> list[str]:
        return [store.message(h.message_id).text if h.message_id else h.title for h in store.search(query)]

    return texts
