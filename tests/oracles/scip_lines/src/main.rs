//! Prints a SCIP index as JSON lines: a line for each document, with the symbols it mentions.

use protobuf::Message;
use scip::types::Index;
use serde_json::json;
use std::collections::HashMap;
use std::error::Error;
use std::io::{BufWriter, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: scip-lines INDEX.scip")?;
    let index = Index::parse_from_bytes(&std::fs::read(path)?)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for document in &index.documents {
        let mut ids: HashMap<&str, usize> = HashMap::new();
        let mut symbols: Vec<&str> = Vec::new();
        let mut occurrences = Vec::with_capacity(document.occurrences.len());
        for occurrence in &document.occurrences {
            let id = *ids.entry(&occurrence.symbol).or_insert_with(|| {
                symbols.push(&occurrence.symbol);
                symbols.len() - 1
            });
            occurrences.push(json!([
                occurrence.range,
                id,
                occurrence.symbol_roles & 1,
                occurrence.enclosing_range,
            ]));
        }
        writeln!(
            out,
            "{}",
            json!({
                "path": document.relative_path,
                "symbols": symbols,
                "occurrences": occurrences,
            })
        )?;
    }
    Ok(())
}
