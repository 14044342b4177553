//! The whole campaign (三亮 三比 三创 三评) at one window: which of its steps are done, and what is missing. Pure.

use super::rating::coded;

coded! {
    /// A step of the campaign.
    Step {
        /// 亮身份: everybody who serves here shows who they are.
        Identity = "identity",
        /// 亮承诺: the unit's pledges and everybody's own.
        Pledges = "pledges",
        /// 亮形象: an honour or a responsibility area, of the window or of its people.
        Image = "image",
        /// 群众评议
        PublicAppraisal = "public",
        /// 领导点评
        LeaderReview = "leader",
        /// 党员互评
        PeerReview = "peer",
        /// 督促检查
        Inspection = "inspection",
        /// 比技能
        Skill = "skill",
        /// 限时办结、首问负责
        TimeLimit = "time_limit",
        /// 承诺兑现
        Fulfilment = "fulfilment",
        /// 整改: nothing is overdue.
        Rectification = "rectification",
        /// 评选表彰
        Selection = "selection",
    }
}

/// One person of a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    pub name: String,
    pub has_photo: bool,
    pub has_pledge: bool,
    pub is_honoured: bool,
}

/// What is known of a window in a period. Counts are of the window and of its people together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub people: Vec<Person>,
    pub has_unit_pledge: bool,
    pub is_honoured: bool,
    pub ratings: u64,
    /// Ratings that say something.
    pub least_ratings: u64,
    pub leader_reviews: u64,
    pub peer_reviews: u64,
    pub inspections: u64,
    pub contests: u64,
    /// Pieces of business that were due.
    pub business: u64,
    pub pledges_kept: u64,
    pub pledges_unkept: u64,
    pub overdue_cases: u64,
    pub selections: u64,
}

/// What is missing of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    NoStaff,
    NoPhoto(Vec<String>),
    NoUnitPledge,
    NoOwnPledge(Vec<String>),
    NoHonour,
    FewRatings { n: u64, least: u64 },
    NoReview,
    NoPeer,
    NoInspection,
    NoSkill,
    NoBusiness,
    NotMeasured,
    Unkept(u64),
    Overdue(u64),
    NoSelection,
}

impl Facts {
    /// What is missing of a step; empty: it is done.
    pub fn missing(&self, step: Step) -> Vec<Missing> {
        let names = |lacks: &dyn Fn(&Person) -> bool| -> Vec<String> {
            self.people.iter().filter(|p| lacks(p)).map(|p| p.name.clone()).collect()
        };
        let unless = |done: bool, missing: Missing| if done { Vec::new() } else { vec![missing] };
        match step {
            Step::Identity if self.people.is_empty() => vec![Missing::NoStaff],
            Step::Identity => {
                let names = names(&|p| !p.has_photo);
                unless(names.is_empty(), Missing::NoPhoto(names))
            }
            Step::Pledges => {
                let names = names(&|p| !p.has_pledge);
                let mut out = unless(self.has_unit_pledge, Missing::NoUnitPledge);
                out.extend(unless(names.is_empty(), Missing::NoOwnPledge(names)));
                out
            }
            Step::Image => unless(self.is_honoured || self.people.iter().any(|p| p.is_honoured), Missing::NoHonour),
            Step::PublicAppraisal => {
                let few = Missing::FewRatings { n: self.ratings, least: self.least_ratings };
                unless(self.ratings >= self.least_ratings, few)
            }
            Step::LeaderReview => unless(self.leader_reviews > 0, Missing::NoReview),
            Step::PeerReview => unless(self.peer_reviews > 0, Missing::NoPeer),
            Step::Inspection => unless(self.inspections > 0, Missing::NoInspection),
            Step::Skill => unless(self.contests > 0, Missing::NoSkill),
            Step::TimeLimit => unless(self.business > 0, Missing::NoBusiness),
            Step::Fulfilment if self.pledges_kept + self.pledges_unkept == 0 => vec![Missing::NotMeasured],
            Step::Fulfilment => unless(self.pledges_unkept == 0, Missing::Unkept(self.pledges_unkept)),
            Step::Rectification => unless(self.overdue_cases == 0, Missing::Overdue(self.overdue_cases)),
            Step::Selection => unless(self.selections > 0, Missing::NoSelection),
        }
    }

    /// Steps that are done.
    pub fn done(&self) -> usize {
        Step::ALL.iter().filter(|&&step| self.missing(step).is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Facts {
        let person = Person { name: "王晓".to_owned(), has_photo: true, has_pledge: true, is_honoured: false };
        Facts {
            people: vec![person],
            has_unit_pledge: true,
            is_honoured: true,
            ratings: 10,
            least_ratings: 10,
            leader_reviews: 1,
            peer_reviews: 1,
            inspections: 1,
            contests: 1,
            business: 1,
            pledges_kept: 1,
            selections: 1,
            ..Facts::default()
        }
    }

    #[test]
    fn each_step_is_done_by_what_it_is_about_and_says_what_is_missing() {
        let facts = whole();
        assert_eq!(facts.done(), Step::ALL.len());
        let without = |change: &dyn Fn(&mut Facts)| {
            let mut facts = whole();
            change(&mut facts);
            let missing: Vec<_> = Step::ALL.iter().flat_map(|&s| facts.missing(s)).collect();
            assert_eq!(facts.done(), Step::ALL.len() - 1, "{missing:?}");
            missing
        };
        assert_eq!(without(&|f| f.people[0].has_photo = false), [Missing::NoPhoto(vec!["王晓".to_owned()])]);
        assert_eq!(without(&|f| f.people[0].has_pledge = false), [Missing::NoOwnPledge(vec!["王晓".to_owned()])]);
        assert_eq!(without(&|f| f.people.clear()), [Missing::NoStaff]);
        assert_eq!(without(&|f| f.has_unit_pledge = false), [Missing::NoUnitPledge]);
        assert_eq!(without(&|f| f.is_honoured = false), [Missing::NoHonour]);
        assert_eq!(without(&|f| f.ratings = 9), [Missing::FewRatings { n: 9, least: 10 }]);
        assert_eq!(without(&|f| f.pledges_unkept = 2), [Missing::Unkept(2)]);
        assert_eq!(without(&|f| f.pledges_kept = 0), [Missing::NotMeasured]);
        assert_eq!(without(&|f| f.overdue_cases = 3), [Missing::Overdue(3)]);
        let counts: [&dyn Fn(&mut Facts); 6] = [
            &|f| f.leader_reviews = 0,
            &|f| f.peer_reviews = 0,
            &|f| f.inspections = 0,
            &|f| f.contests = 0,
            &|f| f.business = 0,
            &|f| f.selections = 0,
        ];
        for count in counts {
            assert_eq!(without(count).len(), 1);
        }
    }

    #[test]
    fn an_empty_window_has_done_nothing_but_owes_no_case() {
        let facts = Facts { least_ratings: 1, ..Facts::default() };
        let done: Vec<_> = Step::ALL.iter().filter(|&&s| facts.missing(s).is_empty()).collect();
        assert_eq!(done, [&Step::Rectification]);
    }
}
