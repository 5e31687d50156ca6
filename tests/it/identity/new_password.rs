//! What a new password may not be: what is guessed quickly, and what was stolen elsewhere.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use haechi::config::server::ServerConfig;
use haechi::http::server::{Options, Phase, serve};
use haechi::identity::accounts::{AccountRejected, ChangePasswordRejected, Entitled, SignUpRejected};
use haechi::identity::password::PasswordRejected;
use haechi::identity::password::breached::import;
use haechi::support::Secret;
use haechi::support::digest::sha1;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::support::accounts::{PASSWORD, from, new_account};
use crate::support::app::TestApp;
use crate::support::folder::Folder;

const STOLEN: &str = "a password that somebody stole";

fn digits(password: &str) -> String {
    sha1(password.as_bytes()).iter().fold(String::new(), |text, byte| text + &format!("{byte:02X}"))
}

/// What a sign-up with a password comes to.
async fn signed_up(house: &TestApp, password: &str) -> Option<PasswordRejected> {
    let email = format!("{}@example.com", digits(password));
    match house.accounts.sign_up(new_account(&email, password), &from([192, 0, 2, 1])).await {
        Ok(_) => None,
        Err(SignUpRejected::Fields(fields)) => match fields[..] {
            [AccountRejected::Password(why)] => Some(why),
            _ => panic!("{fields:?}"),
        },
        Err(other) => panic!("{other:?}"),
    }
}

fn list(folder: &Folder) -> std::path::PathBuf {
    let collection = folder.write("collection.txt", format!("{}:3\n", digits(STOLEN)));
    let list = folder.path().join("breached.list");
    import(&collection, &list, 1).unwrap();
    list
}

#[tokio::test]
async fn what_is_guessed_quickly_is_refused_where_it_is_chosen() {
    let house = TestApp::new().await;
    for (password, why) in [
        ("christopher", PasswordRejected::Common),
        ("volleyball", PasswordRejected::Common),
        ("a123456789", PasswordRejected::Common),
        ("blink182blink", PasswordRejected::Predictable),
        ("Christopher22", PasswordRejected::Predictable),
        ("haechi-2026", PasswordRejected::ContainsIdentity),
    ] {
        assert_eq!(signed_up(&house, password).await, Some(why), "{password}");
    }
    let mut browser = house.browser();
    let form = browser.get("/signup").await;
    let answer = browser
        .submit(&form, "signup", &[("email", "noh@example.com"), ("name", "Noh"), ("password", "blink182blink")])
        .await;
    assert!(answer.text("password-problem").contains("Programs guess this password quickly"), "{}", answer.body);
}

#[tokio::test]
async fn what_is_in_the_list_is_refused_at_sign_up_change_and_reset() {
    let folder = Folder::new();
    let list = list(&folder);
    let house = TestApp::with(|config| config.passwords.breached = Some(list)).await;
    assert_eq!(signed_up(&house, STOLEN).await, Some(PasswordRejected::Breached));
    assert_eq!(signed_up(&house, "a password that nobody stole").await, None);
    let user = house.sign_up("kim@example.com").await;
    let (knows, stolen, here) = (Secret::from(PASSWORD), Secret::from(STOLEN), from([192, 0, 2, 1]));
    let changed = house.accounts.change_password(user.id, Entitled::Knows(&knows), &stolen, &here).await;
    assert!(matches!(changed, Err(ChangePasswordRejected::Password(PasswordRejected::Breached))));
}

/// A service that answers for ranges, as the one for stolen passwords does.
#[derive(Clone)]
struct Service {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
    status: Arc<Mutex<StatusCode>>,
}

impl Service {
    async fn listening() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            status: Arc::new(Mutex::new(StatusCode::OK)),
        };
        let routes = Router::new().fallback(answer).with_state(service.clone());
        let (phase, watched) = watch::channel(Phase::Serving);
        let options = Options::from_config(&ServerConfig::default()).unwrap();
        tokio::spawn(async move {
            let _phase = phase;
            serve(listener, routes, options, watched).await
        });
        service
    }

    async fn house(&self) -> TestApp {
        let address = self.address;
        TestApp::with(|config| {
            config.network.outgoing_allowed = vec!["127.0.0.1/32".parse().unwrap()];
            config.network.outgoing_http = true;
            config.passwords.breached_api = Some(format!("http://{address}/range"));
        })
        .await
    }

    fn asked(&self) -> Vec<(String, HeaderMap)> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

async fn answer(State(service): State<Service>, uri: Uri, headers: HeaderMap) -> (StatusCode, String) {
    service.asked.lock().unwrap().push((uri.to_string(), headers));
    let stolen = digits(STOLEN);
    let padding = "0".repeat(35);
    let body = if uri.path().ends_with(&stolen[..5]) {
        format!("{padding}:0\r\n{}:42\r\n", &stolen[5..])
    } else {
        format!("{padding}:0\r\n")
    };
    (*service.status.lock().unwrap(), body)
}

#[tokio::test]
async fn the_service_is_told_five_digits_and_its_answer_is_kept() {
    let service = Service::listening().await;
    let house = service.house().await;
    assert_eq!(signed_up(&house, STOLEN).await, Some(PasswordRejected::Breached));
    let asked = service.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].0, format!("/range/{}", &digits(STOLEN)[..5]));
    assert_eq!(asked[0].1["add-padding"], "true");
    assert_eq!(signed_up(&house, STOLEN).await, Some(PasswordRejected::Breached));
    assert!(service.asked().is_empty(), "it was asked a moment ago");
    // Nobody is asked about what the rules refuse.
    assert_eq!(signed_up(&house, "christopher").await, Some(PasswordRejected::Common));
    assert!(service.asked().is_empty());
    assert_eq!(signed_up(&house, "a password that nobody stole").await, None);
}

#[tokio::test]
async fn a_service_that_is_away_refuses_nobody() {
    let service = Service::listening().await;
    *service.status.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    let house = service.house().await;
    assert_eq!(signed_up(&house, STOLEN).await, None);
    assert_eq!(service.asked().len(), 1);
}
