"""The inventory, read by a parser written from the published format, and what may stand in it."""

from __future__ import annotations

import ast
import asyncio
import json
import random
import re
import zlib
from pathlib import Path
from typing import NamedTuple

import oracle
import pytest

from kwmagic import analysis
from kwmagic.anchors import Anchors
from kwmagic.evidence.modules import module_names
from kwmagic.inventory import File, address, inventory, of_file, of_page
from kwmagic.model import FILE, FileRef, Symbol

PACKAGE = Path(asyncio.__file__).parent
LINE = re.compile(r"(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)")
"""As the format's own reader takes a line apart."""


class Entry(NamedTuple):
    """What a reader of the inventory knows under a role and a name."""

    uri: str
    shown: str


def loaded(data: bytes) -> tuple[str, str, dict[str, dict[str, Entry]]]:
    """Project, version, role -> name -> entry; the last of several stays, as readers have it."""
    first, project, version, how, body = data.split(b"\n", 4)
    assert first == b"# Sphinx inventory version 2"
    assert b"zlib" in how
    found: dict[str, dict[str, Entry]] = {}
    for line in zlib.decompress(body).decode().splitlines():
        match = LINE.fullmatch(line.rstrip())
        assert match, line
        name, role, priority, uri, shown = match.groups()
        assert re.fullmatch(r"\w+:\w+", role), line
        assert name not in found.get(role, {}), line
        assert priority in ("1", "-1")
        found.setdefault(role, {})[name] = Entry(uri.removesuffix("$") + name if uri.endswith("$") else uri, shown)
    return project.decode()[11:], version.decode()[11:], found


def lines(ref: FileRef, module: str = "", form: str = "markdown") -> list[str]:
    facts = analysis.analyse(ref)
    anchors = Anchors("doc")
    symbols = [(each, "" if FILE in each.flags else anchors.new(ref.path, each.qualname)) for each in facts.symbols]
    return of_file(File(ref.path, facts.language, module, f"{ref.path}_docs.md"), symbols, form)


def read(source: str, path: str = "m.py", module: str = "m", form: str = "markdown") -> dict[str, dict[str, str]]:
    """Role -> name -> the part of the anchor that tells the definition."""
    found = loaded(inventory("p", "1", lines(FileRef(path, data=source.encode()), module, form)))[2]
    return {
        role: {name: re.sub(r"^[^#]*(#kw-[0-9a-f]{6}-)?", "", each.uri) for name, each in names.items()}
        for role, names in found.items()
    }


PYTHON = '''
"""A module."""
LIMIT = 1
type Pair = tuple[int, int]
class A:
    x: int = 1
    def f(self):
        def inner(): ...
    @property
    def p(self): ...
    class B(ValueError): ...
def f(): ...
def f(a): ...
'''


def test_python() -> None:
    assert read(PYTHON) == {
        "py:module": {"m": ""},
        "py:data": {"m.LIMIT": "limit"},
        "py:type": {"m.Pair": "pair"},
        "py:class": {"m.A": "a"},
        "py:attribute": {"m.A.x": "a.x"},
        "py:method": {"m.A.f": "a.f"},
        "py:property": {"m.A.p": "a.p"},
        "py:exception": {"m.A.B": "a.b"},
        "py:function": {"m.f": "f"},
        "std:doc": {"m.py_docs": ""},
    }


def test_a_script_has_no_names_for_others() -> None:
    assert read("def f(): ...\n", "my-script.py", "my-script") == {"std:doc": {"my-script.py_docs": ""}}
    assert read("def f(): ...\n", "x.py", "") == {"std:doc": {"x.py_docs": ""}}


def test_c_family() -> None:
    source = (
        "namespace n {\nstruct S { int x; void f(); };\nenum E { A };\n"
        "template <class T> T g(T t) { return t; }\n}\n#define M 1\n"
    )
    found = read(source, "a.hpp")
    assert found["cpp:class"] == {"n::S": "n.s"}
    assert found["cpp:function"] == {"n::S::f": "n.s.f", "n::g": "n.g"}
    assert found["cpp:enum"] == {"n::E": "n.e"}
    assert found["c:macro"] == {"M": "m"}
    plain = read("struct S { int x; };\nint f(void) { return 1; }\n#define M 1\n", "a.c")
    assert plain["c:struct"] == {"S": "s"}
    assert plain["c:function"] == {"f": "f"}
    assert not any(role.startswith("cpp:") for role in plain)


