//! `haechi login`: being somebody at a server elsewhere.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::time::Duration;

use haechi::admin::Authority;
use haechi::admin::{clients, users};
use haechi::model::user::{Role, User};
use serde_json::{Value, json};
use url::Url;

use super::super::PASSWORD;
use super::{Elsewhere, REGISTRATION, code_of, own_machine};
use crate::support::app::TestApp;
use crate::support::binary::{Done, Haechi, Running, over_http, plain_client};
use crate::support::browser::Browser;

const KIM: &str = "kim@example.com";

impl Elsewhere {
    /// The same with an owner, and the client by which they sign in.
    fn with_kim() -> Self {
        let elsewhere = Self::new();
        let create = ["users", "create", KIM, "--name", "Kim", "--role", "owner"];
        let made = elsewhere.server.run_with(&create, &format!("{PASSWORD}\n"));
        assert_eq!(made.code, Some(0), "{made:?}");
        elsewhere.server.out(REGISTRATION);
        elsewhere
    }

    fn browser(&self) -> Browser {
        Browser::new(over_http(self.server.port), &self.server.issuer())
    }

    /// `haechi login`, as far as it waits for the browser, and where that is sent.
    fn begin_login(&self) -> (Running, Url) {
        let login = self.own.begin(&["login", "--server", &self.server.issuer(), "--no-browser"]);
        let url = printed(&login);
        (login, url)
    }

    /// Kim signs in, and says yes.
    async fn sign_in(&self) {
        let (mut login, url) = self.begin_login();
        let mut browser = self.browser();
        let page = browser.get(url.as_str()).await;
        let page = browser.submit(&page, "login", &[("email", KIM), ("password", PASSWORD)]).await;
        let answer = browser.submit(&page, "consent", &[("decision", "allow")]).await;
        let told = plain_client().get(answer.location().unwrap()).send().await.unwrap();
        assert_eq!(told.status().as_u16(), 200);
        assert_eq!(login.end(), Some(0), "{}", login.err());
    }

    /// A command on the own machine, for the server.
    fn there(&self, arguments: &[&str]) -> Done {
        self.own.run(&[arguments, &["--server", &self.server.issuer()]].concat())
    }

    fn credentials(&self) -> PathBuf {
        self.own.folder.path().join("haechi/credentials.json")
    }

    /// What is kept of the server, changed.
    fn keep(&self, change: impl FnOnce(&mut Value)) {
        let mut kept: Value = serde_json::from_str(&fs::read_to_string(self.credentials()).unwrap()).unwrap();
        change(&mut kept["servers"][self.server.issuer()]);
        fs::write(self.credentials(), kept.to_string()).unwrap();
    }

    fn kept(&self) -> Value {
        let kept: Value = serde_json::from_str(&fs::read_to_string(self.credentials()).unwrap()).unwrap();
        kept["servers"][self.server.issuer()].clone()
    }
}

/// The URL that a process prints to sign in at.
fn printed(process: &Running) -> Url {
    let url = |err: &str| {
        let line = err.lines().find(|line| line.contains("/authorize?"))?;
        err.contains(&format!("{line}\n")).then(|| line.trim().to_owned())
    };
    process.wait_for(|_, err| url(err).is_some());
    url(&process.err()).unwrap().parse().unwrap()
}

fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

