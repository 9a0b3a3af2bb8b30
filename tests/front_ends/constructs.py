"""One notebook with everything kwmagic writes, and what has become of each construct on a page made of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

HERE = Path(__file__).parent
BOATS = HERE.parent / "cases" / "front_ends" / "boats"
SOURCE = (BOATS / "harbour.py").read_text(encoding="utf-8")
FORGE = "https://example.org/blob/main"
CELLS = (
    "%load_ext kwmagic",
    "%kwindex boats/harbour.py",
    "%%docfile boats/harbour.py --source fold --diagram\n## Purpose\n\n| Berths | Boats |\n| --- | --- |\n| 12 | 7 |\n",
)
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SECTION = "Detailed Analysis"
EXAMPLE = ">>> Boat(3).shorter(Boat(4))"
FORMULAS = (r"w \cdot l", r"\sum_i w_i l_i")
LINE = re.compile(rf"^{FORGE}/boats/harbour\.py#L(\d+)$|/boats/harbour\.py[^#]*#line=(\d+)$")
DIAGRAM = "classDiagram\ndirection LR\n"
EXACT = (
    "Harbours: <b>not bold</b>, __init__ & &lt;T&gt;, $5 and $10, a|b.",
    r'Vessel.shorter(self, other: Vessel, text: str = "a|b <T> $HOME \\(x\\) [a](b)") -> bool',
    "its __lt__ is not asked",
    "said <i>aloud</i>",
    'LIMIT__ = "**12** | # x"',
)
"""What the eye must find letter by letter."""


def constructs(folder: Path) -> Path:
    """The notebook `constructs.ipynb`, executed in *folder* beside the package it is about."""
    shutil.copytree(BOATS, folder / "boats", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pyproject.toml").write_text(f'[tool.kwmagic]\nsource_url = "{FORGE}/{{path}}#L{{line}}"\n', "utf-8")
    cells = [new_code_cell(cell, id=f"cell-{number}") for number, cell in enumerate(CELLS)]
    notebook = new_notebook(cells=[new_markdown_cell("# Constructs\n\nOf every kind.", id="title"), *cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, timeout=60, record_timing=False).execute(cwd=str(folder))
    nbformat.write(notebook, folder / "constructs.ipynb")
    return folder / "constructs.ipynb"


@dataclass
class Element:
    """An element of a page; text stands among its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator[Element]:
        """Itself and what is in it, in order; only of these tags, if any are given."""
        if not tags or self.tag in tags:
            yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.all(*tags)

    @property
    def text(self) -> str:
        """What a reader sees of it, blanks as they are."""
        if self.tag in ("script", "style", "head", "template"):
            return ""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def ids(self) -> set[str]:
        """Every place on the page that a link can lead to; JupyterLab keeps them under another name."""
        names = ("id", "data-jupyter-id", "name")
        return {each.attributes[name] for each in self.all() for name in names if name in each.attributes}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        places = [place for place, each in enumerate(self.open) if each.tag == tag and place]
        if places:
            del self.open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(html: str) -> Element:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


MYST_TAGS = {
    "crossReference": "a",
    "inlineCode": "code",
    "inlineMath": "math",
    "link": "a",
    "listItem": "li",
    "paragraph": "p",
    "tableCell": "td",
    "tableRow": "tr",
}


def from_mystmd(node: dict[str, Any]) -> Element:
    """The tree of a page that mystmd keeps as its own JSON."""
    kind, target = node["type"], node.get("html_id") or node.get("identifier")
    attributes = {"id": target} if target else {}
    match kind:
        case "code":
            tag, attributes = "pre", {"data-lang": node.get("lang") or ""}
        case "heading":
            tag = f"h{node['depth']}"
        case _:
            tag = MYST_TAGS.get(kind, kind)
    if tag == "a":
        attributes = {"href": node.get("url") or f"#{target}"}
    inner = [node["value"]] if "value" in node else [from_mystmd(child) for child in node.get("children", ())]
    return Element(tag, attributes, inner)


def with_contents(page: Element) -> Element:
    """A page of mystmd with what its themes make of the headings, which need the network to be run."""
    found = [each for each in page.all(*HEADINGS) if "id" in each.attributes]
    links = [Element("a", {"href": f"#{each.attributes['id']}"}, [each.text]) for each in found]
    return Element("div", {}, [page, Element("nav", {}, [*links])])


def _plain(text: str) -> str:
    return " ".join(text.split())


