"""An environment without plugins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.wheels import Environment, make_environment


@pytest.fixture
def environment(tmp_path: Path, home: Path) -> Environment:
    return make_environment(tmp_path / "environment", home)
