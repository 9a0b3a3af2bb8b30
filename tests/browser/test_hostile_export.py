"""Hostile notebooks as HTML pages in a real browser: nothing of theirs runs, is asked for, or takes a page over."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from site_browser import served

from kwmagic.exporting.export import export
from kwmagic.options import ExportOptions

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = Path(__file__).parents[1] / "cases" / "exporting" / "hostile"
OPEN_ENDS = [
    *("<!--", "<details>", "<pre>", '<div id="kw-main">', "<![CDATA[", '<a href="', "<table><tr>", "```", "~~~", "`"),
    *("<script>", "<style>", "<textarea>", "<title>", '<a title="', "$$", "<svg>", "<math>", "<select><option>", "\\"),
    *("<plaintext>", "<noscript>", "<button>", "<form>", "<frameset>", "<!DOCTYPE", "<?", "[a](", "<h1", "<summary>"),
]
"""Each would swallow what is behind it."""
NAMES = ["<img src=x onerror=window.pwned=1>", "javascript:window.pwned=1", "%2e%2e%2fx", 'q"uote\n', "--><script>"]
WRONG = """() => {
    const wrong = window.pwned ? [`run: ${window.pwned}`] : [];
    if (typeof kwmagic !== "function") wrong.push("kwmagic is shadowed");
    for (const id of ["kw-main", "kw-search", "kw-results", "kw-menu", "kw-menu-button", "kw-theme"])
        if (document.querySelectorAll(`[id="${id}"]`).length !== 1) wrong.push(`id ${id}`);
    for (const part of document.querySelectorAll("#kw-main, .kw-foot"))
        if (part.parentElement !== document.body) wrong.push(`${part.tagName} in ${part.parentElement.tagName}`);
    for (const element of document.querySelectorAll("#kw-main, #kw-main *")) {
        const shown = element.outerHTML.slice(0, 200);
        if (element.matches("script, style, iframe, object, embed, form, input, base, meta, link, template, textarea"))
            wrong.push(shown);
        for (const { name, value } of element.attributes) {
            if (name.startsWith("on") || name === "style") wrong.push(shown);
            if (["href", "src"].includes(name) && !/^(https?:|mailto:)/.test(value) && /^[^/?#]*:/.test(value))
                wrong.push(shown);
        }
    }
    return wrong;
}"""


def notebook(*texts: str) -> str:
    """Each text in every place that can hold it."""
    cells = [cell for text in texts for cell in places(text)]
    return json.dumps({"cells": cells, "metadata": {"title": texts[0]}, "nbformat": 4, "nbformat_minor": 4})


def places(text: str) -> list[dict[str, object]]:
    kinds = ("text/html", "text/markdown", "text/latex", "image/svg+xml")
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {kind: text}} for kind in kinds]
    forged = {"kwmagic": {"target": "x"}}
    outputs += [
        {"output_type": "display_data", "metadata": forged, "data": {"text/markdown": f"**Index:** `x`\n\n{text}"}},
        {"output_type": "error", "ename": text, "evalue": text, "traceback": [text]},
    ]
    return [
        {"cell_type": "markdown", "metadata": {}, "source": text},
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": text},
        {"cell_type": "code", "metadata": {}, "source": text, "execution_count": 1, "outputs": outputs},
    ]


@pytest.fixture(name="site", scope="module")
def _site(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    (root / "in" / "names").mkdir(parents=True)
    (root / "in" / "pyproject.toml").touch()
    for file in HOSTILE.glob("*.md"):
        (root / "in" / f"{file.stem}.ipynb").write_text(notebook(file.read_text("utf-8")), "utf-8")
    for number, end in enumerate(OPEN_ENDS):
        text = notebook(f"text {end}", f"\n\n{end}\n", "<img src=x onerror=window.pwned=2>", "## kw-results")
        (root / "in" / f"end{number}.ipynb").write_text(text, "utf-8")
    for name in NAMES:
        (root / "in" / "names" / f"{name.replace('/', '')}.ipynb").write_text(notebook(f"# {name}"), "utf-8")
    report = export([str(root / "in")], str(root / "out"), options=ExportOptions(to="html"), say=pytest.fail)
    assert len(report.pages) == 1 + len(OPEN_ENDS) + len(NAMES) + len([*HOSTILE.glob("*.md")])
    return root


@pytest.mark.parametrize("by", ["disk", "server"])
def test_nothing_of_hostile_notebooks_is_live(browser, site, by: str) -> None:
    out = site / "out"
    with served(out) as server:
        top = server if by == "server" else f"{out.as_uri()}/"
        inside = server if by == "server" else f"{site.as_uri()}/"  # a link of theirs may be to a file beside them
        page, wrong = browser.new_page(), []
        page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: request.url.startswith((inside, "data:,")) or wrong.append(request.url))
        for file in sorted(out.rglob("*.html")):
            url = top + quote(file.relative_to(out).as_posix())
            page.goto(url)
            page.locator("#kw-menu li").first.wait_for(state="attached")
            assert page.evaluate(WRONG) + wrong == [], file.name
            assert page.url == url
        page.close()


def test_what_is_live_would_be_seen(browser, tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text(notebook("<form></form><img src=x onerror='window.pwned = 1'>"), "utf-8")
    options = ExportOptions(to="html", trusted=True)
    export([str(tmp_path / "x.ipynb")], str(tmp_path / "out"), options=options, say=pytest.fail)
    page = browser.new_page()
    page.goto((tmp_path / "out" / "x.html").as_uri())
    assert {"run: 1", "<form></form>"} <= {*page.evaluate(WRONG)}
    page.close()
