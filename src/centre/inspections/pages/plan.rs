//! Planning an inspection.

use super::*;
use crate::centre::access::{Posted, Signed};
use crate::centre::boards::Boards;
use crate::centre::clock;
use crate::centre::dashboard::components::{Button, Choice, Faults, Field, Tick, Title, buttons, fieldset};
use crate::centre::hall::today;
use crate::centre::inspections::checklists::{self, Version};
use crate::centre::inspections::refused::PlanFault;
use crate::centre::inspections::rules::InspectionRules;
use crate::centre::inspections::store::Plan;
use crate::centre::rules;
use crate::domain::appraisal::Period;
use crate::domain::inspection::checklist::TITLE_CHARS;

pub type Pairs = Vec<(String, String)>;

/// Somebody who may inspect.
#[derive(Debug, Clone)]
struct Able {
    account: i64,
    name: String,
    role: crate::domain::role::Role,
}

/// What the form offers.
struct Offered {
    lists: Vec<Version>,
    people: Vec<Able>,
    plan_days: u16,
}

pub async fn new(State(site): State<Arc<Site>>, signed: Signed<Inspector>) -> Response {
    let desk = Desk::new(&site, &signed.viewer, &signed.who);
    let now = today(&site.settings.time_zone, clock::now().wall);
    let week = now.saturating_add(jiff::Span::new().days(6));
    let typed = vec![
        ("kind".to_owned(), InspectionKind::Announced.code().to_owned()),
        ("from".to_owned(), now.to_string()),
        ("to".to_owned(), week.to_string()),
        ("inspector".to_owned(), desk.who.account.to_string()),
    ];
    let content = async {
        let offered = offered(&desk).await?;
        Ok(Some(form(&desk, &offered, &typed, &Faults::default())))
    };
    desk.page(&desk.words().plan(), content.await)
}

pub async fn add(State(site): State<Arc<Site>>, posted: Posted<Inspector, Pairs>) -> Response {
    let desk = Desk::new(&site, &posted.viewer, &posted.who);
    let offered = match offered(&desk).await {
        Ok(offered) => offered,
        Err(fault) => return desk.viewer.refuse(&site, &fault),
    };
    let typed = posted.form;
    let (plans, mut faults) = read(&desk, &offered, &typed);
    if faults.is_empty() {
        match desk.act(move |a| a.plan(&plans)).await {
            Ok(Ok(ids)) => {
                let to = match ids.as_slice() {
                    [one] => format!("/inspections/{one}"),
                    _ => "/inspections".to_owned(),
                };
                return desk.viewer.onward(&site, &to, &desk.planning().planned(ids.len()));
            }
            Ok(Err(Refused::Plan(wrong))) => {
                for fault in wrong {
                    let (field, sentence) = told(&desk, fault, offered.plan_days);
                    faults.add(field, sentence);
                }
            }
            Ok(Err(refused)) => return desk.refuse(&refused),
            Err(fault) => return desk.viewer.refuse(&site, &fault),
        }
    }
    desk.again(&desk.words().plan(), Ok(Some(form(&desk, &offered, &typed, &faults))))
}

fn told(desk: &Desk<'_>, fault: PlanFault, plan_days: u16) -> (&'static str, String) {
    let w = desk.planning();
    match fault {
        PlanFault::Title => ("title", w.title_wrong().into_owned()),
        PlanFault::Period => ("from", w.period_wrong(plan_days).into_owned()),
        PlanFault::Places => ("places", w.places_wrong().into_owned()),
        PlanFault::Inspectors => ("inspectors", w.inspectors_wrong().into_owned()),
        PlanFault::Checklist => ("checklist", w.checklist_wrong().into_owned()),
    }
}

async fn offered(desk: &Desk<'_>) -> Result<Offered, ApiFault> {
    let directory = desk.site.directory.get();
    let read = desk.read(|conn| {
        let accounts = crate::centre::directory::accounts::all(conn)?;
        Ok((checklists::newest(conn)?, accounts, rules::current::<InspectionRules>(conn)?.plan_days))
    });
    let (lists, accounts, plan_days) = read.await?;
    let boards = desk.site.boards.get();
    let own: Vec<HallId> = halls(desk, &boards).into_iter().map(|(id, _)| id).collect();
    let able = accounts.into_iter().filter_map(|a| {
        let who = directory.people().who(a.id)?;
        let reaches = own.iter().any(|hall| who.reach.covers(hall));
        (who.may(Need::Inspect) && reaches).then_some(Able { account: a.id, name: a.name, role: a.role })
    });
    Ok(Offered { lists, people: able.collect(), plan_days })
}

/// Halls that the viewer reaches, by name.
fn halls(desk: &Desk<'_>, boards: &Boards) -> Vec<(HallId, String)> {
    let own = boards.all().filter(|b| desk.sight.reach.covers(&b.hall.id));
    let mut own: Vec<_> = own.map(|b| (b.hall.id.clone(), desk.hall(&b.hall.id))).collect();
    own.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    own
}

