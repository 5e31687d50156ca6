//! Who may issue the ID tokens of a connection: fixed, asked for, or one of many tenants.

use serde_json::Value;

/// What stands for a tenant's id in an issuer: in Microsoft's discovery document it is written so.
pub const TENANT: &str = "{tenantid}";

/// The issuer of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// One issuer, the same for every connection of the preset.
    Fixed(&'static str),
    /// The one that the administrator names.
    Asked,
    /// This one, unless the administrator names another one: for what can be self-hosted.
    Usually(&'static str),
    /// This one, with the administrator's tenant in it.
    OfTenant(&'static str),
    /// This one, with the tenant in it that the ID token names; but not these tenants.
    AnyTenant {
        /// The URL of the discovery document.
        discovery: &'static str,
        /// What ID tokens must name as their issuer.
        template: &'static str,
        /// Tenants that are none of the kind.
        except: &'static [&'static str],
    },
}

impl Issuer {
    /// The issuer below which the discovery document is (OpenID Connect Discovery 1.0 section 4.1); `named` is the administrator's
    /// issuer or tenant. `None` where there is nothing to go by.
    pub fn discovered(self, named: Option<&str>) -> Option<String> {
        match self {
            Self::Fixed(issuer) => Some(issuer.to_owned()),
            Self::Asked => named.map(str::to_owned),
            Self::Usually(issuer) => Some(named.unwrap_or(issuer).to_owned()),
            Self::OfTenant(template) => named.filter(|id| is_tenant(id)).map(|id| template.replace(TENANT, id)),
            Self::AnyTenant { discovery, .. } => Some(discovery.to_owned()),
        }
    }

    /// What the discovery document must call its issuer. OpenID Connect Discovery 1.0 section 4.3 wants it to be what was asked;
    /// a provider of many tenants answers its template.
    pub fn announced(self, named: Option<&str>) -> Option<String> {
        match self {
            Self::AnyTenant { template, .. } => Some(template.to_owned()),
            _ => self.discovered(named),
        }
    }

    /// Whether it stands for many tenants, each an issuer of its own.
    pub const fn is_of_many(self) -> bool {
        matches!(self, Self::AnyTenant { .. })
    }

    /// Whether an ID token with these claims is of this issuer: OpenID Connect Core 1.0 section 3.1.3.7, step 2, "MUST exactly
    /// match".
    pub fn issued(self, named: Option<&str>, claims: &Value) -> bool {
        let Some(iss) = claims.get("iss").and_then(Value::as_str) else { return false };
        let Self::AnyTenant { template, except, .. } = self else {
            return self.discovered(named).as_deref() == Some(iss);
        };
        let tenant = claims.get("tid").and_then(Value::as_str).filter(|id| is_tenant(id));
        tenant.is_some_and(|id| !except.contains(&id) && template.replace(TENANT, id) == iss)
    }
}

/// A tenant's id is a UUID in lower case. A domain name would also do for discovery, but not in the issuer.
fn is_tenant(id: &str) -> bool {
    let groups: Vec<&str> = id.split('-').collect();
    let hexadecimal = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|g| g.bytes().all(hexadecimal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ONE: &str = "6babcaad-604b-40ac-a9d7-9fd97c0b779f";
    const HOME: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
    const ANY: Issuer =
        Issuer::AnyTenant { discovery: "https://l/o/v2.0", template: "https://l/{tenantid}/v2.0", except: &[HOME] };

    fn token(iss: &str, tid: &str) -> Value {
        json!({ "iss": iss, "tid": tid })
    }

    #[test]
    fn of_many_tenants_the_issuer_is_that_of_the_token_s_own() {
        assert!(ANY.issued(None, &token(&format!("https://l/{ONE}/v2.0"), ONE)));
        for (iss, tid) in [
            // Another tenant's issuer, no tenant, the template itself, and what only looks like an issuer.
            (format!("https://l/{HOME}/v2.0"), ONE),
            (format!("https://l/{ONE}/v2.0"), ""),
            ("https://l/{tenantid}/v2.0".to_owned(), "{tenantid}"),
            (format!("https://evil.example/{ONE}/v2.0"), ONE),
            ("https://l/../v2.0".to_owned(), ".."),
            (format!("https://l/{HOME}/v2.0"), HOME),
        ] {
            assert!(!ANY.issued(None, &token(&iss, tid)), "{iss} {tid}");
        }
        assert_eq!(ANY.discovered(None).unwrap(), "https://l/o/v2.0");
        assert_eq!(ANY.announced(None).unwrap(), "https://l/{tenantid}/v2.0");
    }

    #[test]
    fn one_tenant_is_named_by_its_id() {
        let one = Issuer::OfTenant("https://l/{tenantid}/v2.0");
        assert_eq!(one.discovered(Some(ONE)).unwrap(), format!("https://l/{ONE}/v2.0"));
        assert!(one.issued(Some(ONE), &token(&format!("https://l/{ONE}/v2.0"), ONE)));
        assert!(!one.issued(Some(ONE), &token(&format!("https://l/{HOME}/v2.0"), HOME)));
        for bad in ["common", "contoso.com", "", "../x", &ONE.to_uppercase()] {
            assert_eq!(one.discovered(Some(bad)), None, "{bad}");
        }
    }

    #[test]
    fn every_other_issuer_is_compared_to_the_letter() {
        let asked = Issuer::Asked;
        assert_eq!(asked.discovered(None), None);
        assert!(asked.issued(Some("https://idp.example"), &json!({ "iss": "https://idp.example" })));
        assert!(!asked.issued(Some("https://idp.example"), &json!({ "iss": "https://idp.example/" })));
        assert!(!asked.issued(None, &json!({ "iss": "https://idp.example" })));
        let usual = Issuer::Usually("https://gitlab.com");
        assert!(usual.issued(None, &json!({ "iss": "https://gitlab.com" })));
        assert!(!usual.issued(Some("https://git.example"), &json!({ "iss": "https://gitlab.com" })));
        assert!(!Issuer::Fixed("https://a").issued(None, &json!({})));
    }
}
