//! What administrators do.

use haechi::admin::Authority;
use haechi::admin::clients::{self, ClientMetadata, NewClient};
use haechi::model::client::{Client, ClientKind};

use crate::support::premises::House;

mod authority;
mod claim;
mod client_registration;
mod connections;
mod key_rotation;
mod sign_ins;
mod user_accounts;

/// A registration that the rules allow.
pub fn shop(kind: ClientKind) -> NewClient {
    let metadata = ClientMetadata {
        name: Some("Shop".to_owned()),
        redirect_uris: Some(vec!["https://app.example/cb".to_owned()]),
        scopes: Some("openid email".to_owned()),
        ..ClientMetadata::default()
    };
    NewClient { client_id: None, kind, metadata }
}

/// A registered web client of this id.
pub async fn web_client(house: &House, id: &str) -> Client {
    let new = NewClient { client_id: Some(id.to_owned()), ..shop(ClientKind::Web) };
    clients::create(&house.admin, &Authority::operator(), new).await.unwrap().client
}
