"""What can be asked for: shown where a magic is given no target."""

from __future__ import annotations

from collections.abc import Iterator

from kwmagic.markup import Block, Code, Inline, Item, Paragraph, Title, Words
from kwmagic.model import Target
from kwmagic.pages.entry import code_spans

_TARGETS = (
    ("json.decoder", "a module or package, imported or not; nothing of it is run"),
    ("json.JSONDecoder.decode", "a name in a module"),
    ("encoder", "an object of yours: a class, function, instance or module"),
    ("src/app.py", "a file"),
    ("src/", "a folder"),
    ("'src/**/*_test.py'", "a pattern of paths"),
    (".", "what this notebook has defined so far"),
)
_CALLS = (
    ("%kwindex TARGET", "the keyword index: every definition and import, linked to its line"),
    ("%kwindex TARGET -k class -m '*Error'", "only classes whose names match"),
    ("%kwindex TARGET -s 'read json'", "the definitions that match words, best first; without TARGET in this project"),
    ("%kwindex NAME --uses", "where a definition is used in its project, and how"),
    ("%kwindex TARGET --since v1.2", "what was added, removed, moved or changed since a git commit, tag or branch"),
    ("%docfile TARGET", "the documentation: every definition, dependencies, security, tests, who uses it, source"),
    ("%%docfile TARGET", "the same, with your Markdown from the cell's body in its sections"),
    ("index = %kwindex TARGET", "the index as an object: iterate, `.find('*error*')`, `.to_markdown()`, `.to_dict()`"),
    ("%kwindex?", "all options; also %docfile? and %config KWMagics"),
)


def page() -> Iterator[Block]:
    """One screen of help."""
    yield Title(1, [Words("kwmagic: what you can type")])
    yield from (_item(code, text) for code, text in _CALLS)
    yield Paragraph([Words("TARGET is one of these, tried in this order:")])
    yield from (_item(code, text) for code, text in _TARGETS)


def too_long(target: Target) -> Iterator[Block]:
    """For a target of which not even an outline fits into a cell."""
    name = target.label if len(target.label) <= 200 else target.label[:199] + "…"
    lead: list[Inline] = [Words("Too long for one cell: "), Code(name)]
    yield Paragraph([*lead, *code_spans(". Assign the magic's value and write its `.to_markdown()` to a file.")])


def _item(code: str, text: str) -> Item:
    return Item(0, [Code(code), *code_spans(f" — {text}")])
