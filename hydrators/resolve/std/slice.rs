// Slices, vectors and arrays.

pub mod slice {
    use crate::cmp::Ordering;
    use crate::mem::MaybeUninit;
    use crate::ops::{Index, IndexMut, Range, RangeBounds};

    impl<T> [T] {
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn first(&self) -> Option<&T>;
        pub fn first_mut(&mut self) -> Option<&mut T>;
        pub fn split_first(&self) -> Option<(&T, &[T])>;
        pub fn split_first_mut(&mut self) -> Option<(&mut T, &mut [T])>;
        pub fn split_last(&self) -> Option<(&T, &[T])>;
        pub fn split_last_mut(&mut self) -> Option<(&mut T, &mut [T])>;
        pub fn last(&self) -> Option<&T>;
        pub fn last_mut(&mut self) -> Option<&mut T>;
        pub fn first_chunk<const N: usize>(&self) -> Option<&[T; N]>;
        pub fn first_chunk_mut<const N: usize>(&mut self) -> Option<&mut [T; N]>;
        pub fn split_first_chunk<const N: usize>(&self) -> Option<(&[T; N], &[T])>;
        pub fn split_first_chunk_mut<const N: usize>(&mut self) -> Option<(&mut [T; N], &mut [T])>;
        pub fn split_last_chunk<const N: usize>(&self) -> Option<(&[T], &[T; N])>;
        pub fn split_last_chunk_mut<const N: usize>(&mut self) -> Option<(&mut [T], &mut [T; N])>;
        pub fn last_chunk<const N: usize>(&self) -> Option<&[T; N]>;
        pub fn last_chunk_mut<const N: usize>(&mut self) -> Option<&mut [T; N]>;
        pub fn get<I: SliceIndex<[T]>>(&self, index: I) -> Option<&I::Output>;
        pub fn get_mut<I: SliceIndex<[T]>>(&mut self, index: I) -> Option<&mut I::Output>;
        pub unsafe fn get_unchecked<I: SliceIndex<[T]>>(&self, index: I) -> &I::Output;
        pub unsafe fn get_unchecked_mut<I: SliceIndex<[T]>>(&mut self, index: I) -> &mut I::Output;
        pub fn as_ptr(&self) -> *const T;
        pub fn as_mut_ptr(&mut self) -> *mut T;
        pub fn as_ptr_range(&self) -> Range<*const T>;
        pub fn as_mut_ptr_range(&mut self) -> Range<*mut T>;
        pub fn as_array<const N: usize>(&self) -> Option<&[T; N]>;
        pub fn as_mut_array<const N: usize>(&mut self) -> Option<&mut [T; N]>;
        pub fn swap(&mut self, a: usize, b: usize);
        pub fn reverse(&mut self);
        pub fn iter(&self) -> Iter<'_, T>;
        pub fn iter_mut(&mut self) -> IterMut<'_, T>;
        pub fn windows(&self, size: usize) -> Windows<'_, T>;
        pub fn array_windows<const N: usize>(&self) -> crate::iter::Iter<&[T; N]>;
        pub fn chunks(&self, chunk_size: usize) -> Chunks<'_, T>;
        pub fn chunks_mut(&mut self, chunk_size: usize) -> ChunksMut<'_, T>;
        pub fn chunks_exact(&self, chunk_size: usize) -> ChunksExact<'_, T>;
        pub fn chunks_exact_mut(&mut self, chunk_size: usize) -> ChunksExactMut<'_, T>;
        pub fn rchunks(&self, chunk_size: usize) -> crate::iter::Iter<&[T]>;
        pub fn rchunks_mut(&mut self, chunk_size: usize) -> crate::iter::Iter<&mut [T]>;
        pub fn rchunks_exact(&self, chunk_size: usize) -> RChunksExact<'_, T>;
        pub fn rchunks_exact_mut(&mut self, chunk_size: usize) -> RChunksExactMut<'_, T>;
        pub unsafe fn as_chunks_unchecked<const N: usize>(&self) -> &[[T; N]];
        pub unsafe fn as_chunks_unchecked_mut<const N: usize>(&mut self) -> &mut [[T; N]];
        pub fn as_chunks<const N: usize>(&self) -> (&[[T; N]], &[T]);
        pub fn as_chunks_mut<const N: usize>(&mut self) -> (&mut [[T; N]], &mut [T]);
        pub fn as_rchunks<const N: usize>(&self) -> (&[T], &[[T; N]]);
        pub fn as_rchunks_mut<const N: usize>(&mut self) -> (&mut [T], &mut [[T; N]]);
        pub fn chunk_by<F: FnMut(&T, &T) -> bool>(&self, pred: F) -> crate::iter::Iter<&[T]>;
        pub fn chunk_by_mut<F: FnMut(&T, &T) -> bool>(&mut self, pred: F) -> crate::iter::Iter<&mut [T]>;
        pub fn split_at(&self, mid: usize) -> (&[T], &[T]);
        pub fn split_at_mut(&mut self, mid: usize) -> (&mut [T], &mut [T]);
        pub unsafe fn split_at_unchecked(&self, mid: usize) -> (&[T], &[T]);
        pub unsafe fn split_at_mut_unchecked(&mut self, mid: usize) -> (&mut [T], &mut [T]);
        pub fn split_at_checked(&self, mid: usize) -> Option<(&[T], &[T])>;
        pub fn split_at_mut_checked(&mut self, mid: usize) -> Option<(&mut [T], &mut [T])>;
        pub fn split<F: FnMut(&T) -> bool>(&self, pred: F) -> crate::iter::Iter<&[T]>;
        pub fn split_mut<F: FnMut(&T) -> bool>(&mut self, pred: F) -> crate::iter::Iter<&mut [T]>;
        pub fn split_inclusive<F: FnMut(&T) -> bool>(&self, pred: F) -> crate::iter::Iter<&[T]>;
        pub fn split_inclusive_mut<F: FnMut(&T) -> bool>(&mut self, pred: F) -> crate::iter::Iter<&mut [T]>;
        pub fn rsplit<F: FnMut(&T) -> bool>(&self, pred: F) -> crate::iter::Iter<&[T]>;
        pub fn rsplit_mut<F: FnMut(&T) -> bool>(&mut self, pred: F) -> crate::iter::Iter<&mut [T]>;
        pub fn splitn<F: FnMut(&T) -> bool>(&self, n: usize, pred: F) -> crate::iter::Iter<&[T]>;
        pub fn splitn_mut<F: FnMut(&T) -> bool>(&mut self, n: usize, pred: F) -> crate::iter::Iter<&mut [T]>;
        pub fn rsplitn<F: FnMut(&T) -> bool>(&self, n: usize, pred: F) -> crate::iter::Iter<&[T]>;
        pub fn rsplitn_mut<F: FnMut(&T) -> bool>(&mut self, n: usize, pred: F) -> crate::iter::Iter<&mut [T]>;
        pub fn contains(&self, x: &T) -> bool where T: PartialEq;
        pub fn starts_with(&self, needle: &[T]) -> bool where T: PartialEq;
        pub fn ends_with(&self, needle: &[T]) -> bool where T: PartialEq;
        pub fn strip_prefix<P: ?Sized>(&self, prefix: &P) -> Option<&[T]> where T: PartialEq;
        pub fn strip_suffix<P: ?Sized>(&self, suffix: &P) -> Option<&[T]> where T: PartialEq;
        pub fn binary_search(&self, x: &T) -> Result<usize, usize> where T: Ord;
        pub fn binary_search_by<'a, F: FnMut(&'a T) -> Ordering>(&'a self, f: F) -> Result<usize, usize>;
        pub fn binary_search_by_key<'a, B: Ord, F: FnMut(&'a T) -> B>(&'a self, b: &B, f: F) -> Result<usize, usize>;
        pub fn sort_unstable(&mut self) where T: Ord;
        pub fn sort_unstable_by<F: FnMut(&T, &T) -> Ordering>(&mut self, compare: F);
        pub fn sort_unstable_by_key<K: Ord, F: FnMut(&T) -> K>(&mut self, f: F);
        pub fn select_nth_unstable(&mut self, index: usize) -> (&mut [T], &mut T, &mut [T]) where T: Ord;
        pub fn select_nth_unstable_by<F: FnMut(&T, &T) -> Ordering>(&mut self, index: usize, compare: F) -> (&mut [T], &mut T, &mut [T]);
        pub fn select_nth_unstable_by_key<K: Ord, F: FnMut(&T) -> K>(&mut self, index: usize, f: F) -> (&mut [T], &mut T, &mut [T]);
        pub fn rotate_left(&mut self, mid: usize);
        pub fn rotate_right(&mut self, k: usize);
        pub fn fill(&mut self, value: T) where T: Clone;
        pub fn fill_with<F: FnMut() -> T>(&mut self, f: F);
        pub fn clone_from_slice(&mut self, src: &[T]) where T: Clone;
        pub fn copy_from_slice(&mut self, src: &[T]) where T: Copy;
        pub fn copy_within<R: RangeBounds<usize>>(&mut self, src: R, dest: usize) where T: Copy;
        pub fn swap_with_slice(&mut self, other: &mut [T]);
        pub unsafe fn align_to<U>(&self) -> (&[T], &[U], &[T]);
        pub unsafe fn align_to_mut<U>(&mut self) -> (&mut [T], &mut [U], &mut [T]);
        pub fn is_sorted(&self) -> bool where T: PartialOrd;
        pub fn is_sorted_by<'a, F: FnMut(&'a T, &'a T) -> bool>(&'a self, compare: F) -> bool;
        pub fn is_sorted_by_key<'a, F: FnMut(&'a T) -> K, K: PartialOrd>(&'a self, f: F) -> bool;
        pub fn partition_point<P: FnMut(&T) -> bool>(&self, pred: P) -> usize;
        pub fn split_off<'a, R: RangeBounds<usize>>(self: &mut &'a Self, range: R) -> Option<&'a Self>;
        pub fn split_off_mut<'a, R: RangeBounds<usize>>(self: &mut &'a mut Self, range: R) -> Option<&'a mut Self>;
        pub fn split_off_first<'a>(self: &mut &'a Self) -> Option<&'a T>;
        pub fn split_off_first_mut<'a>(self: &mut &'a mut Self) -> Option<&'a mut T>;
        pub fn split_off_last<'a>(self: &mut &'a Self) -> Option<&'a T>;
        pub fn split_off_last_mut<'a>(self: &mut &'a mut Self) -> Option<&'a mut T>;
        pub unsafe fn get_disjoint_unchecked_mut<I, const N: usize>(&mut self, indices: [I; N]) -> [&mut I::Output; N] where I: SliceIndex<[T]>;
        pub fn get_disjoint_mut<I, const N: usize>(&mut self, indices: [I; N]) -> Result<[&mut I::Output; N], GetDisjointMutError> where I: SliceIndex<[T]>;
        pub fn element_offset(&self, element: &T) -> Option<usize>;
        pub fn sort(&mut self) where T: Ord;
        pub fn sort_by<F: FnMut(&T, &T) -> Ordering>(&mut self, compare: F);
        pub fn sort_by_key<K: Ord, F: FnMut(&T) -> K>(&mut self, f: F);
        pub fn sort_by_cached_key<K: Ord, F: FnMut(&T) -> K>(&mut self, f: F);
        pub fn to_vec(&self) -> Vec<T> where T: Clone;
        pub fn into_vec(self: Box<Self>) -> Vec<T>;
        pub fn repeat(&self, n: usize) -> Vec<T> where T: Copy;
        pub fn concat<Item: ?Sized>(&self) -> <Self as Concat<Item>>::Output where Self: Concat<Item>;
        pub fn connect<Separator>(&self, sep: Separator) -> <Self as Join<Separator>>::Output where Self: Join<Separator>;
        pub fn join<Separator>(&self, sep: Separator) -> <Self as Join<Separator>>::Output where Self: Join<Separator>;
    }
    impl<T, const N: usize> [[T; N]] {
        pub fn as_flattened(&self) -> &[T];
        pub fn as_flattened_mut(&mut self) -> &mut [T];
    }
    impl [u8] {
        pub fn is_ascii(&self) -> bool;
        pub fn eq_ignore_ascii_case(&self, other: &[u8]) -> bool;
        pub fn make_ascii_uppercase(&mut self);
        pub fn make_ascii_lowercase(&mut self);
        pub fn to_ascii_uppercase(&self) -> Vec<u8>;
        pub fn to_ascii_lowercase(&self) -> Vec<u8>;
        pub fn escape_ascii(&self) -> EscapeAscii<'_>;
        pub fn trim_ascii_start(&self) -> &[u8];
        pub fn trim_ascii_end(&self) -> &[u8];
        pub fn trim_ascii(&self) -> &[u8];
        pub fn utf8_chunks(&self) -> crate::str::Utf8Chunks<'_>;
    }
    impl<T> [MaybeUninit<T>] {
        pub fn write_copy_of_slice(&mut self, src: &[T]) -> &mut [T] where T: Copy;
        pub fn write_clone_of_slice(&mut self, src: &[T]) -> &mut [T] where T: Clone;
        pub unsafe fn assume_init_drop(&mut self);
        pub unsafe fn assume_init_ref(&self) -> &[T];
        pub unsafe fn assume_init_mut(&mut self) -> &mut [T];
    }

    pub trait SliceIndex<T: ?Sized> { type Output: ?Sized; }
    impl<T> SliceIndex<[T]> for usize { type Output = T; }
    impl<T> SliceIndex<[T]> for crate::ops::Range<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeTo<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeFrom<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeFull { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeInclusive<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for crate::ops::RangeToInclusive<usize> { type Output = [T]; }
    impl<T> SliceIndex<[T]> for (crate::ops::Bound<usize>, crate::ops::Bound<usize>) { type Output = [T]; }
    impl SliceIndex<str> for crate::ops::Range<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeTo<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeFrom<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeFull { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeInclusive<usize> { type Output = str; }
    impl SliceIndex<str> for crate::ops::RangeToInclusive<usize> { type Output = str; }
    impl SliceIndex<str> for (crate::ops::Bound<usize>, crate::ops::Bound<usize>) { type Output = str; }
    pub trait Concat<Item: ?Sized> { type Output; fn concat(slice: &Self) -> Self::Output; }
    pub trait Join<Separator> { type Output; fn join(slice: &Self, sep: Separator) -> Self::Output; }
    impl<S: crate::borrow::Borrow<str>> Concat<str> for [S] { type Output = String; }
    impl<T: Clone, V: crate::borrow::Borrow<[T]>> Concat<T> for [V] { type Output = Vec<T>; }
    impl<S: crate::borrow::Borrow<str>> Join<&str> for [S] { type Output = String; }
    impl<T: Clone, V: crate::borrow::Borrow<[T]>> Join<&T> for [V] { type Output = Vec<T>; }
    impl<T: Clone, V: crate::borrow::Borrow<[T]>> Join<&[T]> for [V] { type Output = Vec<T>; }

    impl<T, I: SliceIndex<[T]>> Index<I> for [T] { type Output = I::Output; }
    impl<T, I: SliceIndex<[T]>> IndexMut<I> for [T] {}
    impl<'a, T> IntoIterator for &'a [T] { type Item = &'a T; type IntoIter = Iter<'a, T>; }
    impl<'a, T> IntoIterator for &'a mut [T] { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
    impl<T> IntoIterator for Box<[T]> { type Item = T; type IntoIter = crate::vec::IntoIter<T>; }
    impl<'a, T> IntoIterator for &'a Box<[T]> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
    impl<'a, T> IntoIterator for &'a mut Box<[T]> { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
    impl<T: PartialEq<U>, U> PartialEq<[U]> for [T] {}
    impl<T: PartialEq<U>, U> PartialEq<Vec<U>> for [T] {}
    impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U; N]> for [T] {}
    impl<T: Eq> Eq for [T] {}
    impl<T: PartialOrd> PartialOrd for [T] {}
    impl<T: Ord> Ord for [T] {}
    impl<T: crate::hash::Hash> crate::hash::Hash for [T] {}
    impl<T: crate::fmt::Debug> crate::fmt::Debug for [T] {}
    impl<T: Clone> crate::borrow::ToOwned for [T] { type Owned = Vec<T>; }
    impl<T> AsRef<[T]> for [T] {}
    impl<T> AsMut<[T]> for [T] {}
    impl<T> Default for &[T] {}
    impl<T> Default for &mut [T] {}

    pub struct Iter<'a, T>;
    impl<'a, T> Iter<'a, T> { pub fn as_slice(&self) -> &'a [T]; }
    impl<'a, T> Iterator for Iter<'a, T> { type Item = &'a T; }
    impl<'a, T> DoubleEndedIterator for Iter<'a, T> {}
    impl<'a, T> ExactSizeIterator for Iter<'a, T> {}
    impl<'a, T> Clone for Iter<'a, T> {}
    impl<'a, T> Default for Iter<'a, T> {}
    impl<'a, T> AsRef<[T]> for Iter<'a, T> {}
    pub struct IterMut<'a, T>;
    impl<'a, T> IterMut<'a, T> {
        pub fn into_slice(self) -> &'a mut [T];
        pub fn as_slice(&self) -> &[T];
    }
    impl<'a, T> Iterator for IterMut<'a, T> { type Item = &'a mut T; }
    impl<'a, T> DoubleEndedIterator for IterMut<'a, T> {}
    impl<'a, T> ExactSizeIterator for IterMut<'a, T> {}
    impl<'a, T> Default for IterMut<'a, T> {}
    impl<'a, T> AsRef<[T]> for IterMut<'a, T> {}
    pub struct Windows<'a, T>;
    impl<'a, T> Iterator for Windows<'a, T> { type Item = &'a [T]; }
    impl<'a, T> DoubleEndedIterator for Windows<'a, T> {}
    impl<'a, T> ExactSizeIterator for Windows<'a, T> {}
    impl<'a, T> Clone for Windows<'a, T> {}
    pub struct Chunks<'a, T>;
    impl<'a, T> Iterator for Chunks<'a, T> { type Item = &'a [T]; }
    impl<'a, T> DoubleEndedIterator for Chunks<'a, T> {}
    impl<'a, T> ExactSizeIterator for Chunks<'a, T> {}
    impl<'a, T> Clone for Chunks<'a, T> {}
    pub struct ChunksMut<'a, T>;
    impl<'a, T> Iterator for ChunksMut<'a, T> { type Item = &'a mut [T]; }
    impl<'a, T> DoubleEndedIterator for ChunksMut<'a, T> {}
    impl<'a, T> ExactSizeIterator for ChunksMut<'a, T> {}
    pub struct ChunksExact<'a, T>;
    impl<'a, T> ChunksExact<'a, T> { pub fn remainder(&self) -> &'a [T]; }
    impl<'a, T> Iterator for ChunksExact<'a, T> { type Item = &'a [T]; }
    impl<'a, T> DoubleEndedIterator for ChunksExact<'a, T> {}
    impl<'a, T> ExactSizeIterator for ChunksExact<'a, T> {}
    impl<'a, T> Clone for ChunksExact<'a, T> {}
    pub struct ChunksExactMut<'a, T>;
    impl<'a, T> ChunksExactMut<'a, T> { pub fn into_remainder(self) -> &'a mut [T]; }
    impl<'a, T> Iterator for ChunksExactMut<'a, T> { type Item = &'a mut [T]; }
    impl<'a, T> DoubleEndedIterator for ChunksExactMut<'a, T> {}
    impl<'a, T> ExactSizeIterator for ChunksExactMut<'a, T> {}
    pub struct RChunksExact<'a, T>;
    impl<'a, T> RChunksExact<'a, T> { pub fn remainder(&self) -> &'a [T]; }
    impl<'a, T> Iterator for RChunksExact<'a, T> { type Item = &'a [T]; }
    impl<'a, T> DoubleEndedIterator for RChunksExact<'a, T> {}
    pub struct RChunksExactMut<'a, T>;
    impl<'a, T> RChunksExactMut<'a, T> { pub fn into_remainder(self) -> &'a mut [T]; }
    impl<'a, T> Iterator for RChunksExactMut<'a, T> { type Item = &'a mut [T]; }
    impl<'a, T> DoubleEndedIterator for RChunksExactMut<'a, T> {}
    pub struct RChunks<'a, T>;
    impl<'a, T> Iterator for RChunks<'a, T> { type Item = &'a [T]; }
    impl<'a, T> DoubleEndedIterator for RChunks<'a, T> {}
    pub struct RChunksMut<'a, T>;
    impl<'a, T> Iterator for RChunksMut<'a, T> { type Item = &'a mut [T]; }
    impl<'a, T> DoubleEndedIterator for RChunksMut<'a, T> {}
    pub struct ChunkBy<'a, T, P>;
    impl<'a, T, P: FnMut(&T, &T) -> bool> Iterator for ChunkBy<'a, T, P> { type Item = &'a [T]; }
    impl<'a, T, P: FnMut(&T, &T) -> bool> DoubleEndedIterator for ChunkBy<'a, T, P> {}
    pub struct ChunkByMut<'a, T, P>;
    impl<'a, T, P: FnMut(&T, &T) -> bool> Iterator for ChunkByMut<'a, T, P> { type Item = &'a mut [T]; }
    impl<'a, T, P: FnMut(&T, &T) -> bool> DoubleEndedIterator for ChunkByMut<'a, T, P> {}
    pub struct Split<'a, T, P>;
    impl<'a, T, P: FnMut(&T) -> bool> Iterator for Split<'a, T, P> { type Item = &'a [T]; }
    impl<'a, T, P: FnMut(&T) -> bool> DoubleEndedIterator for Split<'a, T, P> {}
    pub struct SplitMut<'a, T, P>;
    impl<'a, T, P: FnMut(&T) -> bool> Iterator for SplitMut<'a, T, P> { type Item = &'a mut [T]; }
    impl<'a, T, P: FnMut(&T) -> bool> DoubleEndedIterator for SplitMut<'a, T, P> {}
    pub struct RSplit<'a, T, P>;
    impl<'a, T, P: FnMut(&T) -> bool> Iterator for RSplit<'a, T, P> { type Item = &'a [T]; }
    impl<'a, T, P: FnMut(&T) -> bool> DoubleEndedIterator for RSplit<'a, T, P> {}
    #[derive(Clone)]
    pub struct ArrayWindows<'a, T, const N: usize>;
    impl<'a, T, const N: usize> Iterator for ArrayWindows<'a, T, N> { type Item = &'a [T; N]; }
    #[derive(Clone)]
    pub struct EscapeAscii<'a>;
    impl<'a> Iterator for EscapeAscii<'a> { type Item = u8; }
    impl<'a> crate::fmt::Display for EscapeAscii<'a> {}
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum GetDisjointMutError { IndexOutOfBounds, OverlappingIndices }
    impl crate::fmt::Display for GetDisjointMutError {}
    impl crate::error::Error for GetDisjointMutError {}

    pub fn from_ref<T>(s: &T) -> &[T];
    pub fn from_mut<T>(s: &mut T) -> &mut [T];
    pub unsafe fn from_raw_parts<'a, T>(data: *const T, len: usize) -> &'a [T];
    pub unsafe fn from_raw_parts_mut<'a, T>(data: *mut T, len: usize) -> &'a mut [T];
}

pub mod vec {
    use crate::borrow::{Borrow, BorrowMut, Cow};
    use crate::collections::{BinaryHeap, TryReserveError, VecDeque};
    use crate::mem::MaybeUninit;
    use crate::ops::{Deref, DerefMut, Index, IndexMut, RangeBounds};
    use crate::slice::SliceIndex;

    pub struct Vec<T>;
    impl<T> Vec<T> {
        pub fn new() -> Vec<T>;
        pub fn with_capacity(capacity: usize) -> Vec<T>;
        pub unsafe fn from_raw_parts(ptr: *mut T, length: usize, capacity: usize) -> Self;
        pub fn into_raw_parts(self) -> (*mut T, usize, usize);
        pub fn capacity(&self) -> usize;
        pub fn reserve(&mut self, additional: usize);
        pub fn reserve_exact(&mut self, additional: usize);
        pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
        pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError>;
        pub fn shrink_to_fit(&mut self);
        pub fn shrink_to(&mut self, min_capacity: usize);
        pub fn into_boxed_slice(self) -> Box<[T]>;
        pub fn truncate(&mut self, len: usize);
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
        pub fn as_ptr(&self) -> *const T;
        pub fn as_mut_ptr(&mut self) -> *mut T;
        pub unsafe fn set_len(&mut self, new_len: usize);
        pub fn swap_remove(&mut self, index: usize) -> T;
        pub fn insert(&mut self, index: usize, element: T);
        pub fn insert_mut(&mut self, index: usize, element: T) -> &mut T;
        pub fn remove(&mut self, index: usize) -> T;
        pub fn retain<F: FnMut(&T) -> bool>(&mut self, f: F);
        pub fn retain_mut<F: FnMut(&mut T) -> bool>(&mut self, f: F);
        pub fn dedup_by_key<F: FnMut(&mut T) -> K, K: PartialEq>(&mut self, key: F);
        pub fn dedup_by<F: FnMut(&mut T, &mut T) -> bool>(&mut self, same_bucket: F);
        pub fn push(&mut self, value: T);
        pub fn push_mut(&mut self, value: T) -> &mut T;
        pub fn pop(&mut self) -> Option<T>;
        pub fn pop_if(&mut self, predicate: impl FnOnce(&mut T) -> bool) -> Option<T>;
        pub fn append(&mut self, other: &mut Vec<T>);
        pub fn drain<R: RangeBounds<usize>>(&mut self, range: R) -> Drain<'_, T>;
        pub fn clear(&mut self);
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn split_off(&mut self, at: usize) -> Vec<T>;
        pub fn resize_with<F: FnMut() -> T>(&mut self, new_len: usize, f: F);
        pub fn leak<'a>(self) -> &'a mut [T];
        pub fn spare_capacity_mut(&mut self) -> &mut [MaybeUninit<T>];
        pub fn resize(&mut self, new_len: usize, value: T) where T: Clone;
        pub fn extend_from_slice(&mut self, other: &[T]) where T: Clone;
        pub fn extend_from_within<R: RangeBounds<usize>>(&mut self, src: R) where T: Clone;
        pub fn dedup(&mut self) where T: PartialEq;
        pub fn splice<R: RangeBounds<usize>, I: IntoIterator<Item = T>>(&mut self, range: R, replace_with: I) -> crate::iter::Iter<T>;
        pub fn extract_if<F: FnMut(&mut T) -> bool, R: RangeBounds<usize>>(&mut self, range: R, filter: F) -> crate::iter::Iter<T>;
    }
    impl<T, const N: usize> Vec<[T; N]> { pub fn into_flattened(self) -> Vec<T>; }
    impl<T> Deref for Vec<T> { type Target = [T]; }
    impl<T> DerefMut for Vec<T> {}
    impl<T: Clone> Clone for Vec<T> {}
    impl<T: crate::hash::Hash> crate::hash::Hash for Vec<T> {}
    impl<T, I: SliceIndex<[T]>> Index<I> for Vec<T> { type Output = I::Output; }
    impl<T, I: SliceIndex<[T]>> IndexMut<I> for Vec<T> {}
    impl<T> FromIterator<T> for Vec<T> {}
    impl<T> IntoIterator for Vec<T> { type Item = T; type IntoIter = IntoIter<T>; }
    impl<'a, T> IntoIterator for &'a Vec<T> { type Item = &'a T; type IntoIter = crate::slice::Iter<'a, T>; }
    impl<'a, T> IntoIterator for &'a mut Vec<T> { type Item = &'a mut T; type IntoIter = crate::slice::IterMut<'a, T>; }
    impl<T> Extend<T> for Vec<T> {}
    impl<'a, T: Copy + 'a> Extend<&'a T> for Vec<T> {}
    impl<T: PartialEq<U>, U> PartialEq<Vec<U>> for Vec<T> {}
    impl<T: PartialEq<U>, U> PartialEq<[U]> for Vec<T> {}
    impl<T: PartialEq<U>, U> PartialEq<&[U]> for Vec<T> {}
    impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U; N]> for Vec<T> {}
    impl<T: Eq> Eq for Vec<T> {}
    impl<T: PartialOrd> PartialOrd for Vec<T> {}
    impl<T: Ord> Ord for Vec<T> {}
    impl<T> Drop for Vec<T> {}
    impl<T> Default for Vec<T> {}
    impl<T: crate::fmt::Debug> crate::fmt::Debug for Vec<T> {}
    impl<T> AsRef<Vec<T>> for Vec<T> {}
    impl<T> AsMut<Vec<T>> for Vec<T> {}
    impl<T> AsRef<[T]> for Vec<T> {}
    impl<T> AsMut<[T]> for Vec<T> {}
    impl<T: Clone> From<&[T]> for Vec<T> {}
    impl<T: Clone> From<&mut [T]> for Vec<T> {}
    impl<T: Clone, const N: usize> From<&[T; N]> for Vec<T> {}
    impl<T, const N: usize> From<[T; N]> for Vec<T> {}
    impl<'a, T: Clone> From<Cow<'a, [T]>> for Vec<T> {}
    impl<T> From<Box<[T]>> for Vec<T> {}
    impl<T> From<VecDeque<T>> for Vec<T> {}
    impl<T> From<BinaryHeap<T>> for Vec<T> {}
    impl From<&str> for Vec<u8> {}
    impl From<String> for Vec<u8> {}
    impl From<crate::ffi::CString> for Vec<u8> {}
    impl<T, const N: usize> TryFrom<Vec<T>> for [T; N] { type Error = Vec<T>; }
    impl<T, const N: usize> TryFrom<Vec<T>> for Box<[T; N]> { type Error = Vec<T>; }
    impl<T, const N: usize> TryFrom<Box<[T]>> for Box<[T; N]> { type Error = Box<[T]>; }
    impl<T, const N: usize> TryFrom<crate::rc::Rc<[T]>> for crate::rc::Rc<[T; N]> { type Error = crate::rc::Rc<[T]>; }
    impl<T, const N: usize> TryFrom<crate::sync::Arc<[T]>> for crate::sync::Arc<[T; N]> { type Error = crate::sync::Arc<[T]>; }
    impl crate::io::Write for Vec<u8> {}

    pub struct IntoIter<T>;
    impl<T> IntoIter<T> {
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
    }
    impl<T> Iterator for IntoIter<T> { type Item = T; }
    impl<T> DoubleEndedIterator for IntoIter<T> {}
    impl<T> ExactSizeIterator for IntoIter<T> {}
    impl<T: Clone> Clone for IntoIter<T> {}
    impl<T> Default for IntoIter<T> {}
    impl<T> AsRef<[T]> for IntoIter<T> {}
    pub struct Drain<'a, T>;
    impl<'a, T> Drain<'a, T> { pub fn as_slice(&self) -> &[T]; }
    impl<'a, T> Iterator for Drain<'a, T> { type Item = T; }
    impl<'a, T> DoubleEndedIterator for Drain<'a, T> {}
    impl<'a, T> ExactSizeIterator for Drain<'a, T> {}
    impl<'a, T> AsRef<[T]> for Drain<'a, T> {}
    pub struct Splice<'a, I: Iterator + 'a>;
    impl<'a, I: Iterator> Iterator for Splice<'a, I> { type Item = I::Item; }
    pub struct ExtractIf<'a, T, F>;
    impl<'a, T, F: FnMut(&mut T) -> bool> Iterator for ExtractIf<'a, T, F> { type Item = T; }
}

pub mod array {
    use crate::borrow::{Borrow, BorrowMut};
    use crate::ops::{Index, IndexMut};
    use crate::slice::{Iter, IterMut};

    impl<T, const N: usize> [T; N] {
        pub fn map<F: FnMut(T) -> U, U>(self, f: F) -> [U; N];
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
        pub fn each_ref(&self) -> [&T; N];
        pub fn each_mut(&mut self) -> [&mut T; N];
    }
    impl<T, const N: usize> IntoIterator for [T; N] { type Item = T; type IntoIter = IntoIter<T, N>; }
    impl<'a, T, const N: usize> IntoIterator for &'a [T; N] { type Item = &'a T; type IntoIter = Iter<'a, T>; }
    impl<'a, T, const N: usize> IntoIterator for &'a mut [T; N] { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
    impl<T, I, const N: usize> Index<I> for [T; N] where [T]: Index<I> { type Output = <[T] as Index<I>>::Output; }
    impl<T, I, const N: usize> IndexMut<I> for [T; N] where [T]: IndexMut<I> {}
    impl<T: Clone, const N: usize> Clone for [T; N] {}
    impl<T: Copy, const N: usize> Copy for [T; N] {}
    impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U; N]> for [T; N] {}
    impl<T: PartialEq<U>, U, const N: usize> PartialEq<[U]> for [T; N] {}
    impl<T: Eq, const N: usize> Eq for [T; N] {}
    impl<T: PartialOrd, const N: usize> PartialOrd for [T; N] {}
    impl<T: Ord, const N: usize> Ord for [T; N] {}
    impl<T: crate::hash::Hash, const N: usize> crate::hash::Hash for [T; N] {}
    impl<T: crate::fmt::Debug, const N: usize> crate::fmt::Debug for [T; N] {}
    impl<T: Default, const N: usize> Default for [T; N] {}
    impl<T, const N: usize> AsRef<[T]> for [T; N] {}
    impl<T, const N: usize> AsMut<[T]> for [T; N] {}
    impl<T: Copy, const N: usize> TryFrom<&[T]> for [T; N] { type Error = TryFromSliceError; }
    impl<T: Copy, const N: usize> TryFrom<&mut [T]> for [T; N] { type Error = TryFromSliceError; }
    impl<'a, T, const N: usize> TryFrom<&'a [T]> for &'a [T; N] { type Error = TryFromSliceError; }
    impl<'a, T, const N: usize> TryFrom<&'a mut [T]> for &'a mut [T; N] { type Error = TryFromSliceError; }

    pub struct IntoIter<T, const N: usize>;
    impl<T, const N: usize> IntoIter<T, N> {
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
    }
    impl<T, const N: usize> Iterator for IntoIter<T, N> { type Item = T; }
    impl<T, const N: usize> DoubleEndedIterator for IntoIter<T, N> {}
    impl<T, const N: usize> ExactSizeIterator for IntoIter<T, N> {}
    impl<T: Clone, const N: usize> Clone for IntoIter<T, N> {}
    #[derive(Debug, Copy, Clone)]
    pub struct TryFromSliceError;
    impl crate::fmt::Display for TryFromSliceError {}
    impl crate::error::Error for TryFromSliceError {}

    pub fn from_fn<T, const N: usize, F: FnMut(usize) -> T>(f: F) -> [T; N];
    pub fn repeat<T: Clone, const N: usize>(val: T) -> [T; N];
    pub fn from_ref<T>(s: &T) -> &[T; 1];
    pub fn from_mut<T>(s: &mut T) -> &mut [T; 1];
}
