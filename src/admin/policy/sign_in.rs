//! What is decided about signing up and in, as a document.

use documented::DocumentedFields;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::admin::connections::read_domains;
use crate::admin::document::{Document, never_shown};
use crate::admin::{FieldError, FieldProblem};
use crate::model::policy::{
    FactorPolicy, MOST_TRUST_DAYS, Policy, PolicySection, SignInPolicy, SignUp, SignUpMode, Verification,
};
use crate::policy::SignInBounds;

/// The most sign-ins of an account at once that a limit can name.
const MOST_SESSIONS: u16 = 100;

/// How end-users come by accounts and sign in to them. A member that is not there keeps its value; a number of 0 leaves it as configured. Nothing can
/// be decided that is laxer than the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, DocumentedFields, ToSchema)]
#[serde(default)]
pub struct SignInResource {
    /// Who may make an account, on a page or by coming from a provider. Administrators can always make one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_up: Option<SignUpMode>,
    /// The domains of e-mail addresses that accounts are made with, where `sign_up` is `domains`: `example.com`, and none below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_up_domains: Option<Vec<String>>,
    /// Whether accounts sign in by password. Without it somebody who owns the server must be able to sign in through a connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_sign_in: Option<bool>,
    /// Whether accounts sign in by passkey, and are given any. People keep those that they have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passkey_sign_in: Option<bool>,
    /// Said where passkeys are switched off and accounts have nothing else to sign in by: that this is meant. It is never shown.
    #[serde(skip_serializing_if = "never_shown::always", serialize_with = "never_shown::serialize")]
    #[schema(write_only, default = json!(null))]
    pub passkey_only_confirmed: Option<bool>,
    /// The fewest characters of a new password: at least `accounts.password_min_chars`, at most 64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_min_chars: Option<u16>,
    /// Hours after which an unused session ends: at most `sessions.idle_hours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_idle_hours: Option<u32>,
    /// Hours after which a session ends even if it is used: at most `sessions.absolute_hours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_absolute_hours: Option<u32>,
    /// Whether the login page asks if the browser is to stay signed in once it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember_me: Option<bool>,
    /// The most sessions of an account at once, 1 to 100: with one more, the one that began first ends. 0 for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sessions_per_account: Option<u16>,
    /// Whether accounts have second factors: `off`, `offered` or `required`. Where it is required, who has none adds one while signing in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<FactorPolicy>,
    /// The same of accounts that administer the server, for whom what is stricter holds: this, `second_factor` or
    /// `accounts.administrators_second_factor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub administrators_second_factor: Option<FactorPolicy>,
    /// For how many days an account may trust a browser to go without its second factor, at most 30; 0 for never. Those of administrators never do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trust_browser_days: Option<u16>,
    /// When people have to confirm the e-mail address of their account. It needs mail that leaves this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verification: Option<Verification>,
    /// Whether people can have a link and a code mailed to sign in by. It needs mail that leaves this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_sign_in: Option<bool>,
    /// Whether a mailed code is taken where an account needs a second factor and has none. It is weak, counts as no second factor for apps, and is never taken from
    /// administrators. It needs mail that leaves this server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_code: Option<bool>,
    /// Whose files manage it (`haechi apply --owner`). Set by the server: until it is released, what the files say of it is changed by them alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
    /// Counts the changes of the policy. Set by the server: a document of an older version is refused as stale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

impl Document for SignInResource {
    fn members() -> Vec<&'static str> {
        Self::FIELD_NAMES.to_vec()
    }
}

impl SignInResource {
    /// What is decided, as a document.
    pub fn of(policy: &Policy) -> Self {
        let SignInPolicy {
            sign_up,
            passwords,
            passkeys,
            password_min_chars,
            idle_hours,
            absolute_hours,
            remember_me,
            most_sessions,
            second_factor,
            administrators_second_factor,
            trust_browser_days,
            verification,
            by_mail,
            mailed_codes,
        } = &policy.sign_in;
        let domains: Vec<String> = sign_up.domains().map(str::to_owned).collect();
        Self {
            sign_up: Some(sign_up.mode()),
            sign_up_domains: Some(domains).filter(|domains| !domains.is_empty()),
            password_sign_in: Some(*passwords),
            passkey_sign_in: Some(*passkeys),
            passkey_only_confirmed: None,
            password_min_chars: *password_min_chars,
            session_idle_hours: *idle_hours,
            session_absolute_hours: *absolute_hours,
            remember_me: Some(*remember_me),
            sessions_per_account: *most_sessions,
            second_factor: Some(*second_factor),
            administrators_second_factor: *administrators_second_factor,
            trust_browser_days: Some(*trust_browser_days),
            email_verification: Some(*verification),
            email_sign_in: Some(*by_mail),
            email_code: Some(*mailed_codes),
            managed_by: policy.manager(PolicySection::SignIn).map(ToString::to_string),
            version: Some(policy.version),
        }
    }

