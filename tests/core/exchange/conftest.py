"""A store to export from and one to import into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.store import Store


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    opened = Store(home / "data" / "teahouse.db")
    yield opened
    opened.close()


@pytest.fixture
def other(home: Path) -> Iterator[Store]:
    opened = Store(home / "other" / "teahouse.db")
    yield opened
    opened.close()
