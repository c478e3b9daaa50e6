// Text: str, String, char, formatting and foreign strings.

pub mod str {
    use crate::borrow::{Cow, ToOwned};
    use crate::ops::{Index, IndexMut, RangeBounds};
    use crate::slice::SliceIndex;
    use self::pattern::Pattern;

    impl str {
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn from_utf8(v: &[u8]) -> Result<&str, Utf8Error>;
        pub fn from_utf8_mut(v: &mut [u8]) -> Result<&mut str, Utf8Error>;
        pub unsafe fn from_utf8_unchecked(v: &[u8]) -> &str;
        pub unsafe fn from_utf8_unchecked_mut(v: &mut [u8]) -> &mut str;
        pub fn is_char_boundary(&self, index: usize) -> bool;
        pub fn floor_char_boundary(&self, index: usize) -> usize;
        pub fn ceil_char_boundary(&self, index: usize) -> usize;
        pub fn as_bytes(&self) -> &[u8];
        pub unsafe fn as_bytes_mut(&mut self) -> &mut [u8];
        pub fn as_ptr(&self) -> *const u8;
        pub fn as_mut_ptr(&mut self) -> *mut u8;
        pub fn get<I: SliceIndex<str>>(&self, i: I) -> Option<&I::Output>;
        pub fn get_mut<I: SliceIndex<str>>(&mut self, i: I) -> Option<&mut I::Output>;
        pub unsafe fn get_unchecked<I: SliceIndex<str>>(&self, i: I) -> &I::Output;
        pub unsafe fn get_unchecked_mut<I: SliceIndex<str>>(&mut self, i: I) -> &mut I::Output;
        pub unsafe fn slice_unchecked(&self, begin: usize, end: usize) -> &str;
        pub unsafe fn slice_mut_unchecked(&mut self, begin: usize, end: usize) -> &mut str;
        pub fn split_at(&self, mid: usize) -> (&str, &str);
        pub fn split_at_mut(&mut self, mid: usize) -> (&mut str, &mut str);
        pub fn split_at_checked(&self, mid: usize) -> Option<(&str, &str)>;
        pub fn split_at_mut_checked(&mut self, mid: usize) -> Option<(&mut str, &mut str)>;
        pub fn chars(&self) -> Chars<'_>;
        pub fn char_indices(&self) -> CharIndices<'_>;
        pub fn bytes(&self) -> Bytes<'_>;
        pub fn split_whitespace(&self) -> SplitWhitespace<'_>;
        pub fn split_ascii_whitespace(&self) -> SplitAsciiWhitespace<'_>;
        pub fn lines(&self) -> Lines<'_>;
        pub fn lines_any(&self) -> crate::iter::Iter<&str>;
        pub fn encode_utf16(&self) -> EncodeUtf16<'_>;
        pub fn contains<P: Pattern>(&self, pat: P) -> bool;
        pub fn starts_with<P: Pattern>(&self, pat: P) -> bool;
        pub fn ends_with<P: Pattern>(&self, pat: P) -> bool;
        pub fn find<P: Pattern>(&self, pat: P) -> Option<usize>;
        pub fn rfind<P: Pattern>(&self, pat: P) -> Option<usize>;
        pub fn split<P: Pattern>(&self, pat: P) -> Split<'_, P>;
        pub fn split_inclusive<P: Pattern>(&self, pat: P) -> SplitInclusive<'_, P>;
        pub fn rsplit<P: Pattern>(&self, pat: P) -> RSplit<'_, P>;
        pub fn split_terminator<P: Pattern>(&self, pat: P) -> SplitTerminator<'_, P>;
        pub fn rsplit_terminator<P: Pattern>(&self, pat: P) -> crate::iter::Iter<&str>;
        pub fn splitn<P: Pattern>(&self, n: usize, pat: P) -> SplitN<'_, P>;
        pub fn rsplitn<P: Pattern>(&self, n: usize, pat: P) -> RSplitN<'_, P>;
        pub fn split_once<P: Pattern>(&self, delimiter: P) -> Option<(&str, &str)>;
        pub fn rsplit_once<P: Pattern>(&self, delimiter: P) -> Option<(&str, &str)>;
        pub fn matches<P: Pattern>(&self, pat: P) -> Matches<'_, P>;
        pub fn rmatches<P: Pattern>(&self, pat: P) -> crate::iter::Iter<&str>;
        pub fn match_indices<P: Pattern>(&self, pat: P) -> MatchIndices<'_, P>;
        pub fn rmatch_indices<P: Pattern>(&self, pat: P) -> crate::iter::Iter<(usize, &str)>;
        pub fn trim(&self) -> &str;
        pub fn trim_start(&self) -> &str;
        pub fn trim_end(&self) -> &str;
        pub fn trim_left(&self) -> &str;
        pub fn trim_right(&self) -> &str;
        pub fn trim_matches<P: Pattern>(&self, pat: P) -> &str;
        pub fn trim_start_matches<P: Pattern>(&self, pat: P) -> &str;
        pub fn strip_prefix<P: Pattern>(&self, prefix: P) -> Option<&str>;
        pub fn strip_suffix<P: Pattern>(&self, suffix: P) -> Option<&str>;
        pub fn trim_end_matches<P: Pattern>(&self, pat: P) -> &str;
        pub fn trim_left_matches<P: Pattern>(&self, pat: P) -> &str;
        pub fn trim_right_matches<P: Pattern>(&self, pat: P) -> &str;
        pub fn parse<F: FromStr>(&self) -> Result<F, F::Err>;
        pub fn is_ascii(&self) -> bool;
        pub fn eq_ignore_ascii_case(&self, other: &str) -> bool;
        pub fn make_ascii_uppercase(&mut self);
        pub fn make_ascii_lowercase(&mut self);
        pub fn trim_ascii_start(&self) -> &str;
        pub fn trim_ascii_end(&self) -> &str;
        pub fn trim_ascii(&self) -> &str;
        pub fn escape_debug(&self) -> EscapeDebug<'_>;
        pub fn escape_default(&self) -> EscapeDefault<'_>;
        pub fn escape_unicode(&self) -> EscapeUnicode<'_>;
        pub fn into_boxed_bytes(self: Box<str>) -> Box<[u8]>;
        pub fn replace<P: Pattern>(&self, from: P, to: &str) -> String;
        pub fn replacen<P: Pattern>(&self, pat: P, to: &str, count: usize) -> String;
        pub fn to_lowercase(&self) -> String;
        pub fn to_uppercase(&self) -> String;
        pub fn into_string(self: Box<str>) -> String;
        pub fn repeat(&self, n: usize) -> String;
        pub fn to_ascii_uppercase(&self) -> String;
        pub fn to_ascii_lowercase(&self) -> String;
    }
    impl<I: SliceIndex<str>> Index<I> for str { type Output = I::Output; }
    impl<I: SliceIndex<str>> IndexMut<I> for str {}
    impl ToOwned for str { type Owned = String; }
    impl PartialEq for str {}
    impl PartialEq<String> for str {}
    impl PartialEq<Cow<'_, str>> for str {}
    impl PartialEq<crate::ffi::OsStr> for str {}
    impl Eq for str {}
    impl PartialOrd for str {}
    impl Ord for str {}
    impl crate::hash::Hash for str {}
    impl crate::fmt::Debug for str {}
    impl crate::fmt::Display for str {}
    impl Default for &str {}
    impl AsRef<str> for str {}
    impl AsRef<[u8]> for str {}
    impl AsRef<crate::ffi::OsStr> for str {}
    impl AsRef<crate::path::Path> for str {}
    impl AsMut<str> for str {}

