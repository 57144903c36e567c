"""Answers and accuracy of the VQA challenge, by its rules."""

import re

from make.common import random, write_json


# The rules of the VQA challenge, as its page states them: marks, numbers,
# articles, and of its contractions those that occur below.
PUNCTUATION = ";/[]\"{}()=+\\_-><@`,?!"
NUMBERS = dict(none="0", zero="0", one="1", two="2", three="3", four="4",
               five="5", six="6", seven="7", eight="8", nine="9", ten="10")
CONTRACTIONS = {"dont": "don't", "isnt": "isn't"}


def strip_answer(raw):
  return raw.replace("\n", " ").replace("\t", " ").strip()


def process_punctuation(text):
  out, comma = text, re.search(r"\d,\d", text)
  for mark in PUNCTUATION:
    beside_space = mark + " " in text or " " + mark in text
    out = out.replace(mark, "" if beside_space or comma else " ")
  return re.sub(r"\.(?!\d)", "", out)


def process_words(text):
  words = [NUMBERS.get(w, w) for w in text.lower().split()]
  words = [w for w in words if w not in ("a", "an", "the")]
  return " ".join(CONTRACTIONS.get(w, w) for w in words)


def normalise(text):
  return process_words(process_punctuation(text))


def make_vqa():
  raw = ["Yes", " The Dog.", "a", "two cats", "10,000", "red,white", "x-ray",
         "a - b", "U.S.A.", "3.5", "dont know", "isnt", "black / white",
         "one\ttwo\nthree", "What?!", "it's", "1,000 people, or-so", "None",
         "(left)", "ten  and an apple", "5:30", "\u00dcber", "",
         "\u0130stanbul", "\u0130", "\u039f\u0394\u039f\u03a3",
         "\u039f\u03a3 \u03a3\u039f\u03a3-\u0391", "\u039f\u03a3'\u0391",
         "\u0661,\u0662", "3.\u0665", "no\u1680way\u0085", "\u2003Two\u3000"]
  write_json("metrics/vqa_answers.json", {
      "source": "the challenge's rules written anew",
      "cases": [{"raw": x,
                 "after_punctuation": process_punctuation(strip_answer(x)),
                 "processed": normalise(strip_answer(x))} for x in raw]})

  choices = ["yes", "Yes.", "no", "two", "2", "the dog", "dog"]
  annotations, results, accuracy = [], [], {}
  for number in range(12):
    few = 1 if number < 3 else int(random.integers(2, len(choices)))
    offset = int(random.integers(len(choices)))
    answers = [choices[(offset + int(random.integers(few))) % len(choices)]
               for _ in range(10)]
    result = answers[0] if number % 2 else str(random.choice(choices))
    annotations.append({"question_id": number, "answers": [
        {"answer_id": i + 1, "answer": x} for i, x in enumerate(answers)]})
    results.append({"question_id": number, "answer": result})
    if len(set(answers)) > 1:
      answers, result = [normalise(x) for x in answers], normalise(result)
    matches = [sum(x == result for j, x in enumerate(answers) if j != i)
               for i in range(10)]
    accuracy[str(number)] = round(
        100 * sum(min(1, m / 3) for m in matches) / 10, 12)
  write_json("metrics/vqa_accuracy.json", {
      "source": "mean over the answers left out of min(1, matches / 3)",
      "input": {"annotations": annotations, "results": results},
      "expected": {"per_question_rounded_12": accuracy}})
