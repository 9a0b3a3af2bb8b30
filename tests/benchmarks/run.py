"""What kwmagic costs, measured beside its peers: `python tests/benchmarks/run.py [--source FOLDER] [NAME …]`.

Prints a Markdown table. FOLDER (or the environment variable KWMAGIC_TORCH) is the folder `torch` of an unpacked
PyTorch 2.13 wheel; without it the rows that need it are skipped.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # this checkout, whatever is installed

from kwmagic import documents, sharing, workers  # noqa: E402
from kwmagic.results import Limits  # noqa: E402
from tests.benchmarks import exports, sites  # noqa: E402
from tests.benchmarks.measuring import Row, call, compare, process, processor_time, skipped, spread, verdict, within  # noqa: E402

LARGE_FILE = "testing/_internal/distributed/distributed_test.py"
INDEX = "import sys; from kwmagic import documents; documents.index(sys.argv[1] + '/**/*.py*')._repr_mimebundle_()"
"""From the start of Python to the rendered bundle."""
MEMORY = 500_000_000
"""Bytes that indexing a large package may take, with all its workers."""
ENTRIES = 50_000


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured on."""

    source: Path | None
    """The package `torch`; None where there is none."""
    rounds: int

    def missing(self, file: str = "") -> str:
        """Why a file of the package can't be measured; empty where it can."""
        if self.source is None:
            return "no --source and no KWMAGIC_TORCH"
        return "" if (self.source / file).exists() else f"no {file} in {self.source.name}"


def index_file(setting: Setting) -> Iterator[Row]:
    """The index of a large file as a dict, against a bare `ast.parse` of its text."""
    yield _against_parse(setting, "index as a dict", lambda path: documents.index(path).to_dict(), 0.4)


def document_file(setting: Setting) -> Iterator[Row]:
    """The documentation of a large file, its detailed analysis included, against the same."""
    yield _against_parse(setting, "documentation", lambda path: documents.document(path)._repr_mimebundle_(), 6)


def _against_parse(setting: Setting, what: str, work: Callable[[Path], object], most: float) -> Row:
    what = f"{what}, `distributed_test.py`; peer: `ast.parse`"
    if why := setting.missing(LARGE_FILE):
        return skipped(what, why)
    assert setting.source is not None
    path = setting.source / LARGE_FILE
    text = path.read_text(encoding="utf-8")
    ours, peer = call(lambda: work(path)), call(lambda: ast.parse(text))
    return compare(what, ours, peer, most=most, rounds=setting.rounds)


def index_package(setting: Setting) -> Iterator[Row]:
    """The index of a whole package in a fresh process, nothing cached, against programs that read as much."""
    names = {"ctags": "`ctags -R --output-format=json`", "griffe": "`griffe dump`"}
    for program, name in names.items():
        what = f"index of the package; peer: {name}"
        if why := setting.missing() or ("" if shutil.which(program) else f"no {program} installed"):
            yield skipped(what, why)
            continue
        assert setting.source is not None
        folder = setting.source
        ours = process([sys.executable, "-c", INDEX, str(folder)], cwd=str(ROOT))
        with tempfile.TemporaryDirectory() as scratch:
            if program == "ctags":
                command = ["ctags", "-R", "--languages=Python", "--output-format=json", "-f", "-", folder.name]
                yield compare(what, ours, process(command, str(folder.parent)), most=2.5, rounds=setting.rounds)
            else:
                output = os.path.join(scratch, "griffe.json")
                command = ["griffe", "dump", folder.name, "-s", ".", "-X", "-o", output]
                peer = process(command, str(folder.parent))
                rounds = min(setting.rounds, 3)  # each takes about a minute
                yield compare(what, ours, peer, most=15, rounds=rounds, warm=False, faster=True)


