//! People and their own accounts.

mod change_password;
mod deletion;
mod new_password;
mod passkey_attestation;
mod passkey_enrolment;
mod passkey_hardware;
mod passkey_offer;
mod passkey_policy;
mod passkey_second_step;
mod passkey_sign_up;
mod passkeys;
mod passkeys_nowhere;
mod personal_data;
mod profile;
mod sign_in;
mod sign_up;
