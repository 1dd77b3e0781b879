"""Grammars for tests: valid ones, ones with a fault each, and ways to damage a text."""

from __future__ import annotations

import random

VALID = {
    "a word": 'root ::= "tea"',
    "alternatives": 'root ::= "yes" | "no" | "maybe"',
    "classes": "root ::= [a-z] [^0-9\\n] [\\x41-\\x5A] [a\\-z\\]] [--/] [a-]",
    "repetitions": 'root ::= "a"* "b"+ "c"? [d]{3} [e]{2,} [f]{0,4} "g"{1,3}',
    "groups": 'root ::= ("a" | "b" ("c" | "d")+)* "."',
    "rules": 'root ::= list\nlist ::= "[" (item ("," item)*)? "]"\nitem ::= [0-9]+ | list',
    "comments and lines": (
        '# first\nroot ::= # here\n  "a" # there\n\n  # and there\nb ::= (\n  "x"\n  | "y"\n)\n'
    ),
    "an empty alternative": 'root ::= "a" rest\nrest ::= "" | "b" rest',
    "escapes": 'root ::= "\\t\\r\\n\\\\\\"" "\\x41" "\\u8336" "\\U0001F375" .',
    "Chinese": 'root ::= [ぁ-んァ-ン一-龯]+ "。"',
    "recursion on the right": 'root ::= "a" root | "b"',
    "recursion in the middle": 'root ::= "(" root ")" | "x"',
    "arithmetic": (
        'root ::= (expr "=" ws term "\\n")+\nexpr ::= term ([-+*/] term)*\n'
        'term ::= ident | num | "(" ws expr ")" ws\nident ::= [a-z] [a-z0-9]* ws\n'
        "num ::= [0-9]+ ws\nws ::= [ \\t\\n]*\n"
    ),
    "JSON": (
        'root ::= object\nvalue ::= object | array | string | number | ("true" | "false" | "null") ws\n'
        'object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? "}" ws\n'
        'array ::= "[" ws (value ("," ws value)*)? "]" ws\n'
        'string ::= "\\"" ([^"\\\\\\x7F\\x01-\\x1F] | "\\\\" (["\\\\bfnrt] | "u" [0-9a-fA-F]{4}))* "\\"" ws\n'
        'number ::= ("-"? ([0-9] | [1-9] [0-9]{0,15})) ("." [0-9]+)? ([eE] [-+]? [0-9]{1,3})? ws\n'
        'ws ::= | " " | "\\n" [ \\t]{0,20}\n'
    ),
    "a list": 'root ::= item+\nitem ::= "- " [^\\r\\n\\x0b]+ "\\n"',
    "chess": (
        'root ::= "1. " move " " move "\\n" ([1-9] [0-9]? ". " move " " move "\\n")+\n'
        'move ::= (pawn | nonpawn | castle) [+#]?\nnonpawn ::= [NBKQR] [a-h]? [1-8]? "x"? [a-h] [1-8]\n'
        'pawn ::= ([a-h] "x")? [a-h] [1-8] ("=" [NBKQR])?\ncastle ::= "O-O" "-O"?\n'
    ),
    "windows lines": 'root ::= a\r\na ::= "x" |\r\n  "y"\r\n',
    "many": 'root ::= "a"{1900}',
}

REAL = {
    "JSON's strings": 'root ::= "\\"" ([^"\\\\\\x7F\\x00-\\x1F] | "\\\\" ["\\\\bfnrt])* "\\""',
}
"""Pieces of the grammars that come with llama.cpp; not among those that are damaged at random."""

FAULTY = {
    "nothing": ("", 1, 1),
    "no root": ('start ::= "a"', 1, 1),
    "no sign": ("root = x", 1, 6),
    "an open literal": ('root ::= "a', 1, 10),
    "an open class": ("root ::= [a-z", 1, 10),
    "an empty class": ("root ::= []", 1, 10),
    "a reversed class": ("root ::= [z-a]", 1, 11),
    "an open parenthesis": ('root ::= "a" ("b"', 1, 14),
    "a closed parenthesis": ('root ::= "a")', 1, 13),
    "nothing to repeat": ("root ::= *", 1, 10),
    "an empty literal repeated": ('root ::= ""*', 1, 12),
    "an unknown escape": ('root ::= "\\q"', 1, 11),
    "few digits": ('root ::= "\\x4"', 1, 11),
    "no such character": ('root ::= "\\UFFFFFFFF"', 1, 11),
    "the character zero": ('root ::= "\\x00"', 1, 11),
    "an open brace": ('root ::= "a"{2', 1, 15),
    "no number": ('root ::= "a"{,2}', 1, 14),
    "an end before the beginning": ('root ::= "a"{3,2}', 1, 13),
    "never": ('root ::= "a" "b"{0}', 1, 17),
    "absurdly often": ('root ::= "a"{1,99999999999999999999}', 1, 16),
    "too often": ('root ::= "a"{0,5000}', 1, 16),
    "often often": ('root ::= (("a"{1000}) "b"){1000}', 1, 27),
    "not defined": ('root ::= "a"\nx ::= y "b"', 2, 7),
    "defined twice": ('root ::= "a"\nroot ::= "b"', 2, 1),
    "direct": ('root ::= root "a" | "b"', 1, 10),
    "indirect": ('root ::= a\na ::= b "x"\nb ::= c | "y"\nc ::= a', 4, 7),
    "behind what can be empty": ('root ::= x root\nx ::= y\ny ::= "a"?', 1, 12),
    "behind an empty alternative": ('root ::= ("" | "a") root "b"', 1, 21),
    "in a group": ('root ::= ("a"? (root | "b"))', 1, 17),
    "far away": ('root ::= "a"\nx ::= x', 2, 7),
    "an empty one repeated": ('root ::= (a)*\na ::= "x"?', 1, 10),
    "an empty group repeated": ('root ::= ("x" | "")+', 1, 10),
    "an empty one repeated a few times": ('root ::= x{0,60}\nx ::= "a"? "b"?', 1, 10),
    "more ways than can be followed": (
        "root ::= a a\n"
        + "".join(f"{chr(97 + n)} ::= {chr(98 + n)} {chr(98 + n)}\n" for n in range(20))
        + 'u ::= "z"?',
        *(1, 10),
    ),
    "a star on a star": ('root ::= "x"**', 1, 14),
    "a token": ("root ::= <|im_end|>", 1, 10),
    "an underscore": ('root ::= my_rule\nmy ::= "x"', 1, 12),
    "deep": ("root ::= " + "(" * 5000 + '"a"' + ")" * 5000, 1, 74),
    "zero": ('root ::= "a\0"', 1, 12),
    "a line end inside": ('root ::= "a"\n| "b"', 2, 1),
}

SIGNS = '()[]{}*+?|"\\^-,:=.#<>! \n\tarootx09茶'


def damaged(text: str, source: random.Random) -> str:
    """A text with one or two small changes."""
    for _time in range(source.randrange(1, 3)):
        place = source.randrange(len(text) + 1)
        end = min(len(text), place + source.randrange(4))
        insert = "".join(source.choice(SIGNS) for _ in range(source.randrange(3)))
        cut = text[source.randrange(len(text) + 1) :][: source.randrange(6)]
        text = text[:place] + source.choice([insert, cut, ""]) + text[end:]
    return text