def headers(setting: Setting) -> Iterator[Row]:
    """Every C, C++ and CUDA header of the package, read and analysed in one process, against ctags; processor time."""
    what = "index of 9,431 headers, processor time; peer: `ctags --fields=*`"
    if why := setting.missing("include") or ("" if shutil.which("ctags") else "no ctags installed"):
        yield skipped(what, why)
        return
    assert setting.source is not None
    ours = processor_time([sys.executable, str(Path(__file__).with_name("inside.py")), "headers", str(setting.source)])
    yield compare(
        what,
        ours,
        processor_time(_ctags("C,C++,CUDA", "include"), str(setting.source)),
        most=2.5,
        rounds=setting.rounds,
    )


def wheel(setting: Setting) -> Iterator[Row]:
    """Every text file around the package as JSON, in a fresh process, against ctags and reading what that wrote."""
    what = "`kwmagic index FOLDER --format json`; peer: `ctags` and `json.loads`"
    if why := setting.missing() or ("" if shutil.which("ctags") else "no ctags installed"):
        yield skipped(what, why)
        return
    assert setting.source is not None
    folder = setting.source.parent
    with tempfile.TemporaryDirectory() as scratch:
        ours = process(
            [sys.executable, "-m", "kwmagic", "index", f"{folder}/", "--format", "json", "-o", f"{scratch}/k"],
            str(ROOT),
        )
        write, read = process(_ctags("all", ".", f"{scratch}/c"), str(folder)), call(lambda: _read_tags(f"{scratch}/c"))

        def peer() -> float:
            Path(scratch, "c").unlink(missing_ok=True)
            return write() + read()

        yield compare(what, ours, peer, most=1.25, rounds=setting.rounds)


def _ctags(languages: str, folder: str, output: str = "-") -> list[str]:
    """With what our index tells too: prototypes, includes and imports (`+r`), signatures, ends, access."""
    kinds = ["--kinds-C=+p", "--kinds-C++=+p", "--kinds-CUDA=+p"]
    mapped = ["--map-C++=+.h", f"--languages={languages}", "--fields=*", "--extras=+r", "--output-format=json"]
    return ["ctags", "-R", *mapped, *kinds, "-f", output, folder]


def _read_tags(file: str) -> None:
    with open(file, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            json.loads(line)


def memory(setting: Setting) -> Iterator[Row]:
    """The peak memory of indexing a whole package."""
    what = "peak memory of that index, workers included"
    why = setting.missing() or ("no `resource` module" if sys.platform == "win32" else "")
    if why:
        yield skipped(what, why)
        return
    jobs = min(workers.processors(), sharing.MOST_JOBS)
    found = [_inside("index", str(setting.source)) for _ in range(min(setting.rounds, 3))]
    own, worker = (median(each[key] for each in found) for key in ("own", "worker"))
    total = own + jobs * worker
    ours = f"{total / 1e6:.0f} MB ({own / 1e6:.0f} + {jobs} × {worker / 1e6:.0f})"
    yield Row(what, ours, target=f"< {MEMORY / 1e6:.0f} MB", met=verdict(total < MEMORY))


def project(setting: Setting) -> Iterator[Row]:
    """Exploring a package nobody has looked at before, and what follows once its index is there."""
    what = "first `%docfile`, all evidence of the package; peer: `ast.parse` of its files"
    if why := setting.missing("hub.py"):
        yield skipped(what, why)
        return
    assert setting.source is not None
    found = []
    for _ in range(min(setting.rounds, 3)):
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch, setting.source.name)
            shutil.copytree(setting.source, copy, ignore=_no_python)
            found.append(_inside("project", str(copy), KWMAGIC_CACHE_DIR=f"{scratch}/cache"))
    first, parse = [each["first"] for each in found], [each["parse"] for each in found]
    ratio = median(ours / peer for ours, peer in zip(first, parse, strict=True))
    yield Row(what, spread(first), spread(parse), f"{ratio:.2f}×", "≤ 3.5×", verdict(ratio <= 3.5))
    limits = {
        "other": ("`%docfile` of another file", 0.3),
        "index": ("`%kwindex` of the package", 0.6),
        "search": ("`%kwindex PACKAGE -s 'conv transpose'`", 0.08),
        "uses": ("`%kwindex …Conv2d --uses`", 0.1),
        "edited": ("`%docfile` after an edit of another file", 0.4),
    }
    for key, (what, most) in limits.items():
        yield within(what, [each[key] for each in found], most)


