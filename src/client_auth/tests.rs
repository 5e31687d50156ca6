//! Tests of reading credentials off a request.

use super::*;

fn reading(form: &str, authorization: &[&[u8]]) -> Result<(String, &'static str), ClientAuthRejected> {
    let params = Params::parse(form.as_bytes()).unwrap();
    let address = IpAddr::from([192, 0, 2, 1]);
    let (method, presented) =
        read(&Credentials { endpoint: Endpoint::Token, params: &params, authorization, address })?;
    Ok((presented.client_id.into_owned(), method.name()))
}

/// `shop:secret`.
const BASIC: &[u8] = b"Basic c2hvcDpzZWNyZXQ=";
/// `{}` `{"sub":"shop"}`.
const ASSERTION: &str = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&\
                         client_assertion=e30.eyJzdWIiOiJzaG9wIn0.x";

#[test]
fn each_method_is_recognised() {
    let shop = |method| Ok(("shop".to_owned(), method));
    let same = |a: Result<(String, &'static str), ClientAuthRejected>, b: Result<(String, &'static str), ()>| {
        assert_eq!(a.map_err(|error| panic!("{error}")), b);
    };
    same(reading("client_id=shop", &[]), shop("none"));
    same(reading("client_id=shop&client_secret=s", &[]), shop("client_secret_post"));
    same(reading("", &[BASIC]), shop("client_secret_basic"));
    same(reading("client_id=shop", &[BASIC]), shop("client_secret_basic"));
    same(reading(ASSERTION, &[]), shop("private_key_jwt"));
    same(reading(&format!("client_id=shop&{ASSERTION}"), &[]), shop("private_key_jwt"));
    same(reading("client_id=shop&client_secret=", &[]), shop("none"));
}

#[test]
fn cauth_004_two_methods_are_too_many() {
    let with_secret = format!("client_id=shop&client_secret=s&{ASSERTION}");
    for (form, headers) in [
        ("client_id=shop&client_secret=s", &[BASIC][..]),
        (ASSERTION, &[BASIC]),
        (&with_secret, &[]),
        ("", &[BASIC, BASIC]),
    ] {
        assert!(matches!(reading(form, headers), Err(ClientAuthRejected::SeveralMethods)), "{form}");
    }
}

#[test]
fn cauth_004_the_form_names_no_other_client_than_the_credentials() {
    for (form, headers) in [("client_id=other", &[BASIC][..]), (&format!("client_id=other&{ASSERTION}"), &[])] {
        assert!(matches!(reading(form, headers), Err(ClientAuthRejected::ClientIdDiffers)), "{form}");
    }
}

#[test]
fn what_names_no_client_is_refused() {
    assert!(matches!(reading("", &[]), Err(ClientAuthRejected::Missing)));
    assert!(matches!(reading("client_secret=s", &[]), Err(ClientAuthRejected::Missing)));
    assert!(matches!(reading("client_id=shop", &[b"Bearer x"]), Err(ClientAuthRejected::MalformedHeader)));
    for form in [
        "client_assertion=e30.eyJzdWIiOiJzaG9wIn0.x",
        "client_assertion_type=x&client_assertion=e30.eyJzdWIiOiJzaG9wIn0.x",
        &ASSERTION.replace("eyJzdWIiOiJzaG9wIn0", "e30"),
        &ASSERTION.replace("eyJzdWIiOiJzaG9wIn0", "%20"),
    ] {
        assert!(matches!(reading(form, &[]), Err(ClientAuthRejected::Assertion(_))), "{form}");
    }
}
