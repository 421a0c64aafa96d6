//! Every crate that the program is built from has a licence that `deny.toml` allows and comes
//! from a registry, and SQLite is reached through rusqlite alone: the part of `cargo deny check`
//! that needs no network and no tool beside cargo.

use std::{path::Path, process::Command};

use serde_json::Value;

/// Whether an SPDX expression holds when only these licences are allowed.
fn holds(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let holds = either(&words, &mut at, allowed);
    holds && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= both(words, at, allowed);
    }
    holds
}

fn both(words: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allowed);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allowed: &dyn Fn(&str) -> bool) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let holds = either(words, at, allowed);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return holds && closed;
    }
    if words.get(*at) == Some(&"WITH") {
        let exception = words.get(*at + 1).copied().unwrap_or_default();
        *at += 2;
        return allowed(&format!("{word} WITH {exception}"));
    }
    allowed(word)
}

#[test]
fn an_expression_holds_by_what_is_allowed() {
    let allowed = |name: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name);
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND ISC", true),
        ("(GPL-3.0 AND MIT) OR (ISC)", true),
        ("MIT AND (GPL-3.0 OR LGPL-2.1)", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("Apache-2.0", false),
        ("", false),
        ("(MIT", false),
        ("MIT ISC", false),
    ] {
        assert_eq!(holds(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_crate_has_a_licence_that_is_allowed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = std::fs::read_to_string(root.join("deny.toml")).expect("readable");
    let rules: toml::Table = toml::from_str(&rules).expect("TOML");
    let allow = rules["licenses"]["allow"].as_array().expect("a list");
    let exceptions = rules["licenses"]["exceptions"].as_array().expect("a list");
    let allowed = |package: &str, name: &str| {
        let of_package =
            exceptions.iter().filter(|except| except["crate"].as_str() == Some(package));
        let more = of_package.filter_map(|except| except["allow"].as_array()).flatten();
        allow.iter().chain(more).any(|allowed| allowed.as_str() == Some(name))
    };

    let version = Command::new("rustc").arg("-vV").output().expect("rustc is here");
    let version = String::from_utf8(version.stdout).expect("text");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a platform");
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", host])
        .current_dir(root)
        .output()
        .expect("cargo is here");
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let metadata: Value = serde_json::from_slice(&cargo.stdout).expect("JSON");

    let mut wrong = Vec::new();
    let packages = metadata["packages"].as_array().expect("a list");
    let ours = metadata["workspace_members"].as_array().expect("a list");
    let others = packages.iter().filter(|package| !ours.contains(&package["id"]));
    let mut count = 0;
    for package in others {
        count += 1;
        let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let named = format!("{} {}", text("name"), text("version"));
        if !holds(&text("license"), &|name| allowed(&text("name"), name)) {
            wrong.push(format!("{named} is under {:?}", text("license")));
        }
        if !text("source").starts_with("registry+") {
            wrong.push(format!("{named} is from {:?}", text("source")));
        }
        if text("name") == "openssl-sys" {
            wrong.push(format!("{named} opens connections"));
        }
    }
    assert!(count > 100, "only {count} crates were read");
    for node in metadata["resolve"]["nodes"].as_array().expect("a list") {
        let id = node["id"].as_str().unwrap_or_default();
        let depends = node["deps"].as_array().is_some_and(|dependencies| {
            dependencies.iter().any(|dependency| dependency["name"] == "libsqlite3_sys")
        });
        if depends && !id.contains("rusqlite") {
            wrong.push(format!("{id} reaches SQLite beside rusqlite"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
