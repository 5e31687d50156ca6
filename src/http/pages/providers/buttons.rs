//! The buttons of the ways in from elsewhere: how they are drawn and worded.
//!
//! Owns the marks and the block of buttons that stands above a form. Leaves what a button starts to `upstream`, and which
//! connections there are, and in which order, to the page that asks for the block.

use super::super::context::Context;
use super::way::{Way, link};
use crate::flow::FlowView;
use crate::i18n::{Texts, keys};
use crate::model::connection::Connection;
use crate::upstream::presets::{self, ButtonTexts, Preset};

/// So many buttons are shown; of more than one more, the rest is one click away.
const SHOWN: usize = 4;

/// Files as they are in `static/`, so that the pages' colours reach what is drawn in the colour of the text.
macro_rules! marks {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_str!(concat!("../../../../static/upstream-", $name, ".svg")))),+] };
}

const MARKS: &[(&str, &str)] = marks![
    "apple",
    "discord",
    "facebook",
    "github",
    "gitlab",
    "google",
    "kakao",
    "line",
    "linkedin",
    "microsoft",
    "naver",
    "oauth2",
    "oidc",
    "slack",
    "twitch",
    "x",
];

/// The mark of a brand, as SVG.
pub fn mark(brand: &str) -> &'static str {
    MARKS.iter().find(|(name, _)| *name == brand).map_or("", |(_, svg)| svg.trim_ascii())
}

/// What a page is for that shows the buttons: brand rules word them accordingly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Users who have an account.
    SignIn,
    /// Users who want one.
    SignUp,
}

/// One button.
pub(in super::super) struct Button {
    pub(in super::super) slug: String,
    pub(in super::super) brand: &'static str,
    pub(in super::super) mark: &'static str,
    pub(in super::super) text: String,
    /// Where it leads: a link and no form, as browsers hold every redirect after a form to the page's `form-action`.
    pub(in super::super) href: String,
}

impl Button {
    /// The button of a connection on a page for users who have an account; `None` where its preset is gone.
    pub(in super::super) fn of(t: &Texts, connection: &Connection, href: String) -> Option<Self> {
        let preset = presets::find(&connection.preset)?;
        Some(Self::new(t, preset, connection, (Wording::SignIn, href)))
    }

    fn new(t: &Texts, preset: &Preset, connection: &Connection, (wording, href): (Wording, String)) -> Self {
        Self {
            href,
            slug: connection.slug.to_string(),
            brand: preset.brand.name,
            mark: mark(preset.brand.name),
            text: text(t, preset, &connection.label, wording),
        }
    }
}

/// The buttons, and the line between them and what follows; nothing at all where there are none. A page inserts it as it is.
#[derive(askama::Template)]
#[template(path = "parts/upstreams.html")]
pub struct Upstreams {
    t: &'static Texts,
    shown: Vec<Button>,
    more: Vec<Button>,
    /// Nothing follows them.
    alone: bool,
}

impl Upstreams {
    /// The buttons of these connections, in their order. One whose preset is gone has none.
    pub fn of(context: &Context, flow: Option<&FlowView>, connections: &[Connection], wording: Wording) -> Self {
        let t = context.texts(flow);
        let flow_id = flow.map(FlowView::id);
        let button = |connection: &Connection| {
            let preset = presets::find(&connection.preset)?;
            let href = link(context, connection.slug.as_str(), Way::SignIn { flow: flow_id.as_deref() });
            Some(Button::new(t, preset, connection, (wording, href)))
        };
        let buttons = connections.iter().filter_map(button).collect();
        Self::folded(t, buttons)
    }

    /// No buttons.
    pub(in super::super) fn none(t: &'static Texts) -> Self {
        Self::folded(t, Vec::new())
    }

    /// The same where there is no other way in.
    pub fn alone(self, alone: bool) -> Self {
        Self { alone, ..self }
    }

    fn folded(t: &'static Texts, mut shown: Vec<Button>) -> Self {
        let more = if shown.len() > SHOWN + 1 { shown.split_off(SHOWN) } else { Vec::new() };
        Self { t, shown, more, alone: false }
    }
}

