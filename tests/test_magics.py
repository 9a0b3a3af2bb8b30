"""The magics in a real IPython shell."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time

import pytest
from IPython.core.completer import CompletionContext, provisionalcompleter
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import RichOutput, capture_output
from repository import NEEDS_GIT, Repository

from kwmagic import words
from kwmagic.cells import line_form
from kwmagic.errors import OptionError


@pytest.fixture(name="session", scope="session")
def _session(tmp_path_factory):
    """One shell for all tests: IPython has one for each process."""
    patch = pytest.MonkeyPatch()
    patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()
    patch.undo()


@pytest.fixture(name="shell")
def _shell(session, tmp_path, monkeypatch):
    """The shell as a user starts it: in an empty folder, the extension loaded, nothing configured."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_args, **_kwargs: str(tmp_path))
    session.reset(new_session=True)
    session.config.pop("KWMagics", None)
    session.run_line_magic("load_ext", "kwmagic")
    yield session
    session.run_line_magic("unload_ext", "kwmagic")


@pytest.fixture(name="run")
def _run(shell, monkeypatch):
    """Runs a cell; what it showed, its own value last: one string of plain text for each output."""
    values = []
    monkeypatch.setattr(
        shell.displayhook, "write_format_data", lambda data, metadata: values.append(RichOutput(data, metadata))
    )

    def run(cell: str, *, fails: bool = False) -> list[str]:
        values.clear()
        with capture_output() as captured:
            outcome = shell.run_cell(textwrap.dedent(cell), store_history=True)
        assert outcome.success is not fails, captured.stdout + captured.stderr
        run.captured, run.outcome, run.outputs = captured, outcome, [*captured.outputs, *values]
        return [output.data["text/plain"] for output in run.outputs]

    return run


def _error(run, cell: str) -> str:
    """The one line that a wrong call prints."""
    run(cell, fails=True)
    error = run.outcome.error_in_exec
    assert type(error) is UsageError
    assert run.captured.stderr == f"UsageError: {error}\n"
    assert "\n" not in str(error)
    return str(error)


# --- what is shown --------------------------------------------------------------------------------------------------


def test_a_bare_call_shows_once(run):
    """The last line of a cell is the cell's value, too."""
    shown = run("%kwindex json.scanner")
    assert len(shown) == 1
    assert "py_make_scanner" in shown[0]
    assert run("_.target.label") == ["'json.scanner'"]


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("%kwindex json.scanner\n%kwindex json.tool", 2),
        ("for _ in range(3):\n    %kwindex json.scanner", 3),
        ("def f():\n    %kwindex json.scanner\nf()\nf()", 2),
        ("def f():\n    return get_ipython().run_line_magic('kwindex', 'json.scanner')\nx = f()", 0),
        ("def f():\n    x = %kwindex json.scanner\n    return 1\ny = f()", 0),
        ("try:\n    %kwindex json.scanner\nfinally:\n    pass", 1),
        ("with open('x', 'w'):\n    %kwindex json.scanner", 1),
        ("if True:\n    %kwindex json.scanner", 1),
        ("%kwindex json.scanner\n1;", 1),
        ("x = %kwindex json.scanner", 0),
        ("x = %kwindex json.scanner;", 0),
        ("%kwindex json.scanner;", 0),
        ("%kwindex json.scanner ;", 0),
        ("for _ in range(3):\n    %kwindex json.scanner;", 0),
        ("%kwindex json.scanner -o x;", 0),
        ("%kwindex json.scanner -o x", 1),
        ("get_ipython().run_line_magic('kwindex', 'json.scanner')", 1),
        ("get_ipython().run_line_magic('kwindex', 'json.scanner');1;", 1),
        ("%%docfile json.scanner", 1),
        ("%docfile json.scanner", 1),
        ("%timeit -n2 -r2 -q %kwindex json.scanner", 0),
        ("import asyncio\nawait asyncio.sleep(0)\n%kwindex json.scanner\n%kwindex json.scanner", 2),
        ("async def f():\n    %kwindex json.scanner\nawait f()", 1),
    ],
)
def test_display_rule(run, cell, count):
    assert len(run(cell)) == count


@pytest.mark.parametrize("mode", ["all", "last_expr_or_assign", "last", "none"])
def test_display_rule_in_other_modes(shell, run, mode):
    """`ast_node_interactivity` makes IPython print more, or nothing; each bare call still shows once."""
    shell.ast_node_interactivity = mode
    try:
        assert len(run("%kwindex json.scanner\n%kwindex json.scanner")) == 2
    finally:
        shell.ast_node_interactivity = "last_expr"


