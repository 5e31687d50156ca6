//! What the pure rules cost: reading an authorization request, matching its redirect URI, asking every check, and deciding what is next.
#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use haechi::identity::second_factor::TotpSecret;
use haechi::protocol::authorize::checks::{self, CheckInput, ClientPolicy, Endpoint};
use haechi::protocol::pkce::{CodeChallenge, CodeVerifier};
use haechi::protocol::redirect_uri::{LoopbackPort, RegisteredRedirectUri};
use haechi::protocol::{Params, ScopeSet};
use haechi::support::Timestamp;

/// An ordinary request of a library with PKCE, state and nonce.
const QUERY: &str = "response_type=code&client_id=shop&redirect_uri=https%3A%2F%2Fshop.example%2Fcallback&scope=openid+profile+email+offline_access\
    &state=Zm9vYmFyYmF6cXV1eA&nonce=bm9uY2Vub25jZW5vbmNl&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\
    &code_challenge_method=S256&ui_locales=ko+en&max_age=3600";
const REDIRECT: &str = "https://shop.example/callback";

fn authorize(criterion: &mut Criterion) {
    let registered = RegisteredRedirectUri::parse(REDIRECT, false).unwrap();
    let redirect = registered.matches(REDIRECT, LoopbackPort::Any).unwrap();
    let scopes = ScopeSet::parse("openid profile email offline_access").unwrap();
    let params = Params::parse(QUERY.as_bytes()).unwrap();
    let subject = CheckInput {
        params: &params,
        redirect: &redirect,
        client: ClientPolicy {
            pkce_required: true,
            nonce_required: false,
            scopes: &scopes,
            resources: &[],
            may_refresh: true,
            default_max_age: None,
        },
        hinted_subject: None,
    };
    let mut group = criterion.benchmark_group("authorize");
    group.bench_function("read the parameters", |b| b.iter(|| Params::parse(black_box(QUERY.as_bytes())).unwrap()));
    group.bench_function("match the redirect URI", |b| {
        b.iter(|| registered.matches(black_box(REDIRECT), LoopbackPort::Any).unwrap());
    });
    group.bench_function("ask every check", |b| {
        b.iter(|| checks::run(Endpoint::Authorization, black_box(&subject)).unwrap());
    });
    group.finish();
}

fn pkce(criterion: &mut Criterion) {
    let challenge = CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", Some("S256")).unwrap();
    criterion.bench_function("compare a code verifier", |b| {
        b.iter(|| {
            challenge.matches(&CodeVerifier::parse(black_box("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")).unwrap())
        });
    });
}

fn second_factor(criterion: &mut Criterion) {
    let (secret, now) = (TotpSecret::of(b"12345678901234567890").unwrap(), Timestamp::from_seconds(1_900_000_000));
    let code = secret.code_at(now);
    criterion.bench_function("look a code of an app up", |b| {
        b.iter(|| secret.step_of(black_box(&code), black_box(now), 0).unwrap());
    });
}

criterion_group!(benches, authorize, pkce, second_factor);
criterion_main!(benches);
