"""The listing of what changed since a commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from kwmagic.anchors import anchor
from kwmagic.evidence.differences import ADDED, CHANGED, MOVED, REMOVED, Change, Difference, FileChange
from kwmagic.evidence.purpose import count
from kwmagic.kinds import ASSIGNED, OUTLINE
from kwmagic.links import Reader
from kwmagic.markup import Anchor, Block, Code, Inline, Item, Link, Paragraph, Text, Title, Words
from kwmagic.model import Symbol, Target
from kwmagic.options import IndexOptions
from kwmagic.pages.compared import Amount, Comparison, summary
from kwmagic.pages.entry import code_spans, entry, marks, sentence, shortened, span, title
from kwmagic.pages.select import tree

WHATS = (ADDED, CHANGED, MOVED, REMOVED)
"""In page order."""
_WHOLE = 200
"""Characters of a text that is shown whole."""
_WINDOW = 100
"""Characters shown of longer texts, around where they begin to differ."""
_AROUND = 30
"""Characters shown before the first that differs, in longer texts."""
_NAMED = 20
"""Files named in a line; the rest is counted."""
_QUIET = {
    ADDED: "New files that define nothing",
    CHANGED: "Changed in nothing that is listed here",
    MOVED: "Renamed, with the same definitions",
    REMOVED: "Removed files that took no definition with them",
}
_NEWS = {ADDED: "new file", REMOVED: "file removed", MOVED: "renamed from "}


def top_anchor(target: Target) -> str:
    """The anchor of the listing's first line."""
    return anchor("changes", target.label, "")


def page(found: Comparison, options: IndexOptions, reader: Reader, amount: Amount = Amount()) -> Iterator[Block]:
    """The whole listing."""
    yield Paragraph([Anchor(top_anchor(found.target))])
    yield Title(1, [Words("Changes since "), Code(found.ref), Text(" in "), Code(found.target.label)])
    yield from _information(found)
    if not amount.entries:
        yield from _files(found, reader, amount)
    elif options.group == "file":
        yield from _by_file(found, options, reader, amount)
    else:
        yield from _by_what(found, options, reader, amount)
    yield from _held_back(found, amount)
    yield from _others(found, reader)
    yield from _problems(found, reader)


def _information(found: Comparison) -> Iterator[Block]:
    commit = found.commit
    lead: list[Inline] = [
        *code_spans(sentence(found.target.how)),
        Words(f" · {summary(found)} since "),
        Code(found.ref),
    ]
    date = Words(f", {commit.date}" if commit.date else "")
    subject: list[Inline] = [Words(": "), Text(commit.subject)] if commit.subject else []
    yield Paragraph([*lead, Words(" ("), Code(commit.digest), date, *subject, Words(")")])
    for note in found.target.notes:
        yield Paragraph(code_spans(note))
    if any(change.what == MOVED for change in found.changes):
        text = "Moved: gone from one file, and new in one other, with the same name, kind and signature."
        yield Paragraph([Words(text)])
    if any(each.what == MOVED for each in found.files):
        text = "Renamed: a file that is gone and a new one, of the same content or with half of the definitions or more"
        yield Paragraph([Words(f"{text} in common.")])


# --- entries ------------------------------------------------------------------------------------------------------


def _by_what(found: Comparison, options: IndexOptions, reader: Reader, amount: Amount) -> Iterator[Block]:
    for what in WHATS:
        those = [(each, [one for one in each.changes if one.what == what]) for each in found.files]
        number = sum(len(changes) for _, changes in those)
        if not number:
            continue
        heading = f"{sentence(what)} ({number:,})"
        lines = ", lines as of " if what == REMOVED else ""
        yield Title(2, [Words(heading + lines), *([Code(found.ref)] if lines else [])])
        for each, changes in those:
            if changes:
                yield Item(0, _file(each, reader))
                yield from _entries(changes, options, reader, amount)


def _by_file(found: Comparison, options: IndexOptions, reader: Reader, amount: Amount) -> Iterator[Block]:
    for each in found.files:
        if not each.changes:
            continue
        yield Item(0, _file(each, reader))
        for what in WHATS:
            changes = [one for one in each.changes if one.what == what]
            if changes:
                yield Item(1, [Words(f"{what} ({len(changes):,})")])
                yield from _entries(changes, options, reader, amount, depth=2)


def _entries(
    changes: Sequence[Change], options: IndexOptions, reader: Reader, amount: Amount, depth: int = 1
) -> Iterator[Block]:
    nodes = tree((one.symbol for one in changes), options.sort)
    made = {id(one.symbol): one for one in changes}
    flat = changes[0].what in {CHANGED, MOVED}
    waiting = [(node, depth, True) for node in reversed(nodes)]
    while waiting:
        node, level, top = waiting.pop()
        yield Item(level, _line(made[id(node.symbol)], reader, amount, qualified=top or flat))
        waiting += [(child, level + (not flat), False) for child in reversed(node.children)]


