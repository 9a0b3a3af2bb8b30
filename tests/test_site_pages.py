"""The documentation of a file as a page of a site: its links, its source in pieces, what stands around its text."""

from __future__ import annotations

import ast
import json
import posixpath
import re
import shutil
import tokenize
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import IPython
import pytest
import yaml
from test_bad_input import LIVE, Elements, assert_inert
from test_markup import MARKDOWN, Shown

from kwmagic import analysis
from kwmagic.anchors import anchor
from kwmagic.detailing import content_of, detailed
from kwmagic.evidence.links import surroundings
from kwmagic.evidence.surrounding_rows import of_surroundings, to_surroundings
from kwmagic.evidence.surroundings import Importer, Related, Spot, Surroundings, UsedIn
from kwmagic.links import Reader
from kwmagic.markup import Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FileRef, Import, Target
from kwmagic.options import FORMATS, DocOptions
from kwmagic.pages import document
from kwmagic.pages.frame import framed
from kwmagic.pages.navigation import navigation
from kwmagic.pages.source_pieces import pieces
from kwmagic.pages.subject import AMOUNTS, Commit, Subject, View
from kwmagic.projects.project import Project
from kwmagic.projects.roots import Root
from kwmagic.sitelinks import Site

CASE = Path(__file__).parent / "cases" / "site"
STDLIB = Path(ast.__file__).parent
REAL = [
    *(STDLIB / name for name in ("argparse.py", "enum.py", "this.py", "keyword.py", "pydoc_data/topics.py", "ast.py")),
    *(Path(IPython.__file__).parent / name for name in ("core/interactiveshell.py", "core/magic.py", "lib/pretty.py")),
    Path(__file__),
]
TEMPLATE = "https://forge.example/shop/blob/main/shop/{path}#L{line}-L{end}"


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Iterator[Project]:
    """The tree in a copy, which is in no repository; its source tree is `shop`."""
    shutil.copytree(CASE / "tree", tmp_path / "tree")
    with Project(Root(str(tmp_path / "tree")), cache=str(tmp_path / "cache")) as project:
        project.complete()
        yield project


def of_project(project: Project, path: str, **site) -> View:
    """A file of the tree, with what the project tells of it."""
    pages: dict[str, str] = {}

    def named(place: str) -> str:
        found = posixpath.relpath(place, "shop")
        if not found.startswith(".."):
            pages[found] = f"{found}_docs.md"
        return found

    place = f"shop/{path}"
    evidence = project.evidence(place)
    around = replace(surroundings(project, place, read=4), statements=evidence.statements)
    around = to_surroundings(json.loads(json.dumps(of_surroundings(around, named))))
    return view_of(Path(project.disk.files[place].file), path, around, pages, **site)


def view_of(
    file: Path,
    path: str,
    around: Surroundings = Surroundings(),
    pages: dict[str, str] | None = None,
    *,
    options: DocOptions = DocOptions(),
    commit: Commit | None = None,
    **site,
) -> View:
    facts, text = analysis.analyse_with_text(FileRef(path, str(file)))
    facts, details, _ = detailed(replace(facts, ref=FileRef(path)), text)
    site = {"sources": "../shop", "trail": ("shop", *path.split("/")[:-1])} | site
    pages = {path: f"{path}_docs.md"} | (pages or {})
    here = Site(f"{path}_docs.md", pages=pages, keywords=f"{path}_kw.md", path=path, **site)
    target = Target(path, path, "file", (facts.ref,))
    about = (target, facts, details, text, Reader(site=here), options, False, commit, content_of(facts, text), ())
    return View(Subject(*about, around), AMOUNTS[0])


def written(view: View) -> str:
    return Writer(Dest.PAGE, resolve=view.resolve).write(document.page(view))


def links(page: str) -> list[str]:
    return [unquote(value) for _, name, value in Shown(page).attributes if name == "href" and value]


def identifiers(page: str) -> list[str]:
    return [value for _, name, value in Shown(page).attributes if name == "id" and value]


# Golden pages


@pytest.mark.parametrize("path", ["stock.py", "parts/crate.py", "guide.md"])
def test_golden(project: Project, golden, path: str) -> None:
    page = framed(written(of_project(project, path)), of=path, title=path, format="markdown")
    golden(CASE / f"{path.replace('/', '.')}.page.md", page)


