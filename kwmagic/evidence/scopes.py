"""Which names a scope of Python code binds, and what a bare name in it stands for, by the rules of the language."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

ALWAYS = 1 << 60
"""As a step: after every statement, for what is evaluated late, such as annotations."""
BUILTINS = frozenset(
    """
    ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
    BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
    ConnectionResetError DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception ExceptionGroup
    FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError
    ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError
    MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplemented NotImplementedError OSError
    OverflowError PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError RecursionError
    ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError
    SyntaxWarning SystemError SystemExit TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError
    UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning WindowsError
    ZeroDivisionError __build_class__ __debug__ __import__ abs aiter all anext any ascii bin bool breakpoint bytearray
    bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit
    filter float format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len
    license list locals map max memoryview min next object oct open ord pow print property quit range repr reversed
    round set setattr slice sorted staticmethod str sum super tuple type vars zip
    """.split()  # noqa: SIM905  # a list would be four times as long
)
"""Of Python 3.11 to 3.14. Written out, since the running Python may know fewer and IPython adds its own."""


class Sort(IntEnum):
    """How a scope's names are seen from the scopes inside it."""

    MODULE = 0
    CLASS = 1
    """Only by the code of the body itself."""
    FUNCTION = 2
    """A lambda, too."""
    COMPREHENSION = 3
    TYPES = 4
    """The type parameters of a definition: seen inside, while the class around them is seen from here."""


@dataclass(slots=True, eq=False)
class Block:
    """Statements that run one after the other, such as those of an `if` or of its `else`."""

    around: Block | None = None

    def is_in(self, other: Block | None) -> bool:
        """Whether it is *other* or lies in it."""
        block: Block | None = self
        while block and block is not other:
            block = block.around
        return block is not None


@dataclass(slots=True, eq=False)
class Scope:
    """The names of one module, class, function, comprehension or list of type parameters, filled while it is read."""

    sort: Sort
    parent: Scope | None
    qualname: str
    """Of the definition around its code: that of a lambda is the enclosing function's; "" at the top."""
    prefix: str
    """What stands before the qualified name of what the module defines: `module.`."""
    in_class: bool = False
    """Whether it is or is in a class, where `__x` means another name, `_Class__x`."""
    block: Block = field(default_factory=Block)
    """The one that is being read."""
    names: dict[str, str | None] = field(default_factory=dict)
    """Name -> what it stands for; None for what has no name outside, such as a local variable."""
    since: dict[str, int] = field(default_factory=dict)
    """Name -> the step (a count of statements) at which it is first bound."""
    imported: dict[str, Block] = field(default_factory=dict)
    """Name -> where it is imported."""
    replaced: dict[str, list[tuple[int, str | None]]] = field(default_factory=dict)
    """Name -> (last step, what it stood for until then), for imports that another binding replaces."""
    hidden: set[str] = field(default_factory=set)
    """The local variables of a function, as far as they are known."""
    module_names: set[str] = field(default_factory=set)
    """Declared `global`."""
    outer_names: set[str] = field(default_factory=set)
    """Declared `nonlocal`."""

    def inside(self, sort: Sort, name: str = "") -> Scope:
        """A scope in this one; *name*: that of the definition which opens it."""
        joined = self.qualname
        if name:
            between = ".<locals>." if self.is_function else "."
            joined = f"{joined}{between}{name}" if joined else name
        return Scope(sort, self, joined, self.prefix, self.in_class or sort is Sort.CLASS)

    @property
    def is_function(self) -> bool:
        """Whether its code lies in a function rather than in a class or module."""
        scope = self
        while scope.sort in (Sort.COMPREHENSION, Sort.TYPES) and scope.parent:
            scope = scope.parent
        return scope.sort is Sort.FUNCTION

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent:
            scope = scope.parent
        return scope

    def assign(self, name: str, step: int) -> None:
        """Bind a name to anything but an import. An import beats what is its fallback: what was bound before it or is
        bound in another branch; what surely comes after it replaces it."""
        if name in self.module_names:
            self.module.assign(name, 0)
        elif name not in self.outer_names:
            value = self.prefix + name if self.sort is Sort.MODULE else None
            if name in self.imported and not self._replaces(name, step):
                return
            self._bind(name, value, step)

    def hide(self, name: str, step: int) -> None:
        """Bind a name for a while, or declare it: what else it is bound to counts more."""
        if name not in self.names and name not in self.module_names and name not in self.outer_names:
            self._bind(name, None, step)

    def imports(self, name: str, target: str, step: int) -> None:
        """Bind a name to an imported module or to a part of one; of imports in several branches the first counts."""
        scope = self
        if name in self.module_names:
            scope, step = self.module, 0
        elif name in self.outer_names:
            scope, step = self._owner(name), 0
        if name in scope.imported and not scope._replaces(name, step):
            return
        scope._bind(name, target, step)
        scope.imported[name] = scope.block if step else Block()

    def _bind(self, name: str, value: str | None, step: int) -> None:
        self.names[name] = value
        self.since.setdefault(name, step)
        if self.sort not in (Sort.MODULE, Sort.CLASS):
            (self.hidden.discard if value else self.hidden.add)(name)

    def _replaces(self, name: str, step: int) -> bool:
        """Whether a binding at a step surely comes after the import of the same name; step 0 is at any time."""
        if not step or not self.imported[name].is_in(self.block):
            return False
        self.replaced.setdefault(name, []).append((step, self.names[name]))
        del self.imported[name]
        return True

    def _owner(self, name: str) -> Scope:
        """The scope around this one that a `nonlocal` name belongs to."""
        scope = self
        while scope.parent:
            scope = scope.parent
            if scope.sort is Sort.FUNCTION and name in scope.names:
                break
        return scope

    def stands_for(self, name: str, step: int) -> str | None:
        """The qualified name of what a bare name in this scope's code means at a step; None where that is not known."""
        if self.in_class and name.startswith("__") and not name.endswith("__"):
            return None
        scope, is_own, sees_class = self, True, True
        while outer := scope.parent:
            is_class = scope.sort is Sort.CLASS
            if name in scope.module_names and (is_own or not is_class):
                scope, is_own = scope.module, False
                break
            if name in scope.names and (not is_class or (sees_class and scope.since[name] < step)):
                return scope._at(name, step) if is_own else scope.names[name]
            sees_class = sees_class and scope.sort is Sort.TYPES
            is_own = False
            scope = outer
        if name in scope.names and not (is_own and scope.since[name] >= step):
            return scope._at(name, step) if is_own else scope.names[name]
        return f"builtins.{name}" if name in BUILTINS else None

    def _at(self, name: str, step: int) -> str | None:
        """What a name of this scope stands for at a step of its own code."""
        for last, value in self.replaced.get(name, ()):
            if step <= last:
                return value
        return self.names[name]
