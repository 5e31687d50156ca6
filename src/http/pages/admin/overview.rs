//! What the overview shows of how the server is used and how it is: charts of what was counted, and the health of what it stands on. Each
//! administrator sees what they may.

use super::super::context::Context;
use super::Administrator;
use super::attention;
use super::charts::{Chart, Counted as Bars, share};
use super::logins::{self, MethodRow};
use crate::admin::counts::{self, Series, Stretch};
use crate::admin::{Permission, Rejected, clients, connections};
use crate::http::standing::{Standing, Standings};
use crate::i18n::{Key, Texts, keys};
use crate::model::client::ClientId;
use crate::model::count::{Counted, LoginOutcome, Resolution};
use crate::model::refusal::Weight;
use crate::protocol::Params;
use crate::support::Timestamp;

/// The apps that are shown by name.
const APPS: usize = 6;

/// How the server is used, and how it is.
pub(super) struct Overview {
    /// By the hour, and not by the day.
    pub(super) by_hour: bool,
    pub(super) attention: Vec<attention::Row>,
    pub(super) charts: Vec<Chart>,
    /// `None` for who may not see the people.
    pub(super) methods: Option<Vec<MethodRow>>,
    /// `None` for who may not see the apps.
    pub(super) apps: Option<Vec<AppRow>>,
    pub(super) health: Vec<Health>,
}

/// How many token responses an app had.
pub(super) struct AppRow {
    /// `None` for those that are not counted one by one.
    pub(super) client: Option<ClientId>,
    /// What it is called; `None` where it is no more.
    pub(super) name: Option<String>,
    pub(super) count: u64,
    /// Of the most, in percent.
    pub(super) share: f64,
}

/// Something that the server stands on.
pub(super) struct Health {
    pub(super) name: Key,
    pub(super) state: Standing,
}

impl Standing {
    pub(super) const fn text(self) -> Key {
        match self {
            Self::Good => keys::overview::GOOD,
            Self::Bad => keys::overview::BAD,
            Self::Attention => keys::overview::ATTENTION,
            Self::Absent => keys::overview::ABSENT,
        }
    }

    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Good => "",
            Self::Bad | Self::Attention => " bad",
            Self::Absent => " off",
        }
    }
}

impl Overview {
    pub(super) async fn of(
        context: &Context,
        administrator: &Administrator,
        params: &Params,
        t: &Texts,
    ) -> Result<Self, Rejected> {
        let by_hour = params.get("by") == Some("hour");
        let resolution = if by_hour { Resolution::Hour } else { Resolution::Day };
        let stretch = Stretch::shown(resolution, context.app.clock.now());
        // For who looks after the server: an app manager, who sees the keys that apps are signed for with, can mend nothing of it.
        let looks_after = administrator.may(Permission::ReadKeys) && administrator.may(Permission::ReadSettings);
        let health = if looks_after { health(context).await } else { Vec::new() };
        let logins = logins(context, administrator, stretch).await?;
        Ok(Self {
            by_hour,
            attention: attention::rows(context, administrator, t).await?,
            charts: charts(context, administrator, (stretch, logins.as_deref()), t).await?,
            methods: methods(context, administrator, logins.as_deref(), t).await?,
            apps: apps(context, administrator, stretch).await?,
            health,
        })
    }
}

/// Logins by method and outcome; `None` for who may not see the people.
async fn logins(
    context: &Context,
    administrator: &Administrator,
    stretch: Stretch,
) -> Result<Option<Vec<Series>>, Rejected> {
    if !administrator.may(Permission::ReadUsers) {
        return Ok(None);
    }
    Ok(Some(counts::logins(&context.app.admin, &administrator.authority, stretch).await?))
}

/// The same, method by method. Who may not see the connections sees them as one.
async fn methods(
    context: &Context,
    administrator: &Administrator,
    logins: Option<&[Series]>,
    t: &Texts,
) -> Result<Option<Vec<MethodRow>>, Rejected> {
    let Some(logins) = logins else { return Ok(None) };
    let connections = if administrator.may(Permission::ReadConnections) {
        connections::list(&context.app.admin, &administrator.authority).await?
    } else {
        Vec::new()
    };
    Ok(Some(logins::by_method(logins, &connections, t)))
}

