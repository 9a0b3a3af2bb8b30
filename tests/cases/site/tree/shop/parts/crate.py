from shop.stock import Stock, load


def sealed(of: type) -> type:
    return of


def opened(path: str) -> int:
    return load(path).take("lid")


class Crate(Stock): ...
