"""Docstrings of every convention become Markdown that shows their words and nothing else."""

from __future__ import annotations

import ast
import html
import os
import random
import re
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import IPython
import nbformat
import pytest
from markdown_it import MarkdownIt

from kwmagic.docstrings import summary, summary_markdown, to_markdown, to_text
from kwmagic.mdtext import Dest

CASES = Path(__file__).parent / "cases" / "docstrings"
NAMES = sorted(path.stem for path in CASES.glob("*.txt"))
STDLIB = Path(sysconfig.get_path("stdlib"))
FOLDERS = [
    *(STDLIB / name for name in ("json", "asyncio", "email", "collections", "logging", "concurrent", "importlib")),
    Path(IPython.__file__).parent,
    Path(nbformat.__file__).parent,
]
FILES = [
    STDLIB / name for name in ("typing.py", "argparse.py", "subprocess.py", "tarfile.py", "difflib.py", "turtle.py")
]

_READER = MarkdownIt("commonmark").enable("table")
_WORD = re.compile(r"[A-Za-z0-9]+")
_ALLOWED_HTML = re.compile(
    r"</?span>|</?code>|</a>|<pre>|</pre>"
    r"""|<a href="(?:https?://|mailto:)[^"<>`\s]*">|<a href="#known">|&(?:#\d+|lt|gt|amp|quot);|[^<>&]+"""
)


def docstrings_of(files: list[Path]) -> Iterator[tuple[str, str]]:
    """(where, docstring as Python evaluates it) of every definition."""
    for file in files:
        try:
            tree = ast.parse(file.read_bytes())
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                doc = ast.get_docstring(node, clean=False)
                if doc is not None:
                    yield f"{file}:{getattr(node, 'lineno', 1)}", doc


