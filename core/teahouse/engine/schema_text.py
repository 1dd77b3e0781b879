"""A JSON Schema as text: read it, find what it refers to, and say what is wrong in it and where."""

from __future__ import annotations

import json
import math
from typing import Any
from urllib.parse import unquote

from teahouse.engine.scanner import LONGEST, GrammarError
from teahouse.language import _

Schema = dict[str, Any]


class SchemaText:
    """One schema with its text.

    Raises:
        GrammarError: It is no JSON.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        if len(text) > LONGEST:
            what = _("It has {size} characters; at most {most} are read.")
            raise self.wrong(what.format(size=len(text), most=LONGEST))
        self.root = self._read()

    def _read(self) -> Any:
        try:
            return json.loads(self._text, parse_constant=self._no_number, parse_float=self._number)
        except json.JSONDecodeError as error:
            raise self.wrong(error.msg, at=error.pos) from None
        except RecursionError:
            raise self.wrong(_("It is nested too deeply.")) from None
        except ValueError:  # Python reads no number of thousands of digits
            raise self.wrong(_("A number in it has too many digits.")) from None

    def _number(self, digits: str) -> float:
        value = float(digits)
        return value if math.isfinite(value) else self._no_number(digits)

    def _no_number(self, name: str) -> float:
        raise self.wrong(_("JSON has no number {name}.").format(name=name[:20]), at=self._text.find(name))

    def find(self, target: Any) -> Any:
        """What a `$ref` refers to: `#`, or `#/` and the path to it.

        Raises:
            GrammarError: It lies elsewhere, or nowhere.
        """
        if not isinstance(target, str) or not (target == "#" or target.startswith("#/")):
            what = _("Only what lies in this schema can be referred to, by “#” or “#/” and its path.")
            raise self.wrong(what, "$ref")
        here = self.root
        for step in unquote(target).removeprefix("#").split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(here, dict) or key not in here:
                raise self.wrong(_("{target} does not lie in it.").format(target=target), "$ref")
            here = here[key]
        return here

    def bounds(self, schema: Schema, low: str, high: str) -> tuple[int, int | None]:
        """Two keywords that limit a count; 0 and None where they are not given."""
        least = self.whole_number(schema, low) if low in schema else 0
        most = self.whole_number(schema, high) if high in schema else None
        if least < 0 or (most is not None and most < least):
            raise self.wrong(_("The limits leave nothing between them."), low)
        return least, most

    def whole_number(self, schema: Schema, key: str) -> int:
        """The value of a keyword."""
        value = schema[key]
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(_("It is a whole number."), key)
        return value

    def unknown(self, keyword: str) -> GrammarError:
        """A keyword that would not be kept."""
        return self.wrong(_("What it says there cannot be kept by a grammar."), keyword)

    def wrong(self, what: str, keyword: str = "", *, at: int | None = None) -> GrammarError:
        """What is wrong, with the keyword's place in the text."""
        at = max(0, self._text.find(json.dumps(keyword))) if at is None else at
        line, column = self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at)
        where = (
            _("“{keyword}” in line {line}, column {column}") if keyword else _("line {line}, column {column}")
        )
        return GrammarError(
            _("The JSON Schema cannot be used ({where}): {what}").format(
                where=where.format(keyword=keyword, line=line, column=column), what=what
            ),
            _("Nothing was sent. Correct it or empty it."),
            key="json_schema",
            line=line,
            column=column,
            keyword=keyword,
        )
