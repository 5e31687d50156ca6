//! `haechi sign-in`: how end-users sign up and in.

use clap::{Args, Subcommand};
use reqwest::Method;
use serde_json::Value;

use super::context::Desk;
use super::failure::{Failure, Outcome};
use super::possible::one_of;
use crate::admin::policy::{self, SignInResource};
use crate::model::policy::{FactorPolicy, SignUpMode, Verification};

/// Where the API has it.
const PATH: &str = "/sign-in";

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum SignInCommand {
    /// Show what is decided about signing up and in. What is not named is as configured.
    #[command(after_long_help = "Examples:\n  haechi sign-in show")]
    Show,
    /// Decide about signing up and in: what is named. It holds at once on every node, for sessions of before too.
    ///
    /// What is configured is the limit: a decision can be stricter, and never laxer.
    #[command(after_long_help = "\
Examples:
  haechi sign-in set --sign-up domains --sign-up-domain example.com
  haechi sign-in set --password-min-chars 15 --sessions-per-account 5
  haechi sign-in set --session-idle-hours 0
  haechi sign-in set --second-factor required --trust-browser-days 0")]
    Set(SignInForm),
}

#[derive(Args, Debug)]
pub(super) struct SignInForm {
    /// Who may make an account: open, domains or closed.
    #[arg(long, value_name = "WHO", value_parser = one_of::<SignUpMode>(), hide_possible_values = true)]
    sign_up: Option<SignUpMode>,
    /// A domain of e-mail addresses that accounts are made with; repeat it for more. Those of before are replaced.
    #[arg(long, value_name = "DOMAIN")]
    sign_up_domain: Vec<String>,
    /// Whether accounts sign in by password: true or false.
    #[arg(long, value_name = "BOOL")]
    password_sign_in: Option<bool>,
    /// Whether accounts sign in by passkey: true or false.
    #[arg(long, value_name = "BOOL")]
    passkey_sign_in: Option<bool>,
    /// Switch passkeys off although accounts have nothing else to sign in by.
    #[arg(long)]
    passkey_only_confirmed: bool,
    /// The fewest characters of a new password; 0 for as many as configured.
    #[arg(long, value_name = "CHARS")]
    password_min_chars: Option<u16>,
    /// Hours after which an unused session ends; 0 for as many as configured.
    #[arg(long, value_name = "HOURS")]
    session_idle_hours: Option<u32>,
    /// Hours after which a session ends even if it is used; 0 for as many as configured.
    #[arg(long, value_name = "HOURS")]
    session_absolute_hours: Option<u32>,
    /// Whether the login page asks if the browser is to stay signed in: true or false.
    #[arg(long, value_name = "BOOL")]
    remember_me: Option<bool>,
    /// The most sessions of an account at once; 0 for no limit.
    #[arg(long, value_name = "COUNT")]
    sessions_per_account: Option<u16>,
    /// Whether accounts have second factors: off, offered or required.
    #[arg(long, value_name = "POLICY", value_parser = one_of::<FactorPolicy>(), hide_possible_values = true)]
    second_factor: Option<FactorPolicy>,
    /// The same of accounts that administer the server; what is configured is the least.
    #[arg(long, value_name = "POLICY", value_parser = one_of::<FactorPolicy>(), hide_possible_values = true)]
    administrators_second_factor: Option<FactorPolicy>,
    /// For how many days an account may trust a browser to go without its second factor; 0 for never.
    #[arg(long, value_name = "DAYS")]
    trust_browser_days: Option<u16>,
    /// When people have to confirm their e-mail address: `not_asked`, `before_login` or `when_asked_for`.
    #[arg(long, value_name = "WHEN", value_parser = one_of::<Verification>(), hide_possible_values = true)]
    email_verification: Option<Verification>,
    /// Whether people can have a link and a code mailed to sign in by: true or false.
    #[arg(long, value_name = "BOOL")]
    email_sign_in: Option<bool>,
    /// Whether a mailed code is taken where an account needs a second factor and has none: true or false.
    #[arg(long, value_name = "BOOL")]
    email_code: Option<bool>,
}

impl SignInCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let shown = match desk {
            Desk::Here(context) => {
                let (admin, authority) = (&context.app.admin, &context.authority);
                SignInResource::of(&match self {
                    Self::Show => policy::find(admin, authority).await?,
                    Self::Set(form) => policy::set_sign_in(admin, authority, (), &form.document()).await?,
                })
            }
            Desk::There(there) => match self {
                Self::Show => there.api.get(PATH).await?,
                Self::Set(form) => there.api.send(Method::PATCH, PATH, Some(&form.patch()?)).await?,
            },
        };
        desk.output().json(&shown)
    }
}

impl SignInForm {
    /// It as it is sent, with what the document never shows.
    fn patch(self) -> Outcome<Value> {
        let confirmed = self.passkey_only_confirmed;
        let mut patch = serde_json::to_value(self.document()).map_err(Failure::of)?;
        if confirmed {
            patch["passkey_only_confirmed"] = true.into();
        }
        Ok(patch)
    }

    fn document(self) -> SignInResource {
        SignInResource {
            sign_up: self.sign_up,
            sign_up_domains: (!self.sign_up_domain.is_empty()).then_some(self.sign_up_domain),
            password_sign_in: self.password_sign_in,
            passkey_sign_in: self.passkey_sign_in,
            passkey_only_confirmed: self.passkey_only_confirmed.then_some(true),
            password_min_chars: self.password_min_chars,
            session_idle_hours: self.session_idle_hours,
            session_absolute_hours: self.session_absolute_hours,
            remember_me: self.remember_me,
            sessions_per_account: self.sessions_per_account,
            second_factor: self.second_factor,
            administrators_second_factor: self.administrators_second_factor,
            trust_browser_days: self.trust_browser_days,
            email_verification: self.email_verification,
            email_sign_in: self.email_sign_in,
            email_code: self.email_code,
            managed_by: None,
            version: None,
        }
    }
}
