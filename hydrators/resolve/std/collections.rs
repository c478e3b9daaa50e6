// Maps, sets, queues and lists.

pub mod collections {
    pub use self::binary_heap::BinaryHeap;
    pub use self::btree_map::BTreeMap;
    pub use self::btree_set::BTreeSet;
    pub use self::hash_map::HashMap;
    pub use self::hash_set::HashSet;
    pub use self::linked_list::LinkedList;
    pub use self::vec_deque::VecDeque;
    pub use crate::ops::Bound;

    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct TryReserveError;
    impl crate::fmt::Display for TryReserveError {}
    impl crate::error::Error for TryReserveError {}

    pub mod hash_map {
        pub use crate::hash::random::{DefaultHasher, RandomState};
        use crate::borrow::Borrow;
        use crate::collections::TryReserveError;
        use crate::fmt::Debug;
        use crate::hash::{BuildHasher, Hash};
        use crate::ops::Index;

        pub struct HashMap<K, V, S = RandomState>;
        impl<K, V> HashMap<K, V, RandomState> {
            pub fn new() -> HashMap<K, V, RandomState>;
            pub fn with_capacity(capacity: usize) -> HashMap<K, V, RandomState>;
        }
        impl<K, V, S> HashMap<K, V, S> {
            pub fn with_hasher(hash_builder: S) -> HashMap<K, V, S>;
            pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> HashMap<K, V, S>;
            pub fn capacity(&self) -> usize;
            pub fn keys(&self) -> Keys<'_, K, V>;
            pub fn into_keys(self) -> IntoKeys<K, V>;
            pub fn values(&self) -> Values<'_, K, V>;
            pub fn values_mut(&mut self) -> ValuesMut<'_, K, V>;
            pub fn into_values(self) -> IntoValues<K, V>;
            pub fn iter(&self) -> Iter<'_, K, V>;
            pub fn iter_mut(&mut self) -> IterMut<'_, K, V>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn drain(&mut self) -> Drain<'_, K, V>;
            pub fn extract_if<F: FnMut(&K, &mut V) -> bool>(&mut self, pred: F) -> crate::iter::Iter<(K, V)>;
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F);
            pub fn clear(&mut self);
            pub fn hasher(&self) -> &S;
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn entry(&mut self, key: K) -> Entry<'_, K, V>;
            pub fn get<Q: ?Sized + Hash + Eq>(&self, k: &Q) -> Option<&V> where K: Borrow<Q>;
            pub fn get_key_value<Q: ?Sized + Hash + Eq>(&self, k: &Q) -> Option<(&K, &V)> where K: Borrow<Q>;
            pub fn get_disjoint_mut<Q: ?Sized + Hash + Eq, const N: usize>(&mut self, ks: [&Q; N]) -> [Option<&mut V>; N] where K: Borrow<Q>;
            pub unsafe fn get_disjoint_unchecked_mut<Q: ?Sized + Hash + Eq, const N: usize>(&mut self, ks: [&Q; N]) -> [Option<&mut V>; N] where K: Borrow<Q>;
            pub fn contains_key<Q: ?Sized + Hash + Eq>(&self, k: &Q) -> bool where K: Borrow<Q>;
            pub fn get_mut<Q: ?Sized + Hash + Eq>(&mut self, k: &Q) -> Option<&mut V> where K: Borrow<Q>;
            pub fn insert(&mut self, k: K, v: V) -> Option<V>;
            pub fn remove<Q: ?Sized + Hash + Eq>(&mut self, k: &Q) -> Option<V> where K: Borrow<Q>;
            pub fn remove_entry<Q: ?Sized + Hash + Eq>(&mut self, k: &Q) -> Option<(K, V)> where K: Borrow<Q>;
        }
        impl<K: Clone, V: Clone, S: Clone> Clone for HashMap<K, V, S> {}
        impl<K: Eq + Hash, V: PartialEq, S: BuildHasher> PartialEq for HashMap<K, V, S> {}
        impl<K: Eq + Hash, V: Eq, S: BuildHasher> Eq for HashMap<K, V, S> {}
        impl<K: Debug, V: Debug, S> Debug for HashMap<K, V, S> {}
        impl<K, V, S: Default> Default for HashMap<K, V, S> {}
        impl<K: Eq + Hash + Borrow<Q>, Q: ?Sized + Eq + Hash, V, S: BuildHasher> Index<&Q> for HashMap<K, V, S> { type Output = V; }
        impl<'a, K, V, S> IntoIterator for &'a HashMap<K, V, S> { type Item = (&'a K, &'a V); type IntoIter = Iter<'a, K, V>; }
        impl<'a, K, V, S> IntoIterator for &'a mut HashMap<K, V, S> { type Item = (&'a K, &'a mut V); type IntoIter = IterMut<'a, K, V>; }
        impl<K, V, S> IntoIterator for HashMap<K, V, S> { type Item = (K, V); type IntoIter = IntoIter<K, V>; }
        impl<K: Eq + Hash, V, S: BuildHasher + Default> FromIterator<(K, V)> for HashMap<K, V, S> {}
        impl<K: Eq + Hash, V, S: BuildHasher> Extend<(K, V)> for HashMap<K, V, S> {}
        impl<'a, K: Eq + Hash + Copy, V: Copy, S: BuildHasher> Extend<(&'a K, &'a V)> for HashMap<K, V, S> {}
        impl<K: Eq + Hash, V, const N: usize> From<[(K, V); N]> for HashMap<K, V, RandomState> {}

