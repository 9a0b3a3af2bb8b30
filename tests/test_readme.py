"""What README says of the languages is the table of languages."""

from __future__ import annotations

import re
from pathlib import Path

from kwmagic.languages import LANGUAGES, Language

README = Path(__file__).parent.parent / "README.md"
TABLE = re.compile(r"(?<=<!-- languages -->\n).*?(?=<!-- /languages -->)", re.DOTALL)
ENGINES = {
    "python": "scanner",
    "cython": "scanner",
    "starlark": "scanner",
    "c_family": "scanner",
    "tree_sitter": "tree-sitter",
    "markdown": "markdown-it-py",
    "notebook": "nbformat, scanner",
}


def row(language: Language) -> str:
    files = ", ".join(f"`{name}`" for name in (*language.suffixes, *language.names, *_shebangs(language)))
    engine = ENGINES.get(language.analyser, "line patterns")
    return f"| {language.name} | {files} | {engine} | {language.yields} |"


def _shebangs(language: Language) -> list[str]:
    return [f"#!{program}" for program in language.interpreters]


def test_the_table_of_languages_is_the_one_in_the_code(request) -> None:
    lines = ["| language | files | engine | its index holds |", "|---|---|---|---|", *map(row, LANGUAGES)]
    expected = "\n".join(lines) + "\n"
    text = README.read_text("utf-8")
    if request.config.getoption("--update"):
        text = TABLE.sub(lambda _: expected, text)
        README.write_text(text, "utf-8", newline="\n")
    found = TABLE.search(text)
    assert found, "README has no table between <!-- languages --> and <!-- /languages -->"
    assert found[0] == expected, "pytest tests/test_readme.py --update, then read the diff"
