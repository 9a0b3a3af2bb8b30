"""Reading: what can't be read is said in one line, what can is decoded as CPython does and never torn."""

from __future__ import annotations

import io
import os
import socket
import threading
import tokenize
import zipfile
from pathlib import Path

import pytest

from kwmagic import sources
from kwmagic.errors import UnreadableError
from kwmagic.languages import LANGUAGES, language_of
from kwmagic.model import FileRef, Problem, Source

FIFO = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")


def read(data: bytes, path: str = "m.py") -> Source:
    return sources.read(FileRef(path, data=data))


def write(folder: Path, data: bytes, name: str = "m.py") -> FileRef:
    (folder / name).write_bytes(data)
    return FileRef(name, str(folder / name))


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("a/b.py", None, "Python"),
        ("a/b.pyi", None, "Python"),
        ("B.PY", None, "Python"),
        ("a.tar.py", None, "Python"),
        (".py", None, None),
        ("py", None, None),
        ("m.pyc", None, None),
        ("m.txt", b"#!/usr/bin/python3\n", None),
        ("tool", b"#!/usr/bin/env python3\n", "Python"),
        ("tool", b"#!/usr/bin/env -S VAR=1 pypy3.10 -u\n", "Python"),
        ("tool", b"#! C:\\Python311\\python.exe\r\n", "Python"),
        ("tool", b"\xef\xbb\xbf#!/usr/bin/python\n", "Python"),
        ("tool", b"#!/bin/sh\n'''exec' \"/very long/python\" \"$0\" \"$@\"\n' '''\n", "Python"),
        ("tool", b"#!/bin/sh\n", "Shell"),
        ("tool", b"#!/usr/bin/awk -f\n", None),
        ("tool", b"#!", None),
        ("tool", b"", None),
        ("tool", None, None),
        ("In[3]", None, "Python"),
        ("a/In[3]", None, None),
    ],
)
def test_language(path: str, head: bytes | None, expected: str | None) -> None:
    row = language_of(path, head)
    assert (row and row.name) == expected


def test_no_two_rows_of_the_table_claim_the_same() -> None:
    claims = [each for row in LANGUAGES for each in (*row.suffixes, *row.names, *row.interpreters)]
    assert len(claims) == len(set(claims))
    assert all(suffix.startswith(".") for row in LANGUAGES for suffix in row.suffixes)


@pytest.mark.parametrize(
    ("data", "newline", "text"),
    [
        (b"", "none", ""),
        (b"a", "none", "a"),
        (b"a\nb\n", "LF", "a\nb\n"),
        (b"a\r\nb\r\n", "CRLF", "a\nb\n"),
        (b"a\rb\r", "CR", "a\nb\n"),
        (b"a\r\nb\n", "mixed", "a\nb\n"),
        (b"a\n\rb", "mixed", "a\n\nb"),
        ("a\x0cb\x1cc\x85d\u2028e".encode(), "none", "a\x0cb\x1cc\x85d\u2028e"),
    ],
)
def test_only_lf_crlf_and_cr_end_lines(data: bytes, newline: str, text: str) -> None:
    source = read(data)
    assert (source.newline, source.text) == (newline, text)


@pytest.mark.parametrize(
    "data",
    [
        "# coding: latin-1\nx = 'é'\n".encode("latin-1"),
        "# -*- coding: latin-1-unix -*-\nx = 'é'\n".encode("latin-1"),
        "# -*- coding: ISO_8859_1-dos -*-\r\nx = 'é'\r\n".encode("latin-1"),
        "# -*- coding: utf-8-mac -*-\rx = 'é'\r".encode(),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n".encode("cp1252"),
        "\n# coding: koi8-r\nx = 'да'\n".encode("koi8-r"),
        "# é coding: latin-1\n".encode("latin-1"),
        "# coding: gbk\nx = '丂'\n".encode("gbk"),
        "# coding: iso-2022-jp\nx = '日本'\n".encode("iso-2022-jp"),
        "\ufeffx = 'é'\n".encode(),
        "\ufeff# coding: utf-8\nx = 'é'\n".encode(),
        "x = 'é'\n\n# coding: latin-1\n".encode(),
        "x = 1\n# coding: latin-1\ny = 'é'\n".encode(),
    ],
)
def test_decodes_as_cpython(data: bytes) -> None:
    namespace: dict[str, object] = {}
    exec(compile(data, "m.py", "exec"), namespace)
    source = read(data)
    assert source.problems == ()
    again: dict[str, object] = {}
    exec(compile(source.text, "m.py", "exec"), again)
    assert again.get("x") == namespace.get("x")
    assert not source.text.startswith("\ufeff")


def test_every_module_of_the_standard_library_reads_as_tokenize_reads_it() -> None:
    files = sorted(Path(os.__file__).parent.glob("*.py"))
    assert len(files) > 100
    for file in files:
        with tokenize.open(file) as stream:
            assert sources.read(FileRef(file.name, str(file))).text == stream.read()


@pytest.mark.parametrize("codec", ["rot13", "hex", "zip", "utf-32", "cp037", "no-such-codec", "undefined", "base64"])
def test_a_cookie_that_names_no_encoding_of_source_is_a_problem(codec: str) -> None:
    source = read(f"\n# coding: {codec}\ndef café(): pass\n".encode())
    assert "def café" in source.text
    assert [problem.line for problem in source.problems] == [2]
    assert codec in source.problems[0].message


def test_a_cookie_against_the_byte_order_mark_is_a_problem() -> None:
    source = read("\ufeff# coding: latin-1\nx = 'é'\n".encode())
    assert "'é'" in source.text
    assert source.problems[0].line == 1


