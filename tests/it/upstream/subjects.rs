//! Whom a provider's answers are about: OpenID Connect Core 1.0 sections 2, 3.1.3.7 and 5.3.2, and identifiers that name no account.

use std::time::Duration;

use haechi::model::User;
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::store::Change;
use haechi::support::Clock;
use haechi::support::id::LinkId;
use haechi::upstream::provider_tokens::{self, TokenResponseReceived};
use serde_json::{Value, json};

use super::{Abroad, is_signed_in, outcome};
use crate::support::emulator::providers::{Person, named};
use crate::support::emulator::{Endpoint, Said};

const FAULT: &str = "upstream-failed";

/// Signs in with a provider that says something otherwise; answers whether that was refused, and what the provider was asked.
async fn said_otherwise(preset: &str, said: &[(Said, Value)]) -> (bool, Vec<Endpoint>) {
    let abroad = Abroad::to(preset).await;
    for (what, patch) in said {
        abroad.emulator.say(*what, patch.clone());
    }
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, preset).await;
    let refused = !is_signed_in(&browser);
    if refused {
        assert_eq!((outcome(&page).as_str(), abroad.accounts().await), (FAULT, 0), "{preset} {said:?}");
    }
    (refused, abroad.emulator.heard(named(preset.trim_end_matches("-rest")).name))
}

/// Section 2: "sub REQUIRED. Subject Identifier. [...] It MUST NOT exceed 255 ASCII characters in length. The `sub` value is a case-sensitive
/// string."
#[tokio::test]
async fn s2_an_id_token_without_a_sub_is_refused_and_userinfo_is_not_even_called() {
    for sub in
        [json!(null), json!(""), json!(248_289_761_001_u64), json!(["a"]), json!("x".repeat(256)), json!("홍길동")]
    {
        // UserInfo names one that would do, in vain.
        let said = [(Said::IdToken, json!({ "sub": sub })), (Said::Answer(0), json!({ "sub": "248289761001" }))];
        let (refused, heard) = said_otherwise("oidc", &said).await;
        assert!(refused, "{sub}");
        assert!(heard.contains(&Endpoint::Token) && !heard.contains(&Endpoint::Answer(0)), "{sub}: {heard:?}");
    }
    for preset in ["google", "apple", "kakao", "line", "entra", "slack", "twitch", "gitlab", "linkedin"] {
        let (refused, heard) = said_otherwise(preset, &[(Said::IdToken, json!({ "sub": null }))]).await;
        assert!(refused && !heard.contains(&Endpoint::Answer(0)), "{preset}: {heard:?}");
    }
}

/// Section 5.3.2: "The `sub` (subject) Claim MUST always be returned in the UserInfo Response", and "if they do not match, the UserInfo Response
/// values MUST NOT be used".
#[tokio::test]
async fn s5_3_2_userinfo_without_a_sub_or_with_another_one_is_not_used() {
    for preset in ["oidc", "gitlab", "linkedin"] {
        for sub in [json!(null), json!("another"), json!(""), json!(7), json!(["248289761001"])] {
            let (refused, _) = said_otherwise(preset, &[(Said::Answer(0), json!({ "sub": sub }))]).await;
            assert!(refused, "{preset} {sub}");
        }
    }
    for id in [json!(null), json!(1), json!("1376016924426111111"), json!(1_376_016_924_426_111_111.5)] {
        assert!(said_otherwise("kakao", &[(Said::Answer(0), json!({ "id": id }))]).await.0, "kakao {id}");
    }
    assert!(!said_otherwise("oidc", &[]).await.0 && !said_otherwise("kakao", &[]).await.0);
}

