//! The filters of the explorer, from an address and back. Pure.

use jiff::Span;
use jiff::civil::Date;

use crate::centre::statistics::labels::UNASSIGNED;
use crate::centre::statistics::listing::{Cursor, Listing, Whose};
use crate::domain::id::{HallId, ItemCode, StaffNo, TagCode, WindowId};
use crate::domain::query::{Dimension, Filter};
use crate::domain::rating::{Channel, Satisfaction};
use crate::ledger::chain::normal_receipt_code;

/// Days of one search.
const MAX_DAYS: i32 = 92;
/// Days that are shown where nothing is said.
const USUAL_DAYS: i32 = 7;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub from: Date,
    pub to: Date,
    pub hall: Option<HallId>,
    pub window: Option<(HallId, WindowId)>,
    pub staff: Option<Whose<StaffNo>>,
    pub item: Option<Whose<ItemCode>>,
    pub channel: Option<Channel>,
    pub level: Option<Satisfaction>,
    pub reason: Option<TagCode>,
    /// 0 to 23.
    pub hour: Option<u8>,
    /// 1 Monday to 7 Sunday.
    pub weekday: Option<u8>,
    pub flagged: Option<bool>,
    /// In its normal form; the other filters do nothing then.
    pub code: Option<String>,
    pub cursor: Option<Cursor>,
}

/// A filter that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {allowed}")]
pub struct AskedFault {
    pub field: &'static str,
    pub allowed: &'static str,
}

impl Asked {
    /// Reads the pairs of an address; empty values and unknown names say nothing.
    ///
    /// # Errors
    /// The first [`AskedFault`].
    pub fn read(pairs: &[(String, String)], today: Date) -> Result<Self, AskedFault> {
        let named = |field: &'static str| {
            let found = pairs.iter().find(|(name, _)| name == field).map(|(_, value)| value.trim());
            found.filter(|v| !v.is_empty())
        };
        let day = |field: &'static str, usual: Date| match named(field) {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| AskedFault { field, allowed: "a day as YYYY-MM-DD" }),
        };
        let to = day("to", today)?;
        let from = day("from", to.saturating_sub(Span::new().days(USUAL_DAYS - 1)))?;
        let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
        if !(0..MAX_DAYS).contains(&days) {
            return Err(AskedFault { field: "from", allowed: "92 days at most, not after the last day" });
        }
        let bad = |field, allowed| move || AskedFault { field, allowed };
        let code = match named("code") {
            None => None,
            Some(text) => Some(normal_receipt_code(text).ok_or_else(bad("code", "ten letters and digits"))?),
        };
        let window = match named("window") {
            None => None,
            Some(text) => {
                let parts = text.split_once('/').and_then(|(h, w)| HallId::new(h).ok().zip(WindowId::new(w).ok()));
                Some(parts.ok_or_else(bad("window", "hall/window"))?)
            }
        };
        Ok(Self {
            from,
            to,
            hall: named("hall").map(HallId::new).transpose().map_err(|e| bad("hall", e.allowed)())?,
            window,
            staff: named("staff").map(|t| whose(t, StaffNo::new)).transpose().map_err(|e| bad("staff", e.allowed)())?,
            item: named("item").map(|t| whose(t, ItemCode::new)).transpose().map_err(|e| bad("item", e.allowed)())?,
            channel: match named("channel") {
                None => None,
                Some(code) => Some(Channel::from_code(code).ok_or_else(bad("channel", "kiosk, phone or business"))?),
            },
            level: match named("level") {
                None => None,
                Some(code) => Some(Satisfaction::from_code(code).ok_or_else(bad("level", "the code of a level"))?),
            },
            reason: named("reason").map(TagCode::new).transpose().map_err(|e| bad("reason", e.allowed)())?,
            hour: number_in(named("hour"), 0, 23).map_err(|()| bad("hour", "00 to 23")())?,
            weekday: number_in(named("weekday"), 1, 7).map_err(|()| bad("weekday", "1 Monday to 7 Sunday")())?,
            flagged: match named("flagged") {
                None => None,
                Some("yes") => Some(true),
                Some("no") => Some(false),
                Some(_) => return Err(AskedFault { field: "flagged", allowed: "yes or no" }),
            },
            code,
            cursor: named("after").map(cursor).transpose()?,
        })
    }

    /// The pairs again, for the address of another page of the same search.
    pub fn pairs(&self, cursor: Option<Cursor>) -> Vec<(&'static str, String)> {
        let mut out = vec![("from", self.from.to_string()), ("to", self.to.to_string())];
        out.extend(self.narrowed().into_iter().map(|(dimension, value)| (dimension.code(), value)));
        out.extend(self.flagged.map(|f| ("flagged", if f { "yes" } else { "no" }.to_owned())));
        out.extend(self.code.clone().map(|code| ("code", code)));
        out.extend(cursor.map(|c| ("after", format!("{}.{}", c.slot, c.id))));
        out
    }

    /// The same as a question to the statistics.
    pub fn filters(&self) -> Vec<Filter> {
        let one = |(dimension, value)| Filter { dimension, values: vec![value] };
        self.narrowed().into_iter().map(one).collect()
    }

    fn narrowed(&self) -> Vec<(Dimension, String)> {
        fn of<T: ToString>(whose: Option<&Whose<T>>) -> Option<String> {
            whose.map(|whose| match whose {
                Whose::Of(name) => name.to_string(),
                Whose::Nobody => UNASSIGNED.to_owned(),
            })
        }
        let all = [
            (Dimension::Hall, self.hall.as_ref().map(ToString::to_string)),
            (Dimension::ServiceWindow, self.window.as_ref().map(|(h, w)| format!("{h}/{w}"))),
            (Dimension::Staff, of(self.staff.as_ref())),
            (Dimension::Item, of(self.item.as_ref())),
            (Dimension::Channel, self.channel.map(|c| c.code().to_owned())),
            (Dimension::Level, self.level.map(|l| l.code().to_owned())),
            (Dimension::Reason, self.reason.as_ref().map(ToString::to_string)),
            (Dimension::Hour, self.hour.map(|h| format!("{h:02}"))),
            (Dimension::Weekday, self.weekday.map(|w| w.to_string())),
        ];
        all.into_iter().filter_map(|(dimension, value)| Some((dimension, value?))).collect()
    }

    /// What is listed for somebody who reaches these halls (none: all).
    pub fn listing(&self, reach: Option<&[HallId]>) -> Listing {
        let halls = match (&self.hall, reach) {
            (None, reach) => reach.map(<[_]>::to_vec),
            (Some(hall), Some(reach)) if !reach.contains(hall) => Some(Vec::new()),
            (Some(hall), _) => Some(vec![hall.clone()]),
        };
        Listing {
            halls,
            window: self.window.clone(),
            staff: self.staff.clone(),
            item: self.item.clone(),
            channel: self.channel,
            from: self.from,
            to: self.to,
            hour: self.hour,
            weekday: self.weekday,
            level: self.level,
            reason: self.reason.clone(),
            flagged: self.flagged,
        }
    }
}

