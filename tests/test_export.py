"""Exporting notebooks: which ones, where their links lead, and that the result is whole, the same and inside OUT."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from kwmagic.building.build import build
from kwmagic.errors import OptionError, TargetError
from kwmagic.exporting.aiming import Surroundings, headings_linked
from kwmagic.exporting.beside import opened
from kwmagic.exporting.choosing import chosen
from kwmagic.exporting.executing import executed
from kwmagic.exporting.export import ExportReport, export
from kwmagic.exporting.site import Shown, index, nodes
from kwmagic.html.menu import MENU
from kwmagic.mdtext import page_mark
from kwmagic.options import ExportOptions, SiteOptions
from kwmagic.sitelinks import Site

KINDS = ("md", "html")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)


def markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(text: str, *outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    metadata = {"tags": [*tags]} if tags else {}
    return {"cell_type": "code", "metadata": metadata, "source": text, "execution_count": 1, "outputs": [*outputs]}


def notebook(*cells: dict[str, Any] | str, **metadata: object) -> str:
    """The content of an .ipynb; a text is a Markdown cell."""
    found = [markdown(each) if isinstance(each, str) else each for each in cells]
    return json.dumps({"cells": found, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}, ensure_ascii=False)


def planted(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def made(source: Path | str, out: Path, to: str = "md", **given: Any) -> ExportReport:
    """An export that has nothing to say."""
    names = ("format", "inputs", "trusted", "source_url")
    options = ExportOptions(to=to, **{name: given.pop(name) for name in names if name in given})
    return export([str(source)], str(out), options=options, say=pytest.fail, **given)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


PROJECT: dict[str, str | bytes] = {
    "pyproject.toml": "",
    "src/pack/core.py": 'def run():\n    """Run it."""\n    return 1\n\n\ndef stop():\n    return 2\n',
    "src/pack/__init__.py": '"""A pack."""\n',
    "docs/fig one.png": PNG,
    "docs/start.ipynb": notebook(
        "# Start\n\nSee [next](deep/next.ipynb#Second-Part), [again](deep/next.ipynb), "
        "[the code](../src/pack/core.py#L6), [the web](https://example.org/a?b#c) and [below](#More-Here).",
        "## More Here\n\n![A figure](fig%20one.png)\n\n<img src='fig%20one.png' alt='the same'>",
    ),
    "docs/deep/next.ipynb": notebook(
        "# Next\n\nText.", "## Second Part\n\nBack to [the start](../start.ipynb#More-Here)."
    ),
}
"""A project with notebooks in it, which lead to each other, to images and to sources."""


# --- which notebooks ----------------------------------------------------------------------------------------------


def test_a_folder_is_searched_for_notebooks_that_somebody_wrote(tmp_path: Path) -> None:
    files = ["a.ipynb", "b/c.IPYNB", ".ipynb_checkpoints/a.ipynb", "skipped/d.ipynb", "out/e.ipynb", "f.py"]
    planted(tmp_path, dict.fromkeys(files, notebook("x")) | {".gitignore": "skipped/", ".git/HEAD": ""})
    found = chosen([str(tmp_path)], str(tmp_path / "out"), ".md")
    assert found.pages == {"a.ipynb": "a.md", "b/c.IPYNB": "b/c.md"}
    assert found.file("b/c.IPYNB") == str(tmp_path.resolve() / "b" / "c.IPYNB")


def test_several_keep_their_places_below_the_folder_around_all(tmp_path: Path) -> None:
    planted(tmp_path, dict.fromkeys(("a/x.ipynb", "a/y.ipynb", "b/x.ipynb"), notebook("x")) | {"pyproject.toml": ""})
    given = [str(tmp_path / "a" / "x.ipynb"), str(tmp_path / "b"), str(tmp_path / "a" / "x.ipynb")]
    assert chosen(given, "out", ".html").pages == {"a/x.ipynb": "a/x.html", "b/x.ipynb": "b/x.html"}
    assert chosen(given[:1], "out", ".html").pages == {"x.ipynb": "x.html"}
    assert chosen([str(tmp_path / "a" / "y.ipynb"), given[0]], "out", ".md").folder == str(tmp_path.resolve() / "a")


def test_notebooks_are_shown_in_the_order_given(tmp_path: Path) -> None:
    planted(tmp_path, dict.fromkeys(("z.ipynb", "b/y.ipynb", "b/a.ipynb", "a.ipynb"), notebook("x")))
    given = [str(tmp_path / name) for name in ("z.ipynb", "b", "a.ipynb")]
    pages = chosen(given, "out", ".html").pages
    assert [*pages] == ["z.ipynb", "b/a.ipynb", "b/y.ipynb", "a.ipynb"]
    shown = [Shown(page, path, ()) for path, page in pages.items()]
    menu = [(node.title, [each.title for each in node.children]) for node in nodes(shown)]
    assert menu == [("Index", []), ("z.ipynb", []), ("a.ipynb", []), ("b", ["b/a.ipynb", "b/y.ipynb"])]
    assert re.findall(r"\]\((.*?)\)", index("Site", shown)) == ["z.html", "a.html", "b/a.html", "b/y.html"]


def test_several_of_no_one_project_are_each_by_themselves(tmp_path: Path) -> None:
    planted(tmp_path, dict.fromkeys(("a/deep/x.ipynb", "b/x.ipynb", "c/d/y.ipynb"), notebook("x")))
    given = [str(tmp_path / "a" / "deep" / "x.ipynb"), str(tmp_path / "b" / "x.ipynb"), str(tmp_path / "c")]
    pages = {"a/deep/x.ipynb": "x.md", "b/x.ipynb": "x~2.md", "c/d/y.ipynb": "c/d/y.md"}
    assert chosen(given, "out", ".md").pages == pages


@pytest.mark.skipif(os.name != "posix", reason="such files can't be made here")
def test_pages_have_names_that_every_system_takes(tmp_path: Path) -> None:
    planted(tmp_path, dict.fromkeys(("what?.ipynb", "con.ipynb", "M.ipynb", "m.ipynb"), notebook("x")))
    if len(list(tmp_path.iterdir())) < 4:
        pytest.skip("the file system takes M and m for one")
    pages = chosen([str(tmp_path)], "out", ".md").pages
    assert pages == {"M.ipynb": "M.md", "con.ipynb": "~63on.md", "m.ipynb": "m~2.md", "what?.ipynb": "what~3F.md"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "no notebook is given"),
        (["nothing.ipynb"], "there is no .*nothing.ipynb"),
        (["a.py"], "is no notebook"),
        (["empty"], "there is no notebook in .*empty"),
    ],
)
def test_what_holds_no_notebook_is_named(tmp_path: Path, given: list[str], says: str) -> None:
    planted(tmp_path, {"a.py": "", "empty/b.py": ""})
    with pytest.raises(TargetError, match=says):
        chosen([str(tmp_path / each) for each in given], "out", ".md")


# --- links --------------------------------------------------------------------------------------------------------


def around(page: str = "docs/start.md", template: str | None = None, *, closed: bool = False) -> Surroundings:
    """A notebook at /p/docs/start.ipynb, whose page is in /p/out."""
    pages = {"/p/docs/start.ipynb": page, "/p/docs/deep/a b.ipynb": f"docs/deep/a b.{page.rpartition('.')[2]}"}
    return Surroundings("/p/docs", "/p", Site(page, "..", template, closed=closed), pages, None, lambda _file: None)


@pytest.mark.parametrize(
    ("url", "on_page"),
    [
        ("https://example.org/x?y=1#z", "https://example.org/x?y=1#z"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("#Here", "#Here"),
        ("deep/a%20b.ipynb", "deep/a%20b.md"),
        ("./deep/../deep/a b.ipynb#My-Heading", "deep/a%20b.md#My-Heading"),
        ("deep/a%20b.ipynb#line=3", "deep/a%20b.md"),
        ("start.ipynb#Here", "#Here"),
        ("../src/x.py", "../../src/x.py"),
        ("../src/x.py#L12", "../../src/x.py#L12"),
        ("../src/x.py#line=11", "../../src/x.py#L12"),
        ("../README.md#install", "../../README.md#install"),
        ("data/t.csv?raw=1", "../../docs/data/t.csv"),
        (r"..\src\x.py", "../../src/x.py"),
        ("../../elsewhere/x.py", None),
        ("/etc/passwd", None),
        ("//example.org/x", None),
        ("file:///etc/passwd", None),
        ("C:/x.py", None),
        ("c%3A/x.py", None),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        (" javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("http://[", None),
        ("x%00.py", None),
        ("", None),
    ],
)
def test_links_lead_from_the_page_to_where_they_led_from_the_notebook(url: str, on_page: str | None) -> None:
    assert around().aim(url) == on_page


def test_links_to_sources_follow_what_shows_them() -> None:
    assert around("docs/start.html").aim("../src/x.py#L12") == "../../src/x.py"
    assert around(closed=True).aim("../src/x.py#L12") is None
    forge = around(template="https://forge/o/r/blob/main/{path}#L{line}", closed=True)
    assert forge.aim("../src/x y.py#L12") == "https://forge/o/r/blob/main/src/x%20y.py#L12"
    assert forge.aim("../src/x.py") == "https://forge/o/r/blob/main/src/x.py"
    assert forge.aim("../../elsewhere/x.py#L12") is None
    ranges = around(template="https://forge/{path}?from={line}&to={end}")
    assert ranges.aim("../x.py#L3-L9") == "https://forge/x.py?from=3&to=9"


def test_headings_that_other_notebooks_link_to_are_found() -> None:
    text = notebook(
        '[a](b/c.ipynb#One) <a href="../d%20e.ipynb#Zw%C3%B6lf">x</a> [no](b/c.ipynb) [w](https://x/y.ipynb)'
    )
    assert [*headings_linked(text, "/p/docs")] == [("/p/docs/b/c.ipynb", "One"), ("/p/d e.ipynb", "Zwölf")]


def test_a_text_of_an_image_links_to_no_heading() -> None:
    """Nor is it searched for ever."""
    assert [*headings_linked("iVBORw0KGgo" * 200_000, "/p")] == []


# --- pages of a build beside them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("to", KINDS)
def test_links_to_sources_lead_to_the_pages_of_a_build(tmp_path: Path, to: str) -> None:
    source = planted(tmp_path / "p", PROJECT)
    build(str(source / "src"), str(tmp_path / "site"), options=SiteOptions(to=to), jobs=1, cache=str(tmp_path / "c"))
    report = made(source / "docs", tmp_path / "out", to, with_pages=str(tmp_path / "site"))
    assert report.problems == ()
    section = next(link for link in links(tmp_path / "out" / f"start.{to}") if "core.py" in link)
    assert section.startswith(f"../site/pack/core.py_docs.{to}#kw-")
    assert section.endswith("-stop")
    assert_links_resolve(tmp_path / "out")


def test_a_file_is_found_on_the_pages_of_a_build_by_its_place_below_the_folder_they_are_of(tmp_path: Path) -> None:
    source = planted(tmp_path / "p", PROJECT)
    build(str(source / "src"), str(tmp_path / "site"), jobs=1, cache=str(tmp_path / "c"))
    beside = opened(str(tmp_path / "site"), str(tmp_path / "out"), ".md")
    page, anchor = beside.section("/anywhere/src/pack/core.py", 2) or ("", "")
    assert (page, anchor.rpartition("-")[2]) == ("../site/pack/core.py_docs.md", "run")
    assert beside.section("/anywhere/src/pack/core.py", 4) == (page, "")
    assert beside.section("/anywhere/src/pack/core.py") == (page, "")
    assert beside.section("/anywhere/pack/core.py") is None
    assert beside.section("/anywhere/src/core.py") is None


def test_links_to_lines_on_a_forge_lead_to_the_pages_of_a_build(tmp_path: Path) -> None:
    source = planted(tmp_path / "p", PROJECT)
    build(str(source / "src"), str(tmp_path / "site"), jobs=1, cache=str(tmp_path / "c"))
    beside = opened(str(tmp_path / "site"), str(tmp_path / "out"), ".md")
    here = around()
    aim = replace(here, beside=beside).aim
    page = "https://forge/o/src/blob/v1/src/pack/core.py"
    on_page = aim(f"{page}#L2")
    assert on_page is not None
    assert on_page.endswith("/site/pack/core.py_docs.md#" + on_page.rpartition("#")[2])
    assert on_page.endswith("-run")
    for other in (page, f"{page}#readme", "https://forge/o/src/blob/v1/src/pack/none.py#L2"):
        assert aim(other) == other
    assert here.aim(f"{page}#L2") == f"{page}#L2"


def test_pages_beside_must_be_of_a_build_of_the_same_kind(tmp_path: Path) -> None:
    source = planted(tmp_path / "p", PROJECT)
    build(str(source / "src"), str(tmp_path / "site"), jobs=1, cache=str(tmp_path / "c"))
    with pytest.raises(OptionError, match="are of another kind; build them with --to html"):
        made(source / "docs", tmp_path / "out", "html", with_pages=str(tmp_path / "site"))
    with pytest.raises(OptionError, match="holds no pages of a build"):
        made(source / "docs", tmp_path / "out", with_pages=str(source))
    assert not (tmp_path / "out").exists()


def test_an_html_site_is_not_put_into_that_of_a_build(tmp_path: Path) -> None:
    source = planted(tmp_path / "p", PROJECT)
    site = tmp_path / "site"
    build(str(source / "src"), str(site), options=SiteOptions(to="html"), jobs=1, cache=str(tmp_path / "c"))
    with pytest.raises(OptionError, match="holds the pages of a build"):
        made(source / "docs", site, "html")


# --- laws ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The addresses and places of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        for name, value in attrs:
            if name in {"href", "src"}:
                self.links.append(value or "")
            elif name == "id":
                self.places.add(value or "")


def parsed(page: Path) -> Page:
    text = page.read_text(encoding="utf-8")
    return Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(text) if page.suffix == ".md" else text)


def links(page: Path) -> list[str]:
    return parsed(page).links


def dead_links(out: Path) -> Iterator[str]:
    pages = {path.resolve(): parsed(path) for path in out.rglob("*") if path.suffix in {".md", ".html"}}
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https", "mailto", "data"}:
                continue
            target = path.parent.joinpath(unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.exists() or (target in pages and place and place not in pages[target].places):
                yield f"{path.name}: {link}"


def assert_links_resolve(out: Path) -> None:
    assert [*dead_links(out)] == []


@pytest.mark.parametrize("to", KINDS)
def test_every_link_of_the_pages_leads_somewhere(tmp_path: Path, to: str) -> None:
    source = planted(tmp_path / "p", PROJECT)
    report = made(source / "docs", tmp_path / "out", to)
    assert report.problems == ()
    assert {"start." + to, "deep/next." + to} <= {*report.pages}
    assert_links_resolve(tmp_path / "out")
    assert f"deep/next.{to}#Second-Part" in links(tmp_path / "out" / f"start.{to}")
    pictures = [link for link in links(tmp_path / "out" / f"start.{to}") if link.endswith(".png")]
    assert len(pictures) == 2
    assert {(tmp_path / "out" / link).read_bytes() for link in pictures} == {PNG}


@pytest.mark.parametrize("to", KINDS)
def test_the_same_notebooks_have_the_same_pages_anywhere(
    tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for name in ("here", "somewhere/else"):
        source = planted(tmp_path / name, PROJECT)
        made(source / "docs", source / "out", to)
        found.append(tree(source / "out"))
    monkeypatch.chdir(tmp_path / "here" / "docs")
    made(".", Path("../again"), to)
    assert found[0] == found[1] == tree(tmp_path / "here" / "again")
    assert str(tmp_path).encode() not in b"".join(found[0].values())


@pytest.mark.parametrize("to", KINDS)
def test_nothing_is_written_but_in_the_output(tmp_path: Path, to: str) -> None:
    planted(tmp_path, PROJECT)
    before = tree(tmp_path)
    made(tmp_path / "docs", tmp_path / "out", to)
    after = tree(tmp_path)
    assert {path: data for path, data in after.items() if not path.startswith("out/")} == before
    assert len(after) > len(before)


@pytest.mark.parametrize("to", KINDS)
def test_what_is_the_same_is_not_written_again(tmp_path: Path, to: str) -> None:
    planted(tmp_path, PROJECT)
    first = made(tmp_path / "docs", tmp_path / "out", to)
    assert (first.written, first.unchanged) == (len(first.pages), 0)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    again = made(tmp_path / "docs", tmp_path / "out", to)
    assert (again.pages, again.written, again.unchanged) == (first.pages, 0, len(first.pages))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == times
    planted(tmp_path, {"docs/deep/next.ipynb": notebook("# Next\n\nText.", "## Second Part\n\nAnew.")})
    assert made(tmp_path / "docs", tmp_path / "out", to).written == 1


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_page_that_leaves_the_menu_is_named(tmp_path: Path, is_ours: bool) -> None:
    planted(tmp_path, PROJECT)
    first = made(tmp_path / "docs", tmp_path / "out", "html")
    (tmp_path / "docs" / "deep" / "next.ipynb").unlink()
    if not is_ours:
        (tmp_path / "out" / "deep" / "next.html").write_text("mine")
    second = made(tmp_path / "docs", tmp_path / "out", "html")
    assert {*first.pages} - {*second.pages} == {"deep/next.html"}
    left = [page for page, _, reason in second.problems if "earlier export" in reason]
    assert left == (["deep/next.html"] if is_ours else [])


@pytest.mark.parametrize("menu", ["mine", '{"nodes":[["a",{"b":0}],["c",""],0]}', '{"nodes":' + "[" * 100_000, "[]"])
def test_a_menu_that_is_damaged_is_made_anew(tmp_path: Path, menu: str) -> None:
    planted(tmp_path, PROJECT)
    made(tmp_path / "docs", tmp_path / "out", "html")
    file = tmp_path / "out" / MENU
    whole = file.read_text()
    file.write_text(f"kwmagic({menu})\n{page_mark('./')}\n")
    assert not any("earlier" in reason for *_, reason in made(tmp_path / "docs", tmp_path / "out", "html").problems)
    assert file.read_text() == whole


# --- the output ---------------------------------------------------------------------------------------------------


def test_images_that_are_shown_no_more_are_removed(tmp_path: Path) -> None:
    source = planted(tmp_path / "p", {"x.ipynb": notebook("![a](fig.png)"), "fig.png": PNG, "pyproject.toml": ""})
    out = tmp_path / "out"
    made(source, out)
    (out / "x_files" / "mine.png").write_bytes(PNG)
    planted(source, {"x.ipynb": notebook("no image")})
    made(source, out)
    assert tree(out).keys() == {"x.md", "x_files/mine.png"}
    (out / "x_files" / "mine.png").unlink()
    made(source, out)
    assert tree(out).keys() == {"x.md"}
    assert not (out / "x_files").exists()


@pytest.mark.parametrize("to", KINDS)
def test_what_is_not_ours_is_left_and_the_others_are_written(tmp_path: Path, to: str) -> None:
    planted(tmp_path, PROJECT)
    mine = {f"out/start.{to}": "mine", "out/deep": "a file", "out/index.html": f"<p>mine\n{page_mark('./')}\n"}
    planted(tmp_path, {**mine, "docs/third.ipynb": notebook("# Third")})
    report = made(tmp_path / "docs", tmp_path / "out", to)
    index = {"index.html"} if to == "html" else set()
    assert {path for path, _, _ in report.problems} == {"start.ipynb", "deep/next.ipynb", *index}
    assert all("is left as it is" in reason for _, _, reason in report.problems)
    assert report.pages == (f"third.{to}",)
    assert {path: (tmp_path / path).read_text() for path in mine} == mine


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights here")
def test_links_in_the_output_are_not_followed(tmp_path: Path) -> None:
    planted(tmp_path, PROJECT)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "deep").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out" / "start_files").symlink_to(tmp_path / "elsewhere")
    report = made(tmp_path / "docs", tmp_path / "out")
    assert [reason.partition(" and ")[0] for _, _, reason in report.problems] == [
        "deep is a link",
        "start_files is a link",
    ]
    assert tree(tmp_path / "elsewhere") == {}


@pytest.mark.skipif(os.name == "nt", reason="links need rights here")
def test_images_from_outside_of_the_project_stay_there(tmp_path: Path) -> None:
    planted(tmp_path, {"secret.png": PNG})
    source = planted(tmp_path / "p", {"x.ipynb": notebook("![a](../secret.png) ![b](link.png)"), "pyproject.toml": ""})
    (source / "link.png").symlink_to(tmp_path / "secret.png")
    made(source, tmp_path / "out")
    assert tree(tmp_path / "out").keys() == {"x.md"}


@pytest.mark.parametrize("to", KINDS)
def test_images_that_are_missing_or_live_are_named_and_their_texts_stay(tmp_path: Path, to: str) -> None:
    text = "See ![the figure](gone.png) and ![the drawing](live.svg), ![far](https:far.example/x.png)."
    live = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    source = planted(tmp_path / "p", {"d/x.ipynb": notebook(text), "pyproject.toml": "", "d/live.svg": live})
    report = made(source / "d", tmp_path / "out", to)
    assert [(path, reason.partition(" has")[0]) for path, _, reason in report.problems] == [
        ("x.ipynb", "the image d/gone.png is missing"),
        ("x.ipynb", "the image d/live.svg"),
    ]
    assert "See the figure and the drawing, far." in (tmp_path / "out" / f"x.{to}").read_text(encoding="utf-8")
    assert_links_resolve(tmp_path / "out")


def test_an_html_site_has_an_index_of_the_notebooks(tmp_path: Path) -> None:
    planted(tmp_path, PROJECT)
    report = made(tmp_path / "docs", tmp_path / "out", "html")
    assert report.pages == ("deep/next.html", "index.html", "start.html")
    assert {"start.html", "deep/next.html"} <= {*links(tmp_path / "out" / "index.html")}
    planted(tmp_path, {"docs/index.ipynb": notebook("# All of it\n\n[start](start.ipynb)")})
    (tmp_path / "out" / "index.html").unlink()
    report = made(tmp_path / "docs", tmp_path / "out", "html")
    assert "index.html" in report.pages
    assert "All of it" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_files_of_the_search_that_are_needed_no_more_are_removed(tmp_path: Path) -> None:
    planted(tmp_path, PROJECT)
    made(tmp_path / "docs", tmp_path / "fresh", "html")
    planted(tmp_path, {"docs/other.ipynb": notebook("# Zyzzyva\n\n" + " ".join(f"zq{n}xk" for n in range(30_000)))})
    made(tmp_path / "docs", tmp_path / "out", "html")
    assert len(tree(tmp_path / "out")) > len(tree(tmp_path / "fresh")) + 1
    (tmp_path / "docs" / "other.ipynb").unlink()
    (tmp_path / "out" / "other.html").unlink()
    made(tmp_path / "docs", tmp_path / "out", "html")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_pages_for_a_site_generator_have_its_front_matter_and_no_link_out(tmp_path: Path) -> None:
    planted(tmp_path, PROJECT)
    made(tmp_path / "docs", tmp_path / "out", format="mkdocs")
    page = tmp_path / "out" / "start.md"
    assert page.read_text(encoding="utf-8").startswith('---\ntitle: "Start"\n---\n')
    assert not [link for link in links(page) if "core.py" in link]
    assert "the code" in page.read_text(encoding="utf-8")


# --- execution ----------------------------------------------------------------------------------------------------


def test_a_notebook_is_run_in_its_folder_and_stays_as_it_is(tmp_path: Path) -> None:
    text = notebook(
        code("print(open('data.txt').read() * 2)", {"output_type": "stream", "name": "stdout", "text": "old"})
    )
    planted(tmp_path / "p", {"x.ipynb": text, "data.txt": "fresh"})
    report = made(tmp_path / "p", tmp_path / "out", execute=True)
    assert report.problems == ()
    page = (tmp_path / "out" / "x.md").read_text(encoding="utf-8")
    assert "freshfresh" in page
    assert "from before" not in page
    assert (tmp_path / "p" / "x.ipynb").read_text(encoding="utf-8") == text


def test_what_is_run_links_to_the_sources_of_its_project(tmp_path: Path) -> None:
    cells = code("%load_ext kwmagic"), code("%kwindex ../src/pack/core.py")
    planted(tmp_path, {**PROJECT, "docs/run.ipynb": notebook(*cells)})
    report = made(tmp_path / "docs" / "run.ipynb", tmp_path / "out", execute=True)
    assert report.problems == ()
    assert "../src/pack/core.py#L6" in links(tmp_path / "out" / "run.md")


def test_an_error_ends_the_run_and_stands_on_the_page(tmp_path: Path) -> None:
    old = {"output_type": "stream", "name": "stdout", "text": "from before"}
    planted(
        tmp_path / "p", {"x.ipynb": notebook("# X", code("1/0"), code("print('on')", old)), "y.ipynb": notebook("# Y")}
    )
    report = made(tmp_path / "p", tmp_path / "out", execute=True)
    says = "cell 2: ZeroDivisionError: division by zero; the cells below were not run"
    assert report.problems == (("x.ipynb", 0, says),)
    assert report.pages == ("x.md", "y.md")
    page = (tmp_path / "out" / "x.md").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in page
    assert "from before" not in page


@pytest.mark.parametrize("given", [{}, {"execution": {"allow_errors": True}}])
def test_an_error_that_is_expected_is_no_problem(tmp_path: Path, given: dict[str, object]) -> None:
    tags = () if given else ("raises-exception",)
    text = notebook(code("1/0", tags=tags), code("print(6 * 7)"), **given)
    run = executed(text, str(tmp_path / "x.ipynb"), str(tmp_path))
    assert run.problems == ()
    assert "division by zero" in run.text
    assert '"42\\n"' in run.text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (notebook(code("import time; time.sleep(60)")), "took longer than 1 s"),
        (notebook(code("import os; os._exit(1)")), "died"),
        (notebook(code("1"), kernelspec={"name": "no-such", "language": "cobol"}), "there is no kernel no-such"),
        ('{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4}', "no valid notebook"),
        ("no JSON", "no valid notebook"),
    ],
)
def test_what_can_not_be_run_is_named(tmp_path: Path, text: str, says: str) -> None:
    run = executed(text, str(tmp_path / "x.ipynb"), str(tmp_path), timeout=1)
    assert says in run.problems[0].message


def test_a_kernel_of_python_that_is_not_here_is_replaced(tmp_path: Path) -> None:
    text = notebook(code("print(6 * 7)"), kernelspec={"name": "my-env", "language": "python"})
    run = executed(text, str(tmp_path / "x.ipynb"), str(tmp_path))
    assert run.problems == ()
    assert '"42\\n"' in run.text