        pub enum Entry<'a, K: 'a, V: 'a> { Occupied(OccupiedEntry<'a, K, V>), Vacant(VacantEntry<'a, K, V>) }
        impl<'a, K, V> Entry<'a, K, V> {
            pub fn or_insert(self, default: V) -> &'a mut V;
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &'a mut V;
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &'a mut V;
            pub fn key(&self) -> &K;
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Self;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V>;
            pub fn or_default(self) -> &'a mut V where V: Default;
        }
        pub struct OccupiedEntry<'a, K: 'a, V: 'a>;
        impl<'a, K, V> OccupiedEntry<'a, K, V> {
            pub fn key(&self) -> &K;
            pub fn remove_entry(self) -> (K, V);
            pub fn get(&self) -> &V;
            pub fn get_mut(&mut self) -> &mut V;
            pub fn into_mut(self) -> &'a mut V;
            pub fn insert(&mut self, value: V) -> V;
            pub fn remove(self) -> V;
        }
        pub struct VacantEntry<'a, K: 'a, V: 'a>;
        impl<'a, K, V> VacantEntry<'a, K, V> {
            pub fn key(&self) -> &K;
            pub fn into_key(self) -> K;
            pub fn insert(self, value: V) -> &'a mut V;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V>;
        }
        pub struct Iter<'a, K, V>;
        impl<'a, K, V> Iterator for Iter<'a, K, V> { type Item = (&'a K, &'a V); }
        impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}
        impl<K, V> Clone for Iter<'_, K, V> {}
        pub struct IterMut<'a, K, V>;
        impl<'a, K, V> Iterator for IterMut<'a, K, V> { type Item = (&'a K, &'a mut V); }
        impl<K, V> ExactSizeIterator for IterMut<'_, K, V> {}
        pub struct IntoIter<K, V>;
        impl<K, V> Iterator for IntoIter<K, V> { type Item = (K, V); }
        impl<K, V> ExactSizeIterator for IntoIter<K, V> {}
        pub struct Keys<'a, K, V>;
        impl<'a, K, V> Iterator for Keys<'a, K, V> { type Item = &'a K; }
        impl<K, V> ExactSizeIterator for Keys<'_, K, V> {}
        impl<K, V> Clone for Keys<'_, K, V> {}
        pub struct Values<'a, K, V>;
        impl<'a, K, V> Iterator for Values<'a, K, V> { type Item = &'a V; }
        impl<K, V> ExactSizeIterator for Values<'_, K, V> {}
        impl<K, V> Clone for Values<'_, K, V> {}
        pub struct ValuesMut<'a, K, V>;
        impl<'a, K, V> Iterator for ValuesMut<'a, K, V> { type Item = &'a mut V; }
        impl<K, V> ExactSizeIterator for ValuesMut<'_, K, V> {}
        pub struct IntoKeys<K, V>;
        impl<K, V> Iterator for IntoKeys<K, V> { type Item = K; }
        impl<K, V> ExactSizeIterator for IntoKeys<K, V> {}
        pub struct IntoValues<K, V>;
        impl<K, V> Iterator for IntoValues<K, V> { type Item = V; }
        impl<K, V> ExactSizeIterator for IntoValues<K, V> {}
        pub struct Drain<'a, K, V>;
        impl<'a, K, V> Iterator for Drain<'a, K, V> { type Item = (K, V); }
        impl<K, V> ExactSizeIterator for Drain<'_, K, V> {}
    }

    pub mod hash_set {
        use crate::borrow::Borrow;
        use crate::collections::TryReserveError;
        use crate::fmt::Debug;
        use crate::hash::{BuildHasher, Hash, RandomState};
        use crate::ops::{BitAnd, BitOr, BitXor, Sub};