def words_of_source(doc: str) -> Counter[str]:
    """The words a reader should find: no link targets, names of roles, directives, fields and languages."""
    text = to_text(doc)
    text = re.sub(r":[A-Za-z][\w:.+-]*:`(?:([^`<>]+?)\s*<[^`<>]*>|~[\w.]*\.)", r" \1 ", text)
    text = re.sub(r":[A-Za-z][\w:.+-]*:(?=`)", " ", text)
    text = re.sub(r"`([^`<>]*?)\s*<[^`<>]*>`_", r" \1 ", text)
    text = re.sub(r"\]\(https?://[^\s()]*\)", " ", text)
    text = re.sub(
        r"^\s*\.\. _[^\n]*(?:\n +[^\n]*){0,2}?\s(?:https?|mailto):\S+|^\s*\.\. _.*$", " ", text, flags=re.MULTILINE
    )
    text = re.sub(r"^\s*\.\.\s*[\w:-]+\s?::? ?", " ", text, flags=re.MULTILINE)
    text = re.sub(
        r"^\s*[:@](?:param|parameter|arg|kwarg|key|rtype|returns?|raises?|[ic]?var|yields?)\b",
        " ",
        text,
        flags=re.MULTILINE,
    )
    text = re.sub(r"^\s*[:@](?:type|vartype|kwtype)\b[^:]*:", " ", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*```\s*\w+|^\s*:[\w-]+:(?: .*)?$", " ", text, flags=re.MULTILINE)
    return Counter(_WORD.findall(re.sub(r"%[0-9A-F]{2}", " ", text)))


def words_of_page(markdown: str) -> Counter[str]:
    numbers = re.findall(r"^ *(?:> )?(\d+)\. ", markdown, re.MULTILINE)  # list markers are no text in HTML
    return Counter([*_WORD.findall(html.unescape(re.sub(r"<[^>]*>", " ", _READER.render(markdown)))), *numbers])


def accidents(markdown: str) -> list[str]:
    """Markup that no docstring may produce."""
    found = []
    for token in _READER.parse(markdown):
        if token.type in ("heading_open", "code_block", "hr", "table_open"):
            found.append(f"{token.type} at line {token.map}")
        for inner in [token, *(token.children or [])]:
            if inner.type.startswith("html") and not re.fullmatch(f"(?:{_ALLOWED_HTML.pattern})+", inner.content):
                found.append(f"{inner.type}: {inner.content}")
            href = str(inner.attrGet("href") or "")
            if inner.type == "image" or not re.match(r"(?:https?://|mailto:|#known)|$", href):
                found.append(f"{inner.type}: {href}")
    return found


@pytest.fixture(scope="module")
def sample() -> list[tuple[str, str]]:
    files = [file for folder in FOLDERS for file in sorted(folder.rglob("*.py")) if "tests" not in file.parts]
    found = list(docstrings_of(FILES + files))
    assert len(found) > 1500
    return found


@pytest.mark.parametrize("dest", Dest)
def test_words_of_real_docstrings_are_kept(sample: list[tuple[str, str]], dest: Dest) -> None:
    total = lost = 0
    losers = []
    for where, doc in sample:
        source = words_of_source(doc)
        missing = source - words_of_page(to_markdown(doc, dest))
        total += source.total()
        lost += missing.total()
        if missing:
            losers.append((where, missing))
    assert lost <= total * 0.001, losers


@pytest.mark.parametrize("dest", Dest)
def test_real_docstrings_forge_nothing(sample: list[tuple[str, str]], dest: Dest) -> None:
    found = {where: accidents(to_markdown(doc, dest)) for where, doc in sample}
    assert {where: what for where, what in found.items() if what} == {}


def test_summaries_of_real_docstrings_are_one_short_line(sample: list[tuple[str, str]]) -> None:
    for where, doc in sample:
        text = summary(doc)
        assert len(text) <= 200, where
        assert "\n" not in text, where
        assert "\n" not in summary_markdown(doc, Dest.PAGE), where


def test_there_are_cases() -> None:
    assert NAMES, f"no cases in {CASES}"


@pytest.mark.parametrize("dest", Dest)
@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, dest: Dest) -> None:
    """NAME.txt is the docstring, NAME.cell.md and NAME.page.md what it becomes."""
    expected = CASES / f"{name}.{dest}.md"
    written = to_markdown((CASES / f"{name}.txt").read_text(encoding="utf-8"), dest) + "\n"
    assert accidents(written) == []
    if not expected.exists() or expected.read_text(encoding="utf-8") != written:
        fresh = expected.with_suffix(".new")
        fresh.write_text(written, encoding="utf-8")
        pytest.fail(f"{expected.name} differs; if the new text is right: mv {fresh} {expected}")


CHOPS = [
    *"`*_~$<>[]()!|#:\\\n@&{}-=+.^\"'1a",
    *(
        "\n\n",
        "    ",
        "\n    ",
        "``",
        "```",
        "~~~",
        ">>> ",
        "::",
        "::\n\n    ",
        ".. ",
        ".. note::",
        ".. math::",
        "`_",
        "$$",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</code></pre>", "<!--", "javascript:alert(1)"),
    *(
        ":math:`",
        ":class:`~",
        ":ref:`x <",
        "`x <javascript:alert(1)>`_",
        "](javascript:alert(1))",
        "![x](",
        "&lt;b&gt;",
    ),
    *(
        "Args:\n",
        "Parameters\n----------\n",
        "x : int\n",
        ":param x: ",
        "@return: ",
        "- ",
        "1. ",
        "# ",
        "> ",
        "---\n",
        "==\n",
    ),
    *(
        "https://example.org/",
        "http://x/(",
        "\x00",
        "\u202e",
        "\ud800",
        "\t",
        "word ",
        "Éa ",
        ".. _a: http://b\n",
        "a_ ",
        "| a |\n",
    ),
    *(
        "\\\\(",
        "\\\\[",
        "\\begin{a}",
        "\\href{javascript:alert(1)}{x}",
        "[^1]: ",
        "[x]: javascript:alert(1)\n",
        "<http://a>",
    ),
]


def test_no_mixture_of_markup_gets_through() -> None:
    """Seeded, so that a failure stays."""
    dice = random.Random(20)
    for _ in range(2500):
        doc = "".join(dice.choices(CHOPS, k=dice.randint(1, 30)))
        for dest in Dest:
            markdown = to_markdown(doc, dest, lambda _: "#known" if dice.random() < 0.3 else None)
            line = summary_markdown(doc, dest)
            assert accidents(markdown) == [], doc
            assert accidents(line) == [], doc
            assert "\n" not in line, doc
            (markdown + line + summary(doc) + to_text(doc)).encode()  # no lone surrogate


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        ("", ""),
        ("   \n  ", ""),
        ("Return the :class:`~a.b.Foo` of *x*.", "Return the Foo of x."),
        ("One sentence\n    over two lines. And more.", "One sentence over two lines."),
        (
            "Use e.g. Foo, i.e. Bar, vs. Baz etc. and 3.5 of it. Next.",
            "Use e.g. Foo, i.e. Bar, vs. Baz etc. and 3.5 of it.",
        ),
        ("Is it? Yes.", "Is it?"),
        ('He said "no." Then left.', 'He said "no."'),
        ("abs(x, /) -> Number\n\nReturn the absolute value.", "Return the absolute value."),
        ("max(iterable) -> value\nmax(a, b) -> value\nWith one iterable. More", "With one iterable."),
        ("Return(s) the thing (foo)", "Return(s) the thing (foo)"),
        (".. note:: Careful.\n\nDo it.", "Do it."),
        (".. currentmodule:: x\n\nDo it.", "Do it."),
        ("Args:\n    x: y", ""),
        ("Parameters\n----------\nx : int\n", ""),
        (":param x: y", ""),
        ("Title\n=====\n\nThe module does.", "The module does."),
        ("See `the docs <http://x>`_ and ``a.b``. Next", "See the docs and a.b."),
        ("For example::\n\n    code", "For example:"),
        ("word " * 100, "word " * 39 + "word…"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_summary(doc: str, expected: str) -> None:
    assert summary(doc) == expected


def test_summary_markdown_keeps_code_and_escapes_the_rest() -> None:
    doc = "Give ``a|b`` for <b> of :func:`f`. More."
    known = {"f": "#f"}.get
    assert summary_markdown(doc, Dest.PAGE, known) == "Give <code>a&#124;b</code> for &lt;b&gt; of [`f`](#f)."
    assert summary_markdown(doc, Dest.CELL, known) == (
        'Give <code>a&#124;b</code> for &#60;b&#62; of <a href="#f">`f`</a>.'
    )


def test_references_are_resolved() -> None:
    known = {"a.b.C": "c.md#x", "KeyError": "e.md"}.get
    doc = "See :class:`~a.b.C`, `a.b.C`, ``a.b.C`` and :func:`~unknown.f`.\n\nRaises:\n    KeyError: never"
    assert to_markdown(doc, Dest.PAGE, known) == (
        "See [`C`](c.md#x), [`a.b.C`](c.md#x), `a.b.C` and `f`.\n\n**Raises**\n\n- [`KeyError`](e.md): never"
    )


def test_a_role_that_opens_an_admonition_is_no_option() -> None:
    doc = "X.\n\n.. note::\n    :func:`f` is the way.\n    :option: is one only with white space behind it"
    assert "> `f` is the way." in to_markdown(doc, Dest.PAGE)


def test_a_list_that_opens_an_item_takes_its_place() -> None:
    doc = "- (a) first\n- (b) second::\n\n      out = f(x)\n\n  where:\n\n  - (i) one\n    wraps"
    expected = "- (a) first\n- (b) second:\n\n```python\nout = f(x)\n```\n\nwhere:\n\n- (i) one\n    wraps"
    assert to_markdown(doc, Dest.PAGE) == expected


def test_only_code_is_called_code() -> None:
    doc = "A::\n\n    x = 1\n\nB::\n\n    not code\n\nC:\n\n>>> x\n1"
    assert re.findall("```(.+)", to_markdown(doc, Dest.PAGE)) == ["python", "text", "pycon"]
    assert re.findall("```(.+)", to_markdown(doc, Dest.CELL)) == ["python", "pycon"]


@pytest.mark.parametrize("tex", [r"\href{x}{y}", "a$b", r"x\def\y{}", "_x_{onclick=alert(1)}", r"\require{html}"])
def test_active_tex_is_shown_as_code(tex: str) -> None:
    markdown = to_markdown(f"F :math:`{tex}`\n\n.. math:: {tex}", Dest.PAGE)
    assert f"`{tex}`" in markdown
    assert f"```text\n{tex}\n```" in markdown


@pytest.mark.parametrize(
    "chop", ["`", "*a ", "[a](", ":a: b\n", "a:\n b\n", "- a\n", "= =\nx\n\n", "(", "$a", "```a\n", "a[]"]
)
def test_hostile_length_costs_linear_time(chop: str) -> None:
    """A quadratic step would take minutes here."""
    assert to_markdown(chop * (60_000 // len(chop)), Dest.CELL)


def test_nesting_has_an_end() -> None:
    assert "deepest" in to_markdown(
        "\n".join(" " * depth + "- a" for depth in range(400)) + "\n" + " " * 400 + "deepest", Dest.PAGE
    )


@pytest.mark.slow
def test_words_of_torch_are_kept() -> None:
    folder = os.environ.get("KWMAGIC_TORCH")
    if not folder:
        pytest.skip("KWMAGIC_TORCH names no folder with torch's sources")
    total = lost = 0
    for where, doc in docstrings_of(sorted(Path(folder).rglob("*.py"))):
        markdown = to_markdown(doc, Dest.CELL)
        assert accidents(markdown) == [], where
        source = words_of_source(doc)
        total += source.total()
        lost += (source - words_of_page(markdown)).total()
    assert total > 0
    assert lost <= total * 0.001
