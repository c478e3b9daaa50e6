// Numbers and bool. `Integer`, `Float` and `Pointer` are made up: an impl for one of them is an impl for
// each integer type, for f32 and f64, and for *const T and *mut T; there `Self`, and the name itself,
// mean the one type at hand.

pub mod primitive {
    pub struct Integer;
    pub struct Float;
    pub struct Pointer<T: ?Sized>;
}

pub mod bool {
    use crate::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Not};

    impl bool {
        pub fn then_some<T>(self, t: T) -> Option<T>;
        pub fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T>;
    }
    impl Clone for bool {}
    impl Copy for bool {}
    impl PartialEq for bool {}
    impl Eq for bool {}
    impl PartialOrd for bool {}
    impl Ord for bool {}
    impl Default for bool {}
    impl crate::hash::Hash for bool {}
    impl crate::fmt::Debug for bool {}
    impl crate::fmt::Display for bool {}
    impl Not for bool { type Output = bool; }
    impl Not for &bool { type Output = bool; }
    impl BitAnd for bool { type Output = bool; }
    impl BitOr for bool { type Output = bool; }
    impl BitXor for bool { type Output = bool; }
    impl BitAnd<&bool> for bool { type Output = bool; }
    impl BitOr<&bool> for bool { type Output = bool; }
    impl BitXor<&bool> for bool { type Output = bool; }
    impl BitAndAssign for bool {}
    impl BitOrAssign for bool {}
    impl BitXorAssign for bool {}
}

pub mod num {
    use crate::fmt::{Debug, Display};
    use crate::hash::Hash;
    use crate::iter::{Product, Step, Sum};
    use crate::ops::{Add, AddAssign, BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign};
    use crate::ops::{Div, DivAssign, Mul, MulAssign, Neg, Not, Rem, RemAssign, Shl, ShlAssign, Shr, ShrAssign};
    use crate::ops::{Sub, SubAssign};
    use crate::primitive::{Float, Integer};
    use crate::str::FromStr;

