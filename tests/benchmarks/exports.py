"""Notebooks exported and sites built as HTML: what that costs beside nbconvert and beside Markdown."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kwmagic import documents
from tests.benchmarks.measuring import Row, Timed, compare, process, skipped, verdict, within
from tests.benchmarks.watching import watched

OUTPUTS = 50
BYTES = 2_000_000
"""Of Markdown in all outputs together."""
SECONDS = {"md": 2.0, "html": 6.0}
"""That an export may take beyond an `import nbformat`."""
PEERS = {"md": "markdown", "html": "html"}
"""What nbconvert calls it."""
PAGE, PER_BYTE = 60_000, 6
"""Bytes of the HTML page of a module: so many, and so many for each byte of its source."""


def notebook(folder: Path) -> Path:
    """A notebook of real outputs: the documents of the largest modules of IPython, *BYTES* in all."""
    package = _package("IPython")
    files = sorted(package.rglob("*.py"), key=lambda file: (-file.stat().st_size, str(file)))[:OUTPUTS]
    bundles = [documents.document(str(file))._repr_mimebundle_() for file in files]
    cells = []
    for number, (file, bundle) in enumerate(zip(files, bundles, strict=True)):
        share = bundle["text/markdown"][: BYTES // OUTPUTS].rpartition("\n\n")[0]
        metadata = {"kwmagic": {"target": file.stem, "schema": 1, "anchor": ""}}
        data = {"text/markdown": share, "text/plain": ""}
        output = new_output("execute_result", data=data, metadata=metadata, execution_count=1)
        code = new_code_cell(f"%docfile {file.stem}", outputs=[output], id=f"code-{number}", execution_count=1)
        cells += [new_markdown_cell(f"## {file.stem}\n\nWords.", id=f"words-{number}"), code]
    path = folder / "large.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def rows(root: Path, scratch: Path, rounds: int) -> Iterator[Row]:
    """*root*: the checkout; all is written below *scratch*."""
    os.environ["PYTHONPATH"] = str(root)
    path = notebook(scratch)
    what = f"export of {OUTPUTS} outputs, {path.stat().st_size / 1e6:.1f} MB"
    for to, most in SECONDS.items():
        ours = process([sys.executable, "-m", "kwmagic", "export", str(path), "-o", str(scratch / to), "--to", to])
        start = process([sys.executable, "-c", "import nbformat"])
        yield within(f"{what}, to {to}, beyond `import nbformat`", _beyond(ours, start, rounds), most)
        peer = f"peer: `nbconvert --to {PEERS[to]}`"
        if importlib.util.find_spec("nbconvert") is None:
            yield skipped(f"{what}; {peer}", "no nbconvert installed")
            continue
        command = [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            PEERS[to],
            "--output-dir",
            str(scratch / "peer"),
            str(path),
        ]
        yield compare(f"{what}; {peer}", ours, process(command), most=1, rounds=rounds)
    yield from _site(root, scratch)


def _beyond(ours: Timed, start: Timed, rounds: int) -> list[float]:
    ours()
    return [ours() - start() for _ in range(rounds)]


def _site(root: Path, scratch: Path) -> Iterator[Row]:
    """The tree of IPython as HTML against the same as Markdown, each from nothing; and the size of its pages."""
    package = scratch / "source" / "IPython"
    shutil.copytree(_package("IPython"), package, ignore=shutil.ignore_patterns("__pycache__"))
    taken = {}
    for to in SECONDS:
        command = [sys.executable, "-m", "kwmagic", "build", str(package), "-o", str(scratch / f"site-{to}"), "--quiet"]
        variables = {"PYTHONPATH": str(root), "KWMAGIC_CACHE_DIR": str(scratch / f"cache-{to}")}
        taken[to] = watched([*command, "--to", to], str(scratch), variables)
    for name in ("wall", "processor"):
        mine, other = (getattr(taken[to], name) for to in ("html", "md"))
        met = verdict(mine <= 3 * other)
        what = f"site of IPython as HTML, {name} time; peer: as Markdown"
        yield Row(what, f"{mine:.2f} s", f"{other:.2f} s", f"{mine / other:.2f}×", "≤ 3×", met)
    ratios = [_share(file, package, scratch / "site-html") for file in sorted(package.rglob("*.py"))]
    worst = f"{max(ratios):.2f} (median {median(ratios):.2f})"
    limit = f"≤ 1 of {PAGE // 1000} kB + {PER_BYTE}× the source"
    yield Row("size of a module's HTML page", worst, target=limit, met=verdict(max(ratios) <= 1))


def _share(file: Path, package: Path, site: Path) -> float:
    page = site / f"{file.relative_to(package).as_posix()}_docs.html"
    return page.stat().st_size / (PAGE + PER_BYTE * file.stat().st_size)


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent
