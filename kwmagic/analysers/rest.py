"""reStructuredText: headings, labels, the objects that Sphinx directives document, and files that are included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from kwmagic.analysers.lines import squeeze
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Source, Symbol

_KINDS = {
    "attribute": Kind.ATTRIBUTE,
    "class": Kind.CLASS,
    "classmethod": Kind.METHOD,
    "cmdoption": Kind.OPTION,
    "command": Kind.FUNCTION,
    "concept": Kind.CONCEPT,
    "confval": Kind.OPTION,
    "data": Kind.VARIABLE,
    "decorator": Kind.FUNCTION,
    "decoratormethod": Kind.METHOD,
    "enum": Kind.ENUM,
    "enum-class": Kind.ENUM,
    "enum-struct": Kind.ENUM,
    "enumerator": Kind.ENUMERATOR,
    "envvar": Kind.VARIABLE,
    "exception": Kind.CLASS,
    "function": Kind.FUNCTION,
    "macro": Kind.MACRO,
    "member": Kind.FIELD,
    "method": Kind.METHOD,
    "module": Kind.MODULE,
    "option": Kind.OPTION,
    "property": Kind.PROPERTY,
    "staticmethod": Kind.METHOD,
    "struct": Kind.STRUCT,
    "type": Kind.TYPEDEF,
    "union": Kind.UNION,
    "var": Kind.VARIABLE,
    "variable": Kind.VARIABLE,
}
"""What a directive documents, by its name without the domain."""
_INCLUDES = ("include", "literalinclude")
_OPAQUE = frozenset(
    [
        *["code", "code-block", "sourcecode", "parsed-literal", "raw", "math", "graphviz", "digraph", "graph"],
        *["uml", "productionlist", "testcode", "testoutput", "testsetup", "testcleanup", "doctest", "ipython", "plot"],
        *["mermaid", "prompt", "csv-table", "highlight", "replace", "image", "index", "meta"],
    ]
)
"""Directives whose content is no reStructuredText, or none that names anything."""
_HOLDERS = ("class", "struct", "union", "enum")
"""Kinds whose members are documented inside."""
_DOCUMENTED = ("documented",)
_LONG = 1_000
"""Characters of a title or declaration that are read."""
_SURE = 4
"""Characters of an underline that may be shorter than its title."""

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*+[ \t]*+")
_NO_TITLE = re.compile(
    r"[-+*|\u2022\u2023\u2043][ \t]|>>>[ \t]|\.\.(?:[ \t]|\Z)|__[ \t]|:(?![: ])[^:\n]++:(?:[ \t]|\Z)"
)
_MARKERS = re.compile(r"(?:(?:[-+*\u2022\u2023\u2043]|\(?(?:[0-9]{1,9}+|[A-Za-z#])[.)])[ \t]++)*+")
_TABLE = re.compile(r"=++(?:[ ]++=++)++[ \t]*+")
_LABEL = re.compile(r"\.\.[ ]++_(?![ _])(?P<name>`[^`]++`|(?:[^:\\]++|\\.|:(?!\s|\Z))++):[ \t]*+(?P<rest>.*+)")
_REFERENCE = re.compile(r"\.\.[ ]++(?:\[|_)")
_DIRECTIVE = re.compile(
    r"\.\.[ ]++(?:(?P<domain>c|cpp|js|py|std):)?(?P<name>\w(?:[-_.+:]?\w)*+)[ ]?::(?:[ \t]++(?P<rest>.*+)|\Z)"
)
_FIELD = re.compile(r":(?![: ])[^:\n]++:(?:[ \t]|\Z)")
_ENTRY = re.compile(r"(?:[^<]*+<)?([^<>]++)>?\Z")
_AUTODOC = re.compile(r"auto(?:module|class|exception|function|method|attribute|data|property|decorator|enum)\Z")
_PYTHON = re.compile(r"(?P<path>[\w.$]*\.)?(?P<name>[\w$-]++)[ \t]*+(?P<signature>.*+)")
_C_NAME = re.compile(r"operator[ \t]*+(?:\(\)|[^\s(\w]++|[\w ]++)|~?[\w.:]++")
_C_HEAD = re.compile(r"(?:(?<!\w)operator[ \t]*+(?:\(\)|[^\w\s(]++)|[^(=:\[{<o]++|o|::|<(?:[^<>]++|<[^<>]*+>)*+>|<)*+")
_OPTION = re.compile(r"(?P<name>(?:--?|/|\+)?[^\s=,\[]++)(?P<signature>[^,]*+(?:,(?![ ]*+[-/+])[^,]*+)*+),?[ ]*+")


@dataclass(slots=True)
class _Row:
    """A symbol whose end is not known yet."""

    kind: str
    name: str
    qualname: str
    line: int
    signature: str | None = None
    flags: tuple[str, ...] = ()
    column: int = 0
    """Of the directive; an object goes on while lines are deeper."""
    level: int = 0
    """Of a heading."""
    end: int = 0


def analyse(source: Source, language: Language) -> Findings:
    """What one document names; never raises."""
    del language
    reader = _Reader(source.text)
    reader.read()
    symbols = (
        Symbol(row.kind, row.name, row.qualname, row.line, row.end, row.signature, flags=row.flags)
        for row in reader.rows
    )
    title = next((row.name for row in reader.rows if row.level == 1), None)
    return Findings("patterns", tuple(symbols), tuple(reader.imports), doc=title)


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = [line.expandtabs(8).rstrip() for line in text.split("\n")]
        self.rows: list[_Row] = []
        self.imports: list[Import] = []
        self.styles: list[tuple[str, bool]] = []  # of titles: the character, whether there is a line above
        self.headings: list[_Row] = []
        self.objects: list[_Row] = []
        self.module = ""
        self.domain = ""
        self.has_open_table = False  # so that no other is looked for to the end of the text
        self.last = 0  # line of the last text

    def read(self) -> None:
        """Read block after block; `fresh` says that a line begins one, `skipped` is the column of one to leave out."""
        index, fresh, skipped, column = 0, True, None, 0
        while index < len(self.lines):
            line = self.lines[index]
            text = line.lstrip()
            if not text:
                fresh = True
                index += 1
                continue
            before, column = column, len(line) - len(text)
            if skipped is not None and column > skipped:
                self.last = index + 1
                index += 1
                continue
            fresh = fresh or skipped is not None or column != before
            skipped = None
            self.leave(column)
            after = index + 1
            if fresh and column == 0 and (heading := self.heading(index)):
                after, fresh = heading, True
            elif fresh and text.startswith("..") and text[2:3] in ("", " "):
                after, is_opaque = self.explicit(index, column, text)
                skipped, fresh = column if is_opaque else None, True
            elif fresh and _TABLE.fullmatch(text):
                after, fresh = self.table_end(index), True
            else:
                if text.endswith("::"):
                    markers = _MARKERS.match(text) if fresh else None
                    skipped = column + (markers.end() if markers else 0)
                fresh = False
            self.last = after
            index = after
        self.leave(0)
        self.close_headings(0)

    def line(self, index: int) -> str:
        return self.lines[index] if index < len(self.lines) else ""

    # Sections

    def heading(self, index: int) -> int:
        """Read the title that starts here; gives the index of the line after it, 0 where there is none."""
        first, second, third = self.line(index), self.line(index + 1), self.line(index + 2)
        if _ADORNMENT.fullmatch(first):
            title = second.strip()
            is_title = title and first == third and (len(first) >= _SURE or len(first) >= _width(title))
            return self.add_heading(index + 1, title, (first[0], True), index + 3) if is_title else 0
        is_line = _ADORNMENT.fullmatch(second) and (len(second) >= _SURE or len(second) >= _width(first))
        if not is_line or _NO_TITLE.match(first):
            return 0
        return self.add_heading(index, first, (second[0], False), index + 2)

    def add_heading(self, index: int, title: str, style: tuple[str, bool], after: int) -> int:
        if style not in self.styles:
            self.styles.append(style)
        level = self.styles.index(style) + 1
        title = title[:_LONG]
        self.close_headings(level)
        path = " > ".join([*(each.name for each in self.headings), title])
        row = _Row(Kind.HEADING.value, title, path, index + 1, flags=(f"level-{level}",), level=level)
        self.rows.append(row)
        self.headings.append(row)
        return after

    def close_headings(self, level: int) -> None:
        while self.headings and self.headings[-1].level >= level:
            self.headings.pop().end = self.last

    def table_end(self, index: int) -> int:
        """The index after a simple table: after its last border, which a blank line follows."""
        end = index + 1
        while end < len(self.lines) and not self.has_open_table:
            if not self.line(end + 1) and _TABLE.fullmatch(self.lines[end].lstrip()):
                return end + 1
            end += 1
        self.has_open_table = True
        return index + 1

    # Explicit markup

    def explicit(self, index: int, column: int, text: str) -> tuple[int, bool]:
        """Read what starts with `..`; gives the index of the next line, and whether deeper lines are to be left out."""
        after = index + 1
        if directive := _DIRECTIVE.match(text):
            return self.directive(index, column, directive)
        if label := _LABEL.match(text):
            below = self.line(after)
            if not label["rest"] and not (below and _column(below) > column):
                name = re.sub(r"\\(.)", r"\1", label["name"].strip("`"))
                self.rows.append(_Row(Kind.LABEL.value, name, name, index + 1, end=index + 1))
            return after, True
        if _REFERENCE.match(text):
            return after, False
        return after, text != ".." or self.line(after) != ""

    def directive(self, index: int, column: int, directive: re.Match[str]) -> tuple[int, bool]:
        name, domain = directive["name"], directive["domain"] or self.domain
        arguments, after = self.arguments(index, column, directive["rest"] or "")
        if name in _INCLUDES:
            self.note(arguments, "include")
            return after, True
        if name == "toctree":
            return self.toctree(after, column), True
        if _AUTODOC.match(name):
            self.note(arguments, "autodoc")
        elif name in ("currentmodule", "module"):
            self.module = arguments[0][1] if arguments and arguments[0][1] != "None" else ""
            if name == "module" and self.module:
                self.add(_Row(Kind.MODULE.value, self.module, self.module, index + 1, flags=_DOCUMENTED), column)
        elif name == "default-domain":
            self.domain = arguments[0][1] if arguments else ""
        elif kind := _KINDS.get(name):
            flags = (*_DOCUMENTED, "static") if name == "staticmethod" else _DOCUMENTED
            parent = next((row for row in reversed(self.objects) if row.kind in _HOLDERS), None)
            for line, text in arguments:
                for row in self.documented(kind, domain, text[:_LONG], parent):
                    row.line, row.flags = line, flags
                    self.add(row, column)
        return after, name in _OPAQUE

    def arguments(self, index: int, column: int, rest: str) -> tuple[list[tuple[int, str]], int]:
        """What stands behind a directive's `::`, a line each with its number; gives the index behind it as well."""
        found = [(index + 1, rest)] if rest else []
        after = index + 1
        while (line := self.line(after)) and _column(line) > column and not _FIELD.match(text := line.lstrip()):
            if found and found[-1][1].endswith("\\") and len(found[-1][1]) < _LONG:
                found[-1] = found[-1][0], f"{found[-1][1][:-1]}{text}"
            else:
                found.append((after + 1, text))
            after += 1
        return found, after

    def note(self, arguments: list[tuple[int, str]], flag: str) -> None:
        if arguments and (module := arguments[0][1].partition("(")[0].strip()):
            self.imports.append(Import(module, None, None, arguments[0][0], (flag,)))

    def toctree(self, index: int, column: int) -> int:
        """Read the entries of a table of contents; gives the index after the last one."""
        after = index
        while index < len(self.lines) and (not self.lines[index] or _column(self.lines[index]) > column):
            text = self.lines[index].lstrip()
            index += 1
            if text:
                after = index
                if not _FIELD.match(text) and (entry := _ENTRY.match(text)):
                    self.imports.append(Import(entry[1].strip(), None, None, index, ("toctree",)))
        return after

    # Objects

    def add(self, row: _Row, column: int) -> None:
        row.column = column
        self.rows.append(row)
        self.objects.append(row)

    def leave(self, column: int) -> None:
        """End the objects whose directive is not left of *column*."""
        while self.objects and self.objects[-1].column >= column:
            row = self.objects.pop()
            row.end = max(self.last, row.line)

    def documented(self, kind: Kind, domain: str, text: str, parent: _Row | None) -> Iterator[_Row]:
        """The objects that one line of a directive's arguments describes, at a line to be filled in."""
        if kind is Kind.OPTION:
            for option in _OPTION.finditer(text):
                yield _Row(kind.value, option["name"], option["name"], 0, _tight(option["signature"]))
        elif domain in ("c", "cpp"):
            yield _c_row(kind, text, parent, "::" if domain == "cpp" else ".")
        elif match := _PYTHON.match(text):
            name, path = match["name"], f"{match['path'] or ''}{match['name']}"
            if parent is not None:
                own = parent.qualname.removeprefix(f"{self.module}.")
                path = f"{parent.qualname}.{path.removeprefix(f'{own}.')}"
            elif self.module and domain in ("", "py") and not path.startswith(f"{self.module}."):
                path = f"{self.module}.{path}"
            yield _Row(kind.value, name, path, 0, _tight(match["signature"]))


