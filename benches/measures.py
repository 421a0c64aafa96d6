"""Measures of a graph by another library, timed inside: no start, no reading, no building of the
graph. Called by measures.rs: LIBRARY EDGES PAIRS WAYS SOURCES COUNT OPS.

Prints a JSON line for each measure: op, s (the median of several runs where one is short) and check, a value
that must be the same for all libraries. Where only part of the work is done, s is what all of it
would take, and part says how much was."""

import csv, json, os, statistics, sys, time

library, edges_file, pairs, ways, sources, count, ops = sys.argv[1:]
pairs, ways, sources, count = json.loads(pairs), json.loads(ways), int(sources), int(count)
ops = ops.split(",") if ops else None
threads = 2
os.environ["RAYON_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(threads)

with open(edges_file, newline="") as file:
    rows = csv.DictReader(file)
    edges = sorted({tuple(sorted((int(row["src"]), int(row["dst"])))) for row in rows})
edges = [(a, b) for a, b in edges if a != b]
step = max(1, count // sources)
some = list(range(0, count, step))[:sources]


def timed(op, work, check=lambda found: None, part=1.0, mean=False):
    """The median time; the check is of the last run, or the mean of all."""
    if ops and op not in ops:
        return
    times, checks, found = [], [], None
    while len(times) < (41 if mean else 9) and sum(times) < 1.5:
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
        if mean:
            checks.append(check(found))
    value = statistics.mean(checks) if mean else check(found)
    print(json.dumps(dict(op=op, s=statistics.median(times) / part, check=value, part=part)), flush=True)


def each(op, work, length):
    """The median over pairs of ends."""
    if ops and op not in ops:
        return
    times, total = [], 0
    for a, b in pairs:
        start = time.perf_counter()
        found = work(a, b)
        times.append(time.perf_counter() - start)
        total += length(found)
    print(json.dumps(dict(op=op, s=statistics.median(times), check=total, part=1.0)), flush=True)


if library == "igraph":
    import igraph

    graph = igraph.Graph(n=count, edges=edges)
    timed("degree", graph.degree, sum)
    timed("components", graph.connected_components, len)
    timed("kcore", graph.coreness, sum)
    timed("pagerank", graph.pagerank, max)
    if count <= 20_000:
        timed("closeness", graph.closeness)
        timed("betweenness", graph.betweenness, max)
    else:
        timed("closeness", lambda: graph.closeness(vertices=some), part=len(some) / count)
        timed("sampled", lambda: graph.betweenness(sources=some))
    leiden = lambda: graph.community_leiden(objective_function="modularity", n_iterations=2)
    timed("leiden", leiden, graph.modularity, mean=True)
    timed("cuts", lambda: (graph.articulation_points(), graph.bridges()), lambda r: len(r[0]) + len(r[1]))
    path = lambda a, b: graph.get_shortest_path(a, b)
    each("path", path, lambda found: max(0, len(found) - 1))
    timed("paths", lambda: [len(graph.get_all_simple_paths(a, b, maxlen=4)) for a, b in ways], sum)

if library == "networkit":
    import networkit as nk
    import numpy as np

    nk.setNumberOfThreads(threads)
    ends = np.array(edges)
    graph = nk.GraphFromCoo((np.ones(len(edges)), (ends[:, 0], ends[:, 1])), n=count, directed=False, weighted=False)

    def run(algorithm):
        algorithm.run()
        return algorithm

    timed("degree", lambda: run(nk.centrality.DegreeCentrality(graph)), lambda r: int(sum(r.scores())))
    timed("components", lambda: run(nk.components.ConnectedComponents(graph)), lambda r: r.numberOfComponents())
    timed("kcore", lambda: run(nk.centrality.CoreDecomposition(graph)), lambda r: int(sum(r.scores())))
    timed("pagerank", lambda: run(nk.centrality.PageRank(graph, 0.85, 1e-9)), lambda r: max(r.scores()))
    if count <= 20_000:
        variant = nk.centrality.ClosenessVariant.GENERALIZED
        timed("closeness", lambda: run(nk.centrality.Closeness(graph, True, variant)), lambda r: max(r.scores()))
        timed("betweenness", lambda: run(nk.centrality.Betweenness(graph)), lambda r: max(r.scores()) / 2)
    else:
        # There is no closeness of some members; walks from some, with nothing done about them.
        timed("closeness", lambda: run(nk.distance.SPSP(graph, some)), part=len(some) / count)
        timed("sampled", lambda: run(nk.centrality.EstimateBetweenness(graph, sources, False, True)))
    quality = lambda r: nk.community.Modularity().getQuality(r.getPartition(), graph)
    timed("leiden", lambda: run(nk.community.ParallelLeiden(graph, iterations=2)), quality, mean=True)
    timed("cuts", lambda: run(nk.components.BiconnectedComponents(graph)))
    walk = lambda a, b: run(nk.distance.BidirectionalBFS(graph, a, b))
    each("path", walk, lambda r: int(r.getDistance()) if r.getDistance() < 1e9 else 0)

if library == "rustworkx":
    import rustworkx as rx

    graph = rx.PyGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from_no_data(edges)
    if count <= 20_000:
        timed("betweenness", lambda: rx.betweenness_centrality(graph, normalized=False), lambda r: max(r.values()))
    # It counts members, not ties.
    timed("paths", lambda: [len(rx.all_simple_paths(graph, a, b, cutoff=5)) for a, b in ways], sum)
