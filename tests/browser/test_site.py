"""The HTML site as a reader has it who opened it from disk: search, menu, folds, themes, phones, paper, axe's rules."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest
from site_browser import complaints, reading, served

from kwmagic.cli import run

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent
TOUR, SHAPES, INDEX = "notes/tour.html", "code/shapes/base.py_docs.html", "code/index.html"
PAGES = [TOUR, SHAPES, INDEX, "notes/index.html", "code/shapes/flat/broken.py_docs.html", "code/keywords.html"]
WIDE, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}
FOLDED = {
    "cells": [
        {
            "cell_type": "markdown",
            "id": "one",
            "metadata": {},
            "source": "# Folded\n\n[Look inside](#Deep-inside)\n\n<details><summary>More</summary>\n\n"
            + "Words.\n\n" * 60
            + "### Deep inside\n\nFound.\n\n</details>\n",
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
CLOSED = "document.querySelectorAll('details:not([open])')"
IS_SEEN = """element => {
  const box = element.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight + 1 && element.checkVisibility({visibilityProperty: true});
}"""


@pytest.fixture(name="site", scope="module")
def _site(tmp_path_factory):
    """The pages of a package, and beside them those of the tour."""
    root = tmp_path_factory.mktemp("site")
    shutil.copytree(HERE.parent / "cases" / "pages" / "package", root / "src", ignore=shutil.ignore_patterns("*.*.*"))
    (root / "folded.ipynb").write_text(json.dumps(FOLDED), encoding="utf-8")
    shutil.copy(HERE.parents[1] / "notebooks" / "tour.ipynb", root)
    code, notes = str(root / "code"), str(root / "notes")
    notebooks = [str(root / name) for name in ("tour.ipynb", "folded.ipynb")]
    assert run(["build", str(root / "src"), "--to", "html", "-o", code, "--quiet"]) == 0
    assert run(["export", *notebooks, "--to", "html", "-o", notes, "--with-pages", code]) == 0
    return root


@pytest.fixture(name="reader")
def _reader(browser, site):
    """A reader who has the site on disk."""
    with reading(browser, f"{site.as_uri()}/") as reader:
        yield reader


@pytest.fixture(name="reader_on_the_web")
def _reader_on_the_web(browser, site):
    with served(site) as url, reading(browser, url) as reader:
        yield reader


@pytest.fixture(name="picture")
def _picture(tmp_path_factory):
    """Keeps a picture of the page for somebody to look at."""
    folder = Path(os.environ.get("KWMAGIC_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return lambda page, name: page.screenshot(path=folder / f"site-{name}.png")


@pytest.fixture(name="complaints_of_axe", scope="module")
def _complaints_of_axe():
    """What axe finds on a page that keeps people from reading it."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("not installed: axe-playwright-python")
    import axe_playwright_python  # noqa: PLC0415  # it may be missing

    axe = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    return partial(complaints, axe)


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_from_disk_and_fit(path, reader, picture):
    for name, viewport in (("wide", WIDE), ("phone", PHONE)):
        reader.page.set_viewport_size(viewport)
        page = reader.open(path)
        assert page.locator("h1").count() == 1
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        picture(page, f"{path.replace('/', '-').removesuffix('.html')}-{name}")


def test_a_definition_is_found_and_followed_by_keyboard_alone(reader, picture):
    page = reader.open(INDEX)
    page.keyboard.press("/")
    page.keyboard.type("shap")
    page.locator("#kw-search[aria-expanded=true]").wait_for()
    results = page.locator(".kw-result").all_inner_texts()
    picture(page, "search")
    at = next(number for number, text in enumerate(results) if text.startswith("Shape class"))
    for _ in range(at + 1):
        page.keyboard.press("ArrowDown")
    chosen = page.locator("#" + page.locator("#kw-search").get_attribute("aria-activedescendant"))
    assert chosen.inner_text().startswith("Shape class · shapes/base.py\nA shape has an area.")
    assert chosen.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.locator("h3:target").wait_for()
    assert reader.at.startswith(f"{SHAPES}#kw-")
    assert page.locator(":target").evaluate(IS_SEEN)
    assert page.locator(":target").inner_text().startswith("class Shape")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("Circle", "Circle class"),
        ("circl", "Circle class"),
        ("shapes.flat", "shapes.flat module"),
        ("shapes", "shapes"),
        ("area shape", "Shape"),
        ("áreá", "Shape.area property"),
        ("ShapeArea", "Shape.area property"),
        ("circle round", "Circle class · shapes/flat/round.py\nRound | <b>flat</b>."),
        ("other languages", "Other languages section · A tour of kwmagic"),
    ],
)
def test_what_is_found_first(words, first, reader):
    reader.open(TOUR)
    assert reader.search(words)[0].startswith(first)


