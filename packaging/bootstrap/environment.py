"""`.venv`: made, filled, and left alone as long as nothing it depends on has changed."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bootstrap.commands import Ask, Work
from bootstrap.console import say
from bootstrap.engine_wheel import install_wheel, provide_wheel, trust_wheel, write_whole
from bootstrap.extras import choose_extras, engine_requirement, read_extras
from bootstrap.interpreter import create_venv, is_sound, venv_packages
from bootstrap.lock import locked
from bootstrap.place import Place
from bootstrap.recipe import personal_settings, processor_features, write_recipe
from bootstrap.system import ensure


@dataclass(frozen=True)
class Stamp:
    """What `.venv` was filled with.

    Args:
        fingerprint: Of all that the installed set depends on.
        root: The clone it was made in; its scripts name that path.
        engine: Key of the engine's wheel.
        personal: The person's settings of the engine's build.
    """

    fingerprint: str = ""
    root: str = ""
    extras: list[str] = field(default_factory=list)
    engine: str = ""
    personal: dict[str, str] = field(default_factory=dict)


def read_stamp(file: Path) -> Stamp:
    """The stamp of a finished installation; an empty one where there is none."""
    try:
        return Stamp(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # never finished, or of another version of this program
        return Stamp()


def fingerprint(place: Place, personal: dict[str, str]) -> str:
    """Changes with the project's declaration, these programs, the machine and the build's settings."""
    sources = [place.project, *sorted(Path(__file__).parent.glob("*.py"))]
    parts = [source.read_bytes() for source in sources]
    parts += [repr((platform.machine(), processor_features(), sorted(personal.items()))).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def prepare(place: Place, *, named: str = "", purposes: Sequence[str] = (), ask: Ask, work: Work) -> None:
    """See that `.venv` holds the app with the usual extras and those named, and the system what it needs.

    Args:
        named: Extras beside the usual ones.
        purposes: Of the system packages, beside those for installing.

    Raises:
        Stop: A step failed.
    """
    wanted = choose_extras(read_extras(place.project), named)
    if not is_ready(place, wanted, ask):
        name = hashlib.sha256(str(place.root).encode()).hexdigest()[:16]
        with locked(place.cache / f"{name}.lock", "installing here"):
            if not is_ready(place, wanted, ask):
                fill(place, wanted, purposes, ask=ask, work=work)
    ensure(purposes, place, ask=ask, work=work)


def is_ready(place: Place, wanted: list[str], ask: Ask) -> bool:
    """Whether `.venv` has all that is wanted, here and now."""
    stamp = read_stamp(place.stamp)
    personal = personal_settings(place.environ, stamp.personal)
    return (
        stamp.fingerprint == fingerprint(place, personal)
        and stamp.root == str(place.root)
        and set(wanted) <= set(stamp.extras)
        and is_sound(place, ask)
    )


def fill(place: Place, wanted: list[str], purposes: Sequence[str], *, ask: Ask, work: Work) -> None:
    """Install what is wanted, and what was installed before and still exists."""
    declared = read_extras(place.project)
    ensure([*purposes, "build", "engine"], place, also=venv_packages(), ask=ask, work=work)
    before = read_stamp(place.stamp)
    if not is_sound(place, ask) or before.root not in ("", str(place.root)):
        create_venv(place, work=work)
        before = Stamp(personal=before.personal)
    extras = sorted(set(wanted) | (set(before.extras) & declared.keys()))
    personal = personal_settings(place.environ, before.personal)
    place.stamp.unlink(missing_ok=True)
    recipe = write_recipe(engine_requirement(declared), personal, ask)
    wheel = provide_wheel(recipe, place, work=work)
    if before.engine != recipe.key:
        install_wheel(wheel, place, work=work)
    install_app(extras, place, work=work)
    trust_wheel(wheel, place, work=work)
    stamp = Stamp(fingerprint(place, personal), str(place.root), extras, recipe.key, personal)
    write_whole(place.stamp, json.dumps(asdict(stamp), indent=1))
    say("Ready.")


def install_app(extras: list[str], place: Place, *, work: Work) -> None:
    """Install the clone itself, editable, with these extras."""
    names = ",".join(extras)
    work(
        [str(place.python), "-m", "pip", "install", "--no-input", "--editable", f"{place.root}[{names}]"],
        title=f"Installing the app with {names.replace(',', ', ')}",
        log=place.log("install"),
        environ=place.child_environment(),
    )
