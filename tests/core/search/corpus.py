"""Conversations in Chinese and English, as many as wanted and always the same ones.

Words follow Zipf's law as in real text: 的 is in most Chinese messages, `the` in most English ones, and
thousands of words are in a few.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from teahouse.search import index

START_MS = 1_700_000_000_000
MESSAGES_OF_ONE = 20
"""Messages of a conversation."""

CHINESE = """
的 是 了 在 我 有 和 不 就 这 也 你 可以 我们 一个 如果 需要 使用 问题 因为 所以 但是 什么
怎么 没有 他们 时候 现在 已经 进行 通过 方法 模型 数据 文件 系统 代码 函数 程序 服务器 部署 容器
运行 安装 配置 错误 信息 时间 工作 学习 中国 北京 上海 茶馆 喝茶 天气 今天 明天 朋友 老师 学生
学校 公司 经济 社会 历史 文化 语言 翻译 文章 总结 内容 比较 重要 简单 例如 首先 其次 最后 以及
或者 关于 其中 这样 那么 非常 更加 还是 只有
"""
CHARACTERS = (
    "天地人大小多少上下左右前后东西南北春夏秋冬山水火木金土日月星云风雨雪花草树林石河海江湖田园家门窗桌椅书纸笔"
    "墨画琴棋诗酒茶饭菜米油盐酱醋糖车船马牛羊鸡狗猫鱼鸟虫红黄蓝白黑青紫长短高低远近新旧好坏美丑真假对错快慢早晚"
    "男女老幼父母兄弟姐妹子孙心手足头眼耳口鼻身体言语文字声音光影冷热干湿轻重强弱生死来去进出开关买卖借还教学做"
    "吃喝玩乐走跑跳飞坐站睡醒哭笑爱恨喜怒哀惧思想念忘记认识知道理解决定选择计划发展变化运动静止方向位置空间速度"
    "温压力量能源质电磁波粒子原核化合物酸碱细胞基因蛋白血液神经病医药治疗健康政府法律权利义务国际贸易市场价格投资"
)
ENGLISH = """
the of and to in a is that for it as with on be this are by an or from you can not have we which if use
but all model data file when function code error server install running generate generation container
docker python list string value return class object memory thread process language question answer text
number example first second because between should would could there their these about into only other
time work people write read learn history culture weather today tomorrow city river mountain music tea
"""
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bran cler drim flon gres plin strov"

ROLES = ("user", "assistant")


@dataclass(frozen=True)
class Row:
    """A message of the corpus: its place, when it was written, and its text."""

    conversation: int
    number: int
    created_ms: int
    role: str
    text: str


class Corpus:
    """`count` messages, half Chinese; questions of some 25 words, answers of some 120."""

    def __init__(self, count: int, *, seed: int = 4) -> None:
        self.count = count
        self._random = Random(seed)
        self._chinese = CHINESE.split() + self._make_words(CHARACTERS, 6000)
        self._english = ENGLISH.split() + self._make_words(SYLLABLES.split(), 12000)
        self._weights = {
            id(words): list(accumulate(1 / (rank + 3) for rank in range(len(words))))
            for words in (self._chinese, self._english)
        }

    def __iter__(self) -> Iterator[Row]:
        at = START_MS
        for number in range(self.count):
            at += self._random.randrange(20_000, 1_800_000)
            conversation, turn = divmod(number, MESSAGES_OF_ONE)
            is_answer = bool(turn % 2)
            text = self._make_text(conversation % 2 == 0, self._random.randrange(3, 200 if is_answer else 50))
            yield Row(conversation, number, at, ROLES[is_answer], text)

    def _make_words(self, parts: Sequence[str], count: int) -> list[str]:
        return ["".join(self._random.choices(parts, k=self._random.randrange(2, 4))) for _ in range(count)]

    def _make_text(self, is_chinese: bool, count: int) -> str:
        own, other = (self._chinese, self._english) if is_chinese else (self._english, self._chinese)
        words = self._random.choices(own, cum_weights=self._weights[id(own)], k=count)
        if self._random.random() < 0.2:
            words[0] = self._random.choices(other, cum_weights=self._weights[id(other)])[0]
        ends = self._random.choices(("", ",", "."), (12, 2, 1), k=count) if count else []
        glue, marks = (
            ("", {"": "", ",": "，", ".": "。\n"}) if is_chinese else (" ", {"": "", ",": ",", ".": ".\n"})
        )
        return glue.join(word + marks[end] for word, end in zip(words, ends, strict=True))


def fill(connection: sqlite3.Connection, count: int) -> None:
    """Put the corpus into a database of our schema, in one transaction, and index it."""
    connection.execute("BEGIN")
    for row in Corpus(count):
        _add(connection, row)
    while index.index_missing(connection):
        pass
    connection.execute("COMMIT")


def _add(connection: sqlite3.Connection, row: Row) -> None:
    if row.number % MESSAGES_OF_ONE == 0:
        connection.execute(
            "INSERT INTO conversation (id, title, folder, model, created_ms, updated_ms)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                f"c{row.conversation}",
                row.text[:40].split("\n")[0],
                ("", "work", "home/tea")[row.conversation % 3],
                ("qwen2.5", "gemma-3", "llama-3")[row.conversation % 3],
                row.created_ms,
                row.created_ms,
            ),
        )
    connection.execute(
        "INSERT INTO message (id, conversation_id, parent_id, role, state, created_ms)"
        " VALUES (?, ?, ?, ?, 'complete', ?)",
        (
            f"m{row.number}",
            f"c{row.conversation}",
            f"m{row.number - 1}" if row.number % MESSAGES_OF_ONE else None,
            row.role,
            row.created_ms,
        ),
    )
    connection.execute(
        "INSERT INTO part (message_id, position, kind, data) VALUES (?, 0, 'text', ?)",
        (f"m{row.number}", row.text),
    )