def _no_python(folder: str, names: list[str]) -> list[str]:
    """What is no Python file, for `copytree`."""
    return [name for name in names if not (name.endswith((".py", ".pyi")) or os.path.isdir(os.path.join(folder, name)))]


def shell(setting: Setting) -> Iterator[Row]:
    """The first steps in a running IPython, where the index of the standard library is there."""
    with tempfile.TemporaryDirectory() as cache:
        _inside("shell", KWMAGIC_CACHE_DIR=cache)
        found = [_inside("shell", KWMAGIC_CACHE_DIR=cache) for _ in range(setting.rounds)]
    limits = {
        "import": ("`import kwmagic` in IPython", 0.05),
        "load": ("`%load_ext kwmagic`", 0.1),
        "first": ("`%docfile textwrap`, the first magic typed", 0.3),
        "again": ("`%docfile textwrap`, a second time", 0.3),
    }
    for key, (what, most) in limits.items():
        yield within(what, [each[key] for each in found], most)


def cell_size(setting: Setting) -> Iterator[Row]:  # noqa: ARG001
    """How much of a very large index a cell holds."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(50):
            functions = (f'def function_{each}(a, b=1):\n    """Say {each}."""\n' for each in range(ENTRIES // 50))
            Path(folder, f"module_{number}.py").write_text("\n".join(functions), encoding="utf-8")
        index = documents.index(folder)
        markdown = index._repr_mimebundle_()["text/markdown"]
    size, entries = len(markdown.encode("utf-8")), sum(line.lstrip().startswith("- ") for line in markdown.split("\n"))
    limits = Limits()
    yield Row(
        f"cell of an index of {len(index):,} keywords",
        f"{size:,} bytes, {entries:,} entries",
        target=f"≤ {limits.bytes:,} bytes, {limits.entries:,} entries",
        met=verdict(size <= limits.bytes and entries <= limits.entries),
    )


def build(setting: Setting) -> Iterator[Row]:  # noqa: ARG001
    """The same package as a site, by kwmagic and by what else makes sites, each in fresh processes."""
    with tempfile.TemporaryDirectory() as scratch:
        yield from sites.compared(ROOT, Path(scratch))


def export(setting: Setting) -> Iterator[Row]:
    """Notebooks as pages, and a site as HTML."""
    with tempfile.TemporaryDirectory() as scratch:
        yield from exports.rows(ROOT, Path(scratch), setting.rounds)


def _inside(*arguments: str, **variables: str) -> dict[str, float]:
    """What `inside.py` measured, in a fresh process that knows nothing of the user's IPython."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, str(Path(__file__).with_name("inside.py")), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "IPYTHONDIR": home, **variables}
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


BENCHMARKS: dict[str, Callable[[Setting], Iterator[Row]]] = {
    "memory": memory,  # first: a process starts with the peak of the one that starts it
    "file": index_file,
    "document": document_file,
    "package": index_package,
    "headers": headers,
    "wheel": wheel,
    "project": project,
    "shell": shell,
    "cell": cell_size,
    "build": build,
    "export": export,
}


def header() -> str:
    """What it was measured on and when."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    today = datetime.now(UTC).date()
    return f"{python} · {platform.platform()} · {_processor()} · {os.cpu_count()} CPUs · {today}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--source", type=Path, default=os.environ.get("KWMAGIC_TORCH"), help="the folder torch")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed (default: 5)")
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    source = Path(given.source).resolve() if given.source else None
    print(header(), "", "| what | kwmagic | peer | ratio | target | met |", sep="\n")
    print("|---" * len(Row._fields) + "|")
    for name, benchmark in BENCHMARKS.items():
        if name in (given.names or BENCHMARKS):
            for row in benchmark(Setting(source, given.rounds)):
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
