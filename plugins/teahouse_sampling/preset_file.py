"""A person's own presets on disk: one JSON file of the plugin's folder.

A file that cannot be read is set aside, never overwritten; each change reads it anew under a lock, so that
two windows do not undo each other's.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from teahouse import Setting, Translator
from teahouse.errors import SettingError
from teahouse.file_lock import hold
from teahouse.setting import Value
from teahouse_sampling import exchange

if TYPE_CHECKING:
    from teahouse.plugins.storage import PluginStorage

_ = Translator("teahouse_sampling")

FILE, LOCK = "presets.json", "presets.lock"
WAIT_S, TRY_EACH_S = 5.0, 0.02


class PresetFile:
    """The file; any thread may ask.

    Args:
        declared: Key → setting of what a preset can hold.
    """

    def __init__(self, storage: PluginStorage, declared: Mapping[str, Setting]) -> None:
        self._storage = storage
        self._declared = declared
        self._lock = RLock()
        self._seen: tuple[int, int] | None = None
        self._own: dict[str, dict[str, Value]] = {}

    def read(self) -> dict[str, dict[str, Value]]:
        """Name → values that can be used; read again only where the file has changed."""
        file = self._storage.folder / FILE
        with self._lock:
            try:
                status = file.stat()
            except OSError:
                self._seen, self._own = None, {}
                return {}
            seen = (status.st_mtime_ns, status.st_size)
            if seen != self._seen:
                self._own, self._seen = self._load(file), seen
            return dict(self._own)

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """The presets as they are on disk, written back when the block ends well.

        Raises:
            SettingError: The file cannot be read or written, or another program holds it for long.
        """
        folder = self._storage.folder
        with self._lock, _locked(folder / LOCK):
            raw = _raw(folder / FILE)
            yield raw
            exchange.replace(folder / FILE, json.dumps({"version": 1, "presets": raw}, ensure_ascii=False))
            self._seen = None

    def _load(self, file: Path) -> dict[str, dict[str, Value]]:
        """What of the file can be used; a damaged preset or value is passed over, as the file stays."""
        try:
            found = json.loads(file.read_text("utf-8"))["presets"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return {}
        presets = found.items() if isinstance(found, dict) else ()
        return {str(name): dict(self._sound(values)) for name, values in presets if isinstance(values, dict)}

    def _sound(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
        for key, value in values.items():
            try:
                yield key, self._declared[key].check(value)
            except (SettingError, KeyError):
                continue


def _raw(file: Path) -> dict[str, Any]:
    """All presets, also values that only another version knows; a file that holds none goes aside."""
    try:
        found = json.loads(file.read_text("utf-8"))["presets"]
        if isinstance(found, dict):
            return found
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise exchange.unreadable(file, error) from error
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    file.replace(file.with_suffix(f".broken-{time.time_ns()}.json"))
    return {}


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    until = time.monotonic() + WAIT_S
    try:
        while (descriptor := hold(file, os.O_RDWR | os.O_CREAT)) is None:
            if time.monotonic() > until:
                raise SettingError(_("The presets are being changed by another program."), _("Try again."))
            time.sleep(TRY_EACH_S)
    except OSError as error:
        raise exchange.unwritable(file, error) from error
    try:
        yield
    finally:
        os.close(descriptor)
