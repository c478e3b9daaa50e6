// Owners and cells: Box, Rc, Cell, Pin, allocation.

pub mod boxed {
    use crate::any::Any;
    use crate::borrow::{Borrow, BorrowMut, Cow};
    use crate::fmt::{Debug, Display};
    use crate::mem::MaybeUninit;
    use crate::ops::{Deref, DerefMut};
    use crate::pin::Pin;
    use crate::ptr::NonNull;

    pub struct Box<T: ?Sized>;
    impl<T> Box<T> {
        pub fn new(x: T) -> Box<T>;
        pub fn new_uninit() -> Box<MaybeUninit<T>>;
        pub fn new_zeroed() -> Box<MaybeUninit<T>>;
        pub fn pin(x: T) -> Pin<Box<T>>;
    }
    impl<T> Box<[T]> {
        pub fn new_uninit_slice(len: usize) -> Box<[MaybeUninit<T>]>;
        pub fn new_zeroed_slice(len: usize) -> Box<[MaybeUninit<T>]>;
    }
    impl<T> Box<MaybeUninit<T>> {
        pub unsafe fn assume_init(self) -> Box<T>;
        pub fn write(boxed: Self, value: T) -> Box<T>;
    }
    impl<T> Box<[MaybeUninit<T>]> { pub unsafe fn assume_init(self) -> Box<[T]>; }
    impl<T: ?Sized> Box<T> {
        pub unsafe fn from_raw(raw: *mut T) -> Box<T>;
        pub fn into_raw(b: Box<T>) -> *mut T;
        pub unsafe fn from_non_null(ptr: NonNull<T>) -> Box<T>;
        pub fn into_non_null(b: Box<T>) -> NonNull<T>;
        pub fn as_mut_ptr(b: &mut Box<T>) -> *mut T;
        pub fn as_ptr(b: &Box<T>) -> *const T;
        pub fn leak<'a>(b: Box<T>) -> &'a mut T;
        pub fn into_pin(boxed: Box<T>) -> Pin<Box<T>>;
    }
    impl Box<dyn Any> { pub fn downcast<T: Any>(self) -> Result<Box<T>, Self>; }
    impl Box<dyn Any + Send> { pub fn downcast<T: Any>(self) -> Result<Box<T>, Self>; }
    impl Box<dyn Any + Send + Sync> { pub fn downcast<T: Any>(self) -> Result<Box<T>, Self>; }
    impl<T: ?Sized> Deref for Box<T> { type Target = T; }
    impl<T: ?Sized> DerefMut for Box<T> {}
    impl<T: ?Sized> Drop for Box<T> {}
    impl<T: Default> Default for Box<T> {}
    impl<T> Default for Box<[T]> {}
    impl Default for Box<str> {}
    impl<T: Clone> Clone for Box<T> {}
    impl<T: Clone> Clone for Box<[T]> {}
    impl Clone for Box<str> {}
    impl Clone for Box<crate::path::Path> {}
    impl<T: ?Sized + PartialEq> PartialEq for Box<T> {}
    impl<T: ?Sized + PartialOrd> PartialOrd for Box<T> {}
    impl<T: ?Sized + Ord> Ord for Box<T> {}
    impl<T: ?Sized + Eq> Eq for Box<T> {}
    impl<T: ?Sized + crate::hash::Hash> crate::hash::Hash for Box<T> {}
    impl<T: ?Sized + Debug> Debug for Box<T> {}
    impl<T: ?Sized + Display> Display for Box<T> {}
    impl<T: ?Sized> crate::fmt::Pointer for Box<T> {}
    impl<T> From<T> for Box<T> {}
    impl<T: Clone> From<&[T]> for Box<[T]> {}
    impl From<&str> for Box<str> {}
    impl From<String> for Box<str> {}
    impl From<Cow<'_, str>> for Box<str> {}
    impl From<Box<str>> for Box<[u8]> {}
    impl<T> From<Vec<T>> for Box<[T]> {}
    impl<T, const N: usize> From<[T; N]> for Box<[T]> {}
    impl From<crate::path::PathBuf> for Box<crate::path::Path> {}
    impl From<&crate::path::Path> for Box<crate::path::Path> {}
    impl<T: ?Sized> From<Box<T>> for Pin<Box<T>> {}
    impl<T> FromIterator<T> for Box<[T]> {}
    impl FromIterator<char> for Box<str> {}
    impl FromIterator<String> for Box<str> {}
    impl<T: ?Sized> AsRef<T> for Box<T> {}
    impl<T: ?Sized> AsMut<T> for Box<T> {}
}

