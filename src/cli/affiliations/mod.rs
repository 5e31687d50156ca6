//! `haechi groups` and `haechi roles`: what people belong to, and may do in apps.
//!
//! Owns what the two have in common, which is all but their words.

use std::collections::BTreeMap;

use clap::Args;

use super::attributes::pair;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Outcome};
use super::frame;
use crate::admin::affiliations::{self, Defined, Definition};
use crate::admin::users;
use crate::model::User;
use crate::support::id::UserId;

pub(super) mod groups;
pub(super) mod roles;

/// How many are read at a time.
const AT_ONCE: u32 = 1000;

/// What is said of both.
#[derive(Args, Debug)]
struct Said {
    /// What people read; the name where nothing is said.
    #[arg(long)]
    label: Option<String>,
    /// What people read in a language, such as `ko=직원`. Can be repeated; an empty text takes it away.
    #[arg(long, value_name = "TAG=LABEL", value_parser = pair)]
    label_in: Vec<(String, String)>,
    /// What it is for.
    #[arg(long)]
    description: Option<String>,
}

impl Said {
    fn labels(&self) -> BTreeMap<String, String> {
        self.label_in.iter().map(|(tag, label)| (format!("label#{tag}"), label.clone())).collect()
    }
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only those whose name, label or description contains this.
    #[arg(long)]
    search: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Members {
    /// Which: its name, `app:name` for a role of one app, or its id.
    name: String,
    /// Only accounts made after this one.
    #[arg(long, value_name = "USER_ID")]
    after: Option<UserId>,
    /// At most this many.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Args, Debug)]
pub(super) struct Member {
    /// Which: its name, `app:name` for a role of one app, or its id.
    name: String,
    /// The account's e-mail address or id.
    #[arg(required = true)]
    users: Vec<String>,
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    /// Which: its name, `app:name` for a role of one app, or its id.
    name: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

async fn find<D: Definition>(context: &Context, name: &str) -> Outcome<Defined> {
    let found = affiliations::find::<D>(&context.app.admin, &context.authority, name).await?;
    let kind = D::KIND.as_str();
    found.ok_or_else(|| Failure::of(format!("there is no {kind} {name}; `haechi {kind}s list` shows them all")))
}

async fn show<D: Definition>(context: &mut Context, name: &str) -> Outcome {
    let found = find::<D>(context, name).await?;
    context.output.json(&D::of(&found))
}

impl List {
    async fn run<D: Definition>(
        self,
        context: &mut Context,
        head: &[&str],
        row: impl Fn(&Defined) -> Vec<String>,
    ) -> Outcome {
        let (admin, by) = (&context.app.admin, &context.authority);
        let found = affiliations::list::<D>(admin, by, (self.search.as_deref(), None), AT_ONCE).await?;
        if context.output.is_json() {
            return context.output.json(&found.items.iter().map(D::of).collect::<Vec<_>>());
        }
        context.output.table(head, &found.items.iter().map(row).collect::<Vec<_>>())
    }
}

/// Makes one, or changes the one of this key.
async fn define<D: Definition>(context: &mut Context, key: &str, said: D) -> Outcome {
    let (admin, by) = (&context.app.admin, &context.authority);
    let is = match affiliations::find::<D>(admin, by, key).await? {
        Some(was) => affiliations::update(admin, by, was.affiliation.id, &said).await?,
        None => affiliations::create(admin, by, &said).await?,
    };
    context.output.tell(format!("{} is defined.", is.affiliation.key()), &D::of(&is))
}

impl Delete {
    async fn run<D: Definition>(self, context: &mut Context) -> Outcome {
        let one = find::<D>(context, &self.name).await?.affiliation;
        let question = format!("Delete the {} {}? Everybody loses it.", D::KIND.as_str(), one.key());
        self.confirmation.given(&question, "nothing was deleted")?;
        affiliations::delete::<D>(&context.app.admin, &context.authority, one.id).await?;
        frame::tell_deleted(context, one.key(), format!("{} is gone.", one.key()))
    }
}

impl Members {
    async fn run<D: Definition>(self, context: &mut Context) -> Outcome {
        let of = find::<D>(context, &self.name).await?.affiliation.id;
        let (admin, by) = (&context.app.admin, &context.authority);
        let page = affiliations::members(admin, by, of, self.after, self.limit).await?;
        if context.output.is_json() {
            let documents = users::documents(admin, by, &page.items).await?;
            return context.output.json(&documents);
        }
        let row = |user: &User| vec![user.id.to_string(), user.email.to_string(), user.display_name().to_owned()];
        context.output.table(&["ID", "EMAIL", "NAME"], &page.items.iter().map(row).collect::<Vec<_>>())?;
        match page.items.last().filter(|_| page.more) {
            Some(last) => context.output.line(format!("There are more: --after {}", last.id)),
            None => Ok(()),
        }
    }
}

impl Member {
    /// Gives it to each of the accounts, or takes it.
    async fn run<D: Definition>(self, context: &mut Context, joins: bool) -> Outcome {
        let one = find::<D>(context, &self.name).await?.affiliation;
        for name in &self.users {
            let (admin, by) = (&context.app.admin, &context.authority);
            let found = users::find(admin, by, name).await?;
            let user = found.ok_or_else(|| Failure::of(format!("there is no account {name}")))?;
            let (is, what) = if joins {
                (users::join(admin, by, user.id, (D::KIND, one.id)).await?, "has")
            } else {
                (users::leave(admin, by, user.id, (D::KIND, one.id)).await?, "has not")
            };
            let given = users::memberships(admin, by, &is).await?;
            context.output.tell(format!("{} {what} {}.", is.email, one.key()), &given)?;
        }
        Ok(())
    }
}
