// Option, Result and what `?` needs of them.

pub mod option {
    use crate::convert::Infallible;
    use crate::ops::{Deref, DerefMut, FromResidual, Residual, Try};
    use crate::pin::Pin;

    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub enum Option<T> { None, Some(T) }
    pub use self::Option::*;

    impl<T> Option<T> {
        pub fn is_some(&self) -> bool;
        pub fn is_some_and(self, f: impl FnOnce(T) -> bool) -> bool;
        pub fn is_none(&self) -> bool;
        pub fn is_none_or(self, f: impl FnOnce(T) -> bool) -> bool;
        pub fn as_ref(&self) -> Option<&T>;
        pub fn as_mut(&mut self) -> Option<&mut T>;
        pub fn as_pin_ref(self: Pin<&Self>) -> Option<Pin<&T>>;
        pub fn as_pin_mut(self: Pin<&mut Self>) -> Option<Pin<&mut T>>;
        pub fn as_slice(&self) -> &[T];
        pub fn as_mut_slice(&mut self) -> &mut [T];
        pub fn expect(self, msg: &str) -> T;
        pub fn unwrap(self) -> T;
        pub fn unwrap_or(self, default: T) -> T;
        pub fn unwrap_or_else<F: FnOnce() -> T>(self, f: F) -> T;
        pub fn unwrap_or_default(self) -> T where T: Default;
        pub unsafe fn unwrap_unchecked(self) -> T;
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Option<U>;
        pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Option<T>;
        pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U;
        pub fn map_or_else<U, D: FnOnce() -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U;
        pub fn map_or_default<U: Default, F: FnOnce(T) -> U>(self, f: F) -> U;
        pub fn ok_or<E>(self, err: E) -> Result<T, E>;
        pub fn ok_or_else<E, F: FnOnce() -> E>(self, err: F) -> Result<T, E>;
        pub fn as_deref(&self) -> Option<&T::Target> where T: Deref;
        pub fn as_deref_mut(&mut self) -> Option<&mut T::Target> where T: DerefMut;
        pub fn iter(&self) -> Iter<'_, T>;
        pub fn iter_mut(&mut self) -> IterMut<'_, T>;
        pub fn and<U>(self, optb: Option<U>) -> Option<U>;
        pub fn and_then<U, F: FnOnce(T) -> Option<U>>(self, f: F) -> Option<U>;
        pub fn filter<P: FnOnce(&T) -> bool>(self, predicate: P) -> Option<T>;
        pub fn or(self, optb: Option<T>) -> Option<T>;
        pub fn or_else<F: FnOnce() -> Option<T>>(self, f: F) -> Option<T>;
        pub fn xor(self, optb: Option<T>) -> Option<T>;
        pub fn insert(&mut self, value: T) -> &mut T;
        pub fn get_or_insert(&mut self, value: T) -> &mut T;
        pub fn get_or_insert_default(&mut self) -> &mut T where T: Default;
        pub fn get_or_insert_with<F: FnOnce() -> T>(&mut self, f: F) -> &mut T;
        pub fn take(&mut self) -> Option<T>;
        pub fn take_if<P: FnOnce(&mut T) -> bool>(&mut self, predicate: P) -> Option<T>;
        pub fn replace(&mut self, value: T) -> Option<T>;
        pub fn zip<U>(self, other: Option<U>) -> Option<(T, U)>;
    }
    impl<T, U> Option<(T, U)> { pub fn unzip(self) -> (Option<T>, Option<U>); }
    impl<T> Option<&T> {
        pub fn copied(self) -> Option<T> where T: Copy;
        pub fn cloned(self) -> Option<T> where T: Clone;
    }
    impl<T> Option<&mut T> {
        pub fn copied(self) -> Option<T> where T: Copy;
        pub fn cloned(self) -> Option<T> where T: Clone;
    }
    impl<T, E> Option<Result<T, E>> { pub fn transpose(self) -> Result<Option<T>, E>; }
    impl<T> Option<Option<T>> { pub fn flatten(self) -> Option<T>; }
    impl<T> Default for Option<T> {}
    impl<T> IntoIterator for Option<T> { type Item = T; type IntoIter = IntoIter<T>; }
    impl<'a, T> IntoIterator for &'a Option<T> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
    impl<'a, T> IntoIterator for &'a mut Option<T> { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
    impl<T> From<T> for Option<T> {}
    impl<'a, T> From<&'a Option<T>> for Option<&'a T> {}
    impl<A, V: FromIterator<A>> FromIterator<Option<A>> for Option<V> {}
    impl<T, U: crate::iter::Sum<T>> crate::iter::Sum<Option<T>> for Option<U> {}
    impl<T, U: crate::iter::Product<T>> crate::iter::Product<Option<T>> for Option<U> {}
    impl<T> Try for Option<T> { type Output = T; type Residual = Option<Infallible>; }
    impl<T> FromResidual<Option<Infallible>> for Option<T> {}
    impl<T> Residual<T> for Option<Infallible> { type TryType = Option<T>; }

    pub struct Iter<'a, A>;
    pub struct IterMut<'a, A>;
    pub struct IntoIter<A>;
    impl<'a, A> Iterator for Iter<'a, A> { type Item = &'a A; }
    impl<'a, A> DoubleEndedIterator for Iter<'a, A> {}
    impl<'a, A> ExactSizeIterator for Iter<'a, A> {}
    impl<'a, A> Iterator for IterMut<'a, A> { type Item = &'a mut A; }
    impl<'a, A> DoubleEndedIterator for IterMut<'a, A> {}
    impl<'a, A> ExactSizeIterator for IterMut<'a, A> {}
    impl<A> Iterator for IntoIter<A> { type Item = A; }
    impl<A> DoubleEndedIterator for IntoIter<A> {}
    impl<A> ExactSizeIterator for IntoIter<A> {}
}

pub mod result {
    use crate::convert::Infallible;
    use crate::fmt::Debug;
    use crate::ops::{Deref, DerefMut, FromResidual, Residual, Try};

    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub enum Result<T, E> { Ok(T), Err(E) }
    pub use self::Result::*;

