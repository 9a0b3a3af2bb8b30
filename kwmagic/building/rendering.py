"""The pages of one source, made from its content and from what was gathered of it alone; most of it runs in workers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, NamedTuple

from kwmagic import inventory, jsonform, rows
from kwmagic.analysers.markdown_detail import Link
from kwmagic.analysers.python_detail import to_detail
from kwmagic.building.settings import Settings, to_settings
from kwmagic.detailing import content_of, detailed, with_problem
from kwmagic.errors import UnreadableError
from kwmagic.evidence.surrounding_rows import to_surroundings
from kwmagic.links import Reader
from kwmagic.markup import Writer
from kwmagic.mdtext import Dest
from kwmagic.model import FileRef, Target
from kwmagic.options import IndexOptions
from kwmagic.pages import document, extent, keyword_page
from kwmagic.pages.record import record
from kwmagic.pages.select import select
from kwmagic.pages.site.entries import anchored, entries
from kwmagic.pages.subject import AMOUNTS, Commit, Subject, View
from kwmagic.projects.indexing import unpacked
from kwmagic.sitelinks import Site
from kwmagic.sources import read


class Rendered(NamedTuple):
    """What comes out of one source."""

    document: str
    keywords: str
    record: str
    """A `Record` as JSON."""
    entries: list[tuple[str, ...]]
    """Rows of `SiteEntry`."""
    fragment: str
    inventory: list[str]


class Item(NamedTuple):
    """All that the pages of one source are made from; plain, since workers may be anywhere."""

    path: str
    docs: str
    """The name of its documentation page, from the top of the output."""
    keywords: str
    """The name of its keyword index."""
    data: bytes | None
    """None where it can't be read."""
    facts: bytes
    """As the project's index packs them."""
    gathered: str
    """`Gathered.around`."""
    details: Any
    """`Gathered.details`."""
    settings: str
    """`Settings.packed`."""


def answer(*item: Any) -> tuple[Any, ...]:
    """What a worker is asked: an `Item`, for which it gives `Rendered`; nothing for nothing."""
    return tuple(rendered(Item(*item))) if item else ()


def rendered(item: Item) -> Rendered:
    """The same, here."""
    path, docs, keywords = item[:3]
    known = to_settings(item.settings)
    text = _text(path, item.data)
    around, pages, commit, dead = json.loads(item.gathered)
    found = rows.to_facts(FileRef(path), unpacked(item.facts))
    if item.details:
        details = to_detail(item.details)
        found = with_problem(found, details)
    else:
        found, details, _ = detailed(found, text)
    trail = (known.label, *path.split("/")[:-1])
    site = known.site(docs, trail, pages=pages | {path: docs}, keywords=keywords, path=path)
    subject = Subject(
        Target(path, path, "file", (found.ref,)),
        found,
        details,
        text,
        Reader(site=site),
        known.options.doc,
        in_cell=False,
        commit=commit and Commit(*commit),
        content=content_of(found, text),
        dead_links=tuple((Link(*link), reason) for *link, reason in dead),
        around=to_surroundings(around),
    )
    return _written(View(subject, AMOUNTS[0]), site, known)


def _text(path: str, data: bytes | None) -> str:
    try:
        return "" if data is None else read(FileRef(path, data=data)).text
    except UnreadableError:  # the facts say why
        return ""


def _written(view: View, site: Site, known: Settings) -> Rendered:
    facts, of = view.facts, view.facts.path
    blocks = list(document.page(view))
    document_text = Writer(Dest.PAGE, resolve=view.resolve, anchor=known.anchor).write(blocks)
    beside = replace(view.reader.site or site, page=site.keywords)  # the view's knows the pieces of the source
    listing = IndexOptions()
    index = extent.Index(view.subject.target, select([facts], listing), listing, Reader(site=beside))
    keywords_text = Writer(Dest.PAGE).write(keyword_page.page(view, index, blocks, beside))
    named = [*anchored(view)]
    page = site.pages[of]
    file = inventory.File(of, facts.language, view.subject.around.module, page)
    return Rendered(
        known.finished(document_text, site, of=of, title=of),
        known.finished(keywords_text, beside, of=of, title=f"Keyword Index: {of}"),
        json.dumps(record(view)),
        [tuple(each) for each in entries(view)],
        jsonform.fragment(facts, page, named),
        inventory.of_file(file, named, known.style),
    )
