"""The only module that reaches the network: files of a hub, wheels of a package index.

Each transfer runs in a child process, so that it can be stopped at any moment, and sends nothing but
the request itself: no token, no telemetry. `python -m teahouse.net` is that child; it ends when the pipe
from its parent closes.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from teahouse.errors import DownloadError, NetworkRefused
from teahouse.language import _, activate, active
from teahouse.partial import (
    Answer,
    DiskFault,
    Partial,
    Unusable,
    check_beginning,
    fetch_rest,
    in_words,
    write_beginning,
)
from teahouse.settings import Settings

CONNECT_S = 10.0
"""A host that does not take a connection in this time is given up."""
STALL_S = 60.0
"""A transfer that brings nothing for this long is given up; longer than a mirror needs to fetch a file."""
POLL_S = 0.1
ANSWER_S = 20.0
"""A hub that answers a question no sooner is given up."""
ANSWER_BYTES = 16 << 20
REPORTED_BYTES = 8 << 30
"""Files that pip looks into, to tell what it would install."""
USUAL_HUB = "https://huggingface.co"
QUIET_HUB = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
}

Answering = Generator[int, None, Any]
"""Yields while it waits, and returns a JSON value that a stranger made. Raises as a `Transfer` does."""
Transfer = Generator[int, None, Path]
"""Yields the bytes that have arrived, at least every 0.2 s, and returns the file. Closing it ends the child.

Raises:
    DownloadError: The file could not be had; the text is the reason alone.
"""


class Net:
    """The way out of the machine; closed when the setting `net.offline` is on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def hub_file(self, repo: str, file: str, *, revision: str, path: Path, size_bytes: int) -> Transfer:
        """Fetch one file of a Hugging Face repository to `path`; what lies there is its beginning.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
            OSError: When stepping: `path` cannot be written.
        """
        self._check_allowed()
        request: dict[str, Any] = {"repo": repo, "file": file, "revision": revision, "path": str(path)}
        request |= {"endpoint": self._hub_endpoint, "size_bytes": size_bytes, "read_s": STALL_S / 2}
        return _hub_file(request, path=path, size_bytes=size_bytes)

    def hub_beginning(self, repo: str, file: str, *, revision: str, path: Path, count_bytes: int) -> Transfer:
        """Fetch the first `count_bytes` of a file of a hub to `path`, or all of a shorter one.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
            OSError: When stepping: `path` cannot be written.
        """
        self._check_allowed()
        request: dict[str, Any] = {"repo": repo, "file": file, "revision": revision, "path": str(path)}
        request |= {"endpoint": self._hub_endpoint, "count_bytes": count_bytes, "read_s": STALL_S / 2}
        return _hub_beginning(request, path=path, limit_bytes=count_bytes)

    def hub_answer(self, path: str) -> Answering:
        """What a hub's interface answers to a GET of this path, which begins with `/api/`, as a JSON value.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return _hub_answer({"path": path, "endpoint": self._hub_endpoint, "read_s": ANSWER_S})

    @property
    def hub_host(self) -> str:
        """Name of the host that models are looked for and fetched from."""
        return urlsplit(self._hub_endpoint or USUAL_HUB).hostname or self._hub_endpoint

    def pip_wheel(self, package: str, version: str, *, folder: Path, limit_bytes: int) -> Transfer:
        """Fetch one wheel with the configured pip into `folder`, which holds nothing else.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return _pip_wheel(f"{package}=={version}", folder=folder, limit_bytes=limit_bytes)

    def pip_report(self, requirement: str, *, constraints: Path, folder: Path) -> Answering:
        """What the configured pip would install for a requirement: the entries of its report; nothing is.

        Args:
            constraints: A file of versions that must not change.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return _pip_report(requirement, constraints=constraints, folder=folder)

    def web_file(self, address: str, *, path: Path, limit_bytes: int) -> Transfer:
        """Fetch a file that an address names to `path`; over TLS, or from this machine.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return _web_file(address, path=path, limit_bytes=limit_bytes)

    @property
    def _hub_endpoint(self) -> str:
        """Another address than the usual one; empty for that."""
        return str(self._settings.get("models.hub_endpoint") or os.environ.get("HF_ENDPOINT", ""))

    def _check_allowed(self) -> None:
        if self._settings.get("net.offline"):
            raise NetworkRefused(
                _("Nothing was downloaded, because the app is set to stay offline."),
                _("Turn off the setting net.offline to allow downloads."),
                setting="net.offline",
            )


