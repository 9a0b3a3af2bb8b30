"""What is asked of git: true answers, and nothing of a repository's configuration runs."""

from __future__ import annotations

import os
import random
import shutil
import stat
import sys
from pathlib import Path

import pytest
from repository import NEEDS_GIT, Repository

from kwmagic import comparing, targets
from kwmagic.errors import OptionError
from kwmagic.git import asking, history, latest, versions

pytestmark = NEEDS_GIT
POSIX = pytest.mark.skipif(os.name == "nt", reason="scripts with a #! line")


@pytest.fixture(name="repository")
def _repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return Repository(tmp_path / "repo")


def since(folder: Path, ref: str):
    return comparing.since(targets.resolve(f"{folder}{os.sep}", namespace={}), ref)


def co_changed(root: Path, kept: dict[str, bytes] | None = None):
    kept = {} if kept is None else kept
    return history.co_changed(str(root), kept.get, kept.__setitem__)


def last_commits(root: Path, kept: dict[str, bytes] | None = None):
    kept = {} if kept is None else kept
    return latest.last_commits(str(root), kept.get, kept.__setitem__)


# Nothing of the repository runs

ARMED = {
    "core.fsmonitor": "{script}",
    "core.hooksPath": "{hooks}",
    "core.pager": "{script}",
    "core.editor": "{script}",
    "core.sshCommand": "{script}",
    "core.askPass": "{script}",
    "core.gitProxy": "{script}",
    "core.alternateRefsCommand": "{script}",
    "pager.log": "true",
    "credential.helper": "{script}",
    "diff.external": "{script}",
    "diff.armed.textconv": "{script}",
    "diff.armed.command": "{script}",
    "filter.armed.clean": "{script}",
    "filter.armed.smudge": "{script}",
    "filter.armed.required": "true",
    "gpg.program": "{script}",
    "gpg.format": "openpgp",
    "log.showSignature": "true",
    "alias.log": "!{script}",
    "alias.rev-parse": "!{script}",
    "sequence.editor": "{script}",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.partialCloneFilter": "blob:none",
    "remote.origin.url": "{folder}",
    "remote.origin.uploadpack": "{script}",
    "protocol.allow": "always",
    "protocol.file.allow": "always",
    "uploadpack.packObjectsHook": "{script}",
}
SIGNED = """tree {tree}
parent {parent}
author A <a@example.org> 1714996800 +0000
committer A <a@example.org> 1714996800 +0000
gpgsig -----BEGIN PGP SIGNATURE-----
 iHUEABYKAB0WIQ
 -----END PGP SIGNATURE-----

signed
"""


def arm(repository: Repository, tmp_path: Path) -> Path:
    """A history of two commits, the last one signed, and everything set that git may run; where it leaves a trace."""
    first = repository.commit("first", a_py="def f(): ...\n", lost_py="def lost(): ...\n", gone_py="def gone(): ...\n")
    repository.put(".gitattributes", "* diff=armed filter=armed merge=armed\n")
    repository.commit("second", a_py="def f(a): ...\n")
    tree = repository.git("rev-parse", "HEAD^{tree}")
    raw = SIGNED.format(tree=tree, parent=first).encode()
    repository.git("reset", "-q", "--hard", repository.git("hash-object", "-t", "commit", "-w", "--stdin", given=raw))
    (repository.folder / "lost.py").write_text("def other(): ...\n")
    (repository.folder / "gone.py").unlink()
    blob = repository.git("rev-parse", f"{first}:lost.py")
    trace, script, hooks = tmp_path / "trace", tmp_path / "script", tmp_path / "hooks"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> "{trace}"\nexit 1\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout", "fsmonitor-watchman"):
        shutil.copy(script, hooks / name)
    for key, value in ARMED.items():
        repository.git("config", key, value.format(script=script, hooks=hooks, folder=repository.folder))
    (repository.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    return trace


@POSIX
def test_nothing_of_the_configuration_runs(repository, tmp_path) -> None:
    trace = arm(repository, tmp_path)
    folder = repository.folder
    commit = history.last_commit(str(folder / "a.py"))
    assert commit is not None
    assert commit.subject == "signed"
    assert last_commits(folder)("a.py") == history.last_commit(str(folder / "a.py"))
    co_changed(folder)("a.py")
    found = since(folder, "HEAD~1")
    assert [change.symbol.name for change in found.changes] == ["f", "gone"]
    assert [ref.path for ref, _ in found.problems] == ["lost.py"], "its old content is missing, and not fetched"
    with pytest.raises(OptionError):
        since(folder, "HEAD~7")
    assert not trace.exists(), trace.read_text()


@POSIX
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("status",), id="monitor and filters"),
        pytest.param(("log", "-1"), id="signatures"),
        pytest.param(("log", "-1", "-p"), id="external diffs"),
        pytest.param(("show", "HEAD~1:lost.py"), id="fetching what is missing"),
        pytest.param(("tag", "x"), id="hooks"),
    ],
)
def test_the_trap_works(repository, tmp_path, words) -> None:
    """Git asked in the usual way runs what is configured: else the test above would show nothing."""
    trace = arm(repository, tmp_path)
    repository.git(*words, fails=True)
    assert trace.exists()


