"""What a header says of a model's parts: given once, given per layer, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from teahouse.models.gguf import read_header
from teahouse.models.header import Header
from tests.core.models import ggufs


def header(folder: Path, **values: Any) -> Header:
    own = {f"foo.{key.replace('__', '.')}": value for key, value in values.items()}
    return read_header(ggufs.write(folder / "a.gguf", {"general.architecture": "foo", **own}))


def test_heads_given_once_hold_for_every_layer(tmp_path: Path) -> None:
    found = header(tmp_path, block_count=3, attention__head_count=8, embedding_length=64)
    assert (found.heads, found.kv_heads) == ((8, 8, 8), (8, 8, 8))
    assert (found.key_length, found.value_length) == (8, 8)


def test_heads_given_per_layer_are_kept(tmp_path: Path) -> None:
    found = header(tmp_path, block_count=3, attention__head_count=8, attention__head_count_kv=[0, 2, 4])
    assert found.kv_heads == (0, 2, 4)
    short = header(tmp_path, block_count=3, attention__head_count=8, attention__head_count_kv=[1, 2])
    assert short.kv_heads == (1, 2, 2)


def test_lengths_that_are_named_go_before_the_width(tmp_path: Path) -> None:
    found = header(
        tmp_path,
        block_count=1,
        embedding_length=64,
        attention__head_count=8,
        attention__key_length=576,
        attention__value_length=512,
        attention__key_length_mla=192,
        attention__sliding_window=1024,
    )
    assert (found.key_length, found.value_length, found.sliding_window) == (576, 512, 1024)
    assert found.is_latent


def test_experts_count_by_how_many_are_used(tmp_path: Path) -> None:
    found = header(
        tmp_path,
        block_count=2,
        feed_forward_length=[100, 50],
        expert_feed_forward_length=30,
        expert_count=64,
        expert_used_count=4,
    )
    assert (found.feed_forward_length, found.experts, found.used_experts) == (120, 64, 4)
    assert header(tmp_path, block_count=2, feed_forward_length=[100, 50]).feed_forward_length == 100


def test_a_tied_output_has_no_tensor_of_its_own(tmp_path: Path) -> None:
    assert header(tmp_path).has_tied_output
    own = ggufs.tensor("output.weight", (32, 3), 0, 0)
    assert not read_header(ggufs.write(tmp_path / "b.gguf", None, [own])).has_tied_output


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"block_count": 2, "attention__head_count": "many"},
        {"block_count": 2, "attention__head_count": ["x"]},
    ],
)
def test_what_is_not_said_is_nothing(tmp_path: Path, values: dict[str, Any]) -> None:
    found = header(tmp_path, **values)
    assert set(found.heads) <= {0}
    assert (found.key_length, found.feed_forward_length, found.sliding_window) == (0, 0, 0)
    assert not found.is_latent
