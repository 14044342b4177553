//! Every route × role × own or other unit, walked over real sockets from the centre's own table.
//!
//! `routes.txt` says what each route needs and is the second opinion: a route that is not in it, or that says something
//! else, fails. What each role may is written down here once more, from the design and not from the program.

use std::collections::{BTreeMap, BTreeSet};

use pingyi::centre::access::Needs;
use pingyi::centre::app;
use pingyi::centre::directory::accounts::Part;
use pingyi::centre::directory::tokens::{self, TokenHash};
use pingyi::centre::directory::units;
use pingyi::domain::id::HallId;
use pingyi::domain::role::{Need, Role};
use reqwest::{Client, Method, StatusCode};

use super::House;
use crate::browser::{Browser, account};

const EXPECTED: &str = include_str!("routes.txt");
const FOREIGN_FORM: &str = "这个表单不是";
const FORBIDDEN: &str = "您的角色无权";

/// Handlers that are narrower than the table: staff see no live figures, for theirs are delayed.
const NARROWER: [(&str, Role); 1] = [("/overview/live", Role::Staff)];

/// Whom the design lets near what.
fn roles_of(need: Need) -> BTreeSet<Role> {
    use Role::{Auditor, DeviceAdmin, FollowUpOfficer, HallSupervisor, Leader, Staff, SystemAdmin};
    let all: &[Role] = match need {
        Need::Public | Need::SignedIn => Role::ALL,
        Need::Device => &[],
        Need::Own => &[Staff],
        Need::Statistics => &[Staff, HallSupervisor, FollowUpOfficer, Leader, Auditor, SystemAdmin],
        Need::Hall => &[HallSupervisor, FollowUpOfficer, Leader, Auditor, SystemAdmin],
        Need::HallEdit | Need::AlertsKeep => &[HallSupervisor, SystemAdmin],
        Need::Approve => &[HallSupervisor, Leader],
        Need::Fleet => &[HallSupervisor, Auditor, DeviceAdmin, SystemAdmin],
        Need::FleetKeep => &[DeviceAdmin, SystemAdmin],
        Need::Explain | Need::Publish => &[HallSupervisor],
        Need::Entries => &[HallSupervisor, FollowUpOfficer, Auditor],
        Need::Unseal => &[FollowUpOfficer],
        Need::Alerts => &[HallSupervisor, FollowUpOfficer, Leader, Auditor, DeviceAdmin, SystemAdmin],
        Need::Accounts => &[SystemAdmin],
        Need::AuditLog => &[Auditor],
        Need::Cases | Need::Selections => &[HallSupervisor, FollowUpOfficer, Leader, Auditor],
        Need::CasesWork => &[HallSupervisor, FollowUpOfficer],
        Need::CasesDecide => &[HallSupervisor, Leader],
        Need::Inspect => &[HallSupervisor, FollowUpOfficer, Leader],
        Need::Review | Need::SelectionsDecide => &[Leader],
        Need::PeerVote => &[Staff],
        Need::ContestsKeep | Need::SelectionsKeep => &[HallSupervisor],
        Need::Campaign => &[HallSupervisor, FollowUpOfficer, Leader, Auditor, SystemAdmin],
        Need::RulesKeep | Need::BusinessTell => &[HallSupervisor, SystemAdmin],
    };
    all.iter().copied().collect()
}

#[test]
fn every_route_is_expected_and_no_expectation_is_left_over() {
    let line = |method: &str, path: &str, need: &str| format!("{method} {path} {need}");
    let table: BTreeSet<_> = app::table().iter().map(|r| line(r.method.as_str(), r.path, r.need.code())).collect();
    let expected: BTreeSet<_> = EXPECTED.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect();
    let missing: Vec<_> = table.difference(&expected).collect();
    let left_over: Vec<_> = expected.difference(&table).collect();
    assert!(
        missing.is_empty() && left_over.is_empty(),
        "tests/it/accounts/routes.txt must name each route with what the design says it needs.\nnot named: {missing:#?}\nnot a route: {left_over:#?}"
    );
    assert_eq!(table.len(), app::table().len(), "a route twice");
}

/// Objects that do not exist, but for the hall.
pub(super) fn filled(path: &str, hall: &HallId) -> String {
    let pieces = path.split('/').map(|piece| match piece {
        "{hall}" => hall.as_str(),
        "{device}" => "00000000000000000000000000000000",
        "{ticket}" | "{*name}" | "{name}" | "{key}" | "{list}" | "{kind}" => "nothing",
        _ if piece.starts_with('{') => "999999",
        plain => plain,
    });
    pieces.collect::<Vec<_>>().join("/")
}

fn is_interface(path: &str) -> bool {
    path.starts_with("/api/")
}

struct Person {
    browser: Browser,
    token: String,
}