def _c_row(kind: Kind, text: str, parent: _Row | None, separator: str) -> _Row:
    """What a declaration of C or C++ declares; its type stands in front of the name and is put behind."""
    head = _C_HEAD.match(text)
    end = head.end() if head else 0
    names = list(_C_NAME.finditer(text, 0, end))
    if not names:
        return _Row(kind.value, text, text, 0)
    last = names[-2] if len(names) > 1 and names[-1][0] == "final" else names[-1]
    path = last[0].strip()
    name = re.split(r"::|\.", path)[-1] or path
    if parent is not None and not path.startswith(f"{parent.qualname}{separator}"):
        path = f"{parent.qualname}{separator}{path}"
    before, after = text[: last.start()].strip(), text[last.end() :].strip(" ;")
    is_function = kind in (Kind.FUNCTION, Kind.METHOD)
    if before and is_function:
        after = f"{after} -> {before}"
    elif before and kind in (Kind.FIELD, Kind.VARIABLE):
        after = f": {before} {after}"
    return _Row(kind.value, name, path, 0, _tight(after))


def _tight(signature: str) -> str | None:
    return squeeze(signature) or None


def _column(line: str) -> int:
    return len(line) - len(line.lstrip())


def _width(text: str) -> int:
    """Columns that a terminal takes for a text."""
    return sum(2 if east_asian_width(char) in "WF" else not combining(char) for char in text[:_SURE])
