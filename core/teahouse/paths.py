"""Where everything lies on disk; `TEAHOUSE_HOME` moves all of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from teahouse.errors import AppError


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one installation; nothing is created until it is needed.

    Attributes:
        chosen_models: The folder that a person has chosen for models; None for the usual one.
    """

    config: Path
    data: Path
    cache: Path
    logs: Path
    chosen_models: Path | None = None

    @property
    def settings_file(self) -> Path:
        """Settings that differ from their defaults."""
        return self.config / "settings.toml"

    @property
    def database(self) -> Path:
        """Conversations."""
        return self.data / "teahouse.db"

    @property
    def models(self) -> Path:
        """GGUF files."""
        return self.chosen_models or self.data / "models"

    @property
    def adapters(self) -> Path:
        """Adapters for models."""
        return self.data / "adapters"

    @property
    def states(self) -> Path:
        """What models have read of conversations; each file goes with its conversation."""
        return self.data / "states"

    @property
    def drafts(self) -> Path:
        """Files that wait to be sent; each folder goes with its conversation."""
        return self.data / "drafts"

    def named(self) -> dict[str, Path]:
        """The folders by name, for reports."""
        names = ("config", "data", "models", "cache", "logs")
        return {name: getattr(self, name) for name in names}

    def with_models(self, folder: str) -> Paths:
        """The same with the models in another folder; empty for the usual one."""
        return replace(self, chosen_models=Path(folder).expanduser() if folder else None)

    def plugin(self, name: str) -> Path:
        """A plugin's own folder."""
        return safe_join(self.data / "plugins", name)


def default_paths(environ: Mapping[str, str] = os.environ) -> Paths:
    """The platform's folders, or those under `TEAHOUSE_HOME`."""
    if home := environ.get("TEAHOUSE_HOME"):
        root = Path(home).expanduser().absolute()
        return Paths(root / "config", root / "data", root / "cache", root / "logs")
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("teahouse", appauthor=False)
    return Paths(dirs.user_config_path, dirs.user_data_path, dirs.user_cache_path, dirs.user_log_path)


def safe_join(root: Path, *names: str) -> Path:
    """Join names onto root; refuses whatever would leave it.

    Raises:
        AppError: The joined path is not inside `root`.
    """
    path = root.joinpath(*names)
    if not path.resolve().is_relative_to(root.resolve()) or any(Path(n).is_absolute() for n in names):
        raise AppError(f"“{'/'.join(names)}” leads outside {root}.", path=str(path))
    return path
