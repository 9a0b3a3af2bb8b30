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


def test_what_stands_in_a_body_is_not_the_next_definition_s() -> None:
    text = "impl A {\n    fn new() {\n        // HACK\n        #[cfg(x)]\n        go();\n    }\n\n    fn next() {}\n}\n"
    first, second = analysis.analyse(FileRef("a.rs", data=text.encode())).symbols
    assert (first.name, second.name) == ("new", "next")
    assert (second.decorators, second.condition, second.doc) == ((), None, None)


def test_a_doc_comment_may_have_a_blank_line_behind_it() -> None:
    (method,) = analysis.analyse(FileRef("a.rb", data=b"require 'x'\n\n# Says it.\n\ndef say; end\n")).symbols
    assert method.doc == "Says it."
