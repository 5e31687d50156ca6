//! Both sides say why: whatever is refused is one line in the log, under the id that the page or the answer shows, without any secret; and the
//! last ones are there for administrators.

use haechi::admin::Authority;
use haechi::admin::problems;
use haechi::model::refusal::Reason;

use crate::support::app::{CALLBACK, TestApp};
use crate::support::ask::Ask;
use crate::support::call::SECRET;
use crate::support::furnished::{Furnished, REDIRECT};
use crate::support::overheard::Overheard;

/// Secrets that are sent where the server reads them.
const CANARY: &str = "canary-0123456789-that-is-nobodys-business";

fn ask(client: &str) -> Ask {
    Ask::of(client).with("redirect_uri", REDIRECT).with("state", CANARY)
}

/// The one line about a request, which has all of these words.
#[track_caller]
fn line(log: &Overheard, id: &str, words: &[&str]) {
    let lines = log.with(&["haechi::refusals", "refused", &format!("id={id}")]);
    assert_eq!(lines.len(), 1, "of {id}: {lines:?} in\n{}", log.text());
    for word in words {
        assert!(lines[0].contains(word), "{word} is not in {}", lines[0]);
    }
}

#[tokio::test]
async fn a_refusal_at_authorize_is_one_line_under_the_id_of_its_page() {
    let house = TestApp::furnished().await;
    house.change_client("spa2", |client| client.enabled = false).await;
    let log = Overheard::by_default();
    let cases: Vec<(Ask, &[&str])> = vec![
        (
            ask("web").with("redirect_uri", "http://localhost:4000/cb"),
            &[
                "WARN",
                "reason=\"redirect_uri_mismatch\"",
                "client=\"web\"",
                "parameter=\"redirect_uri\"",
                "sent=\"http://localhost:4000/cb\"",
                "expected=\"https://web.example/cb\"",
                "endpoint=/authorize",
            ],
        ),
        (ask("web").without("redirect_uri"), &["redirect_uri_missing", "expected=\"https://web.example/cb\""]),
        (ask("typo"), &["reason=\"unknown_client\"", "client=\"typo\""]),
        (ask("spa2"), &["reason=\"client_disabled\"", "client=\"spa2\""]),
        (
            ask("spa").without("code_challenge").without("code_challenge_method"),
            &["code_challenge_missing", "client=\"spa\""],
        ),
        (
            ask("web").with("response_type", "token"),
            &["unsupported_response_type", "sent=\"token\"", "expected=\"code\""],
        ),
        (
            ask("web").with("resource", "https://other.example/"),
            &[
                "invalid_target",
                "parameter=\"resource\"",
                "sent=\"https://other.example/\"",
                "expected=\"https://api.example\"",
            ],
        ),
        (ask("web").with("prompt", "none"), &["INFO", "interaction_required", "client=\"web\""]),
        (ask("web").with("max_age", "soon"), &["invalid_request", "parameter=\"max_age\"", "sent=\"soon\""]),
    ];
    for (ask, words) in cases {
        let page = house.browser().get_once(&ask.url()).await;
        let id = page.header("x-request-id").unwrap().to_owned();
        if page.status.is_client_error() {
            assert!(page.body.contains(&id), "the page does not say {id}: {}", page.body);
        }
        line(&log, &id, words);
    }
    assert!(!log.text().contains(CANARY), "{}", log.text());
}

