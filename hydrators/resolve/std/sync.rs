// Sharing between threads: Arc, locks, atomics, channels, threads.

pub mod sync {
    use crate::borrow::{Borrow, Cow};
    use crate::any::Any;
    use crate::fmt::{Debug, Display};
    use crate::mem::MaybeUninit;
    use crate::ops::{Deref, DerefMut};
    use crate::pin::Pin;
    use crate::time::Duration;

    pub struct Arc<T: ?Sized>;
    impl<T> Arc<T> {
        pub fn new(data: T) -> Arc<T>;
        pub fn new_cyclic<F: FnOnce(&Weak<T>) -> T>(data_fn: F) -> Arc<T>;
        pub fn new_uninit() -> Arc<MaybeUninit<T>>;
        pub fn new_zeroed() -> Arc<MaybeUninit<T>>;
        pub fn pin(data: T) -> Pin<Arc<T>>;
        pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>>;
        pub fn into_inner(this: Arc<T>) -> Option<T>;
        pub fn unwrap_or_clone(this: Arc<T>) -> T where T: Clone;
    }
    impl<T> Arc<[T]> {
        pub fn new_uninit_slice(len: usize) -> Arc<[MaybeUninit<T>]>;
        pub fn new_zeroed_slice(len: usize) -> Arc<[MaybeUninit<T>]>;
    }
    impl<T> Arc<MaybeUninit<T>> { pub unsafe fn assume_init(self) -> Arc<T>; }
    impl<T> Arc<[MaybeUninit<T>]> { pub unsafe fn assume_init(self) -> Arc<[T]>; }
    impl<T: ?Sized> Arc<T> {
        pub unsafe fn from_raw(ptr: *const T) -> Arc<T>;
        pub fn into_raw(this: Arc<T>) -> *const T;
        pub unsafe fn increment_strong_count(ptr: *const T);
        pub unsafe fn decrement_strong_count(ptr: *const T);
        pub fn as_ptr(this: &Arc<T>) -> *const T;
        pub fn downgrade(this: &Arc<T>) -> Weak<T>;
        pub fn weak_count(this: &Arc<T>) -> usize;
        pub fn strong_count(this: &Arc<T>) -> usize;
        pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool;
        pub fn make_mut(this: &mut Arc<T>) -> &mut T where T: Clone;
        pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T>;
    }
    impl Arc<dyn Any + Send + Sync> { pub fn downcast<T: Any + Send + Sync>(self) -> Result<Arc<T>, Self>; }
    impl<T: ?Sized> Deref for Arc<T> { type Target = T; }
    impl<T: ?Sized> Clone for Arc<T> {}
    impl<T: ?Sized> Drop for Arc<T> {}
    impl<T: Default> Default for Arc<T> {}
    impl Default for Arc<str> {}
    impl<T> Default for Arc<[T]> {}
    impl<T: ?Sized + PartialEq> PartialEq for Arc<T> {}
    impl<T: ?Sized + Eq> Eq for Arc<T> {}
    impl<T: ?Sized + PartialOrd> PartialOrd for Arc<T> {}
    impl<T: ?Sized + Ord> Ord for Arc<T> {}
    impl<T: ?Sized + crate::hash::Hash> crate::hash::Hash for Arc<T> {}
    impl<T: ?Sized + Debug> Debug for Arc<T> {}
    impl<T: ?Sized + Display> Display for Arc<T> {}
    impl<T: ?Sized> crate::fmt::Pointer for Arc<T> {}
    impl<T: crate::error::Error + ?Sized> crate::error::Error for Arc<T> {}
    impl<T> From<T> for Arc<T> {}
    impl<T: Clone> From<&[T]> for Arc<[T]> {}
    impl From<&str> for Arc<str> {}
    impl From<String> for Arc<str> {}
    impl<T: ?Sized> From<Box<T>> for Arc<T> {}
    impl<T> From<Vec<T>> for Arc<[T]> {}
    impl<T, const N: usize> From<[T; N]> for Arc<[T]> {}
    impl<'a> From<Cow<'a, str>> for Arc<str> {}
    impl From<Arc<str>> for Arc<[u8]> {}
    impl From<crate::path::PathBuf> for Arc<crate::path::Path> {}
    impl From<&crate::path::Path> for Arc<crate::path::Path> {}
    impl<T> FromIterator<T> for Arc<[T]> {}
    impl<T: ?Sized> AsRef<T> for Arc<T> {}
    pub struct Weak<T: ?Sized>;
    impl<T: ?Sized> Weak<T> {
        pub fn new() -> Weak<T>;
        pub unsafe fn from_raw(ptr: *const T) -> Self;
        pub fn into_raw(self) -> *const T;
        pub fn as_ptr(&self) -> *const T;
        pub fn upgrade(&self) -> Option<Arc<T>>;
        pub fn strong_count(&self) -> usize;
        pub fn weak_count(&self) -> usize;
        pub fn ptr_eq(&self, other: &Self) -> bool;
    }
    impl<T: ?Sized> Clone for Weak<T> {}
    impl<T: ?Sized> Debug for Weak<T> {}
    impl<T> Default for Weak<T> {}