@POSIX
def test_git_is_never_taken_from_the_folder(repository, tmp_path, monkeypatch) -> None:
    program = repository.put("git", f'#!/bin/sh\ntouch "{tmp_path}/trace"\n')
    program.chmod(0o755)
    monkeypatch.chdir(repository.folder)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", os.environ["PATH"]]))
    assert asking.ask(str(repository.folder), "version").out.startswith(b"git version")
    assert not (tmp_path / "trace").exists()


def test_the_repository_is_that_of_the_folder(repository, tmp_path, monkeypatch) -> None:
    """A notebook started from a hook has variables of another one around it."""
    repository.commit("mine", a_py="x = 1\n")
    other = Repository(tmp_path / "other")
    other.commit("other", a_py="x = 2\n")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.folder))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "nowhere"))
    assert history.last_commit(str(repository.folder / "a.py")).subject == "mine"


# Bounds


@POSIX
@pytest.mark.parametrize(
    ("script", "most", "code"),
    [
        pytest.param("exec sleep 60", 100, None, id="silent"),
        pytest.param("exec yes", 100, None, id="endless"),
        pytest.param("exec yes >&2", 100, None, id="endless complaint"),
        pytest.param("cat > /dev/null; echo done", 100, 0, id="takes its input"),
        pytest.param("echo done", 100, 0, id="does not take it"),
    ],
)
def test_an_answer_is_bounded(tmp_path, monkeypatch, script, most, code) -> None:
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), os.environ["PATH"]]))
    answer = asking.ask(str(tmp_path), "log", given=b"x" * 1_000_000, seconds=0.5, most=most)
    assert answer is not None
    assert len(answer.out) <= most
    assert answer.whole is (code == 0)
    assert answer.succeeded is (code == 0)
    assert answer.out == (b"done\n" if code == 0 else answer.out)


def test_what_can_not_be_asked(tmp_path, monkeypatch) -> None:
    assert asking.ask(str(tmp_path / "nothing here"), "version") is None
    assert asking.ask(str(tmp_path), "log", "a\0b") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert asking.ask(str(tmp_path), "version") is None
    assert history.last_commit(str(tmp_path / "a.py")) is None
    assert co_changed(tmp_path)("a.py") == []
    with pytest.raises(OptionError, match="needs git, which is not on PATH"):
        since(tmp_path, "HEAD")


# States of a repository


def test_no_repository_and_no_commit(repository, tmp_path) -> None:
    with pytest.raises(OptionError, match="is in no git repository"):
        since(tmp_path, "HEAD")
    repository.write(a_py="x = 1\n")
    assert history.last_commit(str(repository.folder / "a.py")) is None
    assert co_changed(repository.folder)("a.py") == []
    with pytest.raises(OptionError, match="has no commit yet"):
        since(repository.folder, "HEAD")


def test_a_repository_of_another_user(repository, monkeypatch) -> None:
    repository.commit(a_py="x = 1\n")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert history.last_commit(str(repository.folder / "a.py")) is None
    assert co_changed(repository.folder)("a.py") == []
    with pytest.raises(OptionError, match="trusts no repository of another user") as caught:
        since(repository.folder, "HEAD")
    assert "\n" not in str(caught.value)


def test_gits_own_folder_and_a_bare_repository(repository, tmp_path) -> None:
    repository.commit(a_py="x = 1\n")
    bare = Repository(tmp_path / "bare", "--bare")
    for folder in (repository.folder / ".git", bare.folder):
        with pytest.raises(OptionError, match="working tree"):
            since(folder, "HEAD")
        assert co_changed(folder)("a.py") == []


