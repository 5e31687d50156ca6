//! Pages of lists.

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The entries of this page.
    pub items: Vec<T>,
    /// Whether another page follows.
    pub more: bool,
}
