//! The schema of Haechi.