def test_headings_are_labels_of_their_page() -> None:
    found = loaded(
        inventory("p", "1", lines(FileRef("a.md", data=b"# One two 3 x:y 4\n\n## Sub\n\n## \xe4\xb8\xad\n")))
    )[2]
    labels = {name: each.shown for name, each in found["std:label"].items()}
    assert labels.pop("a.md:one-two-3-xy-4") == "One two 3 x:y 4"
    assert labels.pop("a.md:one-two-3-xy-4.sub") == "Sub"
    assert [*labels.values()] == ["中"]


def test_other_languages_have_their_page_only() -> None:
    assert read("a:\n  b: 1\n", "a.yaml") == {"std:doc": {"a.yaml_docs": ""}}


@pytest.mark.parametrize(
    ("form", "file", "folder", "top"),
    [
        ("markdown", "a/b.py_docs.md", "a/index.md", "index.md"),
        ("mkdocs", "a/b.py_docs.html", "a/index.html", "index.html"),
        ("sphinx", "a/b.py_docs.html", "a/index.html", "index.html"),
        ("myst", "a/b.py_docs.html", "a/index.html", "index.html"),
    ],
)
def test_addresses(form: str, file: str, folder: str, top: str) -> None:
    assert [address(page, form) for page in ("a/b.py_docs.md", "a/index.md", "index.md")] == [file, folder, top]
    assert address("ä b.md", form).startswith("%C3%A4%20b")
    for page, uri in (("a/index.md", folder), ("index.md", top)):
        entry = loaded(inventory("p", "1", of_page(page, "T", form)))[2]["std:doc"][page.removesuffix(".md")]
        assert entry == (uri, "T")


def test_every_definition_that_others_can_name_is_there() -> None:
    paths = sorted(f"asyncio/{path.name}" for path in PACKAGE.glob("*.py"))
    names = module_names(paths)
    found = [line for path in paths for line in lines(FileRef(path, str(PACKAGE.parent / path)), names[path])]
    data = inventory("asyncio", "3", found)
    roles = loaded(data)[2]
    expected: dict[str, set[str]] = {"module": {*names.values()}, "function": set(), "class": set()}
    for path in paths:
        for kind, qualname, *_ in oracle.read(ast.parse((PACKAGE.parent / path).read_bytes())).definitions:
            if "<locals>" not in qualname:
                expected["class" if kind == "class" else "function"].add(f"{names[path]}.{qualname}")
    assert {*roles["py:module"]} == expected["module"]
    assert {*roles["py:class"], *roles["py:exception"]} == expected["class"]
    assert {*roles["py:function"], *roles["py:method"], *roles["py:property"]} == expected["function"]
    assert {*roles["std:doc"]} == {f"{path}_docs" for path in paths}
    for seed in range(3):
        assert inventory("asyncio", "3", random.Random(seed).sample(found, len(found))) == data


def test_the_source_is_preferred_to_its_stub() -> None:
    both = [line for path in ("m.pyi", "m.py") for line in lines(FileRef(path, data=b"def f(): ...\n"), "m")]
    assert loaded(inventory("p", "1", both))[2]["py:function"]["m.f"].uri.startswith("m.py_docs.md#")


def test_the_first_definition_of_a_name_stays() -> None:
    found = read("class F: ...\n" + "class f: ...\n" * 11)
    assert found["py:class"] == {"m.F": "f", "m.f": "f-2"}


HOSTILE = {
    "role": "x py:class 1 evil.html -",
    "lines": "x\ny py:class 1 evil.html -",
    "separators": "x\x0by\x0cz\x1cy py:class 1 evil.html -\x85\u2028a py:class 1 evil.html -",
    "number": "top 10 things",
    "dollar": "a$",
    "blank": " ",
    "surrogate": "\udcff",
    "spaces": "\u00a0x\u3000y 1 z",
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE)
def test_hostile_names_forge_nothing(payload: str) -> None:
    names = [Symbol("heading", payload, payload, 1, 1), Symbol("class", payload, payload, 1, 1)]
    symbols = [(each, f"kw-123456-{number}") for number, each in enumerate(names)]
    written: list[str] = []
    for language in ("Python", "C", "C++", "Markdown"):
        written += of_file(File(f"{language}/{payload}", language, "m", f"{payload}_docs.md"), symbols, "markdown")
    project, version, found = loaded(inventory(payload, payload, written))
    assert "\n" not in project + version
    assert {*found} <= {"std:doc", "std:label"}
    assert all(each.uri and "evil" not in each.uri.partition("_docs.md")[2] for each in found["std:doc"].values())
    assert len(found["std:doc"]) == 1
    assert json.dumps(found)
