"""Web pages and letters: what is read, with which places."""

from __future__ import annotations

from pathlib import Path

from .conftest import Read
from .made import make_letter, write_mbox

PAGE = """<!DOCTYPE html><html><head><title>Tea house</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav><header>Site name</header>
<main><h1>Green tea<a class="headerlink" href="#x">¶</a></h1>
<p>Longjing
  is <b>pan</b>-fired<br>by hand.</p><script>evil()</script><p style="display: none">hidden</p>
<ul><li>one</li><li>two <i>too</i></li></ul>
<pre>  code
    more</pre>
<table><tr><th>名</th><th>价</th></tr>
<tr><td rowspan=2>龙井</td><td>300</td></tr><tr><td>200</td></tr></table>
<h2>产地</h2><p>龙井产于
杭州。</p><div class="note"><h3>Note</h3><p>Only in spring.</p></div><p>End.</p></main>
<footer>© 2026</footer></body></html>"""


def test_html(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    pieces, _remarks = read(path)
    top = ("Tea house", "Green tea")
    assert [(one.kind, one.text, one.place.heading) for one in pieces] == [
        ("heading", "Tea house", ()),
        ("heading", "Green tea", ("Tea house",)),
        ("text", "Longjing is pan-fired\nby hand.", top),
        ("text", "- one", top),
        ("text", "- two too", top),
        ("code", "  code\n    more", top),
        ("table", "| 名 | 价 |\n|---|---|\n| 龙井 | 300 |\n| 龙井 | 200 |", top),
        ("heading", "产地", top),
        ("text", "龙井产于杭州。", (*top, "产地")),
        ("text", "Note", (*top, "产地")),
        ("text", "Only in spring.", (*top, "产地")),
        ("text", "End.", (*top, "产地")),
    ]


def test_html_in_the_encoding_that_it_names(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    for codec in ("gb2312", "big5", "windows-1251"):
        words = "Чай" if codec == "windows-1251" else "茶"
        path.write_bytes(f'<meta charset="{codec}"><p>{words}</p>'.encode(codec))
        assert read(path)[0][0].text == words


def test_a_page_that_is_one_table_for_layout(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<table><tr><td><h1>Tea</h1></td><td><p>Green</p></td></tr><tr><td>a<td>b</table>")
    assert [(one.kind, one.text) for one in read(path)[0]][:2] == [("heading", "Tea"), ("text", "Green")]


def test_letter(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(make_letter()))
    pieces, _remarks = read(path)
    assert "From: 陆羽 <lu@example.org>" in pieces[0].text
    assert pieces[0].text.endswith("Subject: 关于茶叶的报价\nAttached: 报价单.pdf")
    assert [one.text for one in pieces[1:]] == ["龙井每斤三百元。", "此致"]
    assert {one.place.heading for one in pieces} == {("关于茶叶的报价",)}


def test_letter_with_raw_bytes_and_only_html(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    head = "Subject: 关于茶叶的报价，请您查收并回复\nContent-Type: text/html; charset=gb2312\n\n"
    path.write_bytes((head + "<p>龙井茶產於杭州</p>").encode("gb18030"))  # a character that GB2312 lacks
    pieces, _remarks = read(path)
    assert pieces[0].place.heading == ("关于茶叶的报价，请您查收并回复",)
    assert pieces[1].text == "龙井茶產於杭州"


def test_mailbox(read: Read, tmp_path: Path) -> None:
    pieces, _remarks = read(write_mbox(tmp_path / "a.mbox", 3))
    assert [(one.text, one.place.line, one.place.heading) for one in pieces if "Text" in one.text] == [
        ("Text 0\nFrom here on", 1, ("Letter 0",)),
        ("Text 1\nFrom here on", 8, ("Letter 1",)),
        ("Text 2\nFrom here on", 15, ("Letter 2",)),
    ]