    impl Integer {
        pub const MIN: Self;
        pub const MAX: Self;
        pub const BITS: u32;
        pub fn count_ones(self) -> u32;
        pub fn count_zeros(self) -> u32;
        pub fn leading_zeros(self) -> u32;
        pub fn trailing_zeros(self) -> u32;
        pub fn leading_ones(self) -> u32;
        pub fn trailing_ones(self) -> u32;
        pub fn bit_width(self) -> u32;
        pub fn isolate_highest_one(self) -> Self;
        pub fn isolate_lowest_one(self) -> Self;
        pub fn highest_one(self) -> Option<u32>;
        pub fn lowest_one(self) -> Option<u32>;
        pub fn rotate_left(self, n: u32) -> Self;
        pub fn rotate_right(self, n: u32) -> Self;
        pub fn swap_bytes(self) -> Self;
        pub fn reverse_bits(self) -> Self;
        pub fn from_be(x: Self) -> Self;
        pub fn from_le(x: Self) -> Self;
        pub fn to_be(self) -> Self;
        pub fn to_le(self) -> Self;
        pub fn checked_add(self, rhs: Self) -> Option<Self>;
        pub fn strict_add(self, rhs: Self) -> Self;
        pub unsafe fn unchecked_add(self, rhs: Self) -> Self;
        pub fn checked_sub(self, rhs: Self) -> Option<Self>;
        pub fn strict_sub(self, rhs: Self) -> Self;
        pub unsafe fn unchecked_sub(self, rhs: Self) -> Self;
        pub fn checked_mul(self, rhs: Self) -> Option<Self>;
        pub fn strict_mul(self, rhs: Self) -> Self;
        pub unsafe fn unchecked_mul(self, rhs: Self) -> Self;
        pub fn checked_div(self, rhs: Self) -> Option<Self>;
        pub fn strict_div(self, rhs: Self) -> Self;
        pub fn checked_div_euclid(self, rhs: Self) -> Option<Self>;
        pub fn strict_div_euclid(self, rhs: Self) -> Self;
        pub fn checked_rem(self, rhs: Self) -> Option<Self>;
        pub fn strict_rem(self, rhs: Self) -> Self;
        pub fn checked_rem_euclid(self, rhs: Self) -> Option<Self>;
        pub fn strict_rem_euclid(self, rhs: Self) -> Self;
        pub fn checked_neg(self) -> Option<Self>;
        pub fn strict_neg(self) -> Self;
        pub unsafe fn unchecked_neg(self) -> Self;
        pub fn checked_shl(self, rhs: u32) -> Option<Self>;
        pub fn strict_shl(self, rhs: u32) -> Self;
        pub fn checked_shr(self, rhs: u32) -> Option<Self>;
        pub fn strict_shr(self, rhs: u32) -> Self;
        pub fn unbounded_shl(self, rhs: u32) -> Self;
        pub fn unbounded_shr(self, rhs: u32) -> Self;
        pub unsafe fn unchecked_shl(self, rhs: u32) -> Self;
        pub unsafe fn unchecked_shr(self, rhs: u32) -> Self;
        pub fn checked_abs(self) -> Option<Self>;
        pub fn strict_abs(self) -> Self;
        pub fn checked_pow(self, exp: u32) -> Option<Self>;
        pub fn strict_pow(self, exp: u32) -> Self;
        pub fn saturating_add(self, rhs: Self) -> Self;
        pub fn saturating_sub(self, rhs: Self) -> Self;
        pub fn saturating_neg(self) -> Self;
        pub fn saturating_abs(self) -> Self;
        pub fn saturating_mul(self, rhs: Self) -> Self;
        pub fn saturating_div(self, rhs: Self) -> Self;
        pub fn saturating_pow(self, exp: u32) -> Self;
        pub fn wrapping_add(self, rhs: Self) -> Self;
        pub fn wrapping_sub(self, rhs: Self) -> Self;
        pub fn wrapping_mul(self, rhs: Self) -> Self;
        pub fn wrapping_div(self, rhs: Self) -> Self;
        pub fn wrapping_div_euclid(self, rhs: Self) -> Self;
        pub fn wrapping_rem(self, rhs: Self) -> Self;
        pub fn wrapping_rem_euclid(self, rhs: Self) -> Self;
        pub fn wrapping_neg(self) -> Self;
        pub fn wrapping_shl(self, rhs: u32) -> Self;
        pub fn wrapping_shr(self, rhs: u32) -> Self;
        pub fn wrapping_abs(self) -> Self;
        pub fn wrapping_pow(self, exp: u32) -> Self;
        pub fn overflowing_add(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_sub(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_mul(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_div(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_div_euclid(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_rem(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_rem_euclid(self, rhs: Self) -> (Self, bool);
        pub fn overflowing_neg(self) -> (Self, bool);
        pub fn overflowing_shl(self, rhs: u32) -> (Self, bool);
        pub fn overflowing_shr(self, rhs: u32) -> (Self, bool);
        pub fn overflowing_abs(self) -> (Self, bool);
        pub fn overflowing_pow(self, exp: u32) -> (Self, bool);
        pub fn carrying_add(self, rhs: Self, carry: bool) -> (Self, bool);
        pub fn borrowing_sub(self, rhs: Self, borrow: bool) -> (Self, bool);
        pub fn carrying_mul(self, rhs: Self, carry: Self) -> (Self, Self);
        pub fn carrying_mul_add(self, rhs: Self, carry: Self, add: Self) -> (Self, Self);
        pub fn pow(self, exp: u32) -> Self;
        pub fn isqrt(self) -> Self;
        pub fn checked_isqrt(self) -> Option<Self>;
        pub fn div_euclid(self, rhs: Self) -> Self;
        pub fn rem_euclid(self, rhs: Self) -> Self;
        pub fn div_ceil(self, rhs: Self) -> Self;
        pub fn next_multiple_of(self, rhs: Self) -> Self;
        pub fn checked_next_multiple_of(self, rhs: Self) -> Option<Self>;
        pub fn is_multiple_of(self, rhs: Self) -> bool;
        pub fn midpoint(self, rhs: Self) -> Self;
        pub fn ilog(self, base: Self) -> u32;
        pub fn ilog2(self) -> u32;
        pub fn ilog10(self) -> u32;
        pub fn checked_ilog(self, base: Self) -> Option<u32>;
        pub fn checked_ilog2(self) -> Option<u32>;
        pub fn checked_ilog10(self) -> Option<u32>;
        pub fn abs(self) -> Self;
        pub fn signum(self) -> Self;
        pub fn is_positive(self) -> bool;
        pub fn is_negative(self) -> bool;
        pub fn is_power_of_two(self) -> bool;
        pub fn next_power_of_two(self) -> Self;
        pub fn checked_next_power_of_two(self) -> Option<Self>;
        pub fn to_be_bytes(self) -> [u8; size_of::<Self>()];
        pub fn to_le_bytes(self) -> [u8; size_of::<Self>()];
        pub fn to_ne_bytes(self) -> [u8; size_of::<Self>()];
        pub fn from_be_bytes(bytes: [u8; size_of::<Self>()]) -> Self;
        pub fn from_le_bytes(bytes: [u8; size_of::<Self>()]) -> Self;
        pub fn from_ne_bytes(bytes: [u8; size_of::<Self>()]) -> Self;
        pub fn min_value() -> Self;
        pub fn max_value() -> Self;
        pub fn from_str_radix(src: &str, radix: u32) -> Result<Self, ParseIntError>;
        pub fn from_ascii(src: &[u8]) -> Result<Self, ParseIntError>;
        pub fn from_ascii_radix(src: &[u8], radix: u32) -> Result<Self, ParseIntError>;
    }
    impl Clone for Integer {}
    impl Copy for Integer {}
    impl PartialEq for Integer {}
    impl Eq for Integer {}
    impl PartialOrd for Integer {}
    impl Ord for Integer {}
    impl Default for Integer {}
    impl Hash for Integer {}
    impl Debug for Integer {}
    impl Display for Integer {}
    impl Step for Integer {}
    impl FromStr for Integer { type Err = ParseIntError; }
    impl From<bool> for Integer {}
    impl From<Integer> for Integer {}
    impl From<char> for Integer {}
    impl From<NonZero<Integer>> for Integer {}
    impl TryFrom<Integer> for Integer { type Error = TryFromIntError; }
    impl TryFrom<char> for Integer { type Error = crate::char::TryFromCharError; }
    impl Sum for Integer {}
    impl<'a> Sum<&'a Integer> for Integer {}
    impl Product for Integer {}
    impl<'a> Product<&'a Integer> for Integer {}
    impl Neg for Integer { type Output = Integer; }
    impl Neg for &Integer { type Output = Integer; }
    impl Not for Integer { type Output = Integer; }
    impl Not for &Integer { type Output = Integer; }
    impl Add for Integer { type Output = Integer; }
    impl<'a> Add<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> Add<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> Add<&Integer> for &'a Integer { type Output = Integer; }
    impl AddAssign for Integer {}
    impl AddAssign<&Integer> for Integer {}
    impl Sub for Integer { type Output = Integer; }
    impl<'a> Sub<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> Sub<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> Sub<&Integer> for &'a Integer { type Output = Integer; }
    impl SubAssign for Integer {}
    impl SubAssign<&Integer> for Integer {}
    impl Mul for Integer { type Output = Integer; }
    impl<'a> Mul<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> Mul<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> Mul<&Integer> for &'a Integer { type Output = Integer; }
    impl MulAssign for Integer {}
    impl MulAssign<&Integer> for Integer {}
    impl Div for Integer { type Output = Integer; }
    impl<'a> Div<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> Div<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> Div<&Integer> for &'a Integer { type Output = Integer; }
    impl DivAssign for Integer {}
    impl DivAssign<&Integer> for Integer {}
    impl Rem for Integer { type Output = Integer; }
    impl<'a> Rem<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> Rem<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> Rem<&Integer> for &'a Integer { type Output = Integer; }
    impl RemAssign for Integer {}
    impl RemAssign<&Integer> for Integer {}
    impl BitAnd for Integer { type Output = Integer; }
    impl<'a> BitAnd<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> BitAnd<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> BitAnd<&Integer> for &'a Integer { type Output = Integer; }
    impl BitAndAssign for Integer {}
    impl BitAndAssign<&Integer> for Integer {}
    impl BitOr for Integer { type Output = Integer; }
    impl<'a> BitOr<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> BitOr<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> BitOr<&Integer> for &'a Integer { type Output = Integer; }
    impl BitOrAssign for Integer {}
    impl BitOrAssign<&Integer> for Integer {}
    impl BitXor for Integer { type Output = Integer; }
    impl<'a> BitXor<&'a Integer> for Integer { type Output = Integer; }
    impl<'a> BitXor<Integer> for &'a Integer { type Output = Integer; }
    impl<'a> BitXor<&Integer> for &'a Integer { type Output = Integer; }
    impl BitXorAssign for Integer {}
    impl BitXorAssign<&Integer> for Integer {}
    impl<T> Shl<T> for Integer { type Output = Integer; }
    impl<T> Shl<T> for &Integer { type Output = Integer; }
    impl<T> Shr<T> for Integer { type Output = Integer; }
    impl<T> Shr<T> for &Integer { type Output = Integer; }
    impl<T> ShlAssign<T> for Integer {}
    impl<T> ShrAssign<T> for Integer {}

    impl u8 {
        pub fn is_ascii(&self) -> bool;
        pub fn to_ascii_uppercase(&self) -> u8;
        pub fn to_ascii_lowercase(&self) -> u8;
        pub fn eq_ignore_ascii_case(&self, other: &u8) -> bool;
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
        pub fn escape_ascii(self) -> crate::ascii::EscapeDefault;
    }
    impl i8 {
        pub fn cast_unsigned(self) -> u8;
        pub fn unsigned_abs(self) -> u8;
        pub fn abs_diff(self, other: Self) -> u8;
        pub fn checked_add_unsigned(self, rhs: u8) -> Option<Self>;
        pub fn checked_sub_unsigned(self, rhs: u8) -> Option<Self>;
        pub fn strict_add_unsigned(self, rhs: u8) -> Self;
        pub fn strict_sub_unsigned(self, rhs: u8) -> Self;
        pub fn saturating_add_unsigned(self, rhs: u8) -> Self;
        pub fn saturating_sub_unsigned(self, rhs: u8) -> Self;
        pub fn wrapping_add_unsigned(self, rhs: u8) -> Self;
        pub fn wrapping_sub_unsigned(self, rhs: u8) -> Self;
        pub fn overflowing_add_unsigned(self, rhs: u8) -> (Self, bool);
        pub fn overflowing_sub_unsigned(self, rhs: u8) -> (Self, bool);
    }
    impl u8 {
        pub fn cast_signed(self) -> i8;
        pub fn abs_diff(self, other: Self) -> u8;
        pub fn checked_signed_diff(self, rhs: Self) -> Option<i8>;
        pub fn checked_add_signed(self, rhs: i8) -> Option<Self>;
        pub fn checked_sub_signed(self, rhs: i8) -> Option<Self>;
        pub fn strict_add_signed(self, rhs: i8) -> Self;
        pub fn strict_sub_signed(self, rhs: i8) -> Self;
        pub fn saturating_add_signed(self, rhs: i8) -> Self;
        pub fn saturating_sub_signed(self, rhs: i8) -> Self;
        pub fn wrapping_add_signed(self, rhs: i8) -> Self;
        pub fn wrapping_sub_signed(self, rhs: i8) -> Self;
        pub fn overflowing_add_signed(self, rhs: i8) -> (Self, bool);
        pub fn overflowing_sub_signed(self, rhs: i8) -> (Self, bool);
    }
    impl i16 {
        pub fn cast_unsigned(self) -> u16;
        pub fn unsigned_abs(self) -> u16;
        pub fn abs_diff(self, other: Self) -> u16;
        pub fn checked_add_unsigned(self, rhs: u16) -> Option<Self>;
        pub fn checked_sub_unsigned(self, rhs: u16) -> Option<Self>;
        pub fn strict_add_unsigned(self, rhs: u16) -> Self;
        pub fn strict_sub_unsigned(self, rhs: u16) -> Self;
        pub fn saturating_add_unsigned(self, rhs: u16) -> Self;
        pub fn saturating_sub_unsigned(self, rhs: u16) -> Self;
        pub fn wrapping_add_unsigned(self, rhs: u16) -> Self;
        pub fn wrapping_sub_unsigned(self, rhs: u16) -> Self;
        pub fn overflowing_add_unsigned(self, rhs: u16) -> (Self, bool);
        pub fn overflowing_sub_unsigned(self, rhs: u16) -> (Self, bool);
    }
    impl u16 {
        pub fn cast_signed(self) -> i16;
        pub fn abs_diff(self, other: Self) -> u16;
        pub fn checked_signed_diff(self, rhs: Self) -> Option<i16>;
        pub fn checked_add_signed(self, rhs: i16) -> Option<Self>;
        pub fn checked_sub_signed(self, rhs: i16) -> Option<Self>;
        pub fn strict_add_signed(self, rhs: i16) -> Self;
        pub fn strict_sub_signed(self, rhs: i16) -> Self;
        pub fn saturating_add_signed(self, rhs: i16) -> Self;
        pub fn saturating_sub_signed(self, rhs: i16) -> Self;
        pub fn wrapping_add_signed(self, rhs: i16) -> Self;
        pub fn wrapping_sub_signed(self, rhs: i16) -> Self;
        pub fn overflowing_add_signed(self, rhs: i16) -> (Self, bool);
        pub fn overflowing_sub_signed(self, rhs: i16) -> (Self, bool);
    }
    impl i32 {
        pub fn cast_unsigned(self) -> u32;
        pub fn unsigned_abs(self) -> u32;
        pub fn abs_diff(self, other: Self) -> u32;
        pub fn checked_add_unsigned(self, rhs: u32) -> Option<Self>;
        pub fn checked_sub_unsigned(self, rhs: u32) -> Option<Self>;
        pub fn strict_add_unsigned(self, rhs: u32) -> Self;
        pub fn strict_sub_unsigned(self, rhs: u32) -> Self;
        pub fn saturating_add_unsigned(self, rhs: u32) -> Self;
        pub fn saturating_sub_unsigned(self, rhs: u32) -> Self;
        pub fn wrapping_add_unsigned(self, rhs: u32) -> Self;
        pub fn wrapping_sub_unsigned(self, rhs: u32) -> Self;
        pub fn overflowing_add_unsigned(self, rhs: u32) -> (Self, bool);
        pub fn overflowing_sub_unsigned(self, rhs: u32) -> (Self, bool);
    }
    impl u32 {
        pub fn cast_signed(self) -> i32;
        pub fn abs_diff(self, other: Self) -> u32;
        pub fn checked_signed_diff(self, rhs: Self) -> Option<i32>;
        pub fn checked_add_signed(self, rhs: i32) -> Option<Self>;
        pub fn checked_sub_signed(self, rhs: i32) -> Option<Self>;
        pub fn strict_add_signed(self, rhs: i32) -> Self;
        pub fn strict_sub_signed(self, rhs: i32) -> Self;
        pub fn saturating_add_signed(self, rhs: i32) -> Self;
        pub fn saturating_sub_signed(self, rhs: i32) -> Self;
        pub fn wrapping_add_signed(self, rhs: i32) -> Self;
        pub fn wrapping_sub_signed(self, rhs: i32) -> Self;
        pub fn overflowing_add_signed(self, rhs: i32) -> (Self, bool);
        pub fn overflowing_sub_signed(self, rhs: i32) -> (Self, bool);
    }
    impl i64 {
        pub fn cast_unsigned(self) -> u64;
        pub fn unsigned_abs(self) -> u64;
        pub fn abs_diff(self, other: Self) -> u64;
        pub fn checked_add_unsigned(self, rhs: u64) -> Option<Self>;
        pub fn checked_sub_unsigned(self, rhs: u64) -> Option<Self>;
        pub fn strict_add_unsigned(self, rhs: u64) -> Self;
        pub fn strict_sub_unsigned(self, rhs: u64) -> Self;
        pub fn saturating_add_unsigned(self, rhs: u64) -> Self;
        pub fn saturating_sub_unsigned(self, rhs: u64) -> Self;
        pub fn wrapping_add_unsigned(self, rhs: u64) -> Self;
        pub fn wrapping_sub_unsigned(self, rhs: u64) -> Self;
        pub fn overflowing_add_unsigned(self, rhs: u64) -> (Self, bool);
        pub fn overflowing_sub_unsigned(self, rhs: u64) -> (Self, bool);
    }
    impl u64 {
        pub fn cast_signed(self) -> i64;
        pub fn abs_diff(self, other: Self) -> u64;
        pub fn checked_signed_diff(self, rhs: Self) -> Option<i64>;
        pub fn checked_add_signed(self, rhs: i64) -> Option<Self>;
        pub fn checked_sub_signed(self, rhs: i64) -> Option<Self>;
        pub fn strict_add_signed(self, rhs: i64) -> Self;
        pub fn strict_sub_signed(self, rhs: i64) -> Self;
        pub fn saturating_add_signed(self, rhs: i64) -> Self;
        pub fn saturating_sub_signed(self, rhs: i64) -> Self;
        pub fn wrapping_add_signed(self, rhs: i64) -> Self;
        pub fn wrapping_sub_signed(self, rhs: i64) -> Self;
        pub fn overflowing_add_signed(self, rhs: i64) -> (Self, bool);
        pub fn overflowing_sub_signed(self, rhs: i64) -> (Self, bool);
    }
    impl i128 {
        pub fn cast_unsigned(self) -> u128;
        pub fn unsigned_abs(self) -> u128;
        pub fn abs_diff(self, other: Self) -> u128;
        pub fn checked_add_unsigned(self, rhs: u128) -> Option<Self>;
        pub fn checked_sub_unsigned(self, rhs: u128) -> Option<Self>;
        pub fn strict_add_unsigned(self, rhs: u128) -> Self;
        pub fn strict_sub_unsigned(self, rhs: u128) -> Self;
        pub fn saturating_add_unsigned(self, rhs: u128) -> Self;
        pub fn saturating_sub_unsigned(self, rhs: u128) -> Self;
        pub fn wrapping_add_unsigned(self, rhs: u128) -> Self;
        pub fn wrapping_sub_unsigned(self, rhs: u128) -> Self;
        pub fn overflowing_add_unsigned(self, rhs: u128) -> (Self, bool);
        pub fn overflowing_sub_unsigned(self, rhs: u128) -> (Self, bool);
    }
    impl u128 {
        pub fn cast_signed(self) -> i128;
        pub fn abs_diff(self, other: Self) -> u128;
        pub fn checked_signed_diff(self, rhs: Self) -> Option<i128>;
        pub fn checked_add_signed(self, rhs: i128) -> Option<Self>;
        pub fn checked_sub_signed(self, rhs: i128) -> Option<Self>;
        pub fn strict_add_signed(self, rhs: i128) -> Self;
        pub fn strict_sub_signed(self, rhs: i128) -> Self;
        pub fn saturating_add_signed(self, rhs: i128) -> Self;
        pub fn saturating_sub_signed(self, rhs: i128) -> Self;
        pub fn wrapping_add_signed(self, rhs: i128) -> Self;
        pub fn wrapping_sub_signed(self, rhs: i128) -> Self;
        pub fn overflowing_add_signed(self, rhs: i128) -> (Self, bool);
        pub fn overflowing_sub_signed(self, rhs: i128) -> (Self, bool);
    }
    impl isize {
        pub fn cast_unsigned(self) -> usize;
        pub fn unsigned_abs(self) -> usize;
        pub fn abs_diff(self, other: Self) -> usize;
        pub fn checked_add_unsigned(self, rhs: usize) -> Option<Self>;
        pub fn checked_sub_unsigned(self, rhs: usize) -> Option<Self>;
        pub fn strict_add_unsigned(self, rhs: usize) -> Self;
        pub fn strict_sub_unsigned(self, rhs: usize) -> Self;
        pub fn saturating_add_unsigned(self, rhs: usize) -> Self;
        pub fn saturating_sub_unsigned(self, rhs: usize) -> Self;
        pub fn wrapping_add_unsigned(self, rhs: usize) -> Self;
        pub fn wrapping_sub_unsigned(self, rhs: usize) -> Self;
        pub fn overflowing_add_unsigned(self, rhs: usize) -> (Self, bool);
        pub fn overflowing_sub_unsigned(self, rhs: usize) -> (Self, bool);
    }
    impl usize {
        pub fn cast_signed(self) -> isize;
        pub fn abs_diff(self, other: Self) -> usize;
        pub fn checked_signed_diff(self, rhs: Self) -> Option<isize>;
        pub fn checked_add_signed(self, rhs: isize) -> Option<Self>;
        pub fn checked_sub_signed(self, rhs: isize) -> Option<Self>;
        pub fn strict_add_signed(self, rhs: isize) -> Self;
        pub fn strict_sub_signed(self, rhs: isize) -> Self;
        pub fn saturating_add_signed(self, rhs: isize) -> Self;
        pub fn saturating_sub_signed(self, rhs: isize) -> Self;
        pub fn wrapping_add_signed(self, rhs: isize) -> Self;
        pub fn wrapping_sub_signed(self, rhs: isize) -> Self;
        pub fn overflowing_add_signed(self, rhs: isize) -> (Self, bool);
        pub fn overflowing_sub_signed(self, rhs: isize) -> (Self, bool);
    }
    impl Float {
        pub const RADIX: u32;
        pub const MANTISSA_DIGITS: u32;
        pub const DIGITS: u32;
        pub const EPSILON: Self;
        pub const MIN: Self;
        pub const MIN_POSITIVE: Self;
        pub const MAX: Self;
        pub const MIN_EXP: i32;
        pub const MAX_EXP: i32;
        pub const MIN_10_EXP: i32;
        pub const MAX_10_EXP: i32;
        pub const NAN: Self;
        pub const INFINITY: Self;
        pub const NEG_INFINITY: Self;
        pub fn floor(self) -> Self;
        pub fn ceil(self) -> Self;
        pub fn round(self) -> Self;
        pub fn round_ties_even(self) -> Self;
        pub fn trunc(self) -> Self;
        pub fn fract(self) -> Self;
        pub fn mul_add(self, a: Self, b: Self) -> Self;
        pub fn div_euclid(self, rhs: Self) -> Self;
        pub fn rem_euclid(self, rhs: Self) -> Self;
        pub fn powi(self, n: i32) -> Self;
        pub fn powf(self, n: Self) -> Self;
        pub fn sqrt(self) -> Self;
        pub fn exp(self) -> Self;
        pub fn exp2(self) -> Self;
        pub fn ln(self) -> Self;
        pub fn log(self, base: Self) -> Self;
        pub fn log2(self) -> Self;
        pub fn log10(self) -> Self;
        pub fn abs_sub(self, other: Self) -> Self;
        pub fn cbrt(self) -> Self;
        pub fn hypot(self, other: Self) -> Self;
        pub fn sin(self) -> Self;
        pub fn cos(self) -> Self;
        pub fn tan(self) -> Self;
        pub fn asin(self) -> Self;
        pub fn acos(self) -> Self;
        pub fn atan(self) -> Self;
        pub fn atan2(self, other: Self) -> Self;
        pub fn sin_cos(self) -> (Self, Self);
        pub fn exp_m1(self) -> Self;
        pub fn ln_1p(self) -> Self;
        pub fn sinh(self) -> Self;
        pub fn cosh(self) -> Self;
        pub fn tanh(self) -> Self;
        pub fn asinh(self) -> Self;
        pub fn acosh(self) -> Self;
        pub fn atanh(self) -> Self;
        pub fn is_nan(self) -> bool;
        pub fn is_infinite(self) -> bool;
        pub fn is_finite(self) -> bool;
        pub fn is_subnormal(self) -> bool;
        pub fn is_normal(self) -> bool;
        pub fn classify(self) -> FpCategory;
        pub fn is_sign_positive(self) -> bool;
        pub fn is_sign_negative(self) -> bool;
        pub fn next_up(self) -> Self;
        pub fn next_down(self) -> Self;
        pub fn recip(self) -> Self;
        pub fn to_degrees(self) -> Self;
        pub fn to_radians(self) -> Self;
        pub fn max(self, other: Self) -> Self;
        pub fn min(self, other: Self) -> Self;
        pub fn midpoint(self, other: Self) -> Self;
        pub unsafe fn to_int_unchecked<Int>(self) -> Int;
        pub fn to_be_bytes(self) -> [u8; size_of::<Self>()];
        pub fn to_le_bytes(self) -> [u8; size_of::<Self>()];
        pub fn to_ne_bytes(self) -> [u8; size_of::<Self>()];
        pub fn from_be_bytes(bytes: [u8; size_of::<Self>()]) -> Self;
        pub fn from_le_bytes(bytes: [u8; size_of::<Self>()]) -> Self;
        pub fn from_ne_bytes(bytes: [u8; size_of::<Self>()]) -> Self;
        pub fn total_cmp(&self, other: &Self) -> crate::cmp::Ordering;
        pub fn clamp(self, min: Self, max: Self) -> Self;
        pub fn abs(self) -> Self;
        pub fn signum(self) -> Self;
        pub fn copysign(self, sign: Self) -> Self;
    }
    impl f32 {
        pub fn to_bits(self) -> u32;
        pub fn from_bits(v: u32) -> Self;
    }
    impl f64 {
        pub fn to_bits(self) -> u64;
        pub fn from_bits(v: u64) -> Self;
    }
    impl Clone for Float {}
    impl Copy for Float {}
    impl PartialEq for Float {}
    impl PartialOrd for Float {}
    impl Default for Float {}
    impl Debug for Float {}
    impl Display for Float {}
    impl FromStr for Float { type Err = ParseFloatError; }
    impl From<bool> for Float {}
    impl From<Integer> for Float {}
    impl From<Float> for Float {}
    impl Sum for Float {}
    impl<'a> Sum<&'a Float> for Float {}
    impl Product for Float {}
    impl<'a> Product<&'a Float> for Float {}
    impl Neg for Float { type Output = Float; }
    impl Neg for &Float { type Output = Float; }
    impl Add for Float { type Output = Float; }
    impl<'a> Add<&'a Float> for Float { type Output = Float; }
    impl<'a> Add<Float> for &'a Float { type Output = Float; }
    impl<'a> Add<&Float> for &'a Float { type Output = Float; }
    impl AddAssign for Float {}
    impl AddAssign<&Float> for Float {}
    impl Sub for Float { type Output = Float; }
    impl<'a> Sub<&'a Float> for Float { type Output = Float; }
    impl<'a> Sub<Float> for &'a Float { type Output = Float; }
    impl<'a> Sub<&Float> for &'a Float { type Output = Float; }
    impl SubAssign for Float {}
    impl SubAssign<&Float> for Float {}
    impl Mul for Float { type Output = Float; }
    impl<'a> Mul<&'a Float> for Float { type Output = Float; }
    impl<'a> Mul<Float> for &'a Float { type Output = Float; }
    impl<'a> Mul<&Float> for &'a Float { type Output = Float; }
    impl MulAssign for Float {}
    impl MulAssign<&Float> for Float {}
    impl Div for Float { type Output = Float; }
    impl<'a> Div<&'a Float> for Float { type Output = Float; }
    impl<'a> Div<Float> for &'a Float { type Output = Float; }
    impl<'a> Div<&Float> for &'a Float { type Output = Float; }
    impl DivAssign for Float {}
    impl DivAssign<&Float> for Float {}
    impl Rem for Float { type Output = Float; }
    impl<'a> Rem<&'a Float> for Float { type Output = Float; }
    impl<'a> Rem<Float> for &'a Float { type Output = Float; }
    impl<'a> Rem<&Float> for &'a Float { type Output = Float; }
    impl RemAssign for Float {}
    impl RemAssign<&Float> for Float {}

    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParseIntError;
    impl ParseIntError { pub fn kind(&self) -> &IntErrorKind; }
    impl Display for ParseIntError {}
    impl crate::error::Error for ParseIntError {}
    #[derive(Debug, Clone, PartialEq, Eq, Copy, Hash)]
    pub enum IntErrorKind { Empty, InvalidDigit, PosOverflow, NegOverflow, Zero }
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ParseFloatError;
    impl Display for ParseFloatError {}
    impl crate::error::Error for ParseFloatError {}
    #[derive(Debug, Copy, Clone, PartialEq, Eq)]
    pub struct TryFromIntError;
    impl Display for TryFromIntError {}
    impl crate::error::Error for TryFromIntError {}
    #[derive(Copy, Clone, PartialEq, Eq, Debug)]
    pub enum FpCategory { Nan, Infinite, Zero, Subnormal, Normal }

    pub struct NonZero<T>;
    pub type NonZeroU8 = NonZero<u8>;
    pub type NonZeroU16 = NonZero<u16>;
    pub type NonZeroU32 = NonZero<u32>;
    pub type NonZeroU64 = NonZero<u64>;
    pub type NonZeroU128 = NonZero<u128>;
    pub type NonZeroUsize = NonZero<usize>;
    pub type NonZeroI8 = NonZero<i8>;
    pub type NonZeroI16 = NonZero<i16>;
    pub type NonZeroI32 = NonZero<i32>;
    pub type NonZeroI64 = NonZero<i64>;
    pub type NonZeroI128 = NonZero<i128>;
    pub type NonZeroIsize = NonZero<isize>;
    impl<T> NonZero<T> {
        pub const BITS: u32;
        pub const MIN: Self;
        pub const MAX: Self;
        pub fn new(n: T) -> Option<Self>;
        pub unsafe fn new_unchecked(n: T) -> Self;
        pub fn get(self) -> T;
        pub fn leading_zeros(self) -> u32;
        pub fn trailing_zeros(self) -> u32;
        pub fn count_ones(self) -> NonZero<u32>;
        pub fn is_power_of_two(self) -> bool;
        pub fn checked_add(self, other: T) -> Option<Self>;
        pub fn saturating_add(self, other: T) -> Self;
        pub fn checked_next_power_of_two(self) -> Option<Self>;
        pub fn ilog2(self) -> u32;
        pub fn ilog10(self) -> u32;
        pub fn checked_mul(self, other: Self) -> Option<Self>;
        pub fn saturating_mul(self, other: Self) -> Self;
        pub fn checked_pow(self, other: u32) -> Option<Self>;
        pub fn saturating_pow(self, other: u32) -> Self;
        pub fn isqrt(self) -> Self;
        pub fn midpoint(self, rhs: Self) -> Self;
        pub fn div_ceil(self, rhs: Self) -> Self;
        pub fn abs(self) -> Self;
        pub fn checked_abs(self) -> Option<Self>;
        pub fn overflowing_abs(self) -> (Self, bool);
        pub fn saturating_abs(self) -> Self;
        pub fn wrapping_abs(self) -> Self;
        pub fn is_positive(self) -> bool;
        pub fn is_negative(self) -> bool;
        pub fn checked_neg(self) -> Option<Self>;
        pub fn overflowing_neg(self) -> (Self, bool);
        pub fn saturating_neg(self) -> Self;
        pub fn wrapping_neg(self) -> Self;
    }
    impl NonZero<i8> {
        pub fn unsigned_abs(self) -> NonZero<u8>;
        pub fn cast_unsigned(self) -> NonZero<u8>;
    }
    impl NonZero<u8> { pub fn cast_signed(self) -> NonZero<i8>; }
    impl NonZero<i16> {
        pub fn unsigned_abs(self) -> NonZero<u16>;
        pub fn cast_unsigned(self) -> NonZero<u16>;
    }
    impl NonZero<u16> { pub fn cast_signed(self) -> NonZero<i16>; }
    impl NonZero<i32> {
        pub fn unsigned_abs(self) -> NonZero<u32>;
        pub fn cast_unsigned(self) -> NonZero<u32>;
    }
    impl NonZero<u32> { pub fn cast_signed(self) -> NonZero<i32>; }
    impl NonZero<i64> {
        pub fn unsigned_abs(self) -> NonZero<u64>;
        pub fn cast_unsigned(self) -> NonZero<u64>;
    }
    impl NonZero<u64> { pub fn cast_signed(self) -> NonZero<i64>; }
    impl NonZero<i128> {
        pub fn unsigned_abs(self) -> NonZero<u128>;
        pub fn cast_unsigned(self) -> NonZero<u128>;
    }
    impl NonZero<u128> { pub fn cast_signed(self) -> NonZero<i128>; }
    impl NonZero<isize> {
        pub fn unsigned_abs(self) -> NonZero<usize>;
        pub fn cast_unsigned(self) -> NonZero<usize>;
    }
    impl NonZero<usize> { pub fn cast_signed(self) -> NonZero<isize>; }
    impl<T> Clone for NonZero<T> {}
    impl<T> Copy for NonZero<T> {}
    impl<T: PartialEq> PartialEq for NonZero<T> {}
    impl<T: Eq> Eq for NonZero<T> {}
    impl<T: PartialOrd> PartialOrd for NonZero<T> {}
    impl<T: Ord> Ord for NonZero<T> {}
    impl<T: Hash> Hash for NonZero<T> {}
    impl<T: Debug> Debug for NonZero<T> {}
    impl<T: Display> Display for NonZero<T> {}
    impl<T> FromStr for NonZero<T> { type Err = ParseIntError; }
    impl<T> TryFrom<T> for NonZero<T> { type Error = TryFromIntError; }
    impl<T> BitOr for NonZero<T> { type Output = Self; }

    #[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy, Default, Hash, Debug)]
    pub struct Wrapping<T>(pub T);
    impl<T> Wrapping<T> {
        pub const MIN: Self;
        pub const MAX: Self;
        pub const BITS: u32;
        pub fn count_ones(self) -> u32;
        pub fn count_zeros(self) -> u32;
        pub fn leading_zeros(self) -> u32;
        pub fn trailing_zeros(self) -> u32;
        pub fn rotate_left(self, n: u32) -> Self;
        pub fn rotate_right(self, n: u32) -> Self;
        pub fn swap_bytes(self) -> Self;
        pub fn reverse_bits(self) -> Self;
        pub fn pow(self, exp: u32) -> Self;
        pub fn abs(self) -> Self;
        pub fn signum(self) -> Self;
    }
    impl<T: Display> Display for Wrapping<T> {}
    impl<T: Add> Add for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Add> AddAssign for Wrapping<T> {}
    impl<T: Sub> Sub for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Sub> SubAssign for Wrapping<T> {}
    impl<T: Mul> Mul for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Mul> MulAssign for Wrapping<T> {}
    impl<T: Div> Div for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Div> DivAssign for Wrapping<T> {}
    impl<T: Rem> Rem for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Rem> RemAssign for Wrapping<T> {}
    impl<T: BitAnd> BitAnd for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: BitAnd> BitAndAssign for Wrapping<T> {}
    impl<T: BitOr> BitOr for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: BitOr> BitOrAssign for Wrapping<T> {}
    impl<T: BitXor> BitXor for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: BitXor> BitXorAssign for Wrapping<T> {}
    impl<T> AddAssign<T> for Wrapping<T> {}
    impl<T> SubAssign<T> for Wrapping<T> {}
    impl<T> MulAssign<T> for Wrapping<T> {}
    impl<T: Neg> Neg for Wrapping<T> { type Output = Self; }
    impl<T: Not> Not for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Shl<usize>> Shl<usize> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Shr<usize>> Shr<usize> for Wrapping<T> { type Output = Wrapping<T>; }
    impl<T: Sum> Sum for Wrapping<T> {}
    #[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy, Default, Hash, Debug)]
    pub struct Saturating<T>(pub T);
    impl<T> Saturating<T> {
        pub const MIN: Self;
        pub const MAX: Self;
        pub const BITS: u32;
        pub fn count_ones(self) -> u32;
        pub fn count_zeros(self) -> u32;
        pub fn leading_zeros(self) -> u32;
        pub fn trailing_zeros(self) -> u32;
        pub fn rotate_left(self, n: u32) -> Self;
        pub fn rotate_right(self, n: u32) -> Self;
        pub fn swap_bytes(self) -> Self;
        pub fn reverse_bits(self) -> Self;
        pub fn from_be(x: Self) -> Self;
        pub fn from_le(x: Self) -> Self;
        pub fn to_be(self) -> Self;
        pub fn to_le(self) -> Self;
        pub fn pow(self, exp: u32) -> Self;
        pub fn abs(self) -> Self;
        pub fn signum(self) -> Self;
        pub fn is_positive(self) -> bool;
        pub fn is_negative(self) -> bool;
        pub fn is_power_of_two(self) -> bool;
    }
    impl<T: Display> Display for Saturating<T> {}
    impl<T: Add> Add for Saturating<T> { type Output = Saturating<T>; }
    impl<T: Add> AddAssign for Saturating<T> {}
    impl<T: Sub> Sub for Saturating<T> { type Output = Saturating<T>; }
    impl<T: Sub> SubAssign for Saturating<T> {}
    impl<T: Mul> Mul for Saturating<T> { type Output = Saturating<T>; }
    impl<T: Mul> MulAssign for Saturating<T> {}
    impl<T: Div> Div for Saturating<T> { type Output = Saturating<T>; }
    impl<T: Div> DivAssign for Saturating<T> {}
    impl<T: Rem> Rem for Saturating<T> { type Output = Saturating<T>; }
    impl<T: Rem> RemAssign for Saturating<T> {}
    impl<T: BitAnd> BitAnd for Saturating<T> { type Output = Saturating<T>; }
    impl<T: BitAnd> BitAndAssign for Saturating<T> {}
    impl<T: BitOr> BitOr for Saturating<T> { type Output = Saturating<T>; }
    impl<T: BitOr> BitOrAssign for Saturating<T> {}
    impl<T: BitXor> BitXor for Saturating<T> { type Output = Saturating<T>; }
    impl<T: BitXor> BitXorAssign for Saturating<T> {}
    impl<T> AddAssign<T> for Saturating<T> {}
    impl<T> SubAssign<T> for Saturating<T> {}
    impl<T> MulAssign<T> for Saturating<T> {}
    impl<T: Neg> Neg for Saturating<T> { type Output = Self; }
    impl<T: Not> Not for Saturating<T> { type Output = Saturating<T>; }
}

pub mod i8 {
    pub const MIN: i8;
    pub const MAX: i8;
}
pub mod u8 {
    pub const MIN: u8;
    pub const MAX: u8;
}
pub mod i16 {
    pub const MIN: i16;
    pub const MAX: i16;
}
pub mod u16 {
    pub const MIN: u16;
    pub const MAX: u16;
}
pub mod i32 {
    pub const MIN: i32;
    pub const MAX: i32;
}
pub mod u32 {
    pub const MIN: u32;
    pub const MAX: u32;
}
pub mod i64 {
    pub const MIN: i64;
    pub const MAX: i64;
}
pub mod u64 {
    pub const MIN: u64;
    pub const MAX: u64;
}
pub mod i128 {
    pub const MIN: i128;
    pub const MAX: i128;
}
pub mod u128 {
    pub const MIN: u128;
    pub const MAX: u128;
}
pub mod isize {
    pub const MIN: isize;
    pub const MAX: isize;
}
pub mod usize {
    pub const MIN: usize;
    pub const MAX: usize;
}
pub mod f32 {
    pub const RADIX: u32;
    pub const MANTISSA_DIGITS: u32;
    pub const DIGITS: u32;
    pub const EPSILON: f32;
    pub const MIN: f32;
    pub const MIN_POSITIVE: f32;
    pub const MAX: f32;
    pub const MIN_EXP: i32;
    pub const MAX_EXP: i32;
    pub const MIN_10_EXP: i32;
    pub const MAX_10_EXP: i32;
    pub const NAN: f32;
    pub const INFINITY: f32;
    pub const NEG_INFINITY: f32;
    pub mod consts {
        pub const PI: f32;
        pub const TAU: f32;
        pub const GOLDEN_RATIO: f32;
        pub const EULER_GAMMA: f32;
        pub const FRAC_PI_2: f32;
        pub const FRAC_PI_3: f32;
        pub const FRAC_PI_4: f32;
        pub const FRAC_PI_6: f32;
        pub const FRAC_PI_8: f32;
        pub const FRAC_1_PI: f32;
        pub const FRAC_2_PI: f32;
        pub const FRAC_2_SQRT_PI: f32;
        pub const SQRT_2: f32;
        pub const FRAC_1_SQRT_2: f32;
        pub const E: f32;
        pub const LOG2_E: f32;
        pub const LOG2_10: f32;
        pub const LOG10_E: f32;
        pub const LOG10_2: f32;
        pub const LN_2: f32;
        pub const LN_10: f32;
    }
}
pub mod f64 {
    pub const RADIX: u32;
    pub const MANTISSA_DIGITS: u32;
    pub const DIGITS: u32;
    pub const EPSILON: f64;
    pub const MIN: f64;
    pub const MIN_POSITIVE: f64;
    pub const MAX: f64;
    pub const MIN_EXP: i32;
    pub const MAX_EXP: i32;
    pub const MIN_10_EXP: i32;
    pub const MAX_10_EXP: i32;
    pub const NAN: f64;
    pub const INFINITY: f64;
    pub const NEG_INFINITY: f64;
    pub mod consts {
        pub const PI: f64;
        pub const TAU: f64;
        pub const GOLDEN_RATIO: f64;
        pub const EULER_GAMMA: f64;
        pub const FRAC_PI_2: f64;
        pub const FRAC_PI_3: f64;
        pub const FRAC_PI_4: f64;
        pub const FRAC_PI_6: f64;
        pub const FRAC_PI_8: f64;
        pub const FRAC_1_PI: f64;
        pub const FRAC_2_PI: f64;
        pub const FRAC_2_SQRT_PI: f64;
        pub const SQRT_2: f64;
        pub const FRAC_1_SQRT_2: f64;
        pub const E: f64;
        pub const LOG2_E: f64;
        pub const LOG2_10: f64;
        pub const LOG10_E: f64;
        pub const LOG10_2: f64;
        pub const LN_2: f64;
        pub const LN_10: f64;
    }
}
