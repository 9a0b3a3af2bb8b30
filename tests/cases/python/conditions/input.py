"""Every condition a definition can stand under, outermost first."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
elif WINDOWS:
    def path(): ...
else:
    def path(text): ...

try:
    import fast as engine
except (ImportError,
        OSError) as error:
    engine = None
except* ValueError:
    def recover(): ...
else:
    def ready(): ...
finally:
    def always(): ...

for name in names:
    def in_loop(): ...
else:
    def after_loop(): ...

while True:
    class InWhile: ...

with suppress(Exception) as a, other():
    def in_with(): ...

match command.split():
    case ["go", direction] if direction in ALL:
        def go(): ...
    case _:
        def stay(): ...

if a:
    if b:
        if c: import deep
        class Nested:
            if d:
                def method(self): ...
            else:
                attribute = 1
    def beside(): ...

match = 1
case = {"match": match}
match[0] = case