    pub type LockResult<T> = Result<T, PoisonError<T>>;
    pub type TryLockResult<T> = Result<T, TryLockError<T>>;
    pub struct PoisonError<T>;
    impl<T> PoisonError<T> {
        pub fn new(data: T) -> PoisonError<T>;
        pub fn into_inner(self) -> T;
        pub fn get_ref(&self) -> &T;
        pub fn get_mut(&mut self) -> &mut T;
    }
    impl<T> Debug for PoisonError<T> {}
    impl<T> Display for PoisonError<T> {}
    impl<T> crate::error::Error for PoisonError<T> {}
    pub enum TryLockError<T> { Poisoned(PoisonError<T>), WouldBlock }
    impl<T> From<PoisonError<T>> for TryLockError<T> {}
    impl<T> Debug for TryLockError<T> {}
    impl<T> Display for TryLockError<T> {}
    impl<T> crate::error::Error for TryLockError<T> {}
    pub struct Mutex<T: ?Sized>;
    impl<T: ?Sized> Mutex<T> {
        pub fn new(t: T) -> Mutex<T>;
        pub fn lock(&self) -> LockResult<MutexGuard<'_, T>>;
        pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>>;
        pub fn is_poisoned(&self) -> bool;
        pub fn clear_poison(&self);
        pub fn into_inner(self) -> LockResult<T>;
        pub fn get_mut(&mut self) -> LockResult<&mut T>;
    }
    impl<T> From<T> for Mutex<T> {}
    impl<T: Default> Default for Mutex<T> {}
    impl<T: ?Sized + Debug> Debug for Mutex<T> {}
    pub struct MutexGuard<'a, T: ?Sized + 'a>;
    impl<T: ?Sized> Deref for MutexGuard<'_, T> { type Target = T; }
    impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {}
    impl<T: ?Sized + Debug> Debug for MutexGuard<'_, T> {}
    impl<T: ?Sized + Display> Display for MutexGuard<'_, T> {}
    pub struct RwLock<T: ?Sized>;
    impl<T: ?Sized> RwLock<T> {
        pub fn new(t: T) -> RwLock<T>;
        pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>>;
        pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>>;
        pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>>;
        pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>>;
        pub fn is_poisoned(&self) -> bool;
        pub fn clear_poison(&self);
        pub fn into_inner(self) -> LockResult<T>;
        pub fn get_mut(&mut self) -> LockResult<&mut T>;
    }
    impl<T> From<T> for RwLock<T> {}
    impl<T: Default> Default for RwLock<T> {}
    impl<T: ?Sized + Debug> Debug for RwLock<T> {}
    pub struct RwLockReadGuard<'a, T: ?Sized + 'a>;
    impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> { type Target = T; }
    impl<T: ?Sized + Debug> Debug for RwLockReadGuard<'_, T> {}
    impl<T: ?Sized + Display> Display for RwLockReadGuard<'_, T> {}
    pub struct RwLockWriteGuard<'a, T: ?Sized + 'a>;
    impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> { pub fn downgrade(s: Self) -> RwLockReadGuard<'a, T>; }
    impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> { type Target = T; }
    impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {}
    impl<T: ?Sized + Debug> Debug for RwLockWriteGuard<'_, T> {}
    impl<T: ?Sized + Display> Display for RwLockWriteGuard<'_, T> {}
    #[derive(Debug, Default)]
    pub struct Condvar;
    impl Condvar {
        pub fn new() -> Condvar;
        pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>>;
        pub fn wait_while<'a, T, F: FnMut(&mut T) -> bool>(&self, guard: MutexGuard<'a, T>, condition: F) -> LockResult<MutexGuard<'a, T>>;
        pub fn wait_timeout_ms<'a, T>(&self, guard: MutexGuard<'a, T>, ms: u32) -> LockResult<(MutexGuard<'a, T>, bool)>;
        pub fn wait_timeout<'a, T>(&self, guard: MutexGuard<'a, T>, dur: Duration) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>;
        pub fn wait_timeout_while<'a, T, F: FnMut(&mut T) -> bool>(&self, guard: MutexGuard<'a, T>, dur: Duration, condition: F) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>;
        pub fn notify_one(&self);
        pub fn notify_all(&self);
    }
    #[derive(Debug, PartialEq, Eq, Copy, Clone)]
    pub struct WaitTimeoutResult;
    impl WaitTimeoutResult { pub fn timed_out(&self) -> bool; }
    #[derive(Debug)]
    pub struct Barrier;
    impl Barrier {
        pub fn new(n: usize) -> Barrier;
        pub fn wait(&self) -> BarrierWaitResult;
    }
    #[derive(Debug)]
    pub struct BarrierWaitResult;
    impl BarrierWaitResult { pub fn is_leader(&self) -> bool; }
    #[derive(Debug)]
    pub struct Once;
    impl Once {
        pub fn new() -> Once;
        pub fn call_once<F: FnOnce()>(&self, f: F);
        pub fn call_once_force<F: FnOnce(&OnceState)>(&self, f: F);
        pub fn is_completed(&self) -> bool;
        pub fn wait(&self);
        pub fn wait_force(&self);
    }
    #[derive(Debug)]
    pub struct OnceState;
    impl OnceState { pub fn is_poisoned(&self) -> bool; }
    pub const ONCE_INIT: Once;
    pub struct OnceLock<T>;
    impl<T> OnceLock<T> {
        pub fn new() -> OnceLock<T>;
        pub fn get(&self) -> Option<&T>;
        pub fn get_mut(&mut self) -> Option<&mut T>;
        pub fn wait(&self) -> &T;
        pub fn set(&self, value: T) -> Result<(), T>;
        pub fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> &T;
        pub fn into_inner(self) -> Option<T>;
        pub fn take(&mut self) -> Option<T>;
    }
    impl<T> Default for OnceLock<T> {}
    impl<T: Clone> Clone for OnceLock<T> {}
    impl<T: Debug> Debug for OnceLock<T> {}
    impl<T: PartialEq> PartialEq for OnceLock<T> {}
    impl<T: Eq> Eq for OnceLock<T> {}
    impl<T> From<T> for OnceLock<T> {}
    pub struct LazyLock<T, F = fn() -> T>;
    impl<T, F: FnOnce() -> T> LazyLock<T, F> {
        pub fn new(f: F) -> LazyLock<T, F>;
        pub fn force(this: &LazyLock<T, F>) -> &T;
        pub fn force_mut(this: &mut LazyLock<T, F>) -> &mut T;
        pub fn get(this: &LazyLock<T, F>) -> Option<&T>;
        pub fn get_mut(this: &mut LazyLock<T, F>) -> Option<&mut T>;
    }
    impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> { type Target = T; }
    impl<T, F: FnOnce() -> T> DerefMut for LazyLock<T, F> {}
    impl<T: Default> Default for LazyLock<T> {}
    impl<T: Debug, F> Debug for LazyLock<T, F> {}

    pub mod atomic {
        use crate::fmt::Debug;

        #[derive(Copy, Clone, Debug, Eq, PartialEq, Hash)]
        pub enum Ordering { Relaxed, Release, Acquire, AcqRel, SeqCst }
        pub struct Atomic<T>;
        pub type AtomicBool = Atomic<bool>;
        pub type AtomicI8 = Atomic<i8>;
        pub type AtomicU8 = Atomic<u8>;
        pub type AtomicI16 = Atomic<i16>;
        pub type AtomicU16 = Atomic<u16>;
        pub type AtomicI32 = Atomic<i32>;
        pub type AtomicU32 = Atomic<u32>;
        pub type AtomicI64 = Atomic<i64>;
        pub type AtomicU64 = Atomic<u64>;
        pub type AtomicIsize = Atomic<isize>;
        pub type AtomicUsize = Atomic<usize>;
        pub type AtomicPtr<T> = Atomic<*mut T>;
        impl<T> Atomic<T> {
            pub fn new(v: T) -> Self;
            pub unsafe fn from_ptr<'a>(ptr: *mut T) -> &'a Self;
            pub fn get_mut(&mut self) -> &mut T;
            pub fn into_inner(self) -> T;
            pub fn load(&self, order: Ordering) -> T;
            pub fn store(&self, val: T, order: Ordering);
            pub fn swap(&self, val: T, order: Ordering) -> T;
            pub fn compare_and_swap(&self, current: T, new: T, order: Ordering) -> T;
            pub fn compare_exchange(&self, current: T, new: T, success: Ordering, failure: Ordering) -> Result<T, T>;
            pub fn compare_exchange_weak(&self, current: T, new: T, success: Ordering, failure: Ordering) -> Result<T, T>;
            pub fn fetch_add(&self, val: T, order: Ordering) -> T;
            pub fn fetch_sub(&self, val: T, order: Ordering) -> T;
            pub fn fetch_and(&self, val: T, order: Ordering) -> T;
            pub fn fetch_nand(&self, val: T, order: Ordering) -> T;
            pub fn fetch_or(&self, val: T, order: Ordering) -> T;
            pub fn fetch_xor(&self, val: T, order: Ordering) -> T;
            pub fn fetch_not(&self, order: Ordering) -> T;
            pub fn fetch_max(&self, val: T, order: Ordering) -> T;
            pub fn fetch_min(&self, val: T, order: Ordering) -> T;
            pub fn fetch_update<F: FnMut(T) -> Option<T>>(&self, set_order: Ordering, fetch_order: Ordering, f: F) -> Result<T, T>;
            pub fn try_update(&self, set_order: Ordering, fetch_order: Ordering, f: impl FnMut(T) -> Option<T>) -> Result<T, T>;
            pub fn update(&self, set_order: Ordering, fetch_order: Ordering, f: impl FnMut(T) -> T) -> T;
            pub fn as_ptr(&self) -> *mut T;
            pub fn fetch_ptr_add(&self, val: usize, order: Ordering) -> T;
            pub fn fetch_ptr_sub(&self, val: usize, order: Ordering) -> T;
            pub fn fetch_byte_add(&self, val: usize, order: Ordering) -> T;
            pub fn fetch_byte_sub(&self, val: usize, order: Ordering) -> T;
        }
        impl<T> Default for Atomic<T> {}
        impl<T> Debug for Atomic<T> {}
        impl<T> From<T> for Atomic<T> {}
        pub fn fence(order: Ordering);
        pub fn compiler_fence(order: Ordering);
        pub fn spin_loop_hint();
    }

    pub mod mpsc {
        use crate::fmt::{Debug, Display};
        use crate::time::Duration;

        pub struct Sender<T>;
        impl<T> Sender<T> { pub fn send(&self, t: T) -> Result<(), SendError<T>>; }
        impl<T> Clone for Sender<T> {}
        impl<T> Debug for Sender<T> {}
        pub struct SyncSender<T>;
        impl<T> SyncSender<T> {
            pub fn send(&self, t: T) -> Result<(), SendError<T>>;
            pub fn try_send(&self, t: T) -> Result<(), TrySendError<T>>;
        }
        impl<T> Clone for SyncSender<T> {}
        impl<T> Debug for SyncSender<T> {}
        pub struct Receiver<T>;
        impl<T> Receiver<T> {
            pub fn try_recv(&self) -> Result<T, TryRecvError>;
            pub fn recv(&self) -> Result<T, RecvError>;
            pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError>;
            pub fn iter(&self) -> Iter<'_, T>;
            pub fn try_iter(&self) -> TryIter<'_, T>;
        }
        impl<T> Debug for Receiver<T> {}
        impl<'a, T> IntoIterator for &'a Receiver<T> { type Item = T; type IntoIter = Iter<'a, T>; }
        impl<T> IntoIterator for Receiver<T> { type Item = T; type IntoIter = IntoIter<T>; }
        pub struct Iter<'a, T>;
        impl<'a, T> Iterator for Iter<'a, T> { type Item = T; }
        pub struct TryIter<'a, T>;
        impl<'a, T> Iterator for TryIter<'a, T> { type Item = T; }
        pub struct IntoIter<T>;
        impl<T> Iterator for IntoIter<T> { type Item = T; }
        #[derive(PartialEq, Eq, Clone, Copy)]
        pub struct SendError<T>(pub T);
        impl<T> Debug for SendError<T> {}
        impl<T> Display for SendError<T> {}
        impl<T> crate::error::Error for SendError<T> {}
        #[derive(PartialEq, Eq, Clone, Copy, Debug)]
        pub struct RecvError;
        impl Display for RecvError {}
        impl crate::error::Error for RecvError {}
        #[derive(PartialEq, Eq, Clone, Copy, Debug)]
        pub enum TryRecvError { Empty, Disconnected }
        impl Display for TryRecvError {}
        impl crate::error::Error for TryRecvError {}
        #[derive(PartialEq, Eq, Clone, Copy, Debug)]
        pub enum RecvTimeoutError { Timeout, Disconnected }
        impl Display for RecvTimeoutError {}
        impl crate::error::Error for RecvTimeoutError {}
        #[derive(PartialEq, Eq, Clone, Copy)]
        pub enum TrySendError<T> { Full(T), Disconnected(T) }
        impl<T> Debug for TrySendError<T> {}
        impl<T> Display for TrySendError<T> {}
        impl<T> crate::error::Error for TrySendError<T> {}
        pub fn channel<T>() -> (Sender<T>, Receiver<T>);
        pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>);
    }
}