def _hub_file(request: dict[str, Any], *, path: Path, size_bytes: int) -> Transfer:
    begun = Partial(path)
    if begun.length > size_bytes:
        begun.clear()
    yield from _from_hub("hub", request, path.parent, lambda: begun.length, limit_bytes=size_bytes)
    return path


def _hub_beginning(request: dict[str, Any], *, path: Path, limit_bytes: int) -> Transfer:
    yield from _from_hub(
        "beginning", request, path.parent, lambda: Partial(path).length, limit_bytes=limit_bytes
    )
    return path


def _hub_answer(request: dict[str, Any]) -> Answering:
    with TemporaryDirectory(prefix="teahouse-", ignore_cleanup_errors=True) as folder:
        answer = yield from _from_hub("answer", request, Path(folder), lambda: 0, limit_bytes=0)
    try:
        return json.loads(answer["text"])
    except (ValueError, KeyError, RecursionError):  # the last: brackets within brackets without end
        raise DownloadError(_("the answer cannot be understood")) from None


def _from_hub(
    verb: str, request: dict[str, Any], folder: Path, arrived: Callable[[], int], *, limit_bytes: int
) -> Generator[int, None, dict[str, Any]]:
    """Let a child ask the hub; returns what the child says of it."""
    output, errors = yield from _run(
        [verb, json.dumps(request)],
        folder=folder,
        arrived=arrived,
        limit_bytes=limit_bytes,
        environment=QUIET_HUB,
    )
    try:
        answer = json.loads(output.splitlines()[-1])
    except (ValueError, IndexError):
        raise DownloadError(_last_line(errors) or _("it ended without an answer")) from None
    if "errno" in answer:
        raise OSError(answer["errno"], answer["reason"])
    if "reason" in answer:
        raise DownloadError(answer["reason"])
    return dict(answer)


def _pip_wheel(requirement: str, *, folder: Path, limit_bytes: int) -> Transfer:
    # One retry, not five; and pip's cache would keep a second copy of files that are used once.
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--retries=1", "--no-input"]
    options += ["--disable-pip-version-check", "--progress-bar=off", f"--dest={folder}"]
    arguments = ["pip", "download", *options, requirement]
    _output, errors = yield from _run(
        arguments,
        folder=folder,
        arrived=lambda: _largest_file_bytes(folder),
        limit_bytes=limit_bytes,
        environment={},
    )
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise DownloadError(_pip_reason(errors))
    return wheels[0]


def _pip_report(requirement: str, *, constraints: Path, folder: Path) -> Answering:
    report = folder / "report.json"
    options = ["--dry-run", "--quiet", "--only-binary=:all:", "--no-cache-dir", "--retries=1", "--no-input"]
    options += ["--disable-pip-version-check", "--progress-bar=off"]
    options += [f"--constraint={constraints}", f"--report={report}"]
    _output, errors = yield from _run(
        ["pip", "install", *options, requirement],
        folder=folder,
        arrived=lambda: _largest_file_bytes(folder),
        limit_bytes=REPORTED_BYTES,
        environment={},
    )
    try:
        return json.loads(report.read_text("utf-8"))["install"]
    except (OSError, ValueError, KeyError):
        raise DownloadError(_pip_reason(errors)) from None


