"""HTML and Markdown that others wrote: what stays of it, and that nothing of it is live in any reading."""

from __future__ import annotations

import re
import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown_it import MarkdownIt
from payloads import LIVE

from kwmagic.foreign import filtered, inert_html, inert_markdown

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "dfn"),
    *("details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img"),
    *(
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
    ),
    *("summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var", "wbr"),
}
ATTRIBUTES = {
    *(
        "align",
        "alt",
        "class",
        "colspan",
        "height",
        "href",
        "id",
        "markdown",
        "name",
        "open",
        "rowspan",
        "src",
        "start",
    ),
    *("style", "title", "width"),
}
"""`class` and `style` are those that readers of Markdown write: the language of a fence, the alignment of a column."""
FENCE = re.compile(r"^(`{3,})[\w#.+-]*\n(.*?)(?<=\n)\1[ ]*$", re.MULTILINE | re.DOTALL)
"""As Python-Markdown finds fences: at the beginning of a line, closed by just as many backticks."""
BRACES = re.compile(r"(?<!\\)\{[^}\n]*\}")
ACTIVE = re.compile(r"(?<![a-z])(?:on[a-z]{2,}|style|href|src)\s*=", re.IGNORECASE)
"""What Python-Markdown takes for attributes of the element in front."""
SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):(?=.)", re.IGNORECASE)
COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NO_INDENTED = MarkdownIt("commonmark", {"html": True}).disable(["code", "html_block"])
PYTHON_MARKDOWN = Markdown(extensions=["extra", "admonition", "toc"])


class Found(HTMLParser):
    """What is live in a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.seen = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS and not re.match(r"https?:|mailto:|[\w.+-]+@", tag):  # an address where HTML is expected
            self.wrong.append(f"<{tag}>")
        for name, value in attrs if tag in TAGS else [(name, value) for name, value in attrs if name.startswith("on")]:
            if name not in ATTRIBUTES or (name == "style" and not (value or "").startswith("text-align:")):
                self.wrong.append(f"<{tag} {name}={value}>")
            if name in ("href", "src") and not is_harmless(value or ""):
                self.wrong.append(f"<{tag} {name}={value}>")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.seen += data

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"<!{decl}")

    unknown_decl = handle_decl
    handle_pi = handle_decl


def is_harmless(address: str) -> bool:
    scheme = SCHEME.match(re.sub(r"[\x00-\x20]", "", unescape(address)))
    return scheme is None or scheme[1].lower() in ("http", "https", "mailto")


def in_python_markdown(markdown: str) -> list[str]:
    """What is live in MkDocs; words in braces become attributes there, of which many mean nothing."""
    wrong = Found(PYTHON_MARKDOWN.reset().convert(markdown)).wrong
    return [each for each in wrong if not re.match(r"<\w+ (?!on|style|href|src|action)|<(?:section|sup)>", each)]


def live(markdown: str) -> list[str]:
    """What is live in some reading: CommonMark's, Python-Markdown's, and one that takes only clear fences for code."""
    wrong = Found(COMMONMARK.render(markdown)).wrong + Found(NO_INDENTED.render(markdown)).wrong
    wrong += in_python_markdown(markdown)
    bare = FENCE.sub("", markdown)
    wrong += Found(bare).wrong
    wrong += [link for link in re.findall(r"(?<!\\)\]\(\s*<?([^)\s]*)", bare) if not is_harmless(link)]
    wrong += [link for link in re.findall(r"(?<!\\)\]:\s*<?(\S+)", bare) if not is_harmless(link)]
    return wrong + [braces for braces in BRACES.findall(bare) if ACTIVE.search(braces)]


def test_the_readings_see_what_is_live() -> None:
    """The other tests would pass if they saw nothing."""
    for text in (
        "<script>1</script>",
        "[x](javascript:1)",
        "a <b onclick=1>",
        "![x](data:text/html,1)",
        "[a]: javascript:1",
        "<!-- x -->",
        "x {: onclick=1 }",
        "`<svg>`",
        "    <iframe>",
    ):
        assert live(text), text


SAME = """\
# A title with `code` and **bold**

Text with [a link](b.md "title") and ![an image](c.png), <https://example.org/?a=1&b=2>, [ref][r] and a note[^1].

- item
    - [ ] task *a* < b > c & d &amp; e

> quoted `x -> y`

| a | b |
|---|:-:|
| `x` | $a_{i=1} < b$ |

