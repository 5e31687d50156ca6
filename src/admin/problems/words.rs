//! What a refusal means, in a sentence, and what mends it, which a console shows in its reader's language.

use super::registration;
use crate::i18n::keys::mend as mends;
use crate::i18n::{Said, said};
use crate::model::Refusal;
use crate::model::client::{Client, ClientId};
use crate::model::refusal::Reason;
use crate::support::harmless::LEFT_OUT;

/// What happened, in a sentence.
#[allow(clippy::too_many_lines, reason = "a line for each reason")]
pub(super) fn text(refusal: &Refusal) -> String {
    let sent = refusal.sent.as_deref().unwrap_or("nothing");
    let expected = or_nothing(&refusal.expected);
    let detail = refusal.detail.as_deref();
    let parameter = refusal.parameter.as_deref().unwrap_or("a parameter");
    match refusal.reason {
        Reason::UnknownClient => match &refusal.client {
            Some(client) => format!("no client is registered as {client}"),
            None => "no client is registered under the id that was sent".to_owned(),
        },
        Reason::ClientDisabled => "the client is switched off".to_owned(),
        Reason::RedirectUriMismatch => format!("redirect_uri {sent} was sent, registered is {expected}"),
        Reason::RedirectUriMissing => format!("no redirect_uri was sent, registered is {expected}"),
        Reason::InvalidRequest => with(&format!("{parameter} is missing or not as it should be"), detail),
        Reason::CodeChallengeMissing => "no code_challenge was sent (PKCE), and the client must send one".to_owned(),
        Reason::NonceMissing => "no nonce was sent, and the client must send one".to_owned(),
        Reason::InvalidScope => format!("scope {sent} was asked for, the client may ask for {expected}"),
        Reason::InvalidTarget => format!("a token for {sent} was asked for, the client may ask for {expected}"),
        Reason::UnsupportedResponseType => format!("response_type {sent} was sent, there is {expected}"),
        Reason::UnsupportedGrantType => format!("grant_type {sent} was sent, which there is not here"),
        Reason::UnauthorizedClient => format!("grant_type {sent} was used, the client is registered for {expected}"),
        Reason::NotSupported => with("the request uses something that is not supported here", detail),
        Reason::UnmetAuthentication => "the authentication that acr_values asks for cannot be had".to_owned(),
        Reason::AccessDenied => "the end-user denied the request".to_owned(),
        Reason::InteractionRequired => {
            "the request forbids to ask the end-user (prompt=none), which was needed".to_owned()
        }
        Reason::TooManyRequests => "too many requests came from one address".to_owned(),
        Reason::CredentialsMissing => "nothing in the request says which client it is from".to_owned(),
        Reason::SeveralMethods => "the client authenticated in more than one way in one request".to_owned(),
        Reason::ClientIdDiffers => "client_id is not the client of the credentials".to_owned(),
        Reason::AuthorizationMalformed => "the Authorization header cannot be read".to_owned(),
        Reason::AuthenticationMethod => format!("the client authenticated by {sent}, registered is {expected}"),
        Reason::WrongSecret => "the client secret is wrong, or has expired".to_owned(),
        Reason::AssertionRefused => with("the client's assertion does not hold", detail),
        Reason::TooManyFailures => "wrong credentials came too often, and for a minute none are looked at".to_owned(),
        Reason::CodeUnknown => "the code is none of this server, or was forgotten long ago".to_owned(),
        Reason::CodeUsed => "the code was used before: what it granted is revoked".to_owned(),
        Reason::CodeExpired => "the code came too late".to_owned(),
        Reason::CodeOfOtherClient => "the code was issued to another client".to_owned(),
        Reason::CodeRedirectUri => {
            format!("redirect_uri {sent} was sent with the code, {expected} with the authorization request")
        }
        Reason::VerifierMissing => "no code_verifier was sent, although there was a code_challenge".to_owned(),
        Reason::VerifierWrong => "code_verifier does not answer the code_challenge".to_owned(),
        Reason::VerifierUnexpected => "a code_verifier was sent, and there was no code_challenge".to_owned(),
        Reason::CodeEnded => with("what the code stands for has ended", detail),
        Reason::RefreshTokenUnknown => "the refresh token is none of this server, or was revoked".to_owned(),
        Reason::RefreshTokenOfOtherClient => "the refresh token was issued to another client: it is revoked".to_owned(),
        Reason::RefreshTokenReused => {
            "a refresh token that had been replaced came again: all tokens of its grant are revoked".to_owned()
        }
        Reason::RefreshTokenExpired => "the refresh token has expired".to_owned(),
        Reason::RefreshTokenEnded => with("what the refresh token stands for has ended", detail),
        Reason::SenderKey => "the token is bound to a key that the request does not prove".to_owned(),
        Reason::TokenMissing => with("there is no access token where one is read", detail),
        Reason::TokenUnknown => "the access token is none of this server".to_owned(),
        Reason::TokenExpired => "the access token has expired".to_owned(),
        Reason::TokenEnded => with("the access token, or what it stands for, has ended", detail),
        Reason::TokenAudience => format!("the access token is for {sent}, this endpoint is {expected}"),
        Reason::InsufficientScope => format!("the access token has the scope {sent}, and lacks {expected}"),
        Reason::HintOfOtherClient => format!("id_token_hint was issued to {expected}, and client_id says {sent}"),
        Reason::HintUnknown => "id_token_hint is no ID token of this server".to_owned(),
        Reason::PostLogoutRedirectUri => {
            format!("post_logout_redirect_uri {sent} was sent, registered is {expected}")
        }
        Reason::NoConnection => "there is no such connection, or it is switched off".to_owned(),
        Reason::UpstreamState => "the provider's answer belongs to no login under way in that browser".to_owned(),
        Reason::UpstreamDenied => "the end-user denied the request at the provider".to_owned(),
        Reason::UpstreamUnreachable => with("the provider cannot be reached", detail),
        Reason::UpstreamRefused => with("the provider's answer is not accepted", detail),
        Reason::LogoutTokenRefused => with("the provider's logout token is not accepted", detail),
        Reason::FlowGone => "the login took too long, or was answered already".to_owned(),
        Reason::OtherBrowser => "the login began in another browser".to_owned(),
        Reason::StaleForm => "a form was too old, or came from another site".to_owned(),
        Reason::Forbidden => with("the account may not do this", detail),
        Reason::NotFound => "there is nothing at that address".to_owned(),
        Reason::WrongHost => "the request was meant for another host".to_owned(),
        Reason::Other => with("refused for a reason that this release does not know", detail),
    }
}

