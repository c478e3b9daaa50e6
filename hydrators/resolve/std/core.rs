// Traits that the language itself knows, and the small modules around them.

pub mod prelude {
    pub mod v1 {
        pub use crate::borrow::ToOwned;
        pub use crate::boxed::Box;
        pub use crate::clone::Clone;
        pub use crate::cmp::{Eq, Ord, PartialEq, PartialOrd};
        pub use crate::convert::{AsMut, AsRef, From, Into};
        pub use crate::default::Default;
        pub use crate::iter::{DoubleEndedIterator, ExactSizeIterator, Extend, IntoIterator, Iterator};
        pub use crate::marker::{Copy, Send, Sized, Sync, Unpin};
        pub use crate::mem::{align_of, align_of_val, drop, size_of, size_of_val};
        pub use crate::ops::{AsyncFn, AsyncFnMut, AsyncFnOnce, Drop, Fn, FnMut, FnOnce};
        pub use crate::option::Option::{self, None, Some};
        pub use crate::result::Result::{self, Err, Ok};
        pub use crate::string::{String, ToString};
        pub use crate::vec::Vec;
    }
    pub mod rust_2015 { pub use super::v1::*; }
    pub mod rust_2018 { pub use super::v1::*; }
    pub mod rust_2021 {
        pub use super::v1::*;
        pub use crate::convert::{TryFrom, TryInto};
        pub use crate::iter::FromIterator;
    }
    pub mod rust_2024 {
        pub use super::v1::*;
        pub use crate::convert::{TryFrom, TryInto};
        pub use crate::future::{Future, IntoFuture};
        pub use crate::iter::FromIterator;
    }
}

pub mod marker {
    pub trait Send {}
    pub trait Sync {}
    pub trait Sized {}
    pub trait Copy: Clone {}
    pub trait Unpin {}
    #[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct PhantomData<T: ?Sized>;
    #[derive(Debug, Default, Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
    pub struct PhantomPinned;
    impl<T: ?Sized> Copy for &T {}
    impl<T: ?Sized> Copy for *const T {}
    impl<T: ?Sized> Copy for *mut T {}
}

pub mod clone {
    pub trait Clone {
        fn clone(&self) -> Self;
        fn clone_from(&mut self, source: &Self);
    }
    impl<T: ?Sized> Clone for &T {}
    impl<T: ?Sized> Clone for *const T {}
    impl<T: ?Sized> Clone for *mut T {}
}

pub mod default {
    pub trait Default { fn default() -> Self; }
    impl Default for () {}
}

pub mod tuple {
    use crate::fmt::Debug;
    use crate::hash::Hash;

    impl PartialEq for () {}
    impl Eq for () {}
    impl PartialOrd for () {}
    impl Ord for () {}
    impl Clone for () {}
    impl Copy for () {}
    impl Hash for () {}
    impl<A: Clone> Clone for (A,) {}
    impl<A: Clone, B: Clone> Clone for (A, B) {}
    impl<A: Clone, B: Clone, C: Clone> Clone for (A, B, C) {}
    impl<A: Clone, B: Clone, C: Clone, D: Clone> Clone for (A, B, C, D) {}
    impl<A: Default> Default for (A,) {}
    impl<A: Default, B: Default> Default for (A, B) {}
    impl<A: Default, B: Default, C: Default> Default for (A, B, C) {}
    impl<A: Default, B: Default, C: Default, D: Default> Default for (A, B, C, D) {}
    impl<A: PartialEq, B: PartialEq> PartialEq for (A, B) {}
    impl<A: PartialEq, B: PartialEq, C: PartialEq> PartialEq for (A, B, C) {}
    impl<A: PartialEq, B: PartialEq, C: PartialEq, D: PartialEq> PartialEq for (A, B, C, D) {}
    impl<A: Eq, B: Eq> Eq for (A, B) {}
    impl<A: Eq, B: Eq, C: Eq> Eq for (A, B, C) {}
    impl<A: Eq, B: Eq, C: Eq, D: Eq> Eq for (A, B, C, D) {}
    impl<A: PartialOrd, B: PartialOrd> PartialOrd for (A, B) {}
    impl<A: PartialOrd, B: PartialOrd, C: PartialOrd> PartialOrd for (A, B, C) {}
    impl<A: PartialOrd, B: PartialOrd, C: PartialOrd, D: PartialOrd> PartialOrd for (A, B, C, D) {}
    impl<A: Ord, B: Ord> Ord for (A, B) {}
    impl<A: Ord, B: Ord, C: Ord> Ord for (A, B, C) {}
    impl<A: Ord, B: Ord, C: Ord, D: Ord> Ord for (A, B, C, D) {}
    impl<A: Hash, B: Hash> Hash for (A, B) {}
    impl<A: Hash, B: Hash, C: Hash> Hash for (A, B, C) {}
    impl<A: Hash, B: Hash, C: Hash, D: Hash> Hash for (A, B, C, D) {}
    impl<A: Debug, B: Debug> Debug for (A, B) {}
    impl<A: Debug, B: Debug, C: Debug> Debug for (A, B, C) {}
    impl<A: Debug, B: Debug, C: Debug, D: Debug> Debug for (A, B, C, D) {}
}

pub mod cmp {
    #[derive(Clone, Copy, Eq, PartialOrd, Ord, PartialEq, Debug, Hash)]
    pub enum Ordering { Less = -1, Equal = 0, Greater = 1 }
    impl Ordering {
        pub fn is_eq(self) -> bool;
        pub fn is_ne(self) -> bool;
        pub fn is_lt(self) -> bool;
        pub fn is_gt(self) -> bool;
        pub fn is_le(self) -> bool;
        pub fn is_ge(self) -> bool;
        pub fn reverse(self) -> Ordering;
        pub fn then(self, other: Ordering) -> Ordering;
        pub fn then_with<F: FnOnce() -> Ordering>(self, f: F) -> Ordering;
    }
    #[derive(PartialEq, Eq, Debug, Copy, Clone, Default, Hash)]
    pub struct Reverse<T>(pub T);
    impl<T: PartialOrd> PartialOrd for Reverse<T> {}
    impl<T: Ord> Ord for Reverse<T> {}
    pub trait PartialEq<Rhs: ?Sized = Self> {
        fn eq(&self, other: &Rhs) -> bool;
        fn ne(&self, other: &Rhs) -> bool;
    }
    pub trait Eq: PartialEq {}
    pub trait PartialOrd<Rhs: ?Sized = Self>: PartialEq<Rhs> {
        fn partial_cmp(&self, other: &Rhs) -> Option<Ordering>;
        fn lt(&self, other: &Rhs) -> bool;
        fn le(&self, other: &Rhs) -> bool;
        fn gt(&self, other: &Rhs) -> bool;
        fn ge(&self, other: &Rhs) -> bool;
    }
    pub trait Ord: Eq + PartialOrd {
        fn cmp(&self, other: &Self) -> Ordering;
        fn max(self, other: Self) -> Self;
        fn min(self, other: Self) -> Self;
        fn clamp(self, min: Self, max: Self) -> Self;
    }
    impl<A: PartialEq<B> + ?Sized, B: ?Sized> PartialEq<&B> for &A {}
    impl<A: PartialEq<B> + ?Sized, B: ?Sized> PartialEq<&mut B> for &mut A {}
    impl<A: Eq + ?Sized> Eq for &A {}
    impl<A: Eq + ?Sized> Eq for &mut A {}
    impl<A: PartialOrd<B> + ?Sized, B: ?Sized> PartialOrd<&B> for &A {}
    impl<A: PartialOrd<B> + ?Sized, B: ?Sized> PartialOrd<&mut B> for &mut A {}
    impl<A: Ord + ?Sized> Ord for &A {}
    impl<A: Ord + ?Sized> Ord for &mut A {}
    pub fn min<T: Ord>(v1: T, v2: T) -> T;
    pub fn max<T: Ord>(v1: T, v2: T) -> T;
    pub fn min_by<T, F: FnOnce(&T, &T) -> Ordering>(v1: T, v2: T, compare: F) -> T;
    pub fn max_by<T, F: FnOnce(&T, &T) -> Ordering>(v1: T, v2: T, compare: F) -> T;
    pub fn min_by_key<T, F: FnMut(&T) -> K, K: Ord>(v1: T, v2: T, f: F) -> T;
    pub fn max_by_key<T, F: FnMut(&T) -> K, K: Ord>(v1: T, v2: T, f: F) -> T;
}

