"""How one definition, one import and one place are shown, everywhere alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from kwmagic.docstrings.doc_comments import translated
from kwmagic.evidence.imports import Dependency
from kwmagic.kinds import PLURALS, noun
from kwmagic.languages import BY_NAME
from kwmagic.links import Reader
from kwmagic.markup import JUMP, OPEN, Code, Inline, Link, Summary, Text, Words
from kwmagic.model import FILE, FileFacts, FileRef, Symbol


class Placed(Protocol):
    """What stands on a line of a file, or of a notebook's cell."""

    @property
    def line(self) -> int: ...


_UNSAID = frozenset(("conditional", "declaration", "exported", FILE))
"""Flags that say nothing to a reader, or of nearly every definition of a file."""
_MAX_SIGNATURE = 200
"""Characters of a signature in an index entry; a documentation page shows it whole."""


def place(reader: Reader, ref: FileRef, line: int, end_line: int = 0, cell: int = 0) -> list[Inline]:
    """` · L20–67`, linked to the source; where no link can work `path:20`; nothing for a live module (line 0)."""
    if not line:
        return []
    if cell:  # no front end opens a notebook at a cell
        return [Words(" · "), Link([Words(f"cell {cell}, {span(line, end_line)}")], reader.source(ref))]
    url = reader.source(ref, line, end_line or line)
    if url is None:
        return [Words(" · "), Code(f"{ref.path}:{line}")]
    return [Words(" · "), Link([Words(span(line, end_line))], url)]


def in_page(name: str, href: str | None, *, in_cell: bool) -> Inline:
    """A name linked to its section; code inside a link looks like any other code in JupyterLab, hence the arrow."""
    return Link([Code(name), *([JUMP] if href and in_cell else [])], href)


def to_file(name: str, href: str | None, *, in_cell: bool) -> Inline:
    """A path or a module linked to the file it names, with an arrow for the same reason."""
    return Link([Code(name), *([OPEN] if href and in_cell else [])], href)


def lines_of(reader: Reader, ref: FileRef, places: Iterable[Placed], most: int = 20) -> list[Inline]:
    """`L5, L9`, each once and linked; beyond `most` the number of the rest."""
    spots = list(dict.fromkeys((getattr(each, "cell", 0), each.line) for each in places if each.line))
    shown: list[Inline] = []
    for cell, line in spots[:most]:
        name = f"cell {cell}, L{line}" if cell else f"L{line}"
        url = reader.source(ref, 0 if cell else line)
        shown += [Words(", ") if shown else Words(""), Link([Words(name)], url)]
    if len(spots) > most:
        shown.append(Words(f" and {len(spots) - most:,} more"))
    return shown


def span(line: int, end_line: int) -> str:
    """`L20`, or `L20–67`."""
    return f"L{line}–{end_line}" if end_line > line else f"L{line}"


def title(symbol: Symbol, *, qualified: bool, most: int = _MAX_SIGNATURE) -> str:
    """Name and signature, each of *most* characters, as one piece of code: `dump(obj, fp)`, `Decoder(Base)`."""
    name = shortened(symbol.qualname if qualified else symbol.name, most)
    signature = shortened(symbol.signature or "", most)
    is_apart = signature[:1].isalnum() or signature.startswith((*"=-{&*@`", "< "))
    return f"{name} {signature}" if is_apart else name + signature


def shortened(text: str, most: int = _MAX_SIGNATURE) -> str:
    """The text, or its beginning with `…`."""
    return text if len(text) <= most else text[: most - 1] + "…"


def marks(symbol: Symbol) -> str:
    """What is special about a definition: ` (async, local, if TYPE_CHECKING)`."""
    words = [flag for flag in symbol.flags if not _is_unsaid(flag, symbol)]
    words += [symbol.condition] if symbol.condition else []
    return f" ({', '.join(words)})" if words else ""


def _is_unsaid(flag: str, symbol: Symbol) -> bool:
    says_it = symbol.name.startswith("_") if flag == "private" else False
    return says_it or flag in _UNSAID or flag.startswith("level-")


def entry(
    symbol: Symbol, facts: FileFacts, reader: Reader, *, qualified: bool, kind: bool = False, summary: bool = True
) -> list[Inline]:
    """One line of an index: the name linked to its source line, where it is, what it is for."""
    url = reader.source(facts.ref, symbol.line, symbol.end_line) if symbol.line and not symbol.cell else None
    line: list[Inline] = [Words(f"{symbol.kind.replace('_', ' ')} ")] if kind else []
    name = Code(title(symbol, qualified=qualified))
    if url:  # code inside a link looks like any other code in JupyterLab: the line shows that it is one
        line += [Link([name, Words(f" · {span(symbol.line, symbol.end_line)}")], url), Text(marks(symbol))]
    else:
        where = place(reader, facts.ref, symbol.line, symbol.end_line if symbol.cell else 0, symbol.cell)
        line += [name, Text(marks(symbol)), *where]
    if summary and (doc := doc_of(symbol, facts)):
        line.append(Summary(doc, " — "))
    return line


def doc_of(each: Symbol | FileFacts, facts: FileFacts) -> str:
    """What the docstring or doc comment of a symbol or of the file itself says, in the conventions of docstrings."""
    language = BY_NAME.get(facts.language)
    doc = each.doc or ""
    return translated(doc, language.docs) if language and language.docs != "python" else doc


def dependency(each: Dependency, facts: FileFacts, reader: Reader, href: str | None) -> list[Inline]:
    """One imported module, linked to *href*: its names, lines and flags."""
    line: list[Inline] = [Link([Code(each.module)], href), *listed(" as ", each.aliases), *listed(": ", each.names)]
    flags = import_flags(each)
    if flags:
        line.append(Words(f" ({', '.join(flags)})"))
    lines = lines_of(reader, facts.ref, each.imports)
    return [*line, Words(" · "), *lines] if lines else line


def import_flags(each: Dependency) -> list[str]:
    """What is special about how a module is imported; what its names or its group say is not said again."""
    return sorted({flag for one in each.imports for flag in one.flags} - {"own", "star", "system"})


def listed(lead: str, names: Sequence[str]) -> list[Inline]:
    """`lead` and the names in code, with commas."""
    line: list[Inline] = [Words(lead)] if names and lead else []
    for number, name in enumerate(names):
        line += [Words(", " if number else ""), Code(name)]
    return line


def code_spans(text: str) -> list[Inline]:
    """Our own words, in which backticks mark code."""
    return [Code(part) if number % 2 else Text(part) for number, part in enumerate(text.split("`")) if part]


def counts(symbols: Iterable[Symbol], imports: int = 0) -> str:
    """`2 classes, 5 functions, 8 imports`."""
    numbers = Counter(symbol.kind for symbol in symbols if FILE not in symbol.flags)
    parts = [f"{numbers[kind]:,} {noun(kind, numbers[kind])}" for kind in PLURALS if numbers[kind]]
    if imports:
        parts.append(f"{imports:,} {noun('import', imports)}")
    return ", ".join(parts)


def sentence(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]
