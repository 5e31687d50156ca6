//! The same for several things of a list at once: they are switched with one press, and deleted after a page that names them.
//!
//! Owns what is pressed, what is picked and what is said of it afterwards: how many were changed, and how many were left as they are for which reason. What the things are, and what is done to one, each room says ([`Listed`]).

use std::collections::BTreeMap;

use axum::response::Response;

use super::super::context::Context;
use super::super::frame::{Frame, page};
use super::super::own_form::OwnForm;
use super::done::Done;
use super::room::Room;
use super::shell::Shell;
use super::{Administrator, confirmed};
use crate::admin::{Permission, ProvenAuthority, Rejected};
use crate::http::error::PageError;
use crate::http::problem::ProblemKind;
use crate::i18n::{Key, Texts, keys};
use crate::protocol::Params;

/// What the names of the boxes begin with, before what is picked.
const PICKED: &str = "pick-";
/// The field that says that the page which names them was read.
const SURE: &str = "sure";
/// The most that are picked at once: more than a page of a list.
const MOST: usize = 200;

/// What can be done to several things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Together {
    On,
    Off,
    Delete,
}

impl Together {
    /// What is pressed, among what can be done to such things.
    fn parse(text: Option<&str>, among: &[Self]) -> Option<Self> {
        let pressed = match text? {
            "on" => Self::On,
            "off" => Self::Off,
            "delete" => Self::Delete,
            _ => return None,
        };
        among.contains(&pressed).then_some(pressed)
    }
}

/// Things of a list.
pub(super) trait Listed {
    /// Where the list is.
    const LIST: &'static str;
    /// The room that it is in.
    const ROOM: Room;
    /// What changing them needs.
    const NEEDS: Permission;
    /// What can be done to them.
    const DOES: &'static [Together];
    /// What goes with one that is deleted.
    const LOST: Key;
    /// What names one.
    type Id: Send + Sync;

    /// Where the form of the list goes. A list whose things have names that people choose takes it itself: there, one may be called `several`.
    fn form() -> String {
        format!("{}/several", Self::LIST)
    }

    /// The one that a box is for.
    fn id(text: &str) -> Option<Self::Id>;

    /// What it is called; `None` where there is none.
    fn name(
        context: &Context,
        administrator: &Administrator,
        id: &Self::Id,
    ) -> impl Future<Output = Result<Option<String>, Rejected>> + Send;

    /// Does it to one.
    fn apply(
        context: &Context,
        authority: &ProvenAuthority,
        id: &Self::Id,
        together: Together,
    ) -> impl Future<Output = Result<(), Rejected>> + Send;
}

#[derive(askama::Template)]
#[template(path = "admin/several.html")]
struct DeletePage {
    frame: Frame,
    shell: Shell,
    title: String,
    lost: Key,
    /// What each box is called, and each thing.
    things: Vec<(String, String)>,
    path: String,
    back: &'static str,
    csrf: String,
}

/// Why something was left as it is, as the address of the list has it, and what is said of it.
const LEFT: &[(&str, Key)] = &[
    (GONE, keys::console::SEVERAL_GONE),
    (FORBIDDEN, keys::console::SEVERAL_FORBIDDEN),
    (MANAGED, keys::console::SEVERAL_MANAGED),
    (USED, keys::console::SEVERAL_USED),
    (INCOMPLETE, keys::console::SEVERAL_INCOMPLETE),
    (OTHERWISE, keys::console::SEVERAL_LEFT),
];
const GONE: &str = "left-gone";
const FORBIDDEN: &str = "left-forbidden";
const MANAGED: &str = "left-managed";
const USED: &str = "left-used";
const INCOMPLETE: &str = "left-incomplete";
const OTHERWISE: &str = "left";

/// Which of these reasons a refusal is.
const fn reason(rejected: &Rejected) -> &'static str {
    match rejected {
        Rejected::NotFound(_) => GONE,
        Rejected::Forbidden(_) | Rejected::ProofNeeded | Rejected::Reserved => FORBIDDEN,
        Rejected::Managed(_) => MANAGED,
        Rejected::InUse(_) => USED,
        Rejected::Invalid(_) => INCOMPLETE,
        _ => OTHERWISE,
    }
}