pub mod convert {
    #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Infallible {}
    impl crate::fmt::Display for Infallible {}
    impl crate::error::Error for Infallible {}
    pub trait AsRef<T: ?Sized> { fn as_ref(&self) -> &T; }
    pub trait AsMut<T: ?Sized> { fn as_mut(&mut self) -> &mut T; }
    pub trait Into<T> { fn into(self) -> T; }
    pub trait From<T> { fn from(value: T) -> Self; }
    pub trait TryInto<T> {
        type Error;
        fn try_into(self) -> Result<T, Self::Error>;
    }
    pub trait TryFrom<T> {
        type Error;
        fn try_from(value: T) -> Result<Self, Self::Error>;
    }
    impl<T: ?Sized + AsRef<U>, U: ?Sized> AsRef<U> for &T {}
    impl<T: ?Sized + AsRef<U>, U: ?Sized> AsRef<U> for &mut T {}
    impl<T: ?Sized + AsMut<U>, U: ?Sized> AsMut<U> for &mut T {}
    impl<T, U: From<T>> Into<U> for T {}
    impl<T> From<T> for T {}
    impl<T, U: TryFrom<T>> TryInto<U> for T { type Error = U::Error; }
    impl<T, U: Into<T>> TryFrom<U> for T { type Error = Infallible; }
    pub fn identity<T>(x: T) -> T;
}

pub mod borrow {
    use crate::ops::{Add, AddAssign, Deref};

    pub trait Borrow<Borrowed: ?Sized> { fn borrow(&self) -> &Borrowed; }
    pub trait BorrowMut<Borrowed: ?Sized>: Borrow<Borrowed> { fn borrow_mut(&mut self) -> &mut Borrowed; }
    pub trait ToOwned {
        type Owned: Borrow<Self>;
        fn to_owned(&self) -> Self::Owned;
        fn clone_into(&self, target: &mut Self::Owned);
    }
    impl<T: Clone> ToOwned for T { type Owned = T; }
    pub enum Cow<'a, B: ?Sized + ToOwned + 'a> { Borrowed(&'a B), Owned(B::Owned) }
    impl<B: ?Sized + ToOwned> Cow<'_, B> {
        pub fn to_mut(&mut self) -> &mut B::Owned;
        pub fn into_owned(self) -> B::Owned;
    }
    impl<B: ?Sized + ToOwned> Deref for Cow<'_, B> { type Target = B; }
    impl<B: ?Sized + ToOwned> Clone for Cow<'_, B> {}
    impl<T: ?Sized + ToOwned> AsRef<T> for Cow<'_, T> {}
    impl AsRef<crate::path::Path> for Cow<'_, crate::ffi::OsStr> {}
    impl<'a, 'b, B: ?Sized + PartialEq<C> + ToOwned, C: ?Sized + ToOwned> PartialEq<Cow<'b, C>> for Cow<'a, B> {}
    impl<'a> PartialEq<str> for Cow<'a, str> {}
    impl<'a, 'b> PartialEq<&'b str> for Cow<'a, str> {}
    impl<'a> PartialEq<String> for Cow<'a, str> {}
    impl<B: ?Sized + Eq + ToOwned> Eq for Cow<'_, B> {}
    impl<'a, B: ?Sized + PartialOrd + ToOwned> PartialOrd for Cow<'a, B> {}
    impl<B: ?Sized + Ord + ToOwned> Ord for Cow<'_, B> {}
    impl<B: ?Sized + crate::hash::Hash + ToOwned> crate::hash::Hash for Cow<'_, B> {}
    impl<B: ?Sized + crate::fmt::Debug + ToOwned> crate::fmt::Debug for Cow<'_, B> {}
    impl<B: ?Sized + crate::fmt::Display + ToOwned> crate::fmt::Display for Cow<'_, B> {}
    impl<B: ?Sized + ToOwned> Default for Cow<'_, B> {}
    impl<'a> Add<&'a str> for Cow<'a, str> { type Output = Cow<'a, str>; }
    impl<'a> Add<Cow<'a, str>> for Cow<'a, str> { type Output = Cow<'a, str>; }
    impl<'a> AddAssign<&'a str> for Cow<'a, str> {}
    impl<'a> AddAssign<Cow<'a, str>> for Cow<'a, str> {}
    impl<'a> From<&'a str> for Cow<'a, str> {}
    impl<'a> From<String> for Cow<'a, str> {}
    impl<'a> From<&'a String> for Cow<'a, str> {}
    impl<'a, T: Clone> From<&'a [T]> for Cow<'a, [T]> {}
    impl<'a, T: Clone> From<Vec<T>> for Cow<'a, [T]> {}
    impl<'a, T: Clone> From<&'a Vec<T>> for Cow<'a, [T]> {}
    impl<'a> From<&'a crate::path::Path> for Cow<'a, crate::path::Path> {}
    impl<'a> From<crate::path::PathBuf> for Cow<'a, crate::path::Path> {}
    impl<'a> From<&'a crate::ffi::OsStr> for Cow<'a, crate::ffi::OsStr> {}
    impl<'a> From<crate::ffi::OsString> for Cow<'a, crate::ffi::OsStr> {}
    impl<'a> FromIterator<char> for Cow<'a, str> {}
    impl<'a, 'b> FromIterator<&'b str> for Cow<'a, str> {}
    impl<'a> FromIterator<String> for Cow<'a, str> {}
    impl<'a, T: Clone> FromIterator<T> for Cow<'a, [T]> {}
}

