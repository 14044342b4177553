//! Faults, their places, and what is no fault.

use super::*;

fn faults(text: &str, read: impl FnOnce(&Node<'_>)) -> Vec<(Option<u32>, String)> {
    let (_, found) = read_text(Path::new("x.toml"), text, |node| {
        read(node);
        Some(())
    });
    found.into_faults().into_iter().map(|f| (f.line, f.path)).collect()
}

#[test]
fn every_fault_of_a_file_is_found_at_its_line() {
    let text = "a = 5\nb = 99\n[s]\nd = \"x\"\ne = 1\n[[l]]\nf = true\n[[l]]\nf = 3\n";
    let found = faults(text, |node| {
        node.raw_text("a");
        node.number("b", 1, 9, 5);
        node.raw_text("c");
        node.section("s", |s| {
            s.flag("d", true);
            Some(())
        });
        node.each("l", 5, |l| Some(l.flag("f", false)));
    });
    let places: Vec<_> = found.iter().map(|(line, path)| (line.unwrap_or(0), path.as_str())).collect();
    assert_eq!(places, [(1, "a"), (2, "b"), (0, "c"), (4, "s.d"), (5, "s.e"), (9, "l[2].f")]);
}

#[test]
fn several_syntax_faults_come_at_once_and_nothing_else() {
    let found = faults("a = = 1\nb = 2\nc = \"x\n", |node| {
        node.raw_text("missing");
    });
    assert!(found.len() >= 2, "{found:?}");
    assert!(found.iter().all(|(line, path)| path.is_empty() && line.is_some()));
}

#[test]
fn a_byte_order_mark_of_an_editor_is_no_fault() {
    assert_eq!(faults("\u{FEFF}a = 1\n", |node| assert_eq!(node.number("a", 0, 9, 5), 1)), []);
}

#[test]
fn an_absent_section_gives_its_defaults_but_a_wrong_one_is_a_fault() {
    let read = |node: &Node<'_>| {
        let value = node.section_or_defaults("s", |s| Some(s.number("n", 0, 9, 4)));
        assert!(value.is_none() || value == Some(4));
    };
    assert_eq!(faults("", read), []);
    assert_eq!(faults("s = 3", read), [(Some(1), "s".to_owned())]);
}

#[test]
fn a_foreign_text_cannot_garble_a_message() {
    assert_eq!(quoted("a\u{202E}b\u{1b}[2J"), "a\u{FFFD}b\u{FFFD}[2J");
    assert_eq!(quoted(&"长".repeat(100)).chars().count(), QUOTED_CHARS);
}
