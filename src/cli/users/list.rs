//! Listing accounts.

use clap::Args;

use super::super::context::{Context, Desk};
use super::super::failure::{Failure, Outcome};
use super::super::frame::Kind;
use super::super::possible::one_of;
use super::super::remote::Items;
use super::Users;
use crate::admin::affiliations;
use crate::admin::users::{self, AccountState, UserResource};
use crate::model::AffiliationKind;
use crate::store::{UserOrder, UserQuery};
use crate::support::id::{AffiliationId, UserId};

#[derive(Args, Debug)]
pub(in super::super) struct List {
    /// Only accounts whose address or name contains this.
    #[arg(long)]
    search: Option<String>,
    /// Only accounts that are like this: `active`, `invited` (they have not accepted yet) or `disabled`.
    #[arg(long, value_parser = one_of::<AccountState>(), hide_possible_values = true)]
    state: Option<AccountState>,
    /// Only accounts that were given this group.
    #[arg(long)]
    group: Option<String>,
    /// Only accounts that were given this role in apps themselves: `editor` of every app, `shop:manager` of one.
    #[arg(long)]
    role: Option<String>,
    /// Only accounts made after this one.
    #[arg(long, value_name = "USER_ID")]
    after: Option<UserId>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

impl List {
    /// Prints what was found: a table, or a list of documents.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let Items { items, more } = match desk {
            Desk::Here(context) => self.here(context).await?,
            Desk::There(there) => {
                let texts = [("search", &self.search), ("group", &self.group), ("role", &self.role)];
                let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)));
                let query: Vec<_> = texts.chain(self.state.map(|state| ("status", state.as_str()))).collect();
                let after = self.after.map(|id| id.to_string());
                there.api.list(Users::PATH, (&query, after.as_deref()), self.limit as usize).await?
            }
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&items);
        }
        output.table(Users::HEAD, &items.iter().map(row).collect::<Vec<_>>())?;
        output.more(items.last().filter(|_| more).map(Users::name))
    }

    /// Those on the database. Who was invited is looked up once for all of them.
    async fn here(&self, context: &Context) -> Outcome<Items<UserResource>> {
        let given = self.given(context).await?;
        let (admin, authority) = (&context.app.admin, &context.authority);
        let query = UserQuery::searching(self.search.as_deref()).in_order(UserOrder::Oldest(self.after));
        let query = UserQuery { status: self.state, given, ..query };
        let page = users::list(admin, authority, &query, self.limit).await?;
        Ok(Items { items: users::documents(admin, authority, &page.items).await?, more: page.more })
    }
}

impl List {
    /// The group and the role that the accounts are to have.
    async fn given(&self, context: &Context) -> Outcome<Vec<AffiliationId>> {
        let all = affiliations::catalogue(&context.app.admin, &context.authority).await?;
        let mut given = Vec::new();
        for (kind, name) in [(AffiliationKind::Group, &self.group), (AffiliationKind::Role, &self.role)] {
            let Some(name) = name else { continue };
            let word = kind.as_str();
            let missing = || Failure::of(format!("there is no {word} {name}; `haechi {word}s list` shows them all"));
            given.push(all.find(kind, name).ok_or_else(missing)?.id);
        }
        Ok(given)
    }
}

/// The line of an account in the table.
pub(super) fn row(user: &UserResource) -> Vec<String> {
    let roles: Vec<&str> = user.roles.iter().flatten().map(|role| role.as_str()).collect();
    vec![
        Users::name(user).to_owned(),
        user.email.clone().unwrap_or_default(),
        user.name.clone().unwrap_or_else(|| "-".to_owned()),
        user.status.map(AccountState::as_str).unwrap_or_default().to_owned(),
        if roles.is_empty() { "-".to_owned() } else { roles.join(" ") },
        user.created_at.clone().unwrap_or_default(),
    ]
}
