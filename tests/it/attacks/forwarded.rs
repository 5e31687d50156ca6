//! ENUM-008: whoever makes up where a request comes from gets no more tries by it.

use axum::http::StatusCode;

use crate::support::app::{PEER, TestApp};

/// Wrong passwords that an address may have.
const LIMIT: usize = 10;
const TRIES: usize = 3 * LIMIT;
/// Where the guesser is, as the proxy sees it.
const MALLORY: &str = "203.0.113.7";

type Headers = Vec<(&'static str, String)>;

/// How many guesses are looked at, at as many accounts, of a browser that sends headers with the number of its try.
async fn looked_at(behind_a_proxy: bool, headers: impl Fn(usize) -> Headers) -> usize {
    let house = TestApp::with(|config| {
        config.throttling.password_failures_per_account = 1000;
        config.throttling.password_failures_per_address = 10;
        if behind_a_proxy {
            config.network.trusted_proxies = vec![PEER.ip().into()];
        }
    })
    .await;
    let mut looked_at = 0;
    for number in 0..TRIES {
        let mut browser = house.browser();
        browser.headers = headers(number);
        let login = browser.get("/login").await;
        let email = format!("person{number}@example.com");
        let filled = [("email", email.as_str()), ("password", "a wrong password")];
        match browser.submit(&login, "login", &filled).await.status {
            StatusCode::UNPROCESSABLE_ENTITY => looked_at += 1,
            StatusCode::TOO_MANY_REQUESTS => {}
            other => panic!("{other}: no stage is left out"),
        }
    }
    looked_at
}

fn made_up(number: usize) -> String {
    format!("198.51.100.{number}")
}

/// Where no proxy is trusted, no header says anything.
#[tokio::test]
async fn enum_008_without_a_trusted_proxy_no_header_is_believed() {
    let every = |number: usize| {
        let address = made_up(number);
        vec![
            ("x-forwarded-for", address.clone()),
            ("forwarded", format!("for={address}")),
            ("x-real-ip", address.clone()),
            ("x-client-ip", address.clone()),
            ("true-client-ip", address.clone()),
            ("cf-connecting-ip", address),
        ]
    };
    assert_eq!(looked_at(false, every).await, LIMIT);
}

/// What a proxy adds is the right-most; everything to the left of it came from the browser.
#[tokio::test]
async fn enum_008_behind_a_proxy_what_the_browser_puts_before_is_not_believed() {
    assert_eq!(
        looked_at(true, |n: usize| vec![("x-forwarded-for", format!("{}, {MALLORY}", made_up(n)))]).await,
        LIMIT
    );
    let lines = |n: usize| vec![("x-forwarded-for", made_up(n)), ("x-forwarded-for", MALLORY.to_owned())];
    assert_eq!(looked_at(true, lines).await, LIMIT);
    let many = |n: usize| vec![("x-forwarded-for", format!("{}{MALLORY}", format!("{}, ", made_up(n)).repeat(100)))];
    assert_eq!(looked_at(true, many).await, LIMIT);
    // Headers that the proxy does not write.
    let others = |n| {
        let address = made_up(n);
        vec![
            ("x-real-ip", address.clone()),
            ("forwarded", format!("for={address}")),
            ("x-forwarded-for", MALLORY.to_owned()),
        ]
    };
    assert_eq!(looked_at(true, others).await, LIMIT);
    // And people behind it are told apart.
    assert_eq!(looked_at(true, |n: usize| vec![("x-forwarded-for", made_up(n))]).await, TRIES);
}

/// What is no address is the proxy's, and counts: no stage is left out.
#[tokio::test]
async fn enum_008_what_is_no_address_counts_as_the_proxys() {
    for nonsense in ["a", "", " ", "unknown", "_hidden", "999.1.1.1", "203.0.113.7, a", "a, ", "\"203.0.113.7"] {
        let headers = |n: usize| vec![("x-forwarded-for", format!("{}, {nonsense}", made_up(n)))];
        assert_eq!(looked_at(true, headers).await, LIMIT, "{nonsense:?}");
    }
    assert_eq!(looked_at(true, |_| Vec::new()).await, LIMIT);
}

/// A subscriber has a network of IPv6 addresses, and is one.
#[tokio::test]
async fn enum_008_the_addresses_of_a_network_are_one_behind_a_proxy_too() {
    let rotating = |n: usize| vec![("x-forwarded-for", format!("2001:db8:0:1:{n:x}:{n:x}:{n:x}:{n:x}"))];
    assert_eq!(looked_at(true, rotating).await, LIMIT);
    let mapped = |n: usize| {
        let address = if n.is_multiple_of(2) { MALLORY.to_owned() } else { format!("::ffff:{MALLORY}") };
        vec![("x-forwarded-for", address)]
    };
    assert_eq!(looked_at(true, mapped).await, LIMIT);
}
