//! The logos of a declaration, which are in files beside it.
//!
//! A file says where the picture is; what is applied, here or at a server elsewhere, is the picture itself in base64.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::cli::failure::{Failure, Outcome};
use crate::cli::picture::bytes_of;
use crate::model::logo::{MAX_UPLOAD_BYTES, NotALogo};
use crate::store::LogoOwner;

/// The member of a client, and of the branding.
const LOGO: &str = "logo";
/// Where those are.
const CLIENTS: &str = "clients";
const BRANDING: &str = "branding";

/// Puts pictures in the place of the names of their files, which are said from the folder of the declaration on.
pub(super) fn resolve(value: &mut Value, file: &Path) -> Result<(), String> {
    let folder = file.parent().unwrap_or(Path::new(""));
    for entry in entries(value) {
        let Some(said) = entry.get_mut(LOGO) else { continue };
        let name = said.as_str().ok_or("logo is the name of a picture's file")?;
        if name.is_empty() {
            continue;
        }
        let picture = read(&folder.join(name))?;
        *said = STANDARD.encode(picture).into();
    }
    Ok(())
}

/// What may have a logo.
fn entries(value: &mut Value) -> Vec<&mut Map<String, Value>> {
    let mut found = Vec::new();
    for (name, said) in value.as_object_mut().into_iter().flatten() {
        match (name.as_str(), said) {
            (CLIENTS, Value::Array(clients)) => found.extend(clients.iter_mut().filter_map(Value::as_object_mut)),
            (BRANDING, Value::Object(branding)) => found.push(branding),
            _ => {}
        }
    }
    found
}

/// A picture that is sent. Whether it is one is asked where it is given.
fn read(file: &Path) -> Result<Vec<u8>, String> {
    let said = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
    let picture = bytes_of(file).map_err(|error| said(&error))?;
    if picture.len() > MAX_UPLOAD_BYTES {
        return Err(said(&NotALogo::TooLarge));
    }
    // Nothing at all would say that there is to be no logo.
    if picture.is_empty() { Err(said(&NotALogo::Format)) } else { Ok(picture) }
}

/// Writes pictures to a folder, and says in the document where they are.
pub(super) fn write(document: &mut Value, pictures: &[(LogoOwner, Vec<u8>)], folder: &Path) -> Outcome {
    let failed = |at: &Path, error: std::io::Error| Failure::of(format!("{}: {error}", at.display()));
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (owner, picture) in pictures {
        let file = folder.join(name_of(owner));
        std::fs::write(&file, picture).map_err(|error| failed(&file, error))?;
        say(document, owner, file.display().to_string());
    }
    Ok(())
}

/// What the file of a logo is called. No two are called the same.
fn name_of(owner: &LogoOwner) -> String {
    match owner {
        LogoOwner::Server => "service.png".to_owned(),
        LogoOwner::Client(id) => format!("app-{id}.png"),
    }
}

fn say(document: &mut Value, owner: &LogoOwner, file: String) {
    let entry = match owner {
        // Where nothing else is said of it, the section is not there.
        LogoOwner::Server => Some(&mut document[BRANDING]),
        LogoOwner::Client(id) => {
            let mut clients = document.get_mut(CLIENTS).and_then(Value::as_array_mut).into_iter().flatten();
            clients.find(|client| client["client_id"] == id.as_str())
        }
    };
    if let Some(entry) = entry {
        entry[LOGO] = file.into();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::ClientId;

    #[test]
    fn an_export_says_where_each_logo_is() {
        let mut document = json!({ "clients": [{ "client_id": "a" }, { "client_id": "b" }] });
        say(&mut document, &LogoOwner::Client(ClientId::parse("b").unwrap()), "logos/app-b.png".to_owned());
        say(&mut document, &LogoOwner::Server, "logos/service.png".to_owned());
        let expected = json!({
            "clients": [{ "client_id": "a" }, { "client_id": "b", "logo": "logos/app-b.png" }],
            "branding": { "logo": "logos/service.png" },
        });
        assert_eq!(document, expected);
    }
}
