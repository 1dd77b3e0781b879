"""What is noticed about rows before they are learned: repeats, contradictions, secrets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from teahouse import N_, Translator
from teahouse_training.data.rows import Data, Row

_ = Translator("teahouse_training")


class Secret(NamedTuple):
    """What looks like a secret: its name, marked with `N_()`, and how it is found."""

    name: str
    pattern: re.Pattern[str]
    is_real: Callable[[str], bool] = lambda _found: True


def _is_card(digits: str) -> bool:
    """Whether a number passes the check of payment cards (ISO/IEC 7812-1, annex B)."""
    plain = [int(digit) for digit in digits if digit.isdigit()]
    doubled = [sum(divmod(2 * n, 10)) if at % 2 else n for at, n in enumerate(reversed(plain))]
    return len(set(plain)) > 1 and sum(doubled) % 10 == 0


SECRETS = (
    Secret(N_("a private key"), re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")),
    Secret(
        N_("an access key"),
        re.compile(
            r"\b(?:sk-[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|hf_[A-Za-z0-9]{30,}"
            r"|AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|xox[abprs]-[A-Za-z0-9-]{10,}|glpat-[\w-]{20,}"
            r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})"
        ),
    ),
    Secret(
        N_("a password"),
        re.compile(
            r"(?i)(?:\b(?:password|passwd|passphrase|api[_ -]?key|secret[_ -]?key|access[_ -]?token)\b"
            r"|密码|口令|密钥)"
            r"\s*(?:is|=|:|：|是|为)\s*[\"'“]?(?=\S*[\d_!@#$%^&*])[^\s\"'”，。]{6,}"
        ),
    ),
    Secret(N_("a card number"), re.compile(r"(?<![\d-])(?:\d[ -]?){13,18}\d(?![\d-])"), _is_card),
)  # fmt: skip


def check(data: Data, *, keeps_secrets: bool) -> None:
    """Leave out repeats and what looks secret; warn of contradictions."""
    seen: dict[str, int] = {}
    answers: dict[str, tuple[int, str]] = {}
    kept = []
    for row in data.rows:
        whole = "\n".join(folded(said.text) for said in row.messages) or folded(row.text)
        if (first := seen.setdefault(whole, row.line)) != row.line:
            data.leave_out(row, "duplicate", first)
            continue
        if name := secret_in(row):
            note = data.warn if keeps_secrets else data.leave_out
            note(row, "secret", _(name))
            if not keeps_secrets:
                continue
        _warn_of_contradiction(data, row, answers)
        kept.append(row)
    data.rows = kept


def secret_in(row: Row) -> str:
    """What in a row looks like a secret, to be translated; empty for nothing."""
    text = "\n".join(said.text for said in row.messages) or row.text
    return next((one.name for one in SECRETS if _has(one, text)), "")


def _has(secret: Secret, text: str) -> bool:
    return any(secret.is_real(found.group()) for found in secret.pattern.finditer(text))


def _warn_of_contradiction(data: Data, row: Row, answers: dict[str, tuple[int, str]]) -> None:
    if not row.messages or len(row.messages) > 3:
        return
    answer = folded(row.answer)
    line, before = answers.setdefault(folded(row.question), (row.line, answer))
    if before != answer:
        data.warn(row, "contradiction", line)


def folded(text: str) -> str:
    """A text without what makes no difference: case, widths, spaces and the marks at its end."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(plain.split()).rstrip("?!.。？！ ")


def different(rows: Iterable[Row], count: int) -> list[Row]:
    """Some dialogues to ask about while it learns: those with different answers first."""
    found: dict[str, Row] = {}
    spare: list[Row] = []
    for row in rows:
        if row.messages and found.setdefault(folded(row.answer), row) is not row:
            spare.append(row)
    return [*found.values(), *spare][:count]
