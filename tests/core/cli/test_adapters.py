"""`teahouse adapters …` and `ask --adapter` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.models.gguf import read_header
from tests.core.cli.commands import Done, is_quiet, teahouse
from tests.core.models import loras
from tests.core.torch.small import Small


@pytest.fixture
def model(home: Path) -> Path:
    (home / "data" / "models").mkdir(parents=True)
    return Small("llama").write(home / "data" / "models" / "base.gguf")


@pytest.fixture
def file(home: Path, model: Path) -> Path:
    changes = loras.for_model(read_header(model))
    return loras.write(home / "tea 茶.gguf", changes, card={"what": "speaks of tea"})


def refused(done: Done, words: str) -> None:
    assert done.returncode in (1, 2), done
    assert words in done.stderr
    assert is_quiet(done)


def test_added_listed_described_renamed_exported_and_removed(home: Path, file: Path) -> None:
    assert "No adapter" in teahouse("adapters", "list").stdout
    added = json.loads(teahouse("adapters", "add", str(file), "--json").stdout)
    assert (added["name"], added["rank"], added["card"]) == ("tea 茶", 4, {"what": "speaks of tea"})
    assert "rank 4" in teahouse("adapters", "list").stdout
    told = teahouse("adapters", "info", "tea 茶", "--model", "base").stdout
    assert "speaks of tea" in told
    assert "Fits base" in told
    teahouse("adapters", "rename", "tea 茶", "kettle")
    out = home / "out.gguf"
    assert teahouse("adapters", "export", "kettle", str(out)).stdout.strip() == str(out)
    assert out.read_bytes() == file.read_bytes()
    refused(teahouse("adapters", "export", "kettle", str(out)), "cannot be written")
    refused(teahouse("adapters", "remove", "kettle"), "--yes")
    assert teahouse("adapters", "remove", "kettle", "--yes").returncode == 0
    assert json.loads(teahouse("adapters", "list", "--json").stdout) == []


def test_errors_are_told_in_words(home: Path, file: Path, model: Path) -> None:
    refused(teahouse("adapters", "add", str(model)), "not an adapter")
    refused(teahouse("adapters", "add", str(home / "gone.gguf")), "does not exist")
    refused(teahouse("adapters", "info", "tea"), "no adapter named")
    refused(teahouse("ask", "--adapter", "tea=7", "Hi", "--model", "base"), "no choice of adapters")
    refused(teahouse("ask", "--adapter", "tea", "Hi", "--model", "base"), "no adapter named")


@pytest.mark.gguf
def test_a_merge_makes_a_model(home: Path, file: Path) -> None:
    teahouse("adapters", "add", str(file), "--name", "tea")
    done = teahouse("adapters", "merge", "base", "tea=0.5", "--name", "brewed", "--type", "q8_0", "--json")
    made = json.loads(done.stdout)
    assert Path(made["path"]).stat().st_size == made["size_bytes"]
    assert read_header(Path(made["path"])).quantization == "Q8_0"
    refused(teahouse("adapters", "merge", "base", "tea", "--name", "brewed"), "already a model")


@pytest.mark.gguf
def test_ask_with_an_adapter_answers_otherwise(home: Path, starter: Path) -> None:
    changes = loras.for_model(read_header(starter), seed=2, size=0.12)
    file = loras.write(home / "tea.gguf", changes, architecture="qwen2")
    teahouse("adapters", "add", str(file))
    asked = ("ask", "What is the capital of France?", "--model", str(starter), "--temperature", "0",
             "--max-tokens", "12", "--json")  # fmt: skip
    told = [teahouse(*asked, *more, within_s=200) for more in ([], ["--adapter", "tea=1.4"])]
    plain, adapted = (json.loads(done.stdout)["reply"] for done in told)
    assert plain != adapted
