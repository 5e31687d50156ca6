//! Passing state in Redis.
