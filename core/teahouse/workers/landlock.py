"""Linux's Landlock: from here on this process sees only the files it was given.

Source: the kernel's userspace-api/landlock.rst. Works without root, holds for good and for all
threads and children started afterwards; a kernel without it leaves everything as it was.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_FILE, MAKE_FILE, TRUNCATE = 1 << 5, 1 << 8, 1 << 14
READ = EXECUTE | READ_FILE | READ_DIR
KEEP = READ_FILE | READ_DIR | WRITE_FILE | REMOVE_FILE | MAKE_FILE | TRUNCATE
FOLDER_ONLY = READ_DIR | sum(1 << bit for bit in range(4, 14))
RIGHTS_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}


def version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, _syscall(CREATE_RULESET, None, 0, VERSION_FLAG))


def confine(*, readable: Iterable[Path], writable: Iterable[Path], devices: Iterable[Path]) -> bool:
    """Refuse this process every file but these (and what lies below them); False where that cannot be had.

    In `writable` folders it may make, write, rename and remove plain files, and nothing else.

    The process must have set no_new_privs.
    """
    known = version()
    if known == 0:
        return False
    handled = RIGHTS_BY_VERSION[min(known, max(RIGHTS_BY_VERSION))]
    attributes = struct.pack("<Q", handled)
    ruleset = _syscall(CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(ruleset, path, READ & handled)
        for path in writable:
            _allow(ruleset, path, KEEP & handled)
        for path in devices:
            _allow(ruleset, path, handled & ~EXECUTE)
        return _syscall(RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def system_paths() -> list[Path]:
    """What any Python child must read: the interpreter, its packages, system libraries, facts of the CPU."""
    # `-m` puts the working folder into sys.path, which may well be the person's home
    packages = [entry for entry in sys.path if entry not in ("", str(Path.cwd()))]
    own = [sys.prefix, sys.base_prefix, sys.exec_prefix, *packages]
    system = ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom"]
    facts = ["/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system"]
    return [Path(name) for name in dict.fromkeys([*own, *system, *facts])]


def device_paths() -> list[Path]:
    """What a back end on a graphics card must read and write; nothing where there is none (not run)."""
    nodes = ("nvidiactl", "dri", "kfd")
    has_card = any(Path("/dev", name).exists() for name in nodes)
    return [Path("/dev"), Path("/proc"), Path("/sys")] if has_card else []


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there cannot be read anyway
    try:
        if not path.is_dir():
            rights &= ~FOLDER_ONLY
        rule = struct.pack("<Qi", rights, descriptor)
        _syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _syscall(number: int, *arguments: Any) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    converted = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return int(libc.syscall(ctypes.c_long(number), *converted))
