//! Servers that go away, hang, or come back with nothing.

mod house;
mod redis;