#[tokio::test]
async fn what_programs_write_for_nothing_is_no_account() {
    for text in [
        "",
        "0",
        "null",
        "NULL",
        "undefined",
        "none",
        "None",
        "N/A",
        "n/a",
        "-1",
        "nan",
        "unknown",
        "00000000-0000-0000-0000-000000000000",
    ] {
        let both = [(Said::IdToken, json!({ "sub": text })), (Said::Answer(0), json!({ "sub": text }))];
        assert!(said_otherwise("oidc", &both).await.0, "oidc {text}");
        assert!(said_otherwise("oauth2", &[(Said::Answer(0), json!({ "id": text }))]).await.0, "oauth2 {text}");
    }
    for preset in ["oauth2", "github", "kakao-rest"] {
        for number in [json!(0), json!(-1), json!(0.0), json!(1.5)] {
            assert!(said_otherwise(preset, &[(Said::Answer(0), json!({ "id": number }))]).await.0, "{preset} {number}");
        }
    }
}

/// The flaw as it was met: a provider that lost its identifiers says 0 of everybody.
#[tokio::test]
async fn two_people_of_whom_a_provider_says_0_share_no_account() {
    let abroad = Abroad::to("oauth2").await;
    abroad.emulator.say(Said::Answer(0), json!({ "id": 0 }));
    for email in ["kim@corp.example", "lee@corp.example"] {
        abroad.emulator.say(Said::Answer(0), json!({ "email": email }));
        let mut browser = abroad.app.browser();
        let page = abroad.go(&mut browser, "oauth2").await;
        assert_eq!((outcome(&page).as_str(), is_signed_in(&browser)), (FAULT, false), "{email}");
    }
    assert_eq!(abroad.accounts().await, 0);
}

#[tokio::test]
async fn a_preset_s_provider_sends_subjects_of_one_type() {
    for (preset, at, other) in [
        ("github", "id", json!("583231")),
        ("kakao-rest", "id", json!("1376016924426111111")),
        ("discord", "id", json!(80_351_110_224_678_912_u64)),
        ("facebook", "id", json!(10_220_000_000_000_000_u64)),
    ] {
        assert!(said_otherwise(preset, &[(Said::Answer(0), json!({ at: other }))]).await.0, "{preset}");
        assert!(!said_otherwise(preset, &[]).await.0, "{preset} as it is");
    }
}

/// A house with a plain OAuth 2 server, and who signs in there when it says this of them.
struct Forum(Abroad);

impl Forum {
    async fn new() -> Self {
        let abroad = Abroad::new().await;
        abroad.connect("oauth2", "oauth2", |connection| connection.keep_tokens = true).await;
        Self(abroad)
    }

    /// The account that a sign-in leads to.
    async fn signs_in(&self, id: Value, email: &str) -> Option<User> {
        self.0.emulator.seat("oauth2", Person { name: "Somebody", ..named("oauth2").person });
        self.0.emulator.say(Said::Answer(0), json!({ "id": id, "email": email }));
        let mut browser = self.0.app.browser();
        self.0.go(&mut browser, "oauth2").await;
        is_signed_in(&browser).then_some(())?;
        let flow = &self.0.app.app.flow;
        let session = flow.sessions.load(browser.visitor().session.as_ref()).await.unwrap();
        let id = session.current().unwrap().user;
        self.0.app.app.stores.users.find(id).await.unwrap()
    }

    async fn subjects(&self, user: &User) -> Vec<String> {
        self.0.links(user).await.iter().map(|link| link.identity.subject.to_string()).collect()
    }
}

#[tokio::test]
async fn a_number_and_the_text_that_reads_like_it_are_two_accounts() {
    let forum = Forum::new().await;
    let number = forum.signs_in(json!(7), "seven@corp.example").await.unwrap();
    let text = forum.signs_in(json!("7"), "text@corp.example").await.unwrap();
    assert_ne!(number.id, text.id);
    assert_eq!(
        (forum.subjects(&number).await, forum.subjects(&text).await),
        (vec!["number 7".to_owned()], vec!["text 7".to_owned()])
    );
    // Each comes back to its own, and one who writes what is kept comes to neither.
    assert_eq!(forum.signs_in(json!(7), "x@corp.example").await.unwrap().id, number.id);
    assert_eq!(forum.signs_in(json!("7"), "x@corp.example").await.unwrap().id, text.id);
    for forged in ["number 7", "text 7", " 7", "7 "] {
        assert!(forum.signs_in(json!(forged), "mallory@corp.example").await.is_none(), "{forged}");
    }
    let padded = forum.signs_in(json!("07"), "padded@corp.example").await.unwrap();
    assert_eq!(forum.subjects(&padded).await, ["07"]);
}

