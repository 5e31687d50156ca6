//! QR codes, drawn into the page: nothing is loaded for them, and nothing of them is inline style.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// Modules of quiet zone on each side (ISO/IEC 18004 section 9.1), which the picture brings along in white: on a dark page it is read as well.
const MODULE: u32 = 4;

/// The picture of a text; `None` where it is too long for one.
pub(super) fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let drawn = code.render::<svg::Color<'_>>().module_dimensions(MODULE, MODULE).quiet_zone(true).build();
    // An XML declaration has no place within a page.
    let at = drawn.find("<svg ")?;
    Some(drawn[at..].replacen("<svg ", "<svg aria-hidden=\"true\" focusable=\"false\" ", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_black_on_white_and_has_no_style_of_its_own() {
        let drawn = svg("otpauth://totp/Haechi:kim%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>"));
        assert!(drawn.contains("fill=\"#fff\"") && drawn.contains("fill=\"#000\""));
        for forbidden in ["style", "<script", "<?xml", "href"] {
            assert!(!drawn.contains(forbidden), "{forbidden}");
        }
        assert_eq!(svg(&"x".repeat(5000)), None);
    }
}