def test_golden_of_a_closed_site(project: Project, golden) -> None:
    page = framed(
        written(of_project(project, "stock.py", closed=True)), of="stock.py", title="stock.py", format="mkdocs"
    )
    golden(CASE / "stock.py.closed.md", page)


# Links


@pytest.mark.parametrize("path", ["stock.py", "parts/crate.py", "base.py", "guide.md", "__init__.py"])
@pytest.mark.parametrize("closed", [False, True])
def test_links_lead_to_pages_anchors_and_lines_that_exist(project: Project, path: str, closed: bool) -> None:
    paths = [place.removeprefix("shop/") for place in project.disk.files if place.startswith("shop/")]
    pages = {f"{each}_docs.md": {*identifiers(written(of_project(project, each)))} for each in paths}
    folders = {"", *(posixpath.dirname(each) for each in paths)}
    others = {posixpath.join(folder, name) for folder in folders for name in ("index.md", "doc.md", "sub.md")}
    others |= {f"{each}_kw.md" for each in paths}
    lines = {posixpath.join("../shop", each): count_lines(project, f"shop/{each}") for each in paths}
    lines["../tests/test_stock.py"] = count_lines(project, "tests/test_stock.py")
    found = links(written(of_project(project, path, closed=closed)))
    assert len(found) > 10
    for link in found:
        page, _, fragment = link.partition("#")
        there = posixpath.normpath(posixpath.join(posixpath.dirname(path), page)) if page else f"{path}_docs.md"
        if there in pages:
            assert not fragment or fragment in pages[there], link
        elif there in lines:
            assert not closed, link
            assert not fragment or 0 < int(fragment.removeprefix("L")) <= lines[there], link
        else:
            assert there in others, link


def count_lines(project: Project, place: str) -> int:
    return len(Path(project.disk.files[place].file).read_text(encoding="utf-8").splitlines())


def test_names_of_other_files_lead_to_their_pages_and_lines_to_their_source(project: Project) -> None:
    page = written(of_project(project, "stock.py"))
    named = anchor("doc", "base.py", "Named")
    assert f"[`shop.base.Named`](base.py_docs.md#{named}) ([L6](../shop/base.py#L6))" in page
    assert f"[`shop.parts.crate.Crate`](parts/crate.py_docs.md#{anchor('doc', 'parts/crate.py', 'Crate')})" in page
    assert "[`parts/crate.py`](parts/crate.py_docs.md) ([L1](../shop/parts/crate.py#L1)" in page
    assert "[`shop.base`](base.py_docs.md) | this project" in page
    assert "[`../tests/test_stock.py`](../tests/test_stock.py)" in page, "no page, so its source"
    guide = written(of_project(project, "guide.md"))
    assert "    - [`parts/crate.py`](parts/crate.py_docs.md) · [L3](../shop/guide.md#L3)" in guide
    assert "    - `gone.md` · [L3](../shop/guide.md#L3)" in guide


def test_no_disk_is_asked(project: Project, monkeypatch) -> None:
    view = of_project(project, "stock.py")
    page = written(view)
    for name in ("getcwd", "stat", "lstat", "readlink"):
        monkeypatch.setattr(f"os.{name}", lambda *_args, **_kwargs: pytest.fail("asked the disk"))
    assert written(View(view.subject, AMOUNTS[0])) == page


def test_a_template_leads_to_the_forge(project: Project) -> None:
    for closed in (False, True):
        page = written(of_project(project, "stock.py", template=TEMPLATE, closed=closed))
        assert "https://forge.example/shop/blob/main/shop/stock.py#L17-L27" in page
        assert "https://forge.example/shop/blob/main/tests/test_stock.py" in page, "beside the source tree"
        assert "../shop" not in page
    site = Site("a/b_docs.md", template="https://x.example/{path}?l={line}")
    assert site.source(FileRef("a b(1).py"), 3) == "https://x.example/a%20b%281%29.py?l=3"
    assert site.source(FileRef("../../up.py"), 3) is None, "above the host there is nothing"


