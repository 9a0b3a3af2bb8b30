"""The search index and the menu of an HTML site: what is in the files, however the scripts of a page read them."""

from __future__ import annotations

import json
import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kwmagic.html.menu import Node, menu_file
from kwmagic.html.search import Entry, names_of, page_entries, search_files

FIELDS = ("name", "part", "heading", "text")
DECODE = Entry(
    "JSONDecoder.decode", "method", "json/decoder.py", "json/decoder.py_docs.html#kw-1-decode", "The value of a text."
)
DECODER = Entry("JSONDecoder", "class", "json/decoder.py", "json/decoder.py_docs.html#kw-1", "Simple JSON decoder.")
IMPORTED = Entry("JSONDecoder", "import", "json/__init__.py", "json/__init__.py_docs.html", "")
FOLDER = Entry("lib/json", "folder", "lib", "lib/json/index.html", "")
SHEET = Entry("lib/json.css", "file", "lib", "lib/json.css_docs.html", "")
SECTION = Entry("How to decode", "section", "A tour", "tour.html#how-to-decode", "Call a decoder, or café_crème 42.")
ENTRIES = (DECODE, DECODER, IMPORTED, SECTION)

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
ENTRY = st.builds(Entry, TEXT, st.sampled_from(["class", "method", "import", "section", "page"]), TEXT, TEXT, TEXT)


class Index:
    """An index as read from its files."""

    def __init__(self, entries) -> None:
        files = dict(search_files(entries))
        self.files = files
        self.data = {name.removeprefix("kwmagic-site/search/")[:-3]: data(each) for name, each in files.items()}
        self.shards = self.data["index"]["shards"]
        block, count = self.data["index"]["block"], self.data["index"]["documents"]
        self.documents = [self.data[f"d-{number // block}"][number % block] for number in range(count)]

    def shard(self, prefix):
        return self.data["t-" + re.sub(r"[^\x00-\x7f]", lambda match: f"-{ord(match[0]):x}", prefix)]

    def found(self, term):
        """Titles of the documents of a term by how they match, in order."""
        home = max((prefix for prefix in self.shards if term.startswith(prefix)), key=len, default=None)
        ways = self.shard(home).get(term, []) if home is not None else []
        return {field: self.titles(numbers) for field, numbers in zip(FIELDS, ways, strict=False) if numbers != []}

    def titles(self, differences):
        return [self.documents[number][0] for number in accumulate(differences)] if differences else "all"


def data(script: bytes):
    """What a data file hands to the page; it is ASCII, one call and the page mark."""
    call, mark, end = script.decode("ascii").split("\n")
    assert (mark, end) == ("<!-- kwmagic page of ./ -->", "")
    assert call.startswith("kwmagic(")
    assert call.endswith(")")
    return json.loads(call[len("kwmagic(") : -1])


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("decode", {"name": ["JSONDecoder.decode"], "heading": ["How to decode"]}),
        ("jsondecoder", {"name": ["JSONDecoder", "JSONDecoder"], "part": ["JSONDecoder.decode"]}),
        ("decoder", {"part": ["JSONDecoder", "JSONDecoder.decode", "JSONDecoder"], "text": ["How to decode"]}),
        ("value", {"text": ["JSONDecoder.decode"]}),
        ("cafecreme", {"text": ["How to decode"]}),
        ("creme", {"text": ["How to decode"]}),
        ("42", {"text": ["How to decode"]}),
        ("tour", {"text": ["How to decode"]}),
        ("a", {}),
        ("missing", {}),
    ],
)
def test_what_a_word_finds(term, found):
    assert Index(ENTRIES).found(term) == found


def test_folders_and_files_are_found_by_their_own_names():
    index = Index([FOLDER, SHEET])
    assert index.found("json") == {"name": ["lib/json", "lib/json.css"]}
    assert index.found("css") == {"name": ["lib/json.css"]}
    assert index.found("lib") == {"part": ["lib/json", "lib/json.css"]}


