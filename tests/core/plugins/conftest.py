"""Fixtures for the plugin host: an app without its plugins."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from teahouse.app import App
from teahouse.events import Notice
from tests.core.openings import opening

Opened = Callable[..., tuple[App, list[Notice]]]


@pytest.fixture
def open_bare(importable: None) -> Iterator[Opened]:
    """Open an app without its plugins: (it, what it notices)."""
    with opening(has_plugins=False) as open_one:
        yield open_one
