//! Whose database it is.

use haechi::store::{Adoption, Change, Conflict, ServerIdentity};

use super::on_every_database;
use super::users::conflict;

fn adoption(issuer: &str, generation: i64, release: &str) -> Adoption {
    Adoption { issuer: issuer.to_owned(), instance: format!("of {issuer}"), generation, release: release.to_owned() }
}

on_every_database! {
    stores;

    async fn a_database_is_nobody_s_until_a_server_is_started_on_it_and_then_that_one_s() {
        assert_eq!(stores.server.identity().await.unwrap(), ServerIdentity::default());
        let adopted = async |adoption| ServerIdentity { mark: 0, ..stores.server.adopt(adoption).await.unwrap() };
        let first = adopted(adoption("https://a.example", 1, "0.1.0")).await;
        let expected = ServerIdentity {
            issuer: Some("https://a.example".to_owned()),
            instance: Some("of https://a.example".to_owned()),
            generation: 1,
            release: Some("0.1.0".to_owned()),
            mark: 0,
        };
        assert_eq!(first, expected);
        // Another server changes nothing of it, and learns whose it is.
        let second = adopted(adoption("https://b.example", 1, "0.1.9")).await;
        assert_eq!(second, expected);
        // A newer release says so, and an older one does not take that back.
        let newer = adopted(adoption("https://a.example", 2, "0.2.0")).await;
        assert_eq!((newer.generation, newer.release.as_deref()), (2, Some("0.2.0")));
        let older = adopted(adoption("https://a.example", 1, "0.1.0")).await;
        assert_eq!(older, newer);
    }

    async fn a_server_moves_from_the_issuer_that_it_has() {
        let moving = |from: &str, to: &str| vec![Change::ChangeIssuer { from: from.to_owned(), to: to.to_owned() }];
        assert_eq!(conflict(stores.work.commit(moving("", "https://b.example")).await), Conflict::Stale);
        stores.server.adopt(adoption("https://a.example", 1, "0.1.0")).await.unwrap();
        assert_eq!(conflict(stores.work.commit(moving("https://x.example", "https://b.example")).await), Conflict::Stale);
        stores.work.commit(moving("https://a.example", "https://b.example")).await.unwrap();
        assert_eq!(stores.server.identity().await.unwrap().issuer.as_deref(), Some("https://b.example"));
        assert_eq!(conflict(stores.work.commit(moving("https://a.example", "https://c.example")).await), Conflict::Stale);
    }

    async fn a_mark_goes_up_with_what_is_committed_unless_the_database_is_behind() {
        stores.server.adopt(adoption("https://a.example", 1, "0.1.0")).await.unwrap();
        let mut noted = stores.server.mark(0).await.unwrap().mark;
        for (from, to) in [("https://a.example", "https://b.example"), ("https://b.example", "https://a.example")] {
            stores.work.commit(vec![Change::ChangeIssuer { from: from.to_owned(), to: to.to_owned() }]).await.unwrap();
            let mark = stores.server.mark(noted).await.unwrap().mark;
            assert!(mark > noted, "{mark} after {noted}");
            noted = mark;
        }
        for ahead in [noted + 1, u64::MAX] {
            assert_eq!(stores.server.mark(ahead).await.unwrap().mark, noted);
        }
    }
}
