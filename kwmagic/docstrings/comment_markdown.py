"""Doc comments in Markdown (Rust, Swift) and Go's own plain form of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kwmagic.docstrings.blocks import dedent, indent_of
from kwmagic.docstrings.comment_blocks import Admonition, Entry, Fact, Part, Section, Text, name_lead, written
from kwmagic.docstrings.comment_code import fenced, runs
from kwmagic.docstrings.comment_inline import reference
from kwmagic.docstrings.comment_plain import code_by_indentation, is_list

_CALLOUT = re.compile(r"( *)[-*+] +([A-Za-z]+)(?: +(`?[\w.]+`?))? *:(?: +(.*))?$")
_PARAMETER = re.compile(r" *[-*+] +(`?[\w.]+`?) *:(?: +(.*))?$")
_ENTRIES = {"Returns": "Returns", "Throws": "Throws", "Parameter": "Parameters", "SeeAlso": "See also"}
_ADMONITIONS = {
    "Note": "Note", "Warning": "Warning", "Important": "Important", "Attention": "Attention", "Tip": "Tip",
    "Remark": "Remark", "Precondition": "Precondition", "Postcondition": "Postcondition", "Invariant": "Invariant",
    "Requires": "Requires", "Complexity": "Complexity", "Bug": "Bug", "Experiment": "Experiment", "TODO": "To do",
    "ToDo": "To do",
}  # fmt: skip
_FACTS = {"Author": "Author", "Authors": "Author", "Since": "Since", "Version": "Version", "Date": "Date"}

_DEFINITION = re.compile(
    r"^ {0,3}\[([^\[\]\n]{1,200})\]: +<?([^\s<>]{1,500})>?(?: +\"[^\"\n]*\")? *(?:\n|\Z)", re.MULTILINE
)
_REFERRED = re.compile(
    r"(?P<span>(?<!`)(?P<ticks>`{1,3}+)(?:[^`\n]++|(?!(?P=ticks)(?!`))`++)*+(?P=ticks)(?!`))"
    r"|(?<![\w\]!])\[(?P<text>[^\[\]\n]{1,200}+)\](?:\[(?P<label>[^\[\]\n]{0,200}+)\])?(?![(:\w])"
)
_NAME = re.compile(r"(?:(?:struct|enum|trait|fn|mod|macro|type|value|method|union)@)?\*?([A-Za-z_][\w.:]*(?:\(\))?!?)$")
_CHECKBOX = re.compile(r"^\s*[-*+] \[[xX]\]")
_UNDERSCORES = re.compile(r"(?<![\w`_])_(?=\w)([^_`*\n]{1,200}+)(?<=[\w.!?:])_(?![\w`])")


def translated(doc: str) -> str:
    """The text of a doc comment in Markdown."""
    addresses: dict[str, str] = {}

    def definition(found: re.Match[str]) -> str:
        addresses[found[1].strip("`").lower()] = found[2]
        return ""

    lines = [line for run in runs(fenced(doc).split("\n")) for line in run.lines]
    text: list[str] = []
    for run in runs(lines):
        text += run.lines if run.is_code else code_by_indentation(run.lines)
    cleared: list[str] = []
    for run in runs(text):
        cleared += run.lines if run.is_code else _DEFINITION.sub(definition, "\n".join(run.lines)).split("\n")
    linked: list[str] = []
    for run in runs(cleared):
        linked += run.lines if run.is_code else [_linked(line, addresses) for line in run.lines]
    return written(_parts(linked))


def _linked(line: str, addresses: dict[str, str]) -> str:
    """References to names and to addresses defined elsewhere in the text."""
    if _CHECKBOX.match(line):
        return line

    def link(found: re.Match[str]) -> str:
        if found["span"]:
            return found[0]
        text = found["text"]
        target = addresses.get((found["label"] or text).strip("`").lower(), "")
        if target.startswith(("http://", "https://")):
            shown = text.replace("`", "")
            return f"[{shown}]({target})" if not set("()") & set(target) else f"{shown} <{target}>"
        name = _NAME.match(text.strip("`"))
        if name and (target or not found["label"]):
            return reference(name[1], line[: found.start()][-1:])
        return text if target or found["label"] else found[0]

    return _UNDERSCORES.sub(r"*\1*", _REFERRED.sub(link, line))


def _parts(lines: Sequence[str]) -> Iterator[Part]:
    """Swift's callouts (`- Returns: …`) and the text between them."""
    text: list[str] = []
    all_lines = [(line, run.is_code) for run in runs(lines) for line in run.lines]
    at = 0
    while at < len(all_lines):
        line, is_code = all_lines[at]
        found = None if is_code else _CALLOUT.match(line)
        if found is None or not _is_callout(found):
            text.append(line)
            at += 1
            continue
        yield Text(text)
        text = []
        end = _item_end(lines, at + 1, len(found[1]))
        yield from _callout(found, list(lines[at + 1 : end]))
        at = end
    yield Text(text)


def _is_callout(found: re.Match[str]) -> bool:
    word, name = _word(found), found[3]
    if word == "Parameter":
        return name is not None
    return name is None and (word == "Parameters" or word in _ENTRIES or word in _ADMONITIONS or word in _FACTS)


def _word(found: re.Match[str]) -> str:
    """The callout's keyword, which Swift reads in either case."""
    return found[2][0].upper() + found[2][1:]


def _item_end(lines: Sequence[str], at: int, margin: int) -> int:
    """The line after a list item: another item, or text after a blank line, that is not indented deeper."""
    while at < len(lines):
        line = lines[at]
        if line.strip() and indent_of(line) <= margin and (is_list(line) or not lines[at - 1].strip()):
            break
        at += 1
    return at


def _callout(found: re.Match[str], rest: list[str]) -> Iterator[Part]:
    word, name, lines = _word(found), found[3] or "", [found[4] or "", *dedent(rest)]
    if word == "Parameters":
        yield from _parameters(lines)
    elif word in _ENTRIES:
        yield Entry(_ENTRIES[word], name_lead(name.strip("`")) if name else "", lines)
    elif word in _ADMONITIONS:
        yield Admonition(_ADMONITIONS[word], lines)
    else:
        yield Fact(_FACTS[word], " ".join(" ".join(lines).split()))


def _parameters(lines: Sequence[str]) -> Iterator[Part]:
    at = 1
    if any(lines[0]):
        yield Section("Parameters", lines[:1])
    while at < len(lines):
        found = _PARAMETER.match(lines[at])
        end = _item_end(lines, at + 1, indent_of(lines[at]))
        if found:
            yield Entry("Parameters", name_lead(found[1].strip("`")), [found[2] or "", *dedent(lines[at + 1 : end])])
        elif any(line.strip() for line in lines[at:end]):
            yield Text(dedent(lines[at:end]))
        at = end
