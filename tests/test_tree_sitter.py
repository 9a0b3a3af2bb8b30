"""Languages read by tree-sitter: what no case in `cases` shows, and what happens without it or to hostile text."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from kwmagic import analysis
from kwmagic.analysers import grammars, tree_sitter
from kwmagic.analysers.tree_sitter_rows import DEEPEST
from kwmagic.languages import BY_NAME, LANGUAGES
from kwmagic.model import FileRef, Findings, Kind, Source

WITH_GRAMMAR = [row for row in LANGUAGES if row.analyser == "tree_sitter"]
NAMES = [row.name for row in WITH_GRAMMAR]
NOISE = random.Random(3)


def read(text: str, language: str = "JavaScript") -> Findings:
    source = Source(FileRef("a"), text.encode("utf-8", "replace"), text, "utf-8", "LF")
    return tree_sitter.analyse(source, BY_NAME[language])


@pytest.mark.parametrize("row", WITH_GRAMMAR, ids=NAMES)
def test_patterns_fit_the_grammar_and_speak_of_known_kinds(row) -> None:
    found = grammars.grammar(row)
    assert isinstance(found, grammars.Grammar), found
    captures = {found.query.capture_name(index) for index in range(found.query.capture_count)}
    kinds = {capture.partition(".")[2] for capture in captures if capture.startswith("definition.")}
    assert kinds <= set(Kind)
    assert "comment" in captures


@pytest.mark.parametrize("row", WITH_GRAMMAR, ids=NAMES)
def test_empty_text_says_nothing(row) -> None:
    assert read("", row.name) == Findings("tree-sitter")


def test_what_is_sound_around_an_error_is_found_and_its_line_named() -> None:
    found = read("function before() {}\nclass Broken { m( {\nfunction after() {}\n")
    assert found.symbols[0].name == "before"
    assert [(problem.line, "can't be parsed" in problem.message) for problem in found.problems] == [(3, True)]


def test_a_missing_semicolon_is_no_problem() -> None:
    found = read("class A { int a = 1 }", "Java")
    assert [symbol.name for symbol in found.symbols] == ["A", "a"]
    assert not found.problems


def test_lines_count_newlines_only_and_columns_may_hold_any_character() -> None:
    found = read("// één\x0c\u2028\n/** \u00e9\U0001f600 */\nfunction caf\u00e9(na\u00efve = '\U0001f600') {}\n")
    assert [(symbol.name, symbol.line, symbol.signature, symbol.doc) for symbol in found.symbols] == [
        ("caf\u00e9", 2 + 1, "(na\u00efve = '\U0001f600')", "\u00e9\U0001f600")
    ]


def test_licences_directives_and_distant_comments_are_no_docs() -> None:
    text = (
        "/* Copyright 2020 Someone */\nfunction a() {}\n"
        "/** Doc. */\n// eslint-disable-next-line\nfunction b() {}\n"
        "// far away\n\nfunction c() {} // behind\nfunction d() {}\n"
    )
    assert [symbol.doc for symbol in read(text).symbols] == [None, "Doc.", None, None]


def test_comments_inside_a_signature_are_left_out() -> None:
    found = read("function f(a /* first */,\n  // second\n  b = 'x  y') {}\n")
    assert found.symbols[0].signature == "(a, b = 'x y')"


def test_minified_text_gives_what_is_not_local_and_says_so() -> None:
    found = read("function outer(){" + "function a(){return 1}" * 100 + "}")
    assert [symbol.name for symbol in found.symbols] == ["outer"]
    assert found.problems[0].message == "minified: its 100 local definitions are left out"


def test_too_deep_definitions_are_left_out() -> None:
    found = read("function f(){\n" * 20_000 + "}" * 20_000)
    assert len(found.symbols) == DEEPEST
    assert found.problems[0].message == "what is nested in more than 200 scopes is left out"


def test_too_large_and_too_slow_texts_are_read_by_keywords(monkeypatch) -> None:
    monkeypatch.setattr(tree_sitter, "LARGEST", 10)
    found = read("class Large {\n}\n")
    assert found.engine == "generic"
    assert [symbol.name for symbol in found.symbols] == ["Large"]
    assert "larger than" in found.problems[0].message
    monkeypatch.setattr(tree_sitter, "LARGEST", 10**6)
    monkeypatch.setattr(grammars, "PATIENCE", -1.0)
    found = read("class Slow {\n}\n" * 1_000)
    assert found.engine == "generic"
    assert "not understood within" in found.problems[0].message


WITHOUT = """
import sys
sys.modules[{hidden!r}] = None
from kwmagic import analysis
from kwmagic.model import FileRef
facts = analysis.analyse(FileRef("a.js", data=b"class Point {{\\n}}\\n"))
print(facts.engine, [symbol.name for symbol in facts.symbols], facts.flags, *facts.problems)
"""


@pytest.mark.parametrize("hidden", ["tree_sitter", "tree_sitter_javascript"])
def test_without_the_package_keywords_answer_and_say_what_to_install(hidden) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(hidden=hidden)], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("generic ['Point'] ('low confidence',) Problem(line=0")
    assert "read by its keywords only: pip install 'kwmagic[languages]'" in run.stdout
    assert run.stdout.count("\n") == 1


def test_a_grammar_that_does_not_fit_is_a_problem(monkeypatch) -> None:
    monkeypatch.setitem(grammars._DIALECTS, "JavaScript", ("language", ("java",)))
    grammars.grammar.cache_clear()
    try:
        found = read("class Point {\n}\n")
    finally:
        grammars.grammar.cache_clear()
    assert found.engine == "generic"
    assert "tree-sitter-javascript installed here does not fit" in found.problems[0].message


WORDS = ["class", "A", "{", "}", "(", ")", "function", "=", "=>", ";", "@", "import", "<", ">", ":", ",", "\n", "if"]
HOSTILE = {
    "identifier": "A_" * 100_000,
    "round": "(" * 50_000,
    "square": "[" * 50_000,
    "curly": "{" * 50_000,
    "quotes": '"' * 20_000,
    "templates": "`" * 20_000,
    "comments": "/*" * 20_000,
    "noise": NOISE.randbytes(50_000).decode("latin-1").replace("\r", "\n"),
    "words": " ".join(NOISE.choices(WORDS, k=20_000)),
    "calls": "f(" * 20_000 + ")" * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("row", WITH_GRAMMAR, ids=NAMES)
def test_hostile_text_is_read_in_time(row, case) -> None:
    text = ("<?php " if row.name == "PHP" else "") + HOSTILE[case]
    start = time.process_time()
    read(text, row.name)
    assert time.process_time() - start < 2 * grammars.PATIENCE


def test_strict_analysis_of_every_case(monkeypatch) -> None:
    monkeypatch.setattr(analysis, "STRICT", True)
    for row in WITH_GRAMMAR:
        facts = analysis.analyse(FileRef(f"a{row.suffixes[0]}", data=b"\x00\xff\xfe class {"))
        assert facts.language == row.name
