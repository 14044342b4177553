//! The picture beside a form: what the kiosk shows, or will show.

use std::sync::Arc;

use axum::extract::{Path, Query as UrlQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};

use super::form::Look;
use super::opened::Opened;
use super::typed::Typed;
use crate::centre::access::{HallReader, Signed};
use crate::centre::dashboard::components::{Choice, Notice, Tick};
use crate::centre::error::{ApiFault, ErrorCode};
use crate::centre::preview::{Picture, Portrait, PreviewFault, Scene, Shot, Sitting};
use crate::centre::site::Site;
use crate::centre::statistics::api::Pairs;
use crate::config::kiosk::{ScreenLayout, Theme};
use crate::domain::board::Board;
use crate::domain::id::{ItemCode, StaffNo, WindowId};
use crate::domain::rating::Satisfaction;
use crate::words::Language;
use crate::words::editor::Editor;

/// How the kiosk of the picture is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setup {
    pub layout: ScreenLayout,
    pub theme: Theme,
    pub language: Language,
    pub senior: bool,
}

const LAYOUTS: [ScreenLayout; 4] =
    [ScreenLayout::Full, ScreenLayout::Pillar, ScreenLayout::Wide, ScreenLayout::Compact];

impl Setup {
    /// As chosen, else a large red screen in Chinese: what most halls have.
    pub fn of(typed: &Typed) -> Self {
        let pick = |name: &str| typed.text(name).to_owned();
        Self {
            layout: ScreenLayout::from_code(&pick("layout"))
                .filter(|l| LAYOUTS.contains(l))
                .unwrap_or(ScreenLayout::Full),
            theme: Theme::from_code(&pick("theme")).unwrap_or(Theme::Red),
            language: Language::from_code(&pick("screen-language")).unwrap_or(Language::Zh),
            senior: typed.has("senior"),
        }
    }

    pub const fn size(self) -> (u32, u32) {
        match self.layout {
            ScreenLayout::Auto | ScreenLayout::Full => (1920, 1080),
            ScreenLayout::Pillar => (1080, 1920),
            ScreenLayout::Wide => (1280, 800),
            ScreenLayout::Compact => (1024, 600),
        }
    }

    fn pairs(self) -> String {
        let senior = if self.senior { "&senior=yes" } else { "" };
        let (layout, theme, language) = (self.layout.code(), self.theme.code(), self.language.code());
        format!("layout={layout}&theme={theme}&screen-language={language}{senior}")
    }

    /// Inputs with which another setup is chosen.
    pub fn inputs(self, language: Language) -> Markup {
        let w = Editor(language);
        let layouts = LAYOUTS.map(|layout| {
            let (width, height) = Self { layout, ..self }.size();
            (layout.code(), format!("{width} × {height}"))
        });
        let themes = [(Theme::Red.code(), w.theme_red()), (Theme::Teal.code(), w.theme_teal())];
        let languages = [(Language::Zh.code(), "中文"), (Language::En.code(), "English")];
        html! {
            div.fields {
                (Choice::new("layout", w.screen_size(), layouts).chosen(self.layout.code()))
                (Choice::new("theme", w.theme(), themes).chosen(self.theme.code()))
                (Choice::new("screen-language", w.screen_language(), languages).chosen(self.language.code()))
            }
            (Tick::check("senior", "yes", w.senior(), self.senior))
        }
    }
}

/// What a panel shows.
#[derive(Debug)]
pub enum Shown {
    /// What kiosks are served now.
    Live(Look),
    /// A draft, painted for this page alone.
    Draft(Arc<Picture>),
    /// No kiosk shows it, or not in this state.
    Nothing,
    Fault(PreviewFault),
}

/// The address of a picture of the live board.
pub fn address(opened: &Opened, look: &Look, setup: Setup) -> String {
    let scene = match &look.scene {
        Scene::Card { staff_no, item: None } => format!("card={staff_no}"),
        Scene::Card { staff_no, item: Some(item) } => format!("card={staff_no}&item={item}"),
        Scene::Reasons(level) => format!("level={}", level.code()),
        Scene::Standby => "standby=yes".to_owned(),
    };
    let (window, day) = (&look.window, look.day);
    opened.path(&format!("preview.png?window={window}&{scene}&day={day}&{}", setup.pairs()))
}

