"""How one definition, one import and one place are shown, everywhere alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter

from kwmagic.evidence.imports import Dependency
from kwmagic.links import Reader
from kwmagic.markup import JUMP, Code, Inline, Link, Summary, Text, Words
from kwmagic.model import FileFacts, FileRef, Kind, Symbol

_MAX_SIGNATURE = 200
"""Characters of a signature in an index entry; a documentation page shows it whole."""
_IRREGULAR = {
    "class": "Classes",
    "type_alias": "Type aliases",
    "property": "Properties",
    "index": "Indexes",
    "decorator": "Decorators used",
    "rpc": "RPCs",
}
PLURALS = {str(kind): _IRREGULAR.get(kind, f"{kind.capitalize()}s") for kind in (*Kind, "import", "decorator")}
"""Headings of groups by kind, in page order."""
ASSIGNED = frozenset(
    (Kind.CONSTANT, Kind.VARIABLE, Kind.ATTRIBUTE, Kind.TYPE_ALIAS, Kind.FIELD, Kind.ENUMERATOR, Kind.KEY)
)


def place(reader: Reader, ref: FileRef, line: int, end_line: int = 0) -> list[Inline]:
    """` · L20–67`, linked to the source; where no link can work `path:20`; nothing for a live module (line 0)."""
    if not line:
        return []
    url = reader.source(ref, line, end_line or line)
    if url is None:
        return [Words(" · "), Code(f"{ref.path}:{line}")]
    return [Words(" · "), Link([Words(span(line, end_line))], url)]


def in_page(name: str, href: str | None, *, in_cell: bool) -> Inline:
    """A name linked to its section; code inside a link looks like any other code in JupyterLab, hence the arrow."""
    return Link([Code(name), *([JUMP] if href and in_cell else [])], href)


def lines_of(reader: Reader, ref: FileRef, lines: Sequence[int], most: int = 20) -> list[Inline]:
    """`L5, L9`, each linked; beyond `most` the number of the rest."""
    shown: list[Inline] = []
    for line in lines[:most]:
        shown += [Words(", ") if shown else Words(""), Link([Words(f"L{line}")], reader.source(ref, line))]
    if len(lines) > most:
        shown.append(Words(f" and {len(lines) - most:,} more"))
    return shown


def span(line: int, end_line: int) -> str:
    """`L20`, or `L20–67`."""
    return f"L{line}–{end_line}" if end_line > line else f"L{line}"


def title(symbol: Symbol, *, qualified: bool) -> str:
    """Name and signature as one piece of code: `dump(obj, fp)`, `Decoder(Base)`, `LIMIT = 3`."""
    name = shortened(symbol.qualname if qualified else symbol.name)
    signature = shortened(symbol.signature or "")
    return f"{name} {signature}" if signature.startswith("=") else name + signature


def shortened(text: str, most: int = _MAX_SIGNATURE) -> str:
    """The text, or its beginning with `…`."""
    return text if len(text) <= most else text[: most - 1] + "…"


def marks(symbol: Symbol) -> str:
    """What is special about a definition: ` (async, local, if TYPE_CHECKING)`."""
    words = [flag for flag in symbol.flags if flag not in ("conditional", "private")]
    words += [symbol.condition] if symbol.condition else []
    return f" ({', '.join(words)})" if words else ""


def entry(
    symbol: Symbol, facts: FileFacts, reader: Reader, *, qualified: bool, kind: bool = False, summary: bool = True
) -> list[Inline]:
    """One line of an index: the name linked to its source line, where it is, what it is for."""
    url = reader.source(facts.ref, symbol.line, symbol.end_line) if symbol.line else None
    line: list[Inline] = [Words(f"{symbol.kind.replace('_', ' ')} ")] if kind else []
    name = Code(title(symbol, qualified=qualified))
    if url:  # code inside a link looks like any other code in JupyterLab: the line shows that it is one
        line += [Link([name, Words(f" · {span(symbol.line, symbol.end_line)}")], url), Text(marks(symbol))]
    else:
        line += [name, Text(marks(symbol)), *place(reader, facts.ref, symbol.line)]
    if summary and symbol.doc:
        line.append(Summary(symbol.doc, " — "))
    return line


def dependency(each: Dependency, facts: FileFacts, reader: Reader) -> list[Inline]:
    """One imported module: its names, lines and flags."""
    line: list[Inline] = [Code(each.module), *listed(" as ", each.aliases), *listed(": ", each.names)]
    flags = sorted({flag for each_import in each.imports for flag in each_import.flags if flag != "star"})
    if flags:
        line.append(Words(f" ({', '.join(flags)})"))
    return [*line, Words(" · "), *lines_of(reader, facts.ref, each.lines)] if any(each.lines) else line


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
    """`2 classes, 5 functions, 8 imported names`."""
    numbers = Counter(map(attrgetter("kind"), symbols))
    parts = [f"{numbers[kind]:,} {noun(kind, numbers[kind])}" for kind in PLURALS if numbers[kind] and kind != "module"]
    if imports:
        parts.append(f"{imports:,} imported name{'s' if imports > 1 else ''}")
    return ", ".join(parts)


def sentence(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def noun(kind: str, number: int) -> str:
    """A kind as a noun in running text, singular or plural."""
    return PLURALS[kind].lower() if number != 1 else kind.replace("_", " ")


def module_of(facts: FileFacts) -> Symbol | None:
    """The symbol that stands for the file itself."""
    return next((symbol for symbol in facts.symbols[:1] if symbol.kind == Kind.MODULE), None)
