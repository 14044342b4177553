//! The navigation, a page for whoever looks, and the page of a failure.

use maud::{Markup, html};

use super::components::{Icon, Notice};
use super::shell::{Entry, Group, Signed, Surroundings, surround};
use crate::centre::access::{Viewer, Who};
use crate::centre::error::ApiFault;
use crate::domain::role::Need;
use crate::words::accounts::Accounts;
use crate::words::alerts::Alerts;
use crate::words::audit::AuditLog;
use crate::words::campaign::Campaign;
use crate::words::cases::Register;
use crate::words::comparison::Comparisons;
use crate::words::contests::Contests;
use crate::words::cycles::Cycles;
use crate::words::dashboard::Dashboard;
use crate::words::editor::Editor;
use crate::words::entries::Entries;
use crate::words::fleet::Fleet;
use crate::words::fulfilment::Fulfilment;
use crate::words::inspections::Inspections;
use crate::words::matters::Matters;
use crate::words::me::Me;
use crate::words::public::Publish;
use crate::words::reviews::{Peer, Reviews};
use crate::words::rules::RulePages;
use crate::words::selections::Selections;
use crate::words::shell::Shell;
use crate::words::stories::Stories;

/// What a page is drawn from.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    pub viewer: &'a Viewer,
    /// The hall over everything; empty where there are several.
    pub place: &'a str,
    /// What the form before this page led to.
    pub notice: Option<String>,
}

/// Where the navigation leads, in this order. A page that is to be found adds its line here.
pub const NAVIGATION: &[Entry] = &[
    Entry { path: "/", group: Group::See, icon: Icon::Overview, word: |l| Shell(l).overview(), need: Need::Statistics },
    Entry { path: "/alerts", group: Group::See, icon: Icon::Bell, word: |l| Alerts(l).title(), need: Need::Alerts },
    Entry { path: "/report", group: Group::See, icon: Icon::Report, word: |l| Shell(l).report(), need: Need::Hall },
    Entry {
        path: "/statistics",
        group: Group::LookInto,
        icon: Icon::Statistics,
        word: |l| Shell(l).statistics(),
        need: Need::Statistics,
    },
    Entry { path: "/cases", group: Group::Improve, icon: Icon::Case, word: |l| Register(l).title(), need: Need::Cases },
    Entry {
        path: "/halls",
        group: Group::Run,
        icon: Icon::People,
        word: |l| Editor(l).people_and_windows(),
        need: Need::Hall,
    },
    Entry {
        path: "/entries",
        group: Group::LookInto,
        icon: Icon::Ledger,
        word: |l| Entries(l).entries(),
        need: Need::Entries,
    },
    Entry {
        path: "/fulfilment",
        group: Group::Improve,
        icon: Icon::Hands,
        word: |l| Fulfilment(l).title(),
        need: Need::Hall,
    },
    Entry {
        path: "/matters",
        group: Group::Improve,
        icon: Icon::Calendar,
        word: |l| Matters(l).title(),
        need: Need::Statistics,
    },
    Entry {
        path: "/inspections",
        group: Group::Improve,
        icon: Icon::Magnifier,
        word: |l| Inspections(l).title(),
        need: Need::Hall,
    },
    Entry { path: "/fleet", group: Group::Run, icon: Icon::Kiosk, word: |l| Fleet(l).fleet(), need: Need::Fleet },
    Entry {
        path: "/accounts",
        group: Group::Keep,
        icon: Icon::Key,
        word: |l| Accounts(l).accounts(),
        need: Need::Accounts,
    },
    Entry {
        path: "/units",
        group: Group::Keep,
        icon: Icon::People,
        word: |l| Accounts(l).units(),
        need: Need::Accounts,
    },
    Entry {
        path: "/selections",
        group: Group::Improve,
        icon: Icon::Award,
        word: |l| Selections(l).title(),
        need: Need::Selections,
    },
    Entry {
        path: "/stories",
        group: Group::Improve,
        icon: Icon::Speaker,
        word: |l| Stories(l).title(),
        need: Need::Selections,
    },
    Entry {
        path: "/publish",
        group: Group::Run,
        icon: Icon::Publish,
        word: |l| Publish(l).title(),
        need: Need::Publish,
    },
    Entry {
        path: "/reviews",
        group: Group::Improve,
        icon: Icon::Speech,
        word: |l| Reviews(l).title(),
        need: Need::Hall,
    },
    Entry {
        path: "/peer/rounds",
        group: Group::Improve,
        icon: Icon::Hands,
        word: |l| Peer(l).title(),
        need: Need::ContestsKeep,
    },
    Entry {
        path: "/comparison",
        group: Group::LookInto,
        icon: Icon::Scales,
        word: |l| Comparisons(l).title(),
        need: Need::Hall,
    },
    Entry {
        path: "/contests",
        group: Group::Improve,
        icon: Icon::Cup,
        word: |l| Contests(l).title(),
        need: Need::Statistics,
    },
    Entry { path: "/peer", group: Group::Improve, icon: Icon::Hands, word: |l| Peer(l).title(), need: Need::PeerVote },
    Entry { path: "/me", group: Group::See, icon: Icon::Person, word: |l| Me(l).title(), need: Need::Own },
    Entry {
        path: "/audit",
        group: Group::Keep,
        icon: Icon::Journal,
        word: |l| AuditLog(l).title(),
        need: Need::AuditLog,
    },
    Entry {
        path: "/campaign",
        group: Group::Improve,
        icon: Icon::Scales,
        word: |l| Campaign(l).title(),
        need: Need::Campaign,
    },
    Entry {
        path: "/cycles",
        group: Group::Improve,
        icon: Icon::Calendar,
        word: |l| Cycles(l).title(),
        need: Need::Campaign,
    },
    Entry {
        path: "/rules",
        group: Group::Keep,
        icon: Icon::Settings,
        word: |l| RulePages(l).title(),
        need: Need::Campaign,
    },
];

/// A whole page.
pub fn page(frame: &Frame<'_>, title: &str, content: &Markup) -> Markup {
    let viewer = frame.viewer;
    let signed = viewer.who.as_ref().map(|who| Signed {
        name: &who.name,
        account: Some("/account"),
        csrf: viewer.csrf(),
        entries: NAVIGATION.iter().filter(|e| offers(who, e)).collect(),
    });
    let (language, place, here, at) = (viewer.language, frame.place, viewer.here.as_str(), viewer.at.as_str());
    let notice = frame.notice.as_deref().map(Notice::good);
    surround(&Surroundings { language, place, here, at, signed, notice }, title, content)
}

/// Whether an entry is offered. Staff may ask for their own figures, and read them on their own page.
pub fn offers(who: &Who, entry: &Entry) -> bool {
    who.may(entry.need) && !(who.role.sees_only_self() && entry.need == Need::Statistics)
}

/// A refusal as a page.
pub fn failure(frame: &Frame<'_>, fault: &ApiFault) -> Markup {
    let language = frame.viewer.language;
    let w = Dashboard(language);
    let content = html! {
        section.card.sign-in {
            h1 { (w.failed()) }
            (Notice::bad(fault.code.sentence(language)))
            @if let Some(detail) = fault.detail() { p.hint { (detail) } }
            p.hint { (w.reference(&fault.reference)) }
            p { a href="/" { (w.back()) } }
        }
    };
    page(frame, &w.failed(), &content)
}
