//! Syn's verdict on single Rust items, as JSON lines: the judge of our canonical signatures.
//!
//! Reads `{"id", "context", "text"}` and prints `{"id", "ok", "kind", "name", "signature", "attributes"}`, or
//! `{"id", "ok": false, "error"}`. context: "item", "impl", "trait", "foreign" or "variant". A signature is the
//! item's tokens without its outer attributes, its body, the value of a constant, and all documentation.

use std::io::{self, BufRead, BufWriter, Write};
use std::panic;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use serde_json::{Value, json};
use syn::parse::{Parse, Parser};
use syn::visit_mut::VisitMut;
use syn::{Attribute, ForeignItem, ImplItem, Item, Meta, TraitItem, Variant};

/// What one item says of itself.
struct Header {
    kind: &'static str,
    name: String,
    signature: TokenStream,
    attributes: Vec<Attribute>,
}

impl Header {
    fn new(kind: &'static str, name: impl ToString, signature: TokenStream, attributes: &[Attribute]) -> Self {
        Header { kind, name: name.to_string(), signature, attributes: attributes.to_vec() }
    }

    fn to_json(&self) -> serde_json::Map<String, Value> {
        let attributes: Vec<String> = self.attributes.iter().map(|a| a.meta.to_token_stream().to_string()).collect();
        let Value::Object(map) = json!({
            "kind": self.kind,
            "name": self.name,
            "signature": self.signature.to_string().trim_end_matches([';', ' ']),
            "attributes": attributes,
        }) else {
            unreachable!("an object literal")
        };
        map
    }
}

/// Takes documentation out of fields, parameters and variants.
struct Undocumented;

impl VisitMut for Undocumented {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| {
            !(attribute.path().is_ident("doc") && matches!(attribute.meta, Meta::NameValue(_)))
        });
    }
}

fn is_method(signature: &syn::Signature) -> bool {
    signature.receiver().is_some()
}

fn function(signature: &syn::Signature) -> &'static str {
    if is_method(signature) { "method" } else { "function" }
}

