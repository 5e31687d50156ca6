//! Servers that go away, hang, or come back with nothing.

mod database;
mod house;
mod house_database;
mod redis;
