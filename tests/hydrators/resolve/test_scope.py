"""What paths mean: modules, imports, globs, re-exports, crates, hiding, macros."""

from __future__ import annotations

import pytest

from tests.hydrators.resolve.small_workspace import check


def test_names_of_the_module_and_no_others() -> None:
    check(
        """
//- /src/lib.rs
mod other;
fn f(x: T) { g(); hidden(); }           //~ g [module], uses:T [module]
fn g() {}
struct T;
//- /src/other.rs
pub fn hidden() {}
fn own() { g(); }                        //~
"""
    )


def test_modules_nested_inline_and_in_files() -> None:
    check(
        """
//- /src/lib.rs
mod a;
fn top() {
    a::one();                            //~ a::one [module]
    crate::a::deep::two();               //~ a::deep::two
    self::a::deep::inline::three();      //~ a::deep::inline::three
    a::deep::inline::gone();             //~
}
//- /src/a.rs
pub mod deep;
pub fn one() { super::top(); }           //~ top
//- /src/a/deep.rs
pub fn two() { super::one(); super::super::top(); self::inline::three(); } //~ a::one, top, a::deep::inline::three
pub mod inline {
    pub fn three() {
        super::two();                    //~ a::deep::two
        super::super::one();             //~ a::one
        super::super::super::top();      //~ top
        crate::top();                    //~ top
        super::super::super::super::top(); //~
        two();                           //~
    }
}
"""
    )


def test_use_trees_aliases_and_self() -> None:
    check(
        """
//- /src/lib.rs
mod m;
use m::{self, one, two as deux, deep::{three, Kind::{self, A}}};
use crate::m::deep as d;
use self::m::one as uno;
use m::Show as _;
fn f() {
    one();            //~ m::one [import]
    two();            //~
    deux();           //~ m::two [import]
    three();          //~ m::deep::three
    m::one();         //~ m::one
    d::three();       //~ m::deep::three
    uno();            //~ m::one
    A(1);             //~ m::deep::Kind::A
    Kind::B(1);       //~ m::deep::Kind::B
    1u8.show();       //~ m::<u8 as Show>::show
}
//- /src/m.rs
pub fn one() {}
pub fn two() {}
pub trait Show { fn show(&self); }
impl Show for u8 { fn show(&self) {} }
pub mod deep {
    pub fn three() {}
    pub enum Kind { A(u8), B(u8) }
}
"""
    )


def test_globs_chains_and_circles() -> None:
    check(
        """
//- /src/lib.rs
mod a;
mod b;
mod c;
use a::*;
fn f() {
    of_a();           //~ a::of_a [glob]
    of_b();           //~ b::of_b [glob]
    of_c();           //~ c::of_c [glob]
    private();        //~
    not_re_exported(); //~
    own();            //~ own [module]
}
fn own() {}
//- /src/a.rs
pub use crate::b::*;
pub fn of_a() {}
fn private() {}
pub fn own() {}
//- /src/b.rs
pub use super::c::*;
use self::inner::*;
pub fn of_b() { of_a(); of_c(); not_re_exported(); }   //~ a::of_a, c::of_c, b::inner::not_re_exported
mod inner { pub fn not_re_exported() {} }
//- /src/c.rs
pub use crate::a::*;
pub fn of_c() { of_a(); of_b(); nothing(); }           //~ a::of_a, b::of_b
"""
    )


def test_a_circle_of_imports_ends() -> None:
    check(
        """
//- /src/lib.rs
mod a;
mod b;
fn f() { a::x(); b::x(); a::y(); }   //~
//- /src/a.rs
pub use crate::b::x;
pub use crate::a::y;
//- /src/b.rs
pub use crate::a::x;
"""
    )


