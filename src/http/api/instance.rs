//! The server itself: its settings, whether its setup is in order, how it is used, what it stands on, and what it can be connected to.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::{self, Answered};
use super::problem::ApiProblem;
use super::request::Reading;
use crate::admin::connections::PresetView;
use crate::admin::counts::{self, Series, Stretch};
use crate::admin::production::{self, Missing};
use crate::admin::settings::{self, Setting};
use crate::admin::{attention, recipes};
use crate::config::origins::Origin;
use crate::doctor;
use crate::http::standing::Standings;
use crate::support::Timestamp;
use crate::upstream::presets;

/// A setting, without what is secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SettingView<'a> {
    /// The section of the file that it is in.
    section: &'a str,
    /// Where it is: `server.issuer`.
    path: &'a str,
    /// The variable of the environment that sets it.
    variable: &'a str,
    /// What it is for.
    doc: &'a str,
    /// Its value; of a secret, that there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// What it is where nothing sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Value>,
    /// What set it: `default`, `file` or `environment`.
    set_by: &'static str,
    /// The file or the variable that did.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_in: Option<&'a str>,
}

impl<'a> SettingView<'a> {
    fn of(section: &'a str, setting: &'a Setting) -> Self {
        let (set_by, set_in) = match &setting.origin {
            Origin::Default => ("default", None),
            Origin::File(path) => ("file", Some(path.as_str())),
            Origin::Variable(name) => ("environment", Some(name.as_str())),
        };
        let json = |value: &toml::Value| serde_json::to_value(value).ok();
        Self {
            section,
            path: &setting.path,
            variable: &setting.variable,
            doc: setting.doc,
            value: setting.value.as_ref().and_then(json),
            default: setting.default.as_ref().and_then(json),
            set_by,
            set_in,
        }
    }
}

pub(super) async fn settings(reading: Reading) -> Answered {
    let app = &reading.app;
    let sections = settings::list(&reading.by, &app.config, app.origins())?;
    let views: Vec<SettingView<'_>> = sections
        .iter()
        .flat_map(|section| section.settings.iter().map(|setting| SettingView::of(section.name, setting)))
        .collect();
    answer::whole(&reading, &views)
}

/// What this server lacks for being used in earnest, and the settings that say so. No secret is in them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductionView {
    /// What is missing, in the order in which it is best mended.
    missing: Vec<Missing>,
    /// A file of settings.
    toml: String,
    /// Values for the Helm chart.
    helm_values: String,
}

pub(super) async fn production(reading: Reading) -> Answered {
    let (by, config) = (&reading.by, &reading.app.config);
    let view = ProductionView {
        missing: production::missing(by, config)?,
        toml: production::toml(by, config)?,
        helm_values: production::helm_values(by, config)?,
    };
    answer::unversioned(&reading, &view)
}

/// What `haechi doctor` says of the running server. Who may see the settings may.
pub(super) async fn checks(reading: Reading) -> Answered {
    let findings = doctor::of_running(&reading.app).await;
    answer::whole(&reading, &findings)
}

/// Who may see the keys may see what the server stands on besides.
pub(super) async fn standing(reading: Reading) -> Answered {
    let standings = Standings::of(&reading.app).await;
    answer::unversioned(&reading, &standings)
}

pub(super) async fn attention(reading: Reading) -> Answered {
    let found = attention::list(&reading.app.admin, &reading.by, &reading.app.config).await?;
    answer::whole(&reading, &found)
}

/// How often something was counted within a span of time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CountView {
    /// When the span began, as RFC 3339 writes it.
    begins_at: String,
    /// How often.
    count: u64,
}

impl CountView {
    fn of((begins_at, count): (Timestamp, u64)) -> Self {
        Self { begins_at: begins_at.to_string(), count }
    }
}

/// How often one thing happened, span by span.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SeriesView {
    /// What: the method and the outcome of a login (`password signed_in`; a provider is named by the id of its connection), the grant type and the client of
    /// a token response, the reason of a refusal, or what was tried too often.
    what: String,
    /// How often in all.
    total: u64,
    /// How often within each span, the oldest first.
    spans: Vec<CountView>,
}

impl SeriesView {
    fn of(series: &Series, stretch: Stretch) -> Self {
        let spans = stretch.begins().into_iter().zip(series.points.iter().copied()).map(CountView::of).collect();
        Self { what: series.what.label(), total: series.total(), spans }
    }
}

fn stretch(reading: &Reading) -> Stretch {
    Stretch::shown(reading.query.resolution(), reading.app.clock.now())
}

fn series(reading: &Reading, stretch: Stretch, found: &[Series]) -> Answered {
    answer::whole(reading, &found.iter().map(|series| SeriesView::of(series, stretch)).collect::<Vec<_>>())
}

pub(super) async fn logins(reading: Reading) -> Answered {
    let stretch = stretch(&reading);
    series(&reading, stretch, &counts::logins(&reading.app.admin, &reading.by, stretch).await?)
}

pub(super) async fn throttled(reading: Reading) -> Answered {
    let stretch = stretch(&reading);
    series(&reading, stretch, &counts::throttled(&reading.app.admin, &reading.by, stretch).await?)
}

pub(super) async fn tokens(reading: Reading) -> Answered {
    let stretch = stretch(&reading);
    series(&reading, stretch, &counts::tokens(&reading.app.admin, &reading.by, stretch).await?)
}

pub(super) async fn refusals(reading: Reading) -> Answered {
    let stretch = stretch(&reading);
    series(&reading, stretch, &counts::refusals(&reading.app.admin, &reading.by, stretch).await?)
}

pub(super) async fn active_people(reading: Reading) -> Answered {
    let days = counts::active_people(&reading.app.admin, &reading.by, counts::DAYS).await?;
    answer::whole(&reading, &days.into_iter().map(CountView::of).collect::<Vec<_>>())
}

/// Part of the program, and no secret: who may see connections may see what they are made of.
pub(super) async fn presets(reading: Reading) -> Answered {
    let views: Vec<PresetView> = presets::ALL.iter().map(|preset| PresetView::from(*preset)).collect();
    answer::whole(&reading, &views)
}

/// Likewise for apps.
pub(super) async fn recipes(reading: Reading) -> Answered {
    let all = recipes::all().map_err(|error| ApiProblem::internal(&error))?;
    answer::whole(&reading, &all)
}
