//! Questions and their findings, through the window.

use egui::{Event, Key, Modifiers, PointerButton};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use redthread::{
    app::{command, model::Request},
    case::{Action, Case, Op, Progress, Verdict},
    demo::Demo,
    model::Id,
    network::Lens,
};

use crate::window::{Window, click, model, press, settle, window, write};

#[test]
fn a_finding_selects_what_it_rests_on_and_follows_the_lens() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lantern.redthread");
    drop(Demo::Lantern.build(&path, &Progress::new()).expect("builds"));
    let mut window = window([1440.0, 900.0], Some(path));
    settle(&mut window);
    window.state_mut().ask(Request::Run(command::ASK_BLOCKED));
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
    // The answer stays while something else is selected, as a click on it does.
    window.get_all_by_label_contains(paths).next().expect("a path").click();
    settle(&mut window);
    assert!(window.get_all_by_label_contains(paths).next().is_some());
    window.state_mut().ask(Request::Run(command::EDIT_SELECT_NONE));
    settle(&mut window);
    window.state_mut().ask(Request::Run(command::ASK_BLOCKED));
    settle(&mut window);
    click(&mut window, "How are two entities connected?");
    window.get_by_label("Select what to ask about");
}

/// A window with the training case, and the table of its entities.
fn lantern(folder: &tempfile::TempDir) -> Window {
    let path = folder.path().join("lantern.redthread");
    drop(Demo::Lantern.build(&path, &Progress::new()).expect("builds"));
    let mut window = window([1440.0, 900.0], Some(path));
    settle(&mut window);
    window
}

#[test]
fn questions_are_in_the_context_menus_of_chart_and_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = lantern(&folder);
    let one = "Would it be blocked under OFAC's 50 Percent Rule?";
    let two = "How are two entities connected?";
    press(&mut window, Modifiers::COMMAND, Key::Num2);
    settle(&mut window);
    write(&mut window, "Filter the table", "Jade Harbour Holdings");
    window.get_by_label("Jade Harbour Holdings Ltd").click_secondary();
    settle(&mut window);
    assert_eq!(window.state().view().selection.len(), 1, "the row is selected");
    assert!(window.query_by_label(two).is_none(), "it is about two");
    click(&mut window, one);
    window.get_by_label_contains("Jade Harbour Holdings Ltd would be blocked on these facts");
    assert_eq!(window.query_all_by_label_contains("would be blocked on").count(), 1, "it alone");
    click(&mut window, "Ask about the whole case");
    assert!(window.query_all_by_label_contains("would be blocked on").count() > 1);

    // Who is listed is so without any stake.
    let listed = model(&window).seen.nodes().find(|e| e.caption() == "Lantern Trading House");
    let listed = listed.expect("in the case").id().clone();
    window.state_mut().ask(Request::Ask("blocked", vec![listed]));
    settle(&mut window);
    window.get_by_label_contains("Lantern Trading House is itself listed");

    // On the chart, of two.
    let app = window.state();
    let chart = app.view().chart.clone().expect("a chart");
    let ids: Vec<Id> = model(&window).placed(&chart).iter().map(|p| p.entity.clone()).collect();
    press(&mut window, Modifiers::COMMAND, Key::Num8);
    window.state_mut().ask(Request::Run(command::CHART_FIT));
    settle(&mut window);
    let at = |window: &Window, id: &Id| window.state().canvas().position(window.state().view(), id);
    let (first, second) =
        (at(&window, &ids[0]).expect("shown"), at(&window, &ids[1]).expect("shown"));
    for (at, modifiers) in [(first, Modifiers::NONE), (second, Modifiers::SHIFT)] {
        window.hover_at(at);
        window.run_steps(1);
        for pressed in [true, false] {
            window.event_modifiers(
                Event::PointerButton {
                    pos: at,
                    button: PointerButton::Primary,
                    pressed,
                    modifiers,
                },
                modifiers,
            );
            window.run_steps(1);
        }
        settle(&mut window);
    }
    assert_eq!(window.state().view().selection.len(), 2);
    for pressed in [true, false] {
        let button = PointerButton::Secondary;
        window.event(Event::PointerButton {
            pos: second,
            button,
            pressed,
            modifiers: Modifiers::NONE,
        });
        window.run_steps(1);
    }
    settle(&mut window);
    assert!(window.query_by_label(one).is_none(), "it is about one");
    click(&mut window, two);
    window.get_by_label("About");
    assert!(window.query_by_label("Findings panel").is_some());
}

#[test]
fn a_finding_is_pinned_through_a_lens_and_is_looked_at_through_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = lantern(&folder);
    let registers = model(&window)
        .evidence
        .iter()
        .find(|item| item.caption.starts_with("Extracts from four company registers"))
        .map(|item| item.id.clone())
        .expect("in the case");
    let lens = Lens::without_evidence(registers.clone());
    window.state_mut().ask(Request::LookThrough(lens.clone()));
    settle(&mut window);
    press(&mut window, Modifiers::COMMAND, Key::Num8);
    settle(&mut window);
    let pin = "Pin this finding: it is asked again after each change";
    window.get_all_by_label(pin).next().expect("a finding").click();
    settle(&mut window);
    let pinned = model(&window).pinned.clone();
    assert_eq!(pinned[0].without_evidence, [registers]);
    window.get_by_label("This is how you look at the case.");
    window.state_mut().ask(Request::LookThrough(Lens::default()));
    settle(&mut window);
    // The case as it is makes no difference to it.
    window.get_by_label("PINNED (1)");
    window.get_by_label_contains("Asked without “Extracts from four company registers");
    click(&mut window, "Look at the case so");
    assert_eq!(*model(&window).lens(), lens);
}

#[test]
fn a_finding_says_its_weakest_strength_and_a_share_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut window = lantern(&folder);
    window.state_mut().ask(Request::Run(command::ASK_BLOCKED));
    settle(&mut window);
    assert!(window.query_all_by_label_contains("weakest: ").next().is_some());
    let said: Vec<String> = window
        .query_all_by_label_contains("Jade Harbour Holdings Ltd would be blocked")
        .filter_map(|node| node.accesskit_node().label())
        .collect();
    let said = said.first().expect("a finding");
    assert_eq!(said.matches("60 %").count(), 1, "{said}");
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
    window.state_mut().ask(Request::Commit(Action::new(stakes)));
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