def _has_class(element: Element, *names: str) -> bool:
    return not {*names}.isdisjoint(element.attributes.get("class", "").split())


def headings(page: Element) -> str:
    """Sections of `%docfile` are headings."""
    if any(each.text.strip("\n ¶#") == SECTION for each in page.all(*HEADINGS)):
        return "✓"
    return "~" if SECTION in page.text else "✗"


def contents(page: Element) -> str:
    """They are in a table of contents."""
    links = [each for each in page.all("a") if each.text.strip() == SECTION and "#" in each.attributes.get("href", "")]
    listed = (each for each in page.all("span") if each.attributes.get("class") == "jp-tocItem-content")
    if any(each.text.strip() == SECTION for each in listed):  # JupyterLab needs no address
        return "✓"
    return "✓" if any(unquote(each.attributes["href"]).partition("#")[2] in page.ids for each in links) else "✗"


def anchors(page: Element) -> str:
    """Links inside a page lead to their definitions."""
    addresses = [each.attributes["href"] for each in page.all("a") if "href" in each.attributes]
    inside = [address.partition("#")[2] for address in addresses if re.search("#kw-", address)]
    if not inside:
        return "~" if "Boat ↓" in page.text else "✗"
    return "✓" if set(inside) <= page.ids else "✗"


def lines(page: Element) -> str:
    """Links lead to the lines of files: on the forge, or, where JupyterLab knows them, beside the notebook."""
    addresses = [each.attributes.get("href", "") for each in page.all("a")]
    found = {int(place[1] or int(place[2]) + 1) for place in map(LINE.search, addresses) if place}
    return "✓" if found >= {20, 23, 36, 41, 45} else "✗"


def table(page: Element) -> str:
    """The author's table has rows and columns."""
    cells = {cell.text.strip() for table in page.all("table") for cell in table.all("th", "td")}
    if {"Berths", "Boats", "12", "7"} <= cells:
        return "✓"
    return "~" if "| 12 | 7 |" in page.text else "✗"


def folded(page: Element) -> str:
    """The source is folded, and there to the letter."""
    sources = [each for each in page.all("pre") if each.text.strip() == SOURCE.strip()]
    if not sources:
        return "✗"
    return "✓" if any(source in list(each.all("pre")) for each in page.all("details") for source in sources) else "~"


def code(page: Element) -> str:
    """Examples are in the colours of their language."""
    blocks = [each for each in page.all("pre") if EXAMPLE in each.text]
    if not blocks:
        return "✗"
    coloured = any(span.attributes.get("class") for block in blocks for span in block.all("span"))
    return "✓" if coloured or any(block.attributes.get("data-lang") for block in blocks) else "~"


def math(page: Element) -> str:
    """Formulas are drawn, or left to a script of the page that draws them."""
    drawn = [each for each in page.all() if each.tag in ("math", "mjx-container") or _has_class(each, "math")]
    if len(drawn) >= len(FORMULAS):
        return "✓"
    script = any("mathjax" in f"{each.attributes.get('src')} {each.children}".lower() for each in page.all("script"))
    if all(formula in page.text for formula in FORMULAS):
        return "✓" if script else "~"
    return "✗"


def diagram(page: Element) -> str:
    """Diagrams are drawn, or left to a script of the page that draws them; `~`: their source is shown."""
    drawn = ("mermaid", "jp-RenderedMermaid", "kw-diagram")
    if any(_has_class(each, *drawn) for each in page.all("div", "pre", "svg")) or any(page.all("mermaid")):
        return "✓"
    return "~" if any(DIAGRAM in each.text for each in page.all("pre")) else "✗"


def escapes(page: Element) -> str:
    """Names and prose show exactly, and nothing in them acts as markup."""
    text = _plain(page.text)
    live = any(each.text in ("not bold", "aloud") for each in page.all("b", "i"))
    return "✓" if not live and all(exact in text for exact in EXACT) else "✗"


CHECKS: dict[str, Callable[[Element], str]] = {
    "headings": headings,
    "contents": contents,
    "links": anchors,
    "lines": lines,
    "tables": table,
    "folds": folded,
    "colours": code,
    "formulas": math,
    "Mermaid": diagram,
    "odd names": escapes,
}
"""What is looked at, by the name of its column in README; `✓`: works, `~`: readable, `✗`: broken."""


def verdicts(page: Element) -> dict[str, str]:
    """Column -> what has become of the construct on this page."""
    return {name: check(page) for name, check in CHECKS.items()}
