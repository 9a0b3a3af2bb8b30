"""What nbconvert finds here: exporters that make our pages, and our outputs made cells of for every other exporter.

Only nbconvert imports this module, so nothing else of the package needs it to be installed.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from mimetypes import guess_type
from typing import Any

import nbformat
from nbconvert.exporters import Exporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from traitlets import Bool, Enum, default

from kwmagic.analysers.markdown import blocks, headings
from kwmagic.anchors import quoted
from kwmagic.exporting.lifting import unique_ids
from kwmagic.exporting.outputs import own_markdown
from kwmagic.exporting.page import Exported, exported
from kwmagic.foreign import inert_markdown
from kwmagic.html.page import Place, html_page
from kwmagic.options import FORMATS, INPUTS, ExportOptions
from kwmagic.pages.frame import framed

_DEEPEST = 6
_TITLE = re.compile(r'\A(?P<anchor>(?:<span id="[^"]*"></span>\n\n)?)\*\*(?P<what>[^*\n]+)\*\*(?P<of>[^\n]*)')
_PIECE = re.compile(
    r"""
    (?P<code>^(?P<fence>`{3,})[^\n]*\n.*?^(?P=fence)$ | (?P<run>`+)(?!`).*?(?<!`)(?P=run)(?!`))
    | ^(?P<marks>\#{1,6})(?=\ )
    | <a\ id="(?P<anchor>[^"]*)"></a>
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""Code, in which nothing is a heading or an anchor; the marks of a heading; an anchor."""


class KwmagicExporter(Exporter):
    """A notebook as a Markdown page: `jupyter nbconvert --to kwmagic NOTEBOOK.ipynb`."""

    export_from_notebook = "kwmagic page (Markdown)"
    output_mimetype = "text/markdown"

    format = Enum(FORMATS, FORMATS[0], help="What reads the page.").tag(config=True)
    inputs = Enum(INPUTS, INPUTS[0], help="How the code of cells is shown; a cell's tags come first.").tag(config=True)
    trusted = Bool(False, help="Whether HTML in the notebook is kept as it is, scripts included.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".md"

    def from_notebook_node(  # type: ignore[override]  # as that of templates: text
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The text of the page, and the files it needs beside it among the *resources*' outputs."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources["metadata"]["name"]
        made = self._made(nb, name, resources.get("output_files_dir", f"{name}_files"))
        for problem in made.problems:
            self.log.warning("%s: %s", name, problem.message)
        text, files = self._page(made, name)
        resources["outputs"] = {**(resources.get("outputs") or {}), **files}
        return text, resources

    def _made(self, nb: NotebookNode, name: str, folder: str) -> Exported:
        """The page, beside which everything lies as it does beside the notebook; so links stay as they are."""
        options = ExportOptions(format=self.format, inputs=self.inputs, trusted=self.trusted)
        path, files = f"{name}.ipynb", quoted(folder)
        made = exported(json.dumps(nb), path=path, files=files, aim=lambda url: url, options=options)
        return made._replace(files={f"{folder}/{file}": data for file, data in made.files.items()})

    def _page(self, made: Exported, name: str) -> tuple[str, dict[str, bytes]]:
        """The whole page, and files: path from the page -> content."""
        text = framed(made.markdown, of=f"{name}.ipynb", title=made.title, format=self.format)
        return text, dict(made.files)


class KwmagicHTMLExporter(KwmagicExporter):
    """A notebook as one file of HTML, its style and images in it: `jupyter nbconvert --to kwmagic_html`.

    One file, since JupyterLab's menu hands over what is beside a page without its folders.
    """

    export_from_notebook = "kwmagic page (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def _page(self, made: Exported, name: str) -> tuple[str, dict[str, bytes]]:
        place = Place(f"{name}.html", made.title, made.title, f"{name}.ipynb", alone=True)
        text = html_page(made.markdown, place, trusted=self.trusted)
        for path, data in made.files.items():
            text = text.replace(f'src="{quoted(path)}"', f'src="{_inside(path, data)}"')
        return text, {}


def _inside(path: str, data: bytes) -> str:
    """An image as a URL that holds it."""
    kind, _ = guess_type(path)
    return f"data:{kind};base64,{b64encode(data).decode('ascii')}"


class LiftOutputs(Preprocessor):
    """Each output of ours becomes a Markdown cell behind the cell that made it, its titles being headings there.

    Then exporters know its headings and links as they know those of the author's own cells.
    """

    enabled = Bool(True, help="Whether outputs are lifted.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The notebook, changed in place."""
        nb.cells = list(_lifted(nb.cells))
        return nb, resources


def lifted_notebook(text: str) -> NotebookNode:
    """The notebook of a file's text with its outputs lifted: for `nb_custom_formats` and `nbsphinx_custom_formats`."""
    notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    notebook.cells = list(_lifted(notebook.cells))
    return notebook


def _lifted(cells: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    level, ids = 0, set[str]()
    for cell in cells:
        yield cell
        if cell.cell_type == "markdown":
            level = next((each.level for each in reversed(headings(blocks(cell.source)))), level)
        elif cell.cell_type == "code":
            ours = [(output, own_markdown(output)) for output in cell.outputs]
            cell.outputs = [output for output, text in ours if not text]
            for number, text in enumerate(text for _, text in ours if text):
                inert = unique_ids(inert_markdown(text), ids)
                yield _cell(f"{cell.get('id', 'output')}-{number}", _below(level, inert))


def _cell(identifier: str, markdown: str) -> NotebookNode:
    """A cell with an id that is the same each time; names of ids have an end."""
    cell: NotebookNode = new_markdown_cell(markdown, id=identifier[-64:])  # type: ignore[no-untyped-call]
    return cell


def _below(level: int, markdown: str) -> str:
    """An output of ours with its title as a heading below one of this *level*, and its sections below that.

    It stays Markdown as cells have it, which is what all exporters understand; but mystmd takes an `a` without an
    address for a dead link.
    """

    def piece(found: re.Match[str]) -> str:
        if found["marks"]:
            return "#" * min(level + len(found["marks"]), _DEEPEST)
        return found[0] if found["code"] else f'<span id="{found["anchor"]}"></span>'

    title = "#" * min(level + 1, _DEEPEST)
    return _TITLE.sub(rf"\g<anchor>{title} \g<what>\g<of>", _PIECE.sub(piece, markdown), count=1)
