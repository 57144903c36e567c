#!/usr/bin/env python3
"""Writes the four data sets' annotation files at their real sizes, with made-up
content, and a packed store of features for each: what the input path must
carry. No pictures. Ends with the commands that measure it.

    scripts/full_size_data.py --out /big/full [--tokens 36] [--width 2048]

36 tokens of 2,048 half floats take 28 GB in all; --datasets makes fewer.
"""

import argparse
import hashlib
import json
import pathlib
import random
import struct

WORDS = (
    "a an the man woman dog cat red blue two three is are sitting standing "
    "walking on in under near table street car ball tree old young holding "
    "what who where how many color people small large photo room food"
).split()
GENRES = "Drama Comedy Romance Thriller Crime Action Horror War".split()


def text(draw, least, most):
    return " ".join(draw.choices(WORDS, k=draw.randint(least, most)))


def write_store(file, names, tokens, width):
    """The format of datasets/features/packed_features.h, rows of random bits
    that are half floats below 2."""
    names = sorted(names)
    row_bytes = tokens * width * 2
    # One block of noise; rows begin at different places in it.
    draw = random.Random(1)
    noise = bytearray(draw.randbytes(row_bytes + 65536))
    for place in range(1, len(noise), 2):
        noise[place] &= 0x3F
    joined = "".join(name + "\n" for name in names).encode()
    count = len(names)
    arrays = [
        ("features", "F16", [count, tokens, width], count * row_bytes),
        ("counts", "I32", [count], count * 4),
        ("checksums", "U8", [count + 1, 64], (count + 1) * 64),
        ("names", "U8", [len(joined)], len(joined)),
    ]
    header, offset = {"__metadata__": {"format": "msdbench packed features 1"}}, 0
    for name, dtype, shape, size in arrays:
        header[name] = {
            "dtype": dtype,
            "shape": shape,
            "data_offsets": [offset, offset + size],
        }
        offset += size
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    counts = struct.pack("<i", tokens) * count
    checksums = []
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(head)) + head)
        for row in range(count):
            start = row * 2 % 65536
            values = bytes(noise[start : start + row_bytes])
            out.write(values)
            checksums.append(hashlib.sha256(struct.pack("<i", tokens) + values).hexdigest())
        rows = "".join(checksums).encode()
        rest = hashlib.sha256(rows + counts + joined).hexdigest().encode()
        out.write(counts + rows + rest + joined)


def hateful_memes(folder, draw):
    number, names = 0, []
    for split, size in (("train", 8500), ("dev_seen", 500), ("test_seen", 1000)):
        with open(folder / f"{split}.jsonl", "w") as out:
            for _ in range(size):
                number += 1
                names.append(f"{number:05d}")
                record = {
                    "id": number,
                    "img": f"img/{number:05d}.png",
                    "label": draw.randint(0, 1),
                    "text": text(draw, 4, 25),
                }
                out.write(json.dumps(record) + "\n")
    return names


def mm_imdb(folder, draw):
    (folder / "dataset").mkdir()
    number, names, splits = 0, [], {}
    for split, size in (("train", 15552), ("dev", 2608), ("test", 7799)):
        splits[split] = []
        for _ in range(size):
            number += 1
            film = f"{number:07d}"
            splits[split].append(film)
            record = {
                "title": text(draw, 1, 4),
                "genres": draw.sample(GENRES, draw.randint(1, 3)),
                "plot": [text(draw, 60, 130), text(draw, 60, 130)],
                "cast": [text(draw, 2, 2) for _ in range(30)],
            }
            (folder / f"dataset/{film}.json").write_text(json.dumps(record))
        names += splits[split]
    (folder / "split.json").write_text(json.dumps(splits))
    return names