def _line(one: Change, reader: Reader, amount: Amount, *, qualified: bool) -> list[Inline]:
    symbol = one.symbol
    kind = symbol.kind not in ASSIGNED | OUTLINE
    if one.new is None or one.new_file is None:
        return _gone(symbol, kind=kind, qualified=qualified)
    is_plain = one.what in {ADDED, MOVED}
    line = entry(one.new, one.new_file, reader, qualified=qualified, kind=kind, summary=is_plain and amount.summaries)
    if one.old is not None and one.old_file is not None and one.old_file.path != one.new_file.path:
        line += [Words(" · was "), Code(f"{one.old_file.path}:{one.old.line}")]
    for number, each in enumerate(one.differences):
        line += [Words("; " if number else " — "), *_difference(each, one)]
    return line


def _gone(symbol: Symbol, *, kind: bool, qualified: bool) -> list[Inline]:
    words = Words(f"{symbol.kind.replace('_', ' ')} " if kind else "")
    cell = f"cell {symbol.cell}, " if symbol.cell else ""
    where = Words(f" · was {cell}{span(symbol.line, symbol.end_line)}")
    return [words, Code(title(symbol, qualified=qualified)), Text(marks(symbol)), where]


def _difference(each: Difference, one: Change) -> Iterator[Inline]:
    if each.what == "flags":
        yield Text(_flags(each))
    elif each.what == "signature" and one.old is not None and max(len(each.old), len(each.new)) <= _WHOLE:
        yield from (Words("was "), Code(title(one.old, qualified=False)))  # what it is now stands in front
    else:
        old, new = windows(each.old, each.new)
        yield Words(f"{each.what} ")
        yield Code(old) if old else Words("none")
        yield Words(" → ")
        yield Code(new) if new else Words("none")


def _flags(each: Difference) -> str:
    old, new = ({*side.split(", ")} - {""} for side in (each.old, each.new))
    parts = [f"now {', '.join(sorted(new - old))}"] if new - old else []
    parts += [f"no longer {', '.join(sorted(old - new))}"] if old - new else []
    return ", ".join(parts)


def windows(old: str, new: str) -> tuple[str, str]:
    """Two long texts, each only around where they begin to differ."""
    if max(len(old), len(new)) <= _WHOLE:
        return old, new
    both = zip(old, new, strict=False)
    first = next((index for index, (one, other) in enumerate(both) if one != other), min(len(old), len(new)))
    start = max(0, first - _AROUND)
    lead = "…" if start else ""
    return tuple(lead + shortened(side[start:], _WINDOW) for side in (old, new))  # type: ignore[return-value]  # two


# --- the rest -----------------------------------------------------------------------------------------------------


def _file(each: FileChange, reader: Reader) -> list[Inline]:
    """Its path and what became of it, or its length: words in the link too, as code alone does not look like one."""
    told = _NEWS.get(each.what) or count(each.facts.lines, "line")
    old = [Code(each.old.path)] if each.what == MOVED and each.old is not None else []
    words = [Words(f" · {told}")] if told else []
    return [Link([Code(each.facts.path), *words, *old], _href(each, reader))]


def _href(each: FileChange, reader: Reader) -> str | None:
    return reader.source(each.facts.ref) if each.new is not None else None


def _files(found: Comparison, reader: Reader, amount: Amount) -> Iterator[Block]:
    for each in found.files[: amount.most]:
        numbers = Counter(one.what for one in each.changes)
        told = ", ".join(f"{numbers[what]:,} {what}" for what in WHATS if numbers[what])
        yield Item(0, [*_file(each, reader), Words(f" · {told or 'no definition changed'}")])
    if amount.most is not None and len(found.files) > amount.most:
        yield Item(0, [Words(f"… and {len(found.files) - amount.most:,} more files")])


def _held_back(found: Comparison, amount: Amount) -> Iterator[Block]:
    if amount == Amount():
        return
    held = "the first sentences of docstrings" if amount.entries else count(len(found.changes), "entry")
    text = f"%kwindex {found.target.text or found.target.label} --since {found.ref}"
    lead = f"Held back to keep this cell small: {held}. See one kind with "
    more: list[Inline] = [Words(", narrow it to one module or folder, or take all of it with "), Code(f"idx = {text}")]
    yield Paragraph(
        [Words(lead), Code(f"{text} -k class"), *more, Words(" and "), Code("print(idx.to_markdown())"), Words(".")]
    )


def _others(found: Comparison, reader: Reader) -> Iterator[Block]:
    """Files that differ without a change to what they define."""
    files = [each for each in found.files if not each.changes]
    for what, text in _QUIET.items():
        those = [each for each in files if each.what == what]
        if those:
            yield Paragraph([Words(f"{text} ({len(those):,}): "), *_names(those, reader)])


def _names(files: Sequence[FileChange], reader: Reader) -> Iterator[Inline]:
    for number, each in enumerate(files[:_NAMED]):
        yield Words(", " if number else "")
        yield from _file(each, reader) if each.what == MOVED else [Link([Code(each.facts.path)], _href(each, reader))]
    if len(files) > _NAMED:
        yield Words(f" and {len(files) - _NAMED:,} more")


def _problems(found: Comparison, reader: Reader) -> Iterator[Block]:
    if found.problems:
        yield Title(2, [Words(f"Not compared ({len(found.problems):,})")])
    for ref, problem in found.problems[: _NAMED * 10]:
        yield Item(0, [Link([Code(ref.path)], reader.source(ref)), *code_spans(f" — {problem.message}")])
    if len(found.problems) > _NAMED * 10:
        yield Item(0, [Words(f"… and {len(found.problems) - _NAMED * 10:,} more; `.problems` holds them all")])
