//! The table of second factors: {ways somebody has} × {policy} × {acr asked} × {already proved} × {prompt}, and exactly one step for each.

use super::tests::{NOW, authorization, client, refused, session, sign_in};
use super::*;
use crate::model::acr::{Acr, Classes};
use crate::model::client::ConsentPolicy;
use crate::protocol::claims::ClaimsRequest;

/// What an app asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Nothing,
    /// `acr_values`.
    Voluntary(&'static [&'static str]),
    /// By registration.
    Default(&'static [&'static str]),
    /// The claim, essential.
    Essential(&'static [&'static str]),
    /// Its own rule.
    ByApp,
}

const ONE: &str = "urn:haechi:acr:1fa";
const TWO: &str = "urn:haechi:acr:2fa";
const ASKED: &[Asked] = &[
    Asked::Nothing,
    Asked::Voluntary(&[ONE]),
    Asked::Voluntary(&[TWO, ONE]),
    Asked::Voluntary(&["phr", TWO]),
    Asked::Voluntary(&["phr"]),
    Asked::Voluntary(&["gold"]),
    Asked::Default(&[TWO]),
    Asked::Essential(&[ONE]),
    Asked::Essential(&[TWO]),
    Asked::Essential(&["phr"]),
    Asked::Essential(&["phrh", TWO]),
    Asked::Essential(&["gold", ONE]),
    Asked::ByApp,
];
/// What is asked for that two factors are needed for, whoever asks.
fn must_be_two(asked: Asked) -> bool {
    matches!(asked, Asked::ByApp | Asked::Essential([TWO] | ["phrh", TWO]))
}

/// What is asked for that two factors are better for.
fn better_with_two(asked: Asked) -> bool {
    matches!(asked, Asked::Voluntary([TWO, ONE] | ["phr", TWO] | ["phr"]) | Asked::Default(_))
}

fn decided(asked: Asked, second: SecondFactor, proved: &Acr, silent: bool) -> Step {
    let signed_in = session(&[SignIn { acr: proved.clone(), ..sign_in(1, NOW) }]);
    let mut app = client(ConsentPolicy::FirstParty);
    let owned = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
    let request = authorization(|one| {
        one.request.prompt.none = silent;
        match asked {
            Asked::Nothing => {}
            Asked::Voluntary(values) => one.request.acr_values = owned(values),
            Asked::Default(values) => app.policy.default_acr_values = owned(values),
            Asked::Essential(values) => {
                let claim = serde_json::json!({ "id_token": { "acr": { "essential": true, "values": values } } });
                one.request.claims = ClaimsRequest::parse(&claim.to_string()).unwrap();
            }
            Asked::ByApp => app.policy.second_factor_required = true,
        }
    });
    next_step(&Facts::gather(&request, &signed_in, &app, (None, second, false), (&Classes::default(), NOW)))
}

#[allow(clippy::match_same_arms, reason = "a table, a row each")]
/// What is to come out, said from the account's side.
fn expected(asked: Asked, second: SecondFactor, proved: &Acr, silent: bool) -> Result<Needed, Option<ErrorCode>> {
    let is_two = *proved == Acr::TWO_FACTORS;
    let asks = |needed| match (silent, needed) {
        (false, needed) => Ok(needed),
        (true, Needed::Enrolment) => Err(Some(ErrorCode::InteractionRequired)),
        (true, _) => Err(Some(ErrorCode::LoginRequired)),
    };
    if !matches!(second.needed, Needed::Nothing(_)) {
        return asks(second.needed);
    }
    match (is_two, second.has.any(), second.may_add) {
        (true, ..) => Err(None),
        (false, true, _) if must_be_two(asked) => asks(Needed::Proof),
        (false, false, true) if must_be_two(asked) => asks(Needed::Enrolment),
        (false, false, false) if must_be_two(asked) => Err(Some(ErrorCode::UnmetAuthenticationRequirements)),
        // Nothing but a passkey is that, and a code would not make it so.
        (false, true, _) if asked == Asked::Voluntary(&["phr"]) && !second.has.passkey => Err(None),
        (false, true, _) if better_with_two(asked) && !silent => Ok(Needed::Proof),
        _ => Err(None),
    }
}

