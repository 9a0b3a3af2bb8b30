"""The search index of a site as small scripts, of which a page loads only those that a question needs.

`index.js` says how many documents there are and which shards. A shard `t-de.js` holds the terms that begin with its
letters: for each the numbers of the documents by how they match (`_NAME` …), as differences. `d-0.js`, `d-1.js` …
hold the documents themselves, a fixed number in each. `search.js` reads them, and cuts words like `_words` here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining, normalize

from kwmagic.anchors import quoted
from kwmagic.html.assets import SHARED
from kwmagic.html.data import Data, data_script
from kwmagic.html.markdown import Heading, headings, plain, tokens

if TYPE_CHECKING:
    from markdown_it.token import Token

HEADINGS = frozenset({"page", "section"})
"""Kinds of entries whose title is text; that of any other is a name."""
PATHS = frozenset({"file", "folder"})
"""Kinds of entries whose title is a path."""
_NAME, _PART, _HEADING, _TEXT = range(4)
"""How a term matches, best first: the name itself, a part of it or of what it is in, a heading, other text."""
_KINDS = {"class": 0, "page": 0, "module": 0, "package": 0, "folder": 0, "file": 0, "function": 1, "section": 2}
_OTHER_KIND = 3
_BLOCK = 128
"""Documents in one file."""
_SHARD = 100_000
"""Bytes of terms in one file, unless one term alone has more."""
_COMMON = 20_000
"""A term in the text of more documents tells nothing: a question finds it everywhere."""
_KEPT = 1_000
"""Characters of a document's text that are kept: a result shows what is around the word that was looked for."""
_HEADED = 3
"""Tokens of a heading."""
_READ = frozenset({"inline", "fence", "code_block"})
_IDENTIFIER = re.compile(r"\w+")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W_A-Za-z0-9]+")


class Entry(NamedTuple):
    """What can be found: a definition, or a section of a page."""

    title: str
    """Plain text: `JSONDecoder.decode`, or a heading."""
    kind: str
    """`method`, `class` … or one of `HEADINGS`."""
    where: str
    """What it is in, as people know it: `json/decoder.py`, the title of a page and of the sections around."""
    url: str
    """From the top of the output: `json/decoder.py_docs.html#kw-…`."""
    text: str
    """The first sentence about it, or all text of the section, its paragraphs apart."""


class _Term(NamedTuple):
    """A term with what is written of it."""

    term: str
    found: list[Data]
    """The documents by how they match, empty ends left out: `[[names], [parts], [headings], [texts]]`."""
    size: int
    """About how many bytes that are."""


def page_entries(markdown: str, page: str, title: str) -> Iterator[Entry]:
    """The sections of a page that somebody wrote, each with its text; what is before the first is the page's own.

    *markdown*: its body, as for `html_page`; *page*: from the top of the output, a path; *title*: plain text.
    """
    parsed, url = tokens(markdown), quoted(page)
    starts = [number for number, token in enumerate(parsed) if token.type == "heading_open"]
    sections = list(zip(headings(parsed), starts, [*starts[1:], len(parsed)], strict=False))
    text = _text(parsed[: starts[0] if starts else None])
    if sections and sections[0][0].level == 1:
        _, start, end = sections.pop(0)
        text = f"{text}\n\n{_text(parsed[start + _HEADED : end])}".strip()
    yield Entry(title, "page", page, url, text)
    around: list[Heading] = []
    for heading, start, end in sections:
        while around and around[-1].level >= heading.level:
            around.pop()
        where = " › ".join([title, *(each.title for each in around)])
        around.append(heading)
        address = f"{url}#{quoted(heading.identifier)}"
        yield Entry(heading.title, "section", where, address, _text(parsed[start + _HEADED : end]))


def _text(parsed: Sequence[Token]) -> str:
    """What is to be read, code among it, its paragraphs apart."""
    texts = (plain(token) if token.type == "inline" else token.content for token in parsed if token.type in _READ)
    return "\n\n".join(filter(None, (" ".join(text.split()) for text in texts)))


def search_files(entries: Iterable[Entry]) -> Iterator[tuple[str, bytes]]:
    """Names (from the top of the output) and contents of all files of the index, the same for the same entries."""
    documents = sorted(set(entries), key=_order)
    shards = dict(_shards("", _terms(documents)))
    yield _file("index", {"documents": len(documents), "block": _BLOCK, "shards": list(shards)})
    for prefix, terms in shards.items():
        yield _file(f"t-{_letters(prefix)}", {each.term: each.found for each in terms})
    for number, start in enumerate(range(0, len(documents), _BLOCK)):
        yield _file(f"d-{number}", _block(documents[start : start + _BLOCK]))


