//! The parts that every supervisors' page is made of. Compose a page of these and it is responsive from 360 px on, works
//! without scripts, reads well in a screen reader, prints, and looks like its neighbours.
//!
//! Each part is a small value that implements [`maud::Render`]: set what differs, then write it into `html!`.
//!
//! | part | for |
//! |---|---|
//! | [`Title`] | breadcrumb, the page's one `h1`, a line under it, actions beside it |
//! | [`Table`] | rows under a caption; scrolls sideways on narrow screens, or [`Table::stacked`] into cards |
//! | [`Field`], [`Choice`], [`Tick`], [`fieldset`], [`Faults`] | forms: label, hint, error by field, a summary of errors that leads to them |
//! | [`Button`], [`buttons`] | submits and links that look like buttons |
//! | [`Notice`] | what just happened (after a redirect), or what to know before reading on |
//! | [`State`] | a state as shape and word, never by colour alone |
//! | [`Tabs`] | sibling pages, each with its own address |
//! | [`Pages`] | from page to page of a long list |
//! | [`Empty`] | nothing there yet: why, and what to do about it |
//! | [`Confirm`] | the page between a dangerous button and the deed; it needs no script |
//! | [`facts`], [`particulars`] | figures in a row; labelled values in a column |
//! | [`moment`] | a time in the centre's zone, with the machine's form behind it |
//! | [`icon`] | a stroke drawing of the navigation's set |
//! | [`script`](super::assets::script) | a script of ours, by its hashed address |
//!
//! # A list page
//! ```ignore
//! let mut table = Table::new(language, w.kiosks()).column(w.kiosk()).column(w.state()).number(w.backlog());
//! for k in kiosks {
//!     table.row([html! { a href={ "/fleet/" (k.id) } { (k.id) } }, html! { (k.state()) }, html! { (thousands(k.backlog)) }]);
//! }
//! html! {
//!     (Title::new(language, w.fleet()).lead(w.fleet_lead()).action(Button::link("/fleet/codes", w.new_code()).primary()))
//!     (table.stacked().or_empty(Empty::new(w.no_kiosk(), w.no_kiosk_advice())))
//!     (Pages::new(language, asked.page, total, PER_PAGE, |n| format!("/fleet?page={n}")))
//! }
//! ```
//!
//! # A form page
//! Refused input comes back with 422, what was typed, and the faults at their fields; success answers 303 with a notice.
//! ```ignore
//! html! {
//!     (Title::new(language, w.new_user()).crumb("/accounts", w.accounts()))
//!     (faults.summary(language))
//!     form.form method="post" action="/accounts/new" {
//!         (viewer.csrf())
//!         (Field::text("login", w.login()).hint(w.login_hint()).value(&typed.login).max(40).faults(&faults))
//!         (Choice::new("role", w.role(), roles).chosen(&typed.role).faults(&faults))
//!         (buttons(&[Button::submit(w.create()).primary(), Button::link("/accounts", w.cancel())]))
//!     }
//! }
//! ```
//!
//! A dangerous act (`retire`, `revoke` …) is a link to `GET …/retire`, which shows a [`Confirm`]; its form posts to the same
//! address. Filters are a `form.asking` with `method="get"`: the address is the question.
//!
//! Classes for the rest: `.card`, `.grid-2`, `.grid-3` (columns that fold), `.head` (heading and link on one line), `.hint`,
//! `.lead`, `.code`, `.number`, `.unseen` (screen readers only), `.only-wide`, `.only-screen`, `.only-paper`, `.secret` (a text shown once).
//! Headings: `h1` comes from [`Title`], sections begin with `h2`, nothing is skipped.
//!
//! **Invariant of absence:** no inline style and no inline script; no part reads the store or knows who looks.

mod act;
mod field;
mod icons;
mod list;
mod notice;
mod table;
mod title;

pub use act::{Button, Confirm, buttons};
pub use field::{Choice, Faults, Field, Tick, fieldset};
pub use icons::{Icon, icon};
pub use list::{Empty, Pages, facts, moment, particulars};
pub use notice::{Notice, State, Tone};
pub use table::Table;
pub use title::{Tabs, Title};

/// A sentence of a `words!` table, a name, or a number.
pub type Text<'a> = std::borrow::Cow<'a, str>;

#[cfg(test)]
mod tests;
