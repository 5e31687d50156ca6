//! Servers that go away, hang, or come back with nothing; a process that dies, a disk that is full, a clock that is wrong.

mod clock;
mod database;
mod house;
mod house_database;
mod lost_commits;
mod process;
mod redis;
mod skew;
