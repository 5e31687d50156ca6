//! What is counted for the overview: how often something happened within an hour or a day.
//!
//! Owns what there is to count, which is bounded, and for how long it is kept.

use std::time::Duration;

use super::client::ClientId;
use super::refusal::Reason;
use crate::protocol::grant_type::GrantType;
use crate::support::Timestamp;
use crate::support::id::ConnectionId;

/// How long the span is that something is counted in. Spans are those of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Resolution {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Hour, Self::Day];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// How long a span is.
    pub const fn span(self) -> Duration {
        match self {
            Self::Hour => Duration::from_hours(1),
            Self::Day => Duration::from_hours(24),
        }
    }

    /// How long what was counted in a span is kept: two weeks of hours, two years of days.
    pub const fn kept_for(self) -> Duration {
        match self {
            Self::Hour => Duration::from_hours(24 * 14),
            Self::Day => Duration::from_hours(24 * 731),
        }
    }

    /// When the span of an instant began.
    pub fn begin(self, at: Timestamp) -> Timestamp {
        let span = i64::try_from(self.span().as_millis()).unwrap_or(i64::MAX);
        Timestamp::from_millis(at.millis().div_euclid(span).saturating_mul(span))
    }
}

/// What is counted, in kinds that are shown beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Logins, by method and outcome.
    Logins,
    /// Token responses, by grant type and client.
    Tokens,
    /// Refused requests, by reason.
    Refusals,
    /// What was tried too often, by what it was.
    Throttled,
}

impl Measure {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Logins, Self::Tokens, Self::Refusals, Self::Throttled];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Logins => "logins",
            Self::Tokens => "tokens",
            Self::Refusals => "refusals",
            Self::Throttled => "throttled",
        }
    }
}

/// How somebody signed in, or tried to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginMethod {
    /// With a password.
    Password,
    /// With a passkey.
    Passkey,
    /// By mail.
    Mail,
    /// Through a connection to an upstream provider.
    Upstream(ConnectionId),
}

/// What became of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoginOutcome {
    /// They are signed in.
    SignedIn,
    /// They are not: a wrong password, an account that may not be used.
    Failed,
}

/// What may be tried only so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tried {
    /// Passwords.
    Password,
    /// Codes of second factors.
    Code,
    /// New accounts.
    SignUp,
    /// Logins that are begun.
    Authorization,
    /// Credentials of clients.
    Client,
    /// Mails that are asked for.
    Mail,
    /// Guesses that have to be worked for.
    Work,
}

impl Tried {
    const ALL: [Self; 7] =
        [Self::Password, Self::Code, Self::SignUp, Self::Authorization, Self::Client, Self::Mail, Self::Work];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::SignUp => "sign_up",
            Self::Authorization => "authorization",
            Self::Client => "client",
            Self::Mail => "mail",
            Self::Work => "work",
        }
    }
}

/// One thing that is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// A login.
    Login(LoginMethod, LoginOutcome),
    /// A token response to a client; `None` stands for those that are not counted one by one.
    Tokens(GrantType, Option<ClientId>),
    /// A refused request.
    Refusal(Reason),
    /// Something that was tried too often.
    Throttled(Tried),
}

impl Counted {
    /// What it is shown among.
    pub const fn measure(&self) -> Measure {
        match self {
            Self::Login(..) => Measure::Logins,
            Self::Tokens(..) => Measure::Tokens,
            Self::Refusal(_) => Measure::Refusals,
            Self::Throttled(_) => Measure::Throttled,
        }
    }

    /// What it is told from the others by: `password failed`.
    pub fn label(&self) -> String {
        match self {
            Self::Login(method, outcome) => {
                let outcome = match outcome {
                    LoginOutcome::SignedIn => "signed_in",
                    LoginOutcome::Failed => "failed",
                };
                match method {
                    LoginMethod::Password => format!("password {outcome}"),
                    LoginMethod::Passkey => format!("passkey {outcome}"),
                    LoginMethod::Mail => format!("mail {outcome}"),
                    LoginMethod::Upstream(connection) => format!("{connection} {outcome}"),
                }
            }
            Self::Tokens(grant, client) => {
                format!("{} {}", grant.as_str(), client.as_ref().map(ClientId::as_str).unwrap_or_default())
            }
            Self::Refusal(reason) => reason.code().to_owned(),
            Self::Throttled(tried) => tried.as_str().to_owned(),
        }
    }

    /// What a label stands for; `None` for one of a release that counts something else.
    pub fn of_label(measure: Measure, label: &str) -> Option<Self> {
        match measure {
            Measure::Logins => {
                let (method, outcome) = label.split_once(' ')?;
                let method = match method {
                    "password" => LoginMethod::Password,
                    "passkey" => LoginMethod::Passkey,
                    "mail" => LoginMethod::Mail,
                    connection => LoginMethod::Upstream(connection.parse().ok()?),
                };
                let outcome = match outcome {
                    "signed_in" => LoginOutcome::SignedIn,
                    "failed" => LoginOutcome::Failed,
                    _ => return None,
                };
                Some(Self::Login(method, outcome))
            }
            Measure::Tokens => {
                let (grant, client) = label.split_once(' ')?;
                let grant = GrantType::ALL.iter().copied().find(|known| known.as_str() == grant)?;
                let client = if client.is_empty() { None } else { Some(ClientId::parse(client).ok()?) };
                Some(Self::Tokens(grant, client))
            }
            Measure::Refusals => Reason::ALL.iter().copied().find(|known| known.code() == label).map(Self::Refusal),
            Measure::Throttled => Tried::ALL.into_iter().find(|known| known.as_str() == label).map(Self::Throttled),
        }
    }
}

/// How often something happened within one span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// How long the span is.
    pub resolution: Resolution,
    /// When it began.
    pub begins_at: Timestamp,
    /// What happened.
    pub what: Counted,
    /// How often.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_is_read_as_what_it_was_made_of() {
        let connection = ConnectionId::from_bytes([7; 16]);
        let mut all = vec![
            Counted::Login(LoginMethod::Password, LoginOutcome::Failed),
            Counted::Login(LoginMethod::Mail, LoginOutcome::SignedIn),
            Counted::Login(LoginMethod::Upstream(connection), LoginOutcome::SignedIn),
        ];
        for grant in GrantType::ALL {
            all.push(Counted::Tokens(*grant, None));
            all.push(Counted::Tokens(*grant, ClientId::parse("shop").ok()));
        }
        all.extend(Reason::ALL.iter().map(|reason| Counted::Refusal(*reason)));
        all.extend(Tried::ALL.map(Counted::Throttled));
        for what in all {
            assert_eq!(Counted::of_label(what.measure(), &what.label()), Some(what));
        }
        assert_eq!(Counted::of_label(Measure::Logins, "password later"), None);
    }

    #[test]
    fn a_span_begins_where_its_clock_does() {
        let at = Timestamp::from_seconds(1_772_323_200 + 5 * 3600 + 61);
        assert_eq!(Resolution::Hour.begin(at), Timestamp::from_seconds(1_772_323_200 + 5 * 3600));
        assert_eq!(Resolution::Day.begin(at), Timestamp::from_seconds(1_772_323_200));
    }
}