/// A plan for each hall of which something was ticked.
fn read(desk: &Desk<'_>, offered: &Offered, typed: &Pairs) -> (Vec<Plan>, Faults) {
    let mut faults = Faults::default();
    let given = |name: &str| typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
    let every =
        |name: &str| -> Vec<String> { typed.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone()).collect() };
    let mut fault = |of: PlanFault| {
        let (field, sentence) = told(desk, of, offered.plan_days);
        faults.add(field, sentence);
    };
    let period = match (given("from").parse(), given("to").parse()) {
        (Ok(from), Ok(to)) => Some(Period { from, to }),
        _ => None,
    };
    if period.is_none() {
        fault(PlanFault::Period);
    }
    let list = given("checklist").split_once('.').and_then(|(c, v)| Some((c.parse().ok()?, v.parse().ok()?)));
    if list.is_none() {
        fault(PlanFault::Checklist);
    }
    let chosen = every("inspector");
    let inspectors = offered.people.iter().filter(|p| chosen.contains(&p.account.to_string()));
    let inspectors: Vec<(i64, String)> = inspectors.map(|p| (p.account, p.name.clone())).collect();
    let kind = InspectionKind::from_code(given("kind")).unwrap_or(InspectionKind::Announced);
    let (wholes, singles) = (every("hall"), every("place"));
    let boards = desk.site.boards.get();
    let mut plans = Vec::new();
    for (hall, _) in halls(desk, &boards) {
        let of_hall = singles.iter().filter_map(|s| s.split_once('/')).filter(|(h, _)| *h == hall.as_str());
        let windows: Vec<WindowId> = of_hall.filter_map(|(_, w)| WindowId::new(w).ok()).collect();
        let whole = wholes.iter().any(|h| h == hall.as_str());
        let (Some(period), Some(checklist)) = (period, list) else { break };
        if whole || !windows.is_empty() {
            let (title, inspectors) = (given("title").to_owned(), inspectors.clone());
            let windows = if whole { Vec::new() } else { windows };
            plans.push(Plan { hall, title, kind, period, windows, checklist, inspectors });
        }
    }
    (plans, faults)
}

fn form(desk: &Desk<'_>, offered: &Offered, typed: &Pairs, faults: &Faults) -> Markup {
    let (w, p) = (desk.words(), desk.planning());
    let given = |name: &str| typed.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let has = |name: &str, value: &str| typed.iter().any(|(n, v)| n == name && v == value);
    let max = u32::try_from(TITLE_CHARS).unwrap_or(60);
    let kinds = html! {
        @for (kind, hint) in [(InspectionKind::Announced, p.announced_hint()), (InspectionKind::Undercover, p.undercover_hint())] {
            (Tick::radio("kind", kind.code(), words::kind(desk.language(), kind), given("kind") == kind.code()).hint(hint))
        }
    };
    let people = html! {
        @for person in &offered.people {
            @let account = person.account.to_string();
            @let role = crate::words::accounts::role(desk.language(), person.role);
            (Tick::check("inspector", account.clone(), format!("{} · {role}", person.name), has("inspector", &account)))
        }
    };
    let lists = offered.lists.iter().map(|v| {
        let name = v.list.title.get(desk.language().is_english());
        (format!("{}.{}", v.checklist, v.version), format!("{name} · {}", w.version(v.version)))
    });
    html! {
        (Title::new(desk.language(), w.plan()).crumb("/inspections", w.title()).lead(p.new_lead()))
        (faults.summary(desk.language()))
        form.form.card method="post" action="/inspections/new" {
            (desk.viewer.csrf())
            (Field::text("title", w.name()).hint(p.name_hint()).value(given("title")).max(max).faults(faults))
            (fieldset("kinds", &w.kind(), None, &kinds))
            div.fields {
                (Field::date("from", p.from()).value(given("from")).faults(faults))
                (Field::date("to", p.to()).value(given("to")).faults(faults))
            }
            (fieldset("places", &p.places(), faults.of("places"), &places(desk, typed)))
            (fieldset("inspectors", &w.inspectors(), faults.of("inspectors"), &html! { p.hint { (p.inspectors_hint()) } (people) }))
            (Choice::new("checklist", w.checklist(), lists).chosen(given("checklist")).faults(faults))
            (buttons(&[Button::submit(p.plan()).primary(), Button::link("/inspections", p.cancel())]))
        }
    }
}

fn places(desk: &Desk<'_>, typed: &Pairs) -> Markup {
    let p = desk.planning();
    let has = |name: &str, value: &str| typed.iter().any(|(n, v)| n == name && v == value);
    let boards = desk.site.boards.get();
    html! {
        @for (hall, name) in halls(desk, &boards) {
            (Tick::check("hall", hall.as_str().to_owned(), p.whole(&name), has("hall", hall.as_str())))
            @if let Some(board) = boards.hall(&hall) {
                @let chosen = typed.iter().any(|(n, v)| n == "place" && v.starts_with(&format!("{hall}/")));
                details.more open[chosen] {
                    summary { (p.single_windows()) span.unseen { " " (name) } }
                    @for window in &board.board.windows {
                        @let value = format!("{hall}/{}", window.id);
                        (Tick::check("place", value.clone(), desk.window(&hall, &window.id), has("place", &value)))
                    }
                }
            }
        }
    }
}
