//! How what the server stands on is: what the overview shows, and the API answers.
//!
//! Owns what is asked and for how long. Leaves to its callers who may know it, and in which words it is said.

use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::AppState;

/// How long a store may take to show that it is there.
const PING: Duration = Duration::from_secs(1);

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum Standing {
    /// It works.
    Good,
    /// It does not answer.
    Bad,
    /// It goes on, and somebody should look at it.
    Attention,
    /// It is not there, and need not be.
    Absent,
}

/// How everything is that the server stands on.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(in crate::http) struct Standings {
    /// The database.
    pub(in crate::http) database: Standing,
    /// Redis.
    pub(in crate::http) redis: Standing,
    /// Whether many passwords are being guessed.
    pub(in crate::http) guessing: Standing,
    /// The signing keys.
    pub(in crate::http) keys: Standing,
    /// Mail.
    pub(in crate::http) mail: Standing,
}

impl Standings {
    pub(in crate::http) async fn of(app: &AppState) -> Self {
        let database = timeout(PING, app.stores.housekeeping.ping()).await;
        let redis = match app.config.redis {
            Some(_) => Some(timeout(PING, app.stores.records.ping()).await),
            None => None,
        };
        let standing = |good: bool| if good { Standing::Good } else { Standing::Bad };
        Self {
            database: standing(matches!(database, Ok(Ok(())))),
            redis: redis.map_or(Standing::Absent, |answer| standing(matches!(answer, Ok(Ok(()))))),
            guessing: if app.throttle.failures().await.is_attack() { Standing::Attention } else { Standing::Good },
            keys: standing(app.keys.self_check().is_ok()),
            mail: mail(app).await,
        }
    }
}

/// Mail that was given up waits for somebody to look at it.
async fn mail(app: &AppState) -> Standing {
    if !app.mailer.is_on() {
        return Standing::Absent;
    }
    match timeout(PING, app.stores.mails.counts()).await {
        Ok(Ok(counts)) if counts.failed > 0 => Standing::Attention,
        Ok(Ok(_)) => Standing::Good,
        _ => Standing::Bad,
    }
}
