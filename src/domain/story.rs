//! 舆论宣传: the story behind an honour, from the draft to the public. Pure.
//!
//! **Invariants of absence:** nobody publishes what they wrote or put forward themselves; no story of a person is published
//! without that person's consent; what is published is not edited, it is withdrawn and written anew.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::appraisal::Subject;
use super::board::Bilingual;
use super::id::HallId;
use super::rating::coded;
use super::text::{TextFault, check_line, check_lines};

/// Characters of a title, of a text, of what a picture shows, of a reason.
pub const TITLE_CHARS: usize = 60;
pub const TEXT_CHARS: usize = 4_000;
pub const ALT_CHARS: usize = 120;
pub const REASON_CHARS: usize = 300;
/// Days for which a story can be seen.
pub const MAX_DAYS: i32 = 1_830;

coded! {
    /// Where a story stands.
    StoryState {
        Draft = "draft",
        /// Waits for a second person.
        Proposed = "proposed",
        Published = "published",
        /// Sent back with a reason; it may be mended.
        Declined = "declined",
        Withdrawn = "withdrawn",
    }
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    pub hall: HallId,
    pub title: Bilingual,
    pub text: Bilingual,
    /// Whom it is about, if it is one window or person.
    pub about: Option<Subject>,
    /// The person agrees to be told of and shown.
    pub consent: bool,
    /// What the picture shows; empty without one.
    pub picture_alt: String,
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// What is wrong with a telling, by field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TellingFault {
    Title(TextFault),
    TitleEn(TextFault),
    Text(TextFault),
    TextEn(TextFault),
    Alt(TextFault),
    Until,
    /// About somebody of another hall.
    About,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoryRefused {
    #[error("the story is {}", .0.code())]
    State(StoryState),
    #[error("the telling has faults")]
    Faulty(Vec<TellingFault>),
    #[error("whoever wrote or proposed a story does not publish it")]
    SamePerson,
    #[error("the person it is about has not consented")]
    NoConsent,
    #[error("its last day is over")]
    Over,
    #[error("the reason {0}")]
    Reason(TextFault),
}

/// A story with what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    telling: Telling,
    state: StoryState,
    /// Accounts that wrote or proposed it.
    hands: BTreeSet<i64>,
    author: String,
    decided_by: Option<String>,
    /// Why it was sent back or withdrawn.
    reason: Option<String>,
}

impl Telling {
    /// Everything that is wrong; empty: nothing.
    pub fn faults(&self) -> Vec<TellingFault> {
        let mut faults = Vec::new();
        let mut check = |found: Result<(), TextFault>, fault: fn(TextFault) -> TellingFault| {
            if let Err(wrong) = found {
                faults.push(fault(wrong));
            }
        };
        check(check_line(&self.title.zh, TITLE_CHARS), TellingFault::Title);
        check(check_lines(&self.text.zh, TEXT_CHARS), TellingFault::Text);
        if let Some(title) = &self.title.en {
            check(check_line(title, TITLE_CHARS), TellingFault::TitleEn);
        }
        if let Some(text) = &self.text.en {
            check(check_lines(text, TEXT_CHARS), TellingFault::TextEn);
        }
        if !self.picture_alt.is_empty() {
            check(check_line(&self.picture_alt, ALT_CHARS), TellingFault::Alt);
        }
        let days = self.until.since(self.from).map_or(-1, |span| span.get_days());
        if !(0..=MAX_DAYS).contains(&days) {
            faults.push(TellingFault::Until);
        }
        if self.about.as_ref().is_some_and(|about| about.hall() != &self.hall) {
            faults.push(TellingFault::About);
        }
        faults
    }

    fn is_of_a_person(&self) -> bool {
        matches!(self.about, Some(Subject::Staff { .. }))
    }
}

impl Story {
    /// # Errors
    /// [`StoryRefused::Faulty`].
    pub fn write(telling: Telling, account: i64, name: &str) -> Result<Self, StoryRefused> {
        let faults = telling.faults();
        if !faults.is_empty() {
            return Err(StoryRefused::Faulty(faults));
        }
        let hands = BTreeSet::from([account]);
        let author = name.to_owned();
        Ok(Self { telling, state: StoryState::Draft, hands, author, decided_by: None, reason: None })
    }

    pub const fn telling(&self) -> &Telling {
        &self.telling
    }

    pub const fn state(&self) -> StoryState {
        self.state
    }

    pub fn author(&self) -> &str {
        &self.author
    }

    pub fn decided_by(&self) -> Option<&str> {
        self.decided_by.as_deref()
    }

    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    pub fn has_hand_in(&self, account: i64) -> bool {
        self.hands.contains(&account)
    }

    /// A draft, or one that was sent back.
    pub const fn is_editable(&self) -> bool {
        matches!(self.state, StoryState::Draft | StoryState::Declined)
    }

    pub fn is_visible(&self, day: Date) -> bool {
        self.state == StoryState::Published && self.telling.from <= day && day <= self.telling.until
    }

    /// Writes it anew; the hall stays.
    ///
    /// # Errors
    /// [`StoryRefused`].
    pub fn edit(&mut self, telling: Telling, account: i64) -> Result<(), StoryRefused> {
        self.touch(account)?;
        let telling = Telling { hall: self.telling.hall.clone(), ..telling };
        let faults = telling.faults();
        if !faults.is_empty() {
            return Err(StoryRefused::Faulty(faults));
        }
        self.telling = telling;
        self.state = StoryState::Draft;
        Ok(())
    }

