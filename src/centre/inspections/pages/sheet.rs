//! The sheet as it is drawn: one column, one thumb, one item after another.

use super::typed::{FINDINGS, FindingNames, NOT_APPLICABLE, Typed, item_name};
use super::*;
use crate::centre::boards::HallBoard;
use crate::centre::dashboard::assets::script;
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Title, buttons};
use crate::domain::board::{Pledge, StaffCard};
use crate::domain::inspection::Gravity;
use crate::domain::inspection::checklist::{BEST_SCORE, CheckItem, Checklist, ItemKind};
use crate::domain::inspection::visit::{FINDING_CHARS, MAX_FINDINGS, MAX_PICTURES, NOTE_CHARS};
use crate::words::inspections::InspectionVisitWords;

/// Characters of a pledge in a list that opens.
const PLEDGE_CHARS: usize = 40;

/// What a sheet is drawn from.
pub(super) struct Sheet<'a> {
    pub desk: &'a Desk<'a>,
    pub record: &'a Record,
    pub list: &'a Checklist,
    pub board: &'a HallBoard,
    /// Of a new visit: 32 hexadecimal digits.
    pub submission: &'a str,
    /// `2026-12-01T09:30`, in the centre's zone.
    pub now: &'a str,
}

impl Sheet<'_> {
    pub fn drawn(&self, typed: &Typed, faults: &Faults) -> Markup {
        let (desk, w) = (self.desk, self.words());
        let home = format!("/inspections/{}", self.record.id);
        let at = Some(typed.given("at")).filter(|at| !at.is_empty()).unwrap_or(self.now);
        html! {
            (Title::new(desk.language(), w.title()).crumb("/inspections", desk.words().title())
                .crumb(home.clone(), self.record.title.clone()).lead(w.lead()))
            (self.queue())
            p.hint data-plain { (w.plain()) }
            (faults.summary(desk.language()))
            form.sheet method="post" action={ (home) "/visit" } enctype="multipart/form-data"
                data-visit=(self.record.id) data-who=(desk.who.account) data-now=(self.now) data-pictures=(MAX_PICTURES) {
                (desk.viewer.csrf())
                input type="hidden" name="submission" value=(self.submission);
                section.card {
                    (Choice::new("window", w.window(), self.windows()).chosen(typed.given("window")).faults(faults))
                    (Field::date_time("at", w.at()).value(at).faults(faults))
                    (Choice::new("staff", w.staff(), self.staff()).chosen(typed.given("staff")).faults(faults))
                }
                section.card #items tabindex="-1" {
                    h2 { (w.items()) }
                    @if let Some(fault) = faults.of("items") { p.error { (fault) } }
                    @for (n, item) in self.list.items.iter().enumerate() {
                        @let group = item.group.get(desk.language().is_english());
                        @let before = n.checked_sub(1).and_then(|n| self.list.items.get(n));
                        @if before.is_none_or(|b| b.group != item.group) { h3 { (group) } }
                        (self.item(item, typed.given(&item_name(&item.code))))
                    }
                }
                section.card #findings tabindex="-1" {
                    h2 { (w.findings()) }
                    p.hint { (w.findings_hint(MAX_FINDINGS)) " " (w.pictures_hint(MAX_PICTURES)) }
                    @for (n, names) in FINDINGS.iter().enumerate() {
                        @let filled = n == 0 || !typed.given(names.text).is_empty() || faults.of(names.text).is_some();
                        details.more open[filled] {
                            summary { (w.finding(n + 1)) }
                            (self.finding(*names, typed, faults))
                        }
                    }
                }
                p.hint data-state role="status" {}
                (buttons(&[Button::submit(w.hand_in()).primary(), Button::link(home.clone(), desk.planning().cancel())]))
            }
            (script("visit.js"))
        }
    }

    fn words(&self) -> InspectionVisitWords {
        InspectionVisitWords(self.desk.language())
    }

    /// What is on this phone; the script fills it and says it in these words.
    fn queue(&self) -> Markup {
        let w = self.words();
        html! {
            section.card.queue hidden data-queue
                data-waiting=(w.waiting()) data-sending=(w.sending()) data-sent=(w.sent()) data-refused=(w.refused())
                data-sign-in=(w.sign_in()) data-take-back=(w.take_back()) data-discard=(w.discard())
                data-draft=(w.draft_kept()) data-no-store=(w.no_store()) data-remove=(w.picture_removed())
                data-unreadable=(w.picture_unreadable()) data-too-many=(w.too_many_pictures(MAX_PICTURES)) {
                h2 { (w.queue()) }
                ul aria-live="polite" {}
                p.hint { (w.keep_open()) }
            }
        }
    }

    fn windows(&self) -> Vec<(String, String)> {
        let (record, planned) = (self.record, &self.record.inspection.windows);
        let all: Vec<WindowId> = match planned.is_empty() {
            true => self.board.board.windows.iter().map(|w| w.id.clone()).collect(),
            false => planned.clone(),
        };
        all.iter().map(|w| (w.as_str().to_owned(), self.desk.window(&record.hall, w))).collect()
    }

    fn staff(&self) -> Vec<(String, String)> {
        let english = self.desk.language().is_english();
        let said = |s: &StaffCard| {
            let name = s.name_en.as_deref().filter(|_| english).unwrap_or(&s.name);
            (s.staff_no.as_str().to_owned(), format!("{name} · {}", s.staff_no))
        };
        let unknown = (String::new(), self.words().staff_unknown().into_owned());
        [unknown].into_iter().chain(self.board.board.staff.iter().map(said)).collect()
    }

    fn item(&self, item: &CheckItem, typed: &str) -> Markup {
        let (desk, w) = (self.desk, self.desk.words());
        let text = item.text.get(desk.language().is_english());
        let name = item_name(&item.code);
        if item.kind == ItemKind::Note {
            let max = u32::try_from(NOTE_CHARS).unwrap_or(300);
            return html! { (Field::text(&name, text).value(typed).max(max).optional(desk.language())) };
        }
        let mut answers: Vec<(String, Cow<'static, str>)> = match item.kind {
            ItemKind::Score => (0..=BEST_SCORE).map(|n| (n.to_string(), n.to_string().into())).collect(),
            _ => vec![("1".to_owned(), w.yes()), ("0".to_owned(), w.no())],
        };
        answers.push((NOT_APPLICABLE.to_owned(), w.not_applicable()));
        html! {
            fieldset.field.scale {
                legend { (text) }
                div {
                    @for (value, word) in answers {
                        @let id = format!("{name}-{value}");
                        label for=(id) {
                            input id=(id) type="radio" name=(name) value=(value) checked[typed == value] required;
                            span { (word) }
                        }
                    }
                }
            }
        }
    }

    fn finding(&self, names: FindingNames, typed: &Typed, faults: &Faults) -> Markup {
        let (desk, w) = (self.desk, self.words());
        let gravities = Gravity::ALL.iter().map(|g| (g.code(), words::gravity(desk.language(), *g)));
        let max = u32::try_from(FINDING_CHARS).unwrap_or(500);
        html! {
            (Field::area(names.text, w.text(), 3).hint(w.text_hint(FINDING_CHARS)).value(typed.given(names.text)).max(max).optional(desk.language()).faults(faults))
            div.fields {
                (Choice::new(names.gravity, desk.words().gravity(), gravities).chosen(typed.given(names.gravity)))
                (Choice::new(names.concern, w.about(), self.concerns()).chosen(typed.given(names.concern)).faults(faults))
            }
            div.field {
                label for=(names.pictures) { (w.pictures()) }
                @if let Some(fault) = faults.of(names.pictures) { p.error { (fault) } }
                input id=(names.pictures) name=(names.pictures) type="file" accept="image/png,image/jpeg" multiple;
                ul.found-pictures data-shown=(names.pictures) {}
            }
        }
    }

    fn concerns(&self) -> Vec<(String, String)> {
        let (desk, english) = (self.desk, self.desk.language().is_english());
        let item = |i: &CheckItem| (format!("item:{}", i.code), i.text.get(english).to_owned());
        let pledge = |p: &Pledge| {
            let text = p.text.get(english);
            let mut short: String = text.chars().take(PLEDGE_CHARS).collect();
            if short.len() < text.len() {
                short.push('…');
            }
            (format!("pledge:{}", p.id), desk.words().concern_pledge(&short).into_owned())
        };
        let nothing = (String::new(), self.words().about_nothing().into_owned());
        let items = self.list.items.iter().filter(|i| i.kind != ItemKind::Note).map(item);
        [nothing].into_iter().chain(items).chain(self.board.board.pledges.iter().map(pledge)).collect()
    }
}
