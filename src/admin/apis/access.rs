//! Which clients may ask tokens for an API, from its side.

use super::load;
use crate::admin::clients::{self, ClientResource, ClientSearch, PAGE};
use crate::admin::{Administration, Aggregate, Authority, Permission, ProvenAuthority, RETRIES, Rejected, Target};
use crate::model::Api;
use crate::model::client::{Client, ClientId};
use crate::store::{ClientOrder, Page};
use crate::support::id::ApiId;

/// The clients that may ask tokens for it, by id, after `after`.
pub async fn clients_of(
    admin: &Administration,
    authority: &Authority,
    api: &Api,
    after: Option<&ClientId>,
    limit: u32,
) -> Result<Page<Client>, Rejected> {
    let asking = ClientSearch { resource: Some(api.resource.clone()), ..ClientSearch::default() };
    clients::search(admin, authority, &asking, &ClientOrder::Id(after.cloned()), limit).await
}

/// Lets a client ask tokens for it, or no more: a change of the client, which is made as any other of it is. What it has of tokens is good until it ends.
pub async fn let_ask(
    admin: &Administration,
    authority: &ProvenAuthority,
    (api, client): (ApiId, &ClientId),
    may: bool,
) -> Result<Client, Rejected> {
    authority.require(Permission::WriteClients)?;
    let mut left = RETRIES;
    loop {
        let found = clients::find(admin, authority, client).await?;
        let is = found.ok_or(Rejected::NotFound(Aggregate::Client))?;
        let resource = load(admin, &Target::from(api)).await?.resource;
        if is.may_ask_for(&resource) == may {
            return Ok(is);
        }
        let others = is.policy.resources.iter().filter(|one| !one.names_same(&resource));
        let resources = others.chain(may.then_some(&resource)).map(|one| one.as_str().to_owned()).collect();
        let document = ClientResource { resources: Some(resources), ..ClientResource::default() };
        let target = Target::at(is.id.clone(), is.version);
        match clients::update(admin, authority, target, &document).await {
            Err(Rejected::Stale(_)) if left > 0 => left -= 1,
            done => return done.map(|changed| changed.client),
        }
    }
}

/// How many may.
pub(super) async fn count(admin: &Administration, authority: &Authority, api: &Api) -> Result<usize, Rejected> {
    let (mut counted, mut after) = (0, None);
    loop {
        let page = clients_of(admin, authority, api, after.as_ref(), PAGE).await?;
        counted += page.items.len();
        match page.items.into_iter().last().filter(|_| page.more) {
            Some(last) => after = Some(last.id),
            None => return Ok(counted),
        }
    }
}
