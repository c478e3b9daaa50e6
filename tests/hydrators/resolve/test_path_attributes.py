"""A file that `#[path]` names is read as the module that declares it, not as the one that its place makes it."""

from __future__ import annotations

from hydrators.resolve import Resolver
from tests.hydrators.resolve.small_workspace import Definitions, check, workspace

MANIFEST = '//- /Cargo.toml\n[package]\nname = "demo"\n'


def test_super_leads_to_the_module_that_declares_the_file() -> None:
    check(
        """
//- /src/lib.rs
pub mod foo;
pub fn helper() {}
//- /src/foo.rs
fn helper() {}
mod inner { pub fn deep() {} }
#[cfg(test)]
#[path = "foo_tests.rs"]
mod tests;
//- /src/foo_tests.rs
use super::*;
use super::inner::deep;
fn t() { helper(); }                           //~ foo::helper [glob]
fn u() { super::helper(); deep(); }            //~ foo::helper, foo::inner::deep
fn v() { super::super::helper(); }             //~ helper
fn w() { crate::helper(); self::t(); }         //~ helper, foo_tests::t
mod more {
    use super::super::*;
    fn x() { helper(); super::t(); }           //~ foo::helper, foo_tests::t
    fn y() { super::super::super::helper(); }  //~ helper
}
"""
    )


def test_what_is_outside_reaches_the_items_under_the_declared_name() -> None:
    check(
        """
//- /src/lib.rs
pub mod foo;
use foo::here::go;
fn f() { foo::here::go(); go(); foo::all(); }   //~ foo_impl::go, foo_impl::all
//- /src/foo.rs
#[path = "foo_impl.rs"]
pub mod here;
pub use self::here::all;
//- /src/foo_impl.rs
pub fn go() {}
pub fn all() {}
"""
    )


def test_modules_of_such_a_file_are_files_beside_it() -> None:
    check(
        """
//- /src/lib.rs
#[path = "plain.rs"]
mod renamed;
mod usual;
fn only() {}
fn f() { renamed::sub::s(); renamed::inline::far::g(); usual::sub::s(); }   //~ sub::s, inline::far::g, usual::sub::s
//- /src/plain.rs
mod sub;
mod inline { pub mod far; }
use self::sub::*;
fn private() { sub::s(); globbed(); }           //~ sub::s, sub::globbed
//- /src/sub.rs
use super::*;
pub fn s() { super::private(); private(); }    //~ plain::private
pub fn globbed() { super::super::only(); }     //~ only
//- /src/inline/far.rs
pub fn g() { super::super::private(); }        //~ plain::private
//- /src/usual.rs
pub mod sub;
//- /src/usual/sub.rs
pub fn s() { super::sub::s(); }                //~ usual::sub::s
"""
    )


def test_a_mod_rs_and_its_modules_keep_their_folder() -> None:
    check(
        """
//- /src/lib.rs
mod dir;
#[path = "imp/mod.rs"]
mod sys;
fn top() { sys::part::p(); }                   //~ imp::part::p
//- /src/dir/mod.rs
#[path = "../dir_tests.rs"]
mod tests;
fn own() {}
//- /src/dir_tests.rs
fn t() { super::own(); }                       //~ dir::own
//- /src/imp/mod.rs
pub mod part;
fn q() { super::top(); }                       //~ top
//- /src/imp/part.rs
pub fn p() { super::q(); super::super::top(); }   //~ imp::q, top
"""
    )


def test_macros_of_the_module_that_declares_the_file_are_seen() -> None:
    check(
        """
//- /src/lib.rs
mod a;
//- /src/a/mod.rs
mod foo;
//- /src/a/foo.rs
macro_rules! quick { () => {} }
#[path = "../checks/of_foo.rs"]
mod tests;
//- /src/checks/of_foo.rs
fn t() { quick!(); }                           //~ a::foo::quick
"""
    )


def test_a_path_in_an_inline_module_starts_from_that_modules_folder() -> None:
    check(
        """
//- /src/lib.rs
mod a { #[path = "x.rs"] pub mod b; pub fn in_a() {} }
mod c;
fn f() { a::b::g(); c::d::e::h(); }            //~ a::x::g, c::d::y::h
//- /src/a/x.rs
pub fn g() { super::in_a(); }                  //~ a::in_a
//- /src/c.rs
pub mod d { #[path = "y.rs"] pub mod e; pub fn in_d() {} }
//- /src/c/d/y.rs
pub fn h() { super::in_d(); }                  //~ c::d::in_d
"""
    )


def test_a_path_of_an_inline_module_is_the_folder_of_its_modules() -> None:
    check(
        """
//- /src/lib.rs
pub mod sys;
//- /src/sys/mod.rs
mod solid;
//- /src/sys/solid/mod.rs
#[path = "../itron"]
pub mod itron {
    pub mod error;
    use super::own;
    mod deep { pub mod er; #[path = "named.rs"] pub mod est; }
    quick! { pub mod called; }
    pub fn g() { own(); deep::er::i(); deep::est::k(); }   //~ sys::solid::own, sys::itron::deep::er::i, sys::itron::deep::named::k
}
fn own() {}
fn f() { itron::error::h(); itron::g(); itron::called::l(); }   //~ sys::itron::error::h, sys::solid::itron::g, sys::itron::called::l
//- /src/sys/itron/error.rs
mod below;
pub fn h() { super::g(); below::m(); super::super::own(); }   //~ sys::solid::itron::g, sys::itron::error::below::m, sys::solid::own
//- /src/sys/itron/error/below.rs
pub fn m() {}
//- /src/sys/itron/deep/er.rs
pub fn i() { super::super::g(); }              //~ sys::solid::itron::g
//- /src/sys/itron/deep/named.rs
pub fn k() { super::super::g(); }              //~ sys::solid::itron::g
//- /src/sys/itron/called.rs
pub fn l() { super::g(); }                     //~ sys::solid::itron::g
"""
    )


