"""What a project tells of one of its files: uses, importers, subclasses, cycles, tests, call sites, related files."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from memory_index import MemoryIndex, index_of

from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import ImportRow
from kwmagic.evidence.includes import Includes
from kwmagic.evidence.links import surroundings
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.evidence.uses import reach, uses

SHOP = {
    "shop/__init__.py": "from .goods import *\nfrom .goods import price as cost\nfrom . import goods as wares\n",
    "shop/goods.py": (
        "import enum\n\n__all__ = ['Good', 'Color', 'price']\n\n\n"
        "class Good(enum.Enum):\n    def sell(self): ...\n    @classmethod\n    def make(cls): ...\n\n\n"
        "class Color(enum.Enum):\n    RED = 1\n\n\ndef price(x): ...\n\n\ndef _secret(): ...\n\n\nprice(Color.RED)\n"
    ),
    "shop/fruit.py": "import shop.goods\n\n\nclass Apple(shop.goods.Good, metaclass=Meta): ...\n"
    "\n\nclass Pear(Apple): ...\n",
    "shop/till.py": (
        "from shop import cost, Color as C\nfrom .goods import Good\n\n\n"
        "def total(x: 'Good'):\n    return cost(x) + cost(\n        C.RED)\n\n\nclass Own(Good): ...\n"
    ),
    "shop/wide.py": "import shop\n\nshop.wares.price(shop.Color.RED.value)\nshop.goods._secret()\n",
    "shop/other.py": "from elsewhere import price\n\nprice(1)\n\n\ndef Good(): ...\n\n\nGood()\n",
    "tests/test_goods.py": (
        "import unittest\nfrom shop.goods import price, Good\n\n\nclass TestPrice(unittest.TestCase):\n"
        "    def test_one(self):\n        self.assertEqual(price(1), 1)\n        with price(2):\n"
        "            Good.make()\n"
    ),
    "tests/test_all.py": (
        "import shop\nimport shop.till\nimport shop.fruit\n\n\n"
        "def test_all():\n    shop.price(3)\n    assert shop.till\n"
    ),
    "tests/support.py": "import shop.goods\n\n\ndef helper():\n    shop.goods.price(9)\n",
    "examples/demo.py": "import shop\n\nshop.price(\n    7,\n)\n",
    "tools/run.py": "import lib\n\nlib.go()\n",
    "tools/lib.py": "def go(): ...\n",
    "other/lib.py": "def go(): ...\n",
    "broken.py": "def f(:\n",
}


@pytest.fixture(name="shop", scope="module")
def _shop(tmp_path_factory: pytest.TempPathFactory) -> MemoryIndex:
    return index_of(tmp_path_factory.mktemp("shop"), SHOP)


@pytest.fixture(name="goods", scope="module")
def _goods(shop: MemoryIndex) -> Surroundings:
    return surroundings(shop, "shop/goods.py")


def lines(found: Surroundings, qualname: str) -> dict[str, list[int]]:
    return {each.file.path: [spot.line for spot in each.spots] for each in found.uses.get(qualname, ())}


def test_uses_are_found_under_every_name(goods: Surroundings) -> None:
    assert lines(goods, "price") == {
        "shop/till.py": [6, 6],
        "tests/test_goods.py": [7, 8],
        "examples/demo.py": [3],
        "shop/wide.py": [3],
        "tests/support.py": [5],
        "tests/test_all.py": [7],
    }
    assert lines(goods, "Good") == {"shop/till.py": [5, 10], "shop/fruit.py": [4], "tests/test_goods.py": [9]}
    assert lines(goods, "Good.make") == {"tests/test_goods.py": [9]}
    assert lines(goods, "Color") == lines(goods, "Color.RED") == {"shop/till.py": [7], "shop/wide.py": [3]}


def test_calls_are_counted_where_the_name_itself_is_called(goods: Surroundings) -> None:
    calls = {name: sum(each.calls for each in found) for name, found in goods.uses.items()}
    assert calls == {"price": 8, "Good": 0, "Good.make": 1, "Color": 0, "Color.RED": 0}


def test_private_names_are_told_only_when_asked_for(shop: MemoryIndex, goods: Surroundings) -> None:
    assert "_secret" not in goods.uses
    found = uses(Definitions(shop), "shop/goods.py", "_secret")
    assert {path: [place.line for place in places] for path, places in found["_secret"].items()} == {
        "shop/wide.py": [4]
    }
    assert set(found) == {"_secret"}


def test_uses_in_the_file_itself_are_apart(shop: MemoryIndex) -> None:
    found = uses(Definitions(shop), "shop/goods.py", "Color")
    assert [place.line for place in found["Color"]["shop/goods.py"]] == [22]
    assert set(found) == {"Color", "Color.RED"}


def test_scripts_of_one_name_are_told_apart(shop: MemoryIndex) -> None:
    assert lines(surroundings(shop, "tools/lib.py"), "go") == {"tools/run.py": [3]}
    assert surroundings(shop, "other/lib.py").uses == {}


@pytest.mark.parametrize("path", [path for path in SHOP if path.endswith(".py")])
def test_no_use_is_out_of_reach(shop: MemoryIndex, path: str) -> None:
    known = Definitions(shop)
    users = {
        user
        for name, by_file in shop.uses.items()
        for user in by_file
        if (found := known.locate(name, user)) and found.path == path and found.qualname
    }
    assert users <= reach(known, path)


def test_reach_leaves_out_what_cannot_use_it(shop: MemoryIndex) -> None:
    reached = reach(Definitions(shop), "shop/goods.py")
    assert reached.isdisjoint(["shop/other.py", "tools/run.py", "tools/lib.py", "broken.py"])
    assert reach(Definitions(shop), "tools/lib.py") == {"tools/lib.py", "tools/run.py"}


def test_importers_and_their_statements(goods: Surroundings) -> None:
    found = {each.file.path: [(i.module, i.name, i.alias, i.line) for i in each.imports] for each in goods.importers}
    assert found == {
        "shop/__init__.py": [
            ("shop.goods", "*", None, 1),
            ("shop.goods", "price", "cost", 2),
            ("shop", "goods", "wares", 3),
        ],
        "shop/fruit.py": [("shop.goods", None, None, 1)],
        "shop/till.py": [("shop.goods", "Good", None, 2)],
        "tests/support.py": [("shop.goods", None, None, 1)],
        "tests/test_goods.py": [("shop.goods", "price", None, 2), ("shop.goods", "Good", None, 2)],
    }


def test_a_module_with_another_as_a_name_is_imported_by_it(tmp_path: Path) -> None:
    files = {"os.py": "import posixpath as path\n", "posixpath.py": "", "a.py": "import os.path\n"}
    found = surroundings(index_of(tmp_path, files), "os.py").importers
    assert [(each.file.path, [i.line for i in each.imports]) for each in found] == [("a.py", [1])]


def test_targets_as_the_file_writes_them(shop: MemoryIndex) -> None:
    found = surroundings(shop, "shop/__init__.py").targets
    assert {module: ref.path for module, ref in found.items()} == {
        ".goods": "shop/goods.py",
        ".": "shop/__init__.py",
    }


def test_bases_and_subclasses(shop: MemoryIndex, goods: Surroundings) -> None:
    derived = {name: [(each, spot.line) for each, spot in found] for name, found in goods.subclasses.items()}
    assert derived == {"Good": [("shop.fruit.Apple", 4), ("shop.till.Own", 10)]}
    fruit = surroundings(shop, "shop/fruit.py").bases
    assert [(base, spot and (spot.file.path, spot.line)) for base, spot in fruit[4]] == [
        ("shop.goods.Good", ("shop/goods.py", 6))
    ]
    assert [(base, spot and spot.line) for base, spot in fruit[7]] == [("shop.fruit.Apple", 4)]
    assert goods.bases[6] == (("enum.Enum", None),)


def test_each_class_of_one_name_has_its_own_bases(tmp_path: Path) -> None:
    text = "try:\n    class A(B): ...\nexcept TypeError:\n    class A(C): ...\n"
    assert surroundings(index_of(tmp_path, {"a.py": text}), "a.py").bases == {2: (("B", None),), 4: (("C", None),)}


def test_a_base_is_looked_up_where_the_class_stands(tmp_path: Path) -> None:
    text = "class A: ...\ndef f(B):\n    class A: ...\n    class C(A, B): ...\n"
    text += "class B: ...\nclass D:\n    class E(A): ...\n"
    found = surroundings(index_of(tmp_path, {"a.py": text}), "a.py").bases
    assert {line: [(name, spot and spot.line) for name, spot in each] for line, each in found.items()} == {
        4: [("a.f.<locals>.A", 3), ("B", None)],
        7: [("a.A", 1)],
    }


def test_tests_are_those_that_use_it(goods: Surroundings) -> None:
    assert [(each.file.path, each.names, each.line) for each in goods.tests] == [
        ("tests/test_goods.py", (("price", 7, 2), ("Good.make", 9, 1)), 7),
        ("tests/test_all.py", (("price", 7, 1),), 7),
    ]
    assert goods.tests_read == 2


def test_the_line_of_a_name_that_is_called_is_that_of_a_call(tmp_path: Path) -> None:
    test = "from a import A\n\n\nclass B(A): ...\n\n\ndef test_x():\n    A()\n"
    (found,) = surroundings(index_of(tmp_path, {"a.py": "class A: ...\n", "test_a.py": test}), "a.py").tests
    assert found.names == (("A", 8, 1),)


def test_a_test_by_name_only_is_none(tmp_path: Path) -> None:
    index = index_of(tmp_path, {"a.py": "x = 1\n", "test_a.py": "def test_x(): ...\n"})
    found = surroundings(index, "a.py")
    assert (found.tests, found.tests_read) == ((), 1)


def test_a_test_of_a_submodule_is_none_of_its_package(tmp_path: Path) -> None:
    """Unless it is called as the package is."""
    test = "from p import a\n\n\ndef test_x(): ...\n"
    files = {"p/__init__.py": "", "p/a.py": "x = 1\n", "test_p.py": test, "test_q.py": test}
    assert [each.file.path for each in surroundings(index_of(tmp_path, files), "p/__init__.py").tests] == ["test_p.py"]


def test_methods_that_no_runner_collects_are_no_tests(tmp_path: Path) -> None:
    runner = "import a\n\n\nclass Runner:\n    def test_file(self, name):\n        a.f()\n"
    mixin = "import a\n\n\nclass Mixin:\n    def test_f(self):\n        a.f()\n"
    files = {"a.py": "def f(): ...\n", "testing/run.py": runner, "tests/mixin.py": mixin}
    index = index_of(tmp_path, files)
    assert [each.file.path for each in surroundings(index, "a.py").tests] == ["tests/mixin.py"]


def test_the_command_is_that_of_the_test_called_alike(tmp_path: Path) -> None:
    """Even where another test uses the file more."""
    files = {
        "a.py": "def f(): ...\n",
        "test_a.py": "import a\n\n\ndef test_x():\n    a.f()\n",
        "test_b.py": "import a\n\n\ndef test_x():\n    a.f()\n    a.f()\n    a.f()\n",
    }
    found = surroundings(index_of(tmp_path, files, config=["pytest"]), "a.py")
    assert [each.file.path for each in found.tests] == ["test_b.py", "test_a.py"]
    assert found.command == "python -m pytest test_a.py"


def test_a_module_named_in_a_text_is_imported(tmp_path: Path) -> None:
    files = {
        "a.py": "x = 1\n",
        "b.py": "x = 1\n",
        "test_a.py": "from importlib import import_module as load\n\n\ndef test_x():\n    importlib = load\n",
        "test_b.py": (
            "import importlib\n\nb = importlib.import_module('b')\nimportlib.import_module('b')\n\n\n"
            "def test_x(): ...\n"
        ),
    }
    index = index_of(tmp_path, files)
    assert [each.file.path for each in surroundings(index, "a.py").tests] == []
    assert [(each.file.path, each.names, each.line) for each in surroundings(index, "b.py").tests] == [
        ("test_b.py", (), 3)
    ]
    assert "test_b.py" in reach(Definitions(index), "b.py")


def test_call_sites_are_whole_statements(goods: Surroundings) -> None:
    """Never the head of a `with`, never the file's own."""
    assert [(site.file.path, site.line, site.qualname, site.source) for site in goods.call_sites] == [
        ("tests/test_goods.py", 9, "Good.make", "Good.make()"),
        ("tests/test_all.py", 7, "price", "shop.price(3)"),
        ("tests/support.py", 5, "price", "shop.goods.price(9)"),
    ]
    for site in goods.call_sites:
        assert any(isinstance(node, ast.Call) for node in ast.walk(ast.parse(site.source)))


