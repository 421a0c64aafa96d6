//! A case with everything that can go wrong when it leaves, and outside readers to ask.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use redthread::{
    case::{Action, Case, Cited, EvidenceBytes, NewCitation, NewEvidence, NewValue, Op},
    model::{Chart, Id, Placement, chart::Group},
};

use crate::need;

/// What must not be found in anything that leaves, be it the whole case or its chart.
pub const WITHDRAWN: [&str; 6] = [
    "SECRETWITHDRAWN",
    "SECRETVALUE",
    "SECRETUNDONE",
    "SECRETEVIDENCE",
    "SECRETORIGIN",
    "secretwithdrawnid",
];

/// What must not be found in anything that leaves of the chart.
pub const HIDDEN: [&str; 6] = [
    "SECRETHIDDEN",
    "SECRETELSEWHERE",
    "SECRETTIE",
    "secrethiddenid",
    "secretelsewhereid",
    "SECRETDOCUMENT",
];

pub fn add(id: &str, schema: &str, values: &[(&str, &str)]) -> Op {
    Op::Add {
        entity: id.into(),
        schema: schema.into(),
        values: values.iter().map(|(p, v)| NewValue::new(*p, *v)).collect(),
    }
}

fn document(id: &str, title: &str) -> Op {
    Op::Attach(NewEvidence {
        id: id.into(),
        bytes: EvidenceBytes::Memory(format!("FICTIONAL {title}").into_bytes()),
        file_name: format!("{title}.txt"),
        mime: "text/plain".into(),
        method: "opened".into(),
        values: vec![NewValue::new("title", title)],
    })
}

fn cite(of: &str, evidence: &str) -> Op {
    Op::Cite(NewCitation {
        statement: Cited::ExistenceOf(of.into()),
        evidence: evidence.into(),
        supports: true,
        credibility: None,
        page: Some("page 3".into()),
        quote: None,
        range: None,
        region: None,
    })
}

