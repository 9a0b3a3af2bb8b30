"""The pages of folders, the first page of a site and its book: golden ones, and laws of links, counts and bytes."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memory_index import MemoryIndex, index_of
from test_bad_input import LIVE, assert_inert
from test_markup import MARKDOWN, Shown

from kwmagic import analysis
from kwmagic.analysers.line_counts import line_counts
from kwmagic.analysers.python_detail import Detail, detail, parsed
from kwmagic.building.naming import Names, named
from kwmagic.evidence.links import surroundings
from kwmagic.languages import BY_NAME, GENERIC
from kwmagic.links import Reader
from kwmagic.markup import Block, Writer
from kwmagic.mdtext import Dest, one_line
from kwmagic.model import Target
from kwmagic.options import DocOptions
from kwmagic.pages.record import Definition, Imported, Record, record, to_record
from kwmagic.pages.site import book
from kwmagic.pages.site.edges import apart, ranks
from kwmagic.pages.site.folder import Edge
from kwmagic.pages.site.folder_doc import _SECTIONS, doc_page
from kwmagic.pages.site.folder_index import index_page
from kwmagic.pages.site.home import home
from kwmagic.pages.site.ranking import ranking, words_of
from kwmagic.pages.site.tree import plain, tree
from kwmagic.pages.subject import AMOUNTS, Subject, View
from kwmagic.sitelinks import Site

CASES = Path(__file__).parent / "cases" / "folders"
README = """\
[![build](https://img.example/b.svg)](https://ci.example) [docs](docs/guide.md)

# Cellar

<p align="center"><img src="logo.png"></p>

Keeps *wine* in [cellars](docs/guide.md), as `cellar.Stock` says. A second sentence.

- Counts bottles
- Finds `Vintage`s

Try it:

```sh
cellar --help
```

## License
"""
FILES = {
    "README.md": README,
    "pyproject.toml": '[project]\nname = "cellar"\n\n[project.scripts]\ncellar = "cellar.__main__:main"\n',
    "docs/guide.md": "# Guide\n\nSee [the model](../cellar/model/stock.py).\n",
    "cellar/__init__.py": '"""Wine in cellars.\n\nMore of it.\n"""\n\nfrom cellar.model import Stock\n\n'
    '__all__ = ["Stock"]\n',
    "cellar/__main__.py": "from cellar.web.app import serve\n\n\ndef main():\n    serve()\n\n\n"
    'if __name__ == "__main__":\n    main()\n',
    "cellar/model/__init__.py": "from cellar.model.stock import Stock as Stock\n",
    "cellar/model/stock.py": '"""What lies where."""\n\nimport numpy\n\nfrom cellar.model.vintage import Vintage\n\n\n'
    'class Stock:\n    """Bottles by vintage.\n\n    And more.\n    """\n\n    def take(self, vintage: Vintage):\n'
    "        return numpy.sum(vintage)\n\n\ndef stock_value():\n    return 1\n\n\ndef stock_age():\n    return 2\n",
    "cellar/model/vintage.py": '"""Years and names."""\n\n\nclass Vintage:\n    """A year of one vineyard."""\n\n\n'
    "def _hidden():\n    return Vintage()\n",
    "cellar/web/app.py": '"""The pages."""\n\nfrom cellar.model.stock import Stock\n'
    "from cellar.model.vintage import Vintage\n"
    'from cellar.web import routes\n\n\ndef serve():\n    """All of them."""\n'
    "    return routes.table, Stock(), Vintage()\n",
    "cellar/web/routes.py": "from cellar.model.vintage import Vintage\n\ntable = {}\n\n\ndef later():\n"
    "    from cellar.model.vintage import Vintage as Again\n    from cellar.web import app\n\n"
    "    return app, Vintage, Again\n",
    "tests/test_stock.py": "import pytest\n\nfrom cellar.model.stock import Stock\n\n\ndef test_take():\n"
    "    assert Stock().take([])\n",
    "broken/syntax.py": "def f(:\n",
}


TITLES = (
    *("How to read these pages", "Subfolders", "Files", "Entry points", "Problems", "Left out"),
    *("Contents", "Glossary", "All files"),
)
"""Of sections that `folder_doc` does not have."""


class Made(NamedTuple):
    """A site without the pages of files, and what is known of these."""

    files: Mapping[str, str]
    records: dict[str, Record]
    anchors: dict[str, set[str]]
    names: Names
    pages: dict[str, str]


def viewed(index: MemoryIndex, path: str) -> View:
    facts, text = analysis.analyse_with_text(index.ref(path))
    tree_of = parsed(text) if facts.language == "Python" else None
    about = detail(text, tree_of) if tree_of else Detail(*line_counts(text, BY_NAME.get(facts.language, GENERIC)))
    target = Target(path, path, "file", (index.ref(path),))
    around = surroundings(index, path, runs=about.main is not None)
    return View(Subject(target, facts, about, text, Reader(), DocOptions(), in_cell=False, around=around), AMOUNTS[0])


def written(blocks: list[Block]) -> str:
    return Writer(Dest.PAGE).write(blocks)


def pages_of(records: Mapping[str, Record], names: Names, label: str = "cellar", **about: object) -> dict[str, str]:
    """Every page that is made from records alone; the sources lie beside the output."""
    folders = tree(records, names, label)
    pages = {}
    problems = [(path, *problem) for path, each in records.items() for problem in each.problems]
    for path, folder in folders.items():
        inside = f"{folder.page}/" if folder.page else ""
        index, doc = (Site(page=inside + name, sources="../src", **about) for name in ("index.md", "doc.md"))
        pages[index.page] = written(index_page(folder, index) if path else home(folder, index, problems, {"binary": 2}))
        pages[doc.page] = written(doc_page(folder, doc))
    site = Site(page="book.md", sources="../src", pages={path: names.docs(path) for path in records}, **about)
    parts = [book.front(folders, site), *(book.chapter(folders[path], site) for path in book.chapters(folders))]
    parts += [book.glossary(records, site), book.file_list(records, site)]
    pages["book.md"] = "\n".join(written(part) for part in parts)
    return pages


def made_of(folder: Path, files: Mapping[str, str], **known: object) -> Made:
    index = index_of(folder, files, **known)
    views = {path: viewed(index, path) for path in files}
    records = {path: record(view) for path, view in views.items()}
    names = named(files)
    anchors = {names.docs(path): {*view.anchors} for path, view in views.items()}
    return Made(files, records, anchors, names, pages_of(records, names))


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made_of(tmp_path_factory.mktemp("tree"), FILES, config=["pytest"])


class Links(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.feed(MARKDOWN.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.hrefs += [value or "" for name, value in attrs if name == "href"]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def dead(made: Made) -> Iterator[str]:
    """The links that lead to no page, anchor or line of what there is."""
    folders = {dirname(page) for page in made.pages}
    known = {*made.pages, "keywords.md", "keywords.json", "objects.inv", *made.anchors}
    known |= {join(folder, "sub.md") for folder in folders} | {made.names.keywords(path) for path in made.files}
    for page, text in made.pages.items():
        links = Links(text)
        for href in links.hrefs:
            path, _, fragment = href.partition("#")
            target = normpath(join(dirname(page), unquote(path))) if path else page
            if target.startswith("../src"):
                source = target.removeprefix("../src/")
                is_there = source in made.files
                line = int(fragment[1:]) if fragment else 0
                is_there = is_there and line <= made.files[source].count("\n") + 1
            elif fragment:
                is_there = fragment in (links.ids if target == page else made.anchors.get(target, ()))
            else:
                is_there = target in known
            if not is_there and not href.startswith("https://"):
                yield f"{page}: {href}"


@pytest.mark.parametrize("page", ["index.md", "doc.md", "book.md", "cellar/model/index.md", "cellar/model/doc.md"])
def test_golden(made: Made, golden, page: str) -> None:
    golden(CASES / page.replace("/", "."), made.pages[page])


def test_links_lead_somewhere(made: Made) -> None:
    assert list(dead(made)) == []
    assert sum(len(Links(text).hrefs) for text in made.pages.values()) > 200


def test_a_closed_site_links_to_pages_alone(made: Made) -> None:
    closed = made._replace(pages=pages_of(made.records, made.names, closed=True))
    assert list(dead(closed)) == []
    assert not any("../src" in href for text in closed.pages.values() for href in Links(text).hrefs)


def test_nothing_to_tell_of() -> None:
    made = Made({}, {}, {}, named([]), pages_of({}, named([]), "empty"))
    assert list(dead(made)) == []
    assert {*made.pages} == {"index.md", "doc.md", "book.md"}


def test_every_file_is_on_one_index(made: Made) -> None:
    row = re.compile(r"^\| \[`[^`]+`\]\((?P<page>[^)]+_docs\.md)\)", re.MULTILINE)
    listed = [
        normpath(join(dirname(page), found["page"]))
        for page, text in made.pages.items()
        if page.endswith("index.md")
        for found in row.finditer(text)
    ]
    assert sorted(listed) == sorted(made.anchors)


def test_every_folder_is_in_the_contents_of_the_book(made: Made) -> None:
    folders = tree(made.records, made.names, "cellar")
    assert sorted(book.chapters(folders)) == sorted(folders)
    contents = made.pages["book.md"].partition("## Contents")[2].partition("<a id=")[0]
    assert contents.count("\n") >= len(folders)
    for path in made.files:
        assert f"[`{path}`]" in made.pages["book.md"].partition("## All files")[2]


def test_counts_add_up(made: Made) -> None:
    """Against a count by the standard library's own parser."""
    folders = tree(made.records, made.names, "cellar")
    for path, folder in folders.items():
        inside = {each: text for each, text in FILES.items() if not path or each.startswith(f"{path}/")}
        assert folder.files == len(inside) == len(folder.listed) + sum(child.files for child in folder.children)
        assert folder.lines == sum(text.count("\n") for text in inside.values())
        assert folder.size == sum(len(text.encode()) for text in inside.values())
        python = [
            ast.parse(text) for each, text in inside.items() if each.endswith(".py") and each != "broken/syntax.py"
        ]
        classes = sum(isinstance(node, ast.ClassDef) for each in python for node in ast.walk(each))
        assert dict(folder.counts).get("class", 0) == classes
        assert sum(number for _, number in folder.counts) == sum(
            sum(made.records[each].counts.values()) for each in inside
        )


def test_use_counts(made: Made) -> None:
    """Written by hand, from what the sources say."""
    folders = tree(made.records, made.names, "cellar")
    used = {each.qualname: each.files for each in folders["cellar"].concepts}
    assert used["Vintage"] == 3
    assert used["Stock"] == 2  # the packages only pass it on
    model, web = folders["cellar/model"], folders["cellar/web"]
    assert [(edge.importer, edge.imported, edge.line) for edge in model.modules] == [
        ("cellar/model/__init__.py", "cellar/model/stock.py", 1),
        ("cellar/model/stock.py", "cellar/model/vintage.py", 5),
    ]
    assert [(edge.importer, edge.imported) for edge in web.modules] == [("cellar/web/app.py", "cellar/web/routes.py")]
    assert [(edge.importer, edge.imported, edge.files) for edge in folders["cellar"].packages] == [
        ("cellar/web", "cellar/model", 2)
    ]
    assert {(group.path, group.files) for group in model.importers} >= {("cellar/web", 2), ("tests", 1)}
    assert [(each.name, each.files) for each in model.third_parties] == [("numpy", 1)]


def test_same_bytes_in_any_order(made: Made) -> None:
    paths = [*made.records]
    for seed in range(3):
        random.Random(seed).shuffle(paths)
        assert pages_of({path: made.records[path] for path in paths}, made.names) == made.pages


def test_a_record_survives_json(made: Made) -> None:
    for each in made.records.values():
        assert to_record(json.loads(json.dumps(each))) == each
    stored = {path: to_record(json.loads(json.dumps(each))) for path, each in made.records.items()}
    assert pages_of(stored, made.names) == made.pages


def test_a_folder_is_equal_where_its_pages_are(made: Made) -> None:
    """What the build compares: a change inside shows in the folder and those around it, not beside it."""
    before = tree(made.records, made.names, "cellar")
    stock = made.records["cellar/model/stock.py"]
    changed = {**made.records, stock.path: stock._replace(about="Another sentence")}
    after = tree(changed, made.names, "cellar")
    differ = {path for path in before if json.dumps(plain(before[path])) != json.dumps(plain(after[path]))}
    assert differ == {"cellar/model"}
    grown = {**made.records, stock.path: stock._replace(lines=9)}
    after = tree(grown, made.names, "cellar")
    assert {path for path in before if plain(before[path]) != plain(after[path])} == {"", "cellar", "cellar/model"}


def test_tests_outside_of_the_tree_lead_to_their_files(made: Made) -> None:
    outside = made.records["cellar/model/stock.py"]._replace(
        tests=("../checks/test_it.py",), outside=("../checks/x.py",)
    )
    pages = pages_of({"cellar/model/stock.py": outside}, named(["cellar/model/stock.py"]))
    assert "[`../checks/test_it.py`](../../../checks/test_it.py) tests 1 file" in pages["cellar/model/doc.md"]
    assert "Imported by 1 file outside of the folder: `../checks/` (1)" in pages["doc.md"]


def test_many_terms_are_counted(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "_TERMS", 1)
    site = Site(page="book.md", pages={path: made.names.docs(path) for path in made.files})
    text = written(book.glossary(made.records, site))
    assert re.findall(r"^- \[`(\w+)`\]", text, re.MULTILINE) == ["Stock", "Vintage"]
    assert "at least 2 other files use; 1 more is in [all keywords](keywords.md)." in text
    only = {"cellar/model/stock.py": made.records["cellar/model/stock.py"]}
    assert "[all keywords](keywords.md)" not in written(book.glossary(only, site))


INTRODUCTIONS = {
    ("README.md", README): "Keeps wine in cellars, as `cellar.Stock` says. A second sentence.\n\n"
    "- Counts bottles\n- Finds `Vintage`s",
    ("README.md", "# Only a title\n"): "",
    ("README.md", "Text before.\n\n# Title\n\nMore.\n"): "Text before.",
    ("README.md", "- [a](a.md)\n- [b](b.md)\n\nProse.\n"): "Prose.",
    ("README.md", "> quoted\n\n<b>bold</b> prose\n"): "bold prose",
    ("README.md", "[" * 5_000 + "x"): None,
    ("readme.rst", "=====\nTitle\n=====\n\n.. image:: x.png\n\n|badge|\n\nProse of ``code``.\n\nNext\n----\n\nNo.\n"): (
        "Prose of `code`."
    ),
    ("README", "Plain text.\n\nMore text.\n"): "Plain text.\n\nMore text.",
    ("p/__init__.py", '"""One.\n\nTwo.\n"""\n'): "One.\n\nTwo.",
    ("p/__init__.py", ""): "",
    ("p/module.py", '"""One."""\n'): "",
}


@pytest.mark.parametrize(("file", "expected"), INTRODUCTIONS.items(), ids=range(len(INTRODUCTIONS)))
def test_introductions(tmp_path: Path, file: tuple[str, str], expected: str | None) -> None:
    path, text = file
    found = record(viewed(index_of(tmp_path, {path: text}), path))
    assert expected is None or found.role == expected
    assert bool(found.lead) == bool(found.role)
    assert "\n" not in found.lead


def test_a_long_docstring_is_introduced_by_its_beginning(tmp_path: Path) -> None:
    paragraphs = "\n\n".join(f"Paragraph {number} " + "word " * 50 for number in range(40))
    found = record(viewed(index_of(tmp_path, {"p/__init__.py": f'"""{paragraphs}"""\n'}), "p/__init__.py"))
    assert found.role.startswith("Paragraph 0 ")
    assert 1_500 < len(found.role) < 2_500


@pytest.mark.parametrize("payload", LIVE)
def test_foreign_text_forges_nothing(tmp_path: Path, payload: str) -> None:
    quoted = repr(f"{payload}\n\n{payload}")
    files = {
        "README.md": payload,
        "p/__init__.py": f"{quoted}\n",
        "p/m.py": f"{quoted}\nfrom p import n\ndef f():\n    {quoted}\n",
        "p/n.py": f"class C:\n    {quoted}\n\nx = C()\n",
        "p/__main__.py": "from p.m import f\nfrom p.n import C\nf(C)\n",
    }
    made = made_of(tmp_path, files)
    hostile = f"{payload}/{payload}.py"
    record_of = made.records["p/m.py"]
    records = {
        **made.records,
        hostile: record_of._replace(
            path=hostile,
            definitions=tuple(each._replace(qualname=payload) for each in record_of.definitions),
            command=payload,
            packages=(payload,),
            outside=(f"../{payload}/x.py",),
            tests=(f"../{payload}.py", hostile),
            problems=((1, payload),),
            runs=True,
        ),
    }
    folders = tree(records, named(records), payload)
    ours = {*_SECTIONS, *TITLES} | {one_line(folder.name).strip() for folder in folders.values()}
    for text in pages_of(records, named(records), payload).values():
        assert_inert(text)
        shown = Shown(text).texts
        for heading in (heading for level in "123456" for heading in shown.get(f"h{level}", ())):
            words, _, name = heading.partition(": ")
            told = name if words in ("Folder", "Folder documentation", "Documentation") else heading
            assert told.removeprefix("The book of ").strip() in ours


def test_no_name_ends_a_label_of_a_drawing(made: Made) -> None:
    path, other = 'q/a"]; click m0 "x.py', "q/b.py"
    each = made.records["cellar/web/app.py"]
    records = {
        path: each._replace(path=path, imports=(Imported(other, 1, at_once=True),)),
        other: each._replace(path=other, imports=(Imported("q/c.py", 1, at_once=True),)),
        "q/c.py": each._replace(path="q/c.py", imports=()),
    }
    drawing = pages_of(records, named(records))["q/doc.md"].partition("```mermaid")[2].partition("```")[0]
    assert 'm0["a#quot;]; click m0 #quot;x.py"]\n' in drawing


@given(st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=20))
def test_order_by_imports(pairs: list[tuple[str, str]]) -> None:
    edges = [Edge(one, other, 0, 1) for one, other in dict.fromkeys(pairs) if one != other]
    reached = {one: {one} for one in "abcdefg"}
    for _ in "abcdefg":
        for edge in edges:
            reached[edge.importer] |= reached[edge.imported]
    ordered = ranks("abcdefg", edges)
    assert sorted(node for knot in ordered for node in knot) == list("abcdefg")
    place = {node: number for number, knot in enumerate(ordered) for node in knot}
    for one in "abcdefg":
        for other in "abcdefg":
            in_ring = other in reached[one] and one in reached[other]
            assert (place[one] == place[other]) == in_ring
            assert place[other] <= place[one] or other not in reached[one]
    assert ordered == ranks(reversed("abcdefg"), edges[::-1])


def test_apart() -> None:
    assert apart("a/b/x.py", "a/c/d/y.py") == ("a", "a/b", "a/c")
    assert apart("a/x.py", "a/y.py") == ("a", "a/x.py", "a/y.py")
    assert apart("x.py", "ab/y.py") == ("", "x.py", "ab")
    assert apart("ab/x.py", "a/y.py") == ("", "ab", "a")


def test_words_of_names() -> None:
    assert words_of("QuantizedLinear_v2") == {"quantized", "linear"}
    assert words_of("HTTPServerError") == {"http", "server", "error"}


def test_a_folder_has_the_words_of_all_that_is_inside() -> None:
    def file(path: str, *names: str) -> Record:
        definitions = tuple(Definition(name, "class", 1, "", "", 0) for name in names)
        about = (path, "Python", "scanner", 1, 1, "", "", "", "", {})
        return Record(*about, definitions, (), 0, (), (), (), False, False, "", (), (), ())

    others = file("z.py", "Bottle", "Cork", "Crate", "Shelf")
    found = ranking([file("a/b/c/x.py", "RedWine", "WhiteWine"), file("a/y.py", "OldWine"), others])
    told = {path: (each.public, [(one.word, one.names) for one in each.words]) for path, each in found.items()}
    assert told == {"": (7, []), "a": (3, [("wine", 3)]), "a/b": (2, []), "a/b/c": (2, [])}
