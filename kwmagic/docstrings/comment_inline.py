"""Inline tags of doc comments (`{@link X}`, `\\c word`, `<b>…</b>`, `&lt;`) -> roles, literals and emphasis."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

BLOCK_TAG = re.compile("\x01([a-z]+[1-6]?|/[a-z]+[1-6]?)(?: ([^\x02]*))?\x02")
"""How `inline` leaves an HTML tag that shapes blocks, so that text which only shows `<p>` is none."""

_BRACES = r"(?:[^{}]++|\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\})*+"
_UP_TO = r"[^<]*+(?:<(?!/?(?i:%s)\b)[^<]*+)*+"

_INLINE = re.compile(
    rf"""
    (?P<span>(?<!`)(?P<ticks>`{{1,3}}+)(?:[^`]++|(?!(?P=ticks)(?!`))`++)*+(?P=ticks)(?!`))
    | \[(?P<titled>[^\[\]\n]{{1,200}}+)\]\{{@link(?:code|plain)?\s+(?P<titled_target>[^{{}}|]{{1,300}}+)\}}
    | \{{@(?P<tag>[A-Za-z]\w*+)(?P<content>{_BRACES})\}}
    | !?\[`(?P<link_code>[^`\n]{{1,200}}+)`\](?:\((?P<code_target>[^\s()]{{0,300}}+)\)|\[[^\[\]\n]{{0,200}}\])?
    | \[\[(?P<wiki>[^\[\]\n`]{{1,300}}+)\]\]
    | !?\[(?<![\w\])]\[)(?P<link_text>[^\[\]`\n]{{0,300}}+)\]
        \((?P<link_target>[^\s()]{{1,500}}+)(?:\s+"[^"\n]{{0,200}}")?\)
    | (?<![\w\])])\[(?P<name>[A-Z]\w*[a-z]\w*(?:[.:]\w+)*+(?:\(\))?)\](?![\w(\[:])
    | [@\\](?<![\w\\@/:{{][@\\])(?:
        (?P<style>em|[cpaeb])[ \t\n]++(?P<word>[^\s`]++)
        | f(?P<formula>[$(])(?P<tex>[^@\\]*+(?:[@\\](?!f[$)])[^@\\]*+)*+)[@\\]f[$)]
        | (?:sub)?ref[ ]++(?P<ref>[^\s`"]++)(?:[ \t\n]++"(?P<ref_text>[^"`]{{1,300}}+)")?
        | link[ ]++(?P<to>[^\s`]++)(?P<to_text>[^@\\`]*+(?:[@\\](?!(?:end)?link)[^@\\`]*+)*+)[@\\]endlink
        | (?P<copy>copydoc|copybrief|copydetails)[ ]++(?P<copied>[^\s`]++)
        | anchor[ ]++[^\s`]++
        | (?P<newline>n)(?!\w)
        | (?P<sign>[@&$\#<>%".:-])(?!\w++[ ]*+[{{}}])
        )
    | <(?P<code_tag>(?i:code|tt|kbd|samp|var|c))\b(?:\s[^<>]{{0,200}})?>(?P<code>{_UP_TO % "code|tt|kbd|samp|var|c"})
        </(?i:(?P=code_tag))>
    | <(?P<strong>(?i:b|strong))>(?P<strong_text>[^<>{{}}@\\`*]{{1,300}}+)</(?i:(?P=strong))>
    | <(?P<emphasis>(?i:i|em|cite|dfn))>(?P<emphasis_text>[^<>{{}}@\\`*]{{1,300}}+)</(?i:(?P=emphasis))>
    | <[aA]\s(?P<attributes>[^<>]{{1,500}})>(?P<anchor>{_UP_TO % "a"})</[aA]>
    | <[hH](?P<level>[1-6])(?:\s[^<>]{{0,200}})?>(?P<heading>[^<>]{{1,300}}+)</[hH](?P=level)>
    | <(?<!\w<(?=[A-Z]>))(?P<closing>/?)(?P<html>[A-Za-z][A-Za-z0-9]{{0,9}})(?:\s[^<>]{{0,300}})?/?>
    | &(?P<entity>(?:\#\d{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}}|[A-Za-z][A-Za-z0-9]{{1,30}});)
    | %(?<![\w%]%)(?=[A-Za-z_]\w{{2,}}+(?!%))(?!ll[dux]\b)
    """,
    re.VERBOSE,
)
"""Each alternative starts with a literal and is bounded or possessive, so that hostile input costs linear time."""

_BLOCK_TAGS = {
    "p", "br", "ul", "ol", "li", "dl", "dt", "dd", "menu", "table", "tr", "td", "th", "hr", "div", "blockquote",
    "center", "section", "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "para", "fieldset",
}  # fmt: skip
_DROPPED_TAGS = {
    "b", "strong", "i", "em", "cite", "dfn", "u", "s", "del", "ins", "small", "big", "strike", "font", "span", "sub",
    "sup", "a", "code", "tt", "kbd", "samp", "var", "q", "abbr", "mark", "thead", "tbody", "tfoot", "col", "colgroup",
    "nobr", "wbr", "nav", "figure", "article", "header", "footer", "main", "acronym",
}  # fmt: skip
_NAME = re.compile(r"\w[\w.:]*(?:\(\))?$")
_PLAIN_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,9}(?:\s[^<>]{0,300})?/?>")
_INNER_TAG = re.compile(r"\{@\w+\s+([^{}]*)\}")
_HREF = re.compile(r"href\s*=\s*[\"']?(https?://[^\s\"'<>]+)", re.IGNORECASE)
_SRC = re.compile(r"(?:alt|src)\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
_EMPHASISED = re.compile(r"\w(?:[^`*]*[\w.:!?])?$")
_LINK_SEPARATOR = re.compile(r"\s*\|\s*|(?<![,(])\s+(?![^(]*\))")


