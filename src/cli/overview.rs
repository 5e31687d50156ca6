//! `haechi overview`: what needs attention, and how the server was used within the last two weeks.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::context::{Context, Desk, There};
use super::failure::Outcome;
use super::output::Style;
use crate::admin::attention::{self, Attention};
use crate::admin::counts::{self, Series, Stretch};
use crate::model::count::Resolution;

/// Show what needs attention, and how the server was used within the last two weeks: what the console's first page shows.
#[derive(Args, Debug)]
#[command(after_long_help = "Examples:\n  haechi overview\n  haechi overview --json")]
pub(super) struct Overview;

/// How often one thing happened.
#[derive(Serialize, Deserialize)]
struct Total {
    what: String,
    total: u64,
}

/// What is shown.
#[derive(Serialize)]
struct Shown {
    attention: Vec<Attention>,
    logins: Vec<Total>,
    tokens: Vec<Total>,
    refusals: Vec<Total>,
    throttled: Vec<Total>,
}

impl Overview {
    /// Does as told.
    pub(super) async fn run(desk: &mut Desk) -> Outcome {
        let shown = match desk {
            Desk::Here(context) => look(context).await?,
            Desk::There(there) => look_there(there).await?,
        };
        let output = desk.output();
        if output.is_json() {
            return output.json(&shown);
        }
        let heading = output.styled(Style::Bold, "What needs attention");
        output.raw(&format!("{heading}\n"))?;
        let rows: Vec<_> = shown.attention.iter().map(row).collect();
        if rows.is_empty() {
            output.line("Nothing needs you.")?;
        } else {
            output.table(&["WHAT", "OF", "HOW MANY"], &rows)?;
        }
        for (name, totals) in [
            ("Logins", &shown.logins),
            ("Token responses", &shown.tokens),
            ("Refused requests", &shown.refusals),
            ("Tried too often", &shown.throttled),
        ] {
            output.line("")?;
            let heading = output.styled(Style::Bold, name);
            output.raw(&format!("{heading}\n"))?;
            let rows: Vec<_> = totals.iter().map(|one| vec![one.what.clone(), one.total.to_string()]).collect();
            if rows.is_empty() { output.line("None.")? } else { output.table(&["WHAT", "HOW MANY"], &rows)? }
        }
        Ok(())
    }
}

async fn look(context: &Context) -> Outcome<Shown> {
    let (admin, by) = (&context.app.admin, &context.authority);
    let stretch = Stretch::shown(Resolution::Day, context.app.clock.now());
    let totals = |series: Vec<Series>| -> Vec<Total> {
        series.iter().map(|one| Total { what: one.what.label(), total: one.total() }).collect()
    };
    Ok(Shown {
        attention: attention::list(admin, by, &context.app.config).await?,
        logins: totals(counts::logins(admin, by, stretch).await?),
        tokens: totals(counts::tokens(admin, by, stretch).await?),
        refusals: totals(counts::refusals(admin, by, stretch).await?),
        throttled: totals(counts::throttled(admin, by, stretch).await?),
    })
}

/// The same of a server elsewhere.
async fn look_there(there: &mut There) -> Outcome<Shown> {
    Ok(Shown {
        attention: there.api.whole("/attention").await?,
        logins: totals_there(there, "logins").await?,
        tokens: totals_there(there, "tokens").await?,
        refusals: totals_there(there, "refusals").await?,
        throttled: totals_there(there, "throttled").await?,
    })
}

/// How often things happened, without the days on which they did.
async fn totals_there(there: &mut There, counted: &str) -> Outcome<Vec<Total>> {
    there.api.whole(&format!("/counts/{counted}?fields=what,total")).await
}

fn row(one: &Attention) -> Vec<String> {
    let of = one.name.clone().or_else(|| one.id.clone()).unwrap_or_default();
    vec![one.about.as_str().to_owned(), of, one.count.map(|count| count.to_string()).unwrap_or_default()]
}
