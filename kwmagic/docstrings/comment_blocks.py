"""The parts of a doc comment, and how they are written for the docstring parser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from kwmagic.docstrings.blocks import dedent
from kwmagic.docstrings.comment_code import runs
from kwmagic.docstrings.comment_inline import BLOCK_TAG, code, inline

_MAX_LISTS = 6
"""Lists in lists beyond this depth are shown at this depth: the parser keeps deeper ones verbatim."""
_MARKER = re.compile(r" *(?:[-*+] +|\d{1,3}[.)] +)?")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*?)[ \t#]*$")
_OPENS_BLOCK = re.compile(r"[-*+•] |\d+[.)] |```|~~~|\.\. |---|\|")
_LISTS = {"ul", "ol", "dl", "menu", "table"}
_ITEMS = {"li", "dt", "tr"}


class Text(NamedTuple):
    """A description."""

    lines: Sequence[str]


class Section(NamedTuple):
    """A description under a title of its own."""

    title: str
    lines: Sequence[str]


class Admonition(NamedTuple):
    """A note, a warning, …"""

    title: str
    lines: Sequence[str]


class Entry(NamedTuple):
    """A documented name (parameter, result, error), or a text of the same rank; those of one title are one list."""

    title: str
    lead: str
    """What stands before the text, translated: the name and its type."""
    lines: Sequence[str]


class Fact(NamedTuple):
    """A short statement about the whole: since when, by whom."""

    title: str
    """Empty for a bare mark, such as `internal`."""
    text: str


Part: TypeAlias = Text | Section | Admonition | Entry | Fact


def written(parts: Iterable[Part]) -> str:
    """Descriptions first, the lists of names together, facts last."""
    before: list[str] = []
    after: list[str] = []
    lists: dict[str, list[Entry]] = {}
    facts: dict[str, list[str]] = {}
    for part in parts:
        match part:
            case Text(lines):
                before += ["", *prose(lines)]
            case Section(title, lines):
                (after if lists else before).extend([*titled(title), *prose(lines)])
            case Admonition(title, lines):
                body = indented(prose(lines))
                (after if lists else before).extend(["", f".. admonition:: {title}", "", *body])
            case Entry():
                lists.setdefault(part.title, []).append(part)
            case Fact(title, text):
                facts.setdefault(title, []).append(text)
    middle = [line for title, entries in lists.items() for line in [*titled(title), *_entries(entries)]]
    last = [_fact(title, dict.fromkeys(texts)) for title, texts in facts.items()]
    return "\n\n".join(["\n".join([*before, *middle, *after]), *last]).strip("\n")


def _fact(title: str, texts: Iterable[str]) -> str:
    said = ", ".join(texts)
    return f"**{title}:** {inline(said)}" if title else f"*{said}*"


def titled(title: str) -> list[str]:
    """A title between two rules: unlike one with a rule below, it never makes names of the text that follows."""
    return ["", "-----", title, "-----", ""]


def indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _entries(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        lines = prose(entry.lines)
        if len(entries) == 1 and not entry.lead:
            yield from lines
        elif lines and not _OPENS_BLOCK.match(lines[0]):
            yield f"- {entry.lead}: {lines[0]}" if entry.lead else f"- {lines[0]}"
            yield from indented(lines[1:])
        else:
            yield f"- {entry.lead}" if entry.lead else "-"
            yield from ["", *indented(lines)]


def prose(lines: Iterable[str]) -> list[str]:
    """Lines of text and fences with all inline markup, HTML and headings translated."""
    folded = _Folded()
    for run in runs(lines):
        if run.is_code:
            folded.code(run.lines)
        else:
            for line in inline("\n".join(run.lines)).split("\n"):
                folded.line(line)
    return folded.lines()


class _Folded:
    """Writes the lines between HTML's block tags at the indentation that their place in lists asks for."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._numbers: list[int] = []
        """One for each open list: of its last item, -1 where it is not numbered."""
        self._marker = ""
        """Of the item whose text is still to come."""
        self._is_row = False
        """Whether the last line is a table's row that goes on."""

    def lines(self) -> list[str]:
        """What was written, without blank lines around it."""
        first = next((at for at, line in enumerate(self._written) if line), len(self._written))
        last = next((at for at in range(len(self._written), first, -1) if self._written[at - 1]), first)
        return self._written[first:last]

    def line(self, line: str) -> None:
        """One line of prose."""
        if heading := _HEADING.match(line):
            self._written += titled(BLOCK_TAG.sub(" ", heading[1]))
            return
        if "\x01" not in line and not self._numbers:
            self._written.append(line.rstrip())
            return
        margin = _MARKER.match(line)
        width = min(margin.end() if margin else 0, 40)
        end = 0
        for tag in BLOCK_TAG.finditer(line):
            self._text(line[end : tag.start()], width, is_first=end == 0)
            self._tag(tag[1], tag[2] or "")
            end = tag.end()
        self._text(line[end:], width, is_first=end == 0)

    def code(self, lines: Sequence[str]) -> None:
        """A fence; one that says `math` is a formula."""
        inside = dedent(lines) if not lines[0].strip("`~ ").startswith("math") else _formula(dedent(lines))
        margin = self._indent() if self._numbers else lines[0][: len(lines[0]) - len(lines[0].lstrip(" "))]
        if self._marker:
            self._written.append(self._marker.rstrip())
            self._marker = ""
        if inside[0].startswith(".. "):
            self._written.append("")
        self._written += [margin + line if line else "" for line in inside]

    def _indent(self) -> str:
        return " " * (4 * min(len(self._numbers), _MAX_LISTS))

    def _text(self, text: str, width: int, is_first: bool) -> None:
        if not text.strip():
            if is_first and not text and self._written and not self._is_row:
                self._blank()
            return
        if self._marker:
            self._written.append(self._marker + text.strip())
            self._marker = ""
        elif self._is_row:
            self._written[-1] += " " + text.strip()
        elif self._numbers:
            self._written.append(self._indent() + text.strip())
        else:
            self._written.append(text.rstrip() if is_first else " " * width + text.strip())

    def _tag(self, tag: str, text: str) -> None:
        name = tag.lstrip("/")
        if name in _LISTS:
            self._list(name, is_end=tag[0] == "/")
        elif name in _ITEMS and tag[0] != "/":
            self._item(name)
        elif name in ("td", "th") and self._is_row:
            if tag[0] != "/" and not self._marker:
                self._written[-1] += " |"
        elif text:
            self._written += titled(text)
        elif not self._is_row:
            self._blank()
        self._is_row = self._is_row and tag != "/tr"

    def _list(self, name: str, is_end: bool) -> None:
        self._marker, self._is_row = "", False
        if not is_end:
            self._numbers.append(0 if name == "ol" else -1)
        elif self._numbers:
            self._numbers.pop()
        self._blank()

    def _item(self, name: str) -> None:
        if not self._numbers:
            self._numbers.append(-1)
        self._numbers[-1] += self._numbers[-1] >= 0
        margin = self._indent()[4:]
        self._marker = f"{margin}{self._numbers[-1]}. " if self._numbers[-1] > 0 else f"{margin}- "
        self._is_row = name == "tr"

    def _blank(self) -> None:
        if not self._marker and self._written and self._written[-1]:
            self._written.append("")


def _formula(lines: Sequence[str]) -> list[str]:
    return [".. math::", "", *indented(line for line in lines[1:-1] if line), ""]


def name_lead(name: str, item_type: str = "", *remarks: str) -> str:
    """A name, or several between commas, with what is said about it in parentheses."""
    said = ", ".join(part for part in (code(item_type), *remarks) if part)
    names = ", ".join(code(part) for part in re.split(r",\s*(?=[A-Za-z_]\w*(?:,|$))", name))
    return f"{names} ({said})" if said else names
