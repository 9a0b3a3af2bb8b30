"""The table of languages: nothing else decides what language a file is written in."""

from __future__ import annotations

import re
from typing import Any, NamedTuple


class Language(NamedTuple):
    """One row of the table."""

    name: str
    """As pages and JSON write it."""
    analyser: str
    """The module of `kwmagic.analysers` that reads it."""
    suffixes: tuple[str, ...] = ()
    """With the dot; tried as written first, then in lower case, the longest first (`.d.ts` before `.ts`)."""
    names: tuple[str, ...] = ()
    """Whole file names, `Makefile`; with a final `*` only their beginning, `Dockerfile.*`."""
    interpreters: tuple[str, ...] = ()
    """Programs after `#!`, without folder and version: `python` stands for `/usr/bin/python3.12`."""
    fence: str = ""
    """The word after the backticks of a Markdown fence."""
    separator: str = "."
    """Between the parts of a qualname."""
    comment: str = ""
    """What starts a comment that ends with its line; several with a space between."""
    block_comment: str = ""
    """What opens and closes a comment, with a space between."""
    docs: str = ""
    """How its doc comments are written: `python`, `doxygen` (`@param`, `\\brief`, also JSDoc, Javadoc, PHPDoc, KDoc),
    `markdown` (also of Go and Swift), `xml`, `rdoc` (also YARD), `ldoc`; empty: plain text."""
    cookie: bool = False
    """Whether a `coding:` comment on line 1 or 2 names the encoding (PEP 263)."""
    needs: str = ""
    """The distribution with its tree-sitter grammar."""
    yields: str = ""
    """What its index holds, for README."""


_HASH: dict[str, Any] = {"comment": "#"}
_SLASHES: dict[str, Any] = {"comment": "//", "block_comment": "/* */"}
_C_FAMILY: dict[str, Any] = {"analyser": "c_family", "separator": "::", "docs": "doxygen", **_SLASHES}
_C_YIELDS = "functions with signatures, structs, unions, enums, typedefs, variables, macros, includes"
_CXX_YIELDS = f"namespaces, classes, members with access, templates, {_C_YIELDS}"
_TREE: dict[str, Any] = {"analyser": "tree_sitter", **_SLASHES}

