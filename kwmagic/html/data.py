"""Data for the scripts of a page: as scripts too, since a page opened from disk may run files, but not read them."""

from __future__ import annotations

import json

from kwmagic.mdtext import page_mark

Data = str | int | list["Data"] | dict[str, "Data"]


def data_script(data: Data) -> bytes:
    """A script that hands *data* to the page's own `kwmagic` function; ASCII, whatever encoding a server claims."""
    text = json.dumps(data, separators=(",", ":"))
    return f"kwmagic({text})\n{page_mark('./')}\n".encode("ascii")
