"""OGDF's fast multipole multilevel embedder, run for `cargo bench --bench layout -- kinds`.

Reads lines `EDGES OUT` from standard input. EDGES is a file with the number of nodes in its first
line and the two ends of an edge in each other line. Writes the places of the nodes to OUT, one
`x y` a line, and answers with the seconds that the layout took. Reading, building the graph and
writing are not counted.

A line `graph PACKAGE NAME OUT` writes a real graph that an installed package ships to OUT, in the
same form as EDGES, and answers `written`, or `missing` where that package is not installed.

Needs `pip install ogdf-python ogdf-wheel`; `networkx`, `scipy` and `pygsp` for real graphs.
"""

import pathlib
import sys
import time

from ogdf_python import cppinclude, ogdf



def shipped(package, name):
    """The number of nodes and the edges of a real graph."""
    if package == "networkx":
        import networkx

        graph = networkx.convert_node_labels_to_integers(getattr(networkx, name + "_graph")())
        return len(graph), list(graph.edges())
    # The package itself may need an older Python: only its data are read.
    import scipy.io

    file = pathlib.Path(f"{package}/data/{name}.mat")
    path = next(p for p in (pathlib.Path(base) / file for base in sys.path) if p.exists())
    data = scipy.io.loadmat(path)
    if "A" in data:
        matrix = data["A"].tocoo()
        return matrix.shape[0], list(zip(matrix.row, matrix.col))
    ends = (data["i_inds"].ravel() - 1, data["j_inds"].ravel() - 1)
    return int(max(map(max, ends))) + 1, list(zip(*ends))


cppinclude("ogdf/energybased/FastMultipoleEmbedder.h")
print("ready", flush=True)
for line in sys.stdin:
    if line.startswith("graph "):
        _, package, name, out = line.split()
        try:
            count, ends = shipped(package, name)
        except (ImportError, StopIteration):
            print("missing", flush=True)
            continue
        with open(out, "w") as file:
            file.write(f"{count}\n")
            file.writelines(f"{a} {b}\n" for a, b in ends)
        print("written", flush=True)
        continue
    edges, out = line.split()
    with open(edges) as file:
        graph = ogdf.Graph()
        nodes = [graph.newNode() for _ in range(int(file.readline()))]
        for edge in file:
            a, b = edge.split()
            graph.newEdge(nodes[int(a)], nodes[int(b)])
    kept = ogdf.GraphAttributes.nodeGraphics | ogdf.GraphAttributes.edgeGraphics
    drawing = ogdf.GraphAttributes(graph, kept)
    for node in nodes:
        drawing.width[node] = drawing.height[node] = 1.0
    ogdf.setSeed(1)
    layout = ogdf.FastMultipoleMultilevelEmbedder()
    started = time.perf_counter()
    layout.call(drawing)
    seconds = time.perf_counter() - started
    with open(out, "w") as file:
        file.writelines(f"{drawing.x[node]} {drawing.y[node]}\n" for node in nodes)
    print(seconds, flush=True)
