"""What changed in the files of a target since a commit: git's objects on one side, the working tree on the other."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256

from kwmagic import analysis
from kwmagic.errors import OptionError, UnreadableError
from kwmagic.evidence.changes import compare
from kwmagic.evidence.differences import Pair, Version
from kwmagic.evidence.purpose import count
from kwmagic.git import versions
from kwmagic.languages import language_of, may_be_script
from kwmagic.model import FileFacts, FileRef, Problem, Target
from kwmagic.pages.compared import Comparison
from kwmagic.pages.subject import Commit
from kwmagic.provenance import PAGE
from kwmagic.sources import read, read_bytes

_MODULES = (".py", ".pyi")
_VENDORED = ("site-packages", "node_modules", "bower_components", "__pycache__")


@dataclass(frozen=True, slots=True)
class _Scope:
    """The part of a working tree that is compared."""

    folder: str
    """Absolute, links resolved; git is asked in it."""
    prefix: str
    """What paths in pages have in front of those from the folder: `json/` for the package."""
    only: str | None
    """The name of the one file, where it is only one."""
    files: Mapping[str, FileRef]
    """Path from the folder, `/` separated -> the file as it is now."""
    folded: Mapping[str, str]
    """Path without regard to case -> file: some systems still find it under the name it had before."""
    takes: Callable[[str], bool] | None
    """Whether a path that is gone would be one of the target's; None where that can't be told."""


@dataclass(slots=True)
class _State:
    """What is known of the files without analysing any."""

    old: dict[str, str] = field(default_factory=dict)
    """Path -> digest of the content at the commit, of the files that differ."""
    new: dict[str, str] = field(default_factory=dict)
    """Path -> digest of the content now, of the files that differ."""
    pointers: dict[str, str] = field(default_factory=dict)
    """Path -> SHA-256 of the content now."""
    problems: list[tuple[FileRef, Problem]] = field(default_factory=list)
    inner: int = 0
    """Files of other repositories inside this one."""


def since(
    target: Target,
    ref: str,
    *,
    everything: bool = False,
    trust_stat: bool = False,
    progress: analysis.Progress | None = None,
) -> Comparison:
    """What the definitions of a target's files were at a commit, and are now.

    Raises `OptionError` where there is nothing to compare: no git, no repository, no such commit, no files.
    """
    scope = _scope(target, everything=everything)
    commit = versions.commit(scope.folder, ref)
    tree = versions.tree(scope.folder, commit.digest, scope.only)
    if not tree.whole:
        raise OptionError(f"--since: git could not list the files of {commit.short}")
    if not tree.files and versions.is_ignored(scope.folder, scope.only or ""):
        raise OptionError(f"--since: git is told to ignore {target.label}, so it holds nothing to compare with")
    state = _state(scope, tree.files)
    pairs = _pairs(scope, state, commit.short, trust_stat=trust_stat, progress=progress)
    notes = (*target.notes, *commit.notes, *_notes(scope, state))
    about = Commit(commit.short, commit.date, commit.subject)
    return Comparison(replace(target, notes=notes), ref, about, tuple(compare(pairs)), tuple(state.problems))


def _notes(scope: _Scope, state: _State) -> Iterator[str]:
    if state.inner:
        yield f"Not compared: {count(state.inner, 'file')} of other repositories inside this one."
    if scope.only is None and scope.takes is None:
        yield "Files that were removed are not looked for: a pattern matches those that are there."


# --- what is compared ---------------------------------------------------------------------------------------------


def _scope(target: Target, *, everything: bool) -> _Scope:
    files = [ref for ref in target.files if ref.file is not None and ref.member is None and ref.live is None]
    if not files and (target.files or target.root is None):
        raise OptionError(f"--since compares files, and {target.label} is none")
    is_folder, is_package = target.how.startswith("folder"), " package" in target.how
    if len(files) == 1 and not is_folder and not is_package:
        file = os.path.realpath(files[0].file or "")
        name = os.path.basename(file)
        return _Scope(os.path.dirname(file), "", name, {name: files[0]}, {}, None)
    prefix = target.label.replace(".", "/") + "/" if is_package else ""
    takes = _taker(_MODULES if is_package and not everything else (), everything=everything)
    inside = {ref.path.removeprefix(prefix): ref for ref in files}
    folder = os.path.realpath(os.path.join(_base(files, target), *prefix.split("/")))
    folded = {path.casefold(): ref.file or "" for path, ref in inside.items()}
    return _Scope(folder, prefix, None, inside, folded, takes if is_folder or is_package else None)


def _base(files: Sequence[FileRef], target: Target) -> str:
    """The folder that the paths of all files start from."""
    bases = {_start(ref) for ref in files} or {target.root or ""}
    if len(bases) > 1:
        raise OptionError(f"--since compares one folder, and the files of {target.label} lie in several")
    return bases.pop()


def _start(ref: FileRef) -> str:
    file = ref.file or ""
    fits = file.replace(os.sep, "/").endswith(ref.path)
    return file[: len(file) - len(ref.path)] if fits else os.path.dirname(file)


def _taker(suffixes: tuple[str, ...], *, everything: bool) -> Callable[[str], bool]:
    """Whether a walk would take a path in, as far as the path alone tells."""

    def takes(path: str) -> bool:
        parts = path.split("/")
        if not everything and any(part.startswith(".") or part in _VENDORED for part in parts):
            return False
        if suffixes:
            return path.endswith(suffixes)
        return language_of(path) is not None or may_be_script(parts[-1])

    return takes


# --- which files differ -------------------------------------------------------------------------------------------


def _state(scope: _Scope, old: Mapping[str, str]) -> _State:
    """Compares contents, by git's own digests; nothing git would run a filter for."""
    state = _State()
    like = next(iter(old.values()), "")
    repositories: dict[str, bool] = {"": False}
    for path, ref in scope.files.items():
        if _is_inner(scope.folder, path.rpartition("/")[0], repositories):
            state.inner += 1
        elif ref.problem is None:
            _look_at(ref, path, old.get(path, ""), like, state)
        else:
            state.problems.append((ref, ref.problem))
    if scope.takes is not None:
        state.old |= {path: old[path] for path in filter(scope.takes, old) if _is_gone(scope, path)}
    return state


