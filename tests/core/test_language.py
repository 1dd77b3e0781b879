"""Which language people read, and catalogues."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from teahouse import language
from teahouse.language import LANGUAGES, N_, Translator, activate, active, listed, sentences, system_language
from teahouse.settings import CORE_SETTINGS


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    activate("en")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An importable package with a Chinese catalogue of one sentence."""
    folder = tmp_path / "made" / "teahouse_made" / "locale" / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "made" / "teahouse_made" / "__init__.py").touch()
    catalogue = Catalog(locale="zh_CN")
    catalogue.add("Hello, {name}.", "你好，{name}。")
    with (folder / "teahouse_made.mo").open("wb") as stream:
        write_mo(stream, catalogue)
    monkeypatch.syspath_prepend(str(tmp_path / "made"))
    yield "teahouse_made"
    sys.modules.pop("teahouse_made", None)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "zh_CN"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN"}, "zh_CN"),
    ],
)
def test_the_machine_s_language(environ: dict[str, str], expected: str) -> None:
    assert system_language(environ) == expected


def test_a_known_language_is_taken_and_an_unknown_one_follows_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert activate("en") == active() == "en"
    assert activate("system") == active() == "zh_CN"
    assert activate("xx") == "zh_CN"
    assert activate("") == "zh_CN"


def test_a_catalogue_translates_when_its_language_is_in_force(package: str) -> None:
    translate = Translator(package)
    activate("en")
    assert translate("Hello, {name}.") == "Hello, {name}."
    activate("zh_CN")
    assert translate("Hello, {name}.").format(name="茶") == "你好，茶。"
    activate("en")
    assert translate("Hello, {name}.") == "Hello, {name}."


def test_what_a_catalogue_lacks_is_shown_as_it_is(package: str) -> None:
    activate("zh_CN")
    assert Translator(package)("Not in it.") == "Not in it."
    assert Translator("json")("No catalogue at all.") == "No catalogue at all."


@pytest.mark.parametrize("name", ["string", "no_such_package_anywhere", "__main__"])
def test_a_plugin_of_a_single_module_has_no_catalogue(name: str) -> None:
    activate("zh_CN")
    assert Translator(name)("Hello.") == "Hello."


def test_marking_changes_nothing() -> None:
    activate("zh_CN")
    assert N_("Theme") == "Theme"


def test_the_core_speaks_chinese() -> None:
    activate("zh_CN")
    for setting in CORE_SETTINGS:
        assert language._(setting.label) != setting.label, setting.key
        assert language._(setting.help) != setting.help, setting.key


def test_every_language_has_a_name_of_its_own() -> None:
    assert LANGUAGES["zh_CN"] == "简体中文"
    assert set(LANGUAGES) == {"en", "zh_CN"}


def test_sentences_and_lists_follow_the_language() -> None:
    assert sentences("One.", "", "Two.") == "One. Two."
    assert sentences("一。", "二。") == "一。二。"
    assert sentences() == ""
    assert listed(["a", "b"]) == "a, b"
    activate("zh_CN")
    assert listed(["a", "b"]) == "a、b"
