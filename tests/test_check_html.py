"""`kwmagic check` of pages of HTML: links, anchors, the menu and the search index."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwmagic.building.build import build
from kwmagic.checking import Checked, check
from kwmagic.checking.exact import Found
from kwmagic.checking.html import _PLAIN, _found, _parsed, found_on
from kwmagic.mdtext import page_mark
from kwmagic.options import SiteOptions

SOURCES = {
    "shop/__init__.py": '"""A shop."""\n',
    "shop/goods.py": '"""What is sold."""\n\n\nclass Fruit:\n    """A fruit."""\n',
    "shop/till.py": "from shop.goods import Fruit\n\n\ndef pay() -> Fruit:\n    return Fruit()\n",
}
PIECES = (
    *("text", "\n", "\n\n", "a &amp; b", "> ", '"', "'", 'id="text"', "href='#no'"),
    *(
        '<p id="one">',
        "</p>",
        '<a href="x.html#one">',
        "</a>",
        '<a id="two" class="x"></a>',
        '<img src="a.png" alt="">',
    ),
    *('<a href="a&amp;b&#10;">', "<br>", "<br />", '<input type="search" disabled>', '<a name="old">', "<code>"),
    *(
        '<!-- <a href="no.html"> -->',
        "<!-- <script> -->",
        '<script src="s.js">"<a href=x>"</script>',
        "<!doctype html>",
    ),
    *('<style>a > b { color: "<a id=3>" }</style>', "<svg viewbox='0 0 1 1'>", '<use href="#one"/>', "<A HREF=up>"),
    *("<b", "<", "<a href=bare>", "<a href='single'>", "<!-- open", "</script>", '<a title="<b>" href="#x">', "\x00"),
)
PAGE = """\
<!doctype html>
<html lang="en"><head><link rel="stylesheet" href="site.css"><script defer src="site.js">"<a href='x'>"</script></head>
<body>
<!-- <a href="gone.html">
--><h1 id="top">x</h1> <a href="#top">up</a> <a href="other.html#a-b">b</a>
<span
 id="late"></span><img src="p%20q.png"></body></html>
