"""What the methods of well-known traits do: a line for each, whatever the body.

Only what the trait itself promises. Knows names, not resolution: a trait of the same name with a method of
the same name is taken for the known one, so the lines say no more than both would keep.
"""

from __future__ import annotations

# {T}: the type; {A}: the trait's first argument, or "another"; {R}: what is returned.
_LINES = """
Display fmt: Format {T} for display
Debug fmt: Format {T} for debugging
LowerHex fmt: Format {T} as lower-case hexadecimal
UpperHex fmt: Format {T} as upper-case hexadecimal
Binary fmt: Format {T} in binary
Octal fmt: Format {T} in octal
LowerExp fmt: Format {T} in scientific notation, lower case
UpperExp fmt: Format {T} in scientific notation, upper case
Pointer fmt: Format {T} as a pointer
Clone clone: Clone {T}
Clone clone_from: Clone another {T} into this one
CloneToUninit clone_to_uninit: Clone {T} into uninitialized memory
PartialEq eq: Compare {T} with {A} for equality
PartialEq ne: Compare {T} with {A} for inequality
PartialOrd partial_cmp: Compare {T} with {A}, where they have an order
PartialOrd lt: Tell whether {T} is less than {A}
PartialOrd le: Tell whether {T} is less than or equal to {A}
PartialOrd gt: Tell whether {T} is greater than {A}
PartialOrd ge: Tell whether {T} is greater than or equal to {A}
Ord cmp: Compare two values of {T} for their order
Ord max: Return the greater of two values of {T}
Ord min: Return the lesser of two values of {T}
Ord clamp: Restrict a value of {T} to a range
Equivalent equivalent: Tell whether {T} is equivalent to a key of type {A}
Comparable compare: Compare {T} with a key of type {A} for their order
Hash hash: Feed {T} into a hasher
Hash hash_slice: Feed a slice of {T} into a hasher
Hasher write: Feed bytes into the hasher {T}
Hasher finish: Return the hash of what was fed into {T}
BuildHasher build_hasher: Create a hasher from {T}
Default default: Create the default {T}
Drop drop: Clean up when {T} is dropped
Deref deref: Dereference {T}
DerefMut deref_mut: Dereference {T} mutably
AsRef as_ref: Borrow {T} as {A}
AsMut as_mut: Borrow {T} mutably as {A}
Borrow borrow: Borrow {T} as {A}
BorrowMut borrow_mut: Borrow {T} mutably as {A}
ToOwned to_owned: Create an owned value from borrowed {T}
ToOwned clone_into: Replace an owned value by a copy of borrowed {T}
ToString to_string: Convert {T} to a String
From from: Convert {A} into {T}
Into into: Convert {T} into {A}
TryFrom try_from: Try to convert {A} into {T}
TryInto try_into: Try to convert {T} into {A}
FromStr from_str: Parse {T} from a string
Index index: Return the element of {T} at an index of type {A}
IndexMut index_mut: Return the element of {T} at an index of type {A} for change
Add add: Add {A} to {T}
Sub sub: Subtract {A} from {T}
Mul mul: Multiply {T} by {A}
Div div: Divide {T} by {A}
Rem rem: Return the remainder of {T} divided by {A}
Neg neg: Negate {T}
Not not: Apply the operator ! to {T}
BitAnd bitand: Apply the operator & to {T} and {A}
BitOr bitor: Apply the operator | to {T} and {A}
BitXor bitxor: Apply the operator ^ to {T} and {A}
Shl shl: Apply the operator << to {T} and {A}
Shr shr: Apply the operator >> to {T} and {A}
AddAssign add_assign: Add {A} to {T} in place
SubAssign sub_assign: Subtract {A} from {T} in place
MulAssign mul_assign: Multiply {T} by {A} in place
DivAssign div_assign: Divide {T} by {A} in place
RemAssign rem_assign: Replace {T} by its remainder when divided by {A}
BitAndAssign bitand_assign: Apply the operator &= to {T} and {A}
BitOrAssign bitor_assign: Apply the operator |= to {T} and {A}
BitXorAssign bitxor_assign: Apply the operator ^= to {T} and {A}
ShlAssign shl_assign: Apply the operator <<= to {T} and {A}
ShrAssign shr_assign: Apply the operator >>= to {T} and {A}
Iterator next: Advance the iterator {T} and return its next item
Iterator size_hint: Return bounds on how many items {T} has left
Iterator nth: Return the n-th next item of the iterator {T}
Iterator count: Count the items left in the iterator {T}
Iterator last: Return the last item of the iterator {T}
Iterator fold: Fold the items of the iterator {T} into one value
Iterator try_fold: Fold the items of the iterator {T} into one value, until that fails
Iterator for_each: Call a closure on each item of the iterator {T}
Iterator find: Return the first item of {T} that satisfies a predicate
Iterator position: Return the position of the first item of {T} that satisfies a predicate
Iterator any: Tell whether any item of {T} satisfies a predicate
Iterator all: Tell whether all items of {T} satisfy a predicate
Iterator min: Return the least item of the iterator {T}
Iterator max: Return the greatest item of the iterator {T}
Iterator sum: Sum up the items of the iterator {T}
Iterator product: Multiply the items of the iterator {T}
Iterator collect: Collect the items of the iterator {T}
Iterator partition: Split the items of {T} into two collections by a predicate
Iterator advance_by: Advance the iterator {T} by a number of items
Iterator next_chunk: Return the next items of {T} as an array
Iterator is_sorted: Tell whether the items of {T} are sorted
Iterator __iterator_get_unchecked: Return an item of {T} by its index without bounds checks
DoubleEndedIterator next_back: Return the next item of {T} from its back
DoubleEndedIterator nth_back: Return the n-th next item of {T} from its back
DoubleEndedIterator rfold: Fold the items of {T} into one value, from the back
DoubleEndedIterator try_rfold: Fold the items of {T} from the back, until that fails
DoubleEndedIterator rfind: Return the first item of {T} from the back that satisfies a predicate
DoubleEndedIterator advance_back_by: Advance the iterator {T} from its back by a number of items
ExactSizeIterator len: Return how many items {T} has left
ExactSizeIterator is_empty: Tell whether {T} has no items left
IntoIterator into_iter: Turn {T} into an iterator
FromIterator from_iter: Collect the items of an iterator into {T}
Extend extend: Extend {T} with the items of an iterator
Extend extend_one: Extend {T} with one item
Extend extend_reserve: Reserve capacity in {T} for more items
Sum sum: Sum up an iterator into {T}
Product product: Multiply an iterator into {T}
IntoFuture into_future: Turn {T} into a future
Future poll: Poll the future {T}
AsyncIterator poll_next: Poll {T} for its next item
Stream poll_next: Poll the stream {T} for its next item
AsyncRead poll_read: Poll {T} for bytes to read
AsyncWrite poll_write: Poll {T} to write bytes from a buffer
AsyncWrite poll_write_vectored: Poll {T} to write bytes from several buffers
AsyncWrite poll_flush: Poll {T} to flush what was written
AsyncWrite poll_shutdown: Poll {T} to shut down writing
AsyncWrite poll_close: Poll {T} to close writing
AsyncWrite is_write_vectored: Tell whether {T} writes several buffers efficiently
AsyncBufRead poll_fill_buf: Poll {T} to fill its buffer, and return that
AsyncBufRead consume: Mark bytes of the buffer of {T} as read
AsyncSeek start_seek: Start to seek in {T}
AsyncSeek poll_complete: Poll {T} for the end of a seek
Read read: Read bytes from {T} into a buffer
Read read_vectored: Read bytes from {T} into several buffers
Read is_read_vectored: Tell whether {T} reads into several buffers efficiently
Read read_to_end: Read all that is left in {T} into a vector
Read read_to_string: Read all that is left in {T} into a string
Read read_exact: Read exactly as many bytes from {T} as fill a buffer
Read read_buf: Read bytes from {T} into a cursor
Read read_buf_exact: Read exactly as many bytes from {T} as fill a cursor
Write write: Write bytes from a buffer to {T}
Write write_vectored: Write bytes from several buffers to {T}
Write is_write_vectored: Tell whether {T} writes several buffers efficiently
Write write_all: Write a whole buffer to {T}
Write write_all_vectored: Write several whole buffers to {T}
Write flush: Flush what was written to {T}
Write write_str: Write a string to {T}
Write write_char: Write a character to {T}
Write write_fmt: Write formatted arguments to {T}
BufRead fill_buf: Return the buffer of {T}, filled if it was empty
BufRead consume: Mark bytes of the buffer of {T} as read
BufRead read_until: Read from {T} up to a delimiter
BufRead read_line: Read a line from {T}
BufRead skip_until: Skip the bytes of {T} up to a delimiter
Seek seek: Seek to a position in {T}
Seek stream_position: Return the current position in {T}
Seek stream_len: Return the length of {T} in bytes
Seek rewind: Seek to the start of {T}
Seek seek_relative: Seek in {T} relative to the current position
Error source: Return the error that caused {T}, if any
Error cause: Return the error that caused {T}, if any
Error description: Describe the error {T} in a string
Serialize serialize: Serialize {T} with a serializer
Deserialize deserialize: Deserialize {T} with a deserializer
DeserializeSeed deserialize: Deserialize a value by the seed {T}
Serializer collect_str: Serialize what a value displays with {T}
Visitor expecting: Say what {T} expects to find
SeqAccess next_element_seed: Return the next element of the sequence {T}, deserialized by a seed
MapAccess next_key_seed: Return the next key of the map {T}, deserialized by a seed
MapAccess next_value_seed: Return the next value of the map {T}, deserialized by a seed
EnumAccess variant_seed: Return the variant of {T}, deserialized by a seed
VariantAccess unit_variant: Deserialize a variant of {T} without a value
VariantAccess newtype_variant_seed: Deserialize the value of a variant of {T} by a seed
VariantAccess tuple_variant: Deserialize a tuple variant of {T}
VariantAccess struct_variant: Deserialize a struct variant of {T}
SerializeSeq serialize_element: Serialize an element of a sequence
SerializeTuple serialize_element: Serialize an element of a tuple
SerializeTupleStruct serialize_field: Serialize a field of a tuple struct
SerializeTupleVariant serialize_field: Serialize a field of a tuple variant
SerializeMap serialize_key: Serialize a key of a map
SerializeMap serialize_value: Serialize a value of a map
SerializeMap serialize_entry: Serialize an entry of a map
SerializeStruct serialize_field: Serialize a field of a struct
SerializeStructVariant serialize_field: Serialize a field of a struct variant
SerializeSeq end: Finish serializing a sequence
SerializeTuple end: Finish serializing a tuple
SerializeTupleStruct end: Finish serializing a tuple struct
SerializeTupleVariant end: Finish serializing a tuple variant
SerializeMap end: Finish serializing a map
SerializeStruct end: Finish serializing a struct
SerializeStructVariant end: Finish serializing a struct variant
IntoDeserializer into_deserializer: Turn {T} into a deserializer
Parse parse: Parse {T} from a stream of tokens
ToTokens to_tokens: Append {T} to a token stream
ToTokens into_token_stream: Turn {T} into a token stream
Wake wake: Wake the task of {T}
Wake wake_by_ref: Wake the task of {T} without consuming it
AsRawFd as_raw_fd: Return the raw file descriptor of {T}
IntoRawFd into_raw_fd: Turn {T} into its raw file descriptor
FromRawFd from_raw_fd: Create {T} from a raw file descriptor
AsFd as_fd: Borrow the file descriptor of {T}
AsHandle as_handle: Borrow the handle of {T}
AsRawHandle as_raw_handle: Return the raw handle of {T}
IntoRawHandle into_raw_handle: Turn {T} into its raw handle
FromRawHandle from_raw_handle: Create {T} from a raw handle
AsSocket as_socket: Borrow the socket of {T}
AsRawSocket as_raw_socket: Return the raw socket of {T}
IntoRawSocket into_raw_socket: Turn {T} into its raw socket
FromRawSocket from_raw_socket: Create {T} from a raw socket
ToSocketAddrs to_socket_addrs: Resolve {T} to socket addresses
Fn call: Call {T}
FnMut call_mut: Call {T} with mutable access
FnOnce call_once: Call {T} once, consuming it
Termination report: Return the exit code that {T} stands for
Try branch: Decide whether {T} makes an operator ? continue or return
Try from_output: Wrap an output of the operator ? in {T}
FromResidual from_residual: Create {T} from what an operator ? returns early
Step steps_between: Return bounds on how many steps lie between two values of {T}
Step forward_checked: Step {T} forward, if that does not overflow
Step backward_checked: Step {T} backward, if that does not overflow
Step forward: Step {T} forward
Step backward: Step {T} backward
Step forward_unchecked: Step {T} forward without checks
Step backward_unchecked: Step {T} backward without checks
RangeBounds start_bound: Return the start bound of the range {T}
RangeBounds end_bound: Return the end bound of the range {T}
Arbitrary arbitrary: Generate an arbitrary {T}
Arbitrary shrink: Return simpler variants of {T}
GlobalAlloc alloc: Allocate memory with {T}
GlobalAlloc dealloc: Deallocate memory with {T}
GlobalAlloc alloc_zeroed: Allocate zeroed memory with {T}
GlobalAlloc realloc: Resize an allocation of {T}
Allocator allocate: Allocate memory with {T}
Allocator allocate_zeroed: Allocate zeroed memory with {T}
Allocator deallocate: Deallocate memory with {T}
Allocator grow: Grow an allocation of {T}
Allocator grow_zeroed: Grow an allocation of {T}, with zeroes in what is new
Allocator shrink: Shrink an allocation of {T}
Any type_id: Return the type id of {T}
Service poll_ready: Poll whether {T} is ready for a request
Service call: Handle a request with {T}
Layer layer: Wrap a service in the layer {T}
Spanned span: Return the span of {T}
ParallelIterator drive_unindexed: Drive the parallel iterator {T} with a consumer
Subscriber enabled: Tell whether {T} records a span or event
Log enabled: Tell whether the logger {T} would log a message
Log log: Log a record with {T}
Log flush: Flush what {T} has logged
""".strip()

