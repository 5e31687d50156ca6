//! What an administrator sees of a connection that was tried out: what the provider said, how it is read, and what would come of it.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, with_status};
use super::super::super::providers::{self, Way};
use super::super::Administrator;
use super::super::shell::Shell;
use super::{Head, path_of, shell_within, texts};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Texts, keys};
use crate::model::Connection;
use crate::support::id::UserId;
use crate::upstream::claims::Field;
use crate::upstream::link::LinkDecision;
use crate::upstream::presets;
use crate::upstream::profile::UpstreamProfile;
use crate::upstream::{LoginPurpose, Returned, UpstreamFailed};

#[derive(askama::Template)]
#[template(path = "admin/tested.html")]
struct TestedPage {
    frame: Frame,
    shell: Shell,
    head: Head,
    /// What would come of a login.
    outcome: Option<String>,
    /// Why there is no profile.
    failure: Option<String>,
    rows: Vec<Row>,
    /// The provider's answers, as JSON.
    answers: Vec<String>,
    again: String,
    csrf_state: String,
}

/// A field of the profile.
struct Row {
    field: String,
    value: String,
    places: String,
    remark: String,
}

/// What came of it: in words, with the fields of the profile; or why there is no profile.
type Told = Result<(String, Vec<Row>), String>;

/// The return of a test. It is shown to the administrator who began it alone.
pub(in super::super::super) async fn tested(
    context: &Context,
    outcome: Result<Returned, UpstreamFailed>,
) -> Result<Response, PageError> {
    let administrator = match Administrator::at(context).await {
        Ok(administrator) => administrator,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let purpose = match &outcome {
        Ok(returned) => Some(&returned.purpose),
        Err(failed) => failed.purpose.as_ref(),
    };
    if purpose != Some(&(LoginPurpose::Test { user: administrator.user.id })) {
        return Err(ProblemKind::Forbidden.into());
    }
    let t = context.texts(None);
    match outcome {
        Ok(returned) => {
            let Returned { connection, profile, answers, .. } = returned;
            let foreseen = context.app.upstream.foresee(&connection, &profile).await?;
            let words = in_words(context, t, foreseen).await?;
            let rows = rows(t, &connection, &profile);
            Ok(show(context, &administrator, &connection, (Ok((words, rows)), &answers)))
        }
        Err(UpstreamFailed { reason, connection, answers, .. }) => {
            let connection = connection.ok_or(ProblemKind::NotFound)?;
            Ok(show(context, &administrator, &connection, (Err(reason.to_string()), &answers)))
        }
    }
}

fn show(
    context: &Context,
    administrator: &Administrator,
    connection: &Connection,
    (told, answers): (Told, &[Value]),
) -> Response {
    let frame = Frame::of(context, context.locale.0);
    let (outcome, rows, failure) = match told {
        Ok((outcome, rows)) => (Some(outcome), rows, None),
        Err(failure) => (None, Vec::new(), Some(failure)),
    };
    let head = Head::of(connection, frame.t);
    let page = TestedPage {
        shell: shell_within(context, administrator, &head, frame.t.get(keys::connection::TEST)),
        head,
        outcome,
        failure,
        rows,
        answers: answers.iter().filter_map(|answer| serde_json::to_string_pretty(answer).ok()).collect(),
        again: providers::link(context, connection.slug.as_str(), Way::Test(&administrator.sign_in)),
        csrf_state: administrator.csrf(context, &format!("{}/state", path_of(&connection.slug))),
        frame,
    };
    let mut page = page;
    // The address of this page is spent: the language switch leads to the connection.
    page.frame.here = path_of(&connection.slug);
    with_status(StatusCode::OK, &page, &page.frame)
}

/// What would come of a login, in words.
async fn in_words(context: &Context, t: &Texts, decision: Option<LinkDecision>) -> Result<String, PageError> {
    let address = async |user: UserId| -> Result<String, PageError> {
        let user = context.app.accounts.find(user).await?;
        Ok(user.map(|user| user.email.to_string()).unwrap_or_default())
    };
    Ok(match decision {
        Some(LinkDecision::SignIn(user)) => t.with(keys::connection::TEST_SIGN_IN, "email", &address(user).await?),
        Some(LinkDecision::ProveFirst(user)) => t.with(keys::connection::TEST_PROVE, "email", &address(user).await?),
        Some(LinkDecision::SignUp { email_verified: true }) => t.get(keys::connection::TEST_SIGN_UP),
        Some(LinkDecision::SignUp { email_verified: false }) => t.get(keys::connection::TEST_SIGN_UP_UNVERIFIED),
        Some(LinkDecision::ProveAddress) => t.get(keys::connection::TEST_PROVE_ADDRESS),
        Some(LinkDecision::AskEmail) => t.get(keys::connection::TEST_ASK),
        // The other outcomes are of people who add a link, which a test is not about.
        Some(_) => t.get(keys::connection::TEST_NO_ACCOUNT),
        None => t.get(keys::connection::TEST_DOMAIN),
    })
}

fn rows(t: &Texts, connection: &Connection, profile: &UpstreamProfile) -> Vec<Row> {
    let preset = presets::find(&connection.preset);
    let email = profile.email.as_ref();
    let verified = match email.map(|email| email.verified) {
        Some(Some(true)) => t.get(keys::connection::TEST_YES),
        Some(Some(false)) => t.get(keys::connection::TEST_NO),
        _ => String::new(),
    };
    let trusted =
        preset.zip(email).is_some_and(|(preset, email)| email.is_trusted(preset.email_trust, connection.trust_email));
    let counts = if trusted { t.get(keys::connection::TEST_TRUSTED) } else { t.get(keys::connection::TEST_UNTRUSTED) };
    let relay = email.filter(|email| email.relay).map(|_| t.get(keys::connection::TEST_RELAY)).unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let values = [
        (Field::Subject, profile.subject.as_sent().to_owned(), String::new()),
        (Field::Email, email.map(|email| email.address.to_string()).unwrap_or_default(), relay),
        (Field::EmailVerified, verified, if email.is_some() { counts } else { String::new() }),
        (Field::Name, text(&profile.name), String::new()),
        (Field::GivenName, text(&profile.given_name), String::new()),
        (Field::FamilyName, text(&profile.family_name), String::new()),
        (Field::Picture, text(&profile.picture), String::new()),
        (Field::Locale, text(&profile.locale), String::new()),
    ];
    let further = Field::FURTHER.iter().map(|&field| {
        let value = profile.claims.get(field.as_str());
        (field, value.map(shown).unwrap_or_default(), String::new())
    });
    let row = |(field, value, remark): (Field, String, String)| {
        let own = connection.claim_map.get(field.as_str()).cloned();
        let places = own.unwrap_or_else(|| preset.map(|p| texts::usual_place(p, field)).unwrap_or_default());
        Row { field: texts::field(t, field), value, places, remark }
    };
    values.into_iter().chain(further).map(row).collect()
}

/// A claim's value as a line: a text as it is, the parts of an address one after another.
fn shown(value: &serde_json::Value) -> String {
    let parts = |parts: &serde_json::Map<_, _>| parts.values().map(shown).collect::<Vec<_>>().join(", ");
    value.as_str().map(str::to_owned).or_else(|| value.as_object().map(parts)).unwrap_or_default()
}
