//! People, their passwords, their ended sign-ins, and one-time tokens.
//!
//! `document` is the whole account as JSON; the other columns repeat what is searched, compared or changed by one statement.

crate::dialect::step!(
    "m0002_users",
    up: &[
        "CREATE TABLE users (
            id {bytes} NOT NULL PRIMARY KEY,
            email_key TEXT NOT NULL UNIQUE,
            name_key TEXT NOT NULL,
            active BOOLEAN NOT NULL,
            administers BOOLEAN NOT NULL,
            not_before BIGINT NOT NULL,
            version BIGINT NOT NULL,
            document TEXT NOT NULL
        )",
        "CREATE INDEX users_administers ON users (id) WHERE administers",
        "CREATE TABLE passwords (
            user_id {bytes} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
            phc TEXT NOT NULL,
            changed_at BIGINT NOT NULL
        ) {clustered}",
        "CREATE TABLE ended_sign_ins (
            id {bytes} NOT NULL PRIMARY KEY,
            expires_at BIGINT NOT NULL
        ) {clustered}",
        "CREATE INDEX ended_sign_ins_expires_at ON ended_sign_ins (expires_at)",
        "CREATE TABLE one_time_tokens (
            id {bytes} NOT NULL PRIMARY KEY,
            purpose TEXT NOT NULL,
            digest {bytes} NOT NULL,
            user_id {bytes},
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            used_at BIGINT
        ) {clustered}",
        "CREATE INDEX one_time_tokens_expires_at ON one_time_tokens (expires_at)",
    ],
    down: &["DROP TABLE one_time_tokens", "DROP TABLE ended_sign_ins", "DROP TABLE passwords", "DROP TABLE users"]
);
