//! Words of stories: their pages, the public page, and the files for the press.

use std::borrow::Cow;

use super::Language;
use crate::domain::story::{StoryRefused, StoryState, TellingFault};

words! {
    /// The pages and files.
    Stories {
        title() => "先进事迹", "Stories";
        lead() => "荣誉背后的故事：一人撰写，另一人审核后发布到公开页面和终端待机画面，可导出给媒体。", "The stories behind honours: one person writes, another publishes. They stand on the public page and on standby, and can be taken away for the press.";
        none() => "还没有事迹。", "There is no story yet.";
        none_advice() => "写一篇：谁，做了什么，群众怎么说。", "Write one: who, what they did, and what people say of it.";
        write() => "撰写事迹", "Write a story";
        edit() => "修改", "Change";
        hall() => "大厅", "Hall";
        about() => "写的是谁", "Whom it is about";
        about_nobody() => "整个大厅", "the whole hall";
        title_zh() => "标题", "Title";
        title_en() => "标题（英文）", "Title in English";
        text_zh() => "正文", "Text";
        text_hint(max: usize) => "最多 {max} 字，空行分段。不要写群众的姓名、电话或原话。", "At most {max} characters; an empty line ends a paragraph. No names, numbers or words of citizens.";
        text_en() => "正文（英文）", "Text in English";
        consent() => "本人同意公开事迹和照片", "The person agrees to be told of and shown";
        consent_hint() => "写个人的，没有本人同意不能发布；收回同意时撤下。", "Without it no story of a person is published; when it ends, the story is withdrawn.";
        alt() => "照片说明", "What the picture shows";
        alt_hint() => "看不到照片的人会读到它", "Read by whoever cannot see it";
        from() => "展示从", "Shown from";
        until() => "到（含当日）", "To, included";
        save() => "保存", "Save";
        cancel() => "取消", "Cancel";
        saved() => "已保存。", "Saved.";
        state() => "状态", "State";
        author() => "撰写", "Written by";
        decided_by() => "审核", "Second person";
        picture() => "照片", "Picture";
        picture_hint() => "PNG 或 JPEG。会缩小，并去掉拍摄地点、设备等附带信息。", "PNG or JPEG. It is scaled, and place, camera and the like are taken out.";
        picture_send() => "上传照片", "Upload the picture";
        picture_kept() => "照片已保存。", "The picture is kept.";
        picture_wrong(why: &str) => "这张照片不能用：{why}", "This picture cannot be used: {why}";
        picture_none() => "请选择一张照片。", "Choose a picture.";
        propose() => "提交审核", "Put before a second person";
        proposed() => "已提交，等另一人审核。", "It waits for a second person.";
        publish() => "发布", "Publish";
        publish_hint() => "发布后立即出现在公开页面；由中心管理的大厅，同时出现在终端待机画面。", "It is on the public page at once, and on standby in halls that the centre leads.";
        published() => "已发布。", "It is published.";
        decline() => "退回", "Send back";
        declined() => "已退回。", "It is sent back.";
        withdraw() => "撤下", "Withdraw";
        withdraw_what(title: &str) => "撤下“{title}”：从公开页面和终端消失，照片删除。", "“{title}” leaves the public page and the kiosks, and its picture is erased.";
        withdrawn() => "已撤下。", "It is withdrawn.";
        reason() => "理由", "Reason";
        own_waits() => "由另一人审核：自己写的不能自己发布。", "Somebody else publishes it: nobody publishes their own.";
        press() => "给媒体", "For the press";
        press_text() => "文字 .txt", "Text .txt";
        press_page() => "图文 .html", "Text and picture .html";
        press_picture() => "照片文件", "Picture file";
        public_page() => "公开页面", "Public page";
        source_line(unit: &str, hall: &str) => "来源：{unit} {hall}", "Source: {unit}, {hall}";
        public_back() => "返回大厅页面", "Back to the hall";
        too_many() => "已到数量上限。", "There are too many already.";
        board_refuses() => "终端内容不接受（例如公告已满 50 条）。", "The board does not take it, for instance because it has fifty notices.";
    }
}

pub fn state(language: Language, state: StoryState) -> &'static str {
    let (zh, en) = match state {
        StoryState::Draft => ("草稿", "Draft"),
        StoryState::Proposed => ("待审核", "Waits for a second person"),
        StoryState::Published => ("已发布", "Published"),
        StoryState::Declined => ("已退回", "Sent back"),
        StoryState::Withdrawn => ("已撤下", "Withdrawn"),
    };
    if language.is_english() { en } else { zh }
}

pub fn refused(language: Language, refused: &StoryRefused) -> Cow<'static, str> {
    let en = language.is_english();
    match refused {
        StoryRefused::State(now) if en => {
            format!("It is “{}” now; this step does not follow.", state(language, *now)).into()
        }
        StoryRefused::State(now) => format!("现在是“{}”，不能做这一步。", state(language, *now)).into(),
        StoryRefused::Faulty(_) => pick(en, "内容有需要改正的地方。", "The text needs mending."),
        StoryRefused::SamePerson => Stories(language).own_waits(),
        StoryRefused::NoConsent => {
            pick(en, "写的是个人，还没有本人同意。", "It is about a person who has not consented.")
        }
        StoryRefused::Over => pick(en, "展示期已过，请先修改日期。", "Its days are over; change them first."),
        StoryRefused::Reason(_) => pick(en, "请写理由，最多 300 字。", "Give a reason, 300 characters at most."),
    }
}

/// What is wrong with a field.
pub fn fault(language: Language, fault: TellingFault) -> Cow<'static, str> {
    let en = language.is_english();
    match fault {
        TellingFault::Title(_) | TellingFault::TitleEn(_) => {
            pick(en, "一行，最多 60 字。", "One line, 60 characters at most.")
        }
        TellingFault::Text(_) | TellingFault::TextEn(_) => {
            pick(en, "请写正文，最多 4000 字，不含特殊控制字符。", "1 to 4,000 characters, no control characters.")
        }
        TellingFault::Alt(_) => pick(en, "一行，最多 120 字。", "One line, 120 characters at most."),
        TellingFault::Until => {
            pick(en, "截止日不能早于开始日，最长五年。", "Not before the first day, within five years.")
        }
        TellingFault::About => pick(en, "请选本大厅的人或窗口。", "Choose somebody of this hall."),
    }
}

fn pick(english: bool, zh: &'static str, en: &'static str) -> Cow<'static, str> {
    Cow::Borrowed(if english { en } else { zh })
}
