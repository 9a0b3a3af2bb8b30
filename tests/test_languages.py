"""What each analyser finds, case by case: `cases/<language>/<case>/input.*` beside `expected.txt`."""

from __future__ import annotations

from pathlib import Path

import pytest
from listing import listing

from kwmagic import analysis
from kwmagic.languages import LANGUAGES
from kwmagic.model import FileRef

CASES = Path(__file__).parent / "cases"
FOLDERS = {row.name: CASES / row.name.lower().replace("/", " ").replace(" ", "_") for row in LANGUAGES}
FOUND = sorted(case for folder in FOLDERS.values() for case in folder.glob("*/input*") if folder.name != "python")


@pytest.mark.parametrize("case", FOUND, ids=[f"{case.parent.parent.name}-{case.parent.name}" for case in FOUND])
def test_case(case: Path, golden) -> None:
    facts = analysis.analyse(FileRef(case.name, str(case)))
    about = [f"language {facts.language}, {facts.engine}", *([f"about {facts.doc!r}"] if facts.doc else [])]
    golden(case.parent / "expected.txt", "\n".join([*about, listing(facts)]))
