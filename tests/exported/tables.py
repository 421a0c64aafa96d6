# What a spreadsheet finds in a CSV pair and in a workbook: rows, types of cells, formulas.
import csv, json, sys, zipfile
import openpyxl

pair, book = sys.argv[1], sys.argv[2]
out = {"csv": {}, "sheets": {}}
for name in ("entities", "relationships"):
    with open(f"{pair}/{name}.csv", newline="", encoding="utf-8") as file:
        out["csv"][name] = list(csv.DictReader(file))
loaded = openpyxl.load_workbook(book)
out["formulas"] = 0
for sheet in loaded.worksheets:
    out["formulas"] += sum(c.data_type == "f" for row in sheet.iter_rows() for c in row)
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    out["sheets"][sheet.title] = {
        "state": sheet.sheet_state,
        "frozen": sheet.freeze_panes,
        "header": sheet.oddHeader.center.text,
        "rows": [dict(zip(rows[0], row)) for row in rows[1:]],
    }
with zipfile.ZipFile(book) as archive:
    out["f"] = sum(b"<f>" in archive.read(name) for name in archive.namelist())
out["creator"] = loaded.properties.creator
print(json.dumps(out, default=str))
