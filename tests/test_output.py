"""The output folder: pages appear whole, and nothing that kwmagic did not write is touched."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from kwmagic.building.lock import WAITING, sole_build
from kwmagic.building.output import Output, digest
from kwmagic.errors import ForeignError
from kwmagic.mdtext import page_mark

POSIX = pytest.mark.skipif(os.name != "posix", reason="links, modes and FIFOs as on POSIX")
NOT_ROOT = pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")


def page(path: str, text: str = "text") -> bytes:
    return f"# {text}\n\n{page_mark(path)}\n".encode()


PAGES = {
    "index.md": page("./"),
    "keywords.json": b'{"kwmagic": 1, "files": []}\n',
    "objects.inv": b"# Sphinx inventory version 2\n# \xff",
    "a/index.md": page("a/"),
    "a/x.py_docs.md": page("a/x.py"),
    "a/x.py_kw.md": page("a/x.py"),
    "a/b/y~0A.py_docs.md": page("a/b/y\n.py"),
}


@pytest.fixture(name="out")
def _out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def opened(out: Path, expected: Mapping[str, bytes] = {}) -> Output:
    return Output(str(out), expected)


def build(out: Path, pages: Mapping[str, bytes], expected: Mapping[str, bytes] = {}) -> tuple[int, list[str]]:
    """What a build does with the folder: how many pages were written, and what could not be removed."""
    found = opened(out, expected)
    kept = [each for each in sorted(found.pages.keys() - pages.keys()) if not found.remove(each)]
    found.sweep()
    return sum([found.write(each, data) for each, data in pages.items()]), kept


def digests(pages: Mapping[str, bytes]) -> dict[str, bytes]:
    return {each: digest(data) for each, data in pages.items()}


def held(out: Path) -> dict[str, bytes | str]:
    """All that is there, folders and links too."""
    found: dict[str, bytes | str] = {}
    for path in sorted(out.rglob("*")):
        kind = "link" if path.is_symlink() else "folder" if path.is_dir() else ""
        found[path.relative_to(out).as_posix()] = kind or path.read_bytes()
    return found


def pages_in(out: Path) -> dict[str, bytes | str]:
    return {path: data for path, data in held(out).items() if data != "folder"}


def test_a_build_writes_what_changed_and_removes_what_is_gone(out: Path) -> None:
    assert build(out, PAGES) == (len(PAGES), [])
    assert pages_in(out) == PAGES
    times = {path: os.stat(path).st_mtime_ns for path in out.rglob("*")}
    assert build(out, PAGES, digests(PAGES)) == (0, [])
    assert {path: os.stat(path).st_mtime_ns for path in out.rglob("*")} == times
    fewer = {"index.md": page("./", "other"), "a/index.md": PAGES["a/index.md"]}
    assert build(out, fewer, digests(PAGES)) == (1, [])
    assert held(out) == {"a": "folder", **fewer}
    assert build(out, {}, digests(fewer)) == (0, [])
    assert held(out) == {}
    assert out.is_dir()


def test_the_marks_are_enough(out: Path) -> None:
    """The state of the last build is lost."""
    build(out, PAGES)
    assert opened(out).pages == digests(PAGES)
    assert build(out, {"index.md": PAGES["index.md"]}) == (0, [])
    assert held(out) == {"index.md": PAGES["index.md"]}


def test_a_page_may_show_other_pages_marks(out: Path) -> None:
    pages = {"a/x.md_docs.md": page("a/x.md", page("other").decode())}
    build(out, pages)
    assert opened(out).pages == digests(pages)


def test_line_ends_of_a_checkout_do_not_hide_the_mark(out: Path) -> None:
    build(out, PAGES)
    (out / "a/index.md").write_bytes(PAGES["a/index.md"].replace(b"\n", b"\r\n"))
    assert build(out, PAGES) == (1, [])
    assert pages_in(out) == PAGES


def test_edited_and_deleted_pages_are_put_back(out: Path) -> None:
    build(out, PAGES)
    (out / "a/index.md").write_text("by hand, without a mark")
    (out / "keywords.json").write_text("{}")
    (out / "a/x.py_docs.md").unlink()
    found = opened(out, digests(PAGES))
    assert {each for each in PAGES if found.pages.get(each) != digest(PAGES[each])} == {
        *("a/index.md", "keywords.json", "a/x.py_docs.md"),
    }
    assert build(out, PAGES, digests(PAGES)) == (3, [])
    assert pages_in(out) == PAGES


def test_an_empty_file_is_written_over_but_not_removed(out: Path) -> None:
    """As a crash of the system leaves a page, and often the state of the build, too."""
    build(out, PAGES)
    (out / "a/index.md").write_bytes(b"")
    assert build(out, PAGES) == (1, [])
    assert pages_in(out) == PAGES
    (out / "a/index.md").write_bytes(b"")
    build(out, {})
    assert held(out) == {"a": "folder", "a/index.md": b""}


def test_a_page_that_lost_its_mark_is_not_removed(out: Path) -> None:
    build(out, PAGES)
    (out / "a/index.md").write_text("by hand, without a mark")
    assert build(out, {}, digests(PAGES)) == (0, ["a/index.md"])
    assert held(out) == {"a": "folder", "a/index.md": b"by hand, without a mark"}


def test_a_page_with_the_mark_of_another_place_goes_where_it_is_known(out: Path) -> None:
    """The place in its mark does not matter where its bytes are those that were written."""
    pages = {"doc.md": page("elsewhere/")}
    build(out, pages)
    assert opened(out).pages == {}
    assert build(out, {}, digests(pages)) == (0, [])
    assert held(out) == {}


def test_what_has_no_mark_stays_whatever_is_said_of_it(out: Path) -> None:
    """The state of the last build may be forged."""
    out.mkdir()
    (out / "doc.md").write_bytes(b"by hand\n")
    assert build(out, {}, digests({"doc.md": b"by hand\n"})) == (0, ["doc.md"])
    assert held(out) == {"doc.md": b"by hand\n"}


FOREIGN = {
    "notes.md": b"hand-written",
    "index.md": b"hand-written",
    "README.md": page("README.md"),
    "x.md": page("x.py"),
    "other/index.md": page("./"),
    "other/x.py_docs.md": page("x.py"),
    "other/keywords.json": PAGES["keywords.json"],
    "a/y.py_docs.md": page("a/y.py") + b"and more\n",
    "a/~y.py_docs.md": page("a/?y.py") + b"and more\n",
    "a/z.py_docs.md": b"",
    "a/forged.py_docs.md": page_mark("a/forged.py").encode() + b" text",
    "keywords.json": b'{"kwmagic": 2}',
    ".kwmagic-notes.tmp": b"",
    "a/.kwmagic-0123456789abcdef.tmp.md": b"",
}


@pytest.mark.parametrize("expected", [{}, digests(PAGES), dict.fromkeys(["../victim.md", "/victim.md", "\0", ""], b"")])
def test_what_kwmagic_did_not_write_stays(out: Path, expected: Mapping[str, bytes]) -> None:
    """Also the pages of another output inside this one, and whatever the state says."""
    for path, data in FOREIGN.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    victim = out.parent / "victim.md"
    victim.write_bytes(page("victim.md"))
    before = held(out)
    build(out, {}, expected)
    assert held(out) == before
    assert victim.exists()
    if not expected:
        for path in ("index.md", "keywords.json", "a/forged.py_docs.md"):
            with pytest.raises(ForeignError, match=f"^{path} was not written by kwmagic and is left as it is"):
                opened(out).write(path, b"new")
        assert held(out) == before


def test_known_bytes_are_no_licence_outside_the_output(out: Path, tmp_path: Path) -> None:
    victim = tmp_path / "index.md"
    victim.write_bytes(b"mine")
    build(out, PAGES)
    found = opened(out, {"../index.md": digest(b"mine")})
    for forged in ("../index.md", str(victim), "a/../../index.md", "a//x.py_docs.md"):
        with pytest.raises(ValueError, match="no path in the output"):
            found.remove(forged)
        with pytest.raises(ValueError, match="no path in the output"):
            found.write(forged, b"new")
    found.sweep()
    assert victim.read_bytes() == b"mine"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _link(path: Path) -> None:
    path.symlink_to(path.parent.parent / "victim")


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


@POSIX
@pytest.mark.parametrize("make", [Path.mkdir, _fifo, _link, _dangling])
@pytest.mark.parametrize("place", ["index.md", "a"])
def test_odd_entries_are_neither_followed_nor_replaced(out: Path, make: object, place: str) -> None:
    assert callable(make)
    out.mkdir()
    victim = out.parent / "victim"
    victim.mkdir()
    (victim / "x.py_docs.md").write_bytes(page("a/x.py"))
    make(out / place)
    state = os.lstat(out / place).st_mode
    target = "index.md" if place == "index.md" else "a/x.py_docs.md"
    found = opened(out, {target: digest(page("a/x.py"))})
    assert found.pages == {}
    found.sweep()
    if stat.S_ISDIR(state) and place == "a":
        found.sweep()
        assert not (out / "a").exists(), "an emptied folder of ours"
        assert found.write(target, b"new")
    else:
        with pytest.raises(ForeignError, match=f"^{place} is (?:a folder|a link|no regular file)"):
            found.write(target, b"new")
        assert os.lstat(out / place).st_mode == state
    assert (victim / "x.py_docs.md").read_bytes() == page("a/x.py")
    assert len([*victim.iterdir()]) == 1


@POSIX
def test_a_folder_that_becomes_a_link_is_not_entered(out: Path) -> None:
    build(out, PAGES)
    found = opened(out, digests(PAGES))
    (out / "a").rename(out.parent / "moved")
    (out / "a").symlink_to(out.parent / "moved")
    assert not found.remove("a/index.md")
    (out / "a/b/y~0A.py_docs.md").unlink()
    opened(out, digests(PAGES)).sweep()
    assert (out.parent / "moved/index.md").exists()
    assert (out.parent / "moved/b").exists()


@POSIX
@pytest.mark.parametrize("change", [Path.mkdir, _fifo, _dangling])
def test_a_page_that_becomes_something_else_is_not_removed(out: Path, change: object) -> None:
    assert callable(change)
    build(out, PAGES)
    found = opened(out, digests(PAGES))
    (out / "index.md").unlink()
    change(out / "index.md")
    assert not found.remove("index.md")
    assert os.path.lexists(out / "index.md")


@POSIX
def test_the_output_itself_may_be_a_link(out: Path) -> None:
    (out.parent / "real").mkdir()
    out.symlink_to("real")
    build(out, PAGES)
    assert build(out, PAGES, digests(PAGES)) == (0, [])
    assert pages_in(out.parent / "real") == PAGES


def test_the_output_may_not_be_a_file(out: Path) -> None:
    out.write_text("mine")
    with pytest.raises(OSError) as caught:
        opened(out)
    assert caught.value.filename == str(out)
    assert out.read_text() == "mine"


def test_a_folder_comes_where_a_page_was_and_back(out: Path) -> None:
    one = {"x.py_docs.md": page("x.py"), "index.md": page("./")}
    two = {"x.py_docs.md/index.md": page("x.py_docs.md/"), "index.md": page("./", "2")}
    for pages, last in ((one, {}), (two, one), (one, two)):
        build(out, pages, digests(last))
        assert pages_in(out) == pages


def test_what_a_killed_build_left_is_swept(out: Path) -> None:
    build(out, PAGES)
    (out / "a/.kwmagic-0123456789abcdef.tmp").write_bytes(b"half")
    (out / ".kwmagic-0123456789abcdef.tmp").write_bytes(b"")
    (out / "a/b/y~0A.py_docs.md").unlink()
    pages = {path: data for path, data in PAGES.items() if not path.startswith("a/b")}
    assert build(out, pages, digests(PAGES)) == (0, [])
    assert held(out) == {"a": "folder", **pages}


@POSIX
def test_pages_have_the_mode_of_any_new_file(out: Path) -> None:
    old = os.umask(0o027)
    try:
        build(out, PAGES)
        assert stat.S_IMODE((out / "a/index.md").stat().st_mode) == 0o640
        assert stat.S_IMODE((out / "a").stat().st_mode) == 0o750
    finally:
        os.umask(old)


@pytest.mark.parametrize("call", ["open", "write", "close", "replace", "mkdir"])
def test_an_error_names_the_page_and_leaves_the_old_one(out: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    """Once for each system call that a full disk can show in."""
    build(out, {"index.md": PAGES["index.md"]})
    found = opened(out)
    real = getattr(os, call)

    def fails(first: object, *_others: object) -> None:
        if call == "close":
            real(first)
        raise OSError(errno.ENOSPC, "No space left on device", first if isinstance(first, str) else None)

    target = "a/index.md" if call == "mkdir" else "index.md"
    monkeypatch.setattr(os, call, fails)
    with pytest.raises(OSError) as caught:
        found.write(target, b"new")
    monkeypatch.undo()
    assert caught.value.errno == errno.ENOSPC
    assert caught.value.filename == str(out / ("a" if call == "mkdir" else target))
    assert held(out) == {"index.md": PAGES["index.md"]}
    assert found.write(target, b"new")


def test_a_build_that_was_killed_between_two_folders(out: Path) -> None:
    build(out, PAGES)
    shutil.rmtree(out / "a/b")
    for path in ("index.md", "x.py_docs.md", "x.py_kw.md"):
        (out / "a" / path).unlink()
    opened(out, digests(PAGES)).sweep()
    assert not (out / "a").exists()


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
def test_an_emptied_folder_that_cannot_be_removed(out: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    build(out, PAGES)
    found = opened(out)

    def fails(folder: str) -> None:
        raise OSError(code, os.strerror(code), folder)

    monkeypatch.setattr(os, "rmdir", fails)
    if code == errno.EACCES:
        assert found.remove("a/b/y~0A.py_docs.md")
        assert found.problems == {"a/b": "permission denied"}
    else:
        with pytest.raises(OSError) as caught:
            found.remove("a/b/y~0A.py_docs.md")
        assert caught.value.filename == str(out / "a/b")
    monkeypatch.undo()
    opened(out, digests(PAGES)).sweep()
    assert not (out / "a/b").exists()


def test_pages_larger_than_one_read(out: Path) -> None:
    pages = {"a/x.py_docs.md": page("a/x.py", "x" * 3_000_000)}
    build(out, pages)
    assert opened(out).pages == digests(pages)


@POSIX
@NOT_ROOT
def test_what_cannot_be_read_is_told(out: Path) -> None:
    build(out, PAGES)
    (out / "a").chmod(0)
    (out / "index.md").chmod(0)
    try:
        assert opened(out).problems == {"a": "permission denied", "index.md": "permission denied"}
    finally:
        (out / "a").chmod(0o700)


@POSIX
def test_folders_deeper_than_the_stack(out: Path) -> None:
    deep = "/".join("d" * 1200)
    build(out, {f"{deep}/x_docs.md": page(f"{deep}/x")})
    assert build(out, {}) == (0, [])
    assert held(out) == {}


@POSIX
def test_names_that_are_no_text_or_no_names_on_windows(out: Path) -> None:
    (out / "c:\\d").mkdir(parents=True)
    (out / "c:\\d/index.md").write_bytes(page("c:\\d/"))
    (out / os.fsdecode(b"\xff_docs.md")).write_bytes(b"")
    assert opened(out).pages == {"c:\\d/index.md": digest(page("c:\\d/"))}


# --- the lock ---------------------------------------------------------------------------------------------------------


def test_a_second_build_waits_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    order: list[str] = []

    def second() -> None:
        with sole_build(str(tmp_path / "x/../out"), str(tmp_path / "cache"), told.append):
            order.append("second")

    with sole_build(str(tmp_path / "out"), str(tmp_path / "cache"), told.append):
        with sole_build(str(tmp_path / "other"), str(tmp_path / "cache"), told.append):
            order.append("another folder")
        thread = threading.Thread(target=second)
        thread.start()
        for _ in range(1000):
            if not told:
                thread.join(0.01)
        order.append("first")
    thread.join()
    assert order == ["another folder", "first", "second"]
    assert told == [WAITING]


def test_a_killed_build_holds_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom kwmagic.building.lock import sole_build\n"
        "with sole_build(*sys.argv[1:], print): print('held', flush=True); sys.stdin.read()"
    )
    arguments = [str(tmp_path / "out"), str(tmp_path / "cache")]
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        process.kill()
    told: list[str] = []
    with sole_build(*arguments, told.append):
        assert told == []


def test_without_a_cache_the_build_goes_on(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    told: list[str] = []
    with sole_build(str(tmp_path / "out"), str(tmp_path / "cache/deep"), told.append):
        assert len(told) == 1
    assert told[0].startswith("no lock can be made in the cache (")


def test_an_error_in_the_build_frees_the_lock(tmp_path: Path) -> None:
    arguments = str(tmp_path / "out"), str(tmp_path / "cache")
    with pytest.raises(KeyError) as caught, sole_build(*arguments, print):
        raise KeyError
    told: list[str] = []
    with sole_build(*arguments, told.append):
        assert told == []
    assert caught  # whose traceback holds the lock, so that it is not freed for being forgotten