def test_display_rule_while_code_is_hot_and_traced(run):
    """Specialised and instrumented instructions must not hide what comes after the call."""
    cell = """
    import sys
    def show():
        get_ipython().run_line_magic("kwindex", "json.scanner -k class")
    def keep():
        return get_ipython().run_line_magic("kwindex", "json.scanner -k class")
    for _ in range(40):
        show()
    for _ in range(40):
        keep()
    old = sys.gettrace()
    sys.settrace(lambda *_: None)
    show()
    keep()
    sys.settrace(old)
    """
    assert len(run(cell)) == 41


def test_assigned_values_are_results(shell, run):
    run("index = %kwindex json.scanner;\ndoc = %docfile json.scanner\n%kwindex json.tool -o kept;")
    assert shell.user_ns["index"].target.label == "json.scanner"
    assert shell.user_ns["doc"].to_markdown()
    assert shell.user_ns["kept"].target.label == "json.tool"


def test_only_markdown_and_text_with_metadata(run):
    """In both ways of showing: the value of the cell, and an output of its own."""
    run("%kwindex json.scanner\n%docfile json.scanner")
    for output in run.outputs:
        assert set(output.data) == {"text/markdown", "text/plain"}
    assert run.outputs[0].metadata["kwmagic"]["target"] == "json.scanner"
    assert run.outputs[0].metadata["kwmagic"]["schema"] == 1
    assert run.outputs[0].metadata["kwmagic"]["anchor"].startswith("kw-")


def test_json(shell, run):
    shown = run("%kwindex json.scanner --format json -o data")
    assert shell.user_ns["data"]["files"][0]["path"] == "json/scanner.py"
    assert '"py_make_scanner"' in shown[0]


def test_json_within_the_budget(run):
    run("%config KWMagics.max_bytes = 1000")
    shown = run("%kwindex json --format json")
    assert len(shown[0]) < 1_200
    assert "bytes more: `-o NAME` keeps all" in shown[0]


def test_help_where_there_is_no_target(run):
    assert "%kwindex TARGET" in run("%kwindex")[0]
    assert "%kwindex TARGET" in run("%%docfile")[0]
    run("%kwindex --help")
    assert "--no-private" in run.captured.stdout


def test_question_mark(shell):
    assert "--kind" in shell.inspector.info(shell.find_line_magic("kwindex"))["docstring"]


def test_search_and_uses(run, tmp_path, monkeypatch):
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "mine.py").write_text("def read_json(path): ...\ndef all():\n    return read_json(1)\n")
    assert "read_json(path)" in run("%kwindex -s 'read json'")[0]
    assert "read_json(path)" in run("%kwindex ./ --search json -s read")[0]
    assert run("found = %kwindex -s json mine.py\n[one.symbol.name for one in found]") == ["['read_json']"]
    assert "all: called L3" in run("%kwindex mine.read_json --uses")[0]
    assert "%kwindex TARGET" in run("%kwindex --uses")[0]
    assert "--search can't be combined with --kind" in _error(run, "%kwindex mine -s json -k class")
    assert "it takes no body" in _error(run, "%%kwindex -s json\nx = 1")
    assert "letters or digits" in _error(run, "%kwindex mine -s '*'")


# --- the line -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("json -k class # why", ["json", "-k", "class"]),
        ("'a b.py' \"c # d\" it's", ["'a b.py'", '"c # d"', "it's"]),
        ("{d['a b'] + 'c'} x", ["{d['a b'] + 'c'}", "x"]),
        ("--match '# x' --only=\"a, b\"", ["--match", "'# x'", '--only="a, b"']),
        ("C:\\a\\b.py", ["C:\\a\\b.py"]),
        ("# nothing", []),
        ("a#b", ["a#b"]),
    ],
)
def test_words(line, expected):
    assert words.split(line) == (expected, False)


@pytest.mark.parametrize("line", ["json;", "json ;", "json; # why", "json;;"])
def test_semicolon(line):
    assert words.split(line) == (["json"], True)


def test_expansion():
    names = {"a": "json", "n": 3, "d": {"x y": "z"}}
    assert words.expanded("{a}.decoder", names) == "json.decoder"
    assert words.expanded("$a/$n.py", names) == "json/3.py"
    assert words.expanded("{d['x y']}{n + 1}", names) == "z4"
    assert words.expanded("'{a}'", names) == "'{a}'"
    assert words.expanded("{{a}}$$a", names) == "{a}$a"
    with pytest.raises(OptionError, match=r"\{b\} can't be filled in: name 'b' is not defined"):
        words.expanded("{b}", names)


