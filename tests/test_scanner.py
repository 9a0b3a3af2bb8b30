"""What the Python analyser finds, case by case: `cases/python/<case>/input.py` beside `expected.txt`."""

from __future__ import annotations

from pathlib import Path

import pytest
from listing import listing
from test_scanner_law import Tally, holds

from kwmagic import analysis
from kwmagic.model import FileRef

CASES = Path(__file__).parent / "cases" / "python"
NAMES = sorted(path.name for path in CASES.iterdir()) if CASES.is_dir() else []


def test_there_are_cases() -> None:
    assert len(NAMES) >= 15, f"cases are missing from {CASES}"


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, golden) -> None:
    ref = FileRef("case.py", str(CASES / name / "input.py"))
    golden(CASES / name / "expected.txt", listing(analysis.analyse(ref)))


def test_cases_agree_with_ast() -> None:
    """Those that the running Python can parse."""
    tally = Tally()
    for name in NAMES:
        tally.add(CASES / name / "input.py")
    assert holds(tally)
    assert tally.files >= 7
