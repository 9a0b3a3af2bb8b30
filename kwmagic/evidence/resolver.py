"""Which imported, built-in and own names a Python file uses: every name resolved through scopes and imports."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from kwmagic.evidence.expressions import Place, Reader, Seen
from kwmagic.evidence.importing import absolute
from kwmagic.evidence.scopes import ALWAYS, Block, Scope, Sort


class Found(NamedTuple):
    """One use of a name that could be resolved."""

    name: str
    """With the whole chain of attributes behind it: `torch.nn.functional.relu`, `builtins.eval`."""
    node: ast.expr
    """The name with its chain of attributes; one from a string annotation has the place of the string."""
    how: str
    """`call`, `decorator`, `base`, `annotation` or `reference`."""
    scope: str
    """Qualname of the enclosing class or function; "" at the top of the module."""
    call: ast.Call | None
    """The call that it is the function of; of a decorator, too."""
    first: int
    """First line of the statement around it; of a compound statement its header, of a decorator this one."""
    last: int


def resolve(tree: ast.Module, module: str, *, is_package: bool) -> list[Found]:
    """The uses of imported names, of built-ins and of the file's own top-level names, by line and column.

    *module* is the dotted name of the file, which own names begin with; where it is "", they begin with a dot.
    *is_package* tells whether it is an `__init__`. Raises nothing, however deep the tree is.
    """
    walk = _Walk(module, is_package)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what string annotations are written like
        walk.statements(tree.body)
    found = [each for each in map(_found, walk.reader.seen) if each]
    found.sort(key=lambda each: (each.node.lineno, each.node.col_offset))
    return found


def _found(seen: Seen) -> Found | None:
    node, root, scope, how, call, place = seen
    name = scope.stands_for(root, ALWAYS if how == "annotation" else place.step)
    if name is None:
        return None
    parts = []
    part = node
    while type(part) is ast.Attribute:
        parts.append(part.attr)
        part = part.value
    if parts:
        name = ".".join([name, *reversed(parts)])
    return Found(name, node, how, scope.qualname, call, place.first, place.last)


_BODIES = ("finalbody", "orelse", "handlers", "cases", "body")
"""The last first, since what is put off last is read first."""


class _Walk:
    """One way through a syntax tree without recursion: binds names in scopes, notes the names that are read."""

    def __init__(self, module: str, is_package: bool) -> None:
        self.reader = Reader()
        self.top = Scope(Sort.MODULE, None, "", f"{module}.")
        self.module = module
        self.is_package = is_package
        self.step = 0
        self.pending: list[tuple[Iterator[Any], Scope, Block]] = []

    def statements(self, body: list[ast.stmt]) -> None:
        """All statements, in the order in which they stand."""
        handlers, pending = self._handlers(), self.pending
        self._later(body, self.top, self.top.block)
        while pending:
            statements, scope, block = pending[-1]
            scope.block = block
            for statement in statements:
                self.step += 1
                if handler := handlers.get(type(statement)):
                    handler(statement, scope)
                    if pending[-1][0] is not statements:
                        break  # its body comes first
                else:
                    place = Place(statement.lineno, statement.end_lineno, self.step)
                    self.reader.expressions([statement], scope, place)
            else:
                pending.pop()

    def _later(self, body: Iterable[Any], scope: Scope, block: Block) -> None:
        self.pending.append((iter(body), scope, block))

    def _handlers(self) -> dict[type, Callable[[Any, Scope], None]]:
        found: dict[type, Callable[[Any, Scope], None]] = {
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.Global: self._global,
            ast.Nonlocal: self._nonlocal,
            ast.AnnAssign: self._annotated,
            ast.If: self._block,
            ast.While: self._block,
            ast.For: self._block,
            ast.AsyncFor: self._block,
            ast.With: self._block,
            ast.AsyncWith: self._block,
            ast.Try: self._block,
            ast.TryStar: self._block,
            ast.ExceptHandler: self._block,
            ast.Match: self._block,
            ast.match_case: self._block,
        }
        if alias := getattr(ast, "TypeAlias", None):  # Python 3.12
            found[alias] = self._alias
        return found

    def _function(self, node: Any, scope: Scope) -> None:
        self._decorators(node, scope)
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [each for each in (arguments.vararg, arguments.kwarg) if each]
        defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
        annotations = [each.annotation for each in every if each.annotation]
        annotations += [node.returns] if node.returns else []
        place = self._header(node, [*every, *defaults, *annotations])
        scope.assign(node.name, self.step)
        self.reader.expressions(defaults, scope, place)
        scope = self._type_parameters(node, scope, place)
        for each in annotations:
            self.reader.annotation(each, scope, place)
        inner = scope.inside(Sort.FUNCTION, node.name)
        for each in every:
            inner.hide(each.arg, 0)
        self._later(node.body, inner, inner.block)

    def _class(self, node: Any, scope: Scope) -> None:
        self._decorators(node, scope)
        place = self._header(node, [*node.bases, *node.keywords])
        scope.assign(node.name, self.step)
        scope = self._type_parameters(node, scope, place)
        for each in node.bases:
            self.reader.named(each, "base", scope, place)
        for each in node.keywords:
            if each.arg == "metaclass":
                self.reader.named(each.value, "base", scope, place)
            else:
                self.reader.expressions([each.value], scope, place)
        inner = scope.inside(Sort.CLASS, node.name)
        self._later(node.body, inner, inner.block)

    def _decorators(self, node: Any, scope: Scope) -> None:
        for each in node.decorator_list:
            self.reader.named(each, "decorator", scope, Place(each.lineno, each.end_lineno, self.step))

    def _type_parameters(self, node: Any, scope: Scope, place: Place) -> Scope:
        """The scope with the type parameters of a definition; the one around it where there are none."""
        parameters = getattr(node, "type_params", ())  # Python 3.12
        if not parameters:
            return scope
        inner = scope.inside(Sort.TYPES)
        for each in parameters:
            inner.hide(each.name, 0)
            for part in (getattr(each, "bound", None), getattr(each, "default_value", None)):
                if part:
                    self.reader.annotation(part, inner, place)
        return inner

    def _alias(self, node: Any, scope: Scope) -> None:
        place = Place(node.lineno, node.end_lineno, self.step)
        scope.assign(node.name.id, self.step)
        self.reader.annotation(node.value, self._type_parameters(node, scope, place), place)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        place = Place(node.lineno, node.end_lineno or node.lineno, self.step)
        self.reader.annotation(node.annotation, scope, place)
        if node.value or type(node.target) is not ast.Name:
            self.reader.expressions([node.target, node.value], scope, place)
        elif node.target.id not in scope.imported:  # it says of what type the imported name is
            scope.assign(node.target.id, self.step)

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for each in node.names:
            top = each.name.partition(".")[0]
            scope.imports(each.asname or top, each.name if each.asname else top, self.step)

    def _import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        written = "." * node.level + (node.module or "")
        module = absolute(written, self.module, is_package=self.is_package) or written
        for each in node.names:
            if each.name != "*":  # what a star brings is not in this file
                between = "" if module.endswith(".") else "."
                scope.imports(each.asname or each.name, f"{module}{between}{each.name}", self.step)
                if scope.sort is Sort.CLASS:
                    self._attribute(node, each, scope)

    def _attribute(self, node: ast.ImportFrom, each: ast.alias, scope: Scope) -> None:
        """An import in a class makes an attribute: what it is used for goes by `self.name`, so this is the use."""
        name = ast.copy_location(ast.Name(each.asname or each.name), each)
        place = Place(node.lineno, node.end_lineno or node.lineno, self.step + 1)  # when it is bound
        self.reader.seen.append(Seen(name, name.id, scope, "reference", None, place))

    def _global(self, node: ast.Global, scope: Scope) -> None:
        if scope.parent:
            scope.module_names.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal, scope: Scope) -> None:
        scope.outer_names.update(node.names)

    def _block(self, node: Any, scope: Scope) -> None:
        """A compound statement, an `except` or a `case`: first what its header says, then its statements."""
        items = chain.from_iterable((each.context_expr, each.optional_vars) for each in getattr(node, "items", ()))
        fields = ("test", "iter", "target", "subject", "type", "pattern", "guard")
        parts = [part for part in (*items, *(getattr(node, name, None) for name in fields)) if part]
        place = self._header(node, parts)
        if type(node) is ast.ExceptHandler and node.name:
            scope.hide(node.name, self.step)
        self.reader.expressions(parts, scope, place)
        around = scope.block
        for name in _BODIES:
            if body := getattr(node, name, ()):
                self._later(body, scope, Block(around))

    def _header(self, node: Any, parts: Iterable[Any]) -> Place:
        """From the first line of a compound statement to the last of its header."""
        lines = [part.end_lineno for part in parts]
        first = getattr(node, "lineno", 0) or node.pattern.lineno
        last = max([first, *lines])
        body = node.cases[0].pattern if type(node) is ast.Match else node.body[0]
        body = (getattr(body, "decorator_list", None) or [body])[0]
        if first < last < body.lineno - 1:
            last += 1  # the closing bracket of a header over several lines stands alone
        return Place(first, last, self.step)