pub mod ops {
    use crate::convert::Infallible;

    pub trait Add<Rhs = Self> { type Output; fn add(self, rhs: Rhs) -> Self::Output; }
    pub trait Sub<Rhs = Self> { type Output; fn sub(self, rhs: Rhs) -> Self::Output; }
    pub trait Mul<Rhs = Self> { type Output; fn mul(self, rhs: Rhs) -> Self::Output; }
    pub trait Div<Rhs = Self> { type Output; fn div(self, rhs: Rhs) -> Self::Output; }
    pub trait Rem<Rhs = Self> { type Output; fn rem(self, rhs: Rhs) -> Self::Output; }
    pub trait BitAnd<Rhs = Self> { type Output; fn bitand(self, rhs: Rhs) -> Self::Output; }
    pub trait BitOr<Rhs = Self> { type Output; fn bitor(self, rhs: Rhs) -> Self::Output; }
    pub trait BitXor<Rhs = Self> { type Output; fn bitxor(self, rhs: Rhs) -> Self::Output; }
    pub trait Shl<Rhs = Self> { type Output; fn shl(self, rhs: Rhs) -> Self::Output; }
    pub trait Shr<Rhs = Self> { type Output; fn shr(self, rhs: Rhs) -> Self::Output; }
    pub trait Neg { type Output; fn neg(self) -> Self::Output; }
    pub trait Not { type Output; fn not(self) -> Self::Output; }
    pub trait AddAssign<Rhs = Self> { fn add_assign(&mut self, rhs: Rhs); }
    pub trait SubAssign<Rhs = Self> { fn sub_assign(&mut self, rhs: Rhs); }
    pub trait MulAssign<Rhs = Self> { fn mul_assign(&mut self, rhs: Rhs); }
    pub trait DivAssign<Rhs = Self> { fn div_assign(&mut self, rhs: Rhs); }
    pub trait RemAssign<Rhs = Self> { fn rem_assign(&mut self, rhs: Rhs); }
    pub trait BitAndAssign<Rhs = Self> { fn bitand_assign(&mut self, rhs: Rhs); }
    pub trait BitOrAssign<Rhs = Self> { fn bitor_assign(&mut self, rhs: Rhs); }
    pub trait BitXorAssign<Rhs = Self> { fn bitxor_assign(&mut self, rhs: Rhs); }
    pub trait ShlAssign<Rhs = Self> { fn shl_assign(&mut self, rhs: Rhs); }
    pub trait ShrAssign<Rhs = Self> { fn shr_assign(&mut self, rhs: Rhs); }
    pub trait Index<Idx: ?Sized> { type Output: ?Sized; fn index(&self, index: Idx) -> &Self::Output; }
    pub trait IndexMut<Idx: ?Sized>: Index<Idx> { fn index_mut(&mut self, index: Idx) -> &mut Self::Output; }
    pub trait Deref { type Target: ?Sized; fn deref(&self) -> &Self::Target; }
    pub trait DerefMut: Deref { fn deref_mut(&mut self) -> &mut Self::Target; }
    impl<T: ?Sized> Deref for &T { type Target = T; }
    impl<T: ?Sized> Deref for &mut T { type Target = T; }
    impl<T: ?Sized> DerefMut for &mut T {}
    pub trait Drop { fn drop(&mut self); }
    pub trait FnOnce<Args> { type Output; fn call_once(self, args: Args) -> Self::Output; }
    pub trait FnMut<Args>: FnOnce<Args> { fn call_mut(&mut self, args: Args) -> Self::Output; }
    pub trait Fn<Args>: FnMut<Args> { fn call(&self, args: Args) -> Self::Output; }
    pub trait AsyncFnOnce<Args> { type Output; type CallOnceFuture; fn async_call_once(self, args: Args) -> Self::CallOnceFuture; }
    pub trait AsyncFnMut<Args>: AsyncFnOnce<Args> { fn async_call_mut(&mut self, args: Args) -> Self::CallOnceFuture; }
    pub trait AsyncFn<Args>: AsyncFnMut<Args> { fn async_call(&self, args: Args) -> Self::CallOnceFuture; }
    pub trait Try: FromResidual<Self::Residual> {
        type Output;
        type Residual;
        fn from_output(output: Self::Output) -> Self;
        fn branch(self) -> ControlFlow<Self::Residual, Self::Output>;
    }
    pub trait FromResidual<R> { fn from_residual(residual: R) -> Self; }
    pub trait Residual<O> { type TryType: Try<Output = O>; }
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum ControlFlow<B, C = ()> { Continue(C), Break(B) }
    impl<B, C> ControlFlow<B, C> {
        pub fn is_break(&self) -> bool;
        pub fn is_continue(&self) -> bool;
        pub fn break_value(self) -> Option<B>;
        pub fn continue_value(self) -> Option<C>;
        pub fn break_ok(self) -> Result<B, C>;
        pub fn continue_ok(self) -> Result<C, B>;
        pub fn map_break<T, F: FnOnce(B) -> T>(self, f: F) -> ControlFlow<T, C>;
        pub fn map_continue<T, F: FnOnce(C) -> T>(self, f: F) -> ControlFlow<B, T>;
    }
    impl<B, C> Try for ControlFlow<B, C> { type Output = C; type Residual = ControlFlow<B, Infallible>; }
    impl<B, C> FromResidual<ControlFlow<B, Infallible>> for ControlFlow<B, C> {}
    #[derive(Clone, Copy, Debug, Hash, Eq, PartialEq)]
    pub enum Bound<T> { Included(T), Excluded(T), Unbounded }
    impl<T> Bound<T> {
        pub fn as_ref(&self) -> Bound<&T>;
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Bound<U>;
    }
    impl<T: Clone> Bound<&T> { pub fn cloned(self) -> Bound<T>; }
    pub trait RangeBounds<T: ?Sized> {
        fn start_bound(&self) -> Bound<&T>;
        fn end_bound(&self) -> Bound<&T>;
        fn contains<U: ?Sized>(&self, item: &U) -> bool where T: PartialOrd<U>, U: PartialOrd<T>;
    }
    #[derive(Copy, Clone, Default, PartialEq, Eq, Hash, Debug)]
    pub struct RangeFull;
    #[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
    pub struct Range<Idx> { pub start: Idx, pub end: Idx }
    #[derive(Clone, PartialEq, Eq, Hash, Debug)]
    pub struct RangeFrom<Idx> { pub start: Idx }
    #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
    pub struct RangeTo<Idx> { pub end: Idx }
    #[derive(Clone, PartialEq, Eq, Hash, Debug)]
    pub struct RangeInclusive<Idx>;
    #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
    pub struct RangeToInclusive<Idx> { pub end: Idx }
    impl<Idx> Range<Idx> {
        pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>;
        pub fn is_empty(&self) -> bool where Idx: PartialOrd;
    }
    impl<Idx> RangeFrom<Idx> { pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>; }
    impl<Idx> RangeTo<Idx> { pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>; }
    impl<Idx> RangeToInclusive<Idx> { pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>; }
    impl<Idx> RangeInclusive<Idx> {
        pub fn new(start: Idx, end: Idx) -> Self;
        pub fn start(&self) -> &Idx;
        pub fn end(&self) -> &Idx;
        pub fn into_inner(self) -> (Idx, Idx);
        pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>;
        pub fn is_empty(&self) -> bool where Idx: PartialOrd;
    }
    impl<A: crate::iter::Step> Iterator for Range<A> { type Item = A; }
    impl<A: crate::iter::Step> DoubleEndedIterator for Range<A> {}
    impl<A: crate::iter::Step> ExactSizeIterator for Range<A> {}
    impl<A: crate::iter::Step> Iterator for RangeFrom<A> { type Item = A; }
    impl<A: crate::iter::Step> Iterator for RangeInclusive<A> { type Item = A; }
    impl<A: crate::iter::Step> DoubleEndedIterator for RangeInclusive<A> {}
    impl<A: crate::iter::Step> ExactSizeIterator for RangeInclusive<A> {}
    impl<T: ?Sized> RangeBounds<T> for RangeFull {}
    impl<T> RangeBounds<T> for Range<T> {}
    impl<T> RangeBounds<T> for RangeFrom<T> {}
    impl<T> RangeBounds<T> for RangeTo<T> {}
    impl<T> RangeBounds<T> for RangeInclusive<T> {}
    impl<T> RangeBounds<T> for RangeToInclusive<T> {}
    impl<T> RangeBounds<T> for Range<&T> {}
    impl<T> RangeBounds<T> for RangeFrom<&T> {}
    impl<T> RangeBounds<T> for RangeTo<&T> {}
    impl<T> RangeBounds<T> for RangeInclusive<&T> {}
    impl<T> RangeBounds<T> for RangeToInclusive<&T> {}
    impl<T> RangeBounds<T> for (Bound<T>, Bound<T>) {}
}

