//! The way in: from a login and a password over whatever is still missing to a session.

use std::sync::Arc;
use std::time::Duration;

use super::from::From;
use super::password;
use super::second_factor::{self, FactorFault, Secret};
use crate::centre::access::session::fresh_number;
use crate::centre::access::{Entering, Who};
use crate::centre::audit::{self, Act};
use crate::centre::directory::accounts::{self, Account};
use crate::centre::directory::sessions::{self, SessionHash, Stage};
use crate::centre::directory::tries::{self, TryKey};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::ingest::desk::Desk;
use crate::centre::site::Site;
use crate::domain::role::Role;
use crate::domain::time::WallMs;

/// How long somebody waits for a processor that hashes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why somebody is not let on.
#[derive(Debug)]
pub enum Refused {
    /// Too many tries; not before then.
    Wait(WallMs),
    /// Login, password or code is not right.
    Wrong,
    Fault(ApiFault),
}

impl<F: Into<ApiFault>> std::convert::From<F> for Refused {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

/// A session that has begun: the number for the cookie, and how far it leads.
#[derive(Debug)]
pub struct Begun {
    pub number: String,
    pub stage: Stage,
}

/// The step after the password.
pub fn after_password(account: &Account, must_have_factor: &[Role]) -> Stage {
    if account.has_second_factor { Stage::Factor } else { after_factor(account, must_have_factor) }
}

/// The step after the second factor.
pub fn after_factor(account: &Account, must_have_factor: &[Role]) -> Stage {
    if account.one_time_until.is_some() {
        Stage::Change
    } else if !account.has_second_factor && must_have_factor.contains(&account.role) {
        Stage::Enrol
    } else {
        Stage::Full
    }
}

/// Checks a login and its password and begins a session.
///
/// # Errors
/// [`Refused`].
pub async fn by_password(site: &Arc<Site>, from: &From, login: &str, password: &str) -> Result<Begun, Refused> {
    let login = login.trim().to_owned();
    let keys = [TryKey::of_login(&login), from.key()];
    count(site, keys).await?;
    let (account, hash) = look_up(site, login).await?;
    let right = verified(site, hash.clone(), password.to_owned()).await?;
    let Some(account) = account else { return Err(Refused::Wrong) };
    let who = site.directory.get().people().who(account.id).cloned();
    let Some(who) = who.filter(|_| account.disabled.is_none()) else { return Err(Refused::Wrong) };
    let stale = account.one_time_until.is_some_and(|until| crate::centre::clock::now().wall >= until);
    if !right || stale {
        refused(site, &who, if right { "one-time password over" } else { "password" }).await;
        return Err(Refused::Wrong);
    }
    let stage = after_password(&account, &site.settings.accounts.second_factor);
    step(site, &who, from, stage, move |desk| {
        // Between the look and now the password may have been changed by somebody else.
        let same = accounts::password(desk.tx, account.id)? == hash;
        if same { Ok(()) } else { Err(StepFault::Wrong) }
    })
    .await
}

/// Checks a code of the second factor, or a recovery code.
///
/// # Errors
/// [`Refused`].
pub async fn by_code(site: &Arc<Site>, from: &From, entering: &Entering, code: &str) -> Result<Begun, Refused> {
    let who = &entering.who;
    let account_id = who.account;
    count(site, [TryKey::of_login(&who.login), from.key()]).await?;
    let read = site.readers.read(move |conn| Ok((accounts::one(conn, account_id)?, accounts::totp(conn, account_id)?)));
    let (account, sealed) = read.await?.map_err(|e: rusqlite::Error| unavailable(&e))?;
    let (Some(account), Some(sealed)) = (account, sealed) else { return Err(Refused::Wrong) };
    let stage = after_factor(&account, &site.settings.accounts.second_factor);
    if let Some(hash) = second_factor::recovery_hash(account_id, code) {
        let spender = Arc::clone(who);
        let done = step(site, who, from, stage, move |desk| {
            if !accounts::spend_recovery(desk.tx, account_id, &hash)? {
                return Err(StepFault::Wrong);
            }
            let left = accounts::recovery_left(desk.tx, account_id)?;
            let (object, detail) = (object(account_id), format!("{left} left"));
            Ok(audit::append(desk.tx, desk.now, &spender, Act::RecoveryCodeUsed, &object, &detail)?)
        });
        return wrong_code(site, who, done.await).await;
    }
    let secret = Secret::open(&sealed, &site.keys, account_id).map_err(|e| broken(&e))?;
    let Some(counted) = secret.step_of(code, crate::centre::clock::now().wall) else {
        return wrong_code(site, who, Err(Refused::Wrong)).await;
    };
    let done = step(site, who, from, stage, move |desk| {
        // Nobody who looked over a shoulder uses it a second time.
        if accounts::spend_totp_step(desk.tx, account_id, counted)? { Ok(()) } else { Err(StepFault::Wrong) }
    });
    wrong_code(site, who, done.await).await
}

/// Takes the password that somebody chose for themselves.
///
/// # Errors
/// [`Refused`].
pub async fn by_choice(site: &Arc<Site>, from: &From, entering: &Entering, hash: String) -> Result<Begun, Refused> {
    let (who, id) = (Arc::clone(&entering.who), entering.who.account);
    let account = site.readers.read(move |conn| accounts::one(conn, id)).await?.map_err(|e| unavailable(&e))?;
    let Some(account) = account else { return Err(Refused::Wrong) };
    let chosen = Account { one_time_until: None, ..account };
    let stage = after_factor(&chosen, &site.settings.accounts.second_factor);
    step(site, &entering.who, from, stage, move |desk| {
        accounts::set_password(desk.tx, id, &hash, None)?;
        sessions::end_all(desk.tx, id, None)?;
        Ok(audit::append(desk.tx, desk.now, &who, Act::PasswordChanged, &object(id), "first sign-in")?)
    })
    .await
}

/// Takes the second factor that was being set up, once a code shows that the app has it; answers the recovery codes.
///
/// # Errors
/// [`Refused`].
pub async fn by_enrolment(
    site: &Arc<Site>,
    from: &From,
    entering: &Entering,
    code: &str,
) -> Result<(Begun, Vec<String>), Refused> {
    count(site, [TryKey::of_login(&entering.who.login), from.key()]).await?;
    let (id, who) = (entering.who.account, Arc::clone(&entering.who));
    let ready = confirm(site, entering.session.id, id, code).await?;
    let codes = ready.codes.clone();
    let begun = step(site, &entering.who, from, Stage::Full, move |desk| Ok(ready.keep(desk, &who)?)).await?;
    Ok((begun, codes))
}

/// A second factor whose app has shown a right code.
#[derive(Debug)]
pub struct Ready {
    account: i64,
    sealed: Vec<u8>,
    step: u64,
    pub codes: Vec<String>,
}

impl Ready {
    /// Makes it the account's.
    ///
    /// # Errors
    /// Those of the store.
    pub fn keep(&self, desk: &mut Desk<'_>, who: &Who) -> rusqlite::Result<()> {
        accounts::set_totp(desk.tx, self.account, Some(&self.sealed), self.step)?;
        let hashes: Vec<_> =
            self.codes.iter().filter_map(|code| second_factor::recovery_hash(self.account, code)).collect();
        accounts::set_recovery(desk.tx, self.account, &hashes)?;
        *desk.people_changed = true;
        audit::append(desk.tx, desk.now, who, Act::SecondFactorSet, &object(self.account), "")
    }
}

/// Checks a code against the secret that a session is setting up.
///
/// # Errors
/// [`Refused`].
pub async fn confirm(site: &Arc<Site>, session: i64, account: i64, code: &str) -> Result<Ready, Refused> {
    let sealed = site.readers.read(move |conn| sessions::pending(conn, session)).await?.map_err(|e| unavailable(&e))?;
    let Some(sealed) = sealed else { return Err(Refused::Wrong) };
    let secret = Secret::open(&sealed, &site.keys, account).map_err(|e| broken(&e))?;
    let Some(step) = secret.step_of(code, crate::centre::clock::now().wall) else { return Err(Refused::Wrong) };
    Ok(Ready { account, sealed, step, codes: second_factor::recovery_codes().map_err(|e| broken(&e))? })
}

/// What the audit log calls an account.
pub fn object(account: i64) -> String {
    format!("account:{account}")
}

/// True if the password is the account's. Hashing waits for one of few places.
///
/// # Errors
/// [`ErrorCode::Busy`].
pub async fn verified(site: &Site, hash: Option<String>, password: String) -> Result<bool, ApiFault> {
    hashing(site, move || password::verifies(hash.as_deref(), &password)).await
}

/// The argon2id text of a password.
///
/// # Errors
/// [`ErrorCode::Busy`] or [`ErrorCode::Internal`].
pub async fn hashed(site: &Site, password: String) -> Result<String, ApiFault> {
    hashing(site, move || password::hash(&password)).await?.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))
}

