//! What a change rests on is changed, and what is granted is ended, in the very moment, time after time: each is decided again by what holds
//! then, a few times, and never for ever.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::http::StatusCode;
use haechi::admin::connections::{CameThrough, Shift};
use haechi::admin::{Authority, ProvenAuthority, Rejected, clients, connections, sessions, users};
use haechi::config::mail::MailTransport;
use haechi::identity::accounts::{ChangePasswordRejected, Entitled, ProfileDraft};
use haechi::model::Delegation;
use haechi::model::connection::Slug;
use haechi::model::grant::{Grant, RefreshSlot};
use haechi::model::user::Role;
use haechi::model::user_edit::UserEdit;
use haechi::store::{
    BackedGrant, Change, CodeExchange, CodeRedemption, Conflict, GrantFilter, GrantStore, RefreshExchange,
    RefreshRotation, StoreError, StoreResult, UnitOfWork,
};
use haechi::support::id::{GrantId, UserId};
use haechi::support::{Clock, Digest, Timestamp};

use crate::support::accounts::from;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::ask::Ask;
use crate::support::browser::{Browser, Page};
use crate::support::builders;

const OPERATOR: ProvenAuthority = Authority::operator();
/// How often something is decided again.
const AGAIN: u32 = 5;
/// As good as each time.
const ALWAYS: u32 = 1000;

/// How often another change comes first, and how often was tried.
#[derive(Default)]
struct Rival {
    left: AtomicU32,
    tries: AtomicU32,
}

impl Rival {
    fn comes_first(&self, times: u32) {
        self.left.store(times, Ordering::SeqCst);
        self.tries.store(0, Ordering::SeqCst);
    }

    fn is_first(&self) -> bool {
        self.tries.fetch_add(1, Ordering::SeqCst);
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }

    fn tries(&self) -> u32 {
        self.tries.load(Ordering::SeqCst)
    }
}

/// Grants whose account, client or sign-in is ended in the moment in which they are made, and whose refresh token another request replaces.
struct Grants(Arc<dyn GrantStore>, Arc<Rival>);

#[async_trait]
impl GrantStore for Grants {
    async fn insert(&self, grant: Grant) -> StoreResult<()> {
        if self.1.is_first() { Err(StoreError::Conflict(Conflict::Ended)) } else { self.0.insert(grant).await }
    }

    async fn find(&self, id: GrantId) -> StoreResult<Option<Grant>> {
        self.0.find(id).await
    }

    async fn find_backed(&self, id: GrantId) -> StoreResult<Option<BackedGrant>> {
        self.0.find_backed(id).await
    }

    async fn find_behind(&self, token: Digest, id: GrantId) -> StoreResult<Option<BackedGrant>> {
        self.0.find_behind(token, id).await
    }

    /// None is so plain that it is decided without a look.
    async fn exchange_code(&self, _: CodeExchange) -> StoreResult<Option<BackedGrant>> {
        Ok(None)
    }

    async fn exchange_refresh_token(&self, _: RefreshExchange) -> StoreResult<Option<BackedGrant>> {
        Ok(None)
    }

    async fn redeem_code(
        &self,
        id: GrantId,
        now: Timestamp,
        refresh: Option<RefreshSlot>,
        expires_at: Timestamp,
    ) -> StoreResult<CodeRedemption> {
        self.0.redeem_code(id, now, refresh, expires_at).await
    }

    async fn burn_code(&self, id: GrantId, now: Timestamp) -> StoreResult<()> {
        self.0.burn_code(id, now).await
    }

    async fn rotate(
        &self,
        id: GrantId,
        expected: &RefreshSlot,
        next: RefreshSlot,
        expires_at: Timestamp,
    ) -> StoreResult<RefreshRotation> {
        if self.1.is_first() {
            return Ok(RefreshRotation::Lost);
        }
        self.0.rotate(id, expected, next, expires_at).await
    }

