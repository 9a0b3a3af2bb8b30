"""Sites of one package, made by kwmagic and by its peers, each told to show all that it can."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.counting import Contents, contents, defined, module_of
from tests.benchmarks.measuring import Row, seconds, skipped, verdict
from tests.benchmarks.watching import Taken, watched

_AUTOAPI = """
extensions = ["autoapi.extension"]
project, html_theme = {name!r}, "alabaster"
autoapi_dirs = [{package!r}]
autoapi_ignore = ["*/debugger.py"]  # their classes are bases of each other in its eyes, and end it
autoapi_options = [
    "members", "undoc-members", "private-members", "special-members", "show-inheritance", "show-module-summary",
]
"""
_FAILED = "can't be imported: "
_IMPORTED = f"""
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException:
        print({_FAILED!r} + name)
"""
_MKDOCS = """
site_name: {name}
use_directory_urls: false
plugins:
  - mkdocstrings:
      handlers:
        python:
          paths: [{parent}]
          options: {{show_if_no_docstring: true, filters: []}}
"""


class Site(NamedTuple):
    """What one tool made of the package."""

    taken: Taken
    contents: Contents


class _Work(NamedTuple):
    package: Path
    """A copy of the package that nothing else reads."""
    folder: Path
    """Empty; for settings and pages."""


def _kwmagic(work: _Work) -> tuple[list[str], Path]:
    out = work.folder / "pages"
    return [sys.executable, "-m", "kwmagic", "build", str(work.package), "-o", str(out), "--quiet"], out


def _pdoc(work: _Work) -> tuple[list[str], Path]:
    """All modules by name, since it passes over those that an `__all__` leaves out; it imports them, and ends where
    one can't be imported: these are found beforehand."""
    out = work.folder / "pages"
    names = [name for name in _modules(work.package) if not name.endswith(".__main__")]
    command = [sys.executable, "-c", _IMPORTED, *names]
    variables = {**os.environ, "PYTHONPATH": str(work.package.parent)}
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    bad = {line.removeprefix(_FAILED) for line in done.stdout.splitlines() if line.startswith(_FAILED)}
    modules = [f"!^{re.escape(name)}$" if name in bad else name for name in names]
    return [sys.executable, "-m", "pdoc", "-o", str(out), *modules], out


def _mkdocstrings(work: _Work) -> tuple[list[str], Path]:
    """A page for each module, as the recipe of mkdocstrings has it."""
    pages = work.folder / "docs"
    pages.mkdir()
    Path(pages, "index.md").write_text(f"# {work.package.name}\n", "utf-8")
    for name in _modules(work.package):
        Path(pages, f"{name}.md").write_text(f"# {name}\n\n::: {name}\n", "utf-8")
    settings = _MKDOCS.format(name=work.package.name, parent=work.package.parent)
    Path(work.folder, "mkdocs.yml").write_text(settings, "utf-8")
    return [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", f"{work.folder}/mkdocs.yml"], work.folder / "site"


def _autoapi(work: _Work) -> tuple[list[str], Path]:
    pages, out = work.folder / "docs", work.folder / "pages"
    pages.mkdir()
    text = _AUTOAPI.format(name=work.package.name, package=str(work.package))
    Path(pages, "conf.py").write_text(text, "utf-8")
    Path(pages, "index.rst").write_text("Start\n=====\n", "utf-8")
    return [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(pages), str(out)], out


def _modules(package: Path) -> list[str]:
    return sorted(module_of(file, package) for file in package.rglob("*.py"))


_PEERS: dict[str, tuple[tuple[str, ...], Callable[[_Work], tuple[list[str], Path]]]] = {
    "pdoc": (("pdoc",), _pdoc),
    "mkdocstrings": (("mkdocs", "mkdocstrings", "mkdocstrings_handlers"), _mkdocstrings),
    "sphinx-autoapi": (("sphinx", "autoapi"), _autoapi),
}


def compared(root: Path, scratch: Path) -> Iterator[Row]:
    """A line for each thing that is compared with each peer; *root*: the checkout; all is written below *scratch*."""
    spec = importlib.util.find_spec("IPython")
    if spec is None or spec.origin is None:
        yield skipped("site of IPython", "no IPython installed")
        return
    package = scratch / "source" / "IPython"
    shutil.copytree(Path(spec.origin).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    expected = defined(package)
    ours = _made(_kwmagic, package, scratch / "kwmagic", root, expected)
    for name, (modules, order) in _PEERS.items():
        if missing := [each for each in modules if importlib.util.find_spec(each) is None]:
            yield skipped(f"site of IPython; peer: {name}", f"no {', '.join(missing)} installed")
            continue
        try:
            theirs = _made(order, package, scratch / name, root, expected)
        except subprocess.CalledProcessError as error:
            last = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
            yield skipped(f"site of IPython; peer: {name}", " ".join(["it failed:", *last]).replace("|", "/"))
        else:
            yield from _rows(name, ours, theirs, len(expected))


def _made(
    order: Callable[[_Work], tuple[list[str], Path]],
    package: Path,
    folder: Path,
    root: Path,
    expected: set[tuple[str, str]],
) -> Site:
    folder.mkdir()
    command, out = order(_Work(package, folder))
    paths = os.pathsep.join([str(package.parent), str(root)])
    variables = {"PYTHONPATH": paths, "KWMAGIC_CACHE_DIR": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    taken = watched(command, str(folder), variables)
    return Site(taken, contents(out, package, expected))


def _rows(peer: str, ours: Site, theirs: Site, symbols: int) -> Iterator[Row]:
    def row(what: str, mine: float, other: float, text: Callable[[float], str], *, more: bool = False) -> Row:
        ratio = f"{mine / other:.2f}×" if other else "–"
        target = "≥ 1×" if more else "≤ 1×"
        met = verdict(mine >= other if more else mine <= other)
        return Row(f"site of IPython, {what}; peer: {peer}", text(mine), text(other), ratio, target, met)

    def plain(value: float) -> str:
        return f"{value:,.0f}"

    def megabytes(value: float) -> str:
        return f"{value / 1e6:.1f} MB"

    yield row("nothing cached", ours.taken.wall, theirs.taken.wall, seconds)
    yield row("processor time", ours.taken.processor, theirs.taken.processor, seconds)
    if ours.taken.memory:
        yield row("peak memory", ours.taken.memory, theirs.taken.memory, megabytes)
    of = f"classes and functions of {symbols:,} with an entry of their own"
    yield row(of, len(ours.contents.shown), len(theirs.contents.shown), plain, more=True)
    yield row(f"dead links of {ours.contents.links:,} and {theirs.contents.links:,}", *_dead(ours, theirs), plain)
    size = row("size", ours.contents.size, theirs.contents.size, megabytes)
    yield size._replace(target="–", met="–")


def _dead(ours: Site, theirs: Site) -> tuple[int, int]:
    return len(ours.contents.dead), len(theirs.contents.dead)
