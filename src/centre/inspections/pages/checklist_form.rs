//! A list of what is looked at, made or changed. Whatever was typed comes back with what is wrong.

use super::*;
use axum::extract::Path;

use super::plan::Pairs;
use crate::centre::access::{Posted, Reach, RuleKeeper, Signed};
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Notice, Title, buttons};
use crate::centre::inspections::checklists::{self as kept, ListFault, Version, WHY_CHARS};
use crate::domain::board::Bilingual;
use crate::domain::id::TagCode;
use crate::domain::inspection::checklist::{
    CheckItem, Checklist, ChecklistFault, ITEM_CHARS, ItemKind, MAX_ITEMS, MAX_WEIGHT, TITLE_CHARS,
};
use crate::words::inspections::ChecklistWords;

/// Empty items at the end of the form.
const SPARE: usize = 4;

/// What the form is about.
struct About<'a> {
    /// Number and version of the list that is changed.
    seen: Option<(u32, u32)>,
    list: &'a Checklist,
    why: &'a str,
    faults: Faults,
    told: Option<Cow<'static, str>>,
}

pub async fn new(State(site): State<Arc<Site>>, signed: Signed<RuleKeeper>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let list = Checklist { title: Bilingual::default(), items: Vec::new() };
    let about = About { seen: None, list: &list, why: "", faults: Faults::default(), told: None };
    desk.page(&ChecklistWords(desk.language()).new_list(), Ok(Some(form(&desk, &about))))
}

pub async fn edit(
    State(site): State<Arc<Site>>,
    signed: Signed<RuleKeeper>,
    Path(checklist): Path<String>,
) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let content = newest(&desk, &checklist).await.map(|found| {
        found.map(|v| {
            let seen = Some((v.checklist, v.version));
            form(&desk, &About { seen, list: &v.list, why: "", faults: Faults::default(), told: None })
        })
    });
    desk.page(&ChecklistWords(desk.language()).edit(), content)
}

async fn newest(desk: &Desk<'_>, checklist: &str) -> Result<Option<Version>, ApiFault> {
    let Ok(checklist) = checklist.parse() else { return Ok(None) };
    desk.read(move |conn| kept::one(conn, checklist, None)).await
}

pub async fn add(State(site): State<Arc<Site>>, posted: Posted<RuleKeeper, Pairs>) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    keep(&desk, None, &posted.form).await
}

pub async fn change(
    State(site): State<Arc<Site>>,
    Path(checklist): Path<String>,
    posted: Posted<RuleKeeper, Pairs>,
) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let version = given(&posted.form, "version").parse().unwrap_or(0);
    match checklist.parse() {
        Ok(checklist) => keep(&desk, Some((checklist, version)), &posted.form).await,
        Err(_) => desk.viewer.not_found(&site),
    }
}

async fn keep(desk: &Desk<'_>, seen: Option<(u32, u32)>, typed: &Pairs) -> Response {
    let c = ChecklistWords(desk.language());
    // A list is the whole centre's: whoever answers for a part of it does not change it.
    if desk.who.reach != Reach::All {
        return desk.viewer.refuse(desk.site, &ApiFault::new(ErrorCode::Forbidden));
    }
    let (list, why) = (read(typed), given(typed, "why").to_owned());
    let (kept, reason) = (list.clone(), why.clone());
    let mut about = About { seen, list: &list, why: &why, faults: Faults::default(), told: None };
    match desk.act(move |a| a.keep_list(seen, &kept, &reason)).await {
        Ok(Ok((checklist, version))) => {
            let to = format!("/inspections/checklists/{checklist}");
            return desk.viewer.onward(desk.site, &to, &c.saved(version));
        }
        Ok(Err(ListFault::Faulty(faults))) => {
            for fault in faults {
                let (field, sentence) = told(desk, &fault);
                about.faults.add(field, sentence);
            }
        }
        Ok(Err(ListFault::Why(_))) => about.faults.add("why", c.why_wrong(WHY_CHARS)),
        Ok(Err(ListFault::Stale)) => about.told = Some(c.stale()),
        Ok(Err(ListFault::Same)) => about.told = Some(c.same()),
        Ok(Err(ListFault::Full)) => about.told = Some(desk.planning().full()),
        Ok(Err(ListFault::Unknown)) => return desk.viewer.not_found(desk.site),
        Ok(Err(ListFault::Store(cause))) => {
            return desk.viewer.refuse(desk.site, &ApiFault::because(ErrorCode::Unavailable, &cause));
        }
        Err(fault) => return desk.viewer.refuse(desk.site, &fault),
    }
    desk.again(&c.edit(), Ok(Some(form(desk, &about))))
}

fn told(desk: &Desk<'_>, fault: &ChecklistFault) -> (&'static str, String) {
    let c = ChecklistWords(desk.language());
    match fault {
        ChecklistFault::Title => ("title", c.title_wrong().into_owned()),
        ChecklistFault::Count => ("items", c.count_wrong(MAX_ITEMS).into_owned()),
        ChecklistFault::Text(n) | ChecklistFault::Twice(n) => ("items", c.text_wrong(*n).into_owned()),
        ChecklistFault::Weight(n) => ("items", c.weight_wrong(*n).into_owned()),
    }
}

fn given<'a>(typed: &'a Pairs, name: &str) -> &'a str {
    typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
}

