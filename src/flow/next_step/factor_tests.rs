//! The table of second factors: {ways somebody has} × {policy} × {acr asked} × {already proved} × {`prompt`, `max_age`}, and exactly one step for each.

use std::sync::LazyLock;
use std::time::Duration;

use super::tests::{NOW, authorization, client, refused, session, sign_in};
use super::*;
use crate::model::acr::{Acr, Classes, LEVELS};
use crate::model::client::ConsentPolicy;
use crate::model::factor::tests::app;
use crate::model::factor::{Factors, Second};
use crate::model::session::Leave;
use crate::protocol::claims::ClaimsRequest;

/// What an app asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    /// `acr_values`.
    Values(&'static [&'static str]),
    /// The claim, voluntary.
    Voluntary(&'static [&'static str]),
    /// By registration.
    Default(&'static [&'static str]),
    /// The claim, essential.
    Essential(&'static [&'static str]),
    /// Its own rule.
    ByApp,
}

/// What an account may have of passkeys: none, those of which nothing is proved, and one in hardware, which is a passkey.
const PASSKEYS: [(bool, bool); 3] = [(false, false), (true, false), (true, true)];
const ONE: &str = "urn:haechi:acr:1fa";
const TWO: &str = "urn:haechi:acr:2fa";
const ASKED: &[Asked] = &[
    Asked::Nothing,
    Asked::Values(&[ONE]),
    Asked::Values(&["phr", TWO, ONE]),
    Asked::Values(&[TWO]),
    Asked::Values(&["phr", TWO]),
    Asked::Values(&["phr"]),
    Asked::Values(&["phrh"]),
    Asked::Values(&["phrh", "phr"]),
    Asked::Values(&["gold"]),
    Asked::Values(&["gold", TWO]),
    Asked::Voluntary(&[TWO, ONE]),
    Asked::Voluntary(&["phr"]),
    Asked::Voluntary(&["phrh"]),
    Asked::Default(&[TWO]),
    Asked::Default(&["phr"]),
    Asked::Essential(&[ONE]),
    Asked::Essential(&[TWO]),
    Asked::Essential(&["phr"]),
    Asked::Essential(&["phrh", TWO]),
    Asked::Essential(&["phrh"]),
    Asked::Essential(&["gold", ONE]),
    Asked::ByApp,
];

/// What a page may be shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Prompted {
    Absent,
    None,
    Login,
    MaxAge,
}

/// A case.
#[derive(Clone, Debug)]
struct Case {
    asked: Asked,
    prompted: Prompted,
    has: Kinds,
    /// Whether passkeys count.
    passkeys: bool,
    everybody: FactorPolicy,
    /// Whether a role that the account has in apps asks for two factors.
    by_role: bool,
    administers: Option<FactorPolicy>,
    proved: Acr,
    leave: Option<Leave>,
    /// The sign-in was made for this request.
    fresh: bool,
}

/// A request that asks for nothing.
static PLAIN: LazyLock<Authorization> = LazyLock::new(|| authorization(|_| ()));

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}

fn claim(essential: bool, values: &[&str]) -> ClaimsRequest {
    let claim = serde_json::json!({ "id_token": { "acr": { "essential": essential, "values": values } } });
    ClaimsRequest::parse(&claim.to_string()).unwrap()
}

fn factors(has: Kinds) -> Factors {
    let all = has.app.then(app).into_iter().collect();
    Factors { all, recovery_codes: 0, offered: true, passkey: has.passkey, hardware: has.hardware }
}

impl Case {
    /// What the account has that counts.
    fn held(&self) -> Kinds {
        let Kinds { app, passkey, hardware } = self.has;
        Kinds { app, passkey: passkey && self.passkeys, hardware: hardware && self.passkeys }
    }

    fn second(&self) -> SecondFactor {
        let &Self { passkeys, everybody, by_role, administers, ref proved, leave, .. } = self;
        let factors = &factors(self.has);
        SecondFactor::of(&Standing { factors, passkeys, everybody, by_role, administers, proved, leave })
    }

