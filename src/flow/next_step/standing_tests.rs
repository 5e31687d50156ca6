//! The table of standings: everything that the server's policy looks at of an account, each with each, and what an app asks for besides: exactly one step.

use super::tests::{NOW, authorization, client, session, sign_in};
use super::*;
use crate::model::acr::{Acr, LEVELS};
use crate::model::client::ConsentPolicy;
use crate::model::factor::Factors;
use crate::model::factor::tests::app;
use crate::model::session::Leave;

/// What an app asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Nothing,
    /// `acr_values` with the class of two factors.
    TwoFactors,
    /// The same by its own rule.
    ByRule,
    /// `acr_values` with `phr`.
    PhishingResistant,
    /// `acr_values` with `phrh`.
    Hardware,
}

/// A request, which may be without a page (`prompt=none`).
struct Asked {
    asks: Asks,
    silent: bool,
    authorization: Authorization,
    client: Client,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    Page(Needed, Kinds),
    Refused(ErrorCode),
    Issued,
}

impl Asked {
    fn new(asks: Asks, silent: bool) -> Self {
        let values = |value: &str| vec![value.to_owned()];
        let authorization = authorization(|one| {
            one.request.prompt.none = silent;
            match asks {
                Asks::Nothing | Asks::ByRule => {}
                Asks::TwoFactors => one.request.acr_values = values("urn:haechi:acr:2fa"),
                Asks::PhishingResistant => one.request.acr_values = values("phr"),
                Asks::Hardware => one.request.acr_values = values("phrh"),
            }
        });
        let mut client = client(ConsentPolicy::FirstParty);
        client.policy.second_factor_required = asks == Asks::ByRule;
        Self { asks, silent, authorization, client }
    }

    fn all() -> Vec<Self> {
        let asks = [Asks::Nothing, Asks::TwoFactors, Asks::ByRule, Asks::PhishingResistant, Asks::Hardware];
        asks.into_iter().flat_map(|asks| [false, true].map(|silent| Self::new(asks, silent))).collect()
    }

    fn step(&self, signed_in: &Session, second: SecondFactor, classes: &Classes) -> Step {
        let of_account = (None, second, false);
        next_step(&Facts::gather(&self.authorization, signed_in, &self.client, of_account, (classes, NOW)))
    }
}

/// What accounts have, and whether passkeys count.
fn held() -> Vec<(Factors, bool)> {
    let both = [false, true];
    let passkeys = [(false, false), (true, false), (true, true)];
    let of = |app| passkeys.map(|(passkey, hardware)| Kinds { app, passkey, hardware });
    let kinds = both.into_iter().flat_map(of);
    let offered = kinds.flat_map(|has| both.map(|offered| (has, offered)));
    let left = offered.flat_map(|(has, offered)| [0, 10].map(|codes| (has, offered, codes)));
    let factors = left.map(|(has, offered, recovery_codes)| {
        let all = has.app.then(app).into_iter().collect();
        Factors { all, recovery_codes, offered, passkey: has.passkey, hardware: has.hardware }
    });
    factors.flat_map(|factors| both.map(|passkeys| (factors.clone(), passkeys))).collect()
}

/// What holds for everybody, whether a role asks for more, and what holds for who administers.
fn policies() -> Vec<(FactorPolicy, bool, Option<FactorPolicy>)> {
    use FactorPolicy::{Off, Offered, Required};
    let of_apps = [Off, Offered, Required].into_iter().flat_map(|one| [(one, false), (one, true)]);
    of_apps
        .flat_map(|(everybody, by_role)| {
            [None, Some(Off), Some(Offered), Some(Required)].map(|administers| (everybody, by_role, administers))
        })
        .collect()
}

/// What the server still asks for, said from who is excused.
fn by_the_server(standing: &Standing<'_>) -> Option<Needed> {
    let administers = standing.administers.is_some();
    let in_apps = standing.by_role || standing.everybody == FactorPolicy::Required;
    let must = in_apps || standing.administers == Some(FactorPolicy::Required);
    let has = !standing.factors.all.is_empty() || (must && standing.passkeys && standing.factors.passkey);
    let by = |leave: Leave| standing.leave == Some(leave);
    let excused = [
        *standing.proved != Acr::ONE_FACTOR,
        // The account says so of a browser, and none that administers.
        has && !administers && by(Leave::TrustedBrowser),
        // In the place of a factor that there is not.
        !has && !administers && by(Leave::MailedCode),
        // Once, and only where it is for the role in the server that it is asked for.
        !has && !in_apps && (!standing.factors.offered || by(Leave::FirstTime)),
    ];
    match (has, must) {
        _ if excused.contains(&true) => None,
        (true, _) => Some(Needed::Proof),
        (false, true) => Some(Needed::Enrolment),
        (false, false) => None,
    }
}

