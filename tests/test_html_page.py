"""One page of a static HTML site: what it says, where its links lead, and that nothing foreign lives in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import IPython
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import kwmagic
from kwmagic.errors import OptionError
from kwmagic.html import code
from kwmagic.html.assets import SHARED, static_files
from kwmagic.html.formulas import formula
from kwmagic.html.markdown import rendered
from kwmagic.html.page import Place, html_page
from kwmagic.html.parser import make_parser

CASES = Path(__file__).parent / "cases" / "html"
PLACE = Place("a/b/x.html", "A <page>", "Site & co", "a/b/x.py", (("Site & co", "../../index.html"), ("x", "")))
MODULE = Path(IPython.__file__).parent / "core" / "interactiveshell.py"
HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT\n>alert(1)//</SCRIPT >",
    "word <script>alert(1)</script> word",
    "<img src=x onerror=alert(1)>",
    'text <b onclick="alert(1)">b</b> text',
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" jAvA&#9;script&colon;alert(1)">a</a>',
    "[a](javascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a]: javascript:alert(1)\n\n[a]",
    "![a](javascript:alert(1))",
    '![a"onerror="alert(1)](x.png "t\\"onload=\\"alert(1)")',
    "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<style>* { display: none }</style>",
    '<div style="position: fixed">x</div>',
    "<iframe src='https://example.org/'></iframe>",
    "<form action='https://example.org/'><input name=x><button>go</button></form>",
    "<object data=x></object><embed src=x>",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "```python first=1\n</code></pre><script>alert(1)</script>\n```",
    "```mermaid\n<script>alert(1)</script>\n```",
    "# <script>alert(1)</script> `<script>`",
    r"$\text{<script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$ $\style{position:fixed}{x}$ $\class{kw-top}{x}$",
    r"$$\color{red' onclick='alert(1)}{x}$$",
    "<!-- --!><script>alert(1)</script> -->",
    "<textarea><script>alert(1)</script></textarea>",
    '<a id="kw-search"></a><div id="kw-main">x</div>',
)
FOREIGN = {"iframe", "form", "input", "object", "embed", "base", "style", "textarea", "svg"}


class Reading(HTMLParser):
    """What a browser makes of HTML, as far as these tests ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def words(self) -> list[str]:
        return self.text.split()

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.tags if name in attributes]

    def names(self) -> set[str]:
        return {tag for tag, _ in self.tags}


