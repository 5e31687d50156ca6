//! The links to a provider, and what each is for.

use super::super::context::Context;
use crate::model::session::SignIn;

/// What a link to a provider is for.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Way<'a> {
    /// To sign in.
    SignIn {
        /// The pending authorization.
        flow: Option<&'a str>,
    },
    /// To prove to own the account that a link waits for.
    Prove {
        /// The pending authorization.
        flow: Option<&'a str>,
        /// The id of the pending link.
        waiting: &'a str,
    },
    /// To prove the account of this sign-in.
    Confirm {
        /// The sign-in.
        sign_in: &'a SignIn,
        /// What waits for the proof.
        kept: &'a str,
    },
    /// To add a link to the account of this sign-in.
    Link(&'a SignIn),
    /// To try the connection out, as the administrator of this sign-in.
    Test(&'a SignIn),
}

/// The address of a link to a provider. It works in this browser only: another site can send no user to a provider;
/// and where it is about the account that is signed in, for the sign-in that it was drawn for.
pub(in super::super) fn link(context: &Context, slug: &str, way: Way<'_>) -> String {
    let path = format!("/upstream/{slug}/start");
    let csrf = match way {
        Way::SignIn { .. } | Way::Prove { .. } => context.csrf(&path),
        Way::Confirm { sign_in, .. } | Way::Link(sign_in) | Way::Test(sign_in) => context.csrf_of(sign_in, &path),
    };
    let (purpose, flow, waiting) = match way {
        Way::SignIn { flow } => ("sign-in", flow, None),
        Way::Prove { flow, waiting } => ("prove", flow, Some(waiting)),
        Way::Confirm { kept, .. } => ("confirm", None, Some(kept)),
        Way::Link(_) => ("link", None, None),
        Way::Test(_) => ("test", None, None),
    };
    let always = [("csrf", csrf.as_str()), ("purpose", purpose)];
    let sometimes = [("flow", flow), ("waiting", waiting)].into_iter().filter_map(|(name, value)| Some((name, value?)));
    let query =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(always.into_iter().chain(sometimes)).finish();
    format!("{}?{query}", context.app.issuer.local(&path))
}
