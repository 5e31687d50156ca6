//! `haechi apis`: what tokens are for.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reqwest::Method;

use super::attributes::pair;
use super::context::{Context, Desk};
use super::failure::{Failure, Outcome};
use super::frame::{self, Argument, Delete, Done, Kind, Made, One};
use super::output::Output;
use super::remote::{Items, place};
use crate::admin::Rejected;
use crate::admin::apis::{self, ApiResource, ApiSearch, ApiTokenType, ScopeResource};
use crate::admin::clients::ClientResource;
use crate::model::{Api, ClientId};
use crate::protocol::resource::Resource;
use crate::support::id::ApiId;

/// How many are read at a time.
const AT_ONCE: u32 = 1000;

#[derive(Debug, Subcommand)]
pub(super) enum ApisCommand {
    /// List the APIs that are declared, by identifier.
    #[command(after_long_help = "Examples:\n  haechi apis list\n  haechi apis list --search orders --json")]
    List {
        /// Only those whose identifier, name or scopes contain this.
        #[arg(long)]
        search: Option<String>,
    },
    /// Show one API, as JSON: a document that `create --file` and `update --file` read.
    #[command(after_long_help = "Examples:\n  haechi apis show https://orders.example/")]
    Show(One<ApisKind>),
    /// Declare an API: what it is called, what may be done with it, and what tokens for it are like. One that is not declared works all the same.
    #[command(after_long_help = "\
Examples:
  haechi apis create --resource https://orders.example/ --name Orders --name-in ko=주문
  haechi apis create --resource https://orders.example/ --scope 'orders:read=See your orders' --token-type JWT
  haechi apis create --file orders.json")]
    Create(Create),
    /// Change what is said of an API: what is named here is replaced, the rest stays.
    #[command(after_long_help = "Examples:\n  haechi apis update https://orders.example/ --lifetime 300")]
    Update(Update),
    /// List the apps that may ask tokens for an API.
    #[command(after_long_help = "Examples:\n  haechi apis apps https://orders.example/")]
    Apps {
        #[command(flatten)]
        one: One<ApisKind>,
        /// Only apps behind this one.
        #[arg(long, value_name = "CLIENT_ID", value_parser = client_id)]
        after: Option<ClientId>,
        /// At most this many.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Let apps ask tokens for an API: it is one of their resources then.
    #[command(after_long_help = "Examples:\n  haechi apis add https://orders.example/ shop")]
    Add(Access),
    /// Let apps ask tokens for an API no more. Those that they have are good until they end.
    #[command(after_long_help = "Examples:\n  haechi apis remove https://orders.example/ shop")]
    Remove(Access),
    /// Take an API back that no app may ask tokens for any more.
    #[command(after_long_help = "Examples:\n  haechi apis delete https://orders.example/ --yes")]
    Delete(Delete<ApisKind>),
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Read everything from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["resource", "Form"])]
    file: Option<PathBuf>,
    /// Its identifier, an absolute URI: the aud of tokens for it. It never changes.
    #[arg(long, value_name = "URI", required_unless_present = "file")]
    resource: Option<String>,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
pub(super) struct Update {
    #[command(flatten)]
    one: One<ApisKind>,
    /// Read what is to change from a JSON file, such as `show` prints; `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "Form")]
    file: Option<PathBuf>,
    #[command(flatten)]
    form: Form,
}

#[derive(Args, Debug)]
#[group(id = "Form", multiple = true)]
struct Form {
    /// What people read; the host of the identifier where nothing is said.
    #[arg(long)]
    name: Option<String>,
    /// What people read in a language, such as `ko=주문`. Can be repeated; an empty text takes it away.
    #[arg(long, value_name = "TAG=NAME", value_parser = pair)]
    name_in: Vec<(String, String)>,
    /// A page for developers: https. An empty text takes it away.
    #[arg(long, value_name = "URL")]
    documentation: Option<String>,
    /// A scope, and what it allows in a few words: `orders:read=See your orders`. Can be repeated; those that are said replace the ones before, and an empty
    /// one alone takes all away. What is said of one in further languages stays, and is changed by `--file`.
    #[arg(long = "scope", value_name = "SCOPE[=DESCRIPTION]")]
    scopes: Vec<String>,
    /// The typ header of access tokens for it; an empty text leaves it to each app.
    #[arg(long, value_parser = token_type)]
    token_type: Option<ApiTokenType>,
    /// Seconds that access tokens for it live; 0 leaves it to each app.
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u64>,
}

#[derive(Args, Debug)]
pub(super) struct Access {
    #[command(flatten)]
    one: One<ApisKind>,
    /// The client ids of the apps.
    #[arg(required = true, value_name = "CLIENT_ID", value_parser = client_id)]
    clients: Vec<ClientId>,
}

fn client_id(text: &str) -> Result<ClientId, String> {
    ClientId::parse(text).map_err(|why| why.to_string())
}

