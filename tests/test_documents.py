"""What users hold: indexes and documents of all kinds of targets."""

from __future__ import annotations

import functools
import importlib
import json
import math

import pytest

import kwmagic
from kwmagic import documents
from kwmagic.documents import Scene
from kwmagic.errors import KwmagicError, OptionError, TargetError
from kwmagic.options import DocOptions, IndexOptions
from kwmagic.results import Document, KeywordIndex

MODULE = '''"""What it is for, in one sentence. And another."""

import os
from typing import Final

LIMIT: Final = 3
name = "x"


class Base:
    """The base."""

    size = 1

    @property
    def area(self):
        """Its area."""

    def _hidden(self): ...


class Child(Base):
    def run(self):
        def inner(): ...


def run(path): ...
'''
WANTED = '@decorate(1)\ndef wanted(a):\n    """Wanted."""\n    return a\n'
CELLS = ["", "x = 1\ndef f(): ...", "import os", "def f(a):\n    'Second.'", "x = 2", "1 + 1", "def broken(:"]


@pytest.fixture(name="module")
def _module(tmp_path):
    path = tmp_path / "module.py"
    path.write_text(MODULE, encoding="utf-8")
    return path


@pytest.fixture(name="package")
def _package(tmp_path):
    files = {
        "pk/__init__.py": '"""The package."""\nfrom .a import A\n__all__ = ["A"]\n',
        "pk/a.py": '"""Module a."""\nclass A:\n    """Class A."""\nclass B(A): ...\ndef _private(): ...\n',
        "pk/sub/__init__.py": "",
        "pk/sub/c.py": "from pk.a import A\nimport numpy\nclass C(A): ...\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "pk"


def cell(shown: KeywordIndex | Document) -> str:
    return shown._repr_mimebundle_()["text/markdown"]


def terminal(shown: KeywordIndex | Document) -> str:
    return shown._repr_mimebundle_()["text/plain"]


def names(index: KeywordIndex) -> list[str]:
    return [keyword.symbol.qualname for keyword in index]


def sections(page: str) -> list[str]:
    return [line[3:] for line in page.splitlines() if line.startswith("## ")]


def section(page: str, title: str) -> str:
    return page.partition(f"## {title}\n")[2].partition("\n## ")[0]


# The index as an object


def test_index_iterates_in_the_order_of_the_file(module) -> None:
    index = kwmagic.index(module)
    assert isinstance(index, KeywordIndex)
    assert names(index) == [
        *["module", "LIMIT", "name", "Base", "Base.size", "Base.area", "Base._hidden"],
        *["Child", "Child.run", "Child.run.<locals>.inner", "run"],
    ]
    assert len(index) == len(list(index)) == 11
    assert {keyword.path for keyword in index} == {"module.py"}


def test_index_has_a_list_for_each_kind(module) -> None:
    index = kwmagic.index(module)
    of_kinds = {
        "modules": ["module"],
        "classes": ["Base", "Child"],
        "functions": ["Child.run.<locals>.inner", "run"],
        "methods": ["Base._hidden", "Child.run"],
        "properties": ["Base.area"],
        "constants": ["LIMIT"],
        "variables": ["name"],
        "attributes": ["Base.size"],
        "type_aliases": [],
    }
    for attribute, expected in of_kinds.items():
        assert [keyword.symbol.qualname for keyword in getattr(index, attribute)] == expected, attribute
    assert sorted(name for expected in of_kinds.values() for name in expected) == sorted(names(index))
    assert [(path, each.module, each.name) for path, each in index.imports] == [
        ("module.py", "os", None),
        ("module.py", "typing", "Final"),
    ]


def test_find_and_filter_leave_the_index_as_it_was(module) -> None:
    index = kwmagic.index(module)
    assert names(index.find("*RUN*")) == ["Child.run", "Child.run.<locals>.inner", "run"]
    assert names(index.find("/^Base/").filter(kinds=("class",))) == ["Base"]
    assert names(index.filter(private=False, local=False).find("/./").filter(kinds=("method", "function"))) == [
        "Child.run",
        "run",
    ]
    assert len(index) == 11
    with pytest.raises(OptionError, match="bad regular expression"):
        index.find("/(/")
    with pytest.raises(OptionError, match="unknown kind 'klass'; there are: module, package, namespace, class"):
        index.filter(kinds=("klass",))


def test_options_limit_what_the_index_holds(module) -> None:
    index = documents.index(str(module), options=IndexOptions(kinds=("class", "import")))
    assert names(index) == ["Base", "Child"]
    assert len(index.imports) == 2
    assert "## Methods" not in index.to_markdown()


def test_index_as_json(module) -> None:
    found = kwmagic.index(module).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert list(found) == ["kwmagic", "target", "files"]
    assert found["kwmagic"] == 1
    (file,) = found["files"]
    assert list(file) == ["path", "language", "engine", "symbols", "imports", "problems"]
    assert file["symbols"][5] == {
        "kind": "property",
        "name": "area",
        "qualname": "Base.area",
        "line": 16,
        "end_line": 17,
        "signature": "(self)",
        "doc": "Its area.",
        "decorators": ["property"],
        "bases": [],
        "condition": None,
        "flags": [],
    }
    assert file["imports"][1] == {"module": "typing", "name": "Final", "alias": None, "line": 4, "flags": []}
    assert kwmagic.document(module).to_dict() == found


def test_keyword_as_text(module) -> None:
    keywords = {keyword.symbol.qualname: str(keyword) for keyword in kwmagic.index(module)}
    assert "module.py:16 property Base.area(self)" in keywords["Base.area"]
    assert 'module.py:7 variable name = "x"' in keywords["name"]


def test_repr_is_one_short_line(module, package) -> None:
    assert repr(kwmagic.index(package)).startswith("<KeywordIndex of ")
    for shown in (kwmagic.index(module), kwmagic.document(module)):
        assert "\n" not in repr(shown)
        assert "1 files" not in repr(shown)


# Targets


@pytest.mark.parametrize(
    ("target", "focus", "first"),
    [
        pytest.param(json.JSONDecoder, "JSONDecoder", "JSONDecoder", id="class"),
        pytest.param(json.dumps, "dumps", "dumps", id="function"),
        pytest.param(json.JSONDecoder(), "JSONDecoder", "JSONDecoder", id="instance: its class"),
        pytest.param(json.JSONDecoder().decode, "JSONDecoder.decode", "JSONDecoder.decode", id="bound method"),
        pytest.param(functools.partial(json.dumps, indent=1), "dumps", "dumps", id="partial"),
        pytest.param(json, None, "json", id="module"),
        pytest.param("json.decoder.JSONDecoder.decode", "JSONDecoder.decode", "JSONDecoder.decode", id="dotted name"),
    ],
)
def test_objects_and_names_as_targets(target, focus: str | None, first: str) -> None:
    index = documents.index(target)
    assert index.target.focus == focus
    assert names(index)[0] == first
    assert all(focus is None or name.startswith(focus) for name in names(index))
    assert documents.document(target).target == index.target


def test_an_object_is_not_called_by_a_name_it_has_not() -> None:
    assert "`object`" not in documents.index(json.JSONDecoder()).target.how


def test_document_of_one_definition(tmp_path) -> None:
    """Only that, with its source, and nothing of the rest of the file."""
    path = tmp_path / "m.py"
    path.write_text(f'"""Doc."""\nimport os\n\n\ndef other(): ...\n\n\n{WANTED}', encoding="utf-8")
    page = documents.document(f"{path}").to_markdown()
    assert "other" in page
    scene = Scene(namespace=vars_of(path, "wanted"))
    document = documents.document("wanted", scene=scene)
    page = document.to_markdown()
    assert document.target.focus == "wanted"
    assert sections(page) == ["Detailed Analysis", "Original Source"]
    assert "other" not in page
    assert WANTED in section(page, "Original Source")


def vars_of(path, name: str) -> dict[str, object]:
    """A namespace that holds the function of that name, as if its file had been imported."""
    namespace = {"decorate": lambda _: lambda function: function, "__name__": "m"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), namespace)
    return {name: namespace[name]}


