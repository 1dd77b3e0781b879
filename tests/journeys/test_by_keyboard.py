"""The pages and the palette by hand, in a real window and without a mouse, in both languages."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.screen import screen, wait_for, window

pytestmark = pytest.mark.journey
LOOK_S = 1.5
"""So long a person looks at what has opened before typing."""


def kept(home: Path) -> dict[str, Any]:
    """What the file of settings holds."""
    file = home / "config" / "settings.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


@pytest.mark.parametrize(("language", "query"), [("en", "longest reply"), ("zh_CN", "最长回复")])
def test_a_setting_is_found_changed_and_refused_by_keyboard(
    home: Path, tmp_path: Path, language: str, query: str
) -> None:
    with screen() as shown, window(shown, home, TEAHOUSE_LANGUAGE=language, TEAHOUSE_DEV="1") as process:
        shown.focus(shown.window(process.pid))
        shown.press("ctrl+k")
        shown.type(query)
        shown.press("Return")
        time.sleep(LOOK_S)
        shown.press("ctrl+a")
        shown.type("512")
        wait_for(lambda: kept(home).get("chat", {}).get("max_tokens") == 512, "the kept number")
        shown.press("ctrl+a")
        shown.type("0")
        shown.press("Return")
        shown.picture(tmp_path / "refused.png")
        shown.press("Escape", "ctrl+k")
        shown.type("theme dark" if language == "en" else "深色")
        shown.press("Return")
        wait_for(lambda: kept(home).get("app", {}).get("theme") == "dark", "the kept theme")
        assert kept(home)["chat"] == {"max_tokens": 512}
        shown.picture(tmp_path / "dark.png")
        shown.press("ctrl+comma")
        time.sleep(LOOK_S)
        shown.type("offline" if language == "en" else "离线")
        shown.picture(tmp_path / "searched.png")
        shown.press("Escape", "Escape")  # the search, the page
        shown.type("Back in the message field")
        shown.press("ctrl+q")
        assert process.wait(20) == 0
