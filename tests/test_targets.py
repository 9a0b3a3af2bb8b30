"""What was typed becomes one target, and nothing of it is imported, run or asked."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import sys
import time
import types
import zipfile
from collections.abc import Iterator
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path
from typing import Any

import markdown_it
import pytest

from kwmagic import finders, inspection
from kwmagic.errors import TargetError
from kwmagic.model import Target
from kwmagic.targets import complete, resolve

TRAP = "from pathlib import Path\nPath(__file__).with_name('TRAP').touch()\n"


@pytest.fixture(name="site")
def _site(tmp_path: Path) -> Iterator[Path]:
    """A folder to import from, in which importing anything leaves a file named TRAP."""
    site = tmp_path / "site"
    pkg = site / "trapped"
    (pkg / "sub").mkdir(parents=True)
    (pkg / "__init__.py").write_text(TRAP + "from .impl import Thing as Alias\nfrom . import mod\n")
    (pkg / "impl.py").write_text(TRAP + "class Thing:\n    def go(self): pass\n")
    (pkg / "mod.py").write_text(TRAP)
    (pkg / "sub" / "__init__.py").write_text(TRAP)
    (pkg / "sub" / "leaf.py").write_text(TRAP + "def f(): pass\n")
    before = set(sys.modules)
    yield site
    assert list(tmp_path.rglob("TRAP")) == []
    assert not {name for name in set(sys.modules) - before if name.startswith("trapped")}


def names(target: Target) -> list[str]:
    return [ref.path for ref in target.files]


def failure(text: str, **around: Any) -> str:
    with pytest.raises(TargetError) as caught:
        resolve(text, **around)
    message = str(caught.value)
    assert message
    assert "\n" not in message
    return message


# --- modules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("imported", [True, False])
def test_a_package_of_the_standard_library(imported: bool) -> None:
    target = resolve("json", modules={"json": json} if imported else {})
    assert names(target) == sorted(f"json/{file.name}" for file in Path(json.__file__).parent.glob("*.py"))
    assert target.how == ("imported package" if imported else "importable package")
    assert target.root == os.path.dirname(os.path.dirname(json.__file__))
    assert (target.label, target.focus, target.notes) == ("json", None, ())


@pytest.mark.parametrize("modules", [None, {}])
def test_a_frozen_module_has_its_file(modules: dict[str, Any] | None) -> None:
    target = resolve("os", modules=modules)
    assert names(target) == ["os.py"]
    assert target.files[0].file == os.__file__


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("json.decoder", "json/decoder.py"),
        ("xml.etree.ElementTree", "xml/etree/ElementTree.py"),
        ("os.path", os.path.basename(os.path.__file__)),
        ("nbformat.v4.nbbase", "nbformat/v4/nbbase.py"),
        ("markdown_it.main", "markdown_it/main.py"),
        ("IPython.core.interactiveshell", "IPython/core/interactiveshell.py"),
    ],
)
def test_modules_start_at_their_package(text: str, path: str) -> None:
    target = resolve(text)
    assert names(target) == [path]
    assert target.root is not None
    assert os.path.join(target.root, *path.split("/")) == target.files[0].file


def test_what_has_no_source_is_live_if_imported_and_said_if_not() -> None:
    import math  # noqa: PLC0415

    for name, module in (("math", math), ("sys", sys)):
        target = resolve(name, modules={name: module})
        assert target.how == "the live module (no source)"
        assert target.files[0].live is module
        assert target.files[0].path == name
    assert failure("sys", modules={}) == (
        "module 'sys' is compiled and has no stub (.pyi); import it first, then what it holds can be shown"
    )


@pytest.mark.parametrize(("beside", "path"), [(".pyi", "fast.pyi"), (".py", "fast.py")])
def test_a_stub_or_source_beside_an_extension(tmp_path: Path, beside: str, path: str) -> None:
    (tmp_path / f"fast{EXTENSION_SUFFIXES[0]}").touch()
    (tmp_path / f"fast{beside}").write_text("def f(): ...\n")
    assert names(resolve("fast", path=[str(tmp_path)], modules={})) == [path]


def test_packages_and_their_parents_are_not_imported(site: Path) -> None:
    around: dict[str, Any] = {"path": [str(site)], "modules": {}, "cwd": str(site)}
    assert names(resolve("trapped", **around)) == [
        "trapped/__init__.py",
        "trapped/impl.py",
        "trapped/mod.py",
        "trapped/sub/__init__.py",
        "trapped/sub/leaf.py",
    ]
    assert names(resolve("trapped.sub", **around)) == ["trapped/sub/__init__.py", "trapped/sub/leaf.py"]
    assert names(resolve("trapped.sub.leaf", **around)) == ["trapped/sub/leaf.py"]
    assert resolve("trapped.sub.leaf", **around).root == str(site)
    leaf = resolve("trapped.sub.leaf.f", **around)
    assert (names(leaf), leaf.focus, leaf.label) == (["trapped/sub/leaf.py"], "f", "trapped.sub.leaf.f")
    assert complete("trapped.", **around) == ["trapped.impl", "trapped.mod", "trapped.sub"]
    assert failure("traped", **around).startswith("no module, path or object 'traped'. Did you mean: trapped")


def test_a_re_exported_name_is_followed_to_its_definition(site: Path) -> None:
    target = resolve("trapped.Alias.go", path=[str(site)], modules={}, cwd=str(site))
    assert (names(target), target.focus) == (["trapped/impl.py"], "Thing.go")


def test_a_namespace_package_has_all_its_portions(tmp_path: Path) -> None:
    for folder, file in (("one", "ns/deep/a.py"), ("two", "ns/deep/b.py"), ("two", "ns/deep/a.py")):
        (tmp_path / folder / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / file).write_text(folder)
    around: dict[str, Any] = {"path": [str(tmp_path / "one"), str(tmp_path / "two")], "modules": {}}
    target = resolve("ns", **around)
    assert (names(target), target.how, target.root) == (
        ["ns/deep/a.py", "ns/deep/b.py"],
        "importable namespace package",
        None,
    )
    assert target.files[0].file == str(tmp_path / "one" / "ns" / "deep" / "a.py")
    assert names(resolve("ns.deep", **around)) == ["ns/deep/a.py", "ns/deep/b.py"]
    assert names(resolve("ns.deep.b", **around)) == ["ns/deep/b.py"]


def test_modules_in_an_archive(tmp_path: Path) -> None:
    archive = tmp_path / "lib.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("zipped/__init__.py", "1/0")
        opened.writestr("zipped/mod.py", "1/0")
        opened.writestr("single.py", "1/0")
    around: dict[str, Any] = {"path": [str(archive)], "modules": {}}
    target = resolve("zipped", **around)
    assert [(ref.path, ref.file, ref.member) for ref in target.files] == [
        ("zipped/__init__.py", str(archive), "zipped/__init__.py"),
        ("zipped/mod.py", str(archive), "zipped/mod.py"),
    ]
    for text, member in (("zipped.mod", "zipped/mod.py"), ("single", "single.py")):
        (ref,) = resolve(text, **around).files
        assert (ref.path, ref.file, ref.member) == (member, str(archive), member)


def test_a_module_younger_than_the_listing_of_its_folder(tmp_path: Path) -> None:
    failure("fresh", path=[str(tmp_path)], modules={}, cwd=str(tmp_path))
    before = os.stat(tmp_path)
    (tmp_path / "fresh.py").touch()
    os.utime(tmp_path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert names(resolve("fresh", path=[str(tmp_path)], modules={})) == ["fresh.py"]


def test_an_editable_install_is_found_through_its_finder(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class EditableFinder:
        @classmethod
        def find_spec(cls, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
            if name != "trapped":
                return None
            return importlib.util.spec_from_file_location(name, site / "trapped" / "__init__.py")

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, EditableFinder])
    assert "trapped/sub/leaf.py" in names(resolve("trapped", path=[], modules={}))
    assert names(resolve("trapped.sub.leaf", path=[], modules={})) == ["trapped/sub/leaf.py"]


def test_a_finder_that_builds_or_imports_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class MesonpyMetaFinder:
        def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
            pytest.fail(f"asked for {name}")

    class Broken:
        def find_spec(self, name: str, _path: object, _target: object = None) -> ModuleSpec | None:
            raise RuntimeError(name)

    monkeypatch.setattr(sys, "meta_path", [MesonpyMetaFinder(), Broken(), *sys.meta_path])
    failure("no_such_module_at_all", modules={})


def test_lazy_modules_stay_asleep(site: Path) -> None:
    spec = importlib.util.spec_from_file_location("lazy", site / "trapped" / "mod.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    target = resolve("lazy", modules={"lazy": module}, namespace={"lazy": module})
    assert target.files[0].file == str(site / "trapped" / "mod.py")


def test_a_modules_own_getattr_is_not_called() -> None:
    module = types.ModuleType("sly")
    exec("def __getattr__(name): raise SystemExit(name)", module.__dict__)
    assert resolve("sly", modules={"sly": module}).files[0].live is module
    assert resolve("sly.nothing", modules={"sly": module}).focus == "nothing"


@pytest.mark.parametrize("entry", [None, 3, object(), "text"])
def test_odd_entries_of_sys_modules(entry: object) -> None:
    assert names(resolve("json.tool", modules={"json": entry, "json.tool": entry})) == ["json/tool.py"]  # type: ignore[dict-item]


# --- objects ------------------------------------------------------------------------------------------------------


class Sample:
    """Its members are targets below."""

    def __init__(self) -> None:
        self.held = Sample.Inner()
        self.__dict__["once"] = 5

    def method(self) -> None: ...

    @property
    def computed(self) -> int:
        raise SystemExit

    @classmethod
    def of_class(cls) -> None: ...

    @staticmethod
    def static() -> None: ...

    @functools.lru_cache  # noqa: B019
    def cached(self) -> None: ...

    @functools.cached_property
    def once(self) -> int:
        raise SystemExit

    class Inner:
        def deep(self) -> None: ...


def _decorator(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper() -> Any:
        return function()

    return wrapper


@_decorator
def decorated() -> None: ...


SPACE: dict[str, Any] = {
    "Sample": Sample,
    "thing": Sample(),
    "bound": Sample().method,
    "part": functools.partial(functools.partial(Sample.static)),
    "decorated": decorated,
    "js": json,
    "alias": list[int],
    "number": 5,
    "word": "json.decoder",
    "me": "me",
    "folder": Path(__file__).parent,
    "deque": __import__("collections").deque,
}


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("Sample", "Sample"),
        ("Sample.method", "Sample.method"),
        ("thing", "Sample"),
        ("thing.computed", "Sample.computed"),
        ("thing.of_class", "Sample.of_class"),
        ("thing.static", "Sample.static"),
        ("thing.cached", "Sample.cached"),
        ("thing.once", "Sample.once"),
        ("thing.held", "Sample.Inner"),
        ("Sample.Inner.deep", "Sample.Inner.deep"),
        ("bound", "Sample.method"),
        ("part", "Sample.static"),
        ("decorated", "decorated"),
    ],
)
def test_objects_are_found_where_they_were_written(text: str, focus: str) -> None:
    target = resolve(text, namespace=SPACE)
    assert target.focus == focus
    assert target.files[0].file == __file__
    assert target.label.endswith(f".{focus}")


@pytest.mark.parametrize(
    ("text", "path", "focus"),
    [
        ("js", "json/__init__.py", None),
        ("js.dumps", "json/__init__.py", "dumps"),
        ("js.JSONDecoder", "json/decoder.py", "JSONDecoder"),
        ("js.decoder.NaN", "json/decoder.py", "NaN"),
        ("js.tool.main", "json/tool.py", "main"),
        ("alias", "builtins", "list"),
        ("number", "builtins", "int"),
        ("len", "builtins", "len"),
        ("str.join", "builtins", "str.join"),
        ("deque", "_collections", "deque"),
        ("word", "json/decoder.py", None),
        ("json.decoder.JSONDecoder.decode", "json/decoder.py", "JSONDecoder.decode"),
    ],
)
def test_objects_of_the_standard_library(text: str, path: str, focus: str | None) -> None:
    target = resolve(text, namespace=SPACE)
    assert (target.files[0].path, target.focus) == (path, focus)


def test_how_it_was_understood() -> None:
    assert resolve("thing", namespace=SPACE).how.startswith("class of the object `thing` of ")
    assert resolve("word", namespace=SPACE).how.endswith(", named by `word`")
    assert resolve("len").how == "function `len` of the live module `builtins`"
    assert resolve("folder", namespace=SPACE).how == "folder, named by `folder`"


def test_a_text_that_holds_its_own_name_ends() -> None:
    assert failure("me", namespace=SPACE).endswith("(this is what 'me' holds)")


class Liar:
    """Every question is answered by an exception, except through the slots of `type` and `object`."""

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    def __repr__(self) -> str:
        raise SystemExit

    def __dir__(self) -> list[str]:
        raise SystemExit

    __class__ = property(lambda _: 1 / 0)  # type: ignore[assignment]
    __doc__ = property(lambda _: 1 / 0)  # type: ignore[assignment]
    __wrapped__ = property(lambda _: 1 / 0)


def _guarded() -> type:
    """A class whose metaclass answers likewise; made here, since pytest asks what stands in a module."""

    class Meta(type):
        def __getattribute__(cls, name: str) -> Any:
            raise SystemExit(name)

        def __instancecheck__(cls, _: object) -> bool:
            raise SystemExit

    class Guarded(metaclass=Meta):
        def method(self) -> None: ...

    return Guarded


def test_objects_that_lie_are_not_asked() -> None:
    space = {"liar": Liar(), "Guarded": _guarded()}
    assert resolve("liar", namespace=space).focus == "Liar"
    assert resolve("Guarded", namespace=space).focus == "_guarded.<locals>.Guarded"
    assert resolve("Guarded.method", namespace=space).focus == "_guarded.<locals>.Guarded.method"
    assert complete("liar.", namespace=space) == []
    assert complete("Guarded.m", namespace=space) == ["Guarded.method"]
    failure("liar.nothing", namespace=space)


def _incomparable() -> type:
    """A class that can neither be compared nor hashed."""

    class Meta(type):
        def __eq__(cls, _: object) -> bool:
            raise SystemExit

        def __hash__(cls) -> int:
            raise SystemExit

    class Incomparable(metaclass=Meta):
        def method(self) -> None: ...

    return Incomparable


def test_a_metaclass_is_not_asked_to_compare() -> None:
    kind = _incomparable()
    module = types.ModuleType("odd")
    vars(module).update(Kind=kind, __path__=kind(), __name__=kind(), __file__=kind(), __spec__=kind())
    space = {"thing": kind(), "Kind": kind, "part": functools.partial(kind), "odd": module}
    name = "_incomparable.<locals>.Incomparable"
    for text in ("thing", "Kind", "part", "odd.Kind"):
        assert resolve(text, namespace=space).focus == name
    for text in ("thing.method", "Kind.method", "odd.Kind.method"):
        assert resolve(text, namespace=space).focus == f"{name}.method"
    assert resolve("odd", modules={"odd": module}).files[0].live is module
    assert complete("thing.m", namespace=space) == ["thing.method"]
    failure("thing.nothing", namespace=space)


def test_circles_of_wrapped_end() -> None:
    def function() -> None: ...

    def other() -> None: ...

    function.__wrapped__, other.__wrapped__ = other, function  # type: ignore[attr-defined]
    assert resolve("f", namespace={"f": function}).focus in {
        "test_circles_of_wrapped_end.<locals>.function",
        "test_circles_of_wrapped_end.<locals>.other",
    }


def test_facts_that_are_no_text() -> None:
    odd = type("Odd", (), {"__module__": 3, "__qualname__": "Odd"})
    assert "can't be found" in failure("odd", namespace={"odd": odd})


# --- cells --------------------------------------------------------------------------------------------------------

CELLS = [
    "",
    "%load_ext kwmagic\nimport os",
    "def f():\n    pass\n\n!ls\nf?",
    "%%bash\necho hi",
    "%%time\nclass K:\n    def m(self): pass",
    "text = (\n    'a %s'\n    % 1\n)\nfiles = !ls\nfor x in text:\n    %time f()\n",
    "%kwindex .",
]


def test_dot_is_the_cells_without_their_magics() -> None:
    target = resolve(".", cells=CELLS, dot="cells")
    assert (target.label, target.root) == ("this notebook", None)
    assert {ref.path: ref.data for ref in target.files} == {
        "In[1]": b"\nimport os",
        "In[2]": b"def f():\n    pass\n\n\n",
        "In[4]": b"\nclass K:\n    def m(self): pass",
        "In[5]": b"text = (\n    'a %s'\n    % 1\n)\nfiles = ...\nfor x in text:\n    pass\n",
    }


def test_dot_is_the_folder_on_request_and_dot_slash_always(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    for text, dot in ((".", "folder"), ("./", "folder"), ("./", "cells")):
        target = resolve(text, cwd=str(tmp_path), cells=CELLS, dot=dot)  # type: ignore[arg-type]
        assert (names(target), target.label, target.root) == (["a.py"], tmp_path.name, str(tmp_path))


def test_objects_from_cells() -> None:
    space: dict[str, Any] = {"__name__": "__main__"}
    exec(compile("def f():\n    pass", "<ipython-input-2-0123456789ab>", "exec"), space)
    exec(compile("class K:\n    def m(self): pass", "/tmp/kernel/1234.py", "exec"), space)
    for text, cell, focus in (("f", "In[2]", "f"), ("K", "In[4]", "K"), ("K.m", "In[4]", "K.m")):
        target = resolve(text, namespace=space, cells=CELLS)
        assert (names(target), target.focus) == ([cell], focus)
    known = resolve("f", namespace=space, cells=CELLS, cell_files={"<ipython-input-2-0123456789ab>": 4})
    assert names(known) == ["In[4]"]
    assert names(resolve("In[2]", cells=CELLS)) == ["In[2]"]


# --- paths --------------------------------------------------------------------------------------------------------


@pytest.fixture(name="here")
def _here(tmp_path: Path) -> Path:
    for name in ("a.py", "pkg/__init__.py", "pkg/m.py", "pkg/deep/n.py", "my file.py", "json/own.py", ".hid/h.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("text", "files", "label"),
    [
        ("a.py", ["a.py"], "a.py"),
        ("./pkg/m.py", ["m.py"], "pkg/m.py"),
        ("my file.py", ["my file.py"], "my file.py"),
        ("'my file.py'", ["my file.py"], "my file.py"),
        ('"my file.py"', ["my file.py"], "my file.py"),
        (" pkg/ ", ["__init__.py", "deep/n.py", "m.py"], "pkg"),
        ("pkg/*.py", ["__init__.py", "m.py"], "pkg/*.py"),
        ("*/m.py", ["pkg/m.py"], "*/m.py"),
        ("**/n.py", ["pkg/deep/n.py"], "**/n.py"),
        ("p*", ["pkg/__init__.py", "pkg/deep/n.py", "pkg/m.py"], "p*"),
        ("?.py", ["a.py"], "?.py"),
        ("[ab].py", ["a.py"], "[ab].py"),
        (".hid/h.py", ["h.py"], ".hid/h.py"),
    ],
)
def test_paths(here: Path, text: str, files: list[str], label: str) -> None:
    target = resolve(text, cwd=str(here), modules={}, path=[])
    assert (names(target), target.label) == (files, label)
    assert all(ref.file and os.path.isfile(ref.file) for ref in target.files)


def test_home_and_absolute_paths(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    monkeypatch.setenv("USERPROFILE", str(here))
    assert names(resolve("~/a.py")) == ["a.py"]
    assert resolve(str(here / "pkg")).label == "pkg"


def test_a_part_of_a_file(here: Path) -> None:
    assert resolve("pkg/m.py::A.b", cwd=str(here)).focus == "A.b"
    assert resolve("pkg/m.py:12", cwd=str(here)).focus == ":12"


def test_a_file_named_by_hand_is_never_left_out(here: Path) -> None:
    (here / ".gitignore").write_text("*\n")
    (here / "notes.xyz").touch()
    assert names(resolve("a.py", cwd=str(here))) == ["a.py"]
    assert names(resolve("notes.xyz", cwd=str(here))) == ["notes.xyz"]
    target = resolve("pkg/", cwd=str(here))
    assert names(target) == ["__init__.py", "deep/n.py", "m.py"]


def test_what_was_left_out_is_said_once(here: Path) -> None:
    for name in ("data.bin", "photo.png", "notes.xyz"):
        (here / name).touch()
    assert resolve("./", cwd=str(here)).notes == (
        "Left out: 1 hidden (`--all` includes them); 2 binary files; 1 file of an unknown kind.",
    )
    assert ".hid/h.py" in names(resolve("./", cwd=str(here), everything=True))


def test_another_reading_is_said(here: Path) -> None:
    target = resolve("json", cwd=str(here))
    assert target.files[0].path == "json/__init__.py"
    assert target.notes == ("A folder `json` also exists here; write `./json` for it.",)
    assert names(resolve("./json", cwd=str(here))) == ["own.py"]
    assert resolve("pkg", cwd=str(here), path=[""], modules={}).notes == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_special_paths(here: Path) -> None:
    os.mkfifo(here / "x.py")
    (here / "gone.py").symlink_to("nothing")
    (here / "loop").symlink_to("loop")
    assert names(resolve("x.py", cwd=str(here))) == ["x.py"]
    assert failure("gone.py", cwd=str(here)) == "'gone.py' is a link to nothing"
    assert failure("loop", cwd=str(here)) == "'loop': is a link that leads to itself"


# --- errors and completion ----------------------------------------------------------------------------------------


def test_wrong_targets_say_what_to_do(here: Path) -> None:
    assert failure("nbfromat") == "no module, path or object 'nbfromat'. Did you mean: nbformat?"
    assert failure("os json", cwd=str(here)).startswith("one target at a time: 'os json'")
    assert failure("pkg/n.py", cwd=str(here)).startswith("no module, path or object 'pkg/n.py'. Did you mean: pkg/m.py")
    assert failure("samp1e", namespace={"sample": 1}, cwd=str(here)).endswith("Did you mean: sample?")
    assert failure("  ") == "a target is needed: a module, a path or the name of an object"


@pytest.mark.parametrize(
    "text", ["a\nb", "a\0b", "\udcff", "x" * 10_000, ".".join("x" * 500), "[", "**", "%", "::", ":1", "''"]
)
def test_rubbish_is_an_error_of_one_line(text: str, tmp_path: Path) -> None:
    failure(text, cwd=str(tmp_path))


def test_completion(here: Path) -> None:
    around: dict[str, Any] = {"namespace": {"js": json, "jar": 1, "_j": 2}, "cwd": str(here)}
    found = complete("j", **around)
    assert found[:2] == ["jar", "js"]
    assert {"json", "json/"} <= set(found)
    assert found.index("json") < found.index("json/")
    assert "_j" not in found
    assert complete("js.dump", **around) == ["js.dump", "js.dumps"]
    assert complete("markdown_it.rules_b", **around) == ["markdown_it.rules_block"]
    assert complete("pkg/", **around) == ["pkg/deep/", "pkg/__init__.py", "pkg/m.py"]
    assert complete("my", cwd=str(here), modules={}, path=[]) == ['"my file.py"']
    assert complete("'my", **around) == ["'my file.py'"]
    assert complete("nothing/at/all", **around) == []


def test_completion_keeps_its_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_: str) -> Iterator[str]:
        time.sleep(0.03)
        yield "slow"

    monkeypatch.setattr(finders, "names_in", slow)
    begin = time.monotonic()
    complete("s", path=[str(tmp_path)] * 1000)
    assert time.monotonic() - begin < 1


@pytest.mark.slow
def test_every_module_that_is_imported_here_can_be_a_target() -> None:
    assert markdown_it.__name__ in sys.modules
    for name, module in sorted(sys.modules.items()):
        is_name = name.isascii() and name.replace(".", "_").isidentifier()  # others can't be typed as one
        if is_name and inspection.is_module(module):
            assert resolve(name).files, name