def _web_file(address: str, *, path: Path, limit_bytes: int) -> Transfer:
    request = {"address": address, "path": str(path), "limit_bytes": limit_bytes, "read_s": STALL_S / 2}
    yield from _from_hub("web", request, path.parent, lambda: _length(path), limit_bytes=limit_bytes)
    return path


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _run(
    arguments: list[str],
    *,
    folder: Path,
    arrived: Callable[[], int],
    limit_bytes: int,
    environment: Mapping[str, str],
) -> Generator[int, None, tuple[str, str]]:
    """Run a child to its end; returns what it wrote to its output and its errors."""
    # Temporary files of the child lie here too: seen while they grow, and gone when it was killed.
    with TemporaryDirectory(prefix="transfer-", dir=folder, ignore_cleanup_errors=True) as temp:
        variables = {**os.environ, **environment, "TMPDIR": temp, "TEMP": temp, "TMP": temp}
        variables |= {"PYTHONUTF8": "1", "TEAHOUSE_LANGUAGE": active()}
        with Path(temp, "output").open("w+b") as output, Path(temp, "errors").open("w+b") as errors:
            child = subprocess.Popen(
                _command(arguments),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=errors,
                env=variables,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            try:
                yield from _watch(child, arrived, limit_bytes=limit_bytes)
            finally:
                _end(child)
            output.seek(0)
            errors.seek(0)
            return output.read().decode("utf-8", "replace"), errors.read().decode("utf-8", "replace")


def _command(arguments: list[str]) -> list[str]:
    if getattr(sys, "frozen", False):
        raise DownloadError(_("this build of the app has no Python to fetch it with"))
    return [sys.executable, "-P", "-m", "teahouse.net", *arguments]


def _watch(
    child: subprocess.Popen[bytes], arrived: Callable[[], int], *, limit_bytes: int
) -> Generator[int, None, None]:
    before, last_change = arrived(), monotonic()
    while True:
        try:
            child.wait(POLL_S)
            return
        except subprocess.TimeoutExpired:
            now_there = arrived()
        if now_there > limit_bytes:
            raise DownloadError(_("more than {limit} bytes came").format(limit=limit_bytes))
        if now_there != before:
            before, last_change = now_there, monotonic()
        elif monotonic() - last_change > STALL_S:
            raise DownloadError(_("nothing arrived for {seconds} seconds").format(seconds=round(STALL_S)))
        yield now_there


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    if child.stdin:
        child.stdin.close()


def _largest_file_bytes(folder: Path) -> int:
    """Length of the largest file below: what is being fetched, wherever the child keeps it meanwhile."""
    largest = 0
    for root, _folders, files in os.walk(folder):
        for name in files:
            try:
                largest = max(largest, os.stat(os.path.join(root, name)).st_size)  # noqa: PTH116, PTH118
            except (FileNotFoundError, PermissionError):
                continue  # the child has just moved or removed it
    return largest


def _pip_reason(errors: str) -> str:
    """What pip complained about, with the connection that broke where one did."""
    complaints = re.findall(r"^ERROR: (.+)", errors, re.MULTILINE)
    broken = re.findall(r"connection broken by '(.+)': ", errors)
    return "; ".join(complaints[:1] + broken[-1:]) or _last_line(errors) or _("pip brought no wheel")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


# --- in the child ---------------------------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """Fetch with pip or from a hub: `pip ARGUMENTS…`, or a verb of `HUB_VERBS` with JSON.

    The latter answers with a line of JSON.
    """
    activate(os.environ.get("TEAHOUSE_LANGUAGE", "en"))
    Thread(target=_end_with_parent, daemon=True).start()
    _bound_connecting()
    if arguments[0] in HUB_VERBS:
        answer = _with_hub(HUB_VERBS[arguments[0]], json.loads(arguments[1]))
        sys.stdout.write(json.dumps(answer) + "\n")
    elif find_spec("pip") is None:
        sys.exit("ERROR: pip is not installed")
    else:
        sys.argv = arguments
        runpy.run_module("pip", run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    # Not sys.stdin: a thread blocked in its lock makes the interpreter abort at exit.
    while os.read(0, 1024):
        pass
    os._exit(1)


def _bound_connecting() -> None:
    """Give up connecting after `CONNECT_S`; waiting for an answer keeps the time limit in force."""
    connect = socket.socket.connect

    def connect_soon(self: socket.socket, address: Any) -> None:
        timeout = self.gettimeout()
        self.settimeout(CONNECT_S if timeout is None else min(timeout, CONNECT_S))
        try:
            connect(self, address)
        finally:
            self.settimeout(timeout)

    socket.socket.connect = connect_soon  # type: ignore[method-assign,assignment]


def _with_hub(ask: Callable[..., dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
    """What a verb says, or as its `reason` why it says nothing."""
    try:
        return ask(**request)
    except ImportError:
        return {"reason": _("the package huggingface_hub is not installed")}
    except Unusable as error:
        return {"reason": str(error)}
    except DiskFault as error:
        cause = error.__cause__
        return {"reason": getattr(cause, "strerror", None) or str(error), "errno": getattr(cause, "errno", 0)}
    except Exception as error:  # noqa: BLE001 - whatever the library raises is the reason to show
        status = getattr(getattr(error, "response", None), "status_code", None)
        return {"reason": in_words(error) if status is None else f"HTTP {status}"}


def _fetch_file(
    *, repo: str, file: str, revision: str, path: str, endpoint: str, size_bytes: int, read_s: float
) -> dict[str, Any]:
    """Fetch what is missing of the file; `{}` when it is whole, else why not.

    The library names the address and brings the transport; its own download keeps nothing when it ends.
    """
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    url = hf_hub_url(repo, file, revision=revision, endpoint=endpoint or None)
    # Asked once without a second try, so that an unreachable or wrong hub is known at once.
    found = get_hf_file_metadata(url, token=False, timeout=CONNECT_S)
    if found.size is not None and found.size != size_bytes:
        return {"reason": _("the file there has {size} bytes").format(size=found.size)}
    fetch_rest(Partial(Path(path)), partial(_ask, url, read_s), size_bytes=size_bytes)
    return {}


def _fetch_beginning(
    *, repo: str, file: str, revision: str, path: str, endpoint: str, count_bytes: int, read_s: float
) -> dict[str, Any]:
    """Fetch the first bytes of the file, whether the hub answers with a piece or with all of it."""
    from huggingface_hub import hf_hub_url

    url = hf_hub_url(repo, file, revision=revision, endpoint=endpoint or None)
    headers = {"Accept-Encoding": "identity", "Range": f"bytes=0-{count_bytes - 1}"}
    with _ask(url, read_s, headers) as answer:
        check_beginning(answer)
        write_beginning(Path(path), answer.blocks, count_bytes)
    return {}


def _fetch_answer(*, path: str, endpoint: str, read_s: float) -> dict[str, Any]:
    """The text that the hub's interface answers with."""
    url = (endpoint or USUAL_HUB).rstrip("/") + path
    with _ask(url, read_s, {"Accept": "application/json", "Accept-Encoding": "identity"}) as answer:
        if answer.status != 200:
            return {"reason": f"HTTP {answer.status}"}
        body = b""
        for block in answer.blocks:
            body += block
            if len(body) > ANSWER_BYTES:
                return {"reason": _("more than {limit} bytes came").format(limit=ANSWER_BYTES)}
    return {"text": body.decode("utf-8", "replace")}


def _fetch_web(*, address: str, path: str, limit_bytes: int, read_s: float) -> dict[str, Any]:
    """Fetch a file; every step of a redirection has to be safe too."""
    import urllib.request

    class Redirects(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
            _check_address(newurl)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    _check_address(address)
    asked = urllib.request.Request(address, headers={"User-Agent": "teahouse"})
    opener = urllib.request.build_opener(Redirects)
    with opener.open(asked, timeout=read_s) as answer, Path(path).open("wb") as out:
        arrived = 0
        while block := answer.read(1 << 16):
            arrived += len(block)
            if arrived > limit_bytes:
                return {"reason": _("more than {limit} bytes came").format(limit=limit_bytes)}
            out.write(block)
    return {}


def _check_address(address: str) -> None:
    """Whoever stands in the way could change what comes without TLS; nobody stands in this machine's own."""
    parts = urlsplit(address)
    is_own = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own):
        raise Unusable(_("{address} is not an https address").format(address=address))


@contextmanager
def _ask(url: str, read_s: float, headers: dict[str, str]) -> Iterator[Answer]:
    from huggingface_hub import get_session

    session = get_session()
    with session.stream("GET", url, headers=headers, timeout=read_s, follow_redirects=True) as response:
        yield Answer(response.status_code, response.headers, response.iter_raw())


HUB_VERBS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "hub": _fetch_file,
    "beginning": _fetch_beginning,
    "answer": _fetch_answer,
    "web": _fetch_web,
}


if __name__ == "__main__":
    main(sys.argv[1:])
