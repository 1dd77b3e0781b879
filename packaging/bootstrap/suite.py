"""The checks and the tests as commands, and what surrounds them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bootstrap.console import say
from bootstrap.loopback import enter_loopback_only
from bootstrap.place import Place

DESKTOP = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY")
"""What leads to the person's own screen; the tests have a private one."""


def check_commands(place: Place) -> list[list[str]]:
    """Lint, format, types, structure."""
    python = str(place.python)
    return [
        [python, "-m", "ruff", "check", "."],
        [python, "-m", "ruff", "format", "--check", "."],
        [python, "-m", "mypy"],
        [python, "-m", "pytest", "-q", "tests/test_structure.py"],
    ]


def run_checks(place: Place, call: Callable[..., int] = subprocess.call) -> int:
    """Run every check, also after one failed; 1 when any did."""
    codes = []
    for command in check_commands(place):
        say(f"$ {' '.join(command[2:])}")
        codes.append(call(command, cwd=place.root, env=place.child_environment()))
    return int(any(codes))


WORKERS_AT_MOST = 4
"""Many tests run a model on all cores: more workers only take time from each other."""


def test_command(place: Place, arguments: Sequence[str]) -> list[str]:
    """One pytest run over everything but the soak tests; `arguments` may choose otherwise (`-n 0`)."""
    workers = ["-n", str(min(os.cpu_count() or 1, WORKERS_AT_MOST)), "--dist", "loadfile"]
    chosen = ["-p", "network_guard", "-m", "not soak", *workers, *arguments]
    return [str(place.python), "-m", "pytest", *chosen]


def test_environment(
    place: Place, model: Path, guard_log: Path, *, embedder: Path | None = None
) -> dict[str, str]:
    """The tests' environment: the models, no way to the person's screen, guarded Python children."""
    environ = place.child_environment(
        PYTHONPATH=str(place.root / "tests" / "guard"),
        TEAHOUSE_GUARD_LOG=str(guard_log),
        TEAHOUSE_TEST_MODEL=str(model),
        **({"TEAHOUSE_TEST_EMBEDDER": str(embedder)} if embedder else {}),
    )
    return {name: value for name, value in environ.items() if name not in DESKTOP}


def run_tests(place: Place, model: Path, arguments: Sequence[str], *, embedder: Path | None = None) -> int:
    """Run the tests without a network but loopback; pytest's own lines come last."""
    say(enter_loopback_only())
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="teahouse-guard-") as folder:
        environ = test_environment(place, model, Path(folder) / "refused", embedder=embedder)
        return subprocess.call(test_command(place, arguments), cwd=place.root, env=environ)


def replace_process(command: Sequence[str], *, environ: dict[str, str]) -> int:
    """Become the command: keys and signals reach it directly. Windows can only wait for it."""
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.call(command, env=environ)
    return os.execve(command[0], list(command), environ)
