//! The kinds of documents that the API takes and answers, by the types that they are made of.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, ObjectBuilder, Ref, Schema, SchemaType, Type};

use super::grace::SecretWanted;
use super::operation::Shape;
use super::{connections, instance, keys, mail, people, users};
use crate::admin::affiliations::{GroupResource, RoleResource};
use crate::admin::apis::ApiResource;
use crate::admin::attention::Attention;
use crate::admin::attributes::AttributeResource;
use crate::admin::audit::{AuditEntry, VerdictView};
use crate::admin::claim_rules::ClaimRuleResource;
use crate::admin::clients::{ClientResource, ConsentView, RecentLogins};
use crate::admin::connections::ConnectionResource;
use crate::admin::declared::{DeclaredKind, Sent};
use crate::admin::delegations::ManagerView;
use crate::admin::keys::{ImportedView, KeyGiven, RotationView};
use crate::admin::mail::MailView;
use crate::admin::policy::{BrandingResource, SignInResource, SigningResource};
use crate::admin::sessions::SignInView;
use crate::admin::token_preview::TokenPreview;
use crate::admin::users::{
    AppView, FactorView, InvitationResource, LinkView, MembershipsResource, PasskeyView, ResetWanted, RowReport,
    UserResource,
};
use crate::admin::webhooks::{MessageView, WebhookResource};
use crate::http::standing::Standings;
use crate::keys::KeySummary;

impl Shape {
    /// Every kind of document.
    pub(super) const ALL: &[Self] = &[
        Self::User,
        Self::Memberships,
        Self::Attribute,
        Self::ClaimRule,
        Self::TokenPreview,
        Self::Group,
        Self::Role,
        Self::ImportWanted,
        Self::RowReport,
        Self::Password,
        Self::SignIn,
        Self::SecondFactor,
        Self::ResetWanted,
        Self::Link,
        Self::Passkey,
        Self::Manager,
        Self::AppAccess,
        Self::Consent,
        Self::Client,
        Self::Api,
        Self::SecretWanted,
        Self::Problem,
        Self::RecentLogins,
        Self::Connection,
        Self::ConnectionSecret,
        Self::Place,
        Self::SignInPolicy,
        Self::Branding,
        Self::Key,
        Self::SigningPolicy,
        Self::KeyGiven,
        Self::ImportedKey,
        Self::RotationWanted,
        Self::Rotation,
        Self::AuditEntry,
        Self::AuditVerdict,
        Self::Webhook,
        Self::Message,
        Self::Invitation,
        Self::Mail,
        Self::MailTestWanted,
        Self::MailTest,
        Self::Declaration,
        Self::DeclarationSent,
        Self::Step,
        Self::Setting,
        Self::SetupCheck,
        Self::Production,
        Self::Standings,
        Self::Attention,
        Self::Count,
        Self::Series,
        Self::Preset,
        Self::Recipe,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Memberships => "Memberships",
            Self::Attribute => "Attribute",
            Self::ClaimRule => "ClaimRule",
            Self::TokenPreview => "TokenPreview",
            Self::Group => "Group",
            Self::Role => "Role",
            Self::ImportWanted => "ImportWanted",
            Self::RowReport => "RowReport",
            Self::Password => "Password",
            Self::SignIn => "SignIn",
            Self::SecondFactor => "SecondFactor",
            Self::ResetWanted => "ResetWanted",
            Self::Link => "Link",
            Self::Passkey => "Passkey",
            Self::Manager => "Manager",
            Self::AppAccess => "AppAccess",
            Self::Consent => "Consent",
            Self::Client => "Client",
            Self::Api => "Api",
            Self::SecretWanted => "SecretWanted",
            Self::Problem => "Problem",
            Self::RecentLogins => "RecentLogins",
            Self::Connection => "Connection",
            Self::ConnectionSecret => "ConnectionSecret",
            Self::Place => "Place",
            Self::SignInPolicy => "SignInPolicy",
            Self::Branding => "Branding",
            Self::Key => "Key",
            Self::SigningPolicy => "SigningPolicy",
            Self::KeyGiven => "KeyGiven",
            Self::ImportedKey => "ImportedKey",
            Self::RotationWanted => "RotationWanted",
            Self::Rotation => "Rotation",
            Self::AuditEntry => "AuditEntry",
            Self::AuditVerdict => "AuditVerdict",
            Self::Webhook => "Webhook",
            Self::Message => "Message",
            Self::Invitation => "Invitation",
            Self::Mail => "Mail",
            Self::MailTestWanted => "MailTestWanted",
            Self::MailTest => "MailTest",
            Self::Declaration => "Declaration",
            Self::DeclarationSent => "DeclarationSent",
            Self::Step => "Step",
            Self::Setting => "Setting",
            Self::SetupCheck => "SetupCheck",
            Self::Production => "Production",
            Self::Standings => "Standings",
            Self::Attention => "Attention",
            Self::Count => "Count",
            Self::Series => "Series",
            Self::Preset => "Preset",
            Self::Recipe => "Recipe",
        }
    }

    /// The reference to its schema.
    pub(super) fn schema(self) -> RefOr<Schema> {
        RefOr::Ref(Ref::from_schema_name(self.name()))
    }

    /// Adds its schema, and those that it rests on.
    pub(super) fn declare(self, components: ComponentsBuilder) -> ComponentsBuilder {
        match self {
            Self::User => declare::<UserResource>(self, components),
            Self::Memberships => declare::<MembershipsResource>(self, components),
            Self::Attribute => declare::<AttributeResource>(self, components),
            Self::ClaimRule => declare::<ClaimRuleResource>(self, components),
            Self::TokenPreview => declare::<TokenPreview>(self, components),
            Self::Group => declare::<GroupResource>(self, components),
            Self::Role => declare::<RoleResource>(self, components),
            Self::ImportWanted => declare::<people::ImportWanted>(self, components),
            Self::RowReport => declare::<RowReport>(self, components),
            Self::Password => declare::<users::PasswordGiven>(self, components),
            Self::SignIn => declare::<SignInView>(self, components),
            Self::SecondFactor => declare::<FactorView>(self, components),
            Self::ResetWanted => declare::<ResetWanted>(self, components),
            Self::Link => declare::<LinkView>(self, components),
            Self::Passkey => declare::<PasskeyView>(self, components),
            Self::Manager => declare::<ManagerView>(self, components),
            Self::AppAccess => declare::<AppView>(self, components),
            Self::Consent => declare::<ConsentView>(self, components),
            Self::Client => declare::<ClientResource>(self, components),
            Self::Api => declare::<ApiResource>(self, components),
            Self::SecretWanted => declare::<SecretWanted>(self, components),
            Self::Problem => components.schema(self.name(), free("What was refused of a client, and what mends it.")),
            Self::RecentLogins => declare::<RecentLogins>(self, components),
            Self::Connection => declare::<ConnectionResource>(self, components),
            Self::ConnectionSecret => declare::<connections::SecretGiven>(self, components),
            Self::Place => declare::<connections::Place>(self, components),
            Self::SignInPolicy => declare::<SignInResource>(self, components),
            Self::Branding => declare::<BrandingResource>(self, components),
            Self::Key => declare::<KeySummary>(self, components),
            Self::SigningPolicy => declare::<SigningResource>(self, components),
            Self::KeyGiven => declare::<KeyGiven>(self, components),
            Self::ImportedKey => declare::<ImportedView>(self, components),
            Self::RotationWanted => declare::<keys::RotationWanted>(self, components),
            Self::Rotation => declare::<RotationView>(self, components),
            Self::AuditEntry => declare::<AuditEntry<'static>>(self, components),
            Self::AuditVerdict => declare::<VerdictView>(self, components),
            Self::Webhook => declare::<WebhookResource>(self, components),
            Self::Message => declare::<MessageView<'static>>(self, components),
            Self::Invitation => declare::<InvitationResource>(self, components),
            Self::Mail => declare::<MailView<'static>>(self, components),
            Self::MailTestWanted => declare::<mail::MailTestWanted>(self, components),
            Self::MailTest => declare::<mail::MailTestView>(self, components),
            Self::Declaration => components.schema(
                self.name(),
                free("What the server has, as files declare it: `haechi schema` prints the JSON Schema of it."),
            ),
            Self::DeclarationSent => declare::<Sent>(self, components),
            Self::Step => components.schema(self.name(), step()),
            Self::Setting => declare::<instance::SettingView<'static>>(self, components),
            Self::SetupCheck => {
                components.schema(self.name(), free("What was looked at, what was found, and how to mend it."))
            }
            Self::Production => declare::<instance::ProductionView>(self, components),
            Self::Standings => declare::<Standings>(self, components),
            Self::Attention => declare::<Attention>(self, components),
            Self::Count => declare::<instance::CountView>(self, components),
            Self::Series => declare::<instance::SeriesView>(self, components),
            Self::Preset => {
                components.schema(self.name(), free("What a connection is made of, and which settings it asks for."))
            }
            Self::Recipe => {
                components.schema(self.name(), free("What software registers, and what it is configured by."))
            }
        }
    }
}