        pub struct HashSet<T, S = RandomState>;
        impl<T> HashSet<T, RandomState> {
            pub fn new() -> HashSet<T, RandomState>;
            pub fn with_capacity(capacity: usize) -> HashSet<T, RandomState>;
        }
        impl<T, S> HashSet<T, S> {
            pub fn capacity(&self) -> usize;
            pub fn iter(&self) -> Iter<'_, T>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn drain(&mut self) -> Drain<'_, T>;
            pub fn extract_if<F: FnMut(&T) -> bool>(&mut self, pred: F) -> crate::iter::Iter<T>;
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn clear(&mut self);
            pub fn with_hasher(hasher: S) -> HashSet<T, S>;
            pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> HashSet<T, S>;
            pub fn hasher(&self) -> &S;
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn difference<'a>(&'a self, other: &'a HashSet<T, S>) -> Difference<'a, T, S>;
            pub fn symmetric_difference<'a>(&'a self, other: &'a HashSet<T, S>) -> SymmetricDifference<'a, T, S>;
            pub fn intersection<'a>(&'a self, other: &'a HashSet<T, S>) -> Intersection<'a, T, S>;
            pub fn union<'a>(&'a self, other: &'a HashSet<T, S>) -> Union<'a, T, S>;
            pub fn contains<Q: ?Sized + Hash + Eq>(&self, value: &Q) -> bool where T: Borrow<Q>;
            pub fn get<Q: ?Sized + Hash + Eq>(&self, value: &Q) -> Option<&T> where T: Borrow<Q>;
            pub fn is_disjoint(&self, other: &HashSet<T, S>) -> bool;
            pub fn is_subset(&self, other: &HashSet<T, S>) -> bool;
            pub fn is_superset(&self, other: &HashSet<T, S>) -> bool;
            pub fn insert(&mut self, value: T) -> bool;
            pub fn replace(&mut self, value: T) -> Option<T>;
            pub fn remove<Q: ?Sized + Hash + Eq>(&mut self, value: &Q) -> bool where T: Borrow<Q>;
            pub fn take<Q: ?Sized + Hash + Eq>(&mut self, value: &Q) -> Option<T> where T: Borrow<Q>;
        }
        impl<T: Clone, S: Clone> Clone for HashSet<T, S> {}
        impl<T: Eq + Hash, S: BuildHasher> PartialEq for HashSet<T, S> {}
        impl<T: Eq + Hash, S: BuildHasher> Eq for HashSet<T, S> {}
        impl<T: Debug, S> Debug for HashSet<T, S> {}
        impl<T, S: Default> Default for HashSet<T, S> {}
        impl<T: Eq + Hash, S: BuildHasher + Default> FromIterator<T> for HashSet<T, S> {}
        impl<T: Eq + Hash, const N: usize> From<[T; N]> for HashSet<T, RandomState> {}
        impl<T: Eq + Hash, S: BuildHasher> Extend<T> for HashSet<T, S> {}
        impl<'a, T: 'a + Eq + Hash + Copy, S: BuildHasher> Extend<&'a T> for HashSet<T, S> {}
        impl<T: Eq + Hash + Clone, S: BuildHasher + Default> BitOr<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T: Eq + Hash + Clone, S: BuildHasher + Default> BitAnd<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T: Eq + Hash + Clone, S: BuildHasher + Default> BitXor<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<T: Eq + Hash + Clone, S: BuildHasher + Default> Sub<&HashSet<T, S>> for &HashSet<T, S> { type Output = HashSet<T, S>; }
        impl<'a, T, S> IntoIterator for &'a HashSet<T, S> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
        impl<T, S> IntoIterator for HashSet<T, S> { type Item = T; type IntoIter = IntoIter<T>; }
        pub struct Iter<'a, K>;
        impl<'a, K> Iterator for Iter<'a, K> { type Item = &'a K; }
        impl<K> ExactSizeIterator for Iter<'_, K> {}
        impl<K> Clone for Iter<'_, K> {}
        pub struct IntoIter<K>;
        impl<K> Iterator for IntoIter<K> { type Item = K; }
        impl<K> ExactSizeIterator for IntoIter<K> {}
        pub struct Drain<'a, K>;
        impl<'a, K> Iterator for Drain<'a, K> { type Item = K; }
        pub struct Difference<'a, T, S>;
        impl<'a, T: Eq + Hash, S: BuildHasher> Iterator for Difference<'a, T, S> { type Item = &'a T; }
        impl<T, S> Clone for Difference<'_, T, S> {}
        pub struct SymmetricDifference<'a, T, S>;
        impl<'a, T: Eq + Hash, S: BuildHasher> Iterator for SymmetricDifference<'a, T, S> { type Item = &'a T; }
        pub struct Intersection<'a, T, S>;
        impl<'a, T: Eq + Hash, S: BuildHasher> Iterator for Intersection<'a, T, S> { type Item = &'a T; }
        impl<T, S> Clone for Intersection<'_, T, S> {}
        pub struct Union<'a, T, S>;
        impl<'a, T: Eq + Hash, S: BuildHasher> Iterator for Union<'a, T, S> { type Item = &'a T; }
        impl<T, S> Clone for Union<'_, T, S> {}
    }

    pub mod btree_map {
        use crate::borrow::Borrow;
        use crate::fmt::Debug;
        use crate::hash::Hash;
        use crate::ops::{Index, RangeBounds};

