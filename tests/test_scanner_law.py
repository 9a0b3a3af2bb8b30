"""The law of the scanner: on every file that `ast` can parse the two say the same, symbol by symbol.

Held over real code, since nobody thinks of all the ways there are to write Python: a sample of the running standard
library and of what is installed beside it, and with `-m slow` all of both.
"""

from __future__ import annotations

import ast
import os
import sys
import sysconfig
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import oracle
import pytest

from kwmagic.analysers.python_scanner import Scan, scan
from kwmagic.errors import UnreadableError
from kwmagic.model import FileRef, Symbol
from kwmagic.sources import read

STDLIB = Path(os.__file__).parent
INSTALLED = Path(sysconfig.get_path("purelib"))
SAMPLE_OF_STDLIB = (
    *("json", "asyncio", "email", "importlib", "multiprocessing", "unittest", "logging", "concurrent", "ctypes"),
    *("typing.py", "dataclasses.py", "enum.py", "argparse.py", "inspect.py", "functools.py", "_pydecimal.py"),
    *("turtle.py", "datetime.py", "subprocess.py", "socket.py", "tarfile.py", "ssl.py", "shutil.py", "contextlib.py"),
)
"""Where it is installed with its tests, also those of the grammar."""
SAMPLE_OF_TESTS = (
    *("test_grammar", "test_fstring", "test_patma", "test_named_expressions", "test_unicode_identifiers"),
    *("test_decorators", "test_positional_only_arg", "test_type_params", "test_type_aliases", "test_string_literals"),
)
SAMPLE_OF_INSTALLED = ("IPython", "nbformat", "pathspec", "markdown_it", "traitlets", "filelock", "pytest", "_pytest")
DEFINITIONS = {"class", "function", "method", "property"}
UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass
class Tally:
    """What was compared, and where the two differ."""

    files: int = 0
    definitions: int = 0
    imports: int = 0
    assignments: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, file: Path) -> None:
        """Compare one file, if it can be read and parsed at all."""
        try:
            text = read(FileRef(file.name, str(file))).text
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # invalid escapes, `is` with a literal
                facts = oracle.read(ast.parse(text))
        except (UnreadableError, *UNPARSABLE):
            return
        found = scan(text)
        self.files += 1
        self.definitions += len(facts.definitions)
        self.imports += len(facts.imports)
        self.assignments += len(facts.assignments)
        self.differences += [f"{file}: {difference}" for difference in differences(text, found, facts)]


def differences(text: str, found: Scan, facts: oracle.Facts) -> Iterator[str]:
    """One line for each thing that only one of the two sees, or that they see differently."""
    symbols = [symbol for symbol in found.symbols if symbol.kind in DEFINITIONS]
    definitions = [as_definition(symbol) for symbol in symbols]
    if "__doc__" in text and len(definitions) == len(facts.definitions):
        definitions = list(map(forgive_assigned_doc, definitions, facts.definitions))
    yield from unequal("definition", definitions, facts.definitions)
    if definitions == facts.definitions:
        for symbol, signature, decorators in zip(symbols, facts.signatures, facts.decorators, strict=True):
            yield from unequal(f"signature of line {symbol.line}", [dumped_signature(symbol)], [signature])
            yield from unequal(f"decorators of line {symbol.line}", [dumped_decorators(symbol)], [decorators])
    imports = [
        (each.module, each.name, each.alias, each.line, "local" in each.flags, "conditional" in each.flags)
        for each in found.imports
    ]
    yield from unequal("import", imports, facts.imports)
    others = [symbol for symbol in found.symbols if symbol.kind not in DEFINITIONS]
    assignments = [(symbol.qualname, symbol.line, symbol.end_line) for symbol in others]
    yield from unequal("assignment", assignments, facts.assignments)
    yield from unequal("docstring", [found.doc], [facts.doc])
    yield from (f"problem in line {problem.line}: {problem.message}" for problem in found.problems)


def unequal(what: str, scanned: list, parsed: list) -> Iterator[str]:  # type: ignore[type-arg]
    if scanned == parsed:
        return
    missed = [each for each in parsed if each not in scanned]
    invented = [each for each in scanned if each not in parsed]
    yield from (f"{what} missed: {each!r:.300}" for each in missed[:3])
    yield from (f"{what} invented: {each!r:.300}" for each in invented[:3])
    if not missed and not invented:
        yield f"{what}s in another order, or not as often"


