"""What changed since a commit: definitions matched between two states of files, and the listing of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from repository import NEEDS_GIT, Repository

from kwmagic import analysis, comparing, documents, targets
from kwmagic.changelist import Changes
from kwmagic.errors import OptionError, TargetError
from kwmagic.evidence.changes import compare
from kwmagic.evidence.differences import Pair, Version
from kwmagic.links import Reader
from kwmagic.model import FileRef
from kwmagic.options import IndexOptions
from kwmagic.results import Limits


def version(path: str, text: str | None) -> Version | None:
    if text is None:
        return None
    ref = FileRef(path, data=text.encode())
    return Version(analysis.analyse(ref), f"{hash(text)}", lambda: text)


def changes(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """`added a.py f`, one a change; by file, in their order."""
    pairs = [Pair(version(path, old.get(path)), version(path, new.get(path))) for path in sorted(old | new)]
    told = []
    for each in compare(pairs):
        if each.what == "moved":
            told.append(f"renamed {each.old.path} {each.new.path}")
        for one in each.changes:
            from_ = f" from {one.old_file.path}" if one.old and one.new and one.old_file.path != each.facts.path else ""
            told.append(f"{one.what} {each.facts.path} {one.symbol.qualname}{from_}")
    return told


def differences(old: str, new: str, path: str = "a.py") -> list[tuple[str, str, str]]:
    (each,) = compare([Pair(version(path, old), version(path, new))])
    return [tuple(difference) for one in each.changes for difference in one.differences]


# Definitions of one file


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param("def f(a): ...", "def f(a, b=1): ...", [("signature", "(a)", "(a, b=1)")], id="parameter"),
        pytest.param("def f(): ...", "def f() -> int: ...", [("signature", "()", "() -> int")], id="result"),
        pytest.param("X = 1", "X = 2", [("signature", "= 1", "= 2")], id="value"),
        pytest.param("def f(): ...", "async def f(): ...", [("flags", "", "async")], id="async"),
        pytest.param("def f(): ...", "@a\n@b(1)\ndef f(): ...", [("decorators", "", "@a @b(1)")], id="decorators"),
        pytest.param(
            "def f(): ...", "f = 1", [("kind", "function", "variable"), ("signature", "()", "= 1")], id="kind"
        ),
        pytest.param("import x\ndef f(): ...", "if x:\n    def f(): ...", [("condition", "", "if x")], id="condition"),
        pytest.param("def f():\n    'A.'\n    return 1", "# c\ndef f():\n    return 2", [], id="doc, body and place"),
    ],
)
def test_what_differs(old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(what, was.strip(), now.strip()) for what, was, now in differences(old, new)] == expected


def test_bases_are_said_once() -> None:
    assert differences("class C(A): ...", "class C(A, B): ...") == [("signature", "(A)", "(A, B)")]


def test_a_value_that_facts_cut_short_is_compared_as_written() -> None:
    old = "TABLE = [\n" + "".join(f"    'entry number {number}',\n" for number in range(50)) + "]\n"
    assert differences(old, "\n\n" + old) == []
    ((what, was, now),) = differences(old, old.replace("number 49", "number 50"))
    assert what == "source"
    assert was.endswith("'entry number 49', ]")
    assert now.endswith("'entry number 50', ]")


def test_definitions_of_one_name() -> None:
    """Those that are alike belong together, then those under the same condition, then those left."""
    overloads = "@overload\ndef f(a: {}): ...\n@overload\ndef f(a: str): ...\ndef f(a): ...\n"
    (change,) = compare([Pair(version("a.py", overloads.format("int")), version("a.py", overloads.format("float")))])[
        0
    ].changes
    assert (change.old.line, change.new.line, change.differences[0].new) == (2, 2, "(a: float)")
    either = "if x:\n    def f({}): ...\nelse:\n    def f(): ...\n"
    assert changes({"a.py": either.format("")}, {"a.py": either.format("a")}) == ["changed a.py f"]
    assert changes({"a.py": "def f(): ...\n"}, {"a.py": either.format("a")}) == ["changed a.py f", "added a.py f"]
    assert changes({"a.py": either.format("a")}, {"a.py": "def f(): ...\n"}) == ["changed a.py f", "removed a.py f"]


def test_added_and_removed() -> None:
    old = "class A:\n    def m(self): ...\n    def n(self): ...\ndef f():\n    def g(): ...\n"
    new = "class A:\n    x = 1\n    def n(self): ...\nclass B: ...\n"
    assert changes({"a.py": old}, {"a.py": new}) == [
        *["added a.py A.x", "added a.py B"],
        *["removed a.py A.m", "removed a.py f", "removed a.py f.<locals>.g"],
    ]


# From file to file


BIG = "class Big:\n    x = 1\n    def m(self, a): ...\n    def n(self): ...\n"


def test_a_definition_that_moved_takes_along_what_is_in_it() -> None:
    new = BIG.replace("(self, a)", "(self, b)").replace("def n", "def o")
    told = changes({"a.py": BIG + "def f(): ...", "b.py": "y = 1"}, {"a.py": "def f(): ...", "b.py": "y = 1\n" + new})
    assert told == [
        *["moved b.py Big from a.py", "changed b.py Big.m from a.py", "added b.py Big.o"],
        "removed b.py Big.n",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            {"a.py": "def f(a): ...", "b.py": ""},
            {"a.py": "", "b.py": "def f(b): ..."},
            ["removed a.py f", "added b.py f"],
            id="another signature",
        ),
        pytest.param(
            {"a.py": "def f(): ...", "b.py": "def f(): ...", "c.py": ""},
            {"a.py": "", "b.py": "", "c.py": "def f(): ..."},
            ["removed a.py f", "removed b.py f", "added c.py f"],
            id="from one of two files",
        ),
        pytest.param(
            {"a.py": "def f(): ...", "b.py": "", "c.py": ""},
            {"a.py": "", "b.py": "def f(): ...", "c.py": "def f(): ..."},
            ["removed a.py f", "added b.py f", "added c.py f"],
            id="to two files",
        ),
        pytest.param(
            {"a.py": "__all__ = ['f']", "b.py": ""},
            {"a.py": "", "b.py": "__all__ = ['f']"},
            ["removed a.py __all__", "added b.py __all__"],
            id="a name that many files have",
        ),
        pytest.param(
            {"a.py": "def f(): ...", "b.py": "x = 1"},
            {"a.py": "def f(): ...", "b.py": "x = 1\ndef f(): ..."},
            ["added b.py f"],
            id="a copy",
        ),
    ],
)
def test_what_has_not_moved(old, new, expected) -> None:
    assert changes(old, new) == expected


def test_renamed_files() -> None:
    code = "def f(): ...\ndef g(): ...\nclass C: ...\n"
    assert changes({"a.py": code}, {"b.py": code}) == ["renamed a.py b.py"]
    assert changes({"a.py": code}, {"x/a.py": code + "z = 1\n"}) == ["renamed a.py x/a.py", "added x/a.py z"]
    edited = code.replace("def g():", "def g(a):")
    assert changes({"a.py": code}, {"b.py": edited}) == ["renamed a.py b.py", "changed b.py g from a.py"]
    assert changes({"a.py": code, "x/b.py": code}, {"b.py": code}) == [
        *["removed a.py f", "removed a.py g", "removed a.py C"],
        "renamed x/b.py b.py",
    ]
    unlike = "def h(): ...\ndef i(): ...\nclass D: ...\ndef f(): ...\n"
    assert "moved b.py f from a.py" in changes({"a.py": code}, {"b.py": unlike})
    assert changes({"a.py": ""}, {"b.py": ""}) == []


def test_many_files_of_the_same_definitions_take_no_time() -> None:
    """Which of a thousand became which can't be told, and must not be tried."""
    text = "def main(): ...\ndef run(): ...\n# {}\n"
    old = {f"a{number}.py": text.format(number) for number in range(1000)}
    new = {f"b{number}.py": text.format(-1 - number) for number in range(1000)}
    assert len(changes(old, new)) == 4000


