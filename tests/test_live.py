"""Live modules: what stands in them is listed, and nothing of them runs, however hard they try to."""

from __future__ import annotations

import functools
import math
import sys
import types
from typing import Any

import pytest

from kwmagic.analysers import live
from kwmagic.model import FileFacts, FileRef, Import, Symbol

touched: list[str] = []


def facts(module: Any, path: str | None = None) -> FileFacts:
    return live.analyse(FileRef(path or getattr(module, "__name__", "thing"), live=module), module)


def module_of(**names: Any) -> types.ModuleType:
    module = types.ModuleType("made")
    for name, value in names.items():
        if isinstance(value, type):
            value.__module__ = "made"
            value.__qualname__ = value.__name__
        module.__dict__[name] = value
    return module


def symbols(module: Any) -> dict[str, Symbol]:
    return {symbol.qualname: symbol for symbol in facts(module).symbols}


@pytest.fixture(autouse=True)
def _nothing_runs() -> Any:
    touched.clear()
    yield
    assert touched == []


def trap(name: str) -> Any:
    def touch(*_: Any, **__: Any) -> Any:
        touched.append(name)
        raise RuntimeError(name)

    return touch


WAYS_IN = (
    *("__getattr__", "__getattribute__", "__dir__", "__repr__", "__str__", "__hash__", "__eq__", "__bool__", "__len__"),
    *("__iter__", "__call__", "__get__", "__instancecheck__", "__subclasscheck__", "__format__", "__index__"),
)
TRAPS = {name: trap(name) for name in WAYS_IN}
LIES = {name: property(trap(name)) for name in ("__class__", "__dict__", "__doc__", "__module__", "__wrapped__")}


def test_math() -> None:
    found = facts(math)
    module, *rest = found.symbols
    assert (found.language, found.engine, found.lines) == ("Python", "live", 0)
    assert (module.kind, module.name, module.line, module.doc) == ("module", "math", 0, math.__doc__)
    by_name = {symbol.name: symbol for symbol in rest}
    assert by_name["cos"][:6] == ("function", "cos", "cos", 0, 0, "(x, /)")
    assert by_name["cos"].doc == math.cos.__doc__
    assert by_name["isclose"].signature == "(a, b, *, rel_tol=1e-09, abs_tol=0.0)"
    assert (by_name["pi"].kind, by_name["pi"].signature) == ("constant", "= 3.141592653589793")
    assert not found.imports
    assert not found.problems


@pytest.mark.parametrize("name", sorted(sys.builtin_module_names))
def test_built_in_modules(name: str) -> None:
    module = sys.modules.get(name)
    if module is None:
        pytest.skip("not imported")
    found = facts(module, name)
    assert found.symbols[0].name == name.rpartition(".")[2]
    assert all(type(text) is str for symbol in found.symbols for text in symbol[1:3])
    assert all("\n" not in (symbol.signature or "") for symbol in found.symbols)
    assert len(found.symbols) + len(found.imports) > 1


def test_every_imported_module_can_be_read() -> None:
    modules = dict(sys.modules)
    assert len(modules) > 100
    for name, module in modules.items():
        assert facts(module, name).symbols[0].kind == "module"


def test_the_accelerator_of_a_public_module_owns_what_says_so() -> None:
    import _collections  # noqa: PLC0415

    found = symbols(_collections)
    assert found["deque"].kind == "class"
    assert found["deque.append"].kind == "method"
    assert found["deque.maxlen"].kind == "property"


def test_python_functions_show_their_parameters() -> None:
    def function(a, b=1, /, c="x", *rest, d, e=[], **more):  # type: ignore[no-untyped-def]  # noqa: B006
        """Doc."""

    def bare(*, only): ...  # type: ignore[no-untyped-def]

    function.__module__ = bare.__module__ = "made"
    function.__signature__ = property(trap("__signature__"))  # type: ignore[attr-defined]
    found = symbols(module_of(function=function, bare=bare))
    assert found["function"].signature == "(a, b=1, /, c='x', *rest, d, e=…, **more)"
    assert found["function"].doc == "Doc."
    assert found["bare"].signature == "(*, only)"


def test_members_of_classes() -> None:
    class Base: ...

    class Thing(Base):
        """A thing."""

        count = 3
        lazy = functools.cached_property(trap("cached_property"))
        size = property(trap("size"), doc="How big.")

        def method(self, x: int) -> None: ...

        @staticmethod
        def plain(x: int) -> None: ...

        @classmethod
        def make(cls) -> None: ...

        class Inner:
            deep = None

    Thing.Inner.__qualname__ = "Thing.Inner"
    Thing.Inner.__module__ = "made"
    found = symbols(module_of(Base=Base, Thing=Thing))
    assert (found["Thing"].doc, found["Thing"].bases) == ("A thing.", ("Base",))
    assert (found["Thing.count"].kind, found["Thing.count"].signature) == ("attribute", "= 3")
    assert (found["Thing.size"].kind, found["Thing.size"].doc) == ("property", "How big.")
    assert found["Thing.lazy"].kind == "property"
    assert (found["Thing.method"].kind, found["Thing.method"].signature) == ("method", "(self, x)")
    assert (found["Thing.plain"].decorators, found["Thing.plain"].signature) == (("staticmethod",), "(x)")
    assert (found["Thing.make"].decorators, found["Thing.make"].signature) == (("classmethod",), "(cls)")
    assert found["Thing.Inner.deep"].signature == "= None"
    assert {"Thing.__module__", "Thing.__dict__", "Thing.__doc__"}.isdisjoint(found)


