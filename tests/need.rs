//! Everything that a test needs of the machine and may not find: real data, Python with modules,
//! other programs, a graphics adapter.
//!
//! Without it the test prints what is missing and ends. `REDTHREAD_REQUIRE=all` makes that a
//! failure, so that CI cannot skip in silence. The library's own tests include this file too.

#![allow(dead_code, reason = "the library's tests use a part of it")]

use std::{
    ffi::OsString,
    panic::catch_unwind,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use eframe::egui_wgpu::RendererOptions;
use egui_kittest::wgpu::{create_render_state, default_wgpu_setup};

/// Whether nothing may be missing.
fn all_required() -> bool {
    std::env::var_os("REDTHREAD_REQUIRE").is_some_and(|value| value == "all")
}

/// Reports what is missing; every test that ends early because of it calls this first.
#[track_caller]
pub fn missing(what: &str) {
    let at = std::panic::Location::caller();
    assert!(!all_required(), "missing, and REDTHREAD_REQUIRE=all: {what}");
    println!("skipped at {}:{}: {what}", at.file(), at.line());
}

/// Files of the folder of real data, `../shared/data`.
#[track_caller]
pub fn data(names: &[&str]) -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    if let Some(absent) = files.iter().find(|file| !file.exists()) {
        missing(&format!("there is no file {}", absent.display()));
        return None;
    }
    Some(files)
}

/// A Python that has modules (`"networkx, scipy"`): the one that `PEERS_PY` names, or `python3`.
#[track_caller]
pub fn python(modules: &str) -> Option<OsString> {
    let python = std::env::var_os("PEERS_PY").unwrap_or_else(|| "python3".into());
    let has = Command::new(&python).arg("-c").arg(format!("import {modules}")).output();
    if has.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    let name = python.to_string_lossy();
    missing(&format!("{name} has no {modules}; PEERS_PY may name a Python that has"));
    None
}

/// A program, by the environment variable that names it or by its usual name.
#[track_caller]
pub fn program(variable: &str, name: &str) -> Option<OsString> {
    let program = std::env::var_os(variable).unwrap_or_else(|| name.into());
    if Command::new(&program).arg("--version").output().is_ok() {
        return Some(program);
    }
    missing(&format!("{} does not run; {variable} may name it", program.to_string_lossy()));
    None
}

/// Whether something can draw pictures: a graphics adapter, or a program in its place.
#[track_caller]
pub fn adapter() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    // egui's renderer panics where there is none.
    let found = *FOUND.get_or_init(|| {
        catch_unwind(|| create_render_state(default_wgpu_setup(), RendererOptions::PREDICTABLE))
            .is_ok()
    });
    if !found {
        missing("no graphics adapter; Mesa's lavapipe is one (Debian: mesa-vulkan-drivers)");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of the sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }

    /// A skip that prints by itself would pass where nothing may be missing.
    #[test]
    fn every_skip_goes_through_this_file() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in ["src", "tests"] {
            sources(&root.join(folder), &mut files);
        }
        assert!(files.len() > 100);
        for file in files.iter().filter(|file| !file.ends_with("tests/need.rs")) {
            let text = std::fs::read_to_string(file).expect("readable");
            for (at, line) in text.lines().enumerate() {
                let prints = line.contains("println!(\"") || line.contains("print!(\"");
                let skips = ["skipped", "is not here", "not installed", "is not asked"];
                let asks = line.contains("\"REDTHREAD_REQUIRE\"");
                let skips = prints && skips.iter().any(|word| line.contains(word));
                assert!(
                    !asks && !skips,
                    "{}:{}: call need::missing instead",
                    file.display(),
                    at + 1
                );
            }
        }
    }

    #[test]
    fn what_is_there_is_found() {
        assert_eq!(
            program("REDTHREAD_NO_SUCH_VARIABLE", env!("CARGO")),
            Some(env!("CARGO").into())
        );
    }

    /// Both in a process of their own, since the environment is one for all tests.
    #[test]
    fn what_is_missing_fails_only_where_all_is_required() {
        let run = |require: &str| {
            Command::new(std::env::current_exe().expect("this program"))
                .args(["--exact", "--nocapture", "--ignored"])
                .arg(format!("{}::skips", module_path!().split_once("::").expect("nested").1))
                .env("REDTHREAD_REQUIRE", require)
                .output()
                .expect("it runs")
        };
        let lenient = run("");
        let text = String::from_utf8_lossy(&lenient.stdout).into_owned();
        assert!(lenient.status.success(), "{text}");
        assert!(text.contains("1 passed") && text.contains("skipped at"), "{text}");
        let strict = run("all");
        assert!(!strict.status.success());
        let text = String::from_utf8_lossy(&strict.stderr).into_owned();
        assert!(text.contains("REDTHREAD_REQUIRE=all"), "{text}");
    }

    #[test]
    #[ignore = "run by the test above"]
    fn skips() {
        assert!(data(&["no/such/file"]).is_none());
        assert!(program("REDTHREAD_NO_SUCH_VARIABLE", "no-such-program").is_none());
        assert!(python("no_such_module").is_none());
    }
}