    pub trait FromStr {
        type Err;
        fn from_str(s: &str) -> Result<Self, Self::Err>;
    }
    impl FromStr for bool { type Err = ParseBoolError; }
    impl FromStr for char { type Err = crate::char::ParseCharError; }
    impl FromStr for String { type Err = crate::convert::Infallible; }
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParseBoolError;
    impl crate::fmt::Display for ParseBoolError {}
    impl crate::error::Error for ParseBoolError {}
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Utf8Error;
    impl Utf8Error {
        pub fn valid_up_to(&self) -> usize;
        pub fn error_len(&self) -> Option<usize>;
    }
    impl crate::fmt::Display for Utf8Error {}
    impl crate::error::Error for Utf8Error {}

    #[derive(Clone)]
    pub struct Chars<'a>;
    impl<'a> Chars<'a> { pub fn as_str(&self) -> &'a str; }
    impl<'a> Iterator for Chars<'a> { type Item = char; }
    impl<'a> DoubleEndedIterator for Chars<'a> {}
    #[derive(Clone)]
    pub struct CharIndices<'a>;
    impl<'a> CharIndices<'a> {
        pub fn as_str(&self) -> &'a str;
        pub fn offset(&self) -> usize;
    }
    impl<'a> Iterator for CharIndices<'a> { type Item = (usize, char); }
    impl<'a> DoubleEndedIterator for CharIndices<'a> {}
    #[derive(Clone)]
    pub struct Bytes<'a>;
    impl<'a> Iterator for Bytes<'a> { type Item = u8; }
    impl<'a> DoubleEndedIterator for Bytes<'a> {}
    impl<'a> ExactSizeIterator for Bytes<'a> {}
    #[derive(Clone)]
    pub struct Lines<'a>;
    impl<'a> Iterator for Lines<'a> { type Item = &'a str; }
    impl<'a> DoubleEndedIterator for Lines<'a> {}
    #[derive(Clone)]
    pub struct SplitWhitespace<'a>;
    impl<'a> Iterator for SplitWhitespace<'a> { type Item = &'a str; }
    impl<'a> DoubleEndedIterator for SplitWhitespace<'a> {}
    #[derive(Clone)]
    pub struct SplitAsciiWhitespace<'a>;
    impl<'a> Iterator for SplitAsciiWhitespace<'a> { type Item = &'a str; }
    impl<'a> DoubleEndedIterator for SplitAsciiWhitespace<'a> {}
    pub struct Split<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for Split<'a, P> { type Item = &'a str; }
    impl<'a, P: Pattern> DoubleEndedIterator for Split<'a, P> {}
    impl<'a, P: Pattern> Clone for Split<'a, P> {}
    pub struct RSplit<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for RSplit<'a, P> { type Item = &'a str; }
    impl<'a, P: Pattern> DoubleEndedIterator for RSplit<'a, P> {}
    impl<'a, P: Pattern> Clone for RSplit<'a, P> {}
    pub struct SplitInclusive<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for SplitInclusive<'a, P> { type Item = &'a str; }
    impl<'a, P: Pattern> DoubleEndedIterator for SplitInclusive<'a, P> {}
    pub struct SplitTerminator<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for SplitTerminator<'a, P> { type Item = &'a str; }
    impl<'a, P: Pattern> DoubleEndedIterator for SplitTerminator<'a, P> {}
    pub struct SplitN<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for SplitN<'a, P> { type Item = &'a str; }
    impl<'a, P: Pattern> Clone for SplitN<'a, P> {}
    pub struct RSplitN<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for RSplitN<'a, P> { type Item = &'a str; }
    pub struct Matches<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for Matches<'a, P> { type Item = &'a str; }
    impl<'a, P: Pattern> DoubleEndedIterator for Matches<'a, P> {}
    pub struct MatchIndices<'a, P: Pattern>;
    impl<'a, P: Pattern> Iterator for MatchIndices<'a, P> { type Item = (usize, &'a str); }
    impl<'a, P: Pattern> DoubleEndedIterator for MatchIndices<'a, P> {}
    #[derive(Clone)]
    pub struct EncodeUtf16<'a>;
    impl<'a> Iterator for EncodeUtf16<'a> { type Item = u16; }
    #[derive(Clone)]
    pub struct EscapeDebug<'a>;
    impl<'a> Iterator for EscapeDebug<'a> { type Item = char; }
    impl<'a> crate::fmt::Display for EscapeDebug<'a> {}
    #[derive(Clone)]
    pub struct EscapeDefault<'a>;
    impl<'a> Iterator for EscapeDefault<'a> { type Item = char; }
    impl<'a> crate::fmt::Display for EscapeDefault<'a> {}
    #[derive(Clone)]
    pub struct EscapeUnicode<'a>;
    impl<'a> Iterator for EscapeUnicode<'a> { type Item = char; }
    impl<'a> crate::fmt::Display for EscapeUnicode<'a> {}
    #[derive(Clone, Debug)]
    pub struct Utf8Chunks<'a>;
    impl<'a> Iterator for Utf8Chunks<'a> { type Item = Utf8Chunk<'a>; }
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Utf8Chunk<'a>;
    impl<'a> Utf8Chunk<'a> {
        pub fn valid(&self) -> &'a str;
        pub fn invalid(&self) -> &'a [u8];
    }

    pub fn from_utf8(v: &[u8]) -> Result<&str, Utf8Error>;
    pub fn from_utf8_mut(v: &mut [u8]) -> Result<&mut str, Utf8Error>;
    pub unsafe fn from_utf8_unchecked(v: &[u8]) -> &str;
    pub unsafe fn from_utf8_unchecked_mut(v: &mut [u8]) -> &mut str;
    pub unsafe fn from_boxed_utf8_unchecked(v: Box<[u8]>) -> Box<str>;

    pub mod pattern {
        pub trait Pattern {
            type Searcher<'a>;
            fn into_searcher(self, haystack: &str) -> Self::Searcher<'_>;
        }
        impl Pattern for char { type Searcher<'a> = CharSearcher<'a>; }
        impl Pattern for &str { type Searcher<'a> = StrSearcher<'a>; }
        impl Pattern for &String { type Searcher<'a> = StrSearcher<'a>; }
        impl Pattern for &&str { type Searcher<'a> = StrSearcher<'a>; }
        impl Pattern for &[char] { type Searcher<'a> = CharSearcher<'a>; }
        impl<const N: usize> Pattern for [char; N] { type Searcher<'a> = CharSearcher<'a>; }
        impl<const N: usize> Pattern for &[char; N] { type Searcher<'a> = CharSearcher<'a>; }
        impl<F: FnMut(char) -> bool> Pattern for F { type Searcher<'a> = CharSearcher<'a>; }
        pub struct CharSearcher<'a>;
        pub struct StrSearcher<'a>;
    }
}

pub mod string {
    use crate::borrow::{Borrow, BorrowMut, Cow, ToOwned};
    use crate::char::CharTryFromError;
    use crate::collections::TryReserveError;
    use crate::fmt::{Debug, Display, Write};
    use crate::ops::{Add, AddAssign, Deref, DerefMut, Index, IndexMut, RangeBounds};
    use crate::slice::SliceIndex;
    use crate::str::Utf8Error;
    use crate::str::pattern::Pattern;

    pub struct String;
    impl String {
        pub fn new() -> String;
        pub fn with_capacity(capacity: usize) -> String;
        pub fn from_utf8(vec: Vec<u8>) -> Result<String, FromUtf8Error>;
        pub fn from_utf8_lossy(v: &[u8]) -> Cow<'_, str>;
        pub fn from_utf16(v: &[u16]) -> Result<String, FromUtf16Error>;
        pub fn from_utf16_lossy(v: &[u16]) -> String;
        pub fn into_raw_parts(self) -> (*mut u8, usize, usize);
        pub unsafe fn from_raw_parts(buf: *mut u8, length: usize, capacity: usize) -> String;
        pub unsafe fn from_utf8_unchecked(bytes: Vec<u8>) -> String;
        pub fn into_bytes(self) -> Vec<u8>;
        pub fn as_str(&self) -> &str;
        pub fn as_mut_str(&mut self) -> &mut str;
        pub fn push_str(&mut self, string: &str);
        pub fn extend_from_within<R: RangeBounds<usize>>(&mut self, src: R);
        pub fn capacity(&self) -> usize;
        pub fn reserve(&mut self, additional: usize);
        pub fn reserve_exact(&mut self, additional: usize);
        pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
        pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError>;
        pub fn shrink_to_fit(&mut self);
        pub fn shrink_to(&mut self, min_capacity: usize);
        pub fn push(&mut self, ch: char);
        pub fn as_bytes(&self) -> &[u8];
        pub fn truncate(&mut self, new_len: usize);
        pub fn pop(&mut self) -> Option<char>;
        pub fn remove(&mut self, idx: usize) -> char;
        pub fn retain<F: FnMut(char) -> bool>(&mut self, f: F);
        pub fn insert(&mut self, idx: usize, ch: char);
        pub fn insert_str(&mut self, idx: usize, string: &str);
        pub unsafe fn as_mut_vec(&mut self) -> &mut Vec<u8>;
        pub fn len(&self) -> usize;
        pub fn is_empty(&self) -> bool;
        pub fn split_off(&mut self, at: usize) -> String;
        pub fn clear(&mut self);
        pub fn drain<R: RangeBounds<usize>>(&mut self, range: R) -> Drain<'_>;
        pub fn replace_range<R: RangeBounds<usize>>(&mut self, range: R, replace_with: &str);
        pub fn into_boxed_str(self) -> Box<str>;
        pub fn leak<'a>(self) -> &'a mut str;
    }
    impl Deref for String { type Target = str; }
    impl DerefMut for String {}
    impl Clone for String {}
    impl Default for String {}
    impl Debug for String {}
    impl Display for String {}
    impl Write for String {}
    impl PartialEq for String {}
    impl PartialEq<str> for String {}
    impl<'a> PartialEq<&'a str> for String {}
    impl<'a> PartialEq<Cow<'a, str>> for String {}
    impl<'a> PartialEq<String> for &'a str {}
    impl Eq for String {}
    impl PartialOrd for String {}
    impl Ord for String {}
    impl crate::hash::Hash for String {}
    impl Add<&str> for String { type Output = String; }
    impl AddAssign<&str> for String {}
    impl<I: SliceIndex<str>> Index<I> for String { type Output = I::Output; }
    impl<I: SliceIndex<str>> IndexMut<I> for String {}
    impl FromIterator<char> for String {}
    impl<'a> FromIterator<&'a char> for String {}
    impl<'a> FromIterator<&'a str> for String {}
    impl FromIterator<String> for String {}
    impl FromIterator<Box<str>> for String {}
    impl<'a> FromIterator<Cow<'a, str>> for String {}
    impl Extend<char> for String {}
    impl<'a> Extend<&'a char> for String {}
    impl<'a> Extend<&'a str> for String {}
    impl Extend<Box<str>> for String {}
    impl Extend<String> for String {}
    impl<'a> Extend<Cow<'a, str>> for String {}
    impl From<&str> for String {}
    impl From<&mut str> for String {}
    impl From<&String> for String {}
    impl From<Box<str>> for String {}
    impl<'a> From<Cow<'a, str>> for String {}
    impl From<char> for String {}
    impl TryFrom<Vec<u8>> for String { type Error = FromUtf8Error; }
    impl AsRef<str> for String {}
    impl AsRef<[u8]> for String {}
    impl AsRef<crate::ffi::OsStr> for String {}
    impl AsRef<crate::path::Path> for String {}
    impl AsMut<str> for String {}

    pub trait ToString { fn to_string(&self) -> String; }
    impl<T: Display + ?Sized> ToString for T {}
    pub type ParseError = crate::convert::Infallible;
    #[derive(Debug, PartialEq, Eq, Clone)]
    pub struct FromUtf8Error;
    impl FromUtf8Error {
        pub fn as_bytes(&self) -> &[u8];
        pub fn into_bytes(self) -> Vec<u8>;
        pub fn utf8_error(&self) -> Utf8Error;
    }
    impl Display for FromUtf8Error {}
    impl crate::error::Error for FromUtf8Error {}
    #[derive(Debug)]
    pub struct FromUtf16Error;
    impl Display for FromUtf16Error {}
    impl crate::error::Error for FromUtf16Error {}
    pub struct Drain<'a>;
    impl<'a> Drain<'a> { pub fn as_str(&self) -> &str; }
    impl<'a> Iterator for Drain<'a> { type Item = char; }
    impl<'a> DoubleEndedIterator for Drain<'a> {}
}

pub mod char {
    use crate::fmt::{Debug, Display};

    impl char {
        pub const MIN: char;
        pub const MAX: char;
        pub const MAX_LEN_UTF8: usize;
        pub const MAX_LEN_UTF16: usize;
        pub const REPLACEMENT_CHARACTER: char;
        pub const UNICODE_VERSION: (u8, u8, u8);
        pub fn decode_utf16<I: IntoIterator<Item = u16>>(iter: I) -> DecodeUtf16<I::IntoIter>;
        pub fn from_u32(i: u32) -> Option<char>;
        pub unsafe fn from_u32_unchecked(i: u32) -> char;
        pub fn from_digit(num: u32, radix: u32) -> Option<char>;
        pub fn is_digit(self, radix: u32) -> bool;
        pub fn to_digit(self, radix: u32) -> Option<u32>;
        pub fn escape_unicode(self) -> EscapeUnicode;
        pub fn escape_debug(self) -> EscapeDebug;
        pub fn escape_default(self) -> EscapeDefault;
        pub fn len_utf8(self) -> usize;
        pub fn len_utf16(self) -> usize;
        pub fn encode_utf8(self, dst: &mut [u8]) -> &mut str;
        pub fn encode_utf16(self, dst: &mut [u16]) -> &mut [u16];
        pub fn is_alphabetic(self) -> bool;
        pub fn is_lowercase(self) -> bool;
        pub fn is_uppercase(self) -> bool;
        pub fn is_whitespace(self) -> bool;
        pub fn is_alphanumeric(self) -> bool;
        pub fn is_control(self) -> bool;
        pub fn is_numeric(self) -> bool;
        pub fn to_lowercase(self) -> ToLowercase;
        pub fn to_uppercase(self) -> ToUppercase;
        pub fn is_ascii(&self) -> bool;
        pub fn to_ascii_uppercase(&self) -> char;
        pub fn to_ascii_lowercase(&self) -> char;
        pub fn eq_ignore_ascii_case(&self, other: &char) -> bool;
        pub fn make_ascii_uppercase(&mut self);
        pub fn make_ascii_lowercase(&mut self);
        pub fn is_ascii_alphabetic(&self) -> bool;
        pub fn is_ascii_uppercase(&self) -> bool;
        pub fn is_ascii_lowercase(&self) -> bool;
        pub fn is_ascii_alphanumeric(&self) -> bool;
        pub fn is_ascii_digit(&self) -> bool;
        pub fn is_ascii_hexdigit(&self) -> bool;
        pub fn is_ascii_punctuation(&self) -> bool;
        pub fn is_ascii_graphic(&self) -> bool;
        pub fn is_ascii_whitespace(&self) -> bool;
        pub fn is_ascii_control(&self) -> bool;
    }
    impl Clone for char {}
    impl Copy for char {}
    impl PartialEq for char {}
    impl Eq for char {}
    impl PartialOrd for char {}
    impl Ord for char {}
    impl Default for char {}
    impl crate::hash::Hash for char {}
    impl Debug for char {}
    impl Display for char {}
    impl From<u8> for char {}
    impl TryFrom<u32> for char { type Error = CharTryFromError; }
    impl crate::iter::Step for char {}

    #[derive(Clone, Debug)]
    pub struct ToLowercase;
    impl Iterator for ToLowercase { type Item = char; }
    impl DoubleEndedIterator for ToLowercase {}
    impl ExactSizeIterator for ToLowercase {}
    impl Display for ToLowercase {}
    #[derive(Clone, Debug)]
    pub struct ToUppercase;
    impl Iterator for ToUppercase { type Item = char; }
    impl DoubleEndedIterator for ToUppercase {}
    impl ExactSizeIterator for ToUppercase {}
    impl Display for ToUppercase {}
    #[derive(Clone, Debug)]
    pub struct EscapeUnicode;
    impl Iterator for EscapeUnicode { type Item = char; }
    impl ExactSizeIterator for EscapeUnicode {}
    impl Display for EscapeUnicode {}
    #[derive(Clone, Debug)]
    pub struct EscapeDebug;
    impl Iterator for EscapeDebug { type Item = char; }
    impl ExactSizeIterator for EscapeDebug {}
    impl Display for EscapeDebug {}
    #[derive(Clone, Debug)]
    pub struct EscapeDefault;
    impl Iterator for EscapeDefault { type Item = char; }
    impl ExactSizeIterator for EscapeDefault {}
    impl Display for EscapeDefault {}
    #[derive(Clone, Debug)]
    pub struct DecodeUtf16<I: Iterator<Item = u16>>;
    impl<I: Iterator<Item = u16>> Iterator for DecodeUtf16<I> { type Item = Result<char, DecodeUtf16Error>; }
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DecodeUtf16Error;
    impl DecodeUtf16Error { pub fn unpaired_surrogate(&self) -> u16; }
    impl Display for DecodeUtf16Error {}
    impl crate::error::Error for DecodeUtf16Error {}
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParseCharError;
    impl Display for ParseCharError {}
    impl crate::error::Error for ParseCharError {}
    #[derive(Debug, Copy, Clone, PartialEq, Eq)]
    pub struct CharTryFromError;
    impl Display for CharTryFromError {}
    impl crate::error::Error for CharTryFromError {}
    #[derive(Debug, Copy, Clone, PartialEq, Eq)]
    pub struct TryFromCharError;
    impl Display for TryFromCharError {}
    impl crate::error::Error for TryFromCharError {}
    pub const MAX: char;
    pub const REPLACEMENT_CHARACTER: char;
    pub const UNICODE_VERSION: (u8, u8, u8);
    pub fn decode_utf16<I: IntoIterator<Item = u16>>(iter: I) -> DecodeUtf16<I::IntoIter>;
    pub fn from_u32(i: u32) -> Option<char>;
    pub unsafe fn from_u32_unchecked(i: u32) -> char;
    pub fn from_digit(num: u32, radix: u32) -> Option<char>;
}

pub mod ascii {
    #[derive(Clone)]
    pub struct EscapeDefault;
    impl EscapeDefault { pub fn as_str(&self) -> &str; }
    impl Iterator for EscapeDefault { type Item = u8; }
    impl DoubleEndedIterator for EscapeDefault {}
    impl ExactSizeIterator for EscapeDefault {}
    impl crate::fmt::Display for EscapeDefault {}
    pub fn escape_default(c: u8) -> EscapeDefault;
    pub trait AsciiExt {
        type Owned;
        fn is_ascii(&self) -> bool;
        fn to_ascii_uppercase(&self) -> Self::Owned;
        fn to_ascii_lowercase(&self) -> Self::Owned;
        fn eq_ignore_ascii_case(&self, other: &Self) -> bool;
        fn make_ascii_uppercase(&mut self);
        fn make_ascii_lowercase(&mut self);
    }
}

pub mod fmt {
    use crate::primitive::{Float, Integer};

    pub type Result = crate::result::Result<(), Error>;
    #[derive(Copy, Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
    pub struct Error;
    impl Display for Error {}
    impl crate::error::Error for Error {}
    pub trait Write {
        fn write_str(&mut self, s: &str) -> Result;
        fn write_char(&mut self, c: char) -> Result;
        fn write_fmt(&mut self, args: Arguments<'_>) -> Result;
    }
    impl<W: Write + ?Sized> Write for &mut W {}
    pub trait Debug { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait Display { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait Octal { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait Binary { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait LowerHex { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait UpperHex { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait Pointer { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait LowerExp { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    pub trait UpperExp { fn fmt(&self, f: &mut Formatter<'_>) -> Result; }
    impl<T: Debug + ?Sized> Debug for &T {}
    impl<T: Debug + ?Sized> Debug for &mut T {}
    impl<T: Display + ?Sized> Display for &T {}
    impl<T: Display + ?Sized> Display for &mut T {}
    impl<T: ?Sized> Pointer for &T {}
    impl<T: ?Sized> Pointer for *const T {}
    impl<T: ?Sized> Pointer for *mut T {}
    impl<T: ?Sized> Debug for *const T {}
    impl<T: ?Sized> Debug for *mut T {}
    impl Debug for () {}
    impl Octal for Integer {}
    impl Binary for Integer {}
    impl LowerHex for Integer {}
    impl UpperHex for Integer {}
    impl LowerExp for Integer {}
    impl UpperExp for Integer {}
    impl LowerExp for Float {}
    impl UpperExp for Float {}

    #[derive(Copy, Clone)]
    pub struct Arguments<'a>;
    impl<'a> Arguments<'a> { pub fn as_str(&self) -> Option<&'static str>; }
    impl Debug for Arguments<'_> {}
    impl Display for Arguments<'_> {}
    #[derive(Copy, Clone, Debug, PartialEq, Eq)]
    pub enum Alignment { Left, Right, Center }
    pub struct Formatter<'a>;
    impl<'a> Formatter<'a> {
        pub fn pad_integral(&mut self, is_nonnegative: bool, prefix: &str, buf: &str) -> Result;
        pub fn pad(&mut self, s: &str) -> Result;
        pub fn write_str(&mut self, data: &str) -> Result;
        pub fn write_fmt(&mut self, fmt: Arguments<'_>) -> Result;
        pub fn flags(&self) -> u32;
        pub fn fill(&self) -> char;
        pub fn align(&self) -> Option<Alignment>;
        pub fn width(&self) -> Option<usize>;
        pub fn precision(&self) -> Option<usize>;
        pub fn sign_plus(&self) -> bool;
        pub fn sign_minus(&self) -> bool;
        pub fn alternate(&self) -> bool;
        pub fn sign_aware_zero_pad(&self) -> bool;
        pub fn debug_struct<'b>(&'b mut self, name: &str) -> DebugStruct<'b, 'a>;
        pub fn debug_tuple<'b>(&'b mut self, name: &str) -> DebugTuple<'b, 'a>;
        pub fn debug_list<'b>(&'b mut self) -> DebugList<'b, 'a>;
        pub fn debug_set<'b>(&'b mut self) -> DebugSet<'b, 'a>;
        pub fn debug_map<'b>(&'b mut self) -> DebugMap<'b, 'a>;
    }
    impl Write for Formatter<'_> {}
    pub struct DebugStruct<'a, 'b>;
    impl<'a, 'b> DebugStruct<'a, 'b> {
        pub fn field(&mut self, name: &str, value: &dyn Debug) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> Result;
        pub fn finish(&mut self) -> Result;
    }
    pub struct DebugTuple<'a, 'b>;
    impl<'a, 'b> DebugTuple<'a, 'b> {
        pub fn field(&mut self, value: &dyn Debug) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> Result;
        pub fn finish(&mut self) -> Result;
    }
    pub struct DebugList<'a, 'b>;
    impl<'a, 'b> DebugList<'a, 'b> {
        pub fn entry(&mut self, entry: &dyn Debug) -> &mut Self;
        pub fn entries<D: Debug, I: IntoIterator<Item = D>>(&mut self, entries: I) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> Result;
        pub fn finish(&mut self) -> Result;
    }
    pub struct DebugSet<'a, 'b>;
    impl<'a, 'b> DebugSet<'a, 'b> {
        pub fn entry(&mut self, entry: &dyn Debug) -> &mut Self;
        pub fn entries<D: Debug, I: IntoIterator<Item = D>>(&mut self, entries: I) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> Result;
        pub fn finish(&mut self) -> Result;
    }
    pub struct DebugMap<'a, 'b>;
    impl<'a, 'b> DebugMap<'a, 'b> {
        pub fn entry(&mut self, key: &dyn Debug, value: &dyn Debug) -> &mut Self;
        pub fn key(&mut self, key: &dyn Debug) -> &mut Self;
        pub fn value(&mut self, value: &dyn Debug) -> &mut Self;
        pub fn entries<K: Debug, V: Debug, I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) -> &mut Self;
        pub fn finish_non_exhaustive(&mut self) -> Result;
        pub fn finish(&mut self) -> Result;
    }
    pub struct FromFn<F>;
    impl<F: Fn(&mut Formatter<'_>) -> Result> Debug for FromFn<F> {}
    impl<F: Fn(&mut Formatter<'_>) -> Result> Display for FromFn<F> {}
    pub fn from_fn<F: Fn(&mut Formatter<'_>) -> Result>(f: F) -> FromFn<F>;
    pub fn write(output: &mut dyn Write, args: Arguments<'_>) -> Result;
    pub fn format(args: Arguments<'_>) -> String;
}

pub mod ffi {

    pub use self::c_str::{CStr, CString, FromBytesUntilNulError, FromBytesWithNulError, FromVecWithNulError, IntoStringError, NulError};
    pub use self::os_str::{OsStr, OsString};
    pub type c_char = i8;
    pub type c_schar = i8;
    pub type c_uchar = u8;
    pub type c_short = i16;
    pub type c_ushort = u16;
    pub type c_int = i32;
    pub type c_uint = u32;
    pub type c_long = i64;
    pub type c_ulong = u64;
    pub type c_longlong = i64;
    pub type c_ulonglong = u64;
    pub type c_float = f32;
    pub type c_double = f64;
    pub enum c_void {}

    pub mod c_str {
        use crate::borrow::{Borrow, Cow, ToOwned};
        use crate::ffi::c_char;
        use crate::fmt::{Debug, Display};
        use crate::ops::Deref;

        pub struct CString;
        impl CString {
            pub fn new<T: Into<Vec<u8>>>(t: T) -> Result<CString, NulError>;
            pub unsafe fn from_vec_unchecked(v: Vec<u8>) -> Self;
            pub unsafe fn from_raw(ptr: *mut c_char) -> CString;
            pub fn into_raw(self) -> *mut c_char;
            pub fn into_string(self) -> Result<String, IntoStringError>;
            pub fn into_bytes(self) -> Vec<u8>;
            pub fn into_bytes_with_nul(self) -> Vec<u8>;
            pub fn as_bytes(&self) -> &[u8];
            pub fn as_bytes_with_nul(&self) -> &[u8];
            pub fn as_c_str(&self) -> &CStr;
            pub fn into_boxed_c_str(self) -> Box<CStr>;
            pub unsafe fn from_vec_with_nul_unchecked(v: Vec<u8>) -> Self;
            pub fn from_vec_with_nul(v: Vec<u8>) -> Result<Self, FromVecWithNulError>;
        }
        impl Deref for CString { type Target = CStr; }
        impl crate::ops::Index<crate::ops::RangeFull> for CString { type Output = CStr; }
        impl Clone for CString {}
        impl PartialEq for CString {}
        impl Eq for CString {}
        impl PartialOrd for CString {}
        impl Ord for CString {}
        impl crate::hash::Hash for CString {}
        impl Debug for CString {}
        impl Default for CString {}
        impl AsRef<CStr> for CString {}
        impl From<&CStr> for CString {}
        impl From<Box<CStr>> for CString {}
        impl<'a> From<Cow<'a, CStr>> for CString {}
        pub struct CStr;
        impl CStr {
            pub unsafe fn from_ptr<'a>(ptr: *const c_char) -> &'a CStr;
            pub fn from_bytes_until_nul(bytes: &[u8]) -> Result<&CStr, FromBytesUntilNulError>;
            pub fn from_bytes_with_nul(bytes: &[u8]) -> Result<&Self, FromBytesWithNulError>;
            pub unsafe fn from_bytes_with_nul_unchecked(bytes: &[u8]) -> &CStr;
            pub fn as_ptr(&self) -> *const c_char;
            pub fn count_bytes(&self) -> usize;
            pub fn is_empty(&self) -> bool;
            pub fn to_bytes(&self) -> &[u8];
            pub fn to_bytes_with_nul(&self) -> &[u8];
            pub fn to_str(&self) -> Result<&str, crate::str::Utf8Error>;
            pub fn to_string_lossy(&self) -> Cow<'_, str>;
            pub fn into_c_string(self: Box<Self>) -> CString;
        }
        impl ToOwned for CStr { type Owned = CString; }
        impl crate::ops::Index<crate::ops::RangeFrom<usize>> for CStr { type Output = CStr; }
        impl AsRef<CStr> for CStr {}
        impl Debug for CStr {}
        impl PartialEq for CStr {}
        impl Eq for CStr {}
        impl PartialOrd for CStr {}
        impl Ord for CStr {}
        impl crate::hash::Hash for CStr {}
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct NulError;
        impl NulError {
            pub fn nul_position(&self) -> usize;
            pub fn into_vec(self) -> Vec<u8>;
        }
        impl Display for NulError {}
        impl crate::error::Error for NulError {}
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct IntoStringError;
        impl IntoStringError {
            pub fn into_cstring(self) -> CString;
            pub fn utf8_error(&self) -> crate::str::Utf8Error;
        }
        impl Display for IntoStringError {}
        impl crate::error::Error for IntoStringError {}
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum FromBytesWithNulError { InteriorNul { position: usize }, NotNulTerminated }
        impl Display for FromBytesWithNulError {}
        impl crate::error::Error for FromBytesWithNulError {}
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct FromBytesUntilNulError;
        impl Display for FromBytesUntilNulError {}
        impl crate::error::Error for FromBytesUntilNulError {}
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct FromVecWithNulError;
        impl FromVecWithNulError {
            pub fn as_bytes(&self) -> &[u8];
            pub fn into_bytes(self) -> Vec<u8>;
        }
        impl Display for FromVecWithNulError {}
        impl crate::error::Error for FromVecWithNulError {}
    }

    pub mod os_str {
        use crate::borrow::{Borrow, Cow, ToOwned};
        use crate::collections::TryReserveError;
        use crate::fmt::Debug;
        use crate::ops::{Deref, DerefMut};
        use crate::path::{Path, PathBuf};

        pub struct OsString;
        impl OsString {
            pub fn new() -> OsString;
            pub unsafe fn from_encoded_bytes_unchecked(bytes: Vec<u8>) -> Self;
            pub fn as_os_str(&self) -> &OsStr;
            pub fn into_encoded_bytes(self) -> Vec<u8>;
            pub fn into_string(self) -> Result<String, OsString>;
            pub fn push<T: AsRef<OsStr>>(&mut self, s: T);
            pub fn with_capacity(capacity: usize) -> OsString;
            pub fn clear(&mut self);
            pub fn capacity(&self) -> usize;
            pub fn reserve(&mut self, additional: usize);
            pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn reserve_exact(&mut self, additional: usize);
            pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), TryReserveError>;
            pub fn shrink_to_fit(&mut self);
            pub fn shrink_to(&mut self, min_capacity: usize);
            pub fn into_boxed_os_str(self) -> Box<OsStr>;
            pub fn leak<'a>(self) -> &'a mut OsStr;
        }
        impl Deref for OsString { type Target = OsStr; }
        impl DerefMut for OsString {}
        impl crate::ops::Index<crate::ops::RangeFull> for OsString { type Output = OsStr; }
        impl crate::fmt::Write for OsString {}
        impl Clone for OsString {}
        impl Debug for OsString {}
        impl Default for OsString {}
        impl PartialEq for OsString {}
        impl PartialEq<str> for OsString {}
        impl PartialEq<&str> for OsString {}
        impl Eq for OsString {}
        impl PartialOrd for OsString {}
        impl Ord for OsString {}
        impl crate::hash::Hash for OsString {}
        impl From<String> for OsString {}
        impl<T: AsRef<OsStr> + ?Sized> From<&T> for OsString {}
        impl From<Box<OsStr>> for OsString {}
        impl From<PathBuf> for OsString {}
        impl<'a> From<Cow<'a, OsStr>> for OsString {}
        impl crate::str::FromStr for OsString { type Err = crate::convert::Infallible; }
        impl FromIterator<OsString> for OsString {}
        impl<'a> FromIterator<&'a OsStr> for OsString {}
        impl Extend<OsString> for OsString {}
        impl AsRef<OsStr> for OsString {}
        impl AsRef<Path> for OsString {}
        pub struct OsStr;
        impl OsStr {
            pub fn new<S: AsRef<OsStr> + ?Sized>(s: &S) -> &OsStr;
            pub unsafe fn from_encoded_bytes_unchecked(bytes: &[u8]) -> &Self;
            pub fn to_str(&self) -> Option<&str>;
            pub fn to_string_lossy(&self) -> Cow<'_, str>;
            pub fn to_os_string(&self) -> OsString;
            pub fn is_empty(&self) -> bool;
            pub fn len(&self) -> usize;
            pub fn into_os_string(self: Box<Self>) -> OsString;
            pub fn as_encoded_bytes(&self) -> &[u8];
            pub fn make_ascii_lowercase(&mut self);
            pub fn make_ascii_uppercase(&mut self);
            pub fn to_ascii_lowercase(&self) -> OsString;
            pub fn to_ascii_uppercase(&self) -> OsString;
            pub fn is_ascii(&self) -> bool;
            pub fn eq_ignore_ascii_case<S: AsRef<OsStr>>(&self, other: S) -> bool;
            pub fn display(&self) -> Display<'_>;
        }
        impl ToOwned for OsStr { type Owned = OsString; }
        impl Debug for OsStr {}
        impl PartialEq for OsStr {}
        impl PartialEq<str> for OsStr {}
        impl Eq for OsStr {}
        impl PartialOrd for OsStr {}
        impl Ord for OsStr {}
        impl crate::hash::Hash for OsStr {}
        impl AsRef<OsStr> for OsStr {}
        impl AsRef<Path> for OsStr {}
        impl<'a> TryFrom<&'a OsStr> for &'a str { type Error = crate::str::Utf8Error; }
        pub struct Display<'a>;
        impl crate::fmt::Debug for Display<'_> {}
        impl crate::fmt::Display for Display<'_> {}
    }
}