/// The list, which says how many were changed, and how many were left for which reason.
fn told<L: Listed>(changed: usize, left: &BTreeMap<&'static str, usize>) -> String {
    let done = [("done", "several".to_owned()), ("n", changed.to_string())];
    let left = left.iter().map(|(reason, many)| (*reason, many.to_string()));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(done.into_iter().chain(left)).finish();
    format!("{}?{query}", L::LIST)
}

/// The hidden token of the form of a list.
pub(super) fn csrf<L: Listed>(context: &Context, administrator: &Administrator) -> String {
    administrator.csrf(context, &L::form())
}

/// Does what is pressed to everything that is picked. What it cannot be done to is passed over, and counted by the reason.
pub(super) async fn post<L: Listed>(context: &Context, form: &OwnForm<Administrator>) -> Result<Response, PageError> {
    form.owner.must(L::NEEDS)?;
    let together = Together::parse(form.params.get("do"), L::DOES).ok_or(ProblemKind::BadRequest)?;
    let picked = picked::<L>(&form.params);
    if together == Together::Delete && !picked.is_empty() && !form.params.names(SURE) {
        return ask::<L>(context, &form.owner, &picked).await;
    }
    confirmed(context, form, async |authority| {
        let mut left = BTreeMap::<&'static str, usize>::new();
        for (_, id) in &picked {
            match L::apply(context, authority, id, together).await {
                Ok(()) => {}
                Err(Rejected::Store(error)) => return Err(error.into()),
                Err(rejected) => *left.entry(reason(&rejected)).or_insert(0) += 1,
            }
        }
        let changed = picked.len() - left.values().sum::<usize>();
        Ok(context.go(&told::<L>(changed, &left)))
    })
    .await
}

/// What is picked: the name of each box, and what it is for.
fn picked<L: Listed>(params: &Params) -> Vec<(String, L::Id)> {
    let boxes = params.iter().filter_map(|(name, _)| Some((name.to_owned(), L::id(name.strip_prefix(PICKED)?)?)));
    boxes.take(MOST).collect()
}

/// The page that names what would be deleted.
async fn ask<L: Listed>(
    context: &Context,
    administrator: &Administrator,
    picked: &[(String, L::Id)],
) -> Result<Response, PageError> {
    let mut things = Vec::new();
    for (field, id) in picked {
        if let Some(name) = L::name(context, administrator, id).await? {
            things.push((field.clone(), name));
        }
    }
    let mut frame = Frame::of(context, context.locale.0);
    // What answers a form is not opened by its address: the language switch leads to the list.
    L::LIST.clone_into(&mut frame.here);
    let many = u64::try_from(things.len()).unwrap_or(u64::MAX);
    let title = frame.t.counted(keys::console::SEVERAL_DELETE, "n", many);
    let shown = DeletePage {
        shell: Shell::of(context, administrator, L::ROOM).further(L::LIST, title.clone()),
        title,
        lost: L::LOST,
        things,
        path: L::form(),
        back: L::LIST,
        csrf: csrf::<L>(context, administrator),
        frame,
    };
    Ok(page(&shown, &shown.frame))
}

/// What a list says that was opened with these parameters: what was done to several has its numbers there.
pub(super) fn said(done: &[Done], t: &Texts, params: &Params) -> Option<String> {
    if params.get("done") != Some("several") {
        return Done::said(done, t, params.get("done"));
    }
    let count = |name: &str| params.get(name).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    let done = t.counted(keys::console::SEVERAL_DONE, "n", count("n"));
    let left = LEFT.iter().map(|(reason, words)| (count(reason), *words)).filter(|(many, _)| *many > 0);
    let left = left.map(|(many, words)| t.counted(words, "n", many));
    Some(std::iter::once(done).chain(left).collect::<Vec<_>>().join(" "))
}
