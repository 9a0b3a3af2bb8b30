import Foundation

/// What is rendered.
struct Scene: Codable {
    let lights: Int

    func render(depth: Int = 4) throws -> String { "" }
}
