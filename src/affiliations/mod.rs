//! What administrators define that apps are told of, as the hot paths know it: without a question to the store for each token.
//!
//! Owns when what is remembered of groups, roles, attributes and claim rules still counts. An account is read for every token, with the count of changes
//! of all of them beside it ([`User::definitions_version`]): what is remembered counts while it is of that one. So a change counts at the next use on
//! every node, and nothing is asked as long as there is none. Leaves making and giving them to `admin`, and what the rules make of an account to `model`.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use crate::model::affiliation::Catalogue;
use crate::model::attribute::Definitions;
use crate::model::claim_rule::{Derived, NotTold, Rules};
use crate::model::{Client, User};
use crate::store::{AffiliationStore, AttributeStore, ClaimRuleStore, StoreResult, Stores};

/// Knows what is defined.
pub struct Affiliations {
    catalogue: Arc<dyn AffiliationStore>,
    attributes: Arc<dyn AttributeStore>,
    rules: Arc<dyn ClaimRuleStore>,
    known: ArcSwap<Defined>,
    /// Held by the one that reads it anew.
    reading: Mutex<()>,
}

/// What is defined, as of one version.
#[derive(Debug, Default)]
pub struct Defined {
    /// The groups and roles, with the version that all of it is of.
    pub catalogue: Catalogue,
    /// The custom attributes of accounts.
    pub attributes: Definitions,
    /// The claim rules.
    pub rules: Rules,
}

impl Affiliations {
    /// Knows nothing before it is first asked.
    pub fn new(stores: &Stores) -> Self {
        Self {
            catalogue: stores.affiliations.clone(),
            attributes: stores.attributes.clone(),
            rules: stores.claim_rules.clone(),
            known: ArcSwap::default(),
            reading: Mutex::new(()),
        }
    }

    /// What a client may be told of an account, as far as it is registered to hear of it now.
    pub async fn derived(&self, user: &User, client: &Client) -> StoreResult<Derived> {
        Ok(self.of(user).await?.derived(user, client))
    }

    /// Whether a role of an account, its own or brought by a group, asks for a second factor. Of an account that has none there is nothing to look up.
    pub async fn require_second_factor(&self, user: &User) -> StoreResult<bool> {
        if user.affiliations.is_empty() {
            return Ok(false);
        }
        Ok(self.of(user).await?.catalogue.requires_second_factor(&user.affiliations))
    }

    /// What is defined, in the version that an account was looked at in, or a later one.
    pub async fn of(&self, user: &User) -> StoreResult<Arc<Defined>> {
        let version = user.definitions_version;
        let known = self.known.load_full();
        if known.catalogue.version == version {
            return Ok(known);
        }
        let _reading = self.reading.lock().await;
        let known = self.known.load_full();
        if known.catalogue.version == version {
            return Ok(known);
        }
        // The count first: what is read after it may be newer, and is read again then.
        let read = Arc::new(Defined {
            catalogue: self.catalogue.catalogue().await?,
            attributes: self.attributes.all().await?,
            rules: self.rules.all().await?,
        });
        self.known.store(Arc::clone(&read));
        Ok(read)
    }
}

impl Defined {
    /// What a client may be told of an account. Every token asks this, so what nobody reads is not put together.
    pub fn derived(&self, user: &User, client: &Client) -> Derived {
        let held = self.catalogue.held(&user.affiliations, &client.id);
        let judged = self.rules.judged(client, (&user.attributes, &self.attributes), &held);
        let ruled = judged.into_iter().filter_map(|verdict| verdict.said.ok()).collect();
        Derived { held, ruled }
    }

    /// The same, with the rules that give nothing, and why not.
    pub fn explained(&self, user: &User, client: &Client) -> (Derived, Vec<(String, String, NotTold)>) {
        let held = self.catalogue.held(&user.affiliations, &client.id);
        let (mut ruled, mut silent) = (Vec::new(), Vec::new());
        for verdict in self.rules.judged(client, (&user.attributes, &self.attributes), &held) {
            match verdict.said {
                Ok(said) => ruled.push(said),
                Err(why) => silent.push((verdict.rule.name.to_string(), verdict.rule.claim.to_string(), why)),
            }
        }
        (Derived { held, ruled }, silent)
    }
}

impl std::fmt::Debug for Affiliations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let version = &self.known.load().catalogue.version;
        f.debug_struct("Affiliations").field("version", version).finish_non_exhaustive()
    }
}
