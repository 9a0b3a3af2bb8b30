"""Settings: where they come from, which wins, and what a bad one says."""

from __future__ import annotations

import json
import os

import pytest

from kwmagic import config, frontend
from kwmagic.config import Settings
from kwmagic.errors import OptionError
from kwmagic.model import FileRef


@pytest.fixture(name="user")
def _user(tmp_path, monkeypatch):
    """The user's configuration folder, empty."""
    folder = tmp_path / "user"
    folder.mkdir()
    monkeypatch.setattr("platformdirs.user_config_dir", lambda *_args, **_kwargs: str(folder))
    return folder


@pytest.fixture(name="project")
def _project(tmp_path, user):  # noqa: ARG001
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    return folder


def test_defaults(project):
    assert config.load(str(project)) == (Settings(), [])


def test_the_nearest_table_wins_over_the_users_file_and_config_over_both(project, user):
    (user / "config.toml").write_text("depth = 1\nsort = 'line'\nprivate = false\n")
    (project / "pyproject.toml").write_text("[tool.kwmagic]\ndepth = 2\nsort = 'name'\n")
    (project / "src" / "pyproject.toml").write_text("[project]\nname = 'x'\n")  # no table: not ours
    settings, warnings = config.load(str(project / "src"), {"depth": 3})
    assert (settings.depth, settings.sort, settings.private) == (3, "name", False)
    assert settings.project == str(project)
    assert warnings == []


def test_config_is_checked_like_a_file(project):
    with pytest.raises(OptionError, match="%config KWMagics: source_url must be a template"):
        config.load(str(project), {"source_url": "javascript:alert(1)"})


def test_unknown_key(project):
    (project / "pyproject.toml").write_text("[tool.kwmagic]\nlnks = 'none'\n")
    settings, warnings = config.load(str(project))
    assert settings.links == "auto"
    assert warnings == [f"{project / 'pyproject.toml'}: unknown key 'lnks'; did you mean 'links'?"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max_bytes = 500_001", "max_bytes must be a whole number from 1,000 to 500,000, not 500001"),
        ("max_entries = true", "max_entries must be a whole number from 1 to 5,000, not True"),
        ("links = 'nowhere'", "links must be one of auto, jupyterlab, vscode, github, none, not 'nowhere'"),
        ("links = []", "links must be one of auto, jupyterlab, vscode, github, none, not []"),
        ("depth = 0", "depth must be a whole number, 1 or more, not 0"),
        ("headings = 1", "headings must be true or false, not 1"),
        ("source_url = 'javascript:{path}'", "source_url must be a template such as"),
        ("source_url = {torch = 3}", "source_url must be a template such as"),
        ("cache = ''", "cache must be the path of a folder, not ''"),
        ("depth = ", "Invalid value (at line 2, column 9)"),
    ],
)
def test_a_bad_value_is_one_line(project, line, message):
    (project / "pyproject.toml").write_text(f"[tool.kwmagic]\n{line}\n")
    with pytest.raises(OptionError) as caught:
        config.load(str(project))
    assert message in str(caught.value)
    assert str(project) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_setting_is_a_trait_and_has_a_rule():
    from kwmagic.magics import KWMagics  # noqa: PLC0415

    assert {*config.KEYS} == {*KWMagics.class_own_traits(config=True)} == {*config._RULES}


def test_the_folder_of_the_cache(project, monkeypatch, tmp_path):
    monkeypatch.delenv("KWMAGIC_CACHE_DIR", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_args, **_kwargs: str(tmp_path / "users"))
    assert config.cache_folder(Settings()) == str(tmp_path / "users")
    (project / "pyproject.toml").write_text("[tool.kwmagic]\ncache = 'var/index'\n")
    settings, _ = config.load(str(project / "src"))
    assert config.cache_folder(settings) == str(project / "var" / "index")
    assert config.cache_folder(Settings(cache="~/index")) == os.path.expanduser(os.path.join("~", "index"))
    monkeypatch.setenv("KWMAGIC_CACHE_DIR", str(tmp_path / "moved"))
    assert config.cache_folder(settings) == str(tmp_path / "moved")


# --- the reader -----------------------------------------------------------------------------------------------------

_TORCH = "https://github.com/pytorch/pytorch/blob/v2.13.0/{path}#L{line}"


