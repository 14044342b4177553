//! Every component in every state, to be looked at.
//!
//! The texts are samples, not sentences of the product; those stand in `words`.

use std::path::Path;

use egui::{Align2, ColorImage, Context, Rect, TextureHandle, TextureOptions, Ui, pos2, vec2};
use image::RgbaImage;

use super::components::badge::{self, Badge};
use super::components::card::{self, Card, Pledge};
use super::components::chip::{self, Chip};
use super::components::header::{self, Header};
use super::components::qr::{self, Qr};
use super::components::rating::{self, Level};
use super::components::{button, countdown, mark, notice, pad, status};
use super::text::{self, Style};
use super::tokens::{Gap, Ground, Ink, TextSize, Weight};
use super::{Kit, Look, fonts, prepare, raster};
use crate::domain::rating::Satisfaction;

/// A page of the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Card,
    Reasons,
    Thanks,
    Pad,
    Panel,
    Parts,
}

impl Page {
    pub const ALL: [Self; 6] = [Self::Card, Self::Reasons, Self::Thanks, Self::Pad, Self::Panel, Self::Parts];

    pub fn code(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Reasons => "reasons",
            Self::Thanks => "thanks",
            Self::Pad => "pad",
            Self::Panel => "panel",
            Self::Parts => "parts",
        }
    }
}

/// What the pages show.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'a> {
    pub name: &'a str,
    pub is_english: bool,
    pub photo: Option<&'a Path>,
}

/// A picture of `page`.
///
/// # Errors
/// If the fonts cannot be read.
pub fn picture(page: Page, look: Look, sample: &Sample<'_>, assets: &Path) -> Result<RgbaImage, fonts::FontFault> {
    let ctx = Context::default();
    prepare(&ctx);
    fonts::install(&ctx, assets)?;
    let size = look.class.size();
    let mut kit = Kit::new(look);
    let photo = sample.photo.and_then(|path| load(&ctx, path));
    let code = Qr::new(&ctx, &look, &format!("HTTP://192.168.10.20:8443/T/{}", "A7B2C3D4K5".repeat(20))).ok();
    let pixels = [size.x as u32, size.y as u32];
    Ok(raster::screenshot(&ctx, pixels, look.background(), 2, |ui| {
        kit.begin(ui.ctx(), &page.code());
        show(ui, &mut kit, page, sample, photo.as_ref(), code.as_ref());
    }))
}

fn load(ctx: &Context, path: &Path) -> Option<TextureHandle> {
    let image = image::open(path).ok()?.into_rgba8();
    let size = [image.width() as usize, image.height() as usize];
    let image = ColorImage::from_rgba_unmultiplied(size, image.as_raw());
    Some(ctx.load_texture("portrait", image, TextureOptions::LINEAR))
}

/// Draws `page`.
pub fn show(ui: &Ui, kit: &mut Kit, page: Page, sample: &Sample<'_>, photo: Option<&TextureHandle>, code: Option<&Qr>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let size = ui.ctx().content_rect().size();
    let frame = kit.layout(size).frame();
    let header = Header {
        hall: say("云溪市政务服务中心", "Yunxi City Government Service Centre"),
        clock: "15:33",
        language: say("English", "中文"),
        senior: if kit.look.senior { say("标准版", "Standard") } else { say("长者版", "Large type") },
    };
    header::show(ui, kit, &frame, &header);
    match page {
        Page::Card => card_page(ui, kit, sample, photo, code),
        Page::Reasons => reasons_page(ui, kit, sample),
        Page::Thanks => thanks_page(ui, kit, sample, code),
        Page::Pad => pad_page(ui, kit, sample),
        Page::Panel => panel_page(ui, kit, sample),
        Page::Parts => parts_page(ui, kit, sample),
    }
}

