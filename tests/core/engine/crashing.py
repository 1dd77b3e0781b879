"""A probe's child that dies for some configurations: `tests.core.engine.crashing:serve`."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

from teahouse.workers.child import Call, Server


def serve(server: Server) -> None:
    """The verb `decode`; dies unless `TEST_GOOD` allows the configuration."""
    server.verb("decode", decode)


def decode(call: Call, *, path: str, config: dict[str, Any]) -> dict[str, Any]:
    good = json.loads(os.environ["TEST_GOOD"])
    if any(config[name] != value for name, value in good.items()):
        os.kill(os.getpid(), getattr(signal, os.environ.get("TEST_SIGNAL", "SIGILL")))
        time.sleep(60)
    return {"tokens": int(os.environ.get("TEST_TOKENS", "301"))}
