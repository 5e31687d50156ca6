//! Passkeys whose key is in hardware, by the word of an authority of the tests: `phrh` of OpenID Connect EAP ACR Values 1.0, and who reaches it.

use haechi::admin::{Authority, users};
use haechi::model::passkey::{Backup, KeyProtection};
use haechi::model::user::Role;
use haechi::model::{Passkey, User};
use haechi::store::Change;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::app::{ISSUER, TestApp};
use crate::support::ask::Ask;
use crate::support::attesting::{Attesting, metadata_of};
use crate::support::authenticator::{Authenticator, BE, UP, UV, options};
use crate::support::builders;
use crate::support::folder::Folder;

/// Authenticators that keep keys in hardware, and others that do not; both are listed.
const HARDWARE: Uuid = uuid::uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a");
const SOFTWARE: Uuid = uuid::uuid!("cb69481e-8ff7-4039-93ec-0a2729a154a8");

/// A house that lists both, and who attests them.
struct House {
    app: TestApp,
    authority: Attesting,
    _metadata: Folder,
}

impl House {
    async fn new() -> Self {
        let authority = Attesting::new();
        let kinds: &[(Uuid, &[&str])] = &[(HARDWARE, &["hardware", "secure_element"]), (SOFTWARE, &["software"])];
        let (folder, passkeys) = metadata_of(&authority, kinds);
        let app = TestApp::with(|config| config.passkeys = passkeys).await;
        app.first_party("app").await;
        Self { app, authority, _metadata: folder }
    }

    /// An authenticator of this kind, attested as one.
    fn device(&self, aaguid: Uuid, name: &str) -> Authenticator {
        let mut device = Authenticator::new(ISSUER, name);
        device.aaguid = *aaguid.as_bytes();
        device.attested_by(Some(&self.authority));
        device
    }

    /// What the app is told of the sign-in that a code is of.
    async fn told(&self, code: &str) -> (Value, Value) {
        let (_, claims) = self.app.id_token("app", code).await;
        (claims["acr"].clone(), claims["amr"].clone())
    }
}

fn asking(value: &str) -> Ask {
    Ask::of("app").with("acr_values", value)
}

fn essential(value: &str) -> Ask {
    let claim = json!({ "id_token": { "acr": { "essential": true, "value": value } } });
    Ask::of("app").with("claims", &claim.to_string())
}

/// How many passkeys a question names.
fn named(options: &str) -> usize {
    let asked: Value = serde_json::from_str(options).unwrap();
    asked["allowCredentials"].as_array().unwrap().len()
}

