"""`python -m kwmagic` as a process: output, exit codes, signals, pipes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import kwmagic

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and devices")


@pytest.fixture(name="run")
def _run(tmp_path, monkeypatch):
    """Runs the command in an empty folder; its result, checked to hold no traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def run(*args: str, **how):
        done = subprocess.run(
            [sys.executable, "-m", "kwmagic", *args], capture_output=True, text=True, timeout=60, check=False, **how
        )
        assert "Traceback" not in done.stderr
        return done

    return run


def test_index(run):
    done = run("index", "json.scanner")
    assert (done.returncode, done.stderr) == (0, "")
    assert "py_make_scanner" in done.stdout


def test_doc(run):
    done = run("doc", "json.scanner", "--only", "overview, analysis", "--source", "none")
    assert (done.returncode, done.stderr) == (0, "")
    assert "py_make_scanner" in done.stdout


def test_json_is_ascii_and_the_same_as_in_python(run):
    done = run("index", "json", "--format", "json", "-k", "class")
    data = json.loads(done.stdout)
    assert data["kwmagic"] == 1
    assert {symbol["kind"] for each in data["files"] for symbol in each["symbols"]} == {"class"}
    everything = json.loads(run("index", "json", "--format", "json").stdout)
    assert everything == kwmagic.index("json").to_dict()


@POSIX
def test_undecodable_names(tmp_path, run):
    try:
        with open(os.fsencode(tmp_path) + b"/\xff.py", "w") as stream:
            stream.write("ä = 1\n")
    except OSError:
        pytest.skip("this file system only takes UTF-8 names")
    done = run("index", "./", "--format", "json", env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["files"][0]["path"] == "\udcff.py"
    assert run("index", "./", env={**os.environ, "PYTHONIOENCODING": "ascii"}).returncode == 0


def test_dot_is_the_folder(tmp_path, run):
    (tmp_path / "a.py").write_text("def here(): pass\n")
    assert "here" in run("index", ".").stdout


def test_files_of_the_folder_are_not_run(tmp_path, run):
    """`python -m` puts the working folder first; one called like a module of Python must not be imported."""
    for name in ("argparse", "json", "difflib", "tomllib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('it was run')\n")
    (tmp_path / "mine.py").write_text("def here(): pass\n")
    assert "here" in run("index", "mine").stdout
    assert "Did you mean: mine" in run("index", "mien").stderr


def test_output_file(tmp_path, run):
    done = run("index", "json.scanner", "-o", "out.md")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "py_make_scanner" in (tmp_path / "out.md").read_text("utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["out.md"]
    run("index", "json.tool", "-o", "out.md")
    assert "py_make_scanner" not in (tmp_path / "out.md").read_text("utf-8")


def test_links_of_an_output_file_start_from_its_folder(tmp_path, run):
    (tmp_path / "a.py").write_text("def here(): pass\n")
    (tmp_path / "docs").mkdir()
    run("index", "a.py", "--links", "vscode", "-o", "docs/out.md")
    assert "../a.py#L1" in (tmp_path / "docs" / "out.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "kwmagic: a command is needed; there are: index, doc"),
        (["indx", "json"], "kwmagic: no command 'indx'; there are: index, doc"),
        (["index"], "kwmagic index: a target is needed: a module, a path or a name in a module; see --help"),
        (["search"], "kwmagic search: the following arguments are required: WORDS\n"),
        (["index", "nosuchthing_at_all"], "kwmagic index: no module, path or object 'nosuchthing_at_all'"),
        (["index", "json", "csv"], "kwmagic index: one target at a time"),
        (["index", "json", "-k", "klass"], "kwmagic index: unknown kind 'klass'"),
        (["index", "json", "-m", "/(/"], "kwmagic index: bad regular expression /(/"),
        (["index", "json", "--kin", "class"], "kwmagic index: unrecognized arguments: --kin"),
        (["doc", "json", "--only", "nothing"], "kwmagic doc: unknown section 'nothing'"),
        (["index", "json", "--a\nb"], "kwmagic index: unrecognized arguments: --a\\nb"),
        (["doc", "json", "--depth", "2"], "kwmagic doc: unrecognized arguments: --depth"),
    ],
)
def test_wrong_use_is_one_line_and_2(run, args, message):
    done = run(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message)
    assert done.stderr.count("\n") == 1


def test_help_and_version(run):
    assert "kwmagic index TARGET" in run("--help").stdout
    assert "--no-private" in run("index", "--help").stdout
    assert "--strict" in run("doc", "-h").stdout
    assert "WORDS" in run("search", "--help").stdout
    assert run("--version").stdout == f"kwmagic {kwmagic.__version__}\n"


def test_strict(tmp_path, run):
    (tmp_path / "bad.py").write_bytes(b"# coding: nonsense\nx = 1\n")
    assert run("index", "bad.py").returncode == 0
    done = run("index", "bad.py", "--strict")
    assert done.returncode == 1
    assert done.stderr.startswith("kwmagic index: 1 problem met")
    assert run("index", "json.scanner", "--strict").returncode == 0


def test_configuration(tmp_path, run):
    (tmp_path / "a.py").write_text("def _hidden(): pass\ndef shown(): pass\n")
    (tmp_path / "pyproject.toml").write_text("[tool.kwmagic]\nprivate = false\nprivat = 1\n")
    done = run("index", "a.py")
    assert "shown" in done.stdout
    assert "_hidden" not in done.stdout
    assert done.stderr.endswith("unknown key 'privat'; did you mean 'private'?\n")
    assert "_hidden" in run("index", "a.py", "--private").stdout


@POSIX
def test_a_full_disk_is_one_line_and_1(run):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "kwmagic", "index", "json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, "kwmagic index: No space left on device: standard output\n")
    done = run("index", "json", "-o", "/dev/full")
    assert (done.returncode, done.stderr) == (1, "kwmagic index: No space left on device: /dev/full\n")


def test_an_output_that_cannot_be_written(run):
    done = run("index", "json.scanner", "-o", "no/such/folder/x.md")
    assert done.returncode == 1
    assert done.stderr.startswith("kwmagic index: No such file or directory: ")
    assert done.stderr.endswith("no/such/folder/x.md\n")


@POSIX
def test_a_reader_that_leaves_is_quiet():
    command = [sys.executable, "-m", "kwmagic", "index", "json", "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


@POSIX
@pytest.mark.parametrize("delay", [0.05, 0.2, 0.8])
def test_interrupted_is_one_line_and_130(tmp_path, delay):
    """At work; early, too, but before Python runs anything of ours it dies of the signal in its own way."""
    for number in range(600):
        (tmp_path / f"m{number}.py").write_text("def f(a, b): pass\n" * 2000)
    command = [sys.executable, "-m", "kwmagic", "index", "./"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        time.sleep(delay)
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        stderr = process.stderr.read().decode()
        code = process.wait(timeout=30)
        assert time.monotonic() - started < 3
    if delay > 0.5:
        assert (code, stderr) == (130, "kwmagic: interrupted\n")
    else:
        assert code in {130, -signal.SIGINT, 1}
