//! What is shown once after a second step: new recovery codes, or how many are left.

use axum::response::Response;

use super::frame::{Frame, page};
use crate::i18n::keys;
use crate::identity::second_factor::RecoveryCode;
use crate::model::factor::{FEW_RECOVERY_CODES, RECOVERY_CODES};

#[derive(askama::Template)]
#[template(path = "recovery_codes.html")]
struct CodesPage {
    frame: Frame,
    /// One a line.
    codes: String,
    /// The codes as a file.
    file: String,
    href: String,
}

#[derive(askama::Template)]
#[template(path = "recovery_used.html")]
struct UsedPage {
    frame: Frame,
    left: String,
    few: bool,
    href: String,
}

/// The page that shows recovery codes, once.
pub(super) fn codes_page(frame: Frame, codes: &[RecoveryCode], href: String) -> Response {
    let codes: Vec<String> = codes.iter().map(RecoveryCode::shown).collect();
    let head = frame.t.with(keys::second_step::CODES_FILE, "service", &frame.service);
    let text = format!("{head}\r\n\r\n{}\r\n", codes.join("\r\n"));
    let file = format!("data:text/plain;charset=utf-8,{}", encoded(&text));
    let shown = CodesPage { codes: codes.join("\n"), file, href, frame };
    page(&shown, &shown.frame)
}

/// The page that shows recovery codes, as it is looked at: with codes that there are not.
pub(super) fn sample(frame: Frame) -> Response {
    let codes = ["XXXX-XXXX-XXXX"; RECOVERY_CODES].join("\n");
    let shown = CodesPage { codes, file: "-".to_owned(), href: "-".to_owned(), frame };
    page(&shown, &shown.frame)
}

/// As a data URL has it: a form's `+` would be a plus there.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The page that says that a recovery code is used up, and how many are left.
pub(super) fn used_page(frame: Frame, left: u64, href: String) -> Response {
    let few = left <= FEW_RECOVERY_CODES;
    let shown = UsedPage { left: frame.t.with(keys::second_step::LEFT, "n", &left.to_string()), few, href, frame };
    page(&shown, &shown.frame)
}
