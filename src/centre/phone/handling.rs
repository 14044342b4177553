//! What a citizen reads of how their rating is handled, behind its receipt code. Pure: plain values in, escaped HTML out.
//!
//! Nothing here says who handles it or whom it concerns, and no chosen level is written into the page.

use jiff::civil::Date;
use maud::{Markup, html};

use super::form::FormFault;
use crate::centre::cases::Handling;
use crate::domain::case::{Stage, Verdict};
use crate::domain::rating::Satisfaction;
use crate::ledger::seal::MAX_WORDS_CHARS;
use crate::words::phone::{Followed, Phone};
use crate::words::{Language, common};

/// The handling on one drawing of the page.
#[derive(Debug, Clone)]
pub struct Shown {
    pub handling: Handling,
    /// The citizen's rating of it has just come, or had come before.
    pub just_rated: bool,
    /// The day of the reply.
    pub replied_on: Option<Date>,
    pub today: Date,
    /// What is to be mended, and what was typed.
    pub mend: Option<(Vec<RateFault>, String)>,
}

/// Why the rating of the handling was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateFault {
    NoLevel,
    Words(FormFault),
}

/// How far a case has come, counted in the steps that a citizen is told of: received, verified, put right, answered, followed
/// up, closed.
const fn reached(stage: Stage) -> usize {
    match stage {
        Stage::Received => 0,
        Stage::Assigned | Stage::Verified => 1,
        Stage::Rectifying | Stage::Rectified => 2,
        Stage::Replied => 3,
        Stage::FollowedUp | Stage::Rechecked => 4,
        Stage::Closed | Stage::Withdrawn => 5,
    }
}

/// The section about it; nothing where the citizen has taken it back before anybody began.
pub fn section(language: Language, shown: &Shown, code: &str, action: &str) -> Markup {
    let w = Followed(language);
    let handling = &shown.handling;
    if handling.stage == Stage::Withdrawn {
        return html! {};
    }
    let at = reached(handling.stage);
    let names = [
        w.step_received(),
        w.step_verified(),
        w.step_rectified(),
        w.step_replied(),
        w.step_followed(),
        w.step_closed(),
    ];
    // Where nothing was to be put right, that step does not stand there.
    let skips = |step: usize| step == 2 && handling.verdict.is_some_and(|v| v != Verdict::Justified);
    html! {
        section.card.handling aria-labelledby="handling" {
            h2 #handling { (w.title()) }
            ol.steps {
                @for (step, name) in names.iter().enumerate().filter(|(step, _)| !skips(*step)) {
                    @let class = if step < at { "done" } else if step == at { "now" } else { "" };
                    li class=(class) aria-current=[(step == at).then_some("step")] { (name) }
                }
            }
            p role="status" { (sentence(w, handling)) }
            @if let Some(due) = handling.answer_due {
                p { @if due < shown.today { (w.answer_late(&due.to_string())) } @else { (w.answer_by(&due.to_string())) } }
            }
            @match handling.verdict {
                Some(Verdict::Mistaken) => p.aside { (w.mistaken()) },
                Some(Verdict::Malicious) => p.aside { (w.malicious()) },
                _ => {}
            }
            @if let Some((text, _)) = &handling.reply {
                h3 { (w.reply()) @if let Some(day) = shown.replied_on { " " span.hint { (day) } } }
                blockquote { @for line in text.lines() { p { (line) } } }
            }
        }
        @if shown.just_rated {
            section.good role="status" { h1 { (w.rated()) } p { @if handling.is_sent_back { (w.sent_back()) } @else { (w.rated_kept()) } } }
        } @else if handling.rated.is_some() {
            section.note { p { (w.rated_before()) @if handling.is_sent_back { " " (w.sent_back()) } } }
        }
        @if handling.may_rate { (rate_form(language, shown, code, action)) }
    }
}

