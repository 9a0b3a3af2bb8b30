"""The keyword pages of files, folders and the site: golden ones for made-up code, laws over real packages."""

from __future__ import annotations

import ast
import asyncio
import json
import posixpath
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import nbformat
import oracle
import pytest
from test_bad_input import ASKED_FOR, ATTRIBUTES
from test_markup import MARKDOWN, Shown

from kwmagic import analysis, jsonform
from kwmagic.anchors import anchor
from kwmagic.building.build import build
from kwmagic.detailing import content_of, detailed
from kwmagic.evidence.modules import module_names
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.links import Reader
from kwmagic.markup import Anchor, Block, Code, Fence, Fold, Item, Link, Paragraph, Table, Text, Title, Words, Writer
from kwmagic.mdtext import Dest, one_line
from kwmagic.model import FILE, FileRef, Target
from kwmagic.options import DocOptions, IndexOptions
from kwmagic.pages import document, extent, keyword_page
from kwmagic.pages.select import select
from kwmagic.pages.site import entries, keywords, letters
from kwmagic.pages.site.entries import LETTERS, OTHERS, SiteEntry
from kwmagic.pages.site.keywords import Listing
from kwmagic.pages.site.letters import Listed
from kwmagic.pages.subject import AMOUNTS, Subject, View
from kwmagic.sitelinks import Site

CASES = Path(__file__).parent / "cases" / "keywords"
CASE = ("ci.yml", "guide.md", "shapes/__init__.py", "shapes/area.py")
REAL = {"asyncio": Path(asyncio.__file__).parent, "nbformat": Path(nbformat.__file__).parent}
USER = "import numpy\nfrom goods.a import twice\n\n@twice\n@twice\ndef f(): ...\n\n@twice\ndef g(): ...\n"
each_package = pytest.mark.parametrize("package", REAL)


@dataclass
class Page:
    """What is made of one file."""

    view: View
    site: Site
    blocks: list[Block]
    document: str
    keywords: str
    fragment: dict
    listed: Listed


def written(
    ref: FileRef, label: str = "case", module: str = "", options: DocOptions = DocOptions(), *, closed: bool = False
) -> Page:
    facts, text = analysis.analyse_with_text(ref)
    facts, details, _ = detailed(facts, text)
    path, docs = ref.path, f"{ref.path}_docs.md"
    trail = (label, *path.split("/")[:-1])
    site = Site(docs, "../src", None, {path: docs}, trail, f"{path}_kw.md", closed, path)
    about = (Target(path, path, "file", (ref,)), facts, details, text, Reader(site=site), options, False)
    view = View(Subject(*about, content=content_of(facts, text), around=Surroundings(module=module)), AMOUNTS[0])
    blocks = list(document.page(view))
    site = replace(site, page=site.keywords)
    index = extent.Index(view.subject.target, select([facts], IndexOptions()), IndexOptions(), Reader(site=site))
    return Page(
        view,
        site,
        blocks,
        Writer(Dest.PAGE, resolve=view.resolve).write(blocks),
        Writer(Dest.PAGE).write(keyword_page.page(view, index, blocks, site)),
        json.loads(jsonform.fragment(facts, docs, entries.anchored(view))),
        Listed(path, docs, entries.entries(view)),
    )


@cache
def tree(folder: Path) -> dict[str, Page]:
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))
    names = module_names(f"{folder.name}/{path}" for path in paths)
    return {
        path: written(FileRef(path, str(folder / path)), folder.name, names[f"{folder.name}/{path}"]) for path in paths
    }


def listing(label: str, folder: str = "", *, by_kind: bool = True) -> Listing:
    page = posixpath.join(folder, "sub.md" if by_kind else "keywords.md")
    return Listing(label, Site(page, trail=(label, *filter(None, folder.split("/")))), by_kind)


def lists(files: Iterable[Listed], label: str, folder: str = "", **options) -> dict[str, str]:
    """Both lists of the top, or that of a folder."""
    if folder:
        inside = [each._replace(path=each.path[len(folder) + 1 :]) for each in files if each.path.startswith(folder)]
        return dict(keywords.pages(listing(label, folder), inside, **options))
    files = list(files)
    return {
        page: text
        for by_kind in (True, False)
        for page, text in keywords.pages(listing(label, by_kind=by_kind), files, **options)
    }


def ids(markdown: str) -> set[str]:
    return {value for _, name, value in Shown(markdown).attributes if name == "id" and value}


def hrefs(markdown: str) -> list[str]:
    return [value for _, name, value in Shown(markdown).attributes if name == "href" and value]


def entry_lines(markdown: str) -> list[str]:
    return re.findall(r"^- \[.*", markdown, re.MULTILINE)


