"""What is said about a file is what its tree proves, at the line where it stands."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from kwmagic.evidence.catalogue import CATALOGUE
from kwmagic.evidence.resolver import resolve
from kwmagic.evidence.statements import statements
from kwmagic.evidence.trace import trace
from kwmagic.model import Statement

CASES = Path(__file__).parent / "cases" / "statements"
STDLIB = Path(sysconfig.get_path("stdlib"))
SECTIONS = ("patterns", "performance", "security")
SNIPPETS = (
    *("x", "a.b", "os.environ['A']", "open(x, 'w')", "eval(x)", "lambda y=[]: y", "[z for z in x]", "f'{x}`'", '"`"'),
    *("os.environ.get(x)", "x in os.environ", "contextlib.suppress(*x, **y)", "yield_", "'''a\n# b\n'''", "ä(é)"),
)


def said(text: str, module: str = "pkg.mod") -> list[Statement]:
    tree = ast.parse(text)
    return statements(tree, resolve(tree, module, is_package=False), text)


def texts(text: str) -> list[str]:
    return [each.text for each in said(text)]


def check(found: list[Statement], text: str) -> None:
    """What holds of all statements: fit to stand in a page, at a place that there is, in order, each only once."""
    assert found == sorted(found, key=lambda each: (each.section, each.topic, each.line, each.text, each.scope))
    assert len({*found}) == len(found)
    for each in found:
        assert each.section in SECTIONS
        assert 1 <= each.line <= text.count("\n") + 1, each
        assert each.text.count("`") % 2 == 0, each
        assert "``" not in each.text, each
        assert each.text == " ".join(each.text.split()), each
        assert len(each.text) < 250, each
        name = each.scope.rpartition(".")[2]
        assert not name or f"def {name}" in text or f"class {name}" in text, each


@pytest.mark.parametrize("name", SECTIONS)
def test_statements(name: str, golden: Callable[[Path, str], None]) -> None:
    """Each file holds what its section tells, and beside it what only looks like that."""
    text = (CASES / f"{name}.py").read_text(encoding="utf-8")
    found = said(text)
    check(found, text)
    lines = [f"{each.line}: {each.section}, {each.topic}: {each.text}, {each.scope or '-'}" for each in found]
    golden(CASES / f"{name}.txt", "\n".join(lines) + "\n")


def test_the_catalogue_is_well_formed() -> None:
    """A mistake in the table would only make evidence vanish."""
    sections = defaultdict(set)
    for name, entry in CATALOGUE.items():
        assert all(part.isidentifier() for part in name.split(".")), name
        assert "." in name
        assert entry.hows
        assert "annotation" not in entry.hows
        sections[entry.topic].add(entry.section)
        for tell in entry.tells:
            assert tell == "*" or tell.rstrip("!").partition("@")[0].isidentifier(), name
    assert all(len(found) == 1 for found in sections.values()), sections
    assert {entry.section for entry in CATALOGUE.values()} == {*SECTIONS}
    assert all(f"os.{name}" in CATALOGUE for name in ("system", "execv", "remove"))


@pytest.mark.parametrize(
    "text",
    [
        "import pickle\ndef f(x: pickle.Unpickler, y: 'pickle.Unpickler') -> pickle.Unpickler: pass\n",
        "from pickle import *\nloads(x)\n",
        "x.eval()\nself.open('f', 'w')\npickle.loads(x)\n",
        "def f(open): open('f', 'w')\n",
        "import os.path\nos.path.join(x)\n",
        "from .pickle import loads\nloads(x)\n",
        "password = token = 'secret'\nassert x\n",
        '"""eval(x), os.system(x)"""\n# exec(x)\n',
        "try:\n    x()\nexcept ValueError:\n    print(1)\n",
        "def f(x=(), y=None, z=1, *, w='a'): ...\n",
        "import typing\nif typing.TYPE_CHECKING and x:\n    eval('1')\n",
        "for a in b:\n    for c in d: ...\n    for e in f: ...\nelse:\n    for g in h: ...\n",
        "isinstance(x, type)\ntype(x)\n",
    ],
)
def test_nothing_is_said_of(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import typing\nif typing.TYPE_CHECKING or x:\n    eval('1')\n", ["Calls `eval`"]),
        (
            "if x:\n    eval('1')\nelif TYPE_CHECKING:\n    exec('1')\nelse:\n    exec('1')\n",
            ["Calls `eval`", "Calls `exec`"],
        ),
        (
            "import subprocess as s\ns.run(a, shell=(\n  x and # why\n  y))\n",
            ["Calls `subprocess.run(…, shell=x and y)`"],
        ),
        ("import yaml\nyaml.load(*a, b)\nyaml.load(a, b, c)\n", ["Calls `yaml.load`", "Calls `yaml.load(…, b, …)`"]),
        ("import tarfile\ntarfile.open(a, 'x:gz')\n", ["Calls `tarfile.open(…, 'x:gz')`"]),
        ("from os import environ as e\ne['A'] += 'x'\n", ["Sets `A`"]),
        ("import os\nos.getenv(key='A')\nos.environ\n", ["Reads `A`", "Refers to `os.environ`"]),
        ("import os\nA: str = 'X'\ndef f(): os.getenv(A)\n", ["Reads `X`"]),
        ("import os\nA = 'X'\ndef f():\n    global A\n    os.getenv(A)\n", ["Reads the variable named by `A`"]),
        ("def f():\n    global x\n    (lambda: (x := 1))\n", []),
        ("def f():\n    global x\n    [(x := y) for y in z]\n", ["Rebinds global `x`"]),
        ("def f():\n    global x\n    import x.y\n", ["Rebinds global `x`"]),
        ("def f():\n    global x\n    del x\n", ["Deletes global `x`"]),
        ("def f(x, /, y=[1,\n  2]): ...\n", ["All calls share the default `y=[1, 2]`"]),
    ],
)
def test_said(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_global_is_rebound_where_it_is_bound() -> None:
    """Not where it is deleted before."""
    found = said("def f():\n    global x\n    del x\n    x = 1\n    x = 2\n")
    assert [(each.text, each.line) for each in found] == [("Rebinds global `x`", 4)]


def test_own_names_are_known_by_their_module() -> None:
    """In the file that defines it, a name is not the one of another module."""
    text = "def loads(x): ...\nloads(b'')\n"
    assert [each.text for each in said(text, "pickle")] == ["Calls `pickle.loads`"]
    assert said(text, "other") == []


FRAMES = (
    "import os, contextlib\n{}\n{}\n",
    "import os\nclass A({}, metaclass=B):\n  x = {}\n",
    "import os, contextlib\ndef f(a={}):\n  return {}\n",
    "async def f():\n  while {}:\n    yield {}\n",
    "try:\n  {}\nexcept ({},):\n  pass\n",
    "import functools\n@functools.lru_cache({})\ndef f(): f({})\n",
)


@pytest.mark.parametrize("frame", FRAMES)
def test_any_combination_is_fit_for_a_page(frame: str) -> None:
    for first in SNIPPETS:
        for second in SNIPPETS:
            text = frame.format(first, f"{second}, {first}")
            check(said(text), text)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 90 + "eval(y)" + "]" * 90,
        "x = " + "a." * 3000 + "b",
        "x = " + "f(" * 90 + ")" * 90,
        "x = " + "+".join(["os.environ"] * 900),
        "import os\nx = " + "os.environ['A'] + " * 800 + "y",
        "if a:\n pass\n" + "elif b:\n pass\n" * 900,
        "def f(x=" + "(" * 80 + "[]," + ")" * 80 + "): f()",
        "".join(f"{' ' * depth}for a in b:\n" for depth in range(15)) + " " * 15 + "eval(x)",
        "\ufeffeval(x)\n",
        "eval(x)\x0c\n\x0ceval(y)\r\nexec(z)\rexec(a)",
        "é = open('ü', 'w')\n" * 3,
        "",
        "def (",
        "x = '\ud800'",
        "\x00",
    ],
)
def test_hostile_texts(text: str) -> None:
    """Deep, broken or odd: there is an answer, and it is fit for a page."""
    found = trace(text, "m", is_package=False)
    check([*found.statements], text.replace("\r\n", "\n").replace("\r", "\n"))


def test_real_files() -> None:
    """The standard library's statements hold what all statements hold."""
    count = 0
    for file in sorted(STDLIB.glob("*.py"))[::4]:
        text = file.read_text(encoding="utf-8", errors="replace")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = said(text, file.stem)
        check(found, text)
        count += len(found)
    assert count > 300
