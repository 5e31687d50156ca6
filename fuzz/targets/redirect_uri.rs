//! Redirect URIs: what matches goes to the registered place; at most the port of a loopback address differs.
//!
//! The input is a registered URI and a requested one, a line each.
#![no_main]

use haechi::protocol::redirect_uri::{LoopbackPort, RegisteredRedirectUri};
use libfuzzer_sys::fuzz_target;
use url::{Position, Url};

fuzz_target!(|input: (bool, &str)| {
    let (native, text) = input;
    let Some((registered, requested)) = text.split_once('\n') else { return };
    let Ok(uri) = RegisteredRedirectUri::parse(registered, native) else { return };
    assert!(!registered.contains('#') && registered.is_ascii());
    let itself = uri.matches(registered, LoopbackPort::Registered).expect("a URI matches itself");
    assert!(itself.with_query(&[("state", "a&b#c")]).ends_with("state=a%26b%23c"));

    assert!(registered == requested || uri.matches(requested, LoopbackPort::Registered).is_none());
    let Some(target) = uri.matches(requested, LoopbackPort::Any) else { return };
    assert_eq!(target.as_str(), requested);
    if registered != requested {
        let [registered, requested] = [registered, requested].map(|uri| Url::parse(uri).expect("a URI"));
        assert!(matches!(requested.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")));
        assert_eq!(registered.scheme(), "http");
        assert_eq!(
            registered[..Position::BeforePort].trim_end_matches(':'),
            requested[..Position::BeforePort].trim_end_matches(':')
        );
        assert_eq!(registered[Position::AfterPort..], requested[Position::AfterPort..]);
    }
});
