//! Tidiness as a test: walls between layers, sizes, bans, reasons, licences. Each rule has a test that shows it can fail.

#[path = "tidy/habits.rs"]
mod habits;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/supply.rs"]
mod supply;
#[path = "tidy/tables.rs"]
mod tables;

use source::Source;

/// A rule looks at all files and answers what breaks it, one line each.
type Rule = fn(&[Source]) -> Vec<String>;

fn holds(rule: Rule) {
    let sources = source::all();
    assert!(sources.len() > 50, "only {} files were found", sources.len());
    let broken = rule(&sources);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}

/// Shows that a rule finds a slip and lets the mended file pass.
#[track_caller]
fn catches(rule: Rule, path: &str, slip: &str, mended: &str) {
    let broken = rule(&[Source::new(path, slip)]);
    assert!(!broken.is_empty(), "the rule does not see: {slip}");
    assert!(broken.iter().all(|line| line.starts_with(path)), "{broken:?}");
    assert_eq!(rule(&[Source::new(path, mended)]), Vec::<String>::new());
}

#[test]
fn layers_import_only_what_lies_below_them() {
    holds(layers::imports);
}

#[test]
fn pure_layers_touch_no_clock_file_socket_screen_or_store() {
    holds(layers::purity);
}

#[test]
fn sql_stands_only_in_the_module_that_owns_the_table() {
    holds(tables::owned);
}

#[test]
fn files_and_functions_stay_small() {
    holds(habits::small_files);
    holds(habits::small_functions);
}

#[test]
fn every_file_says_what_it_is_for() {
    holds(habits::documented);
}

#[test]
fn nothing_is_left_undone_and_names_say_something() {
    holds(habits::finished);
    holds(habits::named);
}

#[test]
fn every_allowance_has_its_reason() {
    holds(habits::reasoned_allowances);
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    holds(habits::nowhere_in_particular);
}

#[test]
fn every_dependency_has_its_reason() {
    holds(supply::reasoned_dependencies);
}

#[test]
fn licences_and_sources_are_on_the_lists() {
    let broken = supply::licences_and_sources();
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
}
