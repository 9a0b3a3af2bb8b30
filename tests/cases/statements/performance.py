import asyncio
import functools
import gc
import subprocess
import threading
import time
from functools import cached_property as lazily
from typing import overload

import torch
import triton
from numba import njit


@functools.lru_cache(maxsize=1)
def cached(): ...


@functools.cache
@njit(parallel=True)
def twice_decorated(): ...


later = functools.lru_cache(maxsize=None)(cached)
applied = map(torch.jit.script, [])


class Kept:
    @lazily
    def value(self): ...

    lock = threading.Lock()
    factory = dict(lock=threading.RLock)


class Worker(threading.Thread):
    def run(self):
        self.run()

    def cross(self):
        self.run()

    @classmethod
    def made(cls, depth):
        return cls.made(depth - 1)

    @staticmethod
    def plain(self):
        self.plain()

    def replaced(self):
        self.replaced = None
        return self.replaced()

    def stolen(self):
        self = other()
        return self.stolen()

    def inner(self):
        def call():
            self.inner()
        return call

    @overload
    def typed(self, x: int): ...

    @overload
    def typed(self, x: str): ...

    def typed(self, x):
        return [self.typed(each) for each in x]


@triton.autotune(configs=[triton.Config({"BLOCK_SIZE": size}, num_warps=4) for size in (1, 2)], key=["n"])
@triton.jit
def kernel(): ...


def synchronizes():
    torch.cuda.synchronize()
    torch.backends.cudnn.benchmark = True
    gc.collect()
    time.sleep(0.5)


async def blocks(path, loop):
    time.sleep(1)
    open(path)
    await loop.run_in_executor(None, lambda: open(path))

    def in_thread():
        return subprocess.run(path)

    def with_default(file=open(path)): ...

    async def nested():
        subprocess.run(path)

    await asyncio.gather(nested())


def factorial(n):
    return n * factorial(n - 1)


def shadowing(shadowing):
    return shadowing()


def by_name_only():
    """by_name_only() in a docstring"""
    return other.by_name_only()


def defined_twice():
    return defined_twice()


def defined_twice():
    return 1


def replaced():
    return replaced()


replaced = cached


def outer():
    def walk(node):
        return [walk(child) for child in node]

    def later():
        return outer()

    return walk


def loops(a):
    for b in a:
        while b:
            def inner():
                for c in a:
                    for d in c:
                        pass
            b()
        else:
            for c in a:
                pass


def deep(a):
    for b in a:
        if b:
            with b:
                for c in b:
                    try:
                        for d in c:
                            pass
                    finally:
                        while c:
                            for e in c:
                                pass


for a in ():
    for b in ():
        for c in ():
            pass
