r"""A raw \docstring."""


def escapes():
    "tab\tquote\"unicode\u00e9\x41\N{BULLET}"


def concatenated():
    "one "   "two " \
    'three'


def parenthesised():
    ("in "
     # a comment
     "brackets")


def one_line(): "Short."; return 1


def after_comment():
    # A comment.

    """Still the docstring."""


def formatted():
    f"""No docstring."""


def some_bytes():
    b"""No docstring."""


def an_expression():
    "text".upper()


def a_tuple():
    "a", "b"


def added():
    "a" + "b"


def late():
    pass
    """No docstring."""


def empty():
    """"""


class Assigned:
    __doc__ = "By assignment."


class Outside: ...
Outside.__doc__ = """From outside."""


class Stub:
    """Both."""; x = 1


def unicode(): u"""A u prefix."""