    async fn forget_previous_refresh_token(&self, id: GrantId, generation: u32) -> StoreResult<()> {
        self.0.forget_previous_refresh_token(id, generation).await
    }

    async fn revoke(&self, filter: &GrantFilter, now: Timestamp) -> StoreResult<u64> {
        self.0.revoke(filter, now).await
    }

    async fn offline_of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        self.0.offline_of_user(user, now).await
    }

    async fn of_user(&self, user: UserId, now: Timestamp) -> StoreResult<Vec<Grant>> {
        self.0.of_user(user, now).await
    }
}

/// Units of work of which another changes the same first.
struct Units(Arc<dyn UnitOfWork>, Arc<Rival>);

#[async_trait]
impl UnitOfWork for Units {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        if self.1.is_first() { Err(StoreError::Conflict(Conflict::Stale)) } else { self.0.commit(changes).await }
    }
}

/// Units of work ahead of which something else is committed, once.
struct Ahead(Arc<dyn UnitOfWork>, Mutex<Option<Change>>);

#[async_trait]
impl UnitOfWork for Ahead {
    async fn commit(&self, changes: Vec<Change>) -> StoreResult<()> {
        let first = self.1.lock().unwrap().take();
        if let Some(first) = first {
            self.0.commit(vec![first]).await?;
        }
        self.0.commit(changes).await
    }
}

/// A house with an app of the operator's own and an account, and what gets ahead of its grants.
async fn granting() -> (TestApp, Arc<Rival>) {
    let rival = Arc::new(Rival::default());
    let house = TestApp::new().await;
    let house = house.restocked(|stores| stores.grants = Arc::new(Grants(stores.grants.clone(), rival.clone()))).await;
    house.first_party("app").await;
    house.user("kim@example.com").await;
    (house, rival)
}

/// Signs in on an app's behalf, as far as that leads.
async fn log_in(house: &TestApp) -> (Browser, Page) {
    let mut browser = house.browser();
    let login = browser.get(&Ask::of("app").url()).await;
    let page = browser.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    (browser, page)
}

