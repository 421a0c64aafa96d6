"""The queries of fts.py, drawn with its seed, as JSON: search.py"""
import json, random
rnd = random.Random(3)
cons = "bcdfghjklmnprstvz"; vow = "aeiou"
def w(i):
    s = ""; i += 1
    while i: i, r = divmod(i, 85); s += cons[r // 5] + vow[r % 5]
    return s
q = {"rare1": [f"zzrare{rnd.randrange(4)}" for _ in range(40)],
     "mid1": [w(rnd.randrange(2000, 9000)) for _ in range(40)],
     "common1": [w(rnd.randrange(3, 40)) for _ in range(40)],
     "and2": [[w(rnd.randrange(20, 300)), w(rnd.randrange(20, 300))] for _ in range(40)],
     "and3mix": [[w(rnd.randrange(3, 30)), w(rnd.randrange(30, 300)), w(rnd.randrange(300, 3000))] for _ in range(40)],
     "or3": [[w(rnd.randrange(20, 300)), w(rnd.randrange(300, 3000)), w(rnd.randrange(3000, 9000))] for _ in range(40)],
     "phrase": ["beneficial owner of record"] * 10 + ["owner of"] * 10 + [f"{w(0)} {w(rnd.randrange(1, 30))}" for _ in range(20)],
     "prefix": [w(rnd.randrange(300, 6000))[:4] for _ in range(40)]}
print(json.dumps(q))
