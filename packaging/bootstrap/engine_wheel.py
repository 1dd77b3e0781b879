"""The engine's wheel: compiled once per machine, kept outside the clone, trusted after a real decode."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from bootstrap.commands import Work
from bootstrap.console import Stop, duration, say
from bootstrap.lock import locked
from bootstrap.place import Place
from bootstrap.recipe import Recipe, machine_jobs

PACKAGE = "llama-cpp-python"
CONFIGURATIONS = ({"extra_buffers": True}, {"extra_buffers": False})
"""What the probe tries, best first."""


def provide_wheel(recipe: Recipe, place: Place, *, work: Work) -> Path:
    """The wheel of this recipe, compiled now unless that was done before."""
    folder = place.wheels / recipe.key
    with locked(place.wheels / f"{recipe.key}.lock", "compiling the engine"):
        return find_wheel(folder) or build_wheel(recipe, folder, place, work=work)


def find_wheel(folder: Path) -> Path | None:
    """The finished wheel in a recipe's folder."""
    return next(iter(sorted(folder.glob("*.whl"))), None)


def build_wheel(recipe: Recipe, folder: Path, place: Place, *, work: Work) -> Path:
    """Compile the wheel beside its place and move it there when it is whole."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("building-*"):  # by a run that was killed; the lock says that none is running
        shutil.rmtree(left)
    jobs = place.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or str(machine_jobs())
    with tempfile.TemporaryDirectory(prefix="building-", dir=folder) as building:
        work(
            build_command(place.python, recipe.requirement, building),
            title=f"Compiling the engine ({recipe.requirement}), once on this machine: 5 to 15 minutes",
            log=place.log("engine"),
            environ=place.child_environment(**recipe.variables(), CMAKE_BUILD_PARALLEL_LEVEL=jobs),
        )
        built = find_wheel(Path(building))
        if built is None:
            raise Stop(
                f"The build of {recipe.requirement} left no wheel. All it printed: {place.log('engine')}"
            )
        (folder / "recipe.json").write_text(json.dumps(recipe.variables(), indent=1), encoding="utf-8")
        built.replace(folder / built.name)
    say(f"Compiled in {duration(time.monotonic() - began)}; kept in {folder}")
    return folder / built.name


def build_command(python: Path, requirement: str, folder: str) -> list[str]:
    """The build: never from a ready wheel, nor from pip's cache, which does not look at compiler flags."""
    options = ["--no-deps", "--no-binary", PACKAGE, "--no-cache-dir", "--verbose", "--wheel-dir", folder]
    return [str(python), "-m", "pip", "wheel", *options, requirement]


def install_wheel(wheel: Path, place: Place, *, work: Work) -> None:
    """Install the file itself, also over the same version from another build."""
    work(
        [str(place.python), "-m", "pip", "install", "--no-deps", "--force-reinstall", str(wheel)],
        title=f"Installing the engine {wheel.name}",
        log=place.log("engine-install"),
        environ=place.child_environment(),
    )


def trust_wheel(wheel: Path, place: Place, *, work: Work) -> dict[str, bool]:
    """See once that the installed engine decodes on this machine; remembers how beside the wheel.

    Returns:
        The configuration that works: `{"extra_buffers": bool}`.

    Raises:
        Stop: The engine crashes in every configuration.
    """
    marker = wheel.parent / "trusted.json"
    if marker.is_file():
        return json.loads(marker.read_text(encoding="utf-8"))
    failures = []
    for configuration in CONFIGURATIONS:
        try:
            probe(configuration, place, work=work)
        except Stop as error:
            failures.append(str(error))
            continue
        write_whole(marker, json.dumps(configuration))
        return configuration
    raise Stop(untrusted(wheel, failures))


def probe(configuration: dict[str, bool], place: Place, *, work: Work) -> None:
    """Decode 300 tokens in a child; raises `Stop` when it dies."""
    flags = [] if configuration["extra_buffers"] else ["--no-extra-buffers"]
    work(
        [str(place.python), "-m", "teahouse.engine.probe", *flags],
        title="Trying the engine on 300 tokens" + (" without its extra buffers" if flags else ""),
        log=place.log("probe"),
        environ=place.child_environment(),
    )


def untrusted(wheel: Path, failures: list[str]) -> str:
    """What to tell when no configuration works."""
    return (
        "\n\n".join(failures)
        + f"\n\nThe compiled engine does not run on this machine, so it is not used: {wheel}\n"
        "Try a build for a plainer processor:\n  CMAKE_ARGS=-DGGML_NATIVE=OFF make run"
    )


def write_whole(file: Path, text: str) -> None:
    """Write a file that is either there in whole or not at all."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def remove_cache(place: Place) -> None:
    """Delete all that was compiled and fetched for builds and tests."""
    if place.cache.exists():
        shutil.rmtree(place.cache)
        say(f"Removed {place.cache}")
