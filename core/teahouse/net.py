"""The only module that reaches the network: files of a hub, wheels of a package index.

Each transfer runs in a child process, so that it can be stopped at any moment, and sends nothing but
the request itself: no token, no telemetry. `python -m teahouse.net` is that child; it ends when the pipe
from its parent closes.
"""

from __future__ import annotations

import json
import os
import runpy
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from teahouse import transfers
from teahouse.errors import NetworkRefused
from teahouse.language import _, activate
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
from teahouse.transfers import Answering, Transfer

CONNECT_S = 10.0
"""A host that does not take a connection in this time is given up."""
ANSWER_S = 20.0
"""A hub that answers a question no sooner is given up."""
ANSWER_BYTES = 16 << 20
USUAL_HUB = "https://huggingface.co"


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
        request = self._hub_request(repo, file, revision, path) | {"size_bytes": size_bytes}
        return transfers.hub_file(request, path=path, size_bytes=size_bytes)

    def hub_beginning(self, repo: str, file: str, *, revision: str, path: Path, count_bytes: int) -> Transfer:
        """Fetch the first `count_bytes` of a file of a hub to `path`, or all of a shorter one.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
            OSError: When stepping: `path` cannot be written.
        """
        self._check_allowed()
        request = self._hub_request(repo, file, revision, path) | {"count_bytes": count_bytes}
        return transfers.hub_beginning(request, path=path, limit_bytes=count_bytes)

    def hub_answer(self, path: str) -> Answering:
        """What a hub's interface answers to a GET of this path, which begins with `/api/`, as a JSON value.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return transfers.hub_answer({"path": path, "endpoint": self._hub_endpoint, "read_s": ANSWER_S})

    @property
    def hub_host(self) -> str:
        """Name of the host that models are looked for and fetched from."""
        return urlsplit(self._hub_endpoint or USUAL_HUB).hostname or self._hub_endpoint

    def pip_wheel(
        self, package: str, version: str, *, folder: Path, limit_bytes: int, platform: str = ""
    ) -> Transfer:
        """Fetch one wheel with the configured pip into `folder`, which holds nothing else.

        Args:
            platform: Whose wheel, by pip's name; empty for this machine's.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return transfers.pip_wheel(
            f"{package}=={version}", folder=folder, limit_bytes=limit_bytes, platform=platform
        )

    def pip_report(self, requirement: str, *, constraints: Path, folder: Path) -> Answering:
        """What the configured pip would install for a requirement: the entries of its report; nothing is.

        Args:
            constraints: A file of versions that must not change.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return transfers.pip_report(requirement, constraints=constraints, folder=folder)

    def web_file(self, address: str, *, path: Path, limit_bytes: int) -> Transfer:
        """Fetch a file that an address names to `path`; over TLS, or from this machine.

        Raises:
            NetworkRefused: The setting `net.offline` is on.
        """
        self._check_allowed()
        return transfers.web_file(address, path=path, limit_bytes=limit_bytes)

    @property
    def _hub_endpoint(self) -> str:
        """Another address than the usual one; empty for that."""
        return str(self._settings.get("models.hub_endpoint") or os.environ.get("HF_ENDPOINT", ""))

    def _hub_request(self, repo: str, file: str, revision: str, path: Path) -> dict[str, Any]:
        asked = {"repo": repo, "file": file, "revision": revision, "path": str(path)}
        return asked | {"endpoint": self._hub_endpoint, "read_s": transfers.STALL_S / 2}

    def _check_allowed(self) -> None:
        if self._settings.get("net.offline"):
            raise NetworkRefused(
                _("Nothing was downloaded, because the app is set to stay offline."),
                _("Turn off the setting net.offline to allow downloads."),
                setting="net.offline",
            )


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
