"""Names resolved through scopes and imports: what is found, as what, and what must not be."""

from __future__ import annotations

import argparse
import ast
import json.decoder
import symtable
import sys
import tarfile
import textwrap
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kwmagic.evidence.resolver import Found, resolve
from kwmagic.evidence.trace import trace
from kwmagic.model import Evidence

OWN = "pkg.sub.mod"


def found(source: str, module: str = OWN, *, is_package: bool = False) -> list[Found]:
    return resolve(ast.parse(textwrap.dedent(source)), module, is_package=is_package)


def names(source: str) -> list[str]:
    """The names found, in order."""
    return [each.name for each in found(source)]


IMPORTS = {
    "import a\na.b.c": ["a.b.c"],
    "import a.b\na.b.c\na.x": ["a.b.c", "a.x"],
    "import a.b as c\nc.d": ["a.b.d"],
    "from a.b import c\nc.d": ["a.b.c.d"],
    "from a import b as c\nc\nb": ["a.b"],
    "from . import x\nx.y": ["pkg.sub.x.y"],
    "from .x import y\ny": ["pkg.sub.x.y"],
    "from .. import x\nx": ["pkg.x"],
    "from ..x import y\ny": ["pkg.x.y"],
    "from .... import x\nx": ["....x"],
    "from builtins import open as o\no()": ["builtins.open"],
    "from a import *\nlen(unknown)": ["builtins.len"],
    "import a.b, a.c\na.b, a.c": ["a.b", "a.c"],
    "import a\na[0].b(a.c).d": ["a", "a.c"],
    "import a\na.b().c()": ["a.b"],
    "import a\na.b = a.c\na.d += 1\ndel a.e, a.f[0]": ["a.b", "a.c", "a.d", "a.e", "a.f"],
    "import a\n__all__ = ['a']": [],
    "class C:\n    from a import b as c\n    import d": ["a.b"],
    "def f():\n    from a import b": [],
}
SHADOWS = {
    "parameter": ("import a\ndef f(a): a.b", []),
    "every kind of parameter": ("import a, b, c, d\ndef f(a, /, *b, c=1, **d): a, b, c, d", []),
    "lambda": ("import a\nlambda a: a.b", []),
    "default of a lambda": ("import a\nlambda a=a.b: a.c", ["a.b"]),
    "assignment": ("import a\ndef f():\n    a.b\n    a = 1", []),
    "augmented assignment": ("import a\ndef f():\n    a += a.b", []),
    "annotated": ("import a\ndef f():\n    a: int\n    a.b", ["builtins.int"]),
    "for": ("import a\ndef f(x):\n    for a, [b, *c] in x: a.b", []),
    "with": ("import a\ndef f(x):\n    with x as (a, b): a.b", []),
    "except": ("import a\ndef f():\n    try: x\n    except E as a: a.b", []),
    "except group": ("import a\ndef f():\n    try: x\n    except* E as a: a.b", []),
    "del": ("import a\ndef f():\n    del a\n    a.b", []),
    "walrus": ("import a\ndef f(x): return (a := x) and a.b", []),
    "walrus in a comprehension": ("import a\ndef f(x):\n    [(a := y) for y in x]\n    a.b", []),
    "comprehension": ("import a\n[a.b for a in a.c]", ["a.c"]),
    "condition of a comprehension": ("import a\n[b for b in 1 if a.b]", ["a.b"]),
    "second iterable": ("import a\n[1 for b in a.c for a in a.d if a.e]", ["a.c"]),
    "match": ("import a, b, c, d\ndef f(x):\n    match x:\n        case [a, *b] | {1: c, **d}: a, b, c, d", []),
    "nested def": ("import a\ndef f():\n    def a(): ...\n    a.b", []),
    "nested class": ("import a\ndef f():\n    class a: ...\n    a.b", []),
    "enclosing function": ("import a\ndef f(a):\n    def g(): a.b\n    return lambda: [a.c for x in 1]", []),
    "class body": ("import a\nclass C:\n    a = 1\n    a.b", []),
    "class body, not its methods": ("import a\nclass C:\n    a = 1\n    def f(self): a.b", ["a.b"]),
    "class body, not its comprehensions": ("import a\nclass C:\n    a = 1\n    x = [a.b for y in a.c]", ["a.b"]),
    "class body before the binding": ("import a\nclass C:\n    a = a.b", ["a.b"]),
    "property named property": (
        "class C:\n    @property\n    def property(self): ...\n    @property\n    def x(self): ...",
        ["builtins.property"],
    ),
    "built-in at the top": ("def open(): ...\ndef f(): open()", [f"{OWN}.open"]),
    "built-in before it": ("old = open\ndef open(): ...", ["builtins.open"]),
    "built-in in a function": ("def f(eval): eval()\ndef g(): eval()", ["builtins.eval"]),
    "unknown method": ("def f(x): x.eval()", []),
    "private name in a class": ("__a = 1\nclass C:\n    def f(self): __a\n__a", [f"{OWN}.__a"]),
}
BINDINGS = {
    "global": ("import a\ndef f(a):\n    def g():\n        global a\n        a.b", ["a.b"]),
    "global import": ("def f():\n    global a\n    import x as a\ndef g(): a.b", ["x.b"]),
    "global assignment": ("def f():\n    global a\n    a = 1\ndef g(): return a.b", [f"{OWN}.a.b"]),
    "nonlocal": ("import a\ndef f():\n    a = 1\n    def g():\n        nonlocal a\n        a.b", []),
    "nonlocal import": ("def f():\n    a = 1\n    def g():\n        nonlocal a\n        import a\n    a.b", ["a.b"]),
    "nonlocal of an import": (
        "def f():\n    import a\n    def g():\n        nonlocal a\n        a = 1\n        a.b",
        ["a.b"],
    ),
    "global at the top": ("global x\nx = 1\nx.y", [f"{OWN}.x.y"]),
    "deleted": ("import a\ndef f(): a.b\ndel a", ["a.b"]),
    "named by an annotation first": ("def f(x: C): ...\nclass C: ...", [f"{OWN}.C"]),
    "local import": ("def f():\n    import a\n    def g(): a.b\ndef h(): a.c", ["a.b"]),
    "fallback assignment": ("try: import a\nexcept ImportError: a = None\na.b", ["builtins.ImportError", "a.b"]),
    "fallback def": ("try: from x import a\nexcept E:\n    def a(): ...\na()", ["x.a"]),
    "assigned before": ("a = None\ntry: import a\nfinally: pass\ndef f(): a.b", ["a.b"]),
    "first of two": ("try: import a\nexcept E: import b as a\na.x", ["a.x"]),
    "if and else": ("if x: from a import z\nelse: from b import z\nz.y", ["a.z.y"]),
    "replaced import": ("from a import x\nx.b\nx = y(x)\nx.c\ndef f(): x", ["a.x.b", "a.x", f"{OWN}.x.c", f"{OWN}.x"]),
    "replaced after a try": ("try: from a import C\nfinally: pass\nclass C: ...\nC()", [f"{OWN}.C"]),
    "replaced local import": ("def f():\n    from a import x\n    x(1)\n    x = 2\n    x(3)", ["a.x"]),
    "import after import": ("from a import x\nfrom b import x\nx", ["b.x"]),
    "type of an import": ("import a\na: int\na.b", ["builtins.int", "a.b"]),
    "own": ("def f(): ...\nX = f\nclass C:\n    f = X", [f"{OWN}.f", f"{OWN}.X"]),
    "own alias": ("import t\nT = t.T\nT()", ["t.T", f"{OWN}.T"]),
    "own class": ("class C: ...\ndef f(): return C.make()", [f"{OWN}.C.make"]),
    "used earlier": ("def f(): return g()\ndef g(): ...", [f"{OWN}.g"]),
    "assigned again": ("X = 1\nX = 2", []),
    "caught": ("try: ...\nexcept E as e: e.x", []),
    "named in its own condition": ("if (m := 1) and m.x: m.y", [f"{OWN}.m.x", f"{OWN}.m.y"]),
}


