//! The signing keys of all nodes; the private parts are sealed.

crate::dialect::step!(
    "m0006_signing_keys",
    up: &["CREATE TABLE signing_keys (
        id {bytes} NOT NULL PRIMARY KEY,
        algorithm TEXT NOT NULL,
        state TEXT NOT NULL,
        public_jwk TEXT NOT NULL,
        sealed {bytes} NOT NULL,
        created_at BIGINT NOT NULL,
        activated_at BIGINT,
        retired_at BIGINT
    )"],
    down: &["DROP TABLE signing_keys"]
);
