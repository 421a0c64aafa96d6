"""import.py FOLDER OUT: nodes.ndjson and edges.ndjson of a generated case as FollowTheMoney lines,
every column a property. Prints how many statements they make."""

import json
import sys

SCHEMATA = {
    "Company": ("Company", "name", "jurisdiction", "incorporationDate", "registrationNumber"),
    "Person": ("Person", "name", "nationality", "birthDate", "idNumber"),
    "Address": ("Address", "full", "country", "date", "postalCode"),
    "Account": ("BankAccount", "accountNumber", "country", "openingDate", "bankAddress"),
    "Intermediary": ("Organization", "name", "jurisdiction", "incorporationDate", "registrationNumber"),
}
TIES = {
    "owns": ("Ownership", "owner", "asset"),
    "officer_of": ("Directorship", "director", "organization"),
    "registered_at": ("UnknownLink", "subject", "object"),
    "intermediary_of": ("Representation", "agent", "client"),
    "holds_account": ("UnknownLink", "subject", "object"),
    "transfer": ("Payment", "payer", "beneficiary"),
    "related_to": ("UnknownLink", "subject", "object"),
}


def main(folder, out):
    statements = 0
    with open(out, "w") as lines:

        def line(ident, schema, properties):
            nonlocal statements
            statements += 1 + len(properties)
            values = {name: [str(value)] for name, value in properties.items()}
            entity = {"id": ident, "schema": schema, "properties": values}
            lines.write(json.dumps(entity, separators=(",", ":")) + "\n")

        for text in open(folder + "/nodes.ndjson"):
            row = json.loads(text)
            schema, name, country, date, number = SCHEMATA[row["type"]]
            line(f"n{row['id']}", schema, {
                name: row["name"], country: row["country"].lower(), date: row["date"],
                number: row["reg_no"], "sourceUrl": row["source"], "notes": row["notes"],
                "community": row["community"], "confidence": row["confidence"],
            })
        for count, text in enumerate(open(folder + "/edges.ndjson")):
            row = json.loads(text)
            schema, source, target = TIES[row["type"]]
            date, weight = ("date", "amount") if schema == "Payment" else ("startDate", "weight")
            line(f"e{count}", schema, {
                source: f"n{row['src']}", target: f"n{row['dst']}", date: row["date"],
                "role": row["type"], weight: row["weight"],
            })
    print(statements, "statements")


main(*sys.argv[1:3])
