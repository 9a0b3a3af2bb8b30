"""Definitions in definitions: qualnames as Python writes them."""


class Outer:
    limit = 1

    class Inner:
        """Inside a class."""

        def method(self):
            def helper():
                class Deep:
                    def again(self): ...

                return Deep

            return helper

        after = 2

    def method(self): return None


def function(a):
    x = 1  # a local variable is no symbol

    class Local:
        attribute = x

        async def run(self):
            async def inner(): ...

    return Local


class OneLine: first = 1; second = 2
def one_line(): import os; return os
lambda_is_no_definition = lambda: None
