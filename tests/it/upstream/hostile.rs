//! What a provider, a network or a browser may do wrong: it ends on a page that says so, with other ways in, and leaves nothing behind.

use std::time::Duration;

use super::{Abroad, Overheard, is_signed_in, outcome};
use crate::support::app::PASSWORD;
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::emulator::{Endpoint, Mischief, Odd};

/// What the person reads: the provider is at fault, or they said no.
const FAULT: &str = "upstream-failed";
const OUTAGE: &str = "upstream-outage";
const REFUSED: &str = "upstream-refused";
const STALE: &str = "upstream-over";

/// Nobody was let in, nothing was made, nothing secret was written down, and there are other ways in.
async fn nothing_happened(abroad: &Abroad, browser: &mut Browser, page: &Page, heard: &Overheard) {
    assert!(!is_signed_in(browser), "somebody is signed in");
    assert_eq!(abroad.accounts().await, 0);
    assert!(page.status.is_client_error() || page.status.is_server_error(), "{}", page.status);
    assert!(page.body.contains("/login"), "no other way in: {}", page.body);
    for shown in ["canary-described", "evil.example", "code-", "access-"] {
        assert!(!page.body.contains(shown), "{shown} is shown");
    }
    heard.holds_no_secret(abroad, browser);
}

/// Tries to sign in with a provider that misbehaves.
async fn try_with(preset: &str, mischief: Mischief, problem: &str) {
    let heard = Overheard::begin();
    let abroad = Abroad::to(preset).await;
    abroad.emulator.misbehave(mischief);
    let mut browser = abroad.app.browser();
    let page = abroad.go(&mut browser, preset).await;
    assert_eq!(outcome(&page), problem, "{preset} {mischief:?}");
    nothing_happened(&abroad, &mut browser, &page, &heard).await;
    // It was not our fault: all is well as soon as the provider behaves.
    abroad.emulator.misbehave(None);
    abroad.app.clock.advance(Duration::from_secs(60));
    let mut browser = abroad.app.browser();
    abroad.go(&mut browser, preset).await;
    assert!(is_signed_in(&browser), "{preset} after {mischief:?}");
}

#[tokio::test]
async fn an_id_token_that_is_wrong_in_any_way_lets_nobody_in() {
    for mischief in [
        Mischief::WrongIssuer,
        Mischief::WrongAudience,
        Mischief::WrongAuthorizedParty,
        Mischief::WrongNonce,
        Mischief::AlgorithmNone,
        Mischief::MacUnderPublicKey,
        Mischief::MacUnderClientSecret,
        Mischief::Expired,
        Mischief::FromTheFuture,
        Mischief::NoExpiry,
        Mischief::UnknownKey,
        Mischief::BrokenSignature,
        Mischief::WrongAccessTokenHash,
        Mischief::NoIdToken,
    ] {
        for preset in ["oidc", "google"] {
            try_with(preset, mischief, FAULT).await;
        }
    }
    for mischief in [Mischief::AlgorithmNone, Mischief::UnknownKey, Mischief::BrokenSignature, Mischief::WrongNonce] {
        try_with("line", mischief, FAULT).await;
    }
    try_with("apple", Mischief::MacUnderPublicKey, FAULT).await;
    try_with("entra-any", Mischief::WrongIssuer, FAULT).await;
}

#[tokio::test]
async fn mix_006_a_nonce_that_was_sent_must_come_back() {
    for preset in ["oidc", "google", "apple", "kakao", "line", "entra", "slack", "twitch", "gitlab"] {
        try_with(preset, Mischief::NoNonce, FAULT).await;
    }
    // The one that never sends it back; a wrong one is wrong even there.
    try_with("linkedin", Mischief::WrongNonce, FAULT).await;
}

#[tokio::test]
async fn link_007_a_profile_of_somebody_else_is_nobody_s() {
    for preset in ["oidc", "gitlab", "linkedin", "kakao"] {
        try_with(preset, Mischief::OtherSubjectInProfile, FAULT).await;
    }
}

#[tokio::test]
async fn an_error_of_the_provider_s_is_told_in_our_own_words() {
    for preset in ["oidc", "google", "naver", "github"] {
        try_with(preset, Mischief::Refused, REFUSED).await;
        try_with(preset, Mischief::BadDay, OUTAGE).await;
    }
    // What they call it, to have refused.
    try_with("apple", Mischief::Refused, REFUSED).await;
    try_with("linkedin", Mischief::Refused, REFUSED).await;
}

