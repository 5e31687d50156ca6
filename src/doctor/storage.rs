//! Database and Redis.

use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use super::clock::Reading;
use super::reach::{place, reach};
use super::{Finding, files};
use crate::admin::claim;
use crate::app::{self, App, DatabaseState, Missing, StartError, overdue};
use crate::config::Config;
use crate::config::database::DatabaseConfig;
use crate::config::show::without_password;
use crate::i18n::keys::doctor as text;
use crate::i18n::{Key, Said, said};
use crate::store::StoreError;
use crate::support::Timestamp;

/// What findings about the database are called.
pub const DATABASE: &str = "database";
const REDIS: &str = "redis";
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the database answers and has its schema; and what its clock says.
pub(super) async fn database(config: &Config, now: Timestamp, clocks: &mut Vec<Reading>) -> Vec<Finding> {
    let obstacle = match (config.database.file(), place(&config.database.url, 5432)) {
        (Some(file), _) => file_in_the_way(&file),
        (None, Some((host, port))) => {
            reach(&host, port).await.err().map(|it| it.found(DATABASE, "PostgreSQL", "database.url"))
        }
        (None, None) => None,
    };
    if let Some(finding) = obstacle {
        return vec![finding];
    }
    let shown = without_password(&config.database.url);
    match timeout(PATIENCE, app::database_state(config)).await {
        Ok(Ok(state)) => {
            clocks.push(Reading { of: text::CLOCK_OF_DATABASE, ours: now, theirs: state.now, counts: true });
            let mut findings = vec![schema(&shown, &state)];
            findings.extend(state.connections.map(|most| connections(&config.database, most)));
            findings.extend(state.missing.as_ref().map(lost));
            findings
        }
        Ok(Err(StartError::Store(error))) => {
            let why = words(&error);
            vec![Finding::fail(DATABASE, at(&shown, &why), mend_database(&why))]
        }
        Ok(Err(error)) => vec![Finding::fail(DATABASE, no_start(&error), text::SETTINGS_MEND)],
        Err(_) => {
            let found = said(text::NOT_IN_TIME).filling("place", shown);
            vec![Finding::fail(DATABASE, found, text::DATABASE_NOT_IN_TIME_MEND)]
        }
    }
}

/// What keeps a SQLite database from being opened; a doctor makes none.
fn file_in_the_way(file: &Path) -> Option<Finding> {
    let of = |key| said(key).filling("place", file.display());
    if file.is_dir() {
        return Some(Finding::fail(DATABASE, of(text::FILE_IS_FOLDER), text::FILE_IS_FOLDER_MEND));
    }
    if file.exists() {
        return (!files::is_writable(file))
            .then(|| Finding::fail(DATABASE, of(text::FILE_CLOSED), text::FILE_CLOSED_MEND));
    }
    Some(match files::why_not_made(file.parent().unwrap_or(Path::new("")), false) {
        Some(why) => {
            Finding::fail(DATABASE, of(text::CANNOT_BE_MADE).filling_in("why", why), text::FILE_CANNOT_BE_MADE_MEND)
        }
        None => Finding::warn(DATABASE, of(text::NOT_THERE_YET), text::NOT_THERE_YET_MEND),
    })
}

/// Whether PostgreSQL has room for the connections of this node, and of how many like it.
fn connections(database: &DatabaseConfig, most: u32) -> Finding {
    let own = database.connections();
    let counted = |key| {
        let all = [("own", own), ("pool", database.max_connections), ("lookups", database.lookup_connections)];
        let all =
            all.into_iter().chain([("commits", database.commit_connections), ("most", most), ("nodes", most / own)]);
        all.fold(said(key), |said, (gap, number)| said.filling(gap, number))
    };
    if own > most {
        Finding::fail(DATABASE, counted(text::CONNECTIONS_FEW), text::CONNECTIONS_FEW_MEND)
    } else {
        Finding::ok(DATABASE, counted(text::CONNECTIONS))
    }
}

/// What the database lacks of what was committed to it.
fn lost(missing: &Missing) -> Finding {
    let (key, until) = match missing {
        Missing::Commits { until } => (text::COMMITS_MISSING, until),
        Missing::Database { until } => (text::OTHER_DATABASE, until),
    };
    Finding::warn(DATABASE, said(key).filling("until", until), text::LOST_MEND)
}

