use proptest::prelude::*;
use proptest::sample;

use super::*;
use crate::model::connection::{SealedSecret, UpstreamAlgorithm};
use crate::model::upstream_value::UpstreamValue;
use crate::model::user::Role;
use crate::protocol::issuer::Issuer;
use crate::support::{SeededRandom, Timestamp};

fn issuer() -> Issuer {
    Issuer::parse("https://id.example").unwrap()
}

#[test]
fn every_setting_of_every_preset_has_a_field_of_its_own() {
    for preset in presets::ALL {
        for setting in preset.settings {
            let mut document = ConnectionResource::default();
            *document.setting_mut(setting.name).unwrap_or_else(|| panic!("{} has {}", preset.id, setting.name)) =
                Some("x".to_owned());
            let said = serde_json::to_value(&document).unwrap();
            assert_eq!(said, serde_json::json!({ field_of_setting(setting.name): "x" }));
            assert!(document.settings().contains(&(setting.name, Some("x"))));
        }
    }
}

/// Any connection that the model can hold.
fn any_connection() -> impl Strategy<Value = Connection> {
    let presets: Vec<&str> = presets::ALL.iter().map(|preset| preset.id).collect();
    let said = (sample::select(presets), "[a-z가-힣]{0,20}", any::<[bool; 7]>(), any::<[u16; 3]>(), any::<i32>());
    said.prop_map(|(id, label, flags, [made, version, algorithms], position)| {
        let [enabled, sign_up, trust_email, keep_tokens, allow_private_network, listed, secret] = flags;
        let (now, slug) = (Timestamp::from_seconds(i64::from(made)), Slug::parse("work").unwrap());
        let id_of = ConnectionId::new(now, &SeededRandom::new(1));
        let mut connection = Connection::new(id_of, slug, id.to_owned(), "client".to_owned(), now);
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        (connection.label, connection.position, connection.version) = (label, position, i64::from(version));
        (connection.enabled, connection.sign_up, connection.trust_email) = (enabled, sign_up, trust_email);
        (connection.keep_tokens, connection.allow_private_network) = (keep_tokens, allow_private_network);
        let chosen = UpstreamAlgorithm::ALL.iter().enumerate().filter(|(at, _)| algorithms >> at & 1 == 1);
        connection.algorithms = chosen.map(|(_, algorithm)| *algorithm).collect();
        connection.algorithms.sort_unstable();
        if listed {
            let settings = presets::find(id).map_or(&[][..], |preset| preset.settings);
            connection.settings =
                settings.iter().map(|setting| (setting.name.to_owned(), "value".to_owned())).collect();
            connection.scopes = texts(&["openid", "email"]);
            connection.claim_map = [("name".to_owned(), "/profile/full".to_owned())].into();
            connection.allowed_domains = texts(&["corp.example", "corp.test"]);
            connection.routed_domains = texts(&["corp.example"]);
            connection.two_factors = vec![UpstreamValue::Amr("mfa".to_owned())];
            connection.phishing_resistant = vec![UpstreamValue::Acr("phr".to_owned())];
            connection.default_roles = vec![Role::Auditor, Role::AppManager];
        }
        if secret {
            connection.secrets = vec![SealedSecret { sealed: vec![7; 40], created_at: now, expires_at: None }];
        }
        connection
    })
}

proptest! {
    #[test]
    fn a_connection_and_its_document_say_the_same(connection in any_connection()) {
        let shown = ConnectionResource::of(&connection, &issuer());
        let text = serde_json::to_string(&shown).unwrap();
        prop_assert!(!text.contains("sealed") && !text.contains("client_secret\":"));
        let read: ConnectionResource = crate::admin::document::read(&text).unwrap();
        prop_assert_eq!(&read, &shown);
        let mut found = Vec::new();
        read.check_unchanged(&connection, &issuer(), &mut found);
        prop_assert_eq!(&read.apply(connection.clone(), &mut found), &connection);
        // A new connection of the same document: all but what the server sets.
        let Connection { id, slug, preset, created_at, .. } = connection.clone();
        let blank = Connection::new(id, slug, preset, String::new(), created_at);
        let made = read.apply(blank, &mut found);
        let (secrets, enabled, version) = (connection.secrets.clone(), connection.enabled, connection.version);
        prop_assert_eq!(Connection { secrets, enabled, version, ..made }, connection);
        prop_assert!(found.is_empty(), "{found:?}");
    }
}
