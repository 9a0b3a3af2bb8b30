"""Doctest examples in docstrings, against what `doctest` finds."""

from __future__ import annotations

import ast
import doctest
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwmagic.evidence.examples import Example, examples

STDLIB = Path(ast.__file__).parent
FILES = ("collections/__init__.py", "difflib.py", "random.py", "statistics.py", "textwrap.py", "fractions.py", "ast.py")
OWNERS = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docs(file: Path) -> list[str]:
    tree = ast.parse(file.read_bytes())
    return [ast.get_docstring(node, clean=False) or "" for node in ast.walk(tree) if isinstance(node, OWNERS)]


def found(doc: str) -> list[Example]:
    return list(examples(dedent(doc)))


def test_the_library_has_the_examples_that_doctest_finds() -> None:
    number = 0
    for name in FILES:
        for doc in docs(STDLIB / name):
            ours = [ast.dump(node) for each in examples(doc) for node in nodes(each)]
            theirs = doctest.DocTestParser().get_examples(doc)
            assert ours == [ast.dump(node) for one in theirs for node in ast.parse(one.source).body], doc
            assert "".join(each.text for each in examples(doc)).count(">>>") >= len(theirs)
            number += len(theirs)
    assert number > 200


def nodes(each: Example) -> list[ast.stmt]:
    """What its prompts hold, read by `doctest` alone."""
    assert each.parses
    return [node for one in doctest.DocTestParser().get_examples(each.text) for node in ast.parse(one.source).body]


@pytest.mark.parametrize(
    ("doc", "texts"),
    [
        ("", []),
        ("no prompt", []),
        ("a >>> b", []),
        (">>>x", []),
        (">>> x", [">>> x"]),
        (">>> x\n1\n\nProse.\n\n>>> y", [">>> x\n1", ">>> y"]),
        (">>> x\n\n\n>>> y\n2\n", [">>> x\n\n\n>>> y\n2"]),
        ("    >>> x\n      1\n  less\n", [">>> x\n  1"]),
        ("Args:\n\n        >>> x\n    b: c\n", [">>> x"]),
        (">>>", [">>>"]),
        ("\t>>> x\n\t1\n", [">>> x\n1"]),
    ],
)
def test_where_examples_begin_and_end(doc: str, texts: list[str]) -> None:
    assert [each.text for each in examples(doc)] == texts


@pytest.mark.parametrize(
    ("doc", "expected"),
    [
        (">>> f(1)\n2", (True, False, True)),
        (">>> import a\n>>> from b import c", (True, False, False)),
        (">>> f()  # doctest: +SKIP", (True, True, True)),
        (">>> f()  # doctest: +ELLIPSIS, +SKIP", (True, True, True)),
        (">>> # xdoctest: +SKIP('undefined')\n>>> f()", (True, True, True)),
        (">>> f()  # +SKIP", (True, False, True)),
        (">>> f(\n", (False, False, False)),
        (">>> for x in y:\n>>>     print(x)\n", (True, False, True)),
        (">>> for x in y:\n...     print(x)\n...\n1\n...\n2", (True, False, True)),
        (">>> x = 1 +\n... 2", (False, False, False)),
        (">>> '\x00'", (False, False, False)),
        (">>> # a comment", (True, False, False)),
        (">>> " + "(" * 5_000, (False, False, False)),
    ],
)
def test_what_is_told_of_one(doc: str, expected: tuple[bool, bool, bool]) -> None:
    (each,) = found(doc)
    assert (each.parses, each.skipped, each.telling) == expected


@given(st.lists(st.sampled_from([">>> x", ">>>", "... y", "1", "", "  ", "   >>> z", "...", "text", "\t>>> a"])))
def test_every_prompt_is_in_one_example(lines: list[str]) -> None:
    doc = "\n".join(lines)
    texts = [line for each in examples(doc) for line in each.text.split("\n")]
    prompts = [line.strip() for line in lines if line.strip().startswith(">>>")]
    assert [line.strip() for line in texts if line.strip().startswith(">>>")] == prompts


def test_a_long_docstring_takes_linear_time() -> None:
    """Quadratic, it would take minutes."""
    assert len(list(examples(("\n" * 50_000 + "prose\n" + ">>> x\n") * 4))) == 4
    assert len(list(examples(">>> x\n" + "\n>>> y" * 100_000))) == 1
