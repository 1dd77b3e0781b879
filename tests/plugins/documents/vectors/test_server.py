"""A real chroma server on loopback."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse_documents.values import DocumentsError
from teahouse_documents.vectors import Broken, Vectors
from teahouse_documents.vectors.server import connect
from tests.plugins.documents.indexes import Shelf, unit_rows

COUNT = 300


class Server:
    """`chroma run` with its own folder."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder)]
        self._command += ["--host", "127.0.0.1", "--port", str(self.port)]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "served")
    yield server
    server.stop()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "index.db")
    shelf.add([f"text {n}" for n in range(COUNT)], unit_rows(COUNT))
    return shelf


def in_step(found: Vectors, shelf: Shelf) -> None:
    for _step in range(100):
        if not found.take_in(shelf.index):
            return
    raise AssertionError("it is never in step")


def ask(found: Vectors, shelf: Shelf, number: int) -> tuple[int, str]:
    with shelf.index.reading() as connection:
        hits, by = found.search(connection, unit_rows(COUNT)[number], limit=3)
    return hits[0].id, by


def test_a_server_holds_the_vectors_and_answers(shelf: Shelf, server: Server, tmp_path: Path) -> None:
    server.start()
    found = Vectors(tmp_path / "chroma", token="t", server=server.address)
    in_step(found, shelf)
    assert ask(found, shelf, 7) == (8, "server")
    shelf.remove([8])
    in_step(found, shelf)
    assert ask(found, shelf, 7)[0] != 8
    assert not (tmp_path / "chroma").exists()  # nothing is kept twice
    found.close()
    with shelf.index.writing() as connection:  # changed while the server was not used
        connection.execute("INSERT INTO unsynced SELECT 1, ?", (shelf.embedder_id,))
    again = Vectors(tmp_path / "chroma", token="t", server=server.address)
    in_step(again, shelf)
    assert ask(again, shelf, 9) == (10, "server")
    again.close()


def test_texts_do_not_go_to_the_server(shelf: Shelf, server: Server, tmp_path: Path) -> None:
    server.start()
    shelf.add(["a secret sentence"], unit_rows(1, seed=8), path="/secret-name.txt")
    found = Vectors(tmp_path / "chroma", token="t", server=server.address)
    in_step(found, shelf)
    found.close()
    server.stop()
    files = [path for path in (tmp_path / "served").rglob("*") if path.is_file()]
    assert files
    assert all(needle not in f.read_bytes() for f in files for needle in (b"secret sentence", b"secret-name"))


def test_without_its_server_the_library_goes_on(
    shelf: Shelf, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Vectors(tmp_path / "chroma", token="t", server=server.address)
    in_step(found, shelf)
    assert ask(found, shelf, 7) == (8, "exact")
    assert server.address in found.problem
    monkeypatch.setattr("teahouse_documents.vectors.vectors.RETRY_S", 0.0)
    found._retry_at = 0.0
    server.start()
    in_step(found, shelf)
    assert ask(found, shelf, 7) == (8, "server")
    assert found.problem == ""
    server.stop()
    assert ask(found, shelf, 7) == (8, "exact")
    assert server.address in found.problem
    found.close()


@pytest.mark.parametrize("address", ["", "ftp://host", "http://", "http://host:notaport"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(DocumentsError, match="no address"):
        connect(address)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Broken):
        connect(f"http://127.0.0.1:{port}")
