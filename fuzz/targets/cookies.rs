//! Headers that a browser sends: the cookies and the languages.
#![no_main]

use axum::http::{HeaderMap, HeaderValue, header};
use haechi::http::cookies::Cookie;
use haechi::model::Locale;
use haechi::protocol::issuer::Issuer;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: Vec<&[u8]>| {
    let mut headers = HeaderMap::new();
    for line in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()).take(100) {
        headers.append(header::COOKIE, line);
    }
    for issuer in ["https://id.example", "http://localhost:8080"] {
        let issuer = Issuer::parse(issuer).expect("an issuer");
        for cookie in [Cookie::Browser, Cookie::Session, Cookie::Console, Cookie::Locale] {
            if let Some(value) = cookie.read(&headers, &issuer) {
                assert!(!value.contains(';'));
            }
        }
    }
    let _ = lines.iter().filter_map(|line| str::from_utf8(line).ok()).map(Locale::of_accept_language).count();
});