/// What mends it, where that is known: a command that goes by what the client registers now, or what to change in the app.
pub(super) fn mend(refusal: &Refusal, client: Option<&Client>) -> Option<Said> {
    // Only what is an id is put into a command: it is typed into a shell.
    let id = refusal.client.as_deref().and_then(|client| ClientId::parse(client).ok());
    let id = id.as_ref().map_or("CLIENT_ID", ClientId::as_str);
    let update = |options: &str| format!("haechi clients update {id} {options}");
    Some(match refusal.reason {
        Reason::UnknownClient => said(mends::UNKNOWN_CLIENT),
        Reason::ClientDisabled => format!("haechi clients enable {id}").into(),
        Reason::RedirectUriMismatch => only_if_own(&adding_one(refusal, client?, "--add-redirect-uri")?),
        Reason::RedirectUriMissing => said(mends::REDIRECT_URI_MISSING),
        Reason::PostLogoutRedirectUri => only_if_own(&adding_one(refusal, client?, "--add-post-logout-redirect-uri")?),
        // RFC 9700 section 2.1.1: "Public clients MUST use PKCE".
        Reason::CodeChallengeMissing if client.is_none_or(Client::is_public) => said(mends::PKCE),
        Reason::CodeChallengeMissing => said(mends::PKCE_OR).filling("command", update("--pkce when_sent")),
        Reason::NonceMissing => said(mends::NONCE_OR).filling("command", update("--nonce when_sent")),
        Reason::InvalidScope => {
            let scopes = together(refusal, client?, refusal.sent.as_deref()?.split(' '))?;
            update(&format!("--scope '{}'", scopes.join(" "))).into()
        }
        Reason::InvalidTarget => adding(refusal, client?, "--resource")?.into(),
        Reason::UnauthorizedClient => adding(refusal, client?, "--grant")?.into(),
        Reason::AuthenticationMethod => {
            let method = shell_safe(refusal.sent.as_deref()?)?;
            let registered = client?.authentication.method.as_str();
            said(mends::AUTHENTICATION_METHOD)
                .filling("registered", registered)
                .filling("command", update(&format!("--auth {method}")))
        }
        Reason::WrongSecret => {
            said(mends::WRONG_SECRET).filling("command", format!("haechi clients rotate-secret {id}"))
        }
        Reason::CodeRedirectUri => said(mends::CODE_REDIRECT_URI),
        Reason::VerifierMissing | Reason::VerifierWrong => said(mends::VERIFIER),
        Reason::CodeUsed => said(mends::CODE_USED),
        Reason::RefreshTokenReused => said(mends::REFRESH_TOKEN_REUSED),
        Reason::HintOfOtherClient => said(mends::HINT_OF_OTHER_CLIENT),
        Reason::NoConnection | Reason::UpstreamUnreachable | Reason::UpstreamRefused => said(mends::CONNECTION),
        Reason::WrongHost => "haechi doctor".into(),
        _ => return None,
    })
}

