from __future__ import annotations

import abc
import collections
import contextlib
import enum
import functools
import typing as t
from abc import ABCMeta
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, overload

import elsewhere

if TYPE_CHECKING:
    class Unread(Protocol): ...
else:
    Unread = object

if not TYPE_CHECKING:
    class Read(Protocol[int]): ...
else:
    class NotRead(Protocol): ...


@dataclass(frozen=True, slots=True)
class Point:
    x: int


@dataclass
class Plain: ...


class Color(enum.IntEnum):
    RED = 1


class Row(NamedTuple):
    color: Color


Pair = collections.namedtuple("Pair", "a b")
kind = type(Pair)
Made = type("Made", (), {})


class Options(t.TypedDict, total=False): ...


class Shape(abc.ABC):
    __slots__ = ("a",)

    @property
    @abc.abstractmethod
    def area(self): ...

    @area.setter
    def area(self, value): ...


class Meta(type):
    def __call__(cls): ...


class WithMeta(Shape, metaclass=ABCMeta): ...


class Several(Shape, abc.ABC, metaclass=elsewhere.Meta): ...


class Vector:
    def __add__(self, other): ...

    __radd__ = __add__

    def __sub__(self, other): ...
    def __mul__(self, other): ...
    def __rmul__(self, other): ...
    def __neg__(self): ...
    def __abs__(self): ...
    def __eq__(self, other): ...
    if True:
        def __getitem__(self, key): ...
    def __enter__(self): ...
    def __exit__(self, *args): ...
    def __del__(self): ...

    class Inner:
        def __enter__(self): ...


class Field:
    def __set_name__(self, owner, name): ...
    def __get__(self, obj, owner): ...
    def __set__(self, obj, value): ...


@elsewhere.register("x")
@functools.total_ordering
class Ordered: ...


@contextlib.contextmanager
def opened():
    yield 1


def numbers():
    yield 1
    yield from numbers()


def delegates():
    x = yield from numbers()


def not_a_generator():
    """Does not yield."""

    def inner():
        yield

    return lambda: (yield)


async def fetch(): ...


async def stream():
    yield await fetch()


def decorator(function):
    @functools.wraps(function)
    def wrapper(*args): ...

    return wrapper


@overload
def f(x: int): ...
@overload
def f(x: str): ...
def f(x):
    match x:
        case 1:
            return 2


@functools.singledispatch
def shown(x): ...


@shown.register
def _(x: int): ...


@elsewhere.shown.register
def _(x: int): ...


def __getattr__(name): ...


class NotTheModule:
    def __getattr__(self, name): ...


def annotated(x: Protocol, y: "enum.Enum") -> NamedTuple: ...


def both(values):
    yield from values
    yield 0
