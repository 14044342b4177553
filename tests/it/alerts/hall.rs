//! A running centre with one terminal, a rule's destination, and a view of the outbox.

use std::path::Path;
use std::time::{Duration, Instant};

use pingyi::centre::alerts::destinations::{self, Address, DestinationTerms};
use pingyi::centre::alerts::outbox::{self, AlertEvent, Attempt, DeliveryOutcome, DeliveryState, Message};
use pingyi::centre::alerts::rule::Scope;
use pingyi::centre::alerts::{history, rules};
use pingyi::centre::ingest::segments::StoreFault;
use pingyi::centre::running::Running;
use pingyi::centre::schema;
use pingyi::centre::{clock, running};
use pingyi::config::CentreConfig;
use pingyi::db;
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::time::WallMs;
use pingyi::words::Language;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::centre::http;
use crate::centre::terminal::Terminal;

pub struct Hall {
    pub dir: TempDir,
    pub config: CentreConfig,
    pub running: Option<Running>,
}

impl Hall {
    pub async fn open(change: impl FnOnce(&mut CentreConfig)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = http::sample();
        change(&mut config);
        let mut hall = Self { dir, config, running: None };
        hall.start().await;
        hall
    }

    pub async fn start(&mut self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.running = Some(running::start(&self.config, self.dir.path(), listener).await.unwrap());
    }

    pub async fn stop(&mut self) {
        self.running.take().unwrap().stop().await;
    }

    pub fn url(&self) -> String {
        self.running.as_ref().unwrap().url()
    }

    /// A second connection, as an operator's tool has it.
    pub fn conn(&self) -> Connection {
        db::open(&self.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap()
    }

    /// Adds a destination, and lets the rule about shares of negative ratings tell it.
    pub async fn destination(&self, address: Address, secret: &[u8]) -> i64 {
        let secret = secret.to_vec();
        let writer = &self.running.as_ref().unwrap().site.writer;
        let added = writer.attempt(move |desk| -> Result<i64, StoreFault> {
            let terms = DestinationTerms {
                name: "值班".to_owned(),
                scope: Scope::Everywhere,
                language: Language::Zh,
                address,
                enabled: true,
            };
            let id = destinations::add(desk.tx, &terms, &secret, desk.now)?.unwrap();
            let rule = rules::all(desk.tx)?.remove(0);
            let terms = pingyi::centre::alerts::rule::Terms { destinations: vec![id], ..rule.terms };
            rules::change(desk.tx, rule.id, &terms, desk.now)?;
            Ok(id)
        });
        added.await.unwrap().unwrap()
    }

    pub async fn test(&self, destination: i64) {
        let writer = &self.running.as_ref().unwrap().site.writer;
        let laid = writer.attempt(move |desk| -> Result<bool, StoreFault> {
            Ok(outbox::lay(desk.tx, None, destination, AlertEvent::Test, desk.now)?)
        });
        assert!(laid.await.unwrap().unwrap());
    }

    /// Ratings of just now at window 3, through a terminal's signed batch.
    pub async fn rate(&self, levels: &[Satisfaction]) {
        let client = http::client();
        let mut terminal = Terminal::new(3);
        terminal.now = clock::now().wall.plus_ms(-(levels.len() as i64 * 3 + 4) * 1_000);
        for &level in levels {
            terminal.serve(level);
        }
        http::enrol(&client, &self.url(), self.dir.path(), &terminal).await;
        let sent = client.post(format!("{}/api/v1/batches", self.url())).body(terminal.all_compressed()).send().await;
        assert!(sent.unwrap().status().is_success());
    }

    /// What waits is due at once, as if the time until the next try had passed.
    pub fn hurry(&self) {
        self.conn().execute("UPDATE alert_outbox SET next_ms = 0 WHERE state = 'waiting'", []).unwrap();
    }

    pub fn alerts(&self) -> Vec<history::Alert> {
        let which = history::Which::Before(WallMs(i64::MAX));
        history::list(&self.conn(), which, None, true, 100, clock::now().wall).unwrap()
    }

    pub fn messages(&self) -> Vec<Message> {
        outbox::messages(&self.conn(), 100).unwrap()
    }

    /// How the tries ended, the first first.
    pub fn outcomes(&self) -> Vec<(DeliveryOutcome, Option<u16>)> {
        let attempts: Vec<Attempt> = outbox::attempts(&self.conn(), 100).unwrap();
        attempts.iter().rev().filter_map(|a| Some((a.outcome?, a.status))).collect()
    }

    /// Waits until so many tries have ended; the last one's end.
    pub async fn tries(&self, count: usize) -> (DeliveryOutcome, Option<u16>) {
        until(|| self.outcomes().len() >= count).await;
        self.outcomes()[count - 1]
    }

    pub async fn sent(&self) {
        until(|| self.messages().iter().all(|m| m.state == DeliveryState::Sent)).await;
    }
}

/// Half a minute at most.
pub async fn until(mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A Python with the module, if there is one; where `PINGYI_CI=1` there must be.
pub fn python_with(module: &str) -> Option<&'static str> {
    let has = |python: &&str| {
        let run = std::process::Command::new(python).args(["-c", &format!("import {module}")]).output();
        run.is_ok_and(|out| out.status.success())
    };
    let found =
        ["/usr/bin/python3", "python3"].into_iter().find(|python| Path::new(python).is_relative() || has(python));
    let found = found.filter(has);
    if found.is_none() {
        assert!(std::env::var("PINGYI_CI").as_deref() != Ok("1"), "no Python with {module}");
        println!("skipped: no Python with {module}");
    }
    found
}
