//! Looking for clients by what is known of them.

use super::PAGE;
use super::delegated::managed;
use crate::admin::{Administration, Authority, Permission, Rejected};
use crate::model::client::{Client, ClientId, ClientKind};
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::resource::Resource;
use crate::store::Page;

/// What is looked for. What is not said fits every client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientSearch {
    /// A part of the id, of a name in any language, or of a redirect URI, whatever its case.
    pub text: Option<String>,
    /// What kind of program it is.
    pub kind: Option<ClientKind>,
    /// Whether it may be used.
    pub enabled: Option<bool>,
    /// A resource that it may ask tokens for.
    pub resource: Option<Resource>,
}

impl ClientSearch {
    fn fits(&self, client: &Client, text: Option<&str>) -> bool {
        self.kind.is_none_or(|kind| client.kind == kind)
            && self.enabled.is_none_or(|enabled| client.enabled == enabled)
            && self.resource.as_ref().is_none_or(|resource| client.may_ask_for(resource))
            && text.is_none_or(|text| has(client, text))
    }
}

/// Whether a text, in lower case, is a part of what a client is known by.
fn has(client: &Client, text: &str) -> bool {
    let presentation = &client.presentation;
    let names = std::iter::once(&presentation.name).chain(presentation.names.values()).map(String::as_str);
    let uris = client.redirects.uris.iter().map(RegisteredRedirectUri::as_str);
    std::iter::once(client.id.as_str()).chain(names).chain(uris).any(|known| known.to_lowercase().contains(text))
}

/// The clients that fit, by id, after `after`. The store leads to those that have the text; whether they fit is looked at a page at a time.
pub async fn search(
    admin: &Administration,
    authority: &Authority,
    search: &ClientSearch,
    after: Option<&ClientId>,
    limit: u32,
) -> Result<Page<Client>, Rejected> {
    authority.require_somewhere(Permission::ReadClients)?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let text = search.text.as_ref().map(|text| text.to_lowercase());
    if !authority.allows(Permission::ReadClients) {
        let fits = |client: &Client| search.fits(client, text.as_deref());
        return managed(admin, authority, fits, after, limit).await;
    }
    let resource = search.resource.as_ref().map(Resource::stem);
    let (mut items, mut after) = (Vec::new(), after.cloned());
    loop {
        let page = match text.as_deref().or(resource) {
            Some(text) => admin.stores().clients.known_by(text, after.as_ref(), PAGE).await?,
            None => admin.stores().clients.list(after.as_ref(), PAGE).await?,
        };
        after = page.items.last().filter(|_| page.more).map(|last| last.id.clone());
        items.extend(page.items.into_iter().filter(|client| search.fits(client, text.as_deref())));
        if items.len() > wanted || after.is_none() {
            let more = items.len() > wanted;
            items.truncate(wanted);
            return Ok(Page { items, more });
        }
    }
}