"""


def written(folder: Path, **pages: str) -> Checked:
    """The check of a folder with pages of ours, by name without suffix."""
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(f"{body}\n{page_mark(name)}\n", encoding="utf-8")
    return check(str(folder), jobs=1)


def told(checked: Checked) -> list[tuple[str, int, str, str]]:
    return [each[:4] for each in checked.dead]


@pytest.fixture(scope="module", name="whole")
def _whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    for name, text in SOURCES.items():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "source" / name).write_text(text, encoding="utf-8")
    options = SiteOptions(to="html")
    build(str(folder / "source"), str(folder / "out"), options=options, cache=str(folder / "cache"), jobs=1)
    return folder / "out"


@pytest.fixture(name="site")
def _site(whole: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    for file in whole.rglob("*"):
        if file.is_file():
            place = tmp_path / file.relative_to(whole)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())
    return tmp_path


def damage(file: Path, pattern: str, by: str) -> None:
    """Replace what is there once or more often."""
    text, number = re.subn(pattern, by, file.read_text(encoding="utf-8"))
    assert number, pattern
    file.write_text(text, encoding="utf-8")


def test_all_links_and_anchors_are_found_with_their_lines():
    assert found_on(PAGE) == [
        Found(2, "site.css"),
        Found(2, "site.js"),
        Found(5, "top", is_anchor=True),
        Found(5, "#top"),
        Found(5, "other.html#a-b"),
        Found(6, "late", is_anchor=True),
        Found(7, "p%20q.png"),
    ]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_fast_way_finds_what_the_parser_finds(page: str) -> None:
    if _PLAIN.fullmatch(page):
        assert list(_found(page)) == _parsed(page)


def test_pages_that_are_built_go_the_fast_way_and_lead_somewhere(whole):
    for file in whole.rglob("*.html"):
        page = file.read_text(encoding="utf-8")
        assert _PLAIN.fullmatch(page), file
        assert list(_found(page)) == _parsed(page), file
    checked = check(str(whole))
    assert checked.dead == ()
    assert checked.links > 100


def test_dead_links_are_told(tmp_path):
    (tmp_path / "picture.png").write_bytes(b"")
    checked = written(
        tmp_path,
        one='<p id="a">\n<a href="two.html#b">x</a> <a href="two.html#c">x</a> <a href="#%61">x</a>\n<img src="no.png">'
        '<img src="picture.png"><a href="https://x.example/">x</a><a href="/root">x</a>',
        two='<p id="b"></p>\n<p id="b"></p>',
    )
    assert told(checked) == [
        ("one.html", 2, "two.html#c", "no such anchor on that page"),
        ("one.html", 3, "/root", "not relative"),
        ("one.html", 3, "no.png", "no such file"),
        ("two.html", 2, "#b", "anchor twice on one page"),
    ]


def test_pages_of_notebooks_need_no_site(tmp_path):
    (tmp_path / "tour_files").mkdir()
    (tmp_path / "tour_files/1.png").write_bytes(b"")
    assert written(tmp_path, tour='<img src="tour_files/1.png">').dead == ()
    (tmp_path / "tour.md").write_text(f"![](tour_files/2.png)\n\n{page_mark('tour')}\n", encoding="utf-8")
    assert told(check(str(tmp_path))) == [("tour.md", 1, "tour_files/2.png", "no such file")]


def test_links_on_pages_of_others_are_theirs(tmp_path):
    (tmp_path / "theirs.html").write_text('<p id="x"><a href="nowhere.html">x</a>', encoding="utf-8")
    checked = written(tmp_path, ours='<a href="theirs.html#x">x</a>')
    assert (checked.pages, checked.others) == (1, 1)
    assert [reason for *_, reason in told(checked)] == [
        "linked from our pages, but without their mark in its last line"
    ]


@pytest.mark.parametrize(
    ("name", "damaged", "page", "reason"),
    [
        ("shop/goods.py_docs.html", (r' id="L4"', ""), "shop/goods.py_docs.html", "no such anchor on that page"),
        ("shop/goods.py_kw.html", ("<!-- kwmagic page of .*", ""), "shop/goods.py_kw.html", "not marked as"),
        ("shop/index.html", (r'href="goods\.py_docs\.html"', ""), "shop/goods.py_docs.html", "not on the index of its"),
        ("keywords.json", (r"shop/till\.py_docs\.html", "x.html"), "keywords.json", "no such page: x.html"),
        ("kwmagic-site/menu.js", (r"shop/till\.py_docs", "gone"), "kwmagic-site/menu.js", "no such page"),
        ("kwmagic-site/menu.js", ("^kwmagic", "other"), "kwmagic-site/menu.js", "not in the form that kwmagic writes"),
        ("kwmagic-site/menu.js", ('"nodes":', '"nodes":' + "[" * 100_000), "kwmagic-site/menu.js", "not in the form"),
        ("kwmagic-site/search/d-0.js", ("-fruit", "-nut"), "kwmagic-site/search/d-0.js", "no such anchor"),
        ("kwmagic-site/search/d-0.js", (r"\[\[", "[[{"), "kwmagic-site/search/d-0.js", "not in the form that"),
        (
            "kwmagic-site/search/t-.js",
            (r'"fruit":\[\[', '"fruit":[[99,'),
            "kwmagic-site/search/t-.js",
            "not in the form",
        ),
    ],
)
def test_what_is_damaged_is_told(site, name, damaged, page, reason):
    damage(site / name, *damaged)
    assert [each for each in told(check(str(site))) if each[0] == page and each[3].startswith(reason)]


@pytest.mark.parametrize(
    "name",
    [
        *("shop/goods.py_kw.html", "shop/index.html", "kwmagic-site/site.css", "kwmagic-site/menu.js"),
        *("kwmagic-site/search/index.js", "kwmagic-site/search/d-0.js", "objects.inv", "keywords.json"),
        "kwmagic-site/search/t-.js",
    ],
)
def test_what_is_missing_is_told(site, name):
    (site / name).unlink()
    dead = check(str(site)).dead
    assert any(name in str(each) or Path(name).name in each.target for each in dead)


def test_the_result_is_json_too(site):
    (site / "shop/till.py_kw.html").unlink()
    data = json.loads(check(str(site)).json_text())
    assert data["kwmagic"] == 1
    assert {"page": "shop/till.py_docs.html", "line": 0} in [
        {key: each[key] for key in ("page", "line")} for each in data["dead"]
    ]
