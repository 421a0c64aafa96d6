#!/usr/bin/env python3
"""Measures how tables are read, by the answers written out in `expected/`.

    score.py --program PATH [NAME …]    imports each table into a new case and measures the outcome
    score.py --details …                prints every wrong cell, too
    score.py --first … / --further …    measures all but the tables of `further.txt`, or only those
    score.py --accept …                 uses weak guesses too, as --accept-guess does
    score.py --ideal [NAME …]           measures the reading that the answers themselves describe:
                                        all must be right, or answer and measure disagree

The reference for the measure that README.md describes. Only the standard library is needed.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import check

HERE = Path(__file__).resolve().parent
NAMES = ("name", "alias", "weakAlias", "previousName", "abbreviation")
TEXTS = ("notes", "description", "summary")
# Satellites of a thing, and what a reading keeps of its files.
PARTS = set(check.SATELLITES)
# Properties that refer to an entity without being a relationship between two parties.
PLAIN = {"addressEntity", "proof", "riskSource", "ancestors"}


def kind_of(name):
    """The type of a property in any schema."""
    for schema in check.MODEL:
        known = check.properties(schema).get(name)
        if known:
            return known["type"]
    return "string"


TYPES = defaultdict(lambda: "string")
for _schema in check.MODEL:
    for _name, _known in check.properties(_schema).items():
        TYPES[_name] = _known["type"]
IDS = {name for name, type_ in TYPES.items() if type_ == "identifier"} - {"recordId", "programId", "referent"}


def squeezed(text):
    return " ".join(unicodedata.normalize("NFC", str(text)).split()).casefold()


def norm(prop, text):
    """A value as it is compared."""
    text, type_ = squeezed(text), TYPES[prop]
    if type_ == "number" or prop in ("percentage", "sharesCount", "sharesValue", "invoiceAmount",
                                     "customsAmount", "ccdValue", "quantity"):
        try:
            return f"{float(text.replace(',', '')):.2f}"
        except ValueError:
            return text
    if type_ in ("name", "address"):
        return re.sub(r"[\W_]+", " ", text).strip()
    if type_ == "identifier":
        return re.sub(r"[\W_]+", "", text).removeprefix("imo")
    if type_ == "phone":
        return re.sub(r"\D", "", text)
    if type_ == "date":
        return text[:10]
    if type_ == "url":
        return re.sub(r"^https?://", "", text).rstrip("/")
    return text


def within(text, value):
    """Whether a value holds a text, not as a part of a longer word or number."""
    text, value = squeezed(text), squeezed(value)
    at = value.find(text)
    while at >= 0:
        before, after = value[at - 1:at] if at else "", value[at + len(text):at + len(text) + 1]
        if not (text[:1].isalnum() and before.isalnum() or
                text[-1:].isalnum() and after.isalnum()):
            return True
        at = value.find(text, at + 1)
    return False


class Found:
    """What a reading made."""

    def __init__(self, lines):
        self.entities, self.parts = {}, {}
        for line in lines:
            one = json.loads(line)
            if "Document" in check.ancestors(one["schema"]):
                continue
            self.entities[one["id"]] = one
        for one in self.entities.values():
            one["values"] = defaultdict(set)
            one["refs"] = defaultdict(set)
            for prop, values in one["properties"].items():
                for value in values:
                    if TYPES[prop] == "entity" or value in self.entities:
                        one["refs"][prop].add(value)
                    else:
                        one["values"][prop].add(norm(prop, value))
            first, last = (one["properties"].get(p, []) for p in ("firstName", "lastName"))
            for a in first:
                for b in last:
                    one["values"]["name"] |= {norm("name", f"{a} {b}"), norm("name", f"{b} {a}")}
            one["edge"] = check.edge(one["schema"])

    def ends(self, one):
        edge = one["edge"]
        if not edge:
            return None
        both = [sorted(one["refs"].get(edge[end], [])) for end in ("source", "target")]
        return (both[0][0], both[1][0]) if all(both) else None


class Measure:
    def __init__(self, expected, found, report):
        self.expected = {one["id"]: one for one in expected["entities"]}
        self.cells, self.found, self.report = expected["cells"], found, squeezed(report)
        for one in self.expected.values():
            one["values"] = {(p, norm(p, v)) for p, vs in one["properties"].items() for v in vs}
            one["names"] = {v for p, v in one["values"] if p in NAMES}
            one["ids"] = {v for p, v in one["values"] if p in IDS}
            parts = {p: v for p, v in one["values"] if p in ("firstName", "lastName")}
            if len(parts) == 2:
                one["names"] |= {norm("name", f"{parts['firstName']} {parts['lastName']}"),
                                 norm("name", f"{parts['lastName']} {parts['firstName']}")}
        self.is_edge = {key: bool("from" in one or check.edge(one["schemata"][0]))
                        for key, one in self.expected.items()}
        # Satellites that an answer counts as entities of their own may be parts of a thing.
        self.things = {key: one for key, one in self.found.entities.items()
                       if not one["edge"] and (one["schema"] not in PARTS or any(
                           one["schema"] in e["schemata"] for e in self.expected.values()))}
        self.edges = {key: one for key, one in self.found.entities.items() if one["edge"]}
        self.assigned, self.whose = {}, defaultdict(set)
        self.match()

    # ---- who is who

    def same(self, e, f):
        """Whether a found thing has a name or number of an expected one."""
        names = {v for p in NAMES for v in f["values"].get(p, ())}
        ids = {v for p in IDS for v in f["values"].get(p, ())}
        return bool(names & e["names"] or ids & e["ids"])

    def overlap(self, e, f):
        score = 0
        for prop, value in e["values"]:
            if value in f["values"].get(prop, ()):
                score += 3 if prop in NAMES or prop in IDS else 1
            elif prop in NAMES and any(value in f["values"].get(p, ()) for p in NAMES):
                score += 2
        return score + (.5 if f["schema"] in e["schemata"] else 0)

    def neighbours(self):
        """By entity: what it is related to, on both sides."""
        mine, theirs = defaultdict(set), defaultdict(set)
        for key, one in self.expected.items():
            ends = [one["from"], one["to"]] if "from" in one else []
            for others in one.get("references", {}).values():
                ends += others
            ends = [key] + ends if not self.is_edge[key] else ends
            for a in ends:
                mine[a] |= {b for b in ends if b != a}
        for key, one in self.found.entities.items():
            ends = [other for others in one["refs"].values() for other in others]
            ends = [key] + ends if not one["edge"] else ends
            for a in ends:
                theirs[a] |= {b for b in ends if b != a}
        return mine, theirs

    def match(self):
        mine, theirs = self.neighbours()
        traits = self.traits()
        pairs, beside, around = [], defaultdict(list), defaultdict(list)
        for key, one in self.expected.items():
            for end in [one["from"], one["to"]] if "from" in one else []:
                beside[end].append(key)
        for key, one in self.edges.items():
            for end in {other for others in one["refs"].values() for other in others}:
                around[end].append(key)
        for e_key, e in self.expected.items():
            if self.is_edge[e_key]:
                continue
            for f_key, f in self.things.items():
                score = self.overlap(e, f)
                nameless = not e["names"]
                if self.same(e, f) or nameless and score >= 1:
                    # Of namesakes, the one whose relationships say the same.
                    said = sum(max((self.overlap(self.expected[mine], self.found.entities[theirs])
                                    for theirs in around[f_key]), default=0)
                               for mine in beside[e_key])
                    # … or whose notes do.
                    notes = sum(t[0] == "note" and self.bears(f_key, t) for t in traits[e_key])
                    pairs.append((e_key, f_key, score + (said + notes) / 1000))
        for _ in range(4):
            scored = sorted(((score + 2 * sum(self.assigned.get(n) in theirs[f] for n in mine[e]
                                              if self.assigned.get(n)), e, f)
                             for e, f, score in pairs), key=lambda x: (-x[0], x[1], x[2]))
            assigned, used = {}, set()
            for score, e, f in scored:
                if e not in assigned and f not in used and score >= 1:
                    assigned[e] = f
                    used.add(f)
            if assigned == self.assigned:
                break
            self.assigned = assigned
        taken = {f: e for e, f in self.assigned.items()}
        for e_key, e in self.expected.items():
            if not self.is_edge[e_key]:
                for f_key, f in self.things.items():
                    own = taken.get(f_key)
                    # A thing is its own expected one's, and theirs who may be the same or of
                    # whom nothing else was found.
                    if e_key == own or self.same(e, f) and (
                            own is None or e_key not in self.assigned or self.mates(e_key, own)):
                        self.whose[f_key].add(e_key)

    def mates(self, a, b):
        """Whether two expected things may be one."""
        return bool(set(self.expected[a].get("may_equal", ())) &
                    set(self.expected[b].get("may_equal", ())))

    # ---- relationships

    def relationships(self):
        self.invented_links, self.split_links, free = [], 0, set(
            key for key in self.expected if self.is_edge[key])
        candidates = []
        for f_key, f in self.edges.items():
            ends = self.found.ends(f)
            for e_key in list(free):
                e = self.expected[e_key]
                fits = f["schema"] in e["schemata"]
                score = 2.0 * fits
                if ends and "from" in e:
                    one = e["from"] in self.whose[ends[0]] and e["to"] in self.whose[ends[1]]
                    other = e["from"] in self.whose[ends[1]] and e["to"] in self.whose[ends[0]]
                    sure = (self.assigned.get(e["from"]) == ends[0]) + (
                        self.assigned.get(e["to"]) == ends[1])
                    directed = f["edge"].get("directed", True)
                    if not (one or other and (not directed or f["schema"] == "UnknownLink")):
                        continue
                    if not fits and f["schema"] != "UnknownLink":
                        continue
                    score += sure
                else:
                    refs = {other for others in f["refs"].values() for other in others}
                    wanted = {o for others in e.get("references", {}).values() for o in others}
                    if "from" in e:
                        wanted |= {e["from"], e["to"]}
                    if not fits or not any(self.whose[r] & wanted for r in refs):
                        continue
                    score += sum(bool(self.whose[r] & wanted) for r in refs)
                score += self.overlap(e, f)
                candidates.append((score, e_key, f_key))
        taken = set()
        for score, e_key, f_key in sorted(candidates, key=lambda x: (-x[0], x[1], x[2])):
            if e_key in free and f_key not in taken:
                self.assigned[e_key] = f_key
                free.discard(e_key)
                taken.add(f_key)
        self.missing = sum("from" in self.expected[key] and "optional" not in self.expected[key]
                           and "or" not in self.expected[key] for key in free)
        could = {f for _, _, f in candidates}
        for f_key, f in self.edges.items():
            if f_key in taken:
                continue
            if f_key in could:
                self.split_links += 1
            else:
                self.invented_links.append(self.say(f_key))
        self.references()

    def references(self):
        """References between things that are relationships in another dress."""
        wanted = set()
        for e_key, e in self.expected.items():
            ends = []
            if "from" in e:
                ends = [(e["from"], e["to"]), (e["to"], e["from"])]
            if "or" in e:
                ends.append((e["or"]["entity"], e["or"]["to"]))
            for others in e.get("references", {}).values():
                ends += [(e_key, other) for other in others]
            wanted |= set(ends)
        for f_key, f in self.things.items():
            for prop, others in f["refs"].items():
                if prop in PLAIN:
                    continue
                for other in others:
                    if other not in self.things:
                        continue
                    # Two copies of one are the same; that they are two is counted as split.
                    if prop == "sameAs" and self.whose[f_key] & self.whose[other]:
                        continue
                    if not any((a, b) in wanted for a in self.whose[f_key]
                               for b in self.whose[other]):
                        self.invented_links.append(
                            f"{self.say(f_key)} {prop} {self.say(other)}")

    def say(self, key):
        one = self.found.entities.get(key)
        if not one:
            return key
        ends = self.found.ends(one)
        name = next((one["properties"][p][0] for p in ("name", "lastName") if
                     one["properties"].get(p)), key[:8])
        if ends:
            return f"{one['schema']} {self.say(ends[0])} → {self.say(ends[1])}"
        return f"{one['schema']} “{name}”"

    # ---- the three hard numbers

    def invented(self):
        found, split = [], 0
        used = set(self.assigned.values())
        for key, one in self.things.items():
            if key in used:
                continue
            named = any(one["values"].get(p) for p in NAMES)
            if self.whose[key]:
                split += 1
            elif named or any(one["values"].get(p) for p in IDS) or one["values"]:
                found.append(self.say(key))
        return found, split

    def traits(self):
        """By expected thing: what tells it from others. Names and numbers, values, notes, the
        number of its row, and what refers to it."""
        traits = {key: {("name", v) for v in e["names"]} | {("id", v) for v in e["ids"]} |
                  {("value", p, v) for p, v in e["values"] if p not in NAMES and p not in IDS}
                  for key, e in self.expected.items() if not self.is_edge[key]}
        for cell in self.cells:
            for must in cell["must"]:
                first = must[0]
                if "note" in first and first["note"] != "any" and first["note"][0] in traits:
                    traits[first["note"][0]].add(
                        ("note", first.get("heading", cell["heading"]), cell["text"]))
                for alt in must:
                    if "id" in alt and alt["entity"] in traits:
                        traits[alt["entity"]].add(("row", squeezed(alt["id"])))
        for key, one in self.expected.items():
            for other in [one.get("from"), one.get("to")] + [
                    o for others in one.get("references", {}).values() for o in others]:
                if other in traits:
                    traits[other].add(("by", key))
        return traits

    def bears(self, f_key, trait):
        """Whether a found thing has a trait."""
        f, kind = self.things[f_key], trait[0]
        if kind == "name":
            return any(trait[1] in f["values"].get(p, ()) for p in NAMES)
        if kind == "id":
            return any(trait[1] in f["values"].get(p, ()) for p in IDS)
        if kind == "value":
            return trait[2] in f["values"].get(trait[1], ())
        if kind == "note":
            return any(within(trait[2], v) and within(trait[1], v)
                       for p in TEXTS for v in f["properties"].get(p, ()))
        if kind == "row":
            return norm("referent", trait[1]) in f["values"].get("referent", ())
        by = self.found.entities.get(self.assigned.get(trait[1]))
        return bool(by) and any(f_key in others for others in by["refs"].values())

    def merged(self):
        """Found things that hold what belongs to two expected ones."""
        traits, found = self.traits(), []
        for f_key in self.things:
            has = {key: {t for t in own if self.bears(f_key, t)} for key, own in traits.items()}
            # Only whom it bears a name or number of, or who has none and is named by its row.
            here = [key for key, own in has.items()
                    if any(t[0] in ("name", "id", "row") for t in own)]
            pairs = []
            for a in here:
                for b in here:
                    mine, theirs = has[a] - traits[b], has[b] - traits[a]
                    if a < b and mine and theirs and not self.mates(a, b) and not any(
                            mine | theirs <= traits[c] for c in here):
                        pairs.append((a, b))
            if pairs:
                found.append(f"{self.say(f_key)} holds {sorted({x for p in pairs for x in p})}")
        return found

    # ---- cells

    def standing(self, key):
        """The found entity of an expected one: its own, or that of one with which it may be one."""
        if key in self.assigned:
            return self.assigned[key]
        mates = (other for other in self.assigned if not self.is_edge[other] and
                 self.mates(key, other) and key in self.whose[self.assigned[other]])
        return self.assigned.get(next(mates, None))

    def of(self, key):
        one = self.found.entities.get(self.standing(key))
        if one and one["schema"] not in self.expected[key]["schemata"]:
            return None
        return one

    def met(self, alt, cell):
        if "all" in alt:
            return all(self.met(one, cell) for one in alt["all"])
        if "report" in alt:
            row = re.sub(r"\D", "", cell["cell"])
            return bool(cell["heading"] and squeezed(f"“{cell['heading']}”") in self.report
                        or squeezed(f"\"row {row}\"") in self.report
                        or len(cell["text"]) > 3 and squeezed(cell["text"]) in self.report)
        if "note" in alt:
            keys = alt["note"]
            some = (self.found.entities.values() if keys == "any"
                    else [one for one in map(self.of, keys) if one])
            text, heading = cell["text"], alt.get("heading", cell["heading"])
            return any(within(text, v) and within(heading, v)
                       for one in some for p in TEXTS for v in one["properties"].get(p, ()))
        if "schema" in alt:
            return self.of(alt["schema"]) is not None
        one = self.of(alt["entity"])
        if not one:
            return False
        if "to" in alt:
            target = self.standing(alt["to"])
            return any(target in others for others in one["refs"].values())
        if "id" in alt:
            return squeezed(one["id"]).endswith(squeezed(alt["id"]))
        prop = alt["property"]
        if "via" in alt:
            owns = [part for part in self.found.entities.values() if part["schema"] == alt["via"]
                    and (any(one["id"] in others for others in part["refs"].values())
                         or any(part["id"] in others for others in one["refs"].values()))]
            return any(self.has(part, alt) for part in owns)
        return self.has(one, alt)

    def has(self, one, alt):
        prop = alt["property"]
        values = one["values"].get(prop, set())
        if "contains" in alt:
            return any(norm(prop, alt["contains"]) in value for value in values)
        return all(norm(prop, value) in values for value in alt.get("values", [alt.get("value")]))

    def empty(self, cell):
        text = squeezed(cell["text"])
        for one in self.found.entities.values():
            for prop, values in one["properties"].items():
                if prop not in TEXTS and any(squeezed(v) == text for v in values):
                    return False
        return True

    def measure(self):
        self.relationships()
        wrong = []
        for cell in self.cells:
            right = (all(any(self.met(alt, cell) for alt in must) for must in cell["must"])
                     if cell["must"] else self.empty(cell))
            if not right:
                wrong.append(cell)
        invented, split = self.invented()
        return {"cells": len(self.cells), "wrong": wrong, "invented": invented, "split": split,
                "links": self.invented_links, "split_links": self.split_links,
                "merged": self.merged(), "missing": self.missing}


def ideal(expected):
    """The reading that the first alternatives describe, as lines, and its report."""
    made = {one["id"]: {"id": one["id"], "schema": one["schemata"][0],
                        "properties": defaultdict(list)} for one in expected["entities"]}
    report, parts = [], {}

    def add(key, prop, value):
        values = made[key]["properties"][prop]
        if value not in values:
            values.append(value)

    def follow(alt, cell):
        if "all" in alt:
            for one in alt["all"]:
                follow(one, cell)
        elif "note" in alt:
            key = alt["note"][0] if alt["note"] != "any" else next(iter(made), None)
            if key is None:
                report.append(cell["text"])
            else:
                schema = made[key]["schema"]
                prop = "notes" if "notes" in check.properties(schema) else "description"
                add(key, prop, f"{cell['heading']}: {cell['text']}")
        elif "report" in alt:
            report.append(f"“{cell['heading']}” {cell['text']} \"row {cell['cell'][1:]}\"")
        elif "via" in alt:
            part = f"{alt['entity']}-{alt['via']}"
            if part not in made:
                made[part] = {"id": part, "schema": alt["via"], "properties": defaultdict(list)}
                ends = check.SATELLITES[alt["via"]]
                if ends:
                    add(part, ends, alt["entity"])
                else:
                    add(alt["entity"], "addressEntity", part)
            for value in alt.get("values", [alt.get("value", alt.get("contains"))]):
                add(part, alt["property"], value)
        elif "property" in alt:
            for value in alt.get("values", [alt.get("value", alt.get("contains"))]):
                add(alt["entity"], alt["property"], value)

    for one in expected["entities"]:
        known = check.edge(one["schemata"][0])
        if "from" in one:
            add(one["id"], known["source"], one["from"])
            add(one["id"], known["target"], one["to"])
        for prop, others in one.get("references", {}).items():
            own = next(p for p in prop.split("/") if p in check.properties(one["schemata"][0]))
            for other in others:
                add(one["id"], own, other)
    for cell in expected["cells"]:
        for must in cell["must"]:
            follow(must[0], cell)
    # Parties that only an alternative names are left out, with what refers to them.
    bare = {key for key, one in made.items() if not one["properties"]}
    lines = []
    for key, one in made.items():
        whole = not any(v in bare for vs in one["properties"].values() for v in vs)
        if key in bare or not whole and check.edge(one["schema"]) and "from" in next(
                (e for e in expected["entities"] if e["id"] == key), {}):
            continue
        one["properties"] = {prop: [v for v in vs if v not in bare]
                             for prop, vs in one["properties"].items()}
        lines.append(json.dumps(one))
    return lines, " ".join(report)


def read(program, files, folder, accept=()):
    """The entities that a program makes of files, with its report; nothing where it refuses."""
    case = folder / "case.redthread"
    run = lambda *args: subprocess.run([program, *map(str, args)], capture_output=True, text=True,
                                       env=os.environ | {"XDG_DATA_HOME": str(folder)})
    run("new", case)
    done = run("import", case, *files, "--json", *accept)
    if done.returncode:
        return None, done.stdout + done.stderr
    out = folder / "out.ndjson"
    told = run("export", case, "--format", "ftm", "--out", out)
    if told.returncode:
        return None, told.stderr
    return Found(out.read_text("utf-8").splitlines()), done.stdout


def told_guesses(report):
    """The guesses that a report tells."""
    for line in report.splitlines():
        try:
            told = json.loads(line).get("guess")
        except ValueError:
            continue
        if told:
            yield told


def guesses(report):
    """The kinds that a report says its tables are, with their confidence."""
    for told in told_guesses(report):
        yield told["kind"], told["confidence"]


def columns(report, told, cells):
    """The confidence of each column with a meaning, and whether most of its cells are right."""
    wrong, all_cells = Counter(c["heading"] for c in told["wrong"]), Counter()
    all_cells.update(cell["heading"] for cell in cells)
    for guess in told_guesses(report):
        for column in guess["columns"]:
            heading = column["heading"]
            if column["confidence"] and all_cells[heading]:
                yield column["confidence"], wrong[heading] * 20 <= all_cells[heading]


def main(arguments):
    program = arguments[arguments.index("--program") + 1] if "--program" in arguments else None
    if not program and "--ideal" not in arguments:
        print(__doc__)
        return 2
    wanted = [a for a in arguments if not a.startswith("--") and a != program]
    accept = ["--accept-guess"] if "--accept" in arguments else []
    further = set((HERE / "further.txt").read_text("utf-8").split())
    tables = []
    for path in sorted((HERE / "expected").rglob("*.json")):
        expected = json.loads(path.read_text("utf-8"))
        if wanted and not any(word in expected["answer"] for word in wanted):
            continue
        is_further = expected["answer"] in further
        if "--first" in arguments and is_further or "--further" in arguments and not is_further:
            continue
        files = [check.path_of(name) for name in expected["files"]]
        if program and not all(file.exists() for file in files):
            print(f"{expected['answer']}: left out, its table is absent")
            continue
        tables.append((expected, files))

    def outcome(table):
        expected, files = table
        if not program:
            lines, report = ideal(expected)
            return Found(lines), report
        with tempfile.TemporaryDirectory() as folder:
            return read(program, files, Path(folder), accept)

    # As many at once as there are processors: nearly all the time is the program's.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = pool.map(outcome, tables)
        return tell(arguments, zip(tables, outcomes))


def tell(arguments, outcomes):
    """Prints what came of each table, and of all."""
    total, sure = defaultdict(int), defaultdict(list)
    fit, by_column = defaultdict(list), defaultdict(list)
    for (expected, _), (found, report) in outcomes:
        total["tables"] += 1
        total["cells"] += len(expected["cells"])
        if found is None:
            print(f"{expected['answer']:34} refused{' (may ask)' if expected['ask'] else ''}")
            total["wrong"] += len(expected["cells"])
            continue
        total["read"] += 1
        told = Measure(expected, found, report).measure()
        print(f"{expected['answer']:34} {1 - len(told['wrong']) / told['cells']:5.2f}  invented "
              f"{len(told['invented'])} + {len(told['links'])}  merged {len(told['merged'])}  "
              f"split {told['split']} + {told['split_links']}  missing {told['missing']}")
        if "--details" in arguments:
            for cell in told["wrong"]:
                print(f"    {cell['cell']} {cell['heading']}: {cell['text'][:60]}")
            for key in ("invented", "links", "merged"):
                for what in told[key]:
                    print(f"    {key}: {what}")
        for key in ("wrong", "invented", "links", "merged"):
            total[key] += len(told[key])
        right = not (told["invented"] or told["links"] or told["merged"]
                     or len(told["wrong"]) > .05 * told["cells"])
        for _, confidence in guesses(report):
            fit[round(confidence, 2)].append(right)
        for confidence, is_right in columns(report, told, expected["cells"]):
            by_column[round(confidence, 1)].append(is_right)
        kinds = {word for kind in expected["kinds"] for word in kind.split("/")}
        for kind, confidence in guesses(report):
            if "--details" in arguments and kind not in kinds:
                print(f"    kind: {kind}, not {'/'.join(sorted(kinds))} ({confidence:.2f})")
            sure[min(int(confidence * 10 + 1e-6), 9)].append(
                (kind in kinds, 1 - len(told["wrong"]) / told["cells"]))
        total["missing"] += told["missing"]
        total["sum"] += 1 - len(told["wrong"]) / max(1, told["cells"])
    for confidence, seen in sorted(fit.items()):
        print(f"confidence {confidence:.2f}: {sum(seen)} of {len(seen)} tables are right, "
              f"{sum(seen) / len(seen):.2f}")
    for confidence, seen in sorted(by_column.items()):
        print(f"column confidence {confidence}: {sum(seen)} of {len(seen)} columns are right, "
              f"{sum(seen) / len(seen):.2f}")
    for tenth, seen in sorted(sure.items()):
        print(f"confidence {tenth / 10} and more: {len(seen)} guesses, the kind is right in "
              f"{sum(right for right, _ in seen) / len(seen):.2f}, {sum(part for _, part in seen) / len(seen):.2f} of their cells are right")
    print(f"{total['tables']} tables, {total['read']} read; score "
          f"{1 - total['wrong'] / max(1, total['cells']):.3f} of {total['cells']} cells (mean of "
          f"tables {total['sum'] / max(1, total['tables']):.3f}); invented "
          f"entities {total['invented']}, invented relationships {total['links']}, false merges "
          f"{total['merged']}; missing relationships {total['missing']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
