//! What holds for signing up and in: the stricter of what is configured and what was decided.

use std::time::Duration;

use crate::config::Config;
use crate::config::mail::MailTransport;
use crate::model::policy::{FactorPolicy, MOST_TRUST_DAYS, Policy, SignUp, Verification};
use crate::model::session::Leave;
use crate::protocol::issuer::Issuer;

/// What the operator configured: a decision never leads out of it. So whoever administers the server cannot open what its operator closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInBounds {
    /// Whether end-users may make an account themselves: `accounts.sign_up`.
    pub sign_up: bool,
    /// The shortest password, in characters: `accounts.password_min_chars`.
    pub password_min_chars: u16,
    /// Hours after which an unused session ends: `sessions.idle_hours`.
    pub idle_hours: u32,
    /// Hours after which a session ends even if it is used: `sessions.absolute_hours`.
    pub absolute_hours: u32,
    /// Whether who administers the server has a second factor: `accounts.administrators_second_factor`.
    pub administrators_second_factor: FactorPolicy,
    /// Whether browsers have passkeys for the issuer.
    pub passkeys: bool,
    /// Whether mail leaves this server: where it does not, nobody could prove an address.
    pub mail: bool,
}

impl SignInBounds {
    /// The longest that the shortest password may have to be: NIST SP 800-63B-4 section 3.1.1.2 has verifiers permit at least 64 characters.
    pub const MOST_MIN_CHARS: u16 = 64;

    /// Those of a configuration.
    pub fn of(config: &Config) -> Self {
        let issuer = Issuer::parse(&config.server.issuer);
        Self {
            sign_up: config.accounts.sign_up,
            password_min_chars: u16::try_from(config.accounts.password_min_chars).unwrap_or(u16::MAX),
            idle_hours: config.sessions.idle_hours,
            absolute_hours: config.sessions.absolute_hours,
            administrators_second_factor: config.accounts.administrators_second_factor,
            passkeys: issuer.as_ref().is_ok_and(|issuer| issuer.rp_id().is_some()),
            mail: issuer.is_ok_and(|issuer| config.mail.transport(&issuer) != MailTransport::None),
        }
    }
}

/// What holds for signing up and in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub struct SignInRules {
    /// Who may make an account.
    pub sign_up: SignUp,
    /// Whether accounts sign in by password.
    pub passwords: bool,
    /// Whether accounts sign in by passkey, and are given any.
    pub passkeys: bool,
    /// The fewest characters of a new password.
    pub password_min_chars: usize,
    /// How long a session lasts that is not used.
    pub idle: Duration,
    /// How long a session lasts at most.
    pub absolute: Duration,
    /// Whether the login page asks if the browser is to stay signed in.
    pub remember_me: bool,
    /// The most sign-ins of an account at once.
    pub most_sessions: Option<usize>,
    /// Whether accounts have second factors.
    pub second_factor: FactorPolicy,
    /// The same of accounts that administer the server: never laxer.
    pub administrators_second_factor: FactorPolicy,
    /// For how long a browser may be trusted; zero for never.
    pub trust_browser: Duration,
    /// When the address of an account has to be proved.
    pub verification: Verification,
    /// Whether accounts sign in by a mailed link or code.
    pub by_mail: bool,
    /// Whether a mailed code is taken where an account needs a second factor and has none.
    pub mailed_codes: bool,
    /// The version of the policy that this follows from.
    pub version: i64,
}

impl SignInRules {
    /// What holds by a policy within these bounds.
    pub fn within(bounds: &SignInBounds, policy: &Policy) -> Self {
        let decided = &policy.sign_in;
        let hours = |decided: Option<u32>, most: u32| {
            Duration::from_hours(u64::from(decided.map_or(most, |decided| decided.min(most))))
        };
        let absolute = hours(decided.absolute_hours, bounds.absolute_hours);
        Self {
            sign_up: if bounds.sign_up { decided.sign_up.clone() } else { SignUp::Closed },
            passwords: decided.passwords,
            passkeys: decided.passkeys && bounds.passkeys,
            password_min_chars: decided.password_min_chars.unwrap_or(0).max(bounds.password_min_chars).into(),
            idle: hours(decided.idle_hours, bounds.idle_hours).min(absolute),
            absolute,
            remember_me: decided.remember_me,
            most_sessions: decided.most_sessions.map(usize::from),
            second_factor: decided.second_factor,
            administrators_second_factor: decided
                .administrators_second_factor
                .unwrap_or(decided.second_factor)
                .max(decided.second_factor)
                .max(bounds.administrators_second_factor),
            trust_browser: Duration::from_hours(24 * u64::from(decided.trust_browser_days.min(MOST_TRUST_DAYS))),
            verification: if bounds.mail { decided.verification } else { Verification::NotAsked },
            by_mail: bounds.mail && decided.by_mail,
            mailed_codes: bounds.mail && decided.mailed_codes,
            version: policy.version,
        }
    }