def module_pages() -> Iterator[tuple[str, str]]:
    """Real pages of three kinds, with the sources' lines numbered as a site's pages number them."""
    document = kwmagic.document(str(MODULE)).to_markdown()
    source = document.replace("```python\n", "```python first=1\n") if "```python\n" in document else document
    yield "document", source
    yield "keywords", kwmagic.index(str(MODULE)).to_markdown()
    yield "readme", (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


PAGES = dict(module_pages())


def test_a_small_page(golden) -> None:
    golden(CASES / "small.html", html_page((CASES / "small.md").read_text(encoding="utf-8"), PLACE))


def test_a_page_is_the_same_each_time() -> None:
    assert html_page(PAGES["readme"], PLACE) == html_page(PAGES["readme"], PLACE)


@pytest.mark.parametrize("kind", PAGES)
def test_the_text_is_that_of_the_markdown(kind: str) -> None:
    markdown = re.sub(r"```mermaid\n.*?\n```", "", PAGES[kind], flags=re.DOTALL)  # drawn
    expected = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    assert Reading(rendered(markdown).html).words() == Reading(expected).words()


@pytest.mark.parametrize("kind", PAGES)
def test_links_of_names_are_read_as_markdown_it_reads_them(kind: str) -> None:
    """The rule of our own for simple links is nothing but faster."""
    ours, plain = make_parser({}), make_parser({})
    plain.inline.ruler.disable("simple_link")
    assert ours.parse(PAGES[kind]) == plain.parse(PAGES[kind])


@settings(deadline=None)
@given(st.text("[]()`ab –.#!*<>\\&_", max_size=24))
def test_links_of_names_are_read_alike_in_any_text(markdown: str) -> None:
    ours, plain = make_parser({}), make_parser({})
    plain.inline.ruler.disable("simple_link")
    assert ours.render(markdown) == plain.render(markdown)


@pytest.mark.parametrize("kind", PAGES)
def test_anchors_stay_and_are_unique(kind: str) -> None:
    page = Reading(html_page(PAGES[kind], PLACE))
    identifiers = page.values("id")
    assert len(identifiers) == len(set(identifiers))
    assert {*re.findall(r'<a id="([^"]+)"></a>', PAGES[kind])} <= {*identifiers}
    contents = {href[1:] for href in page.values("href") if href.startswith("#")}
    if kind != "readme":
        assert contents <= {*identifiers}


def test_a_page_of_a_module_is_small() -> None:
    size = len(html_page(PAGES["document"], PLACE).encode())
    assert size <= 60_000 + 6 * MODULE.stat().st_size


def test_every_line_of_a_source_has_an_anchor() -> None:
    source = MODULE.read_text(encoding="utf-8")
    lines = source.split("\n")
    pieces = ["\n".join(lines[:90]), "\n".join(lines[90:])]
    page = Reading(rendered("```python first=1\n{}\n```\n\n```python first=91\n{}\n```\n".format(*pieces)).html)
    assert page.values("id") == [f"L{number}" for number in range(1, len(lines) + 1)]
    assert page.text == "{}\n\n{}\n\n".format(*pieces)


def test_a_line_has_one_anchor() -> None:
    page = Reading(rendered("```python first=5\na\nb\n```\n\n```python first=6\nc\n```\n").html)
    assert page.values("id") == ["L5", "L6"]


@pytest.mark.parametrize("markdown", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "- {}", "> {}", "| a |\n|---|\n| {} |", "<details>\n\n{}"])
def test_nothing_foreign_lives(markdown: str, around: str) -> None:
    page = Reading(rendered(around.format(markdown)).html)
    assert not page.names() & {*FOREIGN, "script", "meta", "link"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "xlink:href")], tag
        for name in ("href", "src"):
            assert not re.match(r"\s*(?:java|vb)script|\s*data:text", attributes.get(name, ""), re.IGNORECASE)
    assert not {"kw-search", "kw-main"} & {*page.values("id")}


def test_a_page_asks_no_other_host() -> None:
    markdown = (
        "![a](https://example.org/a.png) <img src=https://example.org/b.png alt=b> [![c](//example.org/c.png)](d)"
        " <a href=e><img src='https://example.org/e.png' alt=e></a>"
    )
    page = Reading(html_page(markdown, PLACE))
    assert [source for source in page.values("src") if "//" in source] == []
    assert page.text.split()[-7:-3] == ["a", "b", "c", "e"]
    assert {"https://example.org/a.png", "https://example.org/b.png", "d", "e"} <= {*page.values("href")}
    assert "https://example.org/e.png" not in page.values("href")


def test_a_table_left_open_ends_with_the_text() -> None:
    assert rendered("<table><tr><td>x\n\ny\n").html.endswith("<p>y</p>\n</table>\n")


def test_trusted_html_stays() -> None:
    html = '<div onclick="f()">x</div>\n<script>f()</script>'
    page = html_page(html, PLACE, trusted=True)
    assert html in page
    assert "Content-Security-Policy" not in page


def test_headings_have_the_ids_that_forges_give_them() -> None:
    body = rendered("# `pkg.mod` module\n\n## Dup\n\n## Dup\n\n## Ünïcode — dash!\n\n## L5\n\n## ?\n")
    identifiers = [heading.identifier for heading in body.headings]
    assert identifiers == ["pkgmod-module", "dup", "dup-1", "ünïcode--dash", "l5", "section"]
    assert body.headings[0].title == "pkg.mod module"


def test_a_page_is_described_by_its_first_words() -> None:
    navigation = "[`x`](index.html) / [`y`](y.html) · [Keywords](k.html)\n\n"
    assert (
        rendered(f"# T\n\n{navigation}What `it` *is*, with a [link](x.html).\n").description
        == "What it is, with a link."
    )
    assert '<meta name="description" content="&lt;What&gt;">' in html_page("&lt;What>\n", PLACE)
    assert "description" not in html_page(navigation, PLACE)


