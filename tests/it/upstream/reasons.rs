//! Why an answer is refused: behind the page, which tells little, each mischief meets the rule that it breaks.

use std::time::Duration;

use haechi::model::connection::{Connection, SealedSecret, Slug};
use haechi::protocol::Params;
use haechi::store::Change;
use haechi::support::{Clock, Secret};
use haechi::upstream::{Begin, Hints, LoginPurpose, Reason, Returned, UpstreamFailed, secrets};

use super::Abroad;
use crate::support::browser::Browser;
use crate::support::emulator::{Answered, Endpoint, Mischief, Odd};

/// A login under way, without the pages.
async fn begin(abroad: &Abroad, browser: &mut Browser, connection: &Connection) -> Answered {
    browser.ensure_cookie().await;
    let purpose = LoginPurpose::SignIn { flow: None };
    let visitor = browser.visitor();
    let begin = Begin { purpose, hints: Hints::default(), visitor: &visitor };
    let url = abroad.app.app.upstream.start(connection, begin).await.unwrap();
    abroad.emulator.visit(&url).await
}

async fn finish(abroad: &Abroad, browser: &Browser, slug: &str, answer: &Answered) -> Result<Returned, UpstreamFailed> {
    let params = Params::from_pairs(answer.parameters()).unwrap();
    abroad.app.app.upstream.finish(slug, &params, &browser.visitor()).await
}

async fn outcome(preset: &str, mischief: impl Into<Option<Mischief>>) -> Result<Returned, UpstreamFailed> {
    let abroad = Abroad::to(preset).await;
    let stores = &abroad.app.app.stores;
    let connection = stores.connections.find_by_slug(&Slug::parse(preset).unwrap()).await.unwrap().unwrap();
    abroad.emulator.misbehave(mischief);
    let mut browser = abroad.app.browser();
    let answer = begin(&abroad, &mut browser, &connection).await;
    finish(&abroad, &browser, preset, &answer).await
}

#[tokio::test]
async fn every_provider_that_behaves_is_understood() {
    for preset in haechi::upstream::presets::ALL {
        let returned = outcome(preset.id, None).await;
        let returned = returned.unwrap_or_else(|failed| panic!("{}: {}", preset.id, failed.reason));
        let person = crate::support::emulator::providers::named(preset.id.trim_end_matches("-rest")).person;
        assert!(returned.profile.subject.as_sent().ends_with(person.id), "{}: {}", preset.id, returned.profile.subject);
        assert_eq!(returned.profile.email.unwrap().address.as_str(), person.email, "{}", preset.id);
        assert_eq!(returned.profile.name.as_deref(), Some(person.name), "{}", preset.id);
    }
}

#[tokio::test]
async fn each_mischief_meets_its_rule() {
    use Mischief as M;
    for (mischief, reason) in [
        (M::WrongIssuer, "ID token: iss is not the issuer of this connection"),
        (M::WrongAudience, "ID token: aud is not our client id alone"),
        (M::WrongAuthorizedParty, "ID token: aud is not our client id alone"),
        (M::WrongNonce, "ID token: nonce is not the one that was sent"),
        (M::NoNonce, "ID token: nonce is not the one that was sent"),
        (M::AlgorithmNone, "ID token: "),
        (M::MacUnderPublicKey, "ID token: "),
        (M::MacUnderClientSecret, "ID token: "),
        (M::Expired, "ID token: exp is missing or past"),
        (M::NoExpiry, "ID token: exp is missing or past"),
        (M::FromTheFuture, "ID token: iat is missing, in the future, or long ago"),
        (M::UnknownKey, "ID token: "),
        (M::BrokenSignature, "ID token: "),
        (M::WrongAccessTokenHash, "ID token: at_hash is not that of the access token"),
        (M::NoIdToken, "no ID token came"),
        (M::OtherSubjectInProfile, "profile: the answers name different subjects"),
        (M::Refused, "the user denied the request"),
        (M::BadDay, "the provider answered server_error"),
        (M::WrongIssInAnswer, "the answer is not of this connection's provider"),
        (M::NoIssInAnswer, "the answer is not of this connection's provider"),
        (M::At(Endpoint::Token, Odd::Html), "the answer is no JSON"),
        (M::At(Endpoint::Token, Odd::Oversized), "the answer is too large"),
        (M::At(Endpoint::Token, Odd::Unavailable), "the answer was 503"),
        (M::At(Endpoint::Answer(0), Odd::Redirecting), "the answer was 307"),
        (M::At(Endpoint::Answer(0), Odd::Nested), "the answer is no JSON"),
        (M::At(Endpoint::Jwks, Odd::Oversized), "the provider cannot be reached"),
    ] {
        let failed = outcome("oidc", mischief).await.unwrap_err();
        let said = failed.reason.to_string();
        assert!(said.starts_with(reason), "{mischief:?}: {said}");
    }
}

#[tokio::test]
async fn while_a_secret_is_rotated_the_provider_may_know_either() {
    for preset in haechi::upstream::presets::ALL.iter().filter(|preset| preset.id != "apple") {
        for older_counts in [true, false] {
            let abroad = Abroad::new().await;
            let connection = abroad.connect(preset.id, preset.id, |_| ()).await;
            let (house, now) = (&abroad.app.app, abroad.app.clock.now());
            let wrong = Secret::from("a secret that the provider does not know");
            let wrong = secrets::seal(&house.upstream.sealer, house.random.as_ref(), connection.id, &wrong, now);
            let older = SealedSecret {
                expires_at: Some(now.plus(Duration::from_hours(u64::from(older_counts)))),
                ..connection.secrets[0].clone()
            };
            let rotated = Connection { secrets: vec![wrong, older], ..connection };
            abroad.app.commit(vec![Change::UpdateConnection(Box::new(rotated.clone()))]).await;
            let mut browser = abroad.app.browser();
            let answer = begin(&abroad, &mut browser, &rotated).await;
            match finish(&abroad, &browser, preset.id, &answer).await {
                Ok(_) => assert!(older_counts, "{}", preset.id),
                Err(failed) => {
                    assert!(!older_counts, "{}: {}", preset.id, failed.reason);
                    assert!(!failed.reason.is_outage(), "{}: {}", preset.id, failed.reason);
                    assert!(matches!(failed.reason, Reason::Provider(_)), "{}: {}", preset.id, failed.reason);
                }
            }
        }
    }
}
