"""What nbconvert makes of notebooks with our exporters and our preprocessor."""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytest.importorskip("nbconvert", reason="no nbconvert")
from nbconvert import HTMLExporter, MarkdownExporter
from nbconvert.exporters import export, get_exporter
from traitlets.config import Config

from kwmagic.converters import KwmagicExporter, KwmagicHTMLExporter, LiftOutputs, lifted_notebook

TOUR = Path(__file__).parents[1] / "notebooks" / "tour.ipynb"
PIXEL = b"\x89PNG\r\n\x1a\n"
OURS = """\
<a id="kw-1-"></a>

**Documentation:** `boats`

File · Python

## Detailed Analysis

- <a href="#kw-1-boat">`Boat` ↓</a>

```python
## no heading, <a id="none"></a>
```

<a id="kw-1-boat"></a>

**class** `Boat`
"""


def ours(markdown: str = OURS) -> nbformat.NotebookNode:
    """An output that is marked as the magics mark theirs."""
    data = {"text/markdown": markdown, "text/plain": "boats"}
    return new_output("display_data", data=data, metadata={"kwmagic": {"target": "boats", "schema": 1}})


@pytest.fixture(name="notebook")
def _notebook() -> nbformat.NotebookNode:
    picture = new_output("display_data", data={"image/png": b64encode(PIXEL).decode()})
    cells = [
        new_markdown_cell("# Boats\n\n## What floats"),
        new_code_cell("%docfile boats", outputs=[new_output("stream", text="before\n"), ours(), picture]),
        new_markdown_cell("The end."),
    ]
    return new_notebook(cells=cells)


def test_exporter_writes_a_page_and_its_images(notebook: nbformat.NotebookNode) -> None:
    text, resources = KwmagicExporter().from_notebook_node(notebook, {"metadata": {"name": "boats"}})
    assert text.startswith("# Boats\n")
    assert "#### Detailed Analysis\n" in text
    assert text.endswith("<!-- kwmagic page of boats.ipynb -->\n")
    assert resources["output_extension"] == ".md"
    assert list(resources["outputs"].values()) == [PIXEL]
    (file,) = resources["outputs"]
    assert file.startswith("boats_files/")
    assert f"]({file})" in text


def test_exporter_has_options(notebook: nbformat.NotebookNode) -> None:
    config = Config({"KwmagicExporter": {"format": "mkdocs", "inputs": "hide"}})
    text, _ = KwmagicExporter(config=config).from_notebook_node(notebook)
    assert text.startswith('---\ntitle: "Boats"\n---\n')
    assert "%docfile" not in text


def test_html_exporter_writes_all_into_one_file(notebook: nbformat.NotebookNode) -> None:
    text, resources = KwmagicHTMLExporter().from_notebook_node(notebook, {"metadata": {"name": "boats"}})
    assert text.lower().startswith("<!doctype html>")
    assert ">Detailed Analysis" in text
    assert (resources["output_extension"], resources["outputs"]) == (".html", {})
    assert f'src="data:image/png;base64,{b64encode(PIXEL).decode()}"' in text
    assert "<script" not in text
    assert "#kw-main" in text[text.index("<style>") : text.index("</style>")]
    asked = {*re.findall(r'(?:src|href)="([^"]+)"', text)}
    assert all(address.startswith(("#", "data:")) for address in asked), asked


def test_outputs_of_ours_become_cells(notebook: nbformat.NotebookNode) -> None:
    LiftOutputs().preprocess(notebook, {})
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code", "markdown", "markdown"]
    assert [output.output_type for output in notebook.cells[1].outputs] == ["stream", "display_data"]
    lifted = notebook.cells[2].source
    assert '<span id="kw-1-"></span>\n\n### Documentation: `boats`\n' in lifted
    assert "\n#### Detailed Analysis\n" in lifted
    assert '\n## no heading, <a id="none"></a>\n' in lifted
    assert '<a href="#kw-1-boat">`Boat` ↓</a>' in lifted
    nbformat.validate(notebook)


def test_the_same_output_again_has_places_of_its_own() -> None:
    notebook = new_notebook(cells=[new_code_cell("%docfile boats", outputs=[ours()]) for _ in range(2)])
    LiftOutputs().preprocess(notebook, {})
    again = notebook.cells[3].source
    assert '<span id="kw-1-boat-2"></span>' in again
    assert '<a href="#kw-1-boat-2">' in again


def test_marks_can_be_forged() -> None:
    forged = ours('**Documentation:** x <script>alert(1)</script>\n\n<a href="javascript:alert(1)">y</a>')
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[forged])])
    LiftOutputs().preprocess(notebook, {})
    assert "<script" not in notebook.cells[1].source
    assert "javascript:" not in notebook.cells[1].source


def test_lifted_headings_are_in_the_page_of_any_exporter(notebook: nbformat.NotebookNode) -> None:
    config = Config({"Exporter": {"preprocessors": ["kwmagic.converters.LiftOutputs"]}})
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook)
    assert re.search(r'<h4 id="Detailed-Analysis">', html)
    markdown, _ = MarkdownExporter(config=config).from_notebook_node(notebook)
    assert "\n#### Detailed Analysis\n" in markdown


def test_custom_format_reads_lifted_notebooks(notebook: nbformat.NotebookNode) -> None:
    again = lifted_notebook(nbformat.writes(notebook))
    assert "### Documentation: `boats`" in again.cells[2].source


def test_a_notebook_without_our_outputs_stays_as_it_is() -> None:
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[new_output("stream", text="1\n")])])
    before = nbformat.writes(notebook)
    LiftOutputs().preprocess(notebook, {})
    assert nbformat.writes(notebook) == before


def test_tour_is_exported_by_name() -> None:
    text, _ = export(get_exporter("kwmagic.converters.KwmagicExporter"), str(TOUR))
    assert text.startswith("# A tour of kwmagic\n")
    assert "%load_ext kwmagic" in text