def test_a_broken_repository_is_one_line(repository) -> None:
    repository.commit(a_py="x = 1\n")
    repository.put(".git/config", "[core\nbroken\n")
    assert history.last_commit(str(repository.folder / "a.py")) is None
    with pytest.raises(OptionError, match="git says: bad config line 1") as caught:
        since(repository.folder, "HEAD")
    assert "\n" not in str(caught.value)


def test_a_shallow_clone(repository, tmp_path) -> None:
    for number in range(4):
        repository.commit(a_py=f"x = {number}\n", b_py=f"x = {number}\n")
    shallow = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth", "1", repository.folder.as_uri(), str(shallow))
    assert co_changed(repository.folder)("a.py") == [("b.py", 4, 4)]
    assert co_changed(shallow)("a.py") == []
    assert since(shallow, "HEAD").changes == []
    with pytest.raises(OptionError, match=r"shallow clone, which lacks older commits\)\. The newest names are: main"):
        since(shallow, "HEAD~2")


def test_a_worktree_and_a_merge_in_progress(repository, tmp_path) -> None:
    first = repository.commit(a_py="x = 1\n")
    repository.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = tmp_path / "side"
    (side / "a.py").write_text("x = 2\n")
    assert [change.what for change in since(side, first).changes] == ["changed"]
    assert history.last_commit(str(side / "a.py")).subject == "a commit"
    repository.git("-C", str(side), "commit", "-q", "-am", "two")
    repository.commit(a_py="x = 3\n")
    repository.git("merge", "-q", "side", fails=True)
    found = since(repository.folder, first)
    assert "A merge is in progress in this repository." in found.target.notes
    assert "x" in {change.symbol.name for change in found.changes}


@pytest.mark.parametrize("ref", ["v1.1", "--all", "HEAD\0", "main..v1.0", "é\n", "HEAD:a.py", "@{9}", ""])
def test_a_bad_ref_is_one_line_with_close_names(repository, ref) -> None:
    repository.commit(a_py="x = 1\n")
    for name in ("v1.0", "v1.10", "v1.12", "v1.2"):
        repository.git("tag", name)
    with pytest.raises(OptionError, match="names no commit") as caught:
        since(repository.folder, ref)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()
    if ref == "v1.1":
        names = str(caught.value).rpartition("Did you mean: ")[2].rstrip("?").split(", ")
        assert len(names) == 3
        assert {*names} <= {"v1.0", "v1.10", "v1.12", "v1.2"}


def test_refs_of_all_sorts(repository) -> None:
    first = repository.commit("first", a_py="x = 1\n")
    repository.git("tag", "-m", "annotated", "v1.0")
    repository.commit("second", a_py="x = 2\n")
    for ref in ("v1.0", "HEAD~1", first, first[:9], "HEAD^", "refs/tags/v1.0"):
        found = since(repository.folder, ref)
        assert (found.commit.subject, found.commit.date, len(found.changes)) == ("first", "2024-05-06", 1), ref


