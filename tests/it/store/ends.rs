//! What a grant rests on ends: the grant ends with it, for every verb, and the sweep takes what is dead and nothing else.

use std::time::Duration;

use haechi::model::client::Client;
use haechi::model::connection::Connection;
use haechi::model::consent::Consent;
use haechi::model::epoch::{ConnectionEpoch, Epoch, GrantEpochs};
use haechi::model::grant::{Grant, GrantTerms};
use haechi::model::upstream_link::{LinkEpochs, UpstreamAccount, UpstreamIdentity, UpstreamLink, UpstreamSubject};
use haechi::model::user::{PasswordCredential, User, UserStatus};
use haechi::model::user_edit::UserEdit;
use haechi::protocol::ScopeSet;
use haechi::store::{Change, CodeRedemption, Conflict, GrantConsent, RefreshRotation, Stores};
use haechi::support::id::LinkId;
use haechi::support::{Secret, SeededRandom};

use super::clients::client;
use super::grants::{grant, slot};
use super::upstream::connection;
use super::users::{conflict, user};
use super::{NOW, exchange, on_every_database};

const DAY: Duration = Duration::from_hours(24);

/// An account, a client, a connection and a link, and a grant that rests on all of them.
struct Rests {
    user: User,
    client: Client,
    connection: Connection,
    link: UpstreamLink,
    epochs: GrantEpochs,
    seed: u64,
}

impl Rests {
    async fn new(stores: &Stores, number: u32) -> Self {
        let (user, client) = (user(number), client(&format!("shop{number}")));
        let connection = connection(&format!("idp{number}"));
        let identity = UpstreamIdentity { connection: connection.id, subject: UpstreamSubject::parse("s").unwrap() };
        let account = UpstreamAccount { identity, label: String::new(), tokens: None };
        let link = UpstreamLink::new(LinkId::new(NOW, &SeededRandom::new(number.into())), account, user.id, NOW);
        let scope = ScopeSet::parse("openid").unwrap();
        let consent = Consent { user: user.id, client: client.id.clone(), scope, granted_at: NOW };
        let changes = vec![
            Change::InsertUser(user.clone()),
            // Another way in, so that the link may go.
            Change::PutPassword(PasswordCredential {
                user: user.id,
                phc: Secret::from("$argon2id$x"),
                changed_at: NOW,
            }),
            Change::InsertClient(client.clone()),
            Change::InsertConnection(Box::new(connection.clone())),
            Change::InsertUpstreamLink(link.clone(), LinkEpochs::default()),
            Change::PutConsent(consent),
        ];
        stores.work.commit(changes).await.unwrap();
        let through = ConnectionEpoch { connection: connection.id, epoch: connection.epoch, link: Some(link.id) };
        let epochs = GrantEpochs { connection: Some(through), ..GrantEpochs::default() };
        Self { user, client, connection, link, epochs, seed: u64::from(number) * 1000 }
    }

    fn grant(&self, number: u64) -> Grant {
        let made = grant(self.seed + number);
        let terms = GrantTerms { scope: ScopeSet::parse("openid offline_access").unwrap(), ..made.terms };
        Grant { epochs: self.epochs, user: self.user.id, client: self.client.id.clone(), terms, ..made }
    }

    /// The end of one of them.
    fn end(&self, what: &str) -> Change {
        let (user, client, connection) = (self.user.clone(), self.client.clone(), self.connection.clone());
        match what {
            "account" => Change::UpdateUser(user.with_everything_ended(NOW)),
            "account off" => Change::UpdateUser(User { status: UserStatus::Disabled, ..user }),
            "deletion" => Change::DeleteUser(UserEdit::end_of_everything(user.id, NOW)),
            "everything" => Change::EndEverything(NOW),
            "client" => Change::UpdateClient(Client { epoch: client.epoch.next(), ..client }),
            "client off" => Change::UpdateClient(Client { enabled: false, ..client }),
            "connection" => {
                Change::UpdateConnection(Box::new(Connection { epoch: connection.epoch.next(), ..connection }))
            }
            "link" => Change::DeleteUpstreamLink(self.link.identity.clone(), user.id),
            _ => Change::WithdrawConsent(user.id, client.id),
        }
    }

    /// The epochs of after that, where one began.
    fn next_epochs(&self, what: &str) -> Option<GrantEpochs> {
        let (mut epochs, through) = (self.epochs, self.epochs.connection.unwrap());
        match what {
            "account" => epochs.user = epochs.user.next(),
            "client" => epochs.client = epochs.client.next(),
            "connection" => epochs.connection = Some(ConnectionEpoch { epoch: through.epoch.next(), ..through }),
            "everything" => epochs.server = Epoch::from_count(NOW.seconds()),
            "consent" => epochs.consent = epochs.consent.next(),
            _ => return None,
        }
        Some(epochs)
    }
}

