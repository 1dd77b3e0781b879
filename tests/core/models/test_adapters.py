"""The library of adapters: what is taken in, what is refused with which words, and that nothing is lost."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFValueType, GGUFWriter

from teahouse.app import App
from teahouse.errors import AdapterError, SettingError
from teahouse.events import Changed
from teahouse.models.adapter_choice import Chosen, fitted, format_choice, parse_choice, paths_of
from teahouse.models.adapter_file import AdapterFile, read_adapter
from teahouse.models.gguf import read_header
from tests.core.models import ggufs, loras
from tests.core.torch.small import Small

MATRIX = "blk.0.attn_q.weight"
MODEL = Small("llama")


@pytest.fixture
def app() -> App:
    opened = App.open(has_plugins=False)
    yield opened
    opened.close()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return MODEL.write(tmp_path / "model.gguf")


@pytest.fixture
def sound(tmp_path: Path, model: Path) -> Path:
    return loras.write(tmp_path / "tea 茶.gguf", loras.for_model(read_header(model)), card={"what": "tea"})


# --- the library ------------------------------------------------------------------------------------


def test_an_adapter_comes_in_is_described_renamed_exported_and_goes(
    app: App, sound: Path, tmp_path: Path
) -> None:
    heard: list[object] = []
    app.events.listen(heard.append)
    added = app.adapters.add(sound, card={"what": "speaks of tea", "settings": {"rank": 4}})
    assert (added.name, added.architecture, added.rank, added.alpha) == ("tea 茶", "llama", 4, 16.0)
    assert added.changes == 3
    assert added.path.parent == app.paths.adapters
    assert added.path.read_bytes() == sound.read_bytes()
    assert app.adapters.list() == [added]
    assert app.adapters.find("TEA 茶") == added
    assert app.adapters.by_hash(added.sha256) == added
    assert app.adapters.by_hash("") is None
    renamed = app.adapters.rename("tea 茶", "kettle")
    assert (renamed.name, renamed.card) == ("kettle", added.card)
    target = app.adapters.export("kettle", tmp_path / "out.gguf")
    assert target.read_bytes() == sound.read_bytes()
    assert json.loads(target.with_suffix(".json").read_text("utf-8"))["what"] == "speaks of tea"
    assert app.adapters.set_card("kettle", {"what": "new"}).card["what"] == "new"
    app.adapters.remove("kettle")
    assert list(app.paths.adapters.iterdir()) == []
    assert sum(isinstance(event, Changed) and "adapters" in event.kinds for event in heard) == 4


def test_what_the_file_says_of_itself_is_its_card_and_so_is_the_one_beside_it(app: App, sound: Path) -> None:
    assert app.adapters.add(sound, "one").card == {"what": "tea"}
    app.adapters.remove("one")
    sound.with_suffix(".json").write_text('{"when": "today"}', encoding="utf-8")
    assert app.adapters.add(sound, "two").card == {"what": "tea", "when": "today"}
    app.paths.adapters.joinpath("two.json").write_text("{broken", encoding="utf-8")
    assert app.adapters.find("two").card == {"what": "tea"}


def test_nothing_is_written_over(app: App, sound: Path, model: Path, tmp_path: Path) -> None:
    app.adapters.add(sound, "tea")
    other = loras.write(tmp_path / "other.gguf", loras.for_model(read_header(model), seed=1))
    with pytest.raises(AdapterError, match="already an adapter “tea”"):
        app.adapters.add(other, "Tea")
    with pytest.raises(AdapterError, match="here already as “tea”"):
        app.adapters.add(sound, "again")
    app.adapters.add(other, "milk")
    with pytest.raises(AdapterError, match="already an adapter"):
        app.adapters.rename("milk", "TEA")
    with pytest.raises(AdapterError, match="cannot be written"):
        app.adapters.export("milk", other)
    assert other.stat().st_size > 0
    assert [one.name for one in app.adapters.list()] == ["milk", "tea"]
    assert not list(app.paths.adapters.glob(".*"))


@pytest.mark.parametrize("name", ["", "a/b", "a=1", "a, b", " a", "a.", "x" * 300, "a\nb", "..", "\ud800"])
def test_names_that_lead_elsewhere_or_cannot_be_typed_are_refused(app: App, sound: Path, name: str) -> None:
    if not name:
        sound = sound.rename(sound.with_name(".gguf"))
    with pytest.raises(AdapterError, match=r"cannot be called|cannot be used"):
        app.adapters.add(sound, name)
    assert app.adapters.list() == []


def test_an_adapter_that_is_not_there_is_an_error_that_names_those_that_are(app: App, sound: Path) -> None:
    with pytest.raises(AdapterError, match="no adapter named “tea”"):
        app.adapters.find("tea")
    app.adapters.add(sound, "kettle")
    with pytest.raises(AdapterError, match="kettle"):
        app.adapters.remove("tea")


def test_a_file_that_was_damaged_later_is_listed_with_its_problem(app: App, sound: Path) -> None:
    added = app.adapters.add(sound, "tea")
    added.path.write_bytes(added.path.read_bytes()[:700])
    [found] = app.adapters.list()
    assert found.problem and found.size_bytes == 700
    with pytest.raises(AdapterError, match="cannot be used"):
        app.adapters.find("tea")
    app.adapters.remove("tea")
    assert app.adapters.list() == []


def test_a_file_that_somebody_put_there_under_a_name_nobody_can_choose_is_renamed(
    app: App, sound: Path
) -> None:
    app.paths.adapters.mkdir(parents=True)
    for name in ("a, b.gguf", "c=1.gguf"):
        (app.paths.adapters / name).write_bytes(sound.read_bytes() + name.encode())
    assert all("needs another" in one.problem for one in app.adapters.list())
    with pytest.raises(AdapterError, match="a, b"):
        app.adapters.find("a, b")
    assert app.adapters.rename("a, b", "ab").problem == ""
    assert [one.name for one in app.adapters.list()] == ["ab", "c=1"]


def test_the_others_are_not_opened_to_find_one(
    app: App, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each turn looks its adapters up, also while a slider is moved: a hundred others cost it nothing."""
    for number in range(3):
        app.adapters.add(_other(sound, number), f"other {number}")
    opened: list[str] = []

    def read(path: Path) -> AdapterFile:
        opened.append(path.stem)
        return read_adapter(path)

    monkeypatch.setattr("teahouse.models.adapters.read_adapter", read)
    app.adapters.find("other 1")
    assert opened == ["other 1"]