def test_of_conditional_paths_the_usual_one_is_meant_and_each_file_knows_its_place() -> None:
    check(
        """
//- /src/lib.rs
mod sys;
//- /src/sys.rs
#[cfg_attr(windows, path = "on_windows.rs")]
#[cfg_attr(unix, path = "on_unix.rs")]
mod imp;
fn shared() {}
fn f() { imp::go(); }                          //~ on_unix::go
//- /src/on_unix.rs
pub fn go() { super::shared(); }               //~ sys::shared
//- /src/on_windows.rs
pub fn go() { super::shared(); }               //~ sys::shared
"""
    )


def test_of_several_declarations_the_one_by_name_counts_then_the_first() -> None:
    check(
        """
//- /src/lib.rs
mod named;
mod a;
mod b;
fn who() {}
//- /src/a.rs
#[path = "named.rs"]
mod again;
#[path = "twice.rs"]
mod one;
fn who() {}
//- /src/b.rs
#[path = "twice.rs"]
mod two;
fn who() {}
//- /src/named.rs
fn f() { super::who(); }                       //~ who
//- /src/twice.rs
fn f() { super::who(); }                       //~ a::who
"""
    )


def test_a_declaration_that_a_usual_build_leaves_out_does_not_count() -> None:
    check(
        """
//- /src/lib.rs
mod a;
mod b;
//- /src/a.rs
#[cfg(windows)]
#[path = "shared.rs"]
mod one;
fn who() {}
//- /src/b.rs
#[path = "shared.rs"]
mod two;
fn who() {}
//- /src/shared.rs
fn f() { super::who(); }                       //~ b::who
"""
    )


def test_what_names_a_file_by_path_takes_nothing_from_its_own_declaration() -> None:
    check(
        """
//- /src/lib.rs deps:dep
mod a;
#[cfg(windows)]
mod named;
use named::go;
use named::*;
use imported::*;
use self::b as imported;
use dep::*;
fn who() {}
fn f() { named::go(); go(); all(); }           //~ named::go, named::all
fn g() { of_b(); of_dep(); }                   //~ b::of_b, dep::of_dep
mod b { pub fn of_b() {} }
//- /dep/src/lib.rs crate:dep
pub fn of_dep() {}
//- /src/a.rs
#[path = "named.rs"]
mod one;
#[path = "imported.rs"]
mod two;
#[path = "dep.rs"]
mod three;
fn who() {}
//- /src/named.rs
pub fn go() { super::who(); }                  //~ who
pub fn all() {}
"""
    )


def test_files_that_declare_each_other_come_to_an_end() -> None:
    check(
        """
//- /src/a.rs
use super::*;
#[path = "b.rs"]
mod x;
mod b;
#[path = "a.rs"]
mod own;
fn f() { super::super::super::super::f(); g(); }
fn h() { own::own::h(); }                      //~ a::h
//- /src/b.rs
use super::*;
#[path = "a.rs"]
mod y;
mod a;
fn g() { f(); self::y::x::g(); }
"""
    )


def test_a_path_into_another_crate_leads_there() -> None:
    check(
        MANIFEST
        + """
//- /src/lib.rs
mod low;
//- /src/low/mod.rs
pub fn go() {}
//- /tests/end.rs
#[path = "../src/low/mod.rs"]
mod low;
#[path = "shared/mod.rs"]
mod tools;
mod more;
fn t() { low::go(); tools::help(); }           //~ low::go, demo#tests/shared::help
//- /tests/shared/mod.rs
pub fn help() {}
//- /build.rs
#[path = "src/low/mod.rs"]
mod low;
fn main() { low::go(); }                       //~ low::go
"""
    )


def test_a_path_that_leads_nowhere_makes_no_edge() -> None:
    check(
        """
//- /src/lib.rs
#[path = "../../../far.rs"]
mod far;
#[path = "/etc/far.rs"]
mod farther;
fn go() {}
fn f() { far::go(); farther::go(); }           //~
//- /src/far.rs
pub fn go() {}
"""
    )


def test_only_the_modules_own_line_moves_it() -> None:
    """A module with a body holds what stands in it, and a function of its name is no module."""
    check(
        """
//- /src/lib.rs
#[path = "folder"]
mod inline { pub fn go() {} }
#[path = "other.rs"]
mod both;
fn both() {}
fn f() { inline::go(); both(); both::x(); }    //~ inline::go, both, other::x
//- /src/other.rs
pub fn x() {}
"""
    )


def test_a_file_hangs_on_the_key_under_which_a_path_attribute_names_it() -> None:
    """No key is asked that files without the attribute do not ask anyway."""
    text = "//- /src/lib.rs\nmod a;\n//- /src/a.rs\n{}mod t;\nfn f() {{}}\n//- /src/a_t.rs\nuse super::*;\nfn g() {{ f() }}\n"
    with_path = workspace(text.format('#[path = "a_t.rs"]\n'))
    without = workspace(text.format(""))
    moved = {
        d.key
        for d in set(with_path.files["src/a.rs"].definitions) ^ set(without.files["src/a.rs"].definitions)
    }
    asked = (
        Resolver(Definitions(without.files.values()), without.world)
        .resolve(without.files["src/a_t.rs"])
        .asked
    )
    assert "demo::a_t" in moved & asked[""]
