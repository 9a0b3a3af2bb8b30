"""All statements about one Python file, in the order in which pages show them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from kwmagic.evidence import patterns, performance, security
from kwmagic.evidence.outline import outline
from kwmagic.evidence.resolver import Found
from kwmagic.model import Statement


def statements(tree: ast.Module, found: Sequence[Found], text: str) -> list[Statement]:
    """What the tree of *text* and the names resolved in it tell: by section, topic and line, each only once.

    What stands under `if TYPE_CHECKING` and what annotations name is left out.
    """
    seen = outline(tree, text)
    run = [each for each in found if each.how != "annotation" and each.node.lineno not in seen.typing_only]
    said = [
        *patterns.statements(seen, run),
        *performance.statements(seen, run),
        *security.statements(seen, run),
    ]
    return sorted(dict.fromkeys(said), key=lambda each: (each.section, each.topic, each.line, each.text, each.scope))