pub mod range {
    pub use crate::ops::{Bound, RangeBounds, RangeFull, RangeTo};
    use crate::iter::Step;

    #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
    pub struct Range<Idx> { pub start: Idx, pub end: Idx }
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
    pub struct RangeFrom<Idx> { pub start: Idx }
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
    pub struct RangeInclusive<Idx> { pub start: Idx, pub last: Idx }
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
    pub struct RangeToInclusive<Idx> { pub last: Idx }
    impl<Idx> Range<Idx> {
        pub fn iter(&self) -> RangeIter<Idx> where Idx: Clone;
        pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>;
        pub fn is_empty(&self) -> bool where Idx: PartialOrd;
    }
    impl<Idx> RangeFrom<Idx> {
        pub fn iter(&self) -> RangeFromIter<Idx> where Idx: Clone;
        pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>;
    }
    impl<Idx> RangeInclusive<Idx> {
        pub fn iter(&self) -> RangeInclusiveIter<Idx> where Idx: Clone;
        pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>;
        pub fn is_empty(&self) -> bool where Idx: PartialOrd;
    }
    impl<Idx> RangeToInclusive<Idx> { pub fn contains<U: ?Sized>(&self, item: &U) -> bool where Idx: PartialOrd<U>, U: PartialOrd<Idx>; }
    #[derive(Clone, Debug)]
    pub struct RangeIter<A>;
    #[derive(Clone, Debug)]
    pub struct RangeFromIter<A>;
    #[derive(Clone, Debug)]
    pub struct RangeInclusiveIter<A>;
    impl<A: Step> Iterator for RangeIter<A> { type Item = A; }
    impl<A: Step> Iterator for RangeFromIter<A> { type Item = A; }
    impl<A: Step> Iterator for RangeInclusiveIter<A> { type Item = A; }
    impl<A: Step> DoubleEndedIterator for RangeIter<A> {}
    impl<A: Step> DoubleEndedIterator for RangeInclusiveIter<A> {}
    impl<A: Step> IntoIterator for Range<A> { type Item = A; type IntoIter = RangeIter<A>; }
    impl<A: Step> IntoIterator for RangeFrom<A> { type Item = A; type IntoIter = RangeFromIter<A>; }
    impl<A: Step> IntoIterator for RangeInclusive<A> { type Item = A; type IntoIter = RangeInclusiveIter<A>; }
}

pub mod hash {

    pub trait Hash {
        fn hash<H: Hasher>(&self, state: &mut H);
        fn hash_slice<H: Hasher>(data: &[Self], state: &mut H);
    }
    pub trait Hasher {
        fn finish(&self) -> u64;
        fn write(&mut self, bytes: &[u8]);
        fn write_u8(&mut self, i: u8);
        fn write_u16(&mut self, i: u16);
        fn write_u32(&mut self, i: u32);
        fn write_u64(&mut self, i: u64);
        fn write_u128(&mut self, i: u128);
        fn write_usize(&mut self, i: usize);
        fn write_i8(&mut self, i: i8);
        fn write_i16(&mut self, i: i16);
        fn write_i32(&mut self, i: i32);
        fn write_i64(&mut self, i: i64);
        fn write_i128(&mut self, i: i128);
        fn write_isize(&mut self, i: isize);
    }
    pub trait BuildHasher {
        type Hasher: Hasher;
        fn build_hasher(&self) -> Self::Hasher;
        fn hash_one<T: Hash>(&self, x: T) -> u64;
    }
    impl<H: Hasher + ?Sized> Hasher for &mut H {}
    impl<H: Hasher + ?Sized> Hasher for Box<H> {}
    impl<T: Hash + ?Sized> Hash for &T {}
    impl<T: Hash + ?Sized> Hash for &mut T {}
    pub struct BuildHasherDefault<H>;
    impl<H> BuildHasherDefault<H> { pub fn new() -> Self; }
    impl<H: Default + Hasher> BuildHasher for BuildHasherDefault<H> { type Hasher = H; }
    impl<H> Clone for BuildHasherDefault<H> {}
    impl<H> Default for BuildHasherDefault<H> {}
    pub use self::random::{DefaultHasher, RandomState};
    pub struct SipHasher;
    impl SipHasher {
        pub fn new() -> SipHasher;
        pub fn new_with_keys(key0: u64, key1: u64) -> SipHasher;
    }
    impl Hasher for SipHasher {}
    pub mod random {
        use super::{BuildHasher, Hasher};
        #[derive(Clone, Debug)]
        pub struct DefaultHasher;
        impl DefaultHasher { pub fn new() -> DefaultHasher; }
        impl Default for DefaultHasher {}
        impl Hasher for DefaultHasher {}
        #[derive(Clone)]
        pub struct RandomState;
        impl RandomState { pub fn new() -> RandomState; }
        impl Default for RandomState {}
        impl BuildHasher for RandomState { type Hasher = DefaultHasher; }
    }
}

pub mod error {
    use crate::fmt::{Debug, Display};

