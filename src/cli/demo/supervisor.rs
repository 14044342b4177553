//! The centre of the demonstration: its data laid out while it still stands, then started on a free port.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::Context as _;
use rusqlite::{Connection, TransactionBehavior};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::hall::{self, Hall};
use crate::centre::accounts::password;
use crate::centre::directory::accounts::{self, Part, Profile};
use crate::centre::directory::tokens::{self, TokenHash};
use crate::centre::directory::{devices, enrol, users};
use crate::centre::running::{self, Running};
use crate::centre::statistics::sample;
use crate::centre::{clock, schema};
use crate::config::{CentreConfig, HttpUrl};
use crate::db;
use crate::domain::role::Role;
use crate::domain::time::WallMs;

/// The account that is announced.
const SUPERVISOR: &str = "demo";
/// The same hall has the same past on every machine.
const SEED: u64 = 2026;

/// The running centre and what scripts need to ask it.
#[derive(Debug)]
pub struct Supervised {
    running: Running,
    pub url: HttpUrl,
    pub token: String,
    pub login: &'static str,
    pub password: String,
}

impl Supervised {
    /// Lays out users, codes and history, and starts the centre.
    ///
    /// # Errors
    /// When the data folder is in use or damaged, or no port is free.
    pub fn start(hall: &Hall, runtime: &Runtime) -> anyhow::Result<Self> {
        let port_before = hall.ports_before.map(|(centre, _)| centre);
        let listener = runtime.block_on(listen(port_before.unwrap_or(hall.centre.listen.port())))?;
        let address = listener.local_addr().context("no address")?;
        let url: HttpUrl = format!("http://{address}").parse().ok().context("no address")?;
        let Handed { token, password } = lay_out(hall, clock::now().wall)?;
        let config = CentreConfig {
            listen: address,
            phone_url: url.clone(),
            boards: vec![hall.board_file.clone()],
            photos: hall.photos.clone(),
            ..hall.centre.clone()
        };
        let running = runtime.block_on(running::start(&config, &hall.centre_data, listener))?;
        crate::cli::preview::fill(&running.site.preview);
        runtime.block_on(enter_history(hall, &running))?;
        Ok(Self { running, url, token, login: SUPERVISOR, password })
    }

    /// Ends the centre in order.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

/// Thirty days before today, once.
async fn enter_history(hall: &Hall, running: &Running) -> anyhow::Result<()> {
    let zone = hall.centre.time_zone.clone();
    let today = zone.to_datetime(jiff::Timestamp::now()).date();
    let facts = sample::history(&hall.board, &zone, today, sample::SAMPLE_DAYS, SEED);
    let rows = facts.len();
    let entered = running.site.writer.submit(rows, move |desk| {
        if !sample::is_entered(desk.tx)? {
            desk.facts.extend(facts);
        }
        Ok(())
    });
    entered.await.context("the sample history could not be entered")
}

/// The wished port of the loopback interface, or any that is free.
async fn listen(wished: u16) -> anyhow::Result<TcpListener> {
    let at = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    match at(wished).await {
        Ok(listener) => Ok(listener),
        Err(_) => at(0).await.context("no port of the loopback interface is free"),
    }
}

/// Users, the kiosk's code and the history, in one transaction; answers the supervisor's token and password.
fn lay_out(hall: &Hall, now: WallMs) -> anyhow::Result<Handed> {
    std::fs::create_dir_all(&hall.centre_data).with_context(|| hall.centre_data.display().to_string())?;
    let mut conn = db::open(&hall.centre_data.join(schema::FILE), &schema::SCHEMA)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let handed = supervisor(&tx, hall, now)?;
    if needs_code(&tx, hall)? {
        let mut random = [0; 8];
        getrandom::fill(&mut random).context("no randomness from the operating system")?;
        let code = enrol::make_code(&tx, &hall.kiosk.kiosk, &hall.kiosk.window, &hall.board.hall.id, random, now)?;
        hall::write_whole(&hall.enrol_code_file, code.as_bytes())?;
    }
    tx.commit()?;
    Ok(handed)
}

/// What is handed to whoever tries the demonstration.
#[derive(Debug)]
struct Handed {
    token: String,
    password: String,
}

/// The account with the token and the password of an earlier start as long as they hold, else new ones. The files are
/// written before the transaction ends: what cannot be kept must not exist.
fn supervisor(conn: &Connection, hall: &Hall, now: WallMs) -> anyhow::Result<Handed> {
    let kept = |file: &Path| std::fs::read_to_string(file).unwrap_or_default().trim().to_owned();
    let id = match accounts::by_login(conn, SUPERVISOR)? {
        Some(account) => account.id,
        None => {
            let (login, name) = (SUPERVISOR.to_owned(), "演示督查员".to_owned());
            let role = Role::HallSupervisor;
            accounts::add(conn, &Profile { login, name, role, staff_no: None, part: Part::Everything }, now)?
        }
    };
    accounts::set_disabled(conn, id, None)?;
    let mut token = kept(&hall.token_file);
    if !tokens::all(conn, Some(id))?.iter().any(|(hash, _)| *hash == TokenHash::of(&token)) {
        tokens::revoke_all(conn, id, now)?;
        token = users::give_token(conn, id, now)?;
        hall::write_whole(&hall.token_file, token.as_bytes())?;
    }
    let mut chosen = kept(&hall.password_file);
    let hash = accounts::password(conn, id)?;
    if chosen.is_empty() || !password::verifies(hash.as_deref(), &chosen) {
        chosen = password::one_time().context("no randomness from the operating system")?;
        accounts::set_password(conn, id, &password::hash(&chosen)?, None)?;
        hall::write_whole(&hall.password_file, chosen.as_bytes())?;
    }
    Ok(Handed { token, password: chosen })
}

/// True unless the kiosk's ledger and its device at the centre both stand.
fn needs_code(conn: &Connection, hall: &Hall) -> anyhow::Result<bool> {
    let is_known = !devices::of_kiosk(conn, &hall.kiosk.kiosk)?.is_empty();
    Ok(!is_known || !hall.ledger().exists())
}