#[tokio::test]
async fn an_operator_signs_in_by_the_browser_and_out_again() {
    let elsewhere = Elsewhere::with_kim();
    let before = elsewhere.there(&["users", "list", "--json"]);
    assert_eq!((before.code, code_of(&before)), (Some(1), json!("signed_out")));
    elsewhere.sign_in().await;
    let listed = elsewhere.there(&["users", "list"]);
    assert!(listed.code == Some(0) && listed.out.contains(KIM), "{listed:?}");
    let made = elsewhere.there(&["groups", "define", "staff"]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let audit = elsewhere.server.json(&["audit", "--kind", "group_created", "--json"]);
    assert_eq!(audit[0]["actor"]["kind"], "user", "{audit}");

    let mode = fs::metadata(elsewhere.credentials()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let kept = fs::read_to_string(elsewhere.credentials()).unwrap();
    assert_eq!(elsewhere.there(&["logout"]).code, Some(0));
    let after = elsewhere.there(&["users", "list", "--json"]);
    assert_eq!(code_of(&after), json!("signed_out"), "{after:?}");
    // What somebody copied before counts no more either.
    fs::write(elsewhere.credentials(), kept).unwrap();
    let copied = elsewhere.there(&["users", "list", "--json"]);
    assert_eq!((copied.code, code_of(&copied)), (Some(1), json!("signed_out")), "{copied:?}");
    assert_eq!(elsewhere.there(&["logout"]).code, Some(0), "what is gone there is forgotten here");
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_and_the_file_is_for_its_user_alone() {
    let elsewhere = Elsewhere::with_kim();
    elsewhere.sign_in().await;
    let first = elsewhere.kept();
    elsewhere.keep(|kept| kept["expires_at"] = 0.into());
    assert_eq!(elsewhere.there(&["users", "list"]).code, Some(0));
    let second = elsewhere.kept();
    assert_ne!(first["access_token"], second["access_token"]);
    assert_ne!(first["refresh_token"], second["refresh_token"], "it rotates");
    // The server says, too, when a token counts no more.
    elsewhere.keep(|kept| kept["access_token"] = "not-a-token".into());
    assert_eq!(elsewhere.there(&["users", "list"]).code, Some(0));
    assert_eq!(fs::metadata(elsewhere.credentials()).unwrap().permissions().mode() & 0o777, 0o600);

    for mode in [0o640, 0o604, 0o666] {
        fs::set_permissions(elsewhere.credentials(), fs::Permissions::from_mode(mode)).unwrap();
        for arguments in [&["users", "list", "--json"][..], &["logout", "--json"], &["login", "--no-browser", "--json"]]
        {
            let refused = elsewhere.there(arguments);
            assert_eq!((refused.code, code_of(&refused)), (Some(1), json!("readable_by_others")), "{refused:?}");
        }
    }
}

/// An answer that comes back to the redirect URI of a request.
fn answer_to(url: &Url, state: &str, issuer: &str) -> Url {
    let mut back: Url = parameter(url, "redirect_uri").parse().unwrap();
    back.query_pairs_mut().append_pair("code", "x").append_pair("state", state).append_pair("iss", issuer);
    back
}

async fn status_of(url: &Url) -> u16 {
    plain_client().get(url.clone()).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn an_answer_to_something_else_signs_nobody_in() {
    let elsewhere = Elsewhere::with_kim();
    let own = elsewhere.server.issuer();
    for (strays, issuer, code) in
        [(1, "https://evil.example", "issuer_differs"), (1, "", "issuer_differs"), (50, "", "state_differs")]
    {
        let login = ["login", "--server", &own, "--no-browser", "--json"];
        let mut login = elsewhere.own.begin(&login);
        let url = printed(&login);
        assert_eq!(parameter(&url, "code_challenge_method"), "S256");
        let stray = answer_to(&url, "guessed", &own);
        assert_eq!(stray.host_str(), Some("127.0.0.1"));
        // What a browser asks for besides is no answer, and who answers something else keeps nobody from answering this.
        assert_eq!(status_of(&stray.join("/favicon.ico").unwrap()).await, 404);
        for _ in 0..strays {
            assert_eq!(status_of(&stray).await, 400);
        }
        let back = answer_to(&url, &parameter(&url, "state"), issuer);
        if code == "issuer_differs" {
            assert_eq!(status_of(&back).await, 400);
        }
        assert_eq!(login.end(), Some(1), "{}", login.err());
        let error: Value = serde_json::from_str(login.err().lines().last().unwrap()).unwrap();
        assert_eq!(error["code"], code, "{error}");
        assert!(plain_client().get(back).send().await.is_err(), "one answer, and nothing is listened to any more");
        assert!(!elsewhere.credentials().exists());
    }
}

#[tokio::test]
async fn a_file_that_others_may_replace_or_have_changed_is_not_gone_by() {
    let elsewhere = Elsewhere::with_kim();
    elsewhere.sign_in().await;
    let (file, folder) = (elsewhere.credentials(), elsewhere.credentials().parent().unwrap().to_owned());
    let code = || {
        let refused = elsewhere.there(&["users", "list", "--json"]);
        assert_eq!(refused.code, Some(1), "{refused:?}");
        code_of(&refused)
    };
    for mode in [0o720, 0o702] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(code(), "readable_by_others", "{mode:o}");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(elsewhere.there(&["users", "list"]).code, Some(0), "others may look");

    let was = fs::read_to_string(&file).unwrap();
    for endpoint in ["token_endpoint", "revocation_endpoint"] {
        elsewhere.keep(|kept| kept[endpoint] = "https://evil.example/x".into());
        assert_eq!(code(), "endpoint_elsewhere", "{endpoint}");
        fs::write(&file, &was).unwrap();
    }

    let other = folder.join("other.json");
    fs::rename(&file, &other).unwrap();
    symlink(&other, &file).unwrap();
    assert_eq!(code(), "failed", "what leads to another file is not followed");
}

#[tokio::test]
async fn who_says_no_is_not_signed_in() {
    let elsewhere = Elsewhere::with_kim();
    let (mut login, url) = elsewhere.begin_login();
    let mut browser = elsewhere.browser();
    let page = browser.get(url.as_str()).await;
    let page = browser.submit(&page, "login", &[("email", KIM), ("password", PASSWORD)]).await;
    let answer = browser.submit(&page, "consent", &[("decision", "deny")]).await;
    plain_client().get(answer.location().unwrap()).send().await.unwrap();
    assert_eq!(login.end(), Some(1));
    assert!(login.err().contains("access_denied"), "{}", login.err());
}

/// A server that knows the program, and asks nobody for consent to it.
async fn served() -> TestApp {
    let house = TestApp::served().await;
    let new = json!({ "client_id": "haechi-cli", "client_name": "Haechi on the command line", "kind": "native",
        "redirect_uris": ["http://127.0.0.1/callback"], "scope": "openid haechi:read haechi:write offline_access",
        "id_token_signed_response_alg": "ES256", "consent": "first_party" });
    clients::create(&house.admin, &Authority::operator(), serde_json::from_value(new).unwrap()).await.unwrap();
    house
}

async fn owner(house: &TestApp, email: &str) -> User {
    let user = house.user(email).await;
    users::set_roles(&house.admin, &Authority::operator(), user.id, vec![Role::Owner]).await.unwrap()
}

/// Somebody signs in where a process sends the browser.
async fn signs_in(house: &TestApp, user: &User, process: &Running) {
    let answer = house.signed_in(user).await.get(printed(process).as_str()).await;
    plain_client().get(answer.location().unwrap()).send().await.unwrap();
}

async fn log_in(house: &TestApp, user: &User, own: &Haechi) {
    let mut login = own.begin(&["login", "--no-browser", "--server", house.issuer()]);
    signs_in(house, user, &login).await;
    assert_eq!(login.end(), Some(0), "{}", login.err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_is_over_once_another_takes_its_place() {
    let house = served().await;
    let kim = owner(&house, KIM).await;
    let own = own_machine();
    let file = own.folder.path().join("haechi/credentials.json");
    let list = ["groups", "list", "--json", "--server", house.issuer()];
    let define = ["groups", "define", "staff", "--server", house.issuer()];

    log_in(&house, &kim, &own).await;
    let first = fs::read_to_string(&file).unwrap();
    log_in(&house, &kim, &own).await;
    house.clock.advance(Duration::from_mins(20));
    assert_eq!(own.run(&list).code, Some(0));
    let second = fs::read_to_string(&file).unwrap();
    let mut defining = own.begin_at_terminal(&define);
    signs_in(&house, &kim, &defining).await;
    assert_eq!(defining.end(), Some(0), "{}", defining.err());
    assert_eq!(own.run(&list).code, Some(0));
    for over in [first, second] {
        fs::write(&file, over).unwrap();
        let refused = own.run(&list);
        assert_eq!((refused.code, code_of(&refused)), (Some(1), json!("signed_out")), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_by_another_account_is_not_taken() {
    let house = served().await;
    let (kim, lee) = (owner(&house, KIM).await, owner(&house, "lee@example.com").await);
    let own = own_machine();
    log_in(&house, &kim, &own).await;
    house.clock.advance(Duration::from_mins(20));
    let mut defining = own.begin_at_terminal(&["groups", "define", "staff", "--json", "--server", house.issuer()]);
    signs_in(&house, &lee, &defining).await;
    assert_eq!(defining.end(), Some(1), "{}", defining.out());
    assert!(defining.err().contains("another_account"), "{}", defining.err());
    let groups = own.run(&["groups", "list", "--json", "--server", house.issuer()]);
    assert!(groups.code == Some(0) && !groups.out.contains("staff"), "kim is signed in as before: {groups:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recent_proof_is_given_in_the_browser_and_the_command_goes_on() {
    let house = served().await;
    let user = owner(&house, KIM).await;
    let (own, server) = (own_machine(), ["--server", house.issuer()]);
    log_in(&house, &user, &own).await;

    house.clock.advance(Duration::from_mins(20));
    let define = [&["groups", "define", "staff"][..], &server].concat();
    let alone = own.run(&[&define[..], &["--json"]].concat());
    assert_eq!((alone.code, code_of(&alone)), (Some(1), json!("proof_needed")), "{alone:?}");
    assert_eq!(own.run(&[&["groups", "list"][..], &server].concat()).code, Some(0), "reading needs none");

    let mut defining = own.begin_at_terminal(&define);
    let url = printed(&defining);
    assert_eq!(parameter(&url, "max_age"), "600");
    signs_in(&house, &user, &defining).await;
    assert_eq!(defining.end(), Some(0), "{}", defining.err());
    assert!(defining.out().contains("staff is defined"), "{}", defining.out());
}