        pub struct BTreeMap<K, V>;
        impl<K, V> BTreeMap<K, V> {
            pub fn new() -> BTreeMap<K, V>;
            pub fn clear(&mut self);
            pub fn get<Q: ?Sized + Ord>(&self, key: &Q) -> Option<&V> where K: Borrow<Q>;
            pub fn get_key_value<Q: ?Sized + Ord>(&self, k: &Q) -> Option<(&K, &V)> where K: Borrow<Q>;
            pub fn first_key_value(&self) -> Option<(&K, &V)>;
            pub fn first_entry(&mut self) -> Option<OccupiedEntry<'_, K, V>>;
            pub fn pop_first(&mut self) -> Option<(K, V)>;
            pub fn last_key_value(&self) -> Option<(&K, &V)>;
            pub fn last_entry(&mut self) -> Option<OccupiedEntry<'_, K, V>>;
            pub fn pop_last(&mut self) -> Option<(K, V)>;
            pub fn contains_key<Q: ?Sized + Ord>(&self, key: &Q) -> bool where K: Borrow<Q>;
            pub fn get_mut<Q: ?Sized + Ord>(&mut self, key: &Q) -> Option<&mut V> where K: Borrow<Q>;
            pub fn insert(&mut self, key: K, value: V) -> Option<V>;
            pub fn remove<Q: ?Sized + Ord>(&mut self, key: &Q) -> Option<V> where K: Borrow<Q>;
            pub fn remove_entry<Q: ?Sized + Ord>(&mut self, key: &Q) -> Option<(K, V)> where K: Borrow<Q>;
            pub fn retain<F: FnMut(&K, &mut V) -> bool>(&mut self, f: F);
            pub fn append(&mut self, other: &mut Self);
            pub fn range<T: ?Sized + Ord, R: RangeBounds<T>>(&self, range: R) -> Range<'_, K, V> where K: Borrow<T>;
            pub fn range_mut<T: ?Sized + Ord, R: RangeBounds<T>>(&mut self, range: R) -> RangeMut<'_, K, V> where K: Borrow<T>;
            pub fn entry(&mut self, key: K) -> Entry<'_, K, V>;
            pub fn split_off<Q: ?Sized + Ord>(&mut self, key: &Q) -> Self where K: Borrow<Q>;
            pub fn extract_if<F: FnMut(&K, &mut V) -> bool, R: RangeBounds<K>>(&mut self, range: R, pred: F) -> crate::iter::Iter<(K, V)>;
            pub fn into_keys(self) -> IntoKeys<K, V>;
            pub fn into_values(self) -> IntoValues<K, V>;
            pub fn iter(&self) -> Iter<'_, K, V>;
            pub fn iter_mut(&mut self) -> IterMut<'_, K, V>;
            pub fn keys(&self) -> Keys<'_, K, V>;
            pub fn values(&self) -> Values<'_, K, V>;
            pub fn values_mut(&mut self) -> ValuesMut<'_, K, V>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
        }
        impl<K: Clone, V: Clone> Clone for BTreeMap<K, V> {}
        impl<K: PartialEq, V: PartialEq> PartialEq for BTreeMap<K, V> {}
        impl<K: Eq, V: Eq> Eq for BTreeMap<K, V> {}
        impl<K: PartialOrd, V: PartialOrd> PartialOrd for BTreeMap<K, V> {}
        impl<K: Ord, V: Ord> Ord for BTreeMap<K, V> {}
        impl<K: Hash, V: Hash> Hash for BTreeMap<K, V> {}
        impl<K: Debug, V: Debug> Debug for BTreeMap<K, V> {}
        impl<K, V> Default for BTreeMap<K, V> {}
        impl<K: Borrow<Q> + Ord, Q: ?Sized + Ord, V> Index<&Q> for BTreeMap<K, V> { type Output = V; }
        impl<'a, K, V> IntoIterator for &'a BTreeMap<K, V> { type Item = (&'a K, &'a V); type IntoIter = Iter<'a, K, V>; }
        impl<'a, K, V> IntoIterator for &'a mut BTreeMap<K, V> { type Item = (&'a K, &'a mut V); type IntoIter = IterMut<'a, K, V>; }
        impl<K, V> IntoIterator for BTreeMap<K, V> { type Item = (K, V); type IntoIter = IntoIter<K, V>; }
        impl<K: Ord, V> FromIterator<(K, V)> for BTreeMap<K, V> {}
        impl<K: Ord, V> Extend<(K, V)> for BTreeMap<K, V> {}
        impl<'a, K: Ord + Copy, V: Copy> Extend<(&'a K, &'a V)> for BTreeMap<K, V> {}
        impl<K: Ord, V, const N: usize> From<[(K, V); N]> for BTreeMap<K, V> {}
        pub enum Entry<'a, K: 'a, V: 'a> { Vacant(VacantEntry<'a, K, V>), Occupied(OccupiedEntry<'a, K, V>) }
        impl<'a, K: Ord, V> Entry<'a, K, V> {
            pub fn or_insert(self, default: V) -> &'a mut V;
            pub fn or_insert_with<F: FnOnce() -> V>(self, default: F) -> &'a mut V;
            pub fn or_insert_with_key<F: FnOnce(&K) -> V>(self, default: F) -> &'a mut V;
            pub fn key(&self) -> &K;
            pub fn and_modify<F: FnOnce(&mut V)>(self, f: F) -> Self;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V>;
            pub fn or_default(self) -> &'a mut V where V: Default;
        }
        pub struct OccupiedEntry<'a, K, V>;
        impl<'a, K: Ord, V> OccupiedEntry<'a, K, V> {
            pub fn key(&self) -> &K;
            pub fn remove_entry(self) -> (K, V);
            pub fn get(&self) -> &V;
            pub fn get_mut(&mut self) -> &mut V;
            pub fn into_mut(self) -> &'a mut V;
            pub fn insert(&mut self, value: V) -> V;
            pub fn remove(self) -> V;
        }
        pub struct VacantEntry<'a, K, V>;
        impl<'a, K: Ord, V> VacantEntry<'a, K, V> {
            pub fn key(&self) -> &K;
            pub fn into_key(self) -> K;
            pub fn insert(self, value: V) -> &'a mut V;
            pub fn insert_entry(self, value: V) -> OccupiedEntry<'a, K, V>;
        }
        pub struct Iter<'a, K, V>;
        impl<'a, K, V> Iterator for Iter<'a, K, V> { type Item = (&'a K, &'a V); }
        impl<'a, K, V> DoubleEndedIterator for Iter<'a, K, V> {}
        impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}
        impl<K, V> Clone for Iter<'_, K, V> {}
        pub struct IterMut<'a, K, V>;
        impl<'a, K, V> Iterator for IterMut<'a, K, V> { type Item = (&'a K, &'a mut V); }
        impl<'a, K, V> DoubleEndedIterator for IterMut<'a, K, V> {}
        impl<K, V> ExactSizeIterator for IterMut<'_, K, V> {}
        pub struct IntoIter<K, V>;
        impl<K, V> Iterator for IntoIter<K, V> { type Item = (K, V); }
        impl<K, V> DoubleEndedIterator for IntoIter<K, V> {}
        impl<K, V> ExactSizeIterator for IntoIter<K, V> {}
        pub struct Keys<'a, K, V>;
        impl<'a, K, V> Iterator for Keys<'a, K, V> { type Item = &'a K; }
        impl<'a, K, V> DoubleEndedIterator for Keys<'a, K, V> {}
        impl<K, V> ExactSizeIterator for Keys<'_, K, V> {}
        impl<K, V> Clone for Keys<'_, K, V> {}
        pub struct Values<'a, K, V>;
        impl<'a, K, V> Iterator for Values<'a, K, V> { type Item = &'a V; }
        impl<'a, K, V> DoubleEndedIterator for Values<'a, K, V> {}
        impl<K, V> ExactSizeIterator for Values<'_, K, V> {}
        impl<K, V> Clone for Values<'_, K, V> {}
        pub struct ValuesMut<'a, K, V>;
        impl<'a, K, V> Iterator for ValuesMut<'a, K, V> { type Item = &'a mut V; }
        impl<'a, K, V> DoubleEndedIterator for ValuesMut<'a, K, V> {}
        impl<K, V> ExactSizeIterator for ValuesMut<'_, K, V> {}
        pub struct IntoKeys<K, V>;
        impl<K, V> Iterator for IntoKeys<K, V> { type Item = K; }
        impl<K, V> DoubleEndedIterator for IntoKeys<K, V> {}
        impl<K, V> ExactSizeIterator for IntoKeys<K, V> {}
        pub struct IntoValues<K, V>;
        impl<K, V> Iterator for IntoValues<K, V> { type Item = V; }
        impl<K, V> DoubleEndedIterator for IntoValues<K, V> {}
        impl<K, V> ExactSizeIterator for IntoValues<K, V> {}
        pub struct Range<'a, K, V>;
        impl<'a, K, V> Iterator for Range<'a, K, V> { type Item = (&'a K, &'a V); }
        impl<'a, K, V> DoubleEndedIterator for Range<'a, K, V> {}
        impl<K, V> Clone for Range<'_, K, V> {}
        pub struct RangeMut<'a, K, V>;
        impl<'a, K, V> Iterator for RangeMut<'a, K, V> { type Item = (&'a K, &'a mut V); }
        impl<'a, K, V> DoubleEndedIterator for RangeMut<'a, K, V> {}
    }

