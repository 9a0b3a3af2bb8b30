"""Data formats: the keys found are those that the standard library's parsers find, whatever the size of the file."""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kwmagic import analysis
from kwmagic.errors import UnreadableError
from kwmagic.model import FileFacts, FileRef
from kwmagic.sources import read

INSTALLED = Path(sys.prefix)
FILES = 200
"""Of those that are installed, how many a law is held on."""
MEGABYTE = 1_000_000
SUFFIXES = (".json", ".json5", ".toml", ".yaml", ".ini", ".properties", ".rst")

HOSTILE = {
    "name": "A_" * 500_000,
    "brackets": "[" * 200_000,
    "braces": '{"a":' * 100_000,
    "double quotes": '"' * 200_000,
    "single quotes": "'" * 200_000,
    "comments": "/*" * 100_000,
    "unclosed lists": "a: [\n" * 20_000,
    "unclosed tables": "a = {\n" * 20_000,
    "unclosed strings": 'a = """\n' * 20_000,
    "unclosed templates": "{{/*" * 50_000,
    "dots": "a." * 200_000,
    "dashes": "- " * 200_000,
    "equals": "=" * MEGABYTE,
    "backslashes": "a=b\\\n" * 50_000,
    "table borders": "==== ====\n" * 20_000,
    "titles": "A\n=\n\n" * 10_000,
    "directives": ".. function:: f(\\\n" * 10_000,
    "declaration": ".. c:function:: " + "operator " * 100_000,
    "long line": "{" + ", ".join(f'"k{number}": [{number}]' for number in range(50_000)) + "}",
    "deep": "".join(f"{' ' * depth}a:\n" for depth in range(600)),
    "binary": bytes(range(256)).decode("latin-1") * 800,
}
FOUND = {
    "a.json": {
        '{"a": {"b": [{"c": 1}, {"c": 2}]}}': "a a.b a.b[].c a.b[].c",
        "[1, [2.5e3, null], true]": "",
        '{"": {"x": 1}}': ".x",
        '{"a": "{\\"b\\": 1}", /* "c": 1 */ "d": 1,}': "a d",
    },
    "a.toml": {"[[a.b]]\nc = {d.e = 1}\n": "a.b a.b.c a.b.c.d.e", "a = '''\nb = 1\n'''\n'c.d' = 2": "a c.d"},
    "a.yaml": {
        "http://x: 1\nat: 12:30\nsee http://y:80\n": "http://x at",
        "a:\n- b: 1\n  c: 2\nd: {e, f: 1}\n": "a a[].b a[].c d d.f",
        "{{ if .x }}\na: {{ .y }}\n{{ end }}\n": "a",
        "a: |\n b: 1\nc: >2\n   d: 1\n": "a c",
    },
    "a.ini": {"[a]\nb = 1\n  c = 2\n\n  d\ne: f\n": "a a.b a.e", "<a b='1'>\n<c d='2'>\n</a>\n": ""},
    "a.rst": {"A\n=\n\n::\n\n  B\n  =\n\nC\n=\n": "A C", ".. _a: b\n.. _c:\n\n.. class:: D\n": "c D"},
}
"""File name -> text -> qualnames."""


def facts_of(name: str, text: str) -> FileFacts:
    return analysis.analyse(FileRef(name, data=text.encode("utf-8", "surrogatepass")))


def installed(suffix: str) -> Iterator[tuple[str, FileFacts]]:
    """The text and facts of a sample of what is installed."""
    files = sorted(INSTALLED.rglob(f"*{suffix}"))
    for file in files[:: len(files) // FILES + 1]:
        try:
            yield read(FileRef(file.name, str(file))).text, analysis.analyse(FileRef(file.name, str(file)))
        except UnreadableError:
            continue


def paths(value: Any, prefix: str = "") -> Iterator[str]:
    """The paths of all keys of a parsed value, whose mappings are tuples of pairs or dictionaries."""
    if isinstance(value, dict):
        value = tuple(value.items())
    if isinstance(value, tuple):
        for key, inner in value:
            yield f"{prefix}{key}"
            yield from paths(inner, f"{prefix}{key}" + ("[]" if isinstance(inner, list) else "."))
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, prefix + ("[]" if isinstance(inner, list) else "."))


def is_cut(facts: FileFacts) -> bool:
    return any("keys are shown" in problem.message for problem in facts.problems)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FOUND.items() for text in texts])
def test_keys_and_headings(name: str, text: str) -> None:
    assert " ".join(symbol.qualname for symbol in facts_of(name, text).symbols) == FOUND[name][text]


def test_json_law() -> None:
    compared = 0
    for text, facts in installed(".json"):
        try:
            value = json.loads(text, object_pairs_hook=tuple)
        except ValueError:
            assert facts.problems or "//" in text or text.count("\n{"), facts.path
            continue
        if is_cut(facts):
            continue
        expected = Counter(paths(value, "[]" if isinstance(value, list) else ""))
        found = Counter(symbol.qualname for symbol in facts.symbols)
        assert {path for path in expected if path.isprintable() and path[-1:] not in (".", "")} <= {*found}, facts.path
        assert found - expected == Counter(), facts.path
        assert not facts.problems, facts.path
        compared += sum(expected.values())
    assert compared > 1_000, "too little is installed"


def test_toml_law() -> None:
    compared = 0
    for text, facts in installed(".toml"):
        try:
            value = tomllib.loads(text)
        except ValueError:
            assert facts.problems, facts.path
            continue
        every = {path.replace("[]", "") for path in paths(value)}
        inner = {path.rpartition(".")[0] for path in every}
        found = {symbol.qualname.replace("[]", "") for symbol in facts.symbols}
        assert found <= every, facts.path
        assert is_cut(facts) or every - inner <= found, facts.path
        compared += len(every)
    assert compared > 20, "too little is installed"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text_takes_linear_time(case: str, suffix: str) -> None:
    text = HOSTILE[case]
    start = time.process_time()
    facts = facts_of(f"a{suffix}", text)
    assert time.process_time() - start < 1 + 5 * len(text) / MEGABYTE
    assert all(symbol.name and 1 <= symbol.line <= symbol.end_line <= facts.lines for symbol in facts.symbols)


def test_many_keys_are_cut_by_level() -> None:
    rows = {f"row{number}": {"x": number, "y": 0} for number in range(3_000)}
    facts = facts_of("a.json", json.dumps({"rows": rows}))
    assert len(facts.symbols) == 3_001
    assert [problem.message for problem in facts.problems] == ["3,001 of 9,001 keys are shown, of the first 2 levels"]


def test_items_of_a_list_are_told_by_their_first_key() -> None:
    items = "".join(f"- func: f{number}()\n  variants: method\n" for number in range(2_600))
    facts = facts_of("a.yaml", items)
    assert {symbol.qualname for symbol in facts.symbols} == {"[].func"}
    assert facts.symbols[-1].signature == ": f2599()"
    assert [problem.message for problem in facts.problems] == ["2,600 of 5,200 keys are shown, of the outermost level"]


def test_deep_keys_are_counted() -> None:
    facts = facts_of("a.json", '{"a":' * 20 + "1" + "}" * 20)
    assert [symbol.qualname.count(".") for symbol in facts.symbols] == [*range(8)]
    assert [problem.message for problem in facts.problems] == ["8 of 20 keys are shown, of the first 8 levels"]


def test_data_has_no_keys() -> None:
    start = time.process_time()
    facts = facts_of("a.json", json.dumps([number / 7 for number in range(500_000)]))
    assert (facts.symbols, facts.problems) == ((), ())
    assert time.process_time() - start < 10
