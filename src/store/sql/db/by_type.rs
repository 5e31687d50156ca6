//! Sorting what waits by its type.

use std::any::TypeId;

/// What is of one type: the first that came, and the others.
pub(crate) type Group<T> = (T, Vec<T>);

/// Items by their type, in the order in which each type first came.
pub(crate) fn by_type<T>(items: impl Iterator<Item = T>, type_of: impl Fn(&T) -> TypeId) -> Vec<Group<T>> {
    // There are few types, so that going through them costs less than hashing.
    let mut groups: Vec<(TypeId, Group<T>)> = Vec::new();
    for item in items {
        let its_type = type_of(&item);
        match groups.iter_mut().find(|(known, _)| *known == its_type) {
            Some((_, (_, others))) => others.push(item),
            None => groups.push((its_type, (item, Vec::new()))),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_a_group_in_the_order_it_came() {
        let types = [TypeId::of::<u8>(), TypeId::of::<u16>()];
        let groups = by_type([(0, 'a'), (1, 'b'), (0, 'c')].into_iter(), |(index, _)| types[*index]);
        assert_eq!(groups, [((0, 'a'), vec![(0, 'c')]), ((1, 'b'), vec![])]);
    }
}
