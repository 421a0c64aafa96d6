//! The bytes of evidence: stored by content, in parts, streamed both ways, never changed.

use std::{
    fs::File,
    io::{Read, Seek, Write},
    path::Path,
};

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::{Error, EvidenceBytes, Progress, Result};

/// The length of a part in bytes. `SQLite` handles blobs of this size best.
pub(super) const PART: usize = 1 << 20;

/// The progress of reading bytes.
struct Watched<'a> {
    progress: &'a Progress,
    /// How many bytes will be read in all; 0 where somebody else reports.
    total: u64,
    done: u64,
    /// How long what is read was at first: a file that grows while it is read might never end.
    most: u64,
}

impl Watched<'_> {
    fn add(&mut self, bytes: usize) -> Result<()> {
        self.done += bytes as u64;
        if self.total > 0 {
            self.progress.report(self.done, self.total);
        }
        self.progress.check()
    }
}

/// Opens a file for reading; gives its length too. Refuses folders, pipes and devices, and what the
/// system makes while it is read: these would not end, or would wait for ever.
pub(crate) fn open_file(path: &Path) -> Result<(File, u64)> {
    let meta = std::fs::metadata(path).map_err(Error::unreadable(path))?;
    if !meta.is_file() {
        return Err(Error::invalid(format!("{} is not a file that can be read", path.display()))
            .hint("choose a file"));
    }
    if is_made_while_read(path) {
        return Err(Error::invalid(format!(
            "{} is made by the system while it is read and may never end",
            path.display()
        ))
        .hint("save what it says to a file on a disk and use that"));
    }
    let file = File::open(path).map_err(Error::unreadable(path))?;
    Ok((file, meta.len()))
}

/// Whether a file is in one of the file systems in which the kernel shows itself.
#[cfg(target_os = "linux")]
fn is_made_while_read(path: &Path) -> bool {
    // From linux/magic.h: proc, sysfs, debugfs, tracefs, securityfs, cgroup, cgroup2, configfs,
    // selinuxfs, efivarfs, bpf, fusectl.
    const KERNEL: [u64; 12] = [
        0x9FA0,
        0x6265_6572,
        0x6462_6720,
        0x7472_6163,
        0x7363_6673,
        0x0027_E0EB,
        0x6367_7270,
        0x6265_6570,
        0xF97C_FF8C,
        0xDE5E_81E4,
        0xCAFE_4A11,
        0x6573_5543,
    ];
    rustix::fs::statfs(path).is_ok_and(|fs| KERNEL.contains(&(fs.f_type as u64 & 0xFFFF_FFFF)))
}

#[cfg(not(target_os = "linux"))]
fn is_made_while_read(_: &Path) -> bool {
    false
}

/// The SHA-256 of bytes.
pub(super) fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Stores bytes unless they are there; gives the key of the blob, its hash and its length.
pub(super) fn store(
    db: &Connection,
    bytes: &EvidenceBytes,
    progress: &Progress,
) -> Result<(i64, [u8; 32], u64)> {
    match bytes {
        EvidenceBytes::Memory(bytes) => {
            let mut from = std::io::Cursor::new(bytes);
            let watched = Watched {
                progress,
                total: bytes.len() as u64 * 2,
                done: 0,
                most: bytes.len() as u64,
            };
            store_stream(db, &mut from, Path::new("what was pasted"), watched)
        }
        EvidenceBytes::File(path) => {
            if path.is_dir() {
                return Err(Error::invalid(format!("{} is not a file", path.display()))
                    .hint("attach the files in it one by one"));
            }
            let (mut file, size) = open_file(path)?;
            // It is read twice.
            let watched = Watched { progress, total: size * 2, done: 0, most: size };
            store_stream(db, &mut file, path, watched)
        }
    }
}

/// Whether there are bytes of this length: only what is as long can be the same.
pub(super) fn is_as_long(db: &Connection, size: u64) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM blob WHERE size = ?1")?.exists([size as i64])?)
}

/// The SHA-256 of a file.
pub(crate) fn hash_file(path: &Path, progress: &Progress) -> Result<[u8; 32]> {
    let (mut file, size) = open_file(path)?;
    let mut watched = Watched { progress, total: 0, done: 0, most: size };
    Ok(each_part(&mut file, path, &mut watched, |_, _| Ok(()))?.0)
}

