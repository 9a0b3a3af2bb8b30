"""The law of both destinations: what a reader sees is the text itself, and nothing that was not asked for."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from kwmagic.anchors import quoted
from kwmagic.markup import Anchor, Code, Fence, Fold, Item, Link, Paragraph, Strong, Table, Text, Title, Words, Writer
from kwmagic.markup import plain as plain_text
from kwmagic.mdtext import Dest, one_line, visible

AWKWARD = {
    "names": [
        "__init__",
        "_a_",
        "a_b_",
        "snake_case_name",
        "a*b*c",
        "**kwargs",
        "*args",
        "operator<",
        "vector<T>",
        "~x~",
    ],
    "strikes": ["~~gone~~", "~one~", "==marked==", "^up^", "++ins++", "--", "x--y"],
    "dollars": ["$HOME:$PATH", "$5 and $10", "$$x$$", r"\$5", "US$", "$`a`$"],
    "backslashes": [
        "\\",
        "\\\\",
        r"\(x\)",
        r"\\(x\\)",
        r"\\[y\\]",
        r"\[x\]",
        r"\begin{a}x\end{a}",
        r"C:\new\(1)",
        "end\\",
    ],
    "pipes": ["a|b", "|", "||", r"a\|b", "|---|", "| a | b |\n|---|---|\n| c | d |", ":--|--:"],
    "links": [
        "[a](b)",
        "![a](b)",
        "[a][b]",
        "[a]: b",
        "[^1]",
        "[ ] task",
        "<https://a.b>",
        "https://a.b/c_d_e",
        "a@b.c",
    ],
    "entities": ["&lt;T&gt;", "&amp;", "&#36;", "&copy", "&", "&&", "&#x0;", "AT&T", "&colon;"],
    "html": [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "<details ontoggle=alert(1) open>",
        "</details>",
        "</summary></details><h1>x</h1>",
        "</code></pre><b>",
        "</a><a href='javascript:alert(1)'>",
        "<!-- comment",
        "-->",
        "<![CDATA[ x ]]>",
        "<?php x ?>",
        "<",
        ">",
        "< b>",
        '<a id="kw-000000-x">',
        "{: onclick=alert(1)}",
        "{: #id .class }",
        "javascript:alert(1)",
        "' onmouseover='alert(1)",
        '" onmouseover="alert(1)',
    ],
    "ticks": [
        "`",
        "``",
        "a`b",
        "`a`",
        "``a``",
        "```",
        "````\nx\n````",
        "` ",
        " `",
        "``` python",
        "~~~",
        "a``b`c```d",
        "`\\`",
    ],
    "blocks": [
        "# x",
        "## x ##",
        "- x",
        "+ x",
        "* x",
        "1. x",
        "12) x",
        "---",
        "***",
        "___",
        "===",
        "> quote",
        "> [!NOTE]",
        ":::",
        "::: note",
        ": definition",
        "!!! note",
        "    indented",
        "#",
        "1.",
        "-",
        "=",
        "%kwindex x",
        "{{ x }}",
        "{% raw %}",
        "{ref}`x`",
        "(target)=",
        "@user",
        "#123",
        ":rocket:",
        "[toc]",
    ],
    "lines": [
        "a\nb",
        "a\n\nb",
        "a\n# b",
        "a\n- b",
        "a\r\nb",
        "a\rb",
        "\n",
        "\ta",
        "a\tb",
        "a\u2028b",
        "a\x85b",
        "a\x0bb",
        "a\x0cb",
    ],
    "hidden": [
        "\x00",
        "a\x1b[31mred",
        "\x7f",
        "\u202eevil",
        "a\u2066b\u2069",
        "\ufeffa",
        "\udcff",
        "a\ud800b",
        "\u200ex",
        "\x9b",
    ],
    "others": [
        "",
        " ",
        "  a  b  ",
        "é",
        "日本語",
        "😀",
        "e\u0301",
        "न\u0940",
        "«»",
        "'\"'",
        "a,b;c:d.e!f?g",
        "wow!",
        "!",
        "1.5",
        "100%",
        "a  \nb",
    ],
    "long": ["x" * 5_000, "`" * 400, "*_" * 2_000, "[" * 500, "<" * 500, "\\" * 501, "&lt;" * 300, "a " * 2_000],
}
STRINGS = [text for family in AWKWARD.values() for text in family]
IDS = [f"{family}-{number}" for family, texts in AWKWARD.items() for number in range(len(texts))]
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
LAB_MATH = re.compile(r"\\\\?[()\[\]]|\\begin\{|\\end\{")

each_string = pytest.mark.parametrize("text", STRINGS, ids=IDS)
each_dest = pytest.mark.parametrize("dest", Dest)


PAGE_MARK = re.compile(r" kwmagic page of [^<>]+ ")
"""The one comment there is: the last line of a page."""


class Shown(HTMLParser):
    """What a browser makes of HTML: the elements with their attributes, and the text in them."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.text = ""
        self._open: list[str] = []
        self.feed(MARKDOWN.render(markdown))
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.texts.setdefault(tag, []).append("")
        if tag not in ("br", "hr", "img"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"closed, but not open: {tag}"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag in dict.fromkeys(self._open):
            self.texts[tag][-1] += data

    def handle_comment(self, data: str) -> None:
        assert PAGE_MARK.fullmatch(data), f"a comment: {data}"

    handle_decl = handle_pi = unknown_decl = handle_comment


def shown(dest: Dest, *blocks) -> Shown:
    """The blocks, written and read again; what is true of all output is asserted on the way."""
    markdown = Writer(dest).write(blocks)
    assert markdown.endswith("\n")
    markdown.encode("utf-8")
    assert not FORBIDDEN.search(markdown)
    if dest is Dest.CELL:
        assert not LAB_MATH.search(markdown), "JupyterLab takes it for math, even in code"
        if not any(isinstance(block, Fence | Fold) for block in blocks):
            assert "$" not in markdown
    return Shown(markdown)


def without_spans(found: Shown) -> list[str]:
    """The elements; a bare `span` keeps JupyterLab from seeing math and shows nothing itself."""
    return [tag for tag in found.tags if tag != "span"]


@each_dest
@each_string
def test_text_in_a_paragraph(text: str, dest: Dest) -> None:
    found = shown(dest, Paragraph([Text(text), Words(" end")]))
    assert without_spans(found) == ["p"]
    assert found.attributes == []
    assert found.text.rstrip("\n") == f"{one_line(text)} end".lstrip(" ")


@each_dest
@each_string
def test_text_between_words(text: str, dest: Dest) -> None:
    found = shown(dest, Paragraph([Words("a"), Text(text), Words("z")]))
    assert without_spans(found) == ["p"]
    assert found.text == f"a{one_line(text)}z\n"


@each_dest
@each_string
def test_code(text: str, dest: Dest) -> None:
    found = shown(dest, Paragraph([Code(text)]))
    assert found.tags == ["p", "code"]
    assert found.texts["code"] == [one_line(text)]
    assert found.attributes == []


@each_dest
@each_string
def test_code_beside_text(text: str, dest: Dest) -> None:
    found = shown(dest, Paragraph([Words("a"), Text(text), Code(text), Text(text), Words("z")]))
    assert without_spans(found) == ["p", "code"]
    assert found.texts["code"] == [one_line(text)]
    assert found.text == f"a{one_line(text) * 3}z\n"


@each_dest
@each_string
def test_link(text: str, dest: Dest) -> None:
    href = f"../{quoted(one_line(text))}#L3"
    found = shown(dest, Paragraph([Link([Code(text)], href), Words(" and "), Link([Text(f"a{text}a")], href)]))
    assert without_spans(found) == ["p", "a", "code", "a"]
    assert found.attributes == [("a", "href", href)] * 2
    assert found.texts["a"] == [one_line(text), f"a{one_line(text)}a"]


@each_dest
@each_string
def test_link_that_can_not_work(text: str, dest: Dest) -> None:
    found = shown(dest, Paragraph([Link([Code(text)], None)]))
    assert found.tags == ["p", "code"]
    assert found.texts["code"] == [one_line(text)]


@each_dest
@each_string
def test_list(text: str, dest: Dest) -> None:
    inlines = [Text(text), Words(" "), Code(text), Words(".")]
    found = shown(
        dest, Item(0, inlines), Item(1, inlines), Item(1, inlines), Item(0, inlines), Paragraph([Words("end")])
    )
    assert without_spans(found) == ["ul", *["li", "code"], "ul", *["li", "code"] * 2, *["li", "code"], "p"]
    assert found.texts["code"] == [one_line(text)] * 4
    assert found.text.count(f"{one_line(text)} {one_line(text)}.".lstrip(" ")) == 4


@each_dest
@each_string
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_title(level: int, text: str, dest: Dest) -> None:
    titles = Title(level, [Words("Of "), Code(text)]), Title(level, [Words("Of "), Text(f"{text}.")])
    found = shown(dest, *titles, Paragraph([Words("end")]))
    if dest is Dest.PAGE or level == 2:
        assert without_spans(found) == [f"h{level}", "code", f"h{level}", "p"]
    else:
        assert without_spans(found) == ["p", "strong", "code", "p", "strong", "p"]
    assert found.text == f"Of {one_line(text)}\nOf {one_line(text)}.\nend\n"


@each_dest
@each_string
def test_table(text: str, dest: Dest) -> None:
    cells = [[Code(text)], [Text(f"a{text}a")], [Link([Code(text)], "#x")]]
    found = shown(dest, Table(("One", "Two", "Three"), [cells, cells]), Paragraph([Words("end")]))
    inner = ["code", "a", "code"]
    if dest is Dest.PAGE:
        assert [tag for tag in without_spans(found) if tag not in (*inner, "thead", "tbody")] == [
            "table",
            *["tr", "th", "th", "th"],
            *["tr", "td", "td", "td"] * 2,
            "p",
        ]
        shown_cells = [one_line(text), f"a{one_line(text)}a", one_line(text)] * 2
        assert [cell.strip() for cell in found.texts["td"]] == [cell.strip() for cell in shown_cells]
    else:
        assert without_spans(found) == ["ul", *["li", *inner[:1], *inner[1:]] * 2, "p"]
        assert found.texts["li"][1].strip() == f"{one_line(text)} · a{one_line(text)}a · {one_line(text)}".strip()
    assert found.texts["code"] == [one_line(text)] * 4


@each_dest
@each_string
def test_fence(text: str, dest: Dest) -> None:
    found = shown(dest, Paragraph([Words("before")]), Fence(text, "python"), Paragraph([Words("after")]))
    assert found.tags == ["p", "pre", "code", "p"]
    assert found.texts["code"][0] in (visible(text), visible(text) + "\n")
    assert found.text.startswith("before\n")
    assert found.text.endswith("after\n")


@each_dest
@each_string
def test_fold(text: str, dest: Dest) -> None:
    found = shown(
        dest, Fold(text, [Fence(text, "python"), Paragraph([Text(text), Words(".")])]), Paragraph([Words("after")])
    )
    assert without_spans(found) == ["details", "summary", "pre", "code", "p", "p"]
    assert found.texts["summary"] == [one_line(text)]
    assert found.texts["p"][-1] == "after"
    assert found.texts["details"][0].strip().endswith(f"{one_line(text)}.".lstrip())


@each_dest
def test_all_strings_on_one_page(dest: Dest) -> None:
    """None of them changes what comes after it."""
    found = shown(dest, *(Item(0, [Code(text), Words(" is "), Text(text), Words(".")]) for text in STRINGS))
    assert found.tags.count("li") == found.tags.count("code") == len(STRINGS)
    assert found.texts["li"] == [f"{one_line(text)} is {one_line(text)}." for text in STRINGS]


@each_dest
def test_neighbours(dest: Dest) -> None:
    """Any two strings side by side, as prose and as code."""
    for one, two in pairwise(STRINGS):
        found = shown(dest, Paragraph([Words("a"), Text(one), Text(two), Words(" "), Code(one), Text(two), Words("z")]))
        assert without_spans(found) == ["p", "code"], (one, two)
        assert found.text == f"a{one_line(one)}{one_line(two)} {one_line(one)}{one_line(two)}z\n"


@each_dest
def test_neighbours_of_links(dest: Dest) -> None:
    """A mark at the end of a text makes no image of the link behind it."""
    for one, two in pairwise(STRINGS):
        found = shown(dest, Paragraph([Words("a"), Text(one), Link([Code(two)], "#x"), Text(one), Words("z")]))
        assert without_spans(found) == ["p", "a", "code"], (one, two)
        assert found.text == f"a{one_line(one)}{one_line(two)}{one_line(one)}z\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\nb\tc", r"a\nb\tc"),
        ("\r\x00\x1b[31m\x7f\x85", r"\r\x00\x1b[31m\x7f\x85"),
        ("\u202ea\u2066\u200f\u2028\ufeff", r"\u202ea\u2066\u200f\u2028\ufeff"),
        ("\udcff\ud800", r"\udcff\ud800"),
        ("é 日本 😀 e\u0301\u200d", "é 日本 😀 e\u0301\u200d"),
    ],
)
def test_what_one_line_shows(text: str, line: str) -> None:
    assert one_line(text) == line
    assert visible(text) == line.replace(r"\n", "\n").replace(r"\t", "\t")


