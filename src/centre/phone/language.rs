//! Which language a phone is answered in: the one asked for in the address, else the browser's, else Chinese. Pure.

use crate::words::Language;

/// `asked` is the address's `lang`, `accepts` the header `Accept-Language`.
pub fn choose(asked: Option<&str>, accepts: Option<&str>) -> Language {
    if let Some(language) = asked.and_then(Language::from_code) {
        return language;
    }
    let mut best = (Language::Zh, 0.0_f32);
    for part in accepts.unwrap_or_default().split(',').take(20) {
        let (tag, rest) = part.trim().split_once(';').unwrap_or((part.trim(), ""));
        let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0);
        let language = match tag.get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("zh") => Language::Zh,
            Some("en") => Language::En,
            _ => continue,
        };
        if weight > best.1 {
            best = (language, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_goes_before_the_browser_and_chinese_is_the_rest() {
        assert_eq!(choose(Some("en"), Some("zh-CN")), Language::En);
        assert_eq!(choose(None, Some("zh-CN,zh;q=0.9,en;q=0.8")), Language::Zh);
        assert_eq!(choose(None, Some("fr-FR,en-GB;q=0.8,zh;q=0.5")), Language::En);
        assert_eq!(choose(None, Some("fr, de;q=0.9")), Language::Zh);
        assert_eq!(choose(Some("xx"), None), Language::Zh);
        assert_eq!(choose(None, Some("中文;q=错")), Language::Zh);
    }
}
