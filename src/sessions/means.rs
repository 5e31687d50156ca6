//! The methods that an end-user authenticated by, and what they amount to.

use serde::{Deserialize, Serialize};

use crate::model::acr::Acr;
use crate::model::factor::Second;
use crate::model::passkey::KeyProtection;
use crate::model::session::{FEDERATED, UpstreamSignIn};
use crate::support::Timestamp;

/// The `amr` of a passkey. EAP ACR Values 1.0 section 4: `pop`, where it "is unspecified whether the proof-of-possession key is hardware-secured", as nothing
/// proves that it is; nor is it proved that it is not, which `swk` of RFC 8176 would say. It takes the authenticator and what unlocks it: two factors.
const PASSKEY: [&str; 3] = ["pop", "user", "mfa"];
/// The same where it is proved. RFC 8176 section 2: `hwk`, "proof of possession of a hardware-secured key".
const HARDWARE_PASSKEY: [&str; 3] = ["hwk", "user", "mfa"];

/// RFC 8176 section 2: `otp`, "One-time password", is what a mailed link and a mailed code are. No value says by which channel one came.
const ONE_TIME: &str = "otp";

/// How an end-user authenticated. A new method is a variant, and cannot be one without saying what it amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// With a password of the account.
    Password,
    /// With a password that was set a moment ago by a mailed link.
    PasswordByMail,
    /// With a link or a code that was mailed.
    Mail,
    /// With a passkey of the account, whose authenticator made sure of its user, and where its key is.
    Passkey(KeyProtection),
    /// With an account at an upstream provider.
    Upstream {
        /// The methods that the provider says it used, as far as they count here: those of its `amr` that an administrator named.
        amr: Vec<String>,
        /// What that amounts to here: one factor, unless an administrator said what of the provider's word counts as more.
        #[serde(default)]
        reached: Acr,
        /// What else the provider says of the sign-in.
        sign_in: UpstreamSignIn,
    },
    /// With one of these, and a second factor besides.
    Both {
        /// The first.
        first: Box<Means>,
        /// The second.
        second: Second,
    },
}

impl Means {
    /// How strong these methods are together.
    pub fn acr(&self) -> Acr {
        match self {
            Self::Password | Self::PasswordByMail | Self::Mail => Acr::ONE_FACTOR,
            Self::Upstream { reached, .. } => reached.clone(),
            Self::Passkey(protection) => Second::Passkey(*protection).acr(),
            Self::Both { first, second } => match first.acr() {
                stronger if stronger.satisfies(second.acr().as_str()) => stronger,
                _ => second.acr(),
            },
        }
    }

    /// The `amr` of the sign-in: values of the IANA registry "Authentication Method Reference Values" (those of RFC 8176, and `pop` of EAP ACR Values 1.0), and `fed` for a provider's word,
    /// before those of its methods that count. `fed` is in no registry: Microsoft Entra ID writes it in the same sense. OpenID Connect Core 1.0 section 2: "Parties using this claim will need to agree
    /// upon the meanings of any unregistered values used".
    pub fn amr(&self) -> Vec<String> {
        match self {
            Self::Password | Self::PasswordByMail => vec!["pwd".to_owned()],
            Self::Mail => vec![ONE_TIME.to_owned()],
            Self::Passkey(protection) => of_passkey(*protection).iter().map(|&method| method.to_owned()).collect(),
            Self::Upstream { amr, .. } => {
                let own = amr.iter().filter(|method| *method != FEDERATED).cloned();
                std::iter::once(FEDERATED.to_owned()).chain(own).collect()
            }
            Self::Both { first, second } => with_second(first.amr(), *second),
        }
    }

    /// When the end-user proved the account by these methods, at `now`: see [`SignIn::proved_at`](crate::model::SignIn::proved_at).
    pub const fn proved_at(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Password | Self::PasswordByMail | Self::Mail | Self::Passkey(_) | Self::Both { .. } => Some(now),
            Self::Upstream { sign_in, .. } => sign_in.proved_at,
        }
    }

    /// Whether whoever reads the mail of the account has all that it took: nothing that is mailed is another factor then.
    pub fn rests_on_mail(&self) -> bool {
        match self {
            Self::PasswordByMail | Self::Mail => true,
            Self::Password | Self::Passkey(_) | Self::Upstream { .. } => false,
            Self::Both { first, second } => first.rests_on_mail() && *second == Second::MailedCode,
        }
    }

    /// The upstream sign-in that these methods rest on, if any.
    pub const fn upstream(&self) -> Option<&UpstreamSignIn> {
        match self {
            Self::Password | Self::PasswordByMail | Self::Mail | Self::Passkey(_) => None,
            Self::Upstream { sign_in, .. } => Some(sign_in),
            Self::Both { first, .. } => first.upstream(),
        }
    }
}

const fn of_passkey(protection: KeyProtection) -> &'static [&'static str] {
    match protection {
        KeyProtection::Hardware => &HARDWARE_PASSKEY,
        KeyProtection::Unproved => &PASSKEY,
    }
}

