//! Whether the colours of the pages can be told apart: Web Content Accessibility Guidelines 2.2, sections 1.4.3 and 1.4.11.

use std::collections::HashMap;

const STYLE: &str = include_str!("../../../static/haechi.css");

/// What is read, and what it stands on: at least 4.5 to 1.
const TEXT: &[(&str, &[&str])] = &[
    ("ink", &["paper", "card", "field", "tint", "line"]),
    ("soft", &["paper", "card", "field", "line"]),
    ("accent", &["paper", "card", "tint"]),
    ("accent-ink", &["accent", "accent-over"]),
    ("bad", &["card", "bad-tint"]),
    ("warn", &["warn-tint"]),
];

/// What shows where a control is, that it has the focus, or that it is wrong: at least 3 to 1.
const CONTROLS: &[(&str, &[&str])] =
    &[("field-line", &["field", "card"]), ("accent", &["field", "card", "paper"]), ("bad", &["field", "card"])];

/// The colours of a scheme, by their names.
fn colors(block: &str) -> HashMap<&str, [f64; 3]> {
    let declarations = block.split('}').next().unwrap().split([';', '{', '\n']).map(str::trim);
    let named = declarations.filter_map(|text| text.strip_prefix("--")?.split_once(": #"));
    named.map(|(name, hex)| (name, channels(hex))).collect()
}

fn channels(hex: &str) -> [f64; 3] {
    let wide: String = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
    [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&wide[at..at + 2], 16).unwrap()) / 255.0)
}

/// "Relative luminance", as the guidelines define it.
fn luminance(color: [f64; 3]) -> f64 {
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    let [red, green, blue] = color.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn colors_can_be_told_apart_by_day_and_by_night() {
    let (_, day) = STYLE.split_once(":root").unwrap();
    let (_, night) = STYLE.split_once("prefers-color-scheme: dark").unwrap();
    for (scheme, colors) in [("light", colors(day)), ("dark", colors(night))] {
        for (pairs, least) in [(TEXT, 4.5), (CONTROLS, 3.0)] {
            for (front, backs) in pairs {
                for back in *backs {
                    let found = contrast(colors[front], colors[back]);
                    assert!(found >= least, "{scheme}: {front} on {back} is {found:.2} to 1");
                }
            }
        }
    }
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((contrast(channels("000"), channels("ffffff")) - 21.0).abs() < 1e-9);
}

/// What its owner's rules allow in one pair of colours only: white on its own green, <https://developers.line.biz/en/docs/line-login/login-button/>.
const PRESCRIBED: &[&str] = &["line"];

#[test]
fn buttons_of_providers_can_be_read() {
    let mut found = 0;
    for rule in STYLE.split('}').filter(|rule| rule.contains("--brand-ground: #")) {
        let (names, declarations) = rule.rsplit_once('{').unwrap();
        let names = names.rsplit(['/', '{']).next().unwrap().trim();
        let color = |name: &str| {
            let (_, rest) = declarations.split_once(&format!("--brand-{name}: #")).unwrap();
            channels(rest.split(';').next().unwrap().trim())
        };
        let contrast = contrast(color("ink"), color("ground"));
        let prescribed = PRESCRIBED.iter().any(|name| names.ends_with(&format!(".on-{name}")));
        assert!(contrast >= 4.5 || prescribed, "{names}: {contrast:.2} to 1");
        found += 1;
    }
    assert!(found > 15, "{found}");
}
