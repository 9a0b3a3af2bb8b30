"""The order of layers: what each module of the package may import, read with the package's own analyser."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import kwmagic
from kwmagic import analysis
from kwmagic.evidence.imports import STANDARD
from kwmagic.model import FileRef

PACKAGE = Path(kwmagic.__file__).parent

LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "model", "cells", "progress", "collecting", "trust", "anchors"),
    ("sitelinks",),
    ("kinds", "mdtext", "options", "languages", "links", "words"),
    ("provenance", "rows"),
    ("foreign.*",),
    ("docstrings.*",),
    ("analysers.*",),
    ("evidence.*",),
    ("markup", "detailing"),
    ("pages.*",),
    ("html.*",),
    ("sources",),
    ("store.*",),
    ("searching",),
    ("walking", "archives", "inspection"),
    ("finders",),
    ("targets.*",),
    ("git.*",),
    ("workers", "linkcheck", "identity"),
    ("executors", "clusters"),
    ("sharing",),
    ("analysis",),
    ("comparing",),
    ("projects.*",),
    ("jsonform", "focusing", "inventory"),
    ("results",),
    ("changelist", "drafting"),
    ("documents", "found"),
    ("checking.*",),
    ("building.*",),
    ("exporting.*",),
    ("config", "exploring"),
    ("composing",),
    ("converters",),
    ("arguments", "frontend"),
    ("completion", "display"),
    ("publishing",),
    ("commands",),
    ("call",),
    ("magics",),
    ("extension",),
    ("",),
    ("cli",),
    ("__main__",),
)
"""From the bottom up; a module imports from the layers below its own, and from its own only inside one folder.

`""` is the package itself, `folder.*` every module of a folder and the folder's `__init__`.
"""
SUBJECTS = {
    "model": (),
    "errors": (),
    "mdtext": (),
    "anchors": (),
    "sitelinks": ("anchors", "model"),
    "foreign": ("foreign", "mdtext"),
    "docstrings": ("docstrings", "mdtext"),
    "analysers": ("analysers", "languages", "model", "provenance"),
    "provenance": ("languages", "mdtext"),
    "evidence": ("evidence", "kinds", "languages", "model", "provenance", "analysers.python_detail"),
    "markup": ("mdtext", "docstrings"),
    "pages": (
        *("pages", "evidence", "docstrings.doc_comments", "markup", "mdtext", "links", "options", "languages"),
        *("kinds", "model", "analysers.markdown_detail", "analysers.notebook_detail", "analysers.python_detail"),
        *("analysers.markdown", "analysers.python_conditions", "anchors", "sitelinks"),
    ),
    "inspection": (),
    "inventory": ("anchors", "kinds", "mdtext", "model"),
    "workers": ("collecting",),
    "rows": ("model",),
}
"""All that these may import of the package: narrower than their layer. A name stands for what is in it, too."""
THIRD_PARTY = {
    "IPython": ("call", "completion", "display", "magics"),
    "jupyter_core": ("frontend",),
    "markdown_it": (
        "analysers.markdown",
        "analysers.markdown_detail",
        "checking.exact",
        "html.markdown",
        "html.parser",
        "html.rules",
        "html.search",
        "pages.authored",
        "pages.introduction",
    ),
    "latex2mathml": ("html.formulas",),
    "mdit_py_plugins": ("html.parser",),
    "jupyter_client": ("exporting.executing",),
    "nbclient": ("exporting.executing",),
    "nbconvert": ("converters",),
    "nbformat": ("analysers.notebook", "composing", "converters", "exporting.executing"),
    "pathspec": ("walking",),
    "filelock": ("building.lock", "store.file"),
    "platformdirs": ("config", "store.folder"),
    "pygments": ("html.code",),
    "traitlets": ("converters", "extension", "magics"),
    "tree_sitter": ("analysers.grammars", "analysers.tree_sitter_rows"),
}
"""Everything else that is imported from outside the standard library is a mistake."""
RESTRICTED = {
    "subprocess": ("git.asking", "workers"),
    "threading": ("analysis", "building.aside", "git.asking", "workers"),
    "signal": ("__main__", "workers"),
    "zipfile": ("archives", "sources"),
    "importlib": (
        "",
        "analysers.grammars",
        "analysis",
        "building.settings",
        "clusters",
        "executors",
        "finders",
        "identity",
        "projects.gathering",
        "targets.freshness",
    ),
    "inspect": (
        *("analysers.comments", "analysers.lines", "analysers.live", "docstrings", "docstrings.comment_code"),
        "targets.parameters",
    ),
    "argparse": ("arguments", "call", "cli"),
    "tomllib": ("analysers.toml", "config"),
    "sqlite3": ("store.database", "store.file", "store.fulltext"),
} | dict.fromkeys(("multiprocessing", "concurrent", "asyncio", "pickle", "tokenize", "runpy", "imp"), ())
"""Modules of the standard library that only these may import."""
LAZY = {
    *("jupyter_client", "latex2mathml", "mdit_py_plugins", "nbclient", "pygments"),
    *("filelock", "jupyter_core", "markdown_it", "nbformat", "pathspec", "platformdirs", "tomllib", "tree_sitter"),
    "zipfile",
}
"""Imported only in the function that needs them."""
PURE = (
    *("model", "anchors", "sitelinks", "mdtext", "markup", "options", "foreign", "docstrings", "evidence", "pages"),
)
IMPURE = {"os", "io", "time", "datetime", "random", "pathlib", "socket", "locale", "shutil", "glob", "tempfile"}
POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}


class Edge(NamedTuple):
    """One import statement's name."""

    module: str
    imported: str
    line: int
    flags: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.module or 'kwmagic/__init__'}:{self.line} imports {self.imported or 'kwmagic'}"


