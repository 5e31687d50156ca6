//! What was refused lately, grouped, in plain words, with the command that mends it.
//!
//! Owns what an administrator is told about a [`Refusal`]; the command line prints it, and a console can show the same. Leaves why a request
//! is refused to those who refuse it, and keeping that to `refusals`.

use serde::Serialize;

use super::{Administration, Authority, Permission, Rejected};
use crate::model::{NotedRefusal, Refusal};
use crate::support::Timestamp;
use crate::support::clock::rfc3339;

mod words;

/// How many refusals are looked at.
pub const LATEST: u32 = 100;

/// Refusals that say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Why, which client, and what was compared.
    #[serde(flatten)]
    pub refusal: Refusal,
    /// Whether there is a client of this id.
    pub registered: bool,
    /// The endpoint that refused.
    pub endpoint: String,
    /// What happened, in a sentence.
    pub text: String,
    /// What mends it: a command, or what to change in the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
    /// How often it was noted. What came faster than the log takes is not counted.
    pub count: u32,
    /// When it was noted first, of the last hundred.
    #[serde(serialize_with = "rfc3339")]
    pub first_at: Timestamp,
    /// When it was noted last.
    #[serde(serialize_with = "rfc3339")]
    pub last_at: Timestamp,
    /// The id of the last request: what its page or answer said, and the log says.
    pub last_request_id: String,
}

/// The last refusals of a client, or of all clients and of callers that name none: grouped, the latest first.
pub async fn list(
    admin: &Administration,
    authority: &Authority,
    client: Option<&str>,
) -> Result<Vec<Problem>, Rejected> {
    authority.require(Permission::ReadClients)?;
    Ok(grouped(admin.stores().refusals.list(client, LATEST).await?))
}

/// Groups refusals that came the latest first.
fn grouped(refusals: Vec<NotedRefusal>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for noted in refusals {
        let same = |problem: &&mut Problem| problem.refusal == noted.refusal && problem.endpoint == noted.endpoint;
        match problems.iter_mut().find(same) {
            Some(problem) => {
                problem.count += 1;
                problem.first_at = noted.at;
            }
            None => problems.push(Problem::of(noted)),
        }
    }
    problems
}

impl Problem {
    fn of(noted: NotedRefusal) -> Self {
        let NotedRefusal { at, request, endpoint, registered, refusal, .. } = noted;
        let (text, mend) = (words::text(&refusal), words::mend(&refusal, registered));
        Self {
            refusal,
            registered,
            endpoint,
            text,
            mend,
            count: 1,
            first_at: at,
            last_at: at,
            last_request_id: request,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::refusal::Reason;
    use crate::support::SeededRandom;
    use crate::support::id::RefusalId;

    fn noted(second: i64, sent: &str) -> NotedRefusal {
        let at = Timestamp::from_seconds(second);
        NotedRefusal {
            id: RefusalId::new(at, &SeededRandom::new(1)),
            at,
            request: format!("r-{second}"),
            endpoint: "/authorize".to_owned(),
            registered: true,
            refusal: Refusal::new(Reason::RedirectUriMismatch).at("redirect_uri", Some(sent)),
        }
    }

    #[test]
    fn what_says_the_same_is_one_problem_with_its_last_request() {
        let problems = grouped(vec![noted(9, "a"), noted(7, "b"), noted(5, "a")]);
        let shown: Vec<_> =
            problems.iter().map(|p| (p.refusal.sent.as_deref(), p.count, p.last_at.seconds())).collect();
        assert_eq!(shown, [(Some("a"), 2, 9), (Some("b"), 1, 7)]);
        assert_eq!((problems[0].first_at.seconds(), problems[0].last_request_id.as_str()), (5, "r-9"));
    }
}