RINGS = {
    "a.py": "import b\nfrom c import x\n",
    "b.py": "import c\n\nimport a\n",
    "c.py": "def f():\n    import a\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b\n",
    "r1.py": "import r2\n",
    "r2.py": "\nimport r3\n",
    "r3.py": "\n\nfrom r1 import f\nimport leaf\n",
    "leaf.py": "",
    **{f"big{n}.py": f"import big{(n + 1) % 11}\n" for n in range(11)},
    **{f"ten{n}.py": f"import ten{(n + 1) % 10}\n" for n in range(10)},
    "self.py": "import self\n",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", [(("a", "b"), [1, 3])]),
        ("b.py", [(("b", "a"), [3, 1])]),
        ("c.py", []),
        ("r2.py", [(("r2", "r3", "r1"), [2, 3, 1])]),
        ("leaf.py", []),
        ("big3.py", []),
        ("ten3.py", [(tuple(f"ten{n % 10}" for n in range(3, 13)), [1] * 10)]),
        ("self.py", []),
    ],
)
def test_cycles(tmp_path: Path, path: str, expected: list[tuple[tuple[str, ...], list[int]]]) -> None:
    """At module level only, neither in functions nor for types; a knot of more than ten is not told."""
    found = surroundings(index_of(tmp_path, RINGS), path).cycles
    assert [(each.modules, [spot.line for spot in each.spots]) for each in found] == expected


