"""Colours for code: Pygments' tokens as a handful of roles. Pygments is imported at the first code block."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

LONGEST_CHARS = 100_000
"""Longer code is shown without colours."""

_ROLES = (
    ("Comment", "comment"),
    ("Keyword.Type", "type"),
    ("Keyword", "keyword"),
    ("Operator.Word", "keyword"),
    ("Literal.String", "string"),
    ("Literal.Number", "number"),
    ("Name.Function", "function"),
    ("Name.Class", "type"),
    ("Name.Exception", "type"),
    ("Name.Builtin", "builtin"),
    ("Name.Decorator", "builtin"),
    ("Name.Attribute", "builtin"),
    ("Name.Tag", "tag"),
    ("Operator", "operator"),
    ("Punctuation", "operator"),
    ("Generic.Deleted", "tag"),
    ("Generic.Inserted", "string"),
    ("Generic.Heading", "function"),
)


def split_code(code: str, language: str) -> list[tuple[str, str]]:
    """`code` cut into (role, text); the texts joined are `code` again."""
    lexer = _lexer(language)
    if lexer is None or len(code) > LONGEST_CHARS:
        return [("", code)]
    pieces = [(_role(token), text) for _, token, text in lexer.get_tokens_unprocessed(code)]
    if sum(len(text) for _, text in pieces) != len(code):
        return [("", code)]
    return pieces


@lru_cache(64)
def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language) if language else None
    except ClassNotFound:
        return None


@lru_cache(512)
def _role(token: Any) -> str:
    from pygments.token import string_to_tokentype

    return next((role for name, role in _ROLES if token in string_to_tokentype(name)), "")