# Since a commit


@pytest.fixture(name="repository")
def _repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return Repository(tmp_path / "repo")


def since(target: str | Path, ref: str = "HEAD", cwd: Path | None = None, **options) -> Changes:
    everything = options.pop("everything", False)
    found = targets.resolve(f"{target}", namespace={}, cwd=cwd and str(cwd), everything=everything)
    return Changes(
        comparing.since(found, ref, everything=everything), IndexOptions(**options), Reader("vscode", str(cwd))
    )


def told(found: Changes) -> list[str]:
    return [f"{one.what} {(one.new_file or one.old_file).path} {one.symbol.qualname}" for one in found]


@NEEDS_GIT
def test_a_folder(repository) -> None:
    repository.commit(
        pk__a_py="def f(a):\n    '''Eff.'''\nLIMIT = 1\n",
        pk__gone_py="def old(): ...\n",
        pk__same_py="x = 1\n",
        other_py="def outside(): ...\n",
    )
    repository.git("tag", "v1.2")
    repository.write(pk__a_py="\ndef f(a, b=1):\n    '''Eff.'''\nLIMIT = 1\nclass New:\n    '''It is new.'''\n")
    repository.write(pk__sub__new_py="def g(): ...\n", other_py="")
    (repository.folder / "pk" / "gone.py").unlink()
    found = since("pk/", "v1.2", repository.folder)
    assert told(found) == ["changed a.py f", "added a.py New", "removed gone.py old", "added sub/new.py g"]
    assert repr(found).endswith("since v1.2: 2 added, 1 removed, 1 changed, 1 new file, 1 removed file>")
    page = found.to_markdown()
    assert "· 2 added, 1 removed, 1 changed, 1 new file, 1 removed file since `v1.2` (`" in page
    assert ", 2024-05-06: a commit)" in page
    assert "function [`f(a, b=1)` · L2–3](pk/a.py#L2) — was `f(a)`" in page
    assert "class [`New` · L5–6](pk/a.py#L5) — It is new." in page
    assert "- [`sub/new.py` · new file](pk/sub/new.py)" in page
    assert "## Removed (1), lines as of `v1.2`\n\n- `gone.py` · file removed\n    - function `old()` · was L1" in page
    assert page.rstrip().endswith("<!-- kwmagic page of pk -->")


