"""The pages of folders and of the site, made from what is kept of all sources; each only where that differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from kwmagic import inventory, jsonform
from kwmagic.building.gathering import digest_of
from kwmagic.building.naming import Names
from kwmagic.building.output import Output
from kwmagic.building.rendering import Settings
from kwmagic.building.state import State
from kwmagic.errors import ForeignError
from kwmagic.markup import Block, Writer
from kwmagic.mdtext import Dest
from kwmagic.pages.frame import anchor_tag, framed
from kwmagic.pages.record import Record
from kwmagic.pages.site import book, keywords
from kwmagic.pages.site.entries import to_entries
from kwmagic.pages.site.folder import Folder
from kwmagic.pages.site.folder_doc import doc_page
from kwmagic.pages.site.folder_index import index_page
from kwmagic.pages.site.home import home
from kwmagic.pages.site.letters import Listed, totals
from kwmagic.pages.site.tree import around, plain, tree
from kwmagic.sitelinks import Site

_SITE = "site"
"""What all pages but those of sources were made from, in short."""
_PART = re.compile(r"((?:.*/)?(?:sub|keywords))-(\w)(?:-\d+)?\.md", re.DOTALL)


class Met(NamedTuple):
    """What the run met with."""

    problems: Sequence[tuple[str, int, str]]
    """(path, line or 0, message) of each."""
    left_out: Mapping[str, int]
    """Reason -> number of files and folders."""
    unread: Sequence[str]
    """Files without pages as JSON, in the form of `jsonform`."""
    records: Mapping[str, Record]
    """Of all sources, by path."""


class SitePages:
    """One round over all pages that are not of one source alone."""

    def __init__(self, state: State, output: Output, settings: Settings, names: Names, met: Met) -> None:
        self._state = state
        self._output = output
        self._settings = settings
        self._names = names
        self._met = met
        self._records = met.records
        self._known = state.pages()
        self._now: dict[str, tuple[bytes, bytes]] = {}
        self.written = 0
        self.blocked: dict[str, str] = {}
        """Page -> why it could not be written."""

    @property
    def pages(self) -> set[str]:
        """All that there are."""
        return {*self._now, *self.blocked}

    def run(self, before: Mapping[str, bytes], letters: Mapping[str, set[str]]) -> dict[str, bytes]:
        """Make those that differ, and give what is to be remembered of that. *before*: source -> digest of its entries
        at the last build; *letters*: source -> the letters under which these are others now."""
        made_from = [each.inputs.hex() for each in self._state.sources().values()]
        whole = digest_of(made_from, self._met[:3])
        others = [page for page in self._known if page not in self._of_sources]
        if all(made_from) and self._state.recall(_SITE) == whole and all(map(self._is_there, others)):
            self._now = {page: self._known[page] for page in others}
            return {}
        folders = tree(self._records, self._names, self._settings.label)
        digests = {path: digest_of(plain(folder)) for path, folder in folders.items()}
        for path, folder in folders.items():
            self._folder(folder, digests[path])
            self._list(path, f"{folder.page}/sub.md" if folder.page else "sub.md", before, letters)
        self._list("", "keywords.md", before, letters)
        chapters = self._book(folders, digests)
        self._twins(whole)
        self._state.put_pages(self._now, {*others} - self._now.keys(), chapters)
        return {} if self.blocked else {_SITE: whole}  # what is in a page's place may go

    # --- what is known of all sources -------------------------------------------------------------------------------

    @cached_property
    def _of_sources(self) -> set[str]:
        names = self._names
        return {page for path in self._records for page in (names.docs(path), names.keywords(path))}

    @cached_property
    def _listed(self) -> dict[str, Listed]:
        """Path -> its entries; the path in it is from the top."""
        names = self._names
        return {
            path: Listed(path, names.docs(path), to_entries(rows)) for path, rows in self._state.unpacked("entries")
        }

    @cached_property
    def _digests(self) -> dict[str, bytes]:
        return dict(self._state.digests("entries"))

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        """Folder -> the paths of all files below it."""
        found: dict[str, list[str]] = {"": []}
        for path in self._records:
            for folder in around(path):
                found.setdefault(folder, []).append(path)
        return found

    @cached_property
    def _parts(self) -> dict[str, dict[str, str]]:
        """Front page of a list -> page of the last build for a letter of it -> the letter."""
        found: dict[str, dict[str, str]] = {}
        for page in self._known.keys() - self._of_sources:
            if part := _PART.fullmatch(page):
                found.setdefault(f"{part[1]}.md", {})[page] = part[2]
        return found

    # --- pages ------------------------------------------------------------------------------------------------------

    def _folder(self, folder: Folder, inputs: bytes) -> None:
        start = f"{folder.page}/" if folder.page else ""
        site, of = self._site(f"{start}index.md", folder.trail), f"{folder.path}/" if folder.path else "./"
        if folder.path:
            self._page(site.page, inputs, of, folder.name, lambda: index_page(folder, site))
        else:
            problems, left_out = self._met.problems, self._met.left_out
            met = digest_of(inputs.hex(), problems, sorted(left_out.items()))
            self._page(site.page, met, of, folder.name, lambda: home(folder, site, problems, left_out))
        here = self._site(f"{start}doc.md", folder.trail)
        self._page(here.page, inputs, of, f"{folder.name}: documentation", lambda: doc_page(folder, here))

    def _list(self, folder: str, page: str, before: Mapping[str, bytes], letters: Mapping[str, set[str]]) -> None:
        """A list of all symbols below a folder; of one that is split only the letters that may differ are made."""
        start = f"{folder}/" if folder else ""
        below = self._below[folder]
        inputs = digest_of([(path, self._digests[path].hex()) for path in below])
        parts = self._parts.get(page, {})
        kept = [name for name in (page, *parts) if self._keep(name, inputs)]
        if len(kept) > len(parts):
            return
        label = self._settings.label
        site = self._site(page, (label, *folder.split("/")) if folder else (label,))
        listing = keywords.Listing(folder or label, site, by_kind=page != "keywords.md")
        files = [self._listed[path]._replace(path=path[len(start) :]) for path in below]
        found = totals(files)
        wanted = None
        was = digest_of([(path, before[path].hex()) for path in sorted(before) if path.startswith(start)])
        goes_on = self._known.get(page, (b"", b""))[1] in (was, inputs)
        if goes_on and keywords.is_split(found) and found.letters.keys() == {*parts.values()}:
            wanted = set(chain.from_iterable(each for path, each in letters.items() if path.startswith(start)))
            for letter, number in found.letters.items():
                names = listing.pages_of(letter, number)
                if letter not in wanted and all(map(self._is_there, names)):
                    self._now.update((name, (self._known[name][0], inputs)) for name in names)
                else:
                    wanted.add(letter)
        style = self._settings.options.format
        for name, text in keywords.pages(listing, files, wanted):
            self._write(name, framed(text, of=start or "./", title=listing.menu_title(name), format=style), inputs)

    def _book(self, folders: Mapping[str, Folder], digests: Mapping[str, bytes]) -> dict[str, tuple[bytes, str]]:
        """Make it, with the chapters of the last build where their folders are the same; the chapters that are new."""
        site = self._site("book.md", (self._settings.label,))
        site = replace(site, pages={path: self._names.docs(path) for path in self._records})
        of_records = [each.hex() for _, each in self._state.digests("record")]
        inputs = digest_of([each.hex() for each in digests.values()], of_records)
        if self._keep("book.md", inputs):
            return {}
        known, new = self._state.chapters(), {}
        parts = [self._text(book.front(folders, site))]
        for path in book.chapters(folders):
            made_from, text = known.get(path, (b"", ""))
            if made_from != digests[path]:
                text = self._text(book.chapter(folders[path], site))
                new[path] = digests[path], text
            parts.append(text)
        parts += [self._text(book.glossary(self._records, site)), self._text(book.file_list(self._records, site))]
        title, style = f"The book of {self._settings.label}", self._settings.options.format
        self._write("book.md", framed("\n".join(filter(None, parts)), of="./", title=title, format=style), inputs)
        return new

    def _twins(self, whole: bytes) -> None:
        """*whole*: what all is made from, in short; little changes that JSON does not tell."""
        state, label = self._state, self._settings.label
        if not self._keep("keywords.json", whole):
            fragments = [*state.fragments(), *(each.encode() for each in self._met.unread)]
            head, tail = f"{jsonform.head(label)}\n".encode(), jsonform.TAIL.encode()
            self._write("keywords.json", head + b",\n".join(fragments) + tail, whole)
        style = self._settings.options.format
        pages = [(page, page) for page in sorted(self._now) if page.endswith(".md")]
        inputs = digest_of([each.hex() for _, each in state.digests("inventory")], pages)
        if not self._keep("objects.inv", inputs):
            of_sources = chain.from_iterable(lines for _, lines in state.unpacked("inventory"))
            others = chain.from_iterable(inventory.of_page(page, title, style) for page, title in pages)
            self._write("objects.inv", inventory.inventory(label, "", chain(of_sources, others)), inputs)

    # --- writing ----------------------------------------------------------------------------------------------------

    def _site(self, page: str, trail: tuple[str, ...]) -> Site:
        options = self._settings.options
        closed = options.format != "markdown"
        return Site(page, self._settings.sources, options.source_url, trail=trail, closed=closed)

    def _page(self, page: str, inputs: bytes, of: str, title: str, make: Callable[[], Iterable[Block]]) -> None:
        if not self._keep(page, inputs):
            text, style = self._text(make()), self._settings.options.format
            self._write(page, framed(text, of=of, title=title, format=style), inputs)

    def _text(self, blocks: Iterable[Block]) -> str:
        return Writer(Dest.PAGE, anchor=anchor_tag(self._settings.options.format)).write(blocks)

    def _keep(self, page: str, inputs: bytes) -> bool:
        """Whether a page is there and made from just this."""
        if self._is_kept(page, inputs):
            self._now[page] = self._known[page]
            return True
        return False

    def _is_kept(self, page: str, inputs: bytes) -> bool:
        return self._is_there(page) and self._known[page][1] == inputs

    def _is_there(self, page: str) -> bool:
        return page in self._known and self._output.pages.get(page) == self._known[page][0]

    def _write(self, page: str, content: str | bytes, inputs: bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
        try:
            self.written += self._output.write(page, data)
        except ForeignError as error:
            self.blocked[page] = str(error)
        else:
            self._now[page] = self._output.pages[page], inputs
