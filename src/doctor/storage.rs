//! Database and Redis.

use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use super::clock::Reading;
use super::reach::{place, reach};
use super::{Finding, files};
use crate::admin::claim;
use crate::app::{self, App, DatabaseState, Missing, StartError, WHAT_TO_DO, overdue};
use crate::config::Config;
use crate::config::show::without_password;
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
            clocks.push(Reading { of: "the database", ours: now, theirs: state.now, counts: true });
            let mut findings = vec![schema(&shown, &state)];
            findings.extend(state.missing.as_ref().map(lost));
            findings
        }
        Ok(Err(StartError::Store(error))) => {
            let why = words(&error);
            let mend = mend_database(&why);
            vec![Finding::fail(DATABASE, format!("{shown}: {why}"), mend)]
        }
        Ok(Err(error)) => vec![Finding::fail(DATABASE, error.to_string(), "see that these are the server's settings")],
        Err(_) => vec![Finding::fail(
            DATABASE,
            format!("{shown} does not answer in time"),
            "look at the log and the load of the database",
        )],
    }
}

/// What keeps a SQLite database from being opened; a doctor makes none.
fn file_in_the_way(file: &Path) -> Option<Finding> {
    let shown = file.display();
    if file.is_dir() {
        let found = format!("{shown} is a folder");
        return Some(Finding::fail(DATABASE, found, "name a file: database.url = \"sqlite:haechi.db\""));
    }
    if file.exists() {
        let mend = "run the doctor as the user that runs the server; if that is who you are, chown the file to it";
        return (!files::is_writable(file))
            .then(|| Finding::fail(DATABASE, format!("{shown} cannot be written by this user"), mend));
    }
    Some(match files::why_not_made(file.parent().unwrap_or(Path::new("")), false) {
        Some(why) => Finding::fail(
            DATABASE,
            format!("{shown} cannot be made: {why}"),
            "make the folder, let this user write to it, or correct database.url",
        ),
        None => Finding::warn(
            DATABASE,
            format!("{shown} is not there yet"),
            "start `haechi`, which makes it, or check that you are in the server's folder",
        ),
    })
}

/// What the database lacks of what was committed to it.
fn lost(missing: &Missing) -> Finding {
    let mend = format!("{WHAT_TO_DO}. The server starts all the same, and says this no more once it did");
    Finding::warn(DATABASE, missing.to_string(), mend)
}

fn schema(shown: &str, state: &DatabaseState) -> Finding {
    if let Some(why) = &state.refused {
        return Finding::fail(DATABASE, why.clone(), "haechi does not start on this database");
    }
    match state.steps.iter().filter(|(_, applied)| !applied).count() {
        0 => Finding::ok(DATABASE, format!("{shown} answers; its schema is up to date")),
        1 => Finding::warn(DATABASE, "one step of the schema is missing", MIGRATE),
        open => Finding::warn(DATABASE, format!("{open} steps of the schema are missing"), MIGRATE),
    }
}

const MIGRATE: &str = "run `haechi migrate up`, or start `haechi`";

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
        line if line.contains("unexpected response from SSLRequest") => {
            "what answers there is no PostgreSQL".to_owned()
        }
        line if line.contains("Parse error") => "what answers there is no Redis".to_owned(),
        line => line.to_owned(),
    }
}

/// How to mend what the database itself said: what is in the way before that is found out by [`reach`].
fn mend_database(why: &str) -> &'static str {
    let lower = why.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["not a database"]) {
        "correct database.url; if this was the database, bring back a backup"
    } else if says(&["no postgresql"]) {
        "correct host and port in database.url"
    } else if says(&["password", "role", "no pg_hba.conf entry"]) {
        "correct user and password in database.url, or let that user in (CREATE ROLE, pg_hba.conf)"
    } else if says(&["does not exist"]) {
        "make the database (createdb), or correct its name in database.url"
    } else if says(&["tls", "ssl", "certificate"]) {
        "see that the database speaks TLS and proves its name; in database.url, ?sslrootcert=FILE names an authority of your \
         own and ?sslmode=disable does without"
    } else {
        "correct database.url; the log of the database may say more"
    }
}

