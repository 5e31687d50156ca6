//! Webhooks: what happens is told, signed, to those who are to be told it, until they take it.

mod receiver;

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use haechi::admin::users::{self, UserResource};
use haechi::admin::webhooks::{self, WebhookResource};
use haechi::admin::{Authority, Rejected};
use haechi::config::Config;
use haechi::model::User;
use haechi::model::audit_event::AuditKind;
use haechi::model::webhook::{Message, MessageState, Webhook};
use haechi::support::id::WebhookId;
use serde_json::{Value, json};

use crate::documentation::pages::block;
use crate::foreign::python;
use crate::support::app::TestApp;
use crate::support::shell::prints;
use receiver::Receiver;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A house that can reach the receiver, and no other inside address.
async fn house(receiver: &Receiver) -> TestApp {
    let port = receiver.port();
    TestApp::with(|config: &mut Config| {
        config.network.outgoing_allowed = vec!["127.0.0.1/32".parse().unwrap()];
        config.network.outgoing_http = true;
        config.network.outgoing_ports = vec![port];
    })
    .await
}

fn document(value: Value) -> WebhookResource {
    serde_json::from_value(value).unwrap()
}

async fn webhook(house: &TestApp, receiver: &Receiver, kinds: &[&str]) -> Webhook {
    let new = document(json!({ "url": receiver.url(), "kinds": kinds, "secret": SECRET }));
    let made = webhooks::create(&house.app.admin, &Authority::operator(), &new).await.unwrap();
    // What comes before it is none of its business, its own beginning included.
    look(house).await;
    receiver.received();
    made.webhook
}

/// Seals what happened, makes messages of it, and makes every attempt that is due.
async fn look(house: &TestApp) -> u32 {
    house.app.audit.seal().await.unwrap();
    let mut made = 0;
    loop {
        match house.app.webhooks.look_and_wait().await.unwrap() {
            0 => return made,
            more => made += more,
        }
    }
}

fn pass(house: &TestApp, seconds: u64) {
    house.clock.advance(Duration::from_secs(seconds));
}

async fn account(house: &TestApp, email: &str) -> User {
    let new = UserResource { email: Some(email.to_owned()), ..UserResource::default() };
    users::create(&house.app.admin, &Authority::operator(), new).await.unwrap()
}

async fn messages(house: &TestApp, webhook: &Webhook) -> Vec<Message> {
    let by = Authority::operator();
    webhooks::messages(&house.app.admin, &by, webhook.id, None, 100).await.unwrap().items
}

