"""What files are called as modules, where imports lead, and what a dotted name stands for."""

from __future__ import annotations

from pathlib import Path

import pytest
from memory_index import index_of

from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.importing import absolute
from kwmagic.evidence.modules import extension_names, leads_to, module_names, named_files

NAMES = {
    "pkg/__init__.py": "pkg",
    "pkg/a.py": "pkg.a",
    "pkg/a.pyi": "pkg.a",
    "pkg/plain/b.py": "pkg.plain.b",
    "pkg/plain/deep/__init__.py": "pkg.plain.deep",
    "src/inner/__init__.py": "inner",
    "src/inner/c.py": "inner.c",
    "src/alone.py": "alone",
    "libs/one/src/space/d.py": "space.d",
    "setup.py": "setup",
    "tools/gen.py": "tools.gen",
    "tests/unit/__init__.py": "unit",
    "tests/unit/test_a.py": "unit.test_a",
    "tests/conftest.py": "tests.conftest",
    "odd-name/x y.py": "odd-name.x y",
}


def test_module_names() -> None:
    assert module_names([*NAMES, "README.md", "pkg/data.json"]) == NAMES


def test_a_root_that_is_a_package_has_no_name() -> None:
    assert module_names(["__init__.py", "a.py", "sub/__init__.py"]) == {
        "__init__.py": "__init__",
        "a.py": "a",
        "sub/__init__.py": "sub",
    }


def test_of_several_files_of_one_name_the_one_that_python_takes() -> None:
    names = module_names(["a.py", "a/__init__.py", "b.py", "b.pyi", "c.pyi", "c.pyx", "d/__init__.pyi", "d.py"])
    assert named_files(names) == {"a": "a/__init__.py", "b": "b.py", "c": "c.pyi", "d": "d.py"}


def test_extension_names() -> None:
    binaries = ["pkg/_C.cpython-311-x86_64-linux-gnu.so", "pkg/plain/fast.pyd"]
    assert extension_names(binaries, NAMES) == {"pkg._C", "pkg.plain.fast"}


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        ("a.b", "pkg/x.py", "a.b"),
        (".", "pkg/x.py", "pkg"),
        (".y", "pkg/x.py", "pkg.y"),
        (".y", "pkg/__init__.py", "pkg.y"),
        ("..y", "pkg/sub/x.py", "pkg.y"),
        ("..", "pkg/sub/__init__.py", "pkg"),
        ("...y", "pkg/sub/x.py", ""),
        (".", "x.py", ""),
    ],
)
def test_absolute(written: str, path: str, expected: str) -> None:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert absolute(written, name, is_package=path.endswith("__init__.py")) == expected


IMPORTS = {
    "pkg/__init__.py": "from .sub import shadow\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/shadow.py": "",
    "pkg/stub.pyi": "",
    "pkg/a.py": (
        "import pkg.sub\nimport pkg.sub.shadow as s\nfrom pkg import sub\nfrom pkg import shadow\nfrom . import stub\n"
        "from .sub.shadow import *\nfrom pkg import _C\nfrom pkg._C import f\nimport pkg.nothing\nimport os\nimport b\n"
        "from ... import x\n"
    ),
    "b.py": "",
    "tools/run.py": "import helper\nfrom more import x\nimport b\n",
    "tools/helper.py": "",
    "tools/more/__init__.py": "",
    "helper.py": "",
}
LEADS = {
    "pkg/a.py": {
        1: "pkg/sub/__init__.py",
        2: "pkg/sub/shadow.py",
        3: "pkg/sub/__init__.py",
        4: "pkg/__init__.py",
        5: "pkg/stub.pyi",
        6: "pkg/sub/shadow.py",
        7: None,
        8: None,
        9: None,
        10: None,
        11: "b.py",
        12: None,
    },
    "tools/run.py": {1: "tools/helper.py", 2: "tools/more/__init__.py", 3: "b.py"},
}


def test_where_imports_lead(tmp_path: Path) -> None:
    """To a submodule before its package, to stubs, beside a script; never from an extension module to its package."""
    index = index_of(tmp_path, IMPORTS, binaries=["pkg/_C.abi3.so"])
    found = {path: {row.line: leads_to(index, path, row) for row in index.imports_in(path)} for path in LEADS}
    assert found == LEADS


