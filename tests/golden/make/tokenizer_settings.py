"""tokenizer.json files of every setting, and what their own library reads."""

import itertools
import json

from tokenizers import (Tokenizer, models, normalizers, pre_tokenizers,
                        processors)

from make.files import version, write_json

PIECES = """[PAD] [UNK] [CLS] [SEP] [MASK] polish Polish POLISH turkey Turkey
march March ##es ##ES the The is IS here . , ! ' " - caf\u00e9 cafe Caf\u00e9 Cafe
\u00fcber uber \u00dcber Uber na\u00efve naive i I i\u0307 \u0130 stanbul
##stanbul \u039f \u03bf \u03c3 \u03a3 ##\u03c3 ##\u03a3 \u03c2 ##\u03c2 \u0438
\u0418 ##\u043b ##\u041b \u4e2d \u6587 ##\u4e2d ##\u6587 hello Hello ##\u4e2dx
\u1112 ##\u1161 ##\u11ab \u1112\u1161\u11ab \ud55c ##a a A k K \u212a \u00df
\u1e9e""".split()

TEXTS = [
    "the Polish is here.", "the polish is here.", "POLISH polishES Marches",
    "Caf\u00e9 caf\u00e9 cafe\u0301 CAF\u00c9 Cafe", "\u00dcber \u00fcber uber",
    "na\u00efve NA\u00cfVE", "\u0130stanbul Istanbul istanbul",
    "\u039f\u03a3 \u03bf\u03c3 \u03a3\u03a3 \u03c3\u03c2", "\u0418\u041b \u0438\u043b",
    "hello\u4e2d\u6587a", "\u4e2d\u6587", "Hello, \u4e2d! \"a\" - A'a",
    "\ud55c \u1112\u1161\u11ab", "\u212a k K", "\u00df \u1e9e", "",
    " \t\n\u00a0\u3000a\u2003A", "a" * 12, "a" * 13, "A" + "a" * 20,
]


def make(lower_case, strip_accents, han, longest):
  tokenizer = Tokenizer(models.WordPiece(
      {p: i for i, p in enumerate(PIECES)}, unk_token="[UNK]",
      max_input_chars_per_word=longest))
  tokenizer.normalizer = normalizers.BertNormalizer(
      clean_text=True, handle_chinese_chars=han, strip_accents=strip_accents,
      lowercase=lower_case)
  tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
  tokenizer.post_processor = processors.TemplateProcessing(
      single="[CLS] $A [SEP]",
      special_tokens=[(t, PIECES.index(t)) for t in ("[CLS]", "[SEP]")])
  return tokenizer


def make_tokenizer_settings():
  cases = []
  for lower_case, strip_accents, han, longest in itertools.product(
      (True, False), (None, True, False), (True, False), (100, 12)):
    if longest != 100 and (han or strip_accents is not None):
      continue
    tokenizer = make(lower_case, strip_accents, han, longest)
    stored = json.loads(tokenizer.to_str())
    del stored["model"]["vocab"]  # the same in all
    cases.append({
        "lower_case": lower_case, "strip_accents": strip_accents, "han": han,
        "longest": longest, "tokenizer": stored,
        "ids": [tokenizer.encode(text, add_special_tokens=False).ids
                for text in TEXTS]})
  write_json("tokenizer/settings.json", {
      "source": version("tokenizers"), "pieces": PIECES, "texts": TEXTS,
      "cases": cases})


if __name__ == "__main__":
  make_tokenizer_settings()