    pub mod btree_set {
        use crate::borrow::Borrow;
        use crate::fmt::Debug;
        use crate::hash::Hash;
        use crate::ops::{BitAnd, BitOr, BitXor, RangeBounds, Sub};

        pub struct BTreeSet<T>;
        impl<T> BTreeSet<T> {
            pub fn new() -> BTreeSet<T>;
            pub fn range<K: ?Sized + Ord, R: RangeBounds<K>>(&self, range: R) -> Range<'_, T> where T: Borrow<K>;
            pub fn difference<'a>(&'a self, other: &'a BTreeSet<T>) -> Difference<'a, T>;
            pub fn symmetric_difference<'a>(&'a self, other: &'a BTreeSet<T>) -> SymmetricDifference<'a, T>;
            pub fn intersection<'a>(&'a self, other: &'a BTreeSet<T>) -> Intersection<'a, T>;
            pub fn union<'a>(&'a self, other: &'a BTreeSet<T>) -> Union<'a, T>;
            pub fn clear(&mut self);
            pub fn contains<Q: ?Sized + Ord>(&self, value: &Q) -> bool where T: Borrow<Q>;
            pub fn get<Q: ?Sized + Ord>(&self, value: &Q) -> Option<&T> where T: Borrow<Q>;
            pub fn is_disjoint(&self, other: &BTreeSet<T>) -> bool;
            pub fn is_subset(&self, other: &BTreeSet<T>) -> bool;
            pub fn is_superset(&self, other: &BTreeSet<T>) -> bool;
            pub fn first(&self) -> Option<&T>;
            pub fn last(&self) -> Option<&T>;
            pub fn pop_first(&mut self) -> Option<T>;
            pub fn pop_last(&mut self) -> Option<T>;
            pub fn insert(&mut self, value: T) -> bool;
            pub fn replace(&mut self, value: T) -> Option<T>;
            pub fn remove<Q: ?Sized + Ord>(&mut self, value: &Q) -> bool where T: Borrow<Q>;
            pub fn take<Q: ?Sized + Ord>(&mut self, value: &Q) -> Option<T> where T: Borrow<Q>;
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn append(&mut self, other: &mut Self);
            pub fn split_off<Q: ?Sized + Ord>(&mut self, value: &Q) -> Self where T: Borrow<Q>;
            pub fn extract_if<F: FnMut(&T) -> bool, R: RangeBounds<T>>(&mut self, range: R, pred: F) -> crate::iter::Iter<T>;
            pub fn iter(&self) -> Iter<'_, T>;
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
        }
        impl<T: Clone> Clone for BTreeSet<T> {}
        impl<T: PartialEq> PartialEq for BTreeSet<T> {}
        impl<T: Eq> Eq for BTreeSet<T> {}
        impl<T: PartialOrd> PartialOrd for BTreeSet<T> {}
        impl<T: Ord> Ord for BTreeSet<T> {}
        impl<T: Hash> Hash for BTreeSet<T> {}
        impl<T: Debug> Debug for BTreeSet<T> {}
        impl<T> Default for BTreeSet<T> {}
        impl<T: Ord> FromIterator<T> for BTreeSet<T> {}
        impl<T: Ord, const N: usize> From<[T; N]> for BTreeSet<T> {}
        impl<T: Ord> Extend<T> for BTreeSet<T> {}
        impl<'a, T: 'a + Ord + Copy> Extend<&'a T> for BTreeSet<T> {}
        impl<T: Ord + Clone> BitOr<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T: Ord + Clone> BitAnd<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T: Ord + Clone> BitXor<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<T: Ord + Clone> Sub<&BTreeSet<T>> for &BTreeSet<T> { type Output = BTreeSet<T>; }
        impl<'a, T> IntoIterator for &'a BTreeSet<T> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
        impl<T> IntoIterator for BTreeSet<T> { type Item = T; type IntoIter = IntoIter<T>; }
        pub struct Iter<'a, T>;
        impl<'a, T> Iterator for Iter<'a, T> { type Item = &'a T; }
        impl<'a, T> DoubleEndedIterator for Iter<'a, T> {}
        impl<T> ExactSizeIterator for Iter<'_, T> {}
        impl<T> Clone for Iter<'_, T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> DoubleEndedIterator for IntoIter<T> {}
        impl<T> ExactSizeIterator for IntoIter<T> {}
        pub struct Range<'a, T>;
        impl<'a, T> Iterator for Range<'a, T> { type Item = &'a T; }
        impl<'a, T> DoubleEndedIterator for Range<'a, T> {}
        impl<T> Clone for Range<'_, T> {}
        pub struct Difference<'a, T>;
        impl<'a, T: Ord> Iterator for Difference<'a, T> { type Item = &'a T; }
        pub struct SymmetricDifference<'a, T>;
        impl<'a, T: Ord> Iterator for SymmetricDifference<'a, T> { type Item = &'a T; }
        pub struct Intersection<'a, T>;
        impl<'a, T: Ord> Iterator for Intersection<'a, T> { type Item = &'a T; }
        pub struct Union<'a, T>;
        impl<'a, T: Ord> Iterator for Union<'a, T> { type Item = &'a T; }
    }

