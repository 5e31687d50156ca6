//! What every layer may use and that knows nothing of identity: time, chance, secrets, typed ids.
//!
//! Owns the injected [`Clock`] and [`Random`], so that nothing else in the house reads the machine's.
//! Leaves signing and sealing to `keys`.

pub mod clock;
pub mod csv;
pub mod digest;
pub mod escape;
pub mod harmless;
pub mod id;
pub mod line;
pub mod machine;
pub mod network;
pub mod opaque;
pub mod pauses;
pub mod pbkdf2;
pub mod percent;
pub mod random;
pub mod request;
pub mod secret;
pub mod shared_clock;
pub mod typo;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use digest::Digest;
pub use random::{Random, SeededRandom, SystemRandom};
pub use request::Request;
pub use secret::Secret;
pub use shared_clock::SharedClock;
