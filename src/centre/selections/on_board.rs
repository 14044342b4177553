//! What a selection puts onto the boards: the public notice while it runs, and the badges of those who are awarded.
//!
//! Everything goes through the hall's own acts, in the transaction of the step.

use super::acts::{Acting, Refused};
use crate::centre::hall::acts::Refused as HallRefused;
use crate::centre::hall::kinds::{Grant, Owner};
use crate::centre::hall::sitting::Sitting;
use crate::domain::appraisal::Subject;
use crate::domain::board::{Bilingual, Honour, Notice, limits};
use crate::domain::id::{HallId, HonourId, NoticeId};
use crate::domain::selection::{Award, Selection, Snapshot};
use crate::words::selections::Selections;
use crate::words::{Language, common};

/// Puts the notice on the board of each hall that the store leads, or mends it after somebody was struck off. A hall that
/// its file leads shows it on the public page alone.
pub fn notice(acting: &Acting<'_>, id: i64, selection: &Selection, snapshot: &Snapshot) -> Result<(), Refused> {
    let Some(days) = selection.notice() else { return Ok(()) };
    for hall in &selection.terms().halls {
        let Some(mut sitting) = led(acting, hall)? else { continue };
        let key = notice_id(id)?;
        let revision = sitting.hall.find::<Notice>(key.as_str()).map_or(0, |kept| kept.revision);
        let notice = Notice {
            id: key,
            title: both(|l| title(l, selection)),
            text: both(|l| text(l, selection, snapshot)),
            from: days.from,
            until: days.until,
        };
        sitting.put(notice, revision)?;
        acting.keep(sitting)?;
    }
    Ok(())
}

/// Takes the notice off the boards before its last day.
pub fn no_notice(acting: &Acting<'_>, id: i64, selection: &Selection) -> Result<(), Refused> {
    for hall in &selection.terms().halls {
        let Some(mut sitting) = led(acting, hall)? else { continue };
        let key = notice_id(id)?;
        let stands = sitting.hall.find::<Notice>(key.as_str()).filter(|kept| kept.retired_on.is_none());
        let Some(revision) = stands.map(|kept| kept.revision) else { continue };
        sitting.retire_today::<Notice>(key.as_str(), revision)?;
        acting.keep(sitting)?;
    }
    Ok(())
}

/// Gives every award its badge.
///
/// # Errors
/// [`Refused::FileLed`] for a hall that must be taken over first.
pub fn badges(acting: &Acting<'_>, selection: &mut Selection) -> Result<(), Refused> {
    let kind = selection.terms().honour;
    for hall in selection.terms().halls.clone() {
        let own: Vec<Award> = selection.awards().iter().filter(|a| a.subject.hall() == &hall).cloned().collect();
        if own.is_empty() {
            continue;
        }
        let mut sitting = led(acting, &hall)?.ok_or_else(|| Refused::FileLed(hall.clone()))?;
        for award in own {
            let owner = owner(&award.subject);
            retire_past(&mut sitting, &owner, acting)?;
            let grant = sitting.hall.next_honour();
            let honour = Honour { kind, issuer: award.issuer, period: award.period, until: award.until };
            sitting.put(Grant { id: grant.clone(), owner, honour }, 0)?;
            selection.put_on_board(&award.subject, grant);
        }
        acting.keep(sitting)?;
    }
    Ok(())
}

/// Takes a badge off.
pub fn no_badge(acting: &Acting<'_>, subject: &Subject, grant: &HonourId) -> Result<(), Refused> {
    let hall = subject.hall();
    let mut sitting = led(acting, hall)?.ok_or_else(|| Refused::FileLed(hall.clone()))?;
    let stands = sitting.hall.find::<Grant>(grant.as_str()).filter(|kept| kept.retired_on.is_none());
    // Somebody may have taken it off by hand already.
    if let Some(revision) = stands.map(|kept| kept.revision) {
        sitting.retire_today::<Grant>(grant.as_str(), revision)?;
        acting.keep(sitting)?;
    }
    Ok(())
}

/// Badges whose last day is over make room: an owner has but few places.
fn retire_past(sitting: &mut Sitting<'_>, owner: &Owner, acting: &Acting<'_>) -> Result<(), Refused> {
    let past = sitting.hall.honours.iter().filter(|kept| {
        &kept.value.owner == owner && kept.retired_on.is_none() && kept.value.honour.until < acting.today
    });
    let past: Vec<_> = past.map(|kept| (kept.value.id.clone(), kept.revision)).collect();
    for (id, revision) in past {
        sitting.retire_today::<Grant>(id.as_str(), revision)?;
    }
    Ok(())
}

/// None: its file leads it.
fn led<'a>(acting: &Acting<'a>, hall: &HallId) -> Result<Option<Sitting<'a>>, Refused> {
    let opened = Sitting::open(acting.tx, hall, acting.who.clone(), acting.now, acting.today);
    match opened {
        Ok(sitting) => Ok(Some(sitting)),
        Err(HallRefused::FileLed) => Ok(None),
        Err(refused) => Err(refused.into()),
    }
}

fn owner(subject: &Subject) -> Owner {
    match subject {
        Subject::ServiceWindow { service_window, .. } => Owner::ServiceWindow(service_window.clone()),
        Subject::Staff { staff_no, .. } => Owner::Staff(staff_no.clone()),
    }
}

fn notice_id(id: i64) -> Result<NoticeId, Refused> {
    // A number is always of the right form.
    NoticeId::new(&format!("selection-{id}")).map_err(|_| Refused::NotFound)
}

fn both(text: impl Fn(Language) -> String) -> Bilingual {
    Bilingual { zh: text(Language::Zh), en: Some(text(Language::En)) }
}

fn title(language: Language, selection: &Selection) -> String {
    let w = Selections(language);
    cut(&w.notice_title(common::honour(language, selection.terms().honour)), limits::TITLE_CHARS)
}

/// As many names as there is room for.
fn text(language: Language, selection: &Selection, snapshot: &Snapshot) -> String {
    let w = Selections(language);
    let names: Vec<String> = selection.standing().map(|n| snapshot.name(&n.subject)).collect();
    let until = selection.notice().map_or_else(String::new, |n| n.until.to_string());
    let comma = if language.is_english() { ", " } else { "、" };
    for kept in (0..=names.len()).rev() {
        let list = names[..kept].join(comma);
        let list = if kept < names.len() { w.and_others(&list, names.len()).into_owned() } else { list };
        let whole = w.notice_text(&selection.terms().title, &list, &until);
        if whole.chars().count() <= limits::TEXT_CHARS {
            return whole.into_owned();
        }
    }
    cut(&selection.terms().title, limits::TEXT_CHARS)
}

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}
