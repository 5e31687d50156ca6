//! What a person's tokens would say in an app, and why: nothing is signed, stored or counted.
//!
//! Owns putting the explanation together. What tokens say is made by `tokens`, by the same functions that mint them, so it cannot be another thing here.

use serde_json::{Map, Value};

use super::{Administration, Aggregate, Authority, ClaimProblem, FieldError, Permission, Rejected};
use crate::affiliations::Defined;
use crate::model::Apis;
use crate::model::claim_rule::{Derived, NotTold};
use crate::model::client::{Client, ClientId};
use crate::model::grant::{Grant, GrantTerms, Ticket};
use crate::model::session::SignIn;
use crate::model::user::User;
use crate::protocol::ScopeSet;
use crate::protocol::grant_type::GrantType;
use crate::protocol::resource::Resource;
use crate::protocol::scope::standard;
use crate::support::Digest;
use crate::support::id::{GrantId, SignInId, UserId};
use crate::tokens::end_user_claims;
use crate::tokens::issue::{self, TokenOrder, TokenSubject};
use crate::tokens::validity::ValidGrant;
use crate::tokens::{Audience, TokenForm, TokenService};

mod explain;
mod view;

use explain::Explainer;
pub use view::{ClaimView, DocumentView, HeaderView, LeftOutView, Missing, Note, Origin, Reason, TokenPreview};

/// What stands for what is drawn, or computed of what is signed, for each token.
pub const DRAWN: &str = "…";

/// What an app asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The scopes of its request; those that it is registered for, where nothing is said.
    pub scope: Option<String>,
    /// The resources of its request: RFC 8707 section 2.
    pub resources: Vec<String>,
}

/// What the tokens of an account would say in an app that asked for this now, and what UserInfo would answer.
pub async fn preview(
    admin: &Administration,
    tokens: &TokenService,
    authority: &Authority,
    (user, client): (UserId, &ClientId),
    asked: &Asked,
) -> Result<TokenPreview, Rejected> {
    authority.require_in_app(Permission::ReadClients, client)?;
    authority.require_somewhere(Permission::ReadUsers)?;
    let user = admin.stores().users.find(user).await?.ok_or(Rejected::NotFound(Aggregate::User))?;
    authority.require_on_person(Permission::ReadUsers, &user)?;
    let client = admin.stores().clients.find(client).await?.ok_or(Rejected::NotFound(Aggregate::Client))?;
    let request = Request::of(&client, asked)?;
    let defined = tokens.affiliations.of(&user).await?;
    let (derived, silent) = defined.explained(&user, &client);
    let apis = admin.stores().apis.all().await?;
    Ok(Previewed { tokens, defined: &defined, apis, request }.shown(admin, (user, client), derived, silent))
}

/// A request as the server would take it.
struct Request {
    /// What would be granted.
    scope: ScopeSet,
    /// What the client is not registered for.
    ignored: ScopeSet,
    resources: Vec<Resource>,
}

impl Request {
    fn of(client: &Client, asked: &Asked) -> Result<Self, Rejected> {
        let registered = &client.policy.scopes;
        let scope = match asked.scope.as_deref() {
            Some(text) => ScopeSet::parse(text).map_err(|why| FieldError::Scope(why).of("scope"))?,
            None => registered.clone(),
        };
        let named = Resource::parse_all(asked.resources.iter().map(String::as_str));
        let named = named.map_err(|_| FieldError::Resource(0).of("resource"))?;
        let resources = Resource::granted(&named, &client.policy.resources);
        let resources = resources.ok_or_else(|| FieldError::ClaimRule(ClaimProblem::NotForTheClient).of("resource"))?;
        Ok(Self {
            ignored: scope.filtered(|one| !registered.contains(one)),
            scope: scope.filtered(|one| registered.contains(one)),
            resources,
        })
    }
}

/// What is needed to show the tokens of a request.
struct Previewed<'a> {
    tokens: &'a TokenService,
    defined: &'a Defined,
    apis: Apis,
    request: Request,
}

impl Previewed<'_> {
    fn shown(
        self,
        admin: &Administration,
        (user, client): (User, Client),
        derived: Derived,
        silent: Vec<(String, String, NotTold)>,
    ) -> TokenPreview {
        let Request { scope, ignored, resources } = self.request;
        let audience = issue::audience(&self.tokens.issuer, &[], &resources, &scope);
        let notes = notes(&user, &client, (&scope, &ignored));
        let valid = granted(admin, (user, client, derived), (&scope, resources));
        let subject = TokenSubject::EndUser { valid: Box::new(valid.clone()), generation: 0, first: true };
        let form = TokenForm::of(&valid.client.tokens, &self.apis, &audience);
        let order = TokenOrder { subject, scope: scope.clone(), audience, cnf: None, form };
        let (access_token, id_token) = issue::unsigned(self.tokens, &valid, &order, DRAWN);
        let explainer = Explainer { defined: self.defined, valid: &valid, scope: &scope };
        let is_for_userinfo = |audience: &Audience| audience.contains(&self.tokens.issuer);
        let userinfo = (scope.contains(standard::OPENID) && is_for_userinfo(&order.audience)).then(|| {
            let registered = &valid.client.policy.scopes;
            end_user_claims::for_userinfo(valid.end_user(), &valid.grant.terms, &scope, registered)
        });
        TokenPreview {
            sub: valid.user.id.to_string(),
            client_id: valid.client.id.to_string(),
            scope: scope.to_string(),
            notes,
            access_token: explainer.access_token(access_token),
            id_token: id_token.map(|token| explainer.id_token(token)),
            userinfo: userinfo.map(|told| explainer.userinfo(&told)),
            left_out: explain::of_request(&ignored, silent),
        }
    }
}

/// A grant as a sign-in that happens now would make it. It is in no store, and nothing is signed by it.
fn granted(
    admin: &Administration,
    (user, client, derived): (User, Client, Derived),
    (scope, resources): (&ScopeSet, Vec<Resource>),
) -> ValidGrant {
    let now = admin.clock().now();
    let mut sign_in = SignIn::new(SignInId::new(now, admin.random()), user.id, user.epochs(), now);
    sign_in.amr = vec!["pwd".to_owned()];
    let terms = GrantTerms { resources, ..GrantTerms::new(scope.clone(), &sign_in) };
    let ticket = Ticket::code(Digest::of("preview", b""), None, None, now);
    let of = (client.id.clone(), client.epoch);
    let grant = Grant::new(GrantId::new(now, admin.random()), of, &sign_in, terms, ticket, now);
    ValidGrant { grant, user, client: client.into(), derived }
}

/// What of it is not as it looks.
fn notes(user: &User, client: &Client, (scope, ignored): (&ScopeSet, &ScopeSet)) -> Vec<Note> {
    let nothing_granted = scope.is_empty() && !ignored.is_empty();
    let all = [
        (Note::UserDisabled, !user.is_active()),
        (Note::ClientDisabled, !client.enabled),
        (Note::NoEndUsers, !client.may_use(GrantType::AuthorizationCode)),
        (Note::NothingGranted, nothing_granted),
        (Note::NoOpenid, !scope.contains(standard::OPENID)),
    ];
    all.into_iter().filter(|(_, holds)| *holds).map(|(note, _)| note).collect()
}

/// The claims of a document without what is drawn for each token.
fn undrawn(mut claims: Map<String, Value>) -> Map<String, Value> {
    if let Some(sid) = claims.get_mut("sid") {
        *sid = DRAWN.into();
    }
    claims
}