def test_live_module() -> None:
    """`math` has no source: what is in it is known, but no line."""
    index = kwmagic.index(math)
    assert {keyword.symbol.name for keyword in index.functions} >= {"sin", "sqrt", "floor"}
    assert {keyword.symbol.name for keyword in index.constants} == {"pi", "e", "tau", "inf", "nan"}
    assert index.files[0].engine == "live"
    page = kwmagic.document("math").to_markdown()
    assert "described from the live module" in page
    assert "Original Source" not in page
    assert ":0" not in page
    assert "L0" not in page


def test_empty_file(tmp_path) -> None:
    (tmp_path / "empty.py").touch()
    index = kwmagic.index(tmp_path / "empty.py")
    assert "nothing is defined or imported" in cell(index)
    assert not index.imports
    assert sections(kwmagic.document(tmp_path / "empty.py").to_markdown()) == ["File Metadata"]


def test_empty_folder(tmp_path) -> None:
    index = kwmagic.index(f"{tmp_path}/")
    assert list(index) == []
    assert "nothing is defined or imported" in cell(index)
    assert "·  ·" not in cell(index)
    assert sections(kwmagic.document(f"{tmp_path}/").to_markdown()) in ([], ["Metadata"])


def test_unknown_target(tmp_path) -> None:
    for call in (documents.index, documents.document):
        with pytest.raises(TargetError) as caught:
            call("no_such_thing_at_all", scene=Scene(cwd=str(tmp_path)))
        assert "\n" not in str(caught.value)
        assert isinstance(caught.value, KwmagicError)


