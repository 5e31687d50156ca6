//! What was typed where a code is asked for.

use super::RecoveryCode;

/// A code as it was typed: which of the two it is shows in its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedCode {
    /// Six digits: that of an app.
    OfAnApp(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl TypedCode {
    /// Reads it; `None` where it is neither. Apps show their codes in two groups, and people type them so.
    pub fn read(typed: &str) -> Option<Self> {
        let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::OfAnApp(plain));
        }
        RecoveryCode::read(typed).map(Self::Recovery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_pass_with_spaces() {
        for typed in ["123456", "123 456", " 12 34 56 ", "123-456"] {
            assert_eq!(TypedCode::read(typed), Some(TypedCode::OfAnApp("123456".to_owned())), "{typed}");
        }
        for bad in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(TypedCode::read(bad), None, "{bad}");
        }
        assert!(matches!(TypedCode::read("ABCD-EFGH-IJKL-MNOP-QRST-UVWX"), Some(TypedCode::Recovery(_))));
    }
}
