import UIKit

class Before {
    func fine() {}
}

func half(a: Int {
    let x = [1, 2

struct After {
    var name: String
    func text() -> String { name }
}