/// What a button says: the provider's own words, unless the administrator named the connection.
fn text(t: &Texts, preset: &Preset, label: &str, wording: Wording) -> String {
    let (texts, label) = match label {
        "" => (preset.button, preset.label.of(t.locale())),
        label => (ButtonTexts::OTHER, label),
    };
    let key = match wording {
        Wording::SignIn => texts.sign_in,
        Wording::SignUp => texts.sign_up,
    };
    t.with(key, "label", label)
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;
    use crate::model::Locale;

    const STYLE: &str = include_str!("../../../../static/haechi.css");

    /// The colours that a class has in the light scheme: what is written of it before the dark one.
    fn color<'a>(brand: &str, name: &str) -> Option<&'a str> {
        let light = STYLE.split("/* Ways in from elsewhere").nth(1)?.split("@media").next()?;
        let classes = |rule: &str| rule.split(',').any(|one| one.trim() == format!(".on-{brand}"));
        let rules = light.lines().filter_map(|line| line.split_once(" {")).filter(|(rule, _)| classes(rule));
        let value = |body: &'a str| body.split(';').find_map(|one| one.trim().strip_prefix(name)?.strip_prefix(": "));
        rules.filter_map(|(_, body)| value(body)).next_back()
    }

    fn buttons(count: usize) -> String {
        let button = |n: usize| {
            let preset = presets::ALL[n];
            let t = Texts::of(Locale::En);
            let text = text(t, preset, "", Wording::SignIn);
            let (brand, slug) = (preset.brand.name, preset.id.to_owned());
            Button { slug, brand, mark: mark(brand), text, href: "/base/start?a=b&c=d".to_owned() }
        };
        let all = (0..count).map(button).collect();
        Upstreams::folded(Texts::of(Locale::En), all).render().unwrap()
    }

    #[test]
    fn every_brand_has_its_colors_and_its_mark() {
        for preset in presets::ALL {
            let brand = preset.brand;
            for (name, wanted) in
                [("--brand-ground", brand.ground), ("--brand-ink", brand.ink), ("--brand-edge", brand.edge)]
            {
                assert_eq!(color(brand.name, name), Some(wanted), "{name} of {}", brand.name);
            }
            let svg = mark(brand.name);
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{} has no mark", brand.name);
            // What the policy of our pages would block, or what would clash with another mark on the page.
            for bad in ["<style", "style=", "<script", " id=", "href", "on"] {
                let attributes = if bad == "on" { svg.contains(" on") } else { svg.contains(bad) };
                assert!(!attributes, "{} has {bad}", brand.name);
            }
        }
        let brands: std::collections::BTreeSet<&str> = presets::ALL.iter().map(|preset| preset.brand.name).collect();
        assert_eq!(brands.len(), MARKS.len(), "a mark is left over");
    }

    #[test]
    fn a_button_speaks_the_provider_s_words_unless_the_connection_has_a_name() {
        let say = |id, label, wording, locale| text(Texts::of(locale), presets::find(id).unwrap(), label, wording);
        let (sign_in, sign_up) = (Wording::SignIn, Wording::SignUp);
        assert_eq!(say("google", "", sign_in, Locale::En), "Sign in with Google");
        assert_eq!(say("google", "", sign_up, Locale::Ko), "Google 계정으로 가입");
        assert_eq!(say("kakao", "", sign_up, Locale::Ko), "카카오 로그인");
        assert_eq!(say("entra", "Contoso", sign_in, Locale::En), "Sign in with Contoso");
        assert_eq!(say("oidc", "", sign_in, Locale::Ko), "OpenID Connect 계정으로 로그인");
        for preset in presets::ALL {
            for locale in Locale::ALL {
                for wording in [sign_in, sign_up] {
                    let text = text(Texts::of(*locale), preset, "", wording);
                    assert!(!text.starts_with("button-") && !text.contains('{'), "{text}");
                }
            }
        }
    }

    #[test]
    fn there_is_nothing_without_buttons_and_few_are_not_folded() {
        assert_eq!(buttons(0).trim(), "");
        for (count, folded) in [(1, false), (5, false), (6, true), (12, true)] {
            let html = buttons(count);
            assert_eq!(html.matches("class=\"upstream on-").count(), count);
            assert_eq!(html.contains("<details"), folded, "{count}");
            assert_eq!(html.matches("class=\"or\"").count(), 1);
        }
    }

    #[test]
    fn a_button_is_a_link_of_its_own() {
        let html = buttons(1);
        let (link, text) =
            ("id=\"upstream-google\" href=\"/base/start?a=b&#38;c=d\"", "<span>Sign in with Google</span></a>");
        assert!(html.contains(link) && html.contains(text) && !html.contains("<form"), "{html}");
    }
}