pub mod rc {
    use crate::any::Any;
    use crate::borrow::{Borrow, Cow};
    use crate::fmt::{Debug, Display};
    use crate::mem::MaybeUninit;
    use crate::ops::Deref;
    use crate::pin::Pin;

    pub struct Rc<T: ?Sized>;
    impl<T> Rc<T> {
        pub fn new(value: T) -> Rc<T>;
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(data_fn: F) -> Rc<T>;
        pub fn new_uninit() -> Rc<MaybeUninit<T>>;
        pub fn new_zeroed() -> Rc<MaybeUninit<T>>;
        pub fn pin(value: T) -> Pin<Rc<T>>;
        pub fn try_unwrap(this: Rc<T>) -> Result<T, Rc<T>>;
        pub fn into_inner(this: Rc<T>) -> Option<T>;
        pub fn unwrap_or_clone(this: Rc<T>) -> T where T: Clone;
    }
    impl<T> Rc<[T]> {
        pub fn new_uninit_slice(len: usize) -> Rc<[MaybeUninit<T>]>;
        pub fn new_zeroed_slice(len: usize) -> Rc<[MaybeUninit<T>]>;
    }
    impl<T> Rc<MaybeUninit<T>> { pub unsafe fn assume_init(self) -> Rc<T>; }
    impl<T> Rc<[MaybeUninit<T>]> { pub unsafe fn assume_init(self) -> Rc<[T]>; }
    impl<T: ?Sized> Rc<T> {
        pub unsafe fn from_raw(ptr: *const T) -> Rc<T>;
        pub fn into_raw(this: Rc<T>) -> *const T;
        pub unsafe fn increment_strong_count(ptr: *const T);
        pub unsafe fn decrement_strong_count(ptr: *const T);
        pub fn as_ptr(this: &Rc<T>) -> *const T;
        pub fn downgrade(this: &Rc<T>) -> Weak<T>;
        pub fn weak_count(this: &Rc<T>) -> usize;
        pub fn strong_count(this: &Rc<T>) -> usize;
        pub fn get_mut(this: &mut Rc<T>) -> Option<&mut T>;
        pub fn ptr_eq(this: &Rc<T>, other: &Rc<T>) -> bool;
        pub fn make_mut(this: &mut Rc<T>) -> &mut T where T: Clone;
    }
    impl Rc<dyn Any> { pub fn downcast<T: Any>(self) -> Result<Rc<T>, Self>; }
    impl<T: ?Sized> Deref for Rc<T> { type Target = T; }
    impl<T: ?Sized> Clone for Rc<T> {}
    impl<T: ?Sized> Drop for Rc<T> {}
    impl<T: Default> Default for Rc<T> {}
    impl Default for Rc<str> {}
    impl<T> Default for Rc<[T]> {}
    impl<T: ?Sized + PartialEq> PartialEq for Rc<T> {}
    impl<T: ?Sized + Eq> Eq for Rc<T> {}
    impl<T: ?Sized + PartialOrd> PartialOrd for Rc<T> {}
    impl<T: ?Sized + Ord> Ord for Rc<T> {}
    impl<T: ?Sized + crate::hash::Hash> crate::hash::Hash for Rc<T> {}
    impl<T: ?Sized + Debug> Debug for Rc<T> {}
    impl<T: ?Sized + Display> Display for Rc<T> {}
    impl<T: ?Sized> crate::fmt::Pointer for Rc<T> {}
    impl<T> From<T> for Rc<T> {}
    impl<T: Clone> From<&[T]> for Rc<[T]> {}
    impl From<&str> for Rc<str> {}
    impl From<String> for Rc<str> {}
    impl<T: ?Sized> From<Box<T>> for Rc<T> {}
    impl<T> From<Vec<T>> for Rc<[T]> {}
    impl<T, const N: usize> From<[T; N]> for Rc<[T]> {}
    impl<'a> From<Cow<'a, str>> for Rc<str> {}
    impl From<crate::path::PathBuf> for Rc<crate::path::Path> {}
    impl From<&crate::path::Path> for Rc<crate::path::Path> {}
    impl<T> FromIterator<T> for Rc<[T]> {}
    impl<T: ?Sized> AsRef<T> for Rc<T> {}

