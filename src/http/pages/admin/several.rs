//! The same for several things of a list at once: they are switched with one press, and deleted after a page that names them.
//!
//! Owns what is pressed, what is picked and what is said of it afterwards. What the things are, and what is done to one, each room says ([`Listed`]).

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

/// Where the form of a list goes.
fn path<L: Listed>() -> String {
    format!("{}/several", L::LIST)
}

/// The hidden token of the form of a list.
pub(super) fn csrf<L: Listed>(context: &Context, administrator: &Administrator) -> String {
    administrator.csrf(context, &path::<L>())
}

/// Does what is pressed to everything that is picked. What it cannot be done to is passed over, and counted.
pub(super) async fn post<L: Listed>(context: &Context, form: &OwnForm<Administrator>) -> Result<Response, PageError> {
    form.owner.must(L::NEEDS)?;
    let together = Together::parse(form.params.get("do"), L::DOES).ok_or(ProblemKind::BadRequest)?;
    let picked = picked::<L>(&form.params);
    if together == Together::Delete && !picked.is_empty() && !form.params.names(SURE) {
        return ask::<L>(context, &form.owner, &picked).await;
    }
    confirmed(context, form, async |authority| {
        let mut left = 0;
        for (_, id) in &picked {
            match L::apply(context, authority, id, together).await {
                Ok(()) => {}
                Err(Rejected::Store(error)) => return Err(error.into()),
                Err(_) => left += 1,
            }
        }
        Ok(context.go(&format!("{}?done=several&n={}&left={left}", L::LIST, picked.len() - left)))
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
        path: path::<L>(),
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
    Some(match count("left") {
        0 => done,
        left => format!("{done} {}", t.counted(keys::console::SEVERAL_LEFT, "n", left)),
    })
}