/// A request to the authorization or end-session endpoint proves nothing of who made it up: what it names may be a stranger's, who would have codes sent
/// there. The administrator is told what to look at before the command is run.
fn only_if_own(command: &str) -> Said {
    said(mends::ONLY_IF_OWN).filling("command", command)
}

/// The command that registers the one that was sent beside what is registered.
fn adding_one(refusal: &Refusal, client: &Client, flag: &str) -> Option<String> {
    let sent = shell_safe(refusal.sent.as_deref().filter(|sent| !sent.is_empty())?)?;
    Some(format!("haechi clients update {} {flag} '{sent}'", client.id))
}

/// The command that registers what was sent beside what is registered, all of which it says.
fn adding(refusal: &Refusal, client: &Client, flag: &str) -> Option<String> {
    let sent = refusal.sent.iter().flat_map(|sent| sent.split(' '));
    let all = together(refusal, client, sent)?;
    let flags: Vec<String> = all.iter().map(|one| format!("{flag} '{one}'")).collect();
    Some(format!("haechi clients update {} {}", client.id, flags.join(" ")))
}

/// What is registered now and what was sent, each once; `None` where part of it was left out, or is not fit to be typed.
fn together<'a>(refusal: &Refusal, client: &'a Client, sent: impl Iterator<Item = &'a str>) -> Option<Vec<&'a str>> {
    let mut all = registration::compared(refusal.reason, client)?;
    for one in sent.filter(|one| !one.is_empty()) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all.into_iter().map(shell_safe).collect()
}

/// A value that a shell leaves as it is between single quotes, and that is whole.
fn shell_safe(value: &str) -> Option<&str> {
    let safe = |c: char| c.is_ascii_graphic() && c != '\'' && c != '\\';
    (!value.contains(LEFT_OUT) && !value.starts_with('-') && value.chars().all(safe)).then_some(value)
}

fn or_nothing(values: &[String]) -> String {
    if values.is_empty() { "nothing".to_owned() } else { values.join(" ") }
}

