//! Which module may name which: the floors of the house, and no circles on any of them.

use std::collections::{BTreeMap, BTreeSet};

use super::house::{Edge, House};

/// The layers, from the top down. A module may name those of the layers below its own, and no other of its own layer. What is not listed
/// by itself belongs where its parent does.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["http", "demo"],
    &["bench", "doctor"],
    &["app"],
    &["admin", "flow", "grants"],
    &["tokens", "upstream"],
    &["client_auth", "identity", "sessions"],
    &["mail", "remote_keys", "refusals", "webhooks"],
    &["affiliations", "audit_chain", "clients", "counts", "outgoing", "policy", "sealed"],
    &["keys"],
    &["store::redis", "store::sql"],
    &["store::sql::stores"],
    &["store::sql::commit", "store::sql::lookups"],
    &["store::sql::statements"],
    &["store::sql::db"],
    &["store"],
    &["i18n", "logging"],
    &["config"],
    &["model"],
    &["protocol"],
    &["support"],
];

/// Modules that only few may name, although many stand above them: the store's backends are chosen where the server is put together, and the server stands in
/// for a client only where an administrator tries it out.
const ROOMS: &[(&str, &[&str])] = &[
    ("store::sql", &["app", "cli"]),
    ("store::redis", &["app", "cli"]),
    ("client_auth::stand_in", &["http::pages::admin::apps::trial"]),
];

/// docs/architecture.md draws them, with what they are beside them.
#[test]
fn the_layers_are_those_of_the_document() {
    let drawn = crate::documentation::pages::block("docs/architecture.md", "text", "store::redis · store::sql").code;
    let names = |line: &str| -> BTreeSet<String> {
        let names = line.split("  ").next().unwrap();
        names.split(" · ").map(|name| name.trim().to_owned()).collect()
    };
    let drawn: Vec<BTreeSet<String>> = drawn.lines().map(names).collect();
    // The floors within `store::sql` are drawn as one, which says so.
    let whole = LAYERS.iter().filter(|layer| !layer.iter().any(|name| name.starts_with("store::sql::")));
    let whole: Vec<BTreeSet<String>> = whole.map(|layer| layer.iter().map(|&name| name.to_owned()).collect()).collect();
    assert_eq!(drawn, whole);
}

#[test]
fn every_module_has_a_layer() {
    for module in House::read().modules() {
        assert!(layer(module).is_some(), "{module} is in no layer: give it one in {}", file!());
    }
    for module in LAYERS.iter().copied().flatten() {
        assert!(House::read().modules().any(|own| own == module), "{module} is listed, and is not there");
    }
}

#[test]
fn a_module_names_only_the_layers_below_it() {
    for Edge { from, to } in House::read().edges() {
        let (Some((own, above)), Some((other, below))) = (layer(&from), layer(&to)) else { continue };
        assert!(own == other || below > above, "{from} names {to}: {other} is not below {own}");
    }
}

#[test]
fn a_backend_is_named_only_where_the_server_is_put_together() {
    for Edge { from, to } in House::read().edges() {
        for (room, may) in ROOMS.iter().filter(|(room, _)| is_in(&to, room) && !is_in(&from, room)) {
            assert!(
                may.iter().any(|module| is_in(&from, module)) || is_in(room, &from),
                "{from} names {to}: only {may:?} may name {room}"
            );
        }
    }
}

/// A folder's own module may name what is in it, and be named by it (it lists its parts, and says what they have in common). Among the
/// parts, each taken with everything in it, there is an order. A file of tests may look at whatever uses what it tests.
#[test]
fn no_modules_need_each_other_in_a_circle() {
    let mut found = Vec::new();
    for (parent, parts) in siblings(&House::read().edges()) {
        let circle = circle(&parts);
        if !circle.is_empty() {
            found.push(format!("in {parent}: {circle:?}"));
        }
    }
    assert!(found.is_empty(), "modules need each other in a circle:\n{}", found.join("\n"));
}

/// The layer of a module: its name, and its place counted from the top.
fn layer(module: &str) -> Option<(&'static str, usize)> {
    let places = LAYERS.iter().enumerate().flat_map(|(at, names)| names.iter().map(move |name| (*name, at)));
    places.filter(|(name, _)| is_in(module, name)).max_by_key(|(name, _)| name.len())
}

fn is_in(module: &str, other: &str) -> bool {
    module.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// For each folder, which of its parts names which other part.
fn siblings(edges: &BTreeSet<Edge>) -> BTreeMap<String, BTreeSet<(String, String)>> {
    let mut folders: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for Edge { from, to } in edges.iter().filter(|edge| !edge.from.ends_with("::tests")) {
        let (from, to): (Vec<_>, Vec<_>) = (from.split("::").collect(), to.split("::").collect());
        let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        if let (Some(one), Some(other)) = (from.get(shared), to.get(shared)) {
            let folder = if shared == 0 { "src".to_owned() } else { from[..shared].join("::") };
            folders.entry(folder).or_default().insert(((*one).to_owned(), (*other).to_owned()));
        }
    }
    folders
}

/// The parts that are left when those that name no other part, or that no other part names, are taken away again and again.
fn circle(names: &BTreeSet<(String, String)>) -> BTreeSet<String> {
    let mut left = names.clone();
    loop {
        let goes_on = |part: &String| left.iter().any(|(from, _)| from == part);
        let is_reached = |part: &String| left.iter().any(|(_, to)| to == part);
        let next: BTreeSet<_> = left.iter().filter(|(from, to)| is_reached(from) && goes_on(to)).cloned().collect();
        if next.len() == left.len() {
            return left.into_iter().map(|(from, _)| from).collect();
        }
        left = next;
    }
}

#[test]
fn circles_are_found_and_chains_are_none() {
    let edges = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(from, to)| Edge { from: (*from).to_owned(), to: (*to).to_owned() }).collect::<BTreeSet<_>>()
    };
    let chain = siblings(&edges(&[("a::x", "b"), ("b", "c"), ("a", "c"), ("c::y", "c"), ("c", "c::y")]));
    assert!(circle(&chain["src"]).is_empty());
    let long = siblings(&edges(&[
        ("m::a::x", "m::b"),
        ("m::b", "m::c"),
        ("m::c", "m::a::y"),
        ("m::c", "m::d"),
        ("m", "m::a"),
    ]));
    assert!(circle(&long["m"]).iter().eq(["a", "b", "c"]));
}
