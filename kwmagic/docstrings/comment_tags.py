"""Block tags (`@param x …`, `\\brief …`) of Doxygen, JSDoc, Javadoc, phpDocumentor, KDoc, Scaladoc and YARD."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from kwmagic.docstrings import comment_heads, comment_xml
from kwmagic.docstrings.blocks import dedent, indent_of
from kwmagic.docstrings.comment_blocks import Admonition, Entry, Fact, Part, Section, Text, written
from kwmagic.docstrings.comment_code import fence, fenced, runs
from kwmagic.docstrings.comment_heads import Head
from kwmagic.docstrings.comment_inline import code

_TAG = re.compile(r"( *+)[@\\]([A-Za-z][A-Za-z-]*+)(?![\w(.@/])(.*)")
_GROUPING = re.compile(
    r"\s*+[@\\](?:[{}]|(?:end)?rst|file(?:\s++[^\s.]*+\.\w++)?)\s*+$"
    r"|\s*+[@\\](?:ingroup|weakgroup|relates(?:also)?|nosubgrouping)\b.*"
)
"""Lines that say nothing to a reader."""
_LIST_ITEM = re.compile(r"( *+)(?:[@\\]li|\\arg) +")
_BRACKETED_NAME = re.compile(r"( *+@(?:param|property|throws|see))\[(?!(?:in|out|inout)\b)([\w.]+)\]")
"""KDoc's `@param[name]`; Doxygen writes a direction there."""
_FENCE_BEHIND_EXAMPLE = re.compile(r"^( *@example) *(?=`{3})", re.MULTILINE)
_WEB_LINK = re.compile(r"^( *)@link(?= +https?://\S+ *$)", re.MULTILINE)
_CAPTION = re.compile(r"<caption>([^<>]*)</caption>\s*")


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {tag: title for title, tags in rows.items() for tag in tags.split()}


_ENTRIES = _table({
    "Template parameters": "tparam",
    "Type parameters": "template typeparam",
    "Parameters": "param params parameter arg argument keyword",
    "Properties": "property prop property-read property-write",
    "Methods": "method",
    "Options": "option",
    "Returns": "return returns result retval",
    "Yields": "yield yields yieldparam yieldreturn",
    "Throws": "throws throw exception",
    "Raises": "raise raises",
    "Emits": "fires emits",
    "See also": "see sa seealso",
})  # fmt: skip
_ADMONITIONS = _table({
    "Note": "note", "Warning": "warning warn", "Attention": "attention", "Important": "important", "Caution": "caution",
    "Tip": "tip", "Bug": "bug", "To do": "todo", "Fix me": "fixme", "Deprecated": "deprecated",
    "Precondition": "pre", "Postcondition": "post", "Invariant": "invariant", "Test": "test",
})  # fmt: skip
_SECTIONS = _table({
    "Remarks": "remark remarks", "Private remarks": "privateremarks", "Implementation note": "implnote",
    "Implementation requirements": "implspec", "API note": "apinote", "Value": "value", "Receiver": "receiver",
    "Constructor": "constructor", "Usage": "usage", "Performance": "performance",
})  # fmt: skip
_FACTS = _table({
    "Since": "since", "Version": "version", "Author": "author authors", "Date": "date", "Copyright": "copyright",
    "License": "license", "Category": "category", "Default": "default defaultvalue", "Member of": "memberof",
    "Module": "module", "Namespace": "namespace", "Kind": "kind", "Extends": "extends augments",
    "Implements": "implements", "Mixes": "mixes", "Alias": "alias", "Access": "access", "API": "api",
    "Type definition": "typedef", "Callback": "callback", "Package": "package", "Subpackage": "subpackage",
    "Requires": "requires", "Group": "group", "Class": "class", "Function": "function fn", "Interface": "interface",
    "Struct": "struct", "Union": "union", "Macro": "def", "Variable": "var_", "Enumeration": "enum",
    "Internal API": "internalapi", "Serialised": "serial serialdata serialfield",
    "Data provider": "dataprovider", "Sample": "sample", "Part of": "within", "Covers": "covers", "Uses": "uses",
})  # fmt: skip
_TYPES = {"type", "var", "const", "constant", "member", "implicit"}
_TEXTS = {"brief", "short", "details", "description", "desc", "summary", "abstract", "discussion", "fileoverview",
          "overview", "classdesc", "file", "file-overview", "p", "par"}  # fmt: skip
