"""How and why a file imports: the tests around an import, versions of library modules, who imports whom."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

import pytest

from kwmagic import analysis
from kwmagic.analysers.python_conditions import OPTIONAL
from kwmagic.analysers.python_detail import detail
from kwmagic.evidence.imports import ADDED, REMOVED, STANDARD, standard_note
from kwmagic.evidence.module_graph import module_edges, module_name
from kwmagic.links import Reader
from kwmagic.markup import Fence, Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FileFacts, FileRef, Target
from kwmagic.options import DocOptions
from kwmagic.pages import module_graph
from kwmagic.pages.folder import Folder, page
from kwmagic.pages.subject import Amount

STDLIB = Path(ast.__file__).parent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", {}),
        ("if x:\n    import a\nelif y:\n    import b\nelse:\n    import c", None),
        ("try:\n    import a\nexcept ImportError:\n    import b", {2: (OPTIONAL,), 4: ("except ImportError",)}),
        ("try:\n    import a\nexcept (KeyError, ModuleNotFoundError):\n    pass", {2: (OPTIONAL,)}),
        ("try:\n    import a\nexcept:\n    import b", {2: (OPTIONAL,), 4: ("except",)}),
        ("try:\n    import a\nexcept KeyError:\n    pass\nelse:\n    import b\nfinally:\n    import c", {}),
        ("try:\n    import a\nexcept* OSError:\n    import b", {4: ("except OSError",)}),
        ("if x:\n    try:\n        import a\n    except ImportError:\n        pass", {3: ("if x", OPTIONAL)}),
        ("def f():\n    if x > 1:\n        import a", {3: ("if x > 1",)}),
        ("if x:\n    def f():\n        import a\n        if y:\n            import b", {5: ("if y",)}),
        ("class A:\n    with b:\n        for c in d:\n            import a\n", {}),
        ("if x:\n    match y:\n        case 1:\n            import a", {4: ("if x",)}),
        ("f = lambda: 0\nif x: import a", {2: ("if x",)}),
        ("import (", {}),
        ("\x00", {}),
        ("if " + "a+" * 5_000 + "a:\n    import b", {}),
    ],
)
def test_conditions(text: str, expected: dict | None) -> None:
    found = detail(text).conditions
    if expected is None:
        expected = {2: ("if x",), 4: ("else of if x", "if y"), 6: ("else of if x", "else of if y")}
    assert found == expected


def test_what_has_a_condition_is_conditional() -> None:
    """The scanner, which does not parse, and the syntax tree agree."""
    number = 0
    for file in [*STDLIB.glob("*.py"), *(STDLIB / "asyncio").glob("*.py")]:
        facts, text = analysis.analyse_with_text(FileRef(file.name, str(file)))
        lines = {each.line for each in facts.imports if "conditional" in each.flags}
        assert {*detail(text).conditions} <= lines, file.name
        number += len(detail(text).conditions)
    assert number > 100


def test_versions_of_library_modules() -> None:
    assert standard_note("imp") == "removed in Python 3.12"
    assert standard_note("distutils.core") == "removed in Python 3.12"
    assert standard_note("tomllib") == "added in Python 3.11"
    assert standard_note("string.templatelib") == "added in Python 3.14"
    assert [standard_note(name) for name in ("os", "os.path", "string", "", "impo", "a.imp")] == [""] * 6
    running = sys.version_info[:2]
    for known, is_there in ((REMOVED, running.__lt__), (ADDED, running.__ge__)):
        for name, version in known.items():
            if "." not in name and not name.startswith("_") and sys.platform != "win32" and name != "msilib":
                expected = is_there(tuple(map(int, version.split("."))))
                assert (name in sys.stdlib_module_names) == expected, name
    assert {*ADDED} & {*REMOVED} == set()
    assert {name.partition(".")[0] for name in ADDED} <= STANDARD


def facts_of(folder: Path, **files: str) -> list[FileFacts]:
    found = []
    for name, text in files.items():
        path = name.replace("__slash__", "/") + ".py"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
        found.append(analysis.analyse(FileRef(path, str(folder / path))))
    return found


def test_which_modules_import_each_other(tmp_path: Path) -> None:
    files = facts_of(
        tmp_path,
        p__slash____init__="from .a import x\nfrom . import b\nimport p\n",
        p__slash__a="import p.b\nfrom p import b as again\nfrom os import path\nfrom p.gone import y\n",
        p__slash__b="def f():\n    from . import a\nif TYPE_CHECKING:\n    from p import a\nfrom p import NAME\n",
        p__slash__q__slash__c="from ..a import *\nfrom .. import b\nfrom .... import a\nfrom p.b.gone import z\n",
        alone="import p.q.c, other\ntry:\n    import p.a\nexcept ImportError:\n    p = None\n",
    )
    found = [(edge.importer.path, edge.imported.path, edge.line) for edge in module_edges(files, {})]
    assert found == [
        ("alone.py", "p/q/c.py", 1),
        ("alone.py", "p/a.py", 3),
        ("p/__init__.py", "p/a.py", 1),
        ("p/__init__.py", "p/b.py", 2),
        ("p/a.py", "p/b.py", 1),
        ("p/b.py", "p/__init__.py", 5),
        ("p/q/c.py", "p/a.py", 1),
        ("p/q/c.py", "p/b.py", 2),
    ]
    inner = [each for each in files if each.path.startswith("p/")]
    shorter = [analysis.analyse(FileRef(each.path[2:], each.ref.file)) for each in inner]
    told = {each.path: module_name(f"p/{each.path}") for each in shorter}
    assert len(module_edges(shorter, told)) == 6
    assert len(module_edges(shorter, {})) == 4  # as a folder: `import p` and `from p import` can't be told


def test_few_imports_are_listed_and_drawn_many_counted(tmp_path: Path) -> None:
    reader = Reader("github", str(tmp_path))
    files = facts_of(tmp_path, a="import b\nimport c\n", b="import c\n", c="")
    edges = module_edges(files, {})
    blocks = list(module_graph.section(edges, reader, None, draws=True))
    text = Writer(Dest.PAGE).write(blocks)
    assert "- `a.py` imports `b.py` ([L1](a.py#L1)), `c.py` ([L2](a.py#L2))\n- `b.py` imports" in text.replace(
        "    ", ""
    )
    fence = blocks[-1]
    assert isinstance(fence, Fence)
    assert fence.text.split("\n") == [
        *("flowchart LR", 'm0["a.py"]', 'm1["b.py"]', 'm2["c.py"]'),
        *("m0 --> m1", "m0 --> m2", "m1 --> m2"),
    ]
    assert not any(isinstance(each, Fence) for each in module_graph.section(edges, reader, None, draws=False))
    cut = Writer(Dest.CELL).write(module_graph.section(edges, reader, 1, draws=False))
    assert "… and 1 more" in cut
    assert list(module_graph.section([], reader, None, draws=True)) == []
    names = [f"m{number}" for number in range(9)]
    files = facts_of(tmp_path, **{name: f"import {', '.join(names)}\n" for name in names})
    (line,) = module_graph.section(module_edges(files, {}), reader, None, draws=True)
    text = Writer(Dest.PAGE).write([line])
    assert text.startswith("- 72 imports at module level between 9 of these modules; most imported: `m0.py` (by 8), ")


def test_a_folder_counts_what_it_leaves_out(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(5)]
    pairs = "".join(f"class A{number}: ...\nclass B{number}(A{number}): ...\n" for number in range(4))
    files = facts_of(tmp_path, **dict.fromkeys(names, f"import os, sys, re, m0, m1\n{pairs}"))
    target = Target("t", "t", "folder", tuple(each.ref for each in files))
    options = DocOptions(only=("architecture", "dependencies"))
    text, whole = (
        Writer(Dest.CELL).write(page(Folder(target, files, Reader(), options, True, Amount(most=most))))
        for most in (2, None)
    )
    assert re.findall("… and .*", text) == ["… and 18 more", "… and 3 more", "… and 1 more"]
    assert "… and" not in whole
    assert len(re.findall("1 subclass:", whole)) == 20


def test_labels_of_drawings_are_escaped(tmp_path: Path) -> None:
    files = facts_of(tmp_path, a="import b\n", b="")
    name = '"]\nclick m0 "javascript:alert(1)"\n<script>'
    files = [analysis.analyse(FileRef(f"{name}/{each.path}", each.ref.file)) for each in files]
    edges = module_edges(files, {each.path: each.path[-4:-3] for each in files})
    drawing = list(module_graph.section(edges, Reader(), None, draws=True))[-1]
    assert isinstance(drawing, Fence)
    assert len(drawing.text.split("\n")) == 4
    assert "<script>" not in drawing.text
    assert not json.dumps(drawing.text).count('\\"]\\nclick')