@cache
def case() -> dict[str, Page]:
    modules = {"shapes/__init__.py": "shapes", "shapes/area.py": "shapes.area"}
    return {path: written(FileRef(path, str(CASES / path)), module=modules.get(path, "")) for path in CASE}


@pytest.mark.parametrize("path", CASE)
def test_keyword_page(path: str, golden) -> None:
    golden(CASES / f"{path.replace('/', '.')}.kw.md", case()[path].keywords)


def test_lists(golden) -> None:
    files = [page.listed for page in case().values()]
    for page, text in lists(files, "case").items():
        golden(CASES / page, text)
    golden(CASES / "shapes.sub.md", lists(files, "case", "shapes")["shapes/sub.md"])


def test_json(golden) -> None:
    fragments = [page.fragment for page in case().values()]
    golden(CASES / "keywords.json", json.dumps(fragments, indent=1) + "\n")


@each_package
def test_every_definition_has_its_entry_everywhere(package: str) -> None:
    pages = tree(REAL[package])
    files = [page.listed for page in pages.values()]
    top = lists(files, package)
    number = 0
    for path, page in pages.items():
        truth = oracle.read(ast.parse((REAL[package] / path).read_bytes()))
        names = Counter([each[1] for each in truth.definitions] + [each[0] for each in truth.assignments])
        found = Counter(symbol.qualname for symbol in page.view.facts.symbols if FILE not in symbol.flags)
        assert names == found, path
        assert Counter(each["qualname"] for each in page.fragment["symbols"][1:]) == names, path
        assert len(page.listed.entries) == 1 + names.total(), path
        groups = page.keywords.partition("## Imports")[0].partition("## Decorators")[0].partition("## Sections")[0]
        assert len(re.findall(r"^ *- \[`.*?_docs\.md#", groups, re.MULTILINE)) == names.total(), path
        number += 1 + names.total()
    for stem in ("sub", "keywords"):
        text = "".join(text for page, text in top.items() if page.startswith(stem))
        assert len(re.findall(r"^- \[`", text, re.MULTILINE)) == number
    assert f"{number:,} keywords in {len(files)} files" in top["keywords.md"]


@each_package
def test_every_link_leads_somewhere(package: str) -> None:
    pages = tree(REAL[package])
    anchors = {page.listed.page: ids(page.document) for page in pages.values()}
    texts = {page.site.page: page.keywords for page in pages.values()}
    texts |= lists([page.listed for page in pages.values()], package)
    folders = {posixpath.dirname(path) for path in pages} - {""}
    for folder in folders:
        texts |= lists([page.listed for page in pages.values()], package, folder)
    others = {posixpath.join(folder, name) for folder in ("", *folders) for name in ("index.md", "doc.md", "sub.md")}
    there = {*anchors, *texts, *others, "book.md"}
    linked = 0
    for page, text in texts.items():
        for href in hrefs(text):
            to, _, fragment = unquote(href).partition("#")
            to = posixpath.normpath(posixpath.join(posixpath.dirname(page), to)) if to else page
            if to.startswith("../src/"):
                assert to[7:] in pages, (page, href)
                continue
            assert to in there, (page, href)
            assert not fragment or fragment in anchors.get(to, ids(texts.get(to, ""))), (page, href)
            linked += bool(fragment)
    assert linked > 1_000


def test_each_name_leads_to_its_own_section() -> None:
    page = case()["shapes/area.py"]
    first, second = re.findall(r"`total\(.*?`\]\(area\.py_docs\.md#(\S+)\)", page.keywords)[:2]
    assert (first, second) == (anchor("doc", "shapes/area.py", "total"), f"{first}-2")
    assert page.document.index(f'"{first}"') < page.document.index(f'"{second}"')


def test_where_links_must_stay_among_the_pages_lines_lead_to_the_source_shown_there() -> None:
    page = written(FileRef("m.py", data=b"import os\n\n\ndef f():\n    return 1\n"), closed=True)
    places = [href.partition("#")[2] for href in hrefs(page.keywords) if href.startswith("m.py_docs.md#")]
    assert [place for place in places if re.search(r"-l\d+$", place)] == [anchor("doc", "m.py", "l1")] * 3
    assert ids(page.document).issuperset(places)


def test_lists_do_not_depend_on_the_order_of_files() -> None:
    files = [page.listed for page in tree(REAL["asyncio"]).values()]
    expected = lists(files, "asyncio")
    assert any(page.startswith("keywords-") for page in expected)
    for seed in range(3):
        assert lists(random.Random(seed).sample(files, len(files)), "asyncio") == expected


def made(*names: str, path: str = "m.py") -> Listed:
    rows = [
        SiteEntry("function", entries.letter(name), f"{entries.folded(name)}\0{name}", "", f"`{name}`", "", ":1", "")
        for name in names
    ]
    return Listed(path, f"{path}_docs.md", rows)


