//! What questions need again and again: the names of the tables and those of the boards, kept between requests.

use std::sync::{Arc, Mutex, PoisonError};

use super::labels::Labels;
use super::names::NamesRead;
use crate::centre::boards::Boards;
use crate::words::Language;

/// Belongs to one database.
#[derive(Debug, Default)]
pub struct Memory {
    pub names: NamesRead,
    labels: Mutex<Option<Labelled>>,
}

/// Boards, and what was made of them in each language.
#[derive(Debug)]
struct Labelled {
    boards: Arc<Boards>,
    labels: [Option<Arc<Labels>>; Language::ALL.len()],
}

impl Memory {
    /// The labels of these boards; made once for each set of boards.
    pub fn labels(&self, boards: &Arc<Boards>, language: Language) -> Arc<Labels> {
        let mut kept = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        let labelled = match &mut *kept {
            Some(labelled) if Arc::ptr_eq(&labelled.boards, boards) => labelled,
            other => other.insert(Labelled { boards: Arc::clone(boards), labels: Default::default() }),
        };
        let place = &mut labelled.labels[usize::from(language.is_english())];
        Arc::clone(place.get_or_insert_with(|| Arc::new(Labels::new(boards.all_known(), language))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_made_once_until_the_boards_change() {
        let (memory, boards) = (Memory::default(), Arc::new(Boards::default()));
        let first = memory.labels(&boards, Language::Zh);
        assert!(Arc::ptr_eq(&first, &memory.labels(&boards, Language::Zh)));
        assert_eq!(memory.labels(&boards, Language::En).language(), Language::En);
        assert!(Arc::ptr_eq(&first, &memory.labels(&boards, Language::Zh)));
        assert!(!Arc::ptr_eq(&first, &memory.labels(&Arc::new(Boards::default()), Language::Zh)));
    }
}
