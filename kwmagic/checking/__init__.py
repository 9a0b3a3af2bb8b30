"""Whether everything in a folder of pages, Markdown or HTML, leads somewhere: links, anchors, the JSON twin and the
inventory, the menu and the search index."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from kwmagic.checking import inventory_twin, keyword_twin, site_data
from kwmagic.checking.disk import page_files
from kwmagic.checking.found import Checked, Dead
from kwmagic.checking.reading import Page, answer, read
from kwmagic.checking.resolving import Resolver
from kwmagic.collecting import uncollected
from kwmagic.errors import TargetError
from kwmagic.mdtext import page_mark
from kwmagic.sharing import Work, shared
from kwmagic.workers import Failure

__all__ = ["Checked", "Dead", "check"]

_INDEXES = ("index.md", "index.html")
_TOP = page_mark("./")
_Parsed = TypeVar("_Parsed")


@uncollected()
def check(out: str, jobs: int | None = None, progress: Callable[[int, int], None] | None = None) -> Checked:
    """Follow every link of every page below *out*.

    *jobs*: processes, None for as many as are worth it; *progress* is given pages read and all pages. Raises
    `TargetError` where there is no such folder or no page of ours in it, and `OSError` where it can't be listed.
    """
    if not os.path.isdir(out):
        raise TargetError(f"no folder {out}")
    folder = os.path.realpath(out)
    pages = _read(folder, jobs, progress)
    if not any(page.mark for page in pages.values()):
        raise TargetError(f"no page that kwmagic wrote in {out}")
    resolver = Resolver(folder, pages)
    dead = [each for path in pages for each in resolver.dead(path)]
    dead += resolver.unmarked()
    dead += keyword_twin.alone(pages, resolver)
    for site, inside in _sites(pages).items():
        dead += (each._replace(page=site + each.page) for each in _of_site(os.path.join(folder, site), inside))
    ours = sum(1 for page in pages.values() if page.mark)
    links = sum(page.number for page in pages.values())
    return Checked(ours, len(pages) - ours, links, tuple(sorted(dead)))


def _read(folder: str, jobs: int | None, progress: Callable[[int, int], None] | None) -> dict[str, Page]:
    listed = sorted(page_files(folder))
    files = [os.path.join(folder, *path.split("/")) for path, _ in listed]

    def alone(index: int) -> Page:
        return Page.of(answer(files[index]))

    items = [(file,) for file in files]
    work = Work("kwmagic.checking.reading", items, [size for _, size in listed], lambda _, row: Page.of(row), alone)
    pages: dict[str, Page] = {}
    for batch in shared(work, jobs):
        for index, page in batch:
            pages[listed[index][0]] = Page.unread(page.reason) if isinstance(page, Failure) else page
        if progress:
            progress(len(pages), len(listed))
    return dict(sorted(pages.items()))


def _sites(pages: Mapping[str, Page]) -> dict[str, dict[str, Page]]:
    """The folder itself and each one in it that has a build of its own: with a final slash, and its pages from there.

    Pages of notebooks may stand around the pages of a build.
    """
    inner = {path.removesuffix(name) for path, page in pages.items() for name in _INDEXES if _is_top(path, name, page)}
    found: dict[str, dict[str, Page]] = {site: {} for site in sorted({"", *inner})}
    for path, page in pages.items():
        site = max((each for each in found if path.startswith(each)), key=len)
        found[site][path.removeprefix(site)] = page
    return found


def _is_top(path: str, name: str, page: Page) -> bool:
    return page.mark == _TOP and path.rpartition("/")[2] == name


def _of_site(folder: str, pages: Mapping[str, Page]) -> Iterator[Dead]:
    resolver = Resolver(folder, pages)
    yield from _of_twins(folder, pages, resolver)
    yield from site_data.dead(folder, pages, resolver)


def _of_twins(folder: str, pages: Mapping[str, Page], resolver: Resolver) -> Iterator[Dead]:
    """What differs from `keywords.json` and `objects.inv`, which belong to a site with documentation pages."""
    if not any(page.mark and path.endswith(keyword_twin.DOCUMENT) for path, page in pages.items()):
        return
    sources, wrong = _parsed(folder, keyword_twin.NAME, keyword_twin.parsed)
    yield from wrong
    if sources is not None:
        yield from keyword_twin.dead(sources, pages, resolver)
    entries, wrong = _parsed(folder, inventory_twin.NAME, inventory_twin.parsed)
    yield from wrong
    if entries is not None:
        yield from inventory_twin.dead(entries, sources or [], pages, resolver)


def _parsed(folder: str, name: str, parse: Callable[[bytes], _Parsed]) -> tuple[_Parsed | None, list[Dead]]:
    try:
        return parse(read(os.path.join(folder, name))), []
    except FileNotFoundError:
        return None, [Dead(name, 0, "", "no such file")]
    except OSError as error:
        return None, [Dead(name, 0, "", error.strerror or str(error))]
    except ValueError as error:
        return None, [Dead(name, 0, "", str(error))]