fn card_page(ui: &Ui, kit: &mut Kit, sample: &Sample<'_>, photo: Option<&TextureHandle>, code: Option<&Qr>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let places = kit.layout(ui.ctx().content_rect().size()).card();
    let inside = kit.layout(ui.ctx().content_rect().size()).card_panel(places.panel);
    let look = kit.look;
    let badges = [
        Badge { variant: badge::Variant::Party, word: say("中共党员", "Party member") },
        Badge { variant: badge::Variant::Honour, word: say("党员先锋岗", "Party vanguard post") },
        Badge { variant: badge::Variant::Honour, word: say("服务标兵", "Service exemplar") },
    ];
    let pledges = [
        Pledge {
            text: say("首问负责，一次告知所需材料", "First contact takes charge and names all papers at once"),
            detail: say("材料清单一次给全 · 当场", "Complete list of papers · at once"),
            limit: "",
        },
        Pledge {
            text: say("限时办结，超时必有说明", "Done in time, or the reason is given"),
            detail: say("承诺件 3 个工作日内", "Within 3 working days"),
            limit: "",
        },
        Pledge {
            text: say("不推诿、不拖延、不刁难", "No passing on, no delay"),
            detail: say("12345 受理投诉", "Call 12345"),
            limit: "",
        },
        Pledge {
            text: say("接受监督，有诉必应", "Every complaint is answered"),
            detail: say("5 个工作日内答复", "In 5 days"),
            limit: "",
        },
    ];
    let card = Card {
        photo,
        window: say("3 号窗口 · 综合受理", "Window 3 · General services"),
        name: sample.name,
        post: say("综合受理岗 · 首席办事员", "Senior clerk, general services"),
        staff_no: say("工号 0027", "Staff no. 0027"),
        badges: &badges,
        pledges_title: say("服务承诺", "What I promise"),
        pledges: &pledges,
        qr: code.map(|code| (code, say("微信扫码也可评价", "Rate on your phone"))),
    };
    card::show(ui, &look, places.panel, &inside, &card);
    let prompt = Style::new(TextSize::Title, Weight::Bold);
    text::label(ui, &look, places.prompt, say("请您为本次服务评价", "Please rate this service"), prompt);
    let aside = Style::new(TextSize::Caption, Weight::Regular).ink(Ink::Soft).align(Align2::RIGHT_CENTER);
    text::label(ui, &look, places.aside, say("监督电话 12345", "Hotline 12345"), aside);
    rating::show(ui, kit, &places.ratings, &levels(sample), None);
}

fn levels<'a>(sample: &Sample<'_>) -> [Level<'a>; 5] {
    let zh = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"];
    let en = ["Very satisfied", "Satisfied", "Fairly satisfied", "Dissatisfied", "Very dissatisfied"];
    let words = if sample.is_english { en } else { zh };
    std::array::from_fn(|n| Level { level: Satisfaction::ALL[n], word: words[n] })
}

fn reasons_page(ui: &Ui, kit: &mut Kit, sample: &Sample<'_>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let places = kit.layout(ui.ctx().content_rect().size()).reasons();
    let look = kit.look;
    let title = Style::new(TextSize::Title, Weight::Bold);
    text::label(ui, &look, places.title, say("哪些方面需要改进？", "What should be better?"), title);
    let soft = Style::new(TextSize::Body, Weight::Regular).ink(Ink::Soft);
    text::label(ui, &look, places.subtitle, say("可多选，也可以跳过", "Choose any, or skip"), soft);
    countdown::ring(ui, &look, places.countdown, 17, 20, say("剩余 17 秒", "17 seconds left"));
    let zh =
        ["服务态度生硬", "办理时间过长", "材料要求反复", "未一次告知", "让我多次往返", "窗口无人", "秩序混乱", "其他"];
    let en = [
        "Unfriendly",
        "Took too long",
        "Papers asked again",
        "Not told at once",
        "Sent back and forth",
        "No one there",
        "Disorder",
        "Other",
    ];
    let words = if sample.is_english { en } else { zh };
    let chips: Vec<Chip<'_>> =
        words.iter().enumerate().map(|(n, word)| Chip { word, is_chosen: n == 1 || n == 4 }).collect();
    chip::grid(ui, kit, places.chips, places.chip_height, &chips);
    button::show(ui, kit, places.secondary, "skip", say("跳过", "Skip"), button::Variant::Secondary);
    button::show(ui, kit, places.primary, "send", say("提交", "Send"), button::Variant::Primary);
}

fn thanks_page(ui: &Ui, kit: &mut Kit, sample: &Sample<'_>, code: Option<&Qr>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let places = kit.layout(ui.ctx().content_rect().size()).thanks();
    let look = kit.look;
    mark::panel(ui.painter(), &look, places.panel, Ground::Card);
    mark::done(ui.painter(), &look, places.mark);
    let title = Style::new(TextSize::Display, Weight::Bold).on(Ground::Card);
    text::label(ui, &look, places.title, say("感谢您的评价", "Thank you"), title);
    let body = Style::new(TextSize::Body, Weight::Regular).on(Ground::Card).ink(Ink::Soft).align(Align2::LEFT_TOP);
    let words = say("评价已安全保存。回执码 7KQ4M-2XD9P", "Your rating is safely kept. Receipt 7KQ4M-2XD9P");
    text::label(ui, &look, places.message, words, body);
    if let Some(code) = code {
        qr::show(ui, &look, places.qr, code, say("扫码补充说明", "Say more on your phone"));
    }
    button::show(ui, kit, places.done, "done", say("完成", "Done"), button::Variant::Primary);
    let bar = Rect::from_center_size(places.countdown.center(), vec2(places.countdown.width(), 12.0));
    countdown::bar(ui, &look, bar, 12, 20, say("剩余 12 秒", "12 seconds left"));
}

