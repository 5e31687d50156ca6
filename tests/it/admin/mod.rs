//! What administrators do.

use haechi::admin::Authority;
use haechi::admin::clients::{self, ClientResource};
use haechi::model::client::{Client, ClientKind};

use crate::support::app::TestApp;

pub mod affiliations;
pub mod api;
mod apis;
pub mod attributes;
mod audit;
mod authority;
mod branding;
mod bulk;
mod claim;
pub mod claim_rules;
mod client_registration;
mod connections;
mod counts;
mod declared;
mod delegated_people;
mod delegation;
mod documents;
mod drawn;
mod issuer;
mod key_rotation;
mod logos;
mod managed;
mod policy;
mod production;
mod recover;
mod service_delegation;
mod sign_ins;
mod token_preview;
mod user_accounts;

/// A registration that the rules allow.
pub fn shop(kind: ClientKind) -> ClientResource {
    ClientResource {
        kind: Some(kind),
        client_name: Some("Shop".to_owned()),
        redirect_uris: Some(vec!["https://app.example/cb".to_owned()]),
        scope: Some("openid email".to_owned()),
        ..ClientResource::default()
    }
}

/// A registered web client of this id.
pub async fn web_client(house: &TestApp, id: &str) -> Client {
    let new = ClientResource { client_id: Some(id.to_owned()), ..shop(ClientKind::Web) };
    clients::create(&house.admin, &Authority::operator(), new).await.unwrap().client
}
