//! Pages: what end-users and administrators see.
//!
//! Owns HTML and nothing else: a handler asks the flow, identity or administration, and shows what they say in the user's language. A page of a login never
//! links to another one: it records what the user did and returns to the dispatcher.

pub mod account;
pub mod admin;
mod answers;
pub mod api_reference;
pub mod assets;
mod attributes;
pub mod claim;
pub mod consent;
mod context;
pub mod forgot;
mod frame;
pub mod home;
mod kept_form;
pub mod language;
pub mod login;
pub mod login_by_mail;
pub mod login_by_passkey;
mod mailed_code;
mod message;
mod moments;
mod onward;
mod own_form;
mod passkey;
mod passkey_mark;
mod passkey_offer;
pub mod passkey_question;
mod prepared_ended;
pub mod preview;
mod previewed;
mod problems;
mod proof;
mod proven;
pub mod providers;
mod qr;
mod recovery_codes;
pub mod reset;
pub mod second_step;
pub mod second_step_by_mail;
mod section;
pub mod select_account;
pub mod signup;
pub mod signup_by_mail;
pub mod signup_by_passkey;
mod step_up;
mod style;
pub mod undo_address;
pub mod upstream;
pub mod verify_address;
mod view;
mod way;
mod work;

pub use admin::apps::trial::result_path as tried_path;
pub use answers::{LogoutPage, ProblemShown, confirm_logout, form_post, problem};
pub use message::{EndedWith, SignedOut, signed_out};
pub use own_form::{OwnForm, OwnUpload, Owner};
