"""What can be used is documented: every hook has a heading and a test, every setting a line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from teahouse import hookspecs
from teahouse.settings import CORE_SETTINGS
from teahouse_desktop import hookspecs as window_hookspecs

ROOT = Path(__file__).resolve().parent.parent


def hooks() -> list[str]:
    """Names of all hook specifications."""
    modules = (hookspecs, window_hookspecs)
    return [
        name for module in modules for name in vars(module) if hasattr(getattr(module, name), "teahouse_spec")
    ]


def test_the_hooks_are_found() -> None:
    assert {"register_settings", "register_models", "register_commands", "register_panels"} <= set(hooks())


@pytest.mark.parametrize("hook", hooks())
def test_a_hook_has_a_heading_and_a_test(hook: str) -> None:
    text = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    assert re.search(rf"^### {hook}$", text, re.MULTILINE), f"docs/plugins.md says nothing of {hook}"
    tests = "\n".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    assert re.search(rf"def test_hook_{hook}\b", tests), f"there is no test_hook_{hook}"


def test_every_heading_of_a_hook_is_one() -> None:
    headings = re.findall(r"^### (\w+)$", (ROOT / "docs" / "plugins.md").read_text("utf-8"), re.MULTILINE)
    assert set(headings) == set(hooks())


@pytest.mark.parametrize("setting", CORE_SETTINGS, ids=lambda setting: setting.key)
def test_a_setting_is_documented(setting: object) -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert f"`{setting.key}`" in text  # type: ignore[attr-defined]