@NEEDS_GIT
def test_a_package_a_file_and_a_pattern(repository, monkeypatch) -> None:
    repository.commit(mypk____init___py="", mypk__a_py="x = 1\n", mypk__b_py="x = 1\n", mypk__c_py="y = 1\n")
    repository.put("mypk/notes.md", "# Old\n")
    repository.commit()
    repository.write(mypk__a_py="x = 2\n", mypk__b_py="x = 3\n")
    (repository.folder / "mypk" / "c.py").unlink()
    (repository.folder / "mypk" / "notes.md").unlink()
    monkeypatch.syspath_prepend(str(repository.folder))
    everywhere = ["changed mypk/a.py x", "changed mypk/b.py x", "removed mypk/c.py y"]
    assert told(since("mypk")) == everywhere
    assert told(since("mypk.a")) == ["changed mypk/a.py x"]
    assert told(since("mypk/a.py", cwd=repository.folder)) == ["changed a.py x"]
    matched = since("mypk/*.py", cwd=repository.folder)
    assert told(matched) == ["changed a.py x", "changed b.py x"]
    assert "Files that were removed are not looked for" in matched.to_markdown()
    assert "Files that were removed" not in since("mypk").to_markdown()


@NEEDS_GIT
def test_what_the_walk_leaves_out_is_left_out(repository) -> None:
    repository.commit(a_py="x = 1\n")
    repository.put(".gitignore", "made/\n")
    repository.put(".hidden/h.py", "h = 1\n")
    repository.put("made/m.py", "m = 1\n")
    repository.put("unknown.xyz", "x")
    repository.commit("hidden ones")
    repository.git("add", "-f", "made/m.py")
    repository.git("commit", "-qm", "ignored, but known")
    for name in (".hidden/h.py", "unknown.xyz"):
        (repository.folder / name).unlink()
    repository.put("made/m.py", "m = 2\n")
    folder = f"{repository.folder}{os.sep}"
    assert told(since(folder)) == []
    assert told(since(folder, everything=True)) == ["removed .hidden/h.py h", "changed made/m.py m"]
    assert told(since(f"{folder}made/")) == ["changed m.py m"], "what is asked for by name is looked at"
    repository.put("venv/lib/x.py", "x = 1\n")
    repository.put(".gitignore", "venv/\n")
    with pytest.raises(OptionError, match="git is told to ignore"):
        since(f"{folder}venv/")