def test_the_contents_leave_out_the_deepest_level_where_it_is_long() -> None:
    short = "## A\n\n### B\n\n#### C\n\n## D\n"
    assert '<ol>\n<li><a href="#a">A</a><ol>\n<li><a href="#b">B</a><ol>\n<li>' in html_page(short, PLACE)
    long = html_page(short + "".join(f"#### E{number}\n\n" for number in range(200)), PLACE)
    assert '<li><a href="#b">' in long
    assert '<li><a href="#c">' not in long


def test_the_contents_name_what_is_inside_of_a_definition_shortly() -> None:
    page = html_page("## Names\n\n### class `A`\n\n#### method `A.run`\n\n#### class `AB.run`\n\n### `A.x`\n", PLACE)
    contents = page.partition('<nav id="kw-toc"')[2]
    assert re.findall(r"<a [^>]*>([^<]*)</a>", contents) == ["Names", "class A", "run", "class AB.run", "A.x"]
    page = html_page("### namespace `at`\n\n#### method `at::Tensor::add`\n", PLACE)
    assert ">Tensor::add</a>" in page


@settings(deadline=None)
@given(st.text(), st.sampled_from(["python", "pycon", "json", "bash", "html", "diff", "c++", "rst", "no such", ""]))
def test_colours_change_no_character(source: str, language: str) -> None:
    assert Reading(code.highlighted(source, language)).text == source


def test_languages_that_nobody_knows_have_no_colour() -> None:
    assert code.block("if x: <y>\n", "klingon")[0] == "<pre><code>if x: &lt;y&gt;\n</code></pre>\n"
    assert code.block("if x: <y>\n", "")[0] == '<pre class="plain"><code>if x: &lt;y&gt;\n</code></pre>\n'


@pytest.mark.parametrize("info", ["python", "{python}", "{.python}", 'python title="x"', "Python"])
def test_languages_are_told_in_many_ways(info: str) -> None:
    assert '<span class="k">if</span> x' in code.block("if x\n", info)[0]


def test_formulas_are_mathml() -> None:
    assert "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>" in rendered(r"So $\frac{a}{b}$.").html
    assert '<math display="block">' in rendered("$$\nx\n$$").html
    assert "<mtable" in rendered("\\begin{align}\na &= b\n\\end{align}").html
    assert "<math" not in rendered("$5 and $10, or US$5").html


def test_words_in_a_formula_have_no_backslashes() -> None:
    assert "<mtext>in_features</mtext>" in formula(r"\text{in\_features}", block=False)


@pytest.mark.parametrize("tex", ["x^", "{" * 5_000, "\\" * 99, "x" * 20_000, r"\frac", "&"])
def test_what_is_no_formula_is_shown_as_it_is(tex: str) -> None:
    html = formula(tex, block=False)
    assert "<math" in html or Reading(html).text == tex


def test_what_pages_share() -> None:
    files = dict(static_files())
    assert {f"{SHARED}/site.css", f"{SHARED}/site.js", f"{SHARED}/search.js", f"{SHARED}/theme.js"} == {*files}
    assert all(content.endswith(b"\n<!-- kwmagic page of ./ -->\n") for content in files.values())
    assert not [name for name, content in files.items() if re.search(rb"https?://|@import|url\(", content)]


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mdit_py_plugins", None)
    monkeypatch.setitem(sys.modules, "mdit_py_plugins.amsmath", None)
    with pytest.raises(OptionError, match=r'HTML pages need more: pip install "kwmagic\[export\]"'):
        make_parser({})


def test_mermaid_is_drawn_where_its_script_is(tmp_path: Path) -> None:
    script = tmp_path / "mermaid.min.js"
    script.write_text("mermaid", encoding="utf-8")
    assert dict(static_files(str(script)))[f"{SHARED}/mermaid.min.js"].startswith(b"mermaid\n")
    with pytest.raises(OptionError, match="can't read the Mermaid script"):
        list(static_files(str(tmp_path / "none.js")))
    diagram = "```mermaid\nsequenceDiagram\n```\n"
    assert '<pre class="mermaid">' in html_page(diagram, PLACE._replace(mermaid=True))
    assert '<pre class="mermaid">' not in html_page(diagram, PLACE)
