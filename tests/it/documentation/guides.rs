//! The guides: their commands are run as they are printed, in both languages. Only what a reader would put in is put in here: secrets, ids, ports
//! and folders.

use haechi::admin::recipes;
use serde_json::Value;

use super::pages::{self, block, blocks_of};
use crate::foreign::server::Server;
use crate::support::binary::{Haechi, over_http};
use crate::support::browser::Browser;
use crate::support::folder::Folder;
use crate::support::servers;
use crate::support::shell::{Going, Nginx, prints, shell};
use crate::support::tls::Certified;

const PASSWORD: &str = "tall bridge over quiet water";

/// A guide in both languages.
fn languages(page: &str) -> [String; 2] {
    [format!("docs/{page}.md"), format!("docs/{page}.ko.md")]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_about_providers_do_what_they_say() {
    // What Apple's console gives out: an ES256 key.
    let p8 = rcgen::KeyPair::generate().unwrap().serialize_pem();
    for page in languages("upstream") {
        let server = Server::start().await;
        prints(&mut server.shell("printf old > secret.txt; printf new > new.txt; cat > AuthKey_F6G7H8J9K0.p8"), &p8);
        let blocks = blocks_of(&page, "sh").into_iter().filter(|block| !block.code.starts_with("export "));
        for block in blocks {
            let printed = prints(&mut server.shell(&block.code.replace('…', "app")), "");
            let made = block.code.split("--slug ").nth(1).and_then(|rest| rest.split_whitespace().next());
            let told = made.is_none_or(|slug| printed.contains(&format!("/upstream/{slug}/callback")));
            assert!(told, "{page}:{}: {printed}", block.line);
        }
        let made = server.run(&["connections", "list", "--json"], "");
        let slugs: Vec<&str> = made.as_array().unwrap().iter().map(|one| one["slug"].as_str().unwrap()).collect();
        assert_eq!(slugs, ["google", "apple", "gitlab", "contoso", "staff", "forum"], "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_haechi_signs_in_with_another() {
    for page in languages("upstream") {
        let [at_first, at_second] = [servers::free_port(), servers::free_port()];
        let here = |code: &str| {
            code.replace("8090", &at_second.to_string()).replace("localhost:8080", &format!("localhost:{at_first}"))
        };
        let blocks: Vec<String> =
            blocks_of(&page, "sh").iter().filter(|b| b.code.starts_with("export ")).map(|b| here(&b.code)).collect();
        let [start, furnish, connect] = &blocks[..] else { panic!("{page}: {blocks:?}") };
        let [first, second] = [Folder::new(), Folder::new()];
        let _second = Going::until_ready(&shell(second.path(), start), second.path());
        let printed = prints(&mut shell(second.path(), furnish), PASSWORD);
        let secret = printed.split("client secret").nth(1).unwrap().split_whitespace().next().unwrap();

        // The first one was there before, at the port where it is by itself.
        let of_first = |script: &str| {
            let mut shell = shell(first.path(), script);
            shell.env("HAECHI_SERVER__LISTEN", format!("127.0.0.1:{at_first}"));
            shell.env("HAECHI_SERVER__ISSUER", format!("http://localhost:{at_first}"));
            shell
        };
        drop(Going::until_ready(&of_first("haechi serve"), first.path()));
        let script = format!("printf %s '{secret}' | {{\n{connect}\n}}");
        let _first = Going::until_ready(&of_first(&script), first.path());
        signs_in_there(at_first, at_second).await;
    }
}

async fn signs_in_there(at_first: u16, at_second: u16) {
    let mut first = Browser::new(over_http(at_first), &format!("http://localhost:{at_first}"));
    let mut second = Browser::new(over_http(at_second), &format!("http://127.0.0.1:{at_second}"));
    // A server that never ran before makes its RSA keys after it is ready; the first one's client is registered for RS256, as clients are by themselves.
    while !second.get("/jwks").await.body.contains("RS256") {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let login = first.get("/login").await;
    assert!(login.text("upstream-second").contains("Second Haechi"), "{}", login.body);
    let leaving = first.get_once(&login.link("upstream-second")).await.location().unwrap();
    let login = second.get(&leaving).await;
    let consent = second.submit(&login, "login", &[("email", "kim@example.com"), ("password", PASSWORD)]).await;
    let back = second.submit(&consent, "consent", &[("decision", "allow")]).await.location().unwrap();
    let account = first.get(&back).await;
    assert!(account.has("account-heading") && account.body.contains("Kim Minji"), "{}", account.body);
}

#[test]
fn a_client_says_what_it_does_without() {
    let lines = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let haechi = Haechi::new().begun();
    haechi.out(&[
        "clients",
        "create",
        "--kind",
        "web",
        "--client-id",
        "shop",
        "--name",
        "Shop",
        "--redirect-uri",
        "https://shop.example/cb",
    ]);
    let shown = lines(&haechi.out(&["clients", "show", "shop"]));
    for page in languages("clients") {
        let printed = lines(&block(&page, "json", "pkce_when_sent").code);
        assert!(shown.contains(&printed), "{page} has\n{printed}\nand it is\n{shown}");
        assert_eq!(blocks_of(&page, "json").len(), 1, "{page}");
    }
}

#[test]
fn every_recipe_is_registered_as_it_is_printed() {
    let haechi = Haechi::new().begun();
    for recipe in recipes::all().unwrap() {
        for page in [format!("docs/recipes/{}.md", recipe.name), format!("docs/recipes/{}.ko.md", recipe.name)] {
            let command = block(&page, "sh", "--for ");
            let printed = prints(&mut haechi.shell(&command.code), "");
            for file in &recipe.configuration {
                assert!(printed.contains(&file.file), "{page}: {printed}");
            }
        }
    }
}

/// The servers of the guide, with the folders, ports and certificates of this test.
#[tokio::test(flavor = "multi_thread")]
async fn nginx_stands_before_haechi() {
    let Some(nginx) = Nginx::found() else { return };
    for page in languages("deploy") {
        let (folder, certified) = (Folder::new(), Certified::new(vec!["id.example.com".to_owned()]));
        let [front, behind] = [servers::free_port(), servers::free_port()];
        let settings = block(&page, "toml", "trusted_proxies").code;
        let inside = folder.path().display().to_string();
        let file = folder.write("haechi.toml", settings.replace("/var/lib/haechi", &inside));
        let of_file = |command: &str| {
            let mut shell = shell(folder.path(), &format!("haechi {command} --config '{}'", file.display()));
            shell.env("HAECHI_SERVER__LISTEN", format!("127.0.0.1:{behind}"));
            shell
        };
        prints(&mut of_file("config check"), "");
        let _haechi = Going::until_ready(&of_file("serve"), folder.path());

        let (certificate, key) = certified.files();
        let server = block(&page, "nginx", "listen 443").code;
        let server = server
            .replace("listen 443", &format!("listen {front}"))
            .replace("127.0.0.1:8080", &format!("127.0.0.1:{behind}"))
            .replace("/etc/ssl/id.example.com.pem", &certificate.display().to_string())
            .replace("/etc/ssl/id.example.com.key", &key.display().to_string());
        let _nginx = nginx.start(&folder, &server, front);

        let client = certified.client(([127, 0, 0, 1], front).into());
        let get = async |path: &str| client.get(format!("https://id.example.com:{front}{path}")).send().await.unwrap();
        let metadata: Value =
            serde_json::from_str(&get("/.well-known/openid-configuration").await.text().await.unwrap()).unwrap();
        assert_eq!(metadata["issuer"], "https://id.example.com", "{page}");
        assert_eq!(get("/login").await.status(), 200, "{page}");
    }
}

#[test]
fn pages_in_two_languages_have_blocks_of_the_same_kinds() {
    for korean in pages::documents().iter().map(|path| pages::name(path)).filter(|page| page.ends_with(".ko.md")) {
        let of = |page: &str| pages::blocks(page).into_iter().map(|block| block.language).collect::<Vec<_>>();
        assert_eq!(of(&korean), of(&korean.replace(".ko.md", ".md")), "{korean}");
    }
}