fn item_header(item: &Item) -> Option<Header> {
    let mut item = item.clone();
    Undocumented.visit_item_mut(&mut item);
    Some(match &item {
        Item::Const(i) => {
            let (vis, name, generics, ty) = (&i.vis, &i.ident, &i.generics, &i.ty);
            Header::new("const", name, quote!(#vis const #name #generics: #ty), &i.attrs)
        }
        Item::Enum(i) => {
            let (vis, name, generics, rules) = (&i.vis, &i.ident, &i.generics, &i.generics.where_clause);
            Header::new("enum", name, quote!(#vis enum #name #generics #rules), &i.attrs)
        }
        Item::ExternCrate(i) => {
            let (vis, name) = (&i.vis, &i.ident);
            let rename = i.rename.as_ref().map(|(_, alias)| quote!(as #alias));
            Header::new("extern_crate", name, quote!(#vis extern crate #name #rename), &i.attrs)
        }
        Item::Fn(i) => {
            let (vis, signature) = (&i.vis, &i.sig);
            Header::new(function(signature), &signature.ident, quote!(#vis #signature), &i.attrs)
        }
        Item::ForeignMod(i) => {
            let (unsafety, abi) = (&i.unsafety, &i.abi);
            Header::new("extern_block", "", quote!(#unsafety #abi), &i.attrs)
        }
        Item::Impl(i) => {
            let (defaultness, unsafety, generics, ty) = (&i.defaultness, &i.unsafety, &i.generics, &i.self_ty);
            let of = i.trait_.as_ref().map(|(bang, path, _)| quote!(#bang #path for));
            let rules = &i.generics.where_clause;
            Header::new("impl", "", quote!(#defaultness #unsafety impl #generics #of #ty #rules), &i.attrs)
        }
        Item::Macro(i) => match &i.ident {
            Some(name) => Header::new("macro", name, quote!(macro_rules! #name), &i.attrs),
            None => Header::new("macro_call", i.mac.path.to_token_stream(), i.mac.to_token_stream(), &i.attrs),
        },
        Item::Mod(i) => {
            let (vis, unsafety, name) = (&i.vis, &i.unsafety, &i.ident);
            Header::new("module", name, quote!(#vis #unsafety mod #name), &i.attrs)
        }
        Item::Static(i) => {
            let (vis, mutability, name, ty) = (&i.vis, &i.mutability, &i.ident, &i.ty);
            Header::new("static", name, quote!(#vis static #mutability #name: #ty), &i.attrs)
        }
        Item::Struct(i) => {
            let mut bare = i.clone();
            bare.attrs.clear();
            bare.semi_token = None;
            Header::new("struct", &i.ident, bare.into_token_stream(), &i.attrs)
        }
        Item::Trait(i) => {
            let (vis, unsafety, auto, name, generics) =
                (&i.vis, &i.unsafety, &i.auto_token, &i.ident, &i.generics);
            let (colon, bounds, rules) = (&i.colon_token, &i.supertraits, &i.generics.where_clause);
            let tokens = quote!(#vis #unsafety #auto trait #name #generics #colon #bounds #rules);
            Header::new("trait", name, tokens, &i.attrs)
        }
        Item::TraitAlias(i) => {
            let (vis, name, generics, bounds, rules) =
                (&i.vis, &i.ident, &i.generics, &i.bounds, &i.generics.where_clause);
            let tokens = quote!(#vis trait #name #generics = #bounds #rules);
            Header::new("trait_alias", name, tokens, &i.attrs)
        }
        Item::Type(i) => {
            let (vis, name, generics, rules, ty) =
                (&i.vis, &i.ident, &i.generics, &i.generics.where_clause, &i.ty);
            Header::new("type_alias", name, quote!(#vis type #name #generics #rules = #ty), &i.attrs)
        }
        Item::Union(i) => {
            let mut bare = i.clone();
            bare.attrs.clear();
            Header::new("union", &i.ident, bare.into_token_stream(), &i.attrs)
        }
        Item::Use(i) => {
            let (vis, leading, tree) = (&i.vis, &i.leading_colon, &i.tree);
            Header::new("use", "", quote!(#vis use #leading #tree), &i.attrs)
        }
        Item::Verbatim(tokens) => Header::new("verbatim", "", tokens.clone(), &[]),
        _ => return None,
    })
}

fn impl_header(item: &ImplItem) -> Option<Header> {
    let mut item = item.clone();
    Undocumented.visit_impl_item_mut(&mut item);
    Some(match &item {
        ImplItem::Const(i) => {
            let (vis, defaultness, name, generics, ty) = (&i.vis, &i.defaultness, &i.ident, &i.generics, &i.ty);
            let tokens = quote!(#vis #defaultness const #name #generics: #ty);
            Header::new("const", name, tokens, &i.attrs)
        }
        ImplItem::Fn(i) => {
            let (vis, defaultness, signature) = (&i.vis, &i.defaultness, &i.sig);
            let tokens = quote!(#vis #defaultness #signature);
            Header::new(function(signature), &signature.ident, tokens, &i.attrs)
        }
        ImplItem::Type(i) => {
            let (vis, defaultness, name, generics, ty, rules) =
                (&i.vis, &i.defaultness, &i.ident, &i.generics, &i.ty, &i.generics.where_clause);
            let tokens = quote!(#vis #defaultness type #name #generics = #ty #rules);
            Header::new("type_alias", name, tokens, &i.attrs)
        }
        ImplItem::Macro(i) => {
            Header::new("macro_call", i.mac.path.to_token_stream(), i.mac.to_token_stream(), &i.attrs)
        }
        ImplItem::Verbatim(tokens) => Header::new("verbatim", "", tokens.clone(), &[]),
        _ => return None,
    })
}

fn trait_header(item: &TraitItem) -> Option<Header> {
    let mut item = item.clone();
    Undocumented.visit_trait_item_mut(&mut item);
    Some(match &item {
        TraitItem::Const(i) => {
            let (name, generics, ty) = (&i.ident, &i.generics, &i.ty);
            Header::new("const", name, quote!(const #name #generics: #ty), &i.attrs)
        }
        TraitItem::Fn(i) => {
            let signature = &i.sig;
            Header::new(function(signature), &signature.ident, quote!(#signature), &i.attrs)
        }
        TraitItem::Type(i) => {
            let (name, generics, colon, bounds, rules) =
                (&i.ident, &i.generics, &i.colon_token, &i.bounds, &i.generics.where_clause);
            let default = i.default.as_ref().map(|(_, ty)| quote!(= #ty));
            let tokens = quote!(type #name #generics #colon #bounds #default #rules);
            Header::new("type_alias", name, tokens, &i.attrs)
        }
        TraitItem::Macro(i) => {
            Header::new("macro_call", i.mac.path.to_token_stream(), i.mac.to_token_stream(), &i.attrs)
        }
        TraitItem::Verbatim(tokens) => Header::new("verbatim", "", tokens.clone(), &[]),
        _ => return None,
    })
}

fn foreign_header(item: &ForeignItem) -> Option<Header> {
    let mut item = item.clone();
    Undocumented.visit_foreign_item_mut(&mut item);
    Some(match &item {
        ForeignItem::Fn(i) => {
            let (vis, signature) = (&i.vis, &i.sig);
            Header::new(function(signature), &signature.ident, quote!(#vis #signature), &i.attrs)
        }
        ForeignItem::Static(i) => {
            let (vis, mutability, name, ty) = (&i.vis, &i.mutability, &i.ident, &i.ty);
            Header::new("static", name, quote!(#vis static #mutability #name: #ty), &i.attrs)
        }
        ForeignItem::Type(i) => {
            let (vis, name, generics, rules) = (&i.vis, &i.ident, &i.generics, &i.generics.where_clause);
            Header::new("type_alias", name, quote!(#vis type #name #generics #rules), &i.attrs)
        }
        ForeignItem::Macro(i) => {
            Header::new("macro_call", i.mac.path.to_token_stream(), i.mac.to_token_stream(), &i.attrs)
        }
        ForeignItem::Verbatim(tokens) => Header::new("verbatim", "", tokens.clone(), &[]),
        _ => return None,
    })
}

fn variant_header(variant: &Variant) -> Option<Header> {
    let mut variant = variant.clone();
    Undocumented.visit_variant_mut(&mut variant);
    let mut bare = variant.clone();
    bare.attrs.clear();
    Some(Header::new("variant", &variant.ident, bare.into_token_stream(), &variant.attrs))
}

fn describe(error: &syn::Error) -> String {
    let start = error.span().start();
    format!("{}:{}: {error}", start.line, start.column)
}

fn read<T: Parse>(text: &str, header: impl Fn(&T) -> Option<Header>) -> Result<Option<Header>, String> {
    syn::parse_str::<T>(text).map(|item| header(&item)).map_err(|error| describe(&error))
}

fn read_item(context: &str, text: &str) -> Result<Option<Header>, String> {
    match context {
        "item" => read(text, item_header),
        "impl" => read(text, impl_header),
        "trait" => read(text, trait_header),
        "foreign" => read(text, foreign_header),
        "variant" => Variant::parse
            .parse_str(text)
            .map(|variant| variant_header(&variant))
            .map_err(|error| describe(&error)),
        other => Err(format!("no such context: {other}")),
    }
}

fn print_item(line: &str, out: &mut impl Write) -> io::Result<()> {
    let request: Value = serde_json::from_str(line).map_err(io::Error::other)?;
    let (context, text) = (request["context"].as_str().unwrap_or("item"), request["text"].as_str().unwrap_or(""));
    // proc-macro2 panics on some texts that are no tokens at all
    let verdict = panic::catch_unwind(|| read_item(context, text).map(|header| header.map(|h| h.to_json())))
        .unwrap_or_else(|_| Err("panicked".into()));
    let mut answer = match verdict {
        Ok(header) => header.unwrap_or_default(),
        Err(error) => json!({"error": error}).as_object().cloned().unwrap_or_default(),
    };
    let is_accepted = !answer.contains_key("error");
    answer.insert("ok".into(), is_accepted.into());
    answer.insert("id".into(), request["id"].clone());
    writeln!(out, "{}", Value::Object(answer))
}

fn run() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        print_item(&line?, &mut out)?;
    }
    out.flush()
}

fn main() -> io::Result<()> {
    panic::set_hook(Box::new(|_| ()));
    // Deeply nested sources recurse: a stack that no real file fills.
    std::thread::Builder::new().stack_size(1 << 30).spawn(run)?.join().unwrap_or_else(|_| Err(io::Error::other("panicked")))
}
