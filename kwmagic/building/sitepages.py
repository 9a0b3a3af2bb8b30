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
from kwmagic.building.kept import Kept
from kwmagic.building.naming import Names
from kwmagic.building.output import Output, digest
from kwmagic.building.settings import Settings
from kwmagic.building.state import State
from kwmagic.html.assets import SHARED
from kwmagic.markup import Block, Writer
from kwmagic.mdtext import Dest
from kwmagic.pages.record import Record
from kwmagic.pages.site import book, keywords
from kwmagic.pages.site.entries import to_entries
from kwmagic.pages.site.folder import Folder
from kwmagic.pages.site.folder_doc import doc_page
from kwmagic.pages.site.folder_index import index_page
from kwmagic.pages.site.home import home
from kwmagic.pages.site.letters import Listed, totals
from kwmagic.pages.site.tree import around, plain, tree
from kwmagic.pages.site.wording import ALL, BOOK, DOC, INDEX, KEYWORDS
from kwmagic.sitelinks import Site

_SITE = "site"
"""What all pages but those of sources were made from, in short."""
_PART = re.compile(r"((?:.*/)?(?:sub|keywords))-(\w)(?:-\d+)?(\.\w+)", re.DOTALL)


_SEARCH = f"{SHARED}/search/"
"""How the names of the files of the search index begin."""


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
        self._settings = settings
        self._names = names
        self._met = met
        self._records = met.records
        self.kept = Kept(output, state.pages())
        """What came of them."""

    def run(self, before: Mapping[str, bytes], letters: Mapping[str, set[str]]) -> dict[str, bytes]:
        """Make those that differ, and give what is to be remembered of that. *before*: source -> digest of its entries
        at the last build; *letters*: source -> the letters under which these are others now."""
        made_from = [each.inputs.hex() for each in self._state.sources().values()]
        statics = self._settings.statics()
        whole = digest_of(made_from, self._met[:3], [(name, digest(data).hex()) for name, data in statics.items()])
        others = [page for page in self.kept.known if page not in self._of_sources]
        if all(made_from) and self._state.recall(_SITE) == whole and all(map(self.kept.is_there, others)):
            self.kept.now.update((page, self.kept.known[page]) for page in others)
            return {}
        folders = tree(self._records, self._names, self._settings.label)
        digests = {path: digest_of(plain(folder)) for path, folder in folders.items()}
        for path, folder in folders.items():
            self._folder(folder, digests[path])
            self._list(path, self._names.page(KEYWORDS, folder.page), before, letters)
        self._list("", self._names.page(ALL), before, letters)
        chapters = self._book(folders, digests)
        self._twins(whole)
        if self._settings.is_html:
            self._shared(statics, folders)
        self._state.put_pages(self.kept.now, {*others} - self.kept.now.keys(), chapters)
        return {} if self.kept.blocked else {_SITE: whole}  # what is in a page's place may go

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
        for page in self.kept.known.keys() - self._of_sources:
            if part := _PART.fullmatch(page):
                found.setdefault(part[1] + part[3], {})[page] = part[2]
        return found

    # --- pages ------------------------------------------------------------------------------------------------------

    def _folder(self, folder: Folder, inputs: bytes) -> None:
        site = self._settings.site(self._names.page(INDEX, folder.page), folder.trail)
        of = f"{folder.path}/" if folder.path else "./"
        if folder.path:
            self._page(site, inputs, of, folder.name, lambda: index_page(folder, site))
        else:
            problems, left_out = self._met.problems, self._met.left_out
            met = digest_of(inputs.hex(), problems, sorted(left_out.items()))
            self._page(site, met, of, folder.name, lambda: home(folder, site, problems, left_out))
        here = self._settings.site(self._names.page(DOC, folder.page), folder.trail)
        self._page(here, inputs, of, f"{folder.name}: documentation", lambda: doc_page(folder, here))

    def _list(self, folder: str, page: str, before: Mapping[str, bytes], letters: Mapping[str, set[str]]) -> None:
        """A list of all symbols below a folder; of one that is split only the letters that may differ are made."""
        start = f"{folder}/" if folder else ""
        below = self._below[folder]
        inputs = digest_of([(path, self._digests[path].hex()) for path in below])
        parts = self._parts.get(page, {})
        kept = [name for name in (page, *parts) if self.kept.keep(name, inputs)]
        if len(kept) > len(parts):
            return
        label = self._settings.label
        site = self._settings.site(page, (label, *folder.split("/")) if folder else (label,))
        listing = keywords.Listing(folder or label, site, by_kind=page != self._names.page(ALL))
        files = [self._listed[path]._replace(path=path[len(start) :]) for path in below]
        found = totals(files)
        wanted = None
        was = digest_of([(path, before[path].hex()) for path in sorted(before) if path.startswith(start)])
        goes_on = self.kept.known.get(page, (b"", b""))[1] in (was, inputs)
        if goes_on and keywords.is_split(found) and found.letters.keys() == {*parts.values()}:
            wanted = set(chain.from_iterable(each for path, each in letters.items() if path.startswith(start)))
            for letter, number in found.letters.items():
                names = listing.pages_of(letter, number)
                if letter not in wanted and all(map(self.kept.is_there, names)):
                    self.kept.now.update((name, (self.kept.known[name][0], inputs)) for name in names)
                else:
                    wanted.add(letter)
        for name, text in keywords.pages(listing, files, wanted):
            here, title = replace(site, page=name), listing.menu_title(name)
            self.kept.write(name, self._settings.finished(text, here, of=start or "./", title=title), inputs)

    def _book(self, folders: Mapping[str, Folder], digests: Mapping[str, bytes]) -> dict[str, tuple[bytes, str]]:
        """Make it, with the chapters of the last build where their folders are the same; the chapters that are new."""
        pages = {path: self._names.docs(path) for path in self._records}
        site = self._settings.site(self._names.page(BOOK), (self._settings.label,), pages=pages)
        of_records = [each.hex() for _, each in self._state.digests("record")]
        inputs = digest_of([each.hex() for each in digests.values()], of_records)
        if self.kept.keep(site.page, inputs):
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
        text, title = "\n".join(filter(None, parts)), f"The book of {self._settings.label}"
        self.kept.write(site.page, self._settings.finished(text, site, of="./", title=title), inputs)
        return new

    def _twins(self, whole: bytes) -> None:
        """*whole*: what all is made from, in short; little changes that JSON does not tell."""
        state, label = self._state, self._settings.label
        if not self.kept.keep("keywords.json", whole):
            fragments = [*state.fragments(), *(each.encode() for each in self._met.unread)]
            head, tail = f"{jsonform.head(label)}\n".encode(), jsonform.TAIL.encode()
            self.kept.write("keywords.json", head + b",\n".join(fragments) + tail, whole)
        style = self._settings.style
        pages = [(page, page) for page in sorted(self.kept.now) if page.endswith(self._names.suffix)]
        inputs = digest_of([each.hex() for _, each in state.digests("inventory")], pages)
        if not self.kept.keep("objects.inv", inputs):
            of_sources = chain.from_iterable(lines for _, lines in state.unpacked("inventory"))
            others = chain.from_iterable(inventory.of_page(page, title, style) for page, title in pages)
            self.kept.write("objects.inv", inventory.inventory(label, "", chain(of_sources, others)), inputs)

    def _shared(self, statics: Mapping[str, bytes], folders: Mapping[str, Folder]) -> None:
        """What pages of HTML share."""
        from kwmagic.building import sitefiles  # noqa: PLC0415  # needed by one kind of pages only

        menu = sitefiles.menu(self._settings.label, folders, self._names)
        for name, data in (*statics.items(), menu):
            self.kept.write(name, data, b"")
        digests = [self._state.digests(column) for column in ("fragment", "record")]
        inputs = digest_of([each.hex() for _, each in chain.from_iterable(digests)], sorted(folders))
        known = [page for page in self.kept.known if page.startswith(_SEARCH)]
        if known and self.kept.keep_all(known, inputs):
            return
        fragments = self._state.fragments()
        for name, data in sitefiles.search(folders, self._records, fragments, self._names):
            self.kept.write(name, data, inputs)

    # --- writing ----------------------------------------------------------------------------------------------------

    def _page(self, site: Site, inputs: bytes, of: str, title: str, make: Callable[[], Iterable[Block]]) -> None:
        if not self.kept.keep(site.page, inputs):
            self.kept.write(site.page, self._settings.finished(self._text(make()), site, of=of, title=title), inputs)

    def _text(self, blocks: Iterable[Block]) -> str:
        return Writer(Dest.PAGE, anchor=self._settings.anchor).write(blocks)
