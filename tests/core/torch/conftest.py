"""Tests with torch run in a process of their own: others of one pytest run load llama.cpp into theirs.

`pytest tests/core/torch` collects them as usual; in a run over more, `tests/core/test_torch.py` starts that.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Whether a run over more than this folder passes them by."""
    named = [config.invocation_params.dir / word.partition("::")[0] for word in config.args]
    is_meant = all(HERE in (path.resolve(), *path.resolve().parents) for path in named)
    return None if is_meant else True