```python first=4
if a <b> c:  # <script>
    [x](javascript:1)
```

$$
x = \\frac{a}{b}
$$

1. one

   ```
   nested
   ```

[r]: https://example.org/r
[^1]: see: this <kbd>Ctrl</kbd> <br> H<sub>2</sub>O

<details open markdown="1">
<summary>more</summary>

text

</details>
"""


def test_what_is_harmless_stays_as_written() -> None:
    assert inert_markdown(SAME.replace(" first=4", "")) == SAME.replace(" first=4", "")


CASES = {
    "<b onclick=x>b</b>": "<b>b</b>",
    "a<script>1</script>b": "ab",
    "vector<int> x": "vector&#60;int&#62; x",
    "[x](javascript:1) y": "x y",
    "[x](https:far.example)": "x",
    "![x](http:\\\\far.example)": "x",
    "[^1]: java<!-- -->script:1": "[^1]: java<span></span>script:1",
    "`{ a` [x](y) onclick=1}": "<code>&#123; a</code> [x](y) onclick=1}",
    "- ```\na <b>\n  ```": "- <pre><code>a &#60;b&#62;</code></pre>\n",
    "[x](JAVA\tSCRIPT:1)": "[x]&#40;JAVA\tSCRIPT:1)",
    "[x](&#106;avascript&colon;1)": "x",
    "[x](java&Tab;script:1)": "x",
    "[x](vbscript:1)": "x",
    "![pic](data:text/html,1)": "pic",
    "[*a* `b`](x.md)": "[*a* `b`](x.md)",
    "[x](<a b.md>)": "[x](a%20b.md)",
    "[x](a_(b).md)": "[x](a_%28b%29.md)",
    "[s]: javascript:1": "[s]&#58; javascript:1",
    "<javascript:1>": "&#60;javascript&#58;1&#62;",
    "`<b>` and `x`": "<code>&lt;b&gt;</code> and `x`",
    "a \\<b> c": "a &lt;b> c",
    "<!-- gone -->text": "text",
    "$a<b$": "$a\\lt b$",
    "$\\href{javascript:1}{x}$": "$&#92;href{javascript:1}{x}$",
    "# H {: onclick=1 }": "# H &#123;: onclick=1 }",
    ":::{raw} html\nx\n:::": "&#58;::{raw} html\nx\n:::",
    ":::{note}\nx\n:::": ":::{note}\nx\n:::",
    "```{raw} html\n<b>\n```": "```\n<b>\n```\n",
    "```{note} T\n<i onclick=1>\n```": "```{note} T\n<i>\n```\n",
    "~~~\n```\n~~~": "````\n```\n````\n",
    "a\n```\nb": "a\n\n```\nb\n```\n",
    "- ```\n  <b>\n  ```": "- <pre><code>&#60;b&#62;</code></pre>\n",
    '<img src=x.png onerror=1 alt="a*b" width=10>': '<img src="x.png" alt="a&#42;b" width="10">',
    "<a href=' java\nscript:1'>x</a>": "<a>x</a>",
    "<<!-- -->script>": "<<span></span>script>",
    "<[script>](javascript:1)": "<<span></span>script>",
    "[a]<!-- -->(javascript:1)": "[a]<span></span>(javascript:1)",
    "[a][](javascript:1)(javascript:2)": "[a]<span></span>(javascript:2)",
    "{ a<!--\n--> onclick=1}": "&#123; a onclick=1}",
    "{ { onclick=1}": "&#123; &#123; onclick=1}",
    "<pre>\n[x](y)\n\n*a*": "<pre>\n&#91;x&#93;(y)\n\n&#42;a&#42;</pre>",
}


@pytest.mark.parametrize("given_", CASES)
def test_markdown(given_: str) -> None:
    assert inert_markdown(given_) == CASES[given_]


def test_links_are_aimed_as_written() -> None:
    seen: list[str] = []

    def aim(address: str) -> str | None:
        seen.append(address)
        return None if address == "gone.md" else f"to/{address}"

    text = '[a](x.md "t") ![b](<y z.png>) <img src="i&amp;.png"> [g](gone.md) [`c`][r]\n\n[r]: w.md\n\n`[n](n)`\n'
    new = inert_markdown(text, aim)
    assert seen == ["x.md", "y z.png", "i&.png", "gone.md", "w.md"]
    assert new == (
        '[a](to/x.md "t") ![b](to/y%20z.png) <img src="to/i&amp;.png"> g [`c`][r]\n\n[r]: to/w.md\n\n'
        "<code>&#91;n&#93;(n)</code>\n"
    )


def test_halves_of_an_element_may_come_apart() -> None:
    assert filtered("<details open>") + filtered("</details>") == "<details open>" + "</details>"


def test_fragments_are_balanced_blocks() -> None:
    frame = (
        '<div>\n<style scoped>\n.dataframe {}\n</style>\n<table border="1" class="dataframe">\n  <thead>\n\n'
        '    <tr style="text-align: right;">\n      <th>a</th>\n    </tr>\n  </thead>\n</table>\n</div>'
    )
    assert inert_html(frame) == "<div>\n<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n</div>"
    assert inert_html("<b>*x*\n\n[y](z)") == "<div>\n<b>&#42;x&#42;\n&#91;y&#93;(z)</b>\n</div>"
    assert inert_html("x</div></div>") == "<div>\nx\n</div>"
    assert inert_html("<</pre>!--x") == "<div>\n&#60;!--x\n</div>"
    assert inert_html("<pre>a\n\n b</pre>") == "<div>\n<pre>a&#10;\n b</pre>\n</div>"


CONTEXTS = (
    *("{}", "a {} b", "- {}", "> {}", "`{}`", "```\n{}\n```", "  ```\n  {}\n", "<div>\n{}", "[{}](x)", "[x]({})"),
    *("| {} |\n|--|", "# {}", "<a title='{}'>", "<pre>{}", "~~~{}\n", "1. ```{}\n<b>", "``{}`", "\\{}", "$ {} $"),
    *("    {}", "<!-- {}"),
)


@pytest.mark.parametrize("payload", LIVE)
def test_nothing_is_live(payload: str) -> None:
    for context in CONTEXTS:
        text = context.replace("{}", payload)
        assert not live(inert_markdown(text)), text
        assert not live(inert_html(text)), text
        assert not Found(filtered(text)).wrong, text
        assert not live(inert_markdown(text) + "\n\n" + inert_markdown(payload)), text


PIECES = st.sampled_from(
    [
        *(
            "`",
            "``",
            "```",
            "~~~",
            "<",
            ">",
            "[",
            "]",
            "(",
            ")",
            "!",
            "\n",
            "\n\n",
            " ",
            "    ",
            "- ",
            "> ",
            "1. ",
            "|",
        ),
        *(
            "\\",
            "&",
            "$",
            "<b",
            "</b>",
            "<script>",
            "</script>",
            "<pre>",
            "</pre>",
            "<!--",
            "-->",
            "<a href=",
            "'",
            '"',
        ),
        *(
            " onclick=1",
            "javascript:1",
            "](",
            "]:",
            "[x]: ",
            "&#60;",
            "{",
            "}",
            "{: ",
            ":::",
            "x",
            "https://x.y/",
            "<div>",
        ),
        *("<img src=x", "<svg/onload=1>", "\t", "\r", "<textarea>", "|--|", "# ", "\0", "<?", "<![CDATA[", "]]>", "$$"),
        *("\\href{", "&#91;", "&#93;", "&#40;", "&#58;", "&#61;", "&#96;", "&#123;", "&#32;", "&#10;", "&#106;", "**"),
        *(
            "<code>",
            "</code>",
            "</a>",
            "<span>&#92;</span>",
            "<!-- -->",
            "<!--\n-->",
            "<font>",
            "script>",
            "(javascript:1)",
        ),
        *(": javascript:1", "{ a", " onclick=1}", "[y](vbscript:1)", "]"),
    ]
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_words_are_live(text: str) -> None:
    assert not live(inert_markdown(text)), inert_markdown(text)
    assert not live(inert_html(text)), inert_html(text)


ENDLESS = (
    *(
        "<script>",
        "<!--",
        "`",
        "`a``",
        "[",
        "](",
        "<a '\"",
        "<b ",
        "```\n",
        "- ```\n",
        "<pre>",
        "$a",
        "{on",
        "]: ",
        "> ",
    ),
    *("\\", "<", "![[a](b)", "- ", "[a]: b\n", "<b>", "</b>", "\n\n", "~~~\n```\n"),
)


@pytest.mark.parametrize("piece", ENDLESS)
def test_time_grows_with_the_text(piece: str) -> None:
    started = time.process_time()
    inert_markdown(piece * (200_000 // len(piece)))
    inert_html(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 3
