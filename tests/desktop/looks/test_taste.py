from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from teahouse.settings import Settings
from teahouse_desktop.looks.taste import KEYS, Taste, read_taste


def test_every_part_of_a_taste_is_a_setting_with_the_same_default(tmp_path: Path) -> None:
    assert {field.name for field in fields(Taste)} == KEYS.keys()
    assert read_taste(Settings(tmp_path / "settings.toml")) == Taste()


def test_what_was_chosen_is_read(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    settings.set("app.accent", "#123456")
    settings.set("app.text_size", 150)
    settings.set("app.density", "compact")
    taste = read_taste(settings)
    assert (taste.accent, taste.text_percent, taste.is_compact) == ("#123456", 150, True)
