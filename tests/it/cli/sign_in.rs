//! `haechi sign-in`: what is decided beside a running server holds there too.

use std::time::Duration;

use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;

#[tokio::test]
async fn what_is_decided_beside_a_running_server_holds_there() {
    let haechi = Haechi::new().begun();
    let _server = haechi.start();
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    assert!(browser.get("/login").await.has("to-signup"));
    let shown = haechi.json(&["sign-in", "set", "--sign-up", "closed", "--password-min-chars", "15"]);
    assert_eq!((&shown["sign_up"], &shown["password_min_chars"]), (&"closed".into(), &15.into()));
    assert_eq!(haechi.json(&["sign-in", "show"]), shown);
    let began = std::time::Instant::now();
    while browser.get("/login").await.has("to-signup") {
        assert!(began.elapsed() < Duration::from_secs(5), "the server did not hear of it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let refused = haechi.run(&["sign-in", "set", "--password-min-chars", "3"]);
    assert!(refused.code == Some(1) && refused.err.contains("between 10 and 64"), "{refused:?}");
    let locked = haechi.run(&["sign-in", "set", "--password-sign-in", "false"]);
    assert!(locked.code == Some(1) && locked.err.contains("nobody who owns"), "{locked:?}");
}