def _order(entry: Entry) -> tuple[bool, bool, int, bool, str, Entry]:
    """Documents that match alike are found in this order: what people look for more often, then by place."""
    is_hidden = "<locals>" in entry.title or entry.title.rpartition(".")[2].startswith("_")
    kind = _KINDS.get(entry.kind, _OTHER_KIND)
    return entry.kind == "import", is_hidden, kind, "." in entry.title, entry.where, entry


def names_of(documents: int, block: int, shards: Iterable[str]) -> list[str]:
    """The names of the files that `index.js` tells of, in its words: those of terms, then those of documents."""
    terms = [_path(f"t-{_letters(prefix)}") for prefix in shards]
    return [*terms, *(_path(f"d-{number}") for number in range(-(-documents // block)))]


def _file(name: str, data: Data) -> tuple[str, bytes]:
    return _path(name), data_script(data)


def _path(name: str) -> str:
    return f"{SHARED}/search/{name}.js"


def _letters(prefix: str) -> str:
    """A prefix as part of a name of a file, safe on every system: letters beyond ASCII by number."""
    return "".join(char if char.isascii() else f"-{ord(char):x}" for char in prefix)


def _block(documents: Sequence[Entry]) -> list[Data]:
    return [[each.title, each.kind, each.where, each.url, _clipped(each.text)] for each in documents]


def _clipped(text: str) -> str:
    text = " ".join(text[: 2 * _KEPT].split())
    return text if len(text) <= _KEPT else f"{text[:_KEPT].rpartition(' ')[0] or text[:_KEPT]} …"


def _terms(documents: Sequence[Entry]) -> list[_Term]:
    """Every term of the documents, sorted."""
    found: defaultdict[str, tuple[list[int], ...]] = defaultdict(lambda: ([], [], [], []))
    for number, document in enumerate(documents):
        for term, match in _matches(document).items():
            found[term][match].append(number)
    return [_term(term, found[term]) for term in sorted(found)]


def _term(term: str, found: Sequence[list[int]]) -> _Term:
    written: list[Data] = [_differences(numbers) for numbers in found]
    if len(found[_TEXT]) > _COMMON:
        written[_TEXT] = 0
    while written[-1] == []:
        written.pop()
    numbers = sum(len(each) for each in written if isinstance(each, list))
    return _Term(term, written, len(term) + 8 + 5 * numbers)


def _differences(numbers: list[int]) -> list[Data]:
    return [*numbers[:1], *(after - before for before, after in pairwise(numbers))]


def _matches(entry: Entry) -> dict[str, int]:
    """The terms an entry is found by, each with the best way in which it matches."""
    named = _IDENTIFIER.findall(_folded(entry.title))
    matches = dict.fromkeys((term for name in named for term in _words(name)), _PART)
    if entry.kind in HEADINGS:
        matches = dict.fromkeys(matches, _HEADING)
    for name in _names(entry):
        matches.update((word, _NAME) for word in _words(name)[:1])
    for word in _IDENTIFIER.findall(_folded(f"{entry.where} {entry.text}")):
        for term in _words(word):
            if len(term) > 1 or term.isdigit():
                matches.setdefault(term, _TEXT)
    return matches


def _names(entry: Entry) -> list[str]:
    """The identifiers of its own name: `decode` of `JSONDecoder.decode`, `site` and `css` of `assets/site.css`."""
    if entry.kind in HEADINGS:
        return []
    if entry.kind in PATHS:
        return _IDENTIFIER.findall(_folded(entry.title.rpartition("/")[2]))
    return _IDENTIFIER.findall(_folded(entry.title))[-1:]


def _folded(text: str) -> str:
    """Without accents; case stays, as identifiers are cut where it changes."""
    return text if text.isascii() else "".join(char for char in normalize("NFKD", text) if not combining(char))


@lru_cache(65_536)
def _words(identifier: str) -> tuple[str, ...]:
    """An identifier as one word, then its parts, in lower case: `readjsonfile read json file`."""
    parts = tuple(part.lower() for part in _WORD.findall(identifier))
    return parts if len(parts) < 2 else ("".join(parts), *parts)


def _shards(prefix: str, terms: Sequence[_Term]) -> Iterator[tuple[str, Sequence[_Term]]]:
    """Prefix and terms of each shard: as many terms as a file bears; where they are too many, by one letter more."""
    if sum(each.size for each in terms) <= _SHARD or len(terms) == 1:
        yield prefix, terms
        return
    for letter, group in groupby(terms, lambda each: each.term[len(prefix) : len(prefix) + 1]):
        longer = list(group)
        yield from _shards(prefix + letter, longer) if letter else [(prefix, longer)]