def snli_ve(folder, draw):
    names, photo = [], 1000000
    labels = ["entailment", "neutral", "contradiction"]
    sizes = (("train", 529527, 29783), ("dev", 17858, 1000), ("test", 17901, 1000))
    for split, size, photos in sizes:
        mine = [str(photo + i) for i in range(photos)]
        photo += photos
        names += mine
        with open(folder / f"snli_ve_{split}.jsonl", "w") as out:
            for i in range(size):
                picture = mine[i * photos // size]
                hypothesis, caption = text(draw, 4, 12), text(draw, 6, 18)
                record = {
                    "Flikr30kID": picture + ".jpg",
                    "annotator_labels": draw.choices(labels, k=5),
                    "captionID": f"{picture}.jpg#{i % 5}",
                    "gold_label": draw.choice(labels),
                    "pairID": f"{picture}.jpg#{i}r1",
                    "sentence1": caption,
                    "sentence1_binary_parse": f"( {caption} )",
                    "sentence1_parse": f"(ROOT (S {caption}))",
                    "sentence2": hypothesis,
                    "sentence2_binary_parse": f"( {hypothesis} )",
                    "sentence2_parse": f"(ROOT (S {hypothesis}))",
                }
                out.write(json.dumps(record) + "\n")
    return names


def vqa_v2(folder, draw):
    names, picture = [], 1
    sizes = (("train2014", 443757, 82783), ("val2014", 214354, 40504))
    answers = [f"answer {i}" for i in range(4000)]
    for split, size, pictures in sizes:
        questions, annotations = [], []
        for i in range(size):
            image = picture + i * pictures // size
            common = draw.choice(answers)
            given = [common] * 7 + draw.choices(answers, k=3)
            number = image * 1000 + i % 1000
            questions.append(
                {
                    "image_id": image,
                    "question": text(draw, 4, 12) + "?",
                    "question_id": number,
                }
            )
            annotations.append(
                {
                    "question_type": "what is",
                    "multiple_choice_answer": common,
                    "answers": [
                        {
                            "answer": answer,
                            "answer_confidence": "yes",
                            "answer_id": place + 1,
                        }
                        for place, answer in enumerate(given)
                    ],
                    "image_id": image,
                    "answer_type": "other",
                    "question_id": number,
                }
            )
        names += [f"COCO_{split}_{picture + i:012d}" for i in range(pictures)]
        picture += pictures
        info = {"info": {}, "license": {}, "data_type": "mscoco"}
        with open(folder / f"v2_OpenEnded_mscoco_{split}_questions.json", "w") as out:
            json.dump({**info, "questions": questions}, out)
        with open(folder / f"v2_mscoco_{split}_annotations.json", "w") as out:
            json.dump({**info, "annotations": annotations}, out)
    return names


MAKERS = {
    "hateful_memes": hateful_memes,
    "mm_imdb": mm_imdb,
    "snli_ve": snli_ve,
    "vqa_v2": vqa_v2,
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--tokens", type=int, default=36)
    parser.add_argument("--width", type=int, default=2048)
    parser.add_argument("--datasets", nargs="+", choices=MAKERS, default=list(MAKERS))
    arguments = parser.parse_args()
    for name in arguments.datasets:
        folder = arguments.out / name
        folder.mkdir(parents=True)
        names = MAKERS[name](folder, random.Random(name))
        store = folder / "features.safetensors"
        write_store(store, names, arguments.tokens, arguments.width)
        print(f"{name}: {len(names)} images, {store.stat().st_size / 1e9:.1f} GB")
    suite = {
        "name": "full-size",
        "seeds": [1],
        "datasets": arguments.datasets,
        "methods": ["kd"],
        "input": {"features": {"store": "features.safetensors"}},
        "teacher": {"model": {"layers": 2, "hidden": 64, "heads": 4}},
        "student": {
            "model": {"layers": 2, "hidden": 64, "heads": 4},
            "training": {"batch_size": 64},
        },
    }
    file = arguments.out / "full-size.json"
    file.write_text(json.dumps(suite, indent=2) + "\n")
    print(f"msdbench data speed {file} --data-root {arguments.out}")


if __name__ == "__main__":
    main()
