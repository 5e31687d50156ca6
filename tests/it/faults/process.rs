//! The process itself dies, under load and without a word, or its disk fills up: what it has acknowledged stays so, and a start is all
//! that is needed.

use std::fs;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::support::ask::{Ask, VERIFIER};
use crate::support::binary::{Haechi, Running, over_http};
use crate::support::browser::Browser;

const KIM: &str = "kim@example.com";
const PASSWORD: &str = "tall bridge over quiet water";
const REDIRECT: &str = "https://web.example/cb";
/// Room for the database of the tests and little more.
const SMALL: &str = "3m";

/// A setup with a person, a service and an app.
struct Setup {
    haechi: Haechi,
    secret: String,
}

impl Setup {
    fn new() -> Self {
        Self::of(Haechi::new())
    }

    fn of(haechi: Haechi) -> Self {
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
    async fn post(&self, path: &str, client: &'static str, form: &[(&str, &str)]) -> Option<(u16, Value)> {
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

    async fn token(&self) -> String {
        let form = [("grant_type", "client_credentials"), ("resource", "https://api.example")];
        let (status, body) = self.post("/token", "nightly", &form).await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    async fn revoke(&self, token: &str) -> Option<u16> {
        Some(self.post("/revoke", "nightly", &[("token", token)]).await?.0)
    }

    async fn is_active(&self, token: &str) -> bool {
        let (status, body) = self.post("/introspect", "nightly", &[("token", token)]).await.unwrap();
        assert_eq!(status, 200, "{body}");
        body["active"].as_bool().unwrap()
    }

    /// A code that the person granted to the app.
    async fn code(&self, browser: &mut Browser) -> String {
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

    async fn redeem(&self, code: &str) -> Option<(u16, Value)> {
        let form = [("grant_type", "authorization_code"), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        self.post("/token", "app", &[form.as_slice(), &[("code", code)]].concat()).await
    }

    async fn refresh(&self, token: &str) -> Option<(u16, Value)> {
        self.post("/token", "app", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }
}

fn refresh_token((status, body): (u16, Value)) -> String {
    assert_eq!(status, 200, "{body}");
    body["refresh_token"].as_str().unwrap().to_owned()
}

fn kill(mut server: Running) {
    server.signal("KILL");
    server.end();
}

#[tokio::test]
async fn f01_what_was_acknowledged_before_a_kill_stays_so() {
    let setup = Setup::new();
    let mut server = setup.haechi.start();
    let mut cut_off = 0;
    for round in 0..4_u64 {
        let tokens = join_all((0..20).map(|_| setup.token())).await;
        let dying = async {
            sleep(Duration::from_millis(3 * round)).await;
            server.signal("KILL");
        };
        let (revoked, ()) = tokio::join!(join_all(tokens.iter().map(|token| setup.revoke(token))), dying);
        server.end();
        server = setup.haechi.start();
        for (token, acknowledged) in tokens.iter().zip(revoked) {
            match acknowledged {
                Some(200) => assert!(!setup.is_active(token).await, "a revocation is lost"),
                Some(status) => panic!("answered {status}"),
                None => cut_off += 1,
            }
        }
    }
    assert!(cut_off > 0, "the server was killed too late to matter");
}

#[tokio::test]
async fn f01_a_kill_between_two_refreshes_logs_nobody_out_and_no_code_is_good_twice() {
    let setup = Setup::new();
    let mut server = setup.haechi.start();
    let mut browser = Browser::new(over_http(setup.haechi.port), &setup.haechi.issuer());
    let code = setup.code(&mut browser).await;
    // The key of the ID token is still being made.
    let begun = Instant::now();
    let first = loop {
        let answer = setup.redeem(&code).await.unwrap();
        if answer.0 != 503 || begun.elapsed() > Duration::from_secs(30) {
            break answer;
        }
        sleep(Duration::from_millis(50)).await;
    };
    let mut token = refresh_token(first);
    for round in 0..6_u64 {
        let code = setup.code(&mut browser).await;
        let dying = async {
            sleep(Duration::from_millis(2 * round)).await;
            server.signal("KILL");
        };
        let twice = async { tokio::join!(setup.redeem(&code), setup.redeem(&code)) };
        let (refreshed, (one, other), ()) = tokio::join!(setup.refresh(&token), twice, dying);
        server.end();
        server = setup.haechi.start();
        // Whoever heard nothing tries again with what it has.
        token = refresh_token(match refreshed {
            Some(answer) => answer,
            None => setup.refresh(&token).await.unwrap(),
        });
        let good = |answer: &Option<(u16, Value)>| answer.as_ref().is_some_and(|(status, _)| *status == 200);
        let again = Some(setup.redeem(&code).await.unwrap());
        let times = [one, other, again].iter().filter(|answer| good(answer)).count();
        assert!(times <= 1, "a code was redeemed {times} times");
    }
    refresh_token(setup.refresh(&token).await.unwrap());
    kill(server);
}

/// A disk of its own for the database, in a mount namespace that ends with the process; `None` where the system allows none.
fn on_a_small_disk() -> Option<Setup> {
    let haechi = Haechi::new().set("HAECHI_DATABASE__URL", "sqlite:haechi.db");
    let Setup { haechi, secret } = Setup::of(haechi);
    fs::create_dir(haechi.folder.path().join("small")).unwrap();
    let mounting = format!("mount -t tmpfs -o size={SMALL} none small && cp haechi.db* small/ && exec \"$0\" \"$@\"");
    let through = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &mounting];
    let haechi = haechi.set("HAECHI_DATABASE__URL", "sqlite:small/haechi.db").through(&through);
    let tried = haechi.run(&["--version"]);
    if tried.code != Some(0) {
        eprintln!("skipped: no mount namespace can be made: {}", tried.err);
        return None;
    }
    Some(Setup { haechi, secret })
}

#[tokio::test]
async fn f17_a_full_disk_puts_writes_off_and_freed_space_is_enough() {
    let Some(setup) = on_a_small_disk() else { return };
    let mut server = setup.haechi.start();
    let tokens = join_all((0..30).map(|_| setup.token())).await;
    assert_eq!(setup.revoke(&tokens[0]).await, Some(200));
    let disk = fs::canonicalize(setup.haechi.folder.path()).unwrap();
    let filler = format!("/proc/{}/root{}/small/filler", server.pid(), disk.display());
    let full = fs::write(&filler, vec![0; 8 << 20]).unwrap_err();
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);

    let mut acknowledged = vec![&tokens[0]];
    let mut put_off = 0;
    for token in &tokens[1..] {
        match setup.revoke(token).await {
            Some(200) => acknowledged.push(token),
            Some(503) => put_off += 1,
            other => panic!("answered {other:?}: {}", server.err()),
        }
    }
    assert!(put_off > 0, "the disk was not full");
    for token in &acknowledged {
        assert!(!setup.is_active(token).await, "a revocation is lost");
    }
    setup.token().await;

    fs::remove_file(&filler).unwrap();
    let begun = Instant::now();
    while setup.revoke(&tokens[29]).await != Some(200) {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not recover: {}", server.err());
        sleep(Duration::from_millis(50)).await;
    }
    acknowledged.push(&tokens[29]);
    for token in acknowledged {
        assert!(!setup.is_active(token).await, "a revocation is lost");
    }
    server.signal("TERM");
    assert_eq!(server.end(), Some(0));
}

#[tokio::test]
async fn f28_a_process_without_descriptors_lives_and_comes_back() {
    let Setup { haechi, secret } = Setup::new();
    let few = ["sh", "-c", "ulimit -n 64 && exec \"$0\" \"$@\""];
    let setup = Setup { haechi: haechi.through(&few), secret };
    let mut server = setup.haechi.start();
    let token = setup.token().await;
    let mut idle = Vec::new();
    for _ in 0..80 {
        idle.push(TcpStream::connect(("127.0.0.1", setup.haechi.port)).await.unwrap());
    }
    server.wait_for(|_, err| err.contains("no connection can be accepted"));
    drop(idle);
    assert_eq!(setup.revoke(&token).await, Some(200));
    assert!(!setup.is_active(&token).await);
    server.signal("TERM");
    assert_eq!(server.end(), Some(0), "{}", server.err());
}