/// Stores the bytes of a file that cannot be there yet, because nothing there is as long.
pub(super) fn store_new(
    db: &Connection,
    path: &Path,
    progress: &Progress,
) -> Result<(i64, [u8; 32], u64)> {
    let (mut file, size) = open_file(path)?;
    let mut watched = Watched { progress, total: 0, done: 0, most: size };
    // The hash follows when it is known.
    db.execute("INSERT INTO blob(sha256, size) VALUES (x'', 0)", [])?;
    let key = db.last_insert_rowid();
    let (sha256, size) = store_parts(db, key, &mut file, path, &mut watched)?;
    db.execute(
        "UPDATE blob SET sha256 = ?2, size = ?3 WHERE key = ?1",
        params![key, sha256.as_slice(), size as i64],
    )?;
    Ok((key, sha256, size))
}

fn store_parts(
    db: &Connection,
    key: i64,
    from: &mut impl Read,
    name: &Path,
    watched: &mut Watched<'_>,
) -> Result<([u8; 32], u64)> {
    let mut insert =
        db.prepare_cached("INSERT INTO blob_part(blob, part, bytes) VALUES (?1, ?2, ?3)")?;
    each_part(from, name, watched, |part, bytes| {
        Ok(insert.execute(params![key, part, bytes]).map(drop)?)
    })
}

/// Reads twice: to see whether the bytes are there already, and to store them if not. A file
/// that changes in between is refused, because nobody could say which of the two was meant.
fn store_stream(
    db: &Connection,
    from: &mut (impl Read + Seek),
    name: &Path,
    mut watched: Watched<'_>,
) -> Result<(i64, [u8; 32], u64)> {
    let (sha256, size) = each_part(from, name, &mut watched, |_, _| Ok(()))?;
    let there: Option<i64> = db
        .prepare_cached("SELECT key FROM blob WHERE sha256 = ?1")?
        .query_row([sha256.as_slice()], |row| row.get(0))
        .optional()?;
    if let Some(key) = there {
        return Ok((key, sha256, size));
    }
    db.prepare_cached("INSERT INTO blob(sha256, size) VALUES (?1, ?2)")?
        .execute(params![sha256.as_slice(), size as i64])?;
    let key = db.last_insert_rowid();
    from.rewind().map_err(Error::unreadable(name))?;
    let (stored, _) = store_parts(db, key, from, name, &mut watched)?;
    if stored != sha256 {
        return Err(Error::invalid(format!("{} changed while it was read", name.display()))
            .hint("attach it again when nothing writes to it"));
    }
    Ok((key, sha256, size))
}

/// Calls `take` with each part and its number; gives the hash and the length of the whole.
fn each_part(
    from: &mut impl Read,
    name: &Path,
    watched: &mut Watched<'_>,
    mut take: impl FnMut(i64, &[u8]) -> Result<()>,
) -> Result<([u8; 32], u64)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut buffer = Vec::with_capacity(PART);
    for part in 0.. {
        buffer.clear();
        from.take(PART as u64).read_to_end(&mut buffer).map_err(Error::unreadable(name))?;
        if buffer.is_empty() {
            break;
        }
        hash.update(&buffer);
        size += buffer.len() as u64;
        if size > watched.most {
            return Err(Error::invalid(format!("{} grew while it was read", name.display()))
                .hint("take it in again when nothing writes to it"));
        }
        take(part, &buffer)?;
        watched.add(buffer.len())?;
    }
    Ok((hash.finalize().into(), size))
}

/// Streams a blob out and compares it with its hash; gives its length. Each part is a query of its
/// own, so that a writer never waits for more than one.
pub(super) fn read(
    db: &Connection,
    key: i64,
    out: &mut dyn Write,
    progress: &Progress,
) -> Result<u64> {
    let (expected, size): (Vec<u8>, i64) = db
        .prepare_cached("SELECT sha256, size FROM blob WHERE key = ?1")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut query = db.prepare_cached(
        "SELECT part, bytes FROM blob_part WHERE blob = ?1 AND part >= ?2 ORDER BY part LIMIT 1",
    )?;
    let mut hash = Sha256::new();
    let mut length = 0;
    let changed =
        || Error::Corrupt(format!("the bytes of evidence {} were changed", hex::encode(&expected)));
    for next in 0_i64.. {
        progress.check()?;
        let mut rows = query.query([key, next])?;
        let Some(row) = rows.next()? else { break };
        let bytes = row.get_ref(1)?.as_blob().map_err(|_| changed())?;
        if row.get::<_, i64>(0)? != next {
            return Err(changed());
        }
        hash.update(bytes);
        length += bytes.len() as u64;
        out.write_all(bytes).map_err(Error::unwritable(Path::new("the copy")))?;
    }
    let found: [u8; 32] = hash.finalize().into();
    if found.as_slice() == expected && length == size as u64 { Ok(length) } else { Err(changed()) }
}
