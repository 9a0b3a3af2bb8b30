"""A bracket that is never closed: what follows is still found."""

import before

values = [1, 2,

def after():
    """Found."""
    call(1, (2, 3)

class Later:
    def method(self, a: int, b: str: ...
    def next(self): ...

import last
