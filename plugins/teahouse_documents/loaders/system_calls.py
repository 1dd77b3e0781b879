"""What the process of one file may not ask of the kernel (Linux): to start, signal or change anything else.

Landlock keeps it from other files, but not from other processes, nor from the rights and times of files.
Sources: seccomp(2), the kernel's seccomp_filter.rst and its tables of system calls.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
X32_BIT = 0x40000000
CLONE_THREAD = 0x00010000

LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW = 0x7FFF0000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
"""Offsets in `struct seccomp_data`; both machines are little-endian."""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CALLS = {
    # other processes
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # away from the group of processes that is ended with it
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "setns": (308, 268),
    "unshare": (272, 97),
    # what stays when it has ended
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # rights and times of files
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    # the kernel itself
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
}
"""Refused always: numbers on x86_64 and aarch64."""
STARTING = {
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
}
"""Refused where no other program is needed."""
LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446
LANDLOCK_VERSION, LANDLOCK_SCOPES = 1, 6
"""The flag that asks for the version; the version from which on signals can be kept inside."""
SCOPE_SIGNAL = 2
CLONE, CLONE3, TGKILL, PRLIMIT = (56, 220), (435, 435), (234, 131), (302, 261)
"""Allowed for threads of its own, for signals to itself, and for its own limits."""

Instruction = tuple[int, int, int, int]


def refuse_calls(*, may_start: bool) -> bool:
    """Refuse them to this process for good; False where that cannot be had. It must have no_new_privs.

    Args:
        may_start: It needs another program, which then has the same bounds.
    """
    if sys.platform != "linux" or sys.byteorder != "little" or platform.machine() not in ARCHITECTURES:
        return False
    code = program(platform.machine(), pid=os.getpid(), may_start=may_start)
    buffer = ctypes.create_string_buffer(code, len(code))
    described = _Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    _keep_signals(libc)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0) == 0)


def program(machine: str, *, pid: int, may_start: bool) -> bytes:
    """The seccomp program for a machine and a process.

    Raises:
        KeyError: No numbers are known for this machine.
    """
    at = list(ARCHITECTURES).index(machine)
    refused = {**CALLS} if may_start else {**CALLS, **STARTING}
    numbers = [call[at] for call in refused.values() if call[at] is not None]
    steps: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[machine]),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, REFUSE),
    ]
    for number in numbers:
        steps += [(EQUAL, 0, 1, number or 0), (RETURN, 0, 0, REFUSE)]
    # its flags stand in memory, where nobody can look: the C library then asks `clone` instead
    steps += [(EQUAL, 0, 1, CLONE3[at]), (RETURN, 0, 0, UNKNOWN)]
    steps += _only(TGKILL[at], (EQUAL, 1, 0, pid))
    steps += _only(PRLIMIT[at], (EQUAL, 1, 0, 0))
    if not may_start:
        steps += _only(CLONE[at], (HAS_BITS, 1, 0, CLONE_THREAD))
    steps.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def _keep_signals(libc: ctypes.CDLL) -> bool:
    """Signals reach only what this process has started (Linux 6.12)."""
    if libc.syscall(LANDLOCK_CREATE, None, 0, LANDLOCK_VERSION) < LANDLOCK_SCOPES:
        return False
    scopes = struct.pack("<QQQ", 0, 0, SCOPE_SIGNAL)
    ruleset = libc.syscall(LANDLOCK_CREATE, scopes, len(scopes), 0)
    if ruleset < 0:
        return False
    held = libc.syscall(LANDLOCK_RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return bool(held)


def _only(number: int, condition: Instruction) -> list[Instruction]:
    """Refuse a call whose first argument does not fit; the condition jumps over one step where it does."""
    test: list[Instruction] = [(LOAD, 0, 0, FIRST_ARGUMENT), condition, (RETURN, 0, 0, REFUSE)]
    return [(EQUAL, 0, len(test), number), *test, (LOAD, 0, 0, NUMBER)]


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))
