//! Logins by how they were tried, as the overview lists them: what became of them, method by method.

use super::charts::share;
use super::connections as providers;
use crate::admin::counts::Series;
use crate::i18n::{Texts, keys};
use crate::model::Connection;
use crate::model::count::{Counted, LoginMethod, LoginOutcome};

/// How often a method was tried, and what became of it.
pub(super) struct MethodRow {
    pub(super) name: String,
    pub(super) signed_in: u64,
    pub(super) failed: u64,
    /// Of the most, in percent: the two stand beside each other in one bar.
    pub(super) share: f64,
    pub(super) share_failed: f64,
}

/// A row for each method that was tried, the most frequent first. Providers that are not known by name are one.
pub(super) fn by_method(logins: &[Series], connections: &[Connection], t: &Texts) -> Vec<MethodRow> {
    let mut counted: Vec<(String, u64, u64)> = Vec::new();
    for series in logins {
        let Counted::Login(method, outcome) = series.what else { continue };
        let name = named(method, connections, t);
        let (signed_in, failed) = match outcome {
            LoginOutcome::SignedIn => (series.total(), 0),
            LoginOutcome::Failed => (0, series.total()),
        };
        match counted.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, in_all, failed_in_all)) => {
                *in_all += signed_in;
                *failed_in_all += failed;
            }
            None => counted.push((name, signed_in, failed)),
        }
    }
    counted.sort_by_key(|(_, signed_in, failed)| std::cmp::Reverse(signed_in + failed));
    let most = counted.first().map_or(0, |(_, signed_in, failed)| signed_in + failed);
    let row = |(name, signed_in, failed)| MethodRow {
        name,
        signed_in,
        failed,
        share: share(signed_in, most),
        share_failed: share(failed, most),
    };
    counted.into_iter().map(row).collect()
}

/// What a method is called.
fn named(method: LoginMethod, connections: &[Connection], t: &Texts) -> String {
    match method {
        LoginMethod::Password => t.get(keys::overview::BY_PASSWORD),
        LoginMethod::Passkey => t.get(keys::overview::BY_PASSKEY),
        LoginMethod::Mail => t.get(keys::overview::BY_MAIL),
        LoginMethod::Upstream(id) => {
            let connection = connections.iter().find(|connection| connection.id == id);
            connection.map_or_else(|| t.get(keys::overview::BY_PROVIDER), |known| providers::name_of(known, t))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Locale;
    use crate::support::id::ConnectionId;

    #[test]
    fn a_method_has_one_row_and_providers_that_are_gone_share_one() {
        let series = |method, outcome, count| Series { what: Counted::Login(method, outcome), points: vec![count, 1] };
        let gone = |byte| LoginMethod::Upstream(ConnectionId::from_bytes([byte; 16]));
        let logins = [
            series(LoginMethod::Password, LoginOutcome::SignedIn, 1),
            series(LoginMethod::Password, LoginOutcome::Failed, 3),
            series(gone(1), LoginOutcome::SignedIn, 6),
            series(gone(2), LoginOutcome::Failed, 0),
        ];
        let rows = by_method(&logins, &[], Texts::of(Locale::En));
        let said: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.signed_in, row.failed)).collect();
        assert_eq!(said, [("Sign-in providers", 7, 1), ("Password", 2, 4)]);
        assert_eq!((rows[1].share, rows[1].share_failed), (25.0, 50.0));
    }
}