def test_a_site_on_the_web_works_alike(reader_on_the_web):
    page = reader_on_the_web.open("code/")
    assert page.locator("#kw-menu [aria-current=page]").all_inner_texts() == ["Index"]
    assert reader_on_the_web.search("Shape")[0].startswith("Shape class")
    page.keyboard.press("Enter")
    page.locator("h3:target").wait_for()
    assert reader_on_the_web.at.startswith(f"{SHAPES}#kw-")


def test_nothing_found_is_said(reader):
    page = reader.open(INDEX)
    assert reader.search("nothing.like this") == []
    assert page.locator("#kw-results [role=status]").inner_text() == "No matches."
    page.keyboard.press("Tab")
    assert not page.locator("#kw-results").is_visible()
    reader.search("shape")
    page.keyboard.press("Escape")
    assert not page.locator("#kw-results").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#kw-search").input_value() == ""
    page.locator("#kw-main").click()
    page.keyboard.press("Control+k")
    assert page.locator("#kw-search").evaluate("box => box === document.activeElement")


def test_the_menu_unfolds_to_this_page_and_on(reader):
    page = reader.open(SHAPES)
    current = page.locator("#kw-menu [aria-current=page]")
    assert current.all_inner_texts() == ["base.py"]
    assert current.evaluate(IS_SEEN)
    fold = page.get_by_role("button", name="Pages in flat")
    assert fold.get_attribute("aria-expanded") == "false"
    fold.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="round.py", exact=True).first.click()
    assert reader.at == "code/shapes/flat/round.py_docs.html"


def test_the_menu_shows_what_a_page_is_of_that_is_not_in_it(reader):
    page = reader.open("code/shapes/flat/round.py_kw.html")
    assert page.locator("#kw-menu [aria-current=true]").all_inner_texts() == ["round.py"]
    page = reader.open("code/shapes/doc.html")
    assert page.locator("#kw-menu [aria-current=true]").all_inner_texts() == ["shapes"]
    page = reader.open("notes/index.html")
    assert page.locator("#kw-menu [aria-current=page]").all_inner_texts() == ["Index"]


def test_a_result_shows_where_the_word_is(reader):
    page = reader.open(TOUR)
    results = page.locator(".kw-result-text")
    reader.search("SQLiteSignatureStore")
    shown = [text for text in results.all_inner_texts() if "SQLiteSignatureStore" in text]
    assert any(text.startswith("… ") for text in shown)


