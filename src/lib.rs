//! Pingyi (评议): a public feedback terminal for service windows, and the centre behind it.
//!
//! A citizen taps one of five faces. The tap is an [`kiosk::flow::event::Event`]; the pure [`kiosk::flow`] answers with
//! effects; the [`journal`] commits the rating to the kiosk's [`ledger`]; then the screen says thank you; the courier takes
//! entries to the centre in batches; [`centre::ingest`] checks the chain, stores the batch and tells the
//! [`centre::statistics`] what to count, all in one transaction; a supervisor asks a [`domain::query::Query`].
//!
//! # Map
//!
//! | module | what it is | may import |
//! |---|---|---|
//! | [`domain`] | the hall's language: ids, time, levels, boards, queries. Pure | – |
//! | [`ledger`] | entries, their canonical bytes, chain, signatures, sealing, tickets. Pure | domain |
//! | [`protocol`] | the wire between kiosk and centre. Pure | domain, ledger |
//! | [`words`] | every sentence that a person reads, Chinese and English | domain, ledger |
//! | [`db`] | opening SQLite the one durable way | – |
//! | [`config`] | `kiosk.toml`, `centre.toml`, `board.toml`: all faults at once | domain, ledger, protocol, words |
//! | [`journal`] | the ledger's store on the kiosk | all above |
//! | [`kiosk`] | flow (pure), screens, ui, sync (pure), courier, runtime, window | all above |
//! | [`centre`] | ingest, directory, statistics, phone page, halls and their boards, HTTP | all above but the journal and the kiosk |
//! | [`cli`] | one file, one subcommand | all |
//!
//! Inside the centre:
//!
//! | module | what it is |
//! |---|---|
//! | [`centre::access`] | who asks: sessions, tokens, devices; a need for every route, a narrow handle for every handler |
//! | [`centre::accounts`], [`centre::directory`] | passwords, second factors, throttling; accounts, units, devices, enrolment |
//! | [`centre::audit`] | who did and who looked at what, chained and append-only |
//! | [`centre::ingest`], [`centre::statistics`] | batches to entries, visits, facts; roll-ups, cubes, queries, suppression |
//! | [`centre::hall`], [`centre::editor`], [`centre::preview`] | people, windows, pledges with their history; their pages; the kiosk's picture of them |
//! | [`centre::dashboard`], [`centre::questions`], [`centre::charts`] | the shell of all pages, overview, report; any question as table, chart and file |
//! | [`centre::fleet`], [`centre::alarms`], [`centre::alerts`] | terminals and what a person decides about them; what is wrong; who is told |
//! | [`centre::entries`] | single ratings with their place in the chain; sealed words for whoever follows up |
//! | [`centre::cases`] | 整改: the register of cases, opened by itself, moved on by people under [`domain::case`], minded by a chore |
//! | [`centre::matters`], [`centre::fulfilment`] | pieces of business with their time limits; how pledges are measured and kept |
//! | [`centre::inspections`] | plans, visits from phones, findings with pictures, orders |
//! | [`centre::reviews`], [`centre::contests`], [`centre::comparison`] | leaders and colleagues; events and scores; 三比 |
//! | [`centre::marks`] | what every source says of windows and people: add a source with one line in `gather` |
//! | [`centre::selections`], [`centre::stories`] | elections from frozen figures; the stories behind honours |
//! | [`centre::cycles`], [`centre::rules`], [`centre::campaign`] | what comes round by the calendar; limits and weights with their versions; what is missing |
//! | [`centre::public`], [`centre::me`], [`centre::phone`] | what the public, a member of staff and a citizen's phone see |
//!
//! The features `kiosk` and `centre` hold the wall between the two by the compiler; `tests/tidy.rs` holds the rest: who may
//! import whom, that pure modules touch no clock, file, socket, screen or store, and that SQL stands only in the module that
//! owns the table.
//!
//! # Invariants
//!
//! - **Thanks after the commit.** The thank-you screen is drawn only after the rating is durable (`synchronous=FULL`). A
//!   visit stands in the ledger before its first tap can happen.
//! - **Nothing in the ledger is changed or deleted** but pruned from its beginning, after a receipt and a holding time. A
//!   correction is an entry. Personal words stand sealed beside the chain, which holds only a commitment to them.
//! - **Exactly once.** The centre takes only the entry that follows what it holds; the same again changes nothing; another
//!   history at the same place is a fork, kept and told. A failed commit of unknown outcome is never repeated blindly: the
//!   ledger is read first.
//! - **Order is `(epoch, seq)`, never a clock.** Wall times carry a grade, and those of grade C count in totals only.
//! - **Machines are pure and `now` is passed in**: the flow, the sync plan, backoff, the judge of batches, queries. What
//!   happened comes in as an event in the past tense, what is to be done goes out as an effect in the imperative.
//! - **Everything has a bound**: queues, retries, batches, texts, pictures, time-outs, connections, hashes to compute.
//! - **Signals flag, nothing is dropped.** No response is never a level.
//! - **All five levels are equal**: size, weight, number of taps, sound, thanks.
//!
//! # Follow one tap
//!
//! 1. `kiosk/ui/touch` turns fingers into presses: slow and sliding ones count, and one that began before the screen changed
//!    is void. [`kiosk::screens`] answers `FaceTapped`; [`kiosk::app`] hands it to the driver.
//! 2. [`kiosk::runtime`] takes it to [`kiosk::flow`] under one lock. The flow moves to `Saving` and answers
//!    `Save([Rated])`. The journal's thread appends and commits it, and reports `Saved` with the entry's hash.
//! 3. The flow shows the reasons, then the thanks with a receipt code made of that hash.
//! 4. The courier ([`kiosk::courier`]) hears that the ledger has grown, asks the pure plan ([`kiosk::sync`]) what is next, and
//!    posts a batch ([`protocol::BatchHead`]).
//! 5. [`centre::ingest`] judges it: held, gap or fork. What is held becomes visits, and each visit a
//!    [`centre::statistics::fact::Fact`]. Receipts are signed after the commit.
//! 6. `pingyi stats` sends a [`domain::query::Query`]; [`centre::statistics`] adds what is rolled up and what is not yet.
//!
//! # Follow one sign-in
//!
//! 1. Every route stands in a module's [`centre::access::Routes`] with its [`domain::role::Need`]; the guard before each handler
//!    finds out who asks and refuses whoever may not. The handler takes a narrow handle and filters by its reach.
//! 2. [`centre::accounts`] counts the try in the store, hashes the password in one of few places, and begins a session of the
//!    next step: a code, a password of one's own, a second factor to set up, or all the way in. Each step has another number.
//! 3. [`centre::directory::people`] holds accounts, sessions, tokens and the tree of units in memory and is read again in the
//!    transaction that changes any of them: whoever lost something has lost it before the answer goes out.
//! 4. What was done stands in [`centre::audit`], written in the transaction of the deed and chained to the line before it.
//!
//! # Add a screen
//!
//! 1. What it shows: a variant of [`kiosk::flow::view::Screen`] with plain values, drawn by `kiosk/flow/draw.rs`.
//! 2. When it comes and goes: a `Place` in `kiosk/flow/mod.rs`, its events in `kiosk/flow/event.rs`, its end in
//!    `kiosk/flow/time.rs`; tests beside them need no window.
//! 3. Its look: one file under `kiosk/screens/`, of components from `kiosk/ui/components`; its sentences in
//!    `words/kiosk.rs`. The compiler names each match that must know it, and the screenshots take it up.
//!
//! # Add a kind of object that supervisors edit
//!
//! Its value implements [`centre::hall::kinds::Keep`]; its form is one file under `centre/editor/forms`: labels, inputs, how
//! they are read, and which screen of the kiosk shows it. Saving, stale edits, history, faults at their inputs and the
//! preview beside the form come with it; its list and one line of routes are the rest.
//!
//! # Add a channel
//!
//! 1. A variant of [`domain::rating::Channel`] with its code; its name in `words/common.rs`.
//! 2. A module of the centre that checks what comes, within bounds, and submits it to the writer as `centre/phone` does:
//!    one visit, one rating, whichever comes first; a later one is kept and flagged.
//! 3. It tells a [`centre::statistics::fact::Fact`]; no statistic changes.
//!
//! # Add a statistic
//!
//! A metric is a field of [`domain::query::Row`], made of sums in `centre/statistics/rows.rs`, and a variant of
//! [`domain::metric::Metric`] with its name and definition in `words/charts.rs`; pages, drawings and files follow from it. A dimension is a variant of
//! [`domain::query::Dimension`]: its key in the roll-ups, its labels, its name in `words/stats.rs`. The recount in
//! `centre/statistics/recount.rs` answers the same question naively from random facts, and must agree.
//!
//! # Add a page for supervisors
//!
//! 1. A module of the centre with `routes()`: each route names its [`domain::role::Need`]; the handler takes
//!    `Signed` or `Posted` with the narrow handle of that need (`centre/access`). `centre/app.rs` merges it.
//! 2. Its look: parts of `centre/dashboard/components`, whose documentation shows a list, a form and a confirmation; its
//!    sentences in a file of their own under `words/`; scripts, if any, in `centre/dashboard/assets.rs`.
//! 3. Its line in the navigation, in `centre/dashboard/page.rs`. The test of every route and role takes it up.
//!
//! # Add a storage back end
//!
//! The hot path is three acts: take what has queued in one transaction (`centre/ingest/core.rs`), flush roll-ups with their
//! watermark (`centre/statistics/book.rs`), answer a query in one snapshot (`centre/statistics/ask.rs`). Put the same acts
//! over the other engine behind a feature; the tests of `tests/it/centre` are the story that every engine must tell alike.

#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used))]

#[cfg(feature = "centre")]
pub mod centre;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod journal;
#[cfg(feature = "kiosk")]
pub mod kiosk;
pub mod ledger;
pub mod protocol;
pub mod words;