@pytest.mark.parametrize(
    ("page", "sources", "path", "url"),
    [
        ("x.py_docs.md", "../src", "x.py", "../src/x.py#L3"),
        ("a/b/x.py_docs.md", "../src", "a/b/x.py", "../../../src/a/b/x.py#L3"),
        ("a/x.py_docs.md", "..", "a/x.py", "../../a/x.py#L3"),
        ("a/x.py_docs.md", "../src/pkg", "../tests/t.py", "../../src/tests/t.py#L3"),
        ("a/x.py_docs.md", "..", "../t.py", "../../../t.py#L3"),
        ("x.py_docs.md", "../s c", "a#b.py", "../s%20c/a%23b.py#L3"),
        ("x.py_docs.md", "", "x.py", None),
    ],
)
def test_source(page: str, sources: str, path: str, url: str | None) -> None:
    assert Site(page, sources).source(FileRef(path), 3) == url


@pytest.mark.parametrize(
    ("here", "there", "url"),
    [
        ("index.md", "a/b/doc.md", "a/b/doc.md"),
        ("a/b/doc.md", "index.md", "../../index.md"),
        ("a/b/doc.md", "a/c/doc.md", "../c/doc.md"),
        ("a/b/doc.md", "a/b/index.md", "index.md"),
        ("a/b/doc.md", "a/doc.md", "../doc.md"),
        ("a/doc.md", "a/b", "b"),
        ("doc.md", "a:b/c?.md", "a%3Ab/c%3F.md"),
        ("doc.md", "doc.md", ""),
    ],
)
def test_to(here: str, there: str, url: str) -> None:
    assert Site(here).to(there) == url
    assert Site(here).to(there, "kw-x") == f"{url}#kw-x"


# The source in pieces


@cache
def page_of(file: Path) -> tuple[View, str]:
    view = view_of(file, file.name)
    return view, written(view)


each_real = pytest.mark.parametrize("file", REAL, ids=lambda file: file.name)


@each_real
def test_pieces_are_the_source(file: Path) -> None:
    view, page = page_of(file)
    fences = [
        token.content for token in MARKDOWN.parse(page.partition("\n## Original Source\n")[2]) if token.type == "fence"
    ]
    assert "".join(fences) == "\n".join(view.lines) + "\n"
    assert "\n".join(view.lines) == view.subject.text.removesuffix("\n")
    assert len(fences) == len(view.pieces)


@each_real
def test_pieces_are_short_where_definitions_allow(file: Path) -> None:
    view, _ = page_of(file)
    for _, piece in view.pieces:
        inside = {symbol.line for symbol in view.symbols if piece.first < symbol.line <= piece.last}
        outermost = [each for each in view.symbols if each.line in inside and each.kind in ("class", "function")]
        if piece.last - piece.first >= 120:
            assert not [each for each in outermost if each.qualname == each.name and each.line > piece.first + 1]


@each_real
def test_no_piece_begins_inside_a_string(file: Path) -> None:
    view, _ = page_of(file)
    with file.open("rb") as stream:
        strings = [token for token in tokenize.tokenize(stream.readline) if token.type == tokenize.STRING]
    inside = {line for token in strings for line in range(token.start[0] + 1, token.end[0] + 1)}
    assert not {piece.first for _, piece in view.pieces} & inside


@each_real
def test_every_definition_leads_to_its_piece_and_back(file: Path) -> None:
    view, page = page_of(file)
    found = Elements(page)
    ids = {attributes["id"] for _, attributes in found.found if "id" in attributes}
    hrefs = {attributes.get("href") for _, attributes in found.found}
    for symbol in view.symbols:
        if symbol.kind in ("class", "function", "method", "property"):
            own = [identifier for identifier, piece in view.pieces if piece.first <= symbol.line <= piece.last]
            assert f"#{own[0]}" in hrefs
            assert own[0] in ids
    for _, piece in view.pieces:
        assert all(f"#{view.anchors[number]}" in hrefs for number in piece.numbers)
        assert f"../shop/{file.name}#L{piece.first}" in hrefs