@NEEDS_GIT
def test_line_ends_alone_are_no_change(repository) -> None:
    repository.commit(a_py="x = 1\ndef f(): ...\n", b_py="x = 1\n")
    repository.write(a_py="x = 1\r\ndef f(): ...\r\n", b_py="x = 1\n# more\n")
    found = since(f"{repository.folder}{os.sep}")
    assert [each.facts.path for each in found.files] == ["b.py"]
    assert "Changed in nothing that is listed here (1): [`b.py`]" in found.to_markdown()
    assert "no definition changed since" in found.to_markdown()


@NEEDS_GIT
def test_what_git_only_points_to(repository) -> None:
    text = "x = 1\n"
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 6\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    repository.commit(a_py=pointer.format(digest), b_py=pointer.format("0" * 64), c_py=pointer.format("1" * 64))
    repository.write(a_py=text, b_py=text)
    (repository.folder / "c.py").unlink()
    found = since(f"{repository.folder}{os.sep}")
    assert told(found) == []
    assert [path for path, _ in found.problems] == ["b.py", "c.py"]
    assert "only holds a pointer" in found.to_markdown()


@NEEDS_GIT
def test_repositories_inside_are_told_and_not_compared(repository) -> None:
    repository.commit(a_py="x = 1\n")
    inner = Repository(repository.folder / "inner")
    inner.commit(b_py="y = 1\n", deep__c_py="z = 1\n")
    found = since(f"{repository.folder}{os.sep}")
    assert told(found) == []
    assert "Not compared: 2 files of other repositories inside this one." in found.to_markdown()
    assert told(since(f"{inner.folder}{os.sep}")) == []


@NEEDS_GIT
def test_what_can_not_be_read_is_not_taken_for_removed(repository) -> None:
    repository.commit(a_py="x = 1\n", b_py=b"\0\0\xff\xfe\0 not text \0" * 40, c_py="x = 1\n")
    repository.write(a_py=b"\0\0\xff\xfe\0 not text \0" * 40, b_py="y = 1\n")
    found = since(f"{repository.folder}{os.sep}")
    assert told(found) == []
    assert [path for path, _ in found.problems] == ["a.py", "b.py"]
    assert "as of " in dict(found.problems)["b.py"].message
    (repository.folder / "b.py").unlink()
    (repository.folder / "c.py").unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(repository.folder / "c.py")
        assert "c.py" in dict(since(f"{repository.folder}{os.sep}").problems)


@NEEDS_GIT
def test_a_folder_in_the_place_of_a_file(repository) -> None:
    repository.commit(a_py="x = 1\n", b__c_py="y = 1\n")
    (repository.folder / "a.py").unlink()
    repository.put("a.py/inner.py", "z = 1\n")
    shutil.rmtree(repository.folder / "b")
    repository.put("b", "text")
    assert told(since(f"{repository.folder}{os.sep}")) == [
        *["removed a.py x", "added a.py/inner.py z", "removed b/c.py y"]
    ]


@NEEDS_GIT
def test_what_lies_behind_a_closed_door_is_not_gone(repository) -> None:
    repository.commit(a_py="x = 1\n", b__c_py="y = 1\n")
    (repository.folder / "b").chmod(0)
    try:
        if os.access(repository.folder / "b", os.R_OK):
            pytest.skip("nothing is closed to this user")
        assert told(since(f"{repository.folder}{os.sep}")) == []
    finally:
        (repository.folder / "b").chmod(0o755)


@NEEDS_GIT
@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links")
def test_links(repository, tmp_path) -> None:
    repository.commit(pk__a_py="x = 1\n")
    repository.write(pk__a_py="x = 2\n")
    (tmp_path / "way").symlink_to(repository.folder / "pk")
    (tmp_path / "one.py").symlink_to(repository.folder / "pk" / "a.py")
    assert told(since(f"{tmp_path}/way/")) == ["changed a.py x"]
    assert told(since(tmp_path / "one.py")) == ["changed one.py x"]


