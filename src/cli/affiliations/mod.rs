//! `haechi groups` and `haechi roles`: what people belong to, and may do in apps.
//!
//! Owns what the two have in common, which is all but their words.

use std::collections::BTreeMap;

use clap::Args;
use reqwest::Method;

use super::attributes::pair;
use super::confirmation::Confirmation;
use super::context::{Context, Desk};
use super::failure::{Failure, Outcome};
use super::frame::{self, Kind};
use super::remote::{Items, place};
use super::users::Users;
use crate::admin::affiliations::{self, Defined, Definition};
use crate::admin::users::{self, MembershipsResource, UserResource};
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
#[group(skip)]
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
#[group(skip)]
pub(super) struct Delete {
    /// Which: its name, `app:name` for a role of one app, or its id.
    name: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Where the API has those of a kind.
fn path<D: Definition>() -> String {
    format!("/{}s", D::KIND.as_str())
}

/// What no two of a kind share: the name, and before it the client where it is that one's own.
fn key_of<D: Definition>(document: &D) -> Outcome<String> {
    let members = serde_json::to_value(document).map_err(Failure::of)?;
    let text = |name: &str| members[name].as_str().filter(|text| !text.is_empty());
    let name = text("name").unwrap_or_default();
    Ok(text("client_id").map_or_else(|| name.to_owned(), |client| format!("{client}:{name}")))
}

async fn find<D: Definition>(context: &Context, name: &str) -> Outcome<Defined> {
    let found = affiliations::find::<D>(&context.app.admin, &context.authority, name).await?;
    found.ok_or_else(|| missing::<D>(name))
}

fn missing<D: Definition>(name: &str) -> Failure {
    let kind = D::KIND.as_str();
    Failure::of(format!("there is no {kind} {name}; `haechi {kind}s list` shows them all"))
}

/// The document of the one of this name.
async fn document<D: Definition>(desk: &mut Desk, name: &str) -> Outcome<D> {
    match desk {
        Desk::Here(context) => Ok(D::of(&find::<D>(context, name).await?)),
        Desk::There(there) => there.api.find(&place(&path::<D>(), name)).await?.ok_or_else(|| missing::<D>(name)),
    }
}

async fn show<D: Definition>(desk: &mut Desk, name: &str) -> Outcome {
    let found = document::<D>(desk, name).await?;
    desk.output().json(&found)
}

impl List {
    async fn run<D: Definition>(self, desk: &mut Desk, head: &[&str], row: impl Fn(&D) -> Vec<String>) -> Outcome {
        let found: Vec<D> = match desk {
            Desk::Here(context) => {
                let (admin, by) = (&context.app.admin, &context.authority);
                let found = affiliations::list::<D>(admin, by, (self.search.as_deref(), None), AT_ONCE).await?;
                found.items.iter().map(D::of).collect()
            }
            Desk::There(there) => {
                let query: Vec<_> = self.search.iter().map(|text| ("search", text.as_str())).collect();
                there.api.all(&path::<D>(), &query).await?
            }
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&found);
        }
        output.table(head, &found.iter().map(row).collect::<Vec<_>>())
    }
}

/// Makes one, or changes the one of this key.
async fn define<D: Definition>(desk: &mut Desk, key: &str, said: D) -> Outcome {
    let is = match desk {
        Desk::Here(context) => {
            let (admin, by) = (&context.app.admin, &context.authority);
            D::of(&match affiliations::find::<D>(admin, by, key).await? {
                Some(was) => affiliations::update(admin, by, was.affiliation.id, &said).await?,
                None => affiliations::create(admin, by, &said).await?,
            })
        }
        Desk::There(there) => {
            let (one, body) = (place(&path::<D>(), key), serde_json::to_value(&said).map_err(Failure::of)?);
            let (method, at) = match there.api.find::<D>(&one).await? {
                Some(_) => (Method::PATCH, one),
                None => (Method::POST, path::<D>()),
            };
            there.api.send::<D>(method, &at, Some(&body)).await?
        }
    };
    desk.output().tell(format!("{} is defined.", key_of(&is)?), &is)
}

