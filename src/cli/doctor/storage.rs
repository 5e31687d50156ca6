//! Database and Redis.

use std::path::PathBuf;
use std::time::Duration;

use tokio::time::timeout;

use super::Finding;
use crate::admin::claim;
use crate::app::{self, App};
use crate::config::Config;
use crate::config::show::without_password;
use crate::support::Timestamp;

const PATIENCE: Duration = Duration::from_secs(5);
/// From how far apart the clocks of the nodes begin to matter: what one issues, another must not think expired.
const APART: Duration = Duration::from_secs(2);
/// From how far apart they break things.
const FAR_APART: Duration = Duration::from_secs(30);

/// The file of a SQLite database.
fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let path = config.database.url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
}

/// Whether the database answers, has its schema, and agrees about the time.
pub(super) async fn database(config: &Config, now: Timestamp) -> Vec<Finding> {
    let about = "database";
    let shown = without_password(&config.database.url);
    let missing = sqlite_file(config).filter(|file| !file.exists());
    if let Some(file) = missing {
        let found = format!("{} is not there yet", file.display());
        return vec![Finding::warn(
            about,
            found,
            "start `haechi`, which makes it, or check that you are in the server's folder",
        )];
    }
    let state = match timeout(PATIENCE, app::database_state(config)).await {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => {
            return vec![Finding::fail(about, format!("{shown}: {error}"), "start the database, or mend database.url")];
        }
        Err(_) => {
            return vec![Finding::fail(about, format!("{shown} does not answer"), "see that this machine reaches it")];
        }
    };
    let open = state.steps.iter().filter(|(_, applied)| !applied).count();
    let schema = if open == 0 {
        Finding::ok(about, format!("{shown} answers; its schema is up to date"))
    } else {
        Finding::warn(
            about,
            format!("{open} steps of the schema are missing"),
            "run `haechi migrate up`, or start `haechi`",
        )
    };
    vec![schema, clock("of the database", now, state.now)]
}

/// Whether two clocks agree well enough.
pub(super) fn clock(whose: &str, ours: Timestamp, theirs: Timestamp) -> Finding {
    let about = "clock";
    let apart = ours.since(theirs).max(theirs.since(ours));
    let found = format!("{:.1} seconds from that {whose}", apart.as_secs_f64());
    let mend = "let both machines keep their time by NTP (chrony, systemd-timesyncd)";
    match apart {
        apart if apart >= FAR_APART => Finding::fail(about, found, mend),
        apart if apart >= APART => Finding::warn(about, found, mend),
        _ => Finding::ok(about, found),
    }
}

/// Whether Redis answers, where there is one.
pub(super) async fn redis(config: &Config) -> Vec<Finding> {
    let about = "redis";
    let Some(redis) = &config.redis else {
        let found = "not configured: sessions are in the database";
        return vec![Finding::ok(about, found)];
    };
    let shown = without_password(&redis.url);
    match timeout(PATIENCE, app::ping_redis(redis)).await {
        Ok(Ok(())) => vec![Finding::ok(about, format!("{shown} answers"))],
        Ok(Err(error)) => vec![Finding::fail(about, format!("{shown}: {error}"), "start Redis, or mend redis.url")],
        Err(_) => vec![Finding::fail(about, format!("{shown} does not answer"), "see that this machine reaches it")],
    }
}

/// Whether the server has its administrator.
pub(super) async fn claimed(app: &App) -> Finding {
    let about = "claimed";
    match claim::is_open(&app.admin).await {
        Ok(false) => Finding::ok(about, "the server has an administrator"),
        Ok(true) => Finding::warn(about, "the server has no administrator yet", "run `haechi claim` and open the link"),
        Err(error) => Finding::fail(about, error.to_string(), "see database"),
    }
}