def inline(text: str) -> str:
    """`text` with its inline markup translated; of HTML only block tags are left, in the form of `BLOCK_TAG`."""
    return _INLINE.sub(_translated, text)


def code(text: str) -> str:
    """A literal that shows `text`, whatever is in it."""
    text = " ".join(text.split())
    if not text:
        return ""
    ticks = "`" * max(2, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def reference(name: str, after: str = "") -> str:
    """`name` as code that is linked where it is known; a role can't stand directly `after` a word."""
    name = name.strip()
    is_role = _NAME.match(name) and not name.endswith((".", ":")) and not (after.isalnum() or after == "_")
    return f":obj:`{name}`" if is_role else code(name)


def styled(text: str, mark: str) -> str:
    """`text` between `mark`s where they would be read as such."""
    text = " ".join(text.split())
    return f"{mark}{text}{mark}" if _EMPHASISED.match(text) else _literal(text)


def _literal(text: str) -> str:
    return re.sub(r"[*`]|\\(?=[*_`|\\])", lambda found: "\\" + found[0], text)


def _plain(text: str) -> str:
    return " ".join(unescape(_PLAIN_TAG.sub("", _INNER_TAG.sub(r"\1", text))).split())


def _before(match: re.Match[str]) -> str:
    return match.string[match.start() - 1 : match.start()]


def _translated(match: re.Match[str]) -> str:
    for group, write in _WRITERS.items():
        if match[group] is not None:
            return write(match)
    return ""  # `%` before a word keeps Doxygen from linking it, `\anchor` shows nothing


def _brace_tag(match: re.Match[str]) -> str:
    tag, content = match["tag"].lower(), match["content"].strip()
    match tag:
        case "link" | "linkcode" | "linkplain" | "see" | "tutorial":
            return _link(content, tag, _before(match))
        case "code" | "systemproperty" | "snippet":
            return code(content)
        case "value":
            return reference(content.lstrip("#").replace("#", "."), _before(match)) if content else "its value"
        case "literal":
            return _literal(content)
        case "inheritdoc":
            return "*inherited documentation*"
        case "return":
            return f"Returns {inline_once(content).rstrip('.')}."
        case "summary" | "index":
            return inline_once(content)
        case "docroot":
            return ""
    return match[0]


def inline_once(text: str) -> str:
    """Tags inside a tag: those of one more level are read, so that depth has an end."""
    return _INNER_TAG.sub(lambda found: code(found[1]), text)


def _link(content: str, tag: str, after: str) -> str:
    target, _, label = _split_link(content)
    label = _plain(label)
    if target.startswith(("http://", "https://")):
        return (
            f"[{label}]({target})" if label and not set("[]()`") & set(label + target) else f"{label} {target}".strip()
        )
    if not label:
        return reference(target.lstrip("#").replace("#", "."), after)
    return _literal(label) if tag == "linkplain" or " " in label else reference(label, after)


def _split_link(content: str) -> tuple[str, str, str]:
    separator = _LINK_SEPARATOR.search(content[:1000])
    if separator is None:
        return content, "", ""
    return content[: separator.start()], separator[0], content[separator.end() :]


def _markdown_link(match: re.Match[str]) -> str:
    text, target = match["link_text"].strip(), match["link_target"]
    if target.startswith(("http://", "https://")):
        return f"[{text}]({target})" if text else target
    if _NAME.match(target) and _NAME.match(text) and not target.endswith((".html", ".md")):
        return reference(text, _before(match))
    return text or target


def _code_link(match: re.Match[str]) -> str:
    target = match["code_target"] or ""
    return code(match["link_code"]) if target.startswith("http") else reference(match["link_code"], _before(match))


def _word(match: re.Match[str]) -> str:
    word = match["word"].rstrip(".,;:!?\"'")
    while word.endswith((")", "]")) and word.count("(") + word.count("[") < word.count(")") + word.count("]"):
        word = word[:-1].rstrip(".,;:!?\"'")
    rest = _literal(match["word"][len(word) :])
    if match["style"].lower() in ("c", "p", "a"):
        return reference(word, _before(match)) + rest
    return styled(_plain(word), "**" if match["style"] == "b" else "*") + rest


def _formula(match: re.Match[str]) -> str:
    tex = " ".join(match["tex"].replace("`", "'").split())
    space = " " if _before(match).isalnum() else ""
    return f"{space}:math:`{tex}`" if tex else ""


def _doxygen_ref(match: re.Match[str]) -> str:
    if match["ref_text"]:
        return _literal(_plain(match["ref_text"]))
    name = match["ref"].rstrip(".,;:)")
    return reference(name, _before(match)) + match["ref"][len(name) :]


def _doxygen_link(match: re.Match[str]) -> str:
    label = " ".join(match["to_text"].split())
    return _literal(label) if label else reference(match["to"], _before(match))


def _copied(match: re.Match[str]) -> str:
    return f"See {reference(match['copied'])}"


def _html_code(match: re.Match[str]) -> str:
    return code(_plain(match["code"]))


def _web_link(match: re.Match[str]) -> str:
    label, href = _plain(match["anchor"]), _HREF.search(match["attributes"])
    if href and label and not set("[]`") & set(label):
        return f"[{label}]({unescape(href[1]).replace('(', '%28').replace(')', '%29')})"
    return label if not label or " " in label or not _INNER_TAG.search(match["anchor"]) else code(label)


def _tag(match: re.Match[str]) -> str:
    name = match["html"].lower()
    if name in _BLOCK_TAGS:
        return f"\x01{match['closing']}{name}\x02"
    if name == "img":
        return " ".join(_SRC.findall(match[0]))
    if name == "sup" and not match["closing"]:
        return "^"
    return "" if name in _DROPPED_TAGS else match[0]


def _entity(match: re.Match[str]) -> str:
    return _literal(unescape(match[0]).replace("\xa0", " "))


_WRITERS: dict[str, Callable[[re.Match[str]], str]] = {
    "span": lambda match: match[0],
    "titled": lambda match: _literal(match["titled"]),
    "tag": _brace_tag,
    "wiki": lambda match: _link(match["wiki"], "link", _before(match)),
    "link_code": _code_link,
    "link_text": _markdown_link,
    "name": lambda match: reference(match["name"], _before(match)),
    "style": _word,
    "formula": _formula,
    "ref": _doxygen_ref,
    "to": _doxygen_link,
    "copy": _copied,
    "newline": lambda _match: "\x01br\x02",
    "sign": lambda match: match["sign"],
    "code": _html_code,
    "strong": lambda match: styled(_plain(match["strong_text"]), "**"),
    "emphasis": lambda match: styled(_plain(match["emphasis_text"]), "*"),
    "attributes": _web_link,
    "level": lambda match: f"\x01h1 {_plain(match['heading'])}\x02",
    "html": _tag,
    "entity": _entity,
}
