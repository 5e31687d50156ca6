//! The ends, as the end-user or an administrator brings them about.

use haechi::admin::connections::CameThrough;
use haechi::admin::{Authority, clients, connections, sessions, users};
use haechi::identity::accounts::Entitled;
use haechi::model::client::ClientId;
use haechi::model::connection::Slug;
use haechi::support::Secret;

use super::round::{PROVIDER, Round};
use super::ways::Way;
use crate::support::accounts::from;
use crate::support::app::PASSWORD;

/// A password that nothing was signed in with.
const NEW: &str = "three cranes over a paddy field";

/// An end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    SignOutEverywhere,
    SignOutThere,
    PasswordChange,
    AdminReset,
    DisableAccount,
    DeleteAccount,
    DisableClient,
    DeleteClient,
    Unlink,
    WithdrawConsent,
    DisableConnection,
    DeleteConnection,
    Everything,
}

impl End {
    /// Whether everything that a way leads to is over with the end. A login with what is still right afterwards is a new one.
    pub fn closes(self, way: Way) -> bool {
        match way {
            Way::Authorize => true,
            // What is granted offline outlives its session.
            Way::Code | Way::Refresh => self != Self::SignOutThere,
            Way::Login => matches!(
                self,
                Self::PasswordChange
                    | Self::AdminReset
                    | Self::DisableAccount
                    | Self::DeleteAccount
                    | Self::DisableClient
                    | Self::DeleteClient
                    | Self::WithdrawConsent
            ),
            // The identity of a deleted account signs up anew.
            Way::UpstreamReturn => !matches!(
                self,
                Self::SignOutEverywhere
                    | Self::SignOutThere
                    | Self::PasswordChange
                    | Self::AdminReset
                    | Self::DeleteAccount
                    | Self::Everything
            ),
        }
    }

    /// Whether sessions end with it, and not only what clients got.
    pub fn ends_sessions(self) -> bool {
        !matches!(self, Self::DisableClient | Self::DeleteClient | Self::WithdrawConsent)
    }

    /// Whether the session at hand came through the provider, and not by the password.
    pub fn is_of_the_provider(self) -> bool {
        matches!(self, Self::Unlink | Self::DisableConnection | Self::DeleteConnection)
    }

    /// The end comes, at some moment.
    pub async fn come(self, round: &Round<'_>) {
        round.wait_a_little().await;
        let (app, operator, user) = (&round.scene.abroad.app.app, Authority::operator(), round.user.id);
        match self {
            Self::SignOutEverywhere => app.accounts.sign_out_everywhere(user).await.unwrap(),
            Self::SignOutThere => {
                let there = app.flow.sessions.load(round.stolen.visitor().session.as_ref()).await.unwrap();
                let id = there.current().unwrap().id;
                assert!(app.flow.sessions.end_elsewhere(user, id).await.unwrap());
            }
            Self::PasswordChange => {
                let knows = Secret::from(PASSWORD);
                let origin = from([192, 0, 2, 77]);
                app.accounts.change_password(user, Entitled::Knows(&knows), &NEW.into(), &origin).await.unwrap();
            }
            Self::AdminReset => {
                drop(users::set_password(&app.admin, &operator, user, &NEW.into(), "seen in person").await.unwrap());
            }
            Self::DisableAccount => drop(users::set_enabled(&app.admin, &operator, user, false).await.unwrap()),
            Self::DeleteAccount => users::delete(&app.admin, &operator, user).await.unwrap(),
            Self::Everything => drop(sessions::end_all(&app.admin, &operator).await.unwrap()),
            Self::DisableClient => {
                drop(clients::set_enabled(&app.admin, &operator, &round.client(), false).await.unwrap());
            }
            Self::DeleteClient => clients::delete(&app.admin, &operator, &round.client()).await.unwrap(),
            Self::Unlink => {
                let link = app.stores.upstream_links.of_user(user).await.unwrap().remove(0);
                let proof = round.scene.abroad.app.proof_of(&round.user);
                app.accounts.unlink(&proof, link.identity).await.unwrap();
            }
            Self::WithdrawConsent => app.accounts.withdraw_consent(user, round.client()).await.unwrap(),
            Self::DisableConnection => {
                drop(connections::set_enabled(&app.admin, &operator, &slug(), false, CameThrough::Ends).await.unwrap());
            }
            Self::DeleteConnection => {
                _ = connections::delete(&app.admin, &operator, &slug(), CameThrough::Ends).await.unwrap();
            }
        }
        round.is_over();
    }

    /// What was switched off is on again, what was deleted is there again, and what was withdrawn is agreed to again.
    pub async fn undo(self, round: &Round<'_>) {
        let (house, operator) = (&round.scene.abroad.app, Authority::operator());
        let app = &house.app;
        match self {
            Self::DisableAccount => drop(users::set_enabled(&app.admin, &operator, round.user.id, true).await.unwrap()),
            Self::DeleteAccount => {
                let again = house.user(round.user.email.as_str()).await;
                house.consented(&again, &round.client, "openid offline_access").await;
            }
            Self::DisableClient => {
                drop(clients::set_enabled(&app.admin, &operator, &round.client(), true).await.unwrap());
            }
            Self::DeleteClient => {
                house.client(&round.client, |_| ()).await;
                house.consented(&round.user, &round.client, "openid offline_access").await;
            }
            Self::WithdrawConsent => house.consented(&round.user, &round.client, "openid offline_access").await,
            Self::DisableConnection => {
                drop(connections::set_enabled(&app.admin, &operator, &slug(), true, CameThrough::Ends).await.unwrap());
            }
            Self::DeleteConnection => drop(round.scene.abroad.connect(PROVIDER, PROVIDER, |_| ()).await),
            _ => {}
        }
        app.clients.poll().await.unwrap();
    }
}

fn slug() -> Slug {
    Slug::parse(PROVIDER).unwrap()
}

impl Round<'_> {
    fn client(&self) -> ClientId {
        ClientId::parse(&self.client).unwrap()
    }
}
