//! One mail: where it goes, what became of it, and for development what it says.

use axum::extract::Path;
use axum::response::Response;

use super::super::super::context::Context;
use super::super::super::frame::{Frame, page};
use super::super::super::moments::minute;
use super::super::super::own_form::OwnForm;
use super::super::done::Done;
use super::super::room::Room;
use super::super::shell::Shell;
use super::super::{Administrator, confirmed};
use super::{DONE, DROPPED, LIST, RETRIED, purpose_words, said_of, state_words};
use crate::admin::{Permission, mail};
use crate::config::mail::MailTransport;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::keys;
use crate::mail::Rendered;
use crate::model::mail::{Mail, MailState};
use crate::support::id::MailId;

#[derive(askama::Template)]
#[template(path = "admin/mail/one.html")]
#[allow(clippy::struct_excessive_bools, reason = "each is a part of the page that is there or not")]
struct MailPage {
    frame: Frame,
    shell: Shell,
    to: String,
    purpose: String,
    state: String,
    bad: bool,
    path: String,
    /// The page of the account that it is about.
    person: Option<String>,
    attempts: u32,
    created: String,
    last: Option<Attempt>,
    /// When it is tried again.
    next: Option<String>,
    subject: String,
    /// What it says, where it goes nowhere but here: in pieces, of which some are links of ours.
    says: Option<Vec<Piece>>,
    may_read: bool,
    may_retry: bool,
    may_drop: bool,
    csrf: String,
    done: Option<String>,
}

/// How the last attempt went.
struct Attempt {
    at: String,
    code: String,
    problem: String,
}

/// A piece of a mail's text: one that leads somewhere, or words.
struct Piece {
    text: String,
    link: bool,
}

/// The pieces of a text. What leads to our own pages is a link, and nothing else: whoever has a mail sent may get an address of theirs into it.
fn pieces(text: &str, origin: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if leads_to(bare, origin) {
            pieces.push(Piece { text: bare.to_owned(), link: true });
            pieces.push(Piece { text: word[bare.len()..].to_owned(), link: false });
        } else if let Some(last) = pieces.last_mut().filter(|last| !last.link) {
            last.text.push_str(word);
        } else {
            pieces.push(Piece { text: word.to_owned(), link: false });
        }
    }
    pieces
}

fn leads_to(word: &str, origin: &str) -> bool {
    let url = url::Url::parse(word).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    url.is_some_and(|url| url.origin().ascii_serialization() == origin)
}

/// `GET /admin/mail/{id}`
pub async fn get(
    context: Context,
    administrator: Administrator,
    Path(id): Path<String>,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let mail = named(&context, &administrator, &id).await?;
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    Ok(show(&context, &administrator, &mail, (None, done)))
}

fn show(
    context: &Context,
    administrator: &Administrator,
    mail: &Mail,
    (said, done): (Option<Rendered>, Option<String>),
) -> Response {
    let may_change = administrator.may(Permission::WriteUsers);
    let kept = context.app.mailer.transport() == MailTransport::File && !mail.sealed.is_empty();
    let frame = Frame::at(context, context.locale.0, path_of(mail.id));
    let t = frame.t;
    let shown = MailPage {
        shell: Shell::of(context, administrator, Room::Mail).further(LIST, mail.to.as_str()),
        to: mail.to.to_string(),
        purpose: t.get(purpose_words(mail.purpose)),
        state: t.get(state_words(mail.state)),
        bad: mail.state == MailState::Failed,
        person: mail.user.map(|user| format!("/admin/people/{user}")),
        attempts: mail.attempts,
        created: minute(mail.created_at),
        last: mail.last.as_ref().map(|last| Attempt {
            at: minute(last.at),
            code: last.code.map(|code| code.to_string()).unwrap_or_default(),
            problem: last.problem.clone().unwrap_or_default(),
        }),
        next: (mail.state == MailState::Waiting).then(|| minute(mail.next_at)),
        subject: said.as_ref().map(|said| said.subject.clone()).unwrap_or_default(),
        may_read: may_change && kept && said.is_none(),
        says: said.map(|said| pieces(&said.text, context.app.issuer.origin())),
        may_retry: may_change && mail.state == MailState::Failed,
        may_drop: may_change && matches!(mail.state, MailState::Failed | MailState::Waiting),
        csrf: administrator.csrf(context, &path_of(mail.id)),
        path: path_of(mail.id),
        done,
        frame,
    };
    page(&shown, &shown.frame)
}

/// `POST /admin/mail/{id}`: sends it again, gives it up, or shows what it says.
pub async fn post(
    context: Context,
    Path(id): Path<String>,
    form: OwnForm<Administrator>,
) -> Result<Response, PageError> {
    let found = named(&context, &form.owner, &id).await?;
    let press = Press::parse(form.params.get("do")).ok_or(ProblemKind::BadRequest)?;
    confirmed(&context, &form, async |authority| {
        let admin = &context.app.admin;
        let done = match press {
            Press::Retry => said_of(mail::retry(admin, authority, &[found.id]).await?, RETRIED),
            Press::Drop => said_of(mail::give_up(admin, authority, &[found.id]).await?, DROPPED),
            Press::Read => {
                let said = mail::read(admin, authority, found.id).await?;
                return Ok(show(&context, &form.owner, &found, (said, None)));
            }
        };
        Ok(done.go(&context, &path_of(found.id)))
    })
    .await
}

/// What is done with one press.
#[derive(Clone, Copy)]
enum Press {
    Retry,
    Drop,
    Read,
}

impl Press {
    fn parse(what: Option<&str>) -> Option<Self> {
        match what? {
            "retry" => Some(Self::Retry),
            "drop" => Some(Self::Drop),
            "read" => Some(Self::Read),
            _ => None,
        }
    }
}

fn path_of(id: MailId) -> String {
    format!("{LIST}/{id}")
}

async fn named(context: &Context, administrator: &Administrator, id: &str) -> Result<Mail, PageError> {
    let id = id.parse().map_err(|_| ProblemKind::NotFound)?;
    Ok(mail::find(&context.app.admin, &administrator.authority, id).await?.ok_or(ProblemKind::NotFound)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leads_to_our_own_pages_is_a_link() {
        let text = "Kim, go:\n\nhttps://id.example.com/reset?token=hott_a-b_c\n\nhttps://id.example.com.evil.test/ \
                    https://id.example.com@evil.test/ javascript:alert(1) <a href=x> id.example.com\n";
        let found = pieces(text, "https://id.example.com");
        let links: Vec<&str> = found.iter().filter(|piece| piece.link).map(|piece| piece.text.as_str()).collect();
        assert_eq!(links, ["https://id.example.com/reset?token=hott_a-b_c"]);
        assert_eq!(found.iter().map(|piece| piece.text.as_str()).collect::<String>(), text, "nothing is lost");
        assert!(pieces("", "https://id.example.com").is_empty());
    }
}