async fn hashing<T: Send + 'static>(site: &Site, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiFault> {
    let permit = tokio::time::timeout(PATIENCE, Arc::clone(&site.hashing).acquire_owned()).await;
    let permit = permit.ok().and_then(Result::ok).ok_or_else(|| ApiFault::new(ErrorCode::Busy))?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    done.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))
}

enum StepFault {
    Wrong,
    Store(rusqlite::Error),
}

impl std::convert::From<rusqlite::Error> for StepFault {
    fn from(e: rusqlite::Error) -> Self {
        Self::Store(e)
    }
}

/// Does `check` and begins the session of the next step, in one transaction; the session before it ends.
async fn step(
    site: &Arc<Site>,
    who: &Arc<Who>,
    from: &From,
    stage: Stage,
    check: impl FnOnce(&mut Desk<'_>) -> Result<(), StepFault> + Send + 'static,
) -> Result<Begun, Refused> {
    let number = fresh_number().map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
    let pending = match stage {
        Stage::Enrol => {
            let secret = Secret::fresh().and_then(|secret| secret.sealed(&site.keys, who.account));
            Some(secret.map_err(|e| broken(&e))?)
        }
        _ => None,
    };
    let (hash, who, from, lifetimes) =
        (SessionHash::of(&number), Arc::clone(who), from.clone(), site.settings.lifetimes());
    let done = site.writer.attempt(move |desk| {
        check(desk)?;
        if let Some(before) = from.session {
            sessions::end_by_hash(desk.tx, before)?;
        }
        let past = |ms: i64| desk.now.plus_ms(-ms);
        sessions::forget(desk.tx, past(lifetimes.idle_ms), past(lifetimes.absolute_ms))?;
        let id = sessions::begin(desk.tx, hash, who.account, stage, &from.origin(), desk.now)?;
        sessions::set_pending(desk.tx, id, pending.as_deref())?;
        if stage == Stage::Full {
            tries::forgive(desk.tx, TryKey::of_login(&who.login), from.key())?;
            audit::append(desk.tx, desk.now, &who, Act::SignedIn, &object(who.account), &format!("session {id}"))?;
        }
        *desk.people_changed = true;
        Ok(())
    });
    match done.await? {
        Ok(()) => Ok(Begun { number, stage }),
        Err(StepFault::Wrong) => Err(Refused::Wrong),
        Err(StepFault::Store(e)) => Err(Refused::Fault(unavailable(&e))),
    }
}

async fn count(site: &Site, keys: [TryKey; 2]) -> Result<(), Refused> {
    let counted = site.writer.attempt(move |desk| tries::count(desk.tx, &keys, desk.now));
    counted.await?.map_err(|e| unavailable(&e))?.map_err(Refused::Wait)
}

async fn look_up(site: &Site, login: String) -> Result<(Option<Account>, Option<String>), Refused> {
    let read = move |conn: &rusqlite::Connection| -> rusqlite::Result<_> {
        let account = accounts::by_login(conn, &login)?;
        // As many queries for nobody.
        let hash = accounts::password(conn, account.as_ref().map_or(0, |a| a.id))?;
        Ok((account, hash))
    };
    Ok(site.readers.read(read).await?.map_err(|e| unavailable(&e))?)
}

async fn wrong_code(site: &Arc<Site>, who: &Who, done: Result<Begun, Refused>) -> Result<Begun, Refused> {
    if matches!(done, Err(Refused::Wrong)) {
        refused(site, who, "code").await;
    }
    done
}

/// How often somebody tried stands in the audit log; the throttle bounds it.
async fn refused(site: &Site, who: &Who, what: &'static str) {
    let who = who.clone();
    let written = site
        .writer
        .attempt(move |desk| audit::append(desk.tx, desk.now, &who, Act::SignInRefused, &object(who.account), what));
    if !matches!(written.await, Ok(Ok(()))) {
        tracing::warn!("a refused sign-in is not in the audit log");
    }
}

fn unavailable(fault: &dyn std::fmt::Display) -> ApiFault {
    ApiFault::because(ErrorCode::Unavailable, fault)
}

fn broken(fault: &FactorFault) -> ApiFault {
    ApiFault::because(ErrorCode::Internal, fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::directory::accounts::Part;

    #[test]
    fn nobody_comes_in_past_what_is_missing() {
        let account = |has_second_factor, one_time| Account {
            id: 1,
            login: "a".into(),
            name: "a".into(),
            role: Role::SystemAdmin,
            staff_no: None,
            part: Part::Everything,
            has_password: true,
            one_time_until: if one_time { Some(WallMs(9)) } else { None },
            has_second_factor,
            made: WallMs(0),
            disabled: None,
        };
        let must = [Role::SystemAdmin];
        assert_eq!(after_password(&account(true, true), &[]), Stage::Factor);
        assert_eq!(after_factor(&account(true, true), &must), Stage::Change);
        assert_eq!(after_password(&account(false, true), &must), Stage::Change);
        assert_eq!(after_password(&account(false, false), &must), Stage::Enrol);
        assert_eq!(after_factor(&account(true, false), &must), Stage::Full);
        assert_eq!(after_password(&account(false, false), &[Role::Auditor]), Stage::Full);
    }
}
