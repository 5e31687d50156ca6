//! Whether it was proved, when a passkey was made, that its key is in hardware and stays there. Of those from before nothing proves it.

crate::dialect::step!(
    "m0039_passkey_hardware",
    up: &["ALTER TABLE passkeys ADD COLUMN hardware BOOLEAN NOT NULL DEFAULT FALSE"],
    down: &["ALTER TABLE passkeys DROP COLUMN hardware"]
);
