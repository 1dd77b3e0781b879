"""How much memory a model takes: against what is published, and against the real starter."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teahouse.app import App
from teahouse.engine.configuration import EngineConfig
from teahouse.engine.estimate import (
    cache_bits,
    can_quantize_cache,
    compute_bytes,
    estimate,
    padded_context,
    slots,
)
from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse.models.gguf import read_header
from tests.core.engine.families import FAMILIES, Family
from tests.core.engine.opening import opened
from tests.core.models import ggufs

BY_NAME = {family.name: family for family in FAMILIES}
MIB = 1 << 20
CONFIGS = st.builds(
    EngineConfig,
    context=st.integers(256, 100_000),
    batch=st.integers(8, 2048),
    kv_type=st.sampled_from(["f16", "q8_0", "q4_0"]),
    flash_attention=st.sampled_from(["auto", "on", "off"]),
)


@pytest.mark.parametrize(
    ("name", "bytes_per_token"),
    [
        ("llama-2-7b", 524_288),
        ("llama-3-8b", 131_072),
        ("llama-3.3-70b", 327_680),
        ("qwen2.5-7b", 57_344),
        ("qwen2.5-0.5b", 12_288),
        ("deepseek-v2-lite", 27 * 576 * 2),  # one latent vector a layer and no values
        ("mamba-1.4b", 0),
        ("lfm2-1.2b", 6 * 2 * 8 * 64 * 2),  # ten of its sixteen layers keep none
    ],
)
def test_the_cache_takes_what_is_published(name: str, bytes_per_token: int) -> None:
    assert sum(cache_bits(BY_NAME[name].header(), EngineConfig())) == bytes_per_token * 8


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_all_weights_are_counted_once_on_the_processor(family: Family) -> None:
    header = family.header()
    assert estimate(header, EngineConfig()).weights == sum(t.size_bytes for t in header.tensors)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_nothing_is_lost_on_the_way_to_a_card(family: Family) -> None:
    """Weights and context are the same wherever they lie; a tied output lies in two places."""
    header, config = family.header(), EngineConfig()
    parts = slots(header, config)
    alone = estimate(header, config)
    for count in (1, len(parts.sizes) // 2, len(parts.sizes)):
        placed = estimate(header, config, share=(count,))
        assert placed.context == alone.context
        assert placed.weights == alone.weights + parts.tied
        assert placed.devices == (sum(parts.sizes[-count:]) + compute_bytes(header, config),)


def test_a_quantized_cache_takes_about_half() -> None:
    header = BY_NAME["llama-3-8b"].header()
    full, half = (estimate(header, EngineConfig(kv_type=kind)).context for kind in ("f16", "q8_0"))
    assert half / full == pytest.approx(34 / 64)


def test_without_flash_attention_values_stay_f16_and_every_head_is_held() -> None:
    header = BY_NAME["llama-3-8b"].header()
    off = EngineConfig(kv_type="q8_0", flash_attention="off", context=8192)
    assert estimate(header, off).context == 8192 * 32 * 8 * 128 * (34 / 32 + 2)
    assert compute_bytes(header, off) > 256 * 8192 * 32 * 4
    assert compute_bytes(header, replace(off, flash_attention="on")) < 256 * 8192 * 32 * 4


def test_a_context_ends_where_the_model_s_training_did() -> None:
    header = BY_NAME["llama-2-7b"].header()
    assert padded_context(header, EngineConfig(context=100_000)) == 4096
    assert padded_context(header, EngineConfig(context=1000)) == 1024


def test_heads_that_are_no_whole_blocks_cannot_be_quantized() -> None:
    assert can_quantize_cache(BY_NAME["llama-3-8b"].header())
    assert not can_quantize_cache(replace(BY_NAME["llama-3-8b"], head=80).header())


@given(family=st.sampled_from(FAMILIES), config=CONFIGS)
@hypothesis_settings(max_examples=60, deadline=None, database=None)
def test_more_of_anything_never_takes_less(family: Family, config: EngineConfig) -> None:
    header = family.header()
    least = estimate(header, config)
    for bigger in (
        replace(config, context=config.context * 2),
        replace(config, batch=config.batch * 2),
        replace(config, kv_type="f16"),
    ):
        more = estimate(header, bigger)
        assert more.total >= least.total
        assert more.host >= least.host


@given(family=st.sampled_from(FAMILIES), config=CONFIGS)
@hypothesis_settings(max_examples=30, deadline=None, database=None)
def test_each_layer_on_the_card_takes_from_the_machine_and_adds_to_the_card(
    family: Family, config: EngineConfig
) -> None:
    header = family.header()
    counts = range(len(slots(header, config).sizes) + 1)
    found = [estimate(header, config, share=(count,)) for count in counts]
    for before, after in itertools.pairwise(found):
        assert after.devices[0] >= before.devices[0]
    for before, after in itertools.pairwise(found[1:]):
        assert after.host <= before.host


def test_a_header_that_says_nothing_gives_a_number_all_the_same(tmp_path: Path) -> None:
    header = read_header(ggufs.write(tmp_path / "bare.gguf", {"general.architecture": "foo"}))
    assert estimate(header, EngineConfig()).weights == sum(t.size_bytes for t in header.tensors)


def test_a_header_that_claims_billions_of_layers_is_bounded(tmp_path: Path) -> None:
    claims = {"general.architecture": "foo", "foo.block_count": 4_000_000_000, "foo.attention.head_count": 1}
    header = read_header(ggufs.write(tmp_path / "bold.gguf", claims))
    assert len(header.kv_heads) == 1024


@pytest.mark.gguf
@pytest.mark.parametrize("context", [1024, 16_384])
def test_the_estimate_is_near_what_the_starter_takes(app: App, starter: Path, context: int) -> None:
    """Memory of the child after a reply, and of its context alone; the file's pages count too."""
    app.settings.set("engine.context", context)
    engine = opened(app, str(starter))
    ids = engine.render([{"role": "user", "content": "word " * 300}]).ids
    list(engine.generate(ids, sampling=Sampling(), max_tokens=2, stop=(), cancel=Cancel()))
    rows = Path(f"/proc/{engine.pid}/status").read_text("ascii").splitlines()
    [taken] = [int(row.split()[1]) << 10 for row in rows if row.startswith("VmRSS")]
    found = estimate(read_header(starter), engine.config)
    assert 0.65 < taken / found.host < 1.35, (taken / MIB, found)