    pub trait Error: Debug + Display {
        fn source(&self) -> Option<&(dyn Error + 'static)>;
        fn description(&self) -> &str;
        fn cause(&self) -> Option<&dyn Error>;
    }
    impl dyn Error {
        pub fn is<T: Error + 'static>(&self) -> bool;
        pub fn downcast_ref<T: Error + 'static>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Error + 'static>(&mut self) -> Option<&mut T>;
        pub fn downcast<T: Error + 'static>(self: Box<Self>) -> Result<Box<T>, Box<dyn Error>>;
    }
    impl dyn Error + Send {
        pub fn is<T: Error + 'static>(&self) -> bool;
        pub fn downcast_ref<T: Error + 'static>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Error + 'static>(&mut self) -> Option<&mut T>;
        pub fn downcast<T: Error + 'static>(self: Box<Self>) -> Result<Box<T>, Box<dyn Error + Send>>;
    }
    impl dyn Error + Send + Sync {
        pub fn is<T: Error + 'static>(&self) -> bool;
        pub fn downcast_ref<T: Error + 'static>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Error + 'static>(&mut self) -> Option<&mut T>;
        pub fn downcast<T: Error + 'static>(self: Box<Self>) -> Result<Box<T>, Box<dyn Error + Send + Sync>>;
    }
    impl<'a, T: Error + ?Sized> Error for &'a T {}
    impl<T: Error> Error for Box<T> {}
    impl<'a, E: Error + 'a> From<E> for Box<dyn Error + 'a> {}
    impl<'a, E: Error + Send + Sync + 'a> From<E> for Box<dyn Error + Send + Sync + 'a> {}
    impl<'a> From<String> for Box<dyn Error + 'a> {}
    impl<'a> From<String> for Box<dyn Error + Send + Sync + 'a> {}
    impl<'a> From<&str> for Box<dyn Error + 'a> {}
    impl<'a> From<&str> for Box<dyn Error + Send + Sync + 'a> {}
    impl<'a, 'b> From<crate::borrow::Cow<'b, str>> for Box<dyn Error + 'a> {}
}

pub mod any {
    pub trait Any: 'static { fn type_id(&self) -> TypeId; }
    impl<T: 'static + ?Sized> Any for T {}
    impl dyn Any {
        pub fn is<T: Any>(&self) -> bool;
        pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
    }
    impl dyn Any + Send {
        pub fn is<T: Any>(&self) -> bool;
        pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
    }
    impl dyn Any + Send + Sync {
        pub fn is<T: Any>(&self) -> bool;
        pub fn downcast_ref<T: Any>(&self) -> Option<&T>;
        pub fn downcast_mut<T: Any>(&mut self) -> Option<&mut T>;
    }
    impl crate::fmt::Debug for dyn Any {}
    #[derive(Copy, Clone, Debug, Eq, PartialEq, PartialOrd, Ord, Hash)]
    pub struct TypeId;
    impl TypeId { pub fn of<T: ?Sized + 'static>() -> TypeId; }
    pub fn type_name<T: ?Sized>() -> &'static str;
    pub fn type_name_of_val<T: ?Sized>(val: &T) -> &'static str;
}

pub mod mem {
    use crate::ops::{Deref, DerefMut};

    pub fn forget<T>(t: T);
    pub fn size_of<T>() -> usize;
    pub fn size_of_val<T: ?Sized>(val: &T) -> usize;
    pub fn align_of<T>() -> usize;
    pub fn align_of_val<T: ?Sized>(val: &T) -> usize;
    pub fn min_align_of<T>() -> usize;
    pub fn min_align_of_val<T: ?Sized>(val: &T) -> usize;
    pub fn needs_drop<T: ?Sized>() -> bool;
    pub unsafe fn zeroed<T>() -> T;
    pub unsafe fn uninitialized<T>() -> T;
    pub fn swap<T>(x: &mut T, y: &mut T);
    pub fn take<T: Default>(dest: &mut T) -> T;
    pub fn replace<T>(dest: &mut T, src: T) -> T;
    pub fn drop<T>(x: T);
    pub unsafe fn transmute<Src, Dst>(src: Src) -> Dst;
    pub unsafe fn transmute_copy<Src, Dst>(src: &Src) -> Dst;
    pub fn discriminant<T>(v: &T) -> Discriminant<T>;
    #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
    pub struct Discriminant<T>;
    #[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
    pub struct ManuallyDrop<T: ?Sized>;
    impl<T> ManuallyDrop<T> {
        pub fn new(value: T) -> ManuallyDrop<T>;
        pub fn into_inner(slot: ManuallyDrop<T>) -> T;
        pub unsafe fn take(slot: &mut ManuallyDrop<T>) -> T;
        pub unsafe fn drop(slot: &mut ManuallyDrop<T>);
    }
    impl<T: ?Sized> Deref for ManuallyDrop<T> { type Target = T; }
    impl<T: ?Sized> DerefMut for ManuallyDrop<T> {}
    #[derive(Copy)]
    pub union MaybeUninit<T> { uninit: (), value: T }
    impl<T: Copy> Clone for MaybeUninit<T> {}
    impl<T> MaybeUninit<T> {
        pub fn new(val: T) -> MaybeUninit<T>;
        pub fn uninit() -> MaybeUninit<T>;
        pub fn zeroed() -> MaybeUninit<T>;
        pub fn write(&mut self, val: T) -> &mut T;
        pub fn as_ptr(&self) -> *const T;
        pub fn as_mut_ptr(&mut self) -> *mut T;
        pub unsafe fn assume_init(self) -> T;
        pub unsafe fn assume_init_read(&self) -> T;
        pub unsafe fn assume_init_drop(&mut self);
        pub unsafe fn assume_init_ref(&self) -> &T;
        pub unsafe fn assume_init_mut(&mut self) -> &mut T;
    }
}

pub mod ptr {
    use crate::mem::MaybeUninit;
    use crate::num::NonZero;
    use crate::primitive::Pointer;

