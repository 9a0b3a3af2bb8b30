"""What a reader sees in JupyterLab: the tour, links, folds, completion, awkward text, a long index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

import pytest
from lab import OFFSET, READY, SCROLLED, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
"""Without waiting for the end."""

SECTIONS = [
    "File Metadata",
    "File Purpose",
    "High-Level Overview",
    "Detailed Analysis",
    "Architecture & Design",
    "Dependencies",
    "Code Patterns & Idioms",
    "Performance Considerations",
    "Related Files",
    "Cross-References",
    "Original Source",
]
LINES = {"Ferry(Boat)": 27, "Boat": 11, "launch(names: list[str]) -> dict[str, Boat]": 31}
"""Where definitions of `files/pkg/mod.py` begin."""

AWKWARD = [
    "<script>window.pwned = 1</script>",
    '<img src=x onerror="window.pwned = 2">',
    '<details open ontoggle="window.pwned = 3">',
    '<a href="javascript:window.pwned = 4">a link</a>',
    "</code></pre></details></span><b>out</b>",
    "<!-- nothing",
    "[a link](javascript:window.pwned=5)",
    "$5 and $10, $$x$$",
    r"\\(x\\) and \\[y\\]",
    r"\(x\) and \[y\]",
    r"\begin{a} and \end{a}",
    "a`b and ```c",
    "a|b || c",
    "&lt;T&gt; &#36; &amp;",
    "# no heading",
    "::: {note}",
    "user\u202etxt.exe",
    "https://example.org/ and www.example.org",
]
"""Text that some front end takes for markup where it stands for itself."""

MARKUP = ["*a* and __b__ and ~~c~~", "``a``", "![a picture](https://example.org/p.png)"]
"""Text that is markup in a docstring, and for itself in code."""

FILE = "$5 & $6 <b>`|`.py"
MANY = [f"name_{number:03}" for number in range(500)]
ELEMENTS = {"A", "CODE", "DETAILS", "DIV", "H2", "LI", "P", "PRE", "SPAN", "STRONG", "SUMMARY", "UL"}
"""What our Markdown is made of."""


def shown(text: str) -> str:
    """Text as it is to be read: what can't be seen, or turns other text round, is escaped."""
    return text.replace("\u202e", r"\u202e")


def awkward_module() -> str:
    """Awkward text in every place that is shown."""
    lines = [f'"""Awkward {AWKWARD[0]}."""', ""]
    for number, text in enumerate([*AWKWARD, *MARKUP]):
        lines += ["", f"VALUE_{number} = {text!r}", "", "", f"def take_{number}(text={text!r}):"]
        lines += [f"    {f'Say {text} now.'!r}" if text in AWKWARD else "    pass", ""]
    return "\n".join(lines)


@pytest.fixture(name="tour", scope="module")
def _tour(lab):
    """The tour, executed."""
    with lab.open("tour.ipynb") as notebook:
        notebook.run()
        yield notebook


@pytest.fixture(name="boats", scope="module")
def _boats(lab):
    """A package beside the notebook, and a cell to type in."""
    cells = "%load_ext kwmagic", "%kwindex pkg/mod.py", "%docfile pkg/mod.py", "%docfile other/mod.py", ""
    lab.write("boats.ipynb", *cells)
    with lab.open("boats.ipynb") as notebook:
        notebook.run()
        yield notebook


@pytest.fixture(name="awkward", scope="module")
def _awkward(lab):
    """Awkward text and many names, executed and saved."""
    (lab.root / FILE).write_text(awkward_module(), encoding="utf-8")
    (lab.root / "many.py").write_text("\n\n".join(f"def {name}(): pass" for name in MANY) + "\n")
    lab.write("awkward.ipynb", "%load_ext kwmagic", f'%kwindex "{FILE}"', f'%docfile "{FILE}"', "%kwindex many.py")
    with lab.open("awkward.ipynb") as notebook:
        notebook.run()
        notebook.command("docmanager:save")
        yield notebook


def test_tour_is_executed_without_an_error(tour):
    counts, kinds = tour.state()
    assert counts == list(range(1, len(counts) + 1))
    assert "error" not in kinds
    tour.shoot("tour")


