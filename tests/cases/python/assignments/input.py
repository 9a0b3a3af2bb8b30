"""Names bound by assignment at module and class level."""

from typing import Final, TypeAlias

MAXIMUM = 10
_PRIVATE_LIMIT: int = 3
plain: str
a = b = c = 0
first, (second, *rest) = values
[left, right] = pair
*head, tail = values
obj.attribute = items[0] = bound = 1
Vector: TypeAlias = "list[float]"
type Pair[T] = tuple[T, T]
speed: Final = 299_792_458
exact: Final[int] = 1
counter += 1
del counter
if (walrus := 1): ...
table = {
    "key": [1, 2],  # a comment
    "other": """text
over lines""",
}
long_text = "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789" "0123456789"
one = 1; two = 2
_ = gettext
print("x", sep="y")
f(keyword=1)
compared == 1


class Settings:
    LIMIT = 1
    name: str = "x"
    kinds: Final = ("a",)
    x, y = 0, 0
    __slots__ = ("value",)

    def __init__(self):
        self.value = 1
        LOCAL = 2