def module_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def edges() -> Iterator[tuple[Edge, bool]]:
    """Every import of every module, and whether it is one of the package itself."""
    for module, path in FILES.items():
        ref = FileRef(path.relative_to(PACKAGE.parent).as_posix(), str(path))
        for each in analysis.analyse(ref).imports:
            target = absolute(each.module, module, is_package=path.stem == "__init__")
            if target is None:
                yield Edge(module, each.module, each.line, each.flags), False
                continue
            inner = f"{target}.{each.name}".lstrip(".")
            yield Edge(module, inner if inner in FILES else target, each.line, each.flags), True


def absolute(written: str, module: str, *, is_package: bool) -> str | None:
    """The module of the package that an import names, without `kwmagic.`; None for one from outside."""
    if not written.startswith("."):
        return written.partition(".")[2] if written.partition(".")[0] == "kwmagic" else None
    level = len(written) - len(written.lstrip("."))
    parents = module.split(".")[: None if is_package and level == 1 else is_package - level or None]
    return ".".join([*parents, *filter(None, [written.lstrip(".")])])


OWN = [edge for edge, is_own in edges() if is_own]
FOREIGN = [edge for edge, is_own in edges() if not is_own]


def row(module: str) -> int | None:
    folder = module.partition(".")[0] + ".*"
    return next((number for number, names in enumerate(LAYERS) if module in names or folder in names), None)


def is_in(module: str, names: tuple[str, ...]) -> bool:
    return any(module == name or (name and module.startswith(f"{name}.")) for name in names)


def unwelcome(found: list[Edge]) -> str:
    return "\n".join(map(str, found))


def test_every_module_has_its_place() -> None:
    assert [module for module in FILES if row(module) is None] == [], "write it into LAYERS"
    named = {name.removesuffix(".*") for names in LAYERS for name in names}
    assert sorted(named - {*FILES}) == [], "in LAYERS, but not in the package"


def test_imports_are_seen() -> None:
    """The other tests would pass if no import was found."""
    pairs = {(edge.module, edge.imported) for edge in OWN}
    assert len(FILES) > 30
    assert len(pairs) > 100
    assert {("pages.keywords", "markup"), ("markup", "docstrings"), ("", "extension"), ("cli", "")} <= pairs
    assert any("typing-only" in edge.flags for edge in OWN)
    assert any("local" in edge.flags for edge in OWN)


def test_imports_point_down() -> None:
    wrong = []
    for edge in OWN:
        here, there = row(edge.module), row(edge.imported)
        assert here is not None, edge
        assert there is not None, edge
        same_folder = edge.module.partition(".")[0] == edge.imported.partition(".")[0]
        if there > here or (there == here and not same_folder):
            wrong.append(edge)
    assert not wrong, unwelcome(wrong)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_imports_only_what_it_needs(subject: str) -> None:
    found = [edge for edge in OWN if is_in(edge.module, (subject,))]
    assert found or not SUBJECTS[subject]
    wrong = [edge for edge in found if not is_in(edge.imported, SUBJECTS[subject])]
    assert not wrong, unwelcome(wrong)


def test_no_cycles() -> None:
    graph: dict[str, set[str]] = {}
    for edge in OWN:
        graph.setdefault(edge.module, set()).add(edge.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_third_party_modules_stay_where_they_belong() -> None:
    outside = [edge for edge in FOREIGN if edge.imported.partition(".")[0] not in STANDARD]
    assert {edge.imported.partition(".")[0] for edge in outside} == {*THIRD_PARTY}
    wrong = [edge for edge in outside if not is_in(edge.module, THIRD_PARTY[edge.imported.partition(".")[0]])]
    assert not wrong, unwelcome(wrong)


def test_heavy_and_risky_modules_stay_where_they_belong() -> None:
    wrong = []
    for edge in FOREIGN:
        allowed = RESTRICTED.get(edge.imported.partition(".")[0])
        if allowed is not None and edge.module not in allowed and "typing-only" not in edge.flags:
            wrong.append(edge)
    assert not wrong, unwelcome(wrong)


def test_heavy_modules_are_imported_late() -> None:
    wrong = [
        edge
        for edge in FOREIGN
        if edge.imported.partition(".")[0] in LAZY
        and not {"local", "typing-only"} & {*edge.flags}
        and edge.module != "converters"  # which nbconvert alone imports, after all these
    ]
    assert not wrong, unwelcome(wrong)


def test_what_renders_knows_no_clock_file_or_environment() -> None:
    wrong = [edge for edge in FOREIGN if is_in(edge.module, PURE) and edge.imported.partition(".")[0] in IMPURE]
    assert not wrong, unwelcome(wrong)


def test_nothing_is_imported_that_windows_lacks() -> None:
    wrong = [edge for edge in FOREIGN if edge.imported in POSIX and not {"local", "conditional"} & {*edge.flags}]
    assert not wrong, unwelcome(wrong)
