//! Which entries of the audit log are asked for.

use std::time::Duration;

use clap::Args;

use super::accounts::account;
use crate::cli::context::Desk;
use crate::cli::failure::{Failure, Outcome};
use crate::cli::possible::one_of;
use crate::model::audit_event::{Actor, AuditKind, AuditOutcome, AuditTarget};
use crate::model::audit_filter::AuditFilter;
use crate::model::client::ClientId;
use crate::support::{Clock, SystemClock, Timestamp};

/// Which entries.
#[derive(Args, Debug)]
pub(super) struct Wanted {
    /// Only entries of this kind; may be given several times.
    #[arg(long, value_name = "KIND", value_parser = one_of::<AuditKind>(), hide_possible_values = true)]
    kind: Vec<AuditKind>,
    /// Only what became of it: done, or refused.
    #[arg(long, value_parser = one_of::<AuditOutcome>())]
    outcome: Option<AuditOutcome>,
    /// Only what happened to this account: its id or address.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Only what happened to this client.
    #[arg(long, value_name = "CLIENT_ID", value_parser = client)]
    client: Option<ClientId>,
    /// Only what happened to this: the id of a connection, a key or a session, or server.
    #[arg(long, value_name = "ID", value_parser = target)]
    target: Option<AuditTarget>,
    /// Only what they caused: the id or address of an account, the id of a client, or anonymous, system, operator.
    #[arg(long, value_name = "WHO")]
    actor: Option<String>,
    /// Only what this request caused: the id that its answer and its page showed.
    #[arg(long, value_name = "REQUEST_ID")]
    request: Option<String>,
    /// Only from this time on: 2026-03-01T09:00:00Z, 2026-03-01, or how long ago: 90m, 24h, 7d.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Moment>,
    /// Only until this time, given as --since.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Moment>,
}

/// A time, or how long ago it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    At(Timestamp),
    Ago(Duration),
}

fn moment(text: &str) -> Result<Moment, String> {
    let wrong = "not a time as 2026-03-01T09:00:00Z or 2026-03-01, nor how long ago as 90m, 24h or 7d";
    let ago = text.char_indices().next_back().and_then(|(at, unit)| {
        let seconds = match unit {
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            _ => return None,
        };
        let count: u32 = text[..at].parse().ok()?;
        Some(Moment::Ago(Duration::from_secs(u64::from(count) * seconds)))
    });
    ago.or_else(|| text.parse().ok().map(Moment::At)).ok_or_else(|| wrong.to_owned())
}

fn client(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|error| error.to_string())
}

fn target(text: &str) -> Result<AuditTarget, String> {
    text.parse().map_err(|_| "not the id of a connection, a key or a session, nor server".to_owned())
}

impl Moment {
    fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.minus(span),
        }
    }
}

impl Wanted {
    /// The filter, with accounts looked up that were named by their address.
    pub(super) async fn filter(self, desk: &mut Desk) -> Outcome<AuditFilter> {
        let now = SystemClock.now();
        let user = match self.user {
            Some(named) => Some(account(desk, named).await?),
            None => None,
        };
        let actor = match self.actor {
            Some(named) if named.contains('@') => Some(Actor::User(account(desk, named).await?)),
            Some(named) => {
                Some(named.parse().map_err(|_| Failure::usage(format!("--actor {named}: nobody has such an id")))?)
            }
            None => None,
        };
        Ok(AuditFilter {
            kinds: self.kind,
            outcome: self.outcome,
            actor,
            user,
            client: self.client,
            target: self.target,
            request: self.request,
            since: self.since.map(|since| since.before(now)),
            until: self.until.map(|until| until.before(now)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_outright_or_by_how_long_ago_it_was() {
        assert_eq!(moment("90m"), Ok(Moment::Ago(Duration::from_mins(90))));
        assert_eq!(moment("7d"), Ok(Moment::Ago(Duration::from_hours(24 * 7))));
        assert_eq!(moment("2026-03-01"), Ok(Moment::At(Timestamp::from_seconds(1_772_323_200))));
        assert_eq!(moment("2026-03-01T09:00:00+09:00"), Ok(Moment::At(Timestamp::from_seconds(1_772_323_200))));
        for wrong in ["", "d", "-1d", "7w", "yesterday", "2026-3-1"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
