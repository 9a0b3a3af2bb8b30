"""The scanner of the C family: walks from statement to statement of a text and reads the head of each.

It goes into namespaces and types, steps over the bodies of functions, and knows no grammar of expressions: so macros,
which hide the syntax from a real parser, cost it at most the statement they stand in.
"""

from __future__ import annotations

import re

from kwmagic.analysers import c_lexis as lexis
from kwmagic.analysers import objective_c
from kwmagic.analysers.c_declarations import Declarations
from kwmagic.analysers.c_heads import is_macro, masked, read_variables
from kwmagic.analysers.c_preprocessor import flatten
from kwmagic.analysers.c_rows import Scope
from kwmagic.analysers.c_texts import plain, shortened
from kwmagic.model import Kind, Symbol

_KINDS = {"class": Kind.CLASS.value, "struct": Kind.STRUCT.value, "union": Kind.UNION.value, "enum": Kind.ENUM.value}
_MAX_DEPTH = 100
"""Levels of namespaces and types that are gone into; real ones have fewer than 20."""
_TYPE_WORD = re.compile(r"\b(?:class|struct|union|enum)\b")
_APPLE_ENUM = re.compile(
    r"(?:typedef\s++)?(?:NS|CF)_(?:CLOSED_|ERROR_)?(?:ENUM|OPTIONS)\s*+\((?P<type>[^(),]++),\s*+(?P<name>\w++)\s*+\)\s*+"
)
_CALLS = re.compile(r"(\w++)\s*+\(")
_INLINE = re.compile(r"\binline\b\s*+")
_TICKS = re.compile(r"`++")
_NAMES = re.compile(lexis.NAME)
_base = lexis.BASE.match


