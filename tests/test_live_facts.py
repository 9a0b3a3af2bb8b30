"""Live objects beside their source: who wraps them, what has changed since they were loaded, and nothing else."""

from __future__ import annotations

import contextlib
import functools
import html
import importlib
import inspect
import json
import os
import sys
import textwrap
import traceback
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbclient import NotebookClient
from nbformat import v4

from kwmagic.errors import TargetError
from kwmagic.targets import parameters, resolve
from kwmagic.targets.written import written

Load = Callable[..., types.ModuleType]
_V4: Any = v4

SHOP = """
    import functools

    RATE = 1.5

    def price(item, count=1):
        return item.price * count

    def total(items):
        return sum(price(item) for item in items) + 1

    class Basket:
        def add(self, item):
            self.items.append(item)

        def clear(self):
            self.items = []

        @property
        def size(self):
            return len(self.items)
"""


def notes(text: str, **around: Any) -> list[str]:
    return [note for note in resolve(text, **around).notes if not note.startswith("Left out")]


@pytest.fixture(name="load")
def _load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Writes a module and imports it; once more: only writes it."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    loaded: set[str] = set()

    def load(source: str, name: str = "shop") -> types.ModuleType:
        file = tmp_path / f"{name.replace('.', '/')}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        if name in loaded:
            return sys.modules[name]
        importlib.invalidate_caches()
        loaded.add(name)
        return importlib.import_module(name)

    yield load
    for name in loaded:
        sys.modules.pop(name, None)


# --- nothing differs ----------------------------------------------------------------------------------------------


def _wraps(function: Any) -> Any:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


@pytest.mark.parametrize(
    "text",
    [
        *("json", "json.decoder", "json.JSONDecoder", "json.JSONDecoder.decode", "json.dumps", "json.tool.main"),
        *("enum.Enum", "enum.StrEnum", "http.HTTPStatus", "dataclasses.Field", "textwrap.TextWrapper", "heapq.merge"),
        *("decimal.Overflow", "urllib.parse._SplitResultBase", "xml.etree.ElementTree._Element_Py", "ast.NodeVisitor"),
        *("typing.NamedTuple", "logging.Logger", "argparse.ArgumentParser", "email.message.Message", "string.Template"),
    ],
)
def test_nothing_is_said_where_nothing_differs(text: str) -> None:
    for module in ("heapq", "urllib.parse", "xml.etree.ElementTree", "email.message", "decimal", "http"):
        importlib.import_module(module)
    assert notes(text) == []


def test_what_python_itself_adds_to_classes_is_not_said(load: Load) -> None:
    module = load(
        """
        import abc, dataclasses, enum, functools, typing

        class Abstract(abc.ABC):
            @abc.abstractmethod
            def todo(self): ...
            def __init_subclass__(cls): ...
            def __class_getitem__(cls, item): ...
            def __private(self, __odd): ...

        @dataclasses.dataclass(slots=True)
        class Data:
            x: int = 0
            def double(self): return self.x * 2

        class Pair(typing.NamedTuple):
            x: int
            def first(self): return self.x

        class Color(str, enum.Enum):
            RED = "red"
            def __new__(cls, value): return str.__new__(cls, value)
            def hex(self): return self

        @functools.total_ordering
        class Ordered:
            def __lt__(self, other): return True
            def __eq__(self, other): return True

        class Proto(typing.Protocol):
            def close(self) -> None: ...

        if typing.TYPE_CHECKING:
            def never(): ...
        else:
            def never(x): ...

        class Twice:
            if enum:
                def method(self): ...
            else:
                def method(self, more): ...
            from os.path import join
            alias = also = lambda self: None

        @typing.overload
        def many(x: int) -> int: ...
        @typing.overload
        def many(x: str, y: int) -> str: ...
        def many(x, y=None): ...
        """
    )
    names = [name for name, value in vars(module).items() if getattr(value, "__module__", "") == "shop"]
    assert len(names) >= 9
    assert {name: said for name in names if (said := notes(f"shop.{name}"))} == {}
    assert notes("shop") == notes("shop.Abstract._Abstract__private") == notes("shop.Color.hex") == []


