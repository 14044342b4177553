//! One kiosk and its citizens.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, anyhow, bail};

use super::weather::Weather;
use super::{Run, Seat, Sum};
use crate::config::KioskConfig;
use crate::domain::id::{CaseNo, StaffNo};
use crate::domain::rating::Satisfaction;
use crate::domain::time::{Now, WallMs};
use crate::domain::visit::DutyState;
use crate::journal::{Identity, Journal};
use crate::kiosk::flow::effect::CallAnswer;
use crate::kiosk::flow::event::Event;
use crate::kiosk::flow::view::{Screen, View};
use crate::kiosk::running::RunningKiosk;
use crate::kiosk::runtime::Handle;
use crate::kiosk::sync::backoff::Jitter;
use crate::kiosk::transport::Https;
use crate::ledger::entry::Body;

/// A screen that does not come within this time is a fault of the kiosk.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(1);

/// Serves citizens until enough have rated, then waits for the centre to hold everything.
pub fn serve(run: &Run, seat: &Seat, number: u64) -> anyhow::Result<Sum> {
    let mut jitter = Jitter::new(run.seed.wrapping_mul(1_000_003).wrapping_add(number));
    let place = Place::prepare(run, seat)?;
    let mut kiosk = place.start(run, &mut jitter)?;
    let mut sum = Sum::default();
    let mut case = 0;
    while run.take_one() {
        if run.faults && jitter.chance(20) {
            // The ledger first: a second process may not open it while the first one has it.
            drop(kiosk);
            kiosk = place.start(run, &mut jitter)?;
        }
        case += 1;
        let mut citizen = Citizen { handle: kiosk.handle(), jitter: &mut jitter, faults: run.faults };
        let case_no = format!("S{}-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros(), case);
        for receipt_code in citizen.visit(&case_no)? {
            run.note_thanked(&seat.kiosk, &receipt_code).context("the list of thanked ratings")?;
            sum.thanked += 1;
        }
    }
    wait_for_centre(run, &kiosk.handle(), &mut sum);
    Ok(sum)
}

fn wait_for_centre(run: &Run, handle: &Handle, sum: &mut Sum) {
    let deadline = Instant::now() + run.wait;
    handle.send(Event::SyncChosen);
    loop {
        let sync = handle.view().sync.clone();
        (sum.unsynced, sum.forked) = (sync.unsynced, sync.forked);
        let held = sync.enrolled && sync.unsynced == 0;
        if held || sync.forked || run.stop.came() || Instant::now() >= deadline {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Where one kiosk's ledger lies, and how it is configured.
struct Place {
    config: KioskConfig,
    data: PathBuf,
}

impl Place {
    /// Puts somebody on duty, in the ledger itself: the PIN pad is not what is simulated.
    fn prepare(run: &Run, seat: &Seat) -> anyhow::Result<Self> {
        let data = run.data.join(seat.kiosk.as_str());
        std::fs::create_dir_all(&data).with_context(|| data.display().to_string())?;
        let mut config = KioskConfig { kiosk: seat.kiosk.clone(), window: seat.window.clone(), ..run.base.clone() };
        let code_file = data.join("enrol-code.txt");
        std::fs::write(&code_file, &seat.code)?;
        if let Some(link) = &mut config.centre {
            link.enrol_code_file = Some(code_file);
        }
        let staff = run.board.staff.iter().find(|s| s.windows.is_empty() || s.windows.contains(&seat.window));
        let staff = staff.ok_or_else(|| anyhow!("nobody may sign in at window {}", seat.window))?;
        put_on_duty(&data, &config, staff.staff_no.clone())?;
        Ok(Self { config, data })
    }

    fn start(&self, run: &Run, jitter: &mut Jitter) -> anyhow::Result<RunningKiosk> {
        let link = self.config.centre.as_ref().ok_or_else(|| anyhow!("no centre"))?;
        let seed = run.faults.then(|| jitter.draw());
        let line = Weather::new(Https::new(link)?, seed);
        Ok(RunningKiosk::start_over(Some(line), &self.config, run.board.clone(), &self.data)?)
    }
}

fn put_on_duty(data: &Path, config: &KioskConfig, staff: StaffNo) -> anyhow::Result<()> {
    let identity = Identity {
        kiosk: config.kiosk.clone(),
        window: config.window.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let wall_ms = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let now = Now { wall: WallMs(i64::try_from(wall_ms)?), mono_ms: 0 };
    let mut opened = Journal::open(data, &identity, now)?;
    for note in &opened.notes {
        tracing::warn!(?note, "the ledger of a simulated kiosk");
    }
    if opened.journal.standing().duty.state != DutyState::On {
        let on = Body::Duty { state: DutyState::On, staff: Some(staff), reason: None };
        opened.journal.append(vec![on], now)?;
    }
    Ok(())
}

/// Somebody at the window.
struct Citizen<'a> {
    handle: Handle,
    jitter: &'a mut Jitter,
    faults: bool,
}

impl Citizen<'_> {
    /// One visit from the business system's call on; the receipt codes that the screen showed.
    fn visit(&mut self, case_no: &str) -> anyhow::Result<Vec<String>> {
        let case_no = CaseNo::new(case_no)?;
        self.until("card", |screen| matches!(screen, Screen::Card(_)))?;
        self.invite(case_no)?;
        if self.faults && self.jitter.chance(100) {
            self.leave()?;
            return Ok(Vec::new());
        }
        let mut codes = vec![self.tap()?];
        if self.faults && self.jitter.chance(100) {
            self.handle.send(Event::RevisionAsked);
            self.until("card again", |screen| matches!(screen, Screen::Card(_)))?;
            codes.push(self.tap()?);
        }
        self.handle.send(Event::ThanksLeft);
        Ok(codes)
    }

    fn invite(&self, case_no: CaseNo) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let case_no = case_no.clone();
            match self.call(|call| Event::InviteCame { call, case_no: Some(case_no), item: None })? {
                CallAnswer::Visit(_) => break,
                CallAnswer::Refused(code) if Instant::now() >= deadline => bail!("the kiosk refuses: {code}"),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
        self.until("prompted card", |screen| matches!(screen, Screen::Card(card) if card.prompted)).map(drop)
    }

    fn leave(&mut self) -> anyhow::Result<()> {
        let cancelled = self.jitter.chance(300);
        self.call(|call| if cancelled { Event::CancelCame { call } } else { Event::EndCame { call } }).map(drop)
    }

    /// Taps a face and goes through the screens that follow; the receipt code of the thanks.
    fn tap(&mut self) -> anyhow::Result<String> {
        let level = Satisfaction::ALL[usize::try_from(self.jitter.below(5)).unwrap_or(0)];
        // From the system: taps are told apart over restarts and runs with the same seed.
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(|e| anyhow!("no random bytes: {e}"))?;
        let (x, y) = (self.jitter.below(1_900) as u16, self.jitter.below(1_000) as u16);
        self.handle.send(Event::FaceTapped { level, tap: u64::from_le_bytes(random), x, y });
        let answered = |screen: &Screen| matches!(screen, Screen::Reasons(_) | Screen::Thanks(_));
        let view = self.until("reasons or thanks", answered)?;
        if let Screen::Reasons(reasons) = &view.screen {
            match reasons.tags.first().filter(|_| self.jitter.chance(500)) {
                Some(tag) => {
                    self.handle.send(Event::ReasonToggled(tag.code.clone()));
                    self.handle.send(Event::ReasonsSent);
                }
                None => self.handle.send(Event::ReasonsSkipped),
            }
        }
        let view = self.until("thanks", |screen| matches!(screen, Screen::Thanks(_)))?;
        match &view.screen {
            Screen::Thanks(thanks) => Ok(thanks.receipt_code.clone()),
            _ => bail!("no thanks"),
        }
    }

    fn call(&self, make: impl FnOnce(crate::kiosk::flow::event::CallId) -> Event) -> anyhow::Result<CallAnswer> {
        let (answer, answered) = std::sync::mpsc::sync_channel(1);
        self.handle.call(make, move |given| drop(answer.send(given)));
        answered.recv_timeout(PATIENCE).context("the kiosk does not answer a call")
    }

    fn until(&self, what: &str, is: impl Fn(&Screen) -> bool) -> anyhow::Result<std::sync::Arc<View>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let view = self.handle.view();
            if is(&view.screen) {
                return Ok(view);
            }
            if Instant::now() >= deadline {
                bail!("no {what} within {} s; the screen shows {:?}", PATIENCE.as_secs(), view.screen);
            }
            std::thread::sleep(POLL);
        }
    }
}