def test_only_targets_are_expanded(run):
    run("name = 'json.scanner'")
    assert "json.scanner" in run("%kwindex {name}")[0]
    assert "json.scanner" in run("%kwindex $name -m /[a-z]{1,3}/")[0]
    assert "json.scanner" in run("%kwindex name")[0]


def test_options_are_taken_from_anywhere(shell, run):
    run("a = %kwindex -k class json.decoder -k \"function\" -m '*decode*' --no-private --sort line")
    options = shell.user_ns["a"].options
    assert (options.kinds, options.match, options.private, options.sort) == (
        ("class", "function"),
        "*decode*",
        False,
        "line",
    )


def test_locals_of_a_function(run):
    cell = """
    def f():
        import json.tool as tool
        %kwindex tool
    f()
    """
    assert "json.tool" in run(cell)[0]


def test_paths_with_spaces(tmp_path, run):
    (tmp_path / "my file.py").write_text("def f(): pass\n")
    assert "my file.py" in run('%kwindex "my file.py"')[0]
    assert "my file.py" in run("%kwindex my file.py")[0]


def test_the_notebooks_own_names(run):
    run("def mine(): pass")
    assert "mine" in run("%kwindex .")[0]
    assert "mine" in run("%docfile mine")[0]


# --- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%%docfile json\n", "%docfile json\n"),
        ("%%docfile json\n\n  \n", "%docfile json\n"),
        ("#| echo: false\n\n# x\n%%kwindex json", "%kwindex json"),
        ("#| echo: false\n%%docfile json\n## Purpose\n", "%%docfile json\n## Purpose\n"),
        ("%%docfiles json\n", "%%docfiles json\n"),
        ("# only a comment\n", "# only a comment\n"),
        ("x = 1\n%%docfile json\n", "x = 1\n%%docfile json\n"),
        ("", ""),
    ],
)
def test_line_form(cell, expected):
    assert "".join(line_form(cell.splitlines(keepends=True))) == expected


def test_a_cell_waits_for_its_body(shell):
    """In a terminal, Enter after `%%docfile TARGET` must still let a body follow."""
    assert shell.check_complete("%%docfile json")[0] == "incomplete"


def test_markdown_in_the_body(run):
    assert "Mine alone" in run("%%docfile json.scanner\n## Purpose\n\nMine alone.\n")[0]


def test_source_in_the_body(shell, run):
    assert "def f" not in shell.user_ns
    assert "f(a)" in run("%%docfile\ndef f(a): pass\n")[0]
    assert "f(a)" in run("%%kwindex\ndef f(a): pass\n")[0]
    assert "f" not in shell.user_ns
    assert "f(a)" in run("%%docfile --run --lang Python\ndef f(a): pass\n")[0]
    assert shell.user_ns["f"](1) is None


def test_a_body_in_another_language(run) -> None:
    shown = run("%%docfile --lang rust\n/// Doubles.\nfn double(x: i32) -> i32 { 2 * x }")[0]
    assert "double(x: i32) -&gt; i32" in shown or "double(x: i32) -> i32" in shown
    assert "Doubles." in shown
    assert "Shape" in run("%%kwindex --lang hpp\nstruct Shape {};")[0]


def test_a_body_that_fails(run):
    run("%%docfile --run\n1/0\n", fails=True)
    assert str(run.outcome.error_in_exec) == "%%docfile: the body stopped with ZeroDivisionError, see above"
    assert run.captured.stdout.count("division by zero") == 1