# --- wrappers -----------------------------------------------------------------------------------------------------


@functools.lru_cache
@_wraps
@_wraps
def thrice(x: int) -> int:
    return x


@contextlib.contextmanager
def managed() -> Iterator[None]:
    yield


def test_wrappers_are_named_from_the_outermost() -> None:
    inner = f"`_wraps.<locals>.inner` (`{__name__}`, L{_wraps(len).__code__.co_firstlineno})"
    assert notes("f", namespace={"f": thrice}) == [
        f"`thrice` is wrapped 3 times: a call goes first to `functools.lru_cache`, then {inner}, then {inner}."
    ]
    (note,) = notes("f", namespace={"f": managed})
    assert note.startswith(
        "`managed` is wrapped: a call goes first to `contextmanager.<locals>.helper` (`contextlib`, L"
    )
    (note,) = notes("f", namespace={"f": functools.partial(json.dumps, indent=1)})
    assert note == "`dumps` is wrapped: a call goes first to `functools.partial`."


def test_methods_and_properties_are_not_wrapped(load: Load) -> None:
    basket = load(SHOP).Basket()
    assert notes("b.add", namespace={"b": basket}) == notes("b.size", namespace={"b": basket}) == []


# --- the file has changed -----------------------------------------------------------------------------------------


def test_lines_that_moved(load: Load) -> None:
    load(SHOP)
    assert notes("shop.total") == notes("shop.Basket") == notes("shop") == []
    load("\n\n" + textwrap.dedent(SHOP))
    lead = "The file has changed since it was imported as `shop`: "
    assert notes("shop.total") == [f"{lead}`total` began at L9, it begins at L11 now."]
    more = "2 more begin on other lines"
    assert notes("shop.Basket") == [f"{lead}`Basket.add` began at L13, it begins at L15 now, {more}."]
    (note,) = notes("shop")
    assert note.startswith(f"{lead}`price` began at L6, it begins at L8 now, 4 more begin on other lines; it had ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("+ 1", "- 1"),
        ("+ 1", "+ 2"),
        ("sum(", "max("),
        ("price(item) for", "cost(item) for"),
        ("    return sum", "    'Doc.'; return sum"),
    ],
)
def test_code_that_is_another(load: Load, old: str, new: str) -> None:
    load(SHOP)
    load(SHOP.replace(old, new))
    said = "What is loaded is not what the file holds now: the code of `total` differs."
    assert notes("shop.total") == [said]
    assert notes("shop.price") == notes("shop.Basket") == []


def test_a_change_is_seen_though_another_process_has_imported_it_since(load: Load, tmp_path: Path) -> None:
    module = load(SHOP)
    load(SHOP.replace("+ 1", "+ 222"))
    assert "the code of `total` is another" in notes("shop")[0]
    compiled = Path(module.__cached__)
    compiled.unlink()
    __import__("py_compile").compile(str(tmp_path / "shop.py"), str(compiled))
    assert notes("shop") == ["What is loaded is not what the file holds now: the code of `total` differs."]