/// Why a server does not start on it.
fn no_start(why: &StartError) -> Said {
    match why {
        StartError::OtherIssuer { database, configured } => {
            said(text::OTHER_ISSUER).filling("database", database).filling("configured", configured)
        }
        StartError::NewerDatabase { newer, ours } => {
            said(text::NEWER_DATABASE).filling("newer", newer).filling("ours", ours)
        }
        other => other.to_string().into(),
    }
}

fn schema(shown: &str, state: &DatabaseState) -> Finding {
    if let Some(why) = &state.refused {
        return Finding::fail(DATABASE, no_start(why), text::DATABASE_REFUSED_MEND);
    }
    match state.steps.iter().filter(|(_, applied)| !applied).count() {
        0 => Finding::ok(DATABASE, said(text::SCHEMA_COMPLETE).filling("place", shown)),
        open => {
            let open = u64::try_from(open).unwrap_or(u64::MAX);
            Finding::warn(DATABASE, said(text::SCHEMA_OPEN).counting("n", open), text::SCHEMA_OPEN_MEND)
        }
    }
}

/// What `words` says of something that is not what it should be.
const NO_POSTGRESQL: &str = "what answers there is no PostgreSQL";
const NO_REDIS: &str = "what answers there is no Redis";

/// What went wrong at a place.
fn at(place: &str, why: &str) -> Said {
    let why = match why {
        NO_POSTGRESQL => said(text::NO_POSTGRESQL),
        NO_REDIS => said(text::NO_REDIS),
        why => Said::from(why),
    };
    said(text::AT).filling("place", place).filling_in("why", why)
}

/// What a store says went wrong, without the words around it, and on one line.
fn words(error: &StoreError) -> String {
    const AROUND: &[&str] = &[
        "the database cannot be opened: ",
        "error communicating with database: ",
        "error returned from database: ",
        "Redis: ",
        "redis: ",
    ];
    let text = match error {
        StoreError::Unavailable(text) | StoreError::Misconfigured(text) | StoreError::Corrupt(text) => text.clone(),
        StoreError::Conflict(_) => error.to_string(),
    };
    let bare = AROUND.iter().fold(text.as_str(), |text, around| text.strip_prefix(around).unwrap_or(text));
    let bare = bare.strip_prefix("(code: ").and_then(|rest| rest.split_once(") ")).map_or(bare, |(_, rest)| rest);
    match bare.lines().next().unwrap_or_default() {
        line if line.contains("unexpected response from SSLRequest") => NO_POSTGRESQL.to_owned(),
        line if line.contains("Parse error") => NO_REDIS.to_owned(),
        line => line.to_owned(),
    }
}

/// How to mend what the database itself said: what is in the way before that is found out by [`reach`].
fn mend_database(why: &str) -> Key {
    let lower = why.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["not a database"]) {
        text::DATABASE_BROKEN_MEND
    } else if says(&["no postgresql"]) {
        text::DATABASE_PLACE_MEND
    } else if says(&["password", "role", "no pg_hba.conf entry"]) {
        text::DATABASE_USER_MEND
    } else if says(&["does not exist"]) {
        text::DATABASE_NAME_MEND
    } else if says(&["tls", "ssl", "certificate"]) {
        text::DATABASE_TLS_MEND
    } else {
        text::DATABASE_MEND
    }
}

/// Whether Redis answers, where there is one, and keeps what it is given; and what its clock says, which nothing goes by as long as it runs evenly.
pub(super) async fn redis(config: &Config, now: Timestamp, clocks: &mut Vec<Reading>) -> Vec<Finding> {
    let Some(redis) = &config.redis else {
        return vec![Finding::ok(REDIS, text::REDIS_NONE)];
    };
    if let Some((host, port)) = place(&redis.url, 6379)
        && let Err(obstacle) = reach(&host, port).await
    {
        return vec![obstacle.found(REDIS, "Redis", "redis.url")];
    }
    let shown = without_password(&redis.url);
    match timeout(PATIENCE, app::redis_state(redis)).await {
        Ok(Ok(state)) => {
            clocks.extend(state.now.map(|theirs| Reading {
                of: text::CLOCK_OF_REDIS,
                ours: now,
                theirs,
                counts: false,
            }));
            vec![kept(&shown, state.policy.as_deref())]
        }
        Ok(Err(error)) => {
            let why = words(&error);
            vec![Finding::fail(REDIS, at(&shown, &why), mend_redis(&why))]
        }
        Err(_) => {
            let found = said(text::NOT_IN_TIME).filling("place", shown);
            vec![Finding::fail(REDIS, found, text::REDIS_NOT_IN_TIME_MEND)]
        }
    }
}