fn declare<T: utoipa::ToSchema>(shape: Shape, components: ComponentsBuilder) -> ComponentsBuilder {
    let mut others = Vec::new();
    T::schemas(&mut others);
    components.schemas_from_iter(others).schema(shape.name(), without_required(T::schema()))
}

/// The members that are answered may be chosen, and those that are sent are asked for by the rules: no schema requires any.
fn without_required(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            object.required.clear();
            RefOr::T(Schema::Object(object))
        }
        other => other,
    }
}

/// An object whose members are not said here.
fn free(description: &str) -> Schema {
    ObjectBuilder::new()
        .description(Some(description))
        .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::<Schema>::FreeForm(true)))
        .build()
        .into()
}

/// What is done about one thing that is declared.
fn step() -> Schema {
    let text = |about: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(about));
    let any = |about: &str| ObjectBuilder::new().schema_type(SchemaType::AnyValue).description(Some(about)).build();
    let kinds = DeclaredKind::ALL.iter().map(|kind| kind.as_str());
    let difference = ObjectBuilder::new()
        .property("member", text("The name of the member.").build())
        .property("is", any("What it is."))
        .property("declared", any("What it is to be."));
    ObjectBuilder::new()
        .description(Some("What is done, or would be, about one thing that is declared, or is there and is not."))
        .property("kind", text("What it is.").enum_values(Some(kinds)).build())
        .property("name", text("What the declaration calls it.").build())
        .property(
            "action",
            text("What is done.").enum_values(Some(["create", "change", "delete", "leave", "keep"])).build(),
        )
        .property("differences", ArrayBuilder::new().items(difference.build()).build())
        .property("client_secret", text("The secret that a client was given: it is shown this once.").build())
        .property("secret", text("The same of a webhook.").build())
        .build()
        .into()
}
