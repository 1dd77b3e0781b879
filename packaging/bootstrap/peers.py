"""What our training is measured against: an environment of its own, outside of the clone."""

from __future__ import annotations

import shutil
from pathlib import Path

from bootstrap.commands import Work
from bootstrap.console import say
from bootstrap.interpreter import base_interpreter
from bootstrap.lock import locked
from bootstrap.place import Place

REQUIREMENTS = ("torch==2.13.0", "transformers==5.23.0", "peft==0.21.2", "trl==1.16.0", "gguf==0.19.0")


def provide_peers(place: Place, *, work: Work) -> Path:
    """The Python that has transformers, PEFT and TRL; made once (about 1.5 GB).

    Raises:
        Stop: They could not be installed.
    """
    folder = place.cache / "peers"
    stamp = folder / "peers.txt"
    python = folder / place.python.relative_to(place.venv)
    wanted = "\n".join(REQUIREMENTS)
    with locked(place.cache / "peers.lock", "installing what training is measured against"):
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return python
        shutil.rmtree(folder, ignore_errors=True)
        say("transformers, PEFT and TRL go into an environment of their own, once on this machine.")
        for title, command in (
            ("Making their environment", [str(base_interpreter()), "-m", "venv", str(folder)]),
            ("Installing them", [str(python), "-m", "pip", "install", "--no-input", *REQUIREMENTS]),
        ):
            work(command, title=title, log=place.log("peers"), environ=place.child_environment())
        stamp.write_text(wanted, encoding="utf-8")
    return python