/// The list as it was typed: items whose text was emptied are left out, new ones get a code that no other has.
fn read(typed: &Pairs) -> Checklist {
    let bilingual = |zh: &str, en: &str| {
        let en = Some(given(typed, en)).filter(|en| !en.is_empty()).map(str::to_owned);
        Bilingual { zh: given(typed, zh).to_owned(), en }
    };
    let mut items: Vec<CheckItem> = Vec::new();
    let mut fresh = 0_u32;
    for n in 0..MAX_ITEMS + SPARE {
        let field = |part: &str| format!("{part}-{n}");
        if given(typed, &field("text")).is_empty() {
            continue;
        }
        let kind = ItemKind::from_code(given(typed, &field("kind"))).unwrap_or(ItemKind::YesNo);
        let taken = |code: &str| typed.iter().any(|(n, v)| n.starts_with("code-") && v == code);
        let code = TagCode::new(given(typed, &field("code"))).ok().unwrap_or_else(|| {
            loop {
                fresh += 1;
                let code = format!("i{fresh}");
                if let (false, Ok(code)) = (taken(&code), TagCode::new(&code)) {
                    return code;
                }
            }
        });
        let weight = if kind == ItemKind::Note { 0 } else { given(typed, &field("weight")).parse().unwrap_or(0) };
        items.push(CheckItem {
            code,
            group: bilingual(&field("group"), &field("group_en")),
            text: bilingual(&field("text"), &field("text_en")),
            kind,
            weight,
        });
    }
    Checklist { title: bilingual("title", "title_en"), items }
}

fn form(desk: &Desk<'_>, about: &About<'_>) -> Markup {
    let (w, c) = (desk.words(), ChecklistWords(desk.language()));
    let english = desk.language().is_english();
    let chars = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (heading, address, back) = match about.seen {
        None => (c.new_list(), "/inspections/checklists/new".to_owned(), "/inspections/checklists".to_owned()),
        Some((checklist, _)) => {
            let back = format!("/inspections/checklists/{checklist}");
            (c.edit(), format!("{back}/edit"), back)
        }
    };
    let title = &about.list.title;
    let mut head = Title::new(desk.language(), heading)
        .crumb("/inspections", w.title())
        .crumb("/inspections/checklists", c.title());
    if about.seen.is_some() && !title.zh.is_empty() {
        head = head.crumb(back.clone(), title.get(english).to_owned());
    }
    let shown = (about.list.items.len() + SPARE).min(MAX_ITEMS);
    html! {
        (head.lead(c.lead()))
        (about.faults.summary(desk.language()))
        @if let Some(told) = &about.told { (Notice::bad(told.clone())) }
        form method="post" action=(address) {
            (desk.viewer.csrf())
            @if let Some((_, version)) = about.seen { input type="hidden" name="version" value=(version); }
            section.card {
                div.fields {
                    (Field::text("title", c.name()).value(title.zh.as_str()).max(chars(TITLE_CHARS)).faults(&about.faults))
                    (Field::text("title_en", c.name_en()).value(title.en.as_deref().unwrap_or("")).max(chars(TITLE_CHARS)).optional(desk.language()))
                }
            }
            section.card #items tabindex="-1" {
                h2 { (c.items()) }
                p.hint { (c.item_hint()) " " (c.weight_hint()) }
                @for n in 0..shown { (item(desk, n, about.list.items.get(n))) }
            }
            section.card {
                (Field::text("why", c.why()).hint(c.why_hint()).value(about.why).max(chars(WHY_CHARS)).faults(&about.faults))
                (buttons(&[Button::submit(c.save()).primary(), Button::link(back, c.cancel())]))
            }
        }
    }
}

fn item(desk: &Desk<'_>, n: usize, item: Option<&CheckItem>) -> Markup {
    let c = ChecklistWords(desk.language());
    let language = desk.language();
    let field = |part: &str| format!("{part}-{n}");
    let text = |of: fn(&CheckItem) -> &Bilingual| item.map(of);
    let zh = |of| text(of).map_or("", |t| t.zh.as_str());
    let en = |of| text(of).and_then(|t| t.en.as_deref()).unwrap_or("");
    let (group, words_of): (fn(&CheckItem) -> &Bilingual, fn(&CheckItem) -> &Bilingual) = (|i| &i.group, |i| &i.text);
    let kinds = ItemKind::ALL.iter().map(|k| (k.code(), words::item_kind(language, *k)));
    let chars = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let [text_id, text_en, group_id, group_en, kind_id, weight_id] =
        ["text", "text_en", "group", "group_en", "kind", "weight"].map(field);
    let weight = item.map_or_else(String::new, |i| i.weight.to_string());
    html! {
        fieldset.boxed {
            legend { (c.item(n + 1)) }
            input type="hidden" name=(format!("code-{n}")) value=(item.map_or("", |i| i.code.as_str()));
            div.fields {
                (Field::text(&text_id, c.text()).value(zh(words_of)).max(chars(ITEM_CHARS)).optional(language))
                (Field::text(&text_en, c.text_en()).value(en(words_of)).max(chars(ITEM_CHARS)).optional(language))
            }
            div.fields {
                (Field::text(&group_id, c.group()).value(zh(group)).max(chars(TITLE_CHARS)).optional(language))
                (Field::text(&group_en, c.group_en()).value(en(group)).max(chars(TITLE_CHARS)).optional(language))
                (Choice::new(&kind_id, c.kind(), kinds).chosen(item.map_or(ItemKind::YesNo, |i| i.kind).code()))
                (Field::number(&weight_id, c.weight()).value(weight).within("0", MAX_WEIGHT.to_string()).optional(language))
            }
        }
    }
}