def test_sha256_repositories(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    repository = Repository(tmp_path / "long", "--object-format=sha256")
    repository.commit(a_py="x = 1\n", b_py="x = 1\n")
    repository.write(a_py="x = 2\n")
    assert [each.facts.path for each in since(repository.folder, "HEAD").files] == ["a.py"]


# Last commits

FILES = ["a.py", "b.py", "c.py", "é.py", "sub/a.py", "sub/b.py", "sub/deep/c.py"]


def grow(repository: Repository, number: int, seed: int) -> None:
    """A history with branches, merges of two to four, roots of their own, and merges that change what they merge."""
    chance = random.Random(seed)
    rows = []
    for mark in range(1, number + 1):
        parents = chance.sample(range(max(1, mark - 6), mark), min(chance.choice([1, 1, 1, 2, 2, 4]), mark - 1, 6))
        if chance.random() < 0.03 and mark < number:
            parents = []
        rows += [f"commit refs/heads/{'main' if mark == number else f'b{mark}'}", f"mark :{mark}"]
        rows += [
            f"committer A <a@b> {1_700_000_000 + chance.randrange(10**6)} +0000",
            f"data {len(str(mark))}",
            str(mark),
        ]
        rows += [f"{'merge' if place else 'from'} :{parent}" for place, parent in enumerate(parents)]
        for name in chance.sample(FILES, chance.choice([0, 1, 1, 2])) if parents else FILES:
            value = chance.choice("xyz")
            rows += [f"M 100644 inline {name}", "data 1", value] if chance.random() < 0.9 else [f"D {name}"]
    repository.git("fast-import", "--quiet", given="\n".join([*rows, ""]).encode())
    (repository.folder / "sub" / "deep").mkdir(parents=True, exist_ok=True)


def held(repository: Repository) -> list[str]:
    return repository.git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")[:-1]


def assert_same(root: Path, known, names: list[str]) -> int:
    """As many as there are an answer for."""
    for name in names:
        assert known(name) == history.last_commit(str(root / name)), name
    return sum(known(name) is not None for name in names)


@pytest.mark.parametrize("seed", range(6))
def test_last_commits_are_those_of_each_file(repository, seed) -> None:
    grow(repository, 120, seed)
    names = held(repository)
    assert assert_same(repository.folder, last_commits(repository.folder), names) == len(names)
    assert len(names) > 3
    below = [name.removeprefix("sub/") for name in names if name.startswith("sub/")]
    assert assert_same(repository.folder / "sub", last_commits(repository.folder / "sub"), below) == len(below)


def test_last_commits_follow_the_head(repository) -> None:
    """From the ones known before, wherever HEAD goes."""
    grow(repository, 90, 7)
    kept: dict[str, bytes] = {}
    for mark in [20, 30, 31, 50, 45, 60, 89]:
        repository.git("update-ref", "refs/heads/main", f"b{mark}")
        assert assert_same(repository.folder, last_commits(repository.folder, kept), held(repository)) > 3
        assert len(kept) == 1


def test_last_commits_are_found_once_and_go_on_from_there(repository, monkeypatch) -> None:
    repository.commit("one", a_py="x = 1\n", b_py="x = 1\n")
    kept: dict[str, bytes] = {}
    assert last_commits(repository.folder, kept)("b.py").subject == "one"
    asked = []
    ask = latest.ask
    monkeypatch.setattr(
        latest, "ask", lambda folder, *words, **more: asked.append(words) or ask(folder, *words, **more)
    )
    again = latest.last_commits(str(repository.folder), kept.get, lambda *_: pytest.fail("found again"))
    assert again("a.py").subject == "one"
    assert [words[0] for words in asked] == ["rev-parse"]
    first = repository.git("rev-parse", "HEAD")
    repository.commit("two", a_py="x = 2\n")
    asked.clear()
    now = last_commits(repository.folder, kept)
    assert (now("a.py").subject, now("b.py").subject) == ("two", "one")
    assert [f"^{first}" in words for words in asked if words[0] == "rev-list"] == [True], "only what is new is read"
    kept.update(dict.fromkeys(kept, b"damaged"))
    assert last_commits(repository.folder, kept)("b.py").subject == "one"


def test_what_has_no_last_commit(repository, tmp_path, monkeypatch) -> None:
    assert last_commits(tmp_path)("a.py") is None
    assert last_commits(repository.folder)("a.py") is None
    repository.commit(a_py="x = 1\n", gone_py="x = 1\n")
    (repository.folder / "gone.py").unlink()
    repository.commit()
    repository.write(new_py="x = 1\n")
    known = last_commits(repository.folder)
    assert [name for name in ("a.py", "gone.py", "new.py", "", "a.py/b") if known(name)] == ["a.py"]
    assert last_commits(tmp_path / "nowhere")("a.py") is None
    monkeypatch.setattr(latest, "_MOST", 1)
    assert last_commits(repository.folder)("a.py") is None


def test_last_commits_of_a_shallow_clone(repository, tmp_path) -> None:
    """Its oldest commit has every file, and touched few of them."""
    for number in range(4):
        repository.commit(f"{number}", a_py=f"x = {number}\n", **({"b_py": "x = 1\n"} if number < 2 else {}))
    shallow = tmp_path / "shallow"
    repository.git("clone", "-q", "--depth", "2", repository.folder.as_uri(), str(shallow))
    kept: dict[str, bytes] = {}
    known = last_commits(shallow, kept)
    assert (known("a.py").subject, known("b.py")) == ("3", None)
    assert_same(shallow, known, ["a.py", "b.py"])
    repository.git("-C", str(shallow), "fetch", "-q", "--unshallow")
    assert last_commits(shallow, kept)("b.py").subject == "0"


def test_last_commits_in_submodules(repository, tmp_path) -> None:
    other = Repository(tmp_path / "other")
    other.commit("inner", a_py="x = 1\n")
    allow = ("-c", "protocol.file.allow=always")
    for name in ("part", "absent"):
        repository.git(*allow, "submodule", "--quiet", "add", str(other.folder), name)
    repository.commit("outer", b_py="x = 1\n")
    repository.git("submodule", "--quiet", "deinit", "absent")
    kept: dict[str, bytes] = {}
    known = last_commits(repository.folder, kept)
    assert [
        known(path) and known(path).subject for path in ("b.py", "part/a.py", "part/b.py", "part", "absent/a.py")
    ] == [
        *("outer", "inner"),
        *(None, None, None),
    ]
    assert len(kept) == 2


# Co-change


def test_files_that_change_together(repository) -> None:
    for number in range(5):
        repository.commit(a_py=f"{number}", b_py=f"{number}", **({"c_py": f"{number}"} if number < 3 else {}))
    for number in range(7):
        repository.commit(c_py=f"more {number}")
    kept: dict[str, bytes] = {}
    together = co_changed(repository.folder, kept)
    assert together("a.py") == [("b.py", 5, 5), ("c.py", 3, 5)]
    assert together("c.py") == [("a.py", 3, 10), ("b.py", 3, 10)]
    assert together("nothing.py") == []
    assert len(kept) == 1


def test_what_says_nothing_of_two_files(repository) -> None:
    for number in range(4):
        text = f"{number}"
        repository.put("uv.lock", text)
        repository.put("CHANGELOG.md", text)
        repository.put("go.sum", text)
        repository.commit(a_py=text, gone_py=text, **({"twice_py": text} if number < 2 else {}))
    for number in range(4):
        repository.commit("many", a_py=f"m{number}", **{f"many{each}_py": f"{number}" for each in range(25)})
    (repository.folder / "gone.py").unlink()
    repository.commit()
    together = co_changed(repository.folder)
    for name in ("a.py", "uv.lock", "CHANGELOG.md", "gone.py", "many1.py"):
        assert together(name) == [], name


def test_co_change_is_counted_once_for_each_head(repository) -> None:
    for number in range(3):
        repository.commit(a_py=f"{number}", b_py=f"{number}")
    kept: dict[str, bytes] = {}
    co_changed(repository.folder, kept)
    (key,) = kept
    again = history.co_changed(str(repository.folder), kept.get, lambda *_: pytest.fail("counted again"))
    assert again("a.py") == [("b.py", 3, 3)]
    kept[key] = b"damaged"
    assert co_changed(repository.folder, kept)("a.py") == [("b.py", 3, 3)]
    repository.commit(a_py="3", b_py="3")
    assert co_changed(repository.folder, kept)("a.py") == [("b.py", 4, 4)]
    assert len(kept) == 2


def test_paths_are_relative_to_the_root_that_is_asked_for(repository) -> None:
    for number in range(3):
        repository.commit(sub__a_py=f"{number}", sub__b_py=f"{number}", top_py=f"{number}")
    kept: dict[str, bytes] = {}
    assert co_changed(repository.folder / "sub", kept)("a.py") == [("b.py", 3, 3)]
    assert ("top.py", 3, 3) in co_changed(repository.folder, kept)("sub/a.py")
    assert len(kept) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="file systems elsewhere refuse such names")
