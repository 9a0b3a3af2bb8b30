"""Dockerfile: named stages, base images, build arguments, variables, labels and exposed ports."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kwmagic.analysers.lines import Comments, Lines, shortened
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Source, Symbol

_BACKTICK = re.compile(r"(?:\#[^\n]*+\n)*?\#[ \t]*+escape[ \t]*+=[ \t]*+`", re.IGNORECASE)
"""The directive that makes the backtick continue lines, as on Windows."""
_INSTRUCTION = re.compile(r"\s*+(?:ONBUILD\s++)?(?P<word>[A-Z]{2,20}+)\s++(?P<rest>\S.*+)", re.IGNORECASE | re.DOTALL)
_HEREDOC = re.compile(r"<<-?(?P<quote>[\"']?)(?P<delimiter>[A-Za-z_]\w{0,100}+)(?P=quote)")
_WITH_HEREDOCS = ("RUN", "COPY", "ADD")
_FROM = re.compile(r"(?:--\S++\s++)*+(?P<image>\S++)(?:\s++AS\s++(?P<name>\S{1,250}+))?", re.IGNORECASE)
_COPY_FROM = re.compile(r"(?:--\S++\s++)*?--from=(?P<image>\S++)")
_PAIR = re.compile(
    r"\s*+(?P<name>[^\s=\"']{1,250}+|\"[^\"\n]{1,250}+\")"
    r"(?:=(?P<value>(?:[^\s\"'\\]|\\.|\"(?:[^\"\\]|\\.)*+\"|'[^']*+'|[\"'\\])*+))?(?=\s|\Z)",
    re.DOTALL,
)
_KINDS = {"ARG": Kind.OPTION, "ENV": Kind.VARIABLE, "LABEL": Kind.LABEL, "EXPOSE": Kind.KEY}


class _Instruction(NamedTuple):
    word: str
    """In upper case."""
    rest: str
    """What follows it, comments and line continuations gone."""
    line: int
    end_line: int


class _Text:
    """A Dockerfile as instructions and comments."""

    def __init__(self, text: str) -> None:
        self.escape = "`" if _BACKTICK.match(text) else "\\"
        self.lines = text.split("\n")
        self.starts = Lines(text)
        self.spans: list[tuple[int, int]] = []
        """Of the comments."""
        self.places: dict[str, list[int]] | None = None

    def instructions(self) -> Iterator[_Instruction]:
        parts: list[str] = []
        first = number = 0
        while number < len(self.lines):
            line = self.lines[number]
            number += 1
            if line.lstrip(" \t").startswith("#"):
                start = self.starts.start(number)
                self.spans.append((start + line.index("#"), start + len(line)))
            elif stripped := line.strip():
                first = first if parts else number
                goes_on = stripped.endswith(self.escape)
                parts.append(stripped.removesuffix(self.escape))
                if not goes_on:
                    found = _INSTRUCTION.match("\n".join(parts))
                    parts.clear()
                    if found:
                        number = self.after_heredocs(found, number)
                        yield _Instruction(found["word"].upper(), found["rest"], first, number)
        if found := _INSTRUCTION.match("\n".join(parts)):
            yield _Instruction(found["word"].upper(), found["rest"], first, number)

    def after_heredocs(self, found: re.Match[str], number: int) -> int:
        """The line that ends the here-documents of an instruction, which itself ends at *number*."""
        if found["word"].upper() not in _WITH_HEREDOCS or "<<" not in found["rest"]:
            return number
        if self.places is None:
            self.places = {}
            for place, line in enumerate(self.lines, 1):
                self.places.setdefault(line.lstrip("\t"), []).append(place)
        for heredoc in _HEREDOC.finditer(found["rest"]):
            places = self.places.get(heredoc["delimiter"], [])
            at = bisect_right(places, number)
            number = places[at] if at < len(places) else number
        return number


def analyse(source: Source, language: Language) -> Findings:
    """The stages, images, arguments and variables of one Dockerfile; never raises."""
    text = _Text(source.text)
    instructions = list(text.instructions())
    comments = Comments(source.text, text.starts, text.spans)
    symbols: list[Symbol] = []
    imports: list[Import] = []
    stages: set[str] = set()
    prefix, stage = "", -1  # the row of the named stage that goes on
    for each in instructions:
        if each.word == "FROM" and (found := _FROM.match(each.rest)):
            name = found["name"]
            if found["image"].lower() not in stages:
                imports.append(Import(found["image"], None, name, each.line))
            prefix, stage = "", -1
            if name:
                stages.add(name.lower())
                prefix, stage = f"{name}{language.separator}", len(symbols)
                doc = comments.above(each.line)
                symbols.append(
                    Symbol(Kind.STAGE.value, name, name, each.line, each.line, f"FROM {found['image']}", doc)
                )
        elif each.word == "COPY" and (found := _COPY_FROM.match(each.rest)):
            if found["image"].lower() not in stages and not found["image"].isdecimal():
                imports.append(Import(found["image"], None, None, each.line))
        elif each.word in _KINDS:
            doc = comments.above(each.line)
            for name, signature in _pairs(each):
                kind = _KINDS[each.word].value
                symbols.append(Symbol(kind, name, prefix + name, each.line, each.end_line, signature, doc))
        if stage >= 0:
            symbols[stage] = symbols[stage]._replace(end_line=each.end_line)
    start = text.starts.start(instructions[0].line) if instructions else len(source.text)
    return Findings("patterns", tuple(symbols), tuple(imports), doc=comments.header(start))


def _pairs(instruction: _Instruction) -> Iterator[tuple[str, str | None]]:
    """Names with their values: `a=1 b=2`, and in the old way `a 1 2`."""
    word, rest = instruction.word, instruction.rest
    found = _PAIR.match(rest)
    if found and found["value"] is None and word in ("ENV", "LABEL"):
        value = rest[found.end() :].strip()
        yield found["name"].strip('"'), f"= {shortened(value)}" if value else None
        return
    position = 0
    while found := _PAIR.match(rest, position):
        position = found.end()
        signature = None if found["value"] is None else f"= {shortened(found['value'])}"
        yield found["name"].strip('"'), signature
