//! The question in an address: `period=2026-11&by=window&aspect=results&hall=H01`.

use std::sync::Arc;

use super::gathered::{Whom, gathered};
use super::rules::ComparisonRules;
use crate::centre::access::StatisticsReader;
use crate::centre::clock;
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall::today;
use crate::centre::marks::{Ground, MarkFault};
use crate::centre::site::Site;
use crate::domain::comparison::{Aspect, Compared, Comparison, compare};
use crate::domain::id::HallId;
use crate::domain::named_period::NamedPeriod;

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub period: NamedPeriod,
    pub whom: Whom,
    pub aspect: Aspect,
    /// None: every hall within reach.
    pub hall: Option<HallId>,
}

/// Why there is no such question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuestionFault {
    #[error("period: a month 2026-11, a quarter 2026-Q4 or a year 2026 that has begun")]
    Period,
    #[error("by: window or staff")]
    By,
    #[error("aspect: results, conduct or skill")]
    Aspect,
    #[error("hall: the id of a hall")]
    Hall,
}

impl Question {
    /// From the pairs of an address; what is not said is last month, windows and results.
    ///
    /// # Errors
    /// [`QuestionFault`]
    pub fn of(pairs: &[(String, String)], today: jiff::civil::Date) -> Result<Self, QuestionFault> {
        let said =
            |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.trim()).filter(|v| !v.is_empty());
        let last_month = today.first_of_month().yesterday().unwrap_or(today);
        let period = match said("period") {
            None => NamedPeriod::month_of(last_month),
            Some(code) => NamedPeriod::parse(code).filter(|p| p.days().from <= today).ok_or(QuestionFault::Period)?,
        };
        let whom = match said("by") {
            None | Some("window") => Whom::Windows,
            Some("staff") => Whom::People,
            Some(_) => return Err(QuestionFault::By),
        };
        let aspect = match said("aspect") {
            None => Aspect::Results,
            Some(code) => Aspect::from_code(code).ok_or(QuestionFault::Aspect)?,
        };
        let hall = said("hall").map(|id| HallId::new(id).map_err(|_| QuestionFault::Hall)).transpose()?;
        Ok(Self { period, whom, aspect, hall })
    }

    /// What [`Question::of`] reads again.
    pub fn address(&self) -> String {
        let hall = self.hall.as_ref().map_or_else(String::new, |hall| format!("&hall={hall}"));
        let (by, aspect) = (self.by(), self.aspect.code());
        format!("/comparison?period={}&by={by}&aspect={aspect}{hall}", self.period)
    }

    pub const fn by(&self) -> &'static str {
        match self.whom {
            Whom::Windows => "window",
            Whom::People => "staff",
        }
    }
}

/// A question with its answer.
pub struct Answered {
    pub question: Question,
    pub all: Vec<Compared>,
    pub rules: ComparisonRules,
    pub comparison: Comparison,
}

/// Compares, as far as the reader may see.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a hall that is not the reader's, [`ErrorCode::Forbidden`] for one's own figures only.
pub async fn answered(site: &Arc<Site>, reader: &StatisticsReader, question: Question) -> Result<Answered, ApiFault> {
    if reader.only_staff.is_some() {
        return Err(ApiFault::new(ErrorCode::Forbidden));
    }
    let min_group = if reader.small_groups { 0 } else { site.settings.min_group };
    let mut ground = Ground::of(site, reader.reach(), min_group);
    if let Some(hall) = &question.hall {
        if !ground.covers(hall) {
            return Err(ApiFault::new(ErrorCode::NotFound));
        }
        ground = ground.only(hall);
    }
    let (days, whom) = (question.period.days(), question.whom);
    let read = site.readers.read(move |conn| gathered(conn, &ground, days, whom)).await?;
    let (all, rules) = read.map_err(fault_of)?;
    let comparison = compare(&all, question.aspect, &rules.weights);
    Ok(Answered { question, all, rules, comparison })
}

fn fault_of(fault: MarkFault) -> ApiFault {
    match fault {
        MarkFault::Asked(asked) => asked.into(),
        other => ApiFault::because(ErrorCode::Unavailable, &other),
    }
}

/// The civil day in the centre's zone.
pub fn day(site: &Site) -> jiff::civil::Date {
    today(&site.settings.time_zone, clock::now().wall)
}

impl From<QuestionFault> for ApiFault {
    fn from(fault: QuestionFault) -> Self {
        Self::telling(ErrorCode::BadQuery, &fault)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_address_is_read_back_and_nonsense_is_named() {
        let today = date(2026, 12, 1);
        let of = |query: &str| {
            let pairs: Vec<(String, String)> =
                query.split('&').filter_map(|p| p.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            Question::of(&pairs, today)
        };
        let plain = of("").unwrap();
        assert_eq!((plain.period.code(), plain.by(), plain.aspect), ("2026-11".to_owned(), "window", Aspect::Results));
        let full = of("period=2026-Q4&by=staff&aspect=skill&hall=H01").unwrap();
        assert_eq!(of(full.address().split_once('?').unwrap().1).unwrap(), full);
        for (bad, fault) in [
            ("period=2027", QuestionFault::Period),
            ("period=x", QuestionFault::Period),
            ("by=hall", QuestionFault::By),
            ("aspect=looks", QuestionFault::Aspect),
            ("hall=a b", QuestionFault::Hall),
        ] {
            assert_eq!(of(bad), Err(fault), "{bad}");
        }
    }
}