/// Every case: {what somebody has} × {what they may add} × {what the policy asks} × {what was proved} × {prompt}.
fn cases() -> impl Iterator<Item = (SecondFactor, Acr, bool)> {
    let both = [false, true];
    let held = both.into_iter().flat_map(move |app| both.map(|passkey| Held { app, passkey }));
    held.flat_map(move |has| both.map(|may_add| (has, may_add))).flat_map(move |(has, may_add)| {
        [Needed::Nothing(None), Needed::Proof, Needed::Enrolment].into_iter().flat_map(move |needed| {
            [Acr::ONE_FACTOR, Acr::TWO_FACTORS].into_iter().flat_map(move |proved| {
                // Who proved two factors is asked for nothing: see `identity::second_factor::needed`.
                let needed = if proved == Acr::TWO_FACTORS { Needed::Nothing(None) } else { needed };
                both.map(|silent| (SecondFactor { needed, has, may_add }, proved.clone(), silent))
            })
        })
    })
}

#[test]
fn each_case_has_exactly_one_step() {
    let mut tried = 0;
    for &asked in ASKED {
        for (second, proved, silent) in cases() {
            let case = format!("{asked:?} {second:?} {} silent={silent}", proved.as_str());
            let step = decided(asked, second, &proved, silent);
            tried += 1;
            if asked == Asked::Essential(&["phr"]) && matches!(second.needed, Needed::Nothing(_)) {
                // Only a passkey is that, and a code makes nothing one: a login may be.
                if silent {
                    assert_eq!(refused(&step), Some(ErrorCode::LoginRequired), "{case}");
                } else {
                    assert_eq!(step, Step::Ask(Question::Login(LoginReason::Again)), "{case}");
                }
                continue;
            }
            match expected(asked, second, &proved, silent) {
                Ok(needed) => assert_eq!(step, Step::Ask(Question::SecondFactor(needed)), "{case}"),
                Err(Some(code)) => assert_eq!(refused(&step), Some(code), "{case}"),
                Err(None) => assert!(matches!(step, Step::Answer(Verdict::Issue(_))), "{case}"),
            }
        }
    }
    assert_eq!(tried, 13 * 4 * 2 * 3 * 2 * 2);
}

#[test]
fn what_only_a_passkey_is_is_asked_for_once() {
    let wanted = Asked::Essential(&["phr"]);
    let issued = decided(wanted, SecondFactor::NONE, &Acr::PHISHING_RESISTANT, true);
    assert!(matches!(issued, Step::Answer(Verdict::Issue(_))));
    // Signed in for this very request, and by something else.
    let signed_in = session(&[SignIn { acr: Acr::TWO_FACTORS, ..sign_in(1, NOW) }]);
    let mut request = authorization(|one| {
        let claim = r#"{"id_token":{"acr":{"essential":true,"value":"phr"}}}"#;
        one.request.claims = ClaimsRequest::parse(claim).unwrap();
    });
    request.progress.authenticated_at = Some(NOW);
    let app = client(ConsentPolicy::FirstParty);
    let step = next_step(&Facts::gather(
        &request,
        &signed_in,
        &app,
        (None, SecondFactor::NONE, false),
        (&Classes::default(), NOW),
    ));
    assert_eq!(refused(&step), Some(ErrorCode::UnmetAuthenticationRequirements));
}

/// What tokens say is what was asked for, where the authentication is of that class, too; else what it is.
#[test]
fn tokens_say_the_class_that_was_asked_for_where_it_was_reached() {
    for (asked, proved, says) in [
        (Asked::Nothing, Acr::ONE_FACTOR, ONE),
        (Asked::Nothing, Acr::TWO_FACTORS, TWO),
        (Asked::Voluntary(&[ONE]), Acr::TWO_FACTORS, ONE),
        (Asked::Voluntary(&[TWO, ONE]), Acr::TWO_FACTORS, TWO),
        (Asked::Voluntary(&[TWO, ONE]), Acr::ONE_FACTOR, ONE),
        (Asked::Voluntary(&["gold"]), Acr::TWO_FACTORS, TWO),
        (Asked::Default(&[TWO]), Acr::TWO_FACTORS, TWO),
        (Asked::Essential(&["gold", ONE]), Acr::TWO_FACTORS, ONE),
        (Asked::Essential(&["phrh", TWO]), Acr::TWO_FACTORS, TWO),
    ] {
        let Step::Answer(Verdict::Issue(sign_in)) = decided(asked, SecondFactor::NONE, &proved, false) else {
            panic!("{asked:?}")
        };
        assert_eq!(sign_in.acr.as_str(), says, "{asked:?}");
    }
}