async fn now(house: &TestApp, webhook: &Webhook) -> Webhook {
    webhooks::find(&house.app.admin, &Authority::operator(), webhook.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_happens_is_told_once_to_those_who_are_to_be_told_it() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    webhook(&house, &receiver, &["user_created"]).await;
    let kim = account(&house, "kim@example.com").await;
    house.client("shop", |_| {}).await;
    assert_eq!(look(&house).await, 1);
    let received = receiver.received();
    let said = received[0].said();
    assert_eq!(
        (said["type"].as_str(), said["data"]["user"].as_str()),
        (Some("user_created"), Some(&*kim.id.to_string()))
    );
    assert_eq!((received.len(), received[0].header("content-type")), (1, "application/json"));
    assert!(
        said["timestamp"].as_str().unwrap().ends_with('Z') && said["data"]["id"].as_str().unwrap().starts_with("evt_")
    );
    assert_eq!(look(&house).await, 0, "and no second time");
}

/// Standard Webhooks 1.0.0, beside its own library: every message verifies, none that was changed does, and while a secret is changed both verify.
#[tokio::test]
async fn messages_are_signed_as_the_specifications_library_verifies() {
    const VERIFY: &str = "
import json, sys
from standardwebhooks import Webhook
for secret, headers, body in json.load(sys.stdin):
    webhook = Webhook(secret)
    # The library looks at the second of the attempt: the clock of the test stands elsewhere.
    webhook._Webhook__verify_timestamp = lambda header: __import__('datetime').datetime.fromtimestamp(int(header), __import__('datetime').timezone.utc)
    try:
        webhook.verify(body.encode(), headers)
        print('true')
    except Exception as error:
        print(type(error).__name__)
";
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let made = webhook(&house, &receiver, &[]).await;
    account(&house, "kim@example.com").await;
    let (admin, by) = (&house.app.admin, Authority::operator());
    look(&house).await;
    let first = receiver.received().remove(0);
    let rotated = webhooks::rotate_secret(admin, &by, made.id, Duration::from_hours(1)).await.unwrap();
    let new = rotated.secret.unwrap().expose().clone();
    webhooks::test(admin, &by, made.id).await.unwrap();
    look(&house).await;
    let tested = receiver.received().into_iter().find(|one| one.said()["type"] == "test").unwrap();
    pass(&house, 3601);
    webhooks::test(admin, &by, made.id).await.unwrap();
    look(&house).await;
    let later = receiver.received().into_iter().find(|one| one.said()["type"] == "test").unwrap();

    let headers = |of: &receiver::Received| {
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        names.iter().map(|&name| (name.to_owned(), Value::from(of.header(name)))).collect::<serde_json::Map<_, _>>()
    };
    let body = |of: &receiver::Received| String::from_utf8(of.body.clone()).unwrap();
    assert_eq!(tested.header("webhook-signature").split(' ').count(), 2);
    let asked = json!([
        [SECRET, headers(&first), body(&first)],
        [SECRET, headers(&first), body(&first).replace("user_created", "user_deleted")],
        [new, headers(&first), body(&first)],
        [SECRET, headers(&tested), body(&tested)],
        [new, headers(&tested), body(&tested)],
        [SECRET, headers(&later), body(&later)],
        [new, headers(&later), body(&later)],
    ]);
    let Some(mut python) = python() else { return };
    let said = prints(python.args(["-c", VERIFY]), &asked.to_string());
    let wrong = "WebhookVerificationError";
    assert_eq!(said.lines().collect::<Vec<_>>(), ["true", wrong, wrong, "true", "true", wrong, "true"]);
    for page in ["docs/administration.md", "docs/administration.ko.md"] {
        let said = verified_by_the_guide(page, &asked, 299);
        assert_eq!(said, ["True", "False", "False", "True", "True", "False", "True"], "{page}");
        assert_eq!(verified_by_the_guide(page, &asked, 301), ["False"; 7], "{page}: sent again too late");
    }
}

/// What the function of the guide says of messages that arrive so many seconds after they were sent.
fn verified_by_the_guide(page: &str, asked: &Value, late: u32) -> Vec<String> {
    let function = block(page, "python", "def verified").code;
    let ask = format!(
        "import json, sys
for secret, headers, body in json.load(sys.stdin):
    time.time = lambda: int(headers['webhook-timestamp']) + {late}
    print(verified(secret, headers, body.encode()))
"
    );
    let said = prints(Command::new("python3").args(["-c", &(function + &ask)]), &asked.to_string());
    said.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_with_the_same_id_until_it_is() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let made = webhook(&house, &receiver, &["user_created"]).await;
    receiver.answers(500);
    account(&house, "kim@example.com").await;
    assert_eq!((look(&house).await, look(&house).await), (1, 0), "not before its time");
    pass(&house, 5);
    assert_eq!(look(&house).await, 1);
    let waiting = messages(&house, &made).await.remove(0);
    assert_eq!((waiting.state, waiting.attempts, waiting.last.unwrap().status), (MessageState::Waiting, 2, Some(500)));
    receiver.answers(200);
    pass(&house, 300);
    look(&house).await;
    let ids: BTreeSet<String> = receiver.received().iter().map(|one| one.header("webhook-id").to_owned()).collect();
    assert_eq!(ids, BTreeSet::from([waiting.id.to_string()]));
    assert_eq!(messages(&house, &made).await[0].state, MessageState::Delivered);

    // One that was given up can be sent anew.
    receiver.answers(404);
    account(&house, "lee@example.com").await;
    let mut attempts = 0;
    while attempts < 20 && {
        attempts += look(&house).await;
        messages(&house, &made).await[0].state == MessageState::Waiting
    } {
        house.clock.set(messages(&house, &made).await[0].next_at);
    }
    assert_eq!(attempts, 10);
    let failed = messages(&house, &made).await.remove(0);
    assert_eq!(failed.state, MessageState::Failed);
    receiver.answers(200);
    receiver.received();
    let (admin, by) = (&house.app.admin, Authority::operator());
    let again = webhooks::replay(admin, &by, made.id, failed.id).await.unwrap();
    assert_eq!((again.id, again.attempts, again.state), (failed.id, 0, MessageState::Waiting));
    look(&house).await;
    assert_eq!(receiver.kinds(), ["user_created"]);
}

#[tokio::test]
async fn of_many_nodes_one_tells_and_one_that_stopped_in_the_middle_is_stood_in_for() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let made = webhook(&house, &receiver, &["user_created"]).await;
    let nodes = [house.second_node().await, house.second_node().await, house.second_node().await];
    for n in 0..6 {
        account(&house, &format!("kim{n}@example.com")).await;
    }
    house.app.audit.seal().await.unwrap();
    for _ in 0..4 {
        futures_util::future::join_all(nodes.iter().map(|node| node.app.webhooks.look_and_wait())).await;
    }
    let received = receiver.received();
    let ids: BTreeSet<&str> = received.iter().map(|one| one.header("webhook-id")).collect();
    assert_eq!((received.len(), ids.len()), (6, 6));

    // A node takes a message and is gone.
    account(&house, "lee@example.com").await;
    house.app.audit.seal().await.unwrap();
    receiver.answers(500);
    look(&house).await;
    pass(&house, 5);
    let store = &house.app.stores.webhooks;
    let taken = store.due(house.app.clock.now(), 1, 1).await.unwrap().remove(0);
    assert!(store.take(&taken, house.app.clock.now().plus(Duration::from_mins(2))).await.unwrap());
    assert!(!store.take(&taken, house.app.clock.now()).await.unwrap(), "one takes it");
    receiver.answers(200);
    receiver.received();
    assert_eq!(look(&house).await, 0);
    pass(&house, 120);
    assert_eq!((look(&house).await, receiver.kinds()), (1, vec!["user_created".to_owned()]));
    // What the one that was gone says later changes nothing.
    let late = Message { attempts: taken.attempts + 1, state: MessageState::Failed, ..taken };
    store.note(&late).await.unwrap();
    assert_eq!(messages(&house, &made).await[0].state, MessageState::Delivered);
}

