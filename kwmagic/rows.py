"""Facts of a file as plain tuples: what crosses the pipes of processes and is written into the store."""

from __future__ import annotations

from typing import Any

from kwmagic.model import Evidence, FileFacts, FileRef, Import, Kind, Problem, Statement, Symbol

_PLAIN: dict[str, str] = {kind: kind.value for kind in Kind}
"""marshal writes no subclass of `str`."""


def of_facts(facts: FileFacts) -> tuple[Any, ...]:
    """`FileFacts` without its `ref`, in tuples that marshal and JSON can write."""
    symbols = [(_PLAIN.get(kind, kind), *rest) for kind, *rest in facts.symbols]
    imports = [tuple(each) for each in facts.imports]
    problems = [tuple(each) for each in facts.problems]
    about = (facts.language, facts.engine, facts.size, facts.encoding, facts.newline, facts.lines)
    return about, symbols, imports, facts.exports, problems, facts.doc, facts.flags


def to_facts(ref: FileRef, row: Any) -> FileFacts:
    """The facts of the file *ref*; JSON has lists where there were tuples."""
    (language, engine, size, encoding, newline, lines), symbols, imports, exports, problems, doc, flags = row
    return FileFacts(
        ref,
        language,
        engine,
        size,
        encoding,
        newline,
        lines,
        tuple([Symbol._make(_tupled(each)) for each in symbols]),
        tuple([Import._make(_tupled(each)) for each in imports]),
        None if exports is None else tuple(exports),
        tuple(map(Problem._make, problems)),
        doc,
        tuple(flags),
    )


def to_evidence(row: Any) -> Evidence:
    """The evidence that was written as JSON, without the uses: these are kept where they can be searched."""
    statements, runs = row
    return Evidence((), tuple(map(Statement._make, statements)), runs)


def _tupled(row: Any) -> Any:
    """A row from JSON with tuples inside, as `Symbol` and `Import` have them; one from marshal has them already."""
    return [tuple(each) if type(each) is list else each for each in row] if type(row) is list else row
