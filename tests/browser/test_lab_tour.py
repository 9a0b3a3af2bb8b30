"""Notebooks of ours where they are read: each construct in JupyterLab and Notebook 7, and the export from there."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "front_ends"))
from constructs import SECTION, constructs, read, verdicts
from readme import expected

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DRAWN = (".jp-RenderedMermaid img", "mjx-container >> nth=1")
"""A diagram and both formulas, which come last."""


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
    with lab.open("tour.ipynb", classic=True) as notebook:
        notebook.run()
        yield notebook


@pytest.mark.usefixtures("classic")
def test_constructs_in_notebook_7(lab, made):
    with lab.open(f"{made.parent.name}/{made.name}", classic=True) as notebook:
        choose(notebook.page, "View", "Table of Contents")
        assert verdicts(settled(notebook.page)) == expected("notebook", "Notebook 7")
        notebook.page.screenshot(path=notebook.screenshots / "constructs-notebook-7.png")


def test_link_inside_an_output_scrolls_in_notebook_7(classic):
    link = classic.page.locator('.jp-RenderedMarkdown a[href^="#kw-"]', has_text="from_dict").first
    target = classic.page.locator(".jp-RenderedMarkdown p", has_text="function from_dict(d)").first
    link.scroll_into_view_if_needed()
    before = target.bounding_box()["y"]
    link.click()
    classic.page.wait_for_timeout(500)
    assert abs(target.bounding_box()["y"]) < 200 < before
    classic.page.screenshot(path=classic.screenshots / "tour-notebook-7.png")


def test_source_unfolds_in_notebook_7(classic):
    summary = classic.page.locator(".jp-RenderedMarkdown summary").first
    source = classic.page.locator(".jp-RenderedMarkdown details pre").first
    assert not source.is_visible()
    summary.click()
    source.wait_for(state="visible")
    assert "class NotebookNode(Struct)" in source.text_content()


def test_notebook_7_asks_no_other_host_and_logs_no_error(classic):
    assert classic.abroad() == []
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
