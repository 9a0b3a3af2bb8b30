"""INI and what is written like it: sections and keys of `.cfg`, `.desktop`, `.properties`, `.gitconfig` …"""

from __future__ import annotations

import re

from kwmagic.analysers.keys import Key, Keys, Scope
from kwmagic.analysers.lines import shortened
from kwmagic.languages import Language
from kwmagic.model import Findings, Kind, Problem, Source

_LINE = re.compile(
    r"""(?P<indent>[ \t\f]*+)(?:
    (?P<blank>\n|\Z)
    | (?P<comment>[;\#][^\n]*+)
    | (?P<section>\[(?P<title>[^\]\n]++)\])
    | (?P<key>(?P<name>(?![<>{}()"'|,&=:])(?:[^"=:\n]++|:(?=[^ \t\n=][^=\n]{0,100}+=))++)
        [=:](?!>|[^\n]*\{[ \t]*+(?:\n|\Z)))
    | (?P<bare>[\w.-]++[ \t]*+(?=\n|\Z))
    | (?P<other>[^\n]))""",
    re.VERBOSE,
)
_PROPERTY = re.compile(
    r"""(?P<indent>[ \t\f]*+)(?:
    (?P<blank>\n|\Z)
    | (?P<comment>[!\#][^\n]*+)
    | (?P<key>(?P<name>(?:[^\\\s=:]++|\\.)++)(?:[ \t\f]*+[=:]|[ \t\f]++|(?=\n|\Z)))
    | (?P<other>[^\n]))""",
    re.VERBOSE | re.DOTALL,
)
_REMARK = re.compile(r"[ \t][;\#](?=[ \t])")
"""Starts a comment behind a value; without the space `#` may as well be part of it."""
_DISABLED = re.compile(r"[;\#]+[ \t]?[\w.-]++[ \t]*+=")
"""A key that is commented out, which says nothing of the next."""
_BLANK = re.compile(r"[ \t\f]*+(?:[;\#][^\n]*+)?\n")
_DEEPER = re.compile(r"[ \t\f]*+(?=[^\s;\#])")
_ESCAPE = re.compile(r"\\(\W)")
_JOINT = re.compile(r"\\?\n[ \t]*+(?:[;\#][^\n]*+)?")
"""Between two lines of one value: a backslash, a comment on a line of its own."""
_SHOWN = 1_000
"""Characters of a value that are looked at to show it."""
_BACKSLASHES = 100
"""Of one line's end that are counted."""


def analyse(source: Source, language: Language) -> Findings:
    """The sections and keys of one file; nothing where many of its lines are something else. Never raises."""
    del language
    reader = _Reader(source.text, is_properties=source.ref.path.lower().endswith(".properties"))
    reader.read()
    if 2 * reader.others > reader.keys.total:
        line = source.text.count("\n", 0, reader.first_other) + 1
        return Findings("patterns", problems=(Problem(line, "does not look like INI"),))
    return reader.keys.findings(source.text, reader.comments)


class _Reader:
    def __init__(self, text: str, *, is_properties: bool) -> None:
        self.text = text
        self.is_properties = is_properties
        self.keys = Keys()
        self.comments: list[tuple[int, int]] = []
        self.others = 0  # lines that are nothing of INI, and where the first of them is
        self.first_other = 0

    def read(self) -> None:
        pattern = _PROPERTY if self.is_properties else _LINE
        section: Key | None = None
        scope = Scope()
        position = 0
        while position < len(self.text) and (line := pattern.match(self.text, position)):
            what, end = line.lastgroup, self.line_end(line.end() - (line.lastgroup == "blank"))
            if what == "comment":
                if not _DISABLED.match(line["comment"]):
                    self.comments.append(line.span("comment"))
            elif what == "section":
                section = self.keys.add(Scope(), (line["title"].strip(),), line.start(what), end, Kind.SECTION.value)
                scope = Scope().nested(section, False)
            elif what == "key" or (what == "bare" and section):
                end = self.key(scope, line)
                if section is not None:
                    section.end = end
            elif what != "blank":
                self.first_other = self.first_other or line.end() - 1
                self.others += 1
            position = end + 1

    def key(self, scope: Scope, line: re.Match[str]) -> int:
        """Read a key with its value; gives the offset after it."""
        if line.lastgroup == "bare":
            self.keys.add(scope, (line["bare"].strip(),), line.start("bare"), line.end())
            return line.end()
        first, end = self.line_end(line.end()), self.value_end(line)
        remark = None if self.is_properties else _REMARK.search(self.text, line.end(), first)
        if remark:
            self.comments.append((remark.start() + 1, first))
        name = _ESCAPE.sub(r"\1", line["name"]) if self.is_properties else line["name"].strip()
        key = self.keys.add(scope, (name,), line.start("name"), end)
        if key is not None:
            more = _JOINT.sub("\n", self.text[first : min(end, first + _SHOWN)])
            value = self.text[line.end() : remark.start() if remark else first].removesuffix("\\")
            key.signature = f"= {shortened(value + more)}".rstrip()
        return end

    def value_end(self, line: re.Match[str]) -> int:
        """The end of a value: behind a backslash it goes on, in INI also in lines that are deeper than their key."""
        end = self.line_end(line.end())
        while end < len(self.text):
            before = self.text[max(line.end(), end - _BACKSLASHES) : end]
            if (len(before) - len(before.rstrip("\\"))) % 2:
                end = self.line_end(end + 1)
                continue
            if self.is_properties:
                break
            position = end + 1
            while blank := _BLANK.match(self.text, position):
                position = blank.end()
            deeper = _DEEPER.match(self.text, position)
            if deeper is None or len(deeper[0]) <= len(line["indent"]):
                break
            end = self.line_end(position)
        return end

    def line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        return end if end >= 0 else len(self.text)