def test_what_is_hidden_comes_after_what_is_public():
    titles = ("_decode", "decode", "scan.<locals>.decode", "JSON.decode")
    kinds = ("function", "function", "class", "method")
    entries = [Entry(title, kind, "a.py", "a.html", "") for title, kind in zip(titles, kinds, strict=True)]
    assert Index(entries).found("decode") == {"name": ["decode", "JSON.decode", "scan.<locals>.decode", "_decode"]}


def test_the_names_of_the_files_are_told():
    files = dict(search_files([*ENTRIES, Entry("élan", "class", "é.py", "e.html", "")]))
    index = data(files["kwmagic-site/search/index.js"])
    assert ["kwmagic-site/search/index.js", *names_of(**index)] == list(files)


def test_a_result_has_text_to_show_from():
    text = "word " * 1000
    shown = Index([SECTION._replace(text=text)]).documents[0][4]
    assert text.startswith(shown.removesuffix(" …"))
    assert 900 < len(shown) <= 1002


def test_classes_come_before_what_is_imported():
    kinds = [document[1] for document in Index(ENTRIES).documents]
    assert kinds.index("class") < kinds.index("method") < kinds.index("import")


def test_same_entries_give_the_same_files_in_any_order_and_once():
    assert dict(search_files(ENTRIES)) == dict(search_files([*reversed(ENTRIES), DECODE]))


def test_no_entries():
    assert Index([]).documents == []


@given(st.lists(ENTRY, max_size=8))
def test_every_entry_is_found_by_every_word_of_it(entries):
    index = Index(entries)
    assert sorted((title, kind, where, url) for title, kind, where, url, _ in index.documents) == sorted(
        (entry.title, entry.kind, entry.where, entry.url) for entry in set(entries)
    )
    for entry in entries:
        for word in re.findall(r"[A-Za-z0-9]+", entry.title if entry.title.isascii() else ""):
            assert any(entry.title in titles for titles in index.found(word.lower()).values()), word
    assert all(re.fullmatch(r"kwmagic-site/search/[a-z0-9-]+\.js", name) for name in index.files)


def test_a_large_index_lies_in_files_of_bearable_size():
    """Names like those of a large library: many share a beginning, one word is in all texts."""
    parts = ("tensor", "test", "conv", "grad", "linear", "index", "cuda", "op", "sum", "view")
    words = [f"{one}_{two}_{number}" for number in range(230) for one in parts for two in parts]
    entries = [
        Entry(word, "function", f"lib/{word[:4]}.py", f"lib/{word[:4]}.py_docs.html#kw-{word}", "Returns self.")
        for word in words
    ]
    index = Index(entries)
    assert len(index.documents) == len(words) > 20_000
    assert index.found("returns") == {"text": "all"}
    assert index.found("convgrad7") == {"name": ["conv_grad_7"]}
    assert len(index.found("conv")["part"]) == 230 * 19
    assert max(map(len, index.files.values())) <= 150_000
    assert sum(map(len, index.files.values())) <= 300 * len(words)


def test_sections_of_a_page():
    code, table = "```python\nrun_it(1)\n```", "| a | b |\n|---|---|\n| c | d |"
    page = ("# A *tour*", "Hello.", "## Get `it`", "Do this:", code, "### Get it", table)
    assert list(page_entries("\n\n".join(page), "guide/tour.html", "A tour")) == [
        Entry("A tour", "page", "guide/tour.html", "guide/tour.html", "Hello."),
        Entry("Get it", "section", "A tour", "guide/tour.html#get-it", "Do this:\n\nrun_it(1)"),
        Entry("Get it", "section", "A tour › Get it", "guide/tour.html#get-it-1", "a\n\nb\n\nc\n\nd"),
    ]


def test_menu():
    nodes = [Node("Tour & more", "tour.html"), Node("guide", "", (Node("é", "guide/%C3%A9.html"),))]
    name, content = menu_file("Site", nodes)
    assert name == "kwmagic-site/menu.js"
    assert data(content) == {
        "site": "Site",
        "nodes": [["Tour & more", "tour.html"], ["guide", "", [["é", "guide/%C3%A9.html"]]]],
    }
