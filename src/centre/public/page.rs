//! The public page's markup. Pure: plain values in, escaped HTML out; no script, one small style sheet, and light enough
//! for an old phone on a slow line.

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};

use super::snapshot::{Line, Snapshot};
use crate::centre::dashboard::assets::address;
use crate::centre::dashboard::text::thousands;
use crate::domain::board::{Board, Pledge};
use crate::domain::query::Rate;
use crate::words::public::Public;
use crate::words::{Language, common};

/// Windows of one page: some 12 kB.
pub const PER_PAGE: usize = 60;
/// Pledges that are shown.
const MAX_PLEDGES: usize = 30;
const MAX_HONOURS: usize = 40;

/// A whole page. `here` is its path, `query` what else stands in its address.
pub fn page(language: Language, here: &str, query: &str, title: &str, content: &Markup) -> Markup {
    let w = Public(language);
    let other = language.toggled();
    html! {
        (DOCTYPE)
        html lang=(language.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="format-detection" content="telephone=no";
                title { (title) }
                link rel="icon" href=(address("mark.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(address("public.css"));
            }
            body {
                a.skip href="#content" { (w.skip()) }
                header {
                    div {
                        a.brand href=(link("/public", language, "")) { (w.title()) }
                        a lang=(other.code()) hreflang=(other.code()) href=(link(here, other, query)) { (w.other_language()) }
                    }
                }
                main #content { (content) }
            }
        }
    }
}

/// An address in a language; Chinese needs no word.
pub fn link(path: &str, language: Language, query: &str) -> String {
    let parts = [if language.is_english() { "lang=en" } else { "" }, query];
    let query = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The list of halls: id, name, last published day.
pub fn halls(language: Language, halls: &[(String, String, String)]) -> Markup {
    let w = Public(language);
    html! {
        h1 { (w.halls()) }
        @if halls.is_empty() { p { (w.none()) } }
        ul.halls {
            @for (id, name, day) in halls {
                li { a href=(link(&format!("/public/{id}"), language, "")) { (name) } " " span.small { (w.up_to(day)) } }
            }
        }
    }
}

/// What stands on one hall's page.
pub struct HallPage<'a> {
    pub language: Language,
    /// As it is now: pledges, honours and the number to call are those of today. None: the hall is no more.
    pub board: Option<&'a Board>,
    pub shown: &'a Snapshot,
    /// The moment at which the figures were frozen, as people write it.
    pub frozen: &'a str,
    /// Others that can be seen, with their ids.
    pub earlier: &'a [(i64, Date, Date)],
    /// Of the windows, from 1.
    pub page: usize,
    pub today: Date,
    /// What else the hall has put before the public.
    pub also: &'a Markup,
}

/// A hall of which no figures are published.
pub fn bare(language: Language, board: &Board, also: &Markup) -> Markup {
    let (w, english) = (Public(language), language.is_english());
    html! {
        p.unit { (board.unit.get(english)) }
        h1 { (board.hall.name.get(english)) }
        (also)
        section {
            h2 { (w.complain()) }
            p.call { (w.call(&board.hall.hotline)) }
        }
        p { a href=(link("/public", language, "")) { (w.all_halls()) } }
    }
}

pub fn hall(p: &HallPage<'_>) -> Markup {
    let (w, english) = (Public(p.language), p.language.is_english());
    let wanted = &p.shown.wanted;
    html! {
        p.unit { (p.shown.unit.get(english)) }
        h1 { (p.shown.hall_name.get(english)) }
        (results(p))
        (p.also)
        @if let Some(board) = p.board {
            section {
                h2 { (w.complain()) }
                p.call { (w.call(&board.hall.hotline)) }
                p.small { (w.fair()) }
            }
            @if wanted.pledges { (pledges(p.language, board)) }
            @if wanted.honours { (honours(p.language, board, p.today)) }
        }
        @if !p.earlier.is_empty() {
            section {
                h2 { (w.earlier()) }
                ul {
                    @for (id, from, to) in p.earlier {
                        li { a href=(link(&format!("/public/{}/{id}", wanted.hall), p.language, "")) { (w.period(&from.to_string(), &to.to_string())) } }
                    }
                }
            }
        }
        p { a href=(link("/public", p.language, "")) { (w.all_halls()) } }
    }
}

/// The figures of a publication, also for the preview.
pub fn results(p: &HallPage<'_>) -> Markup {
    let (w, wanted) = (Public(p.language), &p.shown.wanted);
    let pages = p.shown.windows.len().div_ceil(PER_PAGE).max(1);
    let page = p.page.clamp(1, pages);
    let lines = p.shown.windows.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE);
    html! {
        section {
            h2 { (w.results(&wanted.from.to_string(), &wanted.to.to_string())) }
            @if p.shown.sample { p.sample { (w.sample()) } }
            dl.facts {
                div { dt { (w.satisfied()) } dd { (rate(p.shown.total.satisfied)) } }
                div { dt { (w.negative()) } dd { (plain(p.shown.total.negative)) } }
                div { dt { (w.participation()) } dd { (plain(p.shown.total.participation)) } }
                div { dt { (w.ratings()) } dd { @match p.shown.total.n { Some(n) => (thousands(n)), None => (w.few()) } } }
                @if let Some(aside) = p.shown.total.set_aside {
                    div { dt { (w.set_aside()) } dd { (thousands(aside)) } }
                    div { dt { (w.adopted()) } dd { (rate(p.shown.total.adopted)) } }
                }
            }
            @if !p.shown.windows.is_empty() {
                table {
                    caption { (w.windows()) @if pages > 1 { " · " (w.page_of(page, pages)) } }
                    thead { tr { th scope="col" { (w.window()) } th scope="col" { (w.satisfied()) } th scope="col" { (w.negative()) } th scope="col" { (w.participation()) } th scope="col" { (w.ratings()) } } }
                    tbody { @for line in lines { (row(p.language, line)) } }
                }
                @if pages > 1 {
                    p.pages {
                        @if page > 1 { a href={ "?page=" (page - 1) (lang(p.language)) } { (w.previous()) } " " }
                        @if page < pages { a href={ "?page=" (page + 1) (lang(p.language)) } { (w.next()) } }
                    }
                }
            }
            p.small { (w.few_note(wanted.min_n)) " " (w.definition()) " " @if p.shown.total.set_aside.is_some() { (w.set_aside_note()) " " } (w.frozen(p.frozen)) }
        }
    }
}