impl Delete {
    async fn run<D: Definition>(self, desk: &mut Desk) -> Outcome {
        let key = key_of(&document::<D>(desk, &self.name).await?)?;
        let question = format!("Delete the {} {key}? Everybody loses it.", D::KIND.as_str());
        self.confirmation.given(&question, "nothing was deleted")?;
        match desk {
            Desk::Here(context) => {
                let one = find::<D>(context, &self.name).await?.affiliation;
                affiliations::delete::<D>(&context.app.admin, &context.authority, one.id).await?;
            }
            Desk::There(there) => {
                if !there.api.done(Method::DELETE, &place(&path::<D>(), &self.name), (&[], None)).await? {
                    return Err(missing::<D>(&self.name));
                }
            }
        }
        frame::tell_deleted(desk.output(), &key, format!("{key} is gone."))
    }
}

impl Members {
    async fn run<D: Definition>(self, desk: &mut Desk) -> Outcome {
        let Items { items, more } = match desk {
            Desk::Here(context) => {
                let of = find::<D>(context, &self.name).await?.affiliation.id;
                let (admin, by) = (&context.app.admin, &context.authority);
                let page = affiliations::members(admin, by, of, self.after, self.limit).await?;
                Items { items: users::documents(admin, by, &page.items).await?, more: page.more }
            }
            Desk::There(there) => {
                if there.api.find::<D>(&place(&path::<D>(), &self.name)).await?.is_none() {
                    return Err(missing::<D>(&self.name));
                }
                let (at, after) = (place(&path::<D>(), &self.name), self.after.map(|id| id.to_string()));
                there.api.list(&format!("{at}/members"), (&[], after.as_deref()), self.limit as usize).await?
            }
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&items);
        }
        let row = |user: &UserResource| {
            let email = user.email.clone().unwrap_or_default();
            vec![Users::name(user).to_owned(), email.clone(), user.name.clone().unwrap_or(email)]
        };
        output.table(&["ID", "EMAIL", "NAME"], &items.iter().map(row).collect::<Vec<_>>())?;
        output.more(items.last().filter(|_| more).map(Users::name))
    }
}

impl Member {
    /// Gives it to each of the accounts, or takes it.
    async fn run<D: Definition>(self, desk: &mut Desk, joins: bool) -> Outcome {
        let key = key_of(&document::<D>(desk, &self.name).await?)?;
        for name in &self.users {
            let (email, given) = match desk {
                Desk::Here(context) => self.here::<D>(context, name, joins).await?,
                Desk::There(_) => self.there::<D>(desk, name, joins).await?,
            };
            let what = if joins { "has" } else { "has not" };
            desk.output().tell(format!("{email} {what} {key}."), &given)?;
        }
        Ok(())
    }

    async fn here<D: Definition>(
        &self,
        context: &Context,
        name: &str,
        joins: bool,
    ) -> Outcome<(String, MembershipsResource)> {
        let one = find::<D>(context, &self.name).await?.affiliation;
        let (admin, by) = (&context.app.admin, &context.authority);
        let found = users::find(admin, by, name).await?;
        let user = found.ok_or_else(|| Failure::of(format!("there is no account {name}")))?;
        let is = if joins {
            users::join(admin, by, user.id, (D::KIND, one.id)).await?
        } else {
            users::leave(admin, by, user.id, (D::KIND, one.id)).await?
        };
        Ok((is.email.to_string(), users::memberships(admin, by, &is).await?))
    }

    async fn there<D: Definition>(
        &self,
        desk: &mut Desk,
        name: &str,
        joins: bool,
    ) -> Outcome<(String, MembershipsResource)> {
        let user = frame::document::<Users>(desk, &name.to_owned()).await?;
        let Desk::There(there) = desk else { return Err(missing::<D>(&self.name)) };
        let members = format!("{}/members", place(&path::<D>(), &self.name));
        let method = if joins { Method::PUT } else { Method::DELETE };
        if !there.api.done(method, &place(&members, Users::name(&user)), (&[], None)).await? {
            return Err(missing::<D>(&self.name));
        }
        let given = there.api.get(&format!("{}/memberships", frame::path::<Users>(&user))).await?;
        Ok((user.email.unwrap_or_default(), given))
    }
}