fn token_type(text: &str) -> Result<ApiTokenType, String> {
    ApiTokenType::named(text).ok_or_else(|| "must be at+jwt or JWT, or empty".to_owned())
}

impl Form {
    fn read(self, resource: Option<String>, was: Option<&ApiResource>) -> ApiResource {
        ApiResource {
            resource,
            resource_name: self.name,
            resource_documentation: self.documentation,
            scopes: (!self.scopes.is_empty())
                .then(|| self.scopes.iter().filter(|said| !said.is_empty()).map(|said| scope(said, was)).collect()),
            access_token_type: self.token_type,
            access_token_lifetime: self.lifetime,
            names: self.name_in.into_iter().map(|(tag, name)| (format!("resource_name#{tag}"), name)).collect(),
            ..ApiResource::default()
        }
    }
}

/// A scope that was said, with what is said of it in further languages so far.
fn scope(said: &str, was: Option<&ApiResource>) -> ScopeResource {
    let (scope, description) = said.split_once('=').unwrap_or((said, ""));
    let mut all = was.and_then(|api| api.scopes.as_deref()).unwrap_or_default().iter();
    let known = all.find(|known| known.scope == scope).cloned().unwrap_or_default();
    let description = if said.contains('=') { description.to_owned() } else { known.description };
    ScopeResource { scope: scope.to_owned(), description, descriptions: known.descriptions }
}

/// APIs as the command line administers them.
#[derive(Clone, Debug)]
pub(super) struct ApisKind;

impl Kind for ApisKind {
    type Key = String;
    type Model = Api;
    type Document = ApiResource;
    type Changed = Api;

    const NAME: &'static str = "API";
    const COMMAND: &'static str = "apis";
    const KEY: &'static str = "API";
    const KEY_HELP: &'static str = "Its identifier, or its id.";
    const HEAD: &'static [&'static str] = &["RESOURCE", "NAME", "SCOPES", "TOKENS", "ID"];
    const ARGUMENTS: &'static [Argument] = &[
        ("resource", "--resource", "https://orders.example/"),
        ("resource_name", "--name", "Orders"),
        ("resource_name#", "--name-in", "ko=주문"),
        ("resource_documentation", "--documentation", "https://orders.example/docs"),
        ("scopes", "--scope", "\"orders:read=See your orders\""),
        ("access_token_type", "--token-type", "JWT"),
        ("access_token_lifetime", "--lifetime", "600"),
    ];
    const PATH: &'static str = "/apis";

    fn key(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    fn document(_: &Context, api: &Api) -> ApiResource {
        ApiResource::from(api)
    }

    fn name(api: &ApiResource) -> &str {
        api.id.as_deref().unwrap_or_default()
    }

    fn row(api: &ApiResource) -> Vec<String> {
        let scopes = api.scopes.as_deref().unwrap_or_default();
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.scope.as_str()).collect();
        let kind = api.access_token_type.map(|chosen| chosen.as_str().to_owned());
        let lifetime = api.access_token_lifetime.map(|seconds| format!("{seconds} s"));
        let tokens: Vec<String> = kind.into_iter().chain(lifetime).collect();
        vec![
            resource(api).to_owned(),
            api.resource_name.clone().unwrap_or_default(),
            scopes.join(" "),
            if tokens.is_empty() { "as each app has them".to_owned() } else { tokens.join(", ") },
            Self::name(api).to_owned(),
        ]
    }

    fn version(api: &ApiResource) -> Option<i64> {
        api.version
    }

    fn made(_: &Context, changed: &Api) -> ApiResource {
        ApiResource::from(changed)
    }

    fn tell(output: &mut Output, made: &Made<Self>, what: Done) -> Outcome {
        let resource = resource(&made.document);
        if what == Done::Updated {
            return output.line(format!("{resource} is changed."));
        }
        output.line(format!("{resource} is declared. Let apps ask tokens for it:"))?;
        output.line(format!("  haechi apis add {resource} CLIENT_ID"))
    }

    /// The API knows it by its id; who types its identifier may leave out or add what makes no difference in a URL.
    async fn find_there(desk: &mut Desk, key: &String) -> Outcome<Option<ApiResource>> {
        let Desk::There(there) = desk else { return Ok(None) };
        if key.parse::<ApiId>().is_ok() {
            return there.api.find(&place(Self::PATH, key)).await;
        }
        let Ok(wanted) = Resource::parse(key) else { return Ok(None) };
        let found: Vec<ApiResource> = there.api.all(Self::PATH, &[("resource", wanted.as_str())]).await?;
        Ok(found.into_iter().next())
    }

    async fn find(context: &Context, key: &String) -> Result<Option<Api>, Rejected> {
        apis::find(&context.app.admin, &context.authority, key).await
    }

    async fn create(context: &Context, document: ApiResource) -> Result<Api, Rejected> {
        apis::create(&context.app.admin, &context.authority, &document).await
    }

    async fn update(context: &Context, was: &Api, document: &ApiResource) -> Result<Api, Rejected> {
        apis::update(&context.app.admin, &context.authority, was.id, document).await
    }
}

