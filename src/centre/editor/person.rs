//! What a person's card has beside its form: portrait, PIN, pledges.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::opened::Opened;
use super::typed::Typed;
use super::{answer, author, photo_address, refusal};
use crate::centre::access::{HallEditor, Posted, Signed};
use crate::centre::dashboard::components::{Button, Confirm, Notice, State as Mark, Title, Tone, buttons};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::hall;
use crate::centre::hall::acts::Refused;
use crate::centre::hall::whole::Kept;
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::config::pin::PinHash;
use crate::domain::board::StaffCard;
use crate::domain::id::StaffNo;
use crate::words::editor::Editor;

/// Digits of a PIN that is made here.
const PIN_DIGITS: u32 = 6;

/// The portrait with what can be done to it.
pub fn portrait_card(opened: &Opened, card: &StaffCard) -> Markup {
    let w = opened.words();
    let here = opened.path(&format!("staff/{}/portrait", card.staff_no));
    html! {
        section.card.portrait-card {
            h2 { (w.portrait()) }
            @match photo_address(opened, card) {
                Some(source) => { img.portrait src=(source) alt=(w.portrait_of(&card.name)) width="72" height="96"; }
                None => { p.hint { (w.no_portrait()) } }
            }
            @if opened.may_edit() {
                div.buttons {
                    (Button::link(here.clone(), if card.photo.is_some() { w.change_portrait() } else { w.add_portrait() }).small())
                    @if card.photo.is_some() { (Button::link(format!("{here}/remove"), w.remove_portrait()).small().danger()) }
                }
            }
        }
    }
}

/// Whether the person can sign in, and a new PIN.
pub fn pin_card(opened: &Opened, card: &StaffCard) -> Markup {
    let w = opened.words();
    html! {
        section.card {
            h2 { (w.sign_in_at_kiosk()) }
            @if card.pin_hash.is_some() {
                p { (Mark::new(Tone::Good, w.has_pin())) }
            } @else {
                p { (Mark::new(Tone::Note, w.has_no_pin())) }
                p.hint { (w.no_pin_hint()) }
            }
            @if opened.may_edit() {
                p { (Button::link(opened.path(&format!("staff/{}/pin", card.staff_no)), if card.pin_hash.is_some() { w.new_pin() } else { w.first_pin() }).small()) }
            }
        }
    }
}

/// What the person promises.
pub fn pledges_card(opened: &Opened, staff_no: &StaffNo) -> Markup {
    let w = opened.words();
    let own: Vec<_> = opened.hall.pledges.iter().filter(|p| p.staff_no.as_ref() == Some(staff_no)).collect();
    html! {
        section.card {
            h2 { (w.own_pledges()) }
            @if own.is_empty() { p.hint { (w.no_own_pledges()) } }
            ul.plain {
                @for file in own {
                    @let version = file.in_force(opened.today).or(file.versions.last());
                    @if let Some(version) = version {
                        li {
                            a href=(opened.path(&format!("pledges/{}", file.id))) { (version.promise.text.get(opened.language.is_english())) }
                            " " (super::pledges::mark(opened, file))
                        }
                    }
                }
            }
            @if opened.may_edit() {
                p { (Button::link(opened.path(&format!("new/pledges?staff={staff_no}")), w.draft_pledge()).small()) }
            }
        }
    }
}

/// Asks before a PIN is replaced.
pub async fn ask_pin(site: State<Arc<Site>>, signed: Signed<HallEditor>, path: Path<(String, String)>) -> Response {
    let w = Editor(signed.viewer.language);
    let what = html! { p { (w.pin_what()) } p.hint { (w.pin_hint()) } };
    asked(site, signed, path, "pin", (what, w.make_pin()), |name| w.pin_question(name)).await
}

/// The page between a deed with somebody's card and doing it: what follows, and the word of the button.
async fn asked(
    State(site): State<Arc<Site>>,
    signed: Signed<HallEditor>,
    Path((hall, staff)): Path<(String, String)>,
    deed: &str,
    (what, yes): (Markup, Cow<'static, str>),
    question: impl Fn(&str) -> Cow<'static, str>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
        let kept = person(&opened, &staff)?;
        let w = opened.words();
        let here = opened.path(&format!("staff/{staff}"));
        let question = question(&kept.value.name);
        let page = Confirm::new(opened.language, question.clone(), what, format!("{here}/{deed}"))
            .yes(yes)
            .back(here.clone())
            .crumb("/halls", w.halls())
            .crumb(opened.path("staff"), w.people())
            .crumb(here, kept.value.name.clone())
            .csrf(signed.viewer.csrf())
            .fields(html! { input type="hidden" name="revision" value=(kept.revision); });
        Ok(signed.viewer.page(&site, &question, html! { (page) }))
    };
    answer(&site, &signed.viewer, made.await)
}

