"""ggml's block formats, against the reference in the package `gguf`."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")
gguf = pytest.importorskip("gguf")

from gguf.quants import dequantize as reference  # noqa: E402

from teahouse.models.quantization import TENSOR_TYPES  # noqa: E402
from teahouse_torch.dequantize import BLOCKS_AT_ONCE, FORMATS, dequantize, is_known  # noqa: E402

TYPES = {form.name: form for form in TENSOR_TYPES.values()}
HALVES = {"Q4_0": (0,), "Q4_1": (0, 2), "Q5_0": (0,), "Q5_1": (0, 2), "Q8_0": (0,), "Q2_K": (80, 82),
          "Q3_K": (108,), "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,), "IQ4_NL": (0,),
          "IQ4_XS": (0,)}  # fmt: skip


def random_blocks(form: str, count: int) -> np.ndarray:
    """Any bytes are a block, but the half floats are finite."""
    rng = np.random.default_rng(7)
    blocks = rng.integers(0, 256, (count, TYPES[form].block_bytes), np.uint8)
    for start in HALVES[form]:
        scales = rng.normal(0, 0.1, count).astype("<f2")
        blocks[:, start : start + 2] = scales.view(np.uint8).reshape(count, 2)
    return blocks


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_the_reference(form: str) -> None:
    blocks = random_blocks(form, 500)
    expected = reference(blocks.reshape(500, -1), gguf.GGMLQuantizationType[form])
    length = TYPES[form].block_length
    made = dequantize(
        torch.from_numpy(blocks.reshape(-1)),
        form,
        block_bytes=TYPES[form].block_bytes,
        count=500 * length,
        dtype=torch.float32,
    )
    assert np.isfinite(expected).all() and np.abs(expected).max() > 0
    np.testing.assert_allclose(made.numpy().reshape(500, length), expected, rtol=0, atol=1e-6)


def test_long_tensors_are_read_in_parts() -> None:
    count = BLOCKS_AT_ONCE + 3
    blocks = random_blocks("Q8_0", count)
    data = torch.from_numpy(blocks.reshape(-1))
    made = dequantize(data, "Q8_0", block_bytes=34, count=count * 32, dtype=torch.bfloat16)
    assert made.dtype == torch.bfloat16
    expected = reference(blocks, gguf.GGMLQuantizationType.Q8_0)
    np.testing.assert_allclose(made.float().numpy().reshape(count, 32), expected, rtol=0.004)


@pytest.mark.parametrize(("form", "dtype"), [("F32", "<f4"), ("F16", "<f2")])
def test_plain_numbers_stay_as_they_are(form: str, dtype: str) -> None:
    values = np.linspace(-3, 3, 64).astype(dtype)
    data = torch.from_numpy(values.view(np.uint8).copy())
    made = dequantize(data, form, block_bytes=0, count=64, dtype=torch.float32)
    np.testing.assert_array_equal(made.numpy(), values.astype(np.float32))
    data.zero_()
    assert made[0] == -3  # it has memory of its own


def test_what_cannot_be_read_is_known() -> None:
    assert is_known("Q4_K") and is_known("BF16")
    assert not is_known("IQ1_S") and not is_known("NVFP4")
