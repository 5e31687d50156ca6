//! What kinds of authenticators are called.
//!
//! The AAGUIDs and names are those that their makers published, as the community list of passkey providers (passkeydeveloper/passkey-authenticator-aaguids) and the FIDO
//! Metadata Service had them in November 2026. They name a passkey for its owner, and are never a reason to trust one: without attestation anybody may claim any.

use uuid::Uuid;

/// Where authenticators of a kind keep their passkeys: what a page draws beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// A security key.
    Key,
    /// A phone.
    Phone,
    /// A computer.
    Laptop,
    /// A password manager, on every device that it is on.
    Manager,
}

/// A kind of authenticators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// What it is like.
    pub family: Family,
}

const KINDS: &[(u128, Family, &str)] = &[
    (0xfbfc3007_154e_4ecc_8c0b_6e020557d7bd, Family::Manager, "Apple Passwords"),
    (0xdd4ec289_e01d_41c9_bb89_70fa845d4bf2, Family::Manager, "iCloud Keychain (Managed)"),
    (0xea9b8d66_4d01_1d21_3ce4_b6b48cb575d4, Family::Manager, "Google Password Manager"),
    (0xadce0002_35bc_c60a_648b_0b25f1f05503, Family::Laptop, "Chrome on Mac"),
    (0xb5397666_4885_aa6b_cebf_e52262a439a2, Family::Laptop, "Chromium"),
    (0x771b48fd_d3d4_4f74_9232_fc157ab0507a, Family::Laptop, "Edge on Mac"),
    (0xd3452668_01fd_4c12_926c_83a4204853aa, Family::Manager, "Microsoft Password Manager"),
    (0x08987058_cadc_4b81_b6e1_30de50dcbe96, Family::Laptop, "Windows Hello"),
    (0x9ddd1817_af5a_4672_a2b9_3e3dd95000a9, Family::Laptop, "Windows Hello"),
    (0x6028b017_b1d4_4c02_b4b3_afcdafc96bb2, Family::Laptop, "Windows Hello"),
    (0x53414d53_554e_4700_0000_000000000000, Family::Phone, "Samsung Pass"),
    (0xbada5566_a7aa_401f_bd96_45619a55120d, Family::Manager, "1Password"),
    (0xd548826e_79b4_db40_a3d8_11116f7e8349, Family::Manager, "Bitwarden"),
    (0x531126d6_e717_415c_9320_3d9aa6981239, Family::Manager, "Dashlane"),
    (0xf3809540_7f14_49c1_a8b3_8f813b225541, Family::Manager, "Enpass"),
    (0xa10c6dd9_465e_4226_8198_c7c44b91c555, Family::Manager, "Kaspersky Password Manager"),
    (0xeaecdef2_1c31_5634_8639_f1cbd9c00a08, Family::Manager, "KeePassDX"),
    (0xfdb141b2_5d84_443e_8a35_4698c205a502, Family::Manager, "KeePassXC"),
    (0x0ea242b4_43c4_4a1b_8b17_dd6d0b6baec6, Family::Manager, "Keeper"),
    (0xb78a0a55_6ef8_d246_a042_ba0f6d55050c, Family::Manager, "LastPass"),
    (0x22248c4c_7a12_46e2_9a41_44291b373a4d, Family::Manager, "LogMeOnce"),
    (0xb84e4048_15dc_4dd0_8640_f4f60813c8af, Family::Manager, "NordPass"),
    (0x50726f74_6f6e_5061_7373_50726f746f6e, Family::Manager, "Proton Pass"),
    (0x42b4fb4a_2866_43b2_9bf7_6c6669c2e5d3, Family::Key, "Google Titan Security Key"),
    (0x2fc0579f_8113_47ea_b116_bb5a8db9202a, Family::Key, "YubiKey 5 NFC"),
    (0xfa2b99dc_9e39_4257_8f92_4a30d23c4118, Family::Key, "YubiKey 5 NFC"),
    (0xcb69481e_8ff7_4039_93ec_0a2729a154a8, Family::Key, "YubiKey 5"),
    (0xee882879_721c_4913_9775_3dfcce97072a, Family::Key, "YubiKey 5"),
    (0xc5ef55ff_ad9a_4b9f_b580_adebafe026d0, Family::Key, "YubiKey 5Ci"),
    (0xd8522d9f_575b_4866_88a9_ba99fa02f35b, Family::Key, "YubiKey Bio"),
    (0xf8a011f3_8c0a_4d15_8006_17111f9edc7d, Family::Key, "Security Key by Yubico"),
    (0xb92c3f9a_c014_4056_887f_140a2501163b, Family::Key, "Security Key by Yubico"),
    (0x6d44ba9b_f6ec_2e49_b930_0c8fe920cb73, Family::Key, "Security Key NFC by Yubico"),
    (0x149a2021_8ef6_4133_96b8_81f8d5b7f1f5, Family::Key, "Security Key NFC by Yubico"),
    (0xa4e9fc6d_4cbe_4758_b8ba_37598bb5bbaa, Family::Key, "Security Key NFC by Yubico"),
];

/// The kind of authenticators of this AAGUID; `None` where that is not known, or the authenticator does not say.
pub fn kind_of(aaguid: Uuid) -> Option<Kind> {
    let known = KINDS.iter().find(|(known, ..)| *known == aaguid.as_u128());
    known.map(|&(_, family, name)| Kind { name, family })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_named_once_and_zeros_are_none() {
        let known: std::collections::BTreeSet<u128> = KINDS.iter().map(|(aaguid, ..)| *aaguid).collect();
        assert_eq!(known.len(), KINDS.len());
        assert_eq!(kind_of(Uuid::nil()), None);
        let google: Uuid = "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4".parse().unwrap();
        assert_eq!(kind_of(google), Some(Kind { name: "Google Password Manager", family: Family::Manager }));
        let key: Uuid = "2fc0579f-8113-47ea-b116-bb5a8db9202a".parse().unwrap();
        assert_eq!(kind_of(key).map(|kind| kind.family), Some(Family::Key));
    }
}
