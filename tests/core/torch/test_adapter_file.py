"""An adapter file makes llama.cpp answer as torch does with the same change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gguf")
pytest.importorskip("safetensors")

from teahouse.models.gguf import read_header  # noqa: E402
from teahouse_torch import lora  # noqa: E402
from teahouse_torch.adapter_file import write_adapter  # noqa: E402
from teahouse_torch.decoder import Decoder  # noqa: E402
from teahouse_torch.loading import load  # noqa: E402
from teahouse_torch.lora import Lora  # noqa: E402
from tests.core.torch.native import native_logits  # noqa: E402
from tests.core.torch.small import SMALL  # noqa: E402
from tests.core.torch.test_decoder import IDS, divergence  # noqa: E402


def changed(path: Path, wanted: Lora) -> Decoder:
    """The model with a change that is not nothing."""
    model = load(path, dtype=torch.float32)
    lora.add(model, wanted, seed=1)
    generator = torch.Generator().manual_seed(2)
    for _name, (_a, b) in lora.changes(model).items():
        b.copy_(torch.randn(b.shape, generator=generator) * 0.05)
    return model


def logits(model: Decoder) -> np.ndarray:
    with torch.no_grad():
        return model(torch.tensor([IDS]))[0].numpy()


@pytest.mark.parametrize("name", ["llama", "qwen2", "gemma3"])
@pytest.mark.parametrize("is_rank_stabilised", [False, True])
def test_llama_cpp_answers_as_torch_does(name: str, tmp_path: Path, *, is_rank_stabilised: bool) -> None:
    path = SMALL[name].write(tmp_path / "base.gguf")
    wanted = Lora(rank=4, alpha=6.0, is_rank_stabilised=is_rank_stabilised)
    model, file = changed(path, wanted), tmp_path / "adapter.gguf"
    write_adapter(
        file, lora.changes(model), architecture=SMALL[name].architecture, alpha=wanted.file_alpha, name="test"
    )
    theirs = native_logits(path, IDS, tmp_path, adapter=file)
    assert divergence(logits(model), theirs) <= 1e-5
    lora.switch(model, is_on=False)
    assert divergence(logits(model), theirs) > 1e-3  # the change is one that can be seen


def test_half_of_a_change_is_half_of_its_alpha(tmp_path: Path) -> None:
    path = SMALL["qwen2"].write(tmp_path / "base.gguf")
    wanted = Lora(rank=4)
    model, file = changed(path, wanted), tmp_path / "adapter.gguf"
    write_adapter(file, lora.changes(model), architecture="qwen2", alpha=wanted.file_alpha, name="test")
    for _name, layer in lora.chosen(model, lora.TARGETS):
        layer._scale = replace(wanted, alpha=wanted.alpha / 2).scale
    theirs = native_logits(path, IDS, tmp_path, adapter=file, scale=0.5)
    assert divergence(logits(model), theirs) <= 1e-5


def test_the_file_says_what_it_is(tmp_path: Path) -> None:
    path = SMALL["qwen2"].write(tmp_path / "base.gguf")
    model, file = changed(path, Lora(rank=4)), tmp_path / "adapter.gguf"
    write_adapter(
        file, lora.changes(model), architecture="qwen2", alpha=16.0, name="茶", card={"base": "abc"}
    )
    header = read_header(file)
    assert header.kind == "adapter" and header.name == "茶"
    assert header.metadata["teahouse.base"] == "abc"
    assert not (tmp_path / "adapter.gguf.part").exists()


def test_only_what_is_chosen_is_changed(tmp_path: Path) -> None:
    model = load(SMALL["qwen2"].write(tmp_path / "base.gguf"), dtype=torch.float32)
    trained = lora.add(model, Lora(rank=4, targets=("attn_q", "attn_v")), seed=0)
    assert {name.rpartition(".")[2] for name in lora.changes(model)} == {"attn_q", "attn_v"}
    assert len(trained) == 2 * 2 * model.c.layers