    impl<T: ?Sized> Pointer<T> {
        pub fn is_null(self) -> bool;
        pub fn cast<U>(self) -> *mut U;
        pub fn cast_mut(self) -> *mut T;
        pub fn cast_const(self) -> *const T;
        pub fn addr(self) -> usize;
        pub fn expose_provenance(self) -> usize;
        pub fn with_addr(self, addr: usize) -> Self;
        pub fn map_addr(self, f: impl FnOnce(usize) -> usize) -> Self;
        pub unsafe fn as_ref<'a>(self) -> Option<&'a T>;
        pub unsafe fn as_ref_unchecked<'a>(self) -> &'a T;
        pub unsafe fn as_uninit_ref<'a>(self) -> Option<&'a MaybeUninit<T>>;
        pub unsafe fn as_mut<'a>(self) -> Option<&'a mut T>;
        pub unsafe fn as_mut_unchecked<'a>(self) -> &'a mut T;
        pub unsafe fn offset(self, count: isize) -> Self;
        pub unsafe fn byte_offset(self, count: isize) -> Self;
        pub fn wrapping_offset(self, count: isize) -> Self;
        pub fn wrapping_byte_offset(self, count: isize) -> Self;
        pub unsafe fn offset_from(self, origin: *const T) -> isize;
        pub unsafe fn byte_offset_from<U: ?Sized>(self, origin: *const U) -> isize;
        pub unsafe fn offset_from_unsigned(self, origin: *const T) -> usize;
        pub unsafe fn byte_offset_from_unsigned<U: ?Sized>(self, origin: *const U) -> usize;
        pub unsafe fn add(self, count: usize) -> Self;
        pub unsafe fn byte_add(self, count: usize) -> Self;
        pub unsafe fn sub(self, count: usize) -> Self;
        pub unsafe fn byte_sub(self, count: usize) -> Self;
        pub fn wrapping_add(self, count: usize) -> Self;
        pub fn wrapping_byte_add(self, count: usize) -> Self;
        pub fn wrapping_sub(self, count: usize) -> Self;
        pub fn wrapping_byte_sub(self, count: usize) -> Self;
        pub unsafe fn read(self) -> T;
        pub unsafe fn read_volatile(self) -> T;
        pub unsafe fn read_unaligned(self) -> T;
        pub unsafe fn copy_to(self, dest: *mut T, count: usize);
        pub unsafe fn copy_to_nonoverlapping(self, dest: *mut T, count: usize);
        pub unsafe fn copy_from(self, src: *const T, count: usize);
        pub unsafe fn copy_from_nonoverlapping(self, src: *const T, count: usize);
        pub fn as_array<const N: usize>(self) -> Option<*const [T; N]>;
        pub fn as_mut_array<const N: usize>(self) -> Option<*mut [T; N]>;
        pub unsafe fn drop_in_place(self);
        pub unsafe fn write(self, val: T);
        pub unsafe fn write_bytes(self, val: u8, count: usize);
        pub unsafe fn write_volatile(self, val: T);
        pub unsafe fn write_unaligned(self, val: T);
        pub unsafe fn replace(self, src: T) -> T;
        pub unsafe fn swap(self, with: *mut T);
        pub fn align_offset(self, align: usize) -> usize;
        pub fn is_aligned(self) -> bool;
        pub fn len(self) -> usize;
        pub fn is_empty(self) -> bool;
    }
    pub struct NonNull<T: ?Sized>;
    impl<T: ?Sized> NonNull<T> {
        pub fn without_provenance(addr: NonZero<usize>) -> Self;
        pub fn dangling() -> Self;
        pub fn with_exposed_provenance(addr: NonZero<usize>) -> Self;
        pub unsafe fn new_unchecked(ptr: *mut T) -> Self;
        pub fn new(ptr: *mut T) -> Option<Self>;
        pub fn from_ref(r: &T) -> Self;
        pub fn from_mut(r: &mut T) -> Self;
        pub fn addr(self) -> NonZero<usize>;
        pub fn expose_provenance(self) -> NonZero<usize>;
        pub fn with_addr(self, addr: NonZero<usize>) -> Self;
        pub fn map_addr(self, f: impl FnOnce(NonZero<usize>) -> NonZero<usize>) -> Self;
        pub fn as_ptr(self) -> *mut T;
        pub unsafe fn as_ref<'a>(&self) -> &'a T;
        pub unsafe fn as_mut<'a>(&mut self) -> &'a mut T;
        pub fn cast<U>(self) -> NonNull<U>;
        pub unsafe fn offset(self, count: isize) -> Self;
        pub unsafe fn byte_offset(self, count: isize) -> Self;
        pub unsafe fn add(self, count: usize) -> Self;
        pub unsafe fn byte_add(self, count: usize) -> Self;
        pub unsafe fn sub(self, count: usize) -> Self;
        pub unsafe fn byte_sub(self, count: usize) -> Self;
        pub unsafe fn offset_from(self, origin: NonNull<T>) -> isize;
        pub unsafe fn byte_offset_from<U: ?Sized>(self, origin: NonNull<U>) -> isize;
        pub unsafe fn offset_from_unsigned(self, subtracted: NonNull<T>) -> usize;
        pub unsafe fn byte_offset_from_unsigned<U: ?Sized>(self, origin: NonNull<U>) -> usize;
        pub unsafe fn read(self) -> T;
        pub unsafe fn read_volatile(self) -> T;
        pub unsafe fn read_unaligned(self) -> T;
        pub unsafe fn copy_to(self, dest: NonNull<T>, count: usize);
        pub unsafe fn copy_to_nonoverlapping(self, dest: NonNull<T>, count: usize);
        pub unsafe fn copy_from(self, src: NonNull<T>, count: usize);
        pub unsafe fn copy_from_nonoverlapping(self, src: NonNull<T>, count: usize);
        pub unsafe fn drop_in_place(self);
        pub unsafe fn write(self, val: T);
        pub unsafe fn write_bytes(self, val: u8, count: usize);
        pub unsafe fn write_volatile(self, val: T);
        pub unsafe fn write_unaligned(self, val: T);
        pub unsafe fn replace(self, src: T) -> T;
        pub unsafe fn swap(self, with: NonNull<T>);
        pub fn align_offset(self, align: usize) -> usize;
        pub fn is_aligned(self) -> bool;
    }
    impl<T> NonNull<[T]> {
        pub fn slice_from_raw_parts(data: NonNull<T>, len: usize) -> Self;
        pub fn len(self) -> usize;
        pub fn is_empty(self) -> bool;
    }
    impl<T: ?Sized> Clone for NonNull<T> {}
    impl<T: ?Sized> Copy for NonNull<T> {}
    impl<T: ?Sized> PartialEq for NonNull<T> {}
    impl<T: ?Sized> Eq for NonNull<T> {}
    impl<T: ?Sized> PartialOrd for NonNull<T> {}
    impl<T: ?Sized> Ord for NonNull<T> {}
    impl<T: ?Sized> crate::hash::Hash for NonNull<T> {}
    impl<T: ?Sized> crate::fmt::Debug for NonNull<T> {}
    impl<T: ?Sized> crate::fmt::Pointer for NonNull<T> {}
    impl<T: ?Sized> From<&T> for NonNull<T> {}
    impl<T: ?Sized> From<&mut T> for NonNull<T> {}
    pub fn null<T>() -> *const T;
    pub fn null_mut<T>() -> *mut T;
    pub fn dangling<T>() -> *const T;
    pub fn dangling_mut<T>() -> *mut T;
    pub fn without_provenance<T>(addr: usize) -> *const T;
    pub fn without_provenance_mut<T>(addr: usize) -> *mut T;
    pub fn with_exposed_provenance<T>(addr: usize) -> *const T;
    pub fn with_exposed_provenance_mut<T>(addr: usize) -> *mut T;
    pub fn from_ref<T: ?Sized>(r: &T) -> *const T;
    pub fn from_mut<T: ?Sized>(r: &mut T) -> *mut T;
    pub fn slice_from_raw_parts<T>(data: *const T, len: usize) -> *const [T];
    pub fn slice_from_raw_parts_mut<T>(data: *mut T, len: usize) -> *mut [T];
    pub fn eq<T: ?Sized>(a: *const T, b: *const T) -> bool;
    pub fn addr_eq<T: ?Sized, U: ?Sized>(p: *const T, q: *const U) -> bool;
    pub fn fn_addr_eq<T, U>(f: T, g: U) -> bool;
    pub fn hash<T: ?Sized, S: crate::hash::Hasher>(hashee: *const T, into: &mut S);
    pub unsafe fn read<T>(src: *const T) -> T;
    pub unsafe fn read_unaligned<T>(src: *const T) -> T;
    pub unsafe fn read_volatile<T>(src: *const T) -> T;
    pub unsafe fn write<T>(dst: *mut T, src: T);
    pub unsafe fn write_unaligned<T>(dst: *mut T, src: T);
    pub unsafe fn write_volatile<T>(dst: *mut T, src: T);
    pub unsafe fn write_bytes<T>(dst: *mut T, val: u8, count: usize);
    pub unsafe fn copy<T>(src: *const T, dst: *mut T, count: usize);
    pub unsafe fn copy_nonoverlapping<T>(src: *const T, dst: *mut T, count: usize);
    pub unsafe fn swap<T>(x: *mut T, y: *mut T);
    pub unsafe fn swap_nonoverlapping<T>(x: *mut T, y: *mut T, count: usize);
    pub unsafe fn replace<T>(dst: *mut T, src: T) -> T;
    pub unsafe fn drop_in_place<T: ?Sized>(to_drop: *mut T);
}

pub mod hint {
    pub fn black_box<T>(dummy: T) -> T;
    pub fn spin_loop();
    pub unsafe fn unreachable_unchecked() -> !;
    pub unsafe fn assert_unchecked(cond: bool);
    pub fn must_use<T>(value: T) -> T;
    pub fn select_unpredictable<T>(b: bool, true_val: T, false_val: T) -> T;
    pub fn cold_path();
}

pub mod panic {
    use crate::any::Any;
    use crate::ops::{Deref, DerefMut};