    /// A reason to go without a second factor, as long as it is one: a trust that nobody may give any more is none, nor is a code that is not taken any more.
    pub fn leave_that_holds(&self, leave: Option<Leave>) -> Option<Leave> {
        leave.filter(|leave| match leave {
            Leave::TrustedBrowser => !self.trust_browser.is_zero(),
            Leave::MailedCode => self.mailed_codes,
            Leave::FirstTime => true,
        })
    }

    /// Whether an address is proved before there is an account with it: then whoever signs up is told nothing of who has one.
    pub const fn proves_addresses_first(&self) -> bool {
        matches!(self.verification, Verification::BeforeLogin)
    }

    /// Whether the page where accounts are made by password is open to anybody.
    pub const fn signs_up_by_password(&self) -> bool {
        self.passwords && !self.sign_up.is_closed()
    }

    /// Whether accounts are made through providers, by connections that allow that.
    pub const fn signs_up_elsewhere(&self) -> bool {
        !self.sign_up.is_closed()
    }

    /// Whether the page where accounts are made by passkey is.
    pub const fn signs_up_by_passkey(&self) -> bool {
        self.passkeys && !self.sign_up.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::policy::SignInPolicy;

    const BOUNDS: SignInBounds = SignInBounds {
        sign_up: true,
        password_min_chars: 12,
        idle_hours: 100,
        absolute_hours: 200,
        administrators_second_factor: FactorPolicy::Required,
        passkeys: true,
        mail: true,
    };

    fn rules(bounds: &SignInBounds, sign_in: SignInPolicy) -> SignInRules {
        SignInRules::within(bounds, &Policy { sign_in, version: 1, ..Policy::default() })
    }

    #[test]
    fn what_is_not_decided_is_as_configured() {
        let rules = rules(&BOUNDS, SignInPolicy::default());
        assert_eq!((rules.password_min_chars, rules.sign_up), (12, SignUp::Open));
        assert_eq!((rules.idle, rules.absolute), (Duration::from_hours(100), Duration::from_hours(200)));
    }

    #[test]
    fn nothing_is_signed_in_by_mail_that_does_not_leave() {
        let decided = SignInPolicy { by_mail: true, mailed_codes: true, ..SignInPolicy::default() };
        let with = rules(&BOUNDS, decided.clone());
        assert!(with.by_mail && with.mailed_codes);
        assert_eq!(with.leave_that_holds(Some(Leave::MailedCode)), Some(Leave::MailedCode));
        let without = rules(&SignInBounds { mail: false, ..BOUNDS }, decided);
        assert!(!without.by_mail && !without.mailed_codes);
        assert_eq!(without.leave_that_holds(Some(Leave::MailedCode)), None);
    }

    #[test]
    fn the_stricter_of_both_holds() {
        let lax = SignInPolicy {
            password_min_chars: Some(8),
            idle_hours: Some(150),
            absolute_hours: Some(9_999),
            ..SignInPolicy::default()
        };
        let rules_lax = rules(&SignInBounds { sign_up: false, ..BOUNDS }, lax);
        assert_eq!((rules_lax.password_min_chars, &rules_lax.sign_up), (12, &SignUp::Closed));
        assert_eq!((rules_lax.idle, rules_lax.absolute), (Duration::from_hours(100), Duration::from_hours(200)));
        let strict = SignInPolicy {
            password_min_chars: Some(15),
            absolute_hours: Some(8),
            sign_up: SignUp::Closed,
            ..SignInPolicy::default()
        };
        let strict = rules(&BOUNDS, strict);
        assert_eq!((strict.password_min_chars, &strict.sign_up), (15, &SignUp::Closed));
        assert_eq!((strict.idle, strict.absolute), (Duration::from_hours(8), Duration::from_hours(8)));
    }

    #[test]
    fn administrators_are_never_asked_for_less_than_everybody_or_than_is_configured() {
        use FactorPolicy::{Off, Offered, Required};
        for (configured, everybody, decided, holds) in [
            (Required, Offered, None, Required),
            (Required, Off, Some(Off), Required),
            (Offered, Offered, None, Offered),
            (Off, Off, Some(Required), Required),
            (Off, Required, Some(Offered), Required),
        ] {
            let bounds = SignInBounds { administrators_second_factor: configured, ..BOUNDS };
            let policy = SignInPolicy {
                second_factor: everybody,
                administrators_second_factor: decided,
                ..SignInPolicy::default()
            };
            assert_eq!(rules(&bounds, policy).administrators_second_factor, holds);
        }
    }

    #[test]
    fn no_account_is_made_by_a_password_that_signs_in_to_nothing() {
        let off = rules(&BOUNDS, SignInPolicy { passwords: false, ..SignInPolicy::default() });
        assert!(!off.signs_up_by_password() && !off.sign_up.is_closed());
    }

    #[test]
    fn passkeys_sign_in_where_browsers_have_them_and_nobody_switched_them_off() {
        let impossible = SignInBounds { passkeys: false, ..BOUNDS };
        let off = SignInPolicy { passkeys: false, ..SignInPolicy::default() };
        assert!(rules(&BOUNDS, SignInPolicy::default()).signs_up_by_passkey());
        assert!(!rules(&impossible, SignInPolicy::default()).passkeys && !rules(&BOUNDS, off).passkeys);
    }
}
