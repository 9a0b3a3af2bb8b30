"""Notebooks of ours where they are read: each construct in JupyterLab and Notebook 7, and the export from there."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "front_ends"))
from constructs import SECTION, constructs, read, verdicts
from readme import expected

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAWN = (".jp-RenderedMermaid img", "mjx-container >> nth=1")
"""A diagram and both formulas, which come last."""


class Window:
    """A notebook in Notebook 7: a page of its own, with the menus of JupyterLab."""

    def __init__(self, lab, name):
        self.page = lab.context.new_page()
        self.page.set_default_timeout(60_000)
        self.errors, self.requests = [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(f"{lab.url}notebooks/{quote(name)}?token={lab.token}")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        self.errors.clear()  # those of its own start


def choose(page, *path):
    """Choose from a menu."""
    page.locator(".lm-MenuBar-itemLabel").get_by_text(path[0], exact=True).click()
    for label in path[1:]:
        page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()


def settled(page):
    """The page once everything is drawn and listed."""
    for part in DRAWN:
        page.locator(part).first.wait_for()
    page.locator(".jp-tocItem-content").get_by_text(SECTION, exact=True).first.wait_for()
    return read(page.content())


@pytest.fixture(name="made", scope="module")
def _made(lab):
    """The notebook of all constructs, executed elsewhere; nobody has signed it."""
    (lab.root / "constructs").mkdir()
    return constructs(lab.root / "constructs")


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("trusted", [False, True])
def test_constructs_in_jupyterlab(lab, trusted):
    with lab.open("constructs/constructs.ipynb") as notebook:
        if trusted:
            notebook.run()
        assert notebook.trusted() == trusted
        if not notebook.page.locator(".jp-TableOfContents-tree").is_visible():
            notebook.page.locator('.jp-SideBar [data-id="table-of-contents"]').click()
        assert verdicts(settled(notebook.page)) == expected("notebook", "JupyterLab")
        notebook.page.screenshot(path=notebook.screenshots / f"constructs-{'trusted' if trusted else 'reopened'}.png")
        assert notebook.abroad() == []
        assert notebook.errors == []


@pytest.fixture(name="classic", scope="module")
def _classic(lab):
    """The tour in Notebook 7, executed there."""
    if find_spec("notebook") is None:
        pytest.skip("not installed: notebook")
    window = Window(lab, "tour.ipynb")
    choose(window.page, "Run", "Run All Cells")
    window.page.locator(".jp-Notebook .jp-Cell").last.scroll_into_view_if_needed()
    window.page.get_by_text("is wrapped: a call goes first to").first.wait_for()
    yield window
    window.page.close()


@pytest.mark.usefixtures("classic")
def test_constructs_in_notebook_7(lab, made):
    window = Window(lab, f"{made.parent.name}/{made.name}")
    choose(window.page, "View", "Table of Contents")
    assert verdicts(settled(window.page)) == expected("notebook", "Notebook 7")
    window.page.screenshot(path=lab.screenshots / "constructs-notebook-7.png")
    window.page.close()


def test_link_inside_an_output_scrolls_in_notebook_7(classic, lab):
    link = classic.page.locator('.jp-RenderedMarkdown a[href^="#kw-"]', has_text="from_dict").first
    target = classic.page.locator(".jp-RenderedMarkdown p", has_text="function from_dict(d)").first
    link.scroll_into_view_if_needed()
    before = target.bounding_box()["y"]
    link.click()
    classic.page.wait_for_timeout(500)
    assert abs(target.bounding_box()["y"]) < 200 < before
    classic.page.screenshot(path=lab.screenshots / "tour-notebook-7.png")


def test_source_unfolds_in_notebook_7(classic):
    summary = classic.page.locator(".jp-RenderedMarkdown summary").first
    source = classic.page.locator(".jp-RenderedMarkdown details pre").first
    assert not source.is_visible()
    summary.click()
    source.wait_for(state="visible")
    assert "class NotebookNode(Struct)" in source.text_content()


def test_notebook_7_asks_no_other_host_and_logs_no_error(classic):
    assert {urlsplit(url).hostname for url in classic.requests} <= {"127.0.0.1", None}
    assert classic.errors == []


def test_tour_is_exported_from_the_menu(lab):
    if not any(each.name == "kwmagic" for each in entry_points(group="nbconvert.exporters")):
        pytest.skip("kwmagic was installed before it had exporters; install it again")
    with lab.open("tour.ipynb") as notebook:
        asked = f"{lab.url}api/nbconvert?token={lab.token}"
        notebook.page.request.get(asked, timeout=60_000)  # answered after the same question of the menu
        choose(notebook.page, "File", "Save and Export Notebook As")
        entry = notebook.page.locator(".lm-Menu-itemLabel").get_by_text("Kwmagic", exact=True)
        entry.wait_for()
        notebook.page.screenshot(path=notebook.screenshots / "export-menu.png")
        with notebook.page.expect_download() as download:
            entry.click()
        text = download.value.path().read_text("utf-8")
        assert notebook.errors == []
        assert notebook.abroad() == []
    assert text.startswith("# A tour of kwmagic\n")
    assert "\n#### Detailed Analysis\n" in text