    fn step(&self) -> Step {
        let at = if self.fresh { NOW } else { Timestamp::from_seconds(9_000) };
        let signed_in = session(&[SignIn { acr: self.proved.clone(), ..sign_in(1, at) }]);
        let mut app = client(ConsentPolicy::FirstParty);
        let mut one = PLAIN.clone();
        one.progress.authenticated_at = self.fresh.then_some(NOW);
        match self.prompted {
            Prompted::Absent => {}
            Prompted::None => one.request.prompt.none = true,
            Prompted::Login => one.request.prompt.login = true,
            Prompted::MaxAge => one.request.max_age = Some(Duration::from_mins(1)),
        }
        match self.asked {
            Asked::Nothing => {}
            Asked::Values(values) => one.request.acr_values = owned(values),
            Asked::Voluntary(values) => one.request.claims = claim(false, values),
            Asked::Default(values) => app.policy.default_acr_values = owned(values),
            Asked::Essential(values) => one.request.claims = claim(true, values),
            Asked::ByApp => app.policy.second_factor_required = true,
        }
        let second = self.second();
        next_step(&Facts::gather(&one, &signed_in, &app, (None, second, false), (&Classes::default(), NOW)))
    }

    /// The same once what is asked for was done, by an app where that is one of the ways and wanted.
    fn after(&self, needed: Needed, kinds: Kinds, by_app: bool) -> Self {
        let passkey = kinds.by_passkey().filter(|_| !(kinds.app && by_app));
        let second = passkey.map_or(Second::Totp, Second::Passkey);
        let added = passkey.is_some();
        let has = Kinds { app: self.has.app || !added, passkey: self.has.passkey || added, ..self.has };
        let proved = if self.proved.satisfies(second.acr().as_str()) { self.proved.clone() } else { second.acr() };
        Self { has: if needed == Needed::Enrolment { has } else { self.has }, proved, leave: None, ..self.clone() }
    }
}

/// Every case.
fn cases() -> Vec<Case> {
    use FactorPolicy::{Off, Offered, Required};
    let both = [false, true];
    let mut all = Vec::new();
    for (&asked, prompted) in ASKED
        .iter()
        .flat_map(|asked| [Prompted::Absent, Prompted::None, Prompted::Login, Prompted::MaxAge].map(|one| (asked, one)))
    {
        let kinds = |app| PASSKEYS.map(|(passkey, hardware)| Kinds { app, passkey, hardware });
        for has in both.into_iter().flat_map(kinds) {
            for passkeys in both {
                for (everybody, by_role, administers) in [
                    (Off, false, None),
                    (Offered, false, None),
                    (Required, false, None),
                    (Off, false, Some(Off)),
                    (Offered, false, Some(Required)),
                    (Off, true, None),
                    (Off, true, Some(Off)),
                ] {
                    for (proved, _) in LEVELS {
                        for leave in [None, Some(Leave::TrustedBrowser)] {
                            all.extend(both.map(|fresh| {
                                let proved = proved.clone();
                                Case {
                                    asked,
                                    prompted,
                                    has,
                                    passkeys,
                                    everybody,
                                    by_role,
                                    administers,
                                    proved,
                                    leave,
                                    fresh,
                                }
                            }));
                        }
                    }
                }
            }
        }
    }
    all
}

/// What is necessary of what is asked for; `None` where nothing is.
#[allow(clippy::match_same_arms, reason = "a table, a row each")]
fn necessary(asked: Asked) -> Option<Acr> {
    match asked {
        Asked::Values([ONE] | ["phr", TWO, ONE]) | Asked::Essential([ONE] | ["gold", ONE]) => Some(Acr::ONE_FACTOR),
        Asked::Values([TWO] | ["phr" | "gold", TWO]) => Some(Acr::TWO_FACTORS),
        Asked::Essential([TWO] | ["phrh", TWO]) | Asked::ByApp => Some(Acr::TWO_FACTORS),
        Asked::Values(["phr"] | ["phrh", "phr"]) | Asked::Essential(["phr"]) => Some(Acr::PHISHING_RESISTANT),
        // Only a passkey in hardware reaches it, which nobody is led to add.
        Asked::Values(["phrh"]) | Asked::Essential(["phrh"]) => Some(Acr::PHISHING_RESISTANT_HARDWARE),
        _ => None,
    }
}

