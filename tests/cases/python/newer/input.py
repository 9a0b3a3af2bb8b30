"""Syntax newer than the oldest Python that runs this."""

type Alias = int
type Generic[T: (int, str) = int, *Ts, **P] = Callable[P, tuple[T, *Ts]]


class Box[T]:
    type Inner = T

    def get[U: Hashable](self, default: U = None) -> T | U: ...


class Child[T](Box[T], Protocol): ...


def first[T](items: list[T]) -> T: ...


async def collect():
    async with open(), close() as c:
        async for x in y: ...


try: ...
except A, B: ...

with (open(a) as b, open(c) as d,):
    import inside

match point:
    case Point(x=0) | {"x": 0, **rest}: ...
    case [*_, last] if last: type = 1

type = 5
type (x)
type[0] = 1
lazy = 2
lambda *, a: a