@NEEDS_GIT
def test_options_hold_for_before_and_now(repository) -> None:
    repository.commit(a_py="def old(): ...\nclass C: ...\n_p = 1\ndef thing(): ...\n", d__b_py="def deep(): ...\n")
    repository.write(a_py="def new(): ...\nclass C(B): ...\n_p = 2\nclass thing: ...\n", d__b_py="")
    folder = f"{repository.folder}{os.sep}"
    assert told(since(folder, kinds=("function",))) == [
        *["added a.py new", "changed a.py thing", "removed a.py old", "removed d/b.py deep"]
    ]
    assert told(since(folder, match="C")) == ["changed a.py C"]
    assert "_p" not in since(folder, private=False).to_markdown()
    assert "deep" not in since(folder, depth=1).to_markdown()
    assert told(since(folder).find("ne*")) == ["added a.py new"]
    by_file = since(folder, group="file").to_markdown()
    assert by_file.index("- added (1)") < by_file.index("- changed (3)") < by_file.index("- removed (1)")


@NEEDS_GIT
def test_json(repository) -> None:
    repository.commit(a_py="def f(): ...\n", b_py="x = 1\ndef g(): ...\ndef h(): ...\n")
    repository.write(a_py="def f(a): ...\n")
    (repository.folder / "b.py").rename(repository.folder / "c.py")
    found = since(f"{repository.folder}{os.sep}")
    data = found.to_dict()
    assert json.loads("".join(found.json_text())) == data
    assert list(data) == ["kwmagic", "target", "since", "files", "problems"]
    assert data["since"] == {
        "ref": "HEAD",
        "commit": repository.git("rev-parse", "--short", "HEAD"),
        "date": "2024-05-06",
    }
    assert "Renamed: a file that is gone and a new one" in found.to_markdown()
    assert "Renamed, with the same definitions (1): [`c.py` · renamed from `b.py`](" in found.to_markdown()
    assert " · renamed from `b.py`" in found.to_markdown()
    first, second = data["files"]
    assert (first["path"], first["old_path"], first["what"]) == ("a.py", None, "changed")
    assert (second["path"], second["old_path"], second["what"]) == ("c.py", "b.py", "moved")
    (change,) = first["changes"]
    assert change["differences"] == [{"what": "signature", "old": "()", "new": "(a)"}]
    assert (change["old"]["signature"], change["new"]["line"], change["new"]["kind"]) == ("()", 1, "function")


@NEEDS_GIT
def test_one_definition(repository) -> None:
    """By its name, though it is gone, or by a line of it."""
    repository.commit(a_py="class A:\n    def m(self): ...\ndef gone(): ...\ndef f(): ...\n")
    repository.write(a_py="class A:\n    def m(self, a): ...\n    def n(self): ...\ndef f(b): ...\n")
    file = repository.folder / "a.py"
    for focus, expected in (
        ("::A", ["changed a.py A.m", "added a.py A.n"]),
        ("::A.m", ["changed a.py A.m"]),
        ("::gone", ["removed a.py gone"]),
        (":4", ["changed a.py f"]),
    ):
        assert told(documents.changes(f"{file}{focus}", "HEAD")) == expected
    assert "`A` in the file" in documents.changes(f"{file}::A", "HEAD").to_markdown()
    with pytest.raises(TargetError, match="no 'nothing' is defined"):
        documents.changes(f"{file}::nothing", "HEAD")
    repository.commit()
    assert told(documents.changes(f"{file}::A", "HEAD")) == []


@NEEDS_GIT
def test_on_the_command_line(repository) -> None:
    repository.commit(a_py="def f(): ...\n")
    repository.write(a_py="def f(a): ...\n")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "kwmagic", "index", *words]
        return subprocess.run(command, cwd=repository.folder, capture_output=True, text=True, check=False)

    done = run("a.py", "--since", "HEAD")
    assert (done.returncode, done.stderr) == (0, "")
    assert "was `f()`" in done.stdout
    assert json.loads(run(".", "--since", "HEAD", "--format", "json").stdout)["files"][0]["path"] == "a.py"
    done = run("a.py", "--since", "HAED")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "kwmagic index: --since: 'HAED' names no commit of this repository. Did you mean: HEAD?\n"


