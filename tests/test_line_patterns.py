"""The analysers by line patterns on what no golden case shows: hostile, broken and foreign text."""

from __future__ import annotations

import random
import time
from importlib import import_module
from pathlib import Path

import pytest
from listing import listing

from kwmagic import analysis
from kwmagic.analysers import generic
from kwmagic.languages import BY_NAME, GENERIC, Language
from kwmagic.languages import LANGUAGES as LANGUAGES_TABLE
from kwmagic.model import FileRef, Findings, Source

LANGUAGES = {
    **{name: BY_NAME[name] for name in ("Shell", "CMake", "Make", "Dockerfile", "SQL", "Protocol Buffers")},
    "Text": GENERIC,
}
CASES = Path(__file__).parent / "cases"
SIZE = 40_000
"""Characters of a hostile text; what is quadratic takes seconds at this size."""
SECONDS = 1.5
"""No hostile text takes a tenth of that, but machines are slow at times."""
UNITS = (
    *("A_", "a", " ", "\n", "\t", "0", "-", "#", ";", "\\", "\\\n", "é", "\x00", "\u2028", "\r"),
    *("(", ")", "[", "]", "{", "}", "((", "$(", "${", "$((", "$$", "$a$", "<<A\n", "<<-'A' ", "<(", "[[", "[=[", "#[["),
    *('"', "'", "`", '"$(', '"${', "\"'", '""""', "/*", "*/", "/*!1", "--", "//", "(*", "'''", "\\'"),
    *(
        "f(){ ",
        "f() (",
        "f()\n",
        "function f\n",
        "case x in ",
        "esac ",
        "a=(",
        "export a=",
        "X=$(\n",
        "done }\n",
        "alias a=",
    ),
    *("if(x)\n", "else()\n", "function(f)\n", "set(a ", 'set(a "', "add_library(", "option(a\n", "elseif(\n"),
    *(
        "ifdef x\n",
        "define x\n",
        "a: b\n",
        "a:",
        "a=",
        "$(a ",
        "a \\\n",
        ".if x\n",
        "include a\n",
        "export a=b\n",
        "&:",
    ),
    *("FROM a AS b\n", "FROM a AS b \\\n", "RUN <<A\n", "ENV a=", "ENV a b=", 'LABEL a="', "ARG a\n", "COPY --from=a "),
    *(
        "CREATE TABLE a (",
        "CREATE TABLE a (b int,",
        "CREATE FUNCTION f() BEGIN\n",
        "BEGIN ",
        "DELIMITER //\n",
        "GO\n",
        "END;",
    ),
    *(
        "message a {",
        "enum a {",
        "oneof a {",
        "rpc a (b) ",
        "extend a {",
        "a b = 1;",
        "option a = {",
        "map<",
        "group a = 1 {",
    ),
    *(
        "class a {\n",
        "class a\n",
        "fn a(\n",
        "def a(b)\n",
        "type a = ",
        "pub ",
        "static ",
        "import a\n",
        "from a import (",
    ),
    *("class A<", "function a() {", "const a = ", "namespace a::", "use {", "require('", "struct a\n{\n"),
)


def analyse(text: str, language: Language) -> Findings:
    source = Source(FileRef("input"), text.encode("utf-8", "surrogatepass"), text, "utf-8", "LF")
    return import_module(f"kwmagic.analysers.{language.analyser}").analyse(source, language)  # type: ignore[no-any-return]


def check(found: Findings, text: str) -> None:
    """Whatever was found is in the text: lines in order, names not empty."""
    lines = text.count("\n") + 1
    for symbol in found.symbols:
        assert symbol.name
        assert symbol.qualname.endswith(symbol.name)
        assert 1 <= symbol.line <= symbol.end_line <= lines
        assert "\n" not in (symbol.signature or "")
    for each in (*found.imports, *found.problems):
        assert 1 <= each.line <= lines


def timed(text: str, language: Language) -> Findings:
    start = time.process_time()
    found = analyse(text, language)
    assert time.process_time() - start < SECONDS, text[:20]
    check(found, text)
    return found


@pytest.fixture(name="language", params=LANGUAGES.values(), ids=LANGUAGES)
def _language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


def test_one_thing_again_and_again(language: Language) -> None:
    for unit in UNITS:
        timed(unit * (SIZE // len(unit)), language)


def test_anything_after_anything(language: Language) -> None:
    chance = random.Random(1)
    for _ in range(20):
        timed("".join(chance.choices(UNITS, k=SIZE // 20)), language)


def test_bytes_that_are_no_text(language: Language) -> None:
    timed(random.Random(2).randbytes(SIZE).decode("latin-1"), language)


@pytest.mark.parametrize("text", ["", "\n", "\n" * 1000, "a", "\x00", "\ud800", "\ufeff# x"])
def test_next_to_nothing(text: str, language: Language) -> None:
    found = analyse(text, language)
    assert (found.symbols, found.imports, found.problems) == ((), (), ())


def test_one_line(language: Language) -> None:
    """A megabyte without an end of line: one name, many names, space between two."""
    for text in ("A_" * 500_000, "a b " * 250_000, "a" + " " * 1_000_000 + "b"):
        check(analyse(text, language), text)


def test_cut_and_foreign(language: Language) -> None:
    """The cases of every language, whole and cut off anywhere, read as each of these."""
    inputs = sorted(CASES.glob("*/*/input*"))
    assert len(inputs) > len(LANGUAGES)
    for case in inputs:
        text = case.read_text("utf-8", "replace")
        for end in range(0, len(text) + 1, max(1, len(text) // 20)):
            check(analyse(text[:end], language), text[:end])


TEXTS = sorted(CASES.glob("text/*/input*"))


@pytest.mark.parametrize("case", TEXTS, ids=[case.parent.name for case in TEXTS])
def test_generic_case(case: Path, golden) -> None:
    """Text of no known kind; the table of languages has no row for it."""
    facts = analysis.analyse(FileRef(case.name, str(case)))
    assert facts.engine == "generic"
    golden(case.parent / "expected.txt", listing(facts))


@pytest.mark.parametrize("name", [row.name for row in LANGUAGES_TABLE if row.analyser == "tree_sitter"])
def test_generic_finds_classes_and_functions(name: str) -> None:
    """In place of a grammar that is not installed; comments and strings of the language hide what is in them."""
    language = BY_NAME[name]
    word = {"Go": "func", "Rust": "fn", "Ruby": "def", "Swift": "func", "Kotlin": "fun", "Scala": "def"}.get(
        name, "function"
    )
    mark = language.comment.split()[0]
    text = f"{mark} Says it.\n{word} shown(a) {{\n}}\n{mark} {word} hidden(a) {{\n"
    source = Source(FileRef("input"), text.encode(), text, "utf-8", "LF")
    found = generic.analyse(source, language)
    assert [(symbol.name, symbol.signature, symbol.doc) for symbol in found.symbols] == [("shown", "(a)", "Says it.")]


@pytest.mark.parametrize("depth", [10, 1000])
def test_deep(depth: int) -> None:
    """Nesting is followed to a limit, and no further."""
    assert len(analyse("message A {" * depth + "}" * depth, BY_NAME["Protocol Buffers"]).symbols) == min(depth, 64)
    assert len(analyse("f() {\n" * depth + "}\n" * depth, BY_NAME["Shell"]).symbols) == depth
    texts = "".join(" " * at + "class A:\n" for at in range(depth))
    assert len(analyse(texts, GENERIC).symbols) == depth
