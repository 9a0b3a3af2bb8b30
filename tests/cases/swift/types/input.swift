//
//  Shapes.swift
//  Copyright 2026 Somebody. All rights reserved.
//

import Foundation
@testable import struct Shapes.Point
@_exported import Core

/// A circle.
///
/// - Note: round
@available(iOS 13, *)
@objc(Circle)
public final class Circle<T: Numeric>: Shape<T>, Drawable where T: Comparable {
    private let radius: Int = 3, scale = 4
    @Published fileprivate(set) var title: String? {
        didSet { redraw() }
    }
    static var count: Int { 1 }
    lazy var (left, right) = (1, 2)

    init?(radius: Int) throws {
        let local = 3
        func inner() {}
    }
    convenience init<U>(_ other: U) async {}
    deinit {}

    /// The point at an angle.
    subscript(angle: Double) -> T { return points[angle] }

    class func make(_ radius: Int, at point: Point = .zero) async throws -> Circle<T> where T: P {}
    static func == (left: Circle, right: Circle) -> Bool { true }
    override open func draw() { }
    typealias Radius = Int

    enum Style: String, Codable {
        /// No line.
        case none, dashed(Int, gap: Int)
        case solid = "s"
        indirect case both(Style)
        func apply() {}
    }
}

struct Point { var x, y: Int }

actor Counter {
    nonisolated func value() -> Int { 0 }
}

@main
struct App: SwiftUI.App {}
