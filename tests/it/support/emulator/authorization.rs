//! The authorization endpoint: RFC 6749 section 4.1.1, with the person agreeing at once.

use std::fmt::Write;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

use super::providers::{Pkce, Provider};
use super::server::Asked;
use super::{Login, Mischief, Said, Shared, State};

pub(super) fn answer(shared: &Shared, provider: &'static Provider, asked: &Asked) -> Response {
    let mut state = shared.state();
    if let Err(why) = check(&state, provider, asked) {
        return (StatusCode::BAD_REQUEST, why).into_response();
    }
    let mut parameters = decide(&mut state, provider, asked);
    parameters.push(("state", asked.query["state"].clone()));
    if let Some(iss) = named_issuer(&state, provider) {
        parameters.push(("iss", iss));
    }
    let redirect_uri = &asked.query["redirect_uri"];
    if asked.query.get("response_mode").is_some_and(|mode| mode == "form_post") {
        return form(redirect_uri, &parameters);
    }
    let mut url = Url::parse(redirect_uri).unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    (StatusCode::FOUND, [(header::LOCATION, url.to_string())]).into_response()
}

/// What the provider would refuse on a page of its own.
fn check(state: &State, provider: &Provider, asked: &Asked) -> Result<(), String> {
    let given = |name: &str| asked.query.get(name).map_or("", String::as_str);
    let wrong = |what: &str| Err(format!("{what}: {:?}", asked.query));
    let known = state.registrations.iter().find(|app| app.provider == provider.name && app.id == given("client_id"));
    let Some(app) = known else { return wrong("an unknown client_id") };
    if app.redirect_uri != given("redirect_uri") {
        return wrong("another redirect_uri than the registered one");
    }
    if given("response_type") != "code" || given("state").len() < 16 {
        return wrong("response_type or state");
    }
    let scopes: Vec<&str> = given("scope").split(' ').filter(|scope| !scope.is_empty()).collect();
    if let Some(unknown) = scopes.iter().find(|scope| !provider.scopes.contains(scope)) {
        return wrong(&format!("the unknown scope {unknown}"));
    }
    if scopes.contains(&"openid") && given("nonce").len() < 16 {
        return wrong("no nonce");
    }
    let (challenge, method) = (given("code_challenge"), given("code_challenge_method"));
    match provider.pkce {
        Pkce::Checked if challenge.len() != 43 || method != "S256" => return wrong("PKCE"),
        Pkce::Refused if !challenge.is_empty() => return wrong("PKCE, which is not known here"),
        _ => {}
    }
    if let Some((name, value)) = provider.parameters.iter().find(|(name, value)| given(name) != *value) {
        return wrong(&format!("{name} is not {value}"));
    }
    Ok(())
}

fn decide(state: &mut State, provider: &'static Provider, asked: &Asked) -> Vec<(&'static str, String)> {
    match state.mischief {
        Some(Mischief::Refused) => {
            return vec![
                ("error", provider.refusal.to_owned()),
                ("error_description", "<b>canary-described</b>".to_owned()),
            ];
        }
        Some(Mischief::BadDay) => return vec![("error", "server_error".to_owned())],
        _ => {}
    }
    let code = state.draw("code");
    state.logins.insert(code.clone(), Login { provider, asked: asked.query.clone(), used: false });
    let mut parameters = vec![("code", code)];
    let person = state.person(provider);
    if let Some(user) = provider.posted_once
        && state.agreed.insert((provider.name, person.id))
    {
        parameters.push(("user", state.saying(Said::User, user(&person)).to_string()));
    }
    parameters
}

/// RFC 9207 section 2.
fn named_issuer(state: &State, provider: &Provider) -> Option<String> {
    let openid = provider.openid.as_ref()?;
    match state.mischief {
        Some(Mischief::WrongIssInAnswer) => Some("https://evil.example".to_owned()),
        Some(Mischief::NoIssInAnswer) => None,
        _ => openid.names_itself.then(|| openid.issuer.to_owned()),
    }
}

/// OAuth 2.0 Form Post Response Mode.
fn form(action: &str, parameters: &[(&str, String)]) -> Response {
    let mut html = format!("<form method=\"post\" action=\"{}\">", escaped(action));
    for (name, value) in parameters {
        write!(html, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value)).unwrap();
    }
    ([(header::CONTENT_TYPE, "text/html")], html + "</form>").into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