fn pad_page(ui: &Ui, kit: &mut Kit, sample: &Sample<'_>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let places = kit.layout(ui.ctx().content_rect().size()).pad();
    let look = kit.look;
    text::label(
        ui,
        &look,
        places.title,
        say("工作人员签到", "Staff sign-in"),
        Style::new(TextSize::Title, Weight::Bold),
    );
    let half = Rect::from_min_size(places.side.min, vec2(places.side.width(), places.side.height() * 0.6));
    let words = say("请输入六位密码，连续输错五次将暂停。", "Enter your six digits. Five wrong tries lock the pad.");
    notice::show(ui, &look, half, notice::Variant::Info, say("0027 · 请输入密码", "0027 · PIN"), words);
    button::show(ui, kit, places.back, "back", say("返回", "Back"), button::Variant::Secondary);
    let field = say("密码", "PIN");
    let pad = pad::Pad {
        typed: pad::Typed::Hidden { count: 3, places: 6 },
        field,
        erase: say("退格", "Delete"),
        enter: say("确定", "Enter"),
    };
    pad::show(ui, kit, places.display, &places.keys, &pad);
}

fn panel_page(ui: &Ui, kit: &mut Kit, sample: &Sample<'_>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let layout = kit.layout(ui.ctx().content_rect().size());
    let places = layout.panel();
    let look = kit.look;
    let title = Style::new(TextSize::Title, Weight::Bold);
    text::label(ui, &look, places.title, say("3 号窗口 · 暂停服务", "Window 3 · Paused"), title);
    let gap = look.gap(Gap::Small);
    let upper =
        Rect::from_min_size(places.content.min, vec2(places.content.width(), (places.content.height() - gap) * 0.5));
    let lower = Rect::from_min_max(pos2(places.content.min.x, upper.max.y + gap), places.content.max);
    let words =
        say("工作人员暂时离开，请到相邻窗口办理。", "The clerk is away for a moment. Please use the next window.");
    notice::show(ui, &look, upper, notice::Variant::Info, say("请稍候", "Please wait"), words);
    let words = say("评价没有保存，请拨打 12345。代码 K-17", "Your rating was not kept. Please call 12345. Code K-17");
    notice::show(ui, &look, lower, notice::Variant::Warning, say("抱歉", "Sorry"), words);
    let words = [say("签退", "Sign out"), say("恢复服务", "Resume")];
    for (n, place) in layout.row(places.actions, 2).into_iter().enumerate() {
        let variant = if n == 1 { button::Variant::Primary } else { button::Variant::Secondary };
        button::show(ui, kit, place, words[n], words[n], variant);
    }
}

fn parts_page(ui: &Ui, kit: &mut Kit, sample: &Sample<'_>) {
    let say = |zh, en| if sample.is_english { en } else { zh };
    let layout = kit.layout(ui.ctx().content_rect().size());
    let places = layout.card();
    let look = kit.look;
    rating::show(ui, kit, &places.ratings, &levels(sample), Some(Satisfaction::BasicallySatisfied));
    let body = places.panel;
    let row = text::row_height(&look, TextSize::Display);
    let style = Style::new(TextSize::Display, Weight::Bold).align(Align2::LEFT_TOP);
    let first = Rect::from_min_size(body.min, vec2(body.width() * 0.5, row));
    text::person(ui, &look, first, "𠮷野㛃䶮𬱖吉", style);
    let narrow =
        Rect::from_min_size(pos2(body.min.x + body.width() * 0.52, body.min.y), vec2(body.width() * 0.2, row * 1.5));
    text::person(ui, &look, narrow, "阿卜杜热西提·买买提", style);
    let states = [status::State::Fine, status::State::Waiting, status::State::Trouble];
    let words = [say("已同步", "Synced"), say("12 条待上传", "12 to send"), say("无法连接中心", "No centre")];
    for (n, (state, words)) in states.into_iter().zip(words).enumerate() {
        let at = pos2(body.min.x + body.width() * 0.76, body.min.y + n as f32 * row * 0.7);
        status::show(ui, &look, Rect::from_min_size(at, vec2(body.width() * 0.24, row * 0.6)), state, words);
    }
    let second = body.min.y + row * 2.3;
    let silhouette = Rect::from_min_size(pos2(body.min.x, second), vec2(120.0, 160.0));
    card::photo(ui, &look, silhouette, None, say("无照片", "No photo"));
    let disabled = Rect::from_min_size(pos2(body.min.x + 160.0, second), vec2(220.0, 96.0));
    let mut off = egui::UiBuilder::new().max_rect(disabled);
    off.disabled = true;
    let mut child = Ui::new(ui.ctx().clone(), ui.scope_id().with("off"), off);
    child.set_clip_rect(ui.clip_rect());
    button::show(&child, kit, disabled, "off", say("不可用", "Disabled"), button::Variant::Primary);
    for (n, seconds) in [20, 7, 0].into_iter().enumerate() {
        let at = pos2(body.min.x + 420.0 + n as f32 * 120.0, second);
        countdown::ring(ui, &look, Rect::from_min_size(at, vec2(96.0, 96.0)), seconds, 20, "");
    }
}

#[cfg(test)]
mod tests;
