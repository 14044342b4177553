//! The forms of what somebody may do now, and what a sent one asks for.

use maud::{Markup, html};

use crate::centre::access::Viewer;
use crate::centre::cases::acts::Asked;
use crate::centre::cases::look::Looked;
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, buttons};
use crate::domain::case::{FollowUp, Grade, Matter, NOTE_CHARS, Step, Verdict};
use crate::words::Language;
use crate::words::cases::{self as words, Register};

/// The pairs of a form that was sent.
pub type Pairs = Vec<(String, String)>;

/// What was typed into the form that is drawn again.
#[derive(Debug, Default)]
pub struct Typed {
    pub pairs: Pairs,
    pub faults: Faults,
}

impl Typed {
    fn value(&self, name: &str) -> String {
        self.pairs.iter().find(|(n, _)| n == name).map_or_else(String::new, |(_, v)| v.chars().take(4_000).collect())
    }
}

/// The field of an act's text: each form has its own, for a page has several.
pub fn field_of(act: &str) -> &'static str {
    match act {
        "verify" => "verify_note",
        "rectify" => "rectify_note",
        "reply" => "reply_text",
        "follow_up" => "follow_up_note",
        "recheck" => "recheck_note",
        "close" => "close_note",
        "reopen" => "reopen_reason",
        "extend" => "extend_reason",
        "hold_accountable" => "hold_accountable_reason",
        "decide:verdict" => "decide_verdict_note",
        "decide:extension" => "decide_extension_note",
        "decide:accountability" => "decide_accountability_note",
        "review" => "review_note",
        "assign" => "account",
        _ => "note_text",
    }
}

/// Reads a form; none: it names no act, or a choice that there is not.
pub fn asked(pairs: &Pairs) -> Option<Asked> {
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let act = value("act");
    let text = value(field_of(act)).to_owned();
    Some(match act {
        "assign" => Asked::Assign { account: value("account").parse().unwrap_or(0) },
        "verify" => Asked::Verify { verdict: Verdict::from_code(value("verdict"))?, note: text },
        "rectify" => Asked::Rectify { note: text },
        "reply" => Asked::Reply { text },
        "follow_up" => Asked::FollowUp { outcome: FollowUp::from_code(value("outcome"))?, note: text },
        "recheck" => Asked::Recheck { passed: value("passed") == "yes", note: text },
        "close" => Asked::Close { note: text },
        "reopen" => Asked::Reopen { reason: text },
        "extend" => Asked::Extend { days: value("days").parse().unwrap_or(0), reason: text },
        "hold_accountable" => Asked::HoldAccountable { grade: Grade::from_code(value("grade"))?, reason: text },
        "review" => Asked::Review { granted: Verdict::from_code(value("granted")), note: text },
        "note" => Asked::Note { text },
        _ => {
            let matter = act.strip_prefix("decide:").and_then(Matter::from_code)?;
            let approve = value(approval_of(matter)) == "yes";
            Asked::Decide { matter, approve, note: text }
        }
    })
}

const fn approval_of(matter: Matter) -> &'static str {
    match matter {
        Matter::Verdict => "approve_verdict",
        Matter::Extension => "approve_extension",
        Matter::Accountability => "approve_accountability",
    }
}

/// Whether an act is done at the address for decisions.
fn is_decided(act: &str) -> bool {
    act.starts_with("decide:") || matches!(act, "review" | "reopen")
}

/// What belongs to the present step comes first, the rest behind a fold.
pub fn is_foremost(act: &str, step: Option<Step>) -> bool {
    act.starts_with("decide:") || act == "review" || step.is_some_and(|s| s.code() == act)
}

/// One form.
pub fn form(viewer: &Viewer, looked: &Looked, act: &'static str, typed: &Typed, worker: bool) -> Markup {
    let (language, id) = (viewer.language, looked.record.id);
    let w = Register(language);
    // Whoever decides and does not work on cases rechecks and closes by the other address.
    let address = if is_decided(act) || !worker { "decide" } else { "work" };
    html! {
        section.card {
            h3 id=(anchor(act)) { (words::form(language, act)) }
            form.form method="post" action={ "/cases/" (id) "/" (address) } {
                (viewer.csrf())
                input type="hidden" name="act" value=(act);
                (choices(language, looked, act, typed))
                @if act != "assign" { (text(language, act, typed)) }
                (buttons(&[Button::submit(w.do_act()).primary().about(words::form(language, act))]))
            }
        }
    }
}