/// Links as they were kept before the types of subjects were told apart.
#[tokio::test]
async fn a_link_from_before_goes_on_and_is_settled_by_its_use() {
    for (came, kept, other) in [(json!(7), "number 7", json!("7")), (json!("7"), "text 7", json!(7))] {
        let forum = Forum::new().await;
        let house = &forum.0.app;
        let kim = house.user("kim@example.com").await;
        let connection = house.app.stores.connections.all().await.unwrap().remove(0).id;
        let identity = UpstreamIdentity { connection, subject: UpstreamSubject::parse("7").unwrap() };
        let before = TokenResponseReceived {
            received_at: house.clock.now(),
            answer: json!({ "access_token": "a", "refresh_token": "canary" }).as_object().unwrap().clone(),
        };
        let sealed = provider_tokens::seal(&house.app.upstream.sealer, house.app.random.as_ref(), &identity, &before);
        let account = UpstreamAccount { identity, label: "kim".to_owned(), tokens: Some(sealed) };
        let id = LinkId::new(house.clock.now(), house.app.random.as_ref());
        let golden = UpstreamLink::new(id, account, kim.id, house.clock.now());
        house.commit(vec![Change::InsertUpstreamLink(golden, LinkEpochs::default())]).await;
        house.clock.advance(Duration::from_secs(1));
        assert_eq!(forum.signs_in(came.clone(), "new@corp.example").await.unwrap().id, kim.id, "{came}");
        assert_eq!(forum.subjects(&kim).await, [kept]);
        // Its tokens went along.
        let link = forum.0.links(&kim).await.remove(0);
        assert_eq!(provider_tokens::open(&house.app.upstream.sealer, &link).unwrap().answer["refresh_token"], "canary");
        assert_eq!(forum.signs_in(came, "new@corp.example").await.unwrap().id, kim.id);
        assert_ne!(forum.signs_in(other, "other@corp.example").await.unwrap().id, kim.id);
        assert_eq!(forum.subjects(&kim).await, [kept]);
    }
    // Where the preset says the type, subjects are kept as ever: as the provider sends them.
    for preset in ["github", "google", "kakao", "kakao-rest", "discord"] {
        let abroad = Abroad::to(preset).await;
        abroad.go(&mut abroad.app.browser(), preset).await;
        let person = named(preset.trim_end_matches("-rest")).person;
        let user = abroad.user(person.email).await.unwrap();
        assert_eq!(abroad.links(&user).await[0].identity.subject.as_str(), person.id, "{preset}");
    }
}

/// RFC 7519 section 4.1.5: a token "MUST NOT be accepted for processing" before its `nbf`.
#[tokio::test]
async fn an_id_token_of_later_is_not_of_now() {
    for (ahead, refused) in [(-60, false), (0, false), (60, false), (61, true), (86_400, true)] {
        let abroad = Abroad::to("oidc").await;
        let nbf = abroad.app.clock.now().seconds() + ahead;
        abroad.emulator.say(Said::IdToken, json!({ "nbf": nbf }));
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, "oidc").await;
        assert_eq!(!is_signed_in(&browser), refused, "{ahead}");
    }
    for nbf in [json!("tomorrow"), json!(true), json!(1e300)] {
        assert!(said_otherwise("oidc", &[(Said::IdToken, json!({ "nbf": nbf }))]).await.0, "{nbf}");
    }
}
