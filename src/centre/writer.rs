//! The writer: one thread owns the connection that writes. It takes all that has queued into one transaction and then
//! acknowledges every piece; no timer is needed, the fsync itself forms the batch.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use super::clock;
use super::ingest::core::{Acknowledge, Core, Work};
use super::ingest::desk::Desk;
use super::ingest::segments::StoreFault;

/// Pieces of work that may wait; a batch of 1,000 entries is about 200 kB.
const QUEUE: usize = 512;
/// Entries of one transaction, about.
const MAX_WEIGHT: usize = 20_000;
/// How long a request waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often changes by other processes are looked for.
const TICK: Duration = Duration::from_secs(1);

/// Why a piece of work was not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WriterFault {
    #[error("the writer's queue is full")]
    Busy,
    #[error("the transaction failed; the cause stands in the log")]
    Failed,
    #[error("the centre is stopping")]
    Stopped,
}

enum Task {
    Work { weight: usize, work: Work },
    Tick,
    Stop,
}

/// Hands work to the writer's thread.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Task>,
}

/// Stops the writer's thread.
#[derive(Debug)]
pub struct WriterThread {
    thread: std::thread::JoinHandle<()>,
    queue: mpsc::Sender<Task>,
}

impl WriterThread {
    /// Blocks until all that had queued is written and the database is closed. Must not be called on a thread that
    /// serves requests.
    pub fn stop(self) {
        // An error says that it has stopped already.
        let _ = self.queue.blocking_send(Task::Stop);
        if self.thread.join().is_err() {
            tracing::error!("the writer's thread panicked");
        }
    }
}

impl Writer {
    /// Starts the thread. Must be called within the runtime that will serve requests.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(core: Core) -> std::io::Result<(Self, WriterThread)> {
        let (queue, tasks) = mpsc::channel(QUEUE);
        let ticker = queue.downgrade();
        tokio::spawn(async move {
            let mut interval = tokio::time::interval(TICK);
            interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
            loop {
                interval.tick().await;
                let Some(queue) = ticker.upgrade() else { return };
                // A full queue has better things to do.
                let _ = queue.try_send(Task::Tick);
            }
        });
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || write(core, tasks))?;
        Ok((Self { queue: queue.clone() }, WriterThread { thread, queue }))
    }

    /// Queues `work` and waits until it is durable. `weight` is about the number of entries. Validate before: `work` can
    /// only succeed, refuse without having written, or fail together with its whole transaction.
    ///
    /// # Errors
    /// [`WriterFault`]; after `Failed` and `Stopped` the work may have been stored all the same.
    pub async fn submit<T: Send + 'static>(
        &self,
        weight: usize,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, WriterFault> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |desk| {
            let done = work(desk)?;
            let acknowledge: Acknowledge = Box::new(move || {
                // Whoever asked may have gone; the work is done all the same.
                let _ = reply.send(done);
            });
            Ok(acknowledge)
        });
        match tokio::time::timeout(PATIENCE, self.queue.send(Task::Work { weight, work })).await {
            Err(_) => return Err(WriterFault::Busy),
            Ok(Err(_)) => return Err(WriterFault::Stopped),
            Ok(Ok(())) => {}
        }
        answer.await.map_err(|_| WriterFault::Failed)
    }

    /// The same for small writes of other modules, in a savepoint: what `work` refuses leaves nothing behind.
    ///
    /// # Errors
    /// [`WriterFault`]; the inner result is that of `work`.
    pub async fn attempt<T: Send + 'static, E: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, WriterFault> {
        self.submit(1, |desk| {
            desk.tx.execute_batch("SAVEPOINT piece")?;
            let facts = desk.facts.len();
            let done = work(desk);
            if done.is_ok() {
                desk.tx.execute_batch("RELEASE piece")?;
            } else {
                desk.tx.execute_batch("ROLLBACK TO piece; RELEASE piece")?;
                // What it left in memory is not in the store: read it again when it is needed.
                desk.facts.truncate(facts);
                desk.ledgers.forget();
            }
            Ok(done)
        })
        .await
    }
}

fn write(mut core: Core, mut tasks: mpsc::Receiver<Task>) {
    let histogram = metrics::histogram!("pingyi_transaction_seconds");
    let jobs = metrics::counter!("pingyi_jobs_total");
    while let Some(first) = tasks.blocking_recv() {
        let (mut works, mut weight, mut tick, mut stop) = (Vec::new(), 0, false, false);
        let mut next = Some(first);
        while let Some(task) = next {
            match task {
                Task::Work { weight: w, work } => {
                    weight += w;
                    works.push(work);
                }
                Task::Tick => tick = true,
                Task::Stop => stop = true,
            }
            next = if weight < MAX_WEIGHT && !stop { tasks.try_recv().ok() } else { None };
        }
        if !works.is_empty() {
            jobs.increment(works.len() as u64);
            let begun = std::time::Instant::now();
            if let Err(fault) = core.run_all(clock::now().wall, works) {
                tracing::error!(%fault, "a transaction failed; nothing of it was acknowledged");
                metrics::counter!("pingyi_transactions_failed_total").increment(1);
            }
            histogram.record(begun.elapsed());
        }
        if tick && let Err(fault) = core.tick(clock::now().wall) {
            tracing::warn!(%fault, "could not look for changes");
        }
        if stop {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centre::directory::devices::{self, Device, Standing};
    use crate::domain::id::{HallId, KioskId, WindowId};
    use crate::domain::time::WallMs;
    use crate::ledger::keys::DeviceKey;

    fn device() -> Device {
        let key = DeviceKey::from_secret(&[3; 32]).public();
        Device {
            id: key.device(),
            key,
            kiosk: KioskId::new("K01").unwrap(),
            service_window: WindowId::new("W01").unwrap(),
            hall: HallId::new("H01").unwrap(),
            standing: Standing::Active,
            enrolled: WallMs(0),
        }
    }

    #[tokio::test]
    async fn what_a_piece_refuses_leaves_nothing_in_store_or_memory() {
        let (writer, thread) = Writer::start(Core::in_memory().unwrap()).unwrap();
        let id = device().id;
        writer.submit(1, |desk| Ok(devices::put(desk.tx, &device(), None, desk.now)?)).await.unwrap();
        let refused = writer.attempt(move |desk| {
            desk.witness(id, 1, 9, &[7; 16]).map_err(|e| e.to_string())?;
            Err::<(), _>("refused".to_owned())
        });
        assert_eq!(refused.await.unwrap(), Err("refused".to_owned()));
        let found = writer.submit(1, move |desk| Ok(desk.ledgers.find(desk.tx, id, 1)?.is_some())).await.unwrap();
        assert!(!found, "neither the row nor what was cached of it");
        let kept = writer.attempt(move |desk| desk.witness(id, 1, 9, &[7; 16])).await.unwrap();
        assert!(kept.unwrap());
        assert!(writer.submit(1, move |desk| Ok(desk.ledgers.find(desk.tx, id, 1)?.is_some())).await.unwrap());
        tokio::task::spawn_blocking(move || thread.stop()).await.unwrap();
        assert_eq!(writer.submit(1, |_| Ok(())).await, Err(WriterFault::Stopped));
    }

    #[tokio::test]
    async fn a_piece_that_panics_fails_alone_and_the_writer_lives_on() {
        let (writer, _thread) = Writer::start(Core::in_memory().unwrap()).unwrap();
        let boom = writer.submit(1, |_| -> Result<(), StoreFault> { panic!("made up") });
        assert_eq!(boom.await, Err(WriterFault::Failed));
        assert_eq!(writer.submit(1, |_| Ok(7)).await, Ok(7));
    }
}
