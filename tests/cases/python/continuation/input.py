"""Backslashes and brackets that join lines."""

def \
    name \
    (a,
     b = (1,
          2)):
    return a

class Wide(
    Base,
    # a comment
    metaclass = Meta ,
    **options
): pass

value = first + \
    second; other = 2

def annotated(
    a: dict[str, "x: y"] = {"k": ":"},
    /,
    *args: int,
    b: Callable[[int], str] = lambda x: x,  # def no(): ...
    **kwargs,
) -> Iterator[
    int
]: ...

if (a and
    b): import joined

def slices(x=y[1:2], z={1: 2}): ...