LINES: dict[tuple[str, str], str] = {}
for _line in _LINES.split("\n"):
    _key, _, _text = _line.partition(": ")
    _trait, _, _method = _key.partition(" ")
    LINES[_trait, _method] = _text

_SERDE_NUMBERS = ("i8", "i16", "i32", "i64", "i128", "u8", "u16", "u32", "u64", "u128", "f32", "f64")
_SERDE = {
    "str": "a string",
    "string": "an owned string",
    "bytes": "bytes",
    "byte_buf": "an owned byte buffer",
    "bool": "a bool",
    "char": "a char",
    "seq": "a sequence",
    "map": "a map",
    "enum": "an enum",
    "unit": "a unit",
    "none": "a missing value",
    "some": "a present value",
    "newtype_struct": "a newtype struct",
    "tuple": "a tuple",
    "borrowed_str": "a borrowed string",
    "borrowed_bytes": "borrowed bytes",
    "option": "an optional value",
    "struct": "a struct",
    "unit_struct": "a unit struct",
    "tuple_struct": "a tuple struct",
    "any": "a value of any type",
    "ignored_any": "a value to be ignored",
    "identifier": "an identifier",
    "unit_variant": "a unit variant",
    "newtype_variant": "a newtype variant",
    "tuple_variant": "a tuple variant",
    "struct_variant": "a struct variant",
    **{name: f"{'an' if name[0] == 'i' else 'a'} {name}" for name in _SERDE_NUMBERS},
}
_SERDE_LINES = {
    ("Visitor", "visit_"): "Visit {what} and turn it into {value}",
    ("Serializer", "serialize_"): "Serialize {what} with {T}",
    ("Deserializer", "deserialize_"): "Deserialize {what} from {T}",
}


def line_of(trait: str, method: str, owner: str, argument: str) -> str:
    """The line of `<owner as trait<argument>>::method`; "" if it is not known. `trait` is a bare name."""
    template = LINES.get((trait, method))
    if template is None:
        for (known, prefix), text in _SERDE_LINES.items():
            if trait == known and method.startswith(prefix) and (what := _SERDE.get(method[len(prefix) :])):
                return text.format(what=what, T=owner, value=f"what {owner} makes")
        return ""
    other = argument or ("another" if "{A}" in template else "")
    return template.replace("{T}", owner).replace("{A}", other)