async fn charts(
    context: &Context,
    administrator: &Administrator,
    (stretch, logins): (Stretch, Option<&[Series]>),
    t: &Texts,
) -> Result<Vec<Chart>, Rejected> {
    let (admin, authority) = (&context.app.admin, &administrator.authority);
    let places: Vec<String> = stretch.begins().into_iter().map(|at| named(at, stretch.resolution())).collect();
    let bars = |name: Key, points| Bars { name: t.get(name), points };
    let (mut charts, mut refused) = (Vec::new(), Vec::new());
    if let Some(logins) = logins {
        let ending = |wanted| {
            let ends = |series: &&Series| matches!(series.what, Counted::Login(_, outcome) if outcome == wanted);
            sum(logins.iter().filter(ends), places.len())
        };
        let series = vec![
            bars(keys::overview::SIGNED_IN, ending(LoginOutcome::SignedIn)),
            bars(keys::overview::FAILED, ending(LoginOutcome::Failed)),
        ];
        charts.push(Chart::new("logins", t.get(keys::overview::LOGINS), places.clone(), series));
        if stretch.resolution() == Resolution::Day {
            let active = counts::active_people(admin, authority, places.len()).await?;
            let series = vec![bars(keys::overview::ACTIVE, active.into_iter().map(|(_, people)| people).collect())];
            charts.push(Chart::new("active", t.get(keys::overview::ACTIVE), places.clone(), series));
        }
        let throttled = counts::throttled(admin, authority, stretch).await?;
        refused.push(bars(keys::overview::THROTTLED, sum(throttled.iter(), places.len())));
    }
    if administrator.may(Permission::ReadClients) {
        let refusals = counts::refusals(admin, authority, stretch).await?;
        // What happens in a setup that is in order, such as an address that there is not, is no news.
        let problem =
            |series: &&Series| matches!(series.what, Counted::Refusal(why) if why.weight() == Weight::Problem);
        refused.insert(0, bars(keys::overview::REFUSED, sum(refusals.iter().filter(problem), places.len())));
    }
    if !refused.is_empty() {
        charts.push(Chart::new("refused", t.get(keys::overview::REFUSALS), places, refused));
    }
    Ok(charts)
}

/// Token responses by app, those of the most used ones.
async fn apps(
    context: &Context,
    administrator: &Administrator,
    stretch: Stretch,
) -> Result<Option<Vec<AppRow>>, Rejected> {
    if !administrator.may(Permission::ReadClients) {
        return Ok(None);
    }
    let tokens = counts::tokens(&context.app.admin, &administrator.authority, stretch).await?;
    let mut by_app: Vec<(&Option<ClientId>, u64)> = Vec::new();
    for series in &tokens {
        let Counted::Tokens(_, client) = &series.what else { continue };
        match by_app.iter_mut().find(|(known, _)| *known == client) {
            Some((_, count)) => *count += series.total(),
            None => by_app.push((client, series.total())),
        }
    }
    by_app.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let most = by_app.first().map_or(0, |(_, count)| *count);
    let mut rows = Vec::new();
    for (client, count) in by_app.into_iter().take(APPS) {
        let name = name_of(context, administrator, client.as_ref()).await?;
        rows.push(AppRow { client: client.clone(), name, count, share: share(count, most) });
    }
    Ok(Some(rows))
}

async fn name_of(
    context: &Context,
    administrator: &Administrator,
    client: Option<&ClientId>,
) -> Result<Option<String>, Rejected> {
    let Some(id) = client else { return Ok(None) };
    let found = clients::find(&context.app.admin, &administrator.authority, id).await?;
    Ok(found.map(|client| client.presentation.name))
}

/// How often several things happened together.
fn sum<'a>(series: impl Iterator<Item = &'a Series>, places: usize) -> Vec<u64> {
    series.fold(vec![0; places], |mut sum, series| {
        sum.iter_mut().zip(&series.points).for_each(|(sum, point)| *sum += point);
        sum
    })
}

/// What a span is called: `03-01`, or `03-01 09:00`.
fn named(at: Timestamp, resolution: Resolution) -> String {
    let text: String = at.to_string().replace('T', " ");
    let end = match resolution {
        Resolution::Hour => 16,
        Resolution::Day => 10,
    };
    text.chars().take(end).skip(5).collect()
}

async fn health(context: &Context) -> Vec<Health> {
    let Standings { database, redis, guessing, keys: signing, mail } = Standings::of(&context.app).await;
    vec![
        Health { name: keys::overview::DATABASE, state: database },
        Health { name: keys::overview::REDIS, state: redis },
        Health { name: keys::overview::GUESSING, state: guessing },
        Health { name: keys::overview::KEYS, state: signing },
        Health { name: keys::overview::MAIL, state: mail },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_called_by_its_day_or_its_hour() {
        let at = Timestamp::from_seconds(1_772_323_200 + 9 * 3600);
        assert_eq!((named(at, Resolution::Day), named(at, Resolution::Hour)), ("03-01".into(), "03-01 09:00".into()));
    }
}
