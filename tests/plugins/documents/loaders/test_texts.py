"""Text, code, Markdown, tables and records: what is read, with which places."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.passages import Place
from teahouse_documents.loaders.files import decode_bytes
from teahouse_documents.loaders.normal import clean, join_lines
from teahouse_documents.loaders.refusal import Refused

from .conftest import Read

CHINESE = "中文文件没有标记，也要能读。\n\n第二段：这是用简体中文写的内容，龙井茶产于杭州。\n"
TRADITIONAL = "中文檔案沒有標記，也要能讀。\n\n第二段：這是用繁體中文寫的內容，凍頂烏龍茶產於臺灣。\n"
CODECS = [
    *(
        (CHINESE, codec)
        for codec in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")
    ),
    *((TRADITIONAL, codec) for codec in ("big5", "utf-8", "utf-16")),
    ("Größe und Maß der Teekanne, für alle, die später kommen.\n" * 3, "cp1252"),
    ("Чай растёт в горах, его собирают весной и летом.\n" * 4, "cp1251"),
    ("お茶は山の畑で育ちます。春になると若い葉を摘みます。\n" * 4, "shift_jis"),
    ("お茶は山の畑で育ちます。春になると若い葉を摘みます。\n" * 4, "euc_jp"),
    ("차는 산에서 자라고 봄과 여름에 땁니다. 물이 좋아야 합니다.\n" * 4, "euc_kr"),
]


@pytest.mark.parametrize(("text", "codec"), CODECS, ids=lambda value: value if len(value) < 12 else "")
def test_encodings(read: Read, tmp_path: Path, text: str, codec: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(codec))
    pieces, _remarks = read(path)
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())


def test_a_damaged_byte_does_not_take_the_file(tmp_path: Path) -> None:
    data = (CHINESE * 200).encode("utf-8")
    assert decode_bytes(data[:-2]).startswith("中文")
    with pytest.raises(Refused):
        decode_bytes(bytes(range(128, 256)) * 40)


def test_clean() -> None:
    assert clean("\ufeffa\0b\u200b\r\ne\u0301  \n\n\n\nc\x0cd") == "ab\né\n\nc\nd"
    assert clean("他说︰﹁好﹂︵真的︶︒") == "他说：「好」（真的）。"
    assert clean("ＡＢＣ　１２") == "ＡＢＣ　１２"
    assert clean("a\n\n\n\n  b\u00a0c", is_code=True) == "a\n\n\n\n  b\u00a0c"


def test_lines_that_a_program_broke_are_joined() -> None:
    assert (
        join_lines(["龙井茶产于", "杭州西湖，", "Longjing tea", "is green"])
        == "龙井茶产于杭州西湖， Longjing tea is green"
    )


def test_text(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(
        "Tea\n===\n\nFirst.\n\nGreen\n-----\n\nApples\nPears\n\n第二章 红茶\n　　祁门红茶。\n　　第二段。\n",
        "utf-8",
    )
    pieces, _remarks = read(path)
    assert [(one.kind, one.text, one.place) for one in pieces] == [
        ("heading", "Tea", Place(line=1)),
        ("text", "First.", Place(line=4, heading=("Tea",))),
        ("heading", "Green", Place(line=6, heading=("Tea",))),
        ("text", "Apples\nPears", Place(line=9, heading=("Tea", "Green"), last_line=10)),
        ("heading", "第二章 红茶", Place(line=12, heading=("Tea",))),
        ("text", "　　祁门红茶。", Place(line=13, heading=("Tea", "第二章 红茶"))),
        ("text", "　　第二段。", Place(line=14, heading=("Tea", "第二章 红茶"))),
    ]


def test_a_long_text_without_blank_lines_keeps_its_lines(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text("\n".join(f"{n:05} something happened to the tea pot." for n in range(2000)), "utf-8")
    pieces, _remarks = read(path)
    assert max(len(one.text) for one in pieces) < 3000
    for one in pieces:
        assert one.text.startswith(f"{(one.place.line or 0) - 1:05}")


def test_code(read: Read, tmp_path: Path) -> None:
    lines = ["import tea", ""]
    for number in range(40):
        lines += [
            "",
            "@brewed",
            f"def pour_{number}(cup):",
            *[f"    step_{n}(cup)  # {'x' * 40}" for n in range(8)],
        ]
    path = tmp_path / "a.py"
    path.write_text("\n".join(lines), "utf-8")
    pieces, _remarks = read(path)
    assert len(pieces) > 5
    for one in pieces:
        assert one.kind == "code"
        assert one.place.line is not None
        assert one.text.split("\n") == lines[one.place.line - 1 : one.place.last_line]
        assert one.place.heading[0].startswith("pour_")
    assert all(one.text.startswith("@brewed") for one in pieces[1:])


def test_markdown(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: Tea\n---\n# Tea #\n\nA line\nthat goes on.\n\nGreen\n-----\n\n* one\n* two\n\n"
        "<!-- hidden\n# no -->\n"
        "```\n# no heading\n```\n\n| a | b |\n|:--|--:|\n| 1 \\| 2 | 3 |\n\n### 深\n绿茶\n红茶\n",
        "utf-8",
    )
    pieces, _remarks = read(path)
    assert [(one.kind, one.text, one.place.line, one.place.heading) for one in pieces] == [
        ("text", "title: Tea", 2, ()),
        ("heading", "Tea", 4, ()),
        ("text", "A line that goes on.", 6, ("Tea",)),
        ("heading", "Green", 9, ("Tea",)),
        ("text", "* one\n* two", 12, ("Tea", "Green")),
        ("code", "# no heading", 18, ("Tea", "Green")),
        ("table", "| a | b |\n|---|---|\n| 1 \\| 2 | 3 |", 23, ("Tea", "Green")),
        ("heading", "深", 25, ("Tea", "Green")),
        ("text", "绿茶红茶", 26, ("Tea", "Green", "深")),
    ]


def test_rows_keep_their_header_and_lines(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f'{n},"a name, with a comma {n}",{n * 10}' for n in range(200)]
    path.write_text("编号;x\n".replace(";x", ",名称,价格") + "\n".join(rows), "gb18030")
    pieces, _remarks = read(path)
    assert len(pieces) > 3
    assert all(one.text.startswith("| 编号 | 名称 | 价格 |\n|---|---|---|\n") for one in pieces)
    assert pieces[0].place.line == 2
    assert pieces[-1].place.last_line == 201
    assert f"| {pieces[1].place.line - 2} |" in pieces[1].text  # type: ignore[operator]


@pytest.mark.parametrize(("name", "delimiter"), [("a.tsv", "\t"), ("a.csv", ";"), ("b.csv", "|")])
def test_other_delimiters(read: Read, tmp_path: Path, name: str, delimiter: str) -> None:
    path = tmp_path / name
    path.write_text(
        "\n".join(delimiter.join(row) for row in (["n", "m"], ["x, y", "2"], ["z", "3"])), "utf-8"
    )
    assert read(path)[0][0].text.splitlines()[2] == "| x, y | 2 |"


def test_rows_of_numbers_get_letters_for_a_header(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n", "utf-8")
    assert read(path)[0][0].text == "| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |"


def test_records(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '{"shop": {"name": "茶馆"}, "teas": [{"name": "龙井", "tags": ["a", "b"]}, {"name": "x"}]}', "utf-8"
    )
    pieces, _remarks = read(path)
    assert [(one.text, one.place.heading) for one in pieces] == [
        ("shop.name: 茶馆", ()),
        ("name: 龙井\ntags: a, b", ("teas[0]",)),
        ("name: x", ("teas[1]",)),
    ]
    path.write_text("{no json\n\nbut text", "utf-8")
    pieces, remarks = read(path)
    assert [one.text for one in pieces] == ["{no json", "but text"]
    assert remarks == ["It is not sound JSON, and was read as plain text."]


def test_subtitles_without_blank_lines_and_with_hours(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_text(
        "1\n01:00:01,5 --> 01:00:02,000\none\n2\n01:00:02,000 --> 01:00:03,000\n你好，\n世界\n", "utf-8-sig"
    )
    [piece] = read(path)[0]
    assert piece.text == "one\n你好，世界"
    assert piece.place.words() == "1:00:01, line 2"
