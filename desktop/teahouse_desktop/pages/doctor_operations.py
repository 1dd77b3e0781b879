"""What the page about the program reads: versions, this machine, the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from teahouse import diagnosis, logs
from teahouse_desktop.language.languages import translate
from teahouse_desktop.operations import Operation, quick

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class LogRead:
    """The end of the log.

    Attributes:
        file: Where it lies.
        text: Its last lines, the home folder written as `~`.
    """

    file: Path
    text: str


def read_versions() -> Operation:
    """Versions of the program and what it stands on; the result is a mapping of names to versions."""
    return quick(translate("Operations", "Reading the versions"), diagnosis.versions)


def read_log(*, app: App) -> Operation:
    """Read the end of the log; the result is a `LogRead`."""

    def read() -> LogRead:
        file = app.paths.logs / logs.LOG_NAME
        return LogRead(file, logs.without_home(logs.read_end(file)))

    return quick(translate("Operations", "Reading the log"), read)


def examine(*, app: App) -> Operation:
    """Examine this machine as `teahouse doctor` does; yields what it is doing, the result is its report."""
    return Operation(translate("Operations", "Checking this machine"), diagnosis.diagnose(app))
