"""`teahouse doctor`: this machine, what the engine can do on it, and what was tried."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from typing import Any

import click

from teahouse.cli.console import echo, echo_json
from teahouse.cli.main import Session
from teahouse.engine.devices import cards_text, free_memory, read_machine
from teahouse.engine.probe import probe, wanted_configs
from teahouse.errors import AppError
from teahouse.language import _
from teahouse.workers.process import Workers

PROBE = "teahouse.engine.probe:serve"


def command() -> click.Command:
    """The command."""
    return click.Command(
        "doctor",
        callback=_doctor,
        help=_("Check this machine: the engine, devices, isolation."),
        params=[click.Option(["--json", "is_json"], is_flag=True, help=_("Print one JSON object."))],
    )


@click.pass_obj
def _doctor(session: Session, /, is_json: bool) -> None:
    report = examine(session.app.workers)
    report["ladder"] = session.app.engines.remembered
    report["paths"] = {k: str(v) for k, v in asdict(session.paths).items()}
    if is_json:
        echo_json(report)
        return
    for title, value in report.items():
        echo(f"{title}:")
        for line in _lines(value):
            echo(f"  {line}")


def examine(workers: Workers) -> dict[str, Any]:
    """What `--json` prints: machine, backends, devices, what can be used in words, isolation, tried."""
    facts, isolation = _build(workers)
    is_sound = "error" not in facts
    return {
        "machine": machine(),
        "backends": [{k: v for k, v in facts.items() if k != "devices"}],
        "devices": facts.get("devices", []),
        "cards": [cards_text(read_machine(facts))] if is_sound else [],
        "isolation": isolation,
        "tried": probe(workers, wanted_configs()) if is_sound else [],
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
