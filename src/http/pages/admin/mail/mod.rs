//! Mail: whether it leaves this server, what waits, and what became of it.

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::Frame;
use super::super::moments::minute;
use super::super::own_form::OwnForm;
use super::super::problems::{FieldTexts, Shown};
use super::done::Done;
use super::listing::{AFTER, Choice, PAGE, Ways};
use super::room::Room;
use super::shell::Shell;
use super::wrong::Wrong;
use super::{Administrator, ConfirmedForm, confirmed, confirmed_form, refused};
use crate::admin::mail::{self, MailTest};
use crate::admin::{Permission, ProvenAuthority};
use crate::config::mail::MailTransport;
use crate::http::error::PageError;
use crate::http::extract::PageQuery;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::mail::{Delivery, Unsent};
use crate::model::mail::{Mail, MailCounts, MailPurpose, MailQuery, MailState};
use crate::protocol::Params;
use crate::support::id::MailId;

pub mod one;

/// Where the list is.
const LIST: &str = "/admin/mail";
/// Where the boxes of the list go to.
const SEVERAL: &str = "/admin/mail/several";
/// Where a test is sent from.
const TEST: &str = "/admin/mail/test";
/// What the boxes begin with.
const PICKED: &str = "pick-";
/// What narrows the list down.
const KEPT: &[&str] = &["q", "state", "for"];

const RETRIED: Done = Done::new("retried", keys::outbox::RETRIED);
const DROPPED: Done = Done::new("dropped", keys::outbox::DROPPED_DONE);
const NOTHING: Done = Done::new("nothing", keys::outbox::UNCHANGED);
const DONE: &[Done] = &[RETRIED, DROPPED, NOTHING];

/// What is said of a change of mails, by how many of them it was made to: the others were in another state by then.
const fn said_of(changed: u64, done: Done) -> Done {
    if changed > 0 { done } else { NOTHING }
}

#[derive(askama::Template)]
#[template(path = "admin/mail/list.html")]
struct ListPage {
    frame: Frame,
    shell: Shell,
    /// How mail leaves, in words.
    leaves: String,
    /// The mail server.
    server: String,
    from: String,
    on: bool,
    counts: MailCounts,
    may_test: bool,
    may_change: bool,
    to: String,
    q: String,
    states: Vec<Choice>,
    purposes: Vec<Choice>,
    rows: Vec<Row>,
    ways: Ways,
    csrf: String,
    csrf_test: String,
    wrong: Wrong,
    done: Option<String>,
    problems: FieldTexts,
}

/// A mail in the list.
struct Row {
    id: String,
    to: String,
    purpose: String,
    state: String,
    bad: bool,
    at: String,
    problem: String,
}

/// What the list can be narrowed down to.
const STATES: &[(&str, Key)] = &[
    ("", keys::outbox::ANY),
    (MailState::Waiting.as_str(), keys::outbox::WAITING),
    (MailState::Failed.as_str(), keys::outbox::FAILED),
    (MailState::Sent.as_str(), keys::outbox::SENT),
    (MailState::Dropped.as_str(), keys::outbox::DROPPED),
];

/// `GET /admin/mail`
pub async fn get(
    context: Context,
    administrator: Administrator,
    PageQuery(params): PageQuery,
) -> Result<Response, PageError> {
    let done = Done::said(DONE, context.texts(None), params.get("done"));
    show(&context, &administrator, &params, Said { done, ..Said::default() }).await
}

/// `POST /admin/mail/test`: sends a mail that says nothing, and says what the mail server said.
pub async fn test(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let sent = Test { context: &context, administrator: &form.owner, params: &form.params, said: Said::default() };
    confirmed_form(&context, &form, sent).await
}

