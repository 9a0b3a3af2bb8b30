"""Exporting notebooks that are broken, old, huge or hostile: each is a page or named, nothing is live."""

from __future__ import annotations

import json
import os
from html.parser import HTMLParser
from pathlib import Path

import mistune
import pytest
from markdown_it import MarkdownIt
from test_export import KINDS, PNG, code, dead_links, made, markdown, notebook, planted, tree
from test_foreign import Found, live

CASES = Path(__file__).parent / "cases" / "exporting" / "hostile"
GOOD = "# Good\n\nAll is well."
LIVE_TAGS = {
    "applet",
    "base",
    "embed",
    "form",
    "frame",
    "iframe",
    "meta",
    "object",
    "script",
    "style",
    "svg",
    "template",
}
LIVE_MARKUP = """<script>alert(1)</script>

<img src=x onerror=alert(1)> <a href="java&#x09;script:alert(1)">a</a> [b](javascript:alert(1)) <svg onload=alert(1)>

<iframe src="https://evil.example"></iframe> <style>@import "https://evil.example"</style> <base href="//evil.example">

<p style="position:fixed" onclick="alert(1)">over all</p> ![c](file:///etc/passwd) [d](vbscript:x) [e](data:text/html,x)
"""
OUTPUTS = [
    {"output_type": "display_data", "metadata": {}, "data": {"text/html": LIVE_MARKUP, "text/plain": "plain"}},
    {"output_type": "display_data", "metadata": {}, "data": {"application/javascript": "alert(1)"}},
    {
        "output_type": "display_data",
        "metadata": {"kwmagic": {"target": "x"}},
        "data": {"text/markdown": f"**Keyword index: `x`**\n\n{LIVE_MARKUP}"},
    },
    {"output_type": "display_data", "metadata": {}, "data": {"image/png": "no base64 %%%"}},
    {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": "<svg onload='alert(1)'/>"}},
    {"output_type": "error", "ename": "<script>", "evalue": "\x1b[31m<img onerror=x>", "traceback": ["\x1b[0m<b>"]},
    {"output_type": "unheard-of"},
    "no output",
    None,
]
OLD = {
    "metadata": {"name": "old"},
    "nbformat": 3,
    "nbformat_minor": 0,
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Long ago"},
                {
                    "cell_type": "code",
                    "collapsed": False,
                    "input": "1",
                    "language": "python",
                    "metadata": {},
                    "outputs": [],
                },
            ],
            "metadata": {},
        }
    ],
}
ATTACHED = markdown("![up](attachment:../../../evil.png) ![abs](attachment:/etc/evil.png)") | {
    "attachments": {name: {"image/png": "iVBORw0KGgo="} for name in ("../../../evil.png", "/etc/evil.png")}
}
HOSTILE: dict[str, str | bytes] = {
    "alive.ipynb": notebook(LIVE_MARKUP, code("x", *OUTPUTS), title="<script>alert(1)</script>"),  # type: ignore[arg-type]
    "attached.ipynb": notebook(ATTACHED),
    "binary.ipynb": PNG + bytes(range(256)),
    "empty.ipynb": b"",
    "future.ipynb": json.dumps({"cells": [], "metadata": {}, "nbformat": 9, "nbformat_minor": 0}),
    "list.ipynb": "[]",
    "nested.ipynb": "[" * 100_000,
    "no-cells.ipynb": '{"nbformat": 4}',
    "no-metadata.ipynb": '{"cells": [{"cell_type": "code", "source": ["1", 2]}, 7], "nbformat": 4}',
    "zero.ipynb": notebook(
        "# A\x00B\n\n[x](y%00.png) ![z](\x00.png)", code("\ud800".encode("unicode_escape").decode())
    ),
    "number.ipynb": '{"cells": [], "nbformat": 4, "metadata": {"x": NaN, "y": ' + "9" * 5_000 + "}}",
    "old.ipynb": json.dumps(OLD),
    "torn.ipynb": notebook(GOOD)[:-9],
    "unknown.ipynb": notebook({"cell_type": "hologram", "metadata": {}, "source": "what?"}),
}
"""Name -> content."""
NAMED = {
    *(
        "binary.ipynb",
        "empty.ipynb",
        "future.ipynb",
        "list.ipynb",
        "nested.ipynb",
        "no-cells.ipynb",
        "no-metadata.ipynb",
    ),
    *("torn.ipynb", "unknown.ipynb", "alive.ipynb"),
}
"""Those with which something is wrong that somebody could put right."""