@pytest.mark.parametrize("source", IMPORTS)
def test_imports(source: str) -> None:
    assert names(source) == IMPORTS[source]


@pytest.mark.parametrize("what", SHADOWS)
def test_what_shadows(what: str) -> None:
    source, expected = SHADOWS[what]
    assert names(source) == expected


@pytest.mark.parametrize("what", BINDINGS)
def test_what_a_name_is_bound_to(what: str) -> None:
    source, expected = BINDINGS[what]
    assert names(source) == expected


def test_relative_imports_of_a_package() -> None:
    assert [each.name for each in found("from . import x\nx", is_package=True)] == ["pkg.sub.mod.x"]
    assert [each.name for each in found("from .. import x\nx", is_package=True)] == ["pkg.sub.x"]
    assert [each.name for each in found("from ....y import x\nx")] == ["....y.x"]


HOWS = """
    import a
    @a.plain
    @a.called(a.argument)
    @a.sub[0]
    class C(a.Base, a.Generic[a.T], a.made(), metaclass=a.Meta, flag=a.flag):
        x: a.Type["a.Inner", a.call()] = a.value
        @a.method
        def f(self, p: "a.Quoted | None" = a.default, *q: a.Literal["a.no"]) -> a.Annotated[a.R, "a.no", a.meta]:
            a.g(a.h, k=a.i)(a.j)
            def inner(): a.deep
    """


