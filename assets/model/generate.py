"""Make ftm.json from FollowTheMoney's exported model: `python3 generate.py model.json > ftm.json`.

Keeps names, structure and labels; leaves out the prose. See NOTICE.md for the licence.
"""

import json
import sys

SCHEMA = ["label", "plural", "extends", "edge", "temporalExtent", "featured", "caption", "required",
          "matchable", "abstract", "generated", "hidden"]
PROPERTY = ["label", "type", "range", "format", "maxLength", "stub", "hidden", "deprecated", "reverse"]


def keep(source, keys):
    return {key: source[key] for key in keys if source.get(key) not in (None, False, [], "")}


model = json.load(open(sys.argv[1], encoding="utf-8"))
schemata = {}
for name, schema in sorted(model["schemata"].items()):
    schemata[name] = keep(schema, SCHEMA)
    schemata[name]["properties"] = {
        key: keep(prop, PROPERTY) for key, prop in schema["properties"].items()
    }
values = {name: type_["values"] for name, type_ in sorted(model["types"].items()) if type_.get("values")}
# Misspelled in the source.
schemata["Succession"]["edge"]["label"] = "precedes"
json.dump({"version": model["version"], "schemata": schemata, "values": values}, sys.stdout,
          ensure_ascii=False, indent=1, sort_keys=True)
print()
