"""Whether the menu and the search index of a site of HTML lead to its pages."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from kwmagic.checking.found import Dead
from kwmagic.checking.reading import Page, read
from kwmagic.checking.resolving import Resolver, decoded
from kwmagic.html.assets import SHARED
from kwmagic.html.data import data_of
from kwmagic.html.menu import MENU, urls
from kwmagic.html.search import names_of

_INDEX = f"{SHARED}/search/index.js"


def dead(folder: str, pages: Mapping[str, Page], resolver: Resolver) -> Iterator[Dead]:
    """What is wrong with them in a folder that has them."""
    if not os.path.isdir(os.path.join(folder, SHARED)):
        return
    documents, files = _index(folder)
    for name in (MENU, _INDEX, *files):
        try:
            data = _data(folder, name)
            targets = [*_targets(name, data, documents)]
        except FileNotFoundError:
            yield Dead(name, 0, "", "no such file")
        except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
            yield Dead(name, 0, "", f"not in the form that kwmagic writes: {error}")
        else:
            yield from (Dead(name, 0, url, why) for url in targets if (why := _reason(url, pages, resolver)))


def _index(folder: str) -> tuple[int, list[str]]:
    """How many documents the search index has, and the files that it says there are."""
    try:
        data = _data(folder, _INDEX)
        documents = int(data["documents"])
        return documents, names_of(documents, data["block"], data["shards"])
    except (OSError, ValueError, TypeError, KeyError, ZeroDivisionError):
        return 0, []  # which is said of the index itself


def _data(folder: str, name: str) -> Any:
    return data_of(read(os.path.join(folder, *name.split("/"))))


def _targets(name: str, data: Any, documents: int) -> Iterator[str]:
    """The URLs, from the top; raises `ValueError` where a term leads to none of the *documents*."""
    if name == MENU:
        yield from urls(data)
    elif isinstance(data, list):
        yield from (row[3] for row in data)
    elif name != _INDEX:
        lost = [term for term, ways in data.items() if any(sum(way) >= documents for way in ways if way)]
        if lost:
            raise ValueError(f"{lost[0]} leads to no document")


def _reason(url: str, pages: Mapping[str, Page], resolver: Resolver) -> str:
    """Why a URL leads nowhere; "" where it does, or is none."""
    path, _, anchor = url.partition("#")
    page = decoded(path)
    if url and page not in pages:
        return "no such page"
    return "no such anchor on that page" if anchor and not resolver.has(page, decoded(anchor)) else ""
