//! What an account is still asked for: the one place that decides, and a pure function.

use crate::model::acr::Acr;
use crate::model::factor::Factors;
use crate::model::policy::FactorPolicy;
use crate::model::session::Leave;

/// All that the rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// What the account has.
    pub factors: &'a Factors,
    /// Whether passkeys count.
    pub passkeys: bool,
    /// What holds for every account.
    pub everybody: FactorPolicy,
    /// Whether a role that it has in apps asks for a second factor.
    pub by_role: bool,
    /// What holds for this one besides, where it administers the server.
    pub administers: Option<FactorPolicy>,
    /// How strongly it was proved.
    pub proved: &'a Acr,
    /// Why it might be let through all the same: the account trusts this browser, or it was let through when it signed in.
    pub leave: Option<Leave>,
}

impl Standing<'_> {
    /// What holds for it, whether it administers the server or not: a role in apps asks for as much as the server can ask everybody for.
    const fn in_apps(&self) -> FactorPolicy {
        if self.by_role { FactorPolicy::Required } else { self.everybody }
    }

    /// The strictest of all that holds for it.
    pub fn policy(&self) -> FactorPolicy {
        let in_apps = self.in_apps();
        self.administers.map_or(in_apps, |administers| administers.max(in_apps))
    }
}

/// What an account is still asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Nothing: it is signed in; and why, where its second factor was not proved.
    Nothing(Option<Leave>),
    /// A proof of what it has: a code, or a passkey.
    Proof,
    /// To add a second factor, which it has not and must have.
    Enrolment,
}

/// Decides. Who has an app is asked for it, whatever is decided by now: that it may be left out nobody says but the account itself, of a
/// browser. Who administers is asked in every browser. Who has a passkey signs in with it or without, until a second factor is required: then it is one. A
/// mailed code is taken only in the place of a factor that the account has not: otherwise whoever reads its mail would need neither the password, which a mailed
/// link replaces, nor the factor.
pub fn needed(standing: &Standing<'_>) -> Needed {
    let &Standing { factors, passkeys, administers, proved, leave, .. } = standing;
    let trusted = leave == Some(Leave::TrustedBrowser);
    if proved.is_of_two_factors() {
        return Needed::Nothing(None);
    }
    let required = standing.policy() == FactorPolicy::Required;
    if factors.any() || (required && passkeys && factors.passkey) {
        return if trusted && administers.is_none() { Needed::Nothing(leave) } else { Needed::Proof };
    }
    if standing.in_apps() == FactorPolicy::Required {
        let mailed = leave == Some(Leave::MailedCode) && administers.is_none();
        return if mailed { Needed::Nothing(leave) } else { Needed::Enrolment };
    }
    match administers {
        // The first time after somebody was given a role, or claimed the server, nobody is locked out.
        Some(FactorPolicy::Required) if !factors.offered || leave == Some(Leave::FirstTime) => {
            Needed::Nothing(Some(Leave::FirstTime))
        }
        Some(FactorPolicy::Required) => Needed::Enrolment,
        _ => Needed::Nothing(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::factor::tests::app;

    fn factors(any: bool, passkey: bool, offered: bool) -> Factors {
        Factors { all: any.then(app).into_iter().collect(), recovery_codes: 0, offered, passkey, hardware: false }
    }

    /// {what the account has} × {whether passkeys count} × {policy} × {whether a role asks for more} × {whether it administers} × {what was proved} × {leave}: exactly one answer for each.
    #[test]
    fn each_standing_has_one_answer() {
        use FactorPolicy::{Off, Offered, Required};
        let both = [false, true];
        let held = both.into_iter().flat_map(|app| both.map(|passkey| (app, passkey)));
        let known: Vec<_> = held.flat_map(|(app, passkey)| both.map(|offered| (app, passkey, offered))).collect();
        for (app, passkey, offered) in known {
            let factors = factors(app, passkey, offered);
            for passkeys in both {
                let decided = [Off, Offered, Required].into_iter().flat_map(|one| both.map(|by_role| (one, by_role)));
                for (everybody, by_role) in decided {
                    for administers in [None, Some(Off), Some(Offered), Some(Required)] {
                        for proved in [Acr::ONE_FACTOR, Acr::TWO_FACTORS, Acr::PHISHING_RESISTANT] {
                            for leave in
                                [None, Some(Leave::TrustedBrowser), Some(Leave::FirstTime), Some(Leave::MailedCode)]
                            {
                                let proved = &proved;
                                let factors = &factors;
                                let standing =
                                    Standing { factors, passkeys, everybody, by_role, administers, proved, leave };
                                let counts = passkey && passkeys;
                                assert_eq!(
                                    needed(&standing),
                                    expected(&standing, (app, counts), offered),
                                    "{standing:?}"
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    /// The same, said otherwise: from what is granted, and not from what is asked.
    #[allow(clippy::match_same_arms, reason = "a table, a row each")]
    fn expected(standing: &Standing<'_>, (app, passkey): (bool, bool), offered: bool) -> Needed {
        use FactorPolicy::Required;
        let whole = *standing.proved != Acr::ONE_FACTOR;
        let in_apps = standing.by_role || standing.everybody == Required;
        let must = in_apps || standing.administers == Some(Required);
        let first = !in_apps && (!offered || standing.leave == Some(Leave::FirstTime));
        let trusted = standing.leave == Some(Leave::TrustedBrowser) && standing.administers.is_none();
        let mailed = standing.leave == Some(Leave::MailedCode) && standing.administers.is_none();
        match (whole, app || (passkey && must), must) {
            (true, ..) => Needed::Nothing(None),
            (false, true, _) if trusted => Needed::Nothing(Some(Leave::TrustedBrowser)),
            (false, true, _) => Needed::Proof,
            // A mailed code is in the place of a factor that there is not, and never of one that there is.
            (false, false, true) if mailed => Needed::Nothing(Some(Leave::MailedCode)),
            (false, false, true) if first => Needed::Nothing(Some(Leave::FirstTime)),
            (false, false, true) => Needed::Enrolment,
            (false, false, false) => Needed::Nothing(None),
        }
    }
}