/// Two units; the sample hall stands under the first.
async fn people(house: &House) -> BTreeMap<(Role, bool), Person> {
    let site = &house.running.site;
    let hall = site.boards.get().all().next().unwrap().hall.id.clone();
    let made = site.writer.attempt(move |desk| {
        let own = units::add(desk.tx, None, "本单位")?;
        let other = units::add(desk.tx, None, "别的单位")?;
        units::place(desk.tx, &hall, Some(own))?;
        *desk.people_changed = true;
        Ok::<_, units::UnitFault>((own, other))
    });
    let (own, other) = made.await.unwrap().unwrap();
    let mut out = BTreeMap::new();
    for &role in Role::ALL {
        for (is_own, unit) in [(true, own), (false, other)] {
            let login = format!("{}-{}", role.code(), if is_own { "own" } else { "other" });
            let id = account(site, &login, role, Part::Unit(unit)).await;
            let token = tokens::fresh().unwrap();
            let kept = token.clone();
            let added = site.writer.attempt(move |desk| {
                *desk.people_changed = true;
                tokens::add(desk.tx, id, &kept, "walk", Needs::ALL, None, desk.now)
            });
            added.await.unwrap().unwrap();
            let browser = Browser::new(&house.url());
            browser.sign_in(&login).await;
            out.insert((role, is_own), Person { browser, token });
        }
    }
    assert!(TokenHash::of("a") != TokenHash::of("b"));
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_answers_every_role_as_the_design_says() {
    let house = House::open().await;
    let hall = house.running.site.boards.get().all().next().unwrap().hall.id.clone();
    let people = people(&house).await;
    let stranger = Browser::new(&house.url());
    let client = Client::builder().no_proxy().build().unwrap();
    let mut wrong = Vec::new();
    for route in app::table() {
        let path = filled(route.path, &hall);
        let what = format!("{} {path} ({})", route.method, route.need.code());
        if matches!(route.need, Need::Public | Need::Device) {
            if route.need == Need::Device {
                let request = client.request(route.method.clone(), format!("{}{path}", house.url()));
                let status = request.send().await.unwrap().status();
                if !status.is_client_error() {
                    wrong.push(format!("{what}: an unsigned request got {status}"));
                }
            }
            continue;
        }
        let page = asked(&stranger, &route.method, &path).await;
        let refused = match (is_interface(&path), route.method == Method::GET) {
            (false, _) => page.0 == StatusCode::SEE_OTHER && page.1.starts_with("/sign-in?back="),
            (true, _) => page.0 == StatusCode::UNAUTHORIZED,
        };
        if !refused {
            wrong.push(format!("{what}: a stranger got {}", page.0));
        }
        for ((role, is_own), person) in &people {
            let may = roles_of(route.need).contains(role) && !NARROWER.contains(&(route.path, *role));
            let got = if is_interface(&path) && route.method != Method::GET {
                let request = client.request(route.method.clone(), format!("{}{path}", house.url()));
                let response = request.bearer_auth(&person.token).send().await.unwrap();
                (response.status(), String::new(), response.text().await.unwrap())
            } else {
                let (status, location, text) = asked(&person.browser, &route.method, &path).await;
                (status, location, text)
            };
            if let Some(fault) = judge(&got, may, route.method == Method::GET, is_interface(&path)) {
                let unit = if *is_own { "own" } else { "other" };
                wrong.push(format!("{what}: {} of the {unit} unit {fault}", role.code()));
            }
            // Another unit's hall does not exist, whoever asks, and its name stands on no page.
            let of_a_hall = route.path.contains("{hall}") && route.method == Method::GET;
            if may && of_a_hall && !is_own && got.0 != StatusCode::NOT_FOUND {
                wrong.push(format!("{what}: {} of the other unit got {}", role.code(), got.0));
            }
            let only_hall = route.path.matches('{').count() == usize::from(route.path.contains("{hall}"));
            // What a question must name, this walk does not know.
            let answered = [StatusCode::OK, StatusCode::BAD_REQUEST].contains(&got.0);
            if may && of_a_hall && *is_own && only_hall && !answered {
                wrong.push(format!("{what}: {} of the own unit got {}", role.code(), got.0));
            }
            if may && !is_own && got.0 == StatusCode::OK && got.2.contains(&format!(">{hall}<")) {
                wrong.push(format!("{what}: {} of the other unit reads of {hall}", role.code()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are not as the design says:\n{}", wrong.len(), wrong.join("\n"));
    house.running.stop().await;
}

/// Without the hidden field, so that a walk over all routes changes nothing.
async fn asked(browser: &Browser, method: &Method, path: &str) -> (StatusCode, String, String) {
    let page = match *method {
        Method::GET => browser.get(path).await,
        Method::POST => browser.post_with(path, &[], None, &browser.url).await,
        _ => browser.send_plain(method.clone(), path).await,
    };
    (page.status, page.location, page.text)
}

fn judge(got: &(StatusCode, String, String), may: bool, reads: bool, interface: bool) -> Option<String> {
    let (status, _, text) = got;
    if status.is_server_error() {
        return Some(format!("met {status}"));
    }
    let forbidden = *status == StatusCode::FORBIDDEN && (interface || text.contains(FORBIDDEN));
    if !may {
        return (!forbidden).then(|| format!("was not refused, but got {status}"));
    }
    if !reads && !interface {
        // Past the guard, and stopped by the missing field: by that alone.
        // A form with files is not one at all when it comes without a boundary.
        let stopped = text.contains(FOREIGN_FORM) && *status == StatusCode::FORBIDDEN;
        return (!stopped && *status != StatusCode::BAD_REQUEST)
            .then(|| format!("posted without the hidden field and got {status}"));
    }
    (forbidden || *status == StatusCode::UNAUTHORIZED).then(|| format!("was refused with {status}"))
}
