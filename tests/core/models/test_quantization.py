"""The table of tensor types equals that of the ggml library in use."""

from __future__ import annotations

import ctypes
import importlib.util
from pathlib import Path

import pytest

from teahouse.models.quantization import FILE_TYPES, REMOVED_TENSOR_TYPES, TENSOR_TYPES, TensorType


@pytest.fixture
def ggml() -> ctypes.CDLL:
    found = importlib.util.find_spec("llama_cpp")
    folder = Path(found.origin).parent / "lib" if found and found.origin else Path("none")
    libraries = [path for name in ("libggml-base.so", "libggml-base.dylib") for path in folder.glob(name)]
    if not libraries:
        pytest.skip("llama-cpp-python is not installed")
    library = ctypes.CDLL(str(libraries[0]))
    library.ggml_type_name.restype = ctypes.c_char_p
    library.ggml_type_size.restype = ctypes.c_size_t
    library.ggml_blck_size.restype = ctypes.c_int64
    return library


def test_every_tensor_type_has_the_size_that_ggml_gives_it(ggml: ctypes.CDLL) -> None:
    for type_id in range(max(TENSOR_TYPES) + 1):
        block_length = ggml.ggml_blck_size(type_id)
        if type_id in REMOVED_TENSOR_TYPES:
            assert block_length == 0
            continue
        name = ggml.ggml_type_name(type_id).decode().upper()
        assert TENSOR_TYPES[type_id] == TensorType(name, block_length, ggml.ggml_type_size(type_id))


def test_types_are_either_known_or_removed() -> None:
    assert set(TENSOR_TYPES).isdisjoint(REMOVED_TENSOR_TYPES)
    assert set(TENSOR_TYPES) | REMOVED_TENSOR_TYPES == set(range(43))
    assert FILE_TYPES[15] == "Q4_K_M"
    assert len(set(FILE_TYPES.values())) == len(FILE_TYPES)