def test_unknown_name_in_a_module() -> None:
    with pytest.raises(TargetError, match="JSONDecodr"):
        documents.index("json.decoder.JSONDecodr")


# The notebook's own names


def scene() -> Scene:
    return Scene(cells=CELLS, dot="cells")


def test_cells_of_the_notebook() -> None:
    index = documents.index(".", scene=scene())
    assert [(keyword.path, keyword.symbol.qualname, keyword.symbol.line) for keyword in index] == [
        ("In[1]", "x", 1),
        ("In[1]", "f", 2),
        ("In[3]", "f", 1),
        ("In[4]", "x", 1),
        ("In[6]", "broken", 1),
    ]
    assert [path for path, _ in index.imports] == ["In[2]"]
    assert [path for path, _ in index.problems] == ["In[6]"]
    assert "In[5]" not in terminal(index)


def test_redefinitions_in_cells_are_said() -> None:
    text = terminal(documents.index(".", scene=scene()))
    assert "x is defined in In[1], In[4]; the last one run counts." in text
    assert "f is defined in In[1], In[3]; the last one run counts." in text
    assert "os is defined" not in text


def test_document_of_the_cells() -> None:
    page = documents.document(".", scene=scene()).to_markdown()
    assert "the last one run counts" in page
    assert "function `f(a)`" in section(page, "Detailed Analysis")
    assert "Second." in page


def test_dot_is_the_folder_elsewhere(package) -> None:
    index = documents.index(".", scene=Scene(cwd=str(package)))
    assert [facts.path for facts in index.files] == ["__init__.py", "a.py", "sub/__init__.py", "sub/c.py"]


def test_every_public_name_is_there() -> None:
    assert [name for name in kwmagic.__all__ if not getattr(kwmagic, name)] == []
    assert {*kwmagic.__all__} <= {*dir(kwmagic)}


# Source given as text


def test_source_as_text() -> None:
    index = documents.index_source("import os\n\ndef f(a): ...\n", label="In[7]")
    assert names(index)[1:] == ["f"]
    assert "In[7]" in cell(index)
    document = documents.document_source('def f(a):\n    """Doc of f."""\n', label="In[7]")
    assert "Doc of f." in document.to_markdown()
    assert document.target.label == "In[7]"
    assert documents.document_source("def (").problems
    assert documents.index_source("x = '\udc80'\n").to_dict()


# Documents


def test_document_has_the_sections_that_it_can_fill(module) -> None:
    page = kwmagic.document(module).to_markdown()
    assert sections(page) == [
        *["File Metadata", "File Purpose", "High-Level Overview", "Detailed Analysis"],
        *["Architecture & Design", "Dependencies", "Code Patterns & Idioms", "Original Source"],
    ]
    assert MODULE in section(page, "Original Source")
    assert f"{len(MODULE):,} bytes" in section(page, "File Metadata")