pub mod thread {
    use crate::any::Any;
    use crate::cell::{Cell, RefCell};
    use crate::fmt::{Debug, Display};
    use crate::num::NonZero;
    use crate::time::Duration;

    pub type Result<T> = crate::result::Result<T, Box<dyn Any + Send + 'static>>;
    pub fn spawn<F: FnOnce() -> T + Send + 'static, T: Send + 'static>(f: F) -> JoinHandle<T>;
    pub fn current() -> Thread;
    pub fn yield_now();
    pub fn panicking() -> bool;
    pub fn sleep(dur: Duration);
    pub fn sleep_ms(ms: u32);
    pub fn park();
    pub fn park_timeout(dur: Duration);
    pub fn park_timeout_ms(ms: u32);
    pub fn available_parallelism() -> crate::io::Result<NonZero<usize>>;
    pub fn scope<'env, F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T, T>(f: F) -> T;
    pub struct JoinHandle<T>;
    impl<T> JoinHandle<T> {
        pub fn thread(&self) -> &Thread;
        pub fn join(self) -> Result<T>;
        pub fn is_finished(&self) -> bool;
    }
    impl<T> Debug for JoinHandle<T> {}
    #[derive(Clone)]
    pub struct Thread;
    impl Thread {
        pub fn unpark(&self);
        pub fn id(&self) -> ThreadId;
        pub fn name(&self) -> Option<&str>;
        pub fn into_raw(self) -> *const ();
        pub unsafe fn from_raw(ptr: *const ()) -> Thread;
    }
    impl Debug for Thread {}
    #[derive(Eq, PartialEq, Clone, Copy, Hash, Debug)]
    pub struct ThreadId;
    #[derive(Debug)]
    pub struct Builder;
    impl Builder {
        pub fn new() -> Builder;
        pub fn name(self, name: String) -> Builder;
        pub fn stack_size(self, size: usize) -> Builder;
        pub fn spawn<F: FnOnce() -> T + Send + 'static, T: Send + 'static>(self, f: F) -> crate::io::Result<JoinHandle<T>>;
        pub unsafe fn spawn_unchecked<F: FnOnce() -> T + Send, T: Send>(self, f: F) -> crate::io::Result<JoinHandle<T>>;
        pub fn spawn_scoped<'scope, 'env, F: FnOnce() -> T + Send + 'scope, T: Send + 'scope>(self, scope: &'scope Scope<'scope, 'env>, f: F) -> crate::io::Result<ScopedJoinHandle<'scope, T>>;
    }
    #[derive(Debug)]
    pub struct Scope<'scope, 'env>;
    impl<'scope, 'env> Scope<'scope, 'env> {
        pub fn spawn<F: FnOnce() -> T + Send + 'scope, T: Send + 'scope>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>;
    }
    pub struct ScopedJoinHandle<'scope, T>;
    impl<'scope, T> ScopedJoinHandle<'scope, T> {
        pub fn thread(&self) -> &Thread;
        pub fn join(self) -> Result<T>;
        pub fn is_finished(&self) -> bool;
    }
    pub struct LocalKey<T: 'static>;
    impl<T: 'static> LocalKey<T> {
        pub fn with<F: FnOnce(&T) -> R, R>(&'static self, f: F) -> R;
        pub fn try_with<F: FnOnce(&T) -> R, R>(&'static self, f: F) -> crate::result::Result<R, AccessError>;
    }
    impl<T: 'static> LocalKey<Cell<T>> {
        pub fn set(&'static self, value: T);
        pub fn get(&'static self) -> T where T: Copy;
        pub fn take(&'static self) -> T where T: Default;
        pub fn replace(&'static self, value: T) -> T;
        pub fn update(&'static self, f: impl FnOnce(T) -> T) where T: Copy;
    }
    impl<T: 'static> LocalKey<RefCell<T>> {
        pub fn with_borrow<F: FnOnce(&T) -> R, R>(&'static self, f: F) -> R;
        pub fn with_borrow_mut<F: FnOnce(&mut T) -> R, R>(&'static self, f: F) -> R;
        pub fn set(&'static self, value: T);
        pub fn take(&'static self) -> T where T: Default;
        pub fn replace(&'static self, value: T) -> T;
    }
    #[derive(Clone, Copy, Eq, PartialEq, Debug)]
    pub struct AccessError;
    impl Display for AccessError {}
    impl crate::error::Error for AccessError {}
}
