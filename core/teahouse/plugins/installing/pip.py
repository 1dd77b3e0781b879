"""Running pip in a child that ends with this process, without the settings a person made for other uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from teahouse.errors import PluginError
from teahouse.jobs import Cancel
from teahouse.language import _

POLL_S = 0.05
QUIET = ("--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-color")


class Stopped(PluginError):
    """The person stopped it; pip was ended."""


def run_pip(verb: str, arguments: Sequence[str], cancel: Cancel) -> Generator[None, None, None]:
    """Run `pip VERB …` to its end; yields while it runs. Closing the generator ends pip.

    Raises:
        PluginError: It failed; the text says why.
        Stopped: The person stopped it.
    """
    with TemporaryDirectory(prefix="teahouse-", ignore_cleanup_errors=True) as temp:
        errors = Path(temp, "errors")
        with errors.open("wb") as stream:
            child = _start([verb, *QUIET, *arguments], stream.fileno(), temp)
            try:
                while child.poll() is None and not cancel.is_set():
                    yield
                    try:
                        child.wait(POLL_S)
                    except subprocess.TimeoutExpired:
                        continue
                is_stopped = child.poll() is None
            finally:
                child.kill()
                child.wait()
                if child.stdin:
                    child.stdin.close()
        if is_stopped:
            raise Stopped(_("Stopped."))
        if child.returncode:
            raise PluginError(_reason(errors.read_text("utf-8", "replace")))


def _start(arguments: list[str], errors: int, temp: str) -> subprocess.Popen[bytes]:
    # `teahouse.net` runs pip in its own process and ends with the pipe from here, also when we are killed.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "teahouse.net", "pip", *arguments],
        stdin=subprocess.PIPE,
        stdout=errors,
        stderr=errors,
        env=_environment(temp),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _environment(temp: str) -> dict[str, str]:
    """Ours without pip's settings: they may name another index, another folder, or the user's packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    own = {"PIP_CONFIG_FILE": os.devnull, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
    return {**kept, **own, "TMPDIR": temp, "TEMP": temp, "TMP": temp}


def _reason(output: str) -> str:
    complaints = re.findall(r"^ERROR: (.+)", output, re.MULTILINE)
    conflicts = re.findall(r"^ {4}(.+(?:depends on|requires|constraint).*)", output, re.MULTILINE)
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    told = "; ".join([*complaints[:2], *conflicts[:4]]) or (lines[-1] if lines else _("it gave no reason"))
    return _("pip refused: {reason}").format(reason=told[:600])