def test_a_child_sees_private_names_of_its_parents_through_a_glob() -> None:
    check(
        """
//- /src/lib.rs
fn secret() {}
mod tests {
    use super::*;
    fn t() { secret(); }          //~ secret [glob]
}
mod stranger {
    use crate::cellar::*;
    fn t() { locked(); open(); }  //~ cellar::open
}
mod cellar { fn locked() {} pub fn open() {} }
"""
    )


def test_a_name_hides_what_a_glob_brings() -> None:
    check(
        """
//- /src/lib.rs
mod a { pub fn f() {} pub fn g() {} }
mod b { pub fn g() {} }
use a::*;
use b::g;
fn f() {}
fn t() { f(); g(); }    //~ f [module], b::g [import]
"""
    )


def test_re_exports_within_and_across_crates() -> None:
    check(
        """
//- /src/lib.rs deps:core_io
use core_io::{Reader, prelude::*, open as unlock};
fn f(r: Reader, w: Writer) {     //~ uses:core_io::imp::Reader, uses:core_io::imp::Writer
    r.read();                    //~ core_io::imp::Reader::read
    w.write_all_of_it();         //~ core_io::imp::Writer::write_all_of_it
    unlock();                    //~ core_io::imp::open
    core_io::facade::open();     //~ core_io::imp::open
    core_io::imp::open();        //~ core_io::imp::open
}
//- /core/src/lib.rs crate:core_io
mod imp;
pub use imp::{open, Reader};
pub mod prelude { pub use crate::imp::Writer; }
pub mod facade { pub use super::imp::*; }
//- /core/src/imp.rs crate:core_io
pub struct Reader;
impl Reader { pub fn read(&self) {} }
pub struct Writer;
impl Writer { pub fn write_all_of_it(&self) {} }
pub fn open() {}
"""
    )


def test_renamed_dependencies_and_extern_crates() -> None:
    check(
        """
//- /src/lib.rs deps:io=core_io,plain
extern crate plain as simple;
extern crate unknown as mystery;
mod inside;
fn f() {
    io::open();          //~ core_io::open
    ::io::open();        //~ core_io::open
    core_io::open();     //~
    simple::open();      //~ plain::open
    plain::open();       //~ plain::open
    mystery::open();     //~
}
fn open() {}
//- /src/inside.rs
use io::open;
fn f() { open(); crate::simple::open(); }    //~ core_io::open, plain::open
//- /core/src/lib.rs crate:core_io
pub fn open() {}
//- /plain/src/lib.rs crate:plain
pub fn open() {}
"""
    )


def test_a_crate_that_is_not_a_dependency_is_not_seen() -> None:
    check(
        """
//- /src/lib.rs
use stranger::open;
fn f() { open(); stranger::open(); }   //~
//- /x/src/lib.rs crate:stranger
pub fn open() {}
"""
    )


def test_foreign_crates_hide_own_items_of_the_same_name() -> None:
    check(
        """
//- /src/lib.rs
use serde::Serialize;
use std::fmt::Display;
use std::mem::swap;
struct Inner;
impl Serialize for Inner {}             //~ uses:Inner
impl Display for Inner {}               //~ uses:Inner
fn f() { swap(); std::mem::swap(); other::swap(); }   //~
//- /src/other.rs
pub trait Serialize {}
pub trait Display {}
pub fn swap() {}
"""
    )


def test_variants_by_enum_glob_and_by_path() -> None:
    check(
        """
//- /src/lib.rs
mod kinds { pub enum Kind { Plain, With(u8), Named { x: u8 } } pub use self::Kind::*; }
use kinds::Kind::*;
use kinds::Kind as K;
fn f() {
    With(1);             //~ kinds::Kind::With
    K::With(1);          //~ kinds::Kind::With
    kinds::Kind::With(1);  //~ kinds::Kind::With
    kinds::With(1);      //~ kinds::Kind::With
    take(K::Plain);      //~ take, uses:kinds::Kind::Plain
    take(Plain);         //~ take, uses:kinds::Kind::Plain
}
fn take(k: K) {}
"""
    )