#[tokio::test]
async fn one_that_is_switched_off_is_told_nothing_and_nothing_of_what_happened_meanwhile() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let made = webhook(&house, &receiver, &["user_created"]).await;
    let (admin, by) = (&house.app.admin, Authority::operator());
    webhooks::set_enabled(admin, &by, made.id, false).await.unwrap();
    account(&house, "kim@example.com").await;
    assert_eq!(look(&house).await, 0);
    webhooks::set_enabled(admin, &by, made.id, true).await.unwrap();
    house.app.audit.seal().await.unwrap();
    account(&house, "lee@example.com").await;
    assert_eq!((look(&house).await, receiver.kinds().len()), (1, 1));

    webhooks::delete(admin, &by, made.id).await.unwrap();
    account(&house, "park@example.com").await;
    assert_eq!((look(&house).await, messages(&house, &made).await.len()), (0, 0));
    assert!(matches!(webhooks::test(admin, &by, made.id).await, Err(Rejected::NotFound(_))));
}

#[tokio::test]
async fn one_that_is_gone_or_takes_nothing_for_days_is_switched_off_and_the_log_says_why() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let made = webhook(&house, &receiver, &["user_created"]).await;
    receiver.answers(410);
    account(&house, "kim@example.com").await;
    look(&house).await;
    assert!(!now(&house, &made).await.enabled);
    let entry = house.audit(AuditKind::WebhookDisabled).await.remove(0);
    assert_eq!(entry.detail.as_deref(), Some("it answered 410 Gone"));

    let (admin, by) = (&house.app.admin, Authority::operator());
    webhooks::set_enabled(admin, &by, made.id, true).await.unwrap();
    receiver.answers(503);
    for day in 0..7 {
        account(&house, &format!("lee{day}@example.com")).await;
        look(&house).await;
        pass(&house, 24 * 3600);
    }
    assert!(!now(&house, &made).await.enabled);
    assert_eq!(house.audit(AuditKind::WebhookDisabled).await.len(), 2);
}

