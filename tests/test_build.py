"""Builds of a whole tree: what is written, what is written again, and that going on is as good as beginning anew."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from repository import NEEDS_GIT, Repository
from walk import Walk, differences

from kwmagic import rows
from kwmagic.analysis import analyse
from kwmagic.building.build import build
from kwmagic.building.recording import affected, number
from kwmagic.building.report import Built, Step
from kwmagic.errors import OptionError, TargetError
from kwmagic.evidence.importing import ImportRow
from kwmagic.model import FileRef
from kwmagic.options import SiteOptions
from kwmagic.projects import indexing
from kwmagic.store.rows import Version

GOODS = '''\
"""What is sold."""


class Fruit:
    """A fruit."""

    def weigh(self) -> int:
        """In grams."""
        return 1
'''
TILL = '''\
"""Takes money."""

from shop.goods import Fruit


def pay(fruit: Fruit) -> int:
    """Pay."""
    return Fruit().weigh()
'''
SHOP = {
    "README.md": "# Shop\n\nSells fruit. See [the goods](shop/goods.py) and [nothing](nothing.md).\n",
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/__init__.py": '"""A shop."""\n\nfrom shop.goods import Fruit\n',
    "shop/goods.py": GOODS,
    "shop/till.py": TILL,
    "shop/deep/er.py": "import shop.till\n\n\ndef dig(): ...\n",
    "tests/test_till.py": "from shop.till import pay\n\n\ndef test_pay():\n    assert pay(None) == 1\n",
}


class Shop:
    """A source tree, its output, its cache."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out, self.cache = folder / "source", folder / "out", folder / "cache"
        for path, text in SHOP.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> Path:
        file = self.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def build(self, out: Path | None = None, **options: object) -> Built:
        kept: dict[str, object] = {"cache": str(self.cache), "jobs": 1, "say": pytest.fail}
        return build(str(self.source), str(out or self.out), **(kept | options))  # type: ignore[arg-type]

    def check(self) -> None:
        """The output is what a build from nothing writes."""
        clean = self.out.with_name("clean")
        shutil.rmtree(clean, ignore_errors=True)
        self.build(clean, cache=str(self.cache.with_name("another")))
        assert differences(self.out, clean) == []

    def page(self, name: str) -> str:
        return (self.out / name).read_text(encoding="utf-8")

    def states(self) -> dict[str, tuple[int, int]]:
        """What changes in a file that is written: when, and which."""
        found = {str(path.relative_to(self.out)): path.stat() for path in self.out.rglob("*") if path.is_file()}
        return {name: (status.st_mtime_ns, status.st_ino) for name, status in found.items()}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_every_source_and_folder_has_its_pages(shop):
    built = shop.build()
    pages = {str(path.relative_to(shop.out)) for path in shop.out.rglob("*") if path.is_file()}
    sources = {f"{path}{suffix}" for path in SHOP for suffix in ("_docs.md", "_kw.md")}
    folders = {
        f"{folder}{name}.md" for folder in ("", "shop/", "shop/deep/", "tests/") for name in ("index", "doc", "sub")
    }
    assert pages == sources | folders | {"keywords.md", "book.md", "keywords.json", "objects.inv"}
    assert (built.pages, built.written, built.removed, built.files) == (len(pages), len(pages), 0, len(SHOP))


def test_a_page_speaks_of_the_rest_of_the_project(shop):
    shop.build()
    page = shop.page("shop/goods.py_docs.md")
    assert "[`shop/till.py`](till.py_docs.md)" in page
    assert "../../source/shop/till.py#L3" in page


def test_nothing_is_written_where_nothing_changed(shop):
    shop.build()
    before = shop.states()
    for path in SHOP:
        os.utime(shop.source / path, (1, 1))
    built = shop.build()
    assert (built.written, built.removed, built.unchanged) == (0, 0, len(before))
    assert shop.states() == before


