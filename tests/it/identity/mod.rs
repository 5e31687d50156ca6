//! People and their own accounts.

mod change_password;
mod deletion;
mod new_password;
mod passkeys;
mod personal_data;
mod profile;
mod sign_in;
mod sign_up;
