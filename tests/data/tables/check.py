#!/usr/bin/env python3
"""Checks the answers of this folder against their tables, and writes them out in full.

    check.py                 checks all answers, and that `expected/` is up to date
    check.py --write         checks them and writes `expected/`
    check.py --show NAME …   prints what an answer expects, for reading

Only the standard library is needed (Python 3.11 or later). The form of an answer is described in
README.md. Inputs named `shared:…` lie in the folder of shared data beside the project; answers
about them are skipped where it is absent.
"""

import csv
import io
import json
import os
import re
import sys
import tomllib
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
SHARED = Path(os.environ.get("REDTHREAD_SHARED", ROOT.parent / "shared")) / "data"

KINDS = {"list", "mixed", "relationships", "parties", "payments", "graph", "events", "trade",
         "none"}
WHY_NOT_DATA = {"title", "total", "footnote", "heading", "section", "text"}

# ---------------------------------------------------------------- the schema

MODEL = json.loads((ROOT / "assets/model/ftm.json").read_text("utf-8"))["schemata"]
OURS = json.loads((ROOT / "assets/model/redthread.json").read_text("utf-8"))["properties"]
# Properties that the reading of trade needs and that redthread.json is to add.
PROPOSED = {"EconomicActivity": {
    "quantity": {"type": "string"}, "unit": {"type": "string"},
    "portOfLoading": {"type": "string"}, "portOfDischarge": {"type": "string"},
    "notifyParty": {"type": "entity", "range": "LegalEntity"}}}
# Schemata that say something of one thing and are no party: they are part of that thing.
SATELLITES = {"Sanction": "entity", "Identification": "holder", "Passport": "holder",
              "Address": None, "Risk": "entity", "Note": "entity"}


def ancestors(schema):
    found = [schema]
    for parent in MODEL[schema].get("extends") or []:
        found += [name for name in ancestors(parent) if name not in found]
    return found


def properties(schema):
    found = {}
    for name in reversed(ancestors(schema)):
        for source in (MODEL[name]["properties"], OURS.get(name, {}), PROPOSED.get(name, {})):
            found.update({key: value for key, value in source.items()
                          if not value.get("stub")})
    return found


def edge(schema):
    for name in ancestors(schema):
        if MODEL[name].get("edge"):
            return MODEL[name]["edge"]
    return None


def allows(schema, name, other):
    """Whether a property of a schema may refer to an entity of another schema."""
    known = properties(schema).get(name)
    return bool(known) and known["type"] == "entity" and known["range"] in ancestors(other)


# ---------------------------------------------------------------- reading tables

def letters(column):
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def number_of(text):
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number


def plain(number):
    """A number as a workbook shows it where no format is set."""
    value = float(number)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if "e" in number.lower() or len(number) > 17 else number


def shown(number, pattern):
    """A number as a workbook shows it by its format; dates as year, month, day."""
    value = float(number)
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", pattern).lower()
    if re.search(r"[dy]", bare):
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return day.isoformat()
    if re.fullmatch(r"0+", bare):
        return f"{int(value):0{len(bare)}d}"
    if "%" in bare:
        digits = len(bare.split(".")[1].rstrip("%")) if "." in bare else 0
        return f"{value * 100:.{digits}f}%"
    if re.search(r"#,##0|0\.0", bare):
        digits = len(re.search(r"\.(0*)", bare).group(1)) if "." in bare else 0
        return f"{value:,.{digits}f}" if "," in bare else f"{value:.{digits}f}"
    return plain(number)


def xlsx(path):
    """The sheets of a workbook: name → rows of cells as shown."""
    m = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    r = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    with zipfile.ZipFile(path) as archive:
        def xml(name):
            return ElementTree.fromstring(archive.read(name))
        names = archive.namelist()
        strings = []
        if "xl/sharedStrings.xml" in names:
            for item in xml("xl/sharedStrings.xml").iter(m + "si"):
                strings.append("".join(t.text or "" for t in item.iter(m + "t")))
        styles = xml("xl/styles.xml")
        own = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(m + "numFmt")}
        builtin = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00",
                   "9": "0%", "10": "0.00%", "14": "yyyy-mm-dd", "15": "d-mmm-yy",
                   "22": "yyyy-mm-dd", "49": "@"}
        formats = []
        for xf in styles.find(m + "cellXfs"):
            code = xf.get("numFmtId", "0")
            formats.append(own.get(code) or builtin.get(code, "General"))
        targets = {}
        for rel in xml("xl/_rels/workbook.xml.rels"):
            targets[rel.get("Id")] = rel.get("Target").lstrip("/").removeprefix("xl/")
        sheets = {}
        for sheet in xml("xl/workbook.xml").iter(m + "sheet"):
            rows = {}
            for cell in xml("xl/" + targets[sheet.get(r + "id")]).iter(m + "c"):
                column, row = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r")).groups()
                kind, value = cell.get("t", "n"), cell.find(m + "v")
                if kind == "inlineStr":
                    text = "".join(t.text or "" for t in cell.iter(m + "t"))
                elif value is None or value.text is None:
                    continue
                elif kind == "s":
                    text = strings[int(value.text)]
                elif kind == "n":
                    pattern = formats[int(cell.get("s", 0))]
                    text = (plain(value.text) if pattern in ("General", "@")
                            else shown(value.text, pattern))
                else:
                    text = value.text
                rows.setdefault(int(row), {})[number_of(column)] = text
            last = max(rows, default=0)
            sheets[sheet.get("name")] = [
                [rows.get(at, {}).get(c, "") for c in range(1, max(rows.get(at, {0: 0})) + 1)]
                for at in range(1, last + 1)]
        return sheets


