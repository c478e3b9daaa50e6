// The outside world: io, files, paths, environment, processes, network.

pub mod io {
    use crate::error;
    use crate::fmt::{self, Debug, Display};
    use crate::ops::{Deref, DerefMut};

    pub mod prelude { pub use super::{BufRead, Read, Seek, Write}; }
    pub type Result<T> = crate::result::Result<T, Error>;
    pub struct Error;
    impl Error {
        pub fn new<E: Into<Box<dyn error::Error + Send + Sync>>>(kind: ErrorKind, error: E) -> Error;
        pub fn other<E: Into<Box<dyn error::Error + Send + Sync>>>(error: E) -> Error;
        pub fn last_os_error() -> Error;
        pub fn from_raw_os_error(code: i32) -> Error;
        pub fn raw_os_error(&self) -> Option<i32>;
        pub fn get_ref(&self) -> Option<&(dyn error::Error + Send + Sync + 'static)>;
        pub fn get_mut(&mut self) -> Option<&mut (dyn error::Error + Send + Sync + 'static)>;
        pub fn into_inner(self) -> Option<Box<dyn error::Error + Send + Sync>>;
        pub fn downcast<E: error::Error + Send + Sync + 'static>(self) -> crate::result::Result<E, Self>;
        pub fn kind(&self) -> ErrorKind;
    }
    impl Debug for Error {}
    impl Display for Error {}
    impl error::Error for Error {}
    impl From<ErrorKind> for Error {}
    impl From<crate::ffi::NulError> for Error {}
    impl<W> From<IntoInnerError<W>> for Error {}
    #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    pub enum ErrorKind {
        NotFound, PermissionDenied, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable, ConnectionAborted,
        NotConnected, AddrInUse, AddrNotAvailable, NetworkDown, BrokenPipe, AlreadyExists, WouldBlock, NotADirectory, IsADirectory,
        DirectoryNotEmpty, ReadOnlyFilesystem, FilesystemLoop, StaleNetworkFileHandle, InvalidInput, InvalidData, TimedOut, WriteZero,
        StorageFull, NotSeekable, QuotaExceeded, FileTooLarge, ResourceBusy, ExecutableFileBusy, Deadlock, CrossesDevices, TooManyLinks,
        InvalidFilename, ArgumentListTooLong, Interrupted, Unsupported, UnexpectedEof, OutOfMemory, InProgress, Other, Uncategorized,
    }
    impl Display for ErrorKind {}