def test_odd_names(repository) -> None:
    names = ["a b.py", "ä.py", "new\nline.py", "\x01" + "a" * 40 + "z", "-x.py", ":(top)x.py", "\udcff.py"]
    for number in range(3):
        for name in names:
            repository.put(name, f"x = {number}\n")
        repository.commit()
    together = co_changed(repository.folder)
    assert {name for name, *_ in together("a b.py")} == {*names} - {"a b.py"}
    assert assert_same(repository.folder, last_commits(repository.folder), names) == len(names)
    for name in names:
        repository.put(name, "x = 'new'\n")
    assert {each.facts.path for each in since(repository.folder, "HEAD").files} == {
        name for name in names if name.endswith(".py")
    }


def test_stored_contents_are_read_in_portions(repository, monkeypatch) -> None:
    texts = {f"m{number}_py": f"x = {number}\n" * 100 for number in range(20)}
    repository.commit(**texts)
    digest = repository.git("rev-parse", "HEAD")
    files = versions.tree(str(repository.folder), digest).files
    whole = versions.contents(str(repository.folder), list(files.values()))
    assert sorted(whole.values()) == sorted(text.encode() for text in texts.values())
    monkeypatch.setattr(versions, "_PORTION", 1500)
    assert versions.contents(str(repository.folder), [*files.values(), "0" * 40]) == whole
    monkeypatch.setattr(versions, "LARGEST", 650)
    assert len(versions.contents(str(repository.folder), list(files.values()))) == 10
