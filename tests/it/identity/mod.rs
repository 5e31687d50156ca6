//! People and their own accounts.

mod change_password;
mod profile;
mod sign_in;
mod sign_up;
