"""Data for the scripts of a page: as scripts too, since a page opened from disk may run files, but not read them."""

from __future__ import annotations

import json
from typing import Any

from kwmagic.mdtext import page_mark

_BEGIN, _END = "kwmagic(", f")\n{page_mark('./')}\n"
Data = str | int | list["Data"] | dict[str, "Data"]


def data_script(data: Data) -> bytes:
    """A script that hands *data* to the page's own `kwmagic` function; ASCII, whatever encoding a server claims."""
    text = json.dumps(data, separators=(",", ":"))
    return f"{_BEGIN}{text}{_END}".encode("ascii")


def data_of(script: bytes) -> Any:
    """What such a script hands over; raises `ValueError` where it is another thing."""
    text = script.decode("utf-8", "replace")
    if not text.startswith(_BEGIN) or not text.endswith(_END):
        raise ValueError("no call of kwmagic")
    try:
        return json.loads(text.removeprefix(_BEGIN).removesuffix(_END))
    except RecursionError:
        raise ValueError("nested too deep") from None
