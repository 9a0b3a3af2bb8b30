"""The names of pages: what a source's or a folder's pages are called below the output folder.

The plain name wherever possible: `a/b/x.py` has `a/b/x.py_docs.md` and `a/b/x.py_kw.md`, as HTML `….html`; what is
shared by pages of HTML is in `kwmagic-site`. Otherwise:

- A character that not every file system takes (a control character, one of `<>:"|?*` and the backslash, a byte that is
  no text, a dot or blank at the end of a folder's name, the first letter of what Windows takes for a device, as `con`)
  becomes `~` and two hexadecimal digits for each of its bytes.
- A name that is too long is cut and ends with `~` and 16 hexadecimal digits made from the whole of it.
- Of names that some system takes for the same one (`m.py` and `M.py`), or for a page's (a folder called `index.md` or
  `x.py_docs.md`), the first keeps its name, the others get `~2`, `~3` … Files come before folders, then names that
  needed no other change, then in the order of their characters.

So no name can lead out of the output folder, and the output can be copied to any system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from unicodedata import normalize

from kwmagic.html.assets import SHARED
from kwmagic.mdtext import PAGE_MARK, page_mark

LIMIT = 192
"""Bytes of a file's or folder's name; with what is added to it, it stays below the 255 that file systems take."""

_SUFFIXES = (".md", ".html")
"""Of pages. A name that is free is so with both: so it does not hang on what is built."""
_DOCS, _KEYWORDS = "_docs", "_kw"
_ENDS = tuple(end + suffix for end in (_DOCS, _KEYWORDS) for suffix in _SUFFIXES)
_PART = r"(?:-.*(?<!_docs)(?<!_kw))?"
"""Of a page that is split; `sub-x_docs.md` is of a source `sub-x`."""
_FOLDER_PAGE = re.compile(rf"(?:index|doc|sub{_PART})\.(?:md|html)", re.DOTALL)
_TOP_PAGE = re.compile(rf"(?:book|keywords{_PART})\.(?:md|html)|keywords\.json|objects\.inv", re.DOTALL)
_SHARED_FILE = re.compile(rf"{SHARED}/(?:[a-z0-9_-]+/)?[a-z0-9._-]+\.(?:css|js)")

_ILLEGAL = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\\\\\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]')
_ILLEGAL_AT_END = re.compile(r"[. ]\Z")
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|\Z)", re.IGNORECASE
)
"""With anything behind a dot; from Microsoft's "Naming Files, Paths, and Namespaces"."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of all pages of a tree."""

    irregular: Mapping[str, str]
    """Source -> its name in the output without suffix, where that is another than in the tree; folders, on both sides
    but at the end of their names in the output, have a final slash."""
    suffix: str = ".md"
    """Of pages."""

    def docs(self, path: str) -> str:
        """The documentation page of a source: `a/b/x.py_docs.md`."""
        return self.irregular.get(path, path) + _DOCS + self.suffix

    def keywords(self, path: str) -> str:
        """The keyword index of a source: `a/b/x.py_kw.md`."""
        return self.irregular.get(path, path) + _KEYWORDS + self.suffix

    def folder(self, path: str) -> str:
        """Where the pages of a folder are: `a/b`; "" for the top. No final slash."""
        return self.irregular.get(f"{path}/", path)

    def page(self, name: str, folder: str = "") -> str:
        """A page that is not of one source: `index` -> `a/b/index.md`; *folder* is one of the output."""
        return _joined(folder, name + self.suffix)


def named(paths: Iterable[str], suffix: str = ".md") -> Names:
    """The names for all sources of a tree: relative paths, `/` separated, undecodable bytes as lone surrogates.

    Depends on the set of paths only, not on their order.
    """
    files, folders = _contents(paths)
    irregular: dict[str, str] = {}
    places = {"": ""}
    for folder in sorted({*files, *folders}):  # each one behind the one that it is in
        taken: set[str] = set()
        for path, name in _chosen(files.get(folder, ()), _legal_stem, _pages, taken, is_top=not folder):
            if (place := _joined(places[folder], name)) != path:
                irregular[path] = place
        for path, name in _chosen(folders.get(folder, ()), _legal_folder, _itself, taken, is_top=not folder):
            places[path] = _joined(places[folder], name)
            if places[path] != path:
                irregular[f"{path}/"] = places[path]
    return Names(irregular, suffix)