    impl<T, E> Result<T, E> {
        pub fn is_ok(&self) -> bool;
        pub fn is_ok_and<F: FnOnce(T) -> bool>(self, f: F) -> bool;
        pub fn is_err(&self) -> bool;
        pub fn is_err_and<F: FnOnce(E) -> bool>(self, f: F) -> bool;
        pub fn ok(self) -> Option<T>;
        pub fn err(self) -> Option<E>;
        pub fn as_ref(&self) -> Result<&T, &E>;
        pub fn as_mut(&mut self) -> Result<&mut T, &mut E>;
        pub fn map<U, F: FnOnce(T) -> U>(self, op: F) -> Result<U, E>;
        pub fn map_or<U, F: FnOnce(T) -> U>(self, default: U, f: F) -> U;
        pub fn map_or_else<U, D: FnOnce(E) -> U, F: FnOnce(T) -> U>(self, default: D, f: F) -> U;
        pub fn map_or_default<U: Default, F: FnOnce(T) -> U>(self, f: F) -> U;
        pub fn map_err<F, O: FnOnce(E) -> F>(self, op: O) -> Result<T, F>;
        pub fn inspect<F: FnOnce(&T)>(self, f: F) -> Self;
        pub fn inspect_err<F: FnOnce(&E)>(self, f: F) -> Self;
        pub fn as_deref(&self) -> Result<&T::Target, &E> where T: Deref;
        pub fn as_deref_mut(&mut self) -> Result<&mut T::Target, &mut E> where T: DerefMut;
        pub fn iter(&self) -> Iter<'_, T>;
        pub fn iter_mut(&mut self) -> IterMut<'_, T>;
        pub fn expect(self, msg: &str) -> T where E: Debug;
        pub fn unwrap(self) -> T where E: Debug;
        pub fn unwrap_or_default(self) -> T where T: Default;
        pub fn expect_err(self, msg: &str) -> E where T: Debug;
        pub fn unwrap_err(self) -> E where T: Debug;
        pub fn and<U>(self, res: Result<U, E>) -> Result<U, E>;
        pub fn and_then<U, F: FnOnce(T) -> Result<U, E>>(self, op: F) -> Result<U, E>;
        pub fn or<F>(self, res: Result<T, F>) -> Result<T, F>;
        pub fn or_else<F, O: FnOnce(E) -> Result<T, F>>(self, op: O) -> Result<T, F>;
        pub fn unwrap_or(self, default: T) -> T;
        pub fn unwrap_or_else<F: FnOnce(E) -> T>(self, op: F) -> T;
        pub unsafe fn unwrap_unchecked(self) -> T;
        pub unsafe fn unwrap_err_unchecked(self) -> E;
    }
    impl<T, E> Result<&T, E> {
        pub fn copied(self) -> Result<T, E> where T: Copy;
        pub fn cloned(self) -> Result<T, E> where T: Clone;
    }
    impl<T, E> Result<&mut T, E> {
        pub fn copied(self) -> Result<T, E> where T: Copy;
        pub fn cloned(self) -> Result<T, E> where T: Clone;
    }
    impl<T, E> Result<Option<T>, E> { pub fn transpose(self) -> Option<Result<T, E>>; }
    impl<T, E> Result<Result<T, E>, E> { pub fn flatten(self) -> Result<T, E>; }
    impl<T, E> IntoIterator for Result<T, E> { type Item = T; type IntoIter = IntoIter<T>; }
    impl<'a, T, E> IntoIterator for &'a Result<T, E> { type Item = &'a T; type IntoIter = Iter<'a, T>; }
    impl<'a, T, E> IntoIterator for &'a mut Result<T, E> { type Item = &'a mut T; type IntoIter = IterMut<'a, T>; }
    impl<A, E, V: FromIterator<A>> FromIterator<Result<A, E>> for Result<V, E> {}
    impl<T, U: crate::iter::Sum<T>, E> crate::iter::Sum<Result<T, E>> for Result<U, E> {}
    impl<T, U: crate::iter::Product<T>, E> crate::iter::Product<Result<T, E>> for Result<U, E> {}
    impl<T, E> Try for Result<T, E> { type Output = T; type Residual = Result<Infallible, E>; }
    impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Result<T, F> {}
    impl<T, E> Residual<T> for Result<Infallible, E> { type TryType = Result<T, E>; }

    pub struct Iter<'a, T>;
    pub struct IterMut<'a, T>;
    pub struct IntoIter<T>;
    impl<'a, T> Iterator for Iter<'a, T> { type Item = &'a T; }
    impl<'a, T> DoubleEndedIterator for Iter<'a, T> {}
    impl<'a, T> ExactSizeIterator for Iter<'a, T> {}
    impl<'a, T> Iterator for IterMut<'a, T> { type Item = &'a mut T; }
    impl<'a, T> DoubleEndedIterator for IterMut<'a, T> {}
    impl<'a, T> ExactSizeIterator for IterMut<'a, T> {}
    impl<T> Iterator for IntoIter<T> { type Item = T; }
    impl<T> DoubleEndedIterator for IntoIter<T> {}
    impl<T> ExactSizeIterator for IntoIter<T> {}
}
