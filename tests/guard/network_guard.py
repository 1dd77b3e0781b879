"""A pytest plugin: the test during which something was refused by the guard fails."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def refused_connections() -> Iterator[None]:
    """Fail when this test, or a process that it started, tried to reach the network."""
    file = Path(os.environ.get("TEAHOUSE_GUARD_LOG", os.devnull))
    before = refusals(file)
    yield
    tried = refusals(file)[len(before) :]
    assert not tried, f"the network was tried: {tried}"


def refusals(file: Path) -> list[str]:
    """What was refused so far, one attempt a line."""
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
