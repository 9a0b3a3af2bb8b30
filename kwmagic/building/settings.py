"""What holds for all pages of a site: its name and place, and how the text of a page becomes the file."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

from kwmagic.building.places import Places
from kwmagic.errors import OptionError
from kwmagic.html.missing import needs_more
from kwmagic.options import DocOptions, SiteOptions
from kwmagic.pages.frame import anchor_tag, framed
from kwmagic.pages.navigation import breadcrumbs
from kwmagic.sitelinks import Site

_LIBRARIES = ("latex2mathml", "markdown-it-py", "mdit-py-plugins", "pygments")
"""What pages of HTML are written with."""


class Settings(NamedTuple):
    """What is said once for a build; every page is made with the same."""

    label: str
    """What the site is called."""
    sources: str
    """The source tree from the top of the output; unquoted."""
    options: SiteOptions
    libraries: str = ""
    """`libraries()` for pages of HTML, which other versions may write otherwise; empty for Markdown."""

    @classmethod
    def of(cls, places: Places, options: SiteOptions) -> Settings:
        """Those of a build. Raises `OptionError` where HTML is asked for, and what writes it is not installed."""
        written_with = libraries() if options.to == "html" else ""
        return cls(os.path.basename(places.source), places.way, options, written_with)

    def packed(self) -> str:
        """As it crosses to a worker."""
        return json.dumps([self.label, self.sources, asdict(self.options), self.libraries])

    @property
    def is_html(self) -> bool:
        """Whether pages are HTML."""
        return self.options.to == "html"

    @property
    def suffix(self) -> str:
        """How the names of pages end."""
        return f".{self.options.to}"

    @property
    def style(self) -> str:
        """For whom the Markdown is written, of `options.FORMATS`; what becomes HTML is the plain one."""
        return "markdown" if self.is_html else self.options.format

    @property
    def anchor(self) -> str:
        """The tag of places that links lead to."""
        return anchor_tag(self.style)

    def site(self, page: str, trail: tuple[str, ...], **about: Any) -> Site:
        """The links of one page; *about*: what else `Site` holds."""
        options = self.options
        closed = self.is_html or options.format != "markdown"
        lined = self.is_html and options.doc.shows("source") and options.doc.source in (None, "full", "fold")
        return Site(page, self.sources, options.source_url, trail=trail, closed=closed, lined=lined, **about)

    def finished(self, body: str, site: Site, *, of: str, title: str) -> str:
        """A whole page; *body* is its Markdown, *of* what it is of, as in a page mark, *title* plain text."""
        if not self.is_html:
            return framed(body, of=of, title=title, format=self.style)
        from kwmagic.html.page import Place, html_page  # noqa: PLC0415  # needed by one kind of pages only

        draws = self.options.mermaid is not None
        return html_page(body, Place(site.page, title, self.label, of, breadcrumbs(site), mermaid=draws))

    def statics(self) -> dict[str, bytes]:
        """The files that every site of HTML has, by name.

        Raises `OptionError` where the script for diagrams can't be read.
        """
        if not self.is_html:
            return {}
        from kwmagic.html.assets import static_files  # noqa: PLC0415  # needed by one kind of pages only

        return dict(static_files(self.options.mermaid))


@lru_cache(maxsize=1)
def to_settings(packed: str) -> Settings:
    """The settings that were packed; raises `OptionError` where the libraries here are others than there."""
    label, sources, options, there = json.loads(packed)
    if there and there != (here := libraries()):
        raise OptionError(f"the workers write HTML with {here}, not with {there} as is installed here")
    doc = options.pop("doc")
    doc |= {"only": tuple(doc["only"]), "without": tuple(doc["without"])}
    return Settings(label, sources, SiteOptions(**options, doc=DocOptions(**doc)), there)


def libraries() -> str:
    """The libraries that write HTML, each with its version; raises `OptionError` where one is not installed."""
    try:
        return ", ".join(f"{each} {version(each)}" for each in _LIBRARIES)
    except PackageNotFoundError:
        raise needs_more() from None
