//! Files made to harm, cut off, or of other programs: one clear sentence, no crash, no change.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use redthread::{
    case::{Case, Progress},
    demo::Demo,
};

/// A small generator that gives the same numbers every time (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit
    }
}

/// Opens a file and reads all of it, as the window does; the sentence where that is refused.
fn open(path: &Path) -> Result<(), String> {
    let case = Case::open(path).map_err(|e| e.to_string())?;
    let read = || {
        case.entities()?;
        for chart in case.charts()? {
            case.placements(&chart.id)?;
        }
        case.scenes()?;
        case.evidence()?;
        case.log()?;
        case.counts()?;
        case.verify(&Progress::new()).map(drop)
    };
    let result = read().map_err(|e: redthread::case::Error| e.to_string());
    case.close().map_err(|e| e.to_string())?;
    result
}

fn one_sentence(text: &str) {
    assert!(
        !text.contains('\n') && text.len() > 20 && text.ends_with('.'),
        "not a sentence: {text}"
    );
    assert!(!text.contains("panicked") && !text.contains("Error {"), "not for people: {text}");
}

fn demo(folder: &Path) -> PathBuf {
    let path = folder.join("demo.redthread");
    Demo::Dandong.build(&path, &Progress::new()).expect("builds").close().expect("closes");
    path
}

#[test]
fn a_thousand_mutations_never_crash_hang_or_change_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let original = std::fs::read(demo(folder.path())).expect("readable");
    let path = folder.path().join("mutated.redthread");
    let mut random = Random(0x5EED);
    let (mut refused, mut slowest) = (0, Duration::ZERO);
    for round in 0..1000 {
        let mut bytes = original.clone();
        match round % 5 {
            0 => {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
            1 => {
                for _ in 0..50 {
                    let at = random.below(bytes.len());
                    bytes[at] = random.below(256) as u8;
                }
            }
            2 => bytes.truncate(random.below(bytes.len())),
            3 => {
                let (from, to) =
                    (random.below(bytes.len() / 4096), random.below(bytes.len() / 4096));
                let page = bytes[from * 4096..][..4096].to_vec();
                bytes[to * 4096..][..4096].copy_from_slice(&page);
            }
            // The header and the schema are where the most can go wrong.
            _ => {
                let at = random.below(4096);
                bytes[at] = random.below(256) as u8;
            }
        }
        std::fs::write(&path, &bytes).expect("space");
        let started = Instant::now();
        if let Err(text) = open(&path) {
            one_sentence(&text);
            refused += 1;
        }
        slowest = slowest.max(started.elapsed());
        assert!(std::fs::read(&path).expect("readable") == bytes, "round {round} changed the file");
    }
    println!("{refused} of 1000 were refused; the slowest took {slowest:.2?}");
    assert!(refused > 300, "mutations are noticed");
    assert!(slowest < Duration::from_secs(20), "nothing hangs: {slowest:?}");
}

#[test]
fn files_of_other_kinds_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("photo.jpg"), b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 and so on").expect("space");
    std::fs::write(at("empty.redthread"), b"").expect("space");
    std::fs::write(at("paper.pdf"), b"%PDF-1.7 and so on").expect("space");
    std::fs::write(at("cut.redthread"), b"SQLite format 3\x00").expect("space");
    std::fs::create_dir(at("folder.redthread")).expect("space");
    let history = rusqlite::Connection::open(at("History")).expect("a database");
    history
        .execute_batch(
            "CREATE TABLE urls(id INTEGER PRIMARY KEY, url TEXT); INSERT INTO urls VALUES (1, 'x')",
        )
        .expect("sql");
    drop(history);
    for (name, said) in [
        ("photo.jpg", "JPEG"),
        ("empty.redthread", "empty"),
        ("paper.pdf", "PDF"),
        ("cut.redthread", "not a Redthread case"),
        ("History", "another program"),
        ("folder.redthread", "not a regular file"),
        ("missing.redthread", "cannot be read"),
    ] {
        let before = std::fs::read(at(name)).ok();
        let text = open(&at(name)).expect_err(name);
        one_sentence(&text);
        assert!(text.contains(said) && text.contains(name), "{text}");
        assert!(std::fs::read(at(name)).ok() == before, "{name} was changed");
    }
}

#[test]
fn through_the_program_a_damaged_case_is_one_sentence_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = demo(folder.path());
    let mut bytes = std::fs::read(&path).expect("readable");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 3000].fill(0xA5);
    std::fs::write(&path, &bytes).expect("space");
    for command in [vec!["verify"], vec!["info"], vec!["log"], vec!["undo"]] {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_redthread"))
            .args(&command)
            .arg(&path)
            .output()
            .expect("the binary runs");
        assert_eq!(done.status.code(), Some(1), "{command:?}");
        let text = String::from_utf8_lossy(&done.stderr);
        one_sentence(text.trim_end());
        assert!(text.contains("demo.redthread"), "{text}");
    }
    assert!(std::fs::read(&path).expect("readable") == bytes, "the file was changed");
}
