"""From files to facts: whatever a file holds or an analyser does, every file has an answer, in the order given."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kwmagic import analysis, sharing, trust, workers
from kwmagic.analysis import Interrupted, analyse, analyse_all
from kwmagic.model import FileFacts, FileRef, Problem
from kwmagic.walking import walk

PACKAGE = Path(analysis.__file__).parent
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and zombies as on POSIX")


@pytest.fixture(autouse=True)
def _strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test passes over a failing analyser, a thread or a process that is left behind."""
    monkeypatch.setattr(analysis, "STRICT", True)
    monkeypatch.setattr(analysis, "_known", analysis._Known())
    yield
    assert [thread.name for thread in threading.enumerate() if "kwmagic" in thread.name] == []
    if os.name == "posix":
        with contextlib.suppress(ChildProcessError):
            assert os.waitpid(-1, os.WNOHANG) == "no child"


def text_ref(text: str, path: str = "m.py") -> FileRef:
    return FileRef(path, data=text.encode())


def facts_of(text: str, path: str = "m.py") -> FileFacts:
    return analysis.analyse(text_ref(text, path))


def planted(root: Path, count: int = 12, **special: str) -> list[FileRef]:
    """*count* small files and those with a special content, by name."""
    texts = {f"f{number:02}": f"def f{number}(): ...\n" for number in range(count)} | special
    for name, text in texts.items():
        (root / f"{name}.py").write_text(text, "utf-8")
    return [FileRef(f"{name}.py", str(root / f"{name}.py")) for name in sorted(texts)]


def messages(facts: list[FileFacts]) -> dict[str, str]:
    return {each.path: each.problems[0].message for each in facts if each.problems}


# --- Python -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("m.py", "m"),
        ("pkg/m.pyi", "m"),
        ("torch/nn/__init__.py", "nn"),
        ("nn/__init__.pyi", "nn"),
        ("__init__.py", "__init__"),
        ("bin/tool", "tool"),
        ("In[3]", "In[3]"),
        (".py", ".py"),
        ("a/m.test.py", "m.test"),
    ],
)
def test_the_module_comes_first(path: str, name: str) -> None:
    ref = FileRef(path, data=b'"""Doc."""\n\ndef f(): ...\n', language="Python")
    module, function = analyse(ref).symbols
    assert module[:7] == ("module", name, name, 1, 3, None, "Doc.")
    assert function.name == "f"


@pytest.mark.parametrize(
    ("text", "lines", "end"), [("", 0, 1), ("x", 1, 1), ("x\n", 1, 1), ("x\n\n", 2, 2), ("x\n\ny", 3, 3)]
)
def test_lines_and_size(text: str, lines: int, end: int) -> None:
    facts = facts_of(text)
    assert (facts.lines, facts.size, facts.symbols[0].end_line) == (lines, len(text), end)
    assert (facts.language, facts.engine) == ("Python", "scanner")


def reexports(text: str, path: str) -> list[str]:
    found = facts_of(text, path).imports
    return [each.alias or each.name or each.module for each in found if "re-export" in each.flags]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("m.py", "from a import b\nimport c\n", [], id="a plain import is none"),
        pytest.param("m.py", "from .a import b\n", [], id="outside an __init__ neither"),
        pytest.param("m.py", "from a import b as b, c as d\nimport e as e\n", ["b", "e"], id="redundant alias"),
        pytest.param("m.py", "__all__ = ['b', 'x']\nfrom a import b, c\nimport x.y\n", ["b", "x.y"], id="__all__"),
        pytest.param("m.py", "__all__ = ['d']\nfrom a import b as d, d as b\n", ["d"], id="__all__ names the alias"),
        pytest.param("p/__init__.py", "from .a import b, _c\nfrom os import d\n", ["b"], id="package"),
        pytest.param("p/__init__.py", "__all__ = ['x']\nfrom .a import b\n", [], id="package with __all__"),
        pytest.param("p/__init__.py", "from . import a\nfrom ..q import b\n", ["a", "b"], id="relative"),
        pytest.param("p/__init__.py", "from .a import *\n", ["*"], id="star"),
        pytest.param("p/__init__.py", "from .a import b as _b, _c as c\n", ["c"], id="public is what it is called"),
        pytest.param("t/n/__init__.py", "from t.n.a import b\nfrom t.n import c\n", ["b", "c"], id="own dotted name"),
        pytest.param("t/n/__init__.pyi", "from t.nn import b\nfrom t import c\nfrom n import d\n", [], id="others"),
        pytest.param("src/p/__init__.py", "from p.a import b\n", ["b"], id="below src"),
        pytest.param("p/__init__.py", "def f():\n    from .a import b\n", [], id="local"),
        pytest.param("p/__init__.py", "import p.a\n", [], id="import binds the package"),
        pytest.param("__init__.py", "from .a import b\nfrom c import d\n", ["b"], id="no folder"),
    ],
)
def test_reexports(path: str, text: str, expected: list[str]) -> None:
    assert reexports(text, path) == expected


