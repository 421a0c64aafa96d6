//! Questions and their findings, through the window.

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use redthread::{
    app::model::Request,
    case::{Action, Case, Op, Progress, Verdict},
    demo::Demo,
};

use crate::window::{click, model, press, settle, window, write};

#[test]
fn a_finding_selects_what_it_rests_on_and_follows_the_lens() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lantern.redthread");
    drop(Demo::Lantern.build(&path, &Progress::new()).expect("builds"));
    let mut window = window([1440.0, 900.0], Some(path));
    settle(&mut window);
    window.state_mut().ask(Request::Run("ask.blocked"));
    settle(&mut window);
    window
        .get_by_label_contains("Jade Harbour Holdings Ltd would be blocked on these facts")
        .click();
    settle(&mut window);
    let selected: Vec<String> = {
        let selection = &window.state().view().selection;
        selection
            .iter()
            .filter_map(|id| model(&window).seen.get(id))
            .map(|e| e.caption().to_owned())
            .collect()
    };
    assert!(selected.contains(&"Jade Harbour Holdings Ltd".to_owned()), "{selected:?}");
    assert!(selected.contains(&"60 %".to_owned()), "the stake is lit: {selected:?}");
    assert!(
        selected.contains(&"Lantern Trading House".to_owned()),
        "and who is listed: {selected:?}"
    );

    // Long before the listing nothing is blocked by stakes that are dated later.
    write(&mut window, "On the day", "someday");
    settle(&mut window);
    window.get_by_label_contains("“someday” is not a date");
    write(&mut window, "On the day", "2024-07");
    settle(&mut window);
    assert!(window.get_all_by_label_contains("on these facts on 2024-07").next().is_some());

    // A question about two entities is about those that are selected, and asks for them.
    click(&mut window, "How are two entities connected?");
    settle(&mut window);
    let paths = "Lantern Trading House → Jade Harbour Holdings Ltd (";
    assert!(window.get_all_by_label_contains(paths).next().is_some());
    window.state_mut().ask(Request::Run("edit.select_none"));
    settle(&mut window);
    window.get_by_label("Select what to ask about");
}

#[test]
fn a_pinned_finding_is_asked_again_and_says_when_it_flips() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lantern.redthread");
    drop(Demo::Lantern.build(&path, &Progress::new()).expect("builds"));
    let mut window = window([1440.0, 900.0], Some(path.clone()));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num8);
    settle(&mut window);
    let pin = "Pin this finding: it is asked again after each change";
    window.get_all_by_label(pin).next().expect("a finding").click();
    settle(&mut window);
    let pinned = model(&window).pinned.clone();
    assert_eq!((pinned.len(), pinned[0].verdict.as_str()), (1, "blocked"));
    window.get_by_label("PINNED (1)");

    // What holds it up is withdrawn: every stake in it.
    let about = pinned[0].about[0].clone();
    let stakes: Vec<Op> = model(&window)
        .seen
        .links_of(&about)
        .filter(|link| {
            link.schema() == "Ownership" && link.ends().is_some_and(|(_, asset)| *asset == about)
        })
        .map(|link| Op::WithdrawEntity(link.id().clone()))
        .collect();
    assert!(!stakes.is_empty());
    window.state_mut().ask(Request::Commit(Action::new("Withdraw the stakes", stakes)));
    settle(&mut window);
    window.get_by_label("PINNED (1, 1 changed)");
    window.get_by_label_contains("Was “blocked”, now");
    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    window.get_by_label("PINNED (1)");

    click(&mut window, "Take this finding off the list");
    settle(&mut window);
    assert!(model(&window).pinned.is_empty());
    window.state_mut().ask(Request::Undo);
    settle(&mut window);
    assert_eq!(model(&window).pinned, pinned, "unpinning is undone like anything else");
    drop(window);
    let case = Case::open(&path).expect("opens");
    assert_eq!(case.pinned().expect("readable"), pinned, "and it is in the file");
    let verdict = case.verify(&Progress::new()).expect("verification runs");
    assert!(matches!(verdict, Verdict::Holds { .. }), "{verdict:?}");
}