fn lang(language: Language) -> &'static str {
    if language.is_english() { "&lang=en" } else { "" }
}

fn row(language: Language, line: &Line) -> Markup {
    let w = Public(language);
    html! {
        tr {
            th scope="row" { (w.number(&line.number)) " " (line.name.get(language.is_english())) }
            @match line.n {
                Some(n) => {
                    td data-label=(w.satisfied()) { (rate(line.satisfied)) @if let Some(aside) = line.set_aside { br; span.small { (w.adopted_of(&thousands(aside))) " " (plain(line.adopted)) } } }
                    td data-label=(w.negative()) { (plain(line.negative)) }
                    td data-label=(w.participation()) { (plain(line.participation)) }
                    td data-label=(w.ratings()) { (thousands(n)) }
                }
                None => { td.few colspan="4" { (w.few()) } }
            }
        }
    }
}

fn pledges(language: Language, board: &Board) -> Markup {
    let (w, english) = (Public(language), language.is_english());
    let unit: Vec<&Pledge> = board.pledges_of(None).take(MAX_PLEDGES).collect();
    html! {
        @if !unit.is_empty() {
            section {
                h2 { (w.pledges()) }
                ol.pledges {
                    @for pledge in unit {
                        li {
                            (pledge.text.get(english))
                            span.small { (w.standard(pledge.standard.get(english))) " · " (w.time_limit(pledge.time_limit.get(english)))
                                @if let Some(kept) = pledge.kept { " · " (w.kept(kept.kept, kept.of)) } }
                        }
                    }
                }
            }
        }
    }
}

