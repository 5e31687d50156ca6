//! Declared logos: the picture of an app, and that of the server.
//!
//! Owns the member `logo` of a client and of the branding. In a document it is the picture itself in base64; an empty text says that there is to be none, and where nothing is said, what
//! there is stays. The files of an operator say where the picture is, and the command line puts it in. Whether two are the same is asked of what is kept: the picture as it is written down
//! anew, which is the same each time. Leaves which pictures are taken to [`logo`](crate::admin::logo), and giving them to `clients` and `policy`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::clients::all;
use super::policy::BRANDING;
use super::{Action, DeclaredKind, Difference, Step, StepRejected};
use crate::admin::{
    Administration, Aggregate, Authority, Permission, ProvenAuthority, Rejected, clients, logo, policy,
};
use crate::model::client::{Client, ClientId};
use crate::model::logo::LogoId;
use crate::model::policy::PolicySection;
use crate::store::LogoOwner;

/// The member that says it.
pub(super) const LOGO: &str = "logo";
/// The member that it takes the place of.
const LOGO_URI: &str = "logo_uri";
/// What is said of a text that is no picture.
const NO_PICTURE: &str = "must be a picture in base64, and the name of its file in a file";

/// A logo that something is to have.
#[derive(Clone, PartialEq)]
pub struct DeclaredLogo {
    owner: LogoOwner,
    /// The picture, in one of the formats that are taken; `None` where there is to be none.
    picture: Option<Vec<u8>>,
}

impl fmt::Debug for DeclaredLogo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.picture.as_ref().map(Vec::len);
        f.debug_struct("DeclaredLogo").field("owner", &self.owner).field("bytes", &bytes).finish()
    }
}

/// What an entry or a section says of its logo is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: logo {why}")]
pub struct NotADeclaredLogo {
    /// The entry or the section.
    place: String,
    /// The same as RFC 6901 writes it.
    pointer: String,
    /// Why.
    why: &'static str,
}

impl NotADeclaredLogo {
    /// Where the declaration has it: RFC 6901.
    pub fn pointer(&self) -> String {
        format!("{}/{LOGO}", self.pointer)
    }
}

/// Takes the logos out of a declaration's document, whose list of clients is called `clients`. What is left says nothing of them.
pub(super) fn take(
    lists: &mut Map<String, Value>,
    clients: &'static str,
) -> Result<Vec<DeclaredLogo>, NotADeclaredLogo> {
    let mut found = Vec::new();
    let entries = lists.get_mut(clients).and_then(Value::as_array_mut).into_iter().flatten().enumerate();
    for (at, entry) in entries {
        let Some(entry) = entry.as_object_mut() else { continue };
        let (place, pointer) = (format!("{clients}[{at}]"), format!("/{clients}/{at}"));
        let said = taken(entry).map_err(|why| NotADeclaredLogo { place, pointer, why })?;
        // One that has no id is refused as a client.
        let id = entry.get("client_id").and_then(Value::as_str).and_then(|id| ClientId::parse(id).ok());
        found.extend(id.zip(said).map(|(id, said)| DeclaredLogo::of(LogoOwner::Client(id), said)));
    }
    if let Some(branding) = lists.get_mut(BRANDING).and_then(Value::as_object_mut) {
        let (place, pointer) = (BRANDING.to_owned(), format!("/{BRANDING}"));
        let said = taken(branding).map_err(|why| NotADeclaredLogo { place, pointer, why })?;
        found.extend(said.map(|said| DeclaredLogo::of(LogoOwner::Server, said)));
    }
    Ok(found)
}

/// The picture that an entry says is its logo, which is empty where there is to be none; `None` where it says nothing.
fn taken(entry: &mut Map<String, Value>) -> Result<Option<Vec<u8>>, &'static str> {
    let Some(said) = entry.remove(LOGO) else { return Ok(None) };
    let said = said.as_str().ok_or(NO_PICTURE)?;
    if entry.contains_key(LOGO_URI) {
        return Err("takes the place of logo_uri: say one of them");
    }
    STANDARD.decode(said).map(Some).map_err(|_| NO_PICTURE)
}