def ods(path):
    t = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    x = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    with zipfile.ZipFile(path) as archive:
        content = ElementTree.fromstring(archive.read("content.xml"))
    sheets = {}
    for table in content.iter(t + "table"):
        rows = []
        for row in table.iter(t + "table-row"):
            cells = []
            for cell in row:
                if cell.tag not in (t + "table-cell", t + "covered-table-cell"):
                    continue
                text = "\n".join("".join(p.itertext()) for p in cell.findall(x + "p"))
                times = int(cell.get(t + "number-columns-repeated", 1))
                cells += [text] * (times if text else min(times, 50))
            while cells and not cells[-1]:
                cells.pop()
            times = int(row.get(t + "number-rows-repeated", 1))
            rows += [cells] * (times if cells else min(times, 50))
        while rows and not rows[-1]:
            rows.pop()
        sheets[table.get(t + "name")] = rows
    return sheets


def path_of(name):
    return SHARED / name[7:] if name.startswith("shared:") else HERE / name


def flat(record, before=""):
    """A record of JSON as columns: names of nested objects joined by dots, lists by semicolons."""
    found = {}
    for key, value in record.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{key}.")
        elif isinstance(value, list):
            found[before + key] = "; ".join(map(str, value))
        else:
            found[before + key] = value
    return found


def sheets_of(table):
    """Name → rows of what a file holds; a text file has one sheet without a name."""
    path = path_of(table["file"])
    if path.suffix in (".xlsx", ".xlsm"):
        return xlsx(path)
    if path.suffix == ".ods":
        return ods(path)
    if path.suffix == ".graphml":
        found = {"nodes": [["id"]], "edges": [["source", "target"]]}
        for item in ElementTree.parse(path).iter():
            kind = item.tag.rpartition("}")[2]
            if kind in ("node", "edge"):
                heads = found[kind + "s"][0]
                found[kind + "s"].append([item.get(head) for head in heads])
        return found
    data = path.read_bytes()
    encodings = table.get("encoding", "utf-8-sig")
    if isinstance(encodings, list):
        # Row by row: the first encoding that fits the line.
        lines = []
        for line in data.split(b"\n"):
            for encoding in encodings:
                try:
                    lines.append(line.decode(encoding))
                    break
                except UnicodeDecodeError:
                    pass
            else:
                raise ValueError(f"a line in none of {encodings}")
        text = "\n".join(lines)
    else:
        text = data.decode(encodings)
    if path.suffix in (".jsonl", ".ndjson"):
        records = [flat(json.loads(line)) for line in text.splitlines() if line.strip()]
        heads = list(dict.fromkeys(key for record in records for key in record))
        rows = [heads] + [["" if record.get(h) is None else str(record.get(h)) for h in heads]
                          for record in records]
        return {"": rows}
    return {"": list(csv.reader(io.StringIO(text, newline=""),
                                delimiter=table.get("delimiter", ",")))}


# ---------------------------------------------------------------- what cells say

NOTHING = {"", "-", "--", "---", "–", "—", "n/a", "n.a.", "null", "none", "nil", "-0-", "#n/a",
           "unknown", "not known", "not available", "keine angabe", "k.a.", "нет данных", "не указано",
           "不详", "不詳", "無", "无", "미상", "desconocido", "inconnu", "غير معروف", "לא ידוע",
           "bilinmiyor", "không rõ", "ไม่ทราบ", "نامشخص"}

COUNTRIES = {}
for _line in (HERE / "countries.txt").read_text("utf-8").splitlines():
    if _line.strip() and not _line.startswith("#"):
        _code, _names = _line.split(" ", 1)
        for _name in [_code] + _names.split("; "):
            COUNTRIES[_name.strip().lower()] = _code

MALE = {"m", "male", "mann", "männlich", "masculin", "homme", "h", "м", "муж", "мужской", "男", "남",
        "ذكر", "זכר", "erkek", "nam", "ชาย", "hombre", "mr"}
FEMALE = {"f", "female", "frau", "weiblich", "w", "féminin", "femme", "ж", "жен", "женский", "女",
          "여", "أنثى", "נקבה", "kadın", "nữ", "หญิง", "mujer", "ms", "mrs"}

FORMS = re.compile(
    r"(?i)\b(ltd|limited|llc|llp|plc|inc|corp|corporation|co|company|gmbh|ag|kg|ug|se|s\.?a\.?|"
    r"s\.?a\.?r\.?l|sas|sl|s\.l|b\.?v|n\.?v|oy|ab|as|a\.?ş|şti|pte|pty|fze|fzco|trust|bank|holding|"
    r"holdings|group|foundation|stiftung|fund|partners|shipping|trading|joint|stock|jsc|ооо|оао|ао|"
    r"зао|пао|тоо|tnhh|cổ phần|công ty|ministry|council|union|party|authority|society)\b"
    r"|公司|集团|集團|银行|銀行|会社|회사|㈜|법인|은행|شركة|مصرف|בע\"מ|שרכת|شرکت|บริษัท|מ בע|\(주\)")


