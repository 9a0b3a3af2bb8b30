"""Run in a process of its own by the benchmarks: prints as JSON what can only be measured from inside.

`index FOLDER`: the peak memory of indexing a folder. `headers FOLDER`: the number of symbols in all headers below a
folder, found in this process alone. `shell`: the seconds of the first steps in a fresh IPython.
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


if __name__ == "__main__":
    print(json.dumps({"index": index, "headers": headers, "shell": shell}[sys.argv[1]](*sys.argv[2:])))