/// What waits is bounded: the audit log keeps the rest, and it follows when there is room.
#[tokio::test]
async fn a_receiver_that_is_away_costs_a_bounded_number_of_rows_and_misses_nothing() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let made = webhook(&house, &receiver, &["signed_out"]).await;
    receiver.answers(500);
    let user = account(&house, "kim@example.com").await;
    let event = |_| {
        let event = haechi::model::AuditEvent::new(
            AuditKind::SignedOut,
            haechi::model::audit_event::Actor::User(user.id),
            house.app.clock.now(),
            &*house.app.random,
        );
        haechi::store::Change::Audit(event.to_user(user.id))
    };
    for _ in 0..14 {
        house.app.stores.work.commit((0..100).map(event).collect()).await.unwrap();
    }
    house.app.audit.seal().await.unwrap();
    for _ in 0..10 {
        house.app.webhooks.look_and_wait().await.unwrap();
    }
    let waiting = count_waiting(&house, &made).await;
    assert!((1000..1200).contains(&waiting), "{waiting}");
    receiver.answers(200);
    let mut told = BTreeSet::new();
    for _ in 0..900 {
        pass(&house, 5);
        if house.app.webhooks.look_and_wait().await.unwrap() == 0 && told.len() >= 1400 {
            break;
        }
        told.extend(receiver.received().iter().map(|one| one.said()["data"]["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(told.len(), 1400);
}

async fn count_waiting(house: &TestApp, webhook: &Webhook) -> usize {
    let (mut before, mut count) = (None, 0);
    loop {
        let page = house.app.stores.webhooks.messages(webhook.id, before, 500).await.unwrap();
        count += page.items.iter().filter(|message| message.state == MessageState::Waiting).count();
        before = page.items.last().map(|last| last.id);
        if !page.more {
            return count;
        }
    }
}

#[tokio::test]
async fn where_nothing_may_be_reached_no_webhook_is_made_and_none_leads_inside() {
    let receiver = Receiver::listening().await;
    let house = TestApp::new().await;
    let (admin, by) = (&house.app.admin, Authority::operator());
    for (url, code) in [
        (receiver.url(), "not_https"),
        ("https://user:password@hooks.example/".to_owned(), "not_a_url"),
        ("https://hooks.example/#x".to_owned(), "not_a_url"),
        ("https://hooks.example:22/".to_owned(), "port_not_allowed"),
        ("file:///etc/passwd".to_owned(), "not_a_url"),
        (String::new(), "not_a_url"),
    ] {
        let refused = webhooks::create(admin, &by, &document(json!({ "url": url }))).await.unwrap_err();
        let Rejected::Invalid(found) = refused else { panic!("{url}: {refused:?}") };
        assert_eq!(found[0].error.code(), code, "{url}");
    }
    // The address is looked at when it is called: a name may lead anywhere then.
    let new = document(json!({ "url": "https://127.0.0.1:8443/hook", "kinds": ["user_created"] }));
    let made = webhooks::create(admin, &by, &new).await.unwrap().webhook;
    webhooks::test(admin, &by, made.id).await.unwrap();
    look(&house).await;
    let sent = messages(&house, &made).await;
    assert!(
        sent.iter()
            .all(|message| message.last.as_ref().unwrap().problem.as_deref() == Some("the address is not allowed")),
        "{sent:?}"
    );
}

#[tokio::test]
async fn no_more_are_made_than_there_is_room_for_however_many_ask_at_once() {
    let receiver = Receiver::listening().await;
    let house = house(&receiver).await;
    let (admin, by) = (&house.app.admin, Authority::operator());
    let new = document(json!({ "url": receiver.url() }));
    for _ in 0..50 {
        webhooks::create(admin, &by, &new).await.unwrap();
    }
    assert!(matches!(webhooks::create(admin, &by, &new).await, Err(Rejected::TooMany(_, 50))));
    let nobody = WebhookId::from_bytes([7; 16]);
    assert!(matches!(webhooks::delete(admin, &by, nobody).await, Err(Rejected::NotFound(_))));
}
