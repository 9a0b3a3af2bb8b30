"""Names of pages: plain where possible, legal everywhere, never two for one, never outside the output."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import PureWindowsPath
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwmagic.building.naming import LIMIT, Names, fits, named, owner
from kwmagic.mdtext import page_mark

TOP = ("index.md", "doc.md", "sub.md", "sub-a.md", "keywords.md", "keywords-a.md", "book.md")
OF_HTML = tuple(name.replace(".md", ".html") for name in TOP)
TWINS = ("keywords.json", "objects.inv", "kwmagic-site")
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
NAMES = st.one_of(
    st.sampled_from([*TOP, *OF_HTML, *TWINS]),
    st.sampled_from(
        ["a", "A", "m.py", "M.py", "m.py_docs.md", "m.py_docs.html", "M.PY_KW.md", "m.py~2", "con.py", "NUL"]
    ),
    st.sampled_from(
        ["INDEX.MD", "sub-x", "caf\xe9", "cafe\u0301", "stra\xdfe", "strasse", "a.", "a ", "..", "~0A", "\n"]
    ),
    st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=6),
    st.text(st.sampled_from('aA~2.: \udcff\n\\"'), min_size=1, max_size=5),
    st.builds("".join, st.lists(st.sampled_from(["x" * 90, "\u4e2d" * 40, "\U0001f600"]), min_size=1, max_size=4)),
)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), max_size=12)


def folders(paths: list[str]) -> set[str]:
    """All that hold a source, and the top."""
    return {"", *(path[: match.start()] for path in paths for match in re.finditer("/", path))}


def entries(names: Names, paths: list[str]) -> list[str]:
    """Every file and folder of the outputs as Markdown and as HTML, one each."""
    both = (names, replace(names, suffix=".html"))
    pages = [page for path in {*paths} for each in both for page in (each.docs(path), each.keywords(path))]
    for folder in folders(paths):
        place = names.folder(folder)
        pages += [f"{place}/{name}" if place else name for name in (*TOP[:4], *OF_HTML[:4])]
        pages += [place] if place else [*TOP[4:], *OF_HTML[4:], *TWINS]
    return pages


def same(path: str) -> str:
    """Equal for paths that a file system without case, which composes accents, takes for one."""
    return normalize("NFC", normalize("NFC", path).casefold())


@given(PATHS)
def test_no_two_are_the_same_to_any_file_system(paths: list[str]) -> None:
    found = Counter(map(same, entries(named(paths), paths)))
    assert [entry for entry, number in found.items() if number > 1] == []


@given(PATHS)
def test_every_name_is_legal_on_every_system(paths: list[str]) -> None:
    for entry in entries(named(paths), paths):
        for part in entry.split("/"):
            assert part.strip() not in {"", ".", ".."}, entry
            assert not re.search(r'[\x00-\x1f\x7f<>:"|?*\\]|[. ]$', part), entry
            assert len(part.encode()) <= LIMIT + 20, entry  # which fails for a lone surrogate
            assert part.partition(".")[0].rstrip(" ").lower() not in DEVICES, entry


@given(PATHS, st.randoms())
def test_order_and_repetition_do_not_matter(paths: list[str], dice: random.Random) -> None:
    other = [*paths, *paths]
    dice.shuffle(other)
    assert named(other) == named(paths)


@given(PATHS)
def test_pages_are_known_by_their_marks(paths: list[str]) -> None:
    names = named(paths)
    for path in paths:
        assert fits(names.docs(path), page_mark(path))
        assert fits(names.keywords(path), page_mark(path))
    for folder in folders(paths):
        assert fits(f"{names.folder(folder)}/doc.md".lstrip("/"), page_mark(f"{folder or '.'}/"))


@pytest.mark.parametrize(
    ("paths", "irregular"),
    [
        (["a/b/x.py", "a/b/x.pyi", "a.b/x.py", "README", "a/sub-x", ".hidden/~.py", "caf\xe9.py", "index.md"], {}),
        (["m.py", "M.py", "m.PY"], {"m.PY": "m.PY~2", "m.py": "m.py~3"}),
        (["P/x.py", "p/x.py"], {"p/": "p~2"}),
        (["x.py", "x.py_docs.md", "x.py_docs.md/y.py"], {"x.py_docs.md/": "x.py_docs.md~2"}),
        (["b.py", "b.py/c.py"], {}),
        (["caf\xe9/x", "cafe\u0301/x", "CAF\xc9/x"], {"cafe\u0301/": "cafe\u0301~2", "caf\xe9/": "caf\xe9~3"}),
        (["stra\xdfe", "STRASSE"], {"stra\xdfe": "stra\xdfe~2"}),
        (["Index.md/y", "keywords.md/y"], {"Index.md/": "Index.md~2", "keywords.md/": "keywords.md~2"}),
        (["index.html/y", "x", "x_kw.html/y"], {"index.html/": "index.html~2", "x_kw.html/": "x_kw.html~2"}),
        (["kwmagic-site/y", "a/kwmagic-site/y"], {"kwmagic-site/": "kwmagic-site~2"}),
        (["a/keywords.md/y", "a/sub-b.md/y"], {"a/sub-b.md/": "a/sub-b.md~2"}),
        (["con.py", "lpt1/x", "com\xb9.x/y"], {"con.py": "~63on.py", "lpt1/": "~6Cpt1", "com\xb9.x/": "~63om\xb9.x"}),
        (["a\nb", "b\udcff", "c\ud800"], {"a\nb": "a~0Ab", "b\udcff": "b~FF", "c\ud800": "c~ED~A0~80"}),
        (["\x85/\x85"], {"\x85/": "~C2~85", "\x85/\x85": "~C2~85/~C2~85"}),
        (["a~0Ab", "a\nb"], {"a\nb": "a~0Ab~2"}),
        (["a./x", "b. ./x", "c."], {"a./": "a~2E", "b. ./": "b. ~2E"}),
    ],
)  # fmt: skip
def test_the_rule_by_examples(paths: list[str], irregular: dict[str, str]) -> None:
    """Without what only lies in a folder whose name is changed."""
    found = named(paths).irregular
    last = {path: (path.rstrip("/").rpartition("/")[2], place.rpartition("/")[2]) for path, place in found.items()}
    assert {path: found[path] for path, (here, there) in last.items() if here != there} == irregular


def test_plain_pages() -> None:
    names = named(["a/b/x.py"])
    assert (names.docs("a/b/x.py"), names.keywords("a/b/x.py")) == ("a/b/x.py_docs.md", "a/b/x.py_kw.md")
    assert (names.folder(""), names.folder("a"), names.folder("a/b")) == ("", "a", "a/b")


def test_long_names_differ_where_the_originals_do() -> None:
    one, two = "\u4e2d" * 80 + "1.py", "\u4e2d" * 80 + "2.py"
    names = named([one, two, "x" * LIMIT])
    assert names.docs(one) != names.docs(two)
    assert re.fullmatch("\u4e2d{58}~[0-9a-f]{16}", names.irregular[one])
    assert names.docs("x" * LIMIT) == "x" * LIMIT + "_docs.md"


@pytest.mark.parametrize(
    "path", ["../x.py", "/etc/passwd", "C:/x.py", "C:\\x.py", "..\\x.py", "a/../../x.py", "//host/x", "./x", ".. /x"]
)
def test_no_name_leads_out(path: str) -> None:
    names = named([path, "etc/passwd"])
    for page in (names.docs(path), names.keywords(path)):
        assert not PureWindowsPath(page).anchor
        assert not re.search(r"(?:^|/)(?:\.\.?|)(?:/|$)|[:\\]", page)


def test_owners() -> None:
    for suffix, pages in ((".md", TOP), (".html", OF_HTML)):
        assert owner(f"a/x.py_docs{suffix}") == owner(f"a/x.py_kw{suffix}") == "a/x.py"
        assert [owner(f"a/{name}") for name in pages] == ["a/", "a/", "a/", "a/", None, None, None]
        assert {owner(name) for name in pages} == {"./"}
    shared = ("kwmagic-site/site.css", "kwmagic-site/menu.js", "kwmagic-site/search/t-de-e9.js")
    assert {owner(name) for name in (*TWINS[:2], *shared)} == {"./"}
    foreign = ("README.md", "_docs.md", "a/_kw.md", "x.md", "index.htm", "a/objects.inv", "site.css", "kwmagic-site")
    foreign += ("kwmagic-site/a/b/x.js", "kwmagic-site/x.png", "a/kwmagic-site/site.css")
    assert [name for name in foreign if owner(name) is not None] == []
    assert owner("sub-x_docs.md") == "sub-x"


def test_pages_of_an_output_inside_the_output_do_not_fit() -> None:
    assert fits("x.py_docs.md", page_mark("x.py"))
    assert not fits("docs/x.py_docs.md", page_mark("x.py"))
    assert not fits("docs/index.md", page_mark("./"))
    assert not fits("docs/x~2_docs.md", page_mark("x"))
    assert not fits("x~2_docs.md", page_mark("a/x"))
    assert fits("docs/x~2_docs.md", page_mark("docs/X"))
    assert not fits("x.py_docs.md", "x.py")
    assert not fits("README.md", page_mark("README.md"))
