"""One page of a static HTML site, from the Markdown of its body: it needs no script to be read, and no other host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from kwmagic.html.assets import SHARED, style
from kwmagic.html.markdown import Body, Heading, rendered
from kwmagic.mdtext import page_mark

_POLICY = "default-src 'none'; script-src {}; style-src {}; img-src {} data:; base-uri 'none'; form-action 'none'"
_OWN = "'self' file:"
"""For browsers a file from disk is of no origin: `'self'` alone would shut out a site's own files."""
_ENTRIES = 120
"""Of the table of contents; where there would be more, its deepest level is left out."""
_DESCRIPTION = 200
"""Characters."""
_SEPARATORS = (".", "::")
"""Between the parts of a qualified name."""


class Place(NamedTuple):
    """Where a page is, and what it is called."""

    page: str
    """The page from the top of the output: `a/b/x.py_docs.html`."""
    title: str
    """Plain text."""
    site: str
    """The site's name."""
    of: str
    """What it is of, for the page mark (`mdtext.page_mark`)."""
    trail: tuple[tuple[str, str], ...] = ()
    """Names and URLs (relative to the page) of what it is in, from the top; the last may have no URL."""
    beside: tuple[str, ...] = ()
    """Other sites whose menu and search it shows: folders from the top of this output, `../site`."""
    mermaid: bool = False
    """Whether `kwmagic-site/mermaid.min.js` is there."""
    alone: bool = False
    """Whether the page is all of its site: it holds its style, and has neither menu nor search nor scripts."""


def html_page(markdown: str, place: Place, *, trusted: bool = False) -> str:
    """A whole page, its last line the page mark.

    *markdown*: the body, its links final already. *trusted*: raw HTML stays as it is, scripts run, and other hosts may
    be asked. Raises `OptionError` where the packages that HTML pages need are not installed.
    """
    body = rendered(markdown, trusted=trusted, mermaid=place.mermaid)
    root = "../" * place.page.count("/")
    return f"""<!doctype html>
<html lang="en" data-root="{root}" data-page="{escape(place.page)}" data-beside="{escape(" ".join(place.beside))}">
<head>
{_head(body, place, root, trusted=trusted)}</head>
<body>
<a class="kw-skip" href="#kw-main">Skip to content</a>
{"" if place.alone else _top(place, root)}<main id="kw-main" tabindex="-1">
{_trail(place.trail)}{body.html}</main>
{_contents(body.headings)}<footer class="kw-foot">Made by kwmagic</footer>
</body>
</html>
{page_mark(place.of)}
"""


def _head(body: Body, place: Place, root: str, *, trusted: bool) -> str:
    """What browsers are told of the page; its own style and scripts come last."""
    title = place.title if place.title == place.site else f"{place.title} · {place.site}"
    description = body.description[:_DESCRIPTION]
    lines = [
        '<meta charset="utf-8">',
        "" if trusted else f'<meta http-equiv="Content-Security-Policy" content="{_policy(place)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        f'<meta name="description" content="{escape(description)}">' if description else "",
        '<meta name="color-scheme" content="light dark">',
        '<link rel="icon" href="data:,">',  # else browsers ask the server for one
        *([f"<style>\n{style()}</style>"] if place.alone else _shared(body, root)),
    ]
    return "".join(f"{line}\n" for line in lines if line)


def _shared(body: Body, root: str) -> Iterator[str]:
    """Style and scripts that all pages of a site have."""
    yield f'<link rel="stylesheet" href="{root}{SHARED}/site.css">'
    yield f'<script src="{root}{SHARED}/theme.js"></script>'
    for name in ("site.js", "search.js", *(["mermaid.min.js"] if 'class="mermaid"' in body.html else [])):
        yield f'<script defer src="{root}{SHARED}/{name}"></script>'


def _policy(place: Place) -> str:
    """What a page may load; Mermaid writes styles into what it draws."""
    if place.alone:
        return _POLICY.format("'none'", "'unsafe-inline'", "")
    return _POLICY.format(_OWN, f"{_OWN} 'unsafe-inline'" if place.mermaid else _OWN, _OWN)


def _top(place: Place, root: str) -> str:
    """The bar above, and the menu; what needs scripts shows only where they run."""
    return f"""<header class="kw-top">
<button id="kw-menu-button" type="button" aria-controls="kw-menu" aria-expanded="false" aria-label="Menu"></button>
<a class="kw-site" href="{root}index.html">{escape(place.site)}</a>
<div class="kw-find" role="search">
<input type="search" id="kw-search" aria-label="Search" placeholder="Search" autocomplete="off" spellcheck="false">
<div id="kw-results"></div>
</div>
<button id="kw-theme" type="button" aria-label="Theme"></button>
</header>
<nav id="kw-menu" aria-label="Pages"><a href="{root}index.html">All pages</a></nav>
"""


def _trail(trail: Sequence[tuple[str, str]]) -> str:
    if not trail:
        return ""
    steps = (f'<a href="{escape(url)}">{escape(name)}</a>' if url else escape(name) for name, url in trail)
    items = "".join(f"<li>{step}</li>" for step in steps)
    return f'<nav class="kw-trail" aria-label="Breadcrumb"><ol>{items}</ol></nav>\n'


def _contents(headings: Sequence[Heading]) -> str:
    """The table of contents: as many levels as it can bear."""
    for deepest in (4, 3, 2):
        shown = [each for each in headings if 2 <= each.level <= deepest]
        if len(shown) <= _ENTRIES:
            break
    if len(shown) < 2:
        return ""
    entries = "".join(_nested(shown))
    return (
        '<nav id="kw-toc" aria-label="On this page">\n'
        f"<details><summary>On this page</summary>\n{entries}</details></nav>\n"
    )


def _nested(headings: Sequence[Heading]) -> Iterator[str]:
    """Lists inside of lists; where a level is left out, one list all the same."""
    levels: list[int] = []
    titles: list[str] = []
    for heading in headings:
        if not levels or heading.level > levels[-1]:
            levels.append(heading.level)
            titles.append("")
            yield "<ol>\n"
        else:
            while len(levels) > 1 and heading.level < levels[-1]:
                levels.pop()
                titles.pop()
                yield "</li></ol>\n"
            yield "</li>"
        titles[-1] = heading.title
        title = _inside(titles[-2], heading.title) if len(titles) > 1 else heading.title
        yield f'<li><a href="#{escape(heading.identifier)}">{escape(title)}</a>'
    yield "</li></ol>\n" * len(levels)


def _inside(outer: str, title: str) -> str:
    """What a heading is called below another: `method Linear.forward` is `forward` inside of `class Linear`."""
    qualifier, name = outer.rpartition(" ")[2], title.rpartition(" ")[2]
    within = (f"{qualifier}{separator}" for separator in _SEPARATORS)
    return next((name.removeprefix(each) for each in within if name.startswith(each)), title)
