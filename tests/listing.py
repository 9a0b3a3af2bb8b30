"""What an analyser found, as lines that a reader can compare with the source."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.model import FileFacts, Import, Symbol


def listing(facts: FileFacts) -> str:
    """A line for each symbol and each import, in the order of the file; what else is known at the end."""
    rows = [(symbol.cell, symbol.line, 0, symbol_line(symbol)) for symbol in facts.symbols]
    rows += [(each.cell, each.line, 1, import_line(each)) for each in facts.imports]
    lines = [text for *_, text in sorted(rows, key=lambda row: row[:3])]
    lines += [] if facts.exports is None else [f"exports {' '.join(facts.exports)}"]
    lines += [f"problem {problem.line} {problem.message}" for problem in facts.problems]
    return "\n".join(lines) + "\n"


def symbol_line(symbol: Symbol) -> str:
    bases = f"<- {' & '.join(symbol.bases)}" if symbol.bases else ""
    lines = f"{symbol.line}-{symbol.end_line}"
    parts = [in_cell(symbol.cell, lines), symbol.kind, symbol.qualname, symbol.signature or "", bases]
    parts += [f"@{decorator}" for decorator in symbol.decorators]
    parts += about(symbol.flags, symbol.condition)
    parts += [] if symbol.doc is None else [shortened(symbol.doc)]
    return " ".join(filter(None, parts))


def import_line(each: Import) -> str:
    what = each.module if each.name is None else f"{each.module} {each.name}"
    alias = f"as {each.alias}" if each.alias else ""
    return " ".join(filter(None, [in_cell(each.cell, str(each.line)), "import", what, alias, *about(each.flags)]))


def in_cell(cell: int, lines: str) -> str:
    return f"cell {cell}: {lines}" if cell else lines


def about(flags: tuple[str, ...], condition: str | None = None) -> Iterator[str]:
    if flags:
        yield f"[{' '.join(flags)}]"
    if condition:
        yield f"{{{condition}}}"


def shortened(doc: str) -> str:
    text = ascii(doc) if len(doc) <= 60 else f"{doc[:60]!a}…+{len(doc) - 60}"
    return f"doc {text}"
