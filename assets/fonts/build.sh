#!/bin/sh
# Makes the bundled fonts. Needs Debian's fonts-inter, fonts-noto-core and fonts-noto-cjk, npm's
# material-symbols unpacked in $ICONS, and Python's fonttools with brotli.
set -eu
cd "$(dirname "$0")"
ICONS=${ICONS:?the folder of the unpacked npm package material-symbols}
INTER=/usr/share/fonts/opentype/inter
NOTO=/usr/share/fonts/opentype/noto
LATIN="U+0000-024F,U+0259,U+02B0-02FF,U+0300-036F,U+0370-03FF,U+0400-052F,U+1E00-1EFF,U+2000-206F,U+2070-209F,U+20A0-20CF,U+2100-214F,U+2190-21FF,U+2200-22FF,U+2460-2473,U+2500-25FF,U+FFFD"

for weight in Regular Medium SemiBold; do
    pyftsubset "$INTER/Inter-$weight.otf" --unicodes="$LATIN" --layout-features=kern,mark,mkmk,ccmp,locl \
        --no-hinting --desubroutinize --name-IDs='*' --output-file="Inter-$weight.otf"
done

# Noto Sans for the letters of Latin, Greek and Cyrillic that Inter lacks. It keeps those that Inter
# has, because a mark is shaped with the letter that it stands on.
TRUETYPE=/usr/share/fonts/truetype/noto
LETTERS="U+0020-007E,U+00A0-052F,U+1AB0-1AFF,U+1C80-1C8F,U+1D00-1DFF,U+1E00-1FFF,U+2C60-2C7F,U+2DE0-2DFF,U+2E2F,U+A640-A69F,U+A700-A7FF,U+AB30-AB6F,U+FB00-FB06,U+FE20-FE2F,U+25CC"
pyftsubset "$TRUETYPE/NotoSans-Regular.ttf" --unicodes="$LETTERS" \
    --layout-features=kern,mark,mkmk,ccmp,locl --no-hinting --name-IDs='*' --output-file=NotoSans.ttf

# Scripts whose letters join, stack or carry marks: with all that shaping needs.
script() {
    pyftsubset "$TRUETYPE/$1-Regular.ttf" --unicodes="$2" --layout-features='*' --no-hinting \
        --name-IDs='*' --output-file="$1.ttf"
}
script NotoSansArabic "U+0600-06FF,U+0750-077F,U+08A0-08FF,U+200C-200F,U+204F,U+25CC,U+2E41,U+FB50-FDFF,U+FE70-FEFC"
script NotoSansHebrew "U+0590-05FF,U+200C-200F,U+25CC,U+FB1D-FB4F"
script NotoSansThai "U+0E00-0E7F,U+200C,U+200D,U+25CC"
script NotoSansDevanagari "U+0900-097F,U+1CD0-1CFF,U+200C,U+200D,U+20B9,U+20F0,U+25CC,U+A8E0-A8FF"

# Every character of Noto Sans CJK SC: Han with its extensions as far as the font has them, Hangul,
# kana, bopomofo, symbols. Of its features those that put syllables of Hangul together are kept. It
# stays uncompressed, because packing would save a sixth and cost time and memory at the start.
python3 - <<'PY'
from fontTools.ttLib import TTCollection
for font in TTCollection("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").fonts:
    if font["name"].getDebugName(1) == "Noto Sans CJK SC":
        font.save("NotoSansCJKsc-full.otf")
PY
pyftsubset NotoSansCJKsc-full.otf --unicodes='*' --layout-features=ccmp,ljmo,vjmo,tjmo --no-hinting \
    --drop-tables+=GPOS,BASE,VORG,vhea,vmtx --name-IDs='*' --name-languages=0x409 \
    --output-file=NotoSansCJKsc.otf
rm NotoSansCJKsc-full.otf

# One weight, size and fill of the icons, and a Rust constant for each.
python3 - "$ICONS/material-symbols-rounded.woff2" <<'PY'
import sys
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib import instancer
font = TTFont(sys.argv[1], recalcTimestamp=False)
names = [line.strip() for line in open("icons.txt") if line.strip()]
codes = {}
for code, name in sorted(font.getBestCmap().items()):
    codes.setdefault(name, code)
missing = [name for name in names if name not in codes]
assert not missing, missing
# Private characters of the last plane, which no name has: one of the usual private characters in a
# name must be drawn as a box, not as an icon.
PLANE = 0x100000
font = instancer.instantiateVariableFont(font, {"FILL": 0, "GRAD": 0, "opsz": 24, "wght": 400})
options = subset.Options()
options.layout_features = []
options.glyph_names = False
options.hinting = False
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[codes[name] for name in names])
subsetter.subset(font)
font.flavor = None
table = CmapSubtable.newSubtable(12)
table.platformID, table.platEncID, table.language = 3, 10, 0
table.cmap = {PLANE + code: name for code, name in font.getBestCmap().items()}
font["cmap"].tables = [table]
font.save("MaterialSymbols-subset.ttf")
with open("../../src/chart/icon/ui.rs", "w") as out:
    out.write("//! The icons of the bundled font by their names. Made by `assets/fonts/build.sh`.\n\n")
    for name in sorted(names):
        words = name.replace("_", " ")
        out.write(f"/// “{words}”.\npub const {name.upper()}: char = '\\u{{{PLANE + codes[name]:x}}}';\n")
PY