def test_only_what_depends_on_an_edit_is_written(shop):
    shop.build()
    before = shop.states()
    shop.write("shop/till.py", SHOP["shop/till.py"].replace('"""Pay."""', '"""Pay now."""'))
    shop.build()
    written = {name for name, state in shop.states().items() if before[name] != state}
    assert {"shop/till.py_docs.md", "shop/till.py_kw.md", "keywords.md", "keywords.json"} <= written
    assert not {name for name in written if name.startswith(("shop/goods", "tests/", "README"))}
    shop.check()


def test_a_line_that_moves_is_told_where_it_is_used(shop):
    shop.build()
    shop.write("tests/test_till.py", "# one line more\n" + SHOP["tests/test_till.py"])
    shop.build()
    assert "../../source/tests/test_till.py#L6" in shop.page("shop/till.py_docs.md")
    shop.check()


def test_an_importer_more_changes_what_is_said_to_be_related(shop):
    """A module that others import, too, is less of a relative."""
    files = {"a.py": "import b\nimport c\n", "b.py": "x = 1\n", "c.py": "y = 1\n", "d.py": ""}
    for path, text in files.items():
        shop.write(path, text)
    shop.build()
    before = shop.page("a.py_docs.md")
    shop.write("d.py", "import b\n")
    shop.build()
    assert shop.page("a.py_docs.md") != before
    shop.check()


def test_a_base_that_another_class_gets_makes_its_file_related(shop):
    base = "from shop import Fruit\n\n\nclass {}(Fruit): ...\n"
    shop.write("a.py", base.format("Apple"))
    shop.write("z.py", "class Plum: ...\n")
    shop.build()
    assert "z.py" not in shop.page("a.py_docs.md")
    shop.write("z.py", base.format("Plum"))
    shop.build()
    assert "z.py" in shop.page("a.py_docs.md")
    shop.check()


def test_imports_that_move_are_of_the_same_files():
    row = ImportRow("shop", "Fruit", None, 1, "")
    here, moved, other = (
        Version(b"", (each,), frozenset()) for each in (row, row._replace(line=2), row._replace(name="Nut"))
    )
    counted, fruit = number("count", "shop"), number("by", "from", "shop", "Fruit")
    assert {counted, fruit}.isdisjoint(affected("x.py", here, moved))
    assert {counted, fruit}.intersection(affected("x.py", here, other)) == {fruit}


def test_a_comment_at_the_end_is_no_news_to_other_files():
    def version(source):
        facts = analyse(FileRef("x.py", data=source.encode()))
        return Version(indexing.packed(rows.of_facts(facts)), (), frozenset())

    here = version(TILL)
    assert {*affected("x.py", here, version(TILL + "# paid\n"))} == {number("source", "x.py")}
    assert number("facts", "x.py") in affected("x.py", here, version(TILL + "paid = 1\n"))


EDITS: dict[str, Callable[[Shop], object]] = {
    "removed": lambda shop: (shop.source / "shop/till.py").unlink(),
    "folder removed": lambda shop: shutil.rmtree(shop.source / "shop/deep"),
    "renamed": lambda shop: (shop.source / "shop/till.py").rename(shop.source / "shop/desk.py"),
    "other case": lambda shop: (shop.source / "shop/till.py").rename(shop.source / "shop/TILL.py"),
    "file to folder": lambda shop: (
        (shop.source / "shop/till.py").unlink(),
        shop.write("shop/till.py/__init__.py", SHOP["shop/till.py"]),
    ),
    "module to package": lambda shop: (
        (shop.source / "shop/till.py").unlink(),
        shop.write("shop/till/__init__.py", SHOP["shop/till.py"]),
    ),
    "added": lambda shop: shop.write("shop/new.py", "from shop import Fruit\n\n\nclass New(Fruit): ...\n"),
    "same size and time": lambda shop: _unseen(shop, "shop/goods.py", "grams", "ounce"),
    "linked file comes": lambda shop: shop.write("nothing.md", "# Not nothing\n"),
    "linked file of no kind comes": lambda shop: shop.write("nothing.md.xyz", ""),
    "everything removed": lambda shop: [path.unlink() for path in shop.source.rglob("*") if path.is_file()],
    "syntax error": lambda shop: shop.write("shop/till.py", "def pay(:\n"),
    "page edited": lambda shop: (shop.out / "shop/till.py_docs.md").write_text("mine"),
    "page removed": lambda shop: (shop.out / "shop/sub.md").unlink(),
    "twin edited": lambda shop: (shop.out / "keywords.json").write_text("{}"),
    "cache lost": lambda shop: shutil.rmtree(shop.cache),
    "cache lost, source removed": lambda shop: (shutil.rmtree(shop.cache), (shop.source / "shop/till.py").unlink()),
}