/// A Redis that makes room by deleting what has not expired signs end-users out, and forgets who guessed how often.
fn kept(shown: &str, policy: Option<&str>) -> Finding {
    match policy {
        Some(policy) if policy != "noeviction" => Finding::warn(
            REDIS,
            said(text::REDIS_FORGETS).filling("place", shown).filling("policy", policy),
            text::REDIS_FORGETS_MEND,
        ),
        _ => Finding::ok(REDIS, said(text::ANSWERS).filling("place", shown)),
    }
}

fn mend_redis(why: &str) -> Key {
    let lower = why.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["auth", "password", "wrongpass"]) {
        text::REDIS_USER_MEND
    } else if says(&["tls", "ssl", "certificate"]) {
        text::REDIS_TLS_MEND
    } else if says(&["no redis"]) {
        text::REDIS_PLACE_MEND
    } else {
        text::REDIS_MEND
    }
}

/// Whether the server has its administrator.
pub(super) async fn claimed(app: &App) -> Finding {
    let about = "claimed";
    match claim::is_open(&app.admin).await {
        Ok(false) => Finding::ok(about, text::CLAIMED),
        Ok(true) => Finding::warn(about, text::UNCLAIMED, text::UNCLAIMED_MEND),
        Err(error) => Finding::fail(about, words(&error), text::DATABASE_FIRST_MEND),
    }
}

/// Whether what has expired is deleted.
pub(super) async fn swept(app: &App) -> Finding {
    let about = "expired";
    match overdue(app).await {
        Ok(None) => Finding::ok(about, text::SWEPT),
        Ok(Some(late)) => {
            Finding::warn(about, said(text::SWEPT_LATE).filling("minutes", late.as_secs() / 60), text::SWEPT_LATE_MEND)
        }
        Err(error) => Finding::fail(about, words(&error), text::DATABASE_FIRST_MEND),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use crate::i18n::Texts;
    use crate::model::Locale;

    #[test]
    fn what_a_store_says_is_told_without_the_words_around_it() {
        let error = StoreError::Unavailable(
            "the database cannot be opened: error returned from database: password authentication failed for user \"h\""
                .to_owned(),
        );
        assert_eq!(words(&error), "password authentication failed for user \"h\"");
        assert_eq!(mend_database(&words(&error)), text::DATABASE_USER_MEND);
        assert_eq!(mend_database("database \"h\" does not exist"), text::DATABASE_NAME_MEND);
        assert_eq!(mend_database("role \"h\" does not exist"), text::DATABASE_USER_MEND);
        let bare = |text: &str| words(&StoreError::Unavailable(text.to_owned()));
        assert_eq!(bare("Redis: NOAUTH: log in\nmore"), "NOAUTH: log in");
        assert_eq!(bare("Redis: Incompatible type - Parse error at 1\nmore"), "what answers there is no Redis");
        assert_eq!(bare("error returned from database: (code: 26) file is not a database"), "file is not a database");
        assert_eq!(mend_redis("NOAUTH: Authentication required"), text::REDIS_USER_MEND);
    }

    #[test]
    fn why_a_server_does_not_start_on_a_database_is_said_as_the_server_says_it_and_in_each_language() {
        let other = StartError::OtherIssuer { database: "https://a".to_owned(), configured: "https://b".to_owned() };
        let newer = StartError::NewerDatabase { newer: "9.1.0".to_owned(), ours: "1.2.0" };
        for why in [other, newer] {
            assert_eq!(no_start(&why).to_string(), why.to_string());
            let korean = no_start(&why).read(Texts::of(Locale::Ko));
            assert!(korean.contains("데이터베이스") && !korean.contains("the database"), "{korean}");
        }
    }

    #[test]
    fn a_redis_that_forgets_is_noticed() {
        assert_eq!(kept("r", Some("allkeys-lru")).state, State::Warn);
        assert_eq!(kept("r", Some("noeviction")).state, State::Ok);
        assert_eq!(kept("r", None).state, State::Ok);
    }
}
