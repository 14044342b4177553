//! What people do about terminals, each in one transaction with its line in the audit log.

use std::sync::Arc;

use crate::centre::access::Who;
use crate::centre::alarms::{self, AlarmKind};
use crate::centre::audit::{self, Act};
use crate::centre::directory::devices::{self, Device, Standing};
use crate::centre::directory::enrol;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::explanations::{self, ExplainRefusal};
use crate::centre::ingest::segments::StoreFault;
use crate::centre::ingest::{holdings, ledgers};
use crate::centre::site::Site;
use crate::domain::explanation::{EpochReason, ForkVerdict, WORDS_CHARS};
use crate::domain::id::{HallId, KioskId, WindowId};
use crate::domain::text::check_line;
use crate::ledger::keys::DeviceId;

/// True for words that may stand beside a decision.
pub fn are_words(words: &str) -> bool {
    words.trim().chars().count() >= 2 && check_line(words.trim(), WORDS_CHARS).is_ok()
}

/// Makes a one-time code; the answer is shown once.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn make_code(
    site: &Site,
    who: &Arc<Who>,
    kiosk: KioskId,
    window: WindowId,
    hall: HallId,
) -> Result<String, ApiFault> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let who = Arc::clone(who);
    let made = site.writer.attempt(move |desk| -> Result<String, StoreFault> {
        let code = enrol::make_code(desk.tx, &kiosk, &window, &hall, random, desk.now)?;
        enrol::made_by(desk.tx, &code, &who.name)?;
        let (object, detail) = (format!("kiosk:{kiosk}"), format!("window:{hall}/{window}"));
        audit::append(desk.tx, desk.now, &who, Act::EnrolCodeMade, &object, &detail)?;
        Ok(code)
    });
    made.await?.map_err(|e| unavailable(&e))
}

/// Withdraws a code of one's halls. False: there is none that could be.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn revoke_code(site: &Site, who: &Arc<Who>, id: i64) -> Result<bool, ApiFault> {
    let who = Arc::clone(who);
    let done = site.writer.attempt(move |desk| -> Result<bool, StoreFault> {
        let listed = enrol::list(desk.tx, desk.now, MAX_CODES)?;
        let Some(code) = listed.iter().find(|c| c.id == id && who.reach.covers(&c.hall)) else { return Ok(false) };
        if code.standing != enrol::CodeStanding::Open || !enrol::revoke(desk.tx, id, desk.now)? {
            return Ok(false);
        }
        let object = format!("kiosk:{}", code.kiosk);
        audit::append(desk.tx, desk.now, &who, Act::EnrolCodeRevoked, &object, &format!("code:{id}"))?;
        Ok(true)
    });
    done.await?.map_err(|e| unavailable(&e))
}

/// Codes that are listed and can be withdrawn.
pub const MAX_CODES: usize = 200;

/// Refuses a device from now on. How its ledger ended waits for whoever may explain it, with what was said here.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn retire(
    site: &Site,
    who: &Arc<Who>,
    device: &Device,
    reason: EpochReason,
    words: &str,
) -> Result<(), ApiFault> {
    let (who, id, words) = (Arc::clone(who), device.id, words.trim().to_owned());
    let object = format!("device:{id}");
    let done = site.writer.attempt(move |desk| -> Result<(), StoreFault> {
        devices::set_standing(desk.tx, id, Standing::Revoked, desk.now)?;
        *desk.directory_changed = true;
        for kind in AlarmKind::ALL.iter().filter(|k| k.is_passing()) {
            alarms::close_passing(desk.tx, *kind, id, desk.now)?;
        }
        if let Some(epoch) = ledgers::latest_epoch(desk.tx, id)? {
            let head = desk.held(id, epoch)?;
            let note = format!("retired by {}: {}: {words}", who.name, reason.code());
            alarms::raise(desk.tx, AlarmKind::ReplacedDevice, id, epoch, head.seq, &note, desk.now)?;
        }
        audit::append(desk.tx, desk.now, &who, Act::DeviceRetired, &object, &format!("{}: {words}", reason.code()))?;
        Ok(())
    });
    done.await?.map_err(|e| unavailable(&e))
}

/// Decides which of two histories counts, and enters the figures at once.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`]; the inner refusal has changed nothing.
pub async fn decide(
    site: &Site,
    who: &Arc<Who>,
    place: (DeviceId, u32, u64),
    verdict: ForkVerdict,
    words: &str,
) -> Result<Result<(), ExplainRefusal>, ApiFault> {
    let (who, words) = (Arc::clone(who), words.trim().to_owned());
    let done = site.writer.attempt(move |desk| -> Result<Result<(), ExplainRefusal>, StoreFault> {
        let said = (words.as_str(), who.name.as_str());
        if let Err(refusal) = explanations::decide_fork(desk.tx, place, verdict, said, desk.now)? {
            return Ok(Err(refusal));
        }
        explanations::settle(desk)?;
        let (device, epoch, at_seq) = place;
        let detail = format!("epoch {epoch} at {at_seq}: {}: {words}", verdict.code());
        audit::append(desk.tx, desk.now, &who, Act::ForkDecided, &format!("device:{device}"), &detail)?;
        Ok(Ok(()))
    });
    done.await?.map_err(|e| unavailable(&e))
}

/// Says how an epoch ended.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`]; the inner refusal has changed nothing.
pub async fn explain(
    site: &Site,
    who: &Arc<Who>,
    (device, epoch): (DeviceId, u32),
    reason: EpochReason,
    words: &str,
) -> Result<Result<(), ExplainRefusal>, ApiFault> {
    let (who, words) = (Arc::clone(who), words.trim().to_owned());
    let done = site.writer.attempt(move |desk| -> Result<Result<(), ExplainRefusal>, StoreFault> {
        let said = (words.as_str(), who.name.as_str());
        if let Err(refusal) = explanations::explain_epoch(desk.tx, (device, epoch), reason, said, desk.now)? {
            return Ok(Err(refusal));
        }
        let detail = format!("epoch {epoch}: {}: {words}", reason.code());
        audit::append(desk.tx, desk.now, &who, Act::EpochExplained, &format!("device:{device}"), &detail)?;
        Ok(Ok(()))
    });
    done.await?.map_err(|e| unavailable(&e))
}

/// Closes alarms of a device that nothing else explains; false while a fork waits to be decided.
///
/// # Errors
/// [`ErrorCode::Unavailable`] or [`ErrorCode::Busy`].
pub async fn have_seen(site: &Site, who: &Arc<Who>, device: DeviceId, words: &str) -> Result<bool, ApiFault> {
    let (who, words) = (Arc::clone(who), words.trim().to_owned());
    let done = site.writer.attempt(move |desk| -> Result<bool, StoreFault> {
        for ledger in holdings::of_device(desk.tx, device)? {
            for at_seq in explanations::forks_at(desk.tx, ledger.id)? {
                if !explanations::is_decided(desk.tx, ledger.id, at_seq)? {
                    return Ok(false);
                }
            }
        }
        alarms::clear(desk.tx, device, desk.now)?;
        audit::append(desk.tx, desk.now, &who, Act::AlarmsSeen, &format!("device:{device}"), &words)?;
        Ok(true)
    });
    done.await?.map_err(|e| unavailable(&e))
}

fn unavailable(fault: &StoreFault) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, fault)
}