LANGUAGES: tuple[Language, ...] = (
    Language(
        "Python",
        "python",
        suffixes=(".py", ".pyi", ".pyw"),
        interpreters=("python", "pypy", "uv"),
        fence="python",
        docs="python",
        cookie=True,
        yields="classes, functions, methods, properties, constants, variables, attributes, type aliases, imports",
        **_HASH,
    ),
    Language(
        "Cython",
        "cython",
        suffixes=(".pyx", ".pxd", ".pxi"),
        fence="cython",
        docs="python",
        yields="as Python, and `cdef` classes, types, functions and attributes, extern headers, `cimport`",
        **_HASH,
    ),
    Language(
        "Starlark",
        "starlark",
        suffixes=(".bzl", ".star", ".bazel", ".BUILD"),
        names=("BUILD", "WORKSPACE", "BUCK", "TARGETS", "Tiltfile"),
        fence="python",
        docs="python",
        yields="functions, variables, targets with a name, loads",
        **_HASH,
    ),
    Language("C", suffixes=(".c",), fence="c", yields=_C_YIELDS, **_C_FAMILY),
    Language(
        "C++",
        suffixes=(
            ".cpp",
            ".cc",
            ".cxx",
            ".c++",
            ".C",
            ".hpp",
            ".hh",
            ".hxx",
            ".h++",
            ".H",
            ".ipp",
            ".inl",
            ".tcc",
            ".tpp",
            ".ixx",
            ".cppm",
        ),
        fence="cpp",
        yields=_CXX_YIELDS,
        **_C_FAMILY,
    ),
    Language("C/C++ header", suffixes=(".h",), fence="cpp", yields="as C++", **_C_FAMILY),
    Language("CUDA", suffixes=(".cu", ".cuh"), fence="cuda", yields="as C++, and kernels", **_C_FAMILY),
    Language("HIP", suffixes=(".hip",), fence="cpp", yields="as CUDA", **_C_FAMILY),
    Language("Metal", suffixes=(".metal",), fence="cpp", yields="as C++, and kernels", **_C_FAMILY),
    Language(
        "Objective-C",
        suffixes=(".m",),
        fence="objectivec",
        yields=f"classes, protocols, categories, methods, properties, {_C_YIELDS}",
        **_C_FAMILY,
    ),
    Language("Objective-C++", suffixes=(".mm",), fence="objectivec", yields="as Objective-C and C++", **_C_FAMILY),
    Language(
        "JavaScript",
        suffixes=(".js", ".mjs", ".cjs", ".jsx"),
        interpreters=("node", "nodejs", "deno", "bun"),
        fence="javascript",
        docs="doxygen",
        needs="tree-sitter-javascript",
        yields="classes, methods, functions, arrow functions, constants, variables, imports, exports",
        **_TREE,
    ),
    Language(
        "TypeScript",
        suffixes=(".ts", ".mts", ".cts"),
        fence="typescript",
        docs="doxygen",
        needs="tree-sitter-typescript",
        yields="as JavaScript, and interfaces, enums, type aliases, namespaces",
        **_TREE,
    ),
    Language(
        "TSX",
        suffixes=(".tsx",),
        fence="tsx",
        docs="doxygen",
        needs="tree-sitter-typescript",
        yields="as TypeScript",
        **_TREE,
    ),
    Language(
        "Rust",
        suffixes=(".rs",),
        fence="rust",
        separator="::",
        docs="markdown",
        needs="tree-sitter-rust",
        yields="modules, structs, enums, unions, traits, functions, methods, constants, type aliases, macros",
        **_TREE,
    ),
    Language(
        "Go",
        suffixes=(".go",),
        fence="go",
        docs="markdown",
        needs="tree-sitter-go",
        yields="package, structs, interfaces, types, functions, methods, fields, constants, variables, imports",
        **_TREE,
    ),
    Language(
        "Java",
        suffixes=(".java",),
        fence="java",
        docs="doxygen",
        needs="tree-sitter-java",
        yields="package, classes, interfaces, records, enums, annotations, methods, fields, imports",
        **_TREE,
    ),
    Language(
        "C#",
        suffixes=(".cs", ".csx"),
        fence="csharp",
        docs="xml",
        needs="tree-sitter-c-sharp",
        yields="namespaces, classes, structs, records, interfaces, enums, methods, properties, fields, events, "
        "delegates, usings",
        **_TREE,
    ),
    Language(
        "Kotlin",
        suffixes=(".kt", ".kts"),
        fence="kotlin",
        docs="doxygen",
        needs="tree-sitter-kotlin",
        yields="package, classes, interfaces, objects, enums, functions, methods, properties, type aliases, imports",
        **_TREE,
    ),
    Language(
        "Swift",
        suffixes=(".swift",),
        fence="swift",
        docs="markdown",
        needs="tree-sitter-swift",
        yields="classes, structs, enums, protocols, extensions, functions, methods, properties, type aliases, imports",
        **_TREE,
    ),
    Language(
        "Scala",
        suffixes=(".scala", ".sc", ".sbt"),
        fence="scala",
        docs="doxygen",
        needs="tree-sitter-scala",
        yields="package, classes, traits, objects, enums, functions, methods, values, type aliases, imports",
        **_TREE,
    ),
    Language(
        "Ruby",
        "tree_sitter",
        suffixes=(".rb", ".rake", ".gemspec", ".ru"),
        names=("Rakefile", "Gemfile", "Podfile", "Vagrantfile", "Fastfile"),
        interpreters=("ruby",),
        fence="ruby",
        separator="::",
        comment="#",
        block_comment="=begin =end",
        docs="rdoc",
        needs="tree-sitter-ruby",
        yields="modules, classes, methods, constants, attributes, requires",
    ),
    Language(
        "PHP",
        "tree_sitter",
        suffixes=(".php", ".phtml"),
        interpreters=("php",),
        fence="php",
        separator="::",
        comment="// #",
        block_comment="/* */",
        docs="doxygen",
        needs="tree-sitter-php",
        yields="namespaces, classes, interfaces, traits, enums, functions, methods, properties, constants, uses",
    ),
    Language(
        "Lua",
        "tree_sitter",
        suffixes=(".lua",),
        interpreters=("lua", "luajit"),
        fence="lua",
        comment="--",
        block_comment="--[[ ]]",
        docs="ldoc",
        needs="tree-sitter-lua",
        yields="functions, methods, variables, requires",
    ),
    Language(
        "Shell",
        "shell",
        suffixes=(".sh", ".bash", ".zsh", ".ksh", ".bats"),
        names=("PKGBUILD", "APKBUILD"),
        interpreters=("sh", "bash", "dash", "zsh", "ksh", "bats"),
        fence="bash",
        comment="#",
        yields="functions, variables, aliases, sourced files",
    ),
    Language(
        "CMake",
        "cmake",
        suffixes=(".cmake", ".cmake.in"),
        names=("CMakeLists.txt",),
        fence="cmake",
        comment="#",
        block_comment="#[[ ]]",
        yields="functions, macros, targets, options, variables, includes",
    ),
    Language(
        "Make",
        "make",
        suffixes=(".mk", ".mak", ".make"),
        names=("Makefile", "makefile", "GNUmakefile", "Makefile.*", "makefile.*"),
        interpreters=("make",),
        fence="make",
        comment="#",
        yields="targets, variables, defines, includes",
    ),
    Language(
        "Dockerfile",
        "dockerfile",
        suffixes=(".dockerfile", ".containerfile"),
        names=("Dockerfile", "Containerfile", "Dockerfile.*", "Containerfile.*"),
        fence="dockerfile",
        comment="#",
        yields="stages, arguments, variables, labels, ports, base images",
    ),
    Language(
        "SQL",
        "sql",
        suffixes=(".sql", ".ddl", ".pgsql", ".psql"),
        fence="sql",
        comment="--",
        block_comment="/* */",
        yields="tables with columns, views, indexes, functions, procedures, triggers, types, schemas",
    ),
    Language(
        "Protocol Buffers",
        "protobuf",
        suffixes=(".proto",),
        fence="protobuf",
        yields="package, messages, fields, enums, enumerators, services, rpcs, imports",
        **_SLASHES,
    ),
    Language(
        "INI",
        "ini",
        suffixes=(".ini", ".cfg", ".conf", ".properties", ".desktop", ".service", ".socket", ".timer"),
        names=(".editorconfig", ".gitconfig", ".coveragerc", ".pylintrc", ".flake8", ".npmrc"),
        fence="ini",
        comment="# ;",
        yields="sections, keys",
    ),
    Language(
        "TOML",
        "toml",
        suffixes=(".toml",),
        names=("Pipfile", "poetry.lock", "Cargo.lock", "uv.lock"),
        fence="toml",
        comment="#",
        yields="tables, keys by path",
    ),
    Language(
        "YAML",
        "yaml",
        suffixes=(".yaml", ".yml"),
        names=(".clang-format", ".clang-tidy"),
        fence="yaml",
        comment="#",
        yields="keys by path",
    ),
    Language(
        "JSON",
        "json",
        suffixes=(".json", ".jsonc", ".json5", ".jsonl", ".ndjson", ".geojson", ".webmanifest"),
        names=(".eslintrc", ".babelrc", ".prettierrc", "composer.lock"),
        fence="json",
        comment="//",
        block_comment="/* */",
        yields="keys by path",
    ),
    Language(
        "reStructuredText",
        "rest",
        suffixes=(".rst", ".rest"),
        fence="rst",
        yields="headings, labels, documented objects, included files",
    ),
    Language(
        "Markdown",
        "markdown",
        suffixes=(".md", ".markdown", ".mkd", ".mdown", ".mdx", ".qmd", ".Rmd"),
        fence="markdown",
        block_comment="<!-- -->",
        docs="markdown",
        yields="headings; links, code blocks and front matter in `%docfile`",
    ),
    Language(
        "Jupyter notebook",
        "notebook",
        suffixes=(".ipynb",),
        fence="json",
        yields="headings, and definitions and imports of code cells with cell and line",
    ),
)
GENERIC = Language("Text", "generic")
"""For text of no known kind that was named explicitly."""