    pub mod vec_deque {
        use crate::cmp::Ordering;
        use crate::collections::TryReserveError;
        use crate::fmt::Debug;
        use crate::hash::Hash;
        use crate::ops::{Index, IndexMut, RangeBounds};

        pub struct VecDeque<T>;
        impl<T> VecDeque<T> {
            pub fn new() -> VecDeque<T>;
            pub fn with_capacity(capacity: usize) -> VecDeque<T>;
            pub fn get(&self, index: usize) -> Option<&T>;
            pub fn get_mut(&mut self, index: usize) -> Option<&mut T>;
            pub fn swap(&mut self, i: usize, j: usize);
            pub fn capacity(&self) -> usize;
            pub fn reserve_exact(&mut self, additional: usize);
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn truncate(&mut self, len: usize);
            pub fn iter(&self) -> Iter<'_, T>;
            pub fn iter_mut(&mut self) -> IterMut<'_, T>;
            pub fn as_slices(&self) -> (&[T], &[T]);
            pub fn as_mut_slices(&mut self) -> (&mut [T], &mut [T]);
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn range<R: RangeBounds<usize>>(&self, range: R) -> Iter<'_, T>;
            pub fn range_mut<R: RangeBounds<usize>>(&mut self, range: R) -> IterMut<'_, T>;
            pub fn drain<R: RangeBounds<usize>>(&mut self, range: R) -> Drain<'_, T>;
            pub fn clear(&mut self);
            pub fn contains(&self, x: &T) -> bool where T: PartialEq;
            pub fn front(&self) -> Option<&T>;
            pub fn front_mut(&mut self) -> Option<&mut T>;
            pub fn back(&self) -> Option<&T>;
            pub fn back_mut(&mut self) -> Option<&mut T>;
            pub fn pop_front(&mut self) -> Option<T>;
            pub fn pop_back(&mut self) -> Option<T>;
            pub fn pop_front_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T>;
            pub fn pop_back_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T>;
            pub fn push_front(&mut self, value: T);
            pub fn push_front_mut(&mut self, value: T) -> &mut T;
            pub fn push_back(&mut self, value: T);
            pub fn push_back_mut(&mut self, value: T) -> &mut T;
            pub fn swap_remove_front(&mut self, index: usize) -> Option<T>;
            pub fn swap_remove_back(&mut self, index: usize) -> Option<T>;
            pub fn insert(&mut self, index: usize, value: T);
            pub fn insert_mut(&mut self, index: usize, value: T) -> &mut T;
            pub fn remove(&mut self, index: usize) -> Option<T>;
            pub fn split_off(&mut self, at: usize) -> Self;
            pub fn append(&mut self, other: &mut Self);
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F);
            pub fn resize_with(&mut self, new_len: usize, generator: impl FnMut() -> T);
            pub fn make_contiguous(&mut self) -> &mut [T];
            pub fn rotate_left(&mut self, n: usize);
            pub fn rotate_right(&mut self, n: usize);
            pub fn binary_search(&self, x: &T) -> Result<usize, usize> where T: Ord;
            pub fn binary_search_by<'a, F: FnMut(&'a T) -> Ordering>(&'a self, f: F) -> Result<usize, usize>;
            pub fn binary_search_by_key<'a, B: Ord, F: FnMut(&'a T) -> B>(&'a self, b: &B, f: F) -> Result<usize, usize>;
            pub fn partition_point<P: FnMut(&T) -> bool>(&self, pred: P) -> usize;
            pub fn resize(&mut self, new_len: usize, value: T) where T: Clone;
        }
        impl<T: Clone> Clone for VecDeque<T> {}
        impl<T> Default for VecDeque<T> {}
        impl<T: PartialEq> PartialEq for VecDeque<T> {}
        impl<T: PartialEq<U>, U> PartialEq<Vec<U>> for VecDeque<T> {}
        impl<T: Eq> Eq for VecDeque<T> {}
        impl<T: PartialOrd> PartialOrd for VecDeque<T> {}
        impl<T: Ord> Ord for VecDeque<T> {}
        impl<T: Hash> Hash for VecDeque<T> {}
        impl<T: Debug> Debug for VecDeque<T> {}
        impl<T> Index<usize> for VecDeque<T> { type Output = T; }
        impl<T> IndexMut<usize> for VecDeque<T> {}
        impl<T> FromIterator<T> for VecDeque<T> {}
        impl<T> IntoIterator for VecDeque<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<'a, T> IntoIterator for &'a VecDeque<T> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
        impl<'a, T> IntoIterator for &'a mut VecDeque<T> { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
        impl<T> Extend<T> for VecDeque<T> {}
        impl<'a, T: 'a + Copy> Extend<&'a T> for VecDeque<T> {}
        impl<T> From<Vec<T>> for VecDeque<T> {}
        impl<T, const N: usize> From<[T; N]> for VecDeque<T> {}
        impl crate::io::Read for VecDeque<u8> {}
        impl crate::io::BufRead for VecDeque<u8> {}
        impl crate::io::Write for VecDeque<u8> {}
        pub struct Iter<'a, T>;
        impl<'a, T> Iterator for Iter<'a, T> { type Item = &'a T; }
        impl<'a, T> DoubleEndedIterator for Iter<'a, T> {}
        impl<T> ExactSizeIterator for Iter<'_, T> {}
        impl<T> Clone for Iter<'_, T> {}
        pub struct IterMut<'a, T>;
        impl<'a, T> Iterator for IterMut<'a, T> { type Item = &'a mut T; }
        impl<'a, T> DoubleEndedIterator for IterMut<'a, T> {}
        impl<T> ExactSizeIterator for IterMut<'_, T> {}
        #[derive(Clone)]
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> DoubleEndedIterator for IntoIter<T> {}
        impl<T> ExactSizeIterator for IntoIter<T> {}
        pub struct Drain<'a, T>;
        impl<'a, T> Iterator for Drain<'a, T> { type Item = T; }
        impl<'a, T> DoubleEndedIterator for Drain<'a, T> {}
        impl<T> ExactSizeIterator for Drain<'_, T> {}
    }

