"""Which tests test a file, what a test tests, and how it is called there."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import inf, log
from typing import NamedTuple

from kwmagic.evidence.definitions import Definitions
from kwmagic.evidence.modules import Index, leads_to
from kwmagic.evidence.purpose import PLACES, TEST_PATH, tests_called_as, tests_called_as_in, tests_in
from kwmagic.evidence.surroundings import CallSite, Tested
from kwmagic.evidence.uses import Place, Uses

_LONGEST = 8
"""Lines of a call that is shown."""
_READ = 24
"""Candidates for calls whose source is looked at, the ones with fewest lines first."""
_EACH = 6
"""Of one definition."""
_LOADERS = (
    "importlib.import_module",
    "test.support.import_helper.import_module",
    "test.support.import_helper.import_fresh_module",
)
"""Functions that import what their first argument names."""
_TEST_SCOPE = re.compile(r"test_|(?:[^.<]+\.)+test")


class _Score(NamedTuple):
    """How well a test fits, smaller is better."""

    strength: float
    """Uses of the file, less where the test uses many modules; negative."""
    is_other: bool
    """Whether it is called otherwise than the file; this only breaks ties."""
    path: str


def is_test(index: Index, path: str) -> bool:
    """Whether the file is a test module, by its path and its content."""
    facts = index.facts(path) if TEST_PATH.search(path) and path.endswith(".py") else None
    return facts is not None and any(tests_in(facts))


def tests_read(index: Index) -> int:
    """How many files are called as test modules are."""
    return _named_tests(index.paths)


@lru_cache(maxsize=2)  # the same for every file of a project
def _named_tests(paths: frozenset[str]) -> int:
    return sum(1 for path in paths if path.endswith(".py") and _is_named_test(path))


def _is_named_test(path: str) -> bool:
    found = TEST_PATH.search(path.rpartition("/")[2])
    return found is not None


def tests(known: Definitions, path: str, found: Uses) -> tuple[Tested, ...]:
    """The test modules that import the file at *path* or use what it defines, best first.

    The score is uses / (1 + ln(1 + modules that the test imports)): a test of many things says less of each. One that
    is called as the file and loads it by its name comes first, since its uses go through a variable.
    """
    index = known.index
    by_test = _by_test(found)
    loaded = dict(reversed([*_loading(index, path)]))  # the first line counts
    imported = _importing_tests(known, path) | loaded
    ranked = []
    for test in by_test.keys() | imported.keys():
        by_name = by_test.get(test, {})
        if test == path or not ((_is_named_test(test) and _is_in_test(by_name)) or is_test(index, test)):
            continue
        names = _names(by_name)
        count = sum(map(len, by_name.values()))
        modules = {row.module for row in index.imports_in(test) if row.module in index.modules}
        strength = inf if test in loaded else max(count, 1) / (1 + log(1 + len(modules)))
        score = _Score(-strength, not tests_called_as(path, [test]), test)
        line = min((first for _, first, _ in names), default=imported.get(test, 0))
        ranked.append((score, Tested(index.ref(test), names, line)))
    return tuple(tested for _, tested in sorted(ranked, key=lambda each: each[0]))


def _by_test(found: Uses) -> dict[str, dict[str, list[Place]]]:
    """File at a test's path -> qualname -> its uses there, each only at the innermost definition."""
    tests: dict[str, dict[str, list[Place]]] = {}
    for qualname, files in found.items():
        for user, places in files.items():
            if TEST_PATH.search(user) and (own := [place for place in places if not place.is_inner]):
                tests.setdefault(user, {})[qualname] = own
    return tests


def _is_in_test(by_name: Mapping[str, list[Place]]) -> bool:
    """Whether some use is in a test, which proves as well as its facts that a file called as tests are has some."""
    return any(_TEST_SCOPE.match(place.scope) for places in by_name.values() for place in places)


def _names(by_name: Mapping[str, list[Place]]) -> tuple[tuple[str, int, int], ...]:
    counted = []
    for qualname, places in by_name.items():
        calls = [place.line for place in places if place.how == "call"]
        counted.append((qualname, min(calls or [place.line for place in places]), len(calls)))
    return tuple(sorted(counted, key=lambda each: (-each[2], each[1], each[0])))


def _importing_tests(known: Definitions, path: str) -> dict[str, int]:
    """Test -> line of its first import of the module; one that takes a submodule only tests that, unless it is called
    as the package is."""
    lines: dict[str, int] = {}
    for hit in known.importing([path]):
        if TEST_PATH.search(hit.path) and (
            hit.is_whole or leads_to(known.index, hit.path, hit.row) == path or tests_called_as(path, [hit.path])
        ):
            lines.setdefault(hit.path, hit.row.line)
    return lines