def test_a_cookie_that_can_not_decode_gives_way_to_utf_8() -> None:
    source = read("# coding: ascii\nx = 'é'\n".encode())
    assert source.encoding == "utf-8"
    assert "'é'" in source.text
    assert source.problems[0].line == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_bytes_that_do_not_decode_are_replaced_and_their_line_is_said(end: str) -> None:
    source = read(f"import os{end}# ok{end}x = '".encode() + b"\xff'" + f"{end}def f(): pass{end}".encode())
    assert source.text == "import os\n# ok\nx = '\ufffd'\ndef f(): pass\n"
    assert source.problems == (Problem(3, "1 place does not decode as UTF-8, shown as \ufffd"),)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\0" * 100, "binary content"),
        (b"import os\n\0", "binary content"),
        ("x = 1\n".encode("utf-16"), "UTF-16 text, which Python can't import; save it as UTF-8"),
        ("x = 1\n".encode("utf-32"), "UTF-32 text, which Python can't import; save it as UTF-8"),
        ("x = 1\n".encode("utf-16-le"), "binary content"),
        ("# coding: cp037\ndef function(): return 1\n".encode("cp037"), "binary content (not UTF-8)"),
    ],
)
def test_what_is_no_text_is_unreadable(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data)
    assert str(caught.value) == message


def test_a_byte_order_mark_says_how_to_read_other_languages() -> None:
    source = read("# Ünï\r\n".encode("utf-16"), "notes.md")
    assert (source.text, source.encoding, source.problems) == ("# Ünï\n", "utf-16", ())
    assert read("# coding: latin-1 é".encode(), "notes.md").text == "# coding: latin-1 é"


def test_a_nul_further_down_does_not_hide_the_rest() -> None:
    assert read(b"# " + b"x" * 9000 + b"\n\0\ndef f(): pass\n").text.endswith("def f(): pass\n")


def test_the_given_problem_is_the_reason() -> None:
    with pytest.raises(UnreadableError, match=r"^is a FIFO$"):
        sources.read(FileRef("x.py", "/nowhere/x.py", problem=Problem(0, "is a FIFO")))
    with pytest.raises(UnreadableError, match=r"^has no source$"):
        sources.read(FileRef("math", live=os))


@FIFO
def test_a_fifo_never_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.py")
    reader = threading.Thread(target=lambda: sources.head(str(tmp_path / "x.py")), daemon=True)
    reader.start()
    reader.join(5)
    assert not reader.is_alive()
    with pytest.raises(UnreadableError, match=r"^is a FIFO$"):
        sources.read(FileRef("x.py", str(tmp_path / "x.py")))


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets in folders here")
def test_sockets_folders_and_missing_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.py")
        for name, message in (("s.py", "is a socket or a device"), (".", "is a folder"), ("no.py", "no such file")):
            with pytest.raises(UnreadableError, match=f"^{message}$"):
                sources.read(FileRef(name, str(tmp_path / name)))
    with pytest.raises(UnreadableError, match="too long"):
        sources.read(FileRef("x.py", "/" + "x" * 300 + ".py"))


def test_permission_denied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ref = write(tmp_path, b"x = 1\n")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied", ref.file)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UnreadableError, match=r"^permission denied$"):
        sources.read(ref)


def test_a_huge_file_is_reported_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path, b"")
    with open(tmp_path / "m.py", "wb") as file:
        file.truncate(2**30)  # sparse
    monkeypatch.setattr(os, "read", lambda *_: pytest.fail("it was read"))
    with pytest.raises(UnreadableError, match=r"^larger than 64 MB, not read$"):
        sources.read(ref)


def test_twenty_megabytes_are_read(tmp_path: Path) -> None:
    ref = write(tmp_path, b"x = 1\n" * (20 * 2**20 // 6))
    assert len(sources.read(ref).text) > 20_000_000


def test_a_file_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path, b"old = 1\n")
    real, calls = os.read, []

    def meddle(descriptor: int, size: int) -> bytes:
        data = real(descriptor, size)
        calls.append(data)
        if len(calls) == 1:
            write(tmp_path, b"new = 2\n")
            os.utime(tmp_path / "m.py", (1, 1))  # the clock of files is coarse
        return data

    monkeypatch.setattr(os, "read", meddle)
    assert sources.read(ref).text == "new = 2\n"


def test_a_file_that_never_rests_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path, b"#")
    real, calls = os.read, []

    def meddle(descriptor: int, size: int) -> bytes:
        calls.append(size)
        write(tmp_path, b"#" * (1 + len(calls)))  # grows as fast as it is read
        return real(descriptor, size)

    monkeypatch.setattr(os, "read", meddle)
    with pytest.raises(UnreadableError, match=r"^changed each of the 5 times it was read$"):
        sources.read(ref)


def test_members_of_archives(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pkg/m.py", "x = 1\r\n")
        archive.writestr("pkg/bomb.py", b" " * (sources.LIMIT + 1))
    ref = write(tmp_path, stream.getvalue(), "a.zip")
    assert sources.read(FileRef("pkg/m.py", ref.file, "pkg/m.py")).text == "x = 1\n"
    with pytest.raises(UnreadableError, match="larger than 64 MB"):
        sources.read(FileRef("pkg/bomb.py", ref.file, "pkg/bomb.py"))
    with pytest.raises(UnreadableError, match="no such member"):
        sources.read(FileRef("pkg/no.py", ref.file, "pkg/no.py"))
    broken = write(tmp_path, stream.getvalue()[:50], "b.zip")
    with pytest.raises(UnreadableError, match="can't be unpacked"):
        sources.read(FileRef("pkg/m.py", broken.file, "pkg/m.py"))
