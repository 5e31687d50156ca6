//! The scripts that run inside Redis.

use ::redis::Script;

/// Each is sent by its hash, and in full only to a Redis that does not know it.
pub(super) struct Scripts {
    pub(super) put: Script,
    pub(super) take: Script,
    pub(super) of_owner: Script,
    pub(super) hit: Script,
    pub(super) note: Script,
    pub(super) fall_back: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            put: Script::new(concat!(include_str!("scripts/owners.lua"), include_str!("scripts/put.lua"))),
            take: Script::new(concat!(include_str!("scripts/owners.lua"), include_str!("scripts/take.lua"))),
            of_owner: Script::new(include_str!("scripts/of_owner.lua")),
            hit: Script::new(include_str!("scripts/hit.lua")),
            note: Script::new(include_str!("scripts/note.lua")),
            fall_back: Script::new(include_str!("scripts/fall_back.lua")),
        }
    }
}
