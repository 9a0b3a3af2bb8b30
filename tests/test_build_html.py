"""Builds of a whole tree as HTML: the same pages, closed in themselves, and all that pages of HTML share."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from walk import differences

from kwmagic.building.build import build
from kwmagic.building.rendering import answer
from kwmagic.building.report import Built
from kwmagic.building.settings import Settings, libraries
from kwmagic.checking import check
from kwmagic.errors import OptionError
from kwmagic.model import FileRef
from kwmagic.options import DocOptions, SiteOptions
from kwmagic.pages.navigation import breadcrumbs
from kwmagic.sitelinks import Site

GOODS = '''\
"""What is sold."""


class Fruit:
    """A fruit."""

    def weigh(self) -> int:
        """In grams."""
        return 1
'''
SHOP = {
    "README.md": "# Shop\n\nSells fruit. See [the goods](shop/goods.py).\n\n## Häuser & more\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/__init__.py": '"""A shop."""\n\nfrom shop.goods import Fruit\n',
    "shop/goods.py": GOODS,
    "shop/till.py": "from shop.goods import Fruit\n\n\ndef pay(fruit: Fruit) -> int:\n    return Fruit().weigh()\n",
    "shop/deep/er.py": "import shop.till\n\n\ndef dig(): ...\n",
    "shop/a#b %41 <i>.py": "one = 1\n",
    "shop/note.ipynb": json.dumps(
        {
            "cells": [{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "source": "import shop.goods\n"}],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
}
if os.name == "nt":
    del SHOP["shop/a#b %41 <i>.py"]


class Shop:
    """A source tree, its output, its cache."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out, self.cache = folder / "source", folder / "out", folder / "cache"
        for path, text in SHOP.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        file = self.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def build(self, out: Path | None = None, **kept: object) -> Built:
        usual: dict[str, object] = {"cache": str(self.cache), "jobs": 1, "say": pytest.fail}
        usual["options"] = SiteOptions(to="html")
        return build(str(self.source), str(out or self.out), **(usual | kept))  # type: ignore[arg-type]

    def check(self) -> None:
        """The output is what a build from nothing writes."""
        clean = self.out.with_name("clean")
        shutil.rmtree(clean, ignore_errors=True)
        self.build(clean, cache=str(self.cache.with_name("another")))
        assert differences(self.out, clean) == []

    def names(self) -> set[str]:
        return {path.relative_to(self.out).as_posix() for path in self.out.rglob("*") if path.is_file()}

    def page(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")

    def states(self) -> dict[str, tuple[int, int]]:
        """What changes in a file that is written: when, and which."""
        found = {name: (self.out / name).stat() for name in self.names()}
        return {name: (status.st_mtime_ns, status.st_ino) for name, status in found.items()}


class Links(HTMLParser):
    """All addresses and identifiers of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = [value or "" for key, value in attrs if key in ("href", "src")]
        self.urls += [url for url in found if not url.startswith("data:")]
        self.ids += [value or "" for key, value in attrs if key == "id"]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def data(script: str) -> object:
    """What a script of data hands over."""
    call, mark = script.rstrip("\n").rsplit("\n", 1)
    assert mark == "<!-- kwmagic page of ./ -->"
    return json.loads(call.removeprefix("kwmagic(").removesuffix(")"))


def test_the_pages_of_markdown_are_there_as_html(shop):
    shop.build()
    markdown = shop.out.with_name("markdown")
    shop.build(markdown, options=SiteOptions())
    pages = {path.relative_to(markdown).as_posix() for path in markdown.rglob("*") if path.is_file()}
    expected = {re.sub(r"\.md\Z", ".html", page) for page in pages}
    assert {name for name in shop.names() if not name.startswith("kwmagic-site/")} == expected
    shared = {"site.css", "site.js", "menu.js", "search/index.js"}
    assert {f"kwmagic-site/{name}" for name in shared} <= shop.names()


def test_every_link_leads_to_a_page_and_an_anchor_of_the_output(shop):
    shop.build()
    pages = {name: Links(shop.page(name)) for name in shop.names() if name.endswith(".html")}
    wrong, lines = [], 0
    for name, page in pages.items():
        assert len(page.ids) == len({*page.ids}), name
        for url in page.urls:
            assert not urlsplit(url).scheme, (name, url)
            target = urlsplit(urljoin(f"/{name.replace('%', '%25').replace('#', '%23')}", url))
            path = unquote(target.path)[1:]
            lines += bool(re.fullmatch(r"L\d+", target.fragment))
            if path in pages and (not target.fragment or unquote(target.fragment) in pages[path].ids):
                continue
            if path not in shop.names() or target.fragment:
                wrong.append((name, url))
    assert wrong == []
    assert lines > 20
    assert check(str(shop.out)).dead == ()


def test_lines_have_anchors_and_lead_there_from_other_pages(shop):
    shop.build()
    goods, till = Links(shop.page("shop/goods.py_docs.html")), Links(shop.page("shop/till.py_docs.html"))
    lines = [each for each in goods.ids if re.fullmatch(r"L\d+", each)]
    assert lines == [f"L{number}" for number in range(1, GOODS.count("\n") + 1)]
    assert "#L4" in goods.urls  # class Fruit
    assert "till.py_docs.html#L5" in goods.urls  # where it is used
    assert "goods.py_docs.html#L4" in Links(shop.page("shop/goods.py_kw.html")).urls
    assert "../README.md_docs.html" not in till.urls


def test_where_pages_show_no_source_no_line_is_linked(shop):
    shop.build(options=SiteOptions(to="html", doc=DocOptions(without=("source",))))
    pages = [name for name in shop.names() if name.endswith(".html")]
    assert not [url for name in pages for url in Links(shop.page(name)).urls if re.search(r"#L\d", url)]
    assert check(str(shop.out)).dead == ()


def test_a_source_url_leads_to_the_forge(shop):
    shop.build(options=SiteOptions(to="html", source_url="https://x.example/{path}#L{line}"))
    assert "https://x.example/shop/goods.py#L4" in Links(shop.page("shop/goods.py_docs.html")).urls
    assert check(str(shop.out)).dead == ()


def test_pages_say_where_they_are(shop):
    shop.build()
    trail = shop.page("shop/deep/er.py_kw.html").partition('aria-label="Breadcrumb"')[2].partition("</nav>")[0]
    assert Links(trail).urls == ["../../index.html", "../index.html", "index.html", "er.py_docs.html"]
    assert trail.endswith("<li>Keyword index</li></ol>")
    assert "<title>shop/deep/er.py · source</title>" in shop.page("shop/deep/er.py_docs.html")
    assert shop.page("shop/deep/er.py_docs.html").endswith("\n<!-- kwmagic page of shop/deep/er.py -->\n")
    assert shop.page("shop/doc.html").endswith("\n<!-- kwmagic page of shop/ -->\n")


def test_the_trail_of_a_list_ends_with_its_letter():
    site = Site("a/sub-b-2.html", "../src", trail=("src", "a"), closed=True)
    assert breadcrumbs(site) == (
        ("src", "../index.html"),
        ("a", "index.html"),
        ("Keywords", "sub.html"),
        ("B, page 2", ""),
    )
    site = Site("keywords-0.html", "src", trail=("src",), closed=True)
    whole = (("src", "index.html"), ("All keywords", "keywords.html"))
    assert breadcrumbs(site) == (*whole, ("0–9 and others", ""))
    assert breadcrumbs(Site("keywords.html", "src", trail=("src",))) == (("src", "index.html"), ("All keywords", ""))
    assert breadcrumbs(Site("a/index.html", "src", trail=("src", "a"))) == (("src", "../index.html"), ("a", ""))


def test_the_menu_has_every_page_of_a_folder_and_a_source(shop):
    shop.build()
    menu = data(shop.page("kwmagic-site/menu.js"))
    found = {}

    def walk(nodes, above):
        for title, url, *inner in nodes:
            found[f"{above}{title}"] = url
            walk(inner[0] if inner else (), f"{above}{title}/")

    walk(menu["nodes"], "")
    assert menu["site"] == "source"
    assert {*SHOP} <= found.keys()
    assert found["shop/deep"] == "shop/deep/index.html"
    assert found["shop/deep/er.py"] == "shop/deep/er.py_docs.html"
    assert all((shop.out / unquote(url)).is_file() for url in found.values())


def test_folders_sources_and_symbols_can_be_searched_for(shop):
    shop.build()
    rows = [row for name in shop.names() if "/search/d-" in name for row in data(shop.page(name))]
    found = {(title, kind, where): (url, text) for title, kind, where, url, text in rows}
    assert found["shop.goods", "module", "shop/goods.py"] == ("shop/goods.py_docs.html", "What is sold.")
    url, text = found["Fruit.weigh", "method", "shop/goods.py"]
    assert text == "In grams."
    page, _, anchor = url.partition("#")
    assert anchor in Links(shop.page(page)).ids
    assert ("Häuser & more", "section", "README.md") in found
    assert ("shop/deep", "folder", "source") in found
    assert ("pyproject.toml", "file", "source") in found


def test_twins_name_the_pages_of_html(shop):
    shop.build()
    files = json.loads(shop.page("keywords.json"))["files"]
    assert {each["page"] for each in files} == {name for name in shop.names() if name.endswith("_docs.html")}
    content = (shop.out / "objects.inv").read_bytes().split(b"\n", 4)[4]
    lines = zlib.decompress(content).decode().splitlines()
    assert any(
        re.fullmatch(r"shop\.goods\.Fruit py:class 1 shop/goods\.py_docs\.html#kw-\S+ -", line) for line in lines
    )
    assert "shop/doc std:doc -1 shop/doc.html shop/doc.html" in lines


def test_going_on_is_as_good_as_beginning_anew(shop):
    shop.build()
    before = shop.states()
    again = shop.build()
    pages = [name for name in before if not name.startswith("kwmagic-site/")]
    assert (again.written, again.removed, again.unchanged, again.pages) == (0, 0, len(pages), len(pages))
    assert shop.states() == before
    shop.write("shop/goods.py", GOODS.replace("In grams", "In kilograms"))
    shop.build()
    written = {name for name, state in shop.states().items() if before[name] != state}
    assert {"shop/goods.py_docs.html", "keywords.html", "keywords.json"} <= written
    assert not {name for name in written if name.startswith(("README", "kwmagic-site/site", "kwmagic-site/menu"))}
    shop.check()
    shop.write("shop/new/x.py", "def brandnew(): ...\n")
    (shop.source / "shop/deep/er.py").unlink()
    shop.build()
    assert not (shop.out / "shop/deep").exists()
    assert "new" in shop.page("kwmagic-site/menu.js")
    shop.check()
    assert check(str(shop.out)).dead == ()


@pytest.mark.parametrize("name", ["kwmagic-site/site.css", "kwmagic-site/menu.js", "kwmagic-site/search/d-0.js"])
def test_a_shared_file_that_was_changed_or_removed_comes_back(shop, name):
    shop.build()
    (shop.out / name).unlink()
    assert shop.build().written == 0  # it is no page
    shop.check()
    (shop.out / name).write_text("x\n<!-- kwmagic page of ./ -->\n", encoding="utf-8")
    shop.build()
    shop.check()


def test_a_shared_file_that_is_no_longer_needed_goes_and_foreign_ones_stay(shop):
    shop.build()
    old, foreign = shop.out / "kwmagic-site/search/d-99.js", shop.out / "kwmagic-site/search/mine.js"
    old.write_text("kwmagic([])\n<!-- kwmagic page of ./ -->\n", encoding="utf-8")
    foreign.write_text("mine()\n", encoding="utf-8")
    assert shop.build().removed == 0  # it was no page
    assert not old.exists()
    assert foreign.read_text(encoding="utf-8") == "mine()\n"


def test_the_other_kind_of_pages_goes_where_another_is_built(shop):
    shop.build(options=SiteOptions())
    (shop.out / "notes.html").write_text("mine", encoding="utf-8")
    shop.build()
    assert not [name for name in shop.names() if name.endswith(".md")]
    shop.build(options=SiteOptions())
    assert [name for name in shop.names() if not name.endswith((".md", ".json", ".inv"))] == ["notes.html"]


def test_pages_that_lie_in_the_source_are_no_sources(shop):
    shop.build(shop.source / "docs")
    shop.build()
    assert not [name for name in shop.names() if name.startswith("docs/")]
    kept = len(list((shop.source / "docs").rglob("*.js")))
    assert f"Pages that kwmagic wrote: {kept + 1:,}" in shop.page("index.html")  # keywords.json too


def test_what_is_not_ours_in_the_place_of_a_page_is_left(shop):
    (shop.out / "kwmagic-site").mkdir(parents=True)
    for name in ("index.html", "kwmagic-site/site.css"):
        (shop.out / name).write_text("mine", encoding="utf-8")
    built = shop.build()
    assert [sentence.partition(" ")[0] for sentence in built.blocked] == ["index.html", "kwmagic-site/site.css"]
    assert shop.page("index.html") == shop.page("kwmagic-site/site.css") == "mine"


def test_the_script_for_diagrams_is_copied(shop, tmp_path):
    script = tmp_path / "mermaid.min.js"
    script.write_text("var mermaid = 1;", encoding="utf-8")
    shop.build(options=SiteOptions(to="html", mermaid=str(script)))
    assert shop.page("kwmagic-site/mermaid.min.js").startswith("var mermaid = 1;\n")
    script.write_text("var mermaid = 2;", encoding="utf-8")
    shop.build(options=SiteOptions(to="html", mermaid=str(script)))
    assert shop.page("kwmagic-site/mermaid.min.js").startswith("var mermaid = 2;\n")
    with pytest.raises(OptionError, match=r"missing\.js"):
        shop.build(options=SiteOptions(to="html", mermaid=str(tmp_path / "missing.js")))
    shop.build()
    assert "kwmagic-site/mermaid.min.js" not in shop.names()


def test_workers_elsewhere_write_the_same(shop):
    shop.build()
    other = shop.out.with_name("other")
    with ThreadPoolExecutor(2) as executor:
        shop.build(other, cache=str(shop.cache.with_name("another")), executor=executor)
    assert differences(shop.out, other) == []


def test_workers_with_other_libraries_say_so():
    settings = Settings("x", "", SiteOptions(to="html"), libraries().replace("pygments ", "pygments 0."))
    item = ("x.py", "x.py_docs.html", "x.py_kw.html", b"", b"", "[[], {}, null, []]", None, settings.packed())
    with pytest.raises(OptionError, match=r"the workers write HTML with .*, not with .*pygments 0\."):
        answer(*item)


def test_without_the_extra_a_build_says_what_to_install(shop, tmp_path):
    hidden = tmp_path / "sitecustomize.py"
    hidden.write_text(
        "import importlib.metadata as m\nfound = m.version\n"
        "def version(name):\n"
        "    if name == 'latex2mathml': raise m.PackageNotFoundError(name)\n"
        "    return found(name)\n"
        "m.version = version\n",
        encoding="utf-8",
    )
    program = (
        "import sys\nfrom kwmagic.building.build import build\nfrom kwmagic.options import SiteOptions\n"
        "from kwmagic.errors import OptionError\n"
        "try: build(*sys.argv[1:3], options=SiteOptions(to='html'), cache=sys.argv[3])\n"
        "except OptionError as error: print(error)\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])])
    said = subprocess.run(
        [sys.executable, "-c", program, str(shop.source), str(shop.out), str(shop.cache)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said == 'HTML pages need more: pip install "kwmagic[export]"\n'
    assert not shop.out.exists()


def test_a_long_trail_is_shortened(tmp_path):
    source = tmp_path / "source"
    deep = source.joinpath(*"abcdefghijklmnopqrstuvwxyz" * 2)
    deep.mkdir(parents=True)
    (deep / "x.py").write_text("one = 1\n", encoding="utf-8")
    build(str(source), str(tmp_path / "out"), options=SiteOptions(to="html"), cache=str(tmp_path / "cache"), jobs=1)
    page = next((tmp_path / "out").rglob("x.py_docs.html")).read_text(encoding="utf-8")
    assert "<li>… 37 folders …</li>" in page.partition('aria-label="Breadcrumb"')[2].partition("</nav>")[0]
    assert check(str(tmp_path / "out")).dead == ()


@pytest.mark.parametrize(
    ("path", "line", "url"),
    [
        ("a/x.py", 3, "x.py_docs.html#L3"),
        ("a/x.py", 0, "x.py_docs.html"),
        ("a/n.ipynb", 3, "n.ipynb_docs.html"),
        ("nowhere.py", 3, None),
    ],
)
def test_lines_of_other_sources(path, line, url):
    pages = {"a/x.py": "a/x.py_docs.html", "a/n.ipynb": "a/n.ipynb_docs.html"}
    site = Site("a/index.html", "../src", pages=pages, closed=True, lined=True)
    assert site.source(FileRef(path), line) == url
