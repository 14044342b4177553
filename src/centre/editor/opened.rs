//! One hall as a request finds it: what it keeps, who asks, and what they may do.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::centre::access::Who;
use crate::centre::clock;
use crate::centre::dashboard::components::{Notice, Tabs, Title};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::kinds::Lead;
use crate::centre::hall::whole::Hall;
use crate::centre::hall::{self, store};
use crate::centre::site::Site;
use crate::domain::board::Board;
use crate::domain::id::HallId;
use crate::domain::role::Need;
use crate::domain::time::WallMs;
use crate::words::Language;
use crate::words::editor::Editor;

/// A hall, opened for one request.
#[derive(Debug)]
pub struct Opened {
    pub hall: Hall,
    /// What kiosks are shown today.
    board: Board,
    pub language: Language,
    pub zone: TimeZone,
    pub now: WallMs,
    pub today: Date,
    pub account: i64,
    is_editor: bool,
    pub is_approver: bool,
}

/// The pages of a hall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Home,
    Windows,
    Staff,
    Pledges,
    Items,
    Reasons,
    Notices,
    Honours,
    Preview,
    Transfer,
}

impl Opened {
    /// # Errors
    /// [`ErrorCode::NotFound`] for a hall that is not there or not this person's: the two are not told apart.
    pub async fn of(site: &Site, who: &Who, language: Language, hall: &str) -> Result<Self, ApiFault> {
        let missing = || ApiFault::because(ErrorCode::NotFound, &"no such hall in this reach");
        let id = HallId::new(hall).map_err(|_| missing())?;
        if !who.reach.covers(&id) {
            return Err(missing());
        }
        let now = clock::now().wall;
        let zone = site.settings.time_zone.clone();
        let today = hall::today(&zone, now);
        let asked = id.clone();
        let stored = site.readers.read(move |conn| store::load(conn, &asked)).await?;
        let stored = stored.map_err(|e| ApiFault::because(ErrorCode::Unavailable, &e))?;
        let hall = match stored.filter(|hall| hall.lead == Lead::Store) {
            Some(hall) => hall,
            None => {
                let shown = site.boards.get().hall(&id).cloned().ok_or_else(missing)?;
                Hall::of_board(&shown.board, "board.toml", now)
            }
        };
        let board = hall.board(today);
        let (is_editor, is_approver) = (who.may(Need::HallEdit), who.may(Need::Approve));
        Ok(Self { hall, board, language, zone, now, today, account: who.account, is_editor, is_approver })
    }

    pub fn words(&self) -> Editor {
        Editor(self.language)
    }

    pub fn board(&self) -> &Board {
        &self.board
    }

    /// True: whoever asks may change things, and here is where things are changed.
    pub fn may_edit(&self) -> bool {
        self.is_editor && self.hall.lead == Lead::Store
    }

    /// Whether the person could edit if the centre led the hall.
    pub fn is_editor(&self) -> bool {
        self.is_editor
    }

    pub fn name(&self) -> &str {
        self.board.hall.name.get(self.language.is_english())
    }

    /// An address under this hall.
    pub fn path(&self, rest: &str) -> String {
        if rest.is_empty() { format!("/halls/{}", self.hall.id) } else { format!("/halls/{}/{rest}", self.hall.id) }
    }

    /// The head of a list of this hall, with the tabs under it.
    pub fn head(&self, tab: Tab, title: Title<'_>) -> Markup {
        let title = title.crumb("/halls", self.words().halls());
        let title = if tab == Tab::Home { title } else { title.crumb(self.path(""), self.name()) };
        html! { (title) (self.tabs(tab)) (self.standing()) }
    }

    /// What to know before reading on: who leads the hall.
    pub fn standing(&self) -> Markup {
        let w = self.words();
        html! {
            @if self.hall.lead == Lead::File {
                (Notice::note(w.file_led()).advice(if self.is_editor { w.file_led_advice() } else { w.file_led_plain() }).standing())
                @if self.is_editor { p { a.button href=(self.path("take-over")) { (w.take_over_link()) } } }
            }
        }
    }

    fn tabs(&self, current: Tab) -> Markup {
        let w = self.words();
        let count = |n: usize| n as u64;
        let stand = self.today;
        let hall = &self.hall;
        let pledges = hall.pledges.iter().filter(|p| p.retired_on.is_none_or(|on| stand < on)).count();
        let honours = hall.honours.iter().filter(|h| h.stands(stand) && stand <= h.value.honour.until).count();
        let tabs = Tabs::new(w.tabs())
            .tab(self.path(""), w.home(), current == Tab::Home)
            .counted(self.path("windows"), w.windows(), count(self.board.windows.len()), current == Tab::Windows)
            .counted(self.path("staff"), w.people(), count(self.board.staff.len()), current == Tab::Staff)
            .counted(self.path("pledges"), w.pledges(), count(pledges), current == Tab::Pledges)
            .counted(self.path("items"), w.items(), count(self.board.items.len()), current == Tab::Items)
            .counted(self.path("reasons"), w.tags(), count(self.board.tags.len()), current == Tab::Reasons)
            .counted(self.path("notices"), w.notices(), count(self.board.notices.len()), current == Tab::Notices)
            .counted(self.path("honours"), w.honours(), count(honours), current == Tab::Honours)
            .tab(self.path("preview"), w.preview(), current == Tab::Preview)
            .tab(self.path("transfer"), w.transfer(), current == Tab::Transfer);
        html! { (tabs) }
    }
}
