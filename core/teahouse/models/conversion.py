"""Turns a fetched file into a GGUF, in a confined child process: the converter may be a plugin's.

`module:function(source, target)` sees the file that it reads, writes into one folder and has no network.
"""

from __future__ import annotations

import importlib
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from teahouse.errors import DownloadError
from teahouse.language import _
from teahouse.workers.child import Call, Server
from teahouse.workers.process import WAITING, Workers

ENTRY = "teahouse.models.conversion:serve"


def convert(converter: str, source: Path, target: Path) -> Generator[None, None, None]:
    """Run a converter in a child until it has written `target`; closing the generator ends the child.

    Raises:
        EngineCrashed: The child died.
        AppError: The converter refused the file, or a package that it needs is missing.
    """
    with closing(Workers()) as workers:
        worker = workers.start(ENTRY, readable=[source, target.parent], writable=[target.parent])
        try:
            steps = worker.ask("convert", converter=converter, source=str(source), target=str(target))
            for event in steps:
                if event is WAITING:
                    yield
        finally:
            worker.kill()


def serve(server: Server) -> None:
    """Register the verb of the child."""
    server.verb("convert", _convert)


def _convert(_call: Call, *, converter: str, source: str, target: str) -> None:
    module, _colon, function = converter.partition(":")
    try:
        made = getattr(importlib.import_module(module), function)
    except ImportError as error:
        raise DownloadError(
            _("the package {name}, which converts it, is not installed").format(name=error.name or module)
        ) from error
    made(Path(source), Path(target))
