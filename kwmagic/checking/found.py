"""What a check found, and how it is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from kwmagic.mdtext import one_line


class Dead(NamedTuple):
    """Something that leads nowhere, or is missing."""

    page: str
    """From the folder that was checked, `/` separated."""
    line: int
    """1-based; in `objects.inv` of the text inside; 0 where no line applies."""
    target: str
    """The URL as written; of `keywords.json` and `objects.inv` the name; "" where it is about the page itself."""
    reason: str
    is_ours: bool = True
    """Whether the page is one that kwmagic wrote."""

    def __str__(self) -> str:
        place = f"{self.page}:{self.line}" if self.line else self.page
        whose = "" if self.is_ours else " (a page that kwmagic did not write)"
        return one_line(": ".join(filter(None, [place, self.target, self.reason + whose])))


class Checked(NamedTuple):
    """The result of a check."""

    pages: int
    """Those that kwmagic wrote."""
    others: int
    """Files of Markdown and HTML beside them."""
    links: int
    """That lead to files: not those to the web."""
    dead: tuple[Dead, ...]
    """All, by page, line and target."""

    def lines(self) -> Iterator[str]:
        """A line for each that is dead, then one for all."""
        yield from map(str, self.dead)
        pages = _count(self.pages, "page")
        if self.others:
            pages += f" and {self.others:,} that kwmagic did not write"
        found = f"{len(self.dead):,} not in order" if self.dead else "all resolve"
        yield f"{pages}, {_count(self.links, 'link')}: {found}"

    def json_text(self) -> str:
        """The same as a JSON object, ASCII."""
        data = {**self._asdict(), "dead": [each._asdict() for each in self.dead]}
        return json.dumps({"kwmagic": 1, **data}, indent=1) + "\n"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
