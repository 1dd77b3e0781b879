"""How the tests are run: one pytest, a model, no screen of the person's, no network."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from bootstrap.place import Place
from bootstrap.suite import check_commands, run_checks, test_command, test_environment

from tests.packaging.conftest import ROOT

test_command.__test__ = test_environment.__test__ = False  # type: ignore[attr-defined]
GUARD = str(ROOT / "tests" / "guard")


def test_pytest_arguments_come_last(place: Place) -> None:
    command = test_command(place, ["-k", "store", "-m", "gguf"])
    assert command[:3] == [str(place.python), "-m", "pytest"]
    assert command[-4:] == ["-k", "store", "-m", "gguf"]
    assert command[command.index("-m", 2) + 1] == "not soak"


def test_tests_run_side_by_side_unless_told_otherwise(place: Place) -> None:
    command = test_command(place, ["-n", "0"])
    first, last = (index for index, word in enumerate(command) if word == "-n")
    assert 1 <= int(command[first + 1]) <= 4 and command[last + 1] == "0"
    assert command[command.index("--dist") + 1] == "loadfile"


def test_tests_see_the_model_and_the_guard_but_not_the_screen(place: Place) -> None:
    environ = replace(place, environ={"DISPLAY": ":0", "WAYLAND_DISPLAY": "w", "LANG": "C"})
    found = test_environment(environ, Path("/m.gguf"), Path("/refused"))
    assert found == {
        "LANG": "C",
        "PYTHONPATH": str(place.root / "tests" / "guard"),
        "TEAHOUSE_GUARD_LOG": "/refused",
        "TEAHOUSE_TEST_MODEL": "/m.gguf",
    }


def test_every_check_runs_also_after_one_failed(place: Place) -> None:
    ran: list[Sequence[str]] = []

    def call(command: Sequence[str], **options: object) -> int:
        ran.append(command)
        return int("mypy" in command)

    assert run_checks(place, call) == 1
    assert ran == check_commands(place)


def python(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python under the guard."""
    variables = {**os.environ, "PYTHONPATH": GUARD, **environ}
    return subprocess.run(
        [sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('192.0.2.1', 80), 1)",
        "socket.socket().connect_ex(('192.0.2.1', 80))",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
        "socket.getaddrinfo('models.example', 443)",
        "urllib.request.urlopen('http://models.example/')",
    ],
)
def test_a_child_cannot_reach_the_network_and_the_attempt_is_noted(code: str, tmp_path: Path) -> None:
    log = tmp_path / "refused"
    done = python(f"import socket, urllib.request\n{code}", TEAHOUSE_GUARD_LOG=str(log))
    assert done.returncode == 1
    assert "guard refuses the network" in done.stderr
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


def test_a_child_reaches_loopback(tmp_path: Path) -> None:
    log = tmp_path / "refused"
    code = """
import socket
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(("localhost", server.getsockname()[1])).sendall(b"tea")
print(server.accept()[0].recv(3))
"""
    assert python(code, TEAHOUSE_GUARD_LOG=str(log)).stdout == "b'tea'\n"
    assert not log.exists()


def test_a_test_whose_child_tried_fails(tmp_path: Path) -> None:
    """Also when the child swallowed the error."""
    (tmp_path / "test_it.py").write_text(
        """
import subprocess, sys
CODE = "import socket\\ntry: socket.create_connection(('192.0.2.1', 80), 1)\\nexcept OSError: pass"
def test_quiet(): pass
def test_loud(): assert subprocess.call([sys.executable, "-c", CODE]) == 0
def test_quiet_again(): pass
""",
        encoding="utf-8",
    )
    environ = {**os.environ, "PYTHONPATH": GUARD, "TEAHOUSE_GUARD_LOG": str(tmp_path / "refused")}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "network_guard",
        "-p",
        "no:cacheprovider",
        "test_it.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert "3 passed, 1 error" in done.stdout, done.stdout
    assert "the network was tried: [\"('192.0.2.1', 80)" in done.stdout


NAMESPACE = """
import socket, sys
sys.path.insert(0, sys.argv[1])
from bootstrap.loopback import enter_loopback_only
print(enter_loopback_only())
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 9))
except OSError as error:
    print(error.strerror)
"""


def test_a_namespace_has_only_loopback() -> None:
    """Where the kernel allows one, there is no way out of it; where not, one line says so."""
    command = [sys.executable, "-I", "-c", NAMESPACE, str(ROOT / "packaging")]  # -I: without the guard
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told, *rest = done.stdout.splitlines()
    if "only loopback." in told:
        assert rest == ["Network is unreachable"]
    else:
        assert told.startswith("Network: no namespace of its own here (")
