"""What can be said of this machine and installation: for `teahouse doctor`, the window and bug reports."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Generator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from teahouse.engine.devices import cards_text, free_memory, read_machine
from teahouse.engine.probe import probe, wanted_configs
from teahouse.errors import AppError
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.workers.process import Workers

if TYPE_CHECKING:
    from teahouse.app import App

PROBE = "teahouse.engine.probe:serve"
PACKAGES = ("teahouse", "llama-cpp-python", "PySide6-Essentials", "jinja2", "huggingface_hub")
"""Those whose versions matter in a bug report."""


def diagnose(app: App) -> Work:
    """Work that examines this machine; yields what it is doing in words.

    The result is what `look_around` sees, `tried` (whether the engine computes here), `ladder` (what models
    needed here) and `paths`.
    """

    def work(cancel: Cancel) -> Generator[str, None, dict[str, Any]]:
        yield _("Looking at the engine and the devices …")
        report = look_around(app.workers)
        yield _("Computing with a small model …")
        is_sound = "error" not in report["backends"][0]
        report["tried"] = probe(app.workers, wanted_configs(), cancel=cancel) if is_sound else []
        report["ladder"] = app.engines.remembered
        report["paths"] = {name: str(path) for name, path in app.paths.named().items()}
        return report

    return work


def in_lines(report: Mapping[str, Any]) -> list[str]:
    """A report as text: each part's name, and its lines below it."""
    lines = []
    for title, value in report.items():
        lines += [f"{title}:", *(f"  {line}" for line in _lines(value))]
    return lines


def look_around(workers: Workers) -> dict[str, Any]:
    """Machine, backends, devices, what can be used in words, isolation."""
    facts, isolation = _build(workers)
    return {
        "machine": machine(),
        "backends": [{k: v for k, v in facts.items() if k != "devices"}],
        "devices": facts.get("devices", []),
        "cards": [] if "error" in facts else [cards_text(read_machine(facts))],
        "isolation": isolation,
    }


def machine() -> dict[str, Any]:
    """This machine and Python."""
    has_sysconf = hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names
    return {
        "system": platform.platform(),
        "machine": platform.machine(),
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "free_memory_bytes": free_memory(),
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if has_sysconf else None,
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Versions of the program, of Python and of the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # an extra that is not installed
            continue
    return found


def _build(workers: Workers) -> tuple[dict[str, Any], dict[str, bool]]:
    worker = workers.start(PROBE, readable=[])
    try:
        return worker.call("facts"), worker.isolation
    except AppError as error:
        return {"backend": "llama.cpp", "error": error.text}, worker.isolation
    finally:
        worker.close()


def _cpu() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as stream:  # noqa: PTH123
            names = [line.partition(":")[2].strip() for line in stream if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor()


def _lines(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}: {item}" for key, item in value.items()] or ["–"]
    return [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in value] or [
        "–"
    ]