def _is_inner(top: str, folder: str, known: dict[str, bool]) -> bool:
    """Whether a folder below *top* is a repository of its own, or in one: a submodule, a clone."""
    unknown = []
    while folder not in known:
        unknown.append(folder)
        folder = folder.rpartition("/")[0]
    for each in reversed(unknown):  # from the outermost
        known[each] = known[folder] or os.path.lexists(os.path.join(top, *each.split("/"), ".git"))
        folder = each
    return known[folder]


def _is_gone(scope: _Scope, path: str) -> bool:
    """Whether there is no file of that path; what can't be seen, or what the walk leaves out, may still be there."""
    if path in scope.files:
        return False
    other = scope.folded.get(path.casefold())
    try:
        status = os.lstat(os.path.join(scope.folder, *path.split("/")))
        is_other = other is not None and os.path.samestat(status, os.lstat(other))
    except OSError as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError)
    return stat.S_ISDIR(status.st_mode) or is_other


def _look_at(ref: FileRef, path: str, digest: str, like: str, state: _State) -> None:
    try:
        data = read_bytes(ref.file or "")
    except UnreadableError as error:
        state.problems.append((ref, Problem(0, str(error))))
        return
    if digest and versions.is_unchanged(data, digest):
        return
    state.new[path] = versions.digest_like(data, like)
    if digest:
        state.old[path] = digest
        state.pointers[path] = sha256(data).hexdigest()


# --- both states of each ------------------------------------------------------------------------------------------


def _pairs(
    scope: _Scope, state: _State, commit: str, *, trust_stat: bool, progress: analysis.Progress | None
) -> list[Pair]:
    old = _old_refs(scope, state, commit)
    refs = [*(scope.files[path] for path in state.new), *old.values()]
    facts = analysis.analyse_all(refs, trust_stat=trust_stat, progress=progress)
    now = dict(zip(state.new, facts[: len(state.new)], strict=True))
    before = dict(zip(old, facts[len(state.new) :], strict=True))
    pairs = []
    for path in dict.fromkeys((*now, *before)):
        is_lost = path in state.old and path not in before
        unread = [each for each in (now.get(path), before.get(path)) if each is not None and each.engine == "none"]
        if any(PAGE in each.flags for each in (now.get(path), before.get(path)) if each is not None):
            continue  # what it tells changed in the sources
        if unread:
            state.problems.append((unread[0].ref, _why_not(unread[0], commit, is_old=unread[0] is before.get(path))))
        elif not is_lost:
            pairs.append(Pair(_version(path, before, state.old), _version(path, now, state.new)))
    return pairs


def _why_not(facts: FileFacts, commit: str, *, is_old: bool) -> Problem:
    problem = facts.problems[0] if facts.problems else Problem(0, "could not be read")
    return Problem(problem.line, f"as of {commit}: {problem.message}") if is_old else problem


def _version(path: str, facts: Mapping[str, FileFacts], digests: Mapping[str, str]) -> Version | None:
    return Version(facts[path], digests[path], cache(lambda: _text(facts[path].ref))) if path in facts else None


def _text(ref: FileRef) -> str:
    try:
        return read(ref).text
    except UnreadableError:  # gone meanwhile
        return ""


def _old_refs(scope: _Scope, state: _State, commit: str) -> dict[str, FileRef]:
    """Path -> the file as it was; what can't be compared is a problem, and what only seems to differ is let go."""
    stored = versions.contents(scope.folder, list(state.old.values()))
    refs = {}
    for path, digest in list(state.old.items()):
        ref = scope.files.get(path) or FileRef(scope.prefix + path)
        data = stored.get(digest)
        pointer = versions.kept_elsewhere(data) if data is not None else None
        if data is None:
            state.problems.append((ref, Problem(0, f"git does not hand out what it held at {commit}")))
        elif pointer is not None:
            if pointer != state.pointers.get(path):
                state.problems.append((ref, Problem(0, "git only holds a pointer to what it was (Git LFS)")))
        elif path in scope.files or language_of(path, data[:256]) is not None:
            refs[path] = FileRef(ref.path, data=data, language=ref.language)
    return refs