def test_a_letter_with_many_entries_has_several_pages() -> None:
    names = [f"a{number:05}" for number in range(letters.MOST + 1)] + ["_B"] * 3 + ["1"]
    found = dict(keywords.pages(listing("p", by_kind=False), [made(*names)]))
    assert [*found] == ["keywords.md", "keywords-a.md", "keywords-a-2.md", "keywords-b.md", "keywords-0.md"]
    site, there = listing("p", by_kind=False), letters.totals([made(*names)]).letters
    parts = [page for letter, number in there.items() for page in site.pages_of(letter, number)]
    assert [*found] == [site.site.page, *parts]
    assert [len(entry_lines(text)) for page, text in found.items() if page != "keywords.md"] == [letters.MOST, 1, 3, 1]
    assert (
        "A: [from `a00000`](keywords-a.md), [from `a02500`](keywords-a-2.md) · 2,501 keywords" in found["keywords.md"]
    )
    assert "[from `a00000`](keywords-a.md), **this page**" in found["keywords-a-2.md"]


def test_the_pages_of_some_letters_are_those_of_the_whole() -> None:
    files = [page.listed for page in tree(REAL["asyncio"]).values()]
    whole = dict(keywords.pages(listing("asyncio"), files))
    some = dict(keywords.pages(listing("asyncio"), files, {"c", "z"}))
    assert [*some] == [page for page in whole if page in ("sub.md", "sub-c.md", "sub-z.md")]
    assert all(whole[page] == text for page, text in some.items())


def test_a_page_depends_on_its_own_letter_alone() -> None:
    files = [made(*["a"] * 600, *["b"] * 600), made("c", path="n.py")]
    before = dict(keywords.pages(listing("p"), files))
    after = dict(keywords.pages(listing("p"), [files[0], made("c", "c", path="n.py")]))
    assert {page for page in before if before[page] != after[page]} == {"sub.md", "sub-c.md"}


def test_nothing_to_list() -> None:
    assert "Nothing is defined" in dict(keywords.pages(listing("p"), [made()]))["sub.md"]


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Abc", "a"),
        ("__init__", "i"),
        ("_", OTHERS),
        ("9", OTHERS),
        ("Ä", OTHERS),
        ("ſ", OTHERS),
        ("", OTHERS),
        ("K", "k"),
    ],
)
def test_letters(name: str, letter: str) -> None:
    assert entries.letter(name) == letter
    assert entries.letter(name) in LETTERS


def test_entries_survive_json() -> None:
    rows = case()["shapes/area.py"].listed.entries
    assert entries.to_entries(json.loads(json.dumps(rows))) == rows


def test_without_sections_entries_lead_to_the_page() -> None:
    page = written(FileRef("m.py", data=b"def f(): ...\n"), options=DocOptions(without=("analysis",)))
    found = lists([page.listed], "p")["keywords.md"]
    assert "[`f()`](m.py_docs.md) function · `m.py:1`" in found
    assert page.fragment["symbols"][1]["anchor"] == ""
    assert "Sections of the documentation" not in page.keywords or "section-analysis" not in page.keywords


def test_a_section_speaks_of_what_it_links_anchors_or_names() -> None:
    """Prose, names that lead elsewhere and what stands before the first section say nothing."""
    source = b"def a(): ...\ndef b(): ...\ndef c(): ...\ndef d(): ...\ndef e(): ...\ndef g(): ...\n"
    page = written(FileRef("m.py", data=source))
    at = {symbol.name: place for symbol, place in entries.anchored(page.view)}
    blocks = [
        Paragraph([Code("g")]),
        Paragraph([Anchor("kw-1")]),
        Title(2, [Words("One")]),
        Paragraph([Text("b"), Link([Code("c")], "other.md#x"), Link([Code("a")], None)]),
        Fold("more", [Table(("x",), [[[Link([Words("see")], f"#{at['d']}")]]])]),
        Title(2, [Words("Two")]),
        Item(0, [Anchor(at["e"]), Code("unknown")]),
        Title(2, [Words("None")]),
        Paragraph([Text("e")]),
        Title(2, [Words("All")]),
        *(Item(1, [Code(name)]) for name in "abcdeg"),
        Title(2, [Words("Original Source")]),
        Fence("def a(): ...", "python"),
    ]
    index = extent.Index(page.view.subject.target, select([page.view.facts], IndexOptions()), IndexOptions(), Reader())
    text = Writer(Dest.PAGE).write(keyword_page.page(page.view, index, blocks, page.site))
    found = text.partition("## Sections of the documentation")[2].strip().split("\n")
    assert [re.sub(r"\(.*?\)", "", line) for line in found] == [
        "- [One]: [`a`], [`d`]",
        "- [Two]: [`e`]",
        "- [All], [Original Source]: all 6 keywords",
    ]
    assert "[One](m.py_docs.md#kw-1)" in text