/// Gives something that is declared its logo. Where it has it already it is left alone, which is no step.
pub(super) async fn apply(
    admin: &Administration,
    authority: &ProvenAuthority,
    declared: &DeclaredLogo,
) -> Result<Option<Step>, StepRejected> {
    let (kind, name) = declared.about();
    let changed = declared.make_so(admin, authority).await;
    let changed = changed.map_err(|why| StepRejected::new(kind, name.clone(), why))?;
    Ok(changed.map(|difference| Step::of(kind, name, Action::Change { differences: vec![difference] })))
}

impl DeclaredLogo {
    fn of(owner: LogoOwner, said: Vec<u8>) -> Self {
        Self { owner, picture: Some(said).filter(|picture| !picture.is_empty()) }
    }

    /// What it is the logo of.
    fn about(&self) -> (DeclaredKind, String) {
        match &self.owner {
            LogoOwner::Client(id) => (DeclaredKind::Client, id.to_string()),
            LogoOwner::Server => (DeclaredKind::Policy, BRANDING.to_owned()),
        }
    }

    /// Has it be so; `None` where it is.
    async fn make_so(
        &self,
        admin: &Administration,
        authority: &ProvenAuthority,
    ) -> Result<Option<Difference>, Rejected> {
        let is = match &self.picture {
            Some(picture) => Some(logo::read(picture).await?.id()),
            None => None,
        };
        let was = match &self.owner {
            LogoOwner::Client(id) => self.make_so_of_client(admin, authority, (id, is)).await?,
            LogoOwner::Server => self.make_so_of_server(admin, authority, is).await?,
        };
        let shown = |id: Option<LogoId>| id.map_or(Value::Null, |id| json!(id));
        let difference = Difference { member: LOGO.to_owned(), is: shown(was), declared: shown(is) };
        Ok((was != is).then_some(difference))
    }

    /// Answers which logo the client had. Where it is only tried, the client may be one that would be made.
    async fn make_so_of_client(
        &self,
        admin: &Administration,
        authority: &ProvenAuthority,
        (id, is): (&ClientId, Option<LogoId>),
    ) -> Result<Option<LogoId>, Rejected> {
        let Some(client) = clients::find(admin, authority, id).await? else {
            return if authority.tries() { Ok(None) } else { Err(Rejected::NotFound(Aggregate::Client)) };
        };
        let was = client.presentation.links.logo;
        if was == is {
            return Ok(was);
        }
        authority.require_to_manage(client.managed_by.as_ref())?;
        match &self.picture {
            Some(picture) => clients::set_logo(admin, authority, id, picture).await?,
            None => clients::remove_logo(admin, authority, id).await?,
        };
        Ok(was)
    }

    /// Answers which logo the server had.
    async fn make_so_of_server(
        &self,
        admin: &Administration,
        authority: &ProvenAuthority,
        is: Option<LogoId>,
    ) -> Result<Option<LogoId>, Rejected> {
        let there = policy::find(admin, authority).await?;
        let was = there.branding.logo;
        if was == is {
            return Ok(was);
        }
        authority.require_to_manage(there.manager(PolicySection::Branding))?;
        match &self.picture {
            Some(picture) => policy::set_logo(admin, authority, (), picture).await?,
            None => policy::remove_logo(admin, authority, ()).await?,
        };
        Ok(was)
    }
}

/// The logos that there are now, each with whose it is: what an export leaves behind, as it is no text.
pub async fn export_logos(
    admin: &Administration,
    authority: &Authority,
) -> Result<Vec<(LogoOwner, Vec<u8>)>, Rejected> {
    authority.require(Permission::ReadClients)?;
    let server = policy::find(admin, authority).await?.branding.logo.map(|id| (LogoOwner::Server, id));
    let of_client =
        |client: &Client| client.presentation.links.logo.map(|id| (LogoOwner::Client(client.id.clone()), id));
    let clients = all(admin, authority).await?;
    let mut pictures = Vec::new();
    for (owner, id) in server.into_iter().chain(clients.iter().filter_map(of_client)) {
        pictures.extend(admin.stores().logos.logo(id).await?.map(|picture| (owner, picture)));
    }
    Ok(pictures)
}