def test_a_click_on_the_number_of_a_line_is_its_address(reader):
    page = reader.open(SHAPES)
    line = page.locator("#L7")
    line.scroll_into_view_if_needed()
    before = page.evaluate("() => scrollY")
    line.click(position={"x": 80, "y": 8})
    assert reader.at == SHAPES
    line.click(position={"x": 10, "y": 8})
    assert (reader.at, page.evaluate("() => scrollY")) == (f"{SHAPES}#L7", before)
    assert page.locator(":target").evaluate("line => getComputedStyle(line).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_pages_beside_are_in_the_menu_of_the_notebooks(reader):
    page = reader.open(TOUR)
    assert page.locator("#kw-menu [aria-current=page]").all_inner_texts() == ["A tour of kwmagic"]
    page.locator("#kw-menu").get_by_role("link", name="shapes", exact=True).click()
    assert reader.at == "code/shapes/index.html"


def test_the_menu_of_a_phone_is_a_drawer(reader, picture, complaints_of_axe):
    reader.page.set_viewport_size(PHONE)
    page = reader.open(SHAPES)
    button, menu = page.locator("#kw-menu-button"), page.locator("#kw-menu")
    assert not menu.is_visible()
    button.click()
    page.wait_for_function("() => document.getElementById('kw-menu').contains(document.activeElement)")
    assert button.get_attribute("aria-expanded") == "true"
    page.wait_for_timeout(300)
    picture(page, "drawer")
    assert complaints_of_axe(page, "#kw-menu") == []
    page.keyboard.press("Escape")
    assert button.evaluate("button => button === document.activeElement")
    page.wait_for_function("() => getComputedStyle(document.getElementById('kw-menu')).visibility === 'hidden'")
    button.click()
    page.mouse.click(370, 600)
    assert button.get_attribute("aria-expanded") == "false"


def test_the_contents_are_folded_on_a_phone_only(reader, complaints_of_axe):
    page = reader.open(SHAPES)
    contents = page.locator("#kw-toc details > ol")
    assert contents.is_visible()
    reader.page.set_viewport_size(PHONE)
    contents.wait_for(state="hidden")
    page.locator("#kw-toc summary").press("Enter")
    contents.wait_for()
    assert complaints_of_axe(page, "#kw-toc") == []


def test_the_theme_is_kept(reader):
    page = reader.open(INDEX)
    paper = "() => getComputedStyle(document.body).backgroundColor"
    light, button = page.evaluate(paper), page.locator("#kw-theme")
    button.click()
    assert (button.get_attribute("aria-label"), page.evaluate(paper)) == ("Theme: light", light)
    button.click()
    dark = page.evaluate(paper)
    assert (button.get_attribute("aria-label"), dark != light) == ("Theme: dark", True)
    reader.open(SHAPES)
    assert page.evaluate(paper) == dark
    button.click()
    assert (button.get_attribute("aria-label"), page.evaluate(paper)) == ("Theme: auto", light)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(paper) == dark


def test_a_link_into_a_fold_opens_it(reader):
    page = reader.open("notes/folded.html")
    part, heading = page.locator("details"), page.get_by_role("heading", name="Deep inside")
    for _ in range(2):  # the second time the address stays as it is
        assert not heading.is_visible()
        page.get_by_role("link", name="Look inside").click()
        heading.wait_for()
        assert heading.evaluate(IS_SEEN)
        part.evaluate("part => { part.open = false; }")
    reader.open(INDEX)
    reader.open("notes/folded.html#deep-inside")
    assert heading.evaluate(IS_SEEN)


def test_paper_shows_what_is_folded_and_no_menu(reader):
    page = reader.open(TOUR)
    page.evaluate(f"() => addEventListener('beforeprint', () => {{ window.folded = {CLOSED}.length; }})")
    before = page.evaluate(f"() => {CLOSED}.length")
    assert before > 0
    page.pdf()
    assert (page.evaluate("() => window.folded"), page.evaluate(f"() => {CLOSED}.length")) == (0, before)
    page.emulate_media(media="print")
    for part in ("#kw-menu", "#kw-toc", ".kw-top"):
        assert not page.locator(part).is_visible()


def test_the_contents_follow_the_reader(reader):
    page = reader.open(TOUR)
    page.locator("#kw-toc").get_by_role("link", name="Other languages").click()
    current = page.locator("#kw-toc [aria-current]")
    page.wait_for_function("() => document.querySelector('#kw-toc [aria-current]')?.innerText === 'Other languages'")
    assert current.evaluate(IS_SEEN)


def test_code_is_copied_as_it_is(browser, reader):
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.open(SHAPES)
    button = page.locator(".kw-copy", has_text="Copy").last
    button.click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    source = HERE.parent / "cases" / "pages" / "package" / "shapes" / "base.py"
    assert copied.strip() == source.read_text(encoding="utf-8").strip()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES[:3])
def test_everybody_can_read_it(path, theme, reader, picture, complaints_of_axe):
    page = reader.open(path)
    page.emulate_media(color_scheme=theme)
    assert complaints_of_axe(page) == []
    reader.search("shape")
    assert complaints_of_axe(page, ".kw-find") == []
    picture(page, f"{path.replace('/', '-').removesuffix('.html')}-{theme}-search")


@pytest.mark.parametrize("path", PAGES)
def test_pages_read_without_scripts(path, browser, site):
    context = browser.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{path}")
    assert page.locator("h1").is_visible()
    assert page.locator("#kw-menu a").first.is_visible()
    assert not page.locator("#kw-search").is_visible()
    context.close()