    pub trait Read {
        fn read(&mut self, buf: &mut [u8]) -> Result<usize>;
        fn read_vectored(&mut self, bufs: &mut [IoSliceMut<'_>]) -> Result<usize>;
        fn read_to_end(&mut self, buf: &mut Vec<u8>) -> Result<usize>;
        fn read_to_string(&mut self, buf: &mut String) -> Result<usize>;
        fn read_exact(&mut self, buf: &mut [u8]) -> Result<()>;
        fn by_ref(&mut self) -> &mut Self;
        fn bytes(self) -> Bytes<Self>;
        fn chain<R: Read>(self, next: R) -> Chain<Self, R>;
        fn take(self, limit: u64) -> Take<Self>;
    }
    pub trait Write {
        fn write(&mut self, buf: &[u8]) -> Result<usize>;
        fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> Result<usize>;
        fn flush(&mut self) -> Result<()>;
        fn write_all(&mut self, buf: &[u8]) -> Result<()>;
        fn write_fmt(&mut self, args: fmt::Arguments<'_>) -> Result<()>;
        fn by_ref(&mut self) -> &mut Self;
    }
    pub trait Seek {
        fn seek(&mut self, pos: SeekFrom) -> Result<u64>;
        fn rewind(&mut self) -> Result<()>;
        fn stream_position(&mut self) -> Result<u64>;
        fn seek_relative(&mut self, offset: i64) -> Result<()>;
    }
    pub trait BufRead: Read {
        fn fill_buf(&mut self) -> Result<&[u8]>;
        fn consume(&mut self, amount: usize);
        fn read_until(&mut self, byte: u8, buf: &mut Vec<u8>) -> Result<usize>;
        fn skip_until(&mut self, byte: u8) -> Result<usize>;
        fn read_line(&mut self, buf: &mut String) -> Result<usize>;
        fn split(self, byte: u8) -> Split<Self>;
        fn lines(self) -> Lines<Self>;
    }
    impl<R: Read + ?Sized> Read for &mut R {}
    impl<R: Read + ?Sized> Read for Box<R> {}
    impl Read for &[u8] {}
    impl<W: Write + ?Sized> Write for &mut W {}
    impl<W: Write + ?Sized> Write for Box<W> {}
    impl Write for &mut [u8] {}
    impl<S: Seek + ?Sized> Seek for &mut S {}
    impl<S: Seek + ?Sized> Seek for Box<S> {}
    impl<B: BufRead + ?Sized> BufRead for &mut B {}
    impl<B: BufRead + ?Sized> BufRead for Box<B> {}
    impl BufRead for &[u8] {}
    #[derive(PartialEq, Eq, Clone, Copy, Debug)]
    pub enum SeekFrom { Start(u64), End(i64), Current(i64) }
    #[derive(Debug)]
    pub struct Bytes<R>;
    impl<R: Read> Iterator for Bytes<R> { type Item = Result<u8>; }
    #[derive(Debug)]
    pub struct Split<B>;
    impl<B: BufRead> Iterator for Split<B> { type Item = Result<Vec<u8>>; }
    #[derive(Debug)]
    pub struct Lines<B>;
    impl<B: BufRead> Iterator for Lines<B> { type Item = Result<String>; }
    #[derive(Debug)]
    pub struct Chain<T, U>;
    impl<T, U> Chain<T, U> {
        pub fn into_inner(self) -> (T, U);
        pub fn get_ref(&self) -> (&T, &U);
        pub fn get_mut(&mut self) -> (&mut T, &mut U);
    }
    impl<T: Read, U: Read> Read for Chain<T, U> {}
    impl<T: BufRead, U: BufRead> BufRead for Chain<T, U> {}
    #[derive(Debug)]
    pub struct Take<T>;
    impl<T> Take<T> {
        pub fn limit(&self) -> u64;
        pub fn set_limit(&mut self, limit: u64);
        pub fn into_inner(self) -> T;
        pub fn get_ref(&self) -> &T;
        pub fn get_mut(&mut self) -> &mut T;
    }
    impl<T: Read> Read for Take<T> {}
    impl<T: BufRead> BufRead for Take<T> {}
    impl<T: Seek> Seek for Take<T> {}
    pub struct IoSlice<'a>;
    impl<'a> IoSlice<'a> {
        pub fn new(buf: &'a [u8]) -> IoSlice<'a>;
        pub fn advance(&mut self, n: usize);
        pub fn advance_slices(bufs: &mut &mut [IoSlice<'a>], n: usize);
    }
    impl Deref for IoSlice<'_> { type Target = [u8]; }
    pub struct IoSliceMut<'a>;
    impl<'a> IoSliceMut<'a> {
        pub fn new(buf: &'a mut [u8]) -> IoSliceMut<'a>;
        pub fn advance(&mut self, n: usize);
        pub fn advance_slices(bufs: &mut &mut [IoSliceMut<'a>], n: usize);
    }
    impl Deref for IoSliceMut<'_> { type Target = [u8]; }
    impl DerefMut for IoSliceMut<'_> {}
    #[derive(Debug)]
    pub struct BufReader<R: ?Sized>;
    impl<R: ?Sized> BufReader<R> {
        pub fn new(inner: R) -> BufReader<R>;
        pub fn with_capacity(capacity: usize, inner: R) -> BufReader<R>;
        pub fn get_ref(&self) -> &R;
        pub fn get_mut(&mut self) -> &mut R;
        pub fn buffer(&self) -> &[u8];
        pub fn capacity(&self) -> usize;
        pub fn into_inner(self) -> R;
        pub fn seek_relative(&mut self, offset: i64) -> Result<()> where R: Seek;
    }
    impl<R: ?Sized + Read> Read for BufReader<R> {}
    impl<R: ?Sized + Read> BufRead for BufReader<R> {}
    impl<R: ?Sized + Seek> Seek for BufReader<R> {}
    #[derive(Debug)]
    pub struct BufWriter<W: ?Sized + Write>;
    impl<W: ?Sized + Write> BufWriter<W> {
        pub fn new(inner: W) -> BufWriter<W>;
        pub fn with_capacity(capacity: usize, inner: W) -> BufWriter<W>;
        pub fn into_inner(self) -> crate::result::Result<W, IntoInnerError<BufWriter<W>>>;
        pub fn into_parts(self) -> (W, crate::result::Result<Vec<u8>, WriterPanicked>);
        pub fn get_ref(&self) -> &W;
        pub fn get_mut(&mut self) -> &mut W;
        pub fn buffer(&self) -> &[u8];
        pub fn capacity(&self) -> usize;
    }
    impl<W: ?Sized + Write> Write for BufWriter<W> {}
    impl<W: ?Sized + Write + Seek> Seek for BufWriter<W> {}
    #[derive(Debug)]
    pub struct LineWriter<W: ?Sized + Write>;
    impl<W: ?Sized + Write> LineWriter<W> {
        pub fn new(inner: W) -> LineWriter<W>;
        pub fn with_capacity(capacity: usize, inner: W) -> LineWriter<W>;
        pub fn get_ref(&self) -> &W;
        pub fn get_mut(&mut self) -> &mut W;
        pub fn into_inner(self) -> crate::result::Result<W, IntoInnerError<LineWriter<W>>>;
    }
    impl<W: ?Sized + Write> Write for LineWriter<W> {}
    #[derive(Debug)]
    pub struct IntoInnerError<W>;
    impl<W> IntoInnerError<W> {
        pub fn error(&self) -> &Error;
        pub fn into_inner(self) -> W;
        pub fn into_error(self) -> Error;
        pub fn into_parts(self) -> (Error, W);
    }
    impl<W> Display for IntoInnerError<W> {}
    impl<W: Send + Debug> error::Error for IntoInnerError<W> {}
    #[derive(Debug)]
    pub struct WriterPanicked;
    impl WriterPanicked { pub fn into_inner(self) -> Vec<u8>; }
    impl Display for WriterPanicked {}
    impl error::Error for WriterPanicked {}
    #[derive(Debug, Default, Eq, PartialEq, Clone)]
    pub struct Cursor<T>;
    impl<T> Cursor<T> {
        pub fn new(inner: T) -> Cursor<T>;
        pub fn into_inner(self) -> T;
        pub fn get_ref(&self) -> &T;
        pub fn get_mut(&mut self) -> &mut T;
        pub fn position(&self) -> u64;
        pub fn set_position(&mut self, pos: u64);
    }
    impl<T: AsRef<[u8]>> Read for Cursor<T> {}
    impl<T: AsRef<[u8]>> BufRead for Cursor<T> {}
    impl<T: AsRef<[u8]>> Seek for Cursor<T> {}
    impl Write for Cursor<&mut [u8]> {}
    impl Write for Cursor<&mut Vec<u8>> {}
    impl Write for Cursor<Vec<u8>> {}
    impl Write for Cursor<Box<[u8]>> {}
    impl<const N: usize> Write for Cursor<[u8; N]> {}
    #[derive(Debug)]
    pub struct Stdin;
    impl Stdin {
        pub fn lock(&self) -> StdinLock<'static>;
        pub fn read_line(&self, buf: &mut String) -> Result<usize>;
        pub fn lines(self) -> Lines<StdinLock<'static>>;
    }
    impl Read for Stdin {}
    impl Read for &Stdin {}
    pub struct StdinLock<'a>;
    impl Read for StdinLock<'_> {}
    impl BufRead for StdinLock<'_> {}
    #[derive(Debug)]
    pub struct Stdout;
    impl Stdout { pub fn lock(&self) -> StdoutLock<'static>; }
    impl Write for Stdout {}
    impl Write for &Stdout {}
    pub struct StdoutLock<'a>;
    impl Write for StdoutLock<'_> {}
    #[derive(Debug)]
    pub struct Stderr;
    impl Stderr { pub fn lock(&self) -> StderrLock<'static>; }
    impl Write for Stderr {}
    impl Write for &Stderr {}
    pub struct StderrLock<'a>;
    impl Write for StderrLock<'_> {}
    pub trait IsTerminal { fn is_terminal(&self) -> bool; }
    impl IsTerminal for Stdin {}
    impl IsTerminal for StdinLock<'_> {}
    impl IsTerminal for Stdout {}
    impl IsTerminal for StdoutLock<'_> {}
    impl IsTerminal for Stderr {}
    impl IsTerminal for StderrLock<'_> {}
    impl IsTerminal for crate::fs::File {}
    #[derive(Copy, Clone, Debug, Default)]
    pub struct Empty;
    impl Read for Empty {}
    impl BufRead for Empty {}
    impl Seek for Empty {}
    impl Write for Empty {}
    #[derive(Clone, Debug)]
    pub struct Repeat;
    impl Read for Repeat {}
    #[derive(Copy, Clone, Debug, Default)]
    pub struct Sink;
    impl Write for Sink {}
    impl Write for &Sink {}
    #[derive(Debug)]
    pub struct PipeReader;
    impl PipeReader { pub fn try_clone(&self) -> Result<Self>; }
    impl Read for PipeReader {}
    #[derive(Debug)]
    pub struct PipeWriter;
    impl PipeWriter { pub fn try_clone(&self) -> Result<Self>; }
    impl Write for PipeWriter {}
    pub fn stdin() -> Stdin;
    pub fn stdout() -> Stdout;
    pub fn stderr() -> Stderr;
    pub fn empty() -> Empty;
    pub fn repeat(byte: u8) -> Repeat;
    pub fn sink() -> Sink;
    pub fn pipe() -> Result<(PipeReader, PipeWriter)>;
    pub fn copy<R: ?Sized + Read, W: ?Sized + Write>(reader: &mut R, writer: &mut W) -> Result<u64>;
    pub fn read_to_string<R: Read>(reader: R) -> Result<String>;
}

pub mod path {
    use crate::borrow::{Borrow, Cow, ToOwned};
    use crate::collections::TryReserveError;
    use crate::ffi::{OsStr, OsString};
    use crate::fmt::Debug;
    use crate::fs::{Metadata, ReadDir};
    use crate::io;
    use crate::ops::{Deref, DerefMut};

    pub const MAIN_SEPARATOR: char;
    pub const MAIN_SEPARATOR_STR: &str;
    pub fn is_separator(c: char) -> bool;
    pub fn absolute<P: AsRef<Path>>(path: P) -> io::Result<PathBuf>;
    pub struct Path;
    impl Path {
        pub fn new<S: AsRef<OsStr> + ?Sized>(s: &S) -> &Path;
        pub fn as_os_str(&self) -> &OsStr;
        pub fn as_mut_os_str(&mut self) -> &mut OsStr;
        pub fn to_str(&self) -> Option<&str>;
        pub fn to_string_lossy(&self) -> Cow<'_, str>;
        pub fn to_path_buf(&self) -> PathBuf;
        pub fn is_absolute(&self) -> bool;
        pub fn is_relative(&self) -> bool;
        pub fn has_root(&self) -> bool;
        pub fn parent(&self) -> Option<&Path>;
        pub fn ancestors(&self) -> Ancestors<'_>;
        pub fn file_name(&self) -> Option<&OsStr>;
        pub fn strip_prefix<P: AsRef<Path>>(&self, base: P) -> Result<&Path, StripPrefixError>;
        pub fn starts_with<P: AsRef<Path>>(&self, base: P) -> bool;
        pub fn ends_with<P: AsRef<Path>>(&self, child: P) -> bool;
        pub fn file_stem(&self) -> Option<&OsStr>;
        pub fn file_prefix(&self) -> Option<&OsStr>;
        pub fn extension(&self) -> Option<&OsStr>;
        pub fn join<P: AsRef<Path>>(&self, path: P) -> PathBuf;
        pub fn with_file_name<S: AsRef<OsStr>>(&self, file_name: S) -> PathBuf;
        pub fn with_extension<S: AsRef<OsStr>>(&self, extension: S) -> PathBuf;
        pub fn with_added_extension<S: AsRef<OsStr>>(&self, extension: S) -> PathBuf;
        pub fn components(&self) -> Components<'_>;
        pub fn iter(&self) -> Iter<'_>;
        pub fn display(&self) -> Display<'_>;
        pub fn metadata(&self) -> io::Result<Metadata>;
        pub fn symlink_metadata(&self) -> io::Result<Metadata>;
        pub fn canonicalize(&self) -> io::Result<PathBuf>;
        pub fn read_link(&self) -> io::Result<PathBuf>;
        pub fn read_dir(&self) -> io::Result<ReadDir>;
        pub fn exists(&self) -> bool;
        pub fn try_exists(&self) -> io::Result<bool>;
        pub fn is_file(&self) -> bool;
        pub fn is_dir(&self) -> bool;
        pub fn is_symlink(&self) -> bool;
        pub fn into_path_buf(self: Box<Self>) -> PathBuf;
    }
    impl ToOwned for Path { type Owned = PathBuf; }
    impl AsRef<OsStr> for Path {}
    impl AsRef<Path> for Path {}
    impl Debug for Path {}
    impl PartialEq for Path {}
    impl PartialEq<PathBuf> for Path {}
    impl Eq for Path {}
    impl PartialOrd for Path {}
    impl Ord for Path {}
    impl crate::hash::Hash for Path {}
    impl<'a> IntoIterator for &'a Path { type Item = &'a OsStr; type IntoIter = Iter<'a>; }
    pub struct PathBuf;
    impl PathBuf {
        pub fn new() -> PathBuf;
        pub fn with_capacity(capacity: usize) -> PathBuf;
        pub fn as_path(&self) -> &Path;
        pub fn leak<'a>(self) -> &'a mut Path;
        pub fn push<P: AsRef<Path>>(&mut self, path: P);
        pub fn pop(&mut self) -> bool;
        pub fn set_file_name<S: AsRef<OsStr>>(&mut self, file_name: S);
        pub fn set_extension<S: AsRef<OsStr>>(&mut self, extension: S) -> bool;
        pub fn add_extension<S: AsRef<OsStr>>(&mut self, extension: S) -> bool;
        pub fn as_mut_os_string(&mut self) -> &mut OsString;
        pub fn into_os_string(self) -> OsString;
        pub fn into_boxed_path(self) -> Box<Path>;
        pub fn capacity(&self) -> usize;
        pub fn clear(&mut self);
        pub fn reserve(&mut self, additional: usize);
        pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
        pub fn reserve_exact(&mut self, additional: usize);
        pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError>;
        pub fn shrink_to_fit(&mut self);
        pub fn shrink_to(&mut self, min_capacity: usize);
    }
    impl Deref for PathBuf { type Target = Path; }
    impl DerefMut for PathBuf {}
    impl Clone for PathBuf {}
    impl Debug for PathBuf {}
    impl Default for PathBuf {}
    impl PartialEq for PathBuf {}
    impl PartialEq<Path> for PathBuf {}
    impl PartialEq<&Path> for PathBuf {}
    impl Eq for PathBuf {}
    impl PartialOrd for PathBuf {}
    impl Ord for PathBuf {}
    impl crate::hash::Hash for PathBuf {}
    impl<T: ?Sized + AsRef<OsStr>> From<&T> for PathBuf {}
    impl From<OsString> for PathBuf {}
    impl From<String> for PathBuf {}
    impl From<Box<Path>> for PathBuf {}
    impl<'a> From<Cow<'a, Path>> for PathBuf {}
    impl crate::str::FromStr for PathBuf { type Err = crate::convert::Infallible; }
    impl<P: AsRef<Path>> FromIterator<P> for PathBuf {}
    impl<P: AsRef<Path>> Extend<P> for PathBuf {}
    impl AsRef<OsStr> for PathBuf {}
    impl AsRef<Path> for PathBuf {}
    impl<'a> IntoIterator for &'a PathBuf { type Item = &'a OsStr; type IntoIter = Iter<'a>; }
    #[derive(Clone)]
    pub struct Components<'a>;
    impl<'a> Components<'a> { pub fn as_path(&self) -> &'a Path; }
    impl<'a> Iterator for Components<'a> { type Item = Component<'a>; }
    impl<'a> DoubleEndedIterator for Components<'a> {}
    impl AsRef<Path> for Components<'_> {}
    #[derive(Clone)]
    pub struct Iter<'a>;
    impl<'a> Iter<'a> { pub fn as_path(&self) -> &'a Path; }
    impl<'a> Iterator for Iter<'a> { type Item = &'a OsStr; }
    impl<'a> DoubleEndedIterator for Iter<'a> {}
    #[derive(Copy, Clone, Debug)]
    pub struct Ancestors<'a>;
    impl<'a> Iterator for Ancestors<'a> { type Item = &'a Path; }
    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub enum Component<'a> { Prefix(PrefixComponent<'a>), RootDir, CurDir, ParentDir, Normal(&'a OsStr) }
    impl<'a> Component<'a> { pub fn as_os_str(self) -> &'a OsStr; }
    impl AsRef<OsStr> for Component<'_> {}
    impl AsRef<Path> for Component<'_> {}
    #[derive(Copy, Clone, Eq, Debug)]
    pub struct PrefixComponent<'a>;
    impl<'a> PrefixComponent<'a> {
        pub fn kind(&self) -> Prefix<'a>;
        pub fn as_os_str(&self) -> &'a OsStr;
    }
    #[derive(Copy, Clone, Debug, Hash, PartialOrd, Ord, PartialEq, Eq)]
    pub enum Prefix<'a> { Verbatim(&'a OsStr), VerbatimUNC(&'a OsStr, &'a OsStr), VerbatimDisk(u8), DeviceNS(&'a OsStr), UNC(&'a OsStr, &'a OsStr), Disk(u8) }
    impl<'a> Prefix<'a> { pub fn is_verbatim(&self) -> bool; }
    pub struct Display<'a>;
    impl crate::fmt::Debug for Display<'_> {}
    impl crate::fmt::Display for Display<'_> {}
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct StripPrefixError;
    impl crate::fmt::Display for StripPrefixError {}
    impl crate::error::Error for StripPrefixError {}
}

pub mod fs {
    use crate::ffi::OsString;
    use crate::fmt::Debug;
    use crate::io::{self, Read, Seek, Write};
    use crate::path::{Path, PathBuf};
    use crate::time::SystemTime;

    #[derive(Debug)]
    pub struct File;
    impl File {
        pub fn open<P: AsRef<Path>>(path: P) -> io::Result<File>;
        pub fn create<P: AsRef<Path>>(path: P) -> io::Result<File>;
        pub fn create_new<P: AsRef<Path>>(path: P) -> io::Result<File>;
        pub fn options() -> OpenOptions;
        pub fn sync_all(&self) -> io::Result<()>;
        pub fn sync_data(&self) -> io::Result<()>;
        pub fn lock(&self) -> io::Result<()>;
        pub fn lock_shared(&self) -> io::Result<()>;
        pub fn try_lock(&self) -> Result<(), TryLockError>;
        pub fn try_lock_shared(&self) -> Result<(), TryLockError>;
        pub fn unlock(&self) -> io::Result<()>;
        pub fn set_len(&self, size: u64) -> io::Result<()>;
        pub fn metadata(&self) -> io::Result<Metadata>;
        pub fn try_clone(&self) -> io::Result<File>;
        pub fn set_permissions(&self, perm: Permissions) -> io::Result<()>;
        pub fn set_times(&self, times: FileTimes) -> io::Result<()>;
        pub fn set_modified(&self, time: SystemTime) -> io::Result<()>;
    }
    impl Read for File {}
    impl Read for &File {}
    impl Write for File {}
    impl Write for &File {}
    impl Seek for File {}
    impl Seek for &File {}
    impl Read for crate::sync::Arc<File> {}
    impl Write for crate::sync::Arc<File> {}
    impl Seek for crate::sync::Arc<File> {}
    #[derive(Debug)]
    pub enum TryLockError { Error(io::Error), WouldBlock }
    impl crate::fmt::Display for TryLockError {}
    impl crate::error::Error for TryLockError {}
    impl From<TryLockError> for io::Error {}
    #[derive(Clone, Debug)]
    pub struct OpenOptions;
    impl OpenOptions {
        pub fn new() -> Self;
        pub fn read(&mut self, read: bool) -> &mut Self;
        pub fn write(&mut self, write: bool) -> &mut Self;
        pub fn append(&mut self, append: bool) -> &mut Self;
        pub fn truncate(&mut self, truncate: bool) -> &mut Self;
        pub fn create(&mut self, create: bool) -> &mut Self;
        pub fn create_new(&mut self, create_new: bool) -> &mut Self;
        pub fn open<P: AsRef<Path>>(&self, path: P) -> io::Result<File>;
    }
    #[derive(Clone, Debug)]
    pub struct Metadata;
    impl Metadata {
        pub fn file_type(&self) -> FileType;
        pub fn is_dir(&self) -> bool;
        pub fn is_file(&self) -> bool;
        pub fn is_symlink(&self) -> bool;
        pub fn len(&self) -> u64;
        pub fn permissions(&self) -> Permissions;
        pub fn modified(&self) -> io::Result<SystemTime>;
        pub fn accessed(&self) -> io::Result<SystemTime>;
        pub fn created(&self) -> io::Result<SystemTime>;
    }
    #[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
    pub struct FileType;
    impl FileType {
        pub fn is_dir(&self) -> bool;
        pub fn is_file(&self) -> bool;
        pub fn is_symlink(&self) -> bool;
    }
    #[derive(Clone, PartialEq, Eq, Debug)]
    pub struct Permissions;
    impl Permissions {
        pub fn readonly(&self) -> bool;
        pub fn set_readonly(&mut self, readonly: bool);
    }
    #[derive(Copy, Clone, Debug, Default)]
    pub struct FileTimes;
    impl FileTimes {
        pub fn new() -> Self;
        pub fn set_accessed(self, t: SystemTime) -> Self;
        pub fn set_modified(self, t: SystemTime) -> Self;
    }
    #[derive(Debug)]
    pub struct ReadDir;
    impl Iterator for ReadDir { type Item = io::Result<DirEntry>; }
    pub struct DirEntry;
    impl DirEntry {
        pub fn path(&self) -> PathBuf;
        pub fn metadata(&self) -> io::Result<Metadata>;
        pub fn file_type(&self) -> io::Result<FileType>;
        pub fn file_name(&self) -> OsString;
    }
    impl Debug for DirEntry {}
    #[derive(Debug)]
    pub struct DirBuilder;
    impl DirBuilder {
        pub fn new() -> DirBuilder;
        pub fn recursive(&mut self, recursive: bool) -> &mut Self;
        pub fn create<P: AsRef<Path>>(&self, path: P) -> io::Result<()>;
    }
    pub fn read<P: AsRef<Path>>(path: P) -> io::Result<Vec<u8>>;
    pub fn read_to_string<P: AsRef<Path>>(path: P) -> io::Result<String>;
    pub fn write<P: AsRef<Path>, C: AsRef<[u8]>>(path: P, contents: C) -> io::Result<()>;
    pub fn remove_file<P: AsRef<Path>>(path: P) -> io::Result<()>;
    pub fn metadata<P: AsRef<Path>>(path: P) -> io::Result<Metadata>;
    pub fn symlink_metadata<P: AsRef<Path>>(path: P) -> io::Result<Metadata>;
    pub fn rename<P: AsRef<Path>, Q: AsRef<Path>>(from: P, to: Q) -> io::Result<()>;
    pub fn copy<P: AsRef<Path>, Q: AsRef<Path>>(from: P, to: Q) -> io::Result<u64>;
    pub fn hard_link<P: AsRef<Path>, Q: AsRef<Path>>(original: P, link: Q) -> io::Result<()>;
    pub fn soft_link<P: AsRef<Path>, Q: AsRef<Path>>(original: P, link: Q) -> io::Result<()>;
    pub fn read_link<P: AsRef<Path>>(path: P) -> io::Result<PathBuf>;
    pub fn canonicalize<P: AsRef<Path>>(path: P) -> io::Result<PathBuf>;
    pub fn create_dir<P: AsRef<Path>>(path: P) -> io::Result<()>;
    pub fn create_dir_all<P: AsRef<Path>>(path: P) -> io::Result<()>;
    pub fn remove_dir<P: AsRef<Path>>(path: P) -> io::Result<()>;
    pub fn remove_dir_all<P: AsRef<Path>>(path: P) -> io::Result<()>;
    pub fn read_dir<P: AsRef<Path>>(path: P) -> io::Result<ReadDir>;
    pub fn set_permissions<P: AsRef<Path>>(path: P, perm: Permissions) -> io::Result<()>;
    pub fn exists<P: AsRef<Path>>(path: P) -> io::Result<bool>;
}

pub mod env {
    use crate::ffi::{OsStr, OsString};
    use crate::io;
    use crate::path::{Path, PathBuf};

    pub fn current_dir() -> io::Result<PathBuf>;
    pub fn set_current_dir<P: AsRef<Path>>(path: P) -> io::Result<()>;
    pub fn vars() -> Vars;
    pub fn vars_os() -> VarsOs;
    pub fn var<K: AsRef<OsStr>>(key: K) -> Result<String, VarError>;
    pub fn var_os<K: AsRef<OsStr>>(key: K) -> Option<OsString>;
    pub unsafe fn set_var<K: AsRef<OsStr>, V: AsRef<OsStr>>(key: K, value: V);
    pub unsafe fn remove_var<K: AsRef<OsStr>>(key: K);
    pub fn split_paths<T: AsRef<OsStr> + ?Sized>(unparsed: &T) -> SplitPaths<'_>;
    pub fn join_paths<I: IntoIterator<Item = T>, T: AsRef<OsStr>>(paths: I) -> Result<OsString, JoinPathsError>;
    pub fn home_dir() -> Option<PathBuf>;
    pub fn temp_dir() -> PathBuf;
    pub fn current_exe() -> io::Result<PathBuf>;
    pub fn args() -> Args;
    pub fn args_os() -> ArgsOs;
    pub struct Args;
    impl Iterator for Args { type Item = String; }
    impl DoubleEndedIterator for Args {}
    impl ExactSizeIterator for Args {}
    pub struct ArgsOs;
    impl Iterator for ArgsOs { type Item = OsString; }
    impl DoubleEndedIterator for ArgsOs {}
    impl ExactSizeIterator for ArgsOs {}
    pub struct Vars;
    impl Iterator for Vars { type Item = (String, String); }
    pub struct VarsOs;
    impl Iterator for VarsOs { type Item = (OsString, OsString); }
    pub struct SplitPaths<'a>;
    impl<'a> Iterator for SplitPaths<'a> { type Item = PathBuf; }
    #[derive(Debug)]
    pub struct JoinPathsError;
    impl crate::fmt::Display for JoinPathsError {}
    impl crate::error::Error for JoinPathsError {}
    #[derive(Debug, PartialEq, Eq, Clone)]
    pub enum VarError { NotPresent, NotUnicode(OsString) }
    impl crate::fmt::Display for VarError {}
    impl crate::error::Error for VarError {}
    pub mod consts {
        pub const ARCH: &str;
        pub const FAMILY: &str;
        pub const OS: &str;
        pub const DLL_PREFIX: &str;
        pub const DLL_SUFFIX: &str;
        pub const DLL_EXTENSION: &str;
        pub const EXE_SUFFIX: &str;
        pub const EXE_EXTENSION: &str;
    }
}

pub mod process {
    use crate::ffi::OsStr;
    use crate::fmt::{Debug, Display};
    use crate::fs::File;
    use crate::io::{self, Read, Write};
    use crate::path::Path;

    #[derive(Debug)]
    pub struct Command;
    impl Command {
        pub fn new<S: AsRef<OsStr>>(program: S) -> Command;
        pub fn arg<S: AsRef<OsStr>>(&mut self, arg: S) -> &mut Command;
        pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(&mut self, args: I) -> &mut Command;
        pub fn env<K: AsRef<OsStr>, V: AsRef<OsStr>>(&mut self, key: K, val: V) -> &mut Command;
        pub fn envs<I: IntoIterator<Item = (K, V)>, K: AsRef<OsStr>, V: AsRef<OsStr>>(&mut self, vars: I) -> &mut Command;
        pub fn env_remove<K: AsRef<OsStr>>(&mut self, key: K) -> &mut Command;
        pub fn env_clear(&mut self) -> &mut Command;
        pub fn current_dir<P: AsRef<Path>>(&mut self, dir: P) -> &mut Command;
        pub fn stdin<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command;
        pub fn stdout<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command;
        pub fn stderr<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Command;
        pub fn spawn(&mut self) -> io::Result<Child>;
        pub fn output(&mut self) -> io::Result<Output>;
        pub fn status(&mut self) -> io::Result<ExitStatus>;
        pub fn get_program(&self) -> &OsStr;
        pub fn get_args(&self) -> CommandArgs<'_>;
        pub fn get_envs(&self) -> CommandEnvs<'_>;
        pub fn get_current_dir(&self) -> Option<&Path>;
    }
    pub struct CommandArgs<'a>;
    impl<'a> Iterator for CommandArgs<'a> { type Item = &'a OsStr; }
    impl<'a> ExactSizeIterator for CommandArgs<'a> {}
    pub struct CommandEnvs<'a>;
    impl<'a> Iterator for CommandEnvs<'a> { type Item = (&'a OsStr, Option<&'a OsStr>); }
    impl<'a> ExactSizeIterator for CommandEnvs<'a> {}
    #[derive(Debug)]
    pub struct Child { pub stdin: Option<ChildStdin>, pub stdout: Option<ChildStdout>, pub stderr: Option<ChildStderr> }
    impl Child {
        pub fn kill(&mut self) -> io::Result<()>;
        pub fn id(&self) -> u32;
        pub fn wait(&mut self) -> io::Result<ExitStatus>;
        pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>>;
        pub fn wait_with_output(self) -> io::Result<Output>;
    }
    #[derive(Debug)]
    pub struct ChildStdin;
    impl Write for ChildStdin {}
    impl Write for &ChildStdin {}
    #[derive(Debug)]
    pub struct ChildStdout;
    impl Read for ChildStdout {}
    #[derive(Debug)]
    pub struct ChildStderr;
    impl Read for ChildStderr {}
    #[derive(PartialEq, Eq, Clone, Debug)]
    pub struct Output { pub status: ExitStatus, pub stdout: Vec<u8>, pub stderr: Vec<u8> }
    #[derive(Debug)]
    pub struct Stdio;
    impl Stdio {
        pub fn piped() -> Stdio;
        pub fn inherit() -> Stdio;
        pub fn null() -> Stdio;
    }
    impl From<ChildStdin> for Stdio {}
    impl From<ChildStdout> for Stdio {}
    impl From<ChildStderr> for Stdio {}
    impl From<File> for Stdio {}
    impl From<io::Stdout> for Stdio {}
    impl From<io::Stderr> for Stdio {}
    impl From<io::PipeReader> for Stdio {}
    impl From<io::PipeWriter> for Stdio {}
    #[derive(PartialEq, Eq, Clone, Copy, Debug, Default)]
    pub struct ExitStatus;
    impl ExitStatus {
        pub fn success(&self) -> bool;
        pub fn code(&self) -> Option<i32>;
    }
    impl Display for ExitStatus {}
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct ExitCode;
    impl ExitCode {
        pub const SUCCESS: ExitCode;
        pub const FAILURE: ExitCode;
        pub fn exit_process(self) -> !;
    }
    impl From<u8> for ExitCode {}
    pub trait Termination { fn report(self) -> ExitCode; }
    impl Termination for () {}
    impl Termination for ! {}
    impl Termination for ExitCode {}
    impl<T: Termination, E: Debug> Termination for Result<T, E> {}
    pub fn exit(code: i32) -> !;
    pub fn abort() -> !;
    pub fn id() -> u32;
}

pub mod net {
    use crate::fmt::{Debug, Display};
    use crate::io::{self, Read, Write};
    use crate::str::FromStr;
    use crate::time::Duration;

    #[derive(Copy, Clone, Eq, PartialEq, Hash, PartialOrd, Ord, Debug)]
    pub enum IpAddr { V4(Ipv4Addr), V6(Ipv6Addr) }
    impl IpAddr {
        pub fn is_unspecified(&self) -> bool;
        pub fn is_loopback(&self) -> bool;
        pub fn is_multicast(&self) -> bool;
        pub fn is_ipv4(&self) -> bool;
        pub fn is_ipv6(&self) -> bool;
        pub fn to_canonical(&self) -> IpAddr;
        pub fn as_octets(&self) -> &[u8];
    }
    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub struct Ipv4Addr;
    impl Ipv4Addr {
        pub const BITS: u32;
        pub const LOCALHOST: Self;
        pub const UNSPECIFIED: Self;
        pub const BROADCAST: Self;
        pub fn new(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr;
        pub fn to_bits(self) -> u32;
        pub fn from_bits(bits: u32) -> Ipv4Addr;
        pub fn octets(&self) -> [u8; 4];
        pub fn from_octets(octets: [u8; 4]) -> Ipv4Addr;
        pub fn as_octets(&self) -> &[u8; 4];
        pub fn is_unspecified(&self) -> bool;
        pub fn is_loopback(&self) -> bool;
        pub fn is_private(&self) -> bool;
        pub fn is_link_local(&self) -> bool;
        pub fn is_multicast(&self) -> bool;
        pub fn is_broadcast(&self) -> bool;
        pub fn is_documentation(&self) -> bool;
        pub fn to_ipv6_compatible(&self) -> Ipv6Addr;
        pub fn to_ipv6_mapped(&self) -> Ipv6Addr;
    }
    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub struct Ipv6Addr;
    impl Ipv6Addr {
        pub const BITS: u32;
        pub const LOCALHOST: Self;
        pub const UNSPECIFIED: Self;
        pub fn new(a: u16, b: u16, c: u16, d: u16, e: u16, f: u16, g: u16, h: u16) -> Ipv6Addr;
        pub fn to_bits(self) -> u128;
        pub fn from_bits(bits: u128) -> Ipv6Addr;
        pub fn segments(&self) -> [u16; 8];
        pub fn from_segments(segments: [u16; 8]) -> Ipv6Addr;
        pub fn is_unspecified(&self) -> bool;
        pub fn is_loopback(&self) -> bool;
        pub fn is_unique_local(&self) -> bool;
        pub fn is_unicast_link_local(&self) -> bool;
        pub fn is_multicast(&self) -> bool;
        pub fn to_ipv4_mapped(&self) -> Option<Ipv4Addr>;
        pub fn to_ipv4(&self) -> Option<Ipv4Addr>;
        pub fn to_canonical(&self) -> IpAddr;
        pub fn octets(&self) -> [u8; 16];
        pub fn from_octets(octets: [u8; 16]) -> Ipv6Addr;
        pub fn as_octets(&self) -> &[u8; 16];
    }
    #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
    pub enum SocketAddr { V4(SocketAddrV4), V6(SocketAddrV6) }
    impl SocketAddr {
        pub fn new(ip: IpAddr, port: u16) -> SocketAddr;
        pub fn ip(&self) -> IpAddr;
        pub fn set_ip(&mut self, new_ip: IpAddr);
        pub fn port(&self) -> u16;
        pub fn set_port(&mut self, new_port: u16);
        pub fn is_ipv4(&self) -> bool;
        pub fn is_ipv6(&self) -> bool;
    }
    #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
    pub struct SocketAddrV4;
    impl SocketAddrV4 {
        pub fn new(ip: Ipv4Addr, port: u16) -> SocketAddrV4;
        pub fn ip(&self) -> &Ipv4Addr;
        pub fn set_ip(&mut self, new_ip: Ipv4Addr);
        pub fn port(&self) -> u16;
        pub fn set_port(&mut self, new_port: u16);
    }
    #[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
    pub struct SocketAddrV6;
    impl SocketAddrV6 {
        pub fn new(ip: Ipv6Addr, port: u16, flowinfo: u32, scope_id: u32) -> SocketAddrV6;
        pub fn ip(&self) -> &Ipv6Addr;
        pub fn set_ip(&mut self, new_ip: Ipv6Addr);
        pub fn port(&self) -> u16;
        pub fn set_port(&mut self, new_port: u16);
        pub fn flowinfo(&self) -> u32;
        pub fn set_flowinfo(&mut self, new_flowinfo: u32);
        pub fn scope_id(&self) -> u32;
        pub fn set_scope_id(&mut self, new_scope_id: u32);
    }
    impl Display for IpAddr {}
    impl Display for Ipv4Addr {}
    impl Display for Ipv6Addr {}
    impl Display for SocketAddr {}
    impl Display for SocketAddrV4 {}
    impl Display for SocketAddrV6 {}
    impl FromStr for IpAddr { type Err = AddrParseError; }
    impl FromStr for Ipv4Addr { type Err = AddrParseError; }
    impl FromStr for Ipv6Addr { type Err = AddrParseError; }
    impl FromStr for SocketAddr { type Err = AddrParseError; }
    impl FromStr for SocketAddrV4 { type Err = AddrParseError; }
    impl FromStr for SocketAddrV6 { type Err = AddrParseError; }
    impl From<Ipv4Addr> for IpAddr {}
    impl From<Ipv6Addr> for IpAddr {}
    impl From<[u8; 4]> for IpAddr {}
    impl From<[u8; 4]> for Ipv4Addr {}
    impl From<u32> for Ipv4Addr {}
    impl From<Ipv4Addr> for u32 {}
    impl From<[u8; 16]> for Ipv6Addr {}
    impl From<u128> for Ipv6Addr {}
    impl From<SocketAddrV4> for SocketAddr {}
    impl From<SocketAddrV6> for SocketAddr {}
    impl<I: Into<IpAddr>> From<(I, u16)> for SocketAddr {}
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct AddrParseError;
    impl Display for AddrParseError {}
    impl crate::error::Error for AddrParseError {}
    pub trait ToSocketAddrs {
        type Iter: Iterator<Item = SocketAddr>;
        fn to_socket_addrs(&self) -> io::Result<Self::Iter>;
    }
    impl ToSocketAddrs for SocketAddr { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for SocketAddrV4 { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for SocketAddrV6 { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (IpAddr, u16) { type Iter = crate::option::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (&str, u16) { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for (String, u16) { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for str { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl ToSocketAddrs for String { type Iter = crate::vec::IntoIter<SocketAddr>; }
    impl<T: ToSocketAddrs + ?Sized> ToSocketAddrs for &T { type Iter = T::Iter; }
    #[derive(Copy, Clone, PartialEq, Eq, Debug)]
    pub enum Shutdown { Read, Write, Both }
    #[derive(Debug)]
    pub struct TcpStream;
    impl TcpStream {
        pub fn connect<A: ToSocketAddrs>(addr: A) -> io::Result<TcpStream>;
        pub fn connect_timeout(addr: &SocketAddr, timeout: Duration) -> io::Result<TcpStream>;
        pub fn peer_addr(&self) -> io::Result<SocketAddr>;
        pub fn local_addr(&self) -> io::Result<SocketAddr>;
        pub fn shutdown(&self, how: Shutdown) -> io::Result<()>;
        pub fn try_clone(&self) -> io::Result<TcpStream>;
        pub fn set_read_timeout(&self, dur: Option<Duration>) -> io::Result<()>;
        pub fn set_write_timeout(&self, dur: Option<Duration>) -> io::Result<()>;
        pub fn read_timeout(&self) -> io::Result<Option<Duration>>;
        pub fn write_timeout(&self) -> io::Result<Option<Duration>>;
        pub fn peek(&self, buf: &mut [u8]) -> io::Result<usize>;
        pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()>;
        pub fn nodelay(&self) -> io::Result<bool>;
        pub fn set_ttl(&self, ttl: u32) -> io::Result<()>;
        pub fn ttl(&self) -> io::Result<u32>;
        pub fn take_error(&self) -> io::Result<Option<io::Error>>;
        pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
    }
    impl Read for TcpStream {}
    impl Read for &TcpStream {}
    impl Write for TcpStream {}
    impl Write for &TcpStream {}
    #[derive(Debug)]
    pub struct TcpListener;
    impl TcpListener {
        pub fn bind<A: ToSocketAddrs>(addr: A) -> io::Result<TcpListener>;
        pub fn local_addr(&self) -> io::Result<SocketAddr>;
        pub fn try_clone(&self) -> io::Result<TcpListener>;
        pub fn accept(&self) -> io::Result<(TcpStream, SocketAddr)>;
        pub fn incoming(&self) -> Incoming<'_>;
        pub fn set_ttl(&self, ttl: u32) -> io::Result<()>;
        pub fn ttl(&self) -> io::Result<u32>;
        pub fn set_only_v6(&self, only_v6: bool) -> io::Result<()>;
        pub fn only_v6(&self) -> io::Result<bool>;
        pub fn take_error(&self) -> io::Result<Option<io::Error>>;
        pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
    }
    #[derive(Debug)]
    pub struct Incoming<'a>;
    impl<'a> Iterator for Incoming<'a> { type Item = io::Result<TcpStream>; }
    #[derive(Debug)]
    pub struct UdpSocket;
    impl UdpSocket {
        pub fn bind<A: ToSocketAddrs>(addr: A) -> io::Result<UdpSocket>;
        pub fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)>;
        pub fn peek_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)>;
        pub fn send_to<A: ToSocketAddrs>(&self, buf: &[u8], addr: A) -> io::Result<usize>;
        pub fn peer_addr(&self) -> io::Result<SocketAddr>;
        pub fn local_addr(&self) -> io::Result<SocketAddr>;
        pub fn try_clone(&self) -> io::Result<UdpSocket>;
        pub fn set_read_timeout(&self, dur: Option<Duration>) -> io::Result<()>;
        pub fn set_write_timeout(&self, dur: Option<Duration>) -> io::Result<()>;
        pub fn read_timeout(&self) -> io::Result<Option<Duration>>;
        pub fn write_timeout(&self) -> io::Result<Option<Duration>>;
        pub fn set_broadcast(&self, broadcast: bool) -> io::Result<()>;
        pub fn broadcast(&self) -> io::Result<bool>;
        pub fn set_multicast_loop_v4(&self, multicast_loop_v4: bool) -> io::Result<()>;
        pub fn multicast_loop_v4(&self) -> io::Result<bool>;
        pub fn set_multicast_ttl_v4(&self, multicast_ttl_v4: u32) -> io::Result<()>;
        pub fn multicast_ttl_v4(&self) -> io::Result<u32>;
        pub fn set_multicast_loop_v6(&self, multicast_loop_v6: bool) -> io::Result<()>;
        pub fn multicast_loop_v6(&self) -> io::Result<bool>;
        pub fn set_ttl(&self, ttl: u32) -> io::Result<()>;
        pub fn ttl(&self) -> io::Result<u32>;
        pub fn join_multicast_v4(&self, multiaddr: &Ipv4Addr, interface: &Ipv4Addr) -> io::Result<()>;
        pub fn join_multicast_v6(&self, multiaddr: &Ipv6Addr, interface: u32) -> io::Result<()>;
        pub fn leave_multicast_v4(&self, multiaddr: &Ipv4Addr, interface: &Ipv4Addr) -> io::Result<()>;
        pub fn leave_multicast_v6(&self, multiaddr: &Ipv6Addr, interface: u32) -> io::Result<()>;
        pub fn take_error(&self) -> io::Result<Option<io::Error>>;
        pub fn connect<A: ToSocketAddrs>(&self, addr: A) -> io::Result<()>;
        pub fn send(&self, buf: &[u8]) -> io::Result<usize>;
        pub fn recv(&self, buf: &mut [u8]) -> io::Result<usize>;
        pub fn peek(&self, buf: &mut [u8]) -> io::Result<usize>;
        pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
    }
}

pub mod os {
    pub mod raw {
        pub use crate::ffi::{c_char, c_double, c_float, c_int, c_long, c_longlong, c_schar, c_short};
        pub use crate::ffi::{c_uchar, c_uint, c_ulong, c_ulonglong, c_ushort, c_void};
    }
    pub mod fd {
        pub type RawFd = i32;
        pub trait AsRawFd { fn as_raw_fd(&self) -> RawFd; }
        pub trait FromRawFd { unsafe fn from_raw_fd(fd: RawFd) -> Self; }
        pub trait IntoRawFd { fn into_raw_fd(self) -> RawFd; }
        pub trait AsFd { fn as_fd(&self) -> BorrowedFd<'_>; }
        #[derive(Copy, Clone, Debug)]
        pub struct BorrowedFd<'fd>;
        impl BorrowedFd<'_> {
            pub unsafe fn borrow_raw(fd: RawFd) -> Self;
            pub fn try_clone_to_owned(&self) -> crate::io::Result<OwnedFd>;
        }
        #[derive(Debug)]
        pub struct OwnedFd;
        impl OwnedFd { pub fn try_clone(&self) -> crate::io::Result<Self>; }
        impl AsRawFd for OwnedFd {}
        impl AsRawFd for BorrowedFd<'_> {}
        impl AsRawFd for crate::fs::File {}
        impl AsRawFd for crate::net::TcpStream {}
        impl AsRawFd for crate::net::TcpListener {}
        impl AsRawFd for crate::net::UdpSocket {}
        impl AsRawFd for crate::os::unix::net::UnixStream {}
        impl AsRawFd for crate::os::unix::net::UnixListener {}
        impl AsRawFd for crate::io::Stdin {}
        impl AsRawFd for crate::io::Stdout {}
        impl AsRawFd for crate::io::Stderr {}
        impl FromRawFd for OwnedFd {}
        impl FromRawFd for crate::fs::File {}
        impl IntoRawFd for OwnedFd {}
        impl IntoRawFd for crate::fs::File {}
        impl AsFd for OwnedFd {}
        impl AsFd for BorrowedFd<'_> {}
        impl AsFd for crate::fs::File {}
        impl AsFd for crate::net::TcpStream {}
        impl AsFd for crate::io::Stdin {}
        impl AsFd for crate::io::Stdout {}
        impl AsFd for crate::io::Stderr {}
        impl From<OwnedFd> for crate::fs::File {}
        impl From<crate::fs::File> for OwnedFd {}
        impl From<crate::net::TcpStream> for OwnedFd {}
        impl From<OwnedFd> for crate::net::TcpStream {}
        impl From<crate::net::TcpListener> for OwnedFd {}
        impl From<OwnedFd> for crate::net::TcpListener {}
        impl From<crate::net::UdpSocket> for OwnedFd {}
        impl From<OwnedFd> for crate::net::UdpSocket {}
        impl From<crate::os::unix::net::UnixStream> for OwnedFd {}
        impl From<OwnedFd> for crate::os::unix::net::UnixStream {}
        impl From<crate::os::unix::net::UnixListener> for OwnedFd {}
        impl From<OwnedFd> for crate::os::unix::net::UnixListener {}
        impl From<OwnedFd> for crate::process::Stdio {}
    }
    pub mod unix {
        pub mod prelude {
            pub use super::ffi::{OsStrExt, OsStringExt};
            pub use super::fs::{DirEntryExt, FileExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
            pub use super::process::{CommandExt, ExitStatusExt};
            pub use crate::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
        }
        pub mod io { pub use crate::os::fd::*; }
        pub mod ffi {
            use crate::ffi::{OsStr, OsString};
            pub trait OsStrExt {
                fn from_bytes(slice: &[u8]) -> &Self;
                fn as_bytes(&self) -> &[u8];
            }
            pub trait OsStringExt {
                fn from_vec(vec: Vec<u8>) -> Self;
                fn into_vec(self) -> Vec<u8>;
            }
            impl OsStrExt for OsStr {}
            impl OsStringExt for OsString {}
        }
        pub mod fs {
            use crate::fs::{DirBuilder, DirEntry, File, FileType, Metadata, OpenOptions, Permissions};
            use crate::io;
            use crate::path::Path;
            pub trait FileExt {
                fn read_at(&self, buf: &mut [u8], offset: u64) -> io::Result<usize>;
                fn read_exact_at(&self, buf: &mut [u8], offset: u64) -> io::Result<()>;
                fn write_at(&self, buf: &[u8], offset: u64) -> io::Result<usize>;
                fn write_all_at(&self, buf: &[u8], offset: u64) -> io::Result<()>;
            }
            pub trait PermissionsExt {
                fn mode(&self) -> u32;
                fn set_mode(&mut self, mode: u32);
                fn from_mode(mode: u32) -> Self;
            }
            pub trait OpenOptionsExt {
                fn mode(&mut self, mode: u32) -> &mut Self;
                fn custom_flags(&mut self, flags: i32) -> &mut Self;
            }
            pub trait MetadataExt {
                fn dev(&self) -> u64;
                fn ino(&self) -> u64;
                fn mode(&self) -> u32;
                fn nlink(&self) -> u64;
                fn uid(&self) -> u32;
                fn gid(&self) -> u32;
                fn rdev(&self) -> u64;
                fn size(&self) -> u64;
                fn atime(&self) -> i64;
                fn atime_nsec(&self) -> i64;
                fn mtime(&self) -> i64;
                fn mtime_nsec(&self) -> i64;
                fn ctime(&self) -> i64;
                fn ctime_nsec(&self) -> i64;
                fn blksize(&self) -> u64;
                fn blocks(&self) -> u64;
            }
            pub trait FileTypeExt {
                fn is_block_device(&self) -> bool;
                fn is_char_device(&self) -> bool;
                fn is_fifo(&self) -> bool;
                fn is_socket(&self) -> bool;
            }
            pub trait DirEntryExt { fn ino(&self) -> u64; }
            pub trait DirBuilderExt { fn mode(&mut self, mode: u32) -> &mut Self; }
            impl FileExt for File {}
            impl PermissionsExt for Permissions {}
            impl OpenOptionsExt for OpenOptions {}
            impl MetadataExt for Metadata {}
            impl FileTypeExt for FileType {}
            impl DirEntryExt for DirEntry {}
            impl DirBuilderExt for DirBuilder {}
            pub fn symlink<P: AsRef<Path>, Q: AsRef<Path>>(original: P, link: Q) -> io::Result<()>;
            pub fn fchown<F: crate::os::fd::AsFd>(fd: F, uid: Option<u32>, gid: Option<u32>) -> io::Result<()>;
            pub fn lchown<P: AsRef<Path>>(dir: P, uid: Option<u32>, gid: Option<u32>) -> io::Result<()>;
            pub fn chroot<P: AsRef<Path>>(dir: P) -> io::Result<()>;
            pub fn chown<P: AsRef<Path>>(dir: P, uid: Option<u32>, gid: Option<u32>) -> io::Result<()>;
        }
        pub mod process {
            use crate::ffi::OsStr;
            use crate::io;
            use crate::process::{Command, ExitStatus};
            pub trait CommandExt {
                fn uid(&mut self, id: u32) -> &mut Command;
                fn gid(&mut self, id: u32) -> &mut Command;
                unsafe fn pre_exec<F: FnMut() -> io::Result<()> + Send + Sync + 'static>(&mut self, f: F) -> &mut Command;
                fn exec(&mut self) -> io::Error;
                fn arg0<S: AsRef<OsStr>>(&mut self, arg: S) -> &mut Command;
                fn process_group(&mut self, pgroup: i32) -> &mut Command;
            }
            pub trait ExitStatusExt {
                fn from_raw(raw: i32) -> Self;
                fn signal(&self) -> Option<i32>;
                fn core_dumped(&self) -> bool;
                fn stopped_signal(&self) -> Option<i32>;
                fn continued(&self) -> bool;
                fn into_raw(self) -> i32;
            }
            impl CommandExt for Command {}
            impl ExitStatusExt for ExitStatus {}
            pub fn parent_id() -> u32;
        }
        pub mod net {
            use crate::io::{self, Read, Write};
            use crate::net::Shutdown;
            use crate::path::Path;
            use crate::time::Duration;
            #[derive(Clone, Debug)]
            pub struct SocketAddr;
            impl SocketAddr {
                pub fn from_pathname<P: AsRef<Path>>(path: P) -> io::Result<SocketAddr>;
                pub fn is_unnamed(&self) -> bool;
                pub fn as_pathname(&self) -> Option<&Path>;
            }
            #[derive(Debug)]
            pub struct UnixStream;
            impl UnixStream {
                pub fn connect<P: AsRef<Path>>(path: P) -> io::Result<UnixStream>;
                pub fn connect_addr(socket_addr: &SocketAddr) -> io::Result<UnixStream>;
                pub fn pair() -> io::Result<(UnixStream, UnixStream)>;
                pub fn try_clone(&self) -> io::Result<UnixStream>;
                pub fn local_addr(&self) -> io::Result<SocketAddr>;
                pub fn peer_addr(&self) -> io::Result<SocketAddr>;
                pub fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
                pub fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
                pub fn read_timeout(&self) -> io::Result<Option<Duration>>;
                pub fn write_timeout(&self) -> io::Result<Option<Duration>>;
                pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
                pub fn take_error(&self) -> io::Result<Option<io::Error>>;
                pub fn shutdown(&self, how: Shutdown) -> io::Result<()>;
            }
            impl Read for UnixStream {}
            impl Read for &UnixStream {}
            impl Write for UnixStream {}
            impl Write for &UnixStream {}
            #[derive(Debug)]
            pub struct UnixListener;
            impl UnixListener {
                pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<UnixListener>;
                pub fn bind_addr(socket_addr: &SocketAddr) -> io::Result<UnixListener>;
                pub fn accept(&self) -> io::Result<(UnixStream, SocketAddr)>;
                pub fn try_clone(&self) -> io::Result<UnixListener>;
                pub fn local_addr(&self) -> io::Result<SocketAddr>;
                pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
                pub fn take_error(&self) -> io::Result<Option<io::Error>>;
                pub fn incoming(&self) -> Incoming<'_>;
            }
            #[derive(Debug)]
            pub struct Incoming<'a>;
            impl<'a> Iterator for Incoming<'a> { type Item = io::Result<UnixStream>; }
            #[derive(Debug)]
            pub struct UnixDatagram;
            impl UnixDatagram {
                pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<UnixDatagram>;
                pub fn unbound() -> io::Result<UnixDatagram>;
                pub fn pair() -> io::Result<(UnixDatagram, UnixDatagram)>;
                pub fn bind_addr(socket_addr: &SocketAddr) -> io::Result<UnixDatagram>;
                pub fn connect<P: AsRef<Path>>(&self, path: P) -> io::Result<()>;
                pub fn connect_addr(&self, socket_addr: &SocketAddr) -> io::Result<()>;
                pub fn try_clone(&self) -> io::Result<UnixDatagram>;
                pub fn local_addr(&self) -> io::Result<SocketAddr>;
                pub fn peer_addr(&self) -> io::Result<SocketAddr>;
                pub fn send_to_addr(&self, buf: &[u8], socket_addr: &SocketAddr) -> io::Result<usize>;
                pub fn set_read_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
                pub fn set_write_timeout(&self, timeout: Option<Duration>) -> io::Result<()>;
                pub fn read_timeout(&self) -> io::Result<Option<Duration>>;
                pub fn write_timeout(&self) -> io::Result<Option<Duration>>;
                pub fn take_error(&self) -> io::Result<Option<io::Error>>;
                pub fn shutdown(&self, how: Shutdown) -> io::Result<()>;
                pub fn recv_from(&self, buf: &mut [u8]) -> io::Result<(usize, SocketAddr)>;
                pub fn recv(&self, buf: &mut [u8]) -> io::Result<usize>;
                pub fn send_to<P: AsRef<Path>>(&self, buf: &[u8], path: P) -> io::Result<usize>;
                pub fn send(&self, buf: &[u8]) -> io::Result<usize>;
                pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()>;
            }
        }
    }
}