def test_how() -> None:
    assert [(each.node.lineno, each.how, each.name.partition("a.")[2]) for each in found(HOWS)] == [
        (3, "decorator", "plain"),
        (4, "decorator", "called"),
        (4, "reference", "argument"),
        (5, "decorator", "sub"),
        (6, "base", "Base"),
        (6, "base", "Generic"),
        (6, "reference", "T"),
        (6, "call", "made"),
        (6, "base", "Meta"),
        (6, "reference", "flag"),
        (7, "annotation", "Type"),
        (7, "annotation", "Inner"),
        (7, "call", "call"),
        (7, "reference", "value"),
        (8, "decorator", "method"),
        (9, "annotation", "Quoted"),
        (9, "reference", "default"),
        (9, "annotation", "Literal"),
        (9, "annotation", "Annotated"),
        (9, "annotation", "R"),
        (9, "reference", "meta"),
        (10, "call", "g"),
        (10, "reference", "h"),
        (10, "reference", "i"),
        (10, "reference", "j"),
        (11, "reference", "deep"),
    ]


def test_scope_and_call() -> None:
    every = {each.name: each for each in found(HOWS)}
    assert every["a.Base"].scope == ""
    assert every["a.Type"].scope == "C"
    assert every["a.default"].scope == "C"
    assert every["a.g"].scope == "C.f"
    assert every["a.deep"].scope == "C.f.<locals>.inner"
    assert every["a.plain"].call is None
    assert ast.unparse(typing.cast(ast.Call, every["a.called"].call)) == "a.called(a.argument)"
    assert ast.unparse(typing.cast(ast.Call, every["a.g"].call)) == "a.g(a.h, k=a.i)"


def test_lines_of_statements_and_headers() -> None:
    source = """\
        import a
        x = [
            a.b,
        ]
        if (
            a.c
        ):
            a.d
        elif a.e: pass
        @a.f(
        )
        def g(
            x=a.h,
        ):
            "Text."
            with a.i as j, \\
                 a.k:
                return j
        match a.l:
            case 1 if a.m: pass
        try:
            pass
        except (a.n,
                a.o):
            pass
        with (
            a.p):
            @a.q
            def r(): ...
        """
    assert {each.name[2:]: (each.first, each.last) for each in found(source)} == {
        "b": (2, 4),
        "c": (5, 7),
        "d": (8, 8),
        "e": (9, 9),
        "f": (10, 11),
        "h": (12, 14),
        "i": (16, 17),
        "k": (16, 17),
        "l": (19, 19),
        "m": (20, 20),
        "n": (23, 24),
        "o": (23, 24),
        "p": (26, 27),
        "q": (28, 28),
    }


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters came with Python 3.12")
def test_type_parameters() -> None:
    source = """
        import T, a, b
        class C[T: a.Bound](a.Base[T.x]):
            T.y
            def f[U](self, p: U, q: T.z = T) -> a.R: U, T.w
            b = 1
            def g[U](self, p: b.hidden): ...
        type X[T] = dict[T, a.V]
        """
    found_names = [each.name for each in found(source) if not each.name.startswith("builtins")]
    assert found_names == ["a.Bound", "a.Base", "a.R", "a.V"]