#[tokio::test]
#[allow(clippy::too_many_lines, clippy::type_complexity, reason = "a table of calls")]
async fn a_refusal_of_an_app_is_one_line_with_both_values() {
    let house = TestApp::furnished().await;
    let log = Overheard::by_default();
    let form = |code: &str| {
        [("grant_type", "authorization_code"), ("code", code), ("code_verifier", CANARY)]
            .map(|(a, b)| (a, b.to_owned()))
    };
    let fields = |pairs: &[(&'static str, String)]| pairs.iter().map(|(a, b)| (*a, b.clone())).collect::<Vec<_>>();
    let with_code = |code: String| fields(&form(&code));
    let mut codes = Vec::new();
    for _ in 0..2 {
        codes.push(house.code("web", "openid").await);
    }
    let elsewhere =
        [with_code(codes.remove(0)), vec![("redirect_uri", "https://web.example/other".to_owned())]].concat();
    let verifier = [with_code(codes.remove(0)), vec![("redirect_uri", REDIRECT.to_owned())]].concat();
    let single = |name: &'static str, value: &str| vec![(name, value.to_owned())];
    let refresh = vec![("grant_type", "refresh_token".to_owned()), ("refresh_token", CANARY.to_owned())];
    let calls: Vec<(_, Vec<(&str, String)>, &[&str])> = vec![
        (
            house.post("/token").basic("web"),
            elsewhere,
            &["code_redirect_uri_differs", "sent=\"https://web.example/other\"", "expected=\"https://web.example/cb\""],
        ),
        (
            house.post("/token").basic("web"),
            verifier,
            &["code_verifier_wrong", "client=\"web\"", "parameter=\"code_verifier\""],
        ),
        (house.post("/token").basic("web"), refresh, &["refresh_token_unknown", "client=\"web\""]),
        (
            house.post("/token").basic("web"),
            single("grant_type", "password"),
            &["unsupported_grant_type", "sent=\"password\""],
        ),
        (
            house.post("/token").basic("evil"),
            single("grant_type", "client_credentials"),
            &["unauthorized_client", "sent=\"client_credentials\"", "expected=\"authorization_code refresh_token\""],
        ),
        (
            house.post("/token").basic_with("web", CANARY),
            single("grant_type", "client_credentials"),
            &["wrong_client_secret", "client=\"web\""],
        ),
        (
            house.post("/token").basic("typo"),
            single("grant_type", "client_credentials"),
            &["unknown_client", "client=\"typo\""],
        ),
        (
            house.post("/revoke").basic_with("web", CANARY),
            single("token", CANARY),
            &["wrong_client_secret", "endpoint=/revoke"],
        ),
        (
            house.post("/introspect").basic_with("api", CANARY),
            single("token", CANARY),
            &["wrong_client_secret", "endpoint=/introspect"],
        ),
        (
            house.post("/introspect").form(&[("client_id", "spa")]),
            single("token", CANARY),
            &["authentication_method_mismatch", "client=\"spa\"", "sent=\"none\""],
        ),
        (house.get("/userinfo").bearer(CANARY), Vec::new(), &["access_token_unknown", "endpoint=/userinfo"]),
    ];
    for (call, form, words) in calls {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let call = if form.is_empty() { call } else { call.form(&form) };
        let answer = call.send().await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        line(&log, answer.header("x-request-id").unwrap(), words);
    }
    assert!(!log.text().contains(CANARY) && !log.text().contains(SECRET), "{}", log.text());
}

#[tokio::test]
async fn a_token_for_something_else_is_named_with_its_audience_and_scope() {
    let house = TestApp::furnished().await;
    let log = Overheard::by_default();
    let form = [("grant_type", "client_credentials"), ("resource", "https://api.example"), ("scope", "read")];
    let token = house.post("/token").form(&form).basic("worker").send().await.tokens().access_token;
    let answer = house.get("/userinfo").bearer(&token).send().await;
    let words = [
        "access_token_audience",
        "client=\"worker\"",
        "sent=\"https://api.example\"",
        "expected=\"https://id.example\"",
    ];
    line(&log, answer.header("x-request-id").unwrap(), &words);
    assert!(!log.text().contains(&token));
}

#[tokio::test]
async fn a_refused_part_of_a_logout_is_a_line_although_the_end_user_is_signed_out() {
    let house = TestApp::furnished().await;
    let log = Overheard::by_default();
    house
        .change_client("web", |web| {
            web.redirects.post_logout_uris = vec![crate::support::app::redirect_uri("https://web.example/bye")];
        })
        .await;
    let wrong =
        format!("/logout?client_id=web&post_logout_redirect_uri=https%3A%2F%2Fweb.example%2Fout&state={CANARY}");
    let page = house.browser().get_once(&wrong).await;
    let words = [
        "post_logout_redirect_uri_mismatch",
        "client=\"web\"",
        "sent=\"https://web.example/out\"",
        "expected=\"https://web.example/bye\"",
    ];
    line(&log, page.header("x-request-id").unwrap(), &words);
    let hint = house.browser().get_once(&format!("/logout?client_id=web&id_token_hint={CANARY}")).await;
    line(&log, hint.header("x-request-id").unwrap(), &["id_token_hint_unknown", "client=\"web\""]);
    assert!(!log.text().contains(CANARY), "{}", log.text());
}

#[tokio::test]
async fn a_client_that_revokes_its_own_token_is_no_incident() {
    let house = TestApp::furnished().await;
    let tokens = house.tokens("openid offline_access").await;
    let log = Overheard::by_default();
    house.post("/revoke").basic("web").form(&[("token", tokens.refresh())]).send().await;
    let lines = log.with(&["a client revoked its token"]);
    assert!(lines.len() == 1 && lines[0].contains("INFO"), "{}", log.text());
    assert!(log.with(&["WARN"]).is_empty(), "{}", log.text());
}

#[tokio::test]
async fn no_stranger_fills_the_log_and_what_is_left_out_is_counted() {
    let house = TestApp::furnished().await;
    let log = Overheard::by_default();
    for number in 0..50 {
        house.browser().get_once(&ask(&format!("made-up-{number}")).url()).await;
        house.post("/token").basic_with("typo", "wrong").form(&[("grant_type", "client_credentials")]).send().await;
        house.post("/token").basic("web").form(&[("grant_type", "password")]).send().await;
    }
    let lines = |words: &[&str]| log.with(&[&["haechi::refusals", "refused "], words].concat()).len();
    assert_eq!(lines(&["client=\"web\""]), 3, "what says the same");
    assert_eq!(lines(&["unknown_client"]), 30, "what strangers say, whatever that is");
    house.pass(61);
    house.browser().get_once(&ask("another").url()).await;
    let left_out = log.with(&["more was refused within a minute"]);
    let sum = |words: &str| left_out.iter().filter(|line| line.contains("client=\"web\"") != words.is_empty()).count();
    assert_eq!((sum("web"), sum("")), (1, 1), "{left_out:?}");
    assert!(
        left_out.iter().any(|line| line.contains("client=\"web\"") && line.contains("left_out=47")),
        "{left_out:?}"
    );
}

async fn problems_of(house: &Furnished, client: Option<&str>) -> Vec<problems::Problem> {
    house.refusals.written().await;
    problems::list(&house.admin, &Authority::operator(), client).await.unwrap()
}

/// What a stranger names is theirs to choose: it is one line all the same, of letters that draw nothing, and none of it may be a secret.
#[tokio::test]
async fn what_strangers_name_forges_no_line_and_shows_no_secret() {
    let house = TestApp::furnished().await;
    let log = Overheard::by_default();
    let forged = "shop\r\n2026-01-01 ERROR haechi: everything was ended\u{1b}[2J\u{202e}\u{2028}\u{9b}";
    let endless = "x y ".repeat(3000);
    for client in [forged, endless.as_str()] {
        house.browser().get_once(&ask(client).url()).await;
        house.post("/token").form(&[("grant_type", "client_credentials")]).basic_with(client, CANARY).send().await;
    }
    for uri in [
        format!("com.example.app:/cb?code={CANARY}"),
        format!("/cb?code={CANARY}"),
        format!("https://web.example/cb#access_token={CANARY}"),
        format!("https://kim:{CANARY}@web.example/cb"),
        format!("https://web.example/{}{CANARY}", "a/".repeat(80)),
    ] {
        house.browser().get_once(&ask("web").with("redirect_uri", &uri).url()).await;
    }
    let text = log.text();
    assert!(log.with(&["haechi::refusals", "refused"]).len() >= 9, "{text}");
    assert!(text.lines().all(|line| line.contains("haechi::") && line.len() < 2000), "{text}");
    assert!(!text.chars().any(|c| c != '\n' && haechi::support::escape::can_forge(c)), "{text}");
    assert!(!text.contains(&CANARY[..16]), "{text}");
    house.refusals.written().await;
    let kept = format!("{:?}", [problems_of(&house, None).await, problems_of(&house, Some("web")).await]);
    assert!(!kept.contains(&CANARY[..16]) && !kept.contains("\\u{202e}"), "{kept}");
}

#[tokio::test]
async fn administrators_see_what_was_refused_with_the_command_that_mends_it() {
    let house = TestApp::furnished().await;
    let second = house.second_node().await;
    let mut browser = house.browser();
    for _ in 0..2 {
        browser.get_once(&ask("web").with("redirect_uri", "http://localhost:4000/cb").url()).await;
        house.pass(1);
    }
    browser.turn_to(&second.router);
    let last = browser.get_once(&ask("web").with("redirect_uri", "http://localhost:4000/cb").url()).await;
    house.browser().get_once(&ask("typo").url()).await;
    second.refusals.written().await;

    let problems = problems_of(&house, Some("web")).await;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let problem = &problems[0];
    assert_eq!((problem.refusal.reason, problem.count, problem.registered), (Reason::RedirectUriMismatch, 3, true));
    assert_eq!(problem.last_request_id, last.header("x-request-id").unwrap());
    assert_eq!(problem.text, "redirect_uri http://localhost:4000/cb was sent, registered is https://web.example/cb");
    // Anybody may have sent it: the command is not to be run before somebody has looked at the address.
    let mend = "only if that address is the app's own, as anybody can send such a request: haechi clients update web \
                --add-redirect-uri 'http://localhost:4000/cb'";
    assert_eq!(problem.mend.as_ref().unwrap().to_string(), mend);

    let all = problems_of(&house, None).await;
    assert!(all.iter().any(|p| p.refusal.client.as_deref() == Some("typo") && !p.registered), "{all:#?}");
    assert_eq!(problems_of(&house, Some("typo")).await.len(), 1);
    assert!(problems_of(&house, Some("api")).await.is_empty());
}

#[tokio::test]
async fn what_mends_a_problem_goes_by_the_registration_as_it_is_now_and_what_is_mended_comes_last_without_a_command() {
    let house = TestApp::furnished().await;
    for uri in ["http://localhost:4000/one", "http://localhost:4000/two"] {
        house.browser().get_once(&ask("web").with("redirect_uri", uri).url()).await;
        house.pass(1);
    }
    house.browser().get_once(&ask("web").with("response_type", "token").url()).await;
    let register = async |uri: &'static str| {
        house.change_client("web", |web| web.redirects.uris.push(crate::support::app::redirect_uri(uri))).await;
    };
    let told = async || {
        let problems = problems_of(&house, Some("web")).await;
        let told = |it: problems::Problem| (it.mended, it.text, it.mend.map(|mend| mend.to_string()));
        problems.into_iter().map(told).collect::<Vec<_>>()
    };
    assert!(told().await.iter().all(|(mended, ..)| !mended));
    // The one that came last is mended: the other one is told beside what is registered by now, and its command takes nothing back.
    register("http://localhost:4000/two").await;
    let after = told().await;
    let (first, second) = (&after[1], &after[2]);
    assert!(first.1.ends_with("registered is https://web.example/cb http://localhost:4000/two"), "{after:#?}");
    assert!(
        first.2.as_ref().unwrap().ends_with("update web --add-redirect-uri 'http://localhost:4000/one'"),
        "{after:#?}"
    );
    assert!(second.0 && second.1.contains("/two was sent") && second.2.is_none(), "{after:#?}");
    register("http://localhost:4000/one").await;
    assert_eq!(told().await.iter().map(|(mended, ..)| *mended).collect::<Vec<_>>(), [false, true, true]);
    // A refusal of an id that there was not is one of the past, once there is.
    house.browser().get_once(&ask("soon").url()).await;
    assert!(!problems_of(&house, Some("soon")).await[0].registered);
    house.client("soon", |_| {}).await;
    let soon = &problems_of(&house, Some("soon")).await[0];
    assert!(soon.registered && soon.mended && soon.mend.is_none(), "{soon:#?}");
}

#[tokio::test]
async fn what_an_end_user_decides_is_no_problem_of_the_client() {
    let house = TestApp::furnished().await;
    house.browser().get_once(&ask("web").with("prompt", "none").url()).await;
    assert!(problems_of(&house, Some("web")).await.is_empty());
}

#[tokio::test]
async fn the_page_of_a_wrong_redirect_uri_names_the_app_and_the_address_and_does_not_lead_there() {
    let house = TestApp::new().await;
    house.client("shop", |shop| "Shop <b>".clone_into(&mut shop.presentation.name)).await;
    let evil = "https://evil.example/<script>alert(1)</script>?token=secret";
    for language in ["en", "ko"] {
        let mut browser = house.browser();
        browser.headers.push(("accept-language", language.to_owned()));
        let page = browser.get_once(&Ask::of("shop").with("redirect_uri", evil).url()).await;
        assert_eq!(page.status, 400);
        assert_eq!(page.text("app"), "Shop <b>");
        assert_eq!(page.text("sent"), "https://evil.example/<script>alert(1)</script>?token=…");
        assert!(page.body.contains("haechi clients problems shop"), "{}", page.body);
        assert!(!page.body.contains("href=\"https://evil.example"), "{}", page.body);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        assert!(page.body.contains(page.header("x-request-id").unwrap()));
        assert!(!page.body.contains(CALLBACK), "what is registered is for the app's developer, not for whoever asks");
    }
}
