"""What a hostile loader tries beside its file: other processes, files' rights, outliving its end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from teahouse.passages import Loader
from teahouse.workers.process import Workers
from teahouse_documents.loaders import system_calls
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.parsing import Parsing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")

HOSTILE = """
import ctypes, os, signal, subprocess, threading, time
from teahouse.passages import Piece

libc = ctypes.CDLL(None, use_errno=True)


def fails(number):
    if number != -1 or ctypes.get_errno() != 1: raise AssertionError(number)
    raise PermissionError


def load(path, context):
    file, parent = str(path), os.getppid()
    tries = {
        "signal": lambda: os.kill(parent, 0),
        "signal to all": lambda: os.kill(-1, 0),
        "group": lambda: os.killpg(os.getpgid(parent), 0),
        "priority": lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
        "trace": lambda: fails(libc.ptrace(16, parent, 0, 0)),
        "handle": lambda: os.pidfd_open(parent),
        "memory": lambda: open(f"/proc/{parent}/mem", "rb"),
        "session": os.setsid,
        "rights": lambda: os.chmod(file, 0o777),
        "times": lambda: os.utime(file, (1, 1)),
        "shared memory": lambda: fails(libc.shmget(0, 4096, 0o1600)),
        "fork": lambda: os.fork() or os._exit(0),
        "program": lambda: subprocess.run(["/bin/true"]),
    }
    for name, attempt in tries.items():
        try:
            attempt()
            yield Piece(f"{name} was allowed")
        except PermissionError:
            pass
    threads = [threading.Thread(target=int) for _number in range(3)]
    [one.start() for one in threads], [one.join() for one in threads]
    yield Piece("threads are allowed")
    if "abort" in path.read_text(): os.abort()
"""

OUTLIVING = """
import os, time
from teahouse.passages import Piece


def load(path, context):
    yield Piece("before")
    try:
        os.kill(os.getppid(), 0)
        yield Piece("a signal was allowed")
    except PermissionError:
        pass
    for _number in range(20):
        if os.fork() == 0:
            try:
                os.setsid()
            except PermissionError:
                pass
            os.execv("/bin/sleep", ["sleep", "311"])
"""


def run(folder: Path, code: str, text: str, *, languages: tuple[str, ...] = ()) -> list[str]:
    (folder / "hostile_loader.py").write_text(code, "utf-8")
    file = folder / "a.hostile"
    file.write_text(text, "utf-8")
    workers = Workers()
    loaders = [Loader("hostile", (".hostile",), "hostile_loader:load")]
    parsing = Parsing(workers, loaders=loaders, limits=Limits(silent_s=5.0), ocr_languages=languages)
    try:
        return [piece.text for piece in parsing.parse(file)]
    finally:
        workers.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    return tmp_path


def test_a_loader_reaches_nothing_but_its_file(folder: Path) -> None:
    assert run(folder, HOSTILE, "quiet") == ["threads are allowed"]


def test_what_it_starts_where_it_may_cannot_outlive_it(folder: Path) -> None:
    """With recognition on a loader may start programs; these stay in its group."""
    assert run(folder, OUTLIVING, "x", languages=("eng",)) == ["before"]
    assert not [one for one in Path("/proc").glob("[0-9]*/cmdline") if _is_sleeper(one)]


def _is_sleeper(path: Path) -> bool:
    try:
        return path.read_bytes() == b"sleep\x00311\x00"
    except OSError:
        return False


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("may_start", [False, True])
def test_every_jump_of_the_program_stays_inside(machine: str, may_start: bool) -> None:
    code = system_calls.program(machine, pid=7, may_start=may_start)
    steps = [code[at : at + 8] for at in range(0, len(code), 8)]
    for at, step in enumerate(steps):
        if step[0] in (system_calls.EQUAL, system_calls.AT_LEAST, system_calls.HAS_BITS):
            assert at + 1 + max(step[2], step[3]) < len(steps)
    assert steps[-1][0] == system_calls.RETURN