async fn advertised(app: &TestApp) -> Vec<Value> {
    let document = app.browser().get("/.well-known/openid-configuration").await;
    let document: Value = serde_json::from_str(&document.body).unwrap();
    document["acr_values_supported"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_passkey_in_hardware_is_phrh_and_every_other_one_is_phr() {
    let house = House::new().await;
    assert!(advertised(&house.app).await.contains(&json!("phrh")));
    for (n, (aaguid, flags, in_hardware)) in [
        (HARDWARE, UP | UV, true),
        // One that may be copied leaves the hardware that it was made in.
        (HARDWARE, UP | UV | BE, false),
        (SOFTWARE, UP | UV, false),
    ]
    .into_iter()
    .enumerate()
    {
        let user = house.app.user(&format!("user{n}@example.com")).await;
        let mut device = house.device(aaguid, &n.to_string());
        device.flags = flags;
        let mut browser = house.app.signed_in(&user).await;
        let added = browser.add_passkey(&mut device, "Key").await;
        assert!(added.has("saved"), "{}", added.body);
        assert_eq!(added.text("passkeys").contains("protected by hardware"), in_hardware, "{}", added.body);
        let (acr, method) = if in_hardware { ("phrh", "hwk") } else { ("phr", "pop") };
        // Whoever made it unlocked its authenticator here.
        let made = browser.get(&asking(acr).with("prompt", "none").url()).await.answer();
        assert_eq!(house.told(&made["code"]).await, (json!(acr), json!(["pwd", method, "user", "mfa"])));
        let mut elsewhere = house.app.browser();
        let login = elsewhere.get(&Ask::of("app").url()).await;
        let used = elsewhere.use_passkey(&login, &mut device).await.answer();
        assert_eq!(house.told(&used["code"]).await, (json!(acr), json!([method, "user", "mfa"])));
        // It is phishing-resistant, too, where no more is asked for.
        let less = elsewhere.get(&asking("phr").url()).await.answer();
        assert_eq!(house.told(&less["code"]).await.0, json!("phr"));
        for asks in [asking("phrh"), essential("phrh")] {
            let asked = elsewhere.get(&asks.url()).await;
            if in_hardware {
                assert_eq!(house.told(&asked.answer()["code"]).await.0, json!("phrh"));
            } else {
                assert_eq!(asked.error(), "unmet_authentication_requirements");
            }
        }
    }
}

#[tokio::test]
async fn somebody_with_one_is_led_to_exactly_that_one() {
    let house = House::new().await;
    let alice = house.app.user("alice@example.com").await;
    let (mut hard, mut soft) = (house.device(HARDWARE, "hard"), house.device(SOFTWARE, "soft"));
    let mut browser = house.app.signed_in(&alice).await;
    for device in [&mut hard, &mut soft] {
        assert!(browser.add_passkey(device, "").await.has("saved"));
    }
    let mut elsewhere = house.app.browser();
    let login = elsewhere.get(&asking("phrh").url()).await;
    let asked = elsewhere.use_passkey(&login, &mut soft).await;
    assert!(asked.has("second-step") && asked.has("passkey") && !asked.has("second"), "{}", asked.body);
    assert!(asked.body.contains("protected by hardware"), "{}", asked.body);
    assert_eq!(named(&options(&asked)), 1);
    let (again, _) = elsewhere.ask_again(&asked).await.unwrap();
    assert_eq!(named(&again), 1, "a page that stood open for long asks for the same");
    for asks in [asking("phrh"), essential("phrh")] {
        assert_eq!(elsewhere.get(&asks.with("prompt", "none").url()).await.error(), "login_required");
    }
    // Another one proves no more than it did.
    let asked = elsewhere.use_passkey(&asked, &mut soft).await;
    assert!(asked.has("second-step") && asked.has("passkey"), "{}", asked.body);
    let answer = elsewhere.use_passkey(&asked, &mut hard).await.answer();
    assert_eq!(house.told(&answer["code"]).await, (json!("phrh"), json!(["pop", "user", "mfa", "hwk"])));
    // Where any passkey is enough, any is asked for.
    let mut third = house.app.signed_in(&alice).await;
    let asked = third.get(&asking("phr").url()).await;
    assert_eq!(named(&options(&asked)), 2, "{}", asked.body);
    // Of several one is enough, and the first that was reached is said.
    let asked = third.get(&asking("phrh phr").url()).await;
    assert_eq!(named(&options(&asked)), 2, "{}", asked.body);
    let answer = third.use_passkey(&asked, &mut hard).await.answer();
    assert_eq!(house.told(&answer["code"]).await.0, json!("phrh"));
}

#[tokio::test]
async fn somebody_without_one_is_told_that_it_cannot_be_reached() {
    let house = House::new().await;
    let mut plain = house.app.signed_in(&house.app.user("plain@example.com").await).await;
    let mut soft = house.app.signed_in(&house.app.user("soft@example.com").await).await;
    assert!(soft.add_passkey(&mut house.device(SOFTWARE, "soft"), "").await.has("saved"));
    for browser in [&mut plain, &mut soft] {
        for asks in [asking("phrh"), essential("phrh")] {
            for asks in [asks.clone(), asks.with("prompt", "none")] {
                assert_eq!(browser.get(&asks.url()).await.error(), "unmet_authentication_requirements");
            }
        }
    }
    let answer = soft.get(&asking("phrh phr").url()).await.answer();
    assert_eq!(house.told(&answer["code"]).await.0, json!("phr"), "one of several is enough");
}

#[tokio::test]
async fn administrators_see_of_which_passkeys_it_is_proved() {
    let house = House::new().await;
    let alice = house.app.user("alice@example.com").await;
    let mut browser = house.app.signed_in(&alice).await;
    for aaguid in [HARDWARE, SOFTWARE] {
        let mut device = house.device(aaguid, &aaguid.to_string());
        assert!(browser.add_passkey(&mut device, "").await.has("saved"));
    }
    let chief = house.app.user("chief@example.com").await;
    let roles = vec![Role::Administrator];
    let chief = users::set_roles(&house.app.admin, &Authority::operator(), chief.id, roles).await.unwrap();
    let mut console = house.app.signed_in(&chief).await;
    let access = console.get(&format!("/admin/people/{}/access", alice.id)).await;
    assert_eq!(access.body.matches("protected by hardware").count(), 1, "{}", access.body);
}

#[tokio::test]
async fn whoever_signs_up_by_one_has_proved_it() {
    let house = House::new().await;
    let mut browser = house.app.browser();
    let entered = browser.sign_up_by_passkey("kim@example.com", &mut house.device(HARDWARE, "kim")).await;
    assert!(house.app.has_session(&browser).await, "{}", entered.body);
    let answer = browser.get(&asking("phrh").with("prompt", "none").url()).await.answer();
    assert_eq!(house.told(&answer["code"]).await, (json!("phrh"), json!(["hwk", "user", "mfa"])));
}

/// What was proved once counts as long as its authenticator is listed: here none is any more.
#[tokio::test]
async fn where_nothing_is_attested_any_more_nothing_is_proved() {
    let app = TestApp::new().await;
    app.first_party("app").await;
    assert!(!advertised(&app).await.contains(&json!("phrh")));
    let alice = app.user("alice@example.com").await;
    app.commit(vec![Change::InsertPasskey(Box::new(from_before(&alice)))]).await;
    assert!(app.accounts.factors(alice.id).await.unwrap().hardware, "it is remembered");
    let mut browser = app.signed_in(&alice).await;
    for asks in [asking("phrh"), essential("phrh")] {
        assert_eq!(browser.get(&asks.url()).await.error(), "unmet_authentication_requirements");
    }
    let silent = browser.get(&asking("phr").with("prompt", "none").url()).await;
    assert_eq!(silent.error(), "login_required", "it is a passkey still");
}

/// A passkey whose key was proved to be in hardware.
fn from_before(user: &User) -> Passkey {
    Passkey {
        aaguid: HARDWARE,
        backup: Backup::DeviceBound,
        protection: KeyProtection::Hardware,
        ..builders::passkey(user)
    }
}
