from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util as loading
import io
import os as system
import pickle
import shutil
import subprocess
import tarfile
import warnings
from os import environ
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import jinja2
import numpy as np
import requests
import torch
import yaml
from elsewhere import IMPORTED_NAME
from elsewhere import loads

try:
    import cPickle as old
except ImportError:
    old = None

if TYPE_CHECKING:
    eval("1")
    import marshal
elif __debug__:
    exec("2")

HOME_NAME = "APP_HOME"
TWICE = "FIRST"
TWICE = "SECOND"
REBOUND = "A"
state = None
_mixed: dict = {}


def runs(code, eval_=None):
    eval(code)
    return compile(code, "<x>", "eval"), compile(code, "<x>", mode=code)


def shadowed(eval, pickle):
    eval("1")
    pickle.loads(b"")

    class Local:
        open = None

        def method(self):
            return open("f", "w")


def loaded(file, flag, pickle_module=pickle):
    pickle.loads(file)
    torch.load(file, weights_only=flag)
    torch.load(file)
    torch.load(file, **flag)
    yaml.load(file, yaml.SafeLoader)
    yaml.load(file, Loader=yaml.Loader)
    np.load(file, allow_pickle=True)
    loads(file)
    file.loads("not known")
    handler = pickle.Unpickler
    if isinstance(file, (pickle.Unpickler, str)):
        return handler
    return {"load": pickle.load, **{}}


class Restricted(pickle.Unpickler):
    def find_class(self, module, name):
        return super().find_class(module, name)


def starts(command, shell):
    subprocess.run(command, shell=shell)
    subprocess.run(["ls"])
    system.execv("/bin/sh", [])
    subprocess.Popen(
        command,
        shell=(  # a comment
            True
        ),
    )


def network(url):
    requests.get(url)
    requests.get(url, timeout=3)
    requests.post(url, verify=False, **url)
    session = requests.Session()
    session.get(url)


def files(path, mode, args):
    open(path)
    open(path, "r")
    open(path, mode)
    open(path, "w")
    open(path, mode="ab", encoding="utf-8")
    open(*args, "w")
    io.open(path, "r+")
    tarfile.open(path, "r:xz")
    tarfile.open(path, "w:gz")
    tarfile.open(mode="w:gz", fileobj=path)
    shutil.rmtree(path, onerror=system.remove)
    path.unlink()


def hashed(data):
    hashlib.md5(data)
    hashlib.sha1(data, usedforsecurity=False)
    hashlib.new("md5", data)
    return hashlib.sha256(data)


def numbers():
    np.random.seed(1)
    np.random.default_rng(2)


def markup(text):
    ET.fromstring(text)
    ET.ElementTree(text)
    return jinja2.Environment(loader=None, autoescape=text)


def modules(name):
    loading.spec_from_file_location(name, name)
    __import__(name)
    ctypes.cdll.LoadLibrary(name)


def variables(name):
    environ.get("HOME")
    system.environ["TÜR"]
    system.environ[HOME_NAME]
    system.getenv(TWICE)
    system.getenv(REBOUND)
    system.getenv(IMPORTED_NAME, "x")
    system.getenv(name)
    system.getenv(f"{name}_DIR")
    system.getenv("a`b")
    HOME_NAME in system.environ
    "X" not in environ
    environ["SET"] = "1"
    del environ["GONE"]
    environ.pop("POPPED", None)
    environ.setdefault("DEFAULT", "1")
    environ.update(A="1")
    dict(environ, **{})
    for each in environ.items():
        print(each)


def local_name(HOME_NAME):
    return environ[HOME_NAME]


def ignores(items):
    for item in items:
        try:
            item()
        except (ValueError,
                KeyError) as error:
            continue
        except:
            pass
    try:
        items()
    except* OSError:
        ...
    try:
        items()
    except OSError:
        print("said")
    with contextlib.suppress(KeyError, OSError):
        items()


def rebinds():
    global state, REBOUND, unused
    state = 1
    [unused for unused in ()]

    def REBOUND(): ...

    def inner():
        state = 2


def reads_only():
    global state
    return state


def defaults(a, b=[], *, c={"x": 1}, d=(), e=((), []), f=None, g=dict(), h=frozenset()):
    return lambda i=[]: i


warnings.simplefilter("ignore", DeprecationWarning)
breakpoint()
