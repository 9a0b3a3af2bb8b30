"""TeX formulas as MathML, which browsers draw without a script.

latex2mathml writes what it reads: links, styles and tags in the text of a formula. So its tree is written anew here,
of known elements and attributes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

from kwmagic.html.missing import needs_more

_LONG = 10_000
"""Characters of a formula; more is shown as TeX."""
_TAGS = frozenset(
    """math mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup
    msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr""".split()  # noqa: SIM905
)
_ATTRIBUTES = frozenset(
    """accent accentunder close columnalign columnlines columnspacing depth display displaystyle fence form frame height
    largeop linethickness lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation
    open rowalign rowlines rowspacing rspace scriptlevel separator separators stretchy symmetric voffset
    width""".split()  # noqa: SIM905  # as a list they would fill a page
)
_ESCAPED = re.compile(r"\\([_%&#$])")
_VALUE = re.compile(r"[\w.#%+ ()\[\]{}|,/-]*")


@lru_cache(4096)
def formula(tex: str, *, block: bool) -> str:
    """The formula as `<math>`; as code where it can't be read. *block*: on lines of its own."""
    try:
        from latex2mathml.converter import convert_to_element  # noqa: PLC0415  # reads a large table of symbols
    except ImportError:
        raise needs_more() from None
    try:
        if len(tex) > _LONG:
            raise ValueError("long formula")
        return _written(convert_to_element(tex, display="block" if block else "inline"))
    except Exception:  # its parser meets bad TeX with errors of any kind
        return f'<code class="tex">{escape(tex)}</code>'


def _written(element: Element) -> str:
    text = unescape(element.text or "")
    if element.tag == "mtext":  # which latex2mathml leaves as it is
        text = _ESCAPED.sub(r"\1", text)
    inner = escape(text, quote=False) + "".join(map(_written, element))
    if element.tag not in _TAGS:
        return inner
    attributes = "".join(
        f' {name}="{value}"' for name, value in element.items() if name in _ATTRIBUTES and _VALUE.fullmatch(value)
    )
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>"
