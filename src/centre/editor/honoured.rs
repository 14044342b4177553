//! The honours of one window or person, beside its form.

use maud::{Markup, html};

use super::forms::owner_code;
use super::opened::Opened;
use crate::centre::dashboard::components::{Button, State, Tone};
use crate::centre::hall::kinds::Owner;
use crate::words::common;

/// What adorns the owner, what did, and where more is granted.
pub fn card(opened: &Opened, owner: &Owner) -> Markup {
    let w = opened.words();
    let own: Vec<_> =
        opened.hall.honours.iter().filter(|kept| &kept.value.owner == owner && kept.retired_on.is_none()).collect();
    html! {
        section.card {
            h2 { (w.honours()) }
            @if own.is_empty() { p.hint { (w.no_honours()) } }
            ul.plain {
                @for kept in own {
                    @let honour = &kept.value.honour;
                    li {
                        a href=(opened.path(&format!("honours/{}", kept.value.id))) { (common::honour(opened.language, honour.kind)) }
                        " " span.hint { (honour.issuer) " · " (honour.period) " · " (w.until(&honour.until.to_string())) }
                        @if honour.until < opened.today { " " (State::new(Tone::Off, w.over())) }
                    }
                }
            }
            @if opened.may_edit() {
                p { (Button::link(opened.path(&format!("new/honours?owner={}", owner_code(owner))), w.grant()).small()) }
            }
        }
    }
}
