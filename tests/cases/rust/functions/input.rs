// Copyright 2026 Somebody

use std::ops::Add;

impl<T: Copy> Point<T> {
    /// The only way to make one.
    pub const fn new(x: T, y: T) -> Self { Self { x, y } }

    const ORIGIN: Point<i32> = Point { x: 0, y: 0 };

    pub(super) async fn load<'a>(&self, from: &'a str) -> Result<&'a str, Error> where T: Add {
        fn helper() {}
        static CACHE: u8 = 0;
        struct Local { field: u8 }
        todo!()
    }
}

unsafe impl<'a, T> Draw for Point<T> {
    type Canvas = ();
    #[inline]
    fn draw(&self) {}
}

impl<T> fmt::Display for &mut shapes::round::Circle<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { Ok(()) }
}

impl Draw for [u8; 4] {
    fn draw(&self) {}
}

impl dyn Draw + Send {
    fn dynamic(&self) {}
}

pub unsafe extern "C" fn callback(_a: i32) {}

extern "C" {
    /// From libc.
    fn abs(x: i32) -> i32;
    pub static mut errno: i32;
    type Opaque;
}

fn r#match(
    first: &str, // the first
    rest: impl Fn(i32) -> i32,
) -> Option<
    String,
> {
    let _ = r#"fn not_this() {} " "#;
    None
}

#[tokio::main]
async fn main() {}