/// What is to come out.
fn expected(asked: &Asked, standing: &Standing<'_>) -> Outcome {
    let &Standing { factors, passkeys, everybody, by_role, administers, proved, .. } = standing;
    let on = |policy: FactorPolicy| policy != FactorPolicy::Off;
    let (passkey, hardware) = (factors.passkey && passkeys, factors.hardware && passkeys);
    let has = Kinds { app: !factors.all.is_empty(), passkey, hardware };
    let app = by_role || on(everybody) || administers.is_some_and(on);
    // Where the key of one is that is added shows only afterwards.
    let may_add = Kinds { app, passkey: passkeys, hardware: false };
    let enough = |kinds: Kinds| match asked.asks {
        Asks::Nothing | Asks::TwoFactors | Asks::ByRule => kinds,
        Asks::PhishingResistant => Kinds { app: false, ..kinds },
        Asks::Hardware => Kinds { app: false, passkey: false, ..kinds },
    };
    let reached = match asked.asks {
        Asks::Nothing => true,
        Asks::TwoFactors | Asks::ByRule => *proved != Acr::ONE_FACTOR,
        Asks::PhishingResistant => [Acr::PHISHING_RESISTANT, Acr::PHISHING_RESISTANT_HARDWARE].contains(proved),
        Asks::Hardware => *proved == Acr::PHISHING_RESISTANT_HARDWARE,
    };
    let wider = |kinds: Kinds| if enough(kinds).any() { enough(kinds) } else { kinds };
    let (needed, kinds) = match by_the_server(standing) {
        Some(Needed::Enrolment) => (Needed::Enrolment, wider(may_add)),
        Some(needed) => (needed, wider(has)),
        None if reached => return Outcome::Issued,
        None if enough(has).any() => (Needed::Proof, enough(has)),
        None if enough(may_add).any() => (Needed::Enrolment, enough(may_add)),
        None => return Outcome::Refused(ErrorCode::UnmetAuthenticationRequirements),
    };
    match (asked.silent, needed) {
        (false, _) => Outcome::Page(needed, kinds),
        (true, Needed::Enrolment) => Outcome::Refused(ErrorCode::InteractionRequired),
        (true, _) => Outcome::Refused(ErrorCode::LoginRequired),
    }
}

fn outcome(step: &Step) -> Option<Outcome> {
    match step {
        Step::Ask(Question::SecondFactor(needed, kinds)) => Some(Outcome::Page(*needed, *kinds)),
        Step::Ask(_) => None,
        Step::Answer(Verdict::Refuse(error)) => Some(Outcome::Refused(error.code)),
        Step::Answer(Verdict::Issue(_)) => Some(Outcome::Issued),
    }
}

#[test]
fn each_standing_has_exactly_one_step() {
    let (asked, classes) = (Asked::all(), Classes::default());
    let leaves = [None, Some(Leave::TrustedBrowser), Some(Leave::FirstTime), Some(Leave::MailedCode)];
    let mut seen = 0;
    for (proved, _) in LEVELS {
        let signed_in = session(&[SignIn { acr: proved.clone(), ..sign_in(1, Timestamp::from_seconds(9_000)) }]);
        for (factors, passkeys) in &held() {
            for ((everybody, by_role, administers), leave) in
                policies().into_iter().flat_map(|policy| leaves.map(|leave| (policy, leave)))
            {
                let passkeys = *passkeys;
                let standing = Standing { factors, passkeys, everybody, by_role, administers, proved, leave };
                let second = SecondFactor::of(&standing);
                for one in &asked {
                    let came = outcome(&one.step(&signed_in, second, &classes));
                    assert_eq!(came, Some(expected(one, &standing)), "{:?} {} {standing:?}", one.asks, one.silent);
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 4 * (6 * 2 * 2 * 2) * (3 * 2 * 4) * 4 * (5 * 2));
}
