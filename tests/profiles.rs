//! Crates that `Cargo.toml` leaves unoptimised, so that the first build is short, are optimised in
//! packages.

use toml::{Table, Value};

fn level(profile: &Table, package: &str) -> Option<i64> {
    profile.get("package")?.get(package)?.get("opt-level").and_then(Value::as_integer)
}

#[test]
fn what_is_left_unoptimised_in_a_release_is_optimised_in_packages() {
    let manifest: Table = include_str!("../Cargo.toml").parse().expect("a manifest");
    let profile = |name: &str| manifest["profile"][name].as_table().expect("a profile");
    let (release, dist) = (profile("release"), profile("dist"));
    let hurried: Vec<&String> = release["package"]
        .as_table()
        .expect("packages")
        .keys()
        .filter(|package| level(release, package).is_some_and(|level| level < 2))
        .collect();
    assert!(hurried.len() > 10, "{hurried:?}");
    for package in hurried {
        assert_eq!(level(dist, package), Some(3), "{package} in [profile.dist.package]");
    }
}
