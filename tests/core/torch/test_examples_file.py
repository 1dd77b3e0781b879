"""Examples on the disk: written without torch, read the same by us and by safetensors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from teahouse_torch import examples_file

ROWS = [([5, 6, 7], [0, 1, 1]), ([70_000, 2], [0, 1]), ([9], [0])]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "train.safetensors"
    sizes = examples_file.write(path, iter([*ROWS, ([], [])]))
    assert sizes == examples_file.sizes(path) == examples_file.Sizes(3, 6, 3, 3)
    assert [(list(ids), list(flags)) for ids, flags in examples_file.read(path)] == ROWS
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [path.name]


def test_torch_reads_the_same(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("safetensors")
    from teahouse_torch.examples import read_examples

    path = tmp_path / "train.safetensors"
    examples_file.write(path, ROWS)
    read = read_examples(path)
    assert [(one.ids.tolist(), one.learned.int().tolist()) for one in read] == ROWS


def test_flags_belong_to_ids(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 ids with 1 flags"):
        examples_file.write(tmp_path / "x.safetensors", [([1, 2], [1])])


@pytest.mark.parametrize("length", [0, 7, 60, 200, -1])
def test_a_damaged_file_is_refused(length: int, tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    examples_file.write(path, ROWS)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ValueError, match=r"x\.safetensors"):
        list(examples_file.read(path))


LIGHT = """
import sys
import teahouse_torch.examples_file, teahouse_torch.memory, teahouse_torch.run_folder, teahouse_torch.settings
print([name for name in ("torch", "numpy", "safetensors", "gguf", "llama_cpp") if name in sys.modules])
"""


def test_what_the_app_uses_needs_no_torch() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