UNITTEST = "import unittest\n\n\nclass TestX(unittest.TestCase):\n    def test_x(self): ...\n"


@pytest.mark.parametrize(
    ("files", "path", "known", "expected"),
    [
        ({"t/test_x.py": UNITTEST}, "t/test_x.py", {}, "python -m unittest t.test_x"),
        ({"t/test_x.py": UNITTEST}, "t/test_x.py", {"config": ["pytest"]}, "python -m pytest t/test_x.py"),
        (
            {"t/test_x.py": UNITTEST},
            "t/test_x.py",
            {"config": ["pytest", "tests/runtests.py"]},
            "python tests/runtests.py",
        ),
        ({"t/test_x.py": UNITTEST}, "t/test_x.py", {"config": ["bin/test"]}, "bin/test"),
        ({"test_x.py": "import pytest\ndef test_x(): ...\n"}, "test_x.py", {}, "python -m pytest test_x.py"),
        ({"test_x.py": "def test_x(): ...\n"}, "test_x.py", {}, ""),
        (
            {"a b/test_x.py": "def test_x(): ...\n"},
            "a b/test_x.py",
            {"config": ["pytest"]},
            "python -m pytest 'a b/test_x.py'",
        ),
        ({"p/__init__.py": "", "p/__main__.py": ""}, "p/__main__.py", {}, "python -m p"),
        ({"p/__init__.py": "", "p/a.py": ""}, "p/a.py", {}, ""),
        (
            {"a.py": "x = 1\n", "test_a.py": "import a, pytest\ndef test_x(): ...\n"},
            "a.py",
            {},
            "python -m pytest test_a.py",
        ),
    ],
)
def test_command(tmp_path: Path, files: dict[str, str], path: str, known: dict[str, list[str]], expected: str) -> None:
    assert surroundings(index_of(tmp_path, files, **known), path).command == expected


