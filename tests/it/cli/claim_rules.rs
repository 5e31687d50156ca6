//! `haechi claim-rules` and `haechi users preview-token`.

use serde_json::json;

use crate::support::binary::Haechi;

#[test]
fn rules_are_made_changed_shown_and_deleted_and_a_token_is_previewed() {
    let haechi = Haechi::new().begun();
    haechi.out(&["users", "create", "kim@example.com", "--no-password"]);
    haechi.out(&["attributes", "define", "level"]);
    haechi.out(&["users", "update", "kim@example.com", "--attribute", "level=gold"]);
    let shop = [
        "clients",
        "create",
        "--client-id",
        "shop",
        "--kind",
        "web",
        "--name",
        "Shop",
        "--redirect-uri",
        "https://shop.example/cb",
    ];
    haechi.out(&shop);
    let create = ["claim-rules", "create", "level", "--claim", "level", "--attribute", "level", "--scope", "openid"];
    let made = haechi.json(&[&create[..], &["--token", "id_token", "--map", "gold=Au", "--json"]].concat());
    assert_eq!(
        (&made["source"], &made["values"], &made["tokens"]),
        (&json!("attribute"), &json!({ "gold": "Au" }), &json!(["id_token"]))
    );
    let changed = haechi.json(&["claim-rules", "update", "level", "--map", "gold=", "--map", "tin=Sn", "--json"]);
    assert_eq!(changed["values"], json!({ "tin": "Sn" }));
    assert!(haechi.out(&["claim-rules", "list"]).contains("attribute level"));
    assert_eq!(haechi.json(&["claim-rules", "show", "level"])["version"], json!(1));
    let shown = haechi.json(&["users", "preview-token", "kim@example.com", "--client", "shop", "--json"]);
    let level = shown["id_token"]["claims"].as_array().unwrap().iter().find(|claim| claim["name"] == "level");
    assert_eq!(level.unwrap()["value"], "gold");
    let told = haechi.out(&["users", "preview-token", "kim@example.com", "--client", "shop", "--scope", "openid"]);
    assert!(told.contains("\nAccess token") && !told.contains("\\n"), "{told}");
    assert!(told.contains("rule level, scope openid, attribute level"), "{told}");
    let constant = [
        "claim-rules",
        "create",
        "seven",
        "--claim",
        "seven",
        "--source",
        "constant",
        "--value",
        "7",
        "--scope",
        "openid",
        "--json",
    ];
    assert_eq!(haechi.json(&constant)["value"], json!(7));

    let defined = haechi.run(&["claim-rules", "update", "level", "--claim", "iss"]);
    assert!(defined.code == Some(1) && defined.err.contains("define"), "{defined:?}");
    let nobody = haechi.run(&["claim-rules", "show", "rank"]);
    assert!(nobody.code == Some(1) && nobody.err.contains("there is no claim rule rank"), "{nobody:?}");
    assert_eq!(haechi.run(&["claim-rules", "delete", "level"]).code, Some(1));
    haechi.out(&["claim-rules", "delete", "level", "--yes"]);
    haechi.out(&["claim-rules", "delete", "seven", "--yes"]);
    assert_eq!(haechi.json(&["claim-rules", "list", "--json"]), json!([]));
}