def as_definition(symbol: Symbol) -> oracle.Definition:
    kind = "class" if symbol.kind == "class" else "async" if "async" in symbol.flags else "function"
    return kind, symbol.qualname, symbol.line, symbol.end_line, symbol.doc, symbol.condition is not None


def forgive_assigned_doc(scanned: oracle.Definition, parsed: oracle.Definition) -> oracle.Definition:
    """`Class.__doc__ = "…"` and `__doc__ = "…"` in a class document it as well, but are no docstrings to `ast`."""
    return scanned if parsed[4] is not None else (*scanned[:4], None, scanned[5])


def dumped_signature(symbol: Symbol) -> str | None:
    """The signature's text, parsed again: it has to mean what the source means."""
    word = "class" if symbol.kind == "class" else "def"
    node = parsed(f"{word} name{symbol.signature or ''}: pass")
    return None if node is None else oracle.signature(node.body[0])


def dumped_decorators(symbol: Symbol) -> tuple[str, ...] | None:
    nodes = [parsed(f"(\n{decorator}\n)") for decorator in symbol.decorators]
    return tuple(ast.dump(node.body[0].value) for node in nodes if node and isinstance(node.body[0], ast.Expr))


def parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except UNPARSABLE:
        return None


def sources(places: Iterable[Path]) -> Iterator[Path]:
    """The Python files at and below *places*; what does not exist gives none."""
    for place in places:
        if place.is_file():
            yield place
        else:
            yield from sorted(file for suffix in ("py", "pyi") for file in place.rglob(f"*.{suffix}"))


def compare(places: Iterable[Path]) -> Tally:
    tally = Tally()
    for file in sources(places):
        tally.add(file)
    return tally


def holds(tally: Tally) -> bool:
    shown = "\n".join(tally.differences[:40])
    assert not tally.differences, f"{len(tally.differences)} differences in {tally.files} files\n{shown}"
    return True


def test_holds_over_a_sample_of_the_standard_library() -> None:
    tests = [STDLIB / "test" / f"{name}.py" for name in SAMPLE_OF_TESTS]
    tally = compare([*(STDLIB / name for name in SAMPLE_OF_STDLIB), *tests])
    assert holds(tally)
    assert tally.files > 150
    assert tally.definitions > 6_000
    assert tally.imports > 1_500
    assert tally.assignments > 1_500


def test_holds_over_a_sample_of_what_is_installed() -> None:
    tally = compare(INSTALLED / name for name in SAMPLE_OF_INSTALLED)
    assert holds(tally)
    assert tally.files > 150
    assert tally.definitions > 4_000


@pytest.mark.slow
@pytest.mark.parametrize("place", [STDLIB, INSTALLED], ids=["standard library", "installed"])
def test_holds_over_everything(place: Path) -> None:
    tally = compare([place])
    assert holds(tally)
    assert tally.files > 500
    assert tally.definitions > 20_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def f(a, b=1): pass\n", id="definition"),
        pytest.param("class C:\n    x = 1\n", id="assignment"),
        pytest.param("if a:\n    import b\n", id="import"),
        pytest.param("@d\ndef f(): 'doc'\n", id="decorator"),
    ],
)
def test_a_difference_would_be_seen(text: str) -> None:
    facts = oracle.read(ast.parse(text))
    assert list(differences(text, scan(text), facts)) == []
    changed = text.replace("b", "c").replace("x", "y").replace("@d", "@e")
    assert list(differences(text, scan(changed), facts))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="ast can't parse it before 3.12")
def test_holds_for_type_parameters_and_type_statements() -> None:
    text = (
        "type A = int\ntype B[T: (int, str), *Ts, **P] = dict[T, P]\n"
        "class C[T](Base, metaclass=M):\n    type D = T\n    async def f[U: int = str](self, *, x: U = 1) -> U: ...\n"
    ).replace(" = str]", "]" if sys.version_info < (3, 13) else " = str]")
    facts = oracle.read(ast.parse(text))
    assert len(facts.definitions) == 2
    assert list(differences(text, scan(text), facts)) == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="ast can't parse it before 3.12")
def test_holds_for_strings_inside_of_formatted_strings() -> None:
    """PEP 701: fields go over lines, and hold comments and any string."""
    fields = ['"""# text\n  a""" # a comment\n ', " {'a': f'{b}'} ", "'' + ''", ' # a comment\n """(""" ', '"(" ']
    text = "".join(f"x = (f'{{{field}}}', '# end')\n" for field in fields) + "def f(): pass\n"
    facts = oracle.read(ast.parse(text))
    assert len(facts.definitions) == 1
    assert list(differences(text, scan(text), facts)) == []
