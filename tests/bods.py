"""Prints a FICTIONAL document of the Beneficial Ownership Data Standard 0.4 with one entity of each
type and one relationship of each interest that the standard's own schema knows, and holds it and
the documents that are named against that schema."""

import json
import os
import sys

import jsonschema
import libcovebods
from referencing import Registry, Resource

folder = os.path.join(os.path.dirname(libcovebods.__file__), "data", "schema-0-4-0")
names = [name for name in os.listdir(folder) if name.endswith(".json")]
schemata = {s["$id"]: s for s in (json.load(open(os.path.join(folder, n))) for n in names)}
registry = Registry().with_resources((i, Resource.from_contents(s)) for i, s in schemata.items())
validator = jsonschema.Draft202012Validator(schemata["urn:statement"], registry=registry)

interests = schemata["urn:relationship"]["$defs"]["Interest"]["properties"]["type"]["enum"]
kinds = schemata["urn:entity"]["properties"]["entityType"]["properties"]["type"]["enum"]


def statement(number, kind, record, details):
    return {
        "statementId": f"00000000-0000-0000-0000-{number:012}-fictional",
        "declarationSubject": "e0",
        "statementDate": "2024-01-01",
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": {"isComponent": False, **details},
    }


def document():
    yield statement(1, "person", "p0", {"personType": "knownPerson", "names": [{"type": "legal", "fullName": "Nobody (FICTIONAL)"}]})
    for number, kind in enumerate(kinds):
        yield statement(10 + number, "entity", f"e{number}", {"entityType": {"type": kind}, "name": f"{kind} (FICTIONAL)"})
    for number, interest in enumerate(interests):
        yield statement(100 + number, "relationship", f"r{number}", {
            "subject": "e0", "interestedParty": "p0",
            "interests": [{"type": interest, "beneficialOwnershipOrControl": True, "directOrIndirect": "direct"}],
        })


made = list(document())
for name, text in [("made", made), *((path, json.load(open(path))) for path in sys.argv[1:])]:
    for error in validator.iter_errors(text):
        sys.exit(f"{name}: {error.message} at {list(error.path)}")
print(json.dumps({"interests": len(interests), "kinds": len(kinds), "document": made}))
