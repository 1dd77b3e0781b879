"""Transfers as the app sees them: children that fetch, watched while they do. Opens no socket itself.

Each child is `python -m teahouse.net` (see there); it is ended with the transfer that it belongs to.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from teahouse.errors import DownloadError
from teahouse.language import _, active
from teahouse.partial import Partial

STALL_S = 60.0
"""A transfer that brings nothing for this long is given up; longer than a mirror needs to fetch a file."""
POLL_S = 0.1
REPORTED_BYTES = 8 << 30
"""Files that pip looks into, to tell what it would install."""
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


# --- what can be fetched ----------------------------------------------------------------------------


def hub_file(request: dict[str, Any], *, path: Path, size_bytes: int) -> Transfer:
    """Fetch the rest of one file of a hub; see `Net.hub_file`."""
    begun = Partial(path)
    if begun.length > size_bytes:
        begun.clear()
    yield from _from_hub("hub", request, path.parent, lambda: begun.length, limit_bytes=size_bytes)
    return path


def hub_beginning(request: dict[str, Any], *, path: Path, limit_bytes: int) -> Transfer:
    """Fetch the beginning of one file of a hub; see `Net.hub_beginning`."""
    yield from _from_hub(
        "beginning", request, path.parent, lambda: Partial(path).length, limit_bytes=limit_bytes
    )
    return path


def hub_answer(request: dict[str, Any]) -> Answering:
    """Ask a hub's interface; see `Net.hub_answer`."""
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


def pip_wheel(requirement: str, *, folder: Path, limit_bytes: int, platform: str = "") -> Transfer:
    """Fetch one wheel; see `Net.pip_wheel`."""
    # One retry, not five; and pip's cache would keep a second copy of files that are used once.
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--retries=1", "--no-input"]
    options += ["--disable-pip-version-check", "--progress-bar=off", f"--dest={folder}"]
    if platform:
        options.append(f"--platform={platform}")
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


def pip_report(requirement: str, *, constraints: Path, folder: Path) -> Answering:
    """Ask pip what it would install; see `Net.pip_report`."""
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


def web_file(address: str, *, path: Path, limit_bytes: int) -> Transfer:
    """Fetch what an address names; see `Net.web_file`."""
    request = {"address": address, "path": str(path), "limit_bytes": limit_bytes, "read_s": STALL_S / 2}
    yield from _from_hub("web", request, path.parent, lambda: _length(path), limit_bytes=limit_bytes)
    return path


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


# --- the child --------------------------------------------------------------------------------------


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
