//! A running centre with people of every role and a terminal that rates.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pingyi::centre::cases::{self, CaseFault, Desk, Opening};
use pingyi::centre::clock;
use pingyi::domain::case::{Action, Actor, At};
use pingyi::domain::id::{StaffNo, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::domain::role::Role;
use pingyi::domain::visit::VisitOutcome;
use pingyi::ledger::chain::receipt_code;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::centre::http;
use crate::centre::terminal::Terminal;
use crate::fleet::{House as Base, escaped};

pub struct House {
    pub base: Base,
    pub terminal: Terminal,
    sent: u64,
}

/// Somebody with a token.
pub struct Person {
    pub token: String,
    pub account: i64,
}

impl House {
    pub async fn open() -> Self {
        let base = Base::open().await;
        let mut terminal = Terminal::new(3);
        terminal.window = WindowId::new("W03").unwrap();
        terminal.now = clock::now().wall.plus_ms(-3_600_000);
        http::enrol(&base.client, &base.running.url(), base.dir.path(), &terminal).await;
        Self { base, terminal, sent: 0 }
    }

    pub async fn person(&self, login: &str, role: Role) -> Person {
        let staff = (role == Role::Staff).then(|| StaffNo::new("0027").unwrap());
        let token = crate::browser::add(&self.conn(), login, role, staff.as_ref(), clock::now().wall);
        let directory = &self.base.running.site.directory;
        self.until(|| directory.get().people().by_token(&token, clock::now().wall).is_some()).await;
        let account = directory.get().people().by_token(&token, clock::now().wall).unwrap().who.account;
        Person { token, account }
    }

    pub fn conn(&self) -> rusqlite::Connection {
        let path = self.base.dir.path().join(pingyi::centre::schema::FILE);
        pingyi::db::open(&path, &pingyi::centre::schema::SCHEMA).unwrap()
    }

    /// A rating at window 3; its visit.
    pub async fn rate(&mut self, level: Satisfaction) -> u64 {
        let visit = self.terminal.serve(level);
        let held = self.base.send(&self.terminal, self.sent + 1).await;
        assert!(format!("{held:?}").contains("Held"), "{held:?}");
        self.sent = self.terminal.tip.seq;
        visit
    }

    /// The same; its visit and the receipt code that the citizen was shown.
    pub async fn rate_with_code(&mut self, level: Satisfaction) -> (u64, String) {
        let visit = self.terminal.open();
        self.terminal.rate(visit, level);
        let code = receipt_code(&self.terminal.tip.hash);
        self.terminal.close(visit, VisitOutcome::Rated);
        self.base.send(&self.terminal, self.sent + 1).await;
        self.sent = self.terminal.tip.seq;
        (visit, code)
    }

    /// What a phone is shown that posts to the look-up of receipt codes; `site`: where its browser says the form was.
    pub async fn look_up(&self, site: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
        let request = self.base.client.post(format!("{}/c", self.base.running.url()));
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        let answer = request.header("sec-fetch-site", site).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// The case that a visit opened by itself.
    pub async fn case_of(&self, visit: u64) -> i64 {
        let conn = self.conn();
        self.until(|| cases::of_visit(&conn, 1, visit).unwrap().is_some()).await;
        let id = cases::of_visit(&conn, 1, visit).unwrap().unwrap();
        self.until(|| cases::one(&conn, id).unwrap().unwrap().due.is_some()).await;
        id
    }

    /// Opens a case as if it had come in `days` ago; its number.
    pub async fn opened_long_ago(&self, opening: Opening, days: i64) -> i64 {
        let site = &self.base.running.site;
        let (calendar, zone) = (Arc::clone(&site.settings.calendar), site.settings.time_zone.clone());
        let done = site.writer.attempt(move |desk| -> Result<i64, CaseFault> {
            let wall = desk.now.plus_ms(-days * 86_400_000);
            let at = At { wall, day: pingyi::centre::hall::today(&zone, wall) };
            let id = cases::open(desk.tx, &opening, wall)?.unwrap();
            cases::advance(&Desk::new(desk.tx, &calendar, at)?, id, Action::Date, Actor::System)?;
            Ok(id)
        });
        done.await.unwrap().unwrap()
    }

    pub async fn work(&self, id: i64, who: &Person, body: Value) -> (StatusCode, Value) {
        self.base.post(&format!("/api/v1/cases/{id}/work"), &who.token, body).await
    }

    pub async fn decide(&self, id: i64, who: &Person, body: Value) -> (StatusCode, Value) {
        self.base.post(&format!("/api/v1/cases/{id}/decide"), &who.token, body).await
    }

    /// Hands it to somebody, who must be able to take it.
    pub async fn assign(&self, id: i64, by: &Person, to: &Person) {
        let (status, told) = self.work(id, by, json!({"act": "assign", "account": to.account})).await;
        assert_eq!((status, &told["case"]["stage"]), (StatusCode::OK, &json!("assigned")), "{told}");
    }

    pub async fn told(&self, id: i64, who: &Person) -> Value {
        let (status, told) = self.base.api(&format!("/api/v1/cases/{id}"), &who.token).await;
        assert_eq!(status, StatusCode::OK, "{told}");
        told
    }

    /// Half a minute at most.
    pub async fn until(&self, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