# --- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("%kwindex nbfromat", "%kwindex: no module, path or object 'nbfromat'. Did you mean: nbformat"),
        ("%docfile nosuchthing_at_all", "%docfile: no module, path or object 'nosuchthing_at_all'"),
        ("%%docfile nosuchthing_at_all\nbody", "%%docfile: no module, path or object 'nosuchthing_at_all'"),
        ("%kwindex json csv", "%kwindex: one target at a time: 'json csv' is no path (quote a path that holds spaces)"),
        ("%kwindex json -k klass", "%kwindex: unknown kind 'klass'; there are: module, package, namespace, class"),
        ("%kwindex json --sort size", "%kwindex: argument --sort: invalid choice: 'size' (choose from"),
        ("%kwindex json --dep 3", "%kwindex: unrecognized arguments: --dep"),
        ("%kwindex json --depth x", "%kwindex: argument --depth: invalid int value: 'x'"),
        ("%kwindex json --depth 0", "%kwindex: depth must be 1 or more, not 0"),
        ("%kwindex json -m /[/", "%kwindex: bad regular expression /[/: unterminated character set"),
        ("%kwindex {nam}", "%kwindex: {nam} can't be filled in: name 'nam' is not defined"),
        ("%kwindex $nam", "%kwindex: $nam can't be filled in: name 'nam' is not defined"),
        ("%kwindex {1/0}", "%kwindex: {1/0} can't be filled in: division by zero"),
        ("%kwindex json -o class", "%kwindex: -o needs a variable name, not 'class'"),
        ("%kwindex json --no\u202ewhere", "%kwindex: unrecognized arguments: --no\\u202ewhere"),
        ("%kwindex json -o 3", "%kwindex: -o needs a variable name, not '3'"),
        ("%docfile json --only purpos", "%docfile: unknown section 'purpos'; there are: metadata, purpose"),
        ("%docfile json --only ,", "%docfile: --only needs section keys"),
        ("%docfile json --run", "%docfile: --run is for a %%docfile cell whose body is source"),
        ("%%kwindex json\nx = 1", "%%kwindex: give a target or a body of source, not both"),
        ("%%docfile --lang Klingon\nx = 1", "%%docfile: "),
        ("%%docfile --lang rust --run\nfn f() {}", "%%docfile: --run runs Python; leave it out for another language"),
    ],
)
def test_wrong_use_is_one_line(run, cell, message):
    assert message in _error(run, cell)


def test_a_bad_project_file_is_one_line(tmp_path, run):
    (tmp_path / "pyproject.toml").write_text("[tool.kwmagic]\ndepth = 'x'\n")
    assert "depth must be a whole number, 1 or more, not 'x'" in _error(run, "%kwindex json.scanner")


def test_an_unknown_key_warns_once(tmp_path, run):
    (tmp_path / "pyproject.toml").write_text("[tool.kwmagic]\nlnks = 'none'\n")
    run("%kwindex json.scanner;")
    assert run.captured.stderr.endswith("unknown key 'lnks'; did you mean 'links'?\n")
    run("%kwindex json.scanner;")
    assert run.captured.stderr == ""


def test_a_bug_is_a_real_error(run, monkeypatch):
    """Never swallowed: not by the magic, and not by IPython's formatters."""

    def broken(_self):
        raise ZeroDivisionError

    monkeypatch.setattr("kwmagic.results.KeywordIndex._repr_mimebundle_", broken)
    run("%kwindex json.scanner", fails=True)
    assert isinstance(run.outcome.error_in_exec, ZeroDivisionError)


def test_interrupted(run, monkeypatch):
    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("kwmagic.documents.index", interrupted)
    run("%kwindex json.scanner", fails=True)
    assert isinstance(run.outcome.error_in_exec, KeyboardInterrupt)
    assert ": %kwindex was interrupted" in run.captured.stdout


# --- configuration --------------------------------------------------------------------------------------------------


def test_config_is_a_default_and_options_win(tmp_path, shell, run):
    (tmp_path / "pyproject.toml").write_text("[tool.kwmagic]\nsort = 'line'\nprivate = false\n")
    run("a = %kwindex json.scanner")
    run("%config KWMagics.sort = 'name'\nb = %kwindex json.scanner --private")
    a, b = shell.user_ns["a"].options, shell.user_ns["b"].options
    assert (a.sort, a.private, b.sort, b.private) == ("line", False, "name", True)


def test_config_lists_help(run):
    run("%config KWMagics")
    assert "KWMagics.max_bytes=<Int>" in run.captured.stdout
    assert "Bytes of one output in a cell (200,000)." in run.captured.stdout


def test_config_refuses_bad_values(shell, run):
    run("%config KWMagics.max_bytes = 600000")
    magics = next(each for each in shell.configurables if type(each).__name__ == "KWMagics")
    assert magics.max_bytes is None
    run("%reload_ext kwmagic")  # IPython keeps what it was given, good or bad
    assert "kwmagic: The value of the 'max_bytes' trait" in run.captured.stderr
    assert len(run("%kwindex json.scanner")) == 1


# --- completion -----------------------------------------------------------------------------------------------------