/// What is to come out, said from the account's side.
fn expected(case: &Case) -> Result<(Needed, Kinds), Option<ErrorCode>> {
    let (second, held) = (case.second(), case.held());
    let least = necessary(case.asked);
    let enough = |acr: &Acr| least.as_ref().is_none_or(|least| acr.satisfies(least.as_str()));
    let of = |kinds: Kinds| kinds.reaching(enough);
    if !matches!(second.needed, Needed::Nothing(_)) {
        let kinds = if second.needed == Needed::Enrolment { second.may_add } else { held };
        return Ok((second.needed, if of(kinds).any() { of(kinds) } else { kinds }));
    }
    if !enough(&case.proved) {
        return match (of(held), of(second.may_add)) {
            (proof, _) if proof.any() => Ok((Needed::Proof, proof)),
            (_, added) if added.any() => Ok((Needed::Enrolment, added)),
            _ => Err(Some(ErrorCode::UnmetAuthenticationRequirements)),
        };
    }
    // What is only better is asked of who has it, and of who has just signed in without their passkey no passkey.
    let at_hand = if case.fresh { Kinds { passkey: false, hardware: false, ..held } } else { held };
    let better = match case.asked {
        Asked::Values(["phrh", "phr"]) | Asked::Voluntary(["phrh"]) if at_hand.hardware => "phrh",
        Asked::Values(["phr", ..]) | Asked::Voluntary(["phr"]) | Asked::Default(["phr"]) if at_hand.passkey => "phr",
        Asked::Values(["phr", TWO, ONE]) | Asked::Voluntary([TWO, ONE]) | Asked::Default([TWO]) if at_hand.any() => TWO,
        _ => return Err(None),
    };
    let asks = !case.proved.satisfies(better) && case.prompted != Prompted::None;
    if asks { Ok((Needed::Proof, at_hand.reaching(|acr| acr.satisfies(better)))) } else { Err(None) }
}

#[test]
fn each_case_has_exactly_one_step() {
    let all = cases();
    assert_eq!(all.len(), 22 * 4 * (2 * 3) * 2 * 7 * 4 * 2 * 2);
    for case in all {
        let step = case.step();
        let again = matches!(case.prompted, Prompted::Login | Prompted::MaxAge) && !case.fresh;
        if again {
            assert_eq!(step, Step::Ask(Question::Login(LoginReason::Again)), "{case:?}");
            continue;
        }
        let silent = case.prompted == Prompted::None;
        match expected(&case) {
            Ok((needed, kinds)) if !silent => {
                assert!(kinds.any(), "{case:?}");
                assert_eq!(step, Step::Ask(Question::SecondFactor(needed, kinds)), "{case:?}");
            }
            Ok((Needed::Enrolment, _)) => assert_eq!(refused(&step), Some(ErrorCode::InteractionRequired), "{case:?}"),
            Ok(_) => assert_eq!(refused(&step), Some(ErrorCode::LoginRequired), "{case:?}"),
            Err(Some(code)) => assert_eq!(refused(&step), Some(code), "{case:?}"),
            Err(None) => assert!(matches!(step, Step::Answer(Verdict::Issue(_))), "{case:?}"),
        }
    }
}

/// A role in apps asks for what the server asks for, where everybody must have a second factor, and of nobody for less.
#[test]
fn a_role_asks_for_as_much_as_the_server_can() {
    for case in cases() {
        let by_role = Case { by_role: true, ..case.clone() };
        let of_everybody = Case { everybody: FactorPolicy::Required, by_role: false, ..case };
        assert_eq!(by_role.step(), of_everybody.step(), "{by_role:?}");
    }
}

