//! Mail: whether it leaves this server, and what became of it.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::{Changing, Reading};
use crate::admin::mail::{self, MailTest, MailView};
use crate::admin::{Aggregate, Authority, Rejected};
use crate::http::AppState;
use crate::model::mail::{Mail, MailQuery};
use crate::support::id::MailId;

/// Where a mail that says nothing goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MailTestWanted {
    /// An e-mail address.
    to: String,
}

/// What came of a mail that says nothing.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct MailTestView {
    /// Whether a mail server took it. Not in what was only tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered: Option<bool>,
    /// The code that the mail server answered: RFC 5321 section 4.2.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    /// What it said, or why it said nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<String>,
}

impl From<MailTest> for MailTestView {
    fn from(test: MailTest) -> Self {
        match test {
            MailTest::Delivered(delivery) => {
                Self { delivered: Some(true), code: delivery.code, said: Some(delivery.said) }
            }
            MailTest::NotDelivered(why) => {
                Self { delivered: Some(false), code: why.code(), said: Some(why.to_string()) }
            }
            MailTest::NotSent => Self::default(),
        }
    }
}

pub(super) async fn list(reading: Reading) -> Answered {
    let query = &reading.query;
    let wanted = MailQuery { to: query.search().map(str::to_owned), ..query.mail.clone() };
    let page = mail::list(&reading.app.admin, &reading.by, &wanted, query.after()?, query.limit()).await?;
    let next = page.items.last().filter(|_| page.more).map(|last| last.id.to_string());
    answer::page(&reading, &page.items.iter().map(MailView::from).collect::<Vec<_>>(), next.as_deref())
}

pub(super) async fn show(reading: Reading) -> Answered {
    let mail = find(&reading.app, &reading.by, reading.names.get("mail_id")?).await?;
    answer::unversioned(&reading, &MailView::from(&mail))
}

pub(super) async fn test(changing: Changing) -> Answered {
    let MailTestWanted { to } = changing.body.value()?;
    let tested = mail::test(&changing.app.admin, &changing.by, &to, None).await?;
    answer::came_of_it(&MailTestView::from(tested))
}

pub(super) async fn retry(changing: Changing) -> Answered {
    let mail = named(&changing).await?;
    let sent_again = mail::retry(&changing.app.admin, &changing.by, &[mail.id]).await?;
    became(&changing, &mail, sent_again).await
}

pub(super) async fn give_up(changing: Changing) -> Answered {
    let mail = named(&changing).await?;
    let given_up = mail::give_up(&changing.app.admin, &changing.by, &[mail.id]).await?;
    became(&changing, &mail, given_up).await
}

/// The mail as it is after a change. Where it was in another state by then nothing was done, and that is said.
async fn became(changing: &Changing, mail: &Mail, done: u64) -> Result<Response, ApiProblem> {
    if done == 0 {
        return Err(Rejected::Stale(Aggregate::Mail).into());
    }
    answer::came_of_it(&MailView::from(&find(&changing.app, &changing.by, mail.id).await?))
}

/// The mail that the path names.
async fn named(changing: &Changing) -> Result<Mail, ApiProblem> {
    find(&changing.app, &changing.by, changing.names.get("mail_id")?).await
}

async fn find(app: &AppState, by: &Authority, id: MailId) -> Result<Mail, ApiProblem> {
    mail::find(&app.admin, by, id).await?.ok_or(ApiProblem::NOT_FOUND)
}
