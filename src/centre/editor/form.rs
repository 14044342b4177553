//! What every kind of object has that is edited by a form: how its value is typed, read and drawn, and which screen of the
//! kiosk shows it.

use jiff::civil::Date;
use maud::{Markup, html};

use super::opened::Opened;
use super::typed::{Reading, Typed, sentence};
use crate::centre::dashboard::components::{Faults, Field, Tick, fieldset};
use crate::centre::hall::kinds::{Keep, Kind};
use crate::centre::hall::whole::{FieldFault, Hall, Kept};
use crate::centre::preview::Scene;
use crate::domain::board::Board;
use crate::domain::id::WindowId;
use crate::words::Language;
use crate::words::editor::Editor;

/// Options that are ticked one by one; more are typed as codes.
const MAX_TICKS: usize = 200;

/// Faults that one paragraph names.
const MAX_SPOKEN: usize = 5;

/// A kind of object with a form of its own.
pub trait Form: Keep + Sync {
    /// Its lists and forms are under `/halls/{hall}/` and this.
    const PATH: &'static str;
    /// The names of the inputs that can be wrong; those that the rules name by the same path come first.
    const FIELDS: &'static [&'static str];

    /// What stands in an empty form; `asked` comes from the address.
    fn blank(opened: &Opened, asked: &Typed) -> Typed;

    fn typed(&self) -> Typed;

    /// The value that was typed; faults are in `reading`. `key` is the stored object's; none for a new one.
    fn read(reading: &mut Reading<'_>, key: Option<&str>, opened: &Opened) -> Option<Self>;

    fn inputs(sheet: &Sheet<'_>) -> Markup;

    /// What people call it.
    fn name(&self, opened: &Opened) -> String;

    /// The kind in people's words, for headings.
    fn kind(language: Language) -> std::borrow::Cow<'static, str>;

    fn kinds(language: Language) -> std::borrow::Cow<'static, str>;

    /// Where and when a kiosk shows it; none when no kiosk does.
    fn scene(&self, board: &Board, today: Date) -> Option<Look>;

    /// What the input asks for.
    fn label(field: &str, opened: &Opened) -> String;

    /// A typed value as people say it.
    fn spoken(_field: &str, value: &str, _opened: &Opened) -> String {
        value.to_owned()
    }

    /// Inputs that are shown among differences: those that can be wrong, and places on lists.
    fn is_input(name: &str) -> bool {
        Self::FIELDS.contains(&name) || name.starts_with("place.")
    }

    /// What changed when no input did.
    fn unseen_change(opened: &Opened, _before: &Kept<Self>, _after: &Kept<Self>) -> String {
        opened.words().other_change().into_owned()
    }

    /// What stands beside the form of a stored object: acts of their own, what belongs to it.
    fn beside(&self, _opened: &Opened) -> Markup {
        html! {}
    }
}

/// The label of one language's half of a text.
pub fn half(w: Editor, field: &str, base: &str) -> String {
    match field.rsplit_once('.') {
        Some((_, "zh")) => w.in_chinese(base).into_owned(),
        Some((_, "en")) => w.in_english(base).into_owned(),
        _ => base.to_owned(),
    }
}

/// A screen of the kiosk that shows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub window: WindowId,
    pub scene: Scene,
    pub day: Date,
}

/// What a form's inputs are drawn from.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub opened: &'a Opened,
    pub typed: &'a Typed,
    pub faults: &'a Faults,
    pub is_new: bool,
}

impl<'a> Sheet<'a> {
    pub fn words(&self) -> Editor {
        Editor(self.opened.language)
    }

