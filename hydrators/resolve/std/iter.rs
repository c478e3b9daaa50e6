// Iterators. `Iter` is made up: it stands for every iterator type whose name is seldom spelled.

pub mod iter {
    use crate::cmp::Ordering;
    use crate::ops::{ControlFlow, Try};

    pub struct Iter<T>;
    impl<T> Iterator for Iter<T> { type Item = T; }
    impl<T> DoubleEndedIterator for Iter<T> {}
    impl<T> ExactSizeIterator for Iter<T> {}
    impl<T> FusedIterator for Iter<T> {}
    impl<T> Clone for Iter<T> {}

    pub trait Iterator {
        type Item;
        fn next(&mut self) -> Option<Self::Item>;
        fn size_hint(&self) -> (usize, Option<usize>);
        fn count(self) -> usize;
        fn last(self) -> Option<Self::Item>;
        fn nth(&mut self, n: usize) -> Option<Self::Item>;
        fn step_by(self, step: usize) -> Iter<Self::Item>;
        fn chain<U: IntoIterator<Item = Self::Item>>(self, other: U) -> Iter<Self::Item>;
        fn zip<U: IntoIterator>(self, other: U) -> Iter<(Self::Item, U::Item)>;
        fn map<B, F: FnMut(Self::Item) -> B>(self, f: F) -> Iter<B>;
        fn for_each<F: FnMut(Self::Item)>(self, f: F);
        fn filter<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> Iter<Self::Item>;
        fn filter_map<B, F: FnMut(Self::Item) -> Option<B>>(self, f: F) -> Iter<B>;
        fn enumerate(self) -> Iter<(usize, Self::Item)>;
        fn peekable(self) -> Peekable<Self>;
        fn skip_while<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> Iter<Self::Item>;
        fn take_while<P: FnMut(&Self::Item) -> bool>(self, predicate: P) -> Iter<Self::Item>;
        fn map_while<B, P: FnMut(Self::Item) -> Option<B>>(self, predicate: P) -> Iter<B>;
        fn skip(self, n: usize) -> Iter<Self::Item>;
        fn take(self, n: usize) -> Iter<Self::Item>;
        fn scan<St, B, F: FnMut(&mut St, Self::Item) -> Option<B>>(self, initial_state: St, f: F) -> Iter<B>;
        fn flat_map<U: IntoIterator, F: FnMut(Self::Item) -> U>(self, f: F) -> Iter<U::Item>;
        fn flatten(self) -> Iter<<Self::Item as IntoIterator>::Item> where Self::Item: IntoIterator;
        fn fuse(self) -> Iter<Self::Item>;
        fn inspect<F: FnMut(&Self::Item)>(self, f: F) -> Iter<Self::Item>;
        fn by_ref(&mut self) -> &mut Self;
        fn collect<B: FromIterator<Self::Item>>(self) -> B;
        fn partition<B: Default + Extend<Self::Item>, F: FnMut(&Self::Item) -> bool>(self, f: F) -> (B, B);
        fn try_fold<B, F: FnMut(B, Self::Item) -> R, R: Try<Output = B>>(&mut self, init: B, f: F) -> R;
        fn try_for_each<F: FnMut(Self::Item) -> R, R: Try<Output = ()>>(&mut self, f: F) -> R;
        fn fold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, f: F) -> B;
        fn reduce<F: FnMut(Self::Item, Self::Item) -> Self::Item>(self, f: F) -> Option<Self::Item>;
        fn all<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool;
        fn any<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool;
        fn find<P: FnMut(&Self::Item) -> bool>(&mut self, predicate: P) -> Option<Self::Item>;
        fn find_map<B, F: FnMut(Self::Item) -> Option<B>>(&mut self, f: F) -> Option<B>;
        fn position<P: FnMut(Self::Item) -> bool>(&mut self, predicate: P) -> Option<usize>;
        fn rposition<P: FnMut(Self::Item) -> bool>(&mut self, predicate: P) -> Option<usize>;
        fn max(self) -> Option<Self::Item> where Self::Item: Ord;
        fn min(self) -> Option<Self::Item> where Self::Item: Ord;
        fn max_by_key<B: Ord, F: FnMut(&Self::Item) -> B>(self, f: F) -> Option<Self::Item>;
        fn max_by<F: FnMut(&Self::Item, &Self::Item) -> Ordering>(self, compare: F) -> Option<Self::Item>;
        fn min_by_key<B: Ord, F: FnMut(&Self::Item) -> B>(self, f: F) -> Option<Self::Item>;
        fn min_by<F: FnMut(&Self::Item, &Self::Item) -> Ordering>(self, compare: F) -> Option<Self::Item>;
        fn rev(self) -> Iter<Self::Item> where Self: DoubleEndedIterator;
        fn unzip<A, B, FromA: Default + Extend<A>, FromB: Default + Extend<B>>(self) -> (FromA, FromB) where Self: Iterator<Item = (A, B)>;
        fn copied<'a, T: 'a + Copy>(self) -> Iter<T> where Self: Iterator<Item = &'a T>;
        fn cloned<'a, T: 'a + Clone>(self) -> Iter<T> where Self: Iterator<Item = &'a T>;
        fn cycle(self) -> Iter<Self::Item> where Self: Clone;
        fn sum<S: Sum<Self::Item>>(self) -> S;
        fn product<P: Product<Self::Item>>(self) -> P;
        fn cmp<I: IntoIterator<Item = Self::Item>>(self, other: I) -> Ordering where Self::Item: Ord;
        fn partial_cmp<I: IntoIterator>(self, other: I) -> Option<Ordering> where Self::Item: PartialOrd<I::Item>;
        fn eq<I: IntoIterator>(self, other: I) -> bool where Self::Item: PartialEq<I::Item>;
        fn ne<I: IntoIterator>(self, other: I) -> bool where Self::Item: PartialEq<I::Item>;
        fn lt<I: IntoIterator>(self, other: I) -> bool where Self::Item: PartialOrd<I::Item>;
        fn le<I: IntoIterator>(self, other: I) -> bool where Self::Item: PartialOrd<I::Item>;
        fn gt<I: IntoIterator>(self, other: I) -> bool where Self::Item: PartialOrd<I::Item>;
        fn ge<I: IntoIterator>(self, other: I) -> bool where Self::Item: PartialOrd<I::Item>;
        fn is_sorted(self) -> bool where Self::Item: PartialOrd;
        fn is_sorted_by<F: FnMut(&Self::Item, &Self::Item) -> bool>(self, compare: F) -> bool;
        fn is_sorted_by_key<F: FnMut(Self::Item) -> K, K: PartialOrd>(self, f: F) -> bool;
        fn is_partitioned<P: FnMut(Self::Item) -> bool>(self, predicate: P) -> bool;
    }
    impl<I: Iterator + ?Sized> Iterator for &mut I { type Item = I::Item; }
    impl<I: Iterator + ?Sized> Iterator for Box<I> { type Item = I::Item; }
    impl<I: DoubleEndedIterator + ?Sized> DoubleEndedIterator for &mut I {}
    impl<I: DoubleEndedIterator + ?Sized> DoubleEndedIterator for Box<I> {}
    impl<I: ExactSizeIterator + ?Sized> ExactSizeIterator for &mut I {}
    impl<I: ExactSizeIterator + ?Sized> ExactSizeIterator for Box<I> {}

    pub trait DoubleEndedIterator: Iterator {
        fn next_back(&mut self) -> Option<Self::Item>;
        fn nth_back(&mut self, n: usize) -> Option<Self::Item>;
        fn try_rfold<B, F: FnMut(B, Self::Item) -> R, R: Try<Output = B>>(&mut self, init: B, f: F) -> R;
        fn rfold<B, F: FnMut(B, Self::Item) -> B>(self, init: B, f: F) -> B;
        fn rfind<P: FnMut(&Self::Item) -> bool>(&mut self, predicate: P) -> Option<Self::Item>;
    }
    pub trait ExactSizeIterator: Iterator { fn len(&self) -> usize; }
    pub trait FusedIterator: Iterator {}
    pub trait TrustedLen: Iterator {}

    pub trait IntoIterator {
        type Item;
        type IntoIter: Iterator<Item = Self::Item>;
        fn into_iter(self) -> Self::IntoIter;
    }
    impl<I: Iterator> IntoIterator for I { type Item = I::Item; type IntoIter = I; }
    pub trait FromIterator<A> { fn from_iter<T: IntoIterator<Item = A>>(iter: T) -> Self; }
    pub trait Extend<A> { fn extend<T: IntoIterator<Item = A>>(&mut self, iter: T); }
    pub trait Sum<A = Self> { fn sum<I: Iterator<Item = A>>(iter: I) -> Self; }
    pub trait Product<A = Self> { fn product<I: Iterator<Item = A>>(iter: I) -> Self; }
    pub trait Step {}
    impl FromIterator<()> for () {}
    impl<A, B, AE: Default + Extend<A>, BE: Default + Extend<B>> FromIterator<(A, B)> for (AE, BE) {}
    impl<A, B, ExtendA: Extend<A>, ExtendB: Extend<B>> Extend<(A, B)> for (ExtendA, ExtendB) {}

    pub struct Peekable<I: Iterator>;
    impl<I: Iterator> Iterator for Peekable<I> { type Item = I::Item; }
    impl<I: DoubleEndedIterator> DoubleEndedIterator for Peekable<I> {}
    impl<I: ExactSizeIterator> ExactSizeIterator for Peekable<I> {}
    impl<I: Iterator + Clone> Clone for Peekable<I> {}
    impl<I: Iterator> Peekable<I> {
        pub fn peek(&mut self) -> Option<&I::Item>;
        pub fn peek_mut(&mut self) -> Option<&mut I::Item>;
        pub fn next_if(&mut self, func: impl FnOnce(&I::Item) -> bool) -> Option<I::Item>;
        pub fn next_if_eq<T: ?Sized>(&mut self, expected: &T) -> Option<I::Item> where I::Item: PartialEq<T>;
        pub fn next_if_map<R>(&mut self, f: impl FnOnce(I::Item) -> Result<R, I::Item>) -> Option<R>;
        pub fn next_if_map_mut<R>(&mut self, f: impl FnOnce(&mut I::Item) -> Option<R>) -> Option<R>;
    }

    #[derive(Clone)]
    pub struct Rev<I>;
    #[derive(Clone)]
    pub struct Map<I, F>;
    #[derive(Clone)]
    pub struct Filter<I, P>;
    #[derive(Clone)]
    pub struct FilterMap<I, F>;
    #[derive(Clone)]
    pub struct Enumerate<I>;
    #[derive(Clone)]
    pub struct Zip<A, B>;
    #[derive(Clone)]
    pub struct Chain<A, B>;
    #[derive(Clone)]
    pub struct Skip<I>;
    #[derive(Clone)]
    pub struct SkipWhile<I, P>;
    #[derive(Clone)]
    pub struct Take<I>;
    #[derive(Clone)]
    pub struct TakeWhile<I, P>;
    #[derive(Clone)]
    pub struct MapWhile<I, P>;
    #[derive(Clone)]
    pub struct StepBy<I>;
    #[derive(Clone)]
    pub struct Scan<I, St, F>;
    #[derive(Clone)]
    pub struct FlatMap<I, U, F>;
    #[derive(Clone)]
    pub struct Flatten<I>;
    #[derive(Clone)]
    pub struct Fuse<I>;
    #[derive(Clone)]
    pub struct Inspect<I, F>;
    #[derive(Clone)]
    pub struct Cloned<I>;
    #[derive(Clone)]
    pub struct Copied<I>;
    #[derive(Clone)]
    pub struct Cycle<I>;
    impl<I: DoubleEndedIterator> Iterator for Rev<I> { type Item = I::Item; }
    impl<B, I: Iterator, F: FnMut(I::Item) -> B> Iterator for Map<I, F> { type Item = B; }
    impl<I: Iterator, P: FnMut(&I::Item) -> bool> Iterator for Filter<I, P> { type Item = I::Item; }
    impl<B, I: Iterator, F: FnMut(I::Item) -> Option<B>> Iterator for FilterMap<I, F> { type Item = B; }
    impl<I: Iterator> Iterator for Enumerate<I> { type Item = (usize, I::Item); }
    impl<A: Iterator, B: Iterator> Iterator for Zip<A, B> { type Item = (A::Item, B::Item); }
    impl<A: Iterator, B: Iterator<Item = A::Item>> Iterator for Chain<A, B> { type Item = A::Item; }
    impl<I: Iterator> Iterator for Skip<I> { type Item = I::Item; }
    impl<I: Iterator, P: FnMut(&I::Item) -> bool> Iterator for SkipWhile<I, P> { type Item = I::Item; }
    impl<I: Iterator> Iterator for Take<I> { type Item = I::Item; }
    impl<I: Iterator, P: FnMut(&I::Item) -> bool> Iterator for TakeWhile<I, P> { type Item = I::Item; }
    impl<B, I: Iterator, P: FnMut(I::Item) -> Option<B>> Iterator for MapWhile<I, P> { type Item = B; }
    impl<I: Iterator> Iterator for StepBy<I> { type Item = I::Item; }
    impl<B, I: Iterator, St, F: FnMut(&mut St, I::Item) -> Option<B>> Iterator for Scan<I, St, F> { type Item = B; }
    impl<I: Iterator, U: IntoIterator, F: FnMut(I::Item) -> U> Iterator for FlatMap<I, U, F> { type Item = U::Item; }
    impl<I: Iterator> Iterator for Flatten<I> where I::Item: IntoIterator { type Item = <I::Item as IntoIterator>::Item; }
    impl<I: Iterator> Iterator for Fuse<I> { type Item = I::Item; }
    impl<I: Iterator, F: FnMut(&I::Item)> Iterator for Inspect<I, F> { type Item = I::Item; }
    impl<'a, I: Iterator<Item = &'a T>, T: 'a + Clone> Iterator for Cloned<I> { type Item = T; }
    impl<'a, I: Iterator<Item = &'a T>, T: 'a + Copy> Iterator for Copied<I> { type Item = T; }
    impl<I: Clone + Iterator> Iterator for Cycle<I> { type Item = I::Item; }
    impl<I: DoubleEndedIterator> DoubleEndedIterator for Rev<I> {}
    impl<B, I: DoubleEndedIterator, F: FnMut(I::Item) -> B> DoubleEndedIterator for Map<I, F> {}
    impl<I: DoubleEndedIterator, P: FnMut(&I::Item) -> bool> DoubleEndedIterator for Filter<I, P> {}
    impl<B, I: DoubleEndedIterator, F: FnMut(I::Item) -> Option<B>> DoubleEndedIterator for FilterMap<I, F> {}
    impl<I: DoubleEndedIterator> DoubleEndedIterator for Enumerate<I> {}
    impl<A: DoubleEndedIterator, B: DoubleEndedIterator> DoubleEndedIterator for Zip<A, B> {}
    impl<A: DoubleEndedIterator, B: DoubleEndedIterator<Item = A::Item>> DoubleEndedIterator for Chain<A, B> {}
    impl<I: DoubleEndedIterator> DoubleEndedIterator for Skip<I> {}
    impl<I: DoubleEndedIterator> DoubleEndedIterator for Take<I> {}
    impl<I: DoubleEndedIterator> DoubleEndedIterator for StepBy<I> {}
    impl<I: DoubleEndedIterator> DoubleEndedIterator for Fuse<I> {}
    impl<I: ExactSizeIterator> ExactSizeIterator for Rev<I> {}
    impl<B, I: ExactSizeIterator, F: FnMut(I::Item) -> B> ExactSizeIterator for Map<I, F> {}
    impl<I: ExactSizeIterator> ExactSizeIterator for Enumerate<I> {}
    impl<A: ExactSizeIterator, B: ExactSizeIterator> ExactSizeIterator for Zip<A, B> {}
    impl<I: ExactSizeIterator> ExactSizeIterator for Skip<I> {}
    impl<I: ExactSizeIterator> ExactSizeIterator for Take<I> {}

    pub struct Once<T>;
    pub struct OnceWith<F>;
    #[derive(Clone)]
    pub struct Repeat<A>;
    pub struct RepeatN<A>;
    pub struct RepeatWith<F>;
    pub struct Empty<T>;
    #[derive(Clone)]
    pub struct FromFn<F>;
    #[derive(Clone)]
    pub struct Successors<T, F>;
    impl<T> Iterator for Once<T> { type Item = T; }
    impl<A, F: FnOnce() -> A> Iterator for OnceWith<F> { type Item = A; }
    impl<A: Clone> Iterator for Repeat<A> { type Item = A; }
    impl<A: Clone> Iterator for RepeatN<A> { type Item = A; }
    impl<A, F: FnMut() -> A> Iterator for RepeatWith<F> { type Item = A; }
    impl<T> Iterator for Empty<T> { type Item = T; }
    impl<T, F: FnMut() -> Option<T>> Iterator for FromFn<F> { type Item = T; }
    impl<T, F: FnMut(&T) -> Option<T>> Iterator for Successors<T, F> { type Item = T; }
    impl<T> DoubleEndedIterator for Once<T> {}
    impl<T> ExactSizeIterator for Once<T> {}
    impl<T> DoubleEndedIterator for Empty<T> {}
    impl<T> ExactSizeIterator for Empty<T> {}
    impl<T> Default for Empty<T> {}
    pub fn once<T>(value: T) -> Once<T>;
    pub fn once_with<A, F: FnOnce() -> A>(make: F) -> Iter<A>;
    pub fn repeat<T: Clone>(elt: T) -> Repeat<T>;
    pub fn repeat_n<T: Clone>(element: T, count: usize) -> RepeatN<T>;
    pub fn repeat_with<A, F: FnMut() -> A>(repeater: F) -> Iter<A>;
    pub fn empty<T>() -> Empty<T>;
    pub fn from_fn<T, F: FnMut() -> Option<T>>(f: F) -> Iter<T>;
    pub fn successors<T, F: FnMut(&T) -> Option<T>>(first: Option<T>, succ: F) -> Iter<T>;
    pub fn zip<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> Iter<(A::Item, B::Item)>;
    pub fn chain<A: IntoIterator, B: IntoIterator<Item = A::Item>>(a: A, b: B) -> Iter<A::Item>;
}