fn with(text: &str, detail: Option<&str>) -> String {
    detail.map_or_else(|| text.to_owned(), |detail| format!("{text}: {detail}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Texts;
    use crate::model::Locale;
    use crate::model::client::ClientKind;
    use crate::protocol::scope::ScopeSet;
    use crate::support::Timestamp;

    const WARNING: &str = "only if that address is the app's own, as anybody can send such a request: ";

    fn mismatch(sent: &str) -> Refusal {
        Refusal::new(Reason::RedirectUriMismatch)
            .naming("shop")
            .at("redirect_uri", Some(sent))
            .expecting(["http://localhost:4000/callback"])
    }

    fn shop() -> Client {
        let id = ClientId::parse("shop").unwrap();
        Client::new(id, "Shop".to_owned(), ClientKind::Web, Timestamp::from_seconds(0))
    }

    #[test]
    fn a_mismatch_says_both_and_the_command_keeps_what_is_registered() {
        let refusal = mismatch("http://localhost:4000/cb");
        assert_eq!(
            text(&refusal),
            "redirect_uri http://localhost:4000/cb was sent, registered is http://localhost:4000/callback"
        );
        let command = "haechi clients update shop --add-redirect-uri 'http://localhost:4000/cb'";
        let told = mend(&refusal, Some(&shop())).unwrap();
        assert_eq!(told.to_string(), format!("{WARNING}{command}"));
        assert!(told.read(Texts::of(Locale::Ko)).ends_with(&format!("실행하세요: {command}")), "{told:?}");
        assert_eq!(mend(&refusal, None), None, "there is nothing to change");
    }

    #[test]
    fn a_list_is_said_whole_as_it_is_registered_now_and_not_as_it_was_then() {
        let mut shop = shop();
        let many: Vec<String> = (0..12).map(|number| format!("part{number}")).collect();
        shop.policy.scopes = ScopeSet::parse(&many.join(" ")).unwrap();
        let refusal = Refusal::new(Reason::InvalidScope).at("scope", Some("read part3")).expecting(["old"]);
        let command = mend(&refusal, Some(&shop)).unwrap().to_string();
        assert!(command.contains("part11") && command.contains(" read") && !command.contains("old"), "{command}");
        assert_eq!(command.matches("part3").count(), 1, "{command}");
        let grant = Refusal::new(Reason::UnauthorizedClient).at("grant_type", Some("client_credentials"));
        assert_eq!(
            mend(&grant, Some(&shop)).unwrap().to_string(),
            "haechi clients update shop --grant 'authorization_code' --grant 'refresh_token' --grant 'client_credentials'"
        );
    }

    #[test]
    fn no_command_is_made_of_what_a_stranger_could_have_a_shell_run() {
        for sent in
            ["https://a.example/'; rm -rf ~ #", "https://a.example/cb?next=%2F", "--yes", "https://a.example/\\"]
        {
            assert_eq!(mend(&mismatch(sent), Some(&shop())), None, "{sent}");
        }
        let forged = Refusal::new(Reason::ClientDisabled).naming("$(reboot)");
        assert_eq!(mend(&forged, None).unwrap().to_string(), "haechi clients enable CLIENT_ID");
    }

    #[test]
    fn every_reason_has_words_and_what_mends_it_is_said_in_the_readers_language() {
        let (en, ko, shop) = (Texts::of(Locale::En), Texts::of(Locale::Ko), shop());
        for reason in Reason::ALL {
            let refusal = Refusal::new(*reason).naming("shop").at("scope", Some("openid"));
            assert!(text(&refusal).len() > 10, "{reason:?}");
            if let Some(mend) = mend(&refusal, Some(&shop)) {
                // A command is the same in every language.
                let is_command = mend.read(en).starts_with("haechi ") && !mend.read(en).contains(',');
                assert_eq!(mend.read(ko) != mend.read(en), !is_command, "{reason:?}: {mend}");
                assert!(!mend.read(ko).contains('{'), "{reason:?}: {mend}");
            }
        }
    }
}
