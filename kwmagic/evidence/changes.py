"""What changed between two states of some files: what each definition became, which files were renamed, what moved.

Pure: from the facts of before and of now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from kwmagic.evidence.differences import (
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    Change,
    FileChange,
    Pair,
    Version,
    change,
    matched,
    outside,
    within,
)
from kwmagic.model import FILE, SEPARATORS, Symbol

_LEAST_ALIKE = 0.5
"""Share of definitions that two files must have in common to be one that was renamed."""

_COMMON = 100
"""Files with the same definition above which it tells none of them from the others."""


def compare(pairs: Iterable[Pair]) -> list[FileChange]:
    """The changes of each file, by path; a file without one is there, too, with none."""
    both = _renamed([*pairs])
    found = [within(pair) for pair in both]
    _join_moved(found)
    made = [_file(pair, changes) for pair, changes in zip(both, found, strict=True)]
    return sorted(made, key=lambda each: each.facts.path)


def _file(pair: Pair, changes: Sequence[Change]) -> FileChange:
    old, new = pair.old and pair.old.facts, pair.new and pair.new.facts
    if old is None or new is None:
        what = ADDED if old is None else REMOVED
    else:
        what = CHANGED if old.path == new.path else MOVED
    order = sorted(changes, key=lambda each: (each.new is None, each.symbol.cell, each.symbol.line))
    return FileChange(what, old, new, tuple(order))


# --- files that were renamed --------------------------------------------------------------------------------------


def _renamed(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs, those of a file that is gone and of a new one that is the same made one."""
    kept = [pair for pair in pairs if pair.old and pair.new]
    gone = {pair.old.facts.path: pair.old for pair in pairs if pair.old and not pair.new}
    come = {pair.new.facts.path: pair.new for pair in pairs if pair.new and not pair.old}
    for likeness, old_path, new_path in sorted(_alike(gone, come), key=lambda each: (-each[0], each[1:])):
        if likeness >= _LEAST_ALIKE and old_path in gone and new_path in come:
            kept.append(Pair(gone.pop(old_path), come.pop(new_path)))
    return [*kept, *(Pair(old, None) for old in gone.values()), *(Pair(None, new) for new in come.values())]


def _alike(gone: dict[str, Version], come: dict[str, Version]) -> Iterator[tuple[float, str, str]]:
    """(likeness, path before, path now): 2 for the same content, else the share of definitions in common."""
    by_content: dict[str, list[str]] = defaultdict(list)
    by_definition: dict[Hashable, list[str]] = defaultdict(list)
    for path, version in gone.items():
        by_content[version.digest].append(path)
        for key in _definitions(version):
            by_definition[key].append(path)
    for path, version in come.items():
        for old_path in by_content[version.digest][:_COMMON] if version.facts.size else ():
            yield 2.0 + (_name(path) == _name(old_path)), old_path, path
        mine = _definitions(version)
        rare = (by_definition[key] for key in mine if 0 < len(by_definition.get(key, ())) <= _COMMON)
        common = Counter(old_path for paths in rare for old_path in paths)
        for old_path, number in common.items():
            if number > 1 or _name(path) == _name(old_path):
                yield number / len(mine | _definitions(gone[old_path])), old_path, path


def _definitions(version: Version) -> set[Hashable]:
    return {(each.qualname, *outside(each)) for each in version.facts.symbols if FILE not in each.flags}


def _name(path: str) -> str:
    return path.rpartition("/")[2]


# --- definitions that went to another file ------------------------------------------------------------------------


def _join_moved(found: list[list[Change]]) -> None:
    """What is gone from one file, and new in one other under the same name, with the same outside, has moved.

    Only where neither is in doubt: one such definition is gone, and one is new. What is inside goes with it, and is
    compared as if it had stayed.
    """
    gone, come = _lone(found, REMOVED), _lone(found, ADDED)
    done: set[int] = set()
    for key in sorted(gone.keys() & come.keys(), key=lambda key: (len(key[0]), key[0])):
        (old_place, before), (new_place, now) = gone[key], come[key]
        if old_place == new_place or id(before) in done or id(now) in done:
            continue  # the latter went along with what it is in
        inside_old, inside_new = _inside(found[old_place], before), _inside(found[new_place], now)
        done.update(map(id, (before, now, *inside_old, *inside_new)))
        found[new_place].append(now._replace(what=MOVED, old=before.old, old_file=before.old_file))
        found[new_place] += [
            change(was, is_, before.old_file, now.new_file)
            for was, is_ in matched(_symbols(inside_old), _symbols(inside_new))
            if was is None or is_ is None or outside(was) != outside(is_)
        ]
    for place, changes in enumerate(found):
        found[place] = [each for each in changes if id(each) not in done]


def _lone(found: Sequence[Sequence[Change]], what: str) -> dict[tuple[str, Hashable], tuple[int, Change]]:
    """(qualname, outside) -> the one change of that sort, and which file it is in."""
    all_: dict[tuple[str, Hashable], list[tuple[int, Change]]] = defaultdict(list)
    for place, changes in enumerate(found):
        for each in changes:
            symbol = each.symbol
            if each.what == what and not (symbol.name.startswith("__") and symbol.name == symbol.qualname):
                all_[symbol.qualname, outside(symbol)].append((place, each))
    return {key: those[0] for key, those in all_.items() if len(those) == 1}


def _inside(changes: Iterable[Change], owner: Change) -> list[Change]:
    starts = tuple(owner.symbol.qualname + separator for separator in SEPARATORS)
    return [each for each in changes if each.what == owner.what and each.symbol.qualname.startswith(starts)]


def _symbols(changes: Iterable[Change]) -> list[Symbol]:
    return [each.symbol for each in changes]
