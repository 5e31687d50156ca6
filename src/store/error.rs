//! What a store answers when it did not do what was asked.

/// Why a store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was asked contradicts what is there; the caller knows what that means.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The database cannot be reached, or took too long. Trying again later may help.
    #[error("the store is away: {0}")]
    Unavailable(String),
    /// The database, or Redis, cannot be opened with the settings as they are. Trying again later does not help.
    #[error("the store cannot be opened: {0}")]
    Misconfigured(String),
    /// A stored value cannot be read: a defect, or it was changed from outside.
    #[error("a stored value is unreadable: {0}")]
    Corrupt(String),
}

/// What a [`Change`] ran into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The id, address or name is taken.
    Taken,
    /// The aggregate changed, or vanished, since it was read.
    Stale,
    /// What it rests on was ended meanwhile: its epoch is over.
    Ended,
    /// The one-time token was used, expired, or never was.
    TokenSpent,
    /// The server has an administrator already.
    AlreadyClaimed,
    /// It would leave the server without an administrator who can sign in.
    LastAdministrator,
    /// It would leave a server that has an owner without one.
    LastOwner,
    /// It would leave an account without a way to sign in.
    LastWayIn,
    /// There are as many as there may be.
    Full,
    /// Nobody who administers the server could sign in to it any more.
    LockedOut,
    /// It would have been done, and was only to be tried.
    TakenBack,
}

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;
