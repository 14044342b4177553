//! The day so far, block by block. The page holds it from the start; a small script fetches it anew every half minute.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::super::assets::script;
use super::super::charts;
use super::super::text::{percent, thousands};
use crate::centre::statistics::live::Block;
use crate::domain::query::Rate;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::common::Common;
use crate::words::overview::Overview as Words;

/// Where the script finds the feed.
pub const ADDRESS: &str = "/overview/live";
const EVERY_SECONDS: u32 = 30;
/// Blocks that are shown.
pub const SHOWN: usize = 8;

/// The feed with what is around it.
pub fn section(blocks: &[Block], group: u64, zone: &TimeZone, language: Language, hall: Option<&str>) -> Markup {
    let w = Words(language);
    let address = match hall {
        Some(hall) => format!("{ADDRESS}?hall={hall}"),
        None => ADDRESS.to_owned(),
    };
    html! {
        section.card.live aria-labelledby="live" {
            h2 #live { (w.live()) }
            div.feed data-refresh=(address) data-every=(EVERY_SECONDS) { (feed(blocks, zone, language)) }
            p.hint.old role="status" { (w.live_old()) }
            p.hint.paused role="status" { (w.live_paused()) }
            p.hint { (w.live_note(group)) noscript { " " (w.live_reload()) } }
        }
        (script("refresh.js"))
    }
}

/// The blocks alone: what the script puts in place of the old ones.
pub fn feed(blocks: &[Block], zone: &TimeZone, language: Language) -> Markup {
    let (w, common) = (Words(language), Common(language));
    if blocks.is_empty() {
        return html! { p.hint { (w.live_none()) } };
    }
    let n: u64 = blocks.iter().map(|b| b.n).sum();
    let satisfied: u64 =
        blocks.iter().map(|b| b.levels.very_satisfied + b.levels.satisfied + b.levels.basically_satisfied).sum();
    let rate = Rate::wilson(satisfied, n).map_or_else(|| "–".to_owned(), |r| percent(r.value));
    html! {
        p { (w.live_so_far(&thousands(n), &rate)) }
        table {
            caption.unseen { (w.live()) }
            thead { tr { th scope="col" { (w.when()) } th.number scope="col" { (common.rated()) } th.number scope="col" { (common.satisfied_rate()) } th scope="col" { (w.levels()) } } }
            tbody {
                @for block in blocks.iter().take(SHOWN) {
                    tr {
                        th scope="row" { (clock(zone, block.first)) "–" (clock(zone, block.last)) }
                        td.number { (thousands(block.n)) }
                        td.number { (block.satisfied.map_or_else(|| "–".to_owned(), |r| percent(r.value))) }
                        td { (charts::levels(&block.levels)) }
                    }
                }
            }
        }
    }
}

fn clock(zone: &TimeZone, at: WallMs) -> String {
    let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    zone.to_datetime(stamp).strftime("%H:%M").to_string()
}
