"""Long steps: log, signs of life, failure, stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bootstrap.commands import ask, progress, work
from bootstrap.console import Stop, duration

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


def test_ask_gives_code_and_text() -> None:
    done = ask([sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"])
    assert (done.code, sorted(done.text.split())) == (3, ["err", "out"])
    assert ask(["no-such-program-anywhere"]).code == 127


def test_work_keeps_the_output_and_shows_its_end_on_failure(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "step.log"
    command = [sys.executable, "-c", "print('first'); print('the reason'); raise SystemExit(4)"]
    with pytest.raises(Stop) as raised:
        work(command, title="A step", log=log, environ=os.environ)
    assert "the reason" in str(raised.value)
    assert "code 4" in str(raised.value)
    assert log.read_text(encoding="utf-8") == "first\nthe reason\n"


def test_work_tells_that_it_lives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-uc", "import time; print('[7/20] Building x'); time.sleep(2)"]
    work(command, title="Compiling", log=tmp_path / "log", environ=os.environ, beat_s=0.5)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Compiling"
    assert any("7 of 20 files compiled" in line for line in lines[1:])


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="no-such-program"):
        work(["no-such-program"], title="x", log=tmp_path / "log", environ={})


def test_progress_is_the_last_line_without_a_counter(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("Collecting a\nDownloading b (3 MB)\n\n", encoding="utf-8")
    assert progress(log) == "Downloading b (3 MB)"


def test_progress_is_seen_through_warnings(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("[3/9] Building x\n" + "  |  ^~~ warning\n" * 20_000, encoding="utf-8")
    assert progress(log) == "3 of 9 files compiled"


def test_duration() -> None:
    assert [duration(s) for s in (5, 75.9, 3600)] == ["0:05", "1:15", "60:00"]


@pytest.mark.skipif(os.name == "nt", reason="process groups")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_the_step_and_all_it_started(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, or make being ended, leaves no compiler behind."""
    started = tmp_path / "pid"
    script = f"""
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell has it ignored
sys.path.insert(0, {str(PACKAGING)!r})
from bootstrap import targets
from bootstrap.commands import work
def step(place, arguments):
    work(["sh", "-c", 'sleep 300 & echo $! > "$0"; wait', {str(started)!r}], title="x", log=place.log("x"),
         environ=place.child_environment())
targets.TARGETS = {{"run": step}}
sys.exit(targets.main(["run"]))
"""
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", script], env=environ, stderr=subprocess.PIPE) as process:
        wait_until(lambda: started.is_file() and started.read_text(encoding="utf-8").strip() != "")
        process.send_signal(number)
        process.wait(30)
    assert process.returncode == (130 if number == signal.SIGINT else 143)
    grandchild = int(started.read_text(encoding="utf-8"))
    wait_until(lambda: not is_running(grandchild))


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    state = ask(["ps", "-o", "stat=", "-p", str(pid)]).text.strip()
    return bool(state) and not state.startswith("Z")


def wait_until(is_so, limit_s: float = 20.0) -> None:  # type: ignore[no-untyped-def]
    """Wait for a condition; fails after a generous time."""
    end = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)
