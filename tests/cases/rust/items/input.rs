//! Shapes and their areas.
//!
//! Everything here is `no_std`.
#![no_std]

/// A point in the plane.
///
/// # Examples
/// `Point::new(1, 2)`
#[derive(Debug, Clone)]
#[repr(C)]
pub struct Point<T: Copy = i32> where T: Ord {
    /// Across.
    pub x: T,
    pub(crate) y: T,
}

pub struct Unit;
struct Pair(i32, pub String);

/** What can be drawn. */
pub enum Shape {
    /// Round.
    Circle { radius: f64 },
    Square(f64),
    #[deprecated]
    Nothing = 4,
}

union Bits {
    whole: u32,
    part: f32,
}

pub unsafe trait Draw: Send + fmt::Display {
    type Canvas: Sized;
    const LAYERS: usize = 1;
    fn draw(&self) -> Self::Canvas;
    /// Draws twice.
    fn twice(&self) { self.draw(); }
}

pub type Grid<T> = Vec<Vec<T>>;
pub const LIMIT: usize = 10;
static mut COUNTER: u32 = 0;
const _: () = assert!(LIMIT > 3);

/// Squares a number.
#[macro_export]
macro_rules! square {
    ($x:expr) => { $x * $x };
    () => { fn not_a_function() {} };
}