def test_a_change_outside_of_functions_is_told_by_the_size(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load(SHOP)
    size = os.path.getsize(module.__file__ or "")
    load(SHOP.replace("1.5", "1.25"))
    said = f"The file has changed since it was imported as `shop`: it had {size} bytes and has {size + 1} now."
    assert notes("shop") == notes(module.__file__ or "") == [said]
    assert notes("shop.Basket") == []
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # then the compiled file may be older than the import
    assert notes("shop") == []


def test_definitions_that_are_gone_or_new(load: Load) -> None:
    module = load(SHOP)
    load(SHOP.replace("clear", "empty").replace("def total", "def summed"))
    assert notes("shop.Basket") == [
        "The file has changed since it was imported as `shop`: `Basket.clear` is not in it any more.",
        "The live `Basket` has no `empty`, which its source defines.",
    ]
    changed, new = notes("shop")
    assert "`total` and `Basket.clear` are not in it any more; it had" in changed
    assert new == "The imported `shop` has no `summed`, which its source defines."
    assert notes("shop.summed") == ["The imported `shop` has no `summed`."]
    assert notes(f"{module.__file__}::Basket") == notes("shop.Basket")


def test_a_package_counts_its_changed_files(load: Load, tmp_path: Path) -> None:
    load("", "firm.__init__")
    load("import firm", "firm.one")
    load("", "firm.two")
    (tmp_path / "firm" / "three.py").write_text("x = 1")
    assert notes("firm") == []
    (tmp_path / "firm" / "one.py").write_text("import firm as me")
    (tmp_path / "firm" / "three.py").write_text("x = 1111")
    assert notes("firm") == ["1 file has changed since the import: `firm/one.py`."]
    (tmp_path / "firm" / "two.py").write_text("y = 1")
    assert notes("firm") == ["2 files have changed since the import: `firm/one.py` and `firm/two.py`."]
    del sys.modules["firm"]


def test_a_file_that_does_not_compile_now_or_is_gone(load: Load, tmp_path: Path) -> None:
    load(SHOP)
    load("def total(:\n")
    assert notes("shop.total") == []
    (tmp_path / "shop.py").write_bytes(b"\0\xff")
    assert notes("shop.total") == []


# --- other objects ------------------------------------------------------------------------------------------------


def test_objects_from_before_a_reload(load: Load) -> None:
    module = load(SHOP)
    old = {"total": module.total, "basket": module.Basket(), "add": module.Basket().add, "Basket": module.Basket}
    importlib.reload(module)
    again = "it was defined again, or its module reloaded."
    place = "`shop`, L9"
    said = f"This function is not the one that `shop.total` names now ({place}): {again}"
    assert notes("total", namespace=old) == [said]
    said = f"This class is not the one that `shop.Basket` names now (`shop`): {again}"
    assert notes("basket", namespace=old) == notes("Basket", namespace=old) == [said]
    said = f"This function is not the one that `shop.Basket.add` names now (`shop`, L13): {again}"
    assert notes("add", namespace=old) == [said]
    assert notes("m.total", namespace={"m": module}) == []


def test_replaced_and_added_methods(load: Load) -> None:
    module = load(SHOP)

    def patch(self: Any) -> None: ...

    module.Basket.clear = patch
    module.Basket.extra = patch
    module.Basket._hidden = patch
    module.Basket.add = functools.lru_cache(module.Basket.add)
    module.price = patch  # type: ignore[attr-defined]
    name = f"`{patch.__qualname__}` (`{__name__}`, L{patch.__code__.co_firstlineno})"
    where = f"`Basket.add` (L13) is now `functools.lru_cache` around it; `Basket.clear` (L16) is now {name}"
    assert notes("shop.Basket") == [
        f"2 methods are not the ones that the source defines: {where}.",
        f"1 method is not in the source of `Basket`: `extra` is {name}.",
    ]
    one = f"This is not the function that the source defines: `Basket.clear` (L16) is now {name}."
    assert notes("shop.Basket.clear") == notes("b.clear", namespace={"b": module.Basket()}) == [one]
    assert notes("shop.price") == [f"This is not the function that the source defines: `price` (L6) is now {name}."]
    assert notes("shop.Basket.extra") == notes("shop.total") == []
    del module.Basket.size
    assert notes("shop.Basket")[-1] == "The live `Basket` has no `size`, which its source defines."


def test_parameters(load: Load) -> None:
    module = load(
        """
        import functools

        def deco(f):
            @functools.wraps(f)
            def inner(self, *args, retry=3):
                return f(self, *args)
            return inner

        @deco
        def f(a, b): ...

        def g(a, /, b, *, c=1): ...

        def h(a): ...
        """
    )
    assert notes("shop.f")[1:] == ["Its wrapper takes `(self, *args, retry=…)`, the source of `f` `(a, b)`."]
    assert notes("shop.g") == []
    module.g.__defaults__ = (1,)
    assert notes("shop.g") == ["As loaded it takes `(a, /, b=…, *, c=…)`, the source of `g` `(a, /, b, *, c=…)`."]
    claim = inspect.signature(module.h)
    late = inspect.Parameter("late", inspect.Parameter.KEYWORD_ONLY, default=1)
    module.h.__signature__ = claim.replace(parameters=[*claim.parameters.values(), late])
    assert notes("shop.h") == ["Its `__signature__` says `(a, *, late=…)`, the source of `h` `(a)`."]
    module.h.__signature__ = claim
    assert notes("shop.h") == []


@pytest.mark.parametrize(
    "head",
    ["()", "(a)", "(a, /)", "(a, /, b=1)", "(*rest)", "(*, a, b=1)", "(a=1, *r, b, **k)", "(a, b, /, c, *, d, **e)"],
)
def test_live_and_written_parameters_agree(head: str) -> None:
    space: dict[str, Any] = {}
    exec(f"def f{head}: ...", space)
    source = written(f"def f{head}: ...")
    assert source is not None
    live = parameters.of_live(space["f"])
    space["f"].__signature__ = inspect.signature(space["f"])
    assert live == parameters.of_claim(space["f"]) == parameters.of_written(source.functions("f")[0])
    assert parameters.shown(live) == f"`{head.replace('=1', '=…')}`"


def test_import_hooks_are_not_taken_for_changes(load: Load) -> None:
    module = load(SHOP)

    class Hook(importlib.machinery.SourceFileLoader): ...

    module.__spec__.loader = Hook("shop", module.__file__ or "")  # type: ignore[union-attr]
    load(SHOP.replace("+ 1", "- 222").replace("clear", "empty"))
    assert notes("shop.total") == notes("shop") == notes("shop.Basket") == []


# --- objects that lie ---------------------------------------------------------------------------------------------


class Text(str):
    """A text that may not be asked anything."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    def _refuse(self, *_: Any) -> Any:
        raise SystemExit

    __eq__ = __hash__ = __str__ = __repr__ = __len__ = __iter__ = __getitem__ = __contains__ = __add__ = _refuse


class Row(tuple[Any, ...]):
    """A tuple likewise."""

    __slots__ = ()

    def _refuse(self, *_: Any) -> Any:
        raise SystemExit

    __getattribute__ = __eq__ = __hash__ = __repr__ = __len__ = __iter__ = __getitem__ = _refuse


class Table(dict[str, Any]):
    """A dictionary likewise."""

    def _refuse(self, *_: Any) -> Any:
        raise SystemExit

    __getattribute__ = __eq__ = __repr__ = __len__ = __iter__ = __getitem__ = __contains__ = _refuse
    get = keys = items = values = _refuse


class Value:
    """Neither to be compared nor hashed nor asked for anything."""

    def _refuse(self, *_: Any) -> Any:
        raise SystemExit

    __getattribute__ = __eq__ = __hash__ = __repr__ = __bool__ = __call__ = __str__ = __len__ = __iter__ = _refuse
    __wrapped__ = __code__ = __signature__ = property(_refuse)


def _tamper_with_functions(module: types.ModuleType, how: str) -> None:
    total = module.total
    code = total.__code__
    match how:
        case "file":
            total.__code__ = code.replace(co_filename=Text(code.co_filename))
        case "qualname":
            total.__code__ = code.replace(co_qualname=Text("total"), co_name=Text("total"))
        case "own qualname":
            total.__code__ = code.replace(co_filename="<made>")
            total.__qualname__ = Text("total")
        case "constants":
            total.__code__ = code.replace(co_consts=Row((*code.co_consts, Value(), Text("x"), Row(), frozenset())))
        case "constants in constants":
            for _ in range(60):
                code = code.replace(co_consts=(code, code))
            total.__code__ = code
        case "deep constants":
            for _ in range(5_000):
                code = code.replace(co_consts=(code,))
            total.__code__ = code
        case "defaults":
            total.__defaults__ = Row((Value(),))
            total.__kwdefaults__ = Table(x=Value())
        case "globals":
            module.total = types.FunctionType(code, Table(vars(module)), "total")  # type: ignore[attr-defined]
        case "signature":
            claim = inspect.Signature.__new__(inspect.Signature)
            total.__signature__ = claim
            module.price.__signature__ = inspect.signature(total)
            module.price.__signature__._parameters = types.MappingProxyType({"x": Value()})
        case "signature of parameters":
            claim = inspect.signature(total)
            claim.parameters["items"]._name = Text("items")  # type: ignore[attr-defined]
            claim.parameters["items"]._kind = Value()  # type: ignore[attr-defined]
            total.__signature__ = claim
        case "a value for a signature":
            total.__signature__ = Value()
        case "wrapped":
            total.__wrapped__ = Value()
            module.price.__wrapped__ = Text("x")
        case "circle":
            total.__wrapped__, module.price.__wrapped__ = module.price, total


def _tamper_with_the_module(module: types.ModuleType, how: str) -> None:
    basket = module.Basket
    match how:
        case "names":
            vars(module).update(__name__=Text("shop"), __cached__=Text("x"), total2=Value())
        case "no spec":
            vars(module).update(__spec__=Value(), __loader__=Value())
        case "spec":
            spec = importlib.machinery.ModuleSpec(Text("shop"), Value())  # type: ignore[arg-type]
            spec.__dict__.update(_cached=Text("x"), origin=Value())
            vars(module).update(__spec__=spec)
        case "class":
            basket.__module__ = Value()
            basket.__qualname__ = Text("Basket")
        case "members":
            basket.add = basket.clear = Value()
            basket.size = functools.partialmethod(_wraps)
            vars(basket)["size"].func = Value()
            basket.extra = functools.partial(Value())
        case "metaclass":

            class Meta(type):
                def _refuse(cls, *_: Any) -> Any:
                    raise SystemExit

                __getattribute__ = __eq__ = __hash__ = __call__ = __instancecheck__ = __dir__ = _refuse

            kind = Meta("Basket", (), {"__module__": "shop", "add": _wraps, "clear": Value()})
            vars(module).update(Basket=kind)


HOW = """file / qualname / own qualname / constants / constants in constants / deep constants / defaults / globals /
    signature / signature of parameters / a value for a signature / wrapped / circle / names / no spec / spec / class /
    members / metaclass"""


@pytest.mark.parametrize("how", [" ".join(each.split()) for each in HOW.split("/")])
def test_nothing_of_what_lies_is_asked(load: Load, how: str) -> None:
    module = load(SHOP)
    old = {"total": module.total, "Basket": module.Basket, "thing": module.Basket(), "price": module.price}
    _tamper_with_functions(module, how)
    _tamper_with_the_module(module, how)
    load(SHOP.replace("+ 1", "+ 22"))
    texts = ["shop", "shop.total", "shop.price", "shop.Basket", "shop.Basket.add", "shop.Basket.clear", "m.total"]
    for text in [*texts, *old, "thing.add", "m.Basket.size", "m"]:
        try:
            found = notes(text, namespace={"m": module, **old})
        except TargetError:
            continue
        except BaseException:  # pytest would ask the objects in these frames what they are
            pytest.fail(f"{text}: {traceback.format_exc()}", pytrace=False)
        assert all(type(note) is str and "\n" not in note for note in found)


def test_odd_names_stay_in_their_line() -> None:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec("def f(): ...", space)

    def inner() -> None: ...

    inner.__code__ = inner.__code__.replace(co_qualname="a`b\nc" * 100)
    inner.__wrapped__ = space["f"]  # type: ignore[attr-defined]
    (note,) = notes("g", namespace={"g": inner}, cells=["", "def f(): ..."])
    assert note.startswith("`f` is wrapped: a call goes first to `a?b?ca?b?c")
    assert len(note) < 300
    assert note.count("`") % 2 == 0


# --- cells --------------------------------------------------------------------------------------------------------


@pytest.fixture(name="shell")
def _shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A real shell; IPython has one for each process."""
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    shell: Any = InteractiveShell.instance()
    shell.reset(new_session=True)
    shell.run_line_magic("load_ext", "kwmagic")
    yield shell
    shell.run_line_magic("unload_ext", "kwmagic")
    InteractiveShell.clear_instance()


def _said(shell: Any, text: str, magic: str = "kwindex") -> list[str]:
    """The notes of one call, which are paragraphs of what it shows, too."""
    with capture_output() as captured:
        outcome = shell.run_cell(f"found = %{magic} {text}", store_history=True)
    assert outcome.success, captured.stderr
    found = shell.user_ns["found"]
    shown = found.to_markdown()
    assert all(note.replace("`", "") in _bare(shown) for note in found.target.notes), shown
    return list(found.target.notes)


def _bare(markdown: str) -> str:
    return html.unescape(markdown).replace("`", "").replace("\\", "")


CELLS = (
    "def f(x):\n    return x",
    "class K:\n    def m(self): ...\n    def o(self): ...",
    "k, old = K(), f",
    "def f(x):\n    return x",
    "def f(x, y):\n    return x",
    "class K:\n    def m(self): return 1\n    def o(self): ...",
    "def patched(self): ...\nK.m = K.n = patched",
)


def test_cells(shell: Any) -> None:
    numbers = {}
    for cell in CELLS[:2]:
        shell.run_cell(cell, store_history=True)
        numbers[cell] = shell.execution_count - 1
    assert _said(shell, "f") == _said(shell, "K") == _said(shell, "f", "docfile") == []
    first = shell.execution_count
    for cell in CELLS[2:-1]:
        shell.run_cell(cell, store_history=True)
    f_1, f_2, k_1, k_2 = numbers[CELLS[0]], first + 2, numbers[CELLS[1]], first + 3
    assert _said(shell, "f") == [f"Another `f` is defined in In[{f_1}]; this is the one of In[{f_2}]."]
    again = "it was defined again, or its module reloaded."
    for magic in ("kwindex", "docfile"):
        stale, other = _said(shell, "old", magic)
        assert stale == f"This function is not the one that `f` names now (In[{f_2}], L1): {again}"
        assert other == f"Another `f` is defined in In[{f_2}]; this is the one of In[{f_1}]."
    stale, other = _said(shell, "k")
    assert stale.startswith("This class is not the one that `K` names now (In[")
    assert other == f"Another `K` is defined in In[{k_2}]; this is the one of In[{k_1}]."
    shell.run_cell(CELLS[-1], store_history=True)
    last = shell.execution_count - 1
    _, replaced, added = _said(shell, "K")
    assert replaced == (
        f"1 method is not the one that the source defines: `K.m` (L2) is now `patched` (In[{last}], L1)."
    )
    assert added == f"1 method is not in the source of `K`: `n` is `patched` (In[{last}], L1)."
    assert _said(shell, "K.m")[-1] == (
        f"This is not the function that the source defines: `K.m` (L2) is now `patched` (In[{last}], L1)."
    )


def test_in_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    (tmp_path / "shop.py").write_text(textwrap.dedent(SHOP))
    edit = "open('shop.py', 'a').write('\\n\\ndef late(): ...\\n')"
    calls = ("%docfile shop", "%docfile shop.late", "%docfile f", "%docfile shop.Basket")
    cells = ["%load_ext kwmagic\nimport shop", "%docfile shop", f"{edit};", "def f(): ...", "def f(x): ...", *calls]
    notebook = _V4.new_notebook(cells=[_V4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(notebook)
    before, *shown = [
        _bare(cell.outputs[-1].data["text/markdown"]) for cell in notebook.cells if "%docfile" in cell.source
    ]
    assert "import" not in before.partition("\n## ")[0].replace("imported module", "")
    assert "The file has changed since it was imported as shop: it had" in shown[0]
    assert "The imported shop has no late, which its source defines." in shown[0]
    assert "The imported shop has no late." in shown[1]
    assert "Another f is defined in In[4]; this is the one of In[5]." in shown[2]
    assert "since" not in shown[3].partition("\n## ")[0]
