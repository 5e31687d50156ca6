//! Nodes behind nginx that are replaced one after the other: nobody hears of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::documentation::pages::block;
use crate::support::binary::{Haechi, plain_client};
use crate::support::folder::Folder;
use crate::support::servers;
use crate::support::shell::Nginx;

/// How many ask at once.
const CALLERS: usize = 8;
/// How often all nodes are replaced.
const ROUNDS: usize = 3;

/// What callers were answered by nginx in the place of a node, or not at all.
#[derive(Default)]
struct Told {
    answered: AtomicU64,
    lost: std::sync::Mutex<Vec<String>>,
    over: AtomicBool,
}

/// A node that answers for the issuer behind which nginx stands. What it stores is its own: nothing that is asked for here is in any store.
fn node(front: u16) -> Haechi {
    Haechi::new()
        .set("HAECHI_SERVER__ISSUER", &format!("http://localhost:{front}"))
        .set("HAECHI_SERVER__UNREADY_SECONDS", "1")
}

/// Asks again and again, for what may be asked for twice and for what may not.
async fn ask(front: u16, told: Arc<Told>) {
    let client = plain_client();
    let origin = format!("http://localhost:{front}");
    while !told.over.load(Ordering::Relaxed) {
        let post = client.post(format!("{origin}/token")).header("content-type", "application/x-www-form-urlencoded");
        let post = post.body("grant_type=authorization_code&client_id=nobody&code=none").send().await;
        let get = client.get(format!("{origin}/jwks")).send().await;
        for (what, answer, expected) in [("POST", post, &[400_u16, 401, 429][..]), ("GET", get, &[200])] {
            match answer {
                Ok(answer) if expected.contains(&answer.status().as_u16()) => {
                    told.answered.fetch_add(1, Ordering::Relaxed);
                }
                other => told.lost.lock().unwrap().push(format!("{what}: {other:?}")),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_replaced_behind_nginx_without_a_lost_request() {
    let Some(nginx) = Nginx::found() else { return };
    let (front, folder) = (servers::free_port(), Folder::new());
    let nodes = [node(front), node(front)];
    let mut running: Vec<_> = nodes.iter().map(Haechi::start).collect();
    let [first, second] = [nodes[0].port, nodes[1].port];
    let page = block("docs/deploy.md", "nginx", "upstream haechi").code;
    let page = page
        .replace("10.0.0.11:8080", &format!("127.0.0.1:{first}"))
        .replace("10.0.0.12:8080", &format!("127.0.0.1:{second}"))
        .replace("listen 8080", &format!("listen 127.0.0.1:{front}"));
    let _nginx = nginx.start(&folder, &page, front);

    let told = Arc::new(Told::default());
    let callers: Vec<_> = (0..CALLERS).map(|_| tokio::spawn(ask(front, Arc::clone(&told)))).collect();
    for _ in 0..ROUNDS {
        for (node, haechi) in nodes.iter().zip(&mut running) {
            tokio::time::sleep(Duration::from_millis(300)).await;
            tokio::task::block_in_place(|| {
                haechi.signal("TERM");
                assert_eq!(haechi.end(), Some(0), "{}", haechi.err());
                *haechi = node.start();
            });
        }
    }
    told.over.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    let (answered, lost) = (told.answered.load(Ordering::Relaxed), told.lost.lock().unwrap().clone());
    println!("{answered} answered, {} lost", lost.len());
    assert!(answered > 500, "too few asked to say anything: {answered}");
    assert_eq!(lost, Vec::<String>::new());
}