def test_tour_shows_every_output_as_markdown(tour):
    markdown = tour.page.locator('.jp-OutputArea-output[data-mime-type="text/markdown"]')
    assert markdown.count() >= 10
    for output in markdown.all():
        assert output.text_content().strip()


def test_sections_are_headings_and_in_the_table_of_contents(tour):
    headings = tour.output(4).locator("h2").all_text_contents()
    assert [heading.removesuffix("¶") for heading in headings] == SECTIONS
    tour.page.locator('.jp-SideBar [data-id="table-of-contents"]').click()
    contents = tour.page.locator(".jp-TableOfContents-tree .jp-tocItem-content")
    contents.filter(has_text=SECTIONS[-1]).first.wait_for()
    assert set(SECTIONS) <= {text.strip() for text in contents.all_text_contents()}
    tour.page.screenshot(path=tour.screenshots / "contents.png")


def test_diagram_is_drawn(tour):
    picture = tour.output(5).locator(".jp-RenderedMermaid img")
    picture.wait_for()
    width, source = picture.evaluate("image => [image.naturalWidth, decodeURIComponent(image.src)]")
    assert width > 100
    assert "SQLiteSignatureStore" in source


def test_links_of_an_installed_package_lead_to_the_forge(tour):
    forge = "https://github.com/jupyter/nbformat/blob/v5.11.1/nbformat/sign.py#L52"
    assert tour.output(2).locator(f'a[href="{forge}"]').text_content() == "SignatureStore · L52–81"


def test_code_of_a_cell_is_named_after_the_cell(tour):
    assert "In[16]" in tour.output(15).text_content()
    assert tour.state()[0][15] == 16


def test_tour_asks_no_other_host_and_logs_no_error(tour):
    assert tour.abroad() == []
    assert tour.errors == []


def test_keyword_of_the_overview_scrolls_to_its_section(boats):
    jump(boats)


def jump(notebook: Notebook) -> None:
    """Follow a link inside an output until its target is at the top."""
    target = notebook.output(2).locator("p", has_text=re.compile("^function launch"))
    link = notebook.output(2).locator('a[href^="#kw-"]', has_text="launch").first
    link.scroll_into_view_if_needed()
    assert abs(notebook.offset(target)) > 60
    link.click()
    at_top = f"({OFFSET})(here, document.querySelector({SCROLLED!r}))"
    notebook.page.wait_for_function(f"here => Math.abs({at_top}) < 60", arg=target.element_handle())


def test_every_link_inside_an_output_has_one_place_to_go_to(boats):
    for number in (2, 3):
        links = boats.output(number).locator('a[href^="#kw-"]').evaluate_all("all => all.map(each => each.hash)")
        assert links
        for link in links:
            assert boats.page.locator(f'[id="{link[1:]}"]').count() == 1


@pytest.mark.parametrize("name", LINES)
def test_source_link_opens_the_file_at_its_line(boats, name):
    open_line(boats, name)
    boats.page.screenshot(path=boats.screenshots / f"line-{LINES[name]}.png")
    boats.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="boats.ipynb").click()
    boats.output(1).wait_for()


def open_line(notebook: Notebook, name: str) -> None:
    """Follow the link of a definition to its line."""
    notebook.output(1).get_by_role("link", name=f"{name} · L").click()
    position = notebook.page.locator("#jp-main-statusbar").get_by_text(f"Ln {LINES[name]}, Col 1", exact=True)
    position.wait_for()


def test_folded_source_opens_and_closes(boats, lab):
    summary, source = unfold(boats)
    assert source.text_content().strip() == (lab.root / "pkg" / "mod.py").read_text().strip()
    boats.shoot("boats")
    summary.click()
    source.wait_for(state="hidden")


def unfold(notebook: Notebook) -> tuple[Locator, Locator]:
    """Open the source: what to click again, and the source."""
    summary, source = (notebook.output(2).locator(part) for part in ("summary", "details pre"))
    assert not source.is_visible()
    summary.click()
    source.wait_for(state="visible")
    return summary, source


