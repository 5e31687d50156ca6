//! One URI more or less: `clients update --add-redirect-uri` and its like.
//!
//! Owns putting the list together from the one that is registered. The document says which version it was made of, so that two operators who change a
//! list at once lose nothing of each other's.

use clap::Args;

use crate::admin::clients::ClientResource;
use crate::cli::failure::{Failure, Outcome};

/// What is added to the lists of URIs, and taken from them.
#[derive(Args, Debug)]
#[group(id = "Uris", multiple = true)]
pub(super) struct Uris {
    /// One more place where answers may go, beside those that are registered; may be given several times.
    #[arg(long = "add-redirect-uri", value_name = "URI", conflicts_with = "redirect_uris")]
    add: Vec<String>,
    /// A place where answers may go no more; may be given several times.
    #[arg(long = "remove-redirect-uri", value_name = "URI", conflicts_with = "redirect_uris")]
    remove: Vec<String>,
    /// One more place where end-users may go after signing out; may be given several times.
    #[arg(long = "add-post-logout-redirect-uri", value_name = "URI", conflicts_with = "post_logout_redirect_uris")]
    add_post_logout: Vec<String>,
    /// A place where end-users may go after signing out no more; may be given several times.
    #[arg(long = "remove-post-logout-redirect-uri", value_name = "URI", conflicts_with = "post_logout_redirect_uris")]
    remove_post_logout: Vec<String>,
}

impl Uris {
    /// What `said` says, and these changes of what is registered.
    pub(super) fn added_to(self, said: ClientResource, was: &ClientResource) -> Outcome<ClientResource> {
        let registered = was.redirect_uris.as_deref().unwrap_or_default();
        let uris = changed(registered, self.add, &self.remove, "--remove-redirect-uri")?;
        let option = "--remove-post-logout-redirect-uri";
        let registered = was.post_logout_redirect_uris.as_deref().unwrap_or_default();
        let post_logout = changed(registered, self.add_post_logout, &self.remove_post_logout, option)?;
        let version = (uris.is_some() || post_logout.is_some()).then_some(was.version).flatten();
        Ok(ClientResource {
            redirect_uris: uris.or(said.redirect_uris),
            post_logout_redirect_uris: post_logout.or(said.post_logout_redirect_uris),
            version: version.or(said.version),
            ..said
        })
    }
}

/// The list with what is added and without what is taken away; `None` where nothing is said of it.
fn changed(registered: &[String], add: Vec<String>, remove: &[String], option: &str) -> Outcome<Option<Vec<String>>> {
    if add.is_empty() && remove.is_empty() {
        return Ok(None);
    }
    let mut uris = registered.to_vec();
    if let Some(unknown) = remove.iter().find(|uri| !uris.contains(uri)) {
        let there = if uris.is_empty() { "none is".to_owned() } else { format!("there are {}", uris.join(" ")) };
        return Err(Failure::of(format!("{option}: {unknown} is not registered; {there}")));
    }
    uris.retain(|uri| !remove.contains(uri));
    for uri in add {
        if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    Ok(Some(uris))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registered() -> Vec<String> {
        ["https://a.example/cb", "https://b.example/cb"].map(str::to_owned).to_vec()
    }

    fn after(add: &[&str], remove: &[&str]) -> Outcome<Option<Vec<String>>> {
        let owned = |uris: &[&str]| uris.iter().map(ToString::to_string).collect::<Vec<_>>();
        changed(&registered(), owned(add), &owned(remove), "--remove-redirect-uri")
    }

    #[test]
    fn what_is_registered_stays_unless_it_is_taken_away() {
        assert_eq!(after(&[], &[]).unwrap(), None, "nothing is said of the list");
        let with = after(&["https://c.example/cb", "https://a.example/cb"], &[]).unwrap().unwrap();
        assert_eq!(with, ["https://a.example/cb", "https://b.example/cb", "https://c.example/cb"]);
        let moved = after(&["https://c.example/cb"], &["https://a.example/cb"]).unwrap().unwrap();
        assert_eq!(moved, ["https://b.example/cb", "https://c.example/cb"]);
    }

    #[test]
    fn what_is_not_there_is_not_taken_away_in_silence() {
        assert!(after(&[], &["https://a.example/"]).is_err());
    }
}