#[tokio::test]
async fn a_silent_answer_is_decided_again_a_few_times_and_not_for_ever() {
    let (house, rival) = granting().await;
    let (mut browser, _) = log_in(&house).await;
    let silent = Ask::of("app").with("prompt", "none").url();
    rival.comes_first(AGAIN);
    assert!(browser.get(&silent).await.answer().contains_key("code"));
    assert_eq!(rival.tries(), AGAIN + 1);
    rival.comes_first(ALWAYS);
    assert_eq!(browser.get(&silent).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(rival.tries(), AGAIN + 1);
}

#[tokio::test]
async fn a_login_that_goes_on_is_decided_again_a_few_times_and_not_for_ever() {
    let (house, rival) = granting().await;
    rival.comes_first(AGAIN);
    assert!(log_in(&house).await.1.answer().contains_key("code"));
    assert_eq!(rival.tries(), AGAIN + 1);
    rival.comes_first(ALWAYS);
    let (mut browser, page) = log_in(&house).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(rival.tries(), AGAIN + 1);
    // Nothing was used up by that: the same login goes on when it can.
    rival.comes_first(0);
    assert!(browser.get(page.url.as_str()).await.answer().contains_key("code"));
}

#[tokio::test]
async fn a_refresh_that_loses_every_race_is_given_up_and_may_be_sent_again() {
    let (house, rival) = granting().await;
    let (mut browser, _) = log_in(&house).await;
    let code = browser.get(&Ask::of("app").with("scope", "openid offline_access").url()).await.answer();
    let tokens = house.redeem("app", &code["code"]).await;
    let refresh = async || {
        let token = tokens["refresh_token"].as_str().unwrap();
        let fields = [("grant_type", "refresh_token"), ("client_id", "app"), ("refresh_token", token)];
        house.browser().post_once("/token", &fields).await
    };
    rival.comes_first(ALWAYS);
    assert_eq!(refresh().await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(rival.tries(), 16);
    rival.comes_first(1);
    assert_eq!(refresh().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_change_that_others_get_ahead_of_is_made_again_a_few_times_and_not_for_ever() {
    let house = TestApp::new().await;
    let client = house.first_party("app").await;
    let user = house.user("kim@example.com").await;
    let chance = house.random.as_ref();
    for (position, slug) in [(0, "google"), (10, "kakao")] {
        let connection = builders::connection(slug, slug, "us", house.clock.now(), chance);
        let connection = haechi::model::connection::Connection { position, ..connection };
        house.commit(vec![Change::InsertConnection(Box::new(connection))]).await;
    }
    let rival = Arc::new(Rival::default());
    let house = house.restocked(|stores| stores.work = Arc::new(Units(stores.work.clone(), rival.clone()))).await;
    let (admin, user, app) = (&house.admin, user.id, client.id);
    let [google, kakao] = ["google", "kakao"].map(|slug| Slug::parse(slug).unwrap());
    for what in ["name", "password", "switch", "roles", "sessions", "client", "connection", "order"] {
        // What is switched off is on at the next turn, and what is named gets another name.
        for (turn, times) in [AGAIN, ALWAYS].into_iter().enumerate() {
            rival.comes_first(times);
            let done = match what {
                "name" => {
                    let draft = ProfileDraft { name: Some(format!("Kim {turn}")), ..ProfileDraft::default() };
                    house.accounts.set_profile(user, &draft).await.is_ok()
                }
                "password" => {
                    users::set_password(admin, &OPERATOR, user, &PASSWORD.into(), "seen in person").await.is_ok()
                }
                "switch" => users::set_enabled(admin, &OPERATOR, user, turn == 1).await.is_ok(),
                "roles" => {
                    let roles = if turn == 0 { vec![Role::Auditor] } else { vec![] };
                    users::set_roles(admin, &OPERATOR, user, roles).await.is_ok()
                }
                "sessions" => users::revoke_sessions(admin, &OPERATOR, user).await.is_ok(),
                "client" => clients::set_enabled(admin, &OPERATOR, &app, turn == 1).await.is_ok(),
                "connection" => {
                    let slug = if turn == 0 { &google } else { &kakao };
                    connections::set_enabled(admin, &OPERATOR, slug, false, CameThrough::Ends).await.is_ok()
                }
                _ => {
                    let way = if turn == 0 { Shift::Down } else { Shift::Up };
                    connections::shift(admin, &OPERATOR, &google, way).await.is_ok()
                }
            };
            assert_eq!((done, rival.tries()), (turn == 0, AGAIN + 1), "{what}, others {times} times");
        }
    }
}

#[tokio::test]
async fn a_password_is_not_set_by_what_was_proved_before_everything_was_ended() {
    for has_one in [true, false] {
        let house = TestApp::new().await;
        let password = if has_one { Some(PASSWORD) } else { None };
        let new = serde_json::json!({ "email": "kim@example.com", "password": password });
        let user = users::create(&house.admin, &OPERATOR, serde_json::from_value(new).unwrap()).await.unwrap();
        // The owner signs out everywhere, or an administrator sets another password, in the instant of the commit.
        let end = Mutex::new(Some(Change::EditUser(UserEdit::end_of_everything(user.id, house.clock.now()))));
        let house = house.restocked(|stores| stores.work = Arc::new(Ahead(stores.work.clone(), end))).await;
        let (known, proof) = (PASSWORD.into(), house.proof_of(&user));
        let entitled = if has_one { Entitled::Knows(&known) } else { Entitled::Proved(&proof) };
        let origin = from([192, 0, 2, 1]);
        let changed =
            house.accounts.change_password(user.id, entitled, &"the thief's own phrase".into(), &origin).await;
        let Err(ChangePasswordRejected::Store(StoreError::Conflict(why))) = changed else { panic!("{changed:?}") };
        assert!(matches!(why, Conflict::Stale | Conflict::Ended), "{has_one}: {why:?}");
        assert_eq!(house.stores.users.password(user.id).await.unwrap().is_some(), has_one);
        assert_eq!(house.log_in("kim@example.com", PASSWORD, &origin).await.is_ok(), has_one);
    }
}

/// Whatever is done to an account rests on what it could do when that was looked at.
#[tokio::test]
async fn an_account_that_is_given_an_app_to_manage_in_the_instant_is_out_of_reach_of_who_may_less() {
    for what in ["password", "reset link", "invitation", "withdrawal", "app", "apps", "sign-in"] {
        let house = TestApp::with(|config| config.mail.transport = Some(MailTransport::File)).await;
        let manager = house.user("manager@example.com").await;
        let manager = users::set_roles(&house.admin, &OPERATOR, manager.id, vec![Role::PeopleManager]).await.unwrap();
        let client = house.client("shop", |_| ()).await;
        let user = if matches!(what, "invitation" | "withdrawal") {
            let new = serde_json::from_value(serde_json::json!({ "email": "kim@example.com" })).unwrap();
            users::invite(&house.admin, &OPERATOR, new).await.unwrap()
        } else {
            house.user("kim@example.com").await
        };
        let sign_in = if what == "sign-in" {
            house.signed_in(&user).await;
            Some(house.flow.sessions.of_user(user.id).await.unwrap()[0].id)
        } else {
            None
        };
        if what == "apps" {
            house.consented(&user, "shop", "openid").await;
        }
        let given = Change::InsertDelegation(user.id, Delegation::App(client.id.clone()));
        let first = Mutex::new(Some(given));
        let house = house.restocked(|stores| stores.work = Arc::new(Ahead(stores.work.clone(), first))).await;
        let (admin, sessions_of) = (&house.admin, &house.flow.sessions);
        let (_, authority) = Authority::of_account(admin, manager.id).await.unwrap();
        let by = &authority.proven(&house.proof_of(&manager)).unwrap();
        let done = match (what, sign_in) {
            (_, Some(id)) => sessions::revoke(admin, by, sessions_of, user.id, id).await.map(drop),
            ("password", _) => {
                users::set_password(admin, by, user.id, &"the manager's own phrase".into(), "seen").await.map(drop)
            }
            ("reset link", _) => users::send_reset_link(admin, by, user.id, "asked").await.map(drop),
            ("invitation", _) => users::invite_again(admin, by, user.id).await.map(drop),
            ("withdrawal", _) => users::withdraw_invitation(admin, by, user.id).await.map(drop),
            ("app", _) => users::withdraw(admin, by, user.id, client.id.clone()).await,
            _ => users::withdraw_all(admin, by, user.id).await,
        };
        assert!(matches!(done, Err(Rejected::Forbidden(_) | Rejected::Stale(_))), "{what}: {done:?}");
    }
}

#[tokio::test]
async fn an_account_that_gets_more_powerful_in_the_instant_is_out_of_reach_of_who_may_less() {
    let house = TestApp::new().await;
    let manager = house.user("manager@example.com").await;
    let manager = users::set_roles(&house.admin, &OPERATOR, manager.id, vec![Role::PeopleManager]).await.unwrap();
    let user = house.user("kim@example.com").await;
    let promotion = UserEdit { roles: Some(vec![Role::Owner]), ..UserEdit::new(user.id, house.clock.now()) };
    let first = Mutex::new(Some(Change::EditUser(promotion)));
    let house = house.restocked(|stores| stores.work = Arc::new(Ahead(stores.work.clone(), first))).await;
    let (_, authority) = Authority::of_account(&house.admin, manager.id).await.unwrap();
    let authority = authority.proven(&house.proof_of(&manager)).unwrap();
    let reset =
        users::set_password(&house.admin, &authority, user.id, &"the manager's own phrase".into(), "seen in person")
            .await;
    assert!(matches!(reset, Err(Rejected::Forbidden(_))), "{reset:?}");
    assert!(house.log_in("kim@example.com", PASSWORD, &from([192, 0, 2, 1])).await.is_ok());
}
