"""Names outside ASCII: as the compiler stores them (NFKC), marks and all."""

import ünïcödé
from ﬁle import ﬀ as ﬂ

ﬁeld = 1
Ⅷ = 8
π: float = 3.14
हिन्दी = 1
µ = "micro"
数 = 1


def 関数(引数=1): ...


class Ｆｕｌｌ: ...


class Straße:
    größe = 1

    def naïve(self): ...
