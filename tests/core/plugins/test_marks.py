"""Marks on disk: which plugin a process was in when it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from teahouse.plugins.marks import Mark, Marks, plugin_at, stack_of, take_left

PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from teahouse.plugins.marks import Marks

marks = Marks(Path(sys.argv[1]))
marks.begin()
"""


def end_in(folder: Path, *lines: str) -> int:
    """Run lines with begun `marks` in a process; its exit code."""
    program = PROGRAM + "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, timeout=60)
    return done.returncode


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def test_a_process_that_dies_in_a_plugin_leaves_its_name(folder: Path) -> None:
    kill = "with marks.inside('测试', 'register_panels'): os.kill(os.getpid(), signal.SIGKILL)"
    assert end_in(folder, kill) == -signal.SIGKILL
    assert take_left(folder, {}) == [Mark("测试", "register_panels")]
    assert take_left(folder, {}) == []
    assert not folder.exists()


@pytest.mark.parametrize("end", ["os._exit(3)", "marks.end()", "pass"])
def test_one_that_ends_elsewhere_names_nobody(folder: Path, end: str) -> None:
    end_in(folder, "with marks.inside('hello', 'x'): pass", end)
    assert take_left(folder, {}) == []
    assert not folder.exists()


def test_the_innermost_call_of_each_thread_is_named(folder: Path) -> None:
    end_in(
        folder,
        "def wait():",
        "    with marks.inside('other', 'y'):",
        "        ready.set(); threading.Event().wait()",
        "ready = threading.Event()",
        "threading.Thread(target=wait, daemon=True).start()",
        "ready.wait()",
        "with marks.inside('outer', 'x'):",
        "    with marks.inside('gone', 'z'): pass",
        "    with marks.inside('inner', 'y'): os._exit(3)",
    )
    assert {mark.plugin for mark in take_left(folder, {})} == {"inner", "other"}


def test_one_that_stood_still_is_told_as_that_alone(folder: Path) -> None:
    end_in(folder, "marks.freeze('a', 'x'); marks.thaw(); marks.freeze('b', 'paintEvent')",
           "with marks.inside('c', 'y'): os._exit(3)")  # fmt: skip
    assert take_left(folder, {}) == [Mark("b", "paintEvent", is_frozen=True)]


def test_a_native_crash_is_traced_to_the_plugin_s_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "stranger_native.py").write_text("import ctypes\ndef paint(): ctypes.string_at(0)\n", "utf-8")
    lines = (f"sys.path.insert(0, {str(tmp_path)!r})", "import stranger_native", "stranger_native.paint()")
    assert end_in(folder, *lines) == -signal.SIGSEGV
    places = {"hello": [tmp_path / "elsewhere"], "native": [tmp_path / "stranger_native.py"]}
    assert take_left(folder, places) == [Mark("native", "paint")]


def test_a_crash_that_is_no_plugin_s_names_nobody(folder: Path) -> None:
    assert end_in(folder, "import ctypes; ctypes.string_at(0)") == -signal.SIGSEGV
    assert take_left(folder, {"hello": [Path("/nowhere")]}) == []


def test_a_living_process_is_left_alone(folder: Path) -> None:
    marks = Marks(folder)
    marks.begin()
    marks.begin()
    with marks.inside("hello", "x"):
        assert take_left(folder, {}) == []
    assert (folder / f"{os.getpid()}.calls").exists()
    marks.end()
    assert not folder.exists()


def test_before_it_has_begun_nothing_is_written(folder: Path) -> None:
    marks = Marks(folder)
    with marks.inside("hello", "x"):
        marks.freeze("hello", "x")
        marks.thaw()
    marks.end()
    assert not folder.exists()


def test_many_calls_at_once_are_as_many_marks_as_there_are_places(folder: Path) -> None:
    marks = Marks(folder)
    marks.begin()
    entered = [marks.inside("x" * 500, "y" * 500) for _number in range(100)]
    for one in entered:
        one.__enter__()
    for one in entered:
        one.__exit__(None, None, None)
    file = folder / f"{os.getpid()}.calls"
    assert {file.read_bytes()[place * 192] for place in range(32)} == {0}
    marks.end()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff" * 5000, b"1\tx\ta\tb\n" + b"\0" * 6000])
def test_a_damaged_file_names_nobody_and_goes(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "1.calls").write_bytes(content)
    assert take_left(folder, {}) == []
    assert not folder.exists()


def test_where_a_file_belongs() -> None:
    places = {"a": [Path("/x/a")], "b": [Path("/x/b.py")]}
    assert [plugin_at(Path(p), places) for p in ("/x/a/y/z.py", "/x/b.py", "/x/c.py")] == ["a", "b", ""]


def test_the_stack_of_a_thread_has_the_innermost_first() -> None:
    functions = [name for _file, name in stack_of(threading.get_ident())]
    assert functions[:2] == ["stack_of", "test_the_stack_of_a_thread_has_the_innermost_first"]


def test_of_a_native_crash_the_thread_that_crashed_is_the_culprit_s(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "stranger_native.py").write_text("import ctypes\ndef paint(): ctypes.string_at(0)\n", "utf-8")
    lines = [
        f"sys.path.insert(0, {str(tmp_path)!r})",
        "import stranger_native",
        "def wait():",
        "    with marks.inside('innocent', 'list_models'):",
        "        ready.set(); threading.Event().wait()",
        "ready = threading.Event()",
        "threading.Thread(target=wait, daemon=True).start()",
        "ready.wait()",
    ]
    places = {"native": [tmp_path / "stranger_native.py"]}
    assert end_in(folder, *lines, "stranger_native.paint()") == -signal.SIGSEGV
    assert take_left(folder, places) == [Mark("native", "paint")], "between two calls"
    end_in(folder, *lines, "with marks.inside('called', 'x'): stranger_native.paint()")
    assert take_left(folder, places) == [Mark("called", "x")], "in a call"


def test_threads_that_take_the_last_places_at_once_go_on(folder: Path) -> None:
    marks = Marks(folder)
    marks.begin()
    marks._free = Gone()
    with marks.inside("hello", "x"):
        pass
    marks.end()


class Gone(list[int]):
    """Another thread takes the last place between the look and the taking."""

    def __bool__(self) -> bool:
        return True