@pytest.fixture(name="outside")
def _outside(monkeypatch):
    """A process that no Jupyter server started."""
    for name in ("JPY_SESSION_NAME", "JPY_PARENT_PID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(name="server")
def _server(outside, tmp_path, monkeypatch):  # noqa: ARG001
    """A running server's information file; its root is `tmp_path/root`."""
    runtime, root = tmp_path / "runtime", tmp_path / "root"
    runtime.mkdir()
    (root / "nb").mkdir(parents=True)
    (root / "a.py").write_text("")
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    info = {"pid": os.getppid(), "root_dir": str(root)}
    (runtime / f"jpserver-{os.getppid()}.json").write_text(json.dumps(info))
    return root


@pytest.mark.parametrize("name", ["{root}/nb/x.ipynb", "nb/x.ipynb"])
def test_jupyterlab(server, monkeypatch, name):
    monkeypatch.setenv("JPY_SESSION_NAME", name.format(root=server))
    reader = frontend.for_notebook("auto", Settings(), {}, kernel=True)
    assert (reader.links, reader.folder, reader.root) == ("jupyterlab", str(server / "nb"), str(server))
    assert reader.source(FileRef("a.py", str(server / "a.py")), 3) == "../a.py#line=2"
    assert reader.source(FileRef("b.py", str(server.parent / "b.py")), 3) is None


def test_a_server_that_is_another_process_is_not_ours(server, monkeypatch):
    runtime = os.environ["JUPYTER_RUNTIME_DIR"]
    info = {"pid": os.getpid(), "root_dir": str(server)}
    with open(os.path.join(runtime, f"jpserver-{os.getppid()}.json"), "w") as stream:
        json.dump(info, stream)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert frontend.for_notebook("auto", Settings(), {}, kernel=True).links == "none"


@pytest.mark.usefixtures("outside")
def test_where_nothing_is_known_there_are_no_links():
    assert frontend.for_notebook("auto", Settings(), {}, kernel=True).links == "none"
    assert frontend.for_notebook("auto", Settings(), {}, kernel=False).links == "none"


@pytest.mark.usefixtures("outside")
def test_vscode(tmp_path):
    names = {"__vsc_ipynb_file__": str(tmp_path / "nb" / "x.ipynb")}
    reader = frontend.for_notebook("auto", Settings(), names, kernel=True)
    assert reader.source(FileRef("a.py", str(tmp_path / "a.py")), 3) == "../a.py#L3"
    assert frontend.for_notebook("none", Settings(), names, kernel=True).links == "none"


@pytest.mark.usefixtures("outside")
def test_templates_by_package_come_where_no_link_works_here(tmp_path):
    settings = Settings(source_url={"torch": _TORCH, "torch.nn": "https://x.org/{path}#L{line}"})
    reader = frontend.for_command_line("vscode", settings, str(tmp_path / "out.md"))
    assert reader.source(FileRef("torch/nn/a.py"), 3) == "https://x.org/torch/nn/a.py#L3"
    assert (
        reader.source(FileRef("torch/a b.py"), 3) == "https://github.com/pytorch/pytorch/blob/v2.13.0/torch/a%20b.py#L3"
    )
    assert reader.source(FileRef("torchx/a.py"), 3) is None
    assert reader.source(FileRef("In[2]", data=b""), 3) is None
    assert reader.source(FileRef("torch/b.py", str(tmp_path / "b.py")), 3) == "b.py#L3"
    forge = frontend.for_command_line("github", settings, None)
    assert str(forge.source(FileRef("torch/b.py", str(tmp_path / "b.py")), 3)).endswith("/torch/b.py#L3")
    assert frontend.for_command_line("none", settings, None).source(FileRef("torch/b.py"), 3) is None


@pytest.mark.usefixtures("outside")
def test_one_template_is_for_the_project(tmp_path):
    settings = Settings(source_url="https://x.org/{path}#L{line}", project=str(tmp_path))
    reader = frontend.for_command_line("github", settings, None)
    assert reader.source(FileRef("b.py", str(tmp_path / "src" / "b.py")), 3) == "https://x.org/src/b.py#L3"
    assert reader.source(FileRef("b.py", str(tmp_path / "src" / "b.py"))) == "https://x.org/src/b.py"