def test_own_items_hide_the_prelude() -> None:
    check(
        """
//- /src/lib.rs
mod a { pub struct Vec; impl Vec { pub fn new() -> Vec { Vec } pub fn own_push(&self) {} } }
mod b {
    use super::a::Vec;
    fn f() { Vec::new().own_push(); }          //~ a::Vec::new, a::Vec::own_push
}
mod c {
    fn f() { let mut v = Vec::new(); v.own_push(); }  //~
}
mod d {
    enum Option { Some(u8), None }
    use self::Option::*;
    fn f(x: Option) -> Option { Some(1) }      //~ d::Option::Some, uses:d::Option
    fn drop(x: u8) {}
    fn g() { drop(1); }                        //~ d::drop
}
mod e { fn g() { drop(1); Some(1); Ok::<u8, u8>(1); } }   //~
"""
    )


def test_paths_of_the_2015_edition_start_at_the_root() -> None:
    check(
        """
//- /src/lib.rs
mod a;
mod b;
pub fn top() {}
//- /src/a.rs
use b::of_b;
use top;
fn f() { of_b(); top(); ::b::of_b(); ::top(); }   //~ b::of_b, top
//- /src/b.rs
pub fn of_b() {}
"""
    )


def test_path_attributes_lead_to_other_files() -> None:
    check(
        """
//- /src/lib.rs
#[path = "elsewhere.rs"]
mod here;
#[path = "deep/er.rs"]
mod there;
fn f() { here::go(); there::come(); }   //~ elsewhere::go, deep::er::come
//- /src/elsewhere.rs
pub fn go() {}
//- /src/deep/er.rs
pub fn come() {}
"""
    )


@pytest.mark.parametrize(
    "usual, other",
    [
        ("unix", "windows"),
        ('feature = "fast"', 'not(feature = "fast")'),
        ("not(test)", "test"),
        ("debug_assertions", "miri"),
    ],
)
def test_of_cfg_twins_the_usual_one_is_meant(usual: str, other: str) -> None:
    text = """
//- /src/lib.rs
#[cfg(OTHER)]
mod imp { pub fn go() {} }
#[cfg(USUAL)]
mod imp { pub fn go() {} }
#[cfg(USUAL)]
use self::yes::run;
#[cfg(OTHER)]
use self::no::run;
mod yes { pub fn run() {} }
mod no { pub fn run() {} }
fn f() { run(); }      //~ yes::run
struct S;
#[cfg(OTHER)]
impl S { fn m(&self) -> A { A } }
#[cfg(USUAL)]
impl S { fn m(&self) -> B { B } }
struct A;
struct B;
impl A { fn z(&self) {} }
impl B { fn z(&self) {} }
fn g(s: S) {
    let m = s.m();
    m.z();             //~ B::z
}
"""
    check(text.replace("USUAL", usual).replace("OTHER", other))


def test_an_item_that_only_an_unusual_build_has_is_still_found() -> None:
    check(
        """
//- /src/lib.rs
#[cfg(windows)]
fn only() {}
#[cfg(windows)]
fn f() { only(); }     //~ only
"""
    )


def test_items_of_a_body_hide_those_of_the_module() -> None:
    check(
        """
//- /src/lib.rs
fn go() {}
fn around() {
    fn go() {}
    use crate::m::run;
    go();             //~ around::go
    run();            //~ m::run
    {
        struct Local;
        impl Local { fn work(&self) { go(); run(); super_free(); } }   //~ around::go, m::run, super_free
        Local.work(); //~ around::Local::work
    }
}
fn super_free() { go(); run(); }    //~ go, run
fn run() {}
mod m { pub fn run() {} }
"""
    )