fn honours(language: Language, board: &Board, today: Date) -> Markup {
    let (w, english) = (Public(language), language.is_english());
    let held = board.windows.iter().flat_map(|window| window.honours.iter().map(move |h| (window, h)));
    let held: Vec<_> = held.filter(|(_, h)| h.until >= today).take(MAX_HONOURS).collect();
    html! {
        @if !held.is_empty() {
            section {
                h2 { (w.honours()) }
                ul {
                    @for (window, honour) in held {
                        li {
                            b { (common::honour(language, honour.kind)) } " " (w.number(&window.number)) " " (window.name.get(english))
                            " " span.small { (honour.issuer) " · " (honour.period) }
                        }
                    }
                }
            }
        }
    }
}

fn rate(rate: Option<Rate>) -> Markup {
    html! {
        @match rate {
            Some(r) => { b { (percent(r.value)) } " " span.small { "(" (percent(r.low)) "–" (percent(r.high)) ")" } }
            None => { "–" }
        }
    }
}

fn plain(rate: Option<Rate>) -> String {
    rate.map_or_else(|| "–".to_owned(), |r| percent(r.value))
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::take;
    use super::super::snapshot::tests::{board, served, wanted};
    use super::*;
    use crate::domain::id::WindowId;
    use crate::domain::time::WallMs;
    use jiff::civil::date;

    fn drawn(language: Language, board: &Board, counts: &[u64], number: usize) -> String {
        let shown = take(&served(counts), board, &wanted(), WallMs(1)).unwrap();
        let earlier = [(3, date(2026, 10, 1), date(2026, 10, 31))];
        let today = date(2026, 11, 24);
        let content = hall(&HallPage {
            language,
            board: Some(board),
            shown: &shown,
            frozen: "2026-11-24 14:00",
            earlier: &earlier,
            page: number,
            today,
            also: &html! {},
        });
        page(language, "/public/QL01", "", "t", &content).into_string()
    }

    #[test]
    fn the_page_says_results_with_n_and_interval_pledges_honours_and_where_to_complain() {
        let text = drawn(Language::Zh, &board(), &[40, 9, 25, 30], 1);
        for part in
            ["97.5%", "(87.1%–99.6%)", "少于公布线", "12345", "服务承诺", "窗口荣誉", "2026-10-01 至 2026-10-31"]
        {
            assert!(text.contains(part), "{part}");
        }
        for inline in [" style=", "<style", "<script", "javascript:", "http://", "https://"] {
            assert!(!text.contains(inline), "{inline}");
        }
        for staff in &board().staff {
            assert!(!text.contains(&staff.name), "no person stands on the public page");
        }
        let english = drawn(Language::En, &board(), &[40], 1);
        assert!(english.contains("<html lang=\"en\"") && english.contains("href=\"/public?lang=en\""));
    }

    #[test]
    fn the_largest_hall_is_shown_in_light_pages() {
        let mut large = board();
        let one = large.windows[0].clone();
        large.windows = (0..500)
            .map(|n| crate::domain::board::ServiceWindow {
                id: WindowId::new(&format!("W{n:03}")).unwrap(),
                number: n.to_string(),
                honours: vec![],
                ..one.clone()
            })
            .collect();
        let style = crate::centre::dashboard::assets::ASSETS.iter().find(|a| a.name == "public.css").unwrap();
        let text = drawn(Language::Zh, &large, &[40; 500], 2);
        assert!(text.contains("60 号") && !text.contains("59 号") && text.contains("第 2 页，共 9 页"));
        assert!(text.len() + style.body.len() < 30_000, "{} + {}", text.len(), style.body.len());
    }
}