@NEEDS_GIT
def test_in_a_cell(repository, monkeypatch) -> None:
    repository.commit(a_py="def f(): ...\n")
    repository.write(a_py="def f(a): ...\n")
    monkeypatch.chdir(repository.folder)
    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "kwmagic")
        with capture_output():
            found = shell.run_cell("found = %kwindex a.py --since HEAD\nfound").result
            missing = shell.run_cell("%kwindex --since HEAD")
            other = shell.run_cell("%%kwindex --since HEAD\nx = 1")
    finally:
        InteractiveShell.clear_instance()
    assert [change.differences for change in found.changed] == [(("signature", "()", "(a)"),)]
    assert "was f()" in found._repr_mimebundle_()["text/plain"]
    for outcome in (missing, other):
        assert str(outcome.error_in_exec).endswith("--since needs a target whose files git knows")


@NEEDS_GIT
def test_a_cell_stays_small(repository) -> None:
    repository.commit(a_py="")
    for number in range(30):
        repository.put(f"m{number}.py", "".join(f"def f{each}():\n    '''Doc {each}.'''\n" for each in range(20)))
    whole = since(f"{repository.folder}{os.sep}")
    assert "600 added, 30 new files" in whole.to_markdown()
    for limits, text in (
        (Limits(25_000, 2_000), "Held back to keep this cell small: the first sentences of docstrings."),
        (Limits(200_000, 100), "Held back to keep this cell small: 600 entries."),
        (Limits(200_000, 10), "and 20 more files"),
        (Limits(10, 10), "Too long for one cell"),
    ):
        found = Changes(whole._all, IndexOptions(), limits=limits)
        bundle = found._repr_mimebundle_()
        assert text in bundle["text/markdown"].replace("…", ""), limits
        assert len(bundle["text/markdown"].encode()) <= max(limits.bytes, 500)


def test_what_is_no_file() -> None:
    with pytest.raises(OptionError, match="--since compares files, and math is none"):
        since("math")


@NEEDS_GIT
def test_notebooks_and_other_languages(repository) -> None:
    def notebook(source: str) -> str:
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": source,
        }
        return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    repository.put("n.ipynb", notebook("def f(a): ..."))
    repository.put("m.c", "int f(int a) { return 1; }\n")
    repository.put("r.md", "# A\n\n## B\n")
    repository.put("run", "#!/bin/sh\nold() { :; }\n")
    repository.commit()
    repository.put("n.ipynb", notebook("\ndef f(b): ..."))
    repository.put("m.c", "int f(long a) { return 2; }\n")
    repository.put("r.md", "# A\n\n## C\n")
    (repository.folder / "run").unlink()
    assert told(since(f"{repository.folder}{os.sep}")) == [
        *["changed m.c f", "changed n.ipynb f", "added r.md A > C", "removed r.md A > B", "removed run old"]
    ]


@NEEDS_GIT
@pytest.mark.skipif(sys.platform == "win32", reason="a name of many characters that Windows has not")
def test_hostile_names_stay_text(repository) -> None:
    name = "<b>`x`*[a](b) $y$.py"
    repository.put(name, "def f(): ...\n")
    repository.commit("<script>`x`</script>")
    repository.put(name, "def f(a='<script>'): ...\n")
    found = since(f"{repository.folder}{os.sep}")
    markdown = found._repr_mimebundle_()["text/markdown"]
    assert "<script>" not in markdown.replace("`f(a='<script>')`", "")
    assert told(found) == [f"changed {name} f"]


@NEEDS_GIT
def test_a_big_difference_is_shared_out_to_processes(repository) -> None:
    repository.commit(**{f"m{number}_py": f"def f{number}(): ...\n" for number in range(6)})
    for number in range(6):
        repository.put(f"m{number}.py", f"def f{number}(a): ...\n" + "# padding\n" * 60_000)
    found = since(f"{repository.folder}{os.sep}")
    assert told(found) == [f"changed m{number}.py f{number}" for number in range(6)]
