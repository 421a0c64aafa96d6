#!/usr/bin/env python3
"""Writes the longer tables of this folder from invented names. Everything in them is FICTIONAL –
TRAINING. The tables are committed; the same seed makes the same tables.

    ./larger.py      writes them, and prints what each holds, counted apart from check.py
"""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST = ("Alba Boris Clara Dmitri Esther Felix Gita Hugo Ines Jonas Kira Lars Mina Nestor Olga Pavel "
         "Quirin Rosa Silvan Tove Ulla Viktor Wanda Xenia Yaro Zelda").split()
LAST = ("Norden Kellner Oduya Vance Quill Aranda Solberg Lindqvist Calder Petrow Mahler Oost Kvale "
        "Fabel Skygge Brandt Varga Tamm Ilves Haugen Moreau Duvall Castell Ferro Bianchi Novak "
        "Zeman Halla Rask Wolfram").split()
FIRMS = ("Velmara Orbane Pellmar Nordlys Chimera Mirage Utopia Arcadia Avalon Lyonesse Thule Atlantia "
         "Elysia Lemuria Ysara Kitezh Hyperia Cimmer Barataria Laputa Brobding Erewhon Ruritan Zubrow "
         "Freedonia Sylvana Grand-Fenwick Costaguan Parador Sahrani").split()
FORMS = ("Shipping Ltd", "Trading Ltd", "Holding AG", "Metals GmbH", "Marine SA", "Ventures Inc.",
         "Capital BV", "Energy Oy", "Commodities LLP", "Logistics sp. z o.o.")
PLACES = ("London Leeds Hull Cardiff Bristol Dover Rotterdam Hamburg Gdynia Tallinn Riga Limassol "
          "Valletta Piraeus").split()


def people(rng, count):
    pairs = [f"{a} {b}" for a in FIRST for b in LAST]
    return rng.sample(pairs, count)


def firms(rng, count):
    pairs = [f"{a} {b}" for a in FIRMS for b in FORMS]
    return rng.sample(pairs, count)


def day(rng, first, last):
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randrange((date(last, 12, 31) - start).days))


def write(name, rows, delimiter=",", encoding="utf-8", end="\n", before=""):
    with open(HERE / name, "w", encoding=encoding, newline="") as file:
        file.write(before)
        csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)


def told(name, **counts):
    print(name, counts)


def members():
    rng = random.Random(1)
    parties = ["Blue Party", "Red Union", "Green List", "Independent"]
    rows = [["No.", "Member", "Gender", "Party", "Constituency", "Date of birth", "First elected",
             "Committee", "E-mail", "Declared interests"]]
    for at, name in enumerate(people(rng, 60), 1):
        born, elected = day(rng, 1945, 1988), rng.choice((2009, 2013, 2017, 2021))
        rows.append([at, f"Rt Hon {name}" if at % 9 == 0 else name, rng.choice("MF"),
                     rng.choice(parties), f"{rng.choice(PLACES)} {rng.choice(['North', 'South', 'East'])}",
                     f"{born:%d/%m/%Y}", elected, rng.choice(["Finance", "Defence", "-", "Health"]),
                     f"{name.split()[1].lower()}{at}@parliament.example",
                     rng.choice(["None", "Consultant to Mirage Trading Ltd", "Owns farm land", ""])])
    write("lists/members_of_parliament.csv", rows)
    told("lists/members_of_parliament", Person=len(rows) - 1)


def payments():
    rng = random.Random(2)
    names = firms(rng, 14) + people(rng, 4)
    rows = [["Datum", "Beleg", "Zahler", "Empfänger", "Betrag EUR", "Zweck"]]
    used, total = set(), 0
    when = date(2016, 1, 4)
    for at in range(1, 61):
        a, b = rng.sample(names, 2)
        used |= {a, b}
        when += timedelta(days=rng.randrange(1, 9))
        cents = rng.choice((12500, 99990, 250000, 1234567, 50000000, 7500050)) + rng.randrange(9000)
        total += cents
        whole = f"{cents // 100:,}".replace(",", ".")
        rows.append([f"{when:%d.%m.%Y}", f"B-{at:04}", a, b, f"{whole},{cents % 100:02}",
                     rng.choice(["Rechnung", "Darlehen", "Beratung", "Fracht", ""])])
    rows.append(["", "", "Gesamt", "", f"{total // 100:,}".replace(",", ".") + f",{total % 100:02}", ""])
    write("payments/zahlungen_lang.csv", rows, ";", "cp1252", "\r\n")
    told("payments/zahlungen_lang", parties=len(used), Payment=60)