_TITLES = {"name": 0, "defgroup": 1, "addtogroup": 1, "section": 1, "subsection": 1, "subsubsection": 1, "page": 1,
           "mainpage": 0, "paragraph": 1}  # fmt: skip
"""How many words stand before the title."""
_FLAGS = {
    "public", "private", "protected", "internal", "readonly", "override", "virtual", "static", "abstract", "async",
    "hidden", "ignore", "alpha", "beta", "experimental", "sealed", "final", "global", "inner", "inheritdoc", "pure",
    "nocollapse", "nosideeffects", "generator", "hideconstructor", "packageprivate", "packagedocumentation", "noinline",
    "eventproperty", "showinitializer", "hideinitializer", "suppress", "export", "overload", "method",
}  # fmt: skip
_HEADS: dict[str, Callable[[str], Head]] = {
    "retval": comment_heads.value, "option": comment_heads.option,
    "Template parameters": comment_heads.named, "Type parameters": comment_heads.named,
    "Parameters": comment_heads.named, "Properties": comment_heads.named, "yieldparam": comment_heads.named,
    "Methods": comment_heads.signature,
    "Returns": comment_heads.typed, "Yields": comment_heads.typed, "Emits": comment_heads.related,
    "Throws": comment_heads.error, "Raises": comment_heads.error, "See also": comment_heads.related,
}  # fmt: skip
_KNOWN = frozenset({
    *_ENTRIES, *_ADMONITIONS, *_SECTIONS, *_FACTS, *_TYPES, *_TEXTS, *_TITLES, *_FLAGS, "example",
})  # fmt: skip
_ENDS_AT_BLANK = _ENTRIES.keys() | _ADMONITIONS.keys() | _FACTS.keys() | _TYPES | _FLAGS
"""An unindented paragraph after a blank line is no longer theirs."""


class Tag(NamedTuple):
    """A block tag and the lines that belong to it; the text before the first one has no name."""

    name: str
    first: str
    """The rest of its own line."""
    rest: Sequence[str]


def translated(doc: str) -> str:
    """The text of a doc comment with tags."""
    if "<summary>" in doc and "<details" not in doc:
        doc = comment_xml.as_tags(doc)
    doc = _WEB_LINK.sub(r"\1@see", _FENCE_BEHIND_EXAMPLE.sub(r"\1\n", doc))
    lines = [line for line in fenced(doc).split("\n") if not _GROUPING.match(line)]
    lines = [_BRACKETED_NAME.sub(r"\1 \2", _LIST_ITEM.sub(r"\1- ", line, count=1), count=1) for line in lines]
    return written(part for tag in tags(lines) for part in parts(tag))


def tags(lines: Sequence[str]) -> Iterator[Tag]:
    """The lines gathered by the tag they belong to."""
    name, first, margin = "", "", -1
    rest: list[str] = []
    for run in runs(lines):
        for line in run.lines:
            found = None if run.is_code else _TAG.match(line)
            known = _known(found[2]) if found else ""
            is_outside = name in _ENDS_AT_BLANK and bool(line.strip()) and indent_of(line) <= margin
            if found and known:
                yield Tag(name, first, rest)
                name, first, rest, margin = known, found[3].strip(), [], len(found[1])
            elif is_outside and (found or (rest and not rest[-1].strip())):
                yield Tag(name, first, rest)
                name, first, rest, margin = "", "", [line], -1
            else:
                rest.append(line)
    yield Tag(name, first, rest)


