//! A password credential as Keycloak exports it: parameters and secret are JSON in texts of a JSON object.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

use super::HashRejected;
use crate::support::Secret;

/// The credential.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "they are Keycloak's")]
pub struct Credential {
    /// `password`, where it says so.
    #[serde(default)]
    r#type: Option<String>,
    credential_data: String,
    secret_data: Secret<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "they are Keycloak's")]
struct Parameters {
    hash_iterations: u32,
    algorithm: String,
    #[serde(default)]
    additional_parameters: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct SecretData {
    value: Secret<String>,
    salt: String,
}

/// The hash of a credential, as a PHC string.
pub fn of_credential(credential: &Credential) -> Result<Secret<String>, HashRejected> {
    if credential.r#type.as_deref().is_some_and(|is| is != "password") {
        return Err(HashRejected::Unknown);
    }
    let parameters: Parameters = read(&credential.credential_data)?;
    let SecretData { value, salt } = read(credential.secret_data.expose())?;
    let rounds = parameters.hash_iterations;
    let (salt, value) = (salt.trim_end_matches('='), value.expose().trim_end_matches('='));
    let text = match parameters.algorithm.as_str() {
        // The name without a function is that of the first releases.
        "pbkdf2" => format!("$pbkdf2-sha1$i={rounds}${salt}${value}"),
        "pbkdf2-sha256" | "pbkdf2-sha512" => format!("${}$i={rounds}${salt}${value}", parameters.algorithm),
        "argon2" => {
            let of = |name: &str| {
                let values = parameters.additional_parameters.get(name).map(Vec::as_slice);
                values.and_then(<[String]>::first).map(String::as_str).ok_or(HashRejected::Unknown)
            };
            let version = if of("version")? == "1.3" { 19 } else { 16 };
            let (kind, memory, lanes) = (of("type")?, of("memory")?, of("parallelism")?);
            format!("$argon2{kind}$v={version}$m={memory},t={rounds},p={lanes}${salt}${value}")
        }
        _ => return Err(HashRejected::Unknown),
    };
    super::parse(&text)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, HashRejected> {
    serde_json::from_str(text).map_err(|_| HashRejected::Unknown)
}