/// The panel; within a form that can be sent it has the choice of the setup.
pub fn panel(site: &Site, opened: &Opened, shown: &Shown, setup: Setup, what: &str, is_form: bool) -> Markup {
    let w = opened.words();
    let (width, height) = setup.size();
    let alt = w.preview_of(what);
    let live = |source: &str| {
        html! {
            a href=(source) { img.screen src=(source) width=(width) height=(height) alt=(alt) data-screen; }
        }
    };
    html! {
        div.preview data-alt=(alt) data-draft=(w.preview_draft()) {
            h2 #preview-title { (w.preview()) }
            @if !site.preview.is_there() {
                (Notice::note(w.no_painter()).standing())
            } @else {
                figure {
                    @match shown {
                        Shown::Live(look) => { (live(&address(opened, look, setup))) figcaption { (w.preview_live()) } }
                        Shown::Draft(picture) => {
                            img.screen src=(data(picture)) width=(width) height=(height) alt=(alt) data-screen;
                            figcaption { b { (w.preview_draft()) } }
                        }
                        Shown::Nothing => { p.empty { (w.preview_nothing()) } }
                        Shown::Fault(fault) => { (Notice::bad(w.preview_failed()).advice(sentence(w, fault))) }
                    }
                }
                p.hint { (w.preview_hint()) }
                @if is_form { (setup.inputs(opened.language)) }
                @else { p { a href=(opened.path("preview")) { (w.to_preview()) } } }
            }
        }
    }
}

fn sentence(w: Editor, fault: &PreviewFault) -> std::borrow::Cow<'static, str> {
    match fault {
        PreviewFault::NoPainter => w.no_painter(),
        PreviewFault::NotThere => w.preview_not_there(),
        PreviewFault::Busy => w.preview_busy(),
        PreviewFault::Failed(_) => w.preview_broken(),
    }
}

/// A picture within the page: a draft has no address of its own.
fn data(picture: &Picture) -> String {
    format!("data:image/png;base64,{}", data_encoding::BASE64.encode(&picture.png))
}

/// Paints `look` of a board, live or with a draft in it.
///
/// # Errors
/// [`PreviewFault`].
pub async fn paint(site: &Site, board: Board, look: &Look, setup: Setup) -> Result<Arc<Picture>, PreviewFault> {
    let name = match &look.scene {
        Scene::Card { staff_no, .. } => board.staff(staff_no).ok_or(PreviewFault::NotThere)?.photo.clone(),
        _ => None,
    };
    let portrait = match name {
        // A portrait that cannot be read is a silhouette on the kiosk as well.
        Some(name) => site.photo(&name).await.ok().map(|(bytes, _)| Portrait { name, bytes: bytes.into() }),
        None => None,
    };
    let shot = Shot {
        window: look.window.clone(),
        scene: look.scene.clone(),
        layout: setup.layout,
        theme: setup.theme,
        language: setup.language,
        senior: setup.senior,
    };
    let sitting = Sitting { board, shot, today: look.day, portrait, phone_url: site.settings.phone_url.clone() };
    site.preview.picture(sitting).await
}

/// Answers a picture of the live board on a day.
pub async fn picture(
    State(site): State<Arc<Site>>,
    signed: Signed<HallReader>,
    Path(hall): Path<String>,
    UrlQuery(pairs): UrlQuery<Pairs>,
    headers: HeaderMap,
) -> Result<Response, ApiFault> {
    let opened = Opened::of(&site, &signed.who, signed.viewer.language, &hall).await?;
    let typed = Typed::new(pairs);
    let look = look_of(&typed, opened.today).ok_or_else(|| ApiFault::new(ErrorCode::BadQuery))?;
    let picture = paint(&site, opened.hall.board(look.day), &look, Setup::of(&typed)).await?;
    Ok(as_response(&picture, &headers))
}

/// The picture as an answer; 304 when the browser has it.
pub fn as_response(picture: &Picture, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", picture.etag);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes());
    // Asked again each time: the board may have changed.
    let keep = [(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"))];
    let etag = HeaderValue::from_str(&etag).map(|value| [(header::ETAG, value)]).ok();
    if known {
        return (StatusCode::NOT_MODIFIED, keep, etag.into_iter().flatten().collect::<HeaderMap>()).into_response();
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("image/png"))];
    (kind, keep, etag.into_iter().flatten().collect::<HeaderMap>(), picture.png.clone()).into_response()
}

/// The screen that an address asks for.
pub fn look_of(typed: &Typed, today: Date) -> Option<Look> {
    let window = WindowId::new(typed.text("window")).ok()?;
    let scene = if typed.has("card") {
        let item = ItemCode::new(typed.text("item")).ok();
        Scene::Card { staff_no: StaffNo::new(typed.text("card")).ok()?, item }
    } else if typed.has("level") {
        Scene::Reasons(Satisfaction::from_code(typed.text("level"))?)
    } else {
        Scene::Standby
    };
    let day = if typed.has("day") { typed.text("day").parse().ok()? } else { today };
    Some(Look { window, scene, day })
}
