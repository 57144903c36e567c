"""The tokenizer, the library's, on a vocabulary of our own."""

import transformers

from make.common import HERE, version, write_json


PIECES = """[PAD] [UNK] [CLS] [SEP] [MASK] the cat sat hello world cafe un ##aff
##able don ' t play ##ing ##s is it what color ? ! , . - $ 10 ##0 naive \u00df a
b \u4e2d \u6587 \u0438 \u03c3 ##\u03c3 uber ( ) " m ##e ##me""".split()

TEXTS = {
    "ascii": ["Hello, World!", "unaffable cats", "Don't play", "playing-plays",
              "what color is it?", "$100", "(the \"cat\")", "unknownword",
              "me meme"],
    "accents": ["Caf\u00e9 na\u00efve \u00dcBER", "cafe\u0301",
                "\u00df \u1e9e"],
    "cjk": ["hello\u4e2d\u6587a", "\u3042\u4e2d"],
    "control": ["he\u200bllo", "hel\u0000lo", "a\u00adb"],
    "whitespace": ["", " \t\n\u00a0\u3000", "the\u2003cat\r\nsat"],
    "emoji": ["cat \U0001f600 sat"],
    "oddunicode": ["\u0418 \u03a3\u03c3", "\ufb01 \u2026"],
    "long": ["un" + "able" * 24, "un" + "able" * 25, "the cat sat " * 9],
    "special_in_text": ["[CLS] hello [SEP]", "the [MASK] sat"],
}


def make_tokenizer():
  (HERE / "tokenizer").mkdir(exist_ok=True)
  vocab = HERE / "tokenizer" / "vocab.txt"
  vocab.write_text("\n".join(PIECES) + "\n", encoding="utf-8")
  tokenizer = transformers.BertTokenizer(str(vocab))

  def ids(text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]

  single = [{"group": group, "text": text}
            for group, texts in TEXTS.items() for text in texts]
  single = [{"id": i} | one | {"ids": ids(one["text"])}
            for i, one in enumerate(single)]
  damaged = [b"\xff", b"hel\xfflo", b"cat\xc3", b"\xc3(",
             b"\xe4\xb8\xad\xe4\xb8", b"\xf0\x9f\x98a", b"\xed\xa0\x80b"]
  pairs = [("the cat", "it sat"), ("hello", "?"), ("caf\u00e9", "\u4e2d\u6587!")]
  write_json("tokenizer/tokenizer.json", {
      "source": "BertTokenizer; " + version("transformers", "tokenizers"),
      "vocab": "vocab.txt",
      "special": {"pad": tokenizer.pad_token_id, "unk": tokenizer.unk_token_id,
                  "cls": tokenizer.cls_token_id, "sep": tokenizer.sep_token_id,
                  "mask": tokenizer.mask_token_id},
      "single": single,
      "invalid_utf8": [{"bytes_hex": x.hex(),
                        "ids": ids(x.decode("utf-8", "replace"))}
                       for x in damaged],
      "pairs": [{"id": i, "text_a": a, "text_b": b, "input_ids": tokenizer(
          a, b, padding="max_length", max_length=12)["input_ids"]}
                for i, (a, b) in enumerate(pairs)]})