def test_anchor_and_strong() -> None:
    for dest in Dest:
        found = shown(dest, Paragraph([Anchor("kw-00ff00-a.b"), Strong("class "), Code("a")]))
        assert found.attributes == [("a", "id", "kw-00ff00-a.b")]
        assert found.tags == ["p", "a", "strong", "code"]
        assert found.text == "class a\n"


def test_cell_titles_can_be_bold_lines() -> None:
    blocks = [Title(2, [Words("File Purpose")])]
    assert Shown(Writer(Dest.CELL, headings=True).write(blocks)).tags == ["h2"]
    assert Shown(Writer(Dest.CELL, headings=False).write(blocks)).tags == ["p", "strong"]


def test_cell_and_page_write_links_each_in_its_way() -> None:
    blocks = [Paragraph([Link([Code("a")], "x.py#line=2")])]
    assert Writer(Dest.CELL).write(blocks) == '<a href="x.py#line=2">`a`</a>\n'
    assert Writer(Dest.PAGE).write(blocks) == "[`a`](x.py#line=2)\n"


@each_string
def test_plain_text(text: str) -> None:
    inlines = [Text(text), Words(" = "), Code(text), Words(" "), Link([Code(text)], "#x"), Anchor("kw-0-x")]
    item = f"{one_line(text)} = {one_line(text)} {one_line(text)}"
    assert plain_text([Paragraph([Words("x")]), Item(0, inlines), Item(1, inlines)]) == f"x\n  {item}\n    {item}\n"
    table = plain_text([Paragraph([Words("x")]), Table(("A", "B"), [[[Code(text)], [Words("2")]]])])
    assert table == f"x\n  {one_line(text)}  2\n"
    fence = plain_text([Fence(text, "python")])
    assert "".join(line.removeprefix("    ") for line in fence.splitlines(keepends=True)).strip("\n") == (
        visible(text).strip("\n")
    )
    assert plain_text([Fold(f"a{text}", [Paragraph([Words("b"), Text(text)]), Item(0, [Words("x")])])]) == (
        f"a{one_line(text)}\nb{one_line(text)}\n  x\n"
    )


def test_plain_text_underlines_titles() -> None:
    blocks = [Title(1, [Words("Index: "), Code("a")]), Title(2, [Words("Classes")]), Item(0, [Code("A")])]
    assert plain_text(blocks) == "Index: a\n========\n\nClasses\n-------\n  A\n"