/// Makes a PIN and shows it, this once.
pub async fn make_pin(
    State(site): State<Arc<Site>>,
    Path((hall, staff)): Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let kept = person(&opened, &staff)?;
        let revision = Typed::new(posted.form).text("revision").parse().unwrap_or(0);
        let hashed = tokio::task::spawn_blocking(|| {
            let pin = fresh_pin()?;
            let hash = PinHash::make(&pin).map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
            Ok::<_, ApiFault>((pin, hash))
        });
        let (pin, hash) = hashed.await.map_err(|e| ApiFault::because(ErrorCode::Internal, &e))??;
        let staff_no = kept.value.staff_no.clone();
        let done = hall::change(&site, &opened.hall.id, author(&posted.who), move |s| {
            s.set_pin(&staff_no, revision, Some(&hash))
        })
        .await?;
        let (w, name) = (opened.words(), &kept.value.name);
        let here = opened.path(&format!("staff/{staff}"));
        let content = html! {
            (Title::new(opened.language, w.pin_of(name)).crumb("/halls", w.halls()).crumb(opened.path("staff"), w.people()).crumb(here.clone(), name.as_str()))
            @match &done {
                Ok(_) => {
                    (Notice::good(w.pin_made()).advice(w.pin_once()))
                    div.form {
                        output.secret { (pin) }
                        p.hint { (w.pin_where()) }
                        (buttons(&[Button::link(here, w.pin_noted()).primary()]))
                    }
                }
                Err(refused) => {
                    (Notice::bad(refusal(w, refused)).advice(w.nothing_changed()))
                    (buttons(&[Button::link(here, w.back())]))
                }
            }
        };
        let mut response = posted.viewer.page(&site, &w.pin_of(name), content);
        if let Err(refused) = &done {
            *response.status_mut() = super::status_of(refused);
        }
        Ok(response)
    };
    answer(&site, &posted.viewer, made.await)
}

/// Asks before a portrait is taken away.
pub async fn ask_removal(site: State<Arc<Site>>, signed: Signed<HallEditor>, path: Path<(String, String)>) -> Response {
    let w = Editor(signed.viewer.language);
    let what = html! { p { (w.remove_portrait_what()) } };
    asked(site, signed, path, "portrait/remove", (what, w.remove_portrait()), |name| w.remove_portrait_of(name)).await
}

/// Takes a portrait away.
pub async fn remove(
    State(site): State<Arc<Site>>,
    Path((hall, staff)): Path<(String, String)>,
    posted: Posted<HallEditor, Pairs>,
) -> Response {
    let made = async {
        let opened = Opened::of(&site, &posted.who, posted.viewer.language, &hall).await?;
        let staff_no = person(&opened, &staff)?.value.staff_no.clone();
        let revision = Typed::new(posted.form).text("revision").parse().unwrap_or(0);
        let done = hall::change(&site, &opened.hall.id, author(&posted.who), move |s| {
            s.set_portrait(&staff_no, revision, None)
        })
        .await?;
        let w = opened.words();
        let here = opened.path(&format!("staff/{staff}"));
        Ok(match done {
            Ok(_) => posted.viewer.onward(&site, &here, &w.portrait_removed()),
            Err(refused) => told(&site, &opened, &posted.viewer, &here, &refused),
        })
    };
    answer(&site, &posted.viewer, made.await)
}

/// A refusal on a page of its own, with the way back.
pub fn told(
    site: &Site,
    opened: &Opened,
    viewer: &crate::centre::access::Viewer,
    back: &str,
    refused: &Refused,
) -> Response {
    let w = opened.words();
    let content = html! {
        (Title::new(opened.language, w.not_done()).crumb("/halls", w.halls()).crumb(opened.path(""), opened.name()))
        (Notice::bad(refusal(w, refused)).advice(w.nothing_changed()))
        (buttons(&[Button::link(back, w.back())]))
    };
    let mut response = viewer.page(site, &w.not_done(), content);
    *response.status_mut() = super::status_of(refused);
    response
}

/// The person, retired or not.
///
/// # Errors
/// [`ErrorCode::NotFound`].
pub fn person<'a>(opened: &'a Opened, staff: &str) -> Result<&'a Kept<StaffCard>, ApiFault> {
    opened.hall.find(staff).ok_or_else(|| ApiFault::because(ErrorCode::NotFound, &"no such person"))
}

fn fresh_pin() -> Result<String, ApiFault> {
    let most = 10_u64.pow(PIN_DIGITS);
    loop {
        let random = getrandom::u64().map_err(|e| ApiFault::because(ErrorCode::Internal, &e))?;
        // Every PIN is as likely as any other, and none that people guess first is given.
        if random < u64::MAX - u64::MAX % most {
            let pin = format!("{:06}", random % most);
            if !is_easy(&pin) {
                return Ok(pin);
            }
        }
    }
}

/// All the same, or each digit one more or one less than the one before.
fn is_easy(pin: &str) -> bool {
    let steps: Vec<i16> = pin.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
    [0, 1, -1].iter().any(|step| steps.iter().all(|s| s == step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_has_six_digits_and_is_not_one_that_is_guessed_first() {
        for easy in ["000000", "777777", "123456", "987654"] {
            assert!(is_easy(easy), "{easy}");
        }
        assert!(!is_easy("135790") && !is_easy("112233"));
        let pins: std::collections::HashSet<String> = (0..50).map(|_| fresh_pin().unwrap()).collect();
        assert!(pins.iter().all(|pin| pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) && !is_easy(pin)));
        assert!(pins.len() > 45);
    }
}
