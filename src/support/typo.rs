//! Which name was probably meant by one that there is not.

/// How many letters may be wrong in a name that is taken for another.
const MOST: usize = 2;

/// How many letters are wrong in `typed` where it is probably a misspelled `known`; `None` where it is not.
pub fn distance(typed: &str, known: &str) -> Option<usize> {
    Some(strsim::osa_distance(typed, known)).filter(|distance| *distance <= MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_letters_may_be_wrong() {
        for (typed, wrong) in
            [("contacts", Some(0)), ("contcts", Some(1)), ("cnotcts", Some(2)), ("contract", Some(2)), ("cts", None)]
        {
            assert_eq!(distance(typed, "contacts"), wrong, "{typed}");
        }
    }
}