_BINARY_SUFFIXES = """
    .png .jpg .jpeg .gif .bmp .ico .webp .tif .tiff .psd .pdf .mp3 .mp4 .wav .ogg .avi .mov .mkv .webm .flac .woff
    .woff2 .ttf .otf .eot .zip .gz .tgz .bz2 .xz .zst .7z .rar .tar .jar .war .whl .egg .deb .rpm .dmg .iso .o .a .so
    .dylib .dll .exe .lib .obj .class .pyc .pyo .pyd .wasm .bin .dat .pkl .pickle .npy .npz .pt .pth .onnx .h5 .hdf5
    .parquet .feather .arrow .db .sqlite .sqlite3 .xls .xlsx .doc .docx .ppt .pptx .mo .mat .safetensors
"""
_BINARY = frozenset(_BINARY_SUFFIXES.split())
"""Suffixes of files that hold no text."""

BY_NAME = {row.name: row for row in LANGUAGES}
_BY_SUFFIX = {suffix: row for row in LANGUAGES for suffix in row.suffixes}
_BY_FILE_NAME = {name: row for row in LANGUAGES for name in row.names if not name.endswith("*")}
_BY_BEGINNING = {name[:-1]: row for row in LANGUAGES for name in row.names if name.endswith("*")}
_BY_INTERPRETER = {program: row for row in LANGUAGES for program in row.interpreters}

