//! Lasting state in SQLite or PostgreSQL.
