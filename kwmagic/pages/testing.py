"""How a file is tested and used: confirmed tests, examples in its docstrings, real calls, the form of the command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kwmagic.evidence.examples import Example, examples
from kwmagic.evidence.purpose import count
from kwmagic.evidence.surroundings import CallSite, Tested
from kwmagic.markup import Block, Code, Fence, Inline, Item, Link, Paragraph, Words
from kwmagic.model import Symbol
from kwmagic.pages.entry import in_page, place
from kwmagic.pages.places import in_file, joined
from kwmagic.pages.subject import View

_TESTS = 15
"""Test modules that are listed, best first; all of them stand among those that use its names or import it."""
_NAMES = 5
"""Names that it lists for each, and definitions with examples."""
_SHOWN = 3
"""Examples shown whole; the others stand in their docstrings."""
_WITH_PROMPTS = ("Python", "Cython")


class _Found(NamedTuple):
    """An example and whose docstring it is in."""

    symbol: Symbol
    example: Example
    goes_on: bool
    """Whether the docstring has one before, whose names it may need."""


def section(view: View) -> Iterator[Block]:
    subject = view.subject
    around, whole = subject.around, subject.target.focus is None
    tests = [test for each in around.tests if (test := _asked_for(view, each))]
    most = view.limit(_TESTS) or _TESTS
    yield from (Item(0, _test(view, each)) for each in tests[:most])
    if len(tests) > most:
        left = count(len(tests) - most, "more test module")
        yield Item(0, [Words(f"… and {left}, named among the files that use its names or import it")])
    calls = [each for each in around.call_sites if subject.covers(each.qualname)]
    used = [*_examples(view), *(block for each in calls for block in _call(view, each))]
    yield from used
    runs = around.command and whole and not subject.detail.problem
    if runs and (used or tests or _names_it(view, around.command)):
        yield Paragraph([Words("Command form: "), Code(around.command)])
    if used and whole and around.module and around.tests_read and not tests and not subject.pending:
        read = count(around.tests_read, "test module")
        yield Paragraph([Words(f"No test in this project imports it ({read} read).")])


def _names_it(view: View, command: str) -> bool:
    """A command that does not name the file, such as the project's own runner, says nothing of it alone."""
    names = view.facts.path.rpartition("/")[2], view.subject.around.module
    return any(name and name in command for name in names)


def _asked_for(view: View, test: Tested) -> Tested | None:
    """The test, with only those names that the page is about; None where it calls none of these."""
    if view.subject.target.focus is None:
        return test
    names = tuple(name for name in test.names if view.subject.covers(name[0]))
    return test._replace(names=names) if names else None


def _test(view: View, test: Tested) -> list[Inline]:
    """``tests/test_queue.py` calls `Queue` (L31, 14 calls), `Empty` (L50, 1 call); names `Full` (L3)`."""
    if not test.names:
        return [*in_file(view, test.file, [test]), Words(" imports it")]
    most = view.limit(_NAMES)
    called = [_name(view, test, *name) for name in test.names[:most] if name[2]]
    named = [_name(view, test, *name) for name in test.names[:most] if not name[2]]
    parts = [[Words(verb), *joined(names)] for verb, names in (("calls ", called), ("names ", named)) if names]
    left = 0 if most is None else len(test.names) - most
    return [
        *(Link([Code(test.file.path)], view.reader.document(test.file)), Words(" "), *joined(parts, "; ")),
        *([Words(f" and {left:,} more names" if left > 1 else " and 1 more name")] if left > 0 else []),
    ]


def _name(view: View, test: Tested, qualname: str, line: int, calls: int) -> list[Inline]:
    spot = Link([Words(f"L{line}")], view.reader.source(test.file, line))
    number = f", {count(calls, 'call')}" if calls else ""
    return [Code(qualname), Words(" ("), spot, Words(f"{number})")]


def _examples(view: View) -> Iterator[Block]:
    """How many examples there are and where, then the shortest that do something, those first that stand alone."""
    if view.facts.language not in _WITH_PROMPTS:
        return
    found = [
        _Found(symbol, each, bool(number))
        for symbol in view.facts.symbols
        for number, each in enumerate(examples(symbol.doc or ""))
    ]
    if not found:
        return
    yield Paragraph(_told(view, found))
    usable = [each for each in found if each.example.parses and not each.example.skipped]
    usable = [each for each in usable if each.example.telling] or usable
    for each in sorted(usable, key=lambda one: (one.goes_on, len(one.example.text)))[: _shown(view)]:
        yield Paragraph([_linked(view, each.symbol), *place(view.reader, view.facts.ref, each.symbol.line)])
        yield Fence(each.example.text, "pycon")


def _shown(view: View) -> int:
    return 0 if view.amount.docs == "none" else _SHOWN


def _told(view: View, found: Sequence[_Found]) -> list[Inline]:
    skipped = sum(each.example.skipped for each in found)
    unparsed = sum(not each.example.parses for each in found)
    owners = list(dict.fromkeys(each.symbol for each in found))
    most = view.limit(_NAMES)
    left = 0 if most is None else len(owners) - most
    line: list[Inline] = [Words(count(len(found), "example"))]
    if skipped or unparsed:
        marked: list[Inline] = [Words(f"{skipped:,} marked "), Code("+SKIP")] if skipped else []
        broken: list[Inline] = (
            [Words(f"{unparsed:,} that {'do' if unparsed > 1 else 'does'} not parse")] if unparsed else []
        )
        line += [Words(" ("), *joined([part for part in (marked, broken) if part]), Words(")")]
    names: list[list[Inline]] = [[_linked(view, symbol)] for symbol in owners[:most]]
    noun = "docstring" if len(owners) == 1 else "docstrings"
    more = f" and {left:,} more" if left > 0 else ""
    return [*line, Words(f" in the {noun} of "), *joined(names), Words(more)]


def _linked(view: View, symbol: Symbol) -> Inline:
    return in_page(symbol.qualname, view.href(symbol.qualname, symbol.line), in_cell=view.subject.in_cell)


def _call(view: View, each: CallSite) -> Iterator[Block]:
    name = in_page(each.qualname, view.href(each.qualname), in_cell=view.subject.in_cell)
    yield Paragraph([name, Words(" called in "), *in_file(view, each.file, [each])])
    yield Fence(each.source, "python")
