"""Statements of the C family that declare functions, variables, types' other names."""

from __future__ import annotations

import re

from kwmagic.analysers import c_lexis as lexis
from kwmagic.analysers.c_heads import (
    SPECIFIERS,
    STATEMENTS,
    Function,
    Variable,
    masked,
    read_function,
    read_operator,
    read_variables,
    without_macro,
)
from kwmagic.analysers.c_macros import unwrapped
from kwmagic.analysers.c_rows import Rows
from kwmagic.analysers.c_texts import bracketed, plain, shortened
from kwmagic.model import Kind

_KINDS = {"class": Kind.CLASS.value, "struct": Kind.STRUCT.value, "union": Kind.UNION.value, "enum": Kind.ENUM.value}
_SKIPPED = STATEMENTS | {"friend"}
_ENDS_IN_NAME = re.compile(r"[\w>]\s*+\Z")
_ENDS = re.compile(r"\s*+[;,]")
_ENDINGS = {"0": "abstract", "default": "default", "delete": "deleted"}
_USING = re.compile(rf"using\s++({lexis.NAME})\s*+(?:[A-Z_][A-Z0-9_]++\s*+)?(?:\[\[[^\]]*+\]\]\s*+)?=\s*+")
_CONCEPT = re.compile(rf"concept\s++({lexis.NAME})")
_FORWARD = re.compile(
    rf"(?:class|struct|union|enum(?:\s++(?:class|struct))?)\b(?:\s*+\[\[[^\]]*+\]\]|\s*+__\w++\s*+{lexis.PARENS}|\s*+[A-Z_][A-Z0-9_]++\b(?!\s*+\Z))*+"
    rf"\s*+[\w:]++(?:{lexis.ANGLES})?\s*+(?::(?!:)[\s\w:]++)?"
)
_CALLED = re.compile(r"[^()]*+(?:\([^()]*+\)[^()]*+)*+\)\s*+[(\[]")
_DATA = re.compile(rf"((?:extern\s++)?\w++\s*+{lexis.PARENS})[\s*]*+(?:\(\s*+\*|\w++\s*+(?:\[[^\]]*+\]\s*+)*+\Z)")
_PLAIN = re.compile(r"\s*+[\w:`]++(?:[\s*&]++[\w:`]++)++(?:\s*+\[[^\]]*+\])*+\s*+")
_REQUIRES = re.compile(rf"\brequires\b\s*+(?:{lexis.PARENS})?\s*+\Z")
_NEXT_BRACE = re.compile(r"[^{};]*+\{")


