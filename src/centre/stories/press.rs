//! A story for the press: as plain text, and as one page that holds its picture. Pure.

use maud::{DOCTYPE, html};

use crate::domain::board::Board;
use crate::domain::story::Story;
use crate::words::Language;
use crate::words::stories::Stories;

/// Title, text and where it comes from, both languages where there are two.
pub fn text(story: &Story, board: Option<&Board>) -> String {
    let mut out = String::new();
    for language in languages(story) {
        let telling = story.telling();
        let english = language.is_english();
        if !out.is_empty() {
            out.push_str("\r\n\r\n");
        }
        out.push_str(telling.title.get(english));
        out.push_str("\r\n\r\n");
        out.push_str(&telling.text.get(english).replace('\n', "\r\n"));
        out.push_str("\r\n\r\n");
        out.push_str(&source(language, board));
        out.push_str("\r\n");
    }
    out
}

/// A page that needs no other file: `picture` is its content type and bytes.
pub fn page(story: &Story, board: Option<&Board>, picture: Option<&(String, Vec<u8>)>) -> String {
    let telling = story.telling();
    let address = picture.map(|(kind, bytes)| format!("data:{kind};base64,{}", data_encoding::BASE64.encode(bytes)));
    let whole = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (telling.title.zh) }
            }
            body {
                @for language in languages(story) {
                    @let english = language.is_english();
                    article lang=(language.code()) {
                        h1 { (telling.title.get(english)) }
                        @if let (Some(address), false) = (&address, english) { p { img src=(address) alt=(telling.picture_alt); } }
                        @for paragraph in paragraphs(telling.text.get(english)) { p { (paragraph) } }
                        p { small { (source(language, board)) } }
                    }
                }
            }
        }
    };
    whole.into_string()
}

/// Empty lines end paragraphs, and so does each line.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn languages(story: &Story) -> impl Iterator<Item = Language> {
    let both = story.telling().text.en.is_some();
    [Language::Zh, Language::En].into_iter().filter(move |l| both || !l.is_english())
}

fn source(language: Language, board: Option<&Board>) -> String {
    let english = language.is_english();
    let name = board.map_or(("", ""), |b| (b.unit.get(english), b.hall.name.get(english)));
    Stories(language).source_line(name.0, name.1).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::board::Bilingual;
    use crate::domain::story::Telling;
    use crate::domain::story::tests::telling;

    #[test]
    fn files_for_the_press_hold_everything_and_nothing_that_runs() {
        let title = Bilingual { zh: "<script>多走一步".to_owned(), en: Some("One step more".to_owned()) };
        let text_of = Bilingual { zh: "第一段\n\n第二段".to_owned(), en: Some("In English.".to_owned()) };
        let story = Story::write(Telling { title, text: text_of, ..telling() }, 1, "甲").unwrap();
        let plain = text(&story, None);
        assert!(plain.starts_with("<script>多走一步\r\n\r\n第一段") && plain.contains("One step more\r\n"));
        let page = page(&story, None, Some(&("image/png".to_owned(), vec![1, 2, 3])));
        assert!(page.contains("data:image/png;base64,AQID") && page.contains("<p>第二段</p>"));
        assert!(!page.contains("<script") && page.matches("<img").count() == 1);
    }
}
