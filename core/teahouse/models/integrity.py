"""Whether the file of a model is whole: its SHA-256, compared with the one that the catalogue states."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from teahouse.errors import ModelError
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.models import catalogue
from teahouse.models.copying import CheckProgress
from teahouse.models.disk import hash_file
from teahouse.models.library import Model


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file has, and what it should have.

    Attributes:
        sha256: In hexadecimal.
        wanted: As the catalogue states it; empty for a file that it does not know.
    """

    sha256: str
    wanted: str = ""

    @property
    def is_right(self) -> bool | None:
        """Whether it is the file of the catalogue; None where nobody has told which it should be."""
        return self.sha256 == self.wanted if self.wanted else None

    @property
    def text(self) -> str:
        """The result in a sentence."""
        if self.is_right is None:
            return _("Its SHA-256 is {sha256}. Compare it with the one shown where you got the file.").format(
                sha256=self.sha256
            )
        if self.is_right:
            return _("The file is whole: it has the SHA-256 that the catalogue states, {sha256}.").format(
                sha256=self.sha256
            )
        return _(
            "The file is damaged or another one: its SHA-256 is {sha256} instead of {wanted}."
            " Remove it and download it again."
        ).format(sha256=self.sha256, wanted=self.wanted)


def check(model: Model) -> Work:
    """Work that reads the whole file of a model; yields `CheckProgress`, returns `Checked`.

    Raises:
        ModelError: It has no file, or the file cannot be read.
    """

    def work(_cancel: Cancel) -> Generator[CheckProgress, None, Checked]:
        path = model.path
        if path is None:
            text = _("“{name}” is no file: it comes from the plugin {plugin}.")
            raise ModelError(text.format(name=model.name, plugin=model.backend), model=model.name)
        entries = catalogue.load()
        wanted = next((entry.sha256 for entry in entries if entry.file == path.name), "")
        try:
            total, steps = path.stat().st_size, hash_file(path)
            while True:
                try:
                    yield CheckProgress(next(steps), total)
                except StopIteration as done:
                    sha256 = str(done.value)
                    is_known = sha256 in [entry.sha256 for entry in entries]  # under whatever name
                    return Checked(sha256, sha256 if is_known else wanted)
        except OSError as error:
            raise ModelError(
                _("{file} cannot be read: {reason}.").format(file=path, reason=error.strerror or error),
                path=str(path),
            ) from error

    return work