class Declarations(Rows):
    """Reads the statements that define no scope."""

    def statement(self, found: re.Match[str], word: str, stop: int) -> int:
        """A head that ends with `;`; returns where the next statement starts."""
        head = found["head"]
        start = found.start("head")
        if word == "using":
            self.using(found, head, start, stop)
        elif word == "typedef":
            self.typedef(found, head, start, stop)
        elif word == "namespace":
            self.namespace_alias(found, head, start, stop)
        elif not (
            word in _SKIPPED
            or word == "template"  # an explicit instantiation
            or (word == "extern" and head[6:].lstrip().startswith("template"))
            or (word in _KINDS and _FORWARD.fullmatch(head))
        ):
            return self.declaration(found, head, start, stop, ";")
        return stop + 1

    def namespace_alias(self, found: re.Match[str], head: str, start: int, stop: int) -> None:
        named = lexis.NAMESPACE.match(head)
        if named and named["name"] and named["value"]:
            offset = start + named.end("name")
            self.define(found, Kind.NAMESPACE, named["name"], offset, stop, plain(named["value"]), ("alias",))

    def using(self, found: re.Match[str], head: str, start: int, stop: int) -> None:
        if alias := _USING.match(head):
            signature = f"{self.template(found)} = {plain(self.text[start + alias.end() : stop])}".lstrip()
            self.define(found, Kind.TYPE_ALIAS, alias[1], start + alias.end(1), stop, signature)

    def typedef(self, found: re.Match[str], head: str, start: int, stop: int) -> None:
        """One of a type, or of a function: `typedef void f(int);`"""
        mask = masked(head)
        mask = f"       {mask[7:]}"
        paren = mask.find("(")
        is_pointer = paren < 0 or lexis.POINTER.match(mask, paren) is not None
        function = None if is_pointer else read_function(self.text[start:stop], mask, "", untyped=False)
        if function:
            parameters = plain(self.text[start + function.parameters : start + function.end])
            offset = start + function.offset
            self.define(found, Kind.TYPEDEF, function.name, offset, stop, f"= {function.type}{parameters}")
            return
        self.declare(read_variables(self.text[start:stop], mask), Kind.TYPEDEF.value, start, stop, found)

    def declaration(self, found: re.Match[str], head: str, start: int, stop: int, char: str) -> int:
        """A function or variables; returns where the next statement starts."""
        words = found["word"]
        linkage = lexis.LINKAGE.match(head) if words == "extern" else None
        if linkage:
            head = f"{' ' * linkage.end()}{head[linkage.end() :]}"
        is_c_linkage = linkage is not None and self.is_c_linkage(linkage, start)
        if words == "friend":
            head = f"      {head[6:]}"
        if words == "concept" and (named := _CONCEPT.match(head)):
            stop = self.rest(stop) if char == "{" else stop
            self.define(found, Kind.CONCEPT, named[1], start + named.end(1), stop, self.template(found) or None)
            return stop + 1
        scope = self.scopes[-1]
        source = self.text[start:stop]
        if "(" in head and (bare := unwrapped(head, is_member=scope.kind == "class")) != head:
            source = head = bare
        function = None
        mask = head
        if "operator" in head:
            mask = _masked_before_operator(head)
            function = read_operator(source, mask) if mask else None
        if not function:
            mask = masked(head)
            paren, equals = mask.find("("), mask.find("=")
            if paren >= 0 and (equals < 0 or paren < equals):
                pointer = lexis.POINTER.match(mask, paren)
                if not (pointer and mask[:paren].strip() and _CALLED.match(mask, pointer.end())):
                    function = read_function(
                        source,
                        mask,
                        scope.name,
                        untyped=self.is_c and (char == "{" or self.old_style(mask, paren, stop) > 0),
                    )
                    if function is None and pointer is None:
                        more = _DATA.match(mask)
                        if more and char == ";":  # `PyAPI_DATA(int) name;`
                            mask = without_macro(mask, 0, paren, more.end(1))
                        else:
                            return self.skip(stop, char)
                    if (
                        function
                        and char == ";"
                        and scope.kind != "class"
                        and lexis.VALUES.match(mask, function.parameters)
                    ):
                        function = None
        if function:
            return self.function(found, function, head, start, stop, char, is_c_linkage)
        if char == "{":
            if "=" not in mask and not (_PLAIN.fullmatch(mask) and _ENDS.match(self.code, self.closing(stop))):
                return self.closing(stop)
            stop = self.rest(stop)
            source, head = self.text[start:stop], self.code[start:stop]
            if linkage:
                head = f"{' ' * linkage.end()}{head[linkage.end() :]}"
            mask = masked(head)
        kind = Kind.FIELD.value if scope.kind == "class" else Kind.VARIABLE.value
        extra = ("extern-c",) if is_c_linkage else ()
        if words == "extern" and "=" not in mask:
            extra = (*extra, "declaration")
        self.declare(read_variables(source, mask), kind, start, stop, found, extra)
        return stop + 1

    def skip(self, stop: int, char: str) -> int:
        return self.closing(stop) if char == "{" else stop + 1

    def declare(  # noqa: PLR0917
        self, declared: list[Variable], kind: str, start: int, stop: int, found: re.Match[str] | None = None,
        extra: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        if not declared:
            return
        scope = self.scopes[-1]
        words = declared[0].words
        flags = self.flags([*extra, *(flag for word in words if (flag := SPECIFIERS.get(word)))])
        doc = self.doc(found, stop) if found else None
        for each in declared:
            if kind == Kind.TYPEDEF:
                signature = f"= {each.type}"
            else:
                signature = f": {each.type} = {shortened(each.value)}" if each.value else f": {each.type}"
            qualname = f"{scope.prefix}{each.scope}::{each.name}" if each.scope else scope.prefix + each.name
            offset = start + each.offset
            line = self.line_of(offset)
            self.rows.append(
                [kind, each.name, qualname, line, line, signature, doc, (), (), self.conditions.at(offset), flags, 0]
            )
        end = self.line_of(stop)
        for row in self.rows[-len(declared) :]:
            row[4] = end

    def function(  # noqa: PLR0917
        self, found: re.Match[str], function: Function, head: str, start: int, stop: int, char: str, is_c_linkage: bool
    ) -> int:  # fmt: skip
        name, qualifier, offset, returns, opening, closing, words, _ = function
        scope = self.scopes[-1]
        flags = [flag for word in words if (flag := SPECIFIERS.get(word))]
        if is_c_linkage:
            flags.append("extern-c")
        after = head[closing:]
        is_friend = found["word"] == "friend"
        if char == "{":
            end = next_position = self.closing(self.body(after, stop) if after else stop)
        elif self.is_c and (old := self.old_style(head, opening, stop)):
            end = next_position = self.closing(old)
            after = ""
        else:
            end = next_position = stop + 1
            flags.append(_ENDINGS.get(after.rpartition("=")[2].strip(), "declaration"))
        signature = bracketed(self.text[start + opening : start + closing])
        template = found["template"]
        if template:
            parameters = self.template(found)
            signature = f"{parameters}{signature}" if parameters.endswith(">") else f"{parameters} {signature}".lstrip()
        if after and not after.isspace():
            if qualifiers := lexis.QUALIFIERS.match(after):
                signature += f" {plain(qualifiers[0])}"
            if "->" in after and (arrow := lexis.RETURNS.search(after)):
                returns = plain(self.text[start + closing + arrow.start("type") : start + closing + arrow.end("type")])
            if "override" in after:
                flags.append("override")
        if returns and self.kernels.isdisjoint(words):
            signature += f" -> {returns}"
        elif returns:
            returns = " ".join(word for word in returns.split() if word not in self.kernels)
            signature += f" -> {returns}"
        prefix = scope.prefix
        if is_friend:
            prefix = next((each.prefix for each in reversed(self.scopes) if each.kind != "class"), "")
            flags.append("friend")
        kind = self.function_kind(function, found["attributes"], is_friend)
        qualname = f"{prefix}{qualifier}::{name}" if qualifier else prefix + name
        row = self.add(found, kind, name, qualname, start + offset, stop, signature, self.flags(flags))
        row[4] = self.line_of(end - 1)
        return next_position

    def function_kind(self, function: Function, attributes: str, is_friend: bool) -> str:
        name, qualifier = function.name, function.scope
        if function.is_operator:
            return Kind.OPERATOR.value
        if not self.kernels.isdisjoint(function.words) or "kernel" in attributes:
            return Kind.KERNEL.value
        if name[0] == "~":
            return Kind.DESTRUCTOR.value
        scope = self.scopes[-1]
        owner = qualifier.rpartition("::")[2] or scope.name
        if name == owner:
            return Kind.CONSTRUCTOR.value
        if (scope.kind == "class" and not is_friend) or (qualifier and qualifier not in self.namespaces):
            return Kind.METHOD.value
        return Kind.FUNCTION.value

    def body(self, after: str, stop: int) -> int:
        """Where the body starts, past initialisers in braces and requirements."""
        if ":" in after and ":" in after.replace("::", "") and _ENDS_IN_NAME.search(after):
            found = lexis.INITIALISERS.match(self.code, stop)
            if found and self.code[found.end() : found.end() + 1] == "{":
                return found.end()
        if "requires" in after and _REQUIRES.search(after):
            found = _NEXT_BRACE.match(self.code, self.closing(stop))
            if found:
                return found.end() - 1
        return stop

    def old_style(self, head: str, opening: int, stop: int) -> int:
        """The `{` of a definition whose parameters are declared behind their names, as in `f(a) int a; {`."""
        if lexis.OLD_PARAMETERS.match(head, opening) and (found := lexis.OLD_DECLARATIONS.match(self.code, stop)):
            return found.end()
        return 0


def _masked_before_operator(head: str) -> str:
    """*head*, masked up to its operator's name; nothing where `operator` stands behind round brackets."""
    before, word, after = head.partition("operator")
    before = masked(f"{before} ()")[:-3] if "(" in before else masked(before)
    return "" if "(" in before else before + word + after