impl ApisCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        match self {
            Self::List { search } => {
                let found = match desk {
                    Desk::Here(context) => {
                        let search = ApiSearch { text: search.as_deref(), resource: None };
                        let (admin, by) = (&context.app.admin, &context.authority);
                        let found = apis::list(admin, by, (search, None), AT_ONCE).await?;
                        frame::documents::<ApisKind>(context, &found.items)
                    }
                    Desk::There(there) => {
                        let query: Vec<_> = search.iter().map(|text| ("search", text.as_str())).collect();
                        there.api.all(ApisKind::PATH, &query).await?
                    }
                };
                frame::list::<ApisKind>(desk.output(), &found)
            }
            Self::Show(one) => one.show(desk).await,
            Self::Create(Create { file, resource, form }) => {
                frame::create::<ApisKind>(desk, file.as_deref(), || Ok(form.read(resource, None))).await
            }
            Self::Update(Update { one, file, form }) => {
                one.update(desk, file.as_deref(), |was| Ok(form.read(None, Some(was)))).await
            }
            Self::Apps { one, after, limit } => apps(desk, &one, after.as_ref(), limit).await,
            Self::Add(access) => access.run(desk, true).await,
            Self::Remove(access) => access.run(desk, false).await,
            Self::Delete(delete) => {
                let api = delete.one.document(desk).await?;
                let name = resource(&api);
                delete.confirm(&format!("Delete {name}? What is said of it goes."))?;
                match desk {
                    Desk::Here(context) => {
                        let api = delete.one.find(context).await?;
                        apis::delete(&context.app.admin, &context.authority, api.id).await?;
                    }
                    Desk::There(_) => frame::delete_there::<ApisKind>(desk, &api, &[]).await?,
                }
                frame::tell_deleted(desk.output(), name, format!("{name} is deleted."))
            }
        }
    }
}

/// What an API is known by.
fn resource(api: &ApiResource) -> &str {
    api.resource.as_deref().unwrap_or_default()
}

async fn apps(desk: &mut Desk, one: &One<ApisKind>, after: Option<&ClientId>, limit: u32) -> Outcome {
    let Items { items, more } = match desk {
        Desk::Here(context) => {
            let api = one.find(context).await?;
            let (admin, by) = (&context.app.admin, &context.authority);
            let page = apis::clients_of(admin, by, &api, after, limit).await?;
            let items: Vec<ClientResource> =
                page.items.iter().map(|client| ClientResource::from(client).at(&context.app.issuer)).collect();
            Items { items, more: page.more }
        }
        Desk::There(_) => {
            let path = format!("{}/clients", frame::path::<ApisKind>(&one.document(desk).await?));
            let Desk::There(there) = desk else { return Ok(()) };
            there.api.list(&path, (&[], after.map(ClientId::as_str)), limit as usize).await?
        }
    };
    let output = desk.output();
    if output.is_json() {
        return output.json(&items);
    }
    let row = |client: &ClientResource| {
        vec![client.client_id.clone().unwrap_or_default(), client.client_name.clone().unwrap_or_default()]
    };
    output.table(&["CLIENT", "NAME"], &items.iter().map(row).collect::<Vec<_>>())?;
    output.more(items.last().filter(|_| more).map(|last| last.client_id.as_deref().unwrap_or_default()))
}

impl Access {
    /// Lets each of the apps ask, or no more.
    async fn run(self, desk: &mut Desk, may: bool) -> Outcome {
        let api = self.one.document(desk).await?;
        for client in &self.clients {
            let is = match desk {
                Desk::Here(context) => {
                    let id = self.one.find(context).await?.id;
                    let (admin, by) = (&context.app.admin, &context.authority);
                    match apis::let_ask(admin, by, (id, client), may).await {
                        Err(Rejected::NotFound(_)) => None,
                        done => Some(ClientResource::from(&done?).at(&context.app.issuer)),
                    }
                }
                Desk::There(there) => {
                    let path = place(&format!("{}/clients", frame::path::<ApisKind>(&api)), client.as_str());
                    let method = if may { Method::PUT } else { Method::DELETE };
                    let done = there.api.done(method, &path, (&[], None)).await?;
                    if done { there.api.find(&place("/clients", client.as_str())).await? } else { None }
                }
            };
            let missing = || Failure::of(format!("there is no client {client}; `haechi clients list` shows them all"));
            let is: ClientResource = is.ok_or_else(missing)?;
            let may = if may { "may" } else { "may not" };
            desk.output().tell(format!("{client} {may} ask tokens for {}.", resource(&api)), &is)?;
        }
        Ok(())
    }
}