def shares():
    rng = random.Random(3)
    companies, holders = firms(rng, 18), people(rng, 16)
    rows, owners, assets = [["Asset", "Owner", "Owner type", "Share", "Voting", "As of"]], set(), set()
    kinds = set()
    for at, company in enumerate(companies):
        splits = rng.choice(([1.0], [.5, .5], [.6, .4], [.75, .2, .05], [.255, .745], [.333, .333, .334]))
        pool = companies[at + 1:at + 5] + rng.sample(holders, 4)
        for share, owner in zip(splits, rng.sample(pool, len(splits))):
            kind = "Natural person" if owner in holders else "Legal entity"
            rows.append([company, owner, kind, share, rng.choice(["yes", "no"]),
                         f"{day(rng, 2015, 2019):%Y-%m-%d}"])
            kinds.add((owner, kind))
            owners.add(owner)
            assets.add(company)
    write("relations/cap_tables.csv", rows, ",", "utf-8", "\n")
    people_rows = sum(row[2] == "Natural person" for row in rows[1:])
    bodies = {row[1] for row in rows[1:] if row[2] == "Legal entity"}
    told("relations/cap_tables", Ownership=len(rows) - 1, Person_rows=people_rows,
         Company=len(assets), LegalEntity_only_owner=len(bodies - assets))


def companies():
    rng = random.Random(4)
    names, folk = firms(rng, 40), people(rng, 70)
    rows = [["Company", "Number", "Registered", "Status", "Town", "Director", "Director's nationality",
             "Beneficial owner", "Share", "Agent"]]
    agents = firms(rng, 3)
    owners, registered = set(), 0
    for at, name in enumerate(names):
        owner = rng.choice(folk[40:] + names[:5])
        owners.add(owner)
        agent = rng.choice(agents + [""])
        registered += bool(agent)
        rows.append([name, f"FC{at + 100:06}", f"{day(rng, 1995, 2020):%d %b %Y}",
                     rng.choice(["Active", "Active", "Dissolved", "In liquidation"]),
                     rng.choice(PLACES), folk[at], rng.choice(["GB", "DE", "CY", "LV", "NO", "EE"]),
                     owner, rng.choice(["25%", "100%", "50.5%", ">25%", "75-100%", "n/a"]), agent])
    write("parties/companies_long.csv", rows, ",", "utf-8-sig", "\r\n")
    told("parties/companies_long", Company=40, Person=40, owners_not_companies=len(owners - set(names)),
         agents=len({row[9] for row in rows[1:] if row[9]} - set(names)), Directorship=40,
         Ownership=40, agent_links=registered)


def watchlist():
    rng = random.Random(5)
    rows = [["ref", "kind", "name", "aka", "country", "born_or_built", "id_no", "level", "added"]]
    counts = {}
    used = set()
    for at in range(50):
        kind = rng.choice(["I", "I", "E", "V"])
        word = {"I": "Individual", "E": "Entity", "V": "Vessel"}[kind]
        counts[word] = counts.get(word, 0) + 1
        name = (people(rng, 1)[0].upper() if kind == "I" else
                firms(rng, 1)[0] if kind == "E" else f"{rng.choice(FIRMS).upper()} {rng.randrange(2, 30)}")
        used.add(name)
        other = (f"{name.split()[0][0]}. {name.split()[1]}" if kind == "I" and at % 3 == 0 else
                 f"{name.split()[0]} STAR; {name.split()[0]} 1" if kind == "V" and at % 2 else "")
        year = {"I": f"{day(rng, 1940, 1990):%Y-%m-%d}", "E": "", "V": str(rng.randrange(1978, 2012))}[kind]
        imo = f"30{rng.randrange(1000, 9999)}"
        check = sum(int(d) * w for d, w in zip(imo, (7, 6, 5, 4, 3, 2))) % 10
        number = {"I": f"FX{rng.randrange(10**6):06}", "E": f"R-{rng.randrange(10**5):05}",
                  "V": f"{imo}{check}"}[kind]
        rows.append([f"W{at + 1:03}", word, name, other, rng.choice(["IR", "KP", "RU", "BY", "SY", "PA"]),
                     year, number, rng.choice(["red", "amber"]), f"{day(rng, 2014, 2020):%m/%d/%Y}"])
    write("mixed/watchlist_long.tsv", rows, "\t")
    told("mixed/watchlist_long", **counts)


