"""What a site holds, read without any of the tools that make sites: entries of symbols, and links that lead nowhere."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

_LINE = re.compile(r"L(\d+)(?:-L(\d+))?")


class Contents(NamedTuple):
    """Of one site."""

    shown: set[tuple[str, str]]
    """Dotted module and qualified name of the symbols with an anchor of their own."""
    links: int
    """To places in the site or in the sources."""
    dead: list[tuple[str, str]]
    """Page and link."""
    size: int
    """Bytes of all files."""


class _Page(HTMLParser):
    """The anchors and links of some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.anchors.update(value for key in ("id", "name") if (value := found.get(key)))
        link = found.get("href" if tag in ("a", "link", "area") else "src")
        if link:
            self.links.append(link)


def defined(package: Path) -> set[tuple[str, str]]:
    """Dotted module and qualified name of each class and function of a package; none that is inside a function."""
    found = set()
    for file in package.rglob("*.py"):
        try:
            tree = ast.parse(file.read_bytes())
        except SyntaxError:
            continue
        found |= {(module_of(file, package), name) for name in _names(tree, "")}
    return found


def _names(node: ast.AST, before: str) -> Iterator[str]:
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield before + each.name
            if isinstance(each, ast.ClassDef):
                yield from _names(each, f"{before}{each.name}.")
        elif not isinstance(each, ast.expr):
            yield from _names(each, before)


def module_of(file: Path, package: Path) -> str:
    """`package/a/b.py` -> `package.a.b`."""
    parts = file.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def contents(out: Path, package: Path, expected: set[tuple[str, str]]) -> Contents:
    """Look through a site of Markdown or of HTML; of *expected* that which has an entry."""
    pages = {file: _read(file) for file in sorted(out.rglob("*")) if file.suffix in (".md", ".html")}
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    shown = _shown(pages, out, package, expected)
    lines: dict[Path, int] = {}
    links, dead = 0, []
    for file, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
                continue
            links += 1
            start = (
                out / "index.html" if parts.path.startswith("/") else file
            )  # as where the site is served from its top
            if not _leads(start, unquote(parts.path).lstrip("/"), unquote(parts.fragment), pages, lines):
                dead.append((file.relative_to(out).as_posix(), link))
    return Contents(shown, links, dead, size)


def _shown(pages: dict[Path, _Page], out: Path, package: Path, expected: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Peers have anchors `module.name` anywhere or `name` on the page of the module; ours have `…-name`, in lower case
    and with a number where that is taken."""
    anywhere = set().union(*(page.anchors for page in pages.values()))
    found = {(module, name) for module, name in expected if f"{module}.{name}" in anywhere}
    names: dict[str, list[str]] = {}
    for module, name in expected:
        names.setdefault(module, []).append(name)
    for file, page in pages.items():
        path = file.relative_to(out)
        if file.name.endswith(".py_docs.md"):
            module = module_of(package / str(path).removesuffix("_docs.md"), package)
            have = [anchor.partition("-")[2].partition("-")[2] for anchor in page.anchors]
            found |= {(module, name) for name in _matched(names.get(module, []), have)}
        elif file.suffix == ".html":
            module = ".".join(path.with_suffix("").parts)
            found |= {(module, name) for name in names.get(module, []) if name in page.anchors}
    return found


def _matched(names: list[str], anchors: list[str]) -> Iterator[str]:
    left = set(anchors)
    for name in sorted(names, key=lambda each: (each.lower(), each)):
        plain = name.lower()
        fitting = [plain, *(f"{plain}-{number}" for number in range(1, 20))]
        if taken := next((each for each in fitting if each in left), None):
            left.remove(taken)
            yield name


def _leads(file: Path, path: str, fragment: str, pages: dict[Path, _Page], lines: dict[Path, int]) -> bool:
    target = Path(os.path.normpath(file.parent / path)) if path else file
    if target not in pages:
        if target.is_dir():
            target /= "index.html"
        if not target.exists():
            return False
    if target in pages:
        return fragment in ("", "top") or fragment in pages[target].anchors
    if line := _LINE.fullmatch(fragment):
        if target not in lines:
            lines[target] = len(target.read_bytes().splitlines())
        return max(int(each) for each in line.groups() if each) <= max(lines[target], 1)
    return not fragment


def _read(file: Path) -> _Page:
    page = _Page()
    text = file.read_text("utf-8", errors="replace")
    page.feed(_html(text) if file.suffix == ".md" else text)
    return page


def _html(text: str) -> str:
    """What a reader shows of some Markdown; headings get no anchors, which readers make in different ways."""
    return str(MarkdownIt("commonmark").enable("table").render(text))


def main() -> None:
    """Print what one site holds: `counting.py OUT PACKAGE`."""
    out, package = (Path(each).resolve() for each in sys.argv[1:3])
    expected = defined(package)
    found = contents(out, package, expected)
    print(f"{len(found.shown):,} of {len(expected):,} shown, {found.size:,} bytes")
    print(f"{len(found.dead)} dead of {found.links:,} links")
    for each in sorted(expected - found.shown)[:20]:
        print("not shown:", *each)
    for each in found.dead[:20]:
        print("dead:", *each)


if __name__ == "__main__":
    main()
