"""Work by executors: the same as here, byte for byte, whatever becomes of the workers."""

from __future__ import annotations

import asyncio
import marshal
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import Any

import pytest

from kwmagic import clusters, executors
from kwmagic.building.build import build
from kwmagic.building.report import Step
from kwmagic.errors import OptionError
from kwmagic.executors import run_chunk
from kwmagic.identity import identity
from kwmagic.projects.project import Project
from kwmagic.projects.roots import Root
from kwmagic.sharing import Work, shared

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


@pytest.fixture(autouse=True, scope="module")
def _untracked() -> Iterator[None]:
    """No child is left behind: processes that are spawned have another one that looks after their semaphores."""
    yield
    if os.name == "posix":
        resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    (folder / "pkg").mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    (folder / "pkg" / "__init__.py").touch()
    (folder / "README.md").write_text("# Repo\n\n[one](pkg/m1.py)\n")
    (folder / "pkg" / "broken.py").write_text("def f(:\n")
    (folder / "pkg" / "odd.py").write_bytes(b"x = '\xff\xfe'\n")
    for number in range(40):
        text = f"from pkg.m{(number + 1) % 40} import f{(number + 1) % 40} as f\n\n\n"
        text += f"def f{number}(a: int = {number}) -> int:\n    '''Do {number}.'''\n    return f(a)\n" * (
            number % 5 + 1
        )
        (folder / "pkg" / f"m{number}.py").write_text(text)
    return folder


Progress = Callable[[int, int], None]


def indexed(root: Path, executor: Executor | None = None, progress: Progress | None = None) -> tuple[object, list[str]]:
    """All that an index holds of a tree after one pass, and what was noted."""
    cache = root.parent / f"cache{len([*root.parent.iterdir()])}"
    with Project(Root(str(root)), cache=str(cache), executor=executor, progress=progress) as project:
        project.complete()
        return held(project), project.notes


def held(project: Project) -> object:
    files, store = project.store.files(), project.store
    blobs = dict(store.facts([*files]))
    assert len(blobs) == len(files) >= 40
    about = {path: (row.digest, row.language, row.module, row.traced) for path, row in files.items()}
    uses = [store.uses_of(f"pkg.m{number}.f{number}") for number in range(40)]
    assert all(uses)
    return about, blobs, {path: (store.evidence(path), store.imports_in(path)) for path in files}, uses


class Remote(Executor):
    """Runs what it is given at once, as `change` makes it of the number of the call and its words."""

    def __init__(
        self, answer: Callable[..., Any] = lambda _number, task, sender, content: run_chunk(task, sender, content)
    ):
        self.answer = answer
        self.calls: list[tuple[str, int]] = []
        """Task and number of items."""

    def submit(self, fn: Callable[..., Any], /, *words: Any, **named: Any) -> Future[Any]:
        assert (fn, named) == (run_chunk, {})
        self.calls.append((words[0], len(marshal.loads(words[2]))))
        future: Future[Any] = Future()
        try:
            future.set_result(self.answer(len(self.calls), *words))
        except BaseException as error:
            future.set_exception(error)
        return future


# The same results


def test_threads_and_processes(root: Path) -> None:
    expected = indexed(root)
    with ThreadPoolExecutor(3) as threads:
        assert indexed(root, threads) == expected
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert indexed(root, processes) == expected
    assert expected[1] == []


def test_content_travels_with_the_items(root: Path) -> None:
    """A worker on another machine has no such file."""

    def elsewhere(_number: int, task: str, sender: Any, content: bytes) -> Any:
        items = [[*item] for item in marshal.loads(content)]
        for item in items:
            item[2] = "/nowhere/at/all.py"
        return run_chunk(task, sender, marshal.dumps([tuple(item) for item in items]))

    remote = Remote(elsewhere)
    assert indexed(root, remote) == indexed(root)
    assert sum(number for _, number in remote.calls) > 80, "everything went there"


def test_what_can_not_be_read_is_told_by_here(root: Path) -> None:
    def without_one(executor: Executor | None) -> object:
        (root / "pkg" / "m7.py").write_text("def f7(): ...\n")
        cache = root.parent / f"cache {executor is None}"
        with Project(Root(str(root)), cache=str(cache), executor=executor) as project:
            assert "pkg/m7.py" in project.disk.files
            (root / "pkg" / "m7.py").unlink()
            project.complete()
            facts = project.facts("pkg/m7.py")
            assert facts is not None
            return facts.problems

    assert without_one(Remote()) == without_one(None) != ()


# Builds