def test_only_and_without(module) -> None:
    def shown(**options) -> list[str]:
        return sections(documents.document(module, options=DocOptions(**options)).to_markdown())

    assert shown(only=("overview", "metadata")) == ["File Metadata", "High-Level Overview"]
    assert "Original Source" not in shown(without=("source",))
    assert len(shown(without=("source",))) == 7
    assert shown(only=("security",)) == []
    with pytest.raises(OptionError, match="unknown section 'sauce'"):
        DocOptions(only=("sauce",))


@pytest.mark.parametrize(
    ("how", "has_fence", "has_fold", "has_section"),
    [
        ("full", True, False, True),
        ("fold", True, True, True),
        ("link", False, False, True),
        ("none", False, False, False),
    ],
)
def test_source_option(module, how: str, has_fence: bool, has_fold: bool, has_section: bool) -> None:
    text = cell(documents.document(module, options=DocOptions(source=how, only=("source",))))
    assert ("```python" in text, "<details" in text, "Original Source" in text) == (has_fence, has_fold, has_section)


def test_long_source_is_linked_in_a_cell_and_whole_on_a_page(tmp_path) -> None:
    path = tmp_path / "long.py"
    path.write_text("x = 1\n" + "# a comment\n" * 6_000, encoding="utf-8")
    document = kwmagic.document(path)
    assert "# a comment" not in cell(document)
    assert "6,001 lines" in cell(document)
    assert document.to_markdown().count("# a comment\n") == 6_000


def test_diagram(tmp_path) -> None:
    path = tmp_path / "m.py"
    path.write_text("class A: ...\nclass B(A): ...\nclass C(B): ...\n", encoding="utf-8")
    assert "```mermaid" in kwmagic.document(path).to_markdown()
    assert "```mermaid" not in cell(kwmagic.document(path))
    assert "```mermaid" in cell(documents.document(path, options=DocOptions(diagram=True)))
    assert "```mermaid" not in documents.document(path, options=DocOptions(diagram=False)).to_markdown()


def test_without_headings(module) -> None:
    bold = documents.document(module, headings=False)
    assert sections(cell(bold)) == []
    assert "**File Metadata**" in cell(bold)
    assert "## File Metadata" in bold.to_markdown()


def test_document_of_a_package(package) -> None:
    page = kwmagic.document(f"{package}/").to_markdown()
    assert sections(page) == [
        *["Metadata", "Purpose", "Contents", "Detailed Analysis", "Architecture & Design", "Dependencies"]
    ]
    assert "The package." in section(page, "Purpose")
    for path in ("__init__.py", "a.py", "sub/__init__.py", "sub/c.py"):
        assert f"| `{path}` |" in section(page, "Contents")
    assert "_private" not in section(page, "Detailed Analysis")
    assert "numpy" in section(page, "Dependencies")


def test_classes_of_a_package_know_their_subclasses(package, monkeypatch) -> None:
    monkeypatch.syspath_prepend(package.parent)
    importlib.invalidate_caches()
    page = kwmagic.document("pk").to_markdown()
    assert "2 subclasses: `B`, `C`" in section(page, "Architecture & Design")
    assert "numpy" in section(page, "Dependencies")
    assert "pk" not in section(page, "Dependencies").partition("<!--")[0].replace("pk/sub/c.py", "")


def test_a_part_of_a_package_knows_the_package(package) -> None:
    """`pk` is no third party to `pk/sub`, nor to a file in it."""
    for target in (f"{package}/sub/", f"{package}/sub/c.py"):
        found = section(kwmagic.document(target).to_markdown(), "Dependencies")
        assert "numpy" in found
        for line in found.splitlines():
            assert not ("`pk" in line and "third party" in line)
        assert "`pk" not in found.partition("- third party\n")[2].partition("\n- ")[0]


# The author's own Markdown

BODY = """Before all, *mine*.

# overview

My words on it.

```python
# Source
x = 1
```

## Findings

Of my own.

### A detail

Deeper.

Setext Heading
==============

Under it.

## Code Patterns & Idioms

A section kwmagic itself has nothing for.

## Dependencies

Why these.
"""