    pub struct PanicHookInfo<'a>;
    pub type PanicInfo<'a> = PanicHookInfo<'a>;
    impl<'a> PanicHookInfo<'a> {
        pub fn payload(&self) -> &(dyn Any + Send);
        pub fn payload_as_str(&self) -> Option<&str>;
        pub fn location(&self) -> Option<&Location<'_>>;
    }
    impl crate::fmt::Display for PanicHookInfo<'_> {}
    #[derive(Copy, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    pub struct Location<'a>;
    impl<'a> Location<'a> {
        pub fn caller() -> &'static Location<'static>;
        pub fn file(&self) -> &'a str;
        pub fn file_as_c_str(&self) -> &'a crate::ffi::CStr;
        pub fn line(&self) -> u32;
        pub fn column(&self) -> u32;
    }
    impl crate::fmt::Display for Location<'_> {}
    pub struct PanicMessage<'a>;
    impl PanicMessage<'_> { pub fn as_str(&self) -> Option<&'static str>; }
    pub struct AssertUnwindSafe<T>(pub T);
    impl<T> Deref for AssertUnwindSafe<T> { type Target = T; }
    impl<T> DerefMut for AssertUnwindSafe<T> {}
    impl<F: crate::future::Future> crate::future::Future for AssertUnwindSafe<F> { type Output = F::Output; }
    pub trait UnwindSafe {}
    pub trait RefUnwindSafe {}
    pub fn catch_unwind<F: FnOnce() -> R + UnwindSafe, R>(f: F) -> crate::thread::Result<R>;
    pub fn resume_unwind(payload: Box<dyn Any + Send>) -> !;
    pub fn panic_any<M: 'static + Any + Send>(msg: M) -> !;
    pub fn set_hook(hook: Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>);
    pub fn take_hook() -> Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;
}

pub mod backtrace {
    pub struct Backtrace;
    #[derive(Debug, PartialEq, Eq)]
    pub enum BacktraceStatus { Unsupported, Disabled, Captured }
    impl Backtrace {
        pub fn capture() -> Backtrace;
        pub fn force_capture() -> Backtrace;
        pub fn disabled() -> Backtrace;
        pub fn status(&self) -> BacktraceStatus;
    }
    impl crate::fmt::Debug for Backtrace {}
    impl crate::fmt::Display for Backtrace {}
}

pub mod future {
    use crate::pin::Pin;
    use crate::task::{Context, Poll};