def built(
    root: Path, executor: Executor | None = None, progress: Callable[[Step], None] | None = None
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """All pages of a tree, and what was noted; every time into a folder as far from the sources."""
    place = root.parent / f"built{len([*root.parent.iterdir()])}"
    words = str(root), str(place / "out")
    done = build(*words, cache=str(place / "cache"), jobs=1, executor=executor, progress=progress, say=pytest.fail)
    files = (path for path in (place / "out").rglob("*") if path.is_file())
    pages = {path.relative_to(place / "out").as_posix(): path.read_bytes() for path in files}
    assert len(pages) == done.pages > 80
    return pages, done.notes


def test_a_build_by_workers(root: Path) -> None:
    expected = built(root)
    remote = Remote()
    assert built(root, remote) == expected
    assert sum(number for task, number in remote.calls if task == "kwmagic.building.rendering") >= 40
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        assert built(root, processes) == expected
    assert expected[1] == ()


def _blind(folder: str) -> None:
    """Make a worker one of another machine: it can't look into a folder."""

    def watch(event: str, words: tuple[Any, ...]) -> None:
        if event in {"open", "os.listdir", "os.scandir"} and str(words[0]).startswith(folder):
            raise PermissionError(f"{event} {words[0]}")

    sys.addaudithook(watch)


def test_workers_that_have_no_sources(root: Path) -> None:
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_blind, initargs=(str(root),)) as processes:
        with pytest.raises(PermissionError):
            processes.submit(os.listdir, root).result()
        assert built(root, processes) == built(root)