def _known(word: str) -> str:
    """The name of a block tag in lower case; empty for other words, and for annotations such as `@Override`."""
    name = word.lower()
    return name if name in _KNOWN and (word[0].islower() or word.isupper()) else ""


def parts(tag: Tag) -> Iterator[Part]:
    """What a tag says."""
    name, first, lines = tag.name, tag.first, [tag.first, *dedent(tag.rest)]
    if name in _ENTRIES and (name != "method" or "(" in first):  # JSDoc's is a mark
        yield _entry(tag)
    elif name in _ADMONITIONS:
        yield Admonition(_ADMONITIONS[name], lines)
    elif name == "example":
        yield _example(tag)
    elif name in _TITLES:
        title = " ".join(first.split()[_TITLES[name] :])
        yield Section(title, lines[1:]) if title else Text(lines[1:])
    elif name == "par":
        yield Section(first, lines[1:]) if first else Text(lines[1:])
    elif name in _SECTIONS and not (name == "constructor" and not any(lines)):
        yield Section(_SECTIONS[name], lines)
    elif name in _FACTS:
        yield from _fact(_FACTS[name], lines)
    elif name in _TYPES:
        head = comment_heads.typed(first)
        if head.lead:
            yield Fact("Type", head.lead)
        yield Text([head.text, *lines[1:]])
    elif name in _FLAGS or name == "constructor":
        yield from _flag(tag)
    else:
        yield Text(lines if name else tag.rest)


def _entry(tag: Tag) -> Entry:
    title, first, rest = _ENTRIES[tag.name], tag.first, list(tag.rest)
    if not first and rest:
        first, rest = rest[0].strip(), rest[1:]
    elif first.startswith("{") and first.count("{") > first.count("}"):  # a type over several lines
        while rest and first.count("{") > first.count("}") and rest[0].strip():
            first += " " + rest.pop(0).strip()
    lead, text = _HEADS.get(tag.name, _HEADS.get(title, comment_heads.typed))(first)
    return Entry(title, lead, [text, *dedent(rest)])


def _fact(title: str, lines: Sequence[str]) -> Iterator[Part]:
    end = next((at for at, line in enumerate(lines) if at and not line.strip()), len(lines))
    item_type, rest = comment_heads.bracketed(lines[0], "{")
    said = [code(item_type), rest.strip()] if item_type else [lines[0]]
    text = " ".join(part for part in (*said, *(line.strip() for line in lines[1:end])) if part)
    yield Fact(title, text) if text else Fact("", title.lower())
    if any(lines[end:]):
        yield Text(lines[end:])


def _flag(tag: Tag) -> Iterator[Part]:
    yield Fact("", tag.name)
    for _ in range(len(_FLAGS)):  # more than that on one line is no list of marks, and each costs a copy of the rest
        if not (following := _TAG.match(tag.first)) or not (name := _known(following[2])):
            break
        tag = Tag(name, following[3].strip(), tag.rest)
        if name not in _FLAGS:
            yield from parts(tag)
            return
        yield Fact("", name)
    item_type, text = comment_heads.bracketed(tag.first, "{")
    if item_type:
        yield Fact("Type", code(item_type))
    yield Text([text.strip(), *dedent(tag.rest)])


def _example(tag: Tag) -> Section:
    """Code, unless it holds a fence: then the rest is prose."""
    caption = _CAPTION.match(tag.first)
    first = tag.first[caption.end() :] if caption else tag.first
    title = f"Example: {caption[1]}" if caption else "Example"
    if any(run.is_code for run in runs(tag.rest)):
        return Section(title, [first, *dedent(tag.rest)])
    indents = [indent_of(line) for line in tag.rest if line.strip()]
    if first and (not indents or min(indents) > 1) and not re.search(r"[;{(=]", first):
        title, first = f"{title}: {first}", ""  # YARD
    content = "\n".join([first] * bool(first) + dedent(tag.rest)).strip("\n")
    return Section(title, fence("\n" + content, "verbatim") if content.strip() else [])