/// A name, or `(none)`.
fn whose<T, E>(text: &str, read: impl FnOnce(&str) -> Result<T, E>) -> Result<Whose<T>, E> {
    if text == UNASSIGNED { Ok(Whose::Nobody) } else { read(text).map(Whose::Of) }
}

fn number_in(text: Option<&str>, least: u8, most: u8) -> Result<Option<u8>, ()> {
    let Some(text) = text else { return Ok(None) };
    // Two digits at most, and no sign.
    let plain = text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|n| plain && (least..=most).contains(n));
    number.map(Some).ok_or(())
}

fn cursor(text: &str) -> Result<Cursor, AskedFault> {
    let parts =
        text.split_once('.').and_then(|(slot, id)| Some(Cursor { slot: slot.parse().ok()?, id: id.parse().ok()? }));
    // Days far from any calendar would only make a search for nothing.
    let fits = parts.filter(|c| (0..100_000 * 25).contains(&c.slot));
    fits.ok_or(AskedFault { field: "after", allowed: "what `next` of the page before said" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<Asked, AskedFault> {
        let pairs = text.split('&').filter_map(|p| p.split_once('=')).map(|(a, b)| (a.to_owned(), b.to_owned()));
        Asked::read(&pairs.collect::<Vec<_>>(), date(2026, 11, 24))
    }

    #[test]
    fn an_address_says_everything_and_leads_to_itself() {
        let asked = read(
            "from=2026-11-01&to=2026-11-20&window=QL01/W03&staff=0027&item=(none)&channel=phone&level=dissatisfied&reason=slow&hour=09&weekday=1&flagged=yes&code=&x=y",
        );
        let asked = asked.unwrap();
        assert_eq!((asked.level, asked.flagged, &asked.code), (Some(Satisfaction::Dissatisfied), Some(true), &None));
        assert_eq!((asked.item.clone(), asked.hour, asked.weekday), (Some(Whose::Nobody), Some(9), Some(1)));
        let filters = asked.filters();
        assert_eq!(filters.len(), 8);
        assert!(filters.contains(&Filter { dimension: Dimension::Hour, values: vec!["09".to_owned()] }));
        let cursor = Cursor { slot: 513_000, id: 7 };
        let pairs: Vec<_> = asked.pairs(Some(cursor)).into_iter().map(|(a, b)| (a.to_owned(), b)).collect();
        let again = Asked::read(&pairs, date(2020, 1, 1)).unwrap();
        assert_eq!(again, Asked { cursor: Some(cursor), ..asked });
    }

    #[test]
    fn nothing_said_is_the_last_week_and_a_code_is_made_normal() {
        let asked = read("").unwrap();
        assert_eq!((asked.from, asked.to), (date(2026, 11, 18), date(2026, 11, 24)));
        assert_eq!(read("code=oil00 00000").unwrap().code.as_deref(), Some("01100-00000"));
    }

    #[test]
    fn each_fault_names_its_field() {
        for (text, field) in [
            ("from=yesterday", "from"),
            ("to=2026-13-01", "to"),
            ("from=2026-01-01&to=2026-11-01", "from"),
            ("from=2026-11-02&to=2026-11-01", "from"),
            ("window=W03", "window"),
            ("staff=%E8%AF%84", "staff"),
            ("level=great", "level"),
            ("item=a b", "item"),
            ("channel=letter", "channel"),
            ("reason=%", "reason"),
            ("hour=24", "hour"),
            ("hour=+9", "hour"),
            ("weekday=0", "weekday"),
            ("flagged=maybe", "flagged"),
            ("code=short", "code"),
            ("after=7", "after"),
            ("after=-1.2", "after"),
            ("after=9999999999.2", "after"),
        ] {
            assert_eq!(read(text).unwrap_err().field, field, "{text}");
        }
    }

    #[test]
    fn a_hall_beyond_ones_reach_lists_nothing() {
        let own = [HallId::new("H1").unwrap()];
        let asked = read("hall=H2").unwrap();
        assert_eq!(asked.listing(Some(&own)).halls, Some(vec![]));
        assert_eq!(asked.listing(None).halls, Some(vec![HallId::new("H2").unwrap()]));
        assert_eq!(read("").unwrap().listing(Some(&own)).halls, Some(own.to_vec()));
    }
}
