//! What was typed into the form about how pages present the service, as a document.

use crate::admin::policy::BrandingResource;
use crate::model::Locale;
use crate::protocol::Params;

/// What an administrator asks for with it. What is left empty is taken away.
pub(super) fn document(params: &Params) -> BrandingResource {
    let text = |name: &str| Some(params.get(name).unwrap_or_default().trim().to_owned());
    let mut document = BrandingResource {
        accent_color: text("accent_color"),
        accent_color_dark: text("accent_color_dark"),
        tos_uri: text("tos_uri"),
        policy_uri: text("policy_uri"),
        support_uri: text("support_uri"),
        ..BrandingResource::default()
    };
    for name in BrandingResource::IN_LANGUAGES {
        document.say(name, "", text(name).unwrap_or_default());
        for tag in Locale::ALL.iter().map(|locale| locale.as_str()) {
            document.say(name, tag, text(&format!("{name}-{tag}")).unwrap_or_default());
        }
    }
    document
}
