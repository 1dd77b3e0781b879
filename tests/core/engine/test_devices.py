"""Devices and free memory: tables as a child tells them, and a kernel's files as they look elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from teahouse.engine.devices import Device, Machine, cards_text, free_memory, oom_kills, read_machine

GPU = {"name": "CUDA0", "description": "Card", "kind": "gpu", "free_bytes": 10**10, "total_bytes": 12 * 10**9}
INTEGRATED = {"name": "Vulkan0", "description": "Chip", "kind": "igpu", "free_bytes": 0, "total_bytes": 0}
CPU = {"name": "CPU", "description": "Xeon", "kind": "cpu", "free_bytes": 1, "total_bytes": 2}
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux")


def machine(*rows: dict[str, Any], gpu_offload: bool = True) -> Machine:
    return read_machine({"devices": list(rows), "gpu_offload": gpu_offload})


def test_the_table_is_taken_as_told() -> None:
    assert machine(CPU, GPU).devices == (
        Device("CPU", "Xeon", "cpu", 1, 2),
        Device("CUDA0", "Card", "gpu", 10**10, 12 * 10**9),
    )


def test_cards_are_those_with_own_memory_else_the_integrated_ones() -> None:
    assert [card.name for card in machine(CPU, INTEGRATED, GPU).cards] == ["CUDA0"]
    assert [card.name for card in machine(CPU, INTEGRATED).cards] == ["Vulkan0"]
    assert machine(CPU).cards == []
    assert machine(GPU, gpu_offload=False).cards == []


def test_an_integrated_card_that_names_no_memory_has_the_machine_s() -> None:
    [card] = machine(INTEGRATED).cards
    assert card.free_bytes == pytest.approx(free_memory(), rel=0.2)
    assert card.shares_memory


def test_a_kind_that_is_not_known_holds_no_layers() -> None:
    assert not machine({**GPU, "kind": "quantum"}).devices[0].can_hold_layers
    assert machine({}).devices[0].kind == "cpu"


def test_other_cards_make_another_name() -> None:
    names = {machine(*rows).name for rows in ([CPU], [GPU], [GPU, {**GPU, "name": "CUDA1"}])}
    assert len(names) == 3
    assert machine(CPU).name == ""
    busy = {**GPU, "free_bytes": 1}
    assert machine(busy).name == machine(GPU).name  # how much is free changes by the minute


def test_what_can_be_used_is_said_in_words() -> None:
    assert "No graphics card can be used" in cards_text(machine(GPU, gpu_offload=False))
    assert "sees none" in cards_text(machine(CPU))
    assert "CUDA0 (Card, 10.0 of 12.0 GB free)" in cards_text(machine(GPU))


# --- free memory ----------------------------------------------------------------------------------


def test_this_machine_has_free_memory() -> None:
    free = free_memory()
    assert free is not None
    assert 10_000_000 < free < 10**14


def place(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "ascii")
    return root


MEMINFO = {"proc/meminfo": "MemTotal:  16000 kB\nMemAvailable:   8000 kB\nHugePages_Total:   0\n"}


@linux
def test_available_memory_is_what_the_kernel_says(tmp_path: Path) -> None:
    assert free_memory(place(tmp_path, MEMINFO)) == 8_192_000


@linux
@pytest.mark.parametrize(
    ("files", "left"),
    [
        (
            {
                "proc/self/cgroup": "0::/app/engine\n",
                "sys/fs/cgroup/app/memory.max": "5000000\n",
                "sys/fs/cgroup/app/memory.current": "3000000\n",
                "sys/fs/cgroup/app/memory.stat": "anon 1\ninactive_file 1000000\n",
                "sys/fs/cgroup/app/engine/memory.max": "max\n",
                "sys/fs/cgroup/app/engine/memory.current": "10\n",
            },
            3_000_000,
        ),
        (
            {
                "proc/self/cgroup": "9:name=systemd:/\n4:memory:/box\n",
                "sys/fs/cgroup/memory/box/memory.limit_in_bytes": "4000000\n",
                "sys/fs/cgroup/memory/box/memory.usage_in_bytes": "4500000\n",
            },
            0,
        ),
        (
            {
                "proc/self/cgroup": "4:memory:/box\n",
                "sys/fs/cgroup/memory/box/memory.limit_in_bytes": f"{2**63 - 4096}\n",
                "sys/fs/cgroup/memory/box/memory.usage_in_bytes": "1\n",
            },
            8_192_000,
        ),
        ({"proc/self/cgroup": "garbage\n\n0::\n"}, 8_192_000),
    ],
    ids=["second version", "first version", "no limit", "garbage"],
)
def test_a_control_group_bounds_it(tmp_path: Path, files: dict[str, str], left: int) -> None:
    assert free_memory(place(tmp_path, MEMINFO | files)) == left


@linux
def test_processes_that_the_kernel_ended_are_counted(tmp_path: Path) -> None:
    assert oom_kills(place(tmp_path, {"proc/vmstat": "pgfault 9\noom_kill 3\n"})) == 3
    assert oom_kills(tmp_path / "nowhere") == 0
    assert oom_kills() >= 0