class Live(HTMLParser):
    """What of an HTML page could act; the page's own scripts and styles are known."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_own = (
            (tag == "script" and given.get("src", "").startswith("kwmagic-site/"))
            or (tag == "meta" and given.get("http-equiv", "Content-Security-Policy") == "Content-Security-Policy")
            or (tag, given.get("href")) == ("link", "data:,")  # no icon is asked for
        )
        if is_own:
            return
        if tag in LIVE_TAGS:
            self.found.append(tag)
        for name, value in given.items():
            scheme = value.strip().lower().partition(":")[0] if ":" in value and name in {"href", "src"} else ""
            if name.startswith("on") or name == "style" or scheme not in {"", "https", "http", "mailto"}:
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("to", KINDS)
def test_hostile_notebooks_are_pages_or_named_and_the_others_go_on(tmp_path: Path, to: str) -> None:
    source = planted(tmp_path / "in", {**HOSTILE, "good.ipynb": notebook(GOOD), "pyproject.toml": ""})
    before = tree(tmp_path)
    report = made(source, tmp_path / "out", to)
    assert NAMED <= {path for path, _, _ in report.problems} <= {*HOSTILE}
    assert all(reason and "\n" not in reason for _, _, reason in report.problems)
    assert f"good.{to}" in report.pages
    assert "All is well." in (tmp_path / "out" / f"good.{to}").read_text(encoding="utf-8")
    assert {path: data for path, data in tree(tmp_path).items() if not path.startswith("out/")} == before
    for path in (tmp_path / "out").rglob(f"*.{to}"):
        text = path.read_text(encoding="utf-8")
        rendered = text if to == "html" else MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
        assert Live(rendered).found == [], path.name
    assert [link for link in dead_links(tmp_path / "out") if "alive" not in link and "zero" not in link] == []


@pytest.mark.parametrize("file", sorted(CASES.glob("*.md")), ids=lambda file: file.stem)
def test_hostile_pages_are_inert_in_every_reader(tmp_path: Path, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    kinds = ("text/html", "text/markdown", "text/latex", "image/svg+xml")
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {kind: text}} for kind in kinds]
    forged = {"kwmagic": {"target": "x"}}
    outputs.append({"output_type": "display_data", "metadata": forged, "data": {"text/markdown": text}})
    lines = [markdown(line) for line in text.splitlines()]
    source = planted(tmp_path / "in", {"x.ipynb": notebook(text, *lines, code(text, *outputs), title=text)})
    made(source, tmp_path / "out")
    page = (tmp_path / "out" / "x.md").read_text(encoding="utf-8").rpartition("\n<!-- kwmagic page of ")[0]
    page = page.replace("<!-- -->", "")
    assert live(page) == []
    assert [each for each in Found(mistune.html(page)).wrong if each != "<section>"] == []  # that of its footnotes


@pytest.mark.parametrize("to", KINDS)
def test_pages_of_notebooks_of_the_third_format_are_whole(tmp_path: Path, to: str) -> None:
    report = made(planted(tmp_path / "in", {"old.ipynb": json.dumps(OLD)}), tmp_path / "out", to)
    assert report.problems == ()
    assert "Long ago" in (tmp_path / "out" / f"old.{to}").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything can be read here")
def test_a_notebook_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    source = planted(tmp_path / "in", {"shut.ipynb": notebook("x"), "good.ipynb": notebook(GOOD)})
    (source / "shut.ipynb").chmod(0)
    report = made(source, tmp_path / "out")
    assert report.problems == (("shut.ipynb", 0, "permission denied"),)
    assert report.pages == ("good.md",)


@pytest.mark.skipif(os.name != "posix", reason="there are no such files here")
def test_what_is_no_regular_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    source = planted(tmp_path / "in", {"good.ipynb": notebook(GOOD)})
    os.mkfifo(source / "pipe.ipynb")
    (source / "out.ipynb").symlink_to("/etc/passwd")
    (source / "gone.ipynb").symlink_to("nowhere")
    report = made(source, tmp_path / "out")
    assert [(path, reason) for path, _, reason in report.problems] == [
        ("gone.ipynb", "is a link to nothing"),
        ("out.ipynb", "is a link out of the folder, not followed"),
        ("pipe.ipynb", "is a FIFO"),
    ]
    assert report.pages == ("good.md",)


def test_a_hostile_notebook_that_is_run_stops_nothing(tmp_path: Path) -> None:
    bad = {name: HOSTILE[name] for name in ("no-metadata.ipynb", "torn.ipynb", "unknown.ipynb")}
    source = planted(tmp_path / "in", {**bad, "good.ipynb": notebook(code("print('run ' * 2)"))})
    report = made(source, tmp_path / "out", execute=True)
    assert {"no-metadata.ipynb", "torn.ipynb"} <= {path for path, _, why in report.problems if "was not run" in why}
    assert "run run" in (tmp_path / "out" / "good.md").read_text(encoding="utf-8")


def test_a_huge_notebook_is_exported_or_named(tmp_path: Path) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "y" * 10**7}
    large = notebook("# Large\n\n" + "word " * 2_000_000, code("x", printed))
    source = planted(tmp_path / "in", {"large.ipynb": large, "good.ipynb": notebook(GOOD)})
    with (source / "giant.ipynb").open("wb") as stream:
        stream.truncate(2**30)
    report = made(source, tmp_path / "out")
    assert "giant.ipynb" in {path for path, _, _ in report.problems}
    assert report.pages == ("good.md", "large.md")
