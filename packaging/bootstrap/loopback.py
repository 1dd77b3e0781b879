"""A network namespace of its own, with nothing in it but loopback, for the whole test run."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from pathlib import Path

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1


def enter_loopback_only() -> str:
    """Leave the machine's network, for this process and all it starts.

    Returns:
        One line for people: whether the kernel allowed it.
    """
    try:
        _unshare()
        _start_loopback()
    except (OSError, AttributeError) as error:  # AttributeError: a C library without unshare, as on macOS
        return f"Network: no namespace of its own here ({error}); the tests' guard refuses all but loopback."
    return "Network: a namespace of its own with only loopback."


def _unshare() -> None:
    """Enter a new network namespace: as root directly, else (or where root may not) in a user namespace."""
    library = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0 and library.unshare(CLONE_NEWNET) == 0:
        return
    user, group = os.geteuid(), os.getegid()
    if library.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny", encoding="ascii")
    (own / "uid_map").write_text(f"{user} {user} 1", encoding="ascii")
    (own / "gid_map").write_text(f"{group} {group} 1", encoding="ascii")


def _start_loopback() -> None:
    """Set `lo` up: a new namespace has it switched off."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
