"""The devices that a build of llama.cpp can compute on, and the memory that is free."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from teahouse.language import _, listed

if TYPE_CHECKING:
    from teahouse.workers.child import Call

Kind = Literal["cpu", "gpu", "igpu", "accel"]
ROOT = Path("/")
UNLIMITED = 1 << 60
"""The first version of control groups writes a number of this size for “no limit”."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes:
        name: llama.cpp's, such as `CUDA0`; unique.
        kind: `gpu` has memory of its own, `igpu` shares the machine's; `accel` helps the processor.
    """

    name: str
    description: str
    kind: Kind
    free_bytes: int
    total_bytes: int

    @property
    def can_hold_layers(self) -> bool:
        """Whether it is a graphics card, so that layers can be placed on it."""
        return self.kind in ("gpu", "igpu")

    @property
    def shares_memory(self) -> bool:
        """Whether what lies on it is taken from the machine's memory, as with Apple's chips."""
        return self.kind == "igpu" or (self.kind == "gpu" and self.name.startswith(("Metal", "MTL")))


@dataclass(frozen=True, slots=True)
class Machine:
    """What a model can be placed on at this moment.

    Attributes:
        free_bytes: Memory a new process can take; None where that cannot be known.
        has_gpu_offload: Whether the build of llama.cpp can place layers on a graphics card at all.
        oom_kills: Processes that the kernel has ended for lack of memory since it started.
    """

    devices: tuple[Device, ...] = ()
    free_bytes: int | None = None
    has_gpu_offload: bool = False
    oom_kills: int = 0

    @property
    def cards(self) -> list[Device]:
        """The graphics cards that are used: integrated ones only where there is no other."""
        if not self.has_gpu_offload:
            return []
        own = [device for device in self.devices if device.kind == "gpu"]
        return own or [device for device in self.devices if device.kind == "igpu"]

    @property
    def name(self) -> str:
        """Its cards in one line, so that what helped is remembered for these; empty for none."""
        return ", ".join(f"{card.name} {card.description} {card.total_bytes >> 20}" for card in self.cards)


def facts(call: Call) -> dict[str, Any]:
    """A child's verb: what this build of llama.cpp is and which devices it sees."""
    from teahouse.engine.llama.build import build_facts

    return build_facts()


def read_machine(told: Mapping[str, Any]) -> Machine:
    """The machine from what a child's `facts` say of its build, and what is free now."""
    free_bytes = free_memory()
    return Machine(
        devices=tuple(_device(row, free_bytes or 0) for row in told.get("devices", ())),
        free_bytes=free_bytes,
        has_gpu_offload=bool(told.get("gpu_offload")),
        oom_kills=oom_kills(),
    )


def _device(row: Mapping[str, Any], free_bytes: int) -> Device:
    """A row of the table; an integrated card that names no memory has the machine's (llama.cpp #18577)."""
    kind = row.get("kind", "cpu")
    names_none = kind == "igpu" and not row.get("total_bytes")
    return Device(
        name=str(row.get("name", "")),
        description=str(row.get("description", "")),
        kind=kind if kind in get_args(Kind) else "accel",
        free_bytes=free_bytes if names_none else int(row.get("free_bytes", 0)),
        total_bytes=int(row.get("total_bytes", 0)),
    )


def cards_text(machine: Machine) -> str:
    """What the build can use, in one sentence."""
    if not machine.has_gpu_offload:
        return _("No graphics card can be used: this build of llama.cpp computes on the processor alone.")
    if not machine.cards:
        return _("This build of llama.cpp could use a graphics card, but sees none.")
    text = _("{name} ({description}, {free} of {total} GB free)")
    cards = [
        text.format(
            name=card.name,
            description=card.description,
            free=f"{card.free_bytes / 1e9:.1f}",
            total=f"{card.total_bytes / 1e9:.1f}",
        )
        for card in machine.cards
    ]
    return _("Layers can be placed on {cards}.").format(cards=listed(cards))


# --- memory of the machine --------------------------------------------------------------------------


def free_memory(root: Path = ROOT) -> int | None:
    """Bytes that a new process can take without pushing others out; None where that cannot be known.

    Linux: `MemAvailable`, and what is left of every control group this process is in. Windows and macOS
    are asked in their own ways (not run).

    Args:
        root: The folder that holds `proc` and `sys`; another one in tests.
    """
    if sys.platform == "win32":
        return _free_on_windows()
    available = _meminfo(root).get("MemAvailable")
    if available is None:
        return _free_by_sysconf()
    return min([available, *_left_in_groups(root)])


def oom_kills(root: Path = ROOT) -> int:
    """Processes that the kernel has ended for lack of memory; 0 where it does not count them."""
    for line in _text(root / "proc/vmstat").splitlines():
        name, _space, count = line.partition(" ")
        if name == "oom_kill" and count.isdigit():
            return int(count)
    return 0


def _meminfo(root: Path) -> dict[str, int]:
    rows = (line.split() for line in _text(root / "proc/meminfo").splitlines())
    return {row[0].rstrip(":"): int(row[1]) << 10 for row in rows if len(row) > 1 and row[1].isdigit()}


def _left_in_groups(root: Path) -> Iterator[int]:
    """What is left below each limit of a control group; files that can be dropped count as free."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        controllers, path = (*line.split(":", 2), "", "")[1:3]
        if controllers == "memory":
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            yield from _left_below(root / "sys/fs/cgroup/memory", path, names)
        elif not controllers:
            names = ("memory.max", "memory.current", "inactive_file")
            yield from _left_below(root / "sys/fs/cgroup", path, names)


def _left_below(mount: Path, path: str, names: tuple[str, str, str]) -> Iterator[int]:
    limit_file, used_file, droppable = names
    group = mount / path.strip("/")
    for folder in (group, *group.parents):
        limit, used = _text(folder / limit_file), _text(folder / used_file)
        if limit.isdigit() and used.isdigit() and int(limit) < UNLIMITED:
            rows = (line.split() for line in _text(folder / "memory.stat").splitlines())
            files = {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}
            yield max(0, int(limit) - int(used) + files.get(droppable, 0))
        if folder == mount:
            return


def _free_by_sysconf() -> int | None:
    names = getattr(os, "sysconf_names", {})
    if "SC_AVPHYS_PAGES" in names:
        return int(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    if "SC_PHYS_PAGES" in names:  # macOS compresses and drops: three quarters is what others count on too
        return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")) * 3 // 4
    return None


class _MemoryStatus(ctypes.Structure):
    """Windows: MEMORYSTATUSEX."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("free", ctypes.c_uint64),
        ("others", ctypes.c_uint64 * 5),
    )


def _free_on_windows() -> int | None:
    if sys.platform != "win32":
        return None
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    is_known = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.free) if is_known else None


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip()
    except OSError:
        return ""