fn sentence(w: Followed, handling: &Handling) -> std::borrow::Cow<'static, str> {
    match handling.stage {
        Stage::Received => w.now_received(),
        Stage::Assigned => w.now_assigned(),
        Stage::Verified => w.now_verified(),
        Stage::Rectifying if handling.is_sent_back => w.now_again(),
        Stage::Rectifying => w.now_rectifying(),
        Stage::Rectified => w.now_rectified(),
        Stage::Replied => w.now_replied(),
        Stage::FollowedUp | Stage::Rechecked => w.now_followed(),
        Stage::Closed | Stage::Withdrawn => w.now_closed(),
    }
}

fn rate_form(language: Language, shown: &Shown, code: &str, action: &str) -> Markup {
    let (w, phone) = (Followed(language), Phone(language));
    let (faults, words) = shown.mend.clone().unwrap_or_default();
    html! {
        @if !faults.is_empty() {
            section.bad role="alert" {
                p { (phone.fix_first()) }
                ul { @for fault in &faults { li { (fault_text(language, *fault)) } } }
            }
        }
        form.card method="post" action=(action) {
            input type="hidden" name="code" value=(code);
            input type="hidden" name="act" value="rate";
            fieldset.marks {
                legend { h2 { (w.question()) } }
                @for &level in Satisfaction::ALL {
                    label.tick { input type="radio" name="level" value=(level.code()) required; span { (common::level(language, level)) } }
                }
            }
            label for="words" { (w.words()) }
            textarea #words name="words" rows="3" maxlength=(MAX_WORDS_CHARS) aria-describedby="sealed" { (words) }
            p.small #sealed { (phone.words_sealed(MAX_WORDS_CHARS)) " " (w.once()) }
            button.primary type="submit" { (phone.send()) }
        }
    }
}

fn fault_text(language: Language, fault: RateFault) -> std::borrow::Cow<'static, str> {
    let phone = Phone(language);
    match fault {
        RateFault::NoLevel => Followed(language).fault_level(),
        RateFault::Words(FormFault::WordsLong) => phone.fault_words_long(MAX_WORDS_CHARS),
        RateFault::Words(_) => phone.fault_words_characters(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::WallMs;
    use jiff::civil::date;

    fn shown(stage: Stage) -> Shown {
        let handling = Handling {
            stage,
            opened: WallMs(0),
            verdict: None,
            answer_due: Some(date(2026, 12, 8)),
            reply: None,
            rated: None,
            is_sent_back: false,
            may_rate: false,
        };
        Shown { handling, just_rated: false, replied_on: None, today: date(2026, 12, 1), mend: None }
    }

    fn text(shown: &Shown) -> String {
        section(Language::Zh, shown, "7K3QD-M9XWA", "?lang=zh-CN").into_string()
    }

    #[test]
    fn every_stage_is_said_in_a_sentence_and_one_step_is_the_present_one() {
        for &stage in Stage::ALL {
            let page = text(&shown(stage));
            if stage == Stage::Withdrawn {
                assert!(page.is_empty(), "who took it back is told of nothing");
                continue;
            }
            assert_eq!(page.matches("aria-current").count(), 1, "{stage:?}");
            assert!(page.contains("2026-12-08 前答复") && !page.contains("<form"), "{stage:?}: {page}");
        }
        let late = Shown { today: date(2026, 12, 9), ..shown(Stage::Assigned) };
        assert!(text(&late).contains("已经超过"), "{}", text(&late));
    }

    #[test]
    fn what_is_not_adopted_is_said_to_stay_on_record_and_a_reply_is_escaped() {
        let mut one = shown(Stage::Replied);
        one.handling.verdict = Some(Verdict::Mistaken);
        one.handling.reply = Some(("已核对<b>监控</b>\n谢谢".to_owned(), WallMs(0)));
        one.handling.may_rate = true;
        let page = text(&one);
        assert!(
            page.contains("仍然保留在案") && page.contains("&lt;b&gt;") && page.contains("name=\"level\""),
            "{page}"
        );
        assert!(!page.contains("整改中<"), "nothing was to be put right");
        one.mend = Some((vec![RateFault::NoLevel], "等<很久".to_owned()));
        assert!(text(&one).contains("请选择一项") && text(&one).contains("等&lt;很久"));
    }
}