    /// What is decided with what the document says. What it leaves as it is may stay so, whatever the configuration is by now.
    pub(super) fn apply(
        &self,
        was: &SignInPolicy,
        bounds: &SignInBounds,
        found: &mut Vec<FieldProblem>,
    ) -> SignInPolicy {
        let min_chars = (u32::from(bounds.password_min_chars), u32::from(SignInBounds::MOST_MIN_CHARS));
        let decided = SignInPolicy {
            sign_up: self.sign_up(&was.sign_up, bounds, found),
            passwords: self.password_sign_in.unwrap_or(was.passwords),
            passkeys: self.passkey_sign_in.unwrap_or(was.passkeys),
            password_min_chars: number(
                self.password_min_chars,
                was.password_min_chars,
                ("password_min_chars", min_chars),
                found,
            ),
            idle_hours: number(
                self.session_idle_hours,
                was.idle_hours,
                ("session_idle_hours", (1, bounds.idle_hours)),
                found,
            ),
            absolute_hours: number(
                self.session_absolute_hours,
                was.absolute_hours,
                ("session_absolute_hours", (1, bounds.absolute_hours)),
                found,
            ),
            remember_me: self.remember_me.unwrap_or(was.remember_me),
            most_sessions: number(
                self.sessions_per_account,
                was.most_sessions,
                ("sessions_per_account", (1, u32::from(MOST_SESSIONS))),
                found,
            ),
            second_factor: self.second_factor.unwrap_or(was.second_factor),
            administrators_second_factor: self.administrators_second_factor.or(was.administrators_second_factor),
            trust_browser_days: self.trust_browser_days.unwrap_or(was.trust_browser_days),
            verification: self.email_verification.unwrap_or(was.verification),
            by_mail: self.email_sign_in.unwrap_or(was.by_mail),
            mailed_codes: self.email_code.unwrap_or(was.mailed_codes),
        };
        if decided.trust_browser_days > MOST_TRUST_DAYS {
            found.push(FieldError::Between(0, u32::from(MOST_TRUST_DAYS)).of("trust_browser_days"));
        }
        if !bounds.mail {
            let verified = decided.verification != was.verification && decided.verification != Verification::NotAsked;
            for (field, opened) in [
                ("email_verification", verified),
                ("email_sign_in", decided.by_mail && !was.by_mail),
                ("email_code", decided.mailed_codes && !was.mailed_codes),
            ] {
                if opened {
                    found.push(FieldError::ClosedByConfiguration.of(field));
                }
            }
        }
        if decided.administrators_second_factor != was.administrators_second_factor
            && decided.administrators_second_factor.is_some_and(|said| said < bounds.administrators_second_factor)
        {
            found.push(FieldError::ClosedByConfiguration.of("administrators_second_factor"));
        }
        if let (Some(idle), Some(absolute)) = (decided.idle_hours, decided.absolute_hours)
            && idle > absolute
        {
            found.push(FieldError::Between(1, absolute).of("session_idle_hours"));
        }
        decided
    }

    fn sign_up(&self, was: &SignUp, bounds: &SignInBounds, found: &mut Vec<FieldProblem>) -> SignUp {
        let said = self.sign_up_domains.as_ref().map(|said| read_domains(said, "sign_up_domains", found));
        let mode = self.sign_up.unwrap_or(was.mode());
        let decided = match (mode, said) {
            (SignUpMode::Domains, None) if was.mode() == SignUpMode::Domains => was.clone(),
            (SignUpMode::Domains, said) => SignUp::Domains(said.unwrap_or_default().into_iter().collect()),
            (SignUpMode::Open, None) => SignUp::Open,
            (SignUpMode::Closed, None) => SignUp::Closed,
            (mode, Some(said)) => {
                if !said.is_empty() {
                    found.push(FieldError::DomainsWithoutUse.of("sign_up_domains"));
                }
                if mode == SignUpMode::Open { SignUp::Open } else { SignUp::Closed }
            }
        };
        if decided == *was {
            return decided;
        }
        if !bounds.sign_up && !decided.is_closed() {
            found.push(FieldError::ClosedByConfiguration.of("sign_up"));
        }
        if mode == SignUpMode::Domains && decided.domains().next().is_none() {
            found.push(FieldError::Missing.of("sign_up_domains"));
        }
        decided
    }
}

