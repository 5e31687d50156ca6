//! Enumeration and brute force.

use std::collections::BTreeSet;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

use haechi::admin::Authority;
use haechi::admin::users::{self, UserResource};
use haechi::identity::accounts::{Entitled, Origin, SignInRejected};
use haechi::identity::password::Asker;
use haechi::support::Secret;

use crate::support::accounts::{PASSWORD, browser, from};
use crate::support::app::TestApp;

/// What a guesser sees.
async fn seen(house: &TestApp, email: &str, password: &str, origin: &Origin) -> String {
    match house.log_in(email, password, origin).await {
        Ok(_) => "signed in".to_owned(),
        Err(rejected) => format!("{rejected:?}"),
    }
}

#[tokio::test]
async fn enum_001_who_has_an_account_does_not_show() {
    let house = TestApp::with(|config| config.throttling.password_failures_per_account = 4).await;
    house.sign_up("there@example.com").await;
    let disabled = house.sign_up("disabled@example.com").await;
    users::set_enabled(&house.admin, &Authority::operator(), disabled.id, false).await.unwrap();
    let without = UserResource { email: Some("passkey@example.com".to_owned()), ..UserResource::default() };
    users::create(&house.admin, &Authority::operator(), without).await.unwrap();
    let mut answers = BTreeSet::new();
    for email in ["there@example.com", "disabled@example.com", "passkey@example.com", "nobody@example.com"] {
        let mut answer = Vec::new();
        for _ in 0..8 {
            answer.push(seen(&house, email, "a wrong password", &from([192, 0, 2, 1])).await);
        }
        assert!(answer[3].contains("WrongCredentials") && answer[4].contains("Throttled"), "{answer:?}");
        answers.insert(answer);
    }
    assert_eq!(answers.len(), 1, "{answers:#?}");
}

#[tokio::test]
async fn enum_002_unknown_people_cost_a_hash_of_the_same_parameters() {
    // Work, not time: the machine may be busy.
    let house = TestApp::with(|config| {
        config.accounts.argon2_memory_kib = 72;
        config.accounts.argon2_passes = 2;
    })
    .await;
    house.sign_up("there@example.com").await;
    let without = UserResource { email: Some("passkey@example.com".to_owned()), ..UserResource::default() };
    users::create(&house.admin, &Authority::operator(), without).await.unwrap();
    for email in ["there@example.com", "passkey@example.com", "nobody@example.com", "no address at all"] {
        let before = house.hasher.spent();
        house.log_in(email, "a wrong password", &from([192, 0, 2, 1])).await.unwrap_err();
        assert_eq!(house.hasher.spent() - before, 72 * 2, "{email}");
    }
}