/// Whether Redis answers, where there is one, and keeps what it is given; and what its clock says, which nothing goes by as long as it runs evenly.
pub(super) async fn redis(config: &Config, now: Timestamp, clocks: &mut Vec<Reading>) -> Vec<Finding> {
    let Some(redis) = &config.redis else {
        return vec![Finding::ok(REDIS, "not configured: sessions are in the database")];
    };
    if let Some((host, port)) = place(&redis.url, 6379)
        && let Err(obstacle) = reach(&host, port).await
    {
        return vec![obstacle.found(REDIS, "Redis", "redis.url")];
    }
    let shown = without_password(&redis.url);
    match timeout(PATIENCE, app::redis_state(redis)).await {
        Ok(Ok(state)) => {
            clocks.extend(state.now.map(|theirs| Reading { of: "Redis", ours: now, theirs, counts: false }));
            vec![kept(&shown, state.policy.as_deref())]
        }
        Ok(Err(error)) => {
            let why = words(&error);
            let mend = mend_redis(&why);
            vec![Finding::fail(REDIS, format!("{shown}: {why}"), mend)]
        }
        Err(_) => {
            vec![Finding::fail(REDIS, format!("{shown} does not answer in time"), "look at the log and load of Redis")]
        }
    }
}

/// A Redis that makes room by deleting what has not expired signs end-users out, and forgets who guessed how often.
fn kept(shown: &str, policy: Option<&str>) -> Finding {
    match policy {
        Some(policy) if policy != "noeviction" => Finding::warn(
            REDIS,
            format!("{shown} deletes sessions when its memory is full (maxmemory-policy {policy})"),
            "set maxmemory-policy noeviction; what has expired goes by itself",
        ),
        _ => Finding::ok(REDIS, format!("{shown} answers")),
    }
}

fn mend_redis(why: &str) -> &'static str {
    let lower = why.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["auth", "password", "wrongpass"]) {
        "correct user and password in redis.url: redis://USER:PASSWORD@HOST/0, or redis://:PASSWORD@HOST/0"
    } else if says(&["tls", "ssl", "certificate"]) {
        "see that Redis speaks TLS and proves its name; redis.authorities names an authority of your own"
    } else if says(&["no redis"]) {
        "correct host and port in redis.url"
    } else {
        "correct redis.url; the log of Redis may say more"
    }
}

/// Whether the server has its administrator.
pub(super) async fn claimed(app: &App) -> Finding {
    let about = "claimed";
    match claim::is_open(&app.admin).await {
        Ok(false) => Finding::ok(about, "the server has an administrator"),
        Ok(true) => Finding::warn(about, "the server has no administrator yet", "run `haechi claim` and open the link"),
        Err(error) => Finding::fail(about, words(&error), "mend the database first"),
    }
}

/// Whether what has expired is deleted.
pub(super) async fn swept(app: &App) -> Finding {
    let about = "expired";
    match overdue(app).await {
        Ok(None) => Finding::ok(about, "what has expired is deleted"),
        Ok(Some(late)) => Finding::warn(
            about,
            format!("some of what has expired waits for its deletion for {} minutes", late.as_secs() / 60),
            "the server deletes it while it runs; where it does, give the database a faster disk, and let PostgreSQL vacuum more often",
        ),
        Err(error) => Finding::fail(about, words(&error), "mend the database first"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn what_a_store_says_is_told_without_the_words_around_it() {
        let error = StoreError::Unavailable(
            "the database cannot be opened: error returned from database: password authentication failed for user \"h\""
                .to_owned(),
        );
        assert_eq!(words(&error), "password authentication failed for user \"h\"");
        assert!(mend_database(&words(&error)).contains("user and password"));
        assert!(mend_database("database \"h\" does not exist").contains("createdb"));
        assert!(mend_database("role \"h\" does not exist").contains("CREATE ROLE"));
        let bare = |text: &str| words(&StoreError::Unavailable(text.to_owned()));
        assert_eq!(bare("Redis: NOAUTH: log in\nmore"), "NOAUTH: log in");
        assert_eq!(bare("Redis: Incompatible type - Parse error at 1\nmore"), "what answers there is no Redis");
        assert_eq!(bare("error returned from database: (code: 26) file is not a database"), "file is not a database");
        assert!(mend_redis("NOAUTH: Authentication required").contains("PASSWORD"));
    }

    #[test]
    fn a_redis_that_forgets_is_noticed() {
        assert_eq!(kept("r", Some("allkeys-lru")).state, State::Warn);
        assert_eq!(kept("r", Some("noeviction")).state, State::Ok);
        assert_eq!(kept("r", None).state, State::Ok);
    }
}