def test_items_and_imports_of_a_block_are_seen_in_it_alone() -> None:
    check(
        """
mod a { pub fn f() {} pub fn run() {} pub fn only() {} pub struct Q; impl Q { pub fn go(&self) {} } }
mod b { pub fn f() {} pub fn run() {} pub struct Q; impl Q { pub fn go(&self) {} } }
fn f() {}
fn g() {}
struct Q;
impl Q { fn go(&self) {} }
fn arms(x: u8) {
    match x {
        1 => { use crate::a::run; run() }          //~ a::run
        _ => { use crate::b::run; run() }          //~ b::run
    }
}
fn before_and_behind() {
    f();                                           //~ f
    { use crate::a::f; f(); { f() } }              //~ a::f
    f();                                           //~ f
    if g() { use crate::b::f; f(); }               //~ g, b::f
}
fn nested() {
    use crate::a::f;
    { use crate::b::f; f(); { use crate::a::run; f(); run(); } }     //~ b::f, a::run
    f();                                           //~ a::f
    run();                                         //~
}
fn items_come_before_they_stand() {
    { g(); fn g() {} }                             //~ items_come_before_they_stand::g
    g();                                           //~ g
}
fn globs() {
    { use crate::a::*; f(); only(); }              //~ a::f, a::only
    { use crate::b::*; f(); }                      //~ b::f
    only();                                        //~
}
fn types() {
    { struct Q; impl Q { fn go(&self) {} } let q: Q = Q; q.go(); Q.go(); }   //~ types::Q::go
    { use crate::a::Q; let q: Q = Q; q.go(); }     //~ a::Q::go
    { use crate::b::Q; let q = Q; q.go(); }        //~ b::Q::go
    let q = Q; q.go();                             //~ Q::go
}
fn inner_functions() {
    { use crate::a::f; fn deep() { f(); { use crate::b::f; f() } } deep(); } //~ a::f, b::f, inner_functions::deep
    fn shallow() { f(); }                          //~ f
}
fn closures(all: Vec<u8>) {
    all.iter().map(|x| { use crate::a::run; run() });    //~ a::run
    all.iter().map(|x| run());                     //~
}
const C: (u8, u8) = ({ use crate::a::f; f() }, f());     //~ a::f, f
fn braces_that_are_none() {
    let s = "{"; let c = '{'; let r = r#"}"{"#; // {
    { use crate::a::f; f(); }                      //~ a::f
    let d = b'}'; /* } */ let e = '\\''; let t = "\\"}";
    f();                                           //~ f
}
"""
    )


def test_a_macro_of_a_block_is_seen_in_it_alone() -> None:
    check(
        """
macro_rules! twice { () => {} }
fn f() { macro_rules! vec { () => {} } vec!(); }          //~ f::vec
fn g() { vec![1]; crate::vec!(); }                        //~
fn h() {
    twice!();                                             //~ twice
    { macro_rules! twice { () => {} } twice!(); }         //~ h::twice
    twice!();                                             //~ twice
}
fn i() {
    macro_rules! one { () => {} }
    { macro_rules! one { () => {} } one!(); }             //~ i::one
    fn j() { one!(); }                                    //~ i::one
}
"""
    )


def test_self_and_super_in_a_body_are_those_of_the_module() -> None:
    check(
        """
//- /src/lib.rs
mod m {
    fn go() {}
    fn around() {
        fn go() {}
        fn inner() { self::go(); super::go(); go(); }   //~ m::go, go, m::around::go
    }
}
fn go() {}
"""
    )


def test_macros_by_name_by_path_and_by_import() -> None:
    check(
        """
//- /src/lib.rs deps:tools
mod user;
macro_rules! local { () => {} }
fn f() {
    local!();             //~ local
    crate::local!();      //~ local
    tools::hammer!();     //~ tools::m::hammer [macro-path]
    println!();           //~
    hammer!();            //~
    vec![local!()];       //~ local
}
//- /src/user.rs
use tools::hammer;
fn f() { hammer!(); local!(); }     //~ tools::m::hammer [macro-import], local [macro-name]
mod inner { use tools::*; fn f() { hammer!(); } }   //~ tools::m::hammer [macro-glob]
//- /tools/src/lib.rs crate:tools
mod m;
//- /tools/src/m.rs crate:tools
#[macro_export]
macro_rules! hammer { () => {} }
"""
    )


