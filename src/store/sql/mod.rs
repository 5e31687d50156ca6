//! Lasting state in SQLite or PostgreSQL; passing state too, where no Redis is configured.
//!
//! Owns connections, the schema's tables and every statement. Leaves what the values mean to the layers above.
//!
//! Reads go to a pool; concurrent look-ups of grants and sign-ins share a statement (see [`lookups`]). Hot writes (grants, codes, refresh
//! tokens, records) wait in a [`queue`](commit::queue), whose worker commits what is queued as one transaction and answers each caller
//! afterwards. On SQLite every write goes that way, as there is one writing connection. No caller waits longer than a
//! [`deadline`](db::deadline) for a PostgreSQL that says nothing.
//!
//! # Floors
//!
//! Each uses only what is below it: [`stores`] (the traits) → [`commit`] and [`lookups`] (what shares a transaction or a statement) →
//! [`statements`] (the SQL, one file an aggregate) → [`db`] (connections, errors, values, rows).
//!
//! # Text and NUL
//!
//! PostgreSQL's `TEXT` cannot hold U+0000. None arrives there: ids, addresses, scopes, challenges and redirect URIs are types without
//! control characters, documents are JSON, which escapes it, and what is derived from free text (`name_key`, a search) drops it.
//!
//! # How much it holds
//!
//! With their index entries, on SQLite (PostgreSQL: half as much again): a grant about 900 bytes, of which 350 are its terms; a session
//! with one account about 700 bytes, 45 more for each owner; a pending authorization about 1.2 KB; a used assertion id or a revoked token
//! 90 bytes; a throttling counter 100 bytes; an ended sign-in 60 bytes; an audit event 350 bytes. So a million live sessions, each with
//! one grant that can be refreshed, take about 1.6 GB. Everything but the audit log expires and is deleted by
//! [`Housekeeping::purge`](super::Housekeeping::purge).

mod commit;
mod db;
mod lookups;
mod statements;
mod stores;

pub use stores::SqlStore;
