//! Listing accounts.

use clap::Args;

use super::super::context::Context;
use super::super::failure::Outcome;
use super::super::frame::Kind;
use super::Users;
use crate::admin::users::{self, AccountState};
use crate::model::User;
use crate::store::{UserOrder, UserQuery};
use crate::support::id::UserId;

#[derive(Args, Debug)]
pub(in super::super) struct List {
    /// Only accounts whose address or name contains this.
    #[arg(long)]
    search: Option<String>,
    /// Only accounts made after this one.
    #[arg(long, value_name = "USER_ID")]
    after: Option<UserId>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl List {
    /// Prints what was found: a table, or a list of documents.
    pub(super) async fn run(self, context: &mut Context) -> Outcome {
        let (admin, authority) = (&context.app.admin, &context.authority);
        let query = UserQuery::searching(self.search.as_deref()).in_order(UserOrder::Oldest(self.after));
        let page = users::list(admin, authority, &query, self.limit).await?;
        // Who was invited is looked up once for all of them.
        let documents = users::documents(admin, authority, &page.items).await?;
        if context.output.is_json() {
            return context.output.json(&documents);
        }
        let rows = page.items.iter().zip(&documents);
        let rows = rows.map(|(user, document)| row(user, document.status.unwrap_or_else(|| user.status.into())));
        context.output.table(Users::HEAD, &rows.collect::<Vec<_>>())?;
        match page.items.last().filter(|_| page.more) {
            Some(last) => context.output.line(format!("There are more: --after {}", last.id)),
            None => Ok(()),
        }
    }
}

/// The line of an account in the table.
pub(super) fn row(user: &User, state: AccountState) -> Vec<String> {
    let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
    vec![
        user.id.to_string(),
        user.email.to_string(),
        user.name().unwrap_or("-").to_owned(),
        state.as_str().to_owned(),
        if roles.is_empty() { "-".to_owned() } else { roles.join(" ") },
        user.created_at.to_string(),
    ]
}