/// The case, FICTIONAL: its file, and a chart called “Shown”.
pub fn case(folder: &Path) -> PathBuf {
    let path = folder.join("c.redthread");
    let mut case = Case::create(&path).expect("a new case");
    let mut commit = |label: &str, ops: Vec<Op>| {
        case.commit(Action::new(ops)).expect(label);
    };
    commit(
        "Name",
        vec![
            Op::Set { key: "title".into(), value: "FICTIONAL case <&>".into() },
            Op::Set { key: "marking".into(), value: "RESTRICTED & <FICTIONAL>".into() },
            Op::Set { key: "officer".into(), value: "An Officer".into() },
        ],
    );
    commit(
        "Add",
        vec![
            add(
                "a",
                "Company",
                &[
                    ("name", "丹东鸿祥"),
                    ("name", "A; Ltd"),
                    ("country", "cn"),
                    ("legalStatus", "designated"),
                ],
            ),
            add("b", "Person", &[("name", "조선 B"), ("birthDate", "1970-01")]),
            add(
                "c",
                "Company",
                &[("name", "Рассвет \"C\" <&>\u{1}\ttab"), ("phone", "+861234567")],
            ),
            add("g1", "Company", &[("name", "=1+1"), ("website", "https://a.example")]),
            add("g2", "Company", &[("name", "@SUM(A1)"), ("parent", "secrethiddenid")]),
            add("secrethiddenid", "Company", &[("name", "SECRETHIDDEN")]),
            add("secretelsewhereid", "Company", &[("name", "SECRETELSEWHERE")]),
            add("secretwithdrawnid", "Company", &[("name", "SECRETWITHDRAWN")]),
            add(
                "owns",
                "Ownership",
                &[("owner", "b"), ("asset", "a"), ("percentage", "60"), ("startDate", "2011-05")],
            ),
            add(
                "pays",
                "Payment",
                &[
                    ("payer", "a"),
                    ("beneficiary", "c"),
                    ("amount", "1250000.5"),
                    ("date", "2016-08-03"),
                ],
            ),
            add("pays2", "Payment", &[("payer", "a"), ("beneficiary", "c"), ("amount", "-12.5")]),
            add("knows", "UnknownLink", &[("subject", "g1"), ("object", "g2"), ("role", "＝cmd")]),
            add(
                "hiddenlink",
                "UnknownLink",
                &[("subject", "a"), ("object", "c"), ("role", "SECRETTIE")],
            ),
            add("tohidden", "Ownership", &[("owner", "a"), ("asset", "secrethiddenid")]),
            add("dangling", "Ownership", &[("owner", "a"), ("asset", "nobody")]),
            add("onend", "Ownership", &[("owner", "a")]),
            // A relationship with a relationship at its end.
            add(
                "meta",
                "UnknownLink",
                &[("subject", "b"), ("object", "owns"), ("role", "witness of")],
            ),
            document("doc", "Extract"),
            document("hiddendoc", "SECRETDOCUMENT"),
            document("withdrawndoc", "SECRETEVIDENCE"),
        ],
    );
    commit("Cite", vec![cite("a", "doc"), cite("a", "hiddendoc"), cite("a", "withdrawndoc")]);
    let wrong =
        NewValue { original: Some("SECRETORIGIN".into()), ..NewValue::new("name", "SECRETVALUE") };
    commit("Say", vec![Op::State { entity: "a".into(), value: wrong }]);
    let denied = NewValue { denied: true, ..NewValue::new("name", "Denied Name") };
    commit(
        "Deny",
        vec![
            Op::State { entity: "b".into(), value: denied },
            Op::Deny { entity: "pays2".into(), denied: true },
            add("d", "Company", &[("name", "D"), ("parent", "secretwithdrawnid")]),
        ],
    );
    let chart = Chart {
        hidden: vec!["secrethiddenid".into(), "hiddenlink".into(), "hiddendoc".into()],
        groups: vec![Group::new("Two", vec![Id::from("g1"), Id::from("g2")])],
        ..Chart::new("Shown", 1.0)
    };
    let places = ["a", "b", "c", "g1", "g2", "secrethiddenid", "hiddendoc"];
    let placements = places.iter().enumerate().map(|(n, id)| Placement {
        entity: Id::from(*id),
        x: (n % 3) as f32 * 320.0,
        y: (n / 3) as f32 * 200.0,
        pinned: n == 0,
    });
    let place = Op::Place { chart: chart.id.clone(), placements: placements.collect() };
    commit("Chart", vec![Op::PutChart(chart), place]);
    let wrong = case
        .details(&"a".into())
        .expect("there")
        .statements
        .iter()
        .find(|statement| statement.value == "SECRETVALUE")
        .expect("stated")
        .key;
    let gone = vec![
        Op::Withdraw(wrong),
        Op::WithdrawEntity("secretwithdrawnid".into()),
        Op::WithdrawEntity("withdrawndoc".into()),
    ];
    case.commit(Action::new(gone)).expect("withdrawn");
    let undone = vec![add("u", "Company", &[("name", "SECRETUNDONE")])];
    case.commit(Action::new(undone)).expect("added");
    case.undo().expect("undone");
    case.close().expect("closes");
    path
}

pub fn redthread(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redthread"));
    command.current_dir(folder).args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    command.output().expect("the binary runs")
}

/// Exports and gives the report; further arguments follow the format.
pub fn export(folder: &Path, format: &str, out: &str, more: &[&str]) -> serde_json::Value {
    let mut args = vec!["export", "c.redthread", "--format", format, "--out", out, "--json"];
    args.extend(more);
    let output = redthread(folder, &args);
    assert!(output.status.success(), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The file that a format is written to in tests.
pub fn out(format: &str, stem: &str) -> String {
    let ending = redthread::export::target(format).expect("a format").endings.first();
    ending.map_or_else(|| format!("{stem}-{format}"), |ending| format!("{stem}-{format}.{ending}"))
}

/// Runs a script with Python; `None` where there is none with the modules that it needs.
#[track_caller]
pub fn python(script: &str, args: &[&Path], modules: &str) -> Option<serde_json::Value> {
    let python = need::python(modules)?;
    let output = Command::new(&python).arg("-c").arg(script).args(args).output().expect("it runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    Some(serde_json::from_slice(&output.stdout).expect("the script prints JSON"))
}
