//! What the real programs write while somebody signs in, and while somebody tries everything wrong: nothing that is secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use haechi::support::Digest;
use serde_json::Value;
use url::Url;

use crate::foreign::PASSWORD;
use crate::foreign::server::{Registered, Server};
use crate::support::ask::{Ask, VERIFIER};
use crate::support::browser::{Browser, Page};
use crate::support::servers;

const EMAIL: &str = "minji@example.com";
const CALLBACK: &str = "http://127.0.0.1:9/callback";
/// What is sent where a secret belongs, and is none.
const WRONG: &str = "canary-that-is-wrong-0123456789";

/// Everything that was secret in what was sent and answered.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn add(&mut self, name: &'static str, value: &str) {
        assert!(value.len() >= 20, "{name} is too short to be looked for");
        self.0.push((name, value.to_owned()));
    }

    fn add_tokens(&mut self, answer: &Value) {
        for name in ["access_token", "id_token", "refresh_token"] {
            let token = answer[name].as_str().unwrap_or_else(|| panic!("no {name}: {answer}"));
            self.add(name, token);
            // The part that makes it worth something.
            self.add(name, token.rsplit('.').next().unwrap());
        }
    }

    fn add_cookies_of(&mut self, browser: &Browser) {
        for name in [browser.session_cookie_name(), browser.console_cookie_name(), browser.browser_cookie_name()] {
            self.add("cookie", browser.cookie(name).unwrap());
        }
    }
}

async fn token(server: &Server, client: &Registered, secret: &str, form: &[(&str, &str)]) -> Value {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = server.http.post(format!("{}/token", server.issuer)).basic_auth(&client.id, Some(secret));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

async fn sign_in(server: &Server, client: &Registered, secrets: &mut Secrets) -> (Browser, Page) {
    let mut browser = server.browser();
    let ask = Ask::of(&client.id).with("redirect_uri", CALLBACK).with("scope", "openid offline_access");
    let login = browser.get(&ask.url()).await;
    secrets.add("csrf", login.form("login").field("csrf").unwrap());
    let login = browser.submit(&login, "login", &[("email", EMAIL), ("password", WRONG)]).await;
    let consent = browser.submit(&login, "login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let answer = browser.submit(&consent, "consent", &[("decision", "allow")]).await;
    secrets.add_cookies_of(&browser);
    (browser, answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn adm_015_no_secret_is_in_the_log_however_much_is_logged() {
    for format in ["text", "json"] {
        let server = Server::start_with(&[("HAECHI_LOG__FILTER", "trace"), ("HAECHI_LOG__FORMAT", format)]).await;
        server.sign_up(EMAIL);
        let uri = ["--redirect-uri", CALLBACK, "--scope", "openid offline_access"];
        let client = server.register(&[&["--kind", "web", "--name", "App"], &uri[..]].concat());
        let secret = client.secret.clone().unwrap();
        let mut secrets = Secrets::default();
        secrets.add("password", PASSWORD);
        secrets.add("password in a form", &PASSWORD.replace(' ', "+"));
        secrets.add("wrong", WRONG);
        secrets.add("verifier", VERIFIER);
        secrets.add("client secret", &secret);
        let (mut browser, answer) = sign_in(&server, &client, &mut secrets).await;
        let code = answer.answer().remove("code").unwrap();
        secrets.add("code", &code);
        let redeem = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        assert_eq!(token(&server, &client, WRONG, &redeem).await["error"], "invalid_client");
        let tokens = token(&server, &client, &secret, &redeem).await;
        secrets.add_tokens(&tokens);
        let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
        secrets.add_tokens(&token(&server, &client, &secret, &refresh).await);
        // Used twice, broken, and twice in one request: what is refused is not written down either.
        assert_eq!(token(&server, &client, &secret, &redeem).await["error"], "invalid_grant");
        let broken = [("grant_type", "refresh_token"), ("refresh_token", WRONG), ("refresh_token", WRONG)];
        token(&server, &client, &secret, &broken).await;
        let bearer = server.http.get(format!("{}/userinfo", server.issuer)).bearer_auth(WRONG);
        bearer.send().await.unwrap();
        browser.get(&format!("/claim?token={WRONG}")).await;
        browser.get(&format!("/{WRONG}?{WRONG}={WRONG}")).await;
        let forged = format!("/logout?id_token_hint={WRONG}&state={WRONG}");
        browser.get(&forged).await;
        browser.post_once("/account/password", &[("csrf", WRONG), ("current", WRONG), ("password", WRONG)]).await;

        let log = server.printed();
        assert!(log.contains("answered") && log.lines().count() > 20, "hardly anything was logged: {log}");
        for (name, value) in &secrets.0 {
            let line = log.lines().find(|line| line.contains(value.as_str()));
            assert_eq!(line, None, "{format}: a {name} was logged");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pkce_008_our_own_app_keeps_its_verifier_to_itself() {
    let server = Server::start_with(&[("HAECHI_LOG__FILTER", "trace")]).await;
    let (port, folder) = (servers::free_port(), servers::folder("demo"));
    let shop = servers::kept("KILL", &folder, &server.command(&["demo", "--port", &port.to_string()]));
    servers::await_listener(port, &folder);
    let begin = server.http.get(format!("http://localhost:{port}/sign-in")).send().await.unwrap();
    let cookie = begin.headers()["set-cookie"].to_str().unwrap().to_owned();
    let to: Url = begin.headers()["location"].to_str().unwrap().parse().unwrap();
    let sent: std::collections::BTreeMap<String, String> = to.query_pairs().into_owned().collect();
    let challenge = &sent["code_challenge"];
    assert_eq!(sent["code_challenge_method"], "S256");
    // Whatever left the shop, whole or in parts, is no verifier of this challenge.
    let log = servers::printed(&folder);
    servers::stop(shop);
    let seen = [to.as_str(), &cookie, &log, &begin.text().await.unwrap()].join("\n");
    let words = seen.split(|c: char| !c.is_ascii_alphanumeric() && !"-._~".contains(c));
    for word in words.chain(sent.values().map(String::as_str)) {
        assert_ne!(URL_SAFE_NO_PAD.encode(Digest::sha256(word.as_bytes()).as_bytes()), *challenge, "{word}");
    }
    assert!(seen.contains(challenge.as_str()) && sent["state"].len() >= 22 && sent["state"] != *challenge);
}