_CELL = re.compile(r"In\[\d+\]")
_SHEBANG = re.compile(rb"(?:\xef\xbb\xbf)?#![ \t]*([^\r\n]*)")
_LONG_SHEBANG = re.compile(rb"#!/bin/sh\n'''exec' [^\n]*python")
"""What pip writes where the path is too long for the kernel."""
_VERSION = re.compile(r"[\d.]*(?:\.exe)?$")


def language_of(path: str, head: bytes | None = None) -> Language | None:
    """The language of a file by its name; by its first bytes, where the name has no suffix and *head* is given."""
    name = path.rpartition("/")[2]
    row = _BY_FILE_NAME.get(name) or _by_suffix(name) or _by_beginning(name)
    if row is None and head is not None and may_be_script(name):
        row = _by_shebang(head)
    if row is None and _CELL.fullmatch(path):  # what the magics read was typed into a Python kernel
        row = BY_NAME["Python"]
    return row


def named(text: str) -> Language | None:
    """The language that a user means by its name, the word of its fence or a suffix: `C++`, `cpp`, `hpp`."""
    word = text.lower()
    ways = (lambda row: row.name.lower() == word, lambda row: row.fence == word, lambda row: f".{word}" in row.suffixes)
    return next((row for fits in ways for row in LANGUAGES if fits(row)), None)


def is_binary(name: str) -> bool:
    """Whether a file's suffix says that it holds no text."""
    return name[name.rfind(".") :].lower() in _BINARY


def may_be_script(name: str) -> bool:
    """Whether only the first line of a file of this name can tell its language."""
    return "." not in name and name not in _BY_FILE_NAME


def _by_beginning(name: str) -> Language | None:
    return next((row for start, row in _BY_BEGINNING.items() if name.startswith(start)), None)


def _by_suffix(name: str) -> Language | None:
    dot = name.find(".", 1)  # from 1: `.py` is a hidden file without a suffix
    while dot > 0:
        suffix = name[dot:]
        if row := _BY_SUFFIX.get(suffix) or _BY_SUFFIX.get(suffix.lower()):
            return row
        dot = name.find(".", dot + 1)
    return None


def _by_shebang(head: bytes) -> Language | None:
    match = _SHEBANG.match(head)
    if match is None:
        return None
    if _LONG_SHEBANG.match(head):
        return _BY_INTERPRETER.get("python")
    words = match[1].decode("utf-8", "replace").replace("\\", "/").split()
    if words and words[0].endswith("/env"):  # `env -S VAR=1 python3 -u`
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    program = words[0].rpartition("/")[2] if words else ""
    return _BY_INTERPRETER.get(_VERSION.sub("", program))
