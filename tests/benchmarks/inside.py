"""Run in a process of its own by the benchmarks: prints as JSON what can only be measured from inside.

`index FOLDER`: the peak memory of indexing a folder. `headers FOLDER`: the number of symbols in all headers below a
folder, found in this process alone. `shell`: the seconds of the first steps in a fresh IPython. `project FOLDER`: those
of exploring a package whose index is yet to be made, beside a bare `ast.parse` of all its files.
"""

# ruff: noqa: PLC0415  # each measures a process that has imported only what it needs

from __future__ import annotations

import json
import sys
import time


def index(folder: str) -> dict[str, float]:
    """Bytes at the peak of this process, and of the largest of its workers."""
    import resource

    from kwmagic import documents

    documents.index(folder)._repr_mimebundle_()
    unit = 1 if sys.platform == "darwin" else 1024
    own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"own": own * unit, "worker": child * unit}


def headers(folder: str) -> dict[str, float]:
    """How many symbols they define."""
    from kwmagic import analysis
    from kwmagic.walking import walk

    files = [ref for ref in walk(folder).files if ref.path.endswith((".h", ".hpp", ".cuh", ".hh", ".hxx", ".inl"))]
    return {"files": len(files), "symbols": sum(len(analysis.analyse(ref).symbols) for ref in files)}


def shell() -> dict[str, float]:
    """Seconds of each step, in the order in which a user takes them."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    running = InteractiveShell.instance()
    running.run_cell("import json")
    steps = {
        "import": "import kwmagic",
        "load": "%load_ext kwmagic",
        "first": "%docfile textwrap",
        "again": "%docfile textwrap",
    }
    taken = {}
    for name, cell in steps.items():
        with capture_output() as captured:
            start = time.perf_counter()
            result = running.run_cell(cell)
            taken[name] = time.perf_counter() - start
        result.raise_error()
        assert "%docfile" not in cell or "fill(" in captured.stdout, "nothing was shown"
    return taken


def project(folder: str) -> dict[str, float]:
    """Seconds of each step; the package must have a `hub.py` and a `nn/modules/conv.py`, and is edited."""
    import ast
    import warnings
    from pathlib import Path

    from kwmagic import documents, exploring
    from kwmagic.documents import Scene

    scene = Scene(trust_stat=True)
    hub, conv, package = Path(folder, "hub.py"), Path(folder, "nn/modules/conv.py"), Path(folder).name
    sys.path.insert(0, str(Path(folder).parent))

    def parse() -> None:
        for file in Path(folder).rglob("*.py"):
            try:
                ast.parse(file.read_bytes())
            except SyntaxError:
                continue

    def edit() -> None:
        hub.write_text(hub.read_text("utf-8") + "\n\ndef added():\n    return 1\n", "utf-8")
        documents.document(str(conv), scene=scene)._repr_mimebundle_()

    steps = {
        "parse": parse,
        "first": lambda: documents.document(str(hub), scene=scene)._repr_mimebundle_(),
        "other": lambda: documents.document(str(conv), scene=scene)._repr_mimebundle_(),
        "index": lambda: documents.index(package, scene=scene)._repr_mimebundle_(),
        "search": lambda: exploring.search("conv transpose", package, scene=scene)._repr_mimebundle_(),
        "uses": lambda: exploring.uses(f"{conv}::Conv2d", scene=scene)._repr_mimebundle_(),
        "edited": edit,
    }
    taken = {}
    warnings.simplefilter("ignore")
    for name, step in steps.items():
        if name == "other":
            time.sleep(3)  # until the index is old enough for its times to be trusted
        start = time.perf_counter()
        step()
        taken[name] = time.perf_counter() - start
    return taken


if __name__ == "__main__":
    modes = {"index": index, "headers": headers, "shell": shell, "project": project}
    print(json.dumps(modes[sys.argv[1]](*sys.argv[2:])))