def test_command_of_a_script(tmp_path: Path) -> None:
    index = index_of(tmp_path, {"p/__init__.py": "", "p/a.py": "", "p/a-b.py": ""})
    assert surroundings(index, "p/a.py", runs=True).command == "python -m p.a"
    assert surroundings(index, "p/a-b.py", runs=True).command == ""


def test_command_of_a_file_that_gives_tests_to_unittest(tmp_path: Path) -> None:
    index = index_of(tmp_path, {"test_a.py": "def load_tests(loader, tests, pattern): ...\n"})
    assert surroundings(index, "test_a.py", runs=True).command == "python -m unittest test_a"


def test_related_files_have_reasons(tmp_path: Path) -> None:
    changed = {"shop/till.py": [("examples/demo.py", 40, 50), ("tools/run.py", 2, 50), ("gone.py", 30, 50)]}
    index = index_of(tmp_path, SHOP, changed=changed)
    found = surroundings(index, "shop/till.py").related
    assert [(each.file.path, each.reasons) for each in found] == [
        ("tests/test_all.py", (("tests that use it", 0), ("imports this file", 0))),
        ("examples/demo.py", (("changed together in 40 of 50 commits", 0),)),
        ("shop/__init__.py", (("imported here", 1),)),
        ("shop/goods.py", (("imported here", 2),)),
        ("shop/fruit.py", (("has a class derived from `shop.goods.Good`, too", 10),)),
    ]


def test_classes_of_one_base_are_found_before_uses_are_known(tmp_path: Path) -> None:
    """Of which only those that a page needs are known."""
    files = {
        "a.py": "class Base: ...\n",
        "b.py": "import a\n\n\nclass B(a.Base): ...\n",
        "c.py": "from a import Base as Other\n\n\nclass C(Other): ...\n",
        "d.py": "from a import Base\n\nx = Base\n",
    }
    index = index_of(tmp_path, files)
    index.uses.clear()
    index.traced([])
    found = surroundings(index, "b.py").related
    assert [(each.file.path, each.reasons) for each in found] == [
        ("a.py", (("imported here", 1),)),
        ("c.py", (("has a class derived from `a.Base`, too", 4),)),
    ]
    many = {f"d{n}.py": "from a import Base\n\n\nclass D(Base): ...\n" for n in range(12)}
    found = surroundings(index_of(tmp_path, {**files, **many}), "b.py").related
    assert [each.file.path for each in found] == ["a.py"]


