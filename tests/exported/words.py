# All text in a file or folder, decompressed: members of archives, streams of PDF, and what pypdf
# reads where it is there. Prints which of the words that follow are in it.
import json, pathlib, re, sys, zipfile, zlib

where, words = pathlib.Path(sys.argv[1]), sys.argv[2:]
files = [where] if where.is_file() else [p for p in where.rglob("*") if p.is_file()]
found = b""
for path in files:
    data = path.read_bytes()
    found += b"\n" + path.name.encode() + b"\n" + data
    if data[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                found += b"\n" + member.encode() + b"\n" + archive.read(member)
    if data[:5] == b"%PDF-":
        for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S):
            try:
                found += b"\n" + zlib.decompress(stream)
            except zlib.error:
                pass
        try:
            import pypdf
            reader = pypdf.PdfReader(path)
            found += "\n".join(page.extract_text() for page in reader.pages).encode()
            found += str(reader.metadata).encode()
        except ImportError:
            pass
low = found.lower()
hit = [w for w in words if w.lower().encode() in low or w.lower().encode("utf-16-be") in low]
print(json.dumps(hit))
