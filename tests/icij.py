"""icij.py FOLDER: writes FICTIONAL files in the form of the Offshore Leaks, reads them again with
csv and networkx, and prints what stands in them: names by node, ties, and who is at what address."""

import csv
import json
import random
import sys

import networkx

folder = sys.argv[1]
chance = random.Random(4)
tail = ["sourceID", "valid_until", "note"]
odd = ['"The" Pier, Ltd', "鸿祥 Trading", "Рассвет\nHoldings", "조선; & Co"]


def write(name, header, rows):
    with open(f"{folder}/{name}", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)


end = ["FICTIONAL Papers", "", ""]
write("nodes-entities.csv", ["node_id", "name", "jurisdiction", "countries", "country_codes", "incorporation_date", *tail],
      [[10000000 + n, f"{odd[n % 4]} {n} (FICTIONAL)", "BVI", "Hong Kong", "HKG", "23-MAR-2006", *end] for n in range(200)])
write("nodes-officers.csv", ["node_id", "name", "countries", "country_codes", *tail],
      [[12000000 + n, f"Nobody {n} (FICTIONAL)", "China", "CHN", *end] for n in range(150)])
write("nodes-addresses.csv", ["node_id", "address", "name", "countries", "country_codes", *tail],
      [[14000000 + n, f"{n} Invented Road, Hong Kong", "", "Hong Kong", "HKG", *end] for n in range(50)])
ties = {(12000000 + chance.randrange(150), 10000000 + chance.randrange(200), "officer_of", link)
        for _ in range(300) for link in [chance.choice(["shareholder of", "director of"])]}
places = {(10000000 + n, 14000000 + chance.randrange(50), "registered_address", "registered address") for n in range(200)}
write("relationships.csv", ["node_id_start", "node_id_end", "rel_type", "link", "status", "start_date", "end_date", "sourceID"],
      [[*row, "", "", "", "FICTIONAL Papers"] for row in sorted(ties | places)])

graph = networkx.MultiDiGraph()
for name in ["entities", "officers", "addresses"]:
    for row in csv.DictReader(open(f"{folder}/nodes-{name}.csv", newline="", encoding="utf-8")):
        graph.add_node(row["node_id"], name=row["name"] or row["address"])
for row in csv.DictReader(open(f"{folder}/relationships.csv", newline="", encoding="utf-8")):
    graph.add_edge(row["node_id_start"], row["node_id_end"], kind=row["rel_type"])
edges = [(a, b, kind) for a, b, kind in graph.edges(data="kind")]
print(json.dumps({
    "names": {node: " ".join(name.split()) for node, name in graph.nodes(data="name")},
    "ties": sorted((a, b) for a, b, kind in edges if kind != "registered_address"),
    "places": sorted((a, b) for a, b, kind in edges if kind == "registered_address"),
}))