def _unseen(shop: Shop, path: str, old: str, new: str) -> None:
    file = shop.source / path
    status = file.stat()
    file.write_text(file.read_text().replace(old, new))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("edit", EDITS)
def test_going_on_is_as_good_as_beginning_anew(shop, edit):
    shop.build()
    EDITS[edit](shop)
    shop.build()
    shop.check()


def test_a_list_that_is_short_again_has_no_pages_for_letters(shop):
    shop.write("shop/many.py", "".join(f"{letter}{number} = 1\n" for letter in "fp" for number in range(600)))
    shop.build()
    assert (shop.out / "keywords-f.md").exists()
    shop.write("shop/many.py", "".join(f"{letter}{number} = 1\n" for letter in "fp" for number in range(300)))
    shop.build()
    assert not (shop.out / "keywords-f.md").exists()
    shop.check()


def test_what_others_wrote_stays(shop):
    shop.build()
    notes, page = shop.out / "shop/deep/notes.md", shop.out / "shop/deep/mine.py_docs.md"
    for file in (notes, page):
        file.write_text("by hand")
    shutil.rmtree(shop.source / "shop/deep")
    shop.build()
    assert notes.read_text() == page.read_text() == "by hand"
    assert not (shop.out / "shop/deep/index.md").exists()


def test_a_page_that_is_not_ours_is_left_and_said(shop):
    shop.out.mkdir()
    (shop.out / "index.md").write_text("by hand")
    (shop.out / "shop/deep").mkdir(parents=True)
    (shop.out / "shop/deep/er.py_docs.md").write_text("by hand")
    for is_first in (True, False):
        built = shop.build()
        assert (shop.out / "index.md").read_text() == (shop.out / "shop/deep/er.py_docs.md").read_text() == "by hand"
        assert [message.split()[0] for message in built.blocked] == ["index.md", "shop/deep/er.py_docs.md"]
        there = sum(path.is_file() for path in shop.out.rglob("*")) - 2
        assert (built.pages, built.written, built.unchanged) == (there, *((there, 0) if is_first else (0, there)))
    (shop.out / "index.md").unlink()
    (shop.out / "shop/deep/er.py_docs.md").unlink()
    assert shop.build().blocked == ()
    shop.check()


@pytest.mark.parametrize("place", ["out", "docs/api"])
def test_an_output_in_the_sources_is_no_source(shop, place):
    shop.out = shop.source / place
    first = shop.build()
    assert [shop.build().files, shop.build().pages] == [first.files, first.pages]
    shutil.rmtree(shop.cache)
    shop.out = shop.source / "elsewhere"
    assert shop.build().files == first.files


def test_places_that_cannot_be(shop):
    with pytest.raises(OptionError, match="is the source folder"):
        build(str(shop.source), str(shop.source))
    with pytest.raises(OptionError, match="lies in the output folder"):
        build(str(shop.source / "shop"), str(shop.source))
    with pytest.raises(TargetError, match="is no folder"):
        build(str(shop.source / "README.md"), str(shop.out))
    assert not shop.out.exists()