    pub mod binary_heap {
        use crate::collections::TryReserveError;
        use crate::fmt::Debug;
        use crate::ops::{Deref, DerefMut};

        pub struct BinaryHeap<T>;
        impl<T> BinaryHeap<T> {
            pub fn new() -> BinaryHeap<T>;
            pub fn with_capacity(capacity: usize) -> BinaryHeap<T>;
            pub fn peek_mut(&mut self) -> Option<PeekMut<'_, T>>;
            pub fn pop(&mut self) -> Option<T>;
            pub fn push(&mut self, item: T);
            pub fn into_sorted_vec(self) -> Vec<T>;
            pub fn append(&mut self, other: &mut Self);
            pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
            pub fn iter(&self) -> Iter<'_, T>;
            pub fn peek(&self) -> Option<&T>;
            pub fn capacity(&self) -> usize;
            pub fn reserve_exact(&mut self, additional: usize);
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn into_vec(self) -> Vec<T>;
            pub fn as_slice(&self) -> &[T];
            pub fn len(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn drain(&mut self) -> Drain<'_, T>;
            pub fn clear(&mut self);
        }
        pub struct PeekMut<'a, T: 'a + Ord>;
        impl<'a, T: Ord> PeekMut<'a, T> { pub fn pop(this: PeekMut<'a, T>) -> T; }
        impl<T: Ord> Deref for PeekMut<'_, T> { type Target = T; }
        impl<T: Ord> DerefMut for PeekMut<'_, T> {}
        impl<T: Clone> Clone for BinaryHeap<T> {}
        impl<T: Ord> Default for BinaryHeap<T> {}
        impl<T: Debug> Debug for BinaryHeap<T> {}
        impl<T: Ord> From<Vec<T>> for BinaryHeap<T> {}
        impl<T: Ord, const N: usize> From<[T; N]> for BinaryHeap<T> {}
        impl<T: Ord> FromIterator<T> for BinaryHeap<T> {}
        impl<T> IntoIterator for BinaryHeap<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<'a, T> IntoIterator for &'a BinaryHeap<T> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
        impl<T: Ord> Extend<T> for BinaryHeap<T> {}
        impl<'a, T: 'a + Ord + Copy> Extend<&'a T> for BinaryHeap<T> {}
        pub struct Iter<'a, T>;
        impl<'a, T> Iterator for Iter<'a, T> { type Item = &'a T; }
        impl<'a, T> DoubleEndedIterator for Iter<'a, T> {}
        impl<T> ExactSizeIterator for Iter<'_, T> {}
        #[derive(Clone)]
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> DoubleEndedIterator for IntoIter<T> {}
        impl<T> ExactSizeIterator for IntoIter<T> {}
        pub struct Drain<'a, T>;
        impl<'a, T> Iterator for Drain<'a, T> { type Item = T; }
        impl<'a, T> DoubleEndedIterator for Drain<'a, T> {}
    }

    pub mod linked_list {
        use crate::fmt::Debug;
        use crate::hash::Hash;

        pub struct LinkedList<T>;
        impl<T> LinkedList<T> {
            pub fn new() -> Self;
            pub fn append(&mut self, other: &mut Self);
            pub fn iter(&self) -> Iter<'_, T>;
            pub fn iter_mut(&mut self) -> IterMut<'_, T>;
            pub fn is_empty(&self) -> bool;
            pub fn len(&self) -> usize;
            pub fn clear(&mut self);
            pub fn contains(&self, x: &T) -> bool where T: PartialEq;
            pub fn front(&self) -> Option<&T>;
            pub fn front_mut(&mut self) -> Option<&mut T>;
            pub fn back(&self) -> Option<&T>;
            pub fn back_mut(&mut self) -> Option<&mut T>;
            pub fn push_front(&mut self, elt: T);
            pub fn push_front_mut(&mut self, elt: T) -> &mut T;
            pub fn pop_front(&mut self) -> Option<T>;
            pub fn push_back(&mut self, elt: T);
            pub fn push_back_mut(&mut self, elt: T) -> &mut T;
            pub fn pop_back(&mut self) -> Option<T>;
            pub fn split_off(&mut self, at: usize) -> LinkedList<T>;
            pub fn extract_if<F: FnMut(&mut T) -> bool>(&mut self, filter: F) -> crate::iter::Iter<T>;
        }
        impl<T: Clone> Clone for LinkedList<T> {}
        impl<T> Default for LinkedList<T> {}
        impl<T: PartialEq> PartialEq for LinkedList<T> {}
        impl<T: Eq> Eq for LinkedList<T> {}
        impl<T: PartialOrd> PartialOrd for LinkedList<T> {}
        impl<T: Ord> Ord for LinkedList<T> {}
        impl<T: Hash> Hash for LinkedList<T> {}
        impl<T: Debug> Debug for LinkedList<T> {}
        impl<T> FromIterator<T> for LinkedList<T> {}
        impl<T> IntoIterator for LinkedList<T> { type Item = T; type IntoIter = IntoIter<T>; }
        impl<'a, T> IntoIterator for &'a LinkedList<T> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
        impl<'a, T> IntoIterator for &'a mut LinkedList<T> { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
        impl<T> Extend<T> for LinkedList<T> {}
        impl<T, const N: usize> From<[T; N]> for LinkedList<T> {}
        pub struct Iter<'a, T>;
        impl<'a, T> Iterator for Iter<'a, T> { type Item = &'a T; }
        impl<'a, T> DoubleEndedIterator for Iter<'a, T> {}
        impl<T> ExactSizeIterator for Iter<'_, T> {}
        pub struct IterMut<'a, T>;
        impl<'a, T> Iterator for IterMut<'a, T> { type Item = &'a mut T; }
        impl<'a, T> DoubleEndedIterator for IterMut<'a, T> {}
        impl<T> ExactSizeIterator for IterMut<'_, T> {}
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        impl<T> DoubleEndedIterator for IntoIter<T> {}
        impl<T> ExactSizeIterator for IntoIter<T> {}
    }
}
