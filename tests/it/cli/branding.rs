//! `haechi branding`: what is decided beside a running server is seen there.

use std::time::Duration;

use serde_json::json;

use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;
use crate::support::pictures;

#[tokio::test]
async fn what_is_decided_beside_a_running_server_is_seen_there() {
    let haechi = Haechi::new().begun();
    let _server = haechi.start();
    let mut browser = Browser::new(over_http(haechi.port), &haechi.issuer());
    let set = [
        "branding",
        "set",
        "--product-name",
        "Books",
        "--text-in",
        "product_name#ko=책방",
        "--accent-color",
        "#123a7a",
        "--json",
    ];
    let shown = haechi.json(&set);
    assert_eq!((&shown["product_name"], &shown["product_name#ko"]), (&"Books".into(), &"책방".into()));
    assert_eq!(haechi.json(&["branding", "show"]), shown);
    let began = std::time::Instant::now();
    while !browser.get("/login").await.body.contains("Books</title>") {
        assert!(began.elapsed() < Duration::from_secs(5), "the server did not hear of it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let pale = haechi.run(&["branding", "set", "--accent-color", "#fee500"]);
    assert!(pale.code == Some(1) && pale.err.contains("the nearest shade that has it is #"), "{pale:?}");
    let unknown = haechi.run(&["branding", "set", "--text-in", "logo#ko=x"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("there is no logo#ko"), "{unknown:?}");
    assert_eq!(haechi.json(&["branding", "reset", "--json"]), json!({ "version": 2 }));
    assert!(haechi.out(&["branding", "set", "--headline", "Hello"]).contains("are changed"));
    assert!(haechi.out(&["branding", "reset"]).contains("as configured again"));
}

#[test]
fn a_logo_is_read_from_a_file_and_shown_by_its_address() {
    let haechi = Haechi::new().begun();
    haechi.folder.write("logo.png", pictures::png(64, 64, 1));
    haechi.folder.write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    haechi.out(&["clients", "create", "--client-id", "shop", "--name", "Shop", "--kind", "service"]);
    assert_eq!(haechi.out(&["branding", "logo", "logo.png"]), "The service has a new logo.\n");
    assert_eq!(haechi.out(&["branding", "logo", "--remove"]), "The service has no logo any more.\n");
    let ours = haechi.json(&["branding", "logo", "logo.png", "--json"]);
    assert_eq!(haechi.json(&["branding", "show"]), ours);
    let said = haechi.out(&["clients", "logo", "shop", "logo.png"]);
    assert!(said.contains("shop has a new logo"), "{said}");
    let theirs = haechi.json(&["clients", "show", "shop"]);
    assert_eq!(theirs["logo_uri"], ours["logo_uri"], "the same picture has the same address");
    assert!(theirs["logo_uri"].as_str().unwrap().starts_with(&haechi.issuer()), "{theirs}");
    for arguments in [&["branding", "logo", "logo.svg"][..], &["clients", "logo", "shop", "logo.svg"]] {
        let refused = haechi.run(arguments);
        assert!(refused.code == Some(1) && refused.err.contains("SVG is not taken"), "{refused:?}");
    }
    let none = haechi.run(&["clients", "logo", "shop", "nowhere.png"]);
    assert!(none.code == Some(1) && none.err.contains("nowhere.png"), "{none:?}");
    for arguments in [&["clients", "logo", "shop"][..], &["clients", "logo", "shop", "logo.png", "--remove"]] {
        assert_eq!(haechi.run(arguments).code, Some(2), "{arguments:?}");
    }
    haechi.out(&["clients", "logo", "shop", "--remove"]);
    assert!(haechi.json(&["clients", "show", "shop"]).get("logo_uri").is_none());
    assert!(haechi.json(&["branding", "logo", "--remove", "--json"]).get("logo_uri").is_none());
}
