use serde_json::json;

use super::*;

/// What the hashes were made of, unless their row says otherwise.
const PASSWORD: &str = "correct horse \u{e9}";

fn verifies(text: &str, password: &str) -> bool {
    read(text).unwrap().verify(password, &mut Workspace::default())
}

/// Made by the tools themselves, with small parameters: Django 5.2, the packages bcrypt 5, argon2-cffi 25 and passlib 1.7 of Python.
const MADE: &[(&str, &str)] = &[
    ("django pbkdf2_sha256", "pbkdf2_sha256$1000$seasalt12$0K1r+Vs2AU04YnEYIm3t41kFbuMJBTyb2SRJ64+OMCM="),
    ("django pbkdf2_sha1", "pbkdf2_sha1$1000$seasalt12$wrO/dmV3YgcxEKhDlI2mFkA2a2M="),
    (
        "django scrypt",
        "scrypt$16$seasalt12$8$5$8kTSDZ1lJUe1vrs0xpQztFrfrWhUu83HRy263Q8lLGkeq/f+tFWPI6vB692r2M+wiG7AuWkKYzSP5T9usAM65A==",
    ),
    ("django argon2", "argon2$argon2id$v=19$m=64,t=1,p=2$c2Vhc2FsdDEy$2D6qKOBCW7u1RFPkdZTNIzp/veGwBxPDLwOSrLYo0nI"),
    ("django bcrypt_sha256", "bcrypt_sha256$$2b$04$pnsGnsb4tV9SWv342gMHSeBbFoT30zuRNcaPED6sudk/6K6xbclde"),
    ("django bcrypt", "bcrypt$$2b$04$7.7.ygws6EFCk9BY3eb53ekOfdYCKu6h22BmiTXhcffv5uu42PFy2"),
    ("bcrypt 2a", "$2a$04$EP2pZuk3XW4qBsSEwM7fWuGO789zJpr7PEo6JSErkHDDfRvhCtOqe"),
    ("bcrypt 2b", "$2b$04$K87FAPdM0vcnHS9Vwi7AKOxYN9b6RWuRHmdlM1PN0VTUMC44DYpzq"),
    ("bcrypt 2y, as PHP writes it", "$2y$04$K87FAPdM0vcnHS9Vwi7AKOxYN9b6RWuRHmdlM1PN0VTUMC44DYpzq"),
    (
        "argon2-cffi argon2i",
        "$argon2i$v=19$m=64,t=2,p=1$KM63qjJIlB/TnkRDGjQ3ug$G+NvZRFK3y69WxNSyVxgFXsAqZUJcLdIkJJVs0JqDh4",
    ),
    (
        "argon2-cffi argon2id",
        "$argon2id$v=19$m=64,t=2,p=1$rk1Tj65/we37zER6RAzcUw$pDqAx6yyRE5wnwfFkMLPsqC76MtidtKo5mnCiQKeB/g",
    ),
    ("passlib pbkdf2_sha256", "$pbkdf2-sha256$1000$4JxTilHqvbcWohTC.P9/zw$SACgtIZ3JGijdJosGtMQFxJcPDEATrd.NozZddIk44Y"),
    (
        "passlib pbkdf2_sha512",
        "$pbkdf2-sha512$1000$PSckROjdW4tRam0tZayVkg$DRfTlseHu2oRmHWHovTjS76.ez/ohnXOVe8832Ta3jQw4zTuGHOQnRRDt65gQHn5l1YCpBXzPFgOJVJGx74i9A",
    ),
    ("passlib pbkdf2_sha1", "$pbkdf2$1000$yzlHSAnhvJfSOqfUGoNwjg$PzfwDZysOTUbYWFNGzC3NbSP4oI"),
    (
        "the same as a PHC string",
        "$pbkdf2-sha256$i=1000,l=32$4JxTilHqvbcWohTC+P9/zw$SACgtIZ3JGijdJosGtMQFxJcPDEATrd+NozZddIk44Y",
    ),
    ("passlib scrypt", "$scrypt$ln=4,r=8,p=2$EaJUCuF8T6l1bg3hnDNmzA$qqRFslDo68hEexvu6ZDwNPTJ/iVgvfaid1NUxuECOJI"),
];

#[test]
fn what_the_tools_made_is_made_by_its_password_and_by_no_other() {
    for (tool, text) in MADE {
        assert!(parse(text).is_ok(), "{tool}");
        assert!(verifies(text, PASSWORD), "{tool}");
        assert!(!verifies(text, "correct horse e"), "{tool}");
        // What is hashed are the octets that were typed: another spelling of the same characters is another password there.
        assert!(!verifies(text, "correct horse e\u{301}"), "{tool}");
        assert!(!verifies(text, ""), "{tool}");
    }
}