    pub trait Future {
        type Output;
        fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output>;
    }
    impl<F: ?Sized + Future + Unpin> Future for &mut F { type Output = F::Output; }
    impl<F: ?Sized + Future + Unpin> Future for Box<F> { type Output = F::Output; }
    impl<P: crate::ops::DerefMut> Future for Pin<P> where P::Target: Future { type Output = <P::Target as Future>::Output; }
    pub trait IntoFuture {
        type Output;
        type IntoFuture: Future<Output = Self::Output>;
        fn into_future(self) -> Self::IntoFuture;
    }
    impl<F: Future> IntoFuture for F { type Output = F::Output; type IntoFuture = F; }
    #[derive(Debug, Clone)]
    pub struct Ready<T>;
    impl<T> Ready<T> { pub fn into_inner(self) -> T; }
    impl<T> Future for Ready<T> { type Output = T; }
    pub struct Pending<T>;
    impl<T> Future for Pending<T> { type Output = T; }
    pub struct PollFn<F>;
    impl<T, F: FnMut(&mut Context<'_>) -> Poll<T>> Future for PollFn<F> { type Output = T; }
    pub fn ready<T>(t: T) -> Ready<T>;
    pub fn pending<T>() -> Pending<T>;
    pub fn poll_fn<T, F: FnMut(&mut Context<'_>) -> Poll<T>>(f: F) -> PollFn<F>;
}

pub mod task {
    use crate::convert::Infallible;
    use crate::ops::{FromResidual, Try};
    use crate::sync::Arc;

    #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
    pub enum Poll<T> { Ready(T), Pending }
    impl<T> Poll<T> {
        pub fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<U>;
        pub fn is_ready(&self) -> bool;
        pub fn is_pending(&self) -> bool;
    }
    impl<T, E> Poll<Result<T, E>> {
        pub fn map_ok<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<Result<U, E>>;
        pub fn map_err<U, F: FnOnce(E) -> U>(self, f: F) -> Poll<Result<T, U>>;
    }
    impl<T, E> Poll<Option<Result<T, E>>> {
        pub fn map_ok<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<Option<Result<U, E>>>;
        pub fn map_err<U, F: FnOnce(E) -> U>(self, f: F) -> Poll<Option<Result<T, U>>>;
    }
    impl<T> From<T> for Poll<T> {}
    impl<T, E> Try for Poll<Result<T, E>> { type Output = Poll<T>; type Residual = Result<Infallible, E>; }
    impl<T, E> Try for Poll<Option<Result<T, E>>> { type Output = Poll<Option<T>>; type Residual = Result<Infallible, E>; }
    impl<T, E, F: From<E>> FromResidual<Result<Infallible, E>> for Poll<Result<T, F>> {}
    pub struct Context<'a>;
    impl<'a> Context<'a> {
        pub fn from_waker(waker: &'a Waker) -> Self;
        pub fn waker(&self) -> &'a Waker;
    }
    pub struct Waker;
    impl Waker {
        pub fn wake(self);
        pub fn wake_by_ref(&self);
        pub fn will_wake(&self, other: &Waker) -> bool;
        pub unsafe fn new(data: *const (), vtable: &'static RawWakerVTable) -> Self;
        pub unsafe fn from_raw(waker: RawWaker) -> Waker;
        pub fn noop() -> &'static Waker;
        pub fn data(&self) -> *const ();
        pub fn vtable(&self) -> &'static RawWakerVTable;
    }
    impl Clone for Waker {}
    impl<W: Wake + Send + Sync + 'static> From<Arc<W>> for Waker {}
    #[derive(PartialEq, Debug)]
    pub struct RawWaker;
    impl RawWaker { pub fn new(data: *const (), vtable: &'static RawWakerVTable) -> RawWaker; }
    #[derive(PartialEq, Copy, Clone, Debug)]
    pub struct RawWakerVTable;
    impl RawWakerVTable {
        pub fn new(clone: unsafe fn(*const ()) -> RawWaker, wake: unsafe fn(*const ()), wake_by_ref: unsafe fn(*const ()), drop: unsafe fn(*const ())) -> Self;
    }
    pub trait Wake {
        fn wake(self: Arc<Self>);
        fn wake_by_ref(self: &Arc<Self>);
    }
}

pub mod time {
    use crate::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Sub, SubAssign};

    pub const UNIX_EPOCH: SystemTime;
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
    pub struct Duration;
    impl Duration {
        pub const ZERO: Duration;
        pub const MAX: Duration;
        pub fn new(secs: u64, nanos: u32) -> Duration;
        pub fn from_secs(secs: u64) -> Duration;
        pub fn from_millis(millis: u64) -> Duration;
        pub fn from_micros(micros: u64) -> Duration;
        pub fn from_nanos(nanos: u64) -> Duration;
        pub fn from_nanos_u128(nanos: u128) -> Duration;
        pub fn from_mins(mins: u64) -> Duration;
        pub fn from_hours(hours: u64) -> Duration;
        pub fn is_zero(&self) -> bool;
        pub fn as_secs(&self) -> u64;
        pub fn subsec_millis(&self) -> u32;
        pub fn subsec_micros(&self) -> u32;
        pub fn subsec_nanos(&self) -> u32;
        pub fn as_millis(&self) -> u128;
        pub fn as_micros(&self) -> u128;
        pub fn as_nanos(&self) -> u128;
        pub fn abs_diff(self, other: Duration) -> Duration;
        pub fn checked_add(self, rhs: Duration) -> Option<Duration>;
        pub fn saturating_add(self, rhs: Duration) -> Duration;
        pub fn checked_sub(self, rhs: Duration) -> Option<Duration>;
        pub fn saturating_sub(self, rhs: Duration) -> Duration;
        pub fn checked_mul(self, rhs: u32) -> Option<Duration>;
        pub fn saturating_mul(self, rhs: u32) -> Duration;
        pub fn checked_div(self, rhs: u32) -> Option<Duration>;
        pub fn as_secs_f64(&self) -> f64;
        pub fn as_secs_f32(&self) -> f32;
        pub fn from_secs_f64(secs: f64) -> Duration;
        pub fn from_secs_f32(secs: f32) -> Duration;
        pub fn mul_f64(self, rhs: f64) -> Duration;
        pub fn mul_f32(self, rhs: f32) -> Duration;
        pub fn div_f64(self, rhs: f64) -> Duration;
        pub fn div_f32(self, rhs: f32) -> Duration;
        pub fn div_duration_f64(self, rhs: Duration) -> f64;
        pub fn div_duration_f32(self, rhs: Duration) -> f32;
        pub fn try_from_secs_f32(secs: f32) -> Result<Duration, TryFromFloatSecsError>;
        pub fn try_from_secs_f64(secs: f64) -> Result<Duration, TryFromFloatSecsError>;
    }
    impl Add for Duration { type Output = Duration; }
    impl AddAssign for Duration {}
    impl Sub for Duration { type Output = Duration; }
    impl SubAssign for Duration {}
    impl Mul<u32> for Duration { type Output = Duration; }
    impl Mul<Duration> for u32 { type Output = Duration; }
    impl MulAssign<u32> for Duration {}
    impl Div<u32> for Duration { type Output = Duration; }
    impl DivAssign<u32> for Duration {}
    impl crate::iter::Sum for Duration {}
    impl<'a> crate::iter::Sum<&'a Duration> for Duration {}
    #[derive(Debug, PartialEq, Eq, Clone)]
    pub struct TryFromFloatSecsError;
    impl crate::fmt::Display for TryFromFloatSecsError {}
    impl crate::error::Error for TryFromFloatSecsError {}
    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub struct Instant;
    impl Instant {
        pub fn now() -> Instant;
        pub fn duration_since(&self, earlier: Instant) -> Duration;
        pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration>;
        pub fn saturating_duration_since(&self, earlier: Instant) -> Duration;
        pub fn elapsed(&self) -> Duration;
        pub fn checked_add(&self, duration: Duration) -> Option<Instant>;
        pub fn checked_sub(&self, duration: Duration) -> Option<Instant>;
    }
    impl Add<Duration> for Instant { type Output = Instant; }
    impl AddAssign<Duration> for Instant {}
    impl Sub<Duration> for Instant { type Output = Instant; }
    impl SubAssign<Duration> for Instant {}
    impl Sub<Instant> for Instant { type Output = Duration; }
    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub struct SystemTime;
    impl SystemTime {
        pub const UNIX_EPOCH: SystemTime;
        pub fn now() -> SystemTime;
        pub fn duration_since(&self, earlier: SystemTime) -> Result<Duration, SystemTimeError>;
        pub fn elapsed(&self) -> Result<Duration, SystemTimeError>;
        pub fn checked_add(&self, duration: Duration) -> Option<SystemTime>;
        pub fn checked_sub(&self, duration: Duration) -> Option<SystemTime>;
    }
    impl Add<Duration> for SystemTime { type Output = SystemTime; }
    impl AddAssign<Duration> for SystemTime {}
    impl Sub<Duration> for SystemTime { type Output = SystemTime; }
    impl SubAssign<Duration> for SystemTime {}
    #[derive(Clone, Debug)]
    pub struct SystemTimeError;
    impl SystemTimeError { pub fn duration(&self) -> Duration; }
    impl crate::fmt::Display for SystemTimeError {}
    impl crate::error::Error for SystemTimeError {}
}
