"""What single statements say: names that an import binds, heads of definitions, targets and values of assignments."""

from __future__ import annotations

import ast
import re

from kwmagic.analysers.python_lexis import GAP, KEYWORD_ARGUMENT, SHALLOW, STRING, matching_brackets
from kwmagic.analysers.python_text import evaluate_strings, normal, split, squeeze
from kwmagic.model import Import, Kind

_MAX_VALUE = 160
"""Characters of an assigned value kept in a signature; a cut is marked with `…`."""
_PROPERTIES = {"property", "cached_property", "functools.cached_property", "abc.abstractproperty"}
_ACCESSORS = (".setter", ".getter", ".deleter")
_ALIAS = re.compile(r": [\"']?(?:\w+\.)?TypeAlias\b")
_FINAL = re.compile(r": (?:\w+\.)?Final\b")
_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]*")
_CALL = re.compile(r"(?::[^=]+)?= [\w.]+\(")
_COMMENTS = re.compile(r"#[^\n]*")
_FROM = re.compile(r"(?:lazy )?from ?(?P<module>[.\s]*[\w. ]*?) ?\bimport\b ?(?P<names>.*)")
_DOT = re.compile(r" ?\. ?")
_NAME = re.compile(r"(?P<name>\*|[\w.]+)(?: as (?P<alias>\w+))?")
_UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_DOC_VALUE = re.compile(
    rf"(?P<strings>(?:[rRuU]?{STRING}(?:\s|\\\n|#[^\n]*)*+)++)|[()+]|{GAP}++|\s++|\#[^\n]*+|\.\w++{SHALLOW}", re.DOTALL
)


def parse_import(statement: str, line: int, flags: tuple[str, ...]) -> list[Import]:
    """The names bound by one import statement, given without what follows it; empty where it is no legal one."""
    if "#" in statement or "\\" in statement:
        statement = _COMMENTS.sub("", statement).replace("\\\n", " ")
    words = " ".join(statement.split())
    if words.startswith("lazy "):
        flags = (*flags, "lazy")
    flags = tuple(sorted(flags))
    if found := _FROM.fullmatch(words):
        module = normal(found["module"].replace(" ", ""))
        names = _names(found["names"].strip("() ")) if module else []
        return [
            Import(module, name, alias, line, tuple(sorted((*flags, "star"))) if name == "*" else flags)
            for name, alias in names
        ]
    return [Import(name, None, alias, line, flags) for name, alias in _names(words[words.find("import") + 6 :])]


def _names(text: str) -> list[tuple[str, str | None]]:
    names: list[tuple[str, str | None]] = []
    for part in text.split(","):
        name = part.strip()
        if name.isidentifier():
            names.append((normal(name), None))
        elif found := _NAME.fullmatch(_DOT.sub(".", name)):
            names.append((normal(found["name"]), found["alias"] and normal(found["alias"])))
    return names


def target_names(text: str) -> list[str] | None:
    """The plain names among the targets of an assignment, `(a, [b, *c]), d.e` -> a, b, c; None for no target."""
    try:
        statement = ast.parse(text.replace("\\\n", " ").strip() + " = 0").body[0]
    except _UNPARSABLE:
        return None
    names: list[str] = []
    pending: list[ast.expr] = list(statement.targets) if isinstance(statement, ast.Assign) else []
    while pending:
        match pending.pop(0):
            case ast.Name(id=name):
                names.append(name)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                pending = [*elements, *pending]
            case ast.Starred(value=value):
                pending.insert(0, value)
            case _:
                pass
    return names


def evaluate_doc(value: str) -> str | None:
    """The text of `"…"`, `("…" "…")`, `"…".format(…) + "…"`: the literals as written; None for anything else."""
    parts, position = [], 0
    while position < len(value):
        found = _DOC_VALUE.match(value, position)
        if not found:
            return None
        if found["strings"]:
            parts.append(evaluate_strings(found["strings"]))
        position = found.end()
    return "".join(parts) or None


def signature_text(text: str) -> str:
    """What stands between a name and its colon, on one line, without the comma before a closing parenthesis."""
    signature = squeeze(text)
    return signature[:-2] + ")" if signature.endswith(",)") else signature.replace(",) ->", ") ->")


def value_text(text: str) -> str:
    """Annotation and value on one line, cut with `…` where they are long."""
    signature, cut, _ = squeeze(text[: 4 * _MAX_VALUE]).partition("\n")  # a newline left is one inside a string
    if cut or len(signature) > _MAX_VALUE or len(text) > 4 * _MAX_VALUE:
        return signature[: _MAX_VALUE - 1].rstrip() + "…"
    if signature.endswith((",]", ",}")) or (signature.endswith(",)") and _CALL.match(signature)):
        return signature[:-2] + signature[-1]  # not the comma of a tuple: `(1,)` is another value than `(1)`
    return signature


def assigned_kind(name: str, signature: str, *, in_class: bool) -> Kind:
    """What an assignment defines, by where it stands, its annotation and its name."""
    if _ALIAS.match(signature):
        return Kind.TYPE_ALIAS
    if in_class:
        return Kind.ATTRIBUTE
    return Kind.CONSTANT if _FINAL.match(signature) or _CONSTANT.fullmatch(name) else Kind.VARIABLE


def function_kind(scope: str, decorators: tuple[str, ...]) -> Kind:
    if scope != "class":
        return Kind.FUNCTION
    is_property = any(decorator in _PROPERTIES or decorator.endswith(_ACCESSORS) for decorator in decorators)
    return Kind.PROPERTY if is_property else Kind.METHOD


def base_texts(signature: str) -> tuple[str, ...]:
    """The positional arguments of a class statement."""
    if not signature.endswith(")"):
        return ()
    start = signature.index("(") if signature[0] == "(" else matching_brackets(signature).get(0, 0)
    return tuple(part for part in split(signature[start + 1 : -1]) if not KEYWORD_ARGUMENT.match(part))


class Exports:
    """`__all__` as its statements build it up; unknown as soon as one of them computes it."""

    def __init__(self) -> None:
        self._names: list[str] | None = None
        self._computed = False

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names in order, each once; None where there is no `__all__`, or not all of it is written out."""
        return None if self._computed or self._names is None else tuple(dict.fromkeys(self._names))

    def read(self, statement: str) -> None:
        """Take in one statement that starts with `__all__`."""
        try:
            node = ast.parse(statement).body[0]
        except _UNPARSABLE:
            self._computed = True
            return
        match node:
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                self._names = []
                self._add(value)
            case ast.AugAssign(op=ast.Add(), value=value):
                self._add(value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="extend"), args=[value])):
                self._add(value)
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append"), args=[value])):
                self._add(ast.List([value], ast.Load()))
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="remove"), args=[ast.Constant(value=str(name))])):
                self._names = [other for other in self._names or [] if other != name]
            case ast.AnnAssign(value=None):
                pass
            case _:
                self._computed = True

    def _add(self, value: ast.expr) -> None:
        match value:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                for element in elements:
                    if isinstance(element, ast.Constant) and isinstance(element.value, str):
                        self._names = self._names or []
                        self._names.append(element.value)
                    else:
                        self._computed = True
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._add(left)
                self._add(right)
            case _:
                self._computed = True