fn anchor(act: &str) -> String {
    format!("act-{}", act.replace(':', "-"))
}

fn text<'a>(language: Language, act: &'static str, typed: &'a Typed) -> Field<'a> {
    let w = Register(language);
    let max = u32::try_from(NOTE_CHARS).unwrap_or(u32::MAX);
    let (label, hint) = match act {
        "reply" => (w.reply_shown(), w.reply_hint(NOTE_CHARS)),
        _ => (w.note_label(), w.note_hint(NOTE_CHARS)),
    };
    let name = field_of(act);
    Field::area(name, label, 3).hint(hint).value(typed.value(name)).max(max).faults(&typed.faults)
}

fn choices(language: Language, looked: &Looked, act: &str, typed: &Typed) -> Markup {
    let w = Register(language);
    let verdicts = |all: &'static [Verdict]| all.iter().map(move |v| (v.code(), words::verdict(language, *v)));
    html! {
        @match act {
            "assign" => {
                @let others = looked.handlers.iter().filter(|p| looked.case.handler.as_ref().is_none_or(|h| h.account != p.account));
                @let options: Vec<(String, String)> = others.map(|p| (p.account.to_string(), p.name.clone())).collect();
                (Choice::new("account", w.assign_to(), options).chosen(typed.value("account")).faults(&typed.faults))
            }
            "verify" => {
                (Choice::new("verdict", w.verdict_label(), verdicts(Verdict::ALL)).chosen(typed.value("verdict")).hint(w.set_aside_hint()))
            }
            "follow_up" => {
                @let options = FollowUp::ALL.iter().map(|o| (o.code(), words::outcome(language, *o)));
                (Choice::new("outcome", w.outcome(), options).chosen(typed.value("outcome")))
            }
            "recheck" => { (Choice::new("passed", w.passed(), [("yes", w.passed_yes()), ("no", w.passed_no())]).chosen(typed.value("passed"))) }
            "extend" => {
                @let max = looked.limits.extension_days;
                @let days = Some(typed.value("days")).filter(|d| !d.is_empty()).unwrap_or_else(|| "1".to_owned());
                (Field::number("days", w.days_label(max)).value(days).within("1", max.to_string()).faults(&typed.faults))
            }
            "hold_accountable" => {
                @let options = Grade::ALL.iter().map(|g| (g.code(), words::grade(language, *g)));
                (Choice::new("grade", w.grade_label(), options).chosen(typed.value("grade")))
            }
            "review" => {
                @let other = [Verdict::Explained, Verdict::Mistaken, Verdict::Malicious].map(|v| (v.code(), words::verdict(language, v).into()));
                @let options = std::iter::once(("", w.granted_no())).chain(other);
                (Choice::new("granted", w.granted_label(), options).chosen(typed.value("granted")))
            }
            _ => {
                @if let Some(matter) = act.strip_prefix("decide:").and_then(Matter::from_code) {
                    @let name = approval_of(matter);
                    (Choice::new(name, w.approve_label(), [("yes", w.approve_yes()), ("no", w.approve_no())]).chosen(typed.value(name)))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_what_it_asks_for() {
        let pairs =
            |all: &[(&str, &str)]| all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Pairs>();
        let verify = pairs(&[("act", "verify"), ("verdict", "mistaken"), ("verify_note", "看了录像")]);
        let note = "看了录像".to_owned();
        assert_eq!(asked(&verify), Some(Asked::Verify { verdict: Verdict::Mistaken, note: note.clone() }));
        let decide = [("act", "decide:extension"), ("approve_extension", "yes"), ("decide_extension_note", "看了录像")];
        let matter = Matter::Extension;
        assert_eq!(asked(&pairs(&decide)), Some(Asked::Decide { matter, approve: true, note }));
        for bad in [&[("act", "dance")][..], &[("act", "verify"), ("verdict", "guilty")], &[("act", "decide:x")], &[]] {
            assert_eq!(asked(&pairs(bad)), None, "{bad:?}");
        }
    }
}
