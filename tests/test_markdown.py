"""Markdown: what a text links to, what can be linked to in it, and that no text takes long."""

from __future__ import annotations

import time

import pytest

from kwmagic.analysers.markdown import analyse
from kwmagic.analysers.markdown_detail import CodeBlock, Link, Slugs, dead_anchors, detail, local_path, slug
from kwmagic.languages import BY_NAME
from kwmagic.model import FileRef, Findings, Source

PAGE = """\
---
title: "A: page"
tags: [x, y]
---
# Hello *World* `code` ![logo](l.png)

<h2 align="center"><a name="inst"></a>Install &amp; run</h2>

See [usage](#usage), [dead](#nope), [file](<a b.md#x> "title"), <me@x.org>, <https://a.b>,
https://c.d/e_f_(g). and [**ref**][r]; ![an image](i.png)
<a href="z.md">zed</a> [own](#own) [old](#inst) [html](#install--run) [top](#top) [drive](C:\\x)

## Usage {#own}

- [x] done
- [ ] open
- item

```python title="x.py"
# Not a heading
```

    indented

| a | [cell](#usage-own) |
|---|---|

<!-- <a id="hidden"></a> [no](no.md) -->

[r]: https://r.r/?x=1#y
"""


def found(text: str, path: str = "x.md") -> Findings:
    return analyse(Source(FileRef(path), text.encode("utf-8", "replace"), text, "utf-8", "LF"), BY_NAME["Markdown"])


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Hello World", "hello-world"),
        ("What's new, in 2.0?", "whats-new-in-20"),
        ("snake_case & kebab-case", "snake_case--kebab-case"),
        ("C++ / C#", "c--c"),
        ("Ünïcode Straße", "ünïcode-straße"),
        ("日本語 の見出し", "日本語-の見出し"),
        ("😄 emoji", "-emoji"),
        ("a  b", "a--b"),
        ("I ♥ unicode", "i--unicode"),
        ("Ⓐ circled", "ⓐ-circled"),
        ("no\u00a0break", "nobreak"),
        ("", ""),
    ],
)
def test_a_slug_is_githubs(heading: str, anchor: str) -> None:
    assert slug(heading) == anchor


def test_slugs_of_a_page_are_unique_as_on_github() -> None:
    slugs = Slugs()
    assert [slugs.of(text) for text in ("Foo", "foo", "Foo 1", "foo", "foo-1")] == [
        *("foo", "foo-1", "foo-1-1", "foo-2", "foo-1-2"),
    ]


def test_links_have_kind_text_target_and_line() -> None:
    assert detail(PAGE).links == (
        Link("image", "logo", "l.png", 5),
        Link("anchor", "usage", "#usage", 9),
        Link("anchor", "dead", "#nope", 9),
        Link("file", "file", "a%20b.md#x", 9),
        Link("mail", "me@x.org", "mailto:me@x.org", 9),
        Link("web", "https://a.b", "https://a.b", 9),
        Link("web", "https://c.d/e_f_(g)", "https://c.d/e_f_(g)", 10),
        Link("web", "ref", "https://r.r/?x=1#y", 10),
        Link("image", "an image", "i.png", 10),
        Link("file", "zed", "z.md", 11),
        Link("anchor", "own", "#own", 11),
        Link("anchor", "old", "#inst", 11),
        Link("anchor", "html", "#install--run", 11),
        Link("anchor", "top", "#top", 11),
        Link("file", "drive", "C:%5Cx", 11),
        Link("anchor", "cell", "#usage-own", 25),
    )


def test_only_links_to_no_anchor_are_dead() -> None:
    assert [link.text for link in dead_anchors(detail(PAGE))] == ["usage", "dead"]


def test_the_rest_of_a_page_is_counted() -> None:
    page = detail(PAGE)
    assert page.front_matter == (("title", "A: page"), ("tags", "[x, y]"))
    assert [(each.name, each.slug) for each in page.headings] == [
        ("Hello World code", "hello-world-code"),
        ("Usage", "usage-own"),
    ]
    assert page.anchors == ("hello-world-code", "install--run", "inst", "usage-own", "own")
    assert page.code == (CodeBlock("python", 19, 1), CodeBlock("", 23, 1))
    assert (page.tables, page.tasks, page.done) == (1, 2, 1)
    assert page.problems == ()


@pytest.mark.parametrize(
    ("info", "language"),
    [("{r, echo=FALSE}", "r"), ("{python}", "python"), ("{.python #id}", "python"), ("js {1,3}", "js"), ("", "")],
)
def test_the_language_of_a_fence(info: str, language: str) -> None:
    assert detail(f"```{info}\nx\n```\n").code == (CodeBlock(language, 1, 1),)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("a%20b.md#x%20y", ("a b.md", "x y")),
        ("../docs/?raw=1", ("../docs/", "")),
        ("#part", ("", "part")),
        ("/from/root.md", ("/from/root.md", "")),
    ],
)
def test_the_path_of_a_link(target: str, expected: tuple[str, str]) -> None:
    assert local_path(target) == expected


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# One\n# Two\n", "One"),
        ("+++\ntitle = 'Front' # x\n[params]\n+++\n## Part\n", "Front"),
        ("---\ntitle: >-\n  In two\n  lines\n---\n", "In two lines"),
        ("---\nFoo\n---\ntext", None),
        ("---\n\n# After a rule\n", "After a rule"),
        ('<h1 align="center">\n  <img src="x"> The &lt;name&gt;\n</h1>\n', "The <name>"),
        ("text", None),
    ],
)
def test_the_title_of_a_text(text: str, title: str | None) -> None:
    assert found(text).doc == title


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("A_" * 500_000, id="identifier"),
        pytest.param("# " + "[" * 100_000, id="brackets in a heading"),
        pytest.param("# " + ("[" * 900 + "\n# ") * 100, id="brackets in headings"),
        pytest.param("[" * 100_000, id="brackets"),
        pytest.param(("[" * 900 + "\n\n") * 100, id="brackets in paragraphs"),
        pytest.param("<h1 " * 50_000, id="elements never closed"),
        pytest.param("<!--\n" * 50_000, id="comments never closed"),
        pytest.param("> " * 50_000 + "# x", id="quotations"),
        pytest.param("---\n" + "a: b\n" * 50_000, id="front matter never closed"),
        pytest.param("http://a" + ")" * 100_000, id="parentheses"),
        pytest.param("".join(map(chr, range(1, 256))) * 500, id="noise"),
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    found(text)
    found(text, "x.mdx")
    detail(text)
    assert time.process_time() - start < 10


def test_what_is_too_long_to_be_read_is_said() -> None:
    page = detail("text\n\n" + "[" * 1_000)
    assert [(problem.line, problem.message) for problem in page.problems] == [
        (3, "a paragraph of 1,000 characters: its links are not listed")
    ]