def graph():
    rng = random.Random(6)
    bodies, folk = firms(rng, 22), people(rng, 18)
    nodes = [["node_id", "node_label", "node_type", "country_code"]]
    for at, name in enumerate(bodies):
        nodes.append([1000 + at, name, "company", rng.choice(["GB", "CY", "PA", "MH"])])
    for at, name in enumerate(folk):
        nodes.append([2000 + at, name, "person", rng.choice(["GB", "RU", "LV", "CY"])])
    edges = [["source_id", "target_id", "edge_type", "from_date", "to_date", "pct"]]
    counts = {}
    for _ in range(60):
        kind = rng.choice(["director", "shareholder", "secretary", "beneficial_owner", "contact"])
        source = rng.choice(nodes[1:])
        target = rng.choice([n for n in nodes[1:23] if n is not source])
        counts[kind] = counts.get(kind, 0) + 1
        start = day(rng, 2005, 2015)
        edges.append([source[0], target[0], kind, f"{start:%Y-%m-%d}",
                      f"{start + timedelta(days=900):%Y-%m-%d}" if rng.random() < .3 else "",
                      rng.choice([5, 10, 25, 50, 100]) if kind in ("shareholder", "beneficial_owner")
                      else ""])
    write("graph/long_nodes.csv", nodes)
    write("graph/long_edges.csv", edges)
    told("graph/long", Company=22, Person=18, **counts)


def calls():
    rng = random.Random(7)
    ships = []
    for at in range(8):
        imo = f"3001{at}{at}"
        check = sum(int(d) * w for d, w in zip(imo, (7, 6, 5, 4, 3, 2))) % 10
        ships.append((f"{imo}{check}", f"{rng.choice(FIRMS).upper()} {rng.randrange(2, 9)}",
                      rng.choice(["Panama", "Liberia", "DPRK", "Togo"])))
    rows = [["Vessel", "IMO number", "Flag", "Port of call", "Arrived", "Sailed", "Cargo", "Remarks"]]
    for _ in range(48):
        ship = rng.choice(ships)
        come = day(rng, 2018, 2018)
        rows.append([ship[1], ship[0], ship[2], rng.choice(PLACES), f"{come:%d.%m.%Y}",
                     f"{come + timedelta(days=rng.randrange(1, 6)):%d.%m.%Y}",
                     rng.choice(["coal", "ballast", "containers", ""]),
                     rng.choice(["", "", "AIS off", "STS at anchorage"])])
    write("events/port_calls_long.csv", rows, ";", "utf-8", "\r\n")
    told("events/port_calls_long", Vessel=len({row[1] for row in rows[1:]}), Trip=48)


def late():
    """Kinds and relationships that come only after the first hundreds of rows."""
    rng = random.Random(8)
    folk, bodies = people(rng, 340), firms(rng, 60)
    rows = [["Ref", "Type", "Name", "Country", "Date of birth", "Listed on"]]
    counts = {"Person": 0, "Company": 0, "Vessel": 0}
    for at in range(360):
        kind = "Individual" if at < 300 else rng.choice(["Company", "Ship"])
        schema = {"Individual": "Person", "Company": "Company", "Ship": "Vessel"}[kind]
        counts[schema] += 1
        name = {"Individual": folk[at % 340], "Company": bodies[at % 60],
                "Ship": f"FICTION {at - 280}"}[kind]
        rows.append([f"L{at + 1:04}", kind, name, rng.choice(["IR", "KP", "RU", "BY", "SY"]),
                     f"{day(rng, 1940, 1990):%Y-%m-%d}" if kind == "Individual" else "",
                     f"{day(rng, 2012, 2020):%Y-%m-%d}"])
    write("field/late_kinds.csv", rows)
    told("field/late_kinds", **counts)
    rows = [["Source", "Relationship", "Target", "Since"]]
    counts = {}
    for at in range(290):
        relation = "owns" if at < 230 else rng.choice(["director of", "sister of", "agent of"])
        source = bodies[at % 30] if relation == "owns" else folk[at]
        target = bodies[30 + at % 29] if relation != "sister of" else folk[at + 40]
        counts[relation] = counts.get(relation, 0) + 1
        rows.append([source, relation, target, f"{day(rng, 2001, 2019):%Y-%m-%d}"])
    write("field/late_relations.csv", rows)
    told("field/late_relations", **counts)


if __name__ == "__main__":
    for make in (members, payments, shares, companies, watchlist, graph, calls, late):
        make()