PAYLOADS = {
    "html": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(1)>",
    "link": "[x](javascript:alert(1))",
    "comment": "<!-- kwmagic page of x -->",
    "table": "a|b",
    "ticks": "a`b``c",
    "bold": "**a** _b_ __c__",
    "bidi": "a\u202eb",
    "surrogate": "a\udcffb",
}


def hostile(payload: str) -> Mapping[str, bytes]:
    """Path -> content, with a payload wherever something can be named or said."""
    raw = payload.encode("utf-8", "surrogateescape")
    quoted = ascii(payload).encode()
    return {
        f"{payload.replace('/', '!')}.py": b"def f(x=%s):\n    %s\nclass A(B[%s]): ...\n" % (quoted, quoted, quoted),
        "doc.py": b"'''%s'''\n@d(%s)\ndef f():\n    '''%s'''\nx = %s  # %s\n" % (raw, quoted, raw, quoted, raw),
        "a.md": b"# %s\n\n## two %s\n" % (raw, raw),
        "a.json": json.dumps({payload: {payload: 1}}).encode(),
        "a.ini": b"[%s]\nkey = %s\n" % (raw, raw),
    }


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_hostile_names_forge_nothing(payload: str) -> None:
    pages = [written(FileRef(path, data=data)) for path, data in hostile(payload).items()]
    texts = [page.keywords for page in pages] + [*lists([page.listed for page in pages], one_line(payload)).values()]
    for text in texts:
        text.encode()
        shown = Shown(text)
        assert ASKED_FOR.issuperset(shown.tags), shown.tags
        assert ATTRIBUTES.issuperset(name for _, name, _ in shown.attributes)
        assert all(not re.match(r"(?i)\s*(javascript|data):", href) for href in hrefs(text))
        assert shown.tags.count("h1") == 1
    symbols = sum(len(page.listed.entries) for page in pages)
    for page in pages:
        assert re.fullmatch(r"[ -~]+", jsonform.fragment(page.view.facts, payload, entries.anchored(page.view)))
    assert symbols > 8
    assert MARKDOWN.render(lists([page.listed for page in pages], "p")["keywords.md"]).count("<li>") == symbols


def test_fragments_make_the_json_of_the_whole() -> None:
    pages = case()
    joined = jsonform.head("case") + "\n" + ",\n".join(json.dumps(page.fragment) for page in pages.values())
    found = json.loads(joined + jsonform.TAIL)
    facts = [page.view.facts for page in pages.values()]
    plain = jsonform.of_files(Target("case", "case", "folder", ()), select(facts, IndexOptions()))
    for file in found["files"]:
        assert file.pop("page") == f"{file['path']}_docs.md"
        for symbol in file["symbols"]:
            assert symbol.pop("page") == f"{file['path']}_docs.md"
            at = symbol.pop("anchor")
            assert at in ids(pages[file["path"]].document) if symbol["kind"] != "module" else at == ""
            summary = symbol.pop("summary")
            assert summary is None or summary in " ".join(re.sub("[*`]", "", symbol["doc"] or "").split())
    assert found == plain


def test_imports_of_the_project_are_its_own_and_lead_to_their_pages(tmp_path: Path) -> None:
    folder = tmp_path / "goods"
    folder.mkdir()
    for name, text in {"__init__": "", "a": "def twice(f): ...\n", "b": USER}.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    build(str(folder), str(tmp_path / "out"), jobs=1)
    page = (tmp_path / "out" / "b.py_kw.md").read_text("utf-8")
    assert re.search(r"^- this project\n    - \[`goods.a`\]\(a.py_docs.md\): `twice` · ", page, re.MULTILINE)
    assert re.search(r"^- third party\n    - `numpy` · ", page, re.MULTILINE)
    assert "- `@twice` · 3 uses on 2 definitions: " in page


def test_related_files_say_that_there_may_be_more(tmp_path: Path) -> None:
    folder = tmp_path / "goods"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "few.py").write_text("from goods import m1\n", "utf-8")
    (folder / "hub.py").write_text("".join(f"from goods import m{number}\n" for number in range(12)), "utf-8")
    for number in range(12):
        (folder / f"m{number}.py").touch()
    build(str(folder), str(tmp_path / "out"), jobs=1)
    said = "At most 10 files are named, the closest first; Dependencies has all that it imports and that import it"
    assert f"\n- {said}\n" in (tmp_path / "out" / "hub.py_docs.md").read_text("utf-8")
    assert said not in (tmp_path / "out" / "few.py_docs.md").read_text("utf-8")
