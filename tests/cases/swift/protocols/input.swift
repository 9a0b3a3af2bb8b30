/// Can be drawn.
protocol Drawable: AnyObject {
    associatedtype Canvas: Surface = Screen
    var frame: Rect { get set }
    func draw(on canvas: Canvas) throws
    init(frame: Rect)
    static func make() -> Self
    subscript(index: Int) -> Int { get }
}

extension Shapes.Circle: Drawable where T == Int {
    /** Draws it. */
    func draw(on canvas: Screen) {}
    private static let cache = Cache()
}

extension Array where Element == Int {
    mutating func sum() {}
    struct Nested { let a: Int }
}

prefix operator +++
infix operator **: Power
precedencegroup Power { associativity: left }

prefix func +++ (x: Int) -> Int { x }

func top<T>(_ work: @escaping (Int) -> T) rethrows -> some View where T: Q { }

let limit = 10
private var hidden: Int = 2
public typealias Handler = (Int) -> Void

indirect enum Tree { case leaf, node(Tree, Tree) }

macro stringify(_ x: Int) -> Int = #externalMacro(module: "M", type: "T")

#if DEBUG && os(iOS)
func trace() {}
#else
func trace() {}
#endif
