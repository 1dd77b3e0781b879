"""A store in a fresh folder, and replies to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.store import Store
from tests.core.store.samples import Child, Spawn


@pytest.fixture
def file(home: Path) -> Path:
    return home / "data" / "teahouse.db"


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """`spawn(mode, file, *more)` starts a child; none outlives its test."""
    children: list[Child] = []

    def start(*arguments: str | Path) -> Child:
        children.append(Child(*map(str, arguments)))
        return children[-1]

    yield start
    for child in children:
        child.kill()


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = Store(file)
    yield opened
    opened.close()
