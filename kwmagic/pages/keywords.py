"""The keyword index of one file, of a folder or package, or of the notebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kwmagic.anchors import anchor
from kwmagic.evidence.purpose import count
from kwmagic.kinds import PLURALS, noun
from kwmagic.links import Reader
from kwmagic.markup import Anchor, Block, Code, Inline, Item, Paragraph, Summary, Title, Words
from kwmagic.model import FILE, FileFacts, Target
from kwmagic.pages.entry import code_spans, counts, doc_of, listed, place, sentence
from kwmagic.pages.extent import EVERYTHING, Index, Shown, shows
from kwmagic.pages.listing import by_file, by_folder, by_kind

_ALIKE = 5
"""Files with the same problem that are named; more are counted."""


def page(index: Index, shown: Shown = EVERYTHING) -> Iterator[Block]:
    """The whole index."""
    yield Paragraph([Anchor(top_anchor(index.target))])
    yield Title(1, [Words("Keyword index: "), Code(index.target.label)])
    yield from _information(index)
    if shown.unit == "folder":
        yield from by_folder(index)
    elif index.by_file:
        yield from by_file(index, shown)
    else:
        yield from by_kind(index, shown)
    yield from _held_back(index, shown)
    yield from problems([each.facts for each in index.selected], index.reader)


def top_anchor(target: Target) -> str:
    """The anchor of the page's first line."""
    return anchor("index", target.label, "")


def _information(index: Index) -> Iterator[Block]:
    files = index.selected
    symbols = [symbol for each in files for symbol in each.symbols]
    imports = sum(len(each.imports) for each in files)
    facts = files[0].facts if len(files) == 1 else None
    unit = "cell" if index.target.files and index.target.files[0].path.startswith("In[") else "file"
    parts = [count(len(files), unit)] if facts is None else _language(facts)
    lines = sum(each.facts.lines for each in files)
    parts += [count(lines, "line")] if lines and index.target.focus is None else []
    parts.append(counts(symbols, imports) or "nothing is defined or imported")
    yield Paragraph([*code_spans(sentence(index.target.how)), Words(" · ".join(["", *filter(None, parts)]))])
    if facts and (doc := doc_of(facts, facts)).strip():
        yield Paragraph([Summary(doc)])
    for note in index.target.notes:
        yield Paragraph(code_spans(note))


def _language(facts: FileFacts) -> list[str]:
    if facts.engine == "live":
        return [f"{facts.language}, from the live module"]
    return [facts.language, *facts.flags] if facts.language else []


def _held_back(index: Index, shown: Shown) -> Iterator[Block]:
    """What this output leaves out to stay small, counted, and how to see it."""
    if shown == EVERYTHING:
        return
    numbers = Counter(
        str(symbol.kind)
        for each in index.selected
        for symbol in each.symbols
        if FILE not in symbol.flags and (shown.unit != "entry" or not shows(symbol, shown))
    )
    parts = [f"{numbers[kind]:,} {noun(kind, numbers[kind])}" for kind in PLURALS if numbers[kind]]
    imports = sum(len(each.imports) for each in index.selected)
    if imports and (shown.unit != "entry" or "import" in shown.hidden):
        parts.append(f"{imports:,} {noun('import', imports)}")
    if not shown.summaries:
        parts.append("the first sentences of docstrings")
    if not parts and shown.most is None:
        return
    text = index.target.text or index.target.label
    held = f"Held back to keep this cell small: {', '.join(parts)}. " if parts else "Cut to keep this cell small. "
    example = f"%kwindex {text} -k {next((kind for kind in PLURALS if numbers[kind]), 'class')}"
    yield Paragraph(
        [
            Words(held + "See one kind with "),
            Code(example),
            Words(", narrow it to one module or folder, or take all of it with "),
            Code(f"idx = %kwindex {text}"),
            Words(" and "),
            Code("print(idx.to_markdown())"),
            Words("."),
        ]
    )


def problems(files: Sequence[FileFacts], reader: Reader, most: int = 200) -> Iterator[Block]:
    """What could not be read or parsed, each with its reason; what is wrong with many files alike is said once."""
    found = [(facts, problem) for facts in files for problem in facts.problems]
    if not found:
        return
    yield Title(2, [Words(f"Problems ({len(found):,})")])
    alike: dict[str, list[FileFacts]] = {}
    for facts, problem in found:
        if not problem.line:
            alike.setdefault(problem.message, []).append(facts)
    common = {message: those for message, those in alike.items() if len(those) > 1}
    for message, those in common.items():
        names = listed(": ", [facts.path for facts in those[:_ALIKE]])
        more = Words(f" and {len(those) - _ALIKE:,} more" if len(those) > _ALIKE else "")
        yield Item(0, [Words(f"{count(len(those), 'file')}"), *names, more, *code_spans(f" — {message}")])
    single = [(facts, problem) for facts, problem in found if problem.line or problem.message not in common]
    for facts, problem in single[:most]:
        where = place(reader, facts.ref, problem.line, cell=problem.cell)
        path: list[Inline] = [] if where and reader.source(facts.ref, problem.line) is None else [Code(facts.path)]
        yield Item(0, [*path, *where, *code_spans(f" — {problem.message}")])
    if len(single) > most:
        yield Item(0, [Words(f"… and {len(single) - most:,} more; `.problems` of the returned object holds them all")])