def tidy(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


MONTHS = {name: at for at, names in enumerate((
    "jan january januar janvier enero января ocak", "feb february februar février febrero февраля şubat",
    "mar march märz mars marzo марта mart", "apr april avril abril апреля nisan",
    "may mai mayo мая mayıs", "jun june juni juin junio июня haziran",
    "jul july juli juillet julio июля temmuz", "aug august août agosto августа ağustos",
    "sep sept september septembre septiembre сентября eylül",
    "oct october oktober octobre octubre октября ekim",
    "nov november novembre noviembre ноября kasım",
    "dec december dezember décembre diciembre декабря aralık"), 1) for name in names.split()}


def iso(text, order):
    text = tidy(text)
    words = re.sub(r"[-](?=[^\d\s])|(?<=[^\d\s])[-]", " ", text).split()
    words = [word for word in words if word.lower() not in ("de", "del", "г.", "года", "năm", "tháng", "ngày")]
    named = [at for at, word in enumerate(words) if word.strip(".,").lower() in MONTHS]
    if named:
        words[named[0]] = str(MONTHS[words[named[0]].strip(".,").lower()])
        words = [word.strip(".,") for word in words]
        text = " ".join(words)
        if len(words) == 3 and len(words[2]) == 4:
            order = "mdy" if named[0] == 0 else "dmy"
    text = re.sub(r"[T ]\d{1,2}:\d\d(:\d\d)?(\.\d+)?Z?$", "", text).rstrip(".")
    parts = re.split(r"[./\- ]+", text)
    if not all(part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:
        raise ValueError(f"“{text}” is not a date in numbers")
    if len(parts) == 1 and len(text) == 8:
        parts = [text[:4], text[4:6], text[6:]]
    elif len(parts[0]) == 4:
        pass
    elif len(parts) == 3 and order == "dmy":
        parts = parts[::-1]
    elif len(parts) == 3 and order == "mdy":
        parts = [parts[2], parts[0], parts[1]]
    elif len(parts) == 2 and len(parts[1]) == 4:
        parts = parts[::-1]
    if len(parts[0]) != 4:
        raise ValueError(f"“{text}” has no year of four digits")
    numbers = [int(part) for part in parts]
    if len(numbers) == 3:
        date(*numbers)
    elif len(numbers) == 2 and not 1 <= numbers[1] <= 12:
        raise ValueError(f"“{text}” is not a month")
    return "-".join(f"{n:04}" if at == 0 else f"{n:02}" for at, n in enumerate(numbers))


def one(text, how):
    """The value of a text by the transformations of a rule."""
    for step in how:
        if step in ("dmy", "mdy", "ymd", "date"):
            text = iso(text, step)
        elif step == "excel":
            text = (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
        elif step in ("num", "num,"):
            bare = re.sub(r"[\s'’\u00a0\u202f]", "", text)
            bare = bare.replace(",", "") if step == "num" else bare.replace(".", "").replace(",", ".")
            if re.fullmatch(r"\(.*\)", bare):
                bare = "-" + bare[1:-1]
            float(bare)
            text = bare
        elif step in ("share", "share01"):
            bare = text.replace("%", "").replace("％", "").strip().replace(",", ".")
            text = f"{float(bare) * (100 if step == 'share01' else 1):.6f}".rstrip("0").rstrip(".")
        elif step == "country":
            if text.lower() not in COUNTRIES:
                raise ValueError(f"“{text}” is not in countries.txt")
            text = COUNTRIES[text.lower()]
        elif step == "gender":
            text = ("male" if text.lower() in MALE else "female" if text.lower() in FEMALE
                    else "")
            if not text:
                raise ValueError("not a gender")
        elif step == "upper":
            text = text.upper()
        elif step == "bare":
            text = tidy(re.sub(r"[(（][^)）]*[)）]|[-–:]?\s*[\d.,]+ ?[%％]", "", text))
        elif step == "inside":
            text = tidy(re.search(r"[(（]([^)）]*)[)）]", text)[1])
        elif step == "part":
            text = re.search(r"([\d.,]+) ?[%％]", text)[1]
        elif step == "digits":
            text = re.sub(r"\D", "", text)
        elif step.startswith("="):
            text = step[1:].replace("_", " ")
        elif step in ("contains", "each") or step.startswith("split="):
            continue
        else:
            raise ValueError(f"no transformation is called “{step}”")
    return text


def parts_of(text, how):
    for step in how:
        if step.startswith("split="):
            sign = step[6:].replace("\\n", "\n").replace("\\s", " ")
            parts = re.split("[" + re.escape(sign) + "]" if len(sign) > 1 and "~" not in sign
                             else re.escape(sign.replace("~", "")), text)
            return [tidy(part) for part in parts if tidy(part)]
    return [tidy(text)]


def holds(form, text):
    """Whether an identifier satisfies the check of its format."""
    bare = re.sub(r"\W", "", text).upper()
    weighted = lambda weights: sum(int(c) * w for c, w in zip(bare, weights))
    remainder = lambda t: int("".join(str(int(c, 36)) for c in t)) % 97
    try:
        if form == "imo":
            bare = bare.removeprefix("IMO")
            return len(bare) == 7 and (weighted((7, 6, 5, 4, 3, 2)) % 10 == int(bare[6]) or
                                       (11 - weighted((8, 6, 4, 2, 9, 7)) % 11) % 11 % 10 == int(bare[6]))
        if form == "inn":
            weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
            check = lambda n: weighted(weights[11 - n:]) % 11 % 10
            return (len(bare) == 10 and check(9) == int(bare[9]) or
                    len(bare) == 12 and check(10) == int(bare[10]) and check(11) == int(bare[11]))
        if form == "ogrn":
            return len(bare) in (13, 15) and int(bare[:-1]) % (len(bare) - 2) % 10 == int(bare[-1])
        if form == "lei":
            return len(bare) == 20 and remainder(bare) == 1
        if form == "iban":
            return len(bare) >= 15 and remainder(bare[4:] + bare[:4]) == 1
        if form == "uscc":
            signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
            weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
            total = sum(signs.index(c) * w for c, w in zip(bare, weights))
            return len(bare) == 18 and (31 - total % 31) % 31 == signs.index(bare[17])
        if form == "bic":
            return len(bare) in (8, 11) and bare[4:6].isalpha()
    except ValueError:
        return False
    return True


# ---------------------------------------------------------------- an answer, written out

class Wrong(Exception):
    pass


class Answer:
    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(HERE / "answers").with_suffix(""))
        self.says = tomllib.loads(path.read_text("utf-8"))
        if "table" not in self.says:
            outer = ("kind", "ask", "why", "expect", "note", "ties")
            inner = {k: v for k, v in self.says.items() if k not in outer or k == "kind"}
            self.says = {k: v for k, v in self.says.items() if k in outer} | {"table": [inner]}
        self.entities = {}
        self.pools = {}
        self.cells = []
        self.seen = set()

    def fail(self, what):
        raise Wrong(f"{self.name}: {what}")

    def expand(self):
        files = []
        whole = {}
        for table in self.says["table"]:
            if table["file"] not in files:
                files.append(table["file"])
                whole[table["file"]] = sheets_of(table)
        for table in self.says["table"]:
            Part(self, table, files.index(table["file"]), whole[table["file"]]).expand()
        for at, name in enumerate(files):
            for sheet, rows in whole[name].items():
                for row, cells in enumerate(rows, 1):
                    for column, text in enumerate(cells, 1):
                        if text.strip() and (at, sheet, row, column) not in self.seen:
                            self.fail(f"{name} {sheet} {letters(column)}{row} “{text}” is not "
                                      "accounted for")
        self.tie()
        self.narrow()
        self.judge()
        return self.told(files)

    def tie(self):
        """Adds the relationships between things of different rows, each named by its cell, that a
        text says: they may be missing."""
        named = {cell["cell"]: alt["entity"] for cell in self.cells for must in cell["must"]
                 for alt in must if alt.get("property") == "name"}
        for at, (one, other, schema) in enumerate(self.says.get("ties", []), 1):
            ends = [named.get(one), named.get(other)]
            if not all(ends):
                self.fail(f"no thing is named in {one} or {other}")
            self.entities[f"tie{at}"] = {"schema": [schema], "ends": ends, "refs": {},
                                         "properties": {}, "optional": True}

    def narrow(self):
        """Leaves of the schemata of each party those that its relationships allow."""
        for one in self.entities.values():
            for source, target in self.ends(one):
                self.entities[source]["is_end"] = self.entities[target]["is_end"] = True
            for schema in one["schema"]:
                for name, other in self.references(one, schema):
                    fits = [s for s in self.entities[other]["schema"]
                            if any(allows(schema, one_of, s) for one_of in name.split("/"))]
                    if not fits and any(allows(x, one_of, s) for x in one["schema"]
                                        for one_of in name.split("/")
                                        for s in self.entities[other]["schema"]):
                        continue
                    if not fits:
                        self.fail(f"{schema}.{name} does not allow "
                                  f"{self.entities[other]['schema']} ({other})")
                    if len(one["schema"]) == 1:
                        self.entities[other]["schema"] = fits

    def ends(self, one):
        return [one["ends"]] if one.get("ends") and all(one["ends"]) else []

    def references(self, one, schema):
        found = [(name, other) for name, others in one["refs"].items() for other in others]
        if one.get("ends"):
            known = edge(schema)
            if not known:
                self.fail(f"{schema} has no two ends")
            found += zip((known["source"], known["target"]), one["ends"])
        return found

    def fits(self, alt):
        """Whether an alternative names a property that its entity can have."""
        if "all" in alt:
            return all(self.fits(one) for one in alt["all"])
        if "property" not in alt or "via" in alt:
            return True
        return any(alt["property"] in properties(s) for s in self.entities[alt["entity"]]["schema"])

    def slips(self, alt):
        """Whether the check of an identifier does not hold."""
        if "property" not in alt or "via" in alt or "value" not in alt:
            return False
        for schema in self.entities[alt["entity"]]["schema"]:
            known = properties(schema).get(alt["property"])
            if known and known.get("format"):
                return not holds(known["format"], alt["value"])
        return False

    def judge(self):
        for key, one in self.entities.items():
            if not one["schema"]:
                self.fail(f"{key} has no schema")
        for cell in self.cells:
            for at, must in enumerate(cell["must"]):
                left = [alt for alt in must if self.fits(alt)]
                slips = [alt for alt in left if self.slips(alt)]
                if slips:
                    # A number whose check does not hold may be kept, noted or reported.
                    left += [{"note": [alt["entity"] for alt in slips],
                              "heading": cell["heading"], "text": tidy(cell["text"])},
                             {"report": True}]
                if not left:
                    self.fail(f"{cell['cell']} “{cell['text']}”: no schema has {must}")
                cell["must"][at] = left
                # The first alternative of each entity is what its properties are listed by.
                told = {}
                for alt in left:
                    for one in alt.get("all", [alt]):
                        if "property" in one and "via" not in one and "contains" not in one:
                            told.setdefault(one["entity"], [])
                            if alt not in told[one["entity"]] and len(told[one["entity"]]) < 1:
                                told[one["entity"]].append(alt)
                for key, alts in told.items():
                    for one in alts[0].get("all", [alts[0]]):
                        if one["entity"] != key:
                            continue
                        listed = self.entities[key]["properties"].setdefault(one["property"], [])
                        for value in one.get("values", [one.get("value")]):
                            if value not in listed:
                                listed.append(value)
        counts = Counter(one["schema"][0] for one in self.entities.values())
        expected = self.says.get("expect", {})
        if dict(counts) != expected:
            self.fail(f"expects {expected}, by the rules it is {dict(counts)}")
        tables = self.says["table"]
        kind = self.says.get("kind") or tables[0].get("kind")
        kinds = [table.get("kind", kind) for table in tables]
        for each in kinds:
            if not set(each.split("/")) <= KINDS:
                self.fail(f"“{each}” is not a kind")

    def told(self, files):
        kind = self.says.get("kind")
        for cell in self.cells:
            for must in cell["must"]:
                for alt in must:
                    # The text of a note is its cell's, and mostly the heading, too.
                    alt.pop("text", None) if "note" in alt else None
                    if alt.get("heading") == cell["heading"]:
                        del alt["heading"]
        return {
            "answer": self.name,
            "kinds": [table.get("kind", kind) for table in self.says["table"]],
            "ask": self.says.get("ask", False),
            "files": files,
            "entities": [
                {"id": key, "schemata": one["schema"],
                 **({"from": one["ends"][0], "to": one["ends"][1]} if one.get("ends") else {}),
                 **({"or": one["or"]} if "or" in one else {}),
                 **({"optional": True} if one.get("optional") else {}),
                 **({"references": one["refs"]} if one["refs"] else {}),
                 **({"may_equal": one["may"]} if one.get("may") else {}),
                 "properties": one["properties"]}
                for key, one in self.entities.items()],
            "cells": self.cells,
        }


def rows_of(text):
    rows = []
    for part in str(text).split(","):
        first, _, last = part.strip().partition("-")
        rows += range(int(first), int(last or first) + 1)
    return rows


class Part:
    """One table of an answer: a file, a sheet, or some rows of it."""

    def __init__(self, answer, says, file, sheets):
        self.answer, self.says, self.file = answer, says, file
        self.sheet = says.get("sheet", next(iter(sheets)))
        if self.sheet not in sheets:
            answer.fail(f"there is no sheet “{self.sheet}”")
        self.rows = sheets[self.sheet]
        known = {"file", "sheet", "rows", "encoding", "delimiter", "kind", "head", "skip", "things",
                 "links", "columns", "values", "cells", "fill", "empty", "none", "heads"}
        if set(says) - known:
            answer.fail(f"unknown: {sorted(set(says) - known)}")
        self.things = {name: {"schema": thing} if isinstance(thing, str) else dict(thing)
                       for name, thing in says.get("things", {}).items()}
        self.links = {name: {"is": link} if isinstance(link, str) else dict(link)
                      for name, link in says.get("links", {}).items()}
        self.empty = {text.lower() for text in says.get("empty", [])} | NOTHING
        self.real = {text.lower() for text in says.get("none", [])}

    def fail(self, what):
        self.answer.fail(what)

    def text(self, row, column):
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        return cells[column - 1] if column <= len(cells) else ""

    def nothing(self, text):
        low = tidy(text).lower()
        return not low or low in self.empty and low not in self.real

    def expand(self):
        says = self.says
        head = says.get("head", 1)
        heads = head if isinstance(head, list) else [head] if head else []
        rows = rows_of(says["rows"]) if "rows" in says else range(1, len(self.rows) + 1)
        skip = {}
        for text, why in says.get("skip", {}).items():
            if why not in WHY_NOT_DATA:
                self.fail(f"“{why}” is no reason to skip rows")
            skip.update({row: why for row in rows_of(text)})
        width = max((len(self.rows[row - 1]) for row in rows), default=0)
        self.heading, self.lowest = {}, {}
        for column in range(1, width + 1):
            texts = [tidy(self.text(row, column)) for row in heads]
            self.heading[column] = " ".join(text for text in texts if text)
            self.lowest[column] = next((text for text in reversed(texts) if text), "")
        for row in heads:
            for column in range(1, width + 1):
                if self.text(row, column).strip():
                    self.mark(row, column, [[{"heading": True}]])
        columns = {}
        for name, rule in says.get("columns", {}).items():
            columns[self.column(name)] = rule
        values = {self.column(name): table for name, table in says.get("values", {}).items()}
        fill = [self.column(name) for name in says.get("fill", [])]
        own = says.get("cells", {})
        above = {}
        for row in rows:
            if row in heads:
                continue
            if row in skip:
                for column in range(1, width + 1):
                    if self.text(row, column).strip():
                        self.mark(row, column, [[{"report": True}, {"note": "any"}]], skip[row])
                continue
            cells = {column: self.text(row, column) for column in range(1, width + 1)}
            if not any(text.strip() for text in cells.values()):
                continue
            for column in fill:
                if not cells.get(column, "").strip():
                    cells[column] = above.get(column, "")
            above = {column: cells[column] for column in fill}
            Row(self, row, cells, columns, values, own).expand()

    def column(self, name):
        if name.startswith("@"):
            return number_of(name[1:])
        found = [c for c, heading in self.heading.items() if heading == tidy(name)]
        if len(found) != 1:
            self.fail(f"{len(found)} columns are called “{name}” (there are: "
                      f"{list(self.heading.values())}); use @A")
        return found[0]

    def mark(self, row, column, must, why=None):
        place = (self.file, self.sheet, row, column)
        if place in self.answer.seen:
            self.fail(f"{letters(column)}{row} is accounted for twice")
        self.answer.seen.add(place)
        if must == [[{"heading": True}]]:
            return
        cell = {"file": self.file, "sheet": self.sheet, "cell": f"{letters(column)}{row}",
                "heading": getattr(self, "lowest", {}).get(column, ""), "text": self.text(row, column)}
        if why:
            cell["why"] = why
        cell["must"] = must
        self.answer.cells.append(cell)


class Row:
    def __init__(self, part, number, cells, columns, values, own):
        self.part, self.number, self.cells = part, number, cells
        self.columns, self.values, self.own = columns, values, own
        self.answer = part.answer
        self.made = {}

    def fail(self, what):
        self.part.fail(f"row {self.number}: {what}")

    def cell(self, name):
        return self.cells.get(self.part.column(name), "")

    # ---- entities

    def expand(self):
        rules = {}
        for column, text in self.cells.items():
            if text.strip():
                rules[column] = self.rule(column, text)
        touched = {}
        for column, (alternatives, _) in rules.items():
            for must in alternatives:
                for alt in must:
                    if alt.get("thing"):
                        touched.setdefault(alt["thing"], set()).add(column)
        for name, thing in self.part.things.items():
            self.thing(name, thing, touched.get(name, set()))
        for name, link in self.part.links.items():
            self.link(name, link)
        told = {}
        for column, (musts, empty) in rules.items():
            if self.text_own(column):
                told[column] = [] if empty else [self.alternatives(m, column) for m in musts]
        self.demand(told)
        for column, musts in told.items():
            self.part.mark(self.number, column, musts, None if musts else "placeholder")

    def demand(self, told):
        """Lets the cells that name the ends of a relationship ask for it, where no cell of the
        row speaks of the relationship itself."""
        def speaks(label):
            return any(label == one.get("entity") or label == one.get("schema")
                       for musts in told.values() for must in musts for alt in must
                       for one in alt.get("all", [alt]))
        for name in self.part.links:
            for label in self.made.get(name, []):
                link = self.answer.entities[label]
                ends = link.get("ends")
                if not ends or link.get("optional") or speaks(label):
                    continue
                either = [[{"entity": label, "to": end}] for end in ends]
                if "or" in link:
                    either = [e + [dict(entity=link["or"]["entity"], to=link["or"]["to"])]
                              for e in either]
                for end, must in zip(ends, either):
                    for musts in told.values():
                        first = musts[0] if musts else []
                        names = any(one.get("entity") == end and one.get("property") in
                                    ("name", "lastName", "registrationNumber")
                                    for alt in first for one in alt.get("all", [alt]))
                        if names and not any("note" in alt or "report" in alt for alt in first):
                            musts.append(must)
                            break

    def text_own(self, column):
        return self.part.text(self.number, column).strip()

    def thing(self, name, thing, touched):
        answer = self.answer
        need = thing.get("when")
        if need:
            column, _, wanted = need.partition("=")
            text = tidy(self.cell(column))
            if self.part.nothing(text) or wanted and text not in wanted.split("/"):
                return
        useful = [c for c in touched if not self.part.nothing(self.cells[c])
                  and self.values.get(c, {}).get(tidy(self.cells[c])) != "!none"]
        key = thing.get("key")
        keys = [key] if isinstance(key, str) else key
        each = thing.get("each")
        texts = [""]
        if each:
            column = self.part.column(each)
            if self.part.nothing(self.cells.get(column, "")):
                return
            texts = parts_of(self.cells[column], ["split=" + thing["split"]])
        elif not useful and not keys:
            return
        made = []
        for at, text in enumerate(texts):
            if keys:
                said = [tidy(text if each and k == each else self.cell(k)) for k in keys]
                said = [word for word in said if not self.part.nothing(word)]
                if not said:
                    if thing.get("pool") and not thing.get("schema"):
                        return
                    if not useful:
                        return
                    said = [f"row {self.number}"]
                if not useful and thing.get("schema") and not each:
                    return
                pool = thing.get("pool", f"{self.part.file}/{self.part.sheet}/{name}")
                ident = "\x1f".join(said)
                if thing.get("fold"):
                    ident = ident.upper()
                known = answer.pools.setdefault(pool, {})
                if ident not in known:
                    if not thing.get("schema") and not thing.get("schema_from"):
                        if thing.get("dangling"):
                            return
                        self.fail(f"{name}: nothing is called “{ident}” in {pool}")
                    known[ident] = self.new(name)
                label = known[ident]
            else:
                label = self.new(name)
            entity = answer.entities[label]
            schemata = self.schemata(name, thing, text)
            if schemata:
                if not entity["schema"]:
                    entity["schema"] = schemata
                else:
                    both = [s for s in entity["schema"] if s in schemata]
                    if not both:
                        self.fail(f"{label} is {entity['schema']} and {schemata}")
                    entity["schema"] = both
            if thing.get("may"):
                said = [text if k == "=each" else tidy(self.cell(k)) for k in thing["may"]]
                group = " · ".join(word for word in said if word).upper()
                # Who has no name is nobody's namesake.
                if not self.part.nothing(said[0]) and group not in entity.setdefault("may", []):
                    entity["may"].append(group)
            made.append(label)
        self.made[name] = made
        for refs in thing.get("refs", "").split():
            prop, _, other = refs.partition("=")
            for label in made:
                for target in self.made.get(other, []):
                    listed = answer.entities[label]["refs"].setdefault(prop, [])
                    if target not in listed:
                        listed.append(target)

    def new(self, name):
        count = sum(1 for key in self.answer.entities if re.fullmatch(re.escape(name) + r"\d+", key))
        label = f"{name}{count + 1}"
        self.answer.entities[label] = {"schema": [], "properties": {}, "refs": {}}
        return label

    def schemata(self, name, thing, text):
        wanted = thing.get("schema", "")
        if "schema_from" in thing:
            kind = tidy(self.cell(thing["schema_from"]))
            if kind not in thing["schemata"]:
                self.fail(f"{name}: “{kind}” has no schema")
            wanted = thing["schemata"][kind]
        if wanted == "party":
            name_of = text or tidy(self.cell(thing["name"] if "name" in thing else
                                             [thing["key"]][0] if isinstance(thing["key"], str)
                                             else thing["key"][0]))
            if FORMS.search(name_of):
                return ["LegalEntity", "Organization", "Company"]
            return ["LegalEntity", "Person", "Organization", "Company"]
        found = [word for word in wanted.split("/") if word]
        for schema in found:
            if schema not in MODEL or MODEL[schema].get("abstract"):
                self.fail(f"“{schema}” is no schema for an entity")
        return found

    def link(self, name, link):
        says = link.get("is")
        if "schema_from" in link:
            kind = tidy(self.cell(link["schema_from"]))
            if self.part.nothing(kind):
                kind = ""
            if kind not in link["schemata"]:
                self.fail(f"{name}: “{kind}” is no relationship")
            says = link["schemata"][kind]
            if not says:
                return
        if link.get("when"):
            column, _, wanted = link["when"].partition("=")
            text = tidy(self.cell(column))
            if self.part.nothing(text) or wanted and text not in wanted.split("/"):
                return
        words = says.split()
        schemata, rest = words[0].split("/"), words[1:]
        ends, refs = None, {}
        if "->" in rest:
            at = rest.index("->")
            ends = (rest[at - 1], rest[at + 1])
            rest = rest[:at - 1] + rest[at + 2:]
        for word in rest:
            prop, _, other = word.partition("=")
            refs[prop] = other
        if ends:
            froms, tos = self.made.get(ends[0], []), self.made.get(ends[1], [])
            if not froms or not tos:
                return
            if len(froms) == len(tos) and link.get("zip"):
                pairs = list(zip(froms, tos))
            else:
                pairs = [(a, b) for a in froms for b in tos]
        else:
            if not any(self.made.get(other) for other in refs.values()):
                return
            pairs = [None]
        labels = []
        keys = link.get("key")
        for pair in pairs:
            label = None
            if keys:
                ident = "\x1f".join(tidy(self.cell(k)) for k in
                                    ([keys] if isinstance(keys, str) else keys)) + str(pair)
                known = self.answer.pools.setdefault(f"{self.part.file}/{name}", {})
                label = known.get(ident)
                if not label:
                    label = known[ident] = self.new(name)
            else:
                label = self.new(name)
            entity = self.answer.entities[label]
            entity["schema"] = schemata
            if link.get("optional"):
                entity["optional"] = True
            if pair:
                entity["ends"] = pair
                if "or" in link:
                    whose, prop, other = re.fullmatch(r"(\w+)\.(\w+)=(\w+)", link["or"]).groups()
                    here = dict(zip(ends, pair))
                    entity["or"] = {"entity": here[whose], "property": prop, "to": here[other]}
            for prop, other in refs.items():
                for target in self.made.get(other, []):
                    listed = entity["refs"].setdefault(prop, [])
                    if target not in listed:
                        listed.append(target)
            known = edge(schemata[0])
            if known and not pair:
                # A payment names its parties as properties, because either may be missing.
                both = [entity["refs"].get(known[end], []) for end in ("source", "target")]
                if all(len(one) == 1 for one in both):
                    entity["ends"] = tuple(one[0] for one in both)
                    for end in ("source", "target"):
                        entity["refs"].pop(known[end])
            labels.append(label)
        self.made[name] = labels

    # ---- cells

    def rule(self, column, text):
        """The parsed rule of a cell, and whether the cell is a placeholder."""
        place = f"{letters(column)}{self.number}"
        rule = self.own.get(place, self.columns.get(column))
        if rule is None:
            self.fail(f"{place} “{text}” ({self.part.heading.get(column)}) has no rule")
        if isinstance(rule, dict):
            name = rule["by"]
            kind = tidy(self.cell(name))
            rule = rule.get(kind, rule.get("else"))
            if rule is None:
                self.fail(f"{place}: no rule for “{kind}”")
        if rule == "empty" or place not in self.own and self.part.nothing(text):
            return [], True
        rules = rule if isinstance(rule, list) else [rule]
        return [self.parse(one) for one in rules], False

    def parse(self, rule):
        return [self.parse_alt(text.strip()) for text in rule.split(" | ")]

    def parse_alt(self, text):
        if text in ("report", "count", "note"):
            return {"do": text}
        words = text.split()
        if words[0] in ("note", "remark", "rowid", "schema", "addr", "end"):
            names = words[1].split(",")
            return {"do": words[0], "thing": names[0], "names": names, "rest": words[2:]}
        value = None
        if ' "' in text:
            text, _, value = text.partition(' "')
            value = value.rstrip('"')
            words = text.split()
        found = re.fullmatch(r"(\w+?)(?:>(\w+))?\.(\w+)", words[0])
        if not found:
            self.fail(f"“{text}” is no rule")
        thing, via, prop = found.groups()
        return {"do": "value", "thing": thing, "via": via, "property": prop, "how": words[1:],
                "value": value}

    def alternatives(self, must, column):
        text = self.cells[column]
        told = []
        for alt in must:
            told += self.alternative(alt, column, text)
        if not told:
            self.fail(f"{letters(column)}{self.number} “{text}”: nothing is left of its rule")
        return told

    def notes(self, names, column, text):
        labels = [label for name in names for label in self.made.get(name, [])]
        for name in self.part.links:
            for label in self.made.get(name, []):
                entity = self.answer.entities[label]
                touches = list(entity.get("ends") or [])
                touches += [other for others in entity["refs"].values() for other in others]
                if label in labels:
                    labels += [other for other in touches if other not in labels]
                elif any(other in labels for other in touches):
                    labels.append(label)
        return {"note": labels or "any", "heading": self.part.lowest.get(column, ""),
                "text": tidy(text)}

    def alternative(self, alt, column, text):
        do = alt["do"]
        everything = [name for name in self.made]
        if do == "report":
            return [{"report": True}]
        if do == "remark":
            told = dict(self.notes(alt["names"], column, text), heading="")
            return [told] + [{"entity": label, "property": prop, "value": tidy(text)}
                             for label in self.made.get(alt["thing"], [])
                             for prop in ("description", "summary")]
        if do == "count" or do == "note" and "names" not in alt:
            told = [self.notes(everything, column, text)]
            return told + ([{"report": True}] if do == "count" else [])
        if do == "note":
            return [self.notes(alt["names"], column, text)]
        name = alt["thing"]
        labels = self.made.get(name)
        if do == "rowid":
            told = [self.notes(alt["names"], column, text)]
            for label in labels or []:
                told.append({"entity": label, "id": tidy(text)})
                told.append({"entity": label, "property": "referent", "value": tidy(text)})
                told.append({"entity": label, "property": "recordId", "value": tidy(text)})
            return told
        if not labels:
            return []
        if do == "schema":
            return [{"schema": label} for label in labels]
        if do == "addr":
            part = alt["rest"][0]
            return [{"entity": labels[0], "property": "address", "contains": tidy(text)},
                    {"entity": labels[0], "via": "Address", "property": part,
                     "value": tidy(text)}]
        if do == "end":
            others = [o for other in alt["rest"] for o in self.made.get(other, [])]
            return [{"entity": label, "to": other} for label in labels for other in others]
        return self.value(alt, column, text, labels)

    def value(self, alt, column, text, labels):
        if tidy(text) in self.values.get(column, {}):
            said = self.values[column][tidy(text)]
            told = []
            for one_of in str(said).split(" | "):
                if one_of == "!note":
                    told.append(self.notes([alt["thing"]], column, text))
                elif one_of == "!report":
                    told.append({"report": True})
                elif one_of == "!none":
                    self.fail("“!none” belongs to a placeholder")
                else:
                    told.append(self.says(alt, labels, one_of.split(" & ")))
            return told
        if alt["value"] is not None:
            return [self.says(alt, labels, [alt["value"]])]
        try:
            values = [one(part, alt["how"]) for part in parts_of(text, alt["how"])]
        except ValueError as error:
            self.fail(f"{letters(column)}{self.number}: {error}")
        if len(labels) > 1:
            # Several entities of one cell: each has a part of it.
            each = self.part.things.get(alt["thing"], {}).get("split")
            parts = parts_of(text, ["split=" + each]) if each else values
            if "each" in alt["how"]:
                parts = parts_of(text, alt["how"])
            if len(parts) == 1:
                return [self.says(alt, labels, values)]
            if alt["thing"] not in self.part.things and "each" not in alt["how"]:
                return [self.says(alt, labels, values)]
            if len(parts) != len(labels):
                self.fail(f"{letters(column)}{self.number}: {len(parts)} parts for {labels}")
            told = []
            for label, part in zip(labels, parts):
                how = [step for step in alt["how"] if not step.startswith("split=")]
                told.append(self.says(alt, [label], [one(part, how)]))
            return [{"all": told}]
        return [self.says(alt, labels, values)]

    def says(self, alt, labels, values):
        if not any(alt["property"] in properties(schema) for schema in MODEL):
            self.fail(f"no schema has a property “{alt['property']}”")
        told = {"entity": labels[0], "property": alt["property"]}
        if alt["via"]:
            if alt["via"] not in SATELLITES:
                self.fail(f"{alt['via']} says nothing of one thing alone")
            if alt["property"] not in properties(alt["via"]):
                self.fail(f"{alt['via']} has no “{alt['property']}”")
            told["via"] = alt["via"]
        if "contains" in alt["how"]:
            told["contains"] = values[0]
        else:
            told["value" if len(values) == 1 else "values"] = (
                values[0] if len(values) == 1 else values)
        if len(labels) > 1:
            return {"all": [dict(told, entity=label) for label in labels]}
        return told


# ---------------------------------------------------------------- the command

def show(told):
    print(f"== {told['answer']}  {'/'.join(told['kinds'])}{'  ASK' if told['ask'] else ''}")
    names = {}
    for one in told["entities"]:
        names[one["id"]] = (one["properties"].get("name") or [one["id"]])[0]
    for one in told["entities"]:
        head = f"  {one['id']}: {'/'.join(one['schemata'])}"
        if "from" in one:
            head += f" {names[one['from']]} → {names[one['to']]}"
        for prop, others in one.get("references", {}).items():
            head += f" {prop}={','.join(names[o] for o in others)}"
        if "may_equal" in one:
            head += f" (may equal: {' / '.join(one['may_equal'])})"
        print(head, " ".join(f"{k}={v}" for k, v in one["properties"].items()))
    rest = Counter()
    for cell in told["cells"]:
        first = cell["must"][0][0] if cell["must"] else {"placeholder": 1}
        if "entity" not in first:
            rest[f"{cell.get('why') or next(iter(first))} · {cell['heading']}: {cell['text'][:60]}"] += 1
    for line in list(rest)[:40]:
        print("      ", line)
    print(f"  {len(told['cells'])} cells")


def main(arguments):
    write, wanted = "--write" in arguments, [a for a in arguments if not a.startswith("--")]
    failures, done, skipped, cells, read, by_kind = [], 0, 0, 0, 0, Counter()
    tables = set()
    for path in sorted((HERE / "answers").rglob("*.toml")):
        name = str(path.relative_to(HERE / "answers").with_suffix(""))
        if wanted and not any(word in name for word in wanted):
            continue
        try:
            answer = Answer(path)
            files = [table["file"] for table in answer.says["table"]]
            tables.update(files)
            if any(f.startswith("shared:") for f in files) and not SHARED.is_dir():
                skipped += 1
                continue
            told = answer.expand()
        except (Wrong, KeyError, ValueError, FileNotFoundError, tomllib.TOMLDecodeError) as error:
            failures.append(f"{name}: {type(error).__name__}: {error}"
                            if not isinstance(error, Wrong) else str(error))
            continue
        done += 1
        cells += len(told["cells"])
        read += not told["ask"]
        by_kind[told["kinds"][0]] += 1
        if "--show" in arguments:
            show(told)
        target = HERE / "expected" / f"{name}.json"
        # One entity or cell a line, so that a change is read as such.
        lines = {key: value for key, value in told.items() if key not in ("entities", "cells")}
        text = json.dumps(lines, ensure_ascii=False)[:-1]
        for key in ("entities", "cells"):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in told[key])
            text += f",\n\"{key}\": [\n{rows}\n]"
        text += "}\n"
        if write:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        elif not target.exists() or target.read_text("utf-8") != text:
            failures.append(f"{name}: expected/{name}.json is not up to date; run --write")
    if not wanted:
        for path in sorted(HERE.glob("*/*")):
            if path.parent.name not in ("answers", "expected", "__pycache__"):
                if str(path.relative_to(HERE)) not in tables:
                    failures.append(f"{path.relative_to(HERE)} has no answer")
    for failure in failures:
        print(failure)
    print(f"{done} answers hold, {len(failures)} do not, {skipped} skipped; {cells} cells; "
          f"{read} to be read without being asked; {dict(by_kind)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
