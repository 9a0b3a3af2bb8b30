from shop.stock import Stock


def test_take() -> None:
    assert Stock({"a": 1}).take("a") == 0