DEEP = {
    "attributes": "import a\nx = a" + ".b" * 900,
    "calls": "import a\nx = a" + ".b()" * 450,
    "operators": "import a\nx = " + "a.b + " * 900 + "a",
    "conditions": "import a\nif a.b: pass\n" + "elif a.b: pass\n" * 900,
    "annotation": "import a\nx: " + "a.b | " * 900 + "a",
    "lambdas": "import a\nx = " + "lambda: " * 150 + "a.b",
    "functions": "import a\n" + "".join(" " * depth + "def f(x=a.b):\n" for depth in range(90)) + " " * 90 + "a.b",
}


@pytest.mark.parametrize("what", DEEP)
def test_deep_trees_are_read_whole(what: str) -> None:
    source = DEEP[what]
    expected = source.count("a.b") if what != "calls" else 1
    read = [each for each in found(source) if each.name.startswith("a.b")]
    assert len(read) == expected


HOSTILE = (
    "x = a" + ".b" * 5_000,
    "x = " + "a+" * 5_000 + "a",
    "x = " + "(" * 5_000,
    "def (",
    "a\0b",
    "x = '\ud800'",
    "x = " + "9" * 5_000,
    'x: "a' + ".b" * 5_000 + '"',
    "x: \"'\\\\d'\"",
    'x: "\\ud800"\ny: "\\0"\nz: ""\nw: "a b"\nv: "(a) + (b"',
    "{**a, 'b': 1}",
    "def f(*, a): ...",
    "class C(*a, **b): ...",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_trace_is_total(text: str, recwarn: pytest.WarningsRecorder) -> None:
    assert isinstance(trace(text, "m", is_package=False), Evidence)
    assert not recwarn.list


def test_trace_keeps_no_built_ins_and_does_not_warn(recwarn: pytest.WarningsRecorder) -> None:
    evidence = trace("import a\nif 1 is 1:\n    print(a.b, '\\d')\n", "m", is_package=False)
    assert [tuple(use) for use in evidence.uses] == [("a.b", 3, "", "reference", 3, 3)]
    assert not recwarn.list


def test_trace_of_what_does_not_parse() -> None:
    assert trace("import a\na.b\ndef (", "m", is_package=False) == Evidence()


def test_trace_without_module() -> None:
    """Own names can't be taken for those of a module that is called so."""
    assert [use.name for use in trace("json = 1\njson.x\n", "", is_package=False).uses] == [".json.x"]


def local_names(
    table: symtable.SymbolTable, qualname: str, around: dict[str, bool]
) -> Iterator[tuple[str, frozenset[str]]]:
    """(qualname of a function, the names that are local to it or to one around it), by Python's own symbol table.

    *around*: local names of the functions around it -> whether an import binds them; these are left out.
    """
    own, is_function = dict(around), table.get_type() == "function"
    if is_function:
        own |= {symbol.get_name(): symbol.is_imported() for symbol in table.get_symbols() if symbol.is_local()}
        kept = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local() or symbol.is_free()}
        yield qualname, frozenset(name for name in kept if not own.get(name, True))
    for child in table.get_children():
        name = child.get_name()
        if child.get_type() in ("function", "class") and name.isidentifier() and name != "lambda":
            inner = f"{qualname}{'.<locals>.' if is_function else '.'}{name}" if qualname else name
            yield from local_names(child, inner, own)


@pytest.mark.parametrize("module", [ast, json.decoder, symtable, tarfile, textwrap, typing, argparse])
def test_nothing_is_found_that_python_calls_local(module: ModuleType) -> None:
    path = Path(str(module.__file__))
    text = path.read_text(encoding="utf-8")
    hidden: dict[str, frozenset[str]] = {}
    for qualname, local in local_names(symtable.symtable(text, str(path), "exec"), "", {}):
        hidden[qualname] = hidden.get(qualname, local) & local  # there may be several of one name
    assert sum(map(len, hidden.values())) > 5
    every = resolve(ast.parse(text), module.__name__, is_package=path.stem == "__init__")
    assert len(every) > 5
    wrong = [each for each in every if first_name(each.node) in hidden.get(each.scope, ())]
    assert [(each.node.lineno, each.name, each.scope) for each in wrong] == []


def first_name(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    assert isinstance(node, ast.Name)
    return node.id