    pub fn hall(&self) -> &'a Hall {
        &self.opened.hall
    }

    pub fn line(&self, name: &'a str, label: impl Into<std::borrow::Cow<'a, str>>, max: usize) -> Field<'a> {
        self.filled(Field::text(name, label), name).max(max as u32)
    }

    pub fn date(&self, name: &'a str, label: impl Into<std::borrow::Cow<'a, str>>) -> Field<'a> {
        self.filled(Field::date(name, label), name)
    }

    pub fn number(&self, name: &'a str, label: impl Into<std::borrow::Cow<'a, str>>, max: u64) -> Field<'a> {
        self.filled(Field::number(name, label), name).within("0", max.to_string())
    }

    /// Both languages of a text; English takes twice the letters and may be left out.
    pub fn both(&self, zh: &'a str, en: &'a str, label: &str, max: usize, rows: u8) -> Markup {
        let w = self.words();
        let field = |name: &'a str, label: String, max: usize| {
            let field = if rows > 1 { Field::area(name, label, rows) } else { Field::text(name, label) };
            self.filled(field, name).max(max as u32)
        };
        html! {
            div class=(if rows > 1 { "" } else { "fields" }) {
                (field(zh, w.in_chinese(label).into_owned(), max))
                (field(en, w.in_english(label).into_owned(), max * 2).optional(self.opened.language))
            }
        }
    }

    /// The code of a new object; a stored one keeps it.
    pub fn code(&self, name: &'a str, label: impl Into<std::borrow::Cow<'a, str>>) -> Markup {
        let label = label.into();
        html! {
            @if self.is_new { (self.line(name, label, 32).hint(self.words().code_hint())) }
            @else { div.field { span.label { (label) } code { (self.typed.text(name)) } } }
        }
    }

    /// Several of many: ticks, or their codes where there are too many to tick.
    pub fn several(&self, name: &str, legend: &str, hint: &str, options: &[(String, String)]) -> Markup {
        let chosen = self.typed.list(name);
        let error = self.faults.of(name);
        if options.len() > MAX_TICKS {
            let field = Field::area(name, legend, 4).value(chosen.join("\n")).error(error.map(Into::into));
            let hint = format!("{hint} {}", self.words().codes_hint());
            return html! { (field.hint(hint).optional(self.opened.language)) };
        }
        let ticks = html! {
            p.hint { (hint) }
            div.ticks role="group" aria-label=(legend) {
                @for (value, word) in options {
                    (Tick::check(name, value.as_str(), word.as_str(), chosen.contains(&value.as_str())))
                }
            }
        };
        fieldset(name, legend, error, &ticks)
    }

    fn filled(&self, field: Field<'a>, name: &'a str) -> Field<'a> {
        field.value(self.typed.text(name)).faults(self.faults)
    }
}

/// Which faults belong to a form's inputs, and what the inputs are called.
pub struct Placing<'a> {
    pub kind: Kind,
    pub key: &'a str,
    pub fields: &'static [&'static str],
    pub label: &'a dyn Fn(&Opened, &str) -> String,
}

/// Puts what the rules found to the inputs it belongs to; answers the sentences that belong to none of them.
pub fn place(found: &[FieldFault], placing: &Placing<'_>, opened: &Opened, faults: &mut Faults) -> Vec<String> {
    let mut elsewhere = Vec::new();
    for fault in found {
        let own = fault.kind == placing.kind && fault.id == placing.key;
        let wrong = sentence(opened.language, &fault.wrong);
        match placing.fields.iter().find(|f| own && covers(f, &fault.field)) {
            Some(field) => {
                let label = (placing.label)(opened, field);
                faults.add(field, opened.words().fault_at(&label, &wrong));
            }
            None => elsewhere.push(opened.words().fault_at(&name_of(fault), &wrong).into_owned()),
        }
    }
    elsewhere
}

/// The same for a kind of object that is edited by a form.
pub fn place_faults<T: Form>(found: &[FieldFault], key: &str, opened: &Opened, faults: &mut Faults) -> Vec<String> {
    let label = |opened: &Opened, field: &str| T::label(field, opened);
    place(found, &Placing { kind: T::KIND, key, fields: T::FIELDS, label: &label }, opened, faults)
}

/// All faults in one paragraph, where there is no form to put them to.
pub fn spoken(w: Editor, found: &[FieldFault]) -> String {
    let one = |fault: &FieldFault| w.fault_at(&name_of(fault), &sentence(w.0, &fault.wrong)).into_owned();
    found.iter().take(MAX_SPOKEN).map(one).collect::<Vec<_>>().join(" ")
}

/// `items[2]` belongs to the input `items`.
fn covers(input: &str, field: &str) -> bool {
    field.strip_prefix(input).is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
}

fn name_of(fault: &FieldFault) -> String {
    let parts = [fault.kind.code(), &fault.id, &fault.field];
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