    /// Notes that the picture is another one.
    ///
    /// # Errors
    /// [`StoryRefused::State`].
    pub fn touch(&mut self, account: i64) -> Result<(), StoryRefused> {
        if !self.is_editable() {
            return Err(StoryRefused::State(self.state));
        }
        self.hands.insert(account);
        Ok(())
    }

    /// Puts it before a second person.
    ///
    /// # Errors
    /// [`StoryRefused`].
    pub fn propose(&mut self, account: i64) -> Result<(), StoryRefused> {
        self.touch(account)?;
        self.state = StoryState::Proposed;
        self.reason = None;
        Ok(())
    }

    /// # Errors
    /// [`StoryRefused`]: also one's own, one without consent, or one whose days are over.
    pub fn publish(&mut self, account: i64, name: &str, today: Date) -> Result<(), StoryRefused> {
        self.second(account)?;
        if self.telling.is_of_a_person() && !self.telling.consent {
            return Err(StoryRefused::NoConsent);
        }
        if self.telling.until < today {
            return Err(StoryRefused::Over);
        }
        self.decided_by = Some(name.to_owned());
        self.state = StoryState::Published;
        Ok(())
    }

    /// Sends it back.
    ///
    /// # Errors
    /// [`StoryRefused`].
    pub fn decline(&mut self, account: i64, name: &str, reason: &str) -> Result<(), StoryRefused> {
        self.second(account)?;
        self.reason = Some(checked(reason)?);
        self.decided_by = Some(name.to_owned());
        self.state = StoryState::Declined;
        Ok(())
    }

    /// Takes it away, whatever it was; anybody who may write may do so, for a person's consent can end at any time.
    ///
    /// # Errors
    /// [`StoryRefused`].
    pub fn withdraw(&mut self, reason: &str) -> Result<(), StoryRefused> {
        if self.state == StoryState::Withdrawn {
            return Err(StoryRefused::State(self.state));
        }
        self.reason = Some(checked(reason)?);
        self.state = StoryState::Withdrawn;
        Ok(())
    }

    fn second(&self, account: i64) -> Result<(), StoryRefused> {
        match self.state {
            StoryState::Proposed if self.has_hand_in(account) => Err(StoryRefused::SamePerson),
            StoryState::Proposed => Ok(()),
            other => Err(StoryRefused::State(other)),
        }
    }
}

fn checked(reason: &str) -> Result<String, StoryRefused> {
    let reason = reason.trim();
    check_lines(reason, REASON_CHARS).map_err(StoryRefused::Reason)?;
    Ok(reason.to_owned())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::id::StaffNo;
    use jiff::civil::date;

    pub fn telling() -> Telling {
        let hall = HallId::new("QL01").unwrap();
        Telling {
            title: Bilingual { zh: "多走一步".to_owned(), en: None },
            text: Bilingual {
                zh: "雨天，她把材料送到了老人家里。\n群众说：暖心。".to_owned(), en: None
            },
            about: Some(Subject::Staff { hall: hall.clone(), staff_no: StaffNo::new("0027").unwrap() }),
            consent: true,
            picture_alt: String::new(),
            from: date(2026, 12, 1),
            until: date(2026, 12, 31),
            hall,
        }
    }

    #[test]
    fn a_second_person_publishes_and_a_person_must_have_consented() {
        let today = date(2026, 12, 1);
        let mut story = Story::write(Telling { consent: false, ..telling() }, 1, "甲").unwrap();
        assert_eq!(story.publish(2, "乙", today), Err(StoryRefused::State(StoryState::Draft)));
        story.propose(3).unwrap();
        for hand in [1, 3] {
            assert_eq!(story.publish(hand, "甲", today), Err(StoryRefused::SamePerson));
        }
        assert_eq!(story.publish(2, "乙", today), Err(StoryRefused::NoConsent));
        assert_eq!(story.decline(2, "乙", ""), Err(StoryRefused::Reason(TextFault::Empty)));
        story.decline(2, "乙", "先征得本人同意").unwrap();
        story.edit(telling(), 1).unwrap();
        story.propose(1).unwrap();
        assert_eq!(story.publish(2, "乙", date(2027, 1, 1)), Err(StoryRefused::Over));
        story.publish(2, "乙", today).unwrap();
        assert!(story.is_visible(today) && !story.is_visible(date(2027, 1, 1)));
        assert!(story.edit(telling(), 1).is_err(), "what is published is not edited");
        story.withdraw("本人收回同意").unwrap();
        assert!(!story.is_visible(today) && story.withdraw("再来").is_err());
    }

    #[test]
    fn every_fault_is_told() {
        let wrong = Telling {
            title: Bilingual { zh: String::new(), en: Some(String::new()) },
            text: Bilingual { zh: "长".repeat(TEXT_CHARS + 1), en: None },
            until: date(2026, 11, 1),
            hall: HallId::new("H2").unwrap(),
            ..telling()
        };
        assert_eq!(wrong.faults().len(), 5, "{:?}", wrong.faults());
    }
}