def test_flags_stay_sorted() -> None:
    found = facts_of("try:\n    from .a import *\nexcept E:\n    pass\n", "p/__init__.py").imports
    assert found[0].flags == ("conditional", "re-export", "star")


def test_problems_of_source_and_scanner_both_stand() -> None:
    found = analysis.analyse(FileRef("m.py", data=b"# coding: nonsense\nclass A(\n"))
    assert len(found.problems) >= 2
    assert "coding cookie" in found.problems[0].message


# --- one file -----------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    refused = FileRef("x.py", problem=Problem(0, "is a FIFO"))
    assert analyse(refused) == FileFacts(refused, "Python", "none", problems=(Problem(0, "is a FIFO"),))
    missing = FileRef("y.py", str(tmp_path / "y.py"))
    assert analyse(missing) == FileFacts(missing, "Python", "none", problems=(Problem(0, "no such file"),))
    strange = FileRef("z.unheard-of", data=b"text")
    assert analyse(strange).engine == "generic"
    assert analyse(strange).flags == ("low confidence",)


def test_scripts_archives_cells_and_live_modules(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("p/m.py", "def inside(): ...\n")
    assert analyse(FileRef("p/m.py", str(archive), "p/m.py")).symbols[1].name == "inside"
    assert analyse(FileRef("tool", data=b"#!/usr/bin/env python3\nx = 1\n")).symbols[1].name == "x"
    assert analyse(FileRef("In[2]", data=b"y = 1\n")).symbols[1].name == "y"
    assert analyse(FileRef("math", live=math)).engine == "live"


def test_a_failing_analyser_is_a_problem_of_its_file_and_tests_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> FileFacts:
        raise ValueError("two\nlines")

    monkeypatch.setattr(analysis, "_analyser", lambda _: fail)
    with pytest.raises(ValueError, match="two"):
        analyse(text_ref("x"))
    monkeypatch.setattr(analysis, "STRICT", False)
    assert messages([analyse(text_ref("x"))]) == {"m.py": "the analyser failed: ValueError: two lines"}


# --- many files ---------------------------------------------------------------------------------------------------


def test_processes_say_what_one_process_says(tmp_path: Path) -> None:
    refs = [
        *walk(str(PACKAGE)).files,
        *planted(tmp_path, 3, odd="class \udce9: ...".encode("utf-8", "replace").decode()),
        text_ref("def here(): ...\n", "odd\udce9.py"),
        FileRef("gone.py", str(tmp_path / "gone.py")),
        FileRef("fifo.py", problem=Problem(0, "is a FIFO")),
        FileRef("math", live=math),
        FileRef("In[1]", data=b"x = 1"),
    ]
    serial = analyse_all(refs, jobs=1)
    assert [facts.ref for facts in serial] == refs
    assert sum(len(facts.symbols) for facts in serial) > 300
    for jobs in (2, 3):
        assert analyse_all(refs, jobs=jobs) == serial


def test_garbage_is_collected_afterwards(tmp_path: Path) -> None:
    assert gc.isenabled()
    analyse_all(planted(tmp_path), jobs=2)
    assert gc.isenabled()
    gc.disable()
    try:
        analyse_all(planted(tmp_path), jobs=2)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_no_files_and_one_file() -> None:
    assert analyse_all([]) == []
    assert analyse_all([], jobs=2) == []
    assert [facts.path for facts in analyse_all([text_ref("x")], jobs=2)] == ["m.py"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_ends_at_the_total(tmp_path: Path, jobs: int) -> None:
    seen: list[tuple[int, int]] = []
    analyse_all(planted(tmp_path), jobs=jobs, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(set(seen))
    assert seen[-1] == (12, 12)


def test_few_bytes_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "run", None)
    assert len(analyse_all(planted(tmp_path))) == 12


def test_many_bytes_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "SMALL", 10)
    monkeypatch.setattr(workers, "processors", lambda: 2)
    asked: list[int] = []
    run = workers.run
    monkeypatch.setattr(workers, "run", lambda *args, **how: asked.append(args[3]) or run(*args, **how))
    assert len(analyse_all(planted(tmp_path))) == 12
    assert asked == [2]


def test_chunks_hold_each_file_once_the_largest_first() -> None:
    sizes = [10, 2_000_000, 0, 300_000, 300_000, *[1] * 300]
    chunks = workers.chunks(sizes, 2)
    assert sorted(index for chunk in chunks for index in chunk.indexes) == list(range(len(sizes)))
    assert chunks[0].indexes == (1,)
    assert all(len(chunk.indexes) <= workers.MOST_FILES for chunk in chunks)
    assert all(chunk.size == sum(sizes[index] for index in chunk.indexes) for chunk in chunks)
    assert workers.chunks([], 2) == []


# --- workers that misbehave ---------------------------------------------------------------------------------------

FAULTY = """
import os, sys, time
from kwmagic import analysis
read = analysis.read
def fault(ref):
    source = read(ref)
    if "DIE" in source.text:
        os._exit(9)
    if "HANG" in source.text:
        time.sleep(1000)
    if "FAIL" in source.text:
        raise ValueError("broken")
    if "PRINT" in source.text:
        print("noise", flush=True)
    return source
analysis.read = fault
serve(analysis.answer)
"""


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that do what the file they read says."""
    monkeypatch.setattr(workers, "CHILD", workers.CHILD.partition("serve(")[0] + FAULTY)


@pytest.mark.usefixtures("faulty")
def test_a_file_that_kills_its_worker_loses_nothing_else(tmp_path: Path) -> None:
    refs = planted(tmp_path, 30, f07b="DIE", f20b="DIE", z="x = 'PRINT'")
    facts = analyse_all(refs, jobs=2)
    assert [each.ref for each in facts] == refs
    died = "the process that analysed it died (exit status 9)"
    assert messages(facts) == {"f07b.py": died, "f20b.py": died}
    assert all(len(each.symbols) == 2 for each in facts if not each.problems)


@pytest.mark.slow
@pytest.mark.usefixtures("faulty")
def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 4.0)  # the start of a worker on a busy machine counts too
    facts = analyse_all(planted(tmp_path, 6, slow="HANG"), jobs=2)
    assert messages(facts) == {"slow.py": "took too long to analyse"}
    assert sum(len(each.symbols) for each in facts) == 12


@pytest.mark.usefixtures("faulty")
def test_a_failure_in_a_worker_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = planted(tmp_path, 6, bad="FAIL")
    with pytest.raises(RuntimeError, match="the analyser failed: ValueError: broken"):
        analyse_all(refs, jobs=2)
    monkeypatch.setattr(analysis, "STRICT", False)
    assert messages(analyse_all(refs, jobs=2)) == {"bad.py": "the analyser failed: ValueError: broken"}


@pytest.mark.parametrize("executable", ["", None, "/nowhere/python", os.devnull])
def test_without_processes_it_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    assert len(analyse_all(planted(tmp_path), jobs=2)) == 12


@pytest.mark.parametrize("child", ["raise SystemExit(1)", "import sys; sys.stdin.read(1)", "print('not ours')"])
def test_a_worker_that_is_none_of_ours_is_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str
) -> None:
    monkeypatch.setattr(workers, "CHILD", child)
    monkeypatch.setattr(workers, "PATIENCE", 1.0)
    facts = analyse_all(planted(tmp_path), jobs=2)
    assert sum(len(each.symbols) for each in facts) == 24


def test_an_application_that_embeds_python_is_not_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert workers.available()
    monkeypatch.setattr(sys, "executable", "/opt/blender")
    assert not workers.available()
    monkeypatch.undo()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert not workers.available()


# --- Ctrl-C -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupted_holds_what_was_done(tmp_path: Path, jobs: int) -> None:
    refs = planted(tmp_path, 40)

    def stop(done: int, total: int) -> None:
        if done > total // 4:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted) as interrupted:
        analyse_all(refs, jobs=jobs, progress=stop)
    facts = interrupted.value.facts
    assert 10 < len(facts) < 40
    assert [each.ref for each in facts] == [ref for ref in refs if ref in {each.ref for each in facts}]
    assert interrupted.value.__cause__ is None


INTERRUPTED = """
import os, sys, threading
from kwmagic import analysis, workers
from kwmagic.model import FileRef
print("started", flush=True)
workers.CHILD = workers.CHILD.partition("serve(")[0] + "import time; serve(lambda *item: time.sleep(1000))"
refs = [FileRef(f"{number}.py", data=b"x") for number in range(10)]
try:
    analysis.analyse_all(refs, jobs=2)
except analysis.Interrupted as interrupted:
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    print(len(interrupted.facts), left, flush=True)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("no children", flush=True)
"""


@POSIX
@pytest.mark.parametrize("group", [False, True], ids=["parent", "group"])
def test_ctrl_c_ends_workers_at_once(tmp_path: Path, group: bool) -> None:
    script = tmp_path / "script.py"  # without the guard that multiprocessing would need
    script.write_text(INTERRUPTED, "utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(1.0)
        began = time.monotonic()
        (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
        answer, _ = process.communicate(timeout=20)
    assert answer == "0 []\nno children\n"
    assert time.monotonic() - began < 10  # the workers would sleep for 1,000


# --- what is known already ----------------------------------------------------------------------------------------


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "SETTLED", 0.0)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("jobs", [1, 2])
def test_unchanged_files_are_not_read_again(tmp_path: Path, jobs: int) -> None:
    refs = planted(tmp_path, 4)
    first = analyse_all(refs, jobs=jobs, trust_stat=True)
    again = analyse_all(refs, jobs=jobs, trust_stat=True)
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert analyse(refs[2], trust_stat=True) is first[2]
    assert analyse(refs[2]) is not first[2]
    Path(str(refs[1].file)).write_text("def changed(): ...\n")
    changed = analyse_all(refs, jobs=jobs, trust_stat=True)
    assert [one is other for one, other in zip(first, changed, strict=True)] == [True, False, True, True]
    assert changed[1].symbols[1].name == "changed"


@pytest.mark.usefixtures("settled")
def test_the_path_belongs_to_what_is_known(tmp_path: Path) -> None:
    (ref, *_) = planted(tmp_path, 1)
    assert analyse(ref, trust_stat=True).symbols[0].name == "f00"
    assert analyse(FileRef("other.py", ref.file), trust_stat=True).symbols[0].name == "other"


def test_a_file_just_written_is_read_again(tmp_path: Path) -> None:
    """Two changes within one tick of the file system's clock leave size, times and inode alike."""
    (ref, *_) = planted(tmp_path, 1)
    assert analyse(ref, trust_stat=True) is not analyse(ref, trust_stat=True)


@pytest.mark.usefixtures("settled")
def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refs = planted(tmp_path, 10)
    monkeypatch.setattr(analysis._Known, "FILES", 3)
    first = analyse_all(refs, trust_stat=True)
    assert len(analysis._known.facts) == 3
    assert analyse(refs[9], trust_stat=True) is first[9]
    assert analyse(refs[0], trust_stat=True) is not first[0]
    monkeypatch.setattr(analysis._Known, "SIZE", 1)
    analyse(refs[1], trust_stat=True)
    assert not analysis._known.facts
    assert analysis._known.size == 0


@pytest.mark.usefixtures("settled")
def test_content_in_hand_is_never_taken_from_memory(tmp_path: Path) -> None:
    (ref, *_) = planted(tmp_path, 1)
    analyse(ref, trust_stat=True)
    assert analyse(FileRef(ref.path, ref.file, data=b"x = 1"), trust_stat=True).symbols[1].name == "x"
