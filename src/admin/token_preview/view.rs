//! The preview of a person's tokens as a document.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::model::claim_rule::SourceKind;

/// What the tokens of an account would say in an app, and why.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TokenPreview {
    /// Whose tokens they would be.
    pub sub: String,
    /// Which app's.
    pub client_id: String,
    /// The scopes that would be granted.
    pub scope: String,
    /// What of it is not as it looks: the account is disabled, and would get no tokens.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The access token.
    pub access_token: DocumentView,
    /// The ID token; none without the scope `openid`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<DocumentView>,
    /// What UserInfo would answer; nothing where the access token is not for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo: Option<DocumentView>,
    /// What is told nowhere, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutView>,
}

/// One document that an app reads.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DocumentView {
    /// Its header, where it is a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderView>,
    /// Its claims: what is told of the person, then what every such document says, each in the order of their names.
    pub claims: Vec<ClaimView>,
    /// What is not told here, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutView>,
}

/// What the header of a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeaderView {
    /// RFC 7515 section 4.1.9.
    pub typ: String,
    /// RFC 7515 section 4.1.1.
    pub alg: String,
}

/// A claim, and why it is there.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ClaimView {
    /// Its name.
    pub name: String,
    /// Its value; `…` for what is drawn or computed for each token.
    pub value: Value,
    /// Why it is there.
    pub reason: Reason,
}

/// Why a claim is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// A specification has every such document say it.
    Protocol {
        /// Where it says so.
        section: String,
    },
    /// It tells of the sign-in: another one says something else. The preview takes a password.
    SignIn {
        /// Where a specification says so.
        section: String,
    },
    /// It is another one in each token.
    Drawn {
        /// Where a specification says so.
        section: String,
    },
    /// A granted scope stands for it.
    Scope {
        /// The scope.
        scope: String,
        /// Where its values come from, where that is not the account itself.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        from: Vec<Origin>,
    },
    /// A claim rule says it.
    Rule {
        /// The rule.
        rule: String,
        /// The scope that brings it.
        scope: String,
        /// Where its value comes from.
        source: SourceKind,
        /// The attribute, where it comes from one.
        #[serde(skip_serializing_if = "Option::is_none")]
        attribute: Option<String>,
        /// Where its values come from, where that is not the account itself, or what they are called here.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        from: Vec<Origin>,
    },
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Origin {
    /// The group, role or text, as it is called here.
    pub name: String,
    /// What the app is told in its place, where a rule has another word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// The group that brings it, where it is a role that the account has by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Something that is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOutView {
    /// The claim; where it is about a scope as a whole, that.
    pub name: String,
    /// The rule that would say it, where one would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Why not.
    pub why: Missing,
}

/// Why something is not told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Missing {
    /// The app is not registered for the scope.
    ScopeNotRegistered {
        /// The scope.
        scope: String,
    },
    /// The scope was not asked for.
    ScopeNotGranted {
        /// The scope.
        scope: String,
    },
    /// The account has no value for it.
    NoValue,
    /// It is a rule of another app.
    OtherApp {
        /// That app.
        client_id: String,
    },
    /// The app has a rule of its own for the claim.
    Overridden {
        /// That rule.
        by: String,
    },
    /// The claims of the rules before it take what room a token has for them.
    NoRoom,
    /// Another value was asked for.
    OtherValueWanted,
    /// The app reads what scopes stand for from UserInfo: its `id_token_claims` is `minimal`.
    Minimal,
}

/// What of a preview is not as it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The account is disabled: it would get no tokens.
    UserDisabled,
    /// The app is disabled: it would get no tokens.
    ClientDisabled,
    /// The app has no end-users.
    NoEndUsers,
    /// The app is registered for nothing that it asks for: it would get an error.
    NothingGranted,
    /// Without the scope openid there is no ID token, and UserInfo does not answer.
    NoOpenid,
}