#[tokio::test]
async fn enum_003_aliases_of_an_account_share_its_counter() {
    let house = TestApp::with(|config| config.throttling.password_failures_per_account = 5).await;
    let user = house.sign_up("alice@corp.example").await;
    let id = user.id.to_string();
    let aliases = [
        "alice@corp.example",
        "Alice@corp.example",
        "alice@CORP.example",
        " alice@corp.example ",
        "ALICE@corp.example\t",
    ];
    let mut evaluated = 0;
    for _ in 0..5 {
        for alias in aliases {
            let rejected = house.log_in(alias, "a wrong password", &from([192, 0, 2, 1])).await.unwrap_err();
            evaluated += u32::from(matches!(rejected, SignInRejected::WrongCredentials));
        }
    }
    assert_eq!(evaluated, 5);
    // What does not resolve to the account cannot guess its password either.
    for alias in ["alice", id.as_str(), "\u{ff41}lice@corp.example"] {
        let rejected = house.log_in(alias, PASSWORD, &from([192, 0, 2, 9])).await.unwrap_err();
        assert!(matches!(rejected, SignInRejected::WrongCredentials), "{alias}: {rejected:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enum_004_parallel_guesses_do_not_beat_the_counter() {
    let house = Arc::new(TestApp::with(|config| config.throttling.password_failures_per_account = 5).await);
    house.sign_up("alice@example.com").await;
    let guesses: Vec<_> = (0..200)
        .map(|_| {
            let house = Arc::clone(&house);
            tokio::spawn(async move {
                loop {
                    let seen = seen(&house, "alice@example.com", "a wrong password", &from([192, 0, 2, 1])).await;
                    // Two wait for a hash at once, and the others have guessed nothing yet.
                    if !seen.contains("Busy") {
                        return seen;
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let mut evaluated = 0;
    for guess in guesses {
        evaluated += u32::from(guess.await.unwrap().contains("WrongCredentials"));
    }
    assert_eq!(evaluated, 5);
}

#[tokio::test]
async fn enum_006_strangers_never_lock_the_owner_out() {
    let house = TestApp::with(|config| config.throttling.password_failures_per_account = 5).await;
    house.sign_up("alice@example.com").await;
    let home = browser([203, 0, 113, 5], "alice at home");
    let alice = house.log_in("alice@example.com", PASSWORD, &home).await.unwrap();
    // As every session begins.
    house.accounts.signs_in_here(&alice, &home).await.unwrap();
    // From one address, from the owner's own address, and from many.
    for number in 0..100_u32 {
        let [_, _, high, low] = number.to_be_bytes();
        for address in [[192, 0, 2, 1], [203, 0, 113, 5], [10, 0, high, low]] {
            let _ = house.log_in("alice@example.com", "a wrong password", &from(address)).await;
        }
    }
    let stranger = house.log_in("alice@example.com", PASSWORD, &from([10, 9, 9, 9])).await;
    assert!(matches!(stranger, Err(SignInRejected::Throttled { .. })), "the attack is under way: {stranger:?}");
    let owner = house.log_in("alice@example.com", PASSWORD, &home).await;
    assert!(owner.is_ok(), "{owner:?}");
    // And nothing lasts: a window later everybody may try again.
    house.clock.advance(Duration::from_mins(15));
    assert!(house.log_in("alice@example.com", PASSWORD, &from([10, 9, 9, 9])).await.is_ok());
}

#[tokio::test]
async fn enum_006_one_address_does_not_lock_a_new_device_out() {
    let house = TestApp::with(|config| config.throttling.password_failures_per_account = 5).await;
    house.sign_up("alice@example.com").await;
    for _ in 0..100 {
        let _ = house.log_in("alice@example.com", "a wrong password", &from([192, 0, 2, 1])).await;
    }
    assert!(house.log_in("alice@example.com", PASSWORD, &from([198, 51, 100, 7])).await.is_ok());
}

#[tokio::test]
async fn enum_008_addresses_of_one_subscriber_are_one() {
    let house = TestApp::with(|config| {
        config.throttling.password_failures_per_account = 1000;
        config.throttling.password_failures_per_address = 10;
    })
    .await;
    let mut evaluated = 0;
    for host in 0..40_u16 {
        let address = Ipv6Addr::new(0x2001, 0xdb8, 0, 1, host, host, host, host);
        let email = format!("person{host}@example.com");
        evaluated += u32::from(seen(&house, &email, "a wrong password", &from(address)).await.contains("Wrong"));
    }
    assert_eq!(evaluated, 10);
    let mapped = Ipv6Addr::from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1]);
    let mut evaluated = 0;
    for number in 0..40 {
        let origin = if number % 2 == 0 { from(mapped) } else { from([192, 0, 2, 1]) };
        let email = format!("other{number}@example.com");
        evaluated += u32::from(seen(&house, &email, "a wrong password", &origin).await.contains("Wrong"));
    }
    assert_eq!(evaluated, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enum_011_a_login_storm_is_shed_at_once_and_loses_none_it_accepted() {
    let house = TestApp::with(|config| {
        config.accounts.argon2_memory_kib = 19 * 1024;
        config.accounts.hashing_queue = 8;
        config.accounts.hashing_threads = Some(1);
        config.throttling.password_failures_per_address = 1_000_000;
        config.throttling.password_failures_everywhere = 1_000_000;
    })
    .await;
    let house = Arc::new(house);
    let password = "x".repeat(128);
    let logins: Vec<_> = (0..2000)
        .map(|number| {
            let (house, password) = (Arc::clone(&house), password.clone());
            tokio::spawn(async move {
                let address = [10, u8::try_from(number / 256).unwrap(), u8::try_from(number % 256).unwrap(), 1];
                house.log_in(&format!("unknown{number}@example.com"), &password, &from(address)).await
            })
        })
        .collect();
    let (mut answered, mut shed) = (0, 0);
    for login in logins {
        match login.await.unwrap().unwrap_err() {
            SignInRejected::WrongCredentials => answered += 1,
            SignInRejected::Busy { retry_after } => {
                assert!(retry_after >= Duration::from_secs(1) && retry_after < Duration::from_secs(60));
                shed += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(answered >= 8 && shed > 0, "{answered} answered, {shed} shed");
    // Busy is no guess: nobody's allowance was used up, and the house is as before.
    assert!(seen(&house, "unknown1@example.com", "again", &from([192, 0, 2, 1])).await.contains("WrongCredentials"));
}

/// Ten accounts with right passwords, on nine connections each, once kept everybody else out.
#[tokio::test]
async fn enum_012_one_address_leaves_room_for_others_whatever_its_passwords_are_worth() {
    let house = TestApp::with(|config| config.accounts.hashing_queue = 8).await;
    house.sign_up("kim@example.com").await;
    let at = |name: &str, address: [u8; 4]| Asker::new(name, address.into());
    let mut places: Vec<_> = (0..90)
        .filter_map(|n| house.hasher.reserve(&at(&format!("mine{}@example.com", n % 10), [192, 0, 2, 1])).ok())
        .collect();
    assert_eq!(places.len(), 4, "half of the queue");
    let here = from([192, 0, 2, 1]);
    let busy = house.log_in("kim@example.com", PASSWORD, &here).await;
    assert!(matches!(busy, Err(SignInRejected::Busy { retry_after }) if retry_after >= Duration::from_secs(1)));
    assert!(house.log_in("kim@example.com", PASSWORD, &from([198, 51, 100, 1])).await.is_ok());
    places.truncate(3);
    assert!(house.log_in("kim@example.com", PASSWORD, &here).await.is_ok(), "whoever shares the address, too");
    drop(places);
    // One account: two places at an address, whoever takes them, and others elsewhere.
    let spellings = ["kim@example.com", "KIM@example.com", " kim@example.com"];
    let places: Vec<_> =
        spellings.iter().filter_map(|name| house.hasher.reserve(&at(name, [192, 0, 2, 1])).ok()).collect();
    assert_eq!(places.len(), 2);
    assert!(matches!(house.log_in("kim@example.com", PASSWORD, &here).await, Err(SignInRejected::Busy { .. })));
}

/// Four addresses with guesses that are refused anyway once kept an account's share of the queue full, and its owner out.
#[tokio::test]
async fn enum_006_strangers_in_the_queue_leave_the_owner_a_place() {
    let house = TestApp::with(|config| config.accounts.hashing_queue = 8).await;
    house.sign_up("kim@example.com").await;
    let home = browser([203, 0, 113, 5], "kim at home");
    let kim = house.log_in("kim@example.com", PASSWORD, &home).await.unwrap();
    house.accounts.signs_in_here(&kim, &home).await.unwrap();
    let take = |n: u8| house.hasher.reserve(&Asker::new("kim@example.com", [198, 51, n, 1].into())).ok();
    let mut places: Vec<_> = (0..4).flat_map(|n| [n; 2]).filter_map(take).collect();
    assert_eq!(places.len(), 5, "the first of each address, and one more");
    for origin in [home, from([203, 0, 113, 6])] {
        let owner = house.log_in("kim@example.com", PASSWORD, &origin).await;
        assert!(owner.is_ok(), "{owner:?}");
    }
    let other = "three cranes over a paddy field";
    let (now, new) = (Secret::from(PASSWORD), Secret::from(other));
    house.accounts.change_password(kim.id, Entitled::Knows(&now), &new, &home).await.unwrap();
    // Whoever wants all places needs as many addresses.
    places.extend((4..20).filter_map(take));
    assert_eq!(places.len(), 8);
    let busy = house.log_in("kim@example.com", other, &home).await;
    assert!(matches!(busy, Err(SignInRejected::Busy { .. })), "{busy:?}");
}