def owner(page: str) -> str | None:
    """What a page is of, by its name: `a/x.py`, `a/` or, at the top, `./`; None for what is called as no page is.

    Where the names of the source or its folders were changed, it is the changed name.
    """
    folder, _, name = page.rpartition("/")
    for end in _ENDS:
        if name.endswith(end):
            return page.removesuffix(end) if name != end else None
    if _SHARED_FILE.fullmatch(page):
        return "./"
    if _FOLDER_PAGE.fullmatch(name) or (not folder and _TOP_PAGE.fullmatch(name)):
        return f"{folder}/" if folder else "./"
    return None


def fits(page: str, mark: str) -> bool:
    """Whether a page mark (`mdtext.page_mark`) is the one that the page of this name ends with.

    It tells apart the pages of an output inside the output. Of changed names the mark has the original, which can't be
    known here.
    """
    path = owner(page)
    if path is None or not mark.startswith(PAGE_MARK):
        return False
    here, there = page_mark(path).split("/"), mark.split("/")
    return len(here) == len(there) and all(a == b or "~" in a for a, b in zip(here, there, strict=True))


def _contents(paths: Iterable[str]) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    """Folder -> the paths of the files in it, and of the folders."""
    files: dict[str, list[str]] = {}
    folders: dict[str, set[str]] = {}
    for path in {*paths}:
        folder = path.rpartition("/")[0]
        files.setdefault(folder, []).append(path)
        while folder:
            parent = folder.rpartition("/")[0]
            known = folders.setdefault(parent, set())
            if folder in known:
                break
            known.add(folder)
            folder = parent
    return files, folders


def _chosen(
    paths: Iterable[str],
    legal: Callable[[str], str],
    entries: Callable[[str], tuple[str, ...]],
    taken: set[str],
    *,
    is_top: bool,
) -> Iterator[tuple[str, str]]:
    """Each path of one folder with its name in the output; the *entries* that this makes there are added to *taken*."""
    wanted = []
    for path in paths:
        name = path.rpartition("/")[2]
        wanted.append((legal(name) != name, path, legal(name)))
    for _, path, name in sorted(wanted):
        found, number = name, 1
        while not _is_free(entries(found), taken, is_top=is_top):
            number += 1
            found = f"{name}~{number}"
        taken.update(map(_key, entries(found)))
        yield path, found


def _is_free(entries: Iterable[str], taken: set[str], *, is_top: bool) -> bool:
    keys = [_key(entry) for entry in entries]
    return taken.isdisjoint(keys) and not any(
        _FOLDER_PAGE.fullmatch(key) or (is_top and (key == SHARED or _TOP_PAGE.fullmatch(key))) for key in keys
    )


def _pages(name: str) -> tuple[str, ...]:
    """What there is in the output of a source."""
    return tuple(name + end for end in _ENDS)


def _itself(name: str) -> tuple[str, ...]:
    """What there is of a folder."""
    return (name,)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _key(name: str) -> str:
    """The same for names that some file system takes for one: without case, accents composed (Unicode D145)."""
    return name.casefold() if name.isascii() else normalize("NFC", normalize("NFD", name).casefold())


def _legal_stem(name: str) -> str:
    """What stands before a suffix."""
    return _short(_legal(name, _DEVICE.match(name + _DOCS)), name)


def _legal_folder(name: str) -> str:
    return _short(_ILLEGAL_AT_END.sub(_escaped, _legal(name, _DEVICE.match(name))), name)


def _legal(name: str, device: re.Match[str] | None) -> str:
    legal = _ILLEGAL.sub(_escaped, name) or "~"
    return f"~{ord(legal[0]):02X}{legal[1:]}" if device else legal


def _escaped(match: re.Match[str]) -> str:
    try:
        data = match[0].encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        data = match[0].encode("utf-8", "surrogatepass")
    return "".join(f"~{byte:02X}" for byte in data)


def _short(legal: str, name: str) -> str:
    data = legal.encode("utf-8")
    if len(data) <= LIMIT:
        return legal
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{data[: LIMIT - 17].decode('utf-8', 'ignore')}~{digest}"