    pub struct Weak<T: ?Sized>;
    impl<T: ?Sized> Weak<T> {
        pub fn new() -> Weak<T>;
        pub unsafe fn from_raw(ptr: *const T) -> Self;
        pub fn into_raw(self) -> *const T;
        pub fn as_ptr(&self) -> *const T;
        pub fn upgrade(&self) -> Option<Rc<T>>;
        pub fn strong_count(&self) -> usize;
        pub fn weak_count(&self) -> usize;
        pub fn ptr_eq(&self, other: &Self) -> bool;
    }
    impl<T: ?Sized> Clone for Weak<T> {}
    impl<T: ?Sized> Debug for Weak<T> {}
    impl<T> Default for Weak<T> {}
}

pub mod cell {
    use crate::fmt::{Debug, Display};
    use crate::ops::{Deref, DerefMut};

    pub struct Cell<T: ?Sized>;
    impl<T> Cell<T> {
        pub fn new(value: T) -> Cell<T>;
        pub fn set(&self, val: T);
        pub fn swap(&self, other: &Self);
        pub fn replace(&self, val: T) -> T;
        pub fn into_inner(self) -> T;
        pub fn get(&self) -> T where T: Copy;
        pub fn update(&self, f: impl FnOnce(T) -> T) where T: Copy;
        pub fn take(&self) -> T where T: Default;
    }
    impl<T: ?Sized> Cell<T> {
        pub fn as_ptr(&self) -> *mut T;
        pub fn get_mut(&mut self) -> &mut T;
        pub fn from_mut(t: &mut T) -> &Cell<T>;
    }
    impl<T> Cell<[T]> { pub fn as_slice_of_cells(&self) -> &[Cell<T>]; }
    impl<T, const N: usize> Cell<[T; N]> { pub fn as_array_of_cells(&self) -> &[Cell<T>; N]; }
    impl<T: Copy> Clone for Cell<T> {}
    impl<T: Default> Default for Cell<T> {}
    impl<T: PartialEq + Copy> PartialEq for Cell<T> {}
    impl<T: Eq + Copy> Eq for Cell<T> {}
    impl<T: PartialOrd + Copy> PartialOrd for Cell<T> {}
    impl<T: Ord + Copy> Ord for Cell<T> {}
    impl<T: Copy + Debug> Debug for Cell<T> {}
    impl<T> From<T> for Cell<T> {}

