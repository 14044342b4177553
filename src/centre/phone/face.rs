//! Five faces, drawn as inline SVG: told apart by mouth and brow, not by colour alone.

use maud::{Markup, html};

use crate::domain::rating::Satisfaction;

pub fn face(level: Satisfaction) -> Markup {
    let mouth = match level {
        Satisfaction::VerySatisfied => "M13 27 Q24 44 35 27 Z",
        Satisfaction::Satisfied => "M14 29 Q24 38 34 29",
        Satisfaction::BasicallySatisfied => "M15 32 L33 32",
        Satisfaction::Dissatisfied => "M14 36 Q24 26 34 36",
        Satisfaction::VeryDissatisfied => "M13 38 Q24 23 35 38",
    };
    let brows = match level {
        Satisfaction::VerySatisfied => Some("M12 17 Q16 12 20 17 M28 17 Q32 12 36 17"),
        Satisfaction::VeryDissatisfied => Some("M11 16.5 L19 12.5 M37 16.5 L29 12.5"),
        _ => None,
    };
    let class = format!("face l{}", level.level());
    html! {
        svg class=(class) viewBox="0 0 48 48" width="44" height="44" aria-hidden="true" focusable="false" {
            circle.disc cx="24" cy="24" r="22" {}
            // The best one laughs with closed eyes.
            @if level != Satisfaction::VerySatisfied {
                circle.eye cx="16.5" cy="21" r="2.6" {}
                circle.eye cx="31.5" cy="21" r="2.6" {}
            }
            @if let Some(brows) = brows { path.line d=(brows) {} }
            path.mouth d=(mouth) {}
        }
    }
}