def test_names_from_elsewhere_are_imports() -> None:
    class Foreign: ...

    def function() -> None: ...

    Foreign.__module__ = "far.away"
    function.__module__ = "far.away"
    module = module_of(m=math, math=math)
    module.__dict__.update(Foreign=Foreign, other=function)
    assert facts(module).imports == (
        Import("math", None, "m", 0),
        Import("math", None, None, 0),
        Import("far.away", Foreign.__qualname__, "Foreign", 0, ("re-export",)),
        Import("far.away", "function", "other", 0, ("re-export",)),
    )


def test_values() -> None:
    found = symbols(
        module_of(
            number=1,
            text="x" * 10**6,
            LIST=[1],
            things={},
            huge=10**5000,
            pair=(1, 2),
            data=b"b",
            _hidden=None,
            on=True,
        )
    )
    shown = {name: (symbol.kind, symbol.signature) for name, symbol in found.items()}
    assert shown["number"] == ("constant", "= 1")
    assert shown["LIST"] == ("constant", None)
    assert shown["things"] == ("variable", None)
    assert shown["pair"] == ("constant", None)
    assert shown["data"] == ("constant", "= b'b'")
    assert shown["on"] == ("constant", "= True")
    assert found["_hidden"].flags == ("private",)
    for name in ("text", "huge"):
        signature = found[name].signature
        assert signature
        assert signature.endswith("…")
        assert len(signature) <= 162


def test_an_alias_names_its_class_and_circles_end() -> None:
    class Knot: ...

    Knot.itself = Knot  # type: ignore[attr-defined]
    found = symbols(module_of(Other=Knot, Knot=Knot))
    assert (found["Other"].kind, found["Other"].signature) == ("variable", "= Knot")
    assert found["Knot"].kind == "class"
    assert found["Knot.itself"].signature == "= Knot"


def test_a_class_that_holds_itself_under_its_own_name_ends() -> None:
    class Knot: ...

    module = module_of(Knot=Knot)
    Knot.Knot = Knot  # type: ignore[attr-defined]
    Knot.__qualname__ = "Knot.Knot"
    assert [symbol.qualname for symbol in facts(module).symbols] == ["made", "Knot", "Knot.Knot"]


def test_exports() -> None:
    assert facts(module_of(__all__=["a", 3, "b"])).exports == ("a", "b")
    assert facts(module_of(__all__="ab")).exports is None


def test_a_huge_module_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_SYMBOLS", 10)
    found = facts(module_of(**{f"x{n}": n for n in range(30)}))
    assert len(found.symbols) == 10
    assert found.problems[0].message == "21 more symbols are not shown"


def test_nothing_runs_of_values_classes_and_metaclasses_that_lie() -> None:
    meta = type("Meta", (type,), {**TRAPS, **LIES})
    trapped = types.new_class("Trapped", (), {"metaclass": meta}, lambda space: space.update({**TRAPS, **LIES}))
    value = object.__new__(trapped)
    owner = type("Owner", (), {"inside": value, "klass": trapped, "descriptor": value})
    owner.__module__ = "made"
    module = types.ModuleType("made")
    names = {"value": value, "Trapped": trapped, "Owner": owner, "pair": (value,)}
    module.__dict__.update({**names, "partial": functools.partial(print, value)})
    found = facts(module)
    assert {"value", "Owner", "Owner.inside", "pair", "partial"} <= {symbol.qualname for symbol in found.symbols}


def test_nothing_runs_of_a_module_that_lies() -> None:
    kind = type("Lazy", (types.ModuleType,), {**TRAPS, **LIES})
    module = kind("lazy")
    names = types.ModuleType.__dict__["__dict__"].__get__(module)
    names.update({"__getattr__": trap("__getattr__"), "__dir__": trap("__dir__"), "x": 1})
    found = live.analyse(FileRef("lazy", live=module), module)
    assert [symbol.name for symbol in found.symbols] == ["lazy", "x"]
    assert [(each.module, each.alias) for each in found.imports] == [(__name__, "__getattr__"), (__name__, "__dir__")]
    outer = types.ModuleType("outer")
    outer.__dict__["inner"] = module
    assert facts(outer).imports == (Import("lazy", None, "inner", 0),)


def test_nothing_runs_of_what_only_stands_in_place_of_a_module() -> None:
    hidden = type("Hidden", (), {**TRAPS, **LIES})
    assert [symbol.name for symbol in live.analyse(FileRef("pkg.thing", live=1), object.__new__(hidden)).symbols] == [
        "thing"
    ]

    class Open:
        def __init__(self) -> None:
            self.x = 1

    assert "x" in symbols(Open())


def test_names_and_texts_that_are_no_plain_strings_are_left_out() -> None:
    text = type("Text", (str,), {**TRAPS})
    module = types.ModuleType("made")
    module.__dict__[3] = 1  # type: ignore[index]
    name = str.__new__(text, "trapped")
    words = {"__doc__": str.__new__(text, "doc"), "__name__": name, "value": name, "__all__": [name]}
    module.__dict__.update(words)
    found = live.analyse(FileRef("made", live=module), module)
    assert [(symbol.name, symbol.signature, symbol.doc) for symbol in found.symbols] == [
        ("made", None, None),
        ("value", None, None),
    ]
    assert found.exports == ()