    pub struct RefCell<T: ?Sized>;
    impl<T> RefCell<T> {
        pub fn new(value: T) -> RefCell<T>;
        pub fn into_inner(self) -> T;
        pub fn replace(&self, t: T) -> T;
        pub fn replace_with<F: FnOnce(&mut T) -> T>(&self, f: F) -> T;
        pub fn swap(&self, other: &Self);
    }
    impl<T: ?Sized> RefCell<T> {
        pub fn borrow(&self) -> Ref<'_, T>;
        pub fn try_borrow(&self) -> Result<Ref<'_, T>, BorrowError>;
        pub fn borrow_mut(&self) -> RefMut<'_, T>;
        pub fn try_borrow_mut(&self) -> Result<RefMut<'_, T>, BorrowMutError>;
        pub fn as_ptr(&self) -> *mut T;
        pub fn get_mut(&mut self) -> &mut T;
        pub unsafe fn try_borrow_unguarded(&self) -> Result<&T, BorrowError>;
        pub fn take(&self) -> T where T: Default;
    }
    impl<T: Clone> Clone for RefCell<T> {}
    impl<T: Default> Default for RefCell<T> {}
    impl<T: ?Sized + PartialEq> PartialEq for RefCell<T> {}
    impl<T: ?Sized + Eq> Eq for RefCell<T> {}
    impl<T: ?Sized + PartialOrd> PartialOrd for RefCell<T> {}
    impl<T: ?Sized + Ord> Ord for RefCell<T> {}
    impl<T: ?Sized + Debug> Debug for RefCell<T> {}
    impl<T> From<T> for RefCell<T> {}
    pub struct Ref<'b, T: ?Sized + 'b>;
    impl<'b, T: ?Sized> Ref<'b, T> {
        pub fn clone(orig: &Ref<'b, T>) -> Ref<'b, T>;
        pub fn map<U: ?Sized, F: FnOnce(&T) -> &U>(orig: Ref<'b, T>, f: F) -> Ref<'b, U>;
        pub fn filter_map<U: ?Sized, F: FnOnce(&T) -> Option<&U>>(orig: Ref<'b, T>, f: F) -> Result<Ref<'b, U>, Self>;
        pub fn map_split<U: ?Sized, V: ?Sized, F: FnOnce(&T) -> (&U, &V)>(orig: Ref<'b, T>, f: F) -> (Ref<'b, U>, Ref<'b, V>);
    }
    impl<T: ?Sized> Deref for Ref<'_, T> { type Target = T; }
    impl<T: ?Sized + Display> Display for Ref<'_, T> {}
    impl<T: ?Sized + Debug> Debug for Ref<'_, T> {}
    pub struct RefMut<'b, T: ?Sized + 'b>;
    impl<'b, T: ?Sized> RefMut<'b, T> {
        pub fn map<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(orig: RefMut<'b, T>, f: F) -> RefMut<'b, U>;
        pub fn filter_map<U: ?Sized, F: FnOnce(&mut T) -> Option<&mut U>>(orig: RefMut<'b, T>, f: F) -> Result<RefMut<'b, U>, Self>;
        pub fn map_split<U: ?Sized, V: ?Sized, F: FnOnce(&mut T) -> (&mut U, &mut V)>(orig: RefMut<'b, T>, f: F) -> (RefMut<'b, U>, RefMut<'b, V>);
    }
    impl<T: ?Sized> Deref for RefMut<'_, T> { type Target = T; }
    impl<T: ?Sized> DerefMut for RefMut<'_, T> {}
    impl<T: ?Sized + Display> Display for RefMut<'_, T> {}
    impl<T: ?Sized + Debug> Debug for RefMut<'_, T> {}
    pub struct BorrowError;
    impl Debug for BorrowError {}
    impl Display for BorrowError {}
    impl crate::error::Error for BorrowError {}
    pub struct BorrowMutError;
    impl Debug for BorrowMutError {}
    impl Display for BorrowMutError {}
    impl crate::error::Error for BorrowMutError {}

    pub struct UnsafeCell<T: ?Sized>;
    impl<T: ?Sized> UnsafeCell<T> {
        pub fn new(value: T) -> UnsafeCell<T>;
        pub fn into_inner(self) -> T;
        pub fn from_mut(value: &mut T) -> &mut UnsafeCell<T>;
        pub fn get(&self) -> *mut T;
        pub fn get_mut(&mut self) -> &mut T;
        pub fn raw_get(this: *const Self) -> *mut T;
    }
    impl<T: Default> Default for UnsafeCell<T> {}
    impl<T> From<T> for UnsafeCell<T> {}
    pub struct OnceCell<T>;
    impl<T> OnceCell<T> {
        pub fn new() -> OnceCell<T>;
        pub fn get(&self) -> Option<&T>;
        pub fn get_mut(&mut self) -> Option<&mut T>;
        pub fn set(&self, value: T) -> Result<(), T>;
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T;
        pub fn into_inner(self) -> Option<T>;
        pub fn take(&mut self) -> Option<T>;
    }
    impl<T> Default for OnceCell<T> {}
    impl<T: Clone> Clone for OnceCell<T> {}
    impl<T: Debug> Debug for OnceCell<T> {}
    impl<T: PartialEq> PartialEq for OnceCell<T> {}
    impl<T: Eq> Eq for OnceCell<T> {}
    impl<T> From<T> for OnceCell<T> {}
    pub struct LazyCell<T, F = fn() -> T>;
    impl<T, F: FnOnce() -> T> LazyCell<T, F> {
        pub fn new(f: F) -> LazyCell<T, F>;
        pub fn force(this: &LazyCell<T, F>) -> &T;
        pub fn force_mut(this: &mut LazyCell<T, F>) -> &mut T;
        pub fn get(this: &LazyCell<T, F>) -> Option<&T>;
        pub fn get_mut(this: &mut LazyCell<T, F>) -> Option<&mut T>;
    }
    impl<T, F: FnOnce() -> T> Deref for LazyCell<T, F> { type Target = T; }
    impl<T, F: FnOnce() -> T> DerefMut for LazyCell<T, F> {}
    impl<T: Default> Default for LazyCell<T> {}
    impl<T: Debug, F> Debug for LazyCell<T, F> {}
}

pub mod pin {
    use crate::ops::{Deref, DerefMut};

    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Pin<Ptr>;
    impl<Ptr: Deref> Pin<Ptr> {
        pub fn new(pointer: Ptr) -> Pin<Ptr>;
        pub fn into_inner(pin: Pin<Ptr>) -> Ptr;
        pub unsafe fn new_unchecked(pointer: Ptr) -> Pin<Ptr>;
        pub fn as_ref(&self) -> Pin<&Ptr::Target>;
        pub unsafe fn into_inner_unchecked(pin: Pin<Ptr>) -> Ptr;
        pub fn as_mut(&mut self) -> Pin<&mut Ptr::Target> where Ptr: DerefMut;
        pub fn as_deref_mut(self: Pin<&mut Self>) -> Pin<&mut Ptr::Target> where Ptr: DerefMut;
        pub fn set(&mut self, value: Ptr::Target) where Ptr: DerefMut;
    }
    impl<'a, T: ?Sized> Pin<&'a T> {
        pub unsafe fn map_unchecked<U: ?Sized, F: FnOnce(&T) -> &U>(self, func: F) -> Pin<&'a U>;
        pub fn get_ref(self) -> &'a T;
        pub fn static_ref(r: &'static T) -> Pin<&'static T>;
    }
    impl<'a, T: ?Sized> Pin<&'a mut T> {
        pub fn into_ref(self) -> Pin<&'a T>;
        pub fn get_mut(self) -> &'a mut T;
        pub unsafe fn get_unchecked_mut(self) -> &'a mut T;
        pub unsafe fn map_unchecked_mut<U: ?Sized, F: FnOnce(&mut T) -> &mut U>(self, func: F) -> Pin<&'a mut U>;
        pub fn static_mut(r: &'static mut T) -> Pin<&'static mut T>;
    }
    impl<Ptr: Deref> Deref for Pin<Ptr> { type Target = Ptr::Target; }
    impl<Ptr: DerefMut> DerefMut for Pin<Ptr> {}
    impl<Ptr: crate::fmt::Debug> crate::fmt::Debug for Pin<Ptr> {}
    impl<Ptr: crate::fmt::Display> crate::fmt::Display for Pin<Ptr> {}
}

pub mod alloc {
    use crate::ptr::NonNull;

    #[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Layout;
    impl Layout {
        pub fn from_size_align(size: usize, align: usize) -> Result<Self, LayoutError>;
        pub unsafe fn from_size_align_unchecked(size: usize, align: usize) -> Self;
        pub fn size(&self) -> usize;
        pub fn align(&self) -> usize;
        pub fn new<T>() -> Self;
        pub fn for_value<T: ?Sized>(t: &T) -> Self;
        pub fn align_to(&self, align: usize) -> Result<Self, LayoutError>;
        pub fn pad_to_align(&self) -> Layout;
        pub fn extend(&self, next: Self) -> Result<(Self, usize), LayoutError>;
        pub fn array<T>(n: usize) -> Result<Self, LayoutError>;
        pub fn dangling_ptr(&self) -> NonNull<u8>;
        pub fn padding_needed_for(&self, align: usize) -> usize;
        pub fn repeat(&self, n: usize) -> Result<(Self, usize), LayoutError>;
        pub fn repeat_packed(&self, n: usize) -> Result<Self, LayoutError>;
        pub fn extend_packed(&self, next: Self) -> Result<Self, LayoutError>;
    }
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct LayoutError;
    impl crate::fmt::Display for LayoutError {}
    impl crate::error::Error for LayoutError {}
    pub trait GlobalAlloc {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8;
        unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout);
        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8;
        unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8;
    }
    #[derive(Debug, Default, Copy, Clone)]
    pub struct System;
    impl GlobalAlloc for System {}
    pub unsafe fn alloc(layout: Layout) -> *mut u8;
    pub unsafe fn dealloc(ptr: *mut u8, layout: Layout);
    pub unsafe fn realloc(ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8;
    pub unsafe fn alloc_zeroed(layout: Layout) -> *mut u8;
    pub fn handle_alloc_error(layout: Layout) -> !;
}