class Scanner(Declarations):
    """Walks over the statements of one text."""

    def scan(self) -> list[Symbol]:
        position = 0
        match = lexis.HEAD.match
        end = len(self.code)
        while True:
            found = match(self.code, position)
            assert found is not None  # it matches the empty text
            start, stop = found.span("head")
            if access := found["access"]:
                self.scopes[-1].access = "" if access == "public" else access
            if start < end and self.code[start] in ("@-+" if self.scopes[-1].kind == "container" else "@"):
                position = objective_c.read(self, found, start)
                continue
            if stop >= end:
                break
            char = self.code[stop]
            if char == "(":
                self.code = flatten(self.code)
                continue
            word = found["word"]
            if char == "}":
                position = self.close(stop)
            elif char == ";":
                position = self.statement(found, word, stop) if stop > start else stop + 1
            elif char in ")@":
                position = stop + (char == ")")
            else:
                position = self.block(found, word, stop)
        for scope in self.scopes[1:]:
            self.problem(scope.opened, "the `{` that begins here is never closed")
            if scope.row:
                scope.row[4] = self.line_of(end)
        if self.conditions.changes:
            self.say_conditions_once()
        return [Symbol._make(row) for row in self.rows]

    def close(self, brace: int) -> int:
        """End the innermost scope at its `}`; read what is declared between that and the `;`."""
        if len(self.scopes) == 1:
            self.problem(brace, "this `}` closes nothing")
            return brace + 1
        scope = self.scopes.pop()
        if scope.row:
            scope.row[4] = self.line_of(brace)
        if scope.declares:
            return self.tail(scope, brace + 1)
        return brace + 1

    def tail(self, scope: Scope, position: int) -> int:
        """What follows the `}` of a type: variables or typedefs of it."""
        found = lexis.TAIL.match(self.code, position)
        if found is None:
            return position
        if found[1].strip():
            start, end = found.span(1)
            head = masked(lexis.NOT_PARAMETERS.sub(_spaces, f"_ {self.code[start:end]}"))
            declared = [
                each._replace(type=scope.type + each.type.removeprefix("_"), offset=each.offset - 2, words=[])
                for each in read_variables(f"_ {self.text[start:end]}", head)
            ]
            self.declare(declared, scope.declares, start, end)
        return found.end()

    def block(self, found: re.Match[str], word: str, stop: int) -> int:
        """A head that ends with `{`."""
        if len(self.scopes) > _MAX_DEPTH:
            self.problem(stop, f"nested deeper than {_MAX_DEPTH} levels: not read further in")
            return self.closing(stop)
        start = found.start("head")
        head = found["head"]
        if word == "namespace" or (word == "inline" and head[6:].lstrip().startswith("namespace")):
            return self.namespace(found, stop)
        if word == "extern" and (linkage := lexis.LINKAGE.fullmatch(head)):
            flags = self.scopes[-1].flags
            if self.is_c_linkage(linkage, start):
                flags = tuple(sorted({*flags, "extern-c"}))
            self.enter("linkage", self.scopes[-1].prefix, stop, flags=flags)
            return stop + 1
        if word == "using":
            stop = self.rest(stop)
            self.using(found, self.code[start:stop], start, stop)
            return stop + 1
        if word == "template":  # one whose parameters were not understood
            return self.closing(stop)
        if _TYPE_WORD.search(head) and (position := self.type(found, head, stop)):
            return position
        if "_" in head and (named := _APPLE_ENUM.fullmatch(head)):
            return self.apple_enum(found, named, stop)
        return self.declaration(found, head, start, stop, "{")

    def namespace(self, found: re.Match[str], stop: int) -> int:
        named = lexis.NAMESPACE.match(found["head"])
        name = "::".join(_INLINE.sub("", named["name"] or "").replace(" ", "").split("::")) if named else ""
        outer = self.scopes[-1]
        if named is None or not name:
            flags = tuple(sorted({*outer.flags, "internal"}))
            self.scopes.append(Scope("namespace", outer.prefix, stop, flags=flags))
            return stop + 1
        self.namespaces.add(name)
        offset = found.start("head") + named.end("name")
        flags = (*outer.flags, "inline") if found["word"] == "inline" else outer.flags
        row = self.add(found, Kind.NAMESPACE.value, name, outer.prefix + name, offset, offset, None, flags)
        self.scopes.append(Scope("namespace", f"{row[2]}::", stop, flags=outer.flags, row=row))
        return stop + 1

    def type(self, found: re.Match[str], head: str, stop: int) -> int:
        """A class, struct, union or enum with its body; 0 where the head is none, as in `struct a *f() {`."""
        start = found.start("head")
        mask = masked(head)
        declared = lexis.CLASS.match(lexis.NOT_PARAMETERS.sub(_spaces, mask) if "(" in mask else mask)
        if declared is None:
            return 0
        key = declared["key"]
        words = lexis.ATTRIBUTE.sub(_spaces, declared["words"]) if "[[" in declared["words"] else declared["words"]
        names = [each for each in words.split() if "(" not in each and ")" not in each]
        is_scoped = key == "enum" and names[:1] in (["class"], ["struct"])
        names = [each for each in names[is_scoped:] if each not in ("final", "sealed")]
        if any(not (is_macro(called) or called[:2] == "__") for called in _CALLS.findall(words)):
            return 0
        if len(names) > 1 and is_macro(names[-1]) and not is_macro(names[-2]):
            names.pop()
        lead = declared["lead"].split()
        is_typedef = "typedef" in lead
        outer = self.scopes[-1]
        name = names[-1] if names else ""
        plain_name = _TICKS.sub("", name)
        row = None
        tail = declared["tail"] or ""
        bases: tuple[str, ...] = ()
        if name:
            position = start + declared.start("words") + words.rfind(name)
            offset = position + len(name.rstrip("`"))
            last = plain_name.rpartition("::")[2]
            signature = self.template(found) + plain(self.text[offset : position + len(name)])
            if tail:
                written = plain(self.text[start + declared.start("tail") : start + declared.end("tail")])
                signature += f" {written}" if signature else written
                if key != "enum":
                    bases = tuple(each["name"] for each in map(_base, _parts(tail[1:])) if each)
            flags = self.flags(["scoped"] if is_scoped else [])
            row = self.add(
                found,
                _KINDS[key],
                last,
                outer.prefix + plain_name.lstrip(":"),
                offset,
                offset,
                signature or None,
                flags,
                bases,
            )
            prefix = f"{row[2]}::"
        elif is_typedef:
            prefix = f"{outer.prefix}{self.typedef_name(stop)}::"
            last = ""
        else:
            prefix, last = outer.prefix, ""
        scope = Scope(
            "class", prefix, stop, last, "private" if key == "class" else "", outer.flags, row,
            Kind.TYPEDEF.value if is_typedef else Kind.FIELD.value if outer.kind == "class" else Kind.VARIABLE.value,
            f"{key} {plain_name}".rstrip(),
        )  # fmt: skip
        if prefix == "::":
            scope.prefix = outer.prefix
        if key != "enum":
            self.scopes.append(scope)
            return stop + 1
        end = self.closing(stop)
        self.enumerators(stop + 1, end - 1, prefix)
        if row:
            row[4] = self.line_of(end - 1)
        return self.tail(scope, end)

    def apple_enum(self, found: re.Match[str], named: re.Match[str], stop: int) -> int:
        """`typedef NS_ENUM(NSInteger, Name) {…};`"""
        name, start = named["name"], found.start("head")
        outer = self.scopes[-1]
        row = self.add(
            found, Kind.ENUM.value, name, outer.prefix + name, start + named.end("name"), stop,
            f": {plain(named['type'])}", self.flags([]),
        )  # fmt: skip
        end = self.closing(stop)
        self.enumerators(stop + 1, end - 1, f"{row[2]}::")
        row[4] = self.line_of(end - 1)
        return end

    def typedef_name(self, brace: int) -> str:
        """What `typedef struct {…} Name` is called in the end."""
        found = lexis.TAIL.match(self.code, self.closing(brace))
        names = _NAMES.findall(lexis.NOT_PARAMETERS.sub("", found[1].partition(",")[0])) if found else ()
        return names[-1] if names else ""

    def enumerators(self, start: int, end: int, prefix: str) -> None:
        code, text = self.code, self.text
        position = start
        flags = self.flags([])
        while position < end and (found := lexis.ENUMERATOR.match(code, position, end)):
            position = found.end()
            if found["call"] and not found["value"]:
                continue
            name = found["name"]
            value = plain(text[found.start("value") : found.end("value")]) if found["value"] else ""
            signature = f"= {shortened(value)}" if value else None
            begin, offset = found.span("name")
            line = self.line_of(offset)
            doc = self.comments.above(begin)
            if doc is None and self.comments.trailing:
                doc = self.comments.behind(position)
            self.rows.append(
                [Kind.ENUMERATOR.value, name, prefix + name, line, line, signature, doc, (), (),
                 self.conditions.at(offset), flags, 0]
            )  # fmt: skip


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())


def _parts(bases: str) -> list[str]:
    return [each.strip() for each in lexis.GROUP.sub("", bases).split(",")]
