use std::collections::{self, hash_map::{Entry as E, HashMap}, BTreeMap};
use std::fmt::*;
pub use crate::engine::Engine;
pub(crate) use super::{super::deep, self as parent};
use ::serde::{Deserialize as _, Serialize};
use rand;
use {alpha, beta::gamma};
extern crate alloc as heap;
extern crate core;

/// The engine.
#[cfg(feature = "engine")]
pub mod engine {
    //! Inner doc.
    pub mod inner {
        pub fn start() {}
    }
    #[cfg(unix)]
    #[inline]
    pub(crate) fn stop() {}
    use std::io;
}

mod elsewhere;

#[cfg(test)]
mod tests {
    use super::*;

    struct Case;

    impl Case {
        #[test]
        fn works() {}
    }
}

thread_local! {
    static HERE: u8 = 1;
}

#[cfg(not(windows))]
pub fn open() {}

pub fn broken(