/// `POST /admin/mail/several`: the same with all that are picked. What is in another state by now stays as it is.
pub async fn several(context: Context, form: OwnForm<Administrator>) -> Result<Response, PageError> {
    let picked: Vec<MailId> =
        form.params.iter().filter_map(|(name, _)| name.strip_prefix(PICKED)?.parse().ok()).collect();
    let retry = match form.params.get("do") {
        Some("retry") => true,
        Some("drop") => false,
        _ => return Err(ProblemKind::BadRequest.into()),
    };
    confirmed(&context, &form, async |authority| {
        let admin = &context.app.admin;
        let done = if retry {
            said_of(mail::retry(admin, authority, &picked).await?, RETRIED)
        } else {
            said_of(mail::give_up(admin, authority, &picked).await?, DROPPED)
        };
        Ok(done.go(&context, LIST))
    })
    .await
}

/// The form of the test, as it was sent.
struct Test<'a> {
    context: &'a Context,
    administrator: &'a Administrator,
    params: &'a Params,
    said: Said,
}

impl ConfirmedForm for Test<'_> {
    async fn act(&mut self, authority: &ProvenAuthority) -> Result<Result<Response, Shown>, PageError> {
        let (context, t) = (self.context, self.context.texts(None));
        self.params.get("to").unwrap_or_default().trim().clone_into(&mut self.said.to);
        match mail::test(&context.app.admin, authority, &self.said.to, Some(context.locale.0)).await {
            Ok(MailTest::Delivered(delivery)) => {
                let said = Said { done: Some(delivered(t, &delivery)), to: self.said.to.clone(), ..Said::default() };
                show(context, self.administrator, &Params::default(), said).await.map(Ok)
            }
            Ok(MailTest::NotDelivered(why)) => Ok(Err(refused(not_delivered(t, &why)))),
            // Nothing here is only tried.
            Ok(MailTest::NotSent) => Err(ProblemKind::BadRequest.into()),
            Err(rejected) => Ok(Err(self.said.wrong.refuse(t, rejected)?)),
        }
    }

    async fn show(self, problem: Shown) -> Result<Response, PageError> {
        let said = Said { problem: Some(problem), ..self.said };
        show(self.context, self.administrator, &Params::default(), said).await
    }
}

fn delivered(t: &Texts, delivery: &Delivery) -> String {
    match delivery.code {
        Some(code) => t.with_two(keys::outbox::TEST_TAKEN, "code", &code.to_string(), "said", &delivery.said),
        None => t.get(keys::outbox::TEST_KEPT),
    }
}

/// What went wrong, and what that usually means.
fn not_delivered(t: &Texts, why: &Unsent) -> String {
    let said = t.with_two(
        keys::outbox::TEST_REFUSED,
        "code",
        &why.code().map(|code| code.to_string()).unwrap_or_default(),
        "said",
        &why.to_string(),
    );
    let hint = match why {
        Unsent::Refused { code: 530 | 534 | 535 | 538, .. } => Some(keys::outbox::HINT_AUTHENTICATION),
        Unsent::Refused { code: 550 | 553 | 554, .. } => Some(keys::outbox::HINT_ADDRESS),
        Unsent::Refused { code: 400..500, .. } => Some(keys::outbox::HINT_LATER),
        Unsent::Unreached(_) => Some(keys::outbox::HINT_REACH),
        Unsent::Off => Some(keys::policy::NO_MAIL),
        _ => None,
    };
    match hint {
        Some(hint) => format!("{said} {}", t.get(hint)),
        None => said,
    }
}

/// What the page says besides what it always says.
#[derive(Default)]
struct Said {
    to: String,
    wrong: Wrong,
    problem: Option<Shown>,
    done: Option<String>,
}

fn asked(params: &Params) -> MailQuery {
    MailQuery {
        state: params.get("state").and_then(MailState::named),
        purpose: params.get("for").and_then(MailPurpose::named),
        to: params.get("q").map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
        user: None,
    }
}

