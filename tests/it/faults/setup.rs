//! A served house that a fault test breaks: the real binary, an end-user, a service and an app, spoken to over plain sockets, as a server that dies
//! cuts connections where it likes.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::support::ask::{Ask, VERIFIER};
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;

pub(super) const KIM: &str = "kim@example.com";
const PASSWORD: &str = "tall bridge over quiet water";
const REDIRECT: &str = "https://web.example/cb";

/// A setup with an end-user, a service and an app.
pub(super) struct Setup {
    pub(super) haechi: Haechi,
    pub(super) secret: String,
}

impl Setup {
    pub(super) fn new() -> Self {
        Self::of(Haechi::new())
    }

    pub(super) fn of(haechi: Haechi) -> Self {
        let haechi = haechi.begun();
        let made = haechi.run_with(&["users", "create", KIM, "--name", "Kim"], &format!("{PASSWORD}\n"));
        assert_eq!(made.code, Some(0), "{made:?}");
        let service = "clients create --kind service --name N --client-id nightly --auth client_secret_post \
                       --resource https://api.example --json";
        let made = haechi.json(&service.split_whitespace().collect::<Vec<_>>());
        let app = format!(
            "clients create --kind web --name A --client-id app --auth client_secret_post --first-party --json --redirect-uri {REDIRECT}"
        );
        let mut app: Vec<_> = app.split_whitespace().collect();
        app.extend(["--scope", "openid offline_access", "--grant", "authorization_code", "--grant", "refresh_token"]);
        let app = haechi.json(&app);
        let secret = format!("{} {}", made["client_secret"].as_str().unwrap(), app["client_secret"].as_str().unwrap());
        Self { haechi, secret }
    }

    fn credentials(&self, client: &'static str) -> [(&'static str, &str); 2] {
        let (nightly, app) = self.secret.split_once(' ').unwrap();
        [("client_id", client), ("client_secret", if client == "app" { app } else { nightly })]
    }

    /// Posts a form; nothing where the server died over it.
    pub(super) async fn post(&self, path: &str, client: &'static str, form: &[(&str, &str)]) -> Option<(u16, Value)> {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.credentials(client))
            .extend_pairs(form)
            .finish();
        let host = format!("Host: localhost:{}\r\nConnection: close", self.haechi.port);
        let kind = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}", form.len());
        let mut stream = TcpStream::connect(("127.0.0.1", self.haechi.port)).await.ok()?;
        stream.write_all(format!("POST {path} HTTP/1.1\r\n{host}\r\n{kind}\r\n\r\n{form}").as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        Some((head.split(' ').nth(1)?.parse().ok()?, serde_json::from_str(body).unwrap_or_default()))
    }

    pub(super) async fn minting(&self) -> Option<(u16, Value)> {
        let form = [("grant_type", "client_credentials"), ("resource", "https://api.example")];
        self.post("/token", "nightly", &form).await
    }

    pub(super) async fn token(&self) -> String {
        let (status, body) = self.minting().await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn revoking(&self, token: &str) -> Option<(u16, Value)> {
        self.post("/revoke", "nightly", &[("token", token)]).await
    }

    pub(super) async fn revoke(&self, token: &str) -> Option<u16> {
        Some(self.revoking(token).await?.0)
    }

    /// Has the app give a refresh token back, and its grant with it.
    pub(super) async fn withdraw(&self, refresh_token: &str) -> Option<(u16, Value)> {
        self.post("/revoke", "app", &[("token", refresh_token)]).await
    }

    /// What `/readyz` answers.
    pub(super) async fn readiness(&self) -> u16 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.haechi.port)).await.unwrap();
        let request =
            format!("GET /readyz HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.haechi.port);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Waits until `/readyz` answers this.
    pub(super) async fn becomes(&self, readiness: u16, within: Duration) {
        let begun = Instant::now();
        while self.readiness().await != readiness {
            assert!(begun.elapsed() < within, "it never answers {readiness}");
            sleep(Duration::from_millis(100)).await;
        }
    }

    pub(super) async fn is_active(&self, token: &str) -> bool {
        let (status, body) = self.post("/introspect", "nightly", &[("token", token)]).await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["active"].as_bool().unwrap()
    }

    /// A code that the end-user granted to the app.
    pub(super) async fn code(&self, browser: &mut Browser) -> String {
        let ask = Ask::of("app").with("redirect_uri", REDIRECT).with("scope", "openid offline_access");
        let mut page = browser.get(&ask.with("prompt", "consent").url()).await;
        if page.has("login") {
            page = browser.submit(&page, "login", &[("email", KIM), ("password", PASSWORD)]).await;
        }
        if page.has("consent") {
            page = browser.submit(&page, "consent", &[("decision", "allow")]).await;
        }
        page.answer().remove("code").unwrap_or_else(|| panic!("no code: {}", page.body))
    }

    /// What the login page answers to the right password, in a browser of its own.
    pub(super) async fn sign_in(&self) -> u16 {
        let mut browser = Browser::new(over_http(self.haechi.port), &self.haechi.issuer());
        let page = browser.get("/login").await;
        if !page.has("login") {
            return page.status.as_u16();
        }
        browser.submit_once(&page, "login", &[("email", KIM), ("password", PASSWORD)]).await.status.as_u16()
    }

    pub(super) async fn redeem(&self, code: &str) -> Option<(u16, Value)> {
        let form = [("grant_type", "authorization_code"), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        self.post("/token", "app", &[form.as_slice(), &[("code", code)]].concat()).await
    }

    pub(super) async fn refresh(&self, token: &str) -> Option<(u16, Value)> {
        self.post("/token", "app", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }
}