def test_authors_words_come_first_in_their_section(module) -> None:
    page = documents.document(module, body=BODY).to_markdown()
    overview = section(page, "High-Level Overview")
    assert overview.strip().startswith("My words on it.")
    assert "Defines 2 classes" in overview
    assert section(page, "Dependencies").strip().startswith("Why these.")
    assert page.count("My words on it.") == page.count("Why these.") == 1


def test_words_before_any_heading_open_the_page(module) -> None:
    for text in (documents.document(module, body=BODY).to_markdown(), cell(documents.document(module, body=BODY))):
        assert text.index("Before all, *mine*.") < text.index("## File Metadata")
        assert text.index("Documentation:") < text.index("Before all, *mine*.")


def test_other_headings_are_sections_of_their_own(module) -> None:
    page = documents.document(module, body=BODY).to_markdown()
    assert sections(page) == [
        *["File Metadata", "File Purpose", "High-Level Overview", "Findings", "Setext Heading", "Detailed Analysis"],
        *["Architecture & Design", "Dependencies", "Code Patterns & Idioms", "Original Source"],
    ]
    assert "### A detail\n\nDeeper." in section(page, "Findings")
    assert "Under it." in section(page, "Setext Heading")
    assert "A section kwmagic itself has nothing for." in section(page, "Code Patterns & Idioms")


def test_a_comment_in_a_fence_is_no_heading(module) -> None:
    page = documents.document(module, body=BODY).to_markdown()
    assert "```python\n# Source\nx = 1\n```" in section(page, "High-Level Overview")
    assert page.count("# Source\n") == 1


def test_a_heading_in_a_quote_or_list_is_no_section(module) -> None:
    body = "> # Overview\n> quoted\n\n- # Dependencies\n"
    page = documents.document(module, body=body).to_markdown()
    assert page.index("> quoted") < page.index("## File Metadata")
    assert "- # Dependencies" in page.partition("## File Metadata")[0]


def test_authored_sections_stay_where_facts_are_left_out(module) -> None:
    options = DocOptions(only=("metadata",))
    page = documents.document(module, options=options, body=BODY).to_markdown()
    assert "My words on it." in page
    assert "Defines 2 classes" not in page


def test_author_of_a_package(package) -> None:
    page = documents.document(f"{package}/", body=BODY).to_markdown()
    assert section(page, "Contents").strip().startswith("My words on it.")
    assert "Before all, *mine*." in page
    assert "Of my own." in section(page, "Findings")


def test_empty_body_changes_nothing(module) -> None:
    assert documents.document(module, body="\n  \n").to_markdown() == kwmagic.document(module).to_markdown()


def test_a_relative_base_stays_as_written_where_its_package_is_unknown(tmp_path, monkeypatch) -> None:
    """Code given as text does not say which package it is in; a file is in those around it."""
    source = "from .base import Model\n\n\nclass Cart(Model): ...\n"
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "cart.py").write_text(source, encoding="utf-8")
    assert "derives from `.base.Model`" in documents.document_source(source).to_markdown()
    assert "derives from `shop.base.Model`" in kwmagic.document(str(package / "cart.py")).to_markdown()
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    assert "derives from `shop.base.Model`" in kwmagic.document("shop.cart").to_markdown()


def test_classes_are_told_by_what_their_bases_are(tmp_path) -> None:
    """Relative imports are followed in diagrams as well; a local class says nothing of another local one."""
    (tmp_path / "pkg").mkdir()
    local = "def f():\n    class C: ...\n    class D(C): ...\n"
    files = {"__init__": "", "b": "class B: ...\n", "a": f"from .b import B\nclass A(B): ...\nclass E(A): ...\n{local}"}
    for name, text in files.items():
        (tmp_path / "pkg" / f"{name}.py").write_text(text)
    page = documents.document(str(tmp_path / "pkg" / "a.py")).to_markdown()
    section = page.partition("## Architecture & Design")[2].partition("\n## ")[0]
    assert '["pkg.b.B"]' in section
    assert "\n- [`A`]" in section
    assert "\n- [`f." not in section