@each_real
def test_table_of_contents_leads_to_all_sections(file: Path) -> None:
    _, page = page_of(file)
    tokens = MARKDOWN.parse(page)
    titles = [
        tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"
    ]
    contents = [token for token in tokens if token.type == "inline" and token.content.startswith("On this page: ")]
    if len(tokens) < 200:
        assert not contents
        return
    line = contents[0]
    assert [child.content for child in line.children if child.type == "text"][1::2] == titles
    ids = identifiers(page)
    assert len({*ids}) == len(ids)
    assert all(child.attrs["href"][1:] in ids for child in line.children if child.type == "link_open")


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "\n",
        "\n\nx = 1",
        "x = [" + "1, " * 400_000 + "]\n",
        "def f():\n" + "    x\n" * 500,
        "".join(f"{' ' * n}def f{n}():\n" for n in range(400)) + " " * 400 + "...\n",
        "x = 1; y = 2; z = 3\n" * 300,
        "@d\n" * 300 + "def f(): ...\n",
        "class A:\n    '''\n" + "    def f(): ...\n" * 300 + "    '''\n    def g(): ...\n",
        "def f(:\n" * 200,
        "\x0c\ndef f(): ...\n\x1b\n",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_pieces_of_odd_sources(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.py").write_text(text, encoding="utf-8")
    view = view_of(tmp_path / "m.py", "m.py")
    cut = pieces(view.symbols, view.lines, ["#"])
    assert cut[0].first == 1
    assert cut[-1].last == len(view.lines)
    assert all(after.first == before.last + 1 for before, after in pairwise(cut))
    assert all(piece.first <= piece.last for piece in cut)
    assert_inert(written(view))


def test_comments_above_a_definition_are_in_its_piece_and_ends_of_strings_are_not(tmp_path: Path) -> None:
    body = "    x\n" * 50
    text = f'def f():\n{body}# about g\n@d\ndef g():\n{body}y = """\n# text"""\ndef h():\n{body}'
    (tmp_path / "m.py").write_text(text, encoding="utf-8")
    view = view_of(tmp_path / "m.py", "m.py")
    assert [view.lines[piece.first - 1] for _, piece in view.pieces] == ["def f():", "# about g", "def h():"]


def test_anchors_of_definitions_come_before_those_of_the_page(tmp_path: Path) -> None:
    """Other pages link to them without having seen this one."""
    (tmp_path / "m.md").write_text("# section-metadata\n\n# l1\n\n# x\n", encoding="utf-8")
    view = view_of(tmp_path / "m.md", "m.md")
    assert view.anchors == [anchor("doc", "m.md", symbol.qualname) for symbol in view.symbols]
    ids = identifiers(written(view))
    assert len({*ids}) == len(ids)
    assert {f"{view.anchors[0]}-2", f"{view.anchors[1]}-2"} <= {*ids}


def test_where_the_source_is_not_shown_no_link_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def f():\n    return 1\n", encoding="utf-8")
    for options in (DocOptions(without=("source",)), DocOptions(source="none"), DocOptions(source="link")):
        for closed in (False, True):
            page = written(view_of(tmp_path / "m.py", "m.py", options=options, closed=closed))
            assert {link[1:] for link in links(page) if link.startswith("#")} <= {*identifiers(page)}
            assert "[source]" not in page


# What stands around the text


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize(
    "title",
    [
        *LIVE,
        "a: b",
        "- x",
        "---",
        "'",
        '"',
        "\\",
        "{x}",
        "# x",
        "x #y",
        "\u2028",
        "\ufffe",
        "\udcff",
        "a\nb: c",
        "",
        "é 😀",
    ],
)
def test_titles_in_front_matter_stay_titles(title: str, style: str) -> None:
    page = framed("# Text\n", of="a/b.py", title=title, format=style)
    assert page.endswith("\n\n<!-- kwmagic page of a/b.py -->\n")
    if style == "markdown":
        assert page.startswith("# Text\n")
        return
    start, matter, rest = page.split("---\n", 2) if title != "---" else ("", *page[4:].split("\n---\n", 1))
    assert start == ""
    assert rest.startswith("\n# Text\n")
    found = yaml.safe_load(matter)
    assert {*found} == {"title", *(["orphan"] if style == "sphinx" else [])}
    assert isinstance(found["title"], str)
    assert "\n" not in found["title"]
    if title.isprintable():
        assert found["title"] == title


@pytest.mark.parametrize("path", ["-->", "a--!>b", "\n<!-- kwmagic page of other.py -->", "<script>", "\udcff"])
def test_paths_do_not_leave_the_page_mark(path: str) -> None:
    last = framed("x\n", of=path, title="x", format="markdown").rstrip("\n").rpartition("\n")[2]
    assert re.fullmatch(r"<!-- kwmagic page of [^>\n]+ -->", last)


# Hostile input


@pytest.mark.parametrize("text", [*LIVE, "pi|pe", "[a](b)", "a`b``c", "new\nline", "../up", "a b", "$x$", "(x)", "<x>"])
@pytest.mark.parametrize("closed", [False, True])
def test_names_of_other_files_and_definitions_stay_names(tmp_path: Path, text: str, closed: bool) -> None:
    (tmp_path / "m.py").write_text("class A(Base): ...\ndef f(): ...\n", encoding="utf-8")
    path = text.replace("\\", "/")
    ref, own = FileRef(path), FileRef("m.py")
    around = Surroundings(
        module="m",
        targets={"base": ref},
        importers=(Importer(ref, (Import("m", text, None, 1),)),),
        bases={1: ((text, Spot(ref, 3, text)),)},
        subclasses={"A": ((text, Spot(ref, 4, text)), ("m.A", Spot(own, 1, "A")))},
        uses={"f": (UsedIn(ref, (Spot(ref, 1),), 1),)},
        related=(Related(ref, (("imports this file", 0),)),),
    )
    commit = Commit("abc1234", "2026-01-01", text)
    for pages in ({}, {path: f"{path}_docs.md"}):
        view = view_of(tmp_path / "m.py", "m.py", around, pages, commit=commit, closed=closed, trail=(text,))
        page = framed(written(view), of=path, title=path, format="markdown")
        found = assert_inert(page)
        assert not [heading for heading in found.headings if "forged" in heading]
        assert Shown(written(view)).texts["h1"] == ["Documentation: m.py"]
        assert [tag for tag, _ in found.found].count("table") <= 1


@pytest.mark.parametrize("text", LIVE)
def test_nothing_in_a_file_comes_alive_on_a_page(tmp_path: Path, text: str) -> None:
    """The same words as docstring, value, decorator, default, comment, Markdown link, title and notebook output."""
    value = json.dumps(text)
    doc = text.replace("\\", "\\\\").replace('"', '\\"')
    (tmp_path / "m.py").write_text(
        f'"""{doc}\n\n{doc}"""\n# {" ".join(text.split())}\nLIMIT = {value}\n'
        f'class A(Base[{value}]):\n    """{doc}"""\n\n    @decorate({value})\n    def f(self, a: {value} = {value}):\n'
        f'        """First.\n\n        {doc}\n        """\n',
        encoding="utf-8",
    )
    (tmp_path / "m.md").write_text(
        f'# {text}\n\n[a]({text.strip()} "{text}")\n\n[{text}](<{text.strip()}>)\n\n```{text}\nx\n```\n'
    )
    cell = {
        "cell_type": "code",
        "metadata": {"tags": [text]},
        "execution_count": 1,
        "source": f"def f():\n    {value}\n%{text}",
    }
    output = {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]}
    kernel = {"kernelspec": {"name": text, "display_name": text}, "language_info": {"name": text, "version": text}}
    cells = [cell | {"outputs": [output]}, {"cell_type": "markdown", "metadata": {}, "source": f"# {text}\n"}]
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": kernel, "cells": cells}
    (tmp_path / "m.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    for name in ("m.py", "m.md", "m.ipynb"):
        page = framed(written(view_of(tmp_path / name, name)), of=name, title=name, format="mkdocs")
        found = assert_inert(page.partition("---\n\n")[2])
        outside = [heading for heading in found.headings if "forged" in heading.replace("`", "")]
        assert not outside, name
        ids = [attributes["id"] for _, attributes in found.found if attributes.get("id")]
        assert all(re.fullmatch(r"kw-[0-9a-f]{6}-[a-z0-9._-]*", each) for each in ids)
        assert "kw-000000-forged" not in ids
        assert page.count("\n<!-- kwmagic page of ") == 1


def test_of_a_very_long_trail_the_middle_is_counted():
    names = [f"d{number}" for number in range(40)]
    site = Site("/".join([*names, "x.md"]), trail=("shop", *names))
    shown = Writer(Dest.PAGE).write([navigation(site, [])])
    assert re.findall(r"\[`(\w+)`\]", shown) == ["shop", *names[:7], *names[-8:]]
    assert "/ … 25 folders … /" in shown
    assert f"[`d32`]({'../' * 7}index.md)" in shown
    short = Writer(Dest.PAGE).write([navigation(Site("/".join([*names[:15], "x.md"]), trail=("a", *names[:15])), [])])
    assert "folders" not in short
    assert short.count("[`") == 16