def _loading(index: Index, path: str) -> Iterator[tuple[str, int]]:
    """The tests called as the file is that give its name to `import_module`, as it stands in their source."""
    called_alike = tests_called_as_in(path, index.paths)
    name = re.escape(index.names.get(path, ""))
    if not called_alike or not name:
        return
    literal = re.compile(rf"import(?:_fresh)?_module\(\s*(?:name\s*=\s*)?[rRuU]?(['\"]){name}\1")
    for loader in _LOADERS:
        for _, test, spots in index.uses_of(loader):
            for line, _, how, first, last in spots if test in called_alike else ():
                if how == "call" and literal.search(index.source(test, int(first), int(last))):
                    yield test, int(line)


def tested_by(index: Index, path: str, imported: Mapping[str, int]) -> dict[str, int]:
    """Of the files that a test imports (file -> line), those that it is called after; what else it imports may be its
    tools."""
    return {file: line for file, line in imported.items() if tests_called_as(file, [path]) and is_test(index, path)}


def call_sites(index: Index, path: str, found: Uses) -> tuple[CallSite, ...]:
    """At most three calls of what a file defines, in tests and examples: the shortest complete statements, of several
    definitions where there are."""
    sites: dict[str, CallSite] = {}
    for _, user, place, qualname in sorted(_candidates(path, found))[:_READ]:
        source = textwrap.dedent(index.source(user, place.first, place.last)).strip("\n")
        if _calls(source, place.line - place.first + 1):
            sites.setdefault(source, CallSite(index.ref(user), place.line, qualname, source))
    ranked = sorted(sites.values(), key=lambda site: (len(site.source), site.file.path, site.line))
    firsts = {site.qualname: site for site in reversed(ranked)}
    ranked.sort(key=lambda site: firsts[site.qualname] is not site)
    return tuple(sorted(ranked[:3], key=lambda site: (len(site.source), site.file.path, site.line)))


def _candidates(path: str, found: Uses) -> Iterator[tuple[int, str, Place, str]]:
    """(lines, file, call, qualname) of the calls with fewest lines, some of each definition."""
    for qualname, files in found.items():
        calls = sorted(
            (place.last - place.first, user, place)
            for user, places in files.items()
            if user != path and (TEST_PATH.search(user) or _is_example(user))
            for place in places
            if place.how == "call" and place.last - place.first < _LONGEST
        )
        yield from ((*each, qualname) for each in calls[:_EACH])


def _is_example(path: str) -> bool:
    found = PLACES.search(path)
    return found is not None and "vendor" not in found[1] and found[1] != "third_party"


def _calls(source: str, line: int) -> bool:
    """Whether a text is whole statements, with a call of a name on this line of it."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, ast.Call) and node.func.lineno == line for node in ast.walk(tree))


def command(index: Index, path: str, tests: Sequence[Tested], *, runs: bool) -> str:
    """The form of command that runs a test or a script, else the file's *tests*: the best of those called as it is, or
    the best of all; "" where none is sure. *runs*: it has a `__main__` guard."""
    module = index.names.get(path, "")
    if is_test(index, path):
        return _test_command(index, path)
    if path.endswith("/__main__.py"):
        return f"python -m {module.removesuffix('.__main__')}"
    if runs and _is_dotted(module):
        return f"python -m {'unittest ' if _loads_tests(index, path) else ''}{module}"
    ranked = sorted(tests, key=lambda test: not tests_called_as(path, [test.file.path]))
    return _test_command(index, ranked[0].file.path) if ranked else ""


def _test_command(index: Index, path: str) -> str:
    runners = sorted(index.config - {"pytest"})
    if runners:
        return f"python {runners[0]}" if runners[0].endswith(".py") else runners[0]
    if "pytest" in index.config or _imports(index, path, "pytest"):
        return f"python -m pytest {_quoted(path)}"
    module = index.names.get(path, "")
    return f"python -m unittest {module}" if _is_dotted(module) and _is_unittest(index, path) else ""


def _imports(index: Index, path: str, top: str) -> bool:
    return any(row.module.partition(".")[0] == top for row in index.imports_in(path))


def _is_unittest(index: Index, path: str) -> bool:
    facts = index.facts(path)
    bases = [base for symbol in facts.symbols for base in symbol.bases] if facts else []
    return _imports(index, path, "unittest") and any(base.rpartition(".")[2] == "TestCase" for base in bases)


def _loads_tests(index: Index, path: str) -> bool:
    """By the protocol of `unittest`, which runs what the function gives."""
    facts = index.facts(path)
    return facts is not None and any(symbol.qualname == "load_tests" for symbol in facts.symbols)


def _is_dotted(module: str) -> bool:
    return bool(module) and all(part.isidentifier() for part in module.split("."))


def _quoted(path: str) -> str:
    """As a shell takes it for one word."""
    return path if re.fullmatch(r"[\w./+-]+", path, re.ASCII) else "'" + path.replace("'", "'\\''") + "'"