def test_what_was_edited_and_is_as_before(shop):
    shop.build()
    shop.write("shop/till.py", TILL.replace("Pay.", "Give."))
    shop.build()
    shop.write("shop/till.py", TILL)
    shop.build()
    shop.check()


def test_options_change_all_pages_and_back(shop):
    shop.build()
    before = {path: path.read_bytes() for path in shop.out.rglob("*.md")}
    shop.build(options=SiteOptions(source_url="https://example.org/{path}#L{line}"))
    assert "https://example.org/shop/till.py#L3" in shop.page("shop/goods.py_docs.md")
    shop.build()
    assert {path: path.read_bytes() for path in shop.out.rglob("*.md")} == before


def test_a_file_that_cannot_be_parsed_has_pages_and_is_a_problem(shop):
    shop.write("shop/bad.py", "class Half:\n    def f(:\n")
    built = shop.build()
    assert {path for path, _, _ in built.problems} == {"shop/bad.py"}
    assert "shop/bad.py" in shop.page("index.md")
    assert "Half" in shop.page("shop/bad.py_docs.md")


def test_progress_ends_at_the_end(shop):
    steps: list[Step] = []
    shop.build(progress=steps.append)
    for phase in {step.phase for step in steps}:
        last = [step for step in steps if step.phase == phase][-1]
        assert last.done == last.total > 0


CHILD = """
import sys
from kwmagic.building.build import build
build(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]), cache=sys.argv[4])
"""


@pytest.mark.parametrize(("seed", "jobs", "locale"), [("1", 1, "C"), ("2", 2, "C.UTF-8"), ("3", 3, "POSIX")])
def test_the_same_bytes_anywhere(tmp_path, seed, jobs, locale):
    """Whatever the hash seed, the number of processes, the locale, the folder."""
    shutil.copytree(
        Path(nbformat.__file__).parent, tmp_path / "one/source", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "another").mkdir()
    shutil.copytree(tmp_path / "one/source", tmp_path / "another/source")
    build(str(tmp_path / "one/source"), str(tmp_path / "one/out"), jobs=1, cache=str(tmp_path / "cache"))
    settings = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale}
    words = [str(tmp_path / "another" / name) for name in ("source", "out")]
    subprocess.run([sys.executable, "-c", CHILD, *words, str(jobs), str(tmp_path / "cache2")], env=settings, check=True)
    assert differences(tmp_path / "one/out", tmp_path / "another/out") == []


def test_nothing_of_the_sources_is_imported_or_run(shop):
    mark = shop.source / "mark"
    evil = f"open({str(mark)!r}, 'w').close()\nraise SystemExit(3)\n"
    for path in ("shop/__init__.py", "shop/evil.py", "setup.py", "conftest.py", "sitecustomize.py"):
        shop.write(path, evil)
    shop.build(jobs=2)
    assert not mark.exists()


@pytest.fixture
def walk(tmp_path: Path) -> Walk:
    repository = Repository(tmp_path / "repository")
    shutil.copytree(
        Path(nbformat.__file__).parent / "v4", repository.folder / "v4", ignore=shutil.ignore_patterns("__pycache__")
    )
    for path, text in SHOP.items():
        repository.put(path, text)
    repository.commit("first")
    repository.commit("second", shop__more_py="from shop.till import pay\n\npay(1)\n")
    return Walk(repository.folder, tmp_path, seed=7)


@NEEDS_GIT
def test_a_short_walk(walk):
    for _ in range(12):
        walk.step()


@NEEDS_GIT
@pytest.mark.slow
def test_a_long_walk(walk):
    for _ in range(60):
        walk.step()


def test_json_and_pages_agree(shop):
    shop.build()
    files = json.loads(shop.page("keywords.json"))["files"]
    assert [each["path"] for each in files] == sorted(SHOP)
    for each in files:
        page = shop.page(each["page"])
        anchors = [symbol["anchor"] for symbol in each["symbols"] if symbol["kind"] != "module"]
        assert all(f'<a id="{anchor}"></a>' in page for anchor in anchors)