def test_an_own_macro_of_the_file_comes_before_one_of_another_file() -> None:
    check(
        """
//- /src/lib.rs
mod a;
mod b;
//- /src/a.rs
macro_rules! m { () => {} }
fn f() { m!(); }      //~ a::m
//- /src/b.rs
macro_rules! m { () => {} }
fn f() { m!(); }      //~ b::m
"""
    )


def test_the_same_name_for_a_type_a_value_and_a_macro() -> None:
    check(
        """
//- /src/lib.rs
mod m { pub struct log { pub x: u8 } pub fn log() -> u8 { 1 } }
macro_rules! log { () => {} }
use m::log;
fn f(x: log) { log(); log!(); }    //~ m::log, log [macro-name], uses:m::log
"""
    )


def test_non_ascii_and_raw_names() -> None:
    check(
        """
//- /src/lib.rs
mod größe { pub fn prüfe() {} pub fn r#match() {} }
use größe::prüfe;
fn f() { prüfe(); größe::prüfe(); größe::r#match(); }   //~ größe::prüfe, größe::match
"""
    )


def test_targets_of_one_package_are_crates_of_their_own() -> None:
    check(
        """
//- /Cargo.toml
[package]
name = "demo"
//- /src/lib.rs
pub fn open() {}
fn helper() {}
//- /src/bin/tool.rs
fn helper() {}
fn main() { demo::open(); helper(); crate::helper(); }    //~ open, demo#bin/tool::helper
//- /tests/end.rs
use demo::*;
mod support;
fn t() { open(); support::prepare(); helper(); }           //~ open, demo#tests/support::prepare
//- /tests/support.rs
pub fn prepare() {}
"""
    )


@pytest.mark.parametrize("root", ["tests/it/main.rs", "examples/it/main.rs", "src/bin/it/main.rs"])
def test_a_target_with_a_folder_has_its_modules_there(root: str) -> None:
    folder = root.rpartition("/")[0]
    kind = folder.removesuffix("/it").rpartition("/")[2]
    check(
        f"""
//- /Cargo.toml
[package]
name = "demo"
//- /src/lib.rs
//- /{root}
mod support;
mod inline {{ pub fn here() {{}} }}
fn main() {{ support::prepare(); inline::here(); }}   //~ demo#{kind}/it::support::prepare, demo#{kind}/it::inline::here
//- /{folder}/support.rs
pub fn prepare() {{ super::inline::here(); }}         //~ demo#{kind}/it::inline::here
"""
    )


def test_a_path_into_another_crate_is_no_name_of_ours() -> None:
    check(
        """
struct Foo;
impl Foo { fn new() -> Foo { Foo } fn rare(&self) {} }
fn make() {}
fn f(x: ext::Foo, y: &[ext::deep::Foo], z: Result<ext::Foo, ext::Error>) {
    x.rare();                  //~
    y[0].rare();               //~
    z.unwrap().rare();         //~
    ext::Foo::new();           //~
    ext::make();               //~
    Foo::new().rare();         //~ Foo::new, Foo::rare
}
struct S { field: ext::Foo }
impl S { fn g(&self) { self.field.rare(); } }    //~
"""
    )


def test_the_standard_library_itself_can_be_the_workspace() -> None:
    check(
        """
//- /src/lib.rs crate:std
pub mod vec { pub struct Vec<T> { x: T } impl<T> Vec<T> { pub fn len(&self) -> usize { 0 } } }
fn f(v: crate::vec::Vec<u8>) { v.len(); }     //~ std::vec::Vec::len
"""
    )
