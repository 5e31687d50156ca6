//! Whether the database has everything that was acknowledged: what it says is compared with what was noted of it elsewhere.
//!
//! Owns the comparison, before anything is done and again while a node serves, and that what is missing is said loudly. It decides nothing: a server
//! starts and goes on either way, as what is left is the only truth there is. Leaves where it is noted, and how often, to the stores: SQLite notes every
//! commit in a file beside it, PostgreSQL is noted every few seconds, in Redis or for as long as this node lives.

use super::{App, StartError};
use crate::model::AuditEvent;
use crate::model::audit_event::{Actor, AuditKind, AuditTarget};
use crate::store::{Change, MarkStore, Noted, ServerIdentity, StoreResult};
use crate::support::Timestamp;

/// What an operator should do about it.
const WHAT_TO_DO: &str = "What was done since is undone, and what had ended since may be alive again: run `haechi sessions end-all`, which signs every \
                              account out, and bring back a backup if too much is missing";

/// What is missing from a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// What was committed after some earlier state, and at the latest at this time.
    Commits {
        /// When the newest state that is known was committed.
        until: Timestamp,
    },
    /// All of it: this is another database than the one that was there.
    Database {
        /// When the newest state that is known of that one was committed.
        until: Timestamp,
    },
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Commits { until } => write!(
                f,
                "commits are missing from the database: a later state of it was acknowledged until {until}. Its WAL was deleted or cut, an older \
                 copy or a backup of it was put there, or a replica that lagged behind took over"
            ),
            Self::Database { until } => write!(
                f,
                "the database is another one than that which was there until {until}: that one, or its WAL, was moved or deleted"
            ),
        }
    }
}

/// A loss, and what shows it.
#[derive(Clone, Debug)]
pub(super) struct Loss {
    noted: Noted,
    /// What the database says.
    now: ServerIdentity,
    missing: Missing,
}

impl Loss {
    /// What the database lacks of what was noted.
    pub(super) fn of(noted: Option<&Noted>, now: &ServerIdentity) -> Option<Self> {
        let noted = noted?;
        let missing = missing(noted, now)?;
        Some(Self { noted: noted.clone(), now: now.clone(), missing })
    }

    /// What is missing.
    pub(super) fn missing(self) -> Missing {
        self.missing
    }

    /// Says it. What the database fell back to is what counts from here on, so that it is said once; the first of several nodes writes it into the
    /// audit log.
    pub(super) async fn report(self, app: &App) -> StoreResult<()> {
        let Self { noted, now, missing } = self;
        tracing::error!("{missing}. {WHAT_TO_DO}");
        if app.stores.marks.fall_back(&noted, state(&now, app.clock.now()).as_ref()).await? {
            let event = AuditEvent::new(AuditKind::CommitsLost, Actor::System, app.clock.now(), app.random.as_ref());
            app.stores
                .work
                .commit(vec![Change::Audit(event.to(AuditTarget::Server).saying(missing.to_string()))])
                .await?;
        }
        Ok(())
    }
}

fn missing(noted: &Noted, now: &ServerIdentity) -> Option<Missing> {
    let until = noted.at;
    if now.instance.as_deref() != Some(noted.instance.as_str()) {
        return Some(Missing::Database { until });
    }
    (now.mark < noted.mark).then_some(Missing::Commits { until })
}

/// What a database says of itself, as it is noted; `None` where it does not say yet which one it is.
fn state(now: &ServerIdentity, at: Timestamp) -> Option<Noted> {
    now.instance.clone().map(|instance| Noted { instance, mark: now.mark, at })
}

/// What was noted, before anything is done. Where that cannot be read nothing is known: a start does not wait for Redis.
pub(super) async fn noted(marks: &dyn MarkStore) -> Option<Noted> {
    marks.noted().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "whether the database has everything that was committed is not known");
        None
    })
}

/// Says what was found missing before anything was done.
pub(super) async fn report(app: &App, loss: Option<Loss>) -> Result<(), StartError> {
    match loss {
        Some(loss) => Ok(loss.report(app).await?),
        None => Ok(()),
    }
}

/// Compares the database with what was noted of it, and notes how far it is now. What was noted is read first, so that the database must have it.
pub async fn look_at_mark(app: &App) -> StoreResult<()> {
    let noted = app.stores.marks.noted().await?;
    let now = app.stores.server.mark(noted.as_ref().map_or(0, |noted| noted.mark)).await?;
    if let Some(loss) = Loss::of(noted.as_ref(), &now) {
        return loss.report(app).await;
    }
    match state(&now, app.clock.now()) {
        Some(state) => app.stores.marks.note(&state).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_seconds(1_800_000_000);

    #[test]
    fn a_database_that_is_behind_its_mark_lost_commits() {
        let noted = Noted { instance: "a".to_owned(), mark: 5, at: AT };
        let of = |instance: Option<&str>, mark| {
            let instance = instance.map(str::to_owned);
            missing(&noted, &ServerIdentity { instance, mark, ..ServerIdentity::default() })
        };
        for ahead in [5, 6, 1000] {
            assert_eq!(of(Some("a"), ahead), None, "{ahead}");
        }
        for behind in [0, 4] {
            assert_eq!(of(Some("a"), behind), Some(Missing::Commits { until: AT }), "{behind}");
        }
        for other in [None, Some("b")] {
            assert_eq!(of(other, 9), Some(Missing::Database { until: AT }), "{other:?}");
        }
    }
}
