//! What a document was said in, and what is wrong with it in those words.

use std::path::Path;

use super::kind::Kind;
use crate::admin::{FieldError, FieldProblem, Rejected};
use crate::cli::failure::{Failure, Problem};

/// What a document was said in, which is what its problems are named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Said {
    InOptions,
    InADocument,
}

impl Said {
    pub(super) const fn of(file: Option<&Path>) -> Self {
        if file.is_some() { Self::InADocument } else { Self::InOptions }
    }

    /// The failure that a refusal is, in the operator's own words.
    pub(in crate::cli) fn refused<K: Kind>(self, rejected: Rejected) -> Failure {
        match rejected {
            Rejected::Invalid(problems) => {
                Failure::invalid(problems.iter().map(|problem| self.problem::<K>(problem)).collect())
            }
            other => other.into(),
        }
    }

    /// The same where a server elsewhere refused: it names fields by their place in the document.
    pub(in crate::cli) fn refused_there<K: Kind>(self, failure: Failure) -> Failure {
        failure.in_words(|problem| {
            let Some(pointer) = problem.pointer.clone() else { return problem };
            let field = pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
            let (name, option, _) = self.name::<K>(&field);
            let why = problem.detail.strip_prefix(&format!("{field}: ")).unwrap_or(&problem.detail);
            Problem { detail: format!("{name}: {why}"), option, ..problem }
        })
    }

    /// What a field is called where it was said, the option that says it, and what would be right for it.
    fn name<K: Kind>(self, field: &str) -> (String, Option<&'static str>, Option<&'static str>) {
        let whole = field.split_inclusive('#').next().and_then(|it| it.split('.').next()).unwrap_or(field);
        let argument = K::ARGUMENTS.iter().find(|(name, ..)| *name == whole);
        let option = argument.map(|(_, option, _)| *option).filter(|_| self == Self::InOptions);
        let name = match option {
            Some(option) if whole == field => option.to_owned(),
            Some(option) => format!("{option} ({field})"),
            None => field.to_owned(),
        };
        (name, option, argument.map(|(_, _, example)| *example))
    }

    fn problem<K: Kind>(self, problem: &FieldProblem) -> Problem {
        let FieldProblem { field, value, error } = problem;
        let (name, option, example) = self.name::<K>(field);
        let example = example.filter(|_| is_of_shape(error));
        let example_text = example.map_or_else(String::new, |example| format!("; for example {example}"));
        let value = value.as_ref().map_or_else(String::new, |value| format!("{value:?} "));
        let detail = format!("{name}: {value}{error}{example_text}");
        Problem { option, detail, example, ..Problem::from(problem) }
    }
}

/// Whether another text in its place would be right, so that an example helps.
const fn is_of_shape(error: &FieldError) -> bool {
    use FieldError::{
        Domain, Email, Line, Locale, Missing, NotATenant, NotAUrl, NotAnIssuer, NotHttps, RedirectUri, Resource, Scope,
        Slug,
    };
    matches!(
        error,
        Domain
            | Email
            | Line(_)
            | Locale
            | Missing
            | NotATenant
            | NotAUrl
            | NotAnIssuer
            | NotHttps
            | RedirectUri(..)
            | Resource(_)
            | Scope(_)
            | Slug
    )
}
