"""A run without the app: `python -m teahouse_torch.program FOLDER`, or with several processes

torchrun --nproc-per-node N -m teahouse_torch.program FOLDER

which train it together. Prints stages and metrics as JSON lines, at last what came out of it.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

from teahouse.errors import AppError


def main(arguments: list[str]) -> int:
    """Carry out the run in a folder; an interrupt keeps where it was."""
    from teahouse_torch.run_folder import RunFolder
    from teahouse_torch.running import carry_out
    from teahouse_torch.world import join, leave

    if len(arguments) != 1:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    asked_to_stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: asked_to_stop.append(number))
    world = join()

    def emit(event: str, **fields: Any) -> None:
        if world.is_first:
            _print({"event": event, **fields})

    try:
        done = carry_out(RunFolder(Path(arguments[0])), emit, lambda: bool(asked_to_stop), world)
    except AppError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1
    leave(world)
    if world.is_first:
        _print({"done": done})
    return 0


def _print(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