/// A number within its range; 0 stands for none.
fn number<N: Copy + PartialEq + Into<u32> + From<u8>>(
    said: Option<N>,
    was: Option<N>,
    (field, (least, most)): (&str, (u32, u32)),
    found: &mut Vec<FieldProblem>,
) -> Option<N> {
    let Some(said) = said else { return was };
    if said == N::from(0) {
        return None;
    }
    if Some(said) != was && !(least..=most).contains(&said.into()) {
        found.push(FieldError::Between(least, most).of(field));
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: SignInBounds = SignInBounds {
        sign_up: true,
        password_min_chars: 10,
        idle_hours: 168,
        absolute_hours: 720,
        administrators_second_factor: FactorPolicy::Required,
        passkeys: true,
        mail: true,
    };

    fn decided(bounds: &SignInBounds, json: serde_json::Value) -> Result<SignInPolicy, Vec<(String, &'static str)>> {
        let document: SignInResource = serde_json::from_value(json).unwrap();
        let mut found = Vec::new();
        let decided = document.apply(&SignInPolicy::default(), bounds, &mut found);
        if found.is_empty() {
            Ok(decided)
        } else {
            Err(found.into_iter().map(|problem| (problem.field, problem.error.code())).collect())
        }
    }

    #[test]
    fn nothing_can_be_decided_that_is_laxer_than_what_is_configured() {
        let closed = SignInBounds { sign_up: false, ..BOUNDS };
        let silent = SignInBounds { mail: false, ..BOUNDS };
        for (bounds, json, field, code) in [
            (&BOUNDS, serde_json::json!({ "password_min_chars": 9 }), "password_min_chars", "out_of_range"),
            (&BOUNDS, serde_json::json!({ "password_min_chars": 65 }), "password_min_chars", "out_of_range"),
            (&BOUNDS, serde_json::json!({ "session_idle_hours": 169 }), "session_idle_hours", "out_of_range"),
            (&BOUNDS, serde_json::json!({ "session_absolute_hours": 721 }), "session_absolute_hours", "out_of_range"),
            (&BOUNDS, serde_json::json!({ "sessions_per_account": 101 }), "sessions_per_account", "out_of_range"),
            (&BOUNDS, serde_json::json!({ "sign_up": "domains" }), "sign_up_domains", "missing"),
            (&BOUNDS, serde_json::json!({ "trust_browser_days": 31 }), "trust_browser_days", "out_of_range"),
            (
                &BOUNDS,
                serde_json::json!({ "administrators_second_factor": "offered" }),
                "administrators_second_factor",
                "closed_by_configuration",
            ),
            (
                &BOUNDS,
                serde_json::json!({ "sign_up_domains": ["example.com"] }),
                "sign_up_domains",
                "domains_without_use",
            ),
            (
                &BOUNDS,
                serde_json::json!({ "sign_up": "domains", "sign_up_domains": ["exa mple"] }),
                "sign_up_domains",
                "not_a_domain",
            ),
            (&silent, serde_json::json!({ "email_sign_in": true }), "email_sign_in", "closed_by_configuration"),
            (&silent, serde_json::json!({ "email_code": true }), "email_code", "closed_by_configuration"),
            (
                &closed,
                serde_json::json!({ "sign_up": "domains", "sign_up_domains": ["example.com"] }),
                "sign_up",
                "closed_by_configuration",
            ),
        ] {
            let problems = decided(bounds, json.clone()).unwrap_err();
            assert!(problems.contains(&(field.to_owned(), code)), "{json}: {problems:?}");
        }
        let idle = serde_json::json!({ "session_idle_hours": 9, "session_absolute_hours": 8 });
        assert_eq!(decided(&BOUNDS, idle), Err(vec![("session_idle_hours".to_owned(), "out_of_range")]));
        // What is left as it is may stay so: a document can be sent back as it was shown.
        assert_eq!(decided(&closed, serde_json::json!({ "sign_up": "open" })), Ok(SignInPolicy::default()));
    }

    #[test]
    fn what_is_stricter_is_decided_and_0_leaves_it_as_configured() {
        let strict = decided(
            &BOUNDS,
            serde_json::json!({ "sign_up": "domains", "sign_up_domains": ["@Example.com", "example.com"],
                "password_min_chars": 15, "session_idle_hours": 0, "sessions_per_account": 3 }),
        )
        .unwrap();
        assert_eq!(strict.sign_up.domains().collect::<Vec<_>>(), ["example.com"]);
        assert_eq!((strict.password_min_chars, strict.idle_hours, strict.most_sessions), (Some(15), None, Some(3)));
    }
}
