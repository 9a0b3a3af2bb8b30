"""What the Python analyser finds, case by case: `cases/python/<case>/input.py` beside `expected.txt`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_scanner_law import Tally, holds

from kwmagic.analysers import python
from kwmagic.model import FileFacts, FileRef, Import, Symbol
from kwmagic.sources import read

CASES = Path(__file__).parent / "cases" / "python"
NAMES = sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []


def listing(facts: FileFacts) -> str:
    """A line for each symbol and each import, in the order of the file; what else is known at the end."""
    rows = [(symbol.line, 0, symbol_line(symbol)) for symbol in facts.symbols]
    rows += [(each.line, 1, import_line(each)) for each in facts.imports]
    lines = [text for _, _, text in sorted(rows, key=lambda row: row[:2])]
    lines += [] if facts.exports is None else [f"exports {' '.join(facts.exports)}"]
    lines += [f"problem {problem.line} {problem.message}" for problem in facts.problems]
    return "\n".join(lines) + "\n"


def symbol_line(symbol: Symbol) -> str:
    bases = f"<- {' & '.join(symbol.bases)}" if symbol.bases else ""
    parts = [f"{symbol.line}-{symbol.end_line}", symbol.kind, symbol.qualname, symbol.signature or "", bases]
    parts += [f"@{decorator}" for decorator in symbol.decorators]
    parts += about(symbol.flags, symbol.condition)
    parts += [] if symbol.doc is None else [shortened(symbol.doc)]
    return " ".join(filter(None, parts))


def import_line(each: Import) -> str:
    what = each.module if each.name is None else f"{each.module} {each.name}"
    alias = f"as {each.alias}" if each.alias else ""
    return " ".join(filter(None, [str(each.line), "import", what, alias, *about(each.flags)]))


def about(flags: tuple[str, ...], condition: str | None = None) -> Iterator[str]:
    if flags:
        yield f"[{' '.join(flags)}]"
    if condition:
        yield f"{{{condition}}}"


def shortened(doc: str) -> str:
    text = ascii(doc) if len(doc) <= 60 else f"{doc[:60]!a}…+{len(doc) - 60}"
    return f"doc {text}"


def test_there_are_cases() -> None:
    assert len(NAMES) >= 15, f"cases are missing from {CASES}"


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, golden) -> None:
    ref = FileRef("case.py", str(CASES / name / "input.py"))
    golden(CASES / name / "expected.txt", listing(python.analyse(read(ref))))


def test_cases_agree_with_ast() -> None:
    """Those that the running Python can parse."""
    tally = Tally()
    for name in NAMES:
        tally.add(CASES / name / "input.py")
    assert holds(tally)
    assert tally.files >= 7
