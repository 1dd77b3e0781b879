"""Presets: those that come with the app, a person's own, and files of others."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import SettingError
from teahouse_sampling.preset_file import FILE
from teahouse_sampling.presets import BUILT_IN, Presets
from teahouse_sampling.values import presets_of

HOT = {"chat.temperature": 1.5, "sampling.top_k": 0, "sampling.stop": '["END"]'}


@pytest.fixture
def presets(app: App) -> Presets:
    return presets_of(app)


def names(presets: Presets) -> list[str]:
    return [one.name for one in presets.list() if not one.is_built_in]


def test_those_that_come_with_the_app_can_be_used_and_not_changed(presets: Presets) -> None:
    built_in = [one for one in presets.list() if one.is_built_in]
    assert [one.name for one in built_in] == list(BUILT_IN)
    assert [one.title for one in built_in[:4]] == ["Precise", "Balanced", "Creative", "Deterministic"]
    for one in built_in:
        assert presets.checked(one.values) == one.values
        for change in (
            lambda n: presets.save(n, {}),
            lambda n: presets.remove(n),
            lambda n: presets.rename(n, "x"),
        ):
            with pytest.raises(SettingError, match="came with the app"):
                change(one.name)
    with pytest.raises(SettingError, match="came with the app"):
        presets.save("PRECISE", {})


def test_saved_renamed_removed(app: App, presets: Presets) -> None:
    presets.save("  Hot\n tea ", HOT)
    presets.save("b", {})
    assert names(presets) == names(presets_of(app)) == ["b", "Hot tea"]
    assert presets.get("Hot tea").values == HOT
    presets.save("Hot tea", {"sampling.top_k": 3})
    assert presets.get("Hot tea").values == {"sampling.top_k": 3}
    with pytest.raises(SettingError, match="already"):
        presets.rename("Hot tea", "b")
    assert presets.rename("Hot tea", "Cold").values == {"sampling.top_k": 3}
    assert presets.rename("Cold", "Cold").name == "Cold"
    removed = presets.remove("Cold")
    assert (names(presets), removed.values) == (["b"], {"sampling.top_k": 3})
    presets.save(removed.name, removed.values)  # undo
    assert names(presets) == ["b", "Cold"]
    for gone in (lambda: presets.get("x"), lambda: presets.remove("x"), lambda: presets.rename("x", "y")):
        with pytest.raises(SettingError, match="no preset “x”"):
            gone()


@pytest.mark.parametrize(
    "values",
    [
        {"sampling.top_k": -1},
        {"sampling.grammar": "root ::= root"},
        {"engine.context": 512},
        {"sampling.preset": "precise"},
        {"sampling.stop": '["'},
    ],
)
def test_what_cannot_be_is_not_saved(presets: Presets, values: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match=next(iter(values)).rpartition(".")[2]):
        presets.save("x", values)
    with pytest.raises(SettingError, match="needs a name"):
        presets.save(" \n", {})
    assert names(presets) == []


def test_two_programs_do_not_undo_each_others_changes(app: App, presets: Presets) -> None:
    other = presets_of(app)
    presets.save("one", HOT)
    other.save("two", {})
    presets.save("three", {})
    assert names(presets) == names(other) == ["one", "three", "two"]


def test_a_damaged_file_is_kept_and_never_in_the_way(app: App, presets: Presets) -> None:
    presets.save("one", HOT)
    file = app.plugin_storage("sampling").folder / FILE
    file.write_text("{ damaged", "utf-8")
    assert names(presets) == []
    presets.save("two", {})
    assert names(presets) == ["two"]
    [aside] = file.parent.glob("presets.broken-*.json")
    assert aside.read_text("utf-8") == "{ damaged"


def test_values_of_another_version_stay_in_the_file(app: App, presets: Presets) -> None:
    presets.save("one", {"sampling.top_k": 3})
    file = app.plugin_storage("sampling").folder / FILE
    found = json.loads(file.read_text("utf-8"))
    found["presets"]["one"] |= {"sampling.of_tomorrow": 1, "sampling.top_p": "much"}
    file.write_text(json.dumps(found), "utf-8")
    assert presets.get("one").values == {"sampling.top_k": 3}
    presets.save("two", {})
    assert json.loads(file.read_text("utf-8"))["presets"]["one"]["sampling.of_tomorrow"] == 1
    removed = presets.remove("one")
    assert presets.save(removed.name, removed.values).values == {"sampling.top_k": 3}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(app: App, presets: Presets) -> None:
    folder = app.plugin_storage("sampling").folder
    folder.chmod(0o500)
    try:
        with pytest.raises(SettingError, match="cannot be written"):
            presets.save("x", {})
    finally:
        folder.chmod(0o700)


# --- files ----------------------------------------------------------------------------------------


def test_a_preset_travels_as_a_file(presets: Presets, tmp_path: Path) -> None:
    presets.save("Heiß 茶", HOT)
    file = presets.export("Heiß 茶", tmp_path / "preset 茶.json")
    assert json.loads(file.read_text("utf-8")) == {"teahouse_preset": 1, "name": "Heiß 茶", "values": HOT}
    again = presets.import_(file)
    assert (again.name, again.values, again.left_out) == ("Heiß 茶 2", HOT, ())
    presets.export("precise", file)
    assert presets.import_(file).name == "Precise 2"  # that name came with the app
    with pytest.raises(SettingError, match="cannot be written"):
        presets.export("precise", tmp_path / "no folder" / "x.json")


def test_plain_names_of_others_are_understood_and_what_is_unknown_is_told(
    presets: Presets, tmp_path: Path
) -> None:
    file = tmp_path / "theirs.json"
    file.write_text('\ufeff{"temperature": 1, "top_k": 20, "max_tokens": 5, "wobble": 3}', "utf-8")
    found = presets.import_(file)
    assert found.name == "theirs"
    assert found.values == {"chat.temperature": 1.0, "sampling.top_k": 20, "chat.max_tokens": 5}
    assert found.left_out == ("wobble",)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1"),
        (b"{", "line 1, column 2"),
        (b"[1]", "no JSON object"),
        (b"{}", "no sampling value"),
        (b'{"wobble": 3}', "no sampling value"),
        (b'{"teahouse_preset": 1, "values": [1]}', "no sampling value"),
        (b'{"teahouse_preset": 99, "values": {"top_k": 1}}', "newer version"),
        (b'{"teahouse_preset": "x", "values": {"top_k": 1}}', "newer version"),
        (b'{"top_k": -5}', "between 0 and"),
        (b'{"top_k": "lots"}', "top_k"),
        (b'{"top_k": 1e999}', "top_k"),
        (b'{"top_k": ' + b"9" * 5000 + b"}", "cannot be"),
        (b'{"grammar": "root ::= root"}', "left"),
        (b'{"grammar": "root ::= ("}', "line 1"),
        (b"[" * 200_000, "too deeply"),
        (b'{"a":' * 100_000, "too deeply"),
        (b"GGUF\xff\xfe\0\0", "no text"),
        (b" " * 1_100_000, "far too long"),
    ],
    ids=range(18),
)
def test_hostile_and_foreign_files_are_refused_in_words(
    presets: Presets, tmp_path: Path, data: bytes, words: str
) -> None:
    presets.save("mine", HOT)
    file = tmp_path / "x.json"
    file.write_bytes(data)
    with pytest.raises(SettingError, match=words):
        presets.import_(file)
    assert names(presets) == ["mine"]


@pytest.mark.parametrize("name", ["temperature", "top_k", "logit_bias"])
def test_a_number_that_no_float_can_count_is_refused_in_words(
    presets: Presets, tmp_path: Path, name: str
) -> None:
    file, huge = tmp_path / "x.json", "9" * 400
    value = f'"[[1, {huge}]]"' if name == "logit_bias" else huge
    file.write_text(f'{{"{name}": {value}}}', "utf-8")
    with pytest.raises(SettingError, match=name):
        presets.import_(file)
    own = presets._file._storage.folder / FILE
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(f'{{"presets": {{"bad": {{"chat.temperature": {huge}, "sampling.top_k": 3}}}}}}', "utf-8")
    assert presets.get("bad").values == {"sampling.top_k": 3}


def test_a_long_name_can_be_taken_in_again_and_again(presets: Presets, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"teahouse_preset": 1, "name": "b" * 900, "values": HOT}), "utf-8")
    found = [presets.import_(file).name for _time in range(12)]
    assert len(set(found)) == 12 and names(presets) == sorted(found)
    assert {len(name) for name in found} == {80} and found[-1].endswith("b 12")


def test_what_is_no_file_at_all(presets: Presets, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.json", Path("/dev/zero")):
        with pytest.raises(SettingError, match="it is no file"):
            presets.import_(path)


def test_a_name_cannot_spoil_a_line(presets: Presets, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(
        json.dumps({"teahouse_preset": 1, "name": "a\x1b[31m\n" + "b" * 900, "values": HOT}), "utf-8"
    )
    name = presets.import_(file).name
    assert name.isprintable() and len(name) <= 82 and name.startswith("a [31m b")
