"""What README says of front ends: the settings it shows, and what becomes of each construct."""

from __future__ import annotations

import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
TABLE = re.compile(r"(?<=<!-- front ends -->\n).*?(?=<!-- /front ends -->)", re.DOTALL)


def settings(tool: str) -> str:
    """The settings of a tool: what is fenced below its name in bold."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"^\*\*{re.escape(tool)}\*\*.*?^```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, f"README has no settings below **{tool}**"
    return found[1]


def expected(what: str, front_end: str) -> dict[str, str]:
    """Column -> what is to become of the construct, of the row in the table of front ends that has both."""
    table = (
        README.read_text(encoding="utf-8").partition("<!-- front ends -->\n")[2].partition("<!-- /front ends -->")[0]
    )
    header, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
    (row,) = (row for row in rows if row[0] == what and front_end in row[1].split(", "))
    return dict(zip(header[2:], row[2:], strict=True))
