"""Conversations in Chinese and English, as many as wanted and always the same ones.

Words and characters are as frequent as in real text (counted in XQuAD's paragraphs, 47,000 Han characters
and 30,000 English words): 的 is every twentieth character, `the` every thirteenth word, and thousands of
characters and words are rare. The words behind the first ones are made up; only how often they come matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

START_S = 1_700_000_000
SHARE_OF_PAIRS = 0.4
"""Of the words in a Chinese text two characters long."""

FREQUENT = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
    "家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把"
    "机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果"
    "加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔"
    "更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展"
    "马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共"
)
RARE = [chr(code) for code in range(0x4E00, 0x9F00, 7) if chr(code) not in FREQUENT]

ENGLISH = """
the of and to a in is that for it you with as was on are be this by from or have not an at which can we but
they one all there if has more would when will time what some so your other about into new use than only
first like how make these people also work most any know need way two code file model data system server
run error example water tea house write read learn day good help please explain because should think
"""
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bran cler drim flon gres plin strov"
ENDINGS = ("", "", "", "s", "ing", "ed")


class Zipf:
    """Draws from a ranked list; the word of rank r comes in proportion to 1 / (r + offset) ** steepness."""

    def __init__(self, words: Sequence[str], *, offset: float, steepness: float = 1.0) -> None:
        self.words = list(dict.fromkeys(words))
        weights = (1 / (rank + offset) ** steepness for rank in range(1, len(self.words) + 1))
        self._sums = list(accumulate(weights))

    def draw(self, chance: Random, count: int) -> list[str]:
        """So many, with repetitions."""
        return chance.choices(self.words, cum_weights=self._sums, k=count)


@dataclass(frozen=True)
class Said:
    """A message: its place in time, who says it, and its words."""

    created_s: int
    role: str
    text: str


class Texts:
    """What is said, and the words of which it is made, the most frequent first."""

    def __init__(self, seed: int = 4) -> None:
        self._seed = seed
        chance = Random(seed)
        self.characters = Zipf([*FREQUENT, *RARE], offset=0.3)
        paired = Zipf([*FREQUENT, *RARE], offset=30, steepness=1.4)
        pairs = ("".join(paired.draw(chance, 2)) for _ in range(15_000))
        self.pairs = Zipf([pair for pair in pairs if "的" not in pair], offset=10)
        syllables = SYLLABLES.split()
        made = ("".join(chance.choices(syllables, k=chance.randrange(2, 5))) for _ in range(20_000))
        self.english = Zipf(
            [*ENGLISH.split(), *(f"{word}{chance.choice(ENDINGS)}" for word in made)], offset=0.4
        )

    def conversation(self, number: int, *, messages: int) -> list[Said]:
        """Questions and answers in turn; the same for the same number."""
        chance = Random(f"{self._seed} {number}")
        at, said = START_S + number * 7_200, []
        for turn in range(messages):
            at += chance.randrange(20, 600)
            # Half of them are longer than 20 words (a question) or 90 (an answer), few much longer.
            length = chance.lognormvariate(4.5 if turn % 2 else 3.0, 0.8)
            text = self._text(chance, number % 2 == 0, min(max(int(length), 3), 1_500))
            said.append(Said(at, "assistant" if turn % 2 else "user", text))
        return said

    def _text(self, chance: Random, is_chinese: bool, count: int) -> str:
        words = self._chinese(chance, count) if is_chinese else self.english.draw(chance, count)
        if chance.random() < 0.2:
            other = self.english if is_chinese else self.pairs
            words[chance.randrange(len(words))] = other.draw(chance, 1)[0]
        marks, glue = ("，。\n", "") if is_chinese else (",.\n", " ")
        ends = chance.choices(("", *marks), (24, 4, 2, 1), k=count)
        return glue.join(word + end for word, end in zip(words, ends, strict=True)).strip() or words[0]

    def _chinese(self, chance: Random, count: int) -> list[str]:
        pairs = iter(self.pairs.draw(chance, count))
        single = iter(self.characters.draw(chance, count))
        return [next(pairs if chance.random() < SHARE_OF_PAIRS else single) for _ in range(count)]


def as_chatgpt(number: int, said: Sequence[Said]) -> dict[str, Any]:
    """A conversation as an export of ChatGPT has it."""
    mapping: dict[str, Any] = {"root": {"id": "root", "parent": None, "children": ["m0"], "message": None}}
    for place, one in enumerate(said):
        mapping[f"m{place}"] = {
            "id": f"m{place}",
            "parent": f"m{place - 1}" if place else "root",
            "children": [f"m{place + 1}"] if place + 1 < len(said) else [],
            "message": {
                "author": {"role": one.role},
                "create_time": float(one.created_s),
                "content": {"content_type": "text", "parts": [one.text]},
                "status": "finished_successfully",
                "metadata": {},
            },
        }
    return {
        "title": f"{number}: {said[0].text[:30]}",
        "conversation_id": f"conversation-{number}",
        "create_time": float(said[0].created_s),
        "update_time": float(said[-1].created_s),
        "mapping": mapping,
        "current_node": f"m{len(said) - 1}",
    }