on_every_database! {
    stores;

    async fn a_grant_counts_as_long_as_all_that_it_rests_on_and_for_no_verb_any_longer() {
        let ends = ["account", "account off", "client", "client off", "connection", "link", "consent", "deletion", "everything"];
        for (number, what) in (1..).zip(ends) {
            let rests = Rests::new(&stores, number).await;
            let (owner, grants) = (rests.user.id, &stores.grants);
            for n in 1..=3 {
                grants.insert(rests.grant(n)).await.unwrap();
            }
            let redeem = async |n, slot| grants.redeem_code(rests.grant(n).id, NOW, slot, NOW.plus(DAY)).await.unwrap();
            assert_eq!(redeem(1, Some(slot(0, None))).await, CodeRedemption::Fresh);
            assert_eq!(grants.of_user(owner, NOW).await.unwrap().len(), 3);
            assert_eq!(grants.offline_of_user(owner, NOW).await.unwrap().len(), 1);

            stores.work.commit(vec![rests.end(what)]).await.unwrap();
            assert_eq!(redeem(2, None).await, CodeRedemption::Unknown, "{what}");
            let rotated = grants.rotate(rests.grant(1).id, &slot(0, None), slot(1, Some(0)), NOW.plus(DAY)).await.unwrap();
            assert_eq!(rotated, RefreshRotation::Lost, "{what}");
            let exchanged = grants.exchange_code(exchange::code(&rests.grant(3))).await.unwrap();
            assert!(exchanged.is_none(), "{what}");
            let exchanged = grants.exchange_refresh_token(exchange::refresh(&rests.grant(1))).await.unwrap();
            assert!(exchanged.is_none(), "{what}");
            assert_eq!(conflict(grants.insert(rests.grant(4)).await), Conflict::Ended, "{what}");
            assert_eq!(grants.of_user(owner, NOW).await.unwrap(), vec![], "{what}");
            assert_eq!(grants.offline_of_user(owner, NOW).await.unwrap(), vec![], "{what}");
            let backed = grants.find_backed(rests.grant(3).id).await.unwrap();
            assert_eq!(backed.is_none(), what == "deletion", "{what}");
            if let Some(backed) = backed {
                assert_eq!(backed.connection_ended, ["connection", "link"].contains(&what), "{what}");
                assert_eq!(backed.user.honours(rests.epochs.user), !what.starts_with("account"), "{what}");
                assert_eq!(backed.consent == GrantConsent::Withdrawn, what == "consent", "{what}");
                assert_eq!(backed.user.server_epoch == rests.epochs.server, what != "everything", "{what}");
            }

            // An epoch never goes back, whichever copy is written.
            let stored = stores.connections.find(rests.connection.id).await.unwrap().unwrap();
            if what == "connection" {
                let back = Change::UpdateConnection(Box::new(Connection { epoch: rests.connection.epoch, ..stored }));
                assert_eq!(conflict(stores.work.commit(vec![back]).await), Conflict::Stale);
            }

            // What is made in the epochs of now counts, and the sweep takes only what does not.
            let anew = rests.next_epochs(what).map(|epochs| Grant { epochs, ..rests.grant(5) });
            if let Some(grant) = &anew {
                grants.insert(grant.clone()).await.unwrap();
            }
            let swept = stores.housekeeping.purge(NOW).await.unwrap();
            let expected = match what {
                // With the grants go the consent, the link and the account.
                "deletion" => 6,
                // Every grant: of four ends the new one, of three that no epoch began with all.
                "everything" => 3 + 4 + 3 * 3,
                _ if anew.is_some() => 3,
                _ => 0,
            };
            assert_eq!(swept, expected, "{what}");
            assert_eq!(grants.of_user(owner, NOW).await.unwrap(), anew.into_iter().collect::<Vec<_>>(), "{what}");
            let link_stays = stores.upstream_links.find(&rests.link.identity).await.unwrap().is_some();
            assert_eq!(link_stays, !["link", "deletion"].contains(&what), "{what}");
        }
    }

    async fn what_was_deleted_comes_back_by_no_copy_of_it() {
        let rests = Rests::new(&stores, 1).await;
        let (client, connection) = (rests.client, rests.connection);
        let deletions = vec![
            Change::DeleteClient(client.id.clone()),
            Change::DeleteConnection { id: connection.id, ends: true },
        ];
        stores.work.commit(deletions).await.unwrap();
        for ahead in 0..3 {
            let (version, epoch) = (ahead, client.epoch.next());
            let again = Change::UpdateClient(Client { version: client.version + version, epoch, ..client.clone() });
            assert_eq!(conflict(stores.work.commit(vec![again]).await), Conflict::Stale, "{version}");
            let version = connection.version + ahead;
            let again = Connection { version, epoch: connection.epoch.next(), ..connection.clone() };
            let again = stores.work.commit(vec![Change::UpdateConnection(Box::new(again))]).await;
            assert_eq!(conflict(again), Conflict::Stale, "{version}");
        }
        assert_eq!(stores.clients.find(&client.id).await.unwrap(), None);
        assert_eq!(stores.connections.find(connection.id).await.unwrap(), None);
    }
}
