"""A model's child process tries the network and the person's files, and gets nowhere.

The child is started exactly as the app starts it for the starter model; only verbs that try are added.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.engine import client
from teahouse.plugins import Backend
from teahouse.workers import landlock
from tests.core.engine.opening import opened

pytestmark = [
    pytest.mark.gguf,
    pytest.mark.skipif(sys.platform != "linux", reason="seccomp and Landlock are Linux's"),
]

SPY = '''
"""The engine's own verbs, and some that try what they should not."""

import os
import socket
from pathlib import Path

from teahouse.engine.child import serve as serve_engine


def serve(server):
    serve_engine(server)
    for name in ("connect", "read", "list", "write", "status", "fifo", "link", "environment"):
        server.verb(f"try_{name}", lambda call, name=name, **args: tried(globals()[name], **args))


def tried(function, **args):
    try:
        return function(**args)
    except OSError as error:
        return type(error).__name__


def connect(family):
    return f"made {socket.socket(getattr(socket, family)).close()}"


def read(path):
    return f"read {len(Path(path).open('rb').read(64))}"


def list(path):
    return f"listed {os.listdir(path)}"


def write(path):
    return f"written {Path(path).open('ab').write(b'x')}"


def fifo(path):
    return f"made {os.mkfifo(path)}"


def link(path):
    return f"linked {os.symlink('/etc/passwd', path)}"


def environment():
    return sorted(os.environ)


def status():
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return {k: v.strip() for k, v in (line.split(":", 1) for line in lines) if k in ("NoNewPrivs", "Seccomp")}
'''

Try = Callable[..., object]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with a diary, known to the child as its own."""
    folder, spy = tmp_path / "home of 田中", tmp_path / "spy"
    for made in (folder, spy):
        made.mkdir()
    (folder / "diary.txt").write_text("secret", "utf-8")
    (spy / "spying_engine.py").write_text(SPY, "utf-8")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("SOME_SERVICE_TOKEN", "secret")
    monkeypatch.setenv("PYTHONPATH", f"{spy}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    spying = Backend(client.LLAMA.name, "spying_engine:serve", list_models=client.LLAMA.list_models)
    monkeypatch.setattr(client, "LLAMA", spying)
    return folder


@pytest.fixture
def house(folder: Path, app: App) -> App:
    app.settings.set("engine.context", 256)
    return app


@pytest.fixture
def attempt(house: App, starter: Path) -> Try:
    """Let the child of the loaded starter try something: what it got, or the name of the error."""
    engine = opened(house, starter)
    return lambda verb, **args: engine._worker.call(
        f"try_{verb}", **{name: str(value) for name, value in args.items()}
    )


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"])
def test_no_socket(attempt: Try, family: str) -> None:
    assert attempt("connect", family=family) == "PermissionError"


def test_the_kernel_says_the_same(attempt: Try, house: App) -> None:
    assert attempt("status") == {"NoNewPrivs": "1", "Seccomp": "2"}
    [engine] = house.engines._engines.values()
    assert engine.isolation["network"] is True
    assert engine.isolation["no_new_privs"] is True
    assert engine.isolation["landlock"] is (landlock.version() > 0)


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
def test_no_file_of_the_person(attempt: Try, folder: Path, house: App, tmp_path: Path) -> None:
    house.settings.set("chat.temperature", 0.5)
    house.store.create_conversation()
    other = house.paths.models / "other.gguf"
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_bytes(b"GGUF")
    readable = [folder / "diary.txt", house.paths.database, house.paths.settings_file, other]
    assert all(path.stat().st_size for path in readable), "there is nothing to be refused"
    for path in [*readable, Path("/etc/passwd"), Path(f"/proc/{os.getpid()}/environ")]:
        assert attempt("read", path=path) == "PermissionError", path
    for path in (folder, tmp_path, house.paths.data, Path("/home"), Path("/tmp"), Path("/")):
        assert attempt("list", path=path) == "PermissionError", path


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
def test_nothing_is_written(attempt: Try, folder: Path, house: App, starter: Path) -> None:
    before = starter.stat().st_size
    for path in (folder / "diary.txt", folder / "new.txt", house.paths.database, Path("/tmp/teahouse-spy")):
        assert attempt("write", path=path) == "PermissionError", path
    assert attempt("write", path=starter) == "PermissionError"
    assert starter.stat().st_size == before
    assert (folder / "diary.txt").read_text("utf-8") == "secret"


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
def test_its_own_model_can_be_read(attempt: Try, starter: Path) -> None:
    """Otherwise the refusals above would show nothing."""
    assert attempt("read", path=starter.resolve()) == "read 64"


def test_no_secret_of_the_environment(attempt: Try) -> None:
    seen = attempt("environment")
    assert isinstance(seen, list)
    assert "PATH" in seen
    assert not {"SOME_SERVICE_TOKEN", "HOME"} & set(seen)


@pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")
def test_no_states_of_other_models_and_only_plain_files_of_its_own(attempt: Try, house: App) -> None:
    [engine] = house.engines._engines.values()
    own, other = house.states.prepare(engine.model_hash), house.states.prepare("another")
    (other / "secret.state").write_bytes(b"what was said")
    assert attempt("write", path=own / "a.state") == "written 1"
    assert attempt("read", path=own / "a.state") == "read 1"
    assert attempt("list", path=house.states.folder) == "PermissionError"
    assert attempt("read", path=other / "secret.state") == "PermissionError"
    assert attempt("write", path=other / "secret.state") == "PermissionError"
    assert attempt("fifo", path=own / "b.state") == "PermissionError"
    assert attempt("link", path=own / "c.state") == "PermissionError"