def _completions(shell, text: str) -> list[str]:
    with provisionalcompleter():
        found = list(shell.Completer.completions(text, len(text)))
    return [text[: each.start] + each.text for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%kwindex --no-p", ["%kwindex --no-private"]),
        ("%kwindex json -k prop", ["%kwindex json -k property"]),
        ("%kwindex json --kind=prop", ["%kwindex json --kind=property"]),
        ("%docfile json --only metadata,pu", ["%docfile json --only metadata,purpose"]),
        ("%docfile json --source fo", ["%docfile json --source fold"]),
        ("%docfile json --links v", ["%docfile json --links vscode"]),
        ("%kwindex json.dec", ["%kwindex json.decoder"]),
        ("x = %kwindex json.dec", ["x = %kwindex json.decoder"]),
        ("%%docfile json.dec", ["%%docfile json.decoder"]),
        ("first = 1\n    %kwindex json.dec", ["first = 1\n    %kwindex json.decoder"]),
        ("%kwindex my_own_n", ["%kwindex my_own_name"]),
        ("%kwindex sub/wi", ['%kwindex "sub/with space.py"']),
        ("%kwindex sub/pl", ["%kwindex sub/plain.py"]),
        ('%kwindex "sub/wi', ['%kwindex "sub/with space.py"']),
        ("%kwindex nosuch_thing_x", []),
    ],
)
def test_completion(shell, tmp_path, text, expected):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "with space.py").write_text("")
    (tmp_path / "sub" / "plain.py").write_text("")
    shell.user_ns["my_own_name"] = 1
    assert _completions(shell, text) == expected


@NEEDS_GIT
def test_completion_of_commits(shell, tmp_path):
    """The shell's folder is `tmp_path`."""
    repository = Repository(tmp_path)
    repository.commit(a_py="x = 1\n")
    repository.git("tag", "v1.2")
    assert _completions(shell, "%kwindex . --since v1") == ["%kwindex . --since v1.2"]
    assert _completions(shell, "%kwindex . --since=ma") == ["%kwindex . --since=main"]
    assert _completions(shell, "%kwindex . --since v2") == []


def test_completion_of_a_long_line_is_no_work(shell):
    started = time.monotonic()
    for line in (" " * 50_000 + "x", "%kwindex " + "'" * 50_001, "a" * 50_000 + "="):
        matcher = next(each for each in shell.Completer.custom_matchers if each.matcher_identifier == "kwmagic")
        matcher(CompletionContext("", line, len(line), 0, None))
    assert time.monotonic() - started < 1


def test_completion_of_options_is_all_of_them(shell):
    assert "%docfile --diagram" in _completions(shell, "%docfile --")
    assert "%docfile --no-diagram" in _completions(shell, "%docfile --")
    assert not [each for each in _completions(shell, "%kwindex --") if "abs" in each]


# --- loading --------------------------------------------------------------------------------------------------------


def _traces(shell) -> list[int]:
    return [
        len(shell.input_transformers_cleanup),
        len(shell.Completer.custom_matchers),
        sum(type(each).__name__ == "KWMagics" for each in shell.configurables),
        sum(name in table for table in shell.magics_manager.magics.values() for name in ("kwindex", "docfile")),
        len(shell.display_formatter.mimebundle_formatter.deferred_printers),
        len(shell.display_formatter.mimebundle_formatter.type_printers),
    ]


def test_reload_leaves_one_and_unload_none(session):
    clean = _traces(session)
    with capture_output() as captured:
        session.run_cell("%load_ext kwmagic")
        loaded = _traces(session)
        session.run_cell("%reload_ext kwmagic\nx = %kwindex json.scanner\n%reload_ext kwmagic")
        again = _traces(session)
        session.run_cell("%unload_ext kwmagic")
    assert (captured.stdout, captured.stderr, captured.outputs) == ("", "", [])
    assert loaded == again
    assert loaded[2:4] == [1, 4]
    assert _traces(session) == clean
    with capture_output() as captured:
        session.run_cell("%kwindex json")
    assert captured.stderr.startswith("UsageError: Line magic function `%kwindex` not found")


def test_import_is_light():
    """Neither IPython nor anything that reads or renders comes with `import kwmagic`."""
    code = (
        "import sys, kwmagic; print(sorted(n for n in sys.modules if 'kwmagic' in n or n in ('IPython', 'nbformat')))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "['kwmagic']"


def test_public_names():
    import kwmagic  # noqa: PLC0415

    for name in kwmagic.__all__:
        assert getattr(kwmagic, name), name
    assert set(kwmagic.__all__) <= set(dir(kwmagic))
    with pytest.raises(AttributeError):
        kwmagic.nothing  # noqa: B018
