# What networkx reads from a GraphML or GEXF file.
import json, sys
import networkx as nx

path = sys.argv[1]
g = nx.read_graphml(path, force_multigraph=True) if path.endswith("graphml") else nx.read_gexf(path)
edges = list(g.edges(keys=True, data=True)) if g.is_multigraph() else [(a, b, d.get("id"), d) for a, b, d in g.edges(data=True)]
print(json.dumps({
    "directed": g.is_directed(),
    "nodes": {n: d for n, d in g.nodes(data=True)},
    "edges": {str(k): {"source": a, "target": b, **d} for a, b, k, d in edges},
}))