/// The example of Firebase's own documentation of its scrypt, and the project's parameters there.
#[test]
fn firebases_example() {
    let key = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    let parameters = FirebaseParameters::new(key, "Bw==", 8, 14).unwrap();
    let hash = "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";
    let stored = parameters.hash(hash, "42xEC+ixf3L2lw==").unwrap();
    assert!(verifies(stored.expose(), "user1password"));
    assert!(!verifies(stored.expose(), "user2password"));
    assert_eq!(FirebaseParameters::new(key, "Bw==", 8, 24), Err(HashRejected::TooExpensive));
}

/// A credential that Keycloak 9 reads and signs in by, and one in the form of its releases since 25, which hash with argon2.
#[test]
fn keycloaks_credentials() {
    let credential = json!({
        "type": "password",
        "credentialData": "{\"hashIterations\": 27500,\"algorithm\": \"pbkdf2-sha256\"}",
        "secretData": "{\"salt\": \"x/bm4Y3DcuV9eU97ervkPA==\",\"value\": \"1u7BLvfSPxQFpwc5jpGSA+88EGl9pZYKhaZ8YPIu9N4=\"}",
    });
    let stored = of_document(&credential).unwrap();
    assert!(verifies(stored.expose(), "admin") && !verifies(stored.expose(), "Admin"));
    let credential = json!({
        "credentialData": "{\"hashIterations\":2,\"algorithm\":\"argon2\",\"additionalParameters\":{\"hashLength\":[\"32\"],\"memory\":[\"64\"],\
            \"type\":[\"id\"],\"version\":[\"1.3\"],\"parallelism\":[\"1\"]}}",
        "secretData": "{\"value\":\"pDqAx6yyRE5wnwfFkMLPsqC76MtidtKo5mnCiQKeB/g=\",\"salt\":\"rk1Tj65/we37zER6RAzcUw==\",\"additionalParameters\":{}}",
    });
    assert!(verifies(of_document(&credential).unwrap().expose(), PASSWORD));
    for bad in [
        json!({ "type": "otp", "credentialData": "{}", "secretData": "{}" }),
        json!({ "credentialData": "{\"hashIterations\":1,\"algorithm\":\"md5\"}", "secretData": "{\"salt\":\"\",\"value\":\"\"}" }),
        json!(7),
        json!({}),
    ] {
        assert_eq!(of_document(&bad).map(drop), Err(HashRejected::Unknown), "{bad}");
    }
}

#[test]
fn a_hash_that_would_take_a_minute_is_not_taken() {
    let salt = "c2Vhc2FsdDEy";
    let key = "pDqAx6yyRE5wnwfFkMLPsqC76MtidtKo5mnCiQKeB/g";
    for text in [
        "$2b$31$K87FAPdM0vcnHS9Vwi7AKOxYN9b6RWuRHmdlM1PN0VTUMC44DYpzq".to_owned(),
        "$2b$15$K87FAPdM0vcnHS9Vwi7AKOxYN9b6RWuRHmdlM1PN0VTUMC44DYpzq".to_owned(),
        format!("$argon2id$v=19$m=4194304,t=1,p=1${salt}${key}"),
        format!("$argon2id$v=19$m=65536,t=4000000,p=1${salt}${key}"),
        format!("$pbkdf2-sha256$i=4000000000${salt}${key}"),
        format!("pbkdf2_sha256$2000001${salt}${key}"),
        format!("$pbkdf2-sha1$i=1500000${salt}${key}"),
        format!("$scrypt$ln=30,r=8,p=1${salt}${key}"),
        format!("$scrypt$ln=14,r=8,p=100000${salt}${key}"),
        format!("scrypt$1048576${salt}$8$1${key}"),
    ] {
        assert_eq!(parse(&text).map(drop), Err(HashRejected::TooExpensive), "{text}");
    }
}

#[test]
fn what_is_no_hash_is_not_taken() {
    for text in [
        "",
        "password",
        "$",
        "$$",
        "$2b$12$short",
        "$2x$04$K87FAPdM0vcnHS9Vwi7AKOxYN9b6RWuRHmdlM1PN0VTUMC44DYpzq",
        "$1$salt$hash",
        "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
        "sha1$salt$5f4dcc3b5aa765d61d8327deb882cf99",
        "$argon2id$v=19$m=64,t=2,p=1$c2Vhc2FsdDEy",
        "$pbkdf2-sha256$i=0$c2Vhc2FsdDEy$pDqAx6yyRE5wnwfFkMLPsqC76MtidtKo5mnCiQKeB/g",
        "$pbkdf2-sha256$i=10$c2Vhc2FsdDEy$aGk",
        "scrypt$15$salt$8$1$pDqAx6yyRE5wnwfFkMLPsqC76MtidtKo5mnCiQKeB/g",
        "$firebase-scrypt$ln=14,r=8$x",
    ] {
        assert_eq!(parse(text).map(drop), Err(HashRejected::Unknown), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_upsets_the_reader(text in "[$a-z0-9=,+/]{0,120}|\\PC{0,80}") {
        let _ = parse(&text);
    }
}