async fn show(
    context: &Context,
    administrator: &Administrator,
    params: &Params,
    said: Said,
) -> Result<Response, PageError> {
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let query = asked(params);
    let before = params.get(AFTER).and_then(|after| after.parse().ok());
    let found = mail::list(admin, authority, &query, before, PAGE).await?;
    let next = found.items.last().filter(|_| found.more).map(|last| last.id.to_string());
    let frame = Frame::at(context, context.locale.0, LIST.to_owned());
    let t = frame.t;
    let (problems, manner) = Shown::parts(said.problem);
    let config = &context.app.config.mail;
    let purposes = std::iter::once(("", keys::outbox::ANY))
        .chain(MailPurpose::ALL.iter().map(|purpose| (purpose.as_str(), purpose_words(*purpose))));
    let shown = ListPage {
        shell: Shell::of(context, administrator, Room::Mail),
        leaves: t.get(leaves(context.app.mailer.transport())),
        server: match (&config.host, context.app.mailer.transport()) {
            (Some(host), MailTransport::Smtp) => format!("{host}:{}", config.port()),
            _ => String::new(),
        },
        from: config.from.clone().unwrap_or_default(),
        on: context.app.mailer.is_on(),
        counts: mail::counts(admin, authority).await?,
        may_test: administrator.may(Permission::WriteSettings),
        may_change: administrator.may(Permission::WriteUsers),
        to: if said.to.is_empty() { administrator.user.email.to_string() } else { said.to },
        q: query.to.clone().unwrap_or_default(),
        states: Choice::all(t, STATES.iter().copied(), params.get("state")),
        purposes: Choice::all(t, purposes, params.get("for")),
        rows: found.items.iter().map(|mail| Row::of(t, mail)).collect(),
        ways: Ways::of(LIST, params, KEPT, next.as_deref()),
        csrf: administrator.csrf(context, SEVERAL),
        csrf_test: administrator.csrf(context, TEST),
        wrong: said.wrong,
        done: said.done,
        problems,
        frame,
    };
    Ok(manner.answer(&shown, &shown.frame))
}

impl Row {
    fn of(t: &Texts, mail: &Mail) -> Self {
        Self {
            id: mail.id.to_string(),
            to: mail.to.to_string(),
            purpose: t.get(purpose_words(mail.purpose)),
            state: t.get(state_words(mail.state)),
            bad: mail.state == MailState::Failed,
            at: minute(mail.created_at),
            problem: mail.last.as_ref().and_then(|last| last.problem.clone()).unwrap_or_default(),
        }
    }
}

const fn leaves(transport: MailTransport) -> Key {
    match transport {
        MailTransport::None => keys::outbox::LEAVES_NOT,
        MailTransport::Smtp => keys::outbox::LEAVES_BY_SMTP,
        MailTransport::File => keys::outbox::LEAVES_INTO_CONSOLE,
    }
}

const fn state_words(state: MailState) -> Key {
    match state {
        MailState::Waiting => keys::outbox::WAITING,
        MailState::Sent => keys::outbox::SENT,
        MailState::Failed => keys::outbox::FAILED,
        MailState::Dropped => keys::outbox::DROPPED,
    }
}

const fn purpose_words(purpose: MailPurpose) -> Key {
    match purpose {
        MailPurpose::Test => keys::outbox::FOR_TEST,
        MailPurpose::VerifyAddress => keys::outbox::FOR_VERIFICATION,
        MailPurpose::NewAddress => keys::outbox::FOR_NEW_ADDRESS,
        MailPurpose::AddressChanged => keys::outbox::FOR_ADDRESS_CHANGED,
        MailPurpose::ResetPassword => keys::outbox::FOR_RESET,
        MailPurpose::Invitation => keys::outbox::FOR_INVITATION,
        MailPurpose::SignUp => keys::outbox::FOR_SIGN_UP,
        MailPurpose::SignIn => keys::outbox::FOR_SIGN_IN,
        MailPurpose::Code => keys::outbox::FOR_CODE,
        MailPurpose::Notice => keys::outbox::FOR_NOTICE,
    }
}