/// The `amr` of a sign-in to which a second factor was added. RFC 8176 section 2: `otp`, "One-time password", and `mfa`, "Multiple-factor
/// authentication". No value says that a recovery code was used; that there were two factors is said all the same.
pub(super) fn with_second(mut amr: Vec<String>, second: Second) -> Vec<String> {
    let added = match second {
        Second::Totp => &[ONE_TIME, "mfa"][..],
        // NIST SP 800-63B-4 section 3.1.3 does not count what is reached by e-mail as something that one has: one factor stays one.
        Second::MailedCode => &[ONE_TIME],
        Second::RecoveryCode => &["mfa"],
        Second::Passkey(protection) => of_passkey(protection),
    };
    for method in added {
        if !amr.iter().any(|known| known == method) {
            amr.push((*method).to_owned());
        }
    }
    amr
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Epoch;
    use crate::support::id::ConnectionId;

    fn upstream(amr: &[&str]) -> Means {
        let sign_in = UpstreamSignIn {
            connection: ConnectionId::from_bytes([1; 16]),
            epoch: Epoch::default(),
            link: None,
            sid: None,
            auth_time: Some(Timestamp::from_seconds(9)),
            proved_at: None,
        };
        Means::Upstream {
            amr: amr.iter().map(|&method| method.to_owned()).collect(),
            reached: Acr::ONE_FACTOR,
            sign_in,
        }
    }

    #[test]
    fn a_password_is_one_factor() {
        assert_eq!(Means::Password.acr(), Acr::ONE_FACTOR);
        assert_eq!(Means::Password.amr(), ["pwd"]);
        assert_eq!(Means::Password.upstream(), None);
    }

    #[test]
    fn of_a_passkey_is_said_that_its_key_is_in_hardware_where_that_is_proved() {
        let (unproved, hardware) = (KeyProtection::Unproved, KeyProtection::Hardware);
        for (protection, acr, amr) in [
            (unproved, Acr::PHISHING_RESISTANT, ["pop", "user", "mfa"]),
            (hardware, Acr::PHISHING_RESISTANT_HARDWARE, ["hwk", "user", "mfa"]),
        ] {
            let means = Means::Passkey(protection);
            assert_eq!((means.acr(), means.amr()), (acr.clone(), amr.map(str::to_owned).to_vec()));
            let both = Means::Both { first: Box::new(Means::Password), second: Second::Passkey(protection) };
            assert_eq!(both.acr(), acr);
            assert_eq!(both.amr(), [&["pwd"][..], &amr].concat());
        }
        // Both were used.
        let twice = Means::Both { first: Box::new(Means::Passkey(unproved)), second: Second::Passkey(hardware) };
        assert_eq!((twice.acr(), twice.amr().join(" ")), (Acr::PHISHING_RESISTANT_HARDWARE, "pop user mfa hwk".into()));
    }

    #[test]
    fn a_second_factor_is_named_beside_the_first() {
        let both = |first, second| Means::Both { first: Box::new(first), second };
        let password = both(Means::Password, Second::Totp);
        assert_eq!(
            (password.acr(), password.amr()),
            (Acr::TWO_FACTORS, vec!["pwd".into(), "otp".into(), "mfa".into()])
        );
        assert_eq!(both(Means::Password, Second::RecoveryCode).amr(), ["pwd", "mfa"]);
        let elsewhere = both(upstream(&["pwd", "mfa"]), Second::Totp);
        assert_eq!(elsewhere.amr(), ["fed", "pwd", "mfa", "otp"]);
        assert!(elsewhere.upstream().is_some());
        let now = Timestamp::from_seconds(10);
        assert_eq!(elsewhere.proved_at(now), Some(now), "the code was typed now");
    }

    #[test]
    fn what_is_mailed_is_one_factor_and_makes_no_second() {
        assert_eq!((Means::Mail.acr(), Means::Mail.amr()), (Acr::ONE_FACTOR, vec!["otp".into()]));
        let both = |first, second| Means::Both { first: Box::new(first), second };
        let coded = both(Means::Password, Second::MailedCode);
        assert_eq!((coded.acr(), coded.amr()), (Acr::ONE_FACTOR, vec!["pwd".into(), "otp".into()]));
        let app = both(Means::Mail, Second::Totp);
        assert_eq!((app.acr(), app.amr()), (Acr::TWO_FACTORS, vec!["otp".into(), "mfa".into()]));
        for (means, rests) in [
            (Means::Mail, true),
            (Means::PasswordByMail, true),
            (Means::Password, false),
            (upstream(&[]), false),
            (coded, false),
            (both(Means::Mail, Second::MailedCode), true),
            (app, false),
        ] {
            assert_eq!(means.rests_on_mail(), rests, "{means:?}");
        }
    }

    #[test]
    fn only_what_the_end_user_was_made_to_do_is_a_proof() {
        let now = Timestamp::from_seconds(10);
        assert_eq!(Means::Password.proved_at(now), Some(now));
        assert_eq!(upstream(&["pwd"]).proved_at(now), None, "it may have been a sign-in of the day before");
        let Means::Upstream { amr, reached, sign_in } = upstream(&[]) else { unreachable!() };
        let asked =
            Means::Upstream { amr, reached, sign_in: UpstreamSignIn { proved_at: sign_in.auth_time, ..sign_in } };
        assert_eq!(asked.proved_at(now), Some(Timestamp::from_seconds(9)));
    }

    #[test]
    fn a_providers_word_is_one_factor_whatever_counts_of_its_methods() {
        let means = upstream(&["mfa", "fed", "hwk"]);
        assert_eq!(means.acr(), Acr::ONE_FACTOR);
        assert_eq!(means.amr(), ["fed", "mfa", "hwk"]);
        assert_eq!(upstream(&[]).amr(), ["fed"]);
        assert!(means.upstream().is_some());
    }
}