def test_links_and_folds_work_in_a_notebook_that_nobody_trusts(boats, lab):
    boats.command("docmanager:save")
    with lab.open(lab.copied("boats.ipynb")) as reopened:
        assert not reopened.trusted()
        unfold(reopened)
        jump(reopened)
        open_line(reopened, "Boat")
        assert reopened.abroad() == []
        assert reopened.errors == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%kwindex js", {"json"}),
        ("%kwindex json --", {"--kind", "--match", "--links"}),
        ("%docfile pkg/", {"pkg/mod.py"}),
    ],
)
def test_tab_completes_targets_and_options(boats, typed, offered):
    editor = boats.cells.last.locator(".cm-content")
    editor.click()
    editor.press("Control+a")
    editor.press("Delete")
    boats.page.keyboard.type(typed)
    boats.page.keyboard.press("Tab")
    items = boats.page.locator(".jp-Completer-item code")
    items.first.wait_for()
    boats.page.screenshot(path=boats.screenshots / f"completion-{typed[1:].split()[0]}-{typed.count('-')}.png")
    assert offered <= set(items.all_text_contents())
    boats.page.keyboard.press("Escape")


def test_boats_log_no_error(boats):
    assert boats.abroad() == []
    assert boats.errors == []


def check_awkward(notebook: Notebook) -> None:
    """Each fact is there letter by letter, and nothing else than our own elements."""
    for number in (1, 2):
        output = notebook.output(number)
        texts = set(output.locator("code").all_text_contents())
        prose = output.text_content()
        for place, text in enumerate([*AWKWARD, *MARKUP]):
            assert shown(f"VALUE_{place} = {text!r}") in texts
            assert shown(f"take_{place}(text={text!r})") in texts
            assert text not in AWKWARD or shown(f"Say {text} now.") in prose
        assert set(output.locator("*").evaluate_all("all => all.map(each => each.tagName)")) <= ELEMENTS
        links = output.locator("a[href]").evaluate_all("all => all.map(each => each.href.replace(/[?#].*/, ''))")
        here, files = notebook.page.url.split("?")[0].split("#")[0], urljoin(notebook.page.url, "/files/")
        assert set(links) <= {here, files + quote(FILE), "https://example.org/"}
    assert notebook.page.evaluate("() => window.pwned") is None


def test_awkward_text_shows_for_what_it_is(awkward):
    check_awkward(awkward)
    awkward.shoot("awkward")


def test_awkward_file_opens(awkward):
    line = awkward_module().splitlines().index(f"def take_0(text={AWKWARD[0]!r}):") + 1
    awkward.output(1).get_by_role("link", name="take_0(").first.click()
    awkward.page.locator("#jp-main-statusbar").get_by_text(f"Ln {line}, Col 1", exact=True).wait_for()
    awkward.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="awkward.ipynb").click()
    awkward.output(1).wait_for()


def test_five_hundred_entries_are_shown(awkward):
    assert names(awkward) == MANY


def names(notebook: Notebook) -> list[str]:
    notebook.output(3).locator("li").nth(len(MANY) - 1).wait_for(state="attached")
    return [text.split("(")[0] for text in notebook.output(3).locator("li").all_text_contents()]


@pytest.mark.usefixtures("awkward")
@pytest.mark.parametrize("trusted", [True, False])
def test_reopened_notebook_shows_the_same(lab, trusted):
    with lab.open("awkward.ipynb" if trusted else lab.copied("awkward.ipynb")) as reopened:
        assert reopened.trusted() == trusted
        assert names(reopened) == MANY
        check_awkward(reopened)


def test_awkward_text_asks_no_other_host_and_logs_no_error(awkward):
    assert awkward.abroad() == []
    assert awkward.errors == []


SLOW = """
import time
from pathlib import Path
from kwmagic import drafting
gathered = drafting.gathered
def slow(facts, how, **options):
    done = 0
    while done < 40 or not Path("go").exists():
        time.sleep(0.05)
        done += 1
        how.progress(min(done, 40), 40)
    return gathered(facts, how, **options)
drafting.gathered = slow
"""
"""Waits for a file, as if the project were large."""


