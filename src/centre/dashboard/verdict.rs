//! A difference in words: more, less, or nothing that chance could not do.

use maud::{Markup, html};

use super::compare::Difference;
use super::text::points;
use crate::words::overview::Overview as Words;

/// With its interval. `less_is_better` says which way is the good one.
pub fn verdict(d: Difference, less_is_better: bool, w: Words) -> Markup {
    let size = |share: f64| format!("{:.1}", share * 100.0);
    html! {
        @match d.is_up() {
            Some(up) => {
                span class=(if up != less_is_better { "change good" } else { "change bad" }) {
                    span aria-hidden="true" { (if up { "▲ " } else { "▼ " }) }
                    (if up { w.higher(&size(d.value)) } else { w.lower(&size(-d.value)) })
                }
            }
            None => { span.change { span aria-hidden="true" { "≈ " } (w.noise()) } }
        }
        " " span.ci { (w.between(&points(d.low), &points(d.high))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_difference_that_chance_could_make_is_called_none() {
        let said = |low: f64, high: f64, less: bool| {
            let d = Difference { value: f64::midpoint(low, high), low, high };
            verdict(d, less, Words(Language::En)).into_string()
        };
        assert!(said(-0.01, 0.02, false).contains("no clear difference"));
        assert!(
            said(0.01, 0.03, false).contains("change good") && said(0.01, 0.03, false).contains("2.0 points higher")
        );
        assert!(said(0.01, 0.03, true).contains("change bad"));
        assert!(said(-0.03, -0.01, true).contains("2.0 points lower"), "no sign beside the word");
    }
}
