"""The encoding of a text file is known, or the file is refused."""

from __future__ import annotations

import pytest

from teahouse.chat.encodings import decode

SIMPLIFIED = "请把附件里的内容读一遍，然后告诉我主要的意思是什么。"
TRADITIONAL = "請把附件裡的內容讀一遍，然後告訴我主要的意思是什麼。"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gbk", "gb18030"])
def test_simplified_chinese_is_read_in_every_encoding_it_is_saved_in(codec: str) -> None:
    assert decode(SIMPLIFIED.encode(codec)) == SIMPLIFIED


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "big5", "cp950"])
def test_traditional_chinese_is_read_in_every_encoding_it_is_saved_in(codec: str) -> None:
    assert decode(TRADITIONAL.encode(codec)) == TRADITIONAL


def test_a_table_of_a_chinese_office_program_is_read() -> None:
    table = "编号,姓名,电话,入职日期\r\n1,张三,010-5550100,2026-01-02\r\n"
    assert decode(table.encode("gbk")) == table


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("測試", "big5"),  # reads as two common characters in GB18030 as well
        ("안녕하세요 여러분, 오늘은 날씨가 좋습니다.", "euc-kr"),
        ("日本語の文章です。ひらがなもあります。", "shift_jis"),
        ("日本語の文章です。漢字", "euc-jp"),
        ("Привет, как дела? Это текст", "cp1251"),
        ("déjà vu au café", "cp1252"),
    ],
)
def test_what_cannot_be_known_for_certain_is_not_guessed(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) is None


def test_a_wrong_byte_order_mark_is_not_passed_over() -> None:
    assert decode(b"\xff\xfeabc") is None  # half a character at the end
    assert decode(b"\xef\xbb\xbf\xff") is None


def test_a_nul_is_no_text() -> None:
    assert decode(b"ab\0cd") is None


def test_nothing_is_empty_text() -> None:
    assert decode(b"") == ""