def _other(sound: Path, number: int) -> Path:
    """The same with other bytes at its end."""
    file = sound.with_name(f"{number}.gguf")
    file.write_bytes(sound.read_bytes() + bytes([number]))
    return file


# --- what is refused --------------------------------------------------------------------------------


def test_what_is_no_adapter_is_refused_with_the_reason(tmp_path: Path, model: Path) -> None:
    whole, file = loras.pair((64, 64)), tmp_path / "x.gguf"
    a, b = whole
    norm = {"blk.0.attn_norm.weight": np.ones(64, np.float32)}
    broken = {
        "not an adapter": lambda: file.write_bytes(model.read_bytes()),
        "of the kind “control_vector”": lambda: loras.write(file, {MATRIX: whole}, kind="control_vector"),
        "of the kind “\\?”": lambda: loras.write(file, {MATRIX: whole}, kind=None),
        "changes nothing": lambda: loras.write(file, {}),
        "no part of a LoRA change": lambda: loras.write(file, {MATRIX: whole}, more=norm),
        "lora_b” is missing": lambda: loras.write(file, {}, more={f"{MATRIX}.lora_a": a}),
        "lora_a” is missing": lambda: loras.write(file, {}, more={f"{MATRIX}.lora_b": b}),
        "do not go together": lambda: loras.write(file, {MATRIX: (a, b[:, :3])}),
        "is kept as I32": lambda: loras.write(file, {MATRIX: (a.astype(np.int32), b)}),
        "is kept as F64": lambda: loras.write(file, {MATRIX: (a, b.astype(np.float64))}),
        "is no number": lambda: loras.write(file, {MATRIX: whole}, alpha=float("nan")),
        "it is empty": lambda: file.write_bytes(b""),
        "not a GGUF file": lambda: file.write_bytes(b"adapter" * 40),
        "PyTorch model": lambda: file.write_bytes(b"PK\x03\x04" + b"0" * 99),
        "safetensors": lambda: file.write_bytes(b'\x40\0\0\0\0\0\0\0{"a": 1}'),
    }
    for reason, make in broken.items():
        make()
        with pytest.raises(AdapterError, match=reason):
            read_adapter(file)
    with pytest.raises(AdapterError, match="does not exist"):
        read_adapter(tmp_path / "nowhere.gguf")
    with pytest.raises(AdapterError, match="folder"):
        read_adapter(tmp_path)


