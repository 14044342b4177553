//! What must be true at the end: every history at the centre is one that the kiosk wrote, all of it that could arrive has,
//! and each rating in it stands in the book exactly once.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use pingyi::centre::alarms::{self, AlarmKind};
use pingyi::centre::statistics::Book;
use pingyi::domain::board::{Bilingual, Board, Hall, ServiceWindow};
use pingyi::domain::id::{HallId, WindowId};
use pingyi::domain::rating::Satisfaction;
use pingyi::ledger::chain::origin;
use pingyi::ledger::entry::{Body, Entry};
use pingyi::ledger::keys::Hash;

use super::terminal::Terminal;
use super::world::World;

/// What is not settled yet, for people.
pub fn open_points(world: &World) -> Vec<String> {
    let forks = forks(world);
    let mut open = Vec::new();
    for kiosk in &world.kiosks {
        let name = &kiosk.identity.kiosk;
        let status = kiosk.session.status();
        let held = held_head(world, kiosk);
        let fork_alarm = forks.contains(&kiosk.device.0);
        if status.forked {
            if !fork_alarm {
                open.push(format!("{name}: forked, and the centre has no alarm: {status:?}"));
            }
        } else if held != kiosk.journal.head().hash {
            open.push(format!("{name}: {:?} holds, {:?}", status, kiosk.journal.head()));
        }
        let board = kiosk.journal.boards().unwrap().first().map(|(version, _)| version.0.clone());
        if board.as_deref() != Some(world.centre.board.as_str()) {
            open.push(format!("{name}: shows board {board:?}"));
        }
    }
    open
}

/// Compares the centre with everything that was ever thanked for.
pub fn audit(world: &mut World) -> Result<(), String> {
    let open = open_points(world);
    if !open.is_empty() {
        return Err(format!("{open:#?}"));
    }
    let book = book(world);
    let forks = forks(world);
    let mut counted = 0;
    for kiosk in &world.kiosks {
        let name = &kiosk.identity.kiosk;
        let head = held_head(world, kiosk);
        let Some(history) = kiosk.history(head) else {
            return Err(format!("{name}: the centre holds a history that the kiosk never wrote"));
        };
        let wanted = ratings(&history);
        let found = book.get(&kiosk.device.0).cloned().unwrap_or_default();
        if wanted != found {
            return Err(format!("{name}: the book differs\nwanted {wanted:?}\nfound  {found:?}"));
        }
        counted += wanted.len() as u64;
        let own = head == kiosk.journal.head().hash;
        if !kiosk.rolled_back && (!own || kiosk.session.status().forked || forks.contains(&kiosk.device.0)) {
            return Err(format!("{name}: was never rolled back, and is not simply held"));
        }
        let noticed = kiosk.session.status().forked && forks.contains(&kiosk.device.0);
        if !own && !noticed {
            return Err(format!("{name}: a fork that nobody noticed"));
        }
        if !own {
            world.outcome.forks += 1;
        }
    }
    world.outcome.counted = counted;
    Ok(())
}

/// The last word on each visit of a history, by the visit's `seq`.
fn ratings(history: &[&Entry]) -> BTreeMap<u64, Satisfaction> {
    let mut last = BTreeMap::new();
    for entry in history {
        if let Body::Rated(rated) | Body::Revised(rated) = &entry.body {
            last.insert(rated.visit, rated.level);
        }
    }
    last
}

/// What stands in the centre's book, by device and visit; a sum that is neither none nor one is a fault in itself.
fn book(world: &World) -> BTreeMap<[u8; 16], BTreeMap<u64, Satisfaction>> {
    let conn = world.centre.conn();

    let mut statement = conn.prepare("SELECT id, device FROM ledger").unwrap();
    let rows = statement.query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, [u8; 16]>(1)?))).unwrap();
    let devices: BTreeMap<i64, [u8; 16]> = rows.map(Result::unwrap).collect();
    let mut sums: BTreeMap<(i64, u64, u8), i64> = BTreeMap::new();
    for (_, fact) in Book::entries(conn, 0, 1_000_000).unwrap() {
        if let Some(level) = fact.level {
            *sums.entry((fact.ledger, fact.visit, level.level())).or_default() += i64::from(fact.sign);
        }
    }
    let mut book: BTreeMap<[u8; 16], BTreeMap<u64, Satisfaction>> = BTreeMap::new();
    for ((ledger, visit, level), sum) in sums {
        match sum {
            0 => {}
            1 => {
                let level = Satisfaction::from_level(level).unwrap();
                let before = book.entry(devices[&ledger]).or_default().insert(visit, level);
                assert!(before.is_none(), "visit {visit} counts at two levels");
            }
            n => panic!("visit {visit} at level {level} is counted {n} times"),
        }
    }
    book
}

fn held_head(world: &World, kiosk: &Terminal) -> Hash {
    let head = world.centre.conn().query_row(
        "SELECT s.head FROM segment s JOIN ledger l ON l.id = s.ledger WHERE l.device = ?1 AND l.epoch = 1
         ORDER BY s.last_seq DESC LIMIT 1",
        [kiosk.device.0],
        |r| r.get(0),
    );
    head.map_or_else(|_| origin(kiosk.device, 1), Hash)
}

fn forks(world: &World) -> Vec<[u8; 16]> {
    let alarms = alarms::open(world.centre.conn(), 10_000).unwrap();
    alarms.into_iter().filter(|a| a.kind == AlarmKind::Fork).map(|a| a.device.0).collect()
}

/// The least board that passes the rules, with a window for each kiosk.
pub fn sample_board(windows: usize) -> Arc<Board> {
    static BOARD: OnceLock<Arc<Board>> = OnceLock::new();
    let text = |zh: &str| Bilingual { zh: zh.into(), en: None };
    let window = |i| ServiceWindow {
        id: WindowId::new(&format!("W{i:02}")).unwrap(),
        number: format!("{i}"),
        name: text("综合窗口"),
        items: vec![],
        honours: vec![],
    };
    let make = || {
        Arc::new(Board {
            unit: text("市政务服务局"),
            hall: Hall {
                id: HallId::new("H1").unwrap(),
                name: text("政务服务大厅"),
                hotline: "12345".into(),
                best_first: true,
            },
            windows: (0..windows).map(window).collect(),
            staff: vec![],
            pledges: vec![],
            items: vec![],
            tags: vec![],
            notices: vec![],
        })
    };
    Arc::clone(BOARD.get_or_init(make))
}
