//! A look into an old `.xls` workbook before it is read: it is read into memory sheet by sheet
//! as large as its furthest cell, so that two cells can claim hundreds of megabytes.

use std::{io::Read as _, path::Path};

use crate::{
    case::Result,
    exchange::{open, refused, unreadable},
};

/// The most cells that all sheets may span together.
const CELLS: u64 = 6_000_000;
/// How much is looked through for that, in bytes.
const SCANNED: usize = 1 << 30;
const END: u32 = 0xFFFF_FFFA;

/// Refuses a workbook that would take too much memory. One that cannot be understood here is
/// refused too.
pub(super) fn check(path: &Path) -> Result<()> {
    let (mut file, _) = open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(unreadable(path))?;
    let broken = || {
        refused(
            path,
            "",
            "it is cut off or damaged, or is no workbook; get it again from its source",
        )
    };
    let streams = workbooks(&bytes).ok_or_else(broken)?;
    if streams.iter().any(|stream| spanned(stream) > CELLS) {
        let what = "its sheets span more cells than can be held; save it as .xlsx or CSV";
        return Err(refused(path, "", what));
    }
    Ok(())
}

fn word(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// The workbook's streams out of its compound file (MS-CFB): there may be one for each of two
/// generations of the program.
fn workbooks(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    if bytes.get(..8)? != [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] {
        return None;
    }
    let size = 1_usize << word(bytes, 30)?.clamp(6, 16);
    let sector = |number: u32| {
        let start = (number as usize).checked_add(1)?.checked_mul(size)?;
        bytes.get(start..).map(|rest| &rest[..rest.len().min(size)])
    };
    let most = bytes.len() / size + 1;
    // The table of sectors: where it stands is in the header and in a chain behind it.
    let mut places: Vec<u32> = (0..109).filter_map(|at| long(bytes, 76 + at * 4)).collect();
    let mut next = long(bytes, 68)?;
    for _ in 0..most {
        let Some(part) = (next < END).then(|| sector(next)).flatten() else { break };
        let count = (part.len() / 4).checked_sub(1)?;
        places.extend((0..count).filter_map(|at| long(part, at * 4)));
        next = long(part, count * 4)?;
    }
    let longs = |bytes: &[u8]| -> Vec<u32> {
        bytes.chunks_exact(4).filter_map(|four| long(four, 0)).collect()
    };
    let sectors = places.into_iter().filter(|place| *place < END).take(most).filter_map(sector);
    let table: Vec<u32> = sectors.flat_map(longs).collect();
    let chain = |first: u32| {
        let mut stream = Vec::new();
        let mut next = first;
        for _ in 0..most {
            let Some(part) = (next < END).then(|| sector(next)).flatten() else { break };
            stream.extend_from_slice(part);
            next = table.get(next as usize).copied().unwrap_or(END);
        }
        stream
    };
    let folder = chain(long(bytes, 48)?);
    // Small streams stand in the root's, in parts of 64 bytes that have a table of their own.
    let small = chain(long(&folder, 116)?);
    let small_table = longs(&chain(long(bytes, 60)?));
    let small_chain = |first: u32| {
        let mut stream = Vec::new();
        let mut next = first;
        for _ in 0..64 {
            let start = (next as usize).saturating_mul(64);
            let Some(part) = small.get(start..) else { break };
            stream.extend_from_slice(&part[..part.len().min(64)]);
            next = small_table.get(next as usize).copied().unwrap_or(END);
        }
        stream
    };
    let streams: Vec<Vec<u8>> = folder
        .chunks_exact(128)
        .filter(|entry| {
            let length = usize::from(word(entry, 64).unwrap_or(0)).saturating_sub(2).min(64);
            let name: Vec<u16> =
                entry[..length].chunks_exact(2).filter_map(|two| word(two, 0)).collect();
            let name = String::from_utf16_lossy(&name).to_lowercase();
            entry[66] == 2 && (name == "workbook" || name == "book")
        })
        .take(2)
        .filter_map(|entry| {
            let (first, length) = (long(entry, 116)?, long(entry, 120)? as usize);
            let mut stream = if length < 4096 { small_chain(first) } else { chain(first) };
            stream.truncate(length);
            Some(stream)
        })
        .collect();
    (!streams.is_empty()).then_some(streams)
}

/// How many cells the sheets of a workbook span together; the most that there is where what it
/// says of its sheets is impossible. Several sheets may name the same place in the stream, and
/// each is read.
fn spanned(stream: &[u8]) -> u64 {
    let mut sheets = Vec::new();
    let mut at = 0;
    while let (Some(kind), Some(length)) = (word(stream, at), word(stream, at + 2)) {
        if kind == 0x0085 {
            let Some(place) = long(stream, at + 4) else { return u64::MAX };
            sheets.push(place as usize);
        }
        at += 4 + usize::from(length);
    }
    let (mut sum, mut scanned) = (0_u64, 0_usize);
    for place in sheets {
        let Some(sheet) = stream.get(place..) else { return u64::MAX };
        let (area, length) = area(sheet);
        sum = sum.saturating_add(area);
        scanned = scanned.saturating_add(length);
        if sum > CELLS || scanned > SCANNED {
            return u64::MAX;
        }
    }
    sum
}

/// How many cells a sheet spans, and how many bytes say so.
fn area(sheet: &[u8]) -> (u64, usize) {
    const CELL_RECORDS: [u16; 9] =
        [0x0203, 0x027E, 0x00FD, 0x0204, 0x00BD, 0x00BE, 0x0006, 0x0205, 0x00D6];
    let mut at = 0;
    let mut area: Option<[u64; 4]> = None;
    let mut depth = 0;
    while let (Some(kind), Some(length)) = (word(sheet, at), word(sheet, at + 2)) {
        let body = at + 4;
        at = body + usize::from(length);
        match kind {
            0x0809 => depth += 1,
            0x000A => {
                depth -= 1;
                if depth <= 0 {
                    break;
                }
            }
            // What a sheet claims to span is made room for.
            0x0200 => {
                let claimed = match length {
                    10 => word(sheet, body + 2).map(u64::from),
                    _ => long(sheet, body + 4).map(u64::from),
                };
                if claimed.is_some_and(|rows| rows > 1 << 16) {
                    return (u64::MAX, at);
                }
            }
            _ if CELL_RECORDS.contains(&kind) => {
                let (Some(row), Some(column)) = (word(sheet, body), word(sheet, body + 2)) else {
                    break;
                };
                let (row, column) = (u64::from(row), u64::from(column));
                // A row of several cells says its last column at its end.
                let last = match kind {
                    0x00BD | 0x00BE => at.checked_sub(2).and_then(|end| word(sheet, end)),
                    _ => None,
                };
                let last = last.map_or(column, u64::from).max(column);
                let [top, bottom, left, right] = area.unwrap_or([row, row, column, last]);
                area = Some([top.min(row), bottom.max(row), left.min(column), right.max(last)]);
            }
            _ => {}
        }
    }
    let cells =
        area.map_or(0, |[top, bottom, left, right]| (bottom - top + 1) * (right - left + 1));
    (cells, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = body.len() as u16;
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
    }

    fn number_at(row: u16, column: u16) -> Vec<u8> {
        let mut body = [row.to_le_bytes(), column.to_le_bytes()].concat();
        body.extend([0; 10]);
        record(0x0203, &body)
    }

    /// A workbook with sheets at these places behind its own records.
    fn book(places: &[u32], sheets: &[u8]) -> Vec<u8> {
        let own = (4 + 8) * places.len();
        let bound = places.iter().flat_map(|place| {
            let place = (place + own as u32).to_le_bytes();
            record(0x0085, &[&place[..], &[0; 4]].concat())
        });
        bound.chain(sheets.iter().copied()).collect()
    }

    #[test]
    fn two_far_cells_span_a_sheet_and_sheets_add_up() {
        let sheet =
            [record(0x0809, &[0; 16]), number_at(0, 0), number_at(999, 9), record(0x000A, &[])]
                .concat();
        assert_eq!(spanned(&book(&[0], &sheet)), 10_000);
        assert_eq!(spanned(&book(&[0, 0], &sheet)), 20_000, "one place read twice");
        assert_eq!(spanned(&book(&[999], &sheet)), u64::MAX, "beyond the end");
        assert_eq!(spanned(&book(&[0; 700], &sheet)), u64::MAX, "more than is held");
        assert_eq!(spanned(&book(&[0], &sheet[..26])), 0, "cut off");
        assert_eq!(spanned(&[]), 0);
        let claim = record(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 0, 0, 0]);
        assert_eq!(spanned(&book(&[0], &claim)), u64::MAX, "what it claims is made room for");
    }
}
