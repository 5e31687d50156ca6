//! The process itself dies, under load and without a word, or runs out of descriptors: what it has acknowledged stays so, and a start is all
//! that is needed.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use super::setup::Setup;
use crate::support::binary::{Running, over_http};
use crate::support::browser::Browser;

fn refresh_token((status, body): (u16, Value)) -> String {
    assert_eq!(status, 200, "{body}");
    body["refresh_token"].as_str().unwrap().to_owned()
}

fn kill(mut server: Running) {
    server.signal("KILL");
    server.end();
}

#[tokio::test]
async fn f01_what_was_acknowledged_before_a_kill_stays_so() {
    let setup = Setup::new();
    let mut server = setup.haechi.start();
    let mut cut_off = 0;
    for round in 0..4_u64 {
        let tokens = join_all((0..20).map(|_| setup.token())).await;
        let dying = async {
            sleep(Duration::from_millis(3 * round)).await;
            server.signal("KILL");
        };
        let (revoked, ()) = tokio::join!(join_all(tokens.iter().map(|token| setup.revoke(token))), dying);
        server.end();
        server = setup.haechi.start();
        for (token, acknowledged) in tokens.iter().zip(revoked) {
            match acknowledged {
                Some(200) => assert!(!setup.is_active(token).await, "a revocation is lost"),
                Some(status) => panic!("answered {status}"),
                None => cut_off += 1,
            }
        }
    }
    assert!(cut_off > 0, "the server was killed too late to matter");
}

#[tokio::test]
async fn f01_a_kill_between_two_refreshes_logs_nobody_out_and_no_code_is_good_twice() {
    let setup = Setup::new();
    let mut server = setup.haechi.start();
    let mut browser = Browser::new(over_http(setup.haechi.port), &setup.haechi.issuer());
    let code = setup.code(&mut browser).await;
    // The key of the ID token is still being made.
    let begun = Instant::now();
    let first = loop {
        let answer = setup.redeem(&code).await.unwrap();
        if answer.0 != 503 || begun.elapsed() > Duration::from_secs(30) {
            break answer;
        }
        sleep(Duration::from_millis(50)).await;
    };
    let mut token = refresh_token(first);
    for round in 0..6_u64 {
        let code = setup.code(&mut browser).await;
        let dying = async {
            sleep(Duration::from_millis(2 * round)).await;
            server.signal("KILL");
        };
        let twice = async { tokio::join!(setup.redeem(&code), setup.redeem(&code)) };
        let (refreshed, (one, other), ()) = tokio::join!(setup.refresh(&token), twice, dying);
        server.end();
        server = setup.haechi.start();
        // Whoever heard nothing tries again with what it has.
        token = refresh_token(match refreshed {
            Some(answer) => answer,
            None => setup.refresh(&token).await.unwrap(),
        });
        let good = |answer: &Option<(u16, Value)>| answer.as_ref().is_some_and(|(status, _)| *status == 200);
        let again = Some(setup.redeem(&code).await.unwrap());
        let times = [one, other, again].iter().filter(|answer| good(answer)).count();
        assert!(times <= 1, "a code was redeemed {times} times");
    }
    refresh_token(setup.refresh(&token).await.unwrap());
    kill(server);
}

#[tokio::test]
async fn f28_a_process_without_descriptors_lives_and_comes_back() {
    let Setup { haechi, secret } = Setup::new();
    let few = ["sh", "-c", "ulimit -n 64 && exec \"$0\" \"$@\""];
    let setup = Setup { haechi: haechi.through(&few), secret };
    let mut server = setup.haechi.start();
    let token = setup.token().await;
    let mut idle = Vec::new();
    for _ in 0..80 {
        idle.push(TcpStream::connect(("127.0.0.1", setup.haechi.port)).await.unwrap());
    }
    server.wait_for(|_, err| err.contains("no connection can be accepted"));
    drop(idle);
    assert_eq!(setup.revoke(&token).await, Some(200));
    assert!(!setup.is_active(&token).await);
    server.signal("TERM");
    assert_eq!(server.end(), Some(0), "{}", server.err());
}
