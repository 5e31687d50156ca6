//! `haechi branding`: how the pages of end-users present the service.

use clap::{Args, Subcommand};
use reqwest::Method;

use super::context::{Context, Desk, There};
use super::failure::{Failure, Outcome};
use super::picture::Picture;
use crate::admin::policy::{self, BrandingResource};

/// Where the API has it.
const PATH: &str = "/branding";

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum BrandingCommand {
    /// Show how the pages present the service. What is not named is as configured, or is not there.
    #[command(after_long_help = "Examples:\n  haechi branding show")]
    Show,
    /// Decide how the pages present the service: what is named. An empty text takes one away.
    ///
    /// A colour that cannot be read is refused, with the nearest shade that can be (WCAG 2.2, success criterion 1.4.3).
    #[command(after_long_help = "\
Examples:
  haechi branding set --product-name Books --text-in 'product_name#ko=책방'
  haechi branding set --accent-color '#123a7a'
  haechi branding set --tos-uri https://books.example/terms --policy-uri https://books.example/privacy
  haechi branding set --headline ''")]
    Set(BrandingForm),
    /// Show a picture beside the name of the service, which this server serves, or take it away.
    #[command(after_long_help = "Examples:\n  haechi branding logo logo.png\n  haechi branding logo --remove")]
    Logo(Picture),
    /// Take all of it away: the pages are as configured again.
    #[command(after_long_help = "Examples:\n  haechi branding reset")]
    Reset,
}

#[derive(Args, Debug)]
pub(super) struct BrandingForm {
    /// What the service is called.
    #[arg(long, value_name = "NAME")]
    product_name: Option<String>,
    /// The headline of the page where people sign in.
    #[arg(long, value_name = "TEXT")]
    headline: Option<String>,
    /// What is said to who signs in or up.
    #[arg(long, value_name = "TEXT")]
    welcome: Option<String>,
    /// One of these texts in one more language, as product_name#ko=책방; may be given several times.
    #[arg(long = "text-in", value_name = "MEMBER#TAG=TEXT", value_parser = text_in)]
    texts: Vec<(String, String)>,
    /// The colour of buttons and links on light pages, as #0f766e.
    #[arg(long, value_name = "COLOR")]
    accent_color: Option<String>,
    /// The same on dark pages; without it, it is the shade of the other that can be read there.
    #[arg(long, value_name = "COLOR")]
    accent_color_dark: Option<String>,
    /// The terms of service: an https URL.
    #[arg(long, value_name = "URL")]
    tos_uri: Option<String>,
    /// The privacy policy: an https URL.
    #[arg(long, value_name = "URL")]
    policy_uri: Option<String>,
    /// Where people ask for help: an https URL.
    #[arg(long, value_name = "URL")]
    support_uri: Option<String>,
}

/// A member of the document and its text.
fn text_in(text: &str) -> Result<(String, String), String> {
    let (member, text) =
        text.split_once('=').ok_or("must be a text's name, a language tag and the text, as headline#ko=어서 오세요")?;
    let known = member.split_once('#').is_some_and(|(name, _)| BrandingResource::IN_LANGUAGES.contains(&name));
    if known { Ok((member.to_owned(), text.to_owned())) } else { Err(format!("there is no {member}")) }
}

impl BrandingCommand {
    /// Does as told.
    pub(super) async fn run(self, desk: &mut Desk) -> Outcome {
        let done = self.done();
        let shown = match desk {
            Desk::Here(context) => self.here(context).await?,
            Desk::There(there) => self.there(there).await?,
        };
        match done {
            Some(sentence) => desk.output().tell(sentence, &shown),
            None => desk.output().json(&shown),
        }
    }

    /// What is said afterwards; `None` where it is shown.
    const fn done(&self) -> Option<&'static str> {
        match self {
            Self::Show => None,
            Self::Set(_) => Some("The looks of the pages are changed: `haechi branding show` has them."),
            Self::Logo(picture) if picture.is_removed() => Some("The service has no logo any more."),
            Self::Logo(_) => Some("The service has a new logo."),
            Self::Reset => Some("The pages are as configured again."),
        }
    }

    async fn here(self, context: &Context) -> Outcome<BrandingResource> {
        let (admin, authority) = (&context.app.admin, &context.authority);
        let policy = match self {
            Self::Show => policy::find(admin, authority).await?,
            Self::Set(form) => policy::set_branding(admin, authority, (), &form.document()).await?,
            Self::Logo(picture) => match picture.read()? {
                Some(picture) => policy::set_logo(admin, authority, (), &picture).await?,
                None => policy::remove_logo(admin, authority, ()).await?,
            },
            Self::Reset => {
                let was = BrandingResource::of(&policy::find(admin, authority).await?);
                policy::set_branding(admin, authority, (), &was.taken_away()).await?
            }
        };
        Ok(BrandingResource::of(&policy).at(&context.app.issuer))
    }

    async fn there(self, there: &mut There) -> Outcome<BrandingResource> {
        match self {
            Self::Show => there.api.get(PATH).await,
            Self::Set(form) => decide_there(there, &form.document()).await,
            Self::Logo(picture) => {
                picture.put(there, &format!("{PATH}/logo")).await?;
                there.api.get(PATH).await
            }
            Self::Reset => {
                let was: BrandingResource = there.api.get(PATH).await?;
                decide_there(there, &was.taken_away()).await
            }
        }
    }
}

async fn decide_there(there: &mut There, document: &BrandingResource) -> Outcome<BrandingResource> {
    let patch = serde_json::to_value(document).map_err(Failure::of)?;
    there.api.send(Method::PATCH, PATH, Some(&patch)).await
}

impl BrandingForm {
    fn document(self) -> BrandingResource {
        BrandingResource {
            product_name: self.product_name,
            headline: self.headline,
            welcome: self.welcome,
            accent_color: self.accent_color,
            accent_color_dark: self.accent_color_dark,
            tos_uri: self.tos_uri,
            policy_uri: self.policy_uri,
            support_uri: self.support_uri,
            logo_uri: None,
            managed_by: None,
            version: None,
            texts: self.texts.into_iter().collect(),
        }
    }
}
