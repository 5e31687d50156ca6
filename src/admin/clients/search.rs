//! Looking for clients by what is known of them.

use super::PAGE;
use super::delegated::managed;
use crate::admin::{Administration, Authority, Permission, Rejected};
use crate::model::client::{Client, ClientKind};
use crate::protocol::redirect_uri::RegisteredRedirectUri;
use crate::protocol::resource::Resource;
use crate::store::{ClientOrder, Page};

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

/// The clients that fit, in an order. The store leads to those that have the text; whether they fit is looked at a page at a time.
pub async fn search(
    admin: &Administration,
    authority: &Authority,
    search: &ClientSearch,
    order: &ClientOrder,
    limit: u32,
) -> Result<Page<Client>, Rejected> {
    authority.require_somewhere(Permission::ReadClients)?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let text = search.text.as_ref().map(|text| text.to_lowercase());
    if !authority.allows(Permission::ReadClients) {
        let fits = |client: &Client| search.fits(client, text.as_deref());
        return managed(admin, authority, fits, order, limit).await;
    }
    let known_by = text.as_deref().or(search.resource.as_ref().map(Resource::stem));
    let (mut items, mut order) = (Vec::new(), order.clone());
    loop {
        let page = admin.stores().clients.search(known_by, &order, PAGE).await?;
        let next = page.items.last().filter(|_| page.more).map(|last| order.after(last));
        items.extend(page.items.into_iter().filter(|client| search.fits(client, text.as_deref())));
        let Some(next) = next.filter(|_| items.len() <= wanted) else { break };
        order = next;
    }
    let more = items.len() > wanted;
    items.truncate(wanted);
    Ok(Page { items, more })
}