def test_document_is_there_at_once_and_completed_in_place(lab):
    lab.write("slow.ipynb", f"%load_ext kwmagic\n{SLOW}", "%docfile pkg/mod.py --without source", "'next'")
    with lab.open("slow.ipynb") as notebook:
        shown = notebook.cells.nth(1).locator(".jp-OutputArea-output:visible")
        notebook.page.evaluate(RUN)
        progress, first = shown.filter(has_text="kwmagic: 40 of 40 files …"), shown.filter(has_text="launch(names")
        progress.wait_for()
        assert shown.count() == 2
        assert notebook.offset(progress) < notebook.offset(first)
        assert "is not in here yet" in first.text_content()
        assert "Cross-References" not in first.text_content()
        notebook.page.screenshot(path=notebook.screenshots / "early.png")
        (lab.root / "go").touch()
        shown.filter(has_text="Cross-References").wait_for()
        notebook.page.wait_for_function(READY)
        assert shown.count() == 1
        text = shown.text_content()
        assert text.count("Detailed Analysis") == 1
        assert "is not in here yet" not in text
        assert "pkg/harbour.py" in text
        assert notebook.errors == []
        notebook.shoot("completed")


@pytest.fixture(name="explored", scope="module")
def _explored(lab):
    """A search, uses and a document with its neighbours, executed."""
    cells = "%kwindex pkg -s boat", "%kwindex pkg.mod.Boat --uses", "%docfile pkg/mod.py --only dependencies,related"
    lab.write("explored.ipynb", "%load_ext kwmagic", *cells)
    with lab.open("explored.ipynb") as notebook:
        notebook.run()
        notebook.shoot("explored")
        yield notebook


@pytest.mark.parametrize(
    ("output", "entry", "link", "where"),
    [
        (1, "class Boat", "Boat · L", "mod.py:11"),
        (1, "class Tug(Boat)", "Tug(Boat) · L", "harbour.py:6"),
        (2, "as a base class L6", "L6", "harbour.py:6"),
        (2, "launch: called", "L33", "mod.py:33"),
        (2, "as a base class L27", "L27", "mod.py:27"),
        (2, "pkg/harbour.py · ", "pkg/harbour.py · ", "harbour.py:1"),
        (3, "pkg/harbour.py (", "L3", "harbour.py:3"),
        (3, "pkg/harbour.py ↗ — ", "pkg/harbour.py ↗", "harbour.py:1"),
    ],
)
def test_what_is_found_opens_its_file_at_the_line(explored, output, entry, link, where):
    file, _, line = where.partition(":")
    place = explored.output(output).locator("li", has_text=entry).last
    place.get_by_role("link", name=link).first.click()
    tabs = explored.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab")
    tabs.and_(explored.page.locator(".lm-mod-current")).filter(has_text=file).wait_for()
    explored.page.locator("#jp-main-statusbar").get_by_text(f"Ln {line}, Col 1", exact=True).wait_for()
    tabs.filter(has_text=file).locator(".lm-TabBar-tabCloseIcon").click()
    tabs.filter(has_text="explored.ipynb").click()
    explored.output(output).wait_for()


def test_explored_asks_no_other_host_and_logs_no_error(explored):
    assert explored.abroad() == []
    assert explored.errors == []


@pytest.fixture(name="checkout", scope="module")
def _checkout(lab):
    """Files of every language, executed."""
    documents = [f"%docfile checkout/{path}" for path in ("src/vec.h", "docs/guide.md", "notebooks/demo.ipynb")]
    lab.write("checkout.ipynb", "%load_ext kwmagic", "%kwindex checkout/", *documents)
    with lab.open("checkout.ipynb") as notebook:
        notebook.run()
        yield notebook


@pytest.mark.parametrize(
    ("name", "line"),
    [("struct Vec<typename T>", 15), ("interface Scene", 4), ("kernel shade", 4), ("service Renderer", 13)],
)
def test_index_of_every_language_opens_files_at_their_lines(checkout, name, line):
    word, _, rest = name.partition(" ")
    entry = checkout.output(1).locator("li", has_text=name).last
    assert word in entry.text_content()
    entry.get_by_role("link", name=rest).first.click()
    checkout.page.locator("#jp-main-statusbar").get_by_text(f"Ln {line}, Col 1", exact=True).wait_for()
    checkout.page.locator(".lm-DockPanel-tabBar .lm-TabBar-tab", has_text="checkout.ipynb").click()
    checkout.output(1).wait_for()


def test_documents_of_a_header_a_text_and_a_notebook_are_shown(checkout):
    assert "The length." in checkout.output(2).text_content()
    assert "Lead nowhere (1)" in checkout.output(3).text_content()
    assert "cell 4, L1" in checkout.output(4).text_content()
    assert checkout.errors == []
    checkout.shoot("checkout")