@pytest.mark.parametrize("kind", [GGUFValueType.UINT32, GGUFValueType.BOOL, GGUFValueType.FLOAT64])
def test_an_alpha_of_another_type_would_end_llama_cpp_and_is_refused(
    tmp_path: Path, kind: GGUFValueType
) -> None:
    file = odd(tmp_path / "x.gguf", {"general.type": "adapter"}, kind)
    with pytest.raises(AdapterError, match=r"adapter\.lora\.alpha” is no number"):
        read_adapter(file)
    assert read_adapter(odd(file, {"general.type": "adapter"}, GGUFValueType.FLOAT32)).alpha == 1.0


@pytest.mark.parametrize("told", [{}, {"general.type": 1}, {"general.type": "model"}])
def test_a_file_that_does_not_say_that_it_is_an_adapter_is_refused(
    tmp_path: Path, told: dict[str, Any]
) -> None:
    with pytest.raises(AdapterError, match=r"general\.type” is not “adapter”"):
        read_adapter(odd(tmp_path / "x.gguf", told, GGUFValueType.FLOAT32))


def odd(path: Path, told: dict[str, Any], alpha: GGUFValueType) -> Path:
    """An adapter whose header has these values, and its alpha of this type."""
    writer = GGUFWriter(str(path), "llama")
    for key, value in told.items():
        writer.add_key_value(
            key, value, GGUFValueType.STRING if isinstance(value, str) else GGUFValueType.UINT32
        )
    writer.add_string("adapter.type", "lora")
    writer.add_key_value("adapter.lora.alpha", 1 if alpha is GGUFValueType.UINT32 else 1.0, alpha)
    for half, values in zip("ab", loras.pair((64, 64)), strict=True):
        writer.add_tensor(f"{MATRIX}.lora_{half}", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_of_two_names_that_differ_only_in_case_the_exact_one_goes(app: App, sound: Path) -> None:
    folder = app.adapters.add(sound, "tea").path.parent
    (folder / "Tea.gguf").write_bytes(sound.read_bytes())  # put there by hand
    if len(app.adapters.list()) == 1:
        pytest.skip("names differ in more than case here")
    for name, left in (("tea", ["Tea"]), ("TEA", [])):
        app.adapters.remove(name)
        assert [one.name for one in app.adapters.list()] == left


def test_a_name_that_was_taken_meanwhile_keeps_its_card(
    app: App, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.adapters.add(sound, "tea", card={"what": "the first"})
    monkeypatch.setattr(app.adapters, "_files", list)  # as if another process had put it there just now
    with pytest.raises(AdapterError, match="cannot be written"):
        app.adapters.add(sound, "tea", card={"what": "the second"})
    monkeypatch.undo()
    assert app.adapters.find("tea").card["what"] == "the first"


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_that_are_none_are_found(app: App, tmp_path: Path, dtype: type, value: float) -> None:
    a, b = loras.pair((64, 64), dtype=dtype)
    assert app.adapters.add(loras.write(tmp_path / "good.gguf", {MATRIX: (a, b)})).rank == 4
    b[17, 2] = value
    with pytest.raises(AdapterError, match="lora_b” holds numbers that are none"):
        app.adapters.add(loras.write(tmp_path / "bad.gguf", {MATRIX: (a, b)}))
    assert [one.name for one in app.adapters.list()] == ["good"]


def test_a_file_cut_anywhere_or_changed_is_refused_or_read_and_never_worse(
    app: App, sound: Path, tmp_path: Path
) -> None:
    data, file, source = sound.read_bytes(), tmp_path / "cut.gguf", random.Random(7)
    header = read_header(sound).data_offset
    for at in [*range(0, header, max(1, header // 25)), len(data) - 1]:
        file.write_bytes(data[:at])
        with pytest.raises(AdapterError):
            app.adapters.add(file)
    for _number in range(150):
        changed = bytearray(data)
        for _byte in range(source.randint(1, 4)):
            changed[source.randrange(header)] = source.randrange(256)
        file.write_bytes(changed)
        try:
            app.adapters.remove(app.adapters.add(file).name)
        except AdapterError as error:
            assert error.text


def test_what_does_not_fit_a_model_is_told_before_llama_cpp_sees_it(tmp_path: Path, model: Path) -> None:
    header = read_header(model)

    def misfit(name: str, dims: tuple[int, ...], architecture: str = "llama") -> str:
        file = loras.write(tmp_path / "x.gguf", {name: loras.pair(dims)}, architecture=architecture)
        return read_adapter(file).misfit(header)

    assert misfit(MATRIX, (64, 64)) == ""
    assert "architecture “qwen2”" in misfit(MATRIX, (64, 64), "qwen2")
    assert "“blk.99.attn_q.weight”, which the model does not have" in misfit("blk.99.attn_q.weight", (64, 64))
    assert "64 × 63" in misfit(MATRIX, (64, 63))
    assert "63 × 64" in misfit(MATRIX, (63, 64))
    assert "64 × 64 × 2" in misfit(MATRIX, (64, 64, 2))


def test_the_table_of_tokens_lies_turned(tmp_path: Path, model: Path) -> None:
    """As llama.cpp has it: A is (rank, vocabulary), B is (rank, width) in a header's order."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(320, 4)).astype(np.float32), rng.normal(size=(64, 4)).astype(np.float32)
    file = read_adapter(loras.write(tmp_path / "x.gguf", {"token_embd.weight": (a, b)}))
    assert (file.rank, file.misfit(read_header(model))) == (4, "")
    tied = Small("llama", is_tied=True).write(tmp_path / "tied.gguf")
    assert "also computes its output with" in file.misfit(read_header(tied))


def test_a_header_that_lies_is_no_adapter(tmp_path: Path) -> None:
    metadata = {"general.architecture": "llama", "general.type": "adapter", "adapter.type": "lora"}
    file = ggufs.write(tmp_path / "x.gguf", metadata, [ggufs.tensor(f"{MATRIX}.lora_a", (4,), 0, 0)])
    with pytest.raises(AdapterError):
        read_adapter(file)


# --- a choice ---------------------------------------------------------------------------------------


def test_a_choice_is_read_and_written() -> None:
    chosen = parse_choice(" tea 茶 = 0.8 ,poems, off=0,")
    assert chosen == (Chosen("tea 茶", 0.8), Chosen("poems", 1.0), Chosen("off", 0.0))
    assert parse_choice(format_choice(chosen)) == chosen
    assert parse_choice("") == ()


@pytest.mark.parametrize("text", ["a=2", "a=-0.1", "a=x", "a=nan", "=1", "a,A", ",".join("abcdefghi")])
def test_a_choice_that_cannot_be_is_refused_in_words(app: App, text: str) -> None:
    with pytest.raises(SettingError, match="no choice of adapters"):
        parse_choice(text)
    with pytest.raises(SettingError):
        app.settings.set("chat.adapters", text)


def test_a_choice_is_looked_up_for_a_model(app: App, sound: Path, model: Path, tmp_path: Path) -> None:
    added = app.adapters.add(sound, "tea")
    name = str(model)
    [found] = fitted(app, parse_choice("TEA=0.5, gone=0"), name)
    assert found == ("tea", str(added.path), added.sha256, 0.5)
    assert paths_of(app, [(added.sha256, 0.5)]) == ((str(added.path), 0.5),)
    other = Small("qwen2", has_bias=True).write(tmp_path / "other.gguf")
    with pytest.raises(AdapterError, match=r"cannot be used with .*other\.gguf: it was made for"):
        fitted(app, parse_choice("tea"), str(other))
    with pytest.raises(AdapterError, match="no adapter named “gone”"):
        fitted(app, parse_choice("gone"), name)
    with pytest.raises(AdapterError, match="no longer here"):
        paths_of(app, [("ab" * 32, 1.0)])
