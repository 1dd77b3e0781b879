"""Every sampler value is a setting."""

from __future__ import annotations

from dataclasses import fields

import pytest

from teahouse.app import App
from teahouse.engine.sampling import LIMITS, ORDER, Sampling
from teahouse.errors import SettingError
from teahouse.plugins.contributions import check_setting
from teahouse.setting import Setting
from teahouse_sampling.settings import (
    CHOICE,
    EVERYWHERE,
    PRESET,
    SEED_CHOSEN,
    declare,
    field_of,
    key_of,
    of_fields,
    of_presets,
    to_field,
)

DECLARED = {setting.key: setting for setting in declare(check_preset=lambda name: None)}


def test_every_field_has_a_setting() -> None:
    wanted = {key_of(one.name) for one in fields(Sampling)} - {"chat.temperature"}
    assert {*wanted, "sampling.stop", PRESET} == set(DECLARED)
    assert set(of_presets()) == {*wanted, "sampling.stop", "chat.temperature", "chat.max_tokens"}
    assert all(setting.scopes == EVERYWHERE for setting in of_fields())
    assert DECLARED[PRESET].scopes == CHOICE


@pytest.mark.parametrize("setting", DECLARED.values(), ids=lambda setting: setting.key)
def test_it_is_usable_as_declared_and_says_what_it_does(setting: Setting) -> None:
    check_setting(setting)
    assert setting.label and setting.help.endswith(".")
    assert setting.help.count(". ") == 0  # one plain sentence


@pytest.mark.parametrize("setting", of_fields(), ids=lambda setting: setting.key)
def test_its_default_is_the_samplings(setting: Setting) -> None:
    field = field_of(setting.key)
    assert setting.default is not None
    value = to_field(setting.key, setting.default)
    assert value == (() if field == "stop" else getattr(Sampling(), field))


@pytest.mark.parametrize("name", sorted(set(LIMITS) - {"temperature"}))
def test_its_limits_are_the_engines(name: str) -> None:
    least, greatest = LIMITS[name]
    setting = DECLARED[f"sampling.{name}"]
    assert setting.limits == (SEED_CHOSEN if name == "seed" else least, greatest)
    with pytest.raises(SettingError, match=rf"sampling\.{name}") as caught:
        setting.check(setting.type(greatest + 1))
    assert str(setting.limits[1]) in caught.value.hint


def test_texts_of_lists_become_lists() -> None:
    assert to_field("sampling.order", "min_p, top_k") == ("min_p", "top_k")
    assert to_field("sampling.order", "") == ORDER
    assert to_field("sampling.off", "") == ()
    assert to_field("sampling.stop", '["a\\n", "b"]') == ("a\n", "b")
    assert to_field("sampling.logit_bias", '[[5, -1], [" tea", 2]]') == ((5, -1.0), (" tea", 2.0))
    assert to_field("sampling.seed", SEED_CHOSEN) is None
    assert to_field("sampling.seed", 0) == 0


def test_the_app_refuses_what_is_wrong_and_keeps_what_was(app: App) -> None:
    settings = app.settings
    settings.set("sampling.grammar", 'root ::= "a" | "b"')
    for key, value in {
        "sampling.grammar": "root ::= root",
        "sampling.json_schema": '{"type": 3}',
        "sampling.stop": "[1]",
        "sampling.banned": '["a", ""]',
        "sampling.logit_bias": '[["a", 900]]',
        "sampling.order": "top_k, top_k",
        "sampling.dry_breakers": "[",
        "sampling.preset": "nobody's",
    }.items():
        with pytest.raises(SettingError):
            settings.set(key, value)
    assert settings.get("sampling.grammar") == 'root ::= "a" | "b"'
    assert [key for key in DECLARED if settings.source(key) != "default"] == ["sampling.grammar"]