def test_a_worker_killed_in_the_middle_of_a_build(root: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        killed: list[int] = []

        def kill(step: Step) -> None:
            if not killed and step.phase == "writing pages":
                killed.extend(process.pid or 0 for process in (processes._processes or {}).values())
                os.kill(killed[0], KILL)

        pages, notes = built(root, processes, kill)
    assert len(killed) == 2
    assert pages == built(root)[0]
    assert all("the rest of the work was done here." in note for note in notes)


# Workers that are lost


def test_a_worker_killed_in_the_middle(root: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        killed: list[int] = []

        def kill(_done: int, _total: int) -> None:
            if not killed:
                killed.extend(process.pid or 0 for process in (processes._processes or {}).values())
                os.kill(killed[0], KILL)

        found, notes = indexed(root, processes, kill)
    assert len(killed) == 2
    assert found == indexed(root)[0]
    (note,) = notes
    assert note.startswith("The executor takes no more work (BrokenProcessPool: ")
    assert note.endswith("); the rest of the work was done here.")


@pytest.mark.parametrize(
    "error",
    [
        *(
            BrokenProcessPool("a worker died\nsomewhere"),
            CancelledError(),
            TimeoutError(),
            OSError("gone"),
            SystemExit(3),
        ),
        *(asyncio.CancelledError(), RuntimeError("\n".join(["", "a traceback"] * 50))),
    ],
    ids=lambda error: type(error).__module__ + type(error).__name__,
)
@pytest.mark.parametrize("lost", [{3}, {1, 2, 3, 9, 10, 11}])
def test_what_was_lost_is_tried_again_in_halves(root: Path, error: BaseException, lost: set[int]) -> None:
    def some(number: int, *words: Any) -> Any:
        if number in lost:
            raise error
        return run_chunk(*words)

    remote = Remote(some)
    assert indexed(root, remote) == indexed(root)


def test_a_piece_lost_twice_is_done_here() -> None:
    sent: list[list[int]] = []

    def deadly(_number: int, _task: str, _sender: Any, content: bytes) -> Any:
        numbers = [number for (number,) in marshal.loads(content)]
        sent.append(numbers)
        if 5 in numbers:
            raise BrokenProcessPool
        return tuple(identity()), marshal.dumps(numbers)

    here: list[int] = []
    found = sorted(done(Remote(deadly), 12, here, notes := []))
    assert found == [(number, number) for number in range(12)]
    assert 5 in here
    assert len(here) < 3
    assert notes == []
    assert [5 in numbers for numbers in sent].count(True) == 2


def done(
    executor: Executor, number: int, here: list[int], notes: list[str], size: int = 100
) -> Iterator[tuple[int, Any]]:
    """*number* items that hold their own number, answered with it; those that were answered here."""
    items = [(each,) for each in range(number)]
    work = Work("none", items, [size] * number, made=lambda _, row: row, alone=lambda each: here.append(each) or each)
    with closing(shared(work, 1, executor, notes.append)) as batches:
        for batch in batches:
            yield from batch


def test_an_executor_that_loses_everything_is_given_up() -> None:
    def nothing(*_words: Any) -> Any:
        raise OSError("no route\nto anywhere")

    remote = Remote(nothing)
    remote._max_workers = 8  # type: ignore[attr-defined]  # as executors have it
    here: list[int] = []
    notes: list[str] = []
    assert len([*done(remote, 500, here, notes)]) == len(here) == 500
    assert notes == [
        "The executor lost 20 pieces of work in a row (OSError: no route); the rest of the work was done here."
    ]
    assert len(remote.calls) < 100


def test_an_executor_that_was_shut_down(root: Path) -> None:
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    found, notes = indexed(root, threads)
    assert found == indexed(root)[0]
    why = "RuntimeError: cannot schedule new futures after shutdown"
    assert notes == [f"The executor takes no more work ({why}); the rest of the work was done here."]


class Silent(Executor):
    """Never answers, but to the first few."""

    def __init__(self, answers: int) -> None:
        self.answers = answers
        self.futures: list[Future[Any]] = []

    def submit(self, _fn: Callable[..., Any], /, *words: Any, **_named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if len(self.futures) < self.answers:
            numbers = [number for (number,) in marshal.loads(words[2])]
            future.set_result((tuple(identity()), marshal.dumps(numbers)))
        self.futures.append(future)
        return future


@pytest.mark.parametrize(("answers", "name"), [(0, "FIRST"), (2, "PATIENCE")])
def test_a_silent_executor_is_not_waited_for(monkeypatch, answers: int, name: str) -> None:
    monkeypatch.setattr(executors, name, 0.0)
    silent = Silent(answers)
    here: list[int] = []
    notes: list[str] = []
    assert sorted(done(silent, 300, here, notes)) == [(number, number) for number in range(300)]
    assert 0 < len(here) <= 300
    assert notes == ["The executor gave no more answers; the rest of the work was done here."]
    assert all(future.cancelled() for future in silent.futures[answers:])


def test_few_chunks_are_on_their_way_at_once(monkeypatch) -> None:
    monkeypatch.setattr(executors, "FIRST", 0.0)
    silent = Silent(0)
    looked_at: list[int] = []
    work = Work(
        "none",
        [()] * 10_000,
        [1000] * 10_000,
        made=lambda _, row: row,
        alone=lambda number: number,
        carried=lambda number: looked_at.append(number) or (number,),
    )
    silent._max_workers = 2  # type: ignore[attr-defined]  # as executors have it
    assert sum(len(batch) for batch in shared(work, 1, silent)) == 10_000
    assert len(silent.futures) == 6, "three for each worker"
    assert len(looked_at) == 600, "contents are read when they are sent"


# Interrupted


def test_ctrl_c_takes_back_what_is_queued(root: Path) -> None:
    class Held(Silent):
        def submit(self, fn: Callable[..., Any], /, *words: Any, **named: Any) -> Future[Any]:
            if not self.futures:
                self.futures.append(Remote().submit(fn, *words))
                return self.futures[0]
            return super().submit(fn, *words, **named)

    held_back = Held(0)

    def interrupt(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    cache = str(root.parent / "cache")
    with Project(Root(str(root)), cache=cache, executor=held_back, progress=interrupt) as project:
        with pytest.raises(KeyboardInterrupt):
            project.complete()
        kept = len(project.store.files())
    assert 0 < kept < 40, "what was done is kept"
    assert len(held_back.futures) > 1
    assert all(future.cancelled() for future in held_back.futures[1:])


def test_ctrl_c_that_reached_a_worker_ends_all(root: Path) -> None:
    def interrupted(*_words: Any) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexed(root, Remote(interrupted))


# Workers that are not the same


@pytest.mark.parametrize(
    ("theirs", "message"),
    [
        (
            ("9.9", "3.0.1", "x"),
            r"the workers run kwmagic 9\.9 / Python 3\.0\.1; here it is kwmagic .+ / Python 3.+ same",
        ),
        ((*identity()[:2], "x"), r"the workers run another build of kwmagic .+, or lack grammars that are here"),
    ],
)
def test_other_workers_are_refused(root: Path, theirs: tuple[str, ...], message: str) -> None:
    remote = Remote(lambda *_words: (theirs, None))
    with pytest.raises(OptionError, match=message) as caught:
        indexed(root, remote)
    assert "\n" not in str(caught.value)


def test_a_worker_does_nothing_for_another_kwmagic() -> None:
    assert run_chunk("kwmagic.nothing", ("0", "3", "x"), b"not marshal") == (tuple(identity()), None)


def test_workers_without_kwmagic_are_refused(root: Path) -> None:
    def bare(*_words: Any) -> Any:
        raise ModuleNotFoundError("No module named 'kwmagic'")

    with pytest.raises(OptionError, match="have no kwmagic: install there"):
        indexed(root, Remote(bare))


def test_identity_does_not_depend_on_where_and_when(tmp_path: Path) -> None:
    """The same files, copied: other times, another folder, another process."""
    package = Path(executors.__file__).parent
    shutil.copytree(
        package, tmp_path / "kwmagic", ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile
    )
    code = "from kwmagic import identity; print(identity.__file__); print(identity.identity().digest)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    file, digest = answer.stdout.splitlines()
    assert Path(file).parent == tmp_path / "kwmagic"
    assert digest == identity().digest
    (tmp_path / "kwmagic" / "words.py").write_bytes(b"")
    answer = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[1] != digest


# By name


@pytest.fixture(name="module")
def _module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine_executors.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "made = []\n"
        "def threads():\n    made.append(ThreadPoolExecutor(2))\n    return made[-1]\n"
        "class Plain(ThreadPoolExecutor):\n"
        "    def shutdown(self, wait=True):\n        super().shutdown(wait)\n"
        "def plain():\n    return Plain(1)\n"
        "def wrong():\n    return 7\n"
        "def broken():\n    raise OSError('no\\nway')\n"
    )
    (tmp_path / "mine_broken.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "ipyparallel", None)
    monkeypatch.setitem(sys.modules, "dask.distributed", None)


@pytest.mark.usefixtures("module")
def test_an_executor_of_the_users_own() -> None:
    with clusters.named("mine_executors:threads") as executor:
        assert executor.submit(len, "abc").result() == 3
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(len, "abc")


@pytest.mark.usefixtures("module")
def test_an_executor_with_less_to_its_end() -> None:
    with clusters.named("mine_executors:plain") as executor:
        assert executor.submit(len, "abc").result() == 3
    with pytest.raises(RuntimeError, match="shutdown"):
        executor.submit(len, "abc")


@pytest.mark.usefixtures("module")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing", "known are ipyparallel, ipyparallel:PROFILE, dask, dask:ADDRESS and MODULE:CALLABLE"),
        ("", "known are"),
        (":f", "known are"),
        ("os:", "known are"),
        ("no_such_module_here:f", "No module named 'no_such_module_here'"),
        ("os:no_such_name", "no callable of that name"),
        ("mine_executors:made", "no callable of that name"),
        ("mine_executors:wrong", "no executor but a int"),
        ("mine_executors:broken", "OSError: no$"),
        ("mine_broken:f", "ZeroDivisionError"),
        ("a\nb:f", "No module named"),
        ("ipyparallel", r"pip install 'kwmagic\[ipyparallel\]'"),
        ("ipyparallel:profile", r"pip install 'kwmagic\[ipyparallel\]'"),
        ("dask:tcp://127.0.0.1:1", r"pip install 'kwmagic\[dask\]'"),
    ],
)
def test_no_executor_of_that_name(text: str, message: str) -> None:
    with pytest.raises(OptionError, match=message) as caught, clusters.named(text):
        pytest.fail("there is none")
    assert str(caught.value).startswith("--executor")
    assert "\n" not in str(caught.value)


# Clusters on this machine


@contextmanager
def _ipyparallel() -> Iterator[tuple[Executor, list[int]]]:
    ipyparallel = pytest.importorskip("ipyparallel")
    cluster = ipyparallel.Cluster(n=2)
    client = cluster.start_and_connect_sync(activate=False)
    try:
        yield client.executor(), client[:].apply_sync(os.getpid)
    finally:
        client.close()
        cluster.stop_cluster_sync()


@contextmanager
def _dask() -> Iterator[tuple[Executor, list[int]]]:
    distributed = pytest.importorskip("dask.distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor(), [*client.run(os.getpid).values()]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # their own
@pytest.mark.parametrize("cluster", [_ipyparallel, _dask])
def test_clusters(root: Path, cluster: Callable[[], Any]) -> None:
    expected = indexed(root)
    with cluster() as (executor, workers):
        assert indexed(root, executor) == expected

        def kill(_done: int, _total: int) -> None:
            if len(workers) == 2:
                os.kill(workers.pop(), KILL)

        assert indexed(root, executor, kill)[0] == expected[0]
        assert len(workers) == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("cluster", [_ipyparallel, _dask])
def test_builds_by_clusters(root: Path, cluster: Callable[[], Any]) -> None:
    expected = built(root)
    with cluster() as (executor, workers):
        assert built(root, executor) == expected

        def kill(step: Step) -> None:
            if len(workers) == 2 and step.phase == "writing pages":
                os.kill(workers.pop(), KILL)

        assert built(root, executor, kill)[0] == expected[0]
        assert len(workers) == 1


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_dask_by_address(root: Path) -> None:
    distributed = pytest.importorskip("dask.distributed")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        clusters.named(f"dask:{cluster.scheduler_address}") as executor,
    ):
        assert indexed(root, executor) == indexed(root)