/// Whoever has a passkey in hardware is led to exactly that where it is necessary, whatever else they have and proved; whoever has none is led to nothing.
#[test]
fn only_a_passkey_in_hardware_leads_to_phrh() {
    let asks = |case: &Case| matches!(case.asked, Asked::Values(["phrh"]) | Asked::Essential(["phrh"]));
    let by_policy = |case: &Case| !matches!(case.second().needed, Needed::Nothing(_));
    let plain = cases().into_iter().filter(|case| case.prompted == Prompted::Absent && asks(case) && !by_policy(case));
    let mut led = 0;
    for case in plain.filter(|case| case.proved != Acr::PHISHING_RESISTANT_HARDWARE) {
        let step = case.step();
        if case.held().hardware {
            let exactly = Kinds { app: false, passkey: false, hardware: true };
            assert_eq!(step, Step::Ask(Question::SecondFactor(Needed::Proof, exactly)), "{case:?}");
            led += 1;
        } else {
            assert_eq!(refused(&step), Some(ErrorCode::UnmetAuthenticationRequirements), "{case:?}");
        }
    }
    assert!(led > 0);
}

/// Whoever does what they are asked comes to an answer, in two steps at most: one for the server, and one for what the app asks for besides.
#[test]
fn what_is_asked_for_leads_to_an_answer() {
    let plain = cases().into_iter().filter(|case| case.prompted == Prompted::Absent);
    for (case, by_app) in plain.flat_map(|case| [(case.clone(), false), (case, true)]) {
        let mut now = Case { fresh: true, ..case };
        for steps in 0.. {
            match now.step() {
                Step::Ask(Question::SecondFactor(needed, kinds)) if steps < 2 => now = now.after(needed, kinds, by_app),
                Step::Answer(Verdict::Refuse(_)) => break,
                Step::Answer(Verdict::Issue(_)) => {
                    let least = necessary(now.asked);
                    assert!(least.is_none_or(|least| now.proved.satisfies(least.as_str())), "{now:?}");
                    break;
                }
                Step::Ask(other) => panic!("{other:?} after {steps}: {now:?}"),
            }
        }
    }
}

/// What tokens say is what was asked for, where the authentication is of that class, too; else what it is.
#[test]
fn tokens_say_the_class_that_was_asked_for_where_it_was_reached() {
    for (asked, proved, says) in [
        (Asked::Nothing, Acr::ONE_FACTOR, ONE),
        (Asked::Nothing, Acr::TWO_FACTORS, TWO),
        (Asked::Values(&[ONE]), Acr::TWO_FACTORS, ONE),
        (Asked::Values(&[TWO]), Acr::PHISHING_RESISTANT, TWO),
        (Asked::Values(&["phr", TWO, ONE]), Acr::ONE_FACTOR, ONE),
        (Asked::Values(&["gold"]), Acr::TWO_FACTORS, TWO),
        (Asked::Voluntary(&[TWO, ONE]), Acr::TWO_FACTORS, TWO),
        (Asked::Voluntary(&[TWO, ONE]), Acr::ONE_FACTOR, ONE),
        (Asked::Default(&[TWO]), Acr::TWO_FACTORS, TWO),
        (Asked::Default(&[TWO]), Acr::ONE_FACTOR, ONE),
        (Asked::Essential(&["gold", ONE]), Acr::TWO_FACTORS, ONE),
        (Asked::Essential(&["phrh", TWO]), Acr::TWO_FACTORS, TWO),
        // That a key is in hardware is said where it is proved, and where nothing is asked for.
        (Asked::Nothing, Acr::PHISHING_RESISTANT, "phr"),
        (Asked::Nothing, Acr::PHISHING_RESISTANT_HARDWARE, "phrh"),
        (Asked::Values(&["phr"]), Acr::PHISHING_RESISTANT_HARDWARE, "phr"),
        (Asked::Values(&["phrh"]), Acr::PHISHING_RESISTANT_HARDWARE, "phrh"),
        (Asked::Voluntary(&["phrh"]), Acr::PHISHING_RESISTANT, "phr"),
    ] {
        let case = Case {
            asked,
            prompted: Prompted::Absent,
            has: Kinds::NONE,
            passkeys: true,
            everybody: FactorPolicy::Offered,
            by_role: false,
            administers: None,
            proved,
            leave: None,
            fresh: true,
        };
        let Step::Answer(Verdict::Issue(sign_in)) = case.step() else { panic!("{asked:?}") };
        assert_eq!(sign_in.acr.as_str(), says, "{asked:?}");
    }
}