def test_a_script_without_a_module_name_may_import(tmp_path: Path) -> None:
    files = {"a.py": "x = 1\n", "bin/run": "#!/usr/bin/env python3\nimport a as b\n\nb.x\n"}
    assert "a.py" in reach(Definitions(index_of(tmp_path, files)), "a.py")


def test_a_test_says_what_it_tests(shop: MemoryIndex) -> None:
    (first, *_) = surroundings(shop, "tests/test_goods.py").related
    assert (first.file.path, first.reasons) == ("shop/goods.py", (("tested here", 2), ("imported here", 2)))


C = {
    "src/a.c": '#include "a.h"\n#include "lib/b.h"\n#include <lib/c.h>\n#include "twice.h"\n#include <stdio.h>\n',
    "src/a.h": '#include "../include/lib/b.h"\n',
    "include/lib/b.h": "",
    "include/lib/c.h": "",
    "x/twice.h": "",
    "y/twice.h": "",
    "include/a.h": "",
}


def test_includes_lead_to_files(tmp_path: Path) -> None:
    """Beside the file first, else to the one path that ends so; to none of several."""
    index = index_of(tmp_path, C)
    found = surroundings(index, "src/a.c").targets
    assert {written: ref.path for written, ref in found.items()} == {
        "a.h": "src/a.h",
        "lib/b.h": "include/lib/b.h",
        "lib/c.h": "include/lib/c.h",
    }
    importers = surroundings(index, "include/lib/b.h").importers
    assert [(each.file.path, [i.line for i in each.imports]) for each in importers] == [
        ("src/a.c", [2]),
        ("src/a.h", [1]),
    ]
    assert surroundings(index, "include/a.h").importers == ()


def test_the_paths_are_gone_through_once_for_all_files(tmp_path: Path) -> None:
    """Else a tree of twice the headers takes four times as long."""

    class Counted(frozenset[str]):
        times = 0

        def __iter__(self) -> Iterator[str]:
            Counted.times += 1
            return super().__iter__()

    index = index_of(tmp_path, C)
    index.paths = Counted({*index.paths, "in/no/other/test.h"})
    for path in C:
        for row in index.imports_in(path):
            Includes(index).target(path, row)
    assert Counted.times == 1


def test_a_notebook_imports_modules(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "source": "import lib\nimport numpy", "metadata": {}, "outputs": [], "id": "a"}
    notebook = {"cells": [cell | {"execution_count": None}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    index = index_of(tmp_path, {"n/use.ipynb": json.dumps(notebook), "n/lib.py": "", "lib.py": ""})
    assert {each: ref.path for each, ref in surroundings(index, "n/use.ipynb").targets.items()} == {"lib": "n/lib.py"}
    assert [each.file.path for each in surroundings(index, "n/lib.py").importers] == ["n/use.ipynb"]
    assert surroundings(index, "lib.py").importers == ()


def test_documents_that_link_here(tmp_path: Path) -> None:
    links = {
        "docs/guide.md": [ImportRow("a.py", None, None, 3, "link"), ImportRow("docs/b.md", None, None, 4, "link")],
        "docs/b.md": [ImportRow("docs/gone.md", None, None, 1, "link")],
    }
    index = index_of(tmp_path, {"docs/guide.md": "", "docs/b.md": "", "a.py": ""}, links=links)
    assert {each: ref.path for each, ref in surroundings(index, "docs/guide.md").targets.items()} == {
        "a.py": "a.py",
        "docs/b.md": "docs/b.md",
    }
    for path, line in (("a.py", 3), ("docs/b.md", 4)):
        (importer,) = surroundings(index, path).importers
        assert (importer.file.path, [each.line for each in importer.imports]) == ("docs/guide.md", [line])
    assert surroundings(index, "docs/b.md").targets == {}


def test_what_cannot_be_parsed_or_found_gives_an_empty_record(shop: MemoryIndex) -> None:
    assert surroundings(shop, "nowhere.py", read=3) == Surroundings(read=3)
    assert surroundings(shop, "broken.py").uses == {}


def test_odd_paths_and_names(tmp_path: Path) -> None:
    files = {
        "a`b|c/x y.py": "import os\nfrom . import z\nfrom .... import q\n",
        "ü/__init__.py": "from ü import *\nfrom . import ü\n",
    }
    index = index_of(tmp_path, files)
    for path in files:
        assert surroundings(index, path).module == index.names[path]
