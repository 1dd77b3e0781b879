"""What a child process gives up before it touches foreign data (Linux; elsewhere it reports False).

Sources: prctl(2), setrlimit(2), seccomp(2) and the kernel's seccomp_filter.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from teahouse.workers import landlock

PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS = 1, 22, 38, 39
SECCOMP_MODE_FILTER = 2
SIGKILL = 9
LARGEST_FILE_BYTES = 4 << 30

# (audit architecture, socket, io_uring_setup); a 64-bit x86 kernel also takes x32 numbers.
SYSCALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
X32_BIT = 0x40000000
AF_INET, AF_INET6 = 2, 10

BPF_LOAD, BPF_JUMP_EQUAL, BPF_JUMP_AT_LEAST, BPF_RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES


def restrict(
    *,
    has_network: bool,
    readable: Sequence[Path] | None = None,
    writable: Sequence[Path] = (),
    has_devices: bool = True,
) -> dict[str, bool]:
    """Give up rights for good; returns what holds afterwards, by name.

    Args:
        has_network: Keep the network: it is this child's task.
        readable: Files and folders this child may read besides the interpreter and the system's
            libraries; it then writes nothing but what is `writable`. None leaves it every file.
        has_devices: It may compute on a graphics card where there is one.
    """
    devices = landlock.device_paths() if has_devices else []
    is_alone = readable is not None and not devices
    return {
        "dies_with_parent": _on_linux(lambda libc: libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0),
        "no_new_privs": _on_linux(_no_new_privs),
        "limits": set_limits(is_writer=bool(writable)),
        "network": not has_network and _on_linux(lambda libc: _refuse_network(libc, is_alone=is_alone)),
        "landlock": readable is not None
        and landlock.confine(
            readable=[*landlock.system_paths(), *readable],
            writable=writable,
            devices=[Path(os.devnull), *devices],
        ),
    }


def set_limits(*, is_writer: bool = False) -> bool:
    """No core dumps (they would hold conversations), a bound on open files and on what a writer writes."""
    try:
        import resource
    except ImportError:  # Windows
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    bound = 1024 if hard == resource.RLIM_INFINITY else min(1024, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, bound) if soft > 0 else bound, bound))
    if is_writer:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE_BYTES, LARGEST_FILE_BYTES))
    return True


def network_filter(machine: str, *, is_alone: bool = False) -> bytes:
    """A seccomp program that refuses IPv4 and IPv6 sockets, and io_uring, which could make them.

    Args:
        is_alone: Refuse sockets of every kind: local ones lead to other programs, which may do anything.

    Raises:
        KeyError: No system call numbers are known for `machine`.
    """
    architecture, socket, io_uring = SYSCALLS[machine]
    program = [
        (BPF_LOAD, 0, 0, 4),  # the architecture of the caller
        (BPF_JUMP_EQUAL, 0, 7, architecture),  # another one: refused
        (BPF_LOAD, 0, 0, 0),  # the system call's number
        (BPF_JUMP_AT_LEAST, 5, 0, X32_BIT),
        (BPF_JUMP_EQUAL, 4, 0, io_uring),
        (BPF_JUMP_EQUAL, 0, 4, socket),  # anything else: allowed
        (BPF_JUMP_AT_LEAST, 2, 2, 0) if is_alone else (BPF_LOAD, 0, 0, 16),  # refused, or the address family
        (BPF_JUMP_EQUAL, 1, 0, AF_INET),
        (BPF_JUMP_EQUAL, 0, 1, AF_INET6),
        (BPF_RETURN, 0, 0, REFUSE),
        (BPF_RETURN, 0, 0, ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _on_linux(give_up: Any) -> bool:
    return sys.platform == "linux" and bool(give_up(ctypes.CDLL(None, use_errno=True)))


def _no_new_privs(libc: Any) -> bool:
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)


def _refuse_network(libc: Any, *, is_alone: bool) -> bool:
    machine = platform.machine()
    if machine not in SYSCALLS or sys.byteorder != "little":
        return False
    code = network_filter(machine, is_alone=is_alone)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