#[tokio::test]
async fn the_issuer_in_the_answer_is_compared_and_missed() {
    try_with("oidc", Mischief::WrongIssInAnswer, FAULT).await;
    try_with("oidc", Mischief::NoIssInAnswer, FAULT).await;
    // Who does not announce it may still not name somebody else.
    try_with("google", Mischief::WrongIssInAnswer, FAULT).await;
}

#[tokio::test]
async fn ssrf_003_ssrf_006_an_odd_answer_is_no_answer_wherever_it_is() {
    for odd in [Odd::Oversized, Odd::Redirecting, Odd::Html, Odd::Unavailable, Odd::Nested] {
        for endpoint in [Endpoint::Token, Endpoint::Answer(0), Endpoint::Jwks] {
            let abroad = Abroad::to("oidc").await;
            let heard = Overheard::begin();
            abroad.emulator.misbehave(Mischief::At(endpoint, odd));
            let mut browser = abroad.app.browser();
            let page = abroad.go(&mut browser, "oidc").await;
            assert!([FAULT, OUTAGE].contains(&outcome(&page).as_str()), "{endpoint:?} {odd:?}");
            nothing_happened(&abroad, &mut browser, &page, &heard).await;
            assert!(abroad.emulator.strayed().is_empty(), "{endpoint:?} {odd:?} was followed");
        }
    }
    for preset in ["github", "naver", "x"] {
        for odd in [Odd::Oversized, Odd::Redirecting, Odd::Html] {
            for endpoint in [Endpoint::Token, Endpoint::Answer(0)] {
                let abroad = Abroad::to(preset).await;
                abroad.emulator.misbehave(Mischief::At(endpoint, odd));
                let mut browser = abroad.app.browser();
                let page = abroad.go(&mut browser, preset).await;
                assert!([FAULT, OUTAGE].contains(&outcome(&page).as_str()), "{preset} {endpoint:?} {odd:?}");
                assert!(!is_signed_in(&browser) && abroad.emulator.strayed().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn ssrf_007_who_never_answers_is_not_waited_for() {
    let never = [Odd::Never, Odd::Trickling].map(|odd| async move {
        let abroad = Abroad::to("oidc").await;
        abroad.emulator.misbehave(Mischief::At(Endpoint::Token, odd));
        let mut browser = abroad.app.browser();
        let begun = std::time::Instant::now();
        let page = abroad.go(&mut browser, "oidc").await;
        assert_eq!(outcome(&page), OUTAGE, "{odd:?}");
        assert!(begun.elapsed() < Duration::from_secs(9), "{odd:?} took {:?}", begun.elapsed());
        assert!(!is_signed_in(&browser));
    });
    futures_util::future::join_all(never).await;
}

/// How many calls of connections may be under way to one host.
const TO_ONE_HOST: usize = 32;

#[tokio::test]
async fn a_provider_that_hangs_holds_up_no_other_way_in() {
    // What hangs ends only with the test, so others are done before it or never.
    let abroad = Abroad::with(|config| config.network.outgoing_timeout_seconds = 600).await;
    abroad.connect("google", "google", |_| ()).await;
    abroad.connect("slow", "oidc", |_| ()).await;
    abroad.app.user("minji@example.com").await;
    let mut waiting = Vec::new();
    for _ in 0..TO_ONE_HOST + 8 {
        let mut browser = abroad.app.browser();
        let url = abroad.begin(&mut browser, "slow").await;
        waiting.push((browser, abroad.emulator.visit(&url).await));
    }
    abroad.emulator.misbehave(Mischief::At(Endpoint::Answer(0), Odd::Never));
    let slow =
        futures_util::future::join_all(waiting.iter_mut().map(|(browser, answer)| abroad.deliver(browser, answer)));
    let others = async {
        let mut hanging = 0;
        while hanging < TO_ONE_HOST {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let heard = abroad.emulator.heard("oidc");
            hanging += heard.iter().filter(|endpoint| **endpoint == Endpoint::Answer(0)).count();
        }
        let mut browser = abroad.app.browser();
        abroad.go(&mut browser, "google").await;
        assert!(is_signed_in(&browser));
        let mut browser = abroad.app.browser();
        let login = browser.get("/login").await;
        browser.submit(&login, "login", &[("email", "minji@example.com"), ("password", PASSWORD)]).await;
        assert!(is_signed_in(&browser));
    };
    tokio::select! {
        _ = slow => panic!("the provider that hangs has answered"),
        () = others => {}
    }
}

#[tokio::test]
async fn link_006_a_discovery_document_of_another_issuer_is_not_used() {
    let abroad = Abroad::to("oidc").await;
    abroad.emulator.misbehave(Mischief::OtherIssuerDiscovered);
    let mut browser = abroad.app.browser();
    let login = browser.get("/login").await;
    let page = browser.get(&login.link("upstream-oidc")).await;
    assert!(is_refusal(&page), "{} {}", page.status, page.body);
    assert_eq!(abroad.emulator.heard("oidc"), [Endpoint::Discovery]);
    // A slash more is another issuer.
    let abroad = Abroad::new().await;
    abroad
        .connect("oidc", "oidc", |connection| {
            connection.settings.insert("issuer".to_owned(), "https://idp.example/a/".to_owned());
        })
        .await;
    let login = browser_at_login(&abroad).await;
    let (mut browser, login) = login;
    let page = browser.get(&login.link("upstream-oidc")).await;
    assert!(is_refusal(&page), "{} {}", page.status, page.body);
}

/// A page that says why not.
fn is_refusal(page: &Page) -> bool {
    !outcome(page).is_empty() && !page.status.is_success()
}

async fn browser_at_login(abroad: &Abroad) -> (Browser, Page) {
    let mut browser = abroad.app.browser();
    let login = browser.get("/login").await;
    (browser, login)
}

#[tokio::test]
async fn link_009_a_state_counts_once_and_in_its_own_browser() {
    let heard = Overheard::begin();
    let abroad = Abroad::to("oidc").await;
    let mut alice = abroad.app.browser();
    let url = abroad.begin(&mut alice, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    // Somebody else's browser, with and without a login of its own under way.
    let mut mallory = abroad.app.browser();
    for under_way in [false, true] {
        if under_way {
            abroad.begin(&mut mallory, "oidc").await;
        }
        let page = abroad.deliver(&mut mallory, &answer).await;
        assert!([STALE, "upstream-other-browser"].contains(&outcome(&page).as_str()), "{}", outcome(&page));
        assert!(!is_signed_in(&mallory));
    }
    assert_eq!(abroad.accounts().await, 0);
    // It did not spoil Alice's own.
    abroad.deliver(&mut alice, &answer).await;
    assert!(is_signed_in(&alice));
    let calls = abroad.emulator.heard("oidc");
    assert_eq!(calls.iter().filter(|call| **call == Endpoint::Token).count(), 1, "{calls:?}");
    // Again, in a copy of the browser that is signed out.
    let session = alice.session_cookie_name();
    alice.set_cookie(session, "");
    let page = abroad.deliver(&mut alice, &answer).await;
    assert_eq!(outcome(&page), STALE);
    assert!(abroad.emulator.heard("oidc").is_empty(), "the code was sent again");
    heard.holds_no_secret(&abroad, &mallory);
}

#[tokio::test]
async fn link_009_two_deliveries_at_once_are_one_login() {
    let abroad = Abroad::to("oidc").await;
    let mut browser = abroad.app.browser();
    let url = abroad.begin(&mut browser, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    let mut copies = [browser.clone(), browser.clone(), browser.clone(), browser];
    let deliveries = copies.iter_mut().map(|browser| abroad.deliver(browser, &answer));
    futures_util::future::join_all(deliveries).await;
    assert_eq!(copies.iter().filter(|browser| is_signed_in(browser)).count(), 1);
    assert_eq!(abroad.accounts().await, 1);
}

#[tokio::test]
async fn link_009_a_state_does_not_last() {
    let abroad = Abroad::to("oidc").await;
    let mut browser = abroad.app.browser();
    let url = abroad.begin(&mut browser, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.app.clock.advance(Duration::from_hours(2));
    let page = abroad.deliver(&mut browser, &answer).await;
    assert_eq!(outcome(&page), STALE);
    assert!(!is_signed_in(&browser));
}

#[tokio::test]
async fn mix_002_the_code_of_one_provider_is_not_given_to_another() {
    let abroad = Abroad::to("google").await;
    abroad.connect("evil", "oidc", |_| ()).await;
    let mut browser = abroad.app.browser();
    // The person chose "evil", which sends them on to Google with Google's client id, and our state.
    let chosen = abroad.begin(&mut browser, "evil").await;
    let state = chosen.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let honest = abroad.begin(&mut abroad.app.browser(), "google").await;
    let answer = abroad.emulator.visit(&honest).await.with("state", Some(&state));
    abroad.emulator.heard("google");
    let page = abroad.deliver(&mut browser, &answer).await;
    assert!(is_refusal(&page), "{} {}", page.status, page.body);
    // And the other way round: Google's answer at evil's door.
    let mut at_evil_s = answer.clone();
    at_evil_s.to.set_path("/upstream/evil/callback");
    abroad.emulator.heard("oidc");
    let page = abroad.deliver(&mut browser, &at_evil_s).await;
    assert!(is_refusal(&page) && !is_signed_in(&browser), "{} {}", page.status, page.body);
    assert!(!abroad.emulator.heard("google").contains(&Endpoint::Token));
    assert_eq!(abroad.accounts().await, 0);
}

#[tokio::test]
async fn what_comes_back_must_be_whole_and_of_a_sensible_size() {
    let heard = Overheard::begin();
    let abroad = Abroad::to("oidc").await;
    let mut browser = abroad.app.browser();
    let url = abroad.begin(&mut browser, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.emulator.heard("oidc");
    let (long, huge) = ("x".repeat(5000), "x".repeat(60_000));
    for (name, value) in [
        ("state", None),
        ("state", Some("")),
        ("state", Some("made-up")),
        ("state", Some(long.as_str())),
        ("code", Some(huge.as_str())),
    ] {
        let page = abroad.deliver(&mut browser.clone(), &answer.clone().with(name, value)).await;
        assert!(is_refusal(&page), "{name}: {} {}", page.status, page.body);
        assert!(page.status.is_client_error(), "{name} {value:?}: {}", page.status);
    }
    let mut twice = answer.clone();
    twice.to.query_pairs_mut().append_pair("state", "another");
    assert!(abroad.deliver(&mut browser.clone(), &twice).await.status.is_client_error());
    assert!(abroad.emulator.heard("oidc").is_empty(), "somebody was asked");
    assert_eq!(abroad.accounts().await, 0);
    heard.holds_no_secret(&abroad, &browser);
}

#[tokio::test]
async fn what_is_posted_back_must_be_of_a_sensible_size_too() {
    let abroad = Abroad::to("apple").await;
    let mut browser = abroad.app.browser();
    let url = abroad.begin(&mut browser, "apple").await;
    let answer = abroad.emulator.visit(&url).await;
    abroad.emulator.heard("apple");
    for name in ["user", "code", "state"] {
        let page = abroad.deliver(&mut browser.clone(), &answer.clone().with(name, Some(&"x".repeat(9000)))).await;
        assert!(is_refusal(&page) && page.status.is_client_error(), "{name}: {} {}", page.status, page.body);
    }
    assert!(abroad.emulator.heard("apple").is_empty(), "somebody was asked");
    abroad.deliver(&mut browser, &answer).await;
    assert!(is_signed_in(&browser), "the honest answer still counts");
}

#[tokio::test]
async fn a_callback_without_a_code_is_nothing() {
    let abroad = Abroad::to("oidc").await;
    let mut browser = abroad.app.browser();
    let url = abroad.begin(&mut browser, "oidc").await;
    let answer = abroad.emulator.visit(&url).await.with("code", None);
    let page = abroad.deliver(&mut browser, &answer).await;
    assert!(is_refusal(&page) && !is_signed_in(&browser));
    let page = browser.get("/upstream/nowhere/callback?code=a&state=b").await;
    assert!(page.status.is_client_error());
}

#[tokio::test]
async fn after_a_failure_the_app_s_login_goes_on_another_way() {
    let abroad = Abroad::to("oidc").await;
    abroad.app.first_party("app").await;
    abroad.app.user("minji@example.com").await;
    abroad.emulator.misbehave(Mischief::Refused);
    let mut browser = abroad.app.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let url = abroad.press(&mut browser, &login, "oidc").await;
    let answer = abroad.emulator.visit(&url).await;
    let page = abroad.deliver(&mut browser, &answer).await;
    assert_eq!(outcome(&page), REFUSED);
    let back = browser.get(login.url.as_str()).await;
    let answer = browser.submit(&back, "login", &[("email", "minji@example.com"), ("password", PASSWORD)]).await;
    assert!(answer.answer().contains_key("code"));
}