def test_packages_of_one_name_are_told_apart(tmp_path: Path) -> None:
    files = {f"{side}/app/{file}": "from app import models\n" for side in "xy" for file in ("__init__.py", "models.py")}
    index = index_of(tmp_path, files)
    for side in "xy":
        path = f"{side}/app/models.py"
        assert leads_to(index, path, index.imports_in(path)[0]) == path


DEFINED = {
    "p/__init__.py": (
        "from .core import *\nfrom .core import Hidden as Shown, _private\nfrom . import core as c\n"
        "from .task import task\n"
        "import p.core as again\ntry:\n    from .core import Fast\nexcept ImportError:\n    Fast = None\n"
        "from .ring import round_\nfrom .later import gone\nfrom .dyn import *\n"
    ),
    "p/core.py": (
        "__all__ = ['Listed']\nclass Listed:\n    def m(self): ...\n    class In:\n        X = 1\nclass Unlisted: ...\n"
        "class Hidden: ...\ndef _private(): ...\nclass Fast: ...\nif a:\n    def cond(): ...\n"
        "else:\n    from .late import cond\n"
    ),
    "p/late.py": "def cond(): ...\n",
    "p/task.py": "def task(): ...\ndef other(): ...\n",
    "p/ring.py": "from .ring2 import round_\nfrom .ring2 import *\n",
    "p/ring2.py": "from .ring import round_\nfrom .ring import *\n",
    "p/later.py": "import os\ngone = os.path\n",
    "p/dyn.py": "from .dyn2 import *\n_x = 1\n",
    "p/dyn2.py": "visible = 1\n_hidden = 2\n",
    "user.py": "import p.core\nfrom p import Listed as L\n",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("p.core.Listed", ("p/core.py", "Listed")),
        ("p.Listed", ("p/core.py", "Listed")),
        ("p.Listed.m", ("p/core.py", "Listed.m")),
        ("p.Listed.In.X", ("p/core.py", "Listed.In.X")),
        ("p.Listed.nothing", None),
        ("p.Unlisted", None),
        ("p.Shown", ("p/core.py", "Hidden")),
        ("p.Hidden", None),
        ("p._private", ("p/core.py", "_private")),
        ("p.c.Unlisted", ("p/core.py", "Unlisted")),
        ("p.again.Fast", ("p/core.py", "Fast")),
        ("p.Fast", ("p/core.py", "Fast")),
        ("p.core.cond", ("p/late.py", "cond")),
        ("p.task", ("p/task.py", "task")),
        ("p.task.other", ("p/task.py", "other")),
        ("p.core", ("p/core.py", "")),
        ("p.round_", None),
        ("p.ring2.anything", None),
        ("p.gone", ("p/later.py", "gone")),
        ("p.visible", ("p/dyn2.py", "visible")),
        ("p._hidden", None),
        ("user.p.core.Fast", ("p/core.py", "Fast")),
        ("user.L", ("p/core.py", "Listed")),
        ("os.path.join", None),
        ("", None),
        ("p..core", None),
    ],
)
def test_definition(tmp_path: Path, name: str, expected: tuple[str, str] | None) -> None:
    assert Definitions(index_of(tmp_path, DEFINED)).definition(name) == expected


def test_names_are_followed_as_far_as_they_are_known(tmp_path: Path) -> None:
    known = Definitions(index_of(tmp_path, DEFINED))
    assert known.locate("p.Listed.In.X.real.imag") == ("p/core.py", "Listed.In.X", ("real", "imag"))


def test_long_names_and_long_chains_end(tmp_path: Path) -> None:
    """A thousand modules that each take all from the two behind: no recursion too deep, no work that doubles."""
    files = {f"m{n}.py": f"from m{n + 1} import *\nfrom m{n + 2} import *\n" for n in range(200)}
    known = Definitions(index_of(tmp_path, {**files, "m200.py": "x = 1\n", "m201.py": ""}))
    assert known.definition("m0.nothing") is None
    assert known.definition("m180.x") == ("m200.py", "x")
    assert known.definition(".".join(["m0"] * 5_000)) is None
