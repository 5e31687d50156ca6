//! Servers that go away, hang, or come back with nothing; a process that dies, a disk that is full, a clock that is wrong.

mod boot;
mod chores;
mod clock;
mod contention;
mod database;
mod disk;
mod house;
mod house_database;
mod ledger;
mod locked;
mod lost_commits;
mod lost_connection;
mod mailed;
mod process;
mod races;
mod redis;
mod rolling;
mod second_step;
mod setup;
mod skew;
