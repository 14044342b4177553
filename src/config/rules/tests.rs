//! Broken boards and the faults they must give, as a table.

use std::path::Path;

use super::*;
use crate::config::board;
use crate::config::fault::Fault;
use crate::words::Language;

/// The smallest board that is whole.
const WHOLE: &str = r#"
unit = { zh = "局" }
[hall]
id = "H1"
name = { zh = "大厅" }
hotline = "12345"
[[windows]]
id = "W1"
number = "1"
name = { zh = "综合" }
items = ["I1"]
[[staff]]
staff_no = "0001"
name = "李"
post = { zh = "岗" }
windows = ["W1"]
[[staff]]
staff_no = "0002"
name = "王"
post = { zh = "岗" }
[[pledges]]
id = "P1"
version = 1
staff_no = "0001"
text = { zh = "承诺" }
standard = { zh = "标准" }
time_limit = { zh = "时限" }
[[items]]
code = "I1"
name = { zh = "事项" }
limit_days = 5
[[tags]]
code = "T1"
version = 1
levels = ["very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied"]
text = { zh = "理由" }
[[notices]]
id = "N1"
title = { zh = "通知" }
text = { zh = "内容\n第二行" }
from = "2026-01-01"
until = "2026-12-31"
"#;

fn faults(text: &str) -> Vec<Fault> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("board.toml");
    std::fs::write(&file, text).unwrap();
    board::load(&file, None).err().map(|faults| faults.0).unwrap_or_default()
}

#[test]
fn the_whole_board_has_no_fault_and_comes_back_from_json_without_one() {
    assert_eq!(faults(WHOLE), []);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("board.toml");
    std::fs::write(&file, WHOLE).unwrap();
    let board = board::load(&file, None).unwrap();
    let wire: Board = serde_json::from_slice(&serde_json::to_vec(&board).unwrap()).unwrap();
    assert_eq!(wire, board);
    assert_eq!(faults_of(&wire), []);
}

/// What is replaced in the whole board, by what, the path of the one fault, and a part of its Chinese and English text.
const BROKEN: &[(&str, &str, &str, &str, &str)] = &[
    ("hotline = \"12345\"", "hotlin = \"12345\"", "hall.hotline", "缺少必填项", "missing"),
    ("id = \"W1\"", "id = \"W 1\"", "windows[1].id", "格式不对", "wrong form"),
    ("number = \"1\"", "number = 1", "windows[1].number", "整数", "whole number"),
    ("number = \"1\"", "number = \"一二三四五六七八九\"", "windows[1].number", "9 个字符", "9 characters"),
    ("items = [\"I1\"]", "items = [\"I2\"]", "windows[1].items[1]", "不存在", "not among items"),
    ("items = [\"I1\"]", "items = [\"I1\", \"I1\"]", "windows[1].items[2]", "重复", "already"),
    ("items = [\"I1\"]", "items = \"I1\"", "windows[1].items", "带引号的文字", "a text in quotes"),
    ("staff_no = \"0002\"", "staff_no = \"0001\"", "staff[2].staff_no", "staff[1]", "staff[1]"),
    ("windows = [\"W1\"]", "windows = [\"W2\"]", "staff[1].windows[1]", "不存在", "not among windows"),
    ("windows = [\"W1\"]", "pin_hash = \"2580\"", "staff[1].pin_hash", "pingyi pin", "pingyi pin"),
    ("windows = [\"W1\"]", "photo = \"../../etc/passwd\"", "staff[1].photo", "不带目录", "without folder"),
    ("windows = [\"W1\"]", "photo = \".png\"", "staff[1].photo", "不带目录", "without folder"),
    ("windows = [\"W1\"]", "party_member = \"yes\"", "staff[1].party_member", "true 或 false", "true or false"),
    (
        "windows = [\"W1\"]",
        "honours = [{ kind = \"best\", issuer = \"局\", period = \"年\", until = \"2028-01-01\" }]",
        "staff[1].honours[1].kind",
        "model_post",
        "model_post",
    ),
    (
        "windows = [\"W1\"]",
        "honours = [{ kind = \"model_post\", issuer = \"局\", period = \"年\", until = \"2028-02-30\" }]",
        "staff[1].honours[1].until",
        "2028-12-31",
        "2028-12-31",
    ),
    ("name = \"李\"", "name = \"李\u{202E}明\"", "staff[1].name", "U+202E", "U+202E"),
    ("name = \"李\"", "name = \"李\\u0007\"", "staff[1].name", "U+0007", "U+0007"),
    ("name = \"李\"", "name = \"李\u{200B}\"", "staff[1].name", "U+200B", "U+200B"),
    ("name = \"李\"", "name = \" \"", "staff[1].name", "内容为空", "empty"),
    ("staff_no = \"0001\"\ntext", "staff_no = \"0009\"\ntext", "pledges[1].staff_no", "0009", "not among staff"),
    ("zh = \"时限\"", "zh = \"时\\n限\"", "pledges[1].time_limit.zh", "U+000A", "U+000A"),
    ("zh = \"标准\"", "en = \"standard\"", "pledges[1].standard.zh", "缺少", "missing"),
    ("limit_days = 5", "limit_days = 366", "items[1].limit_days", "0 到 365", "0 to 365"),
    ("limit_days = 5", "limit_days = -1", "items[1].limit_days", "-1", "-1"),
    ("limit_days = 5", "limit_days = 1.5", "items[1].limit_days", "小数", "fraction"),
    ("\"satisfied\", ", "", "tags", "多一步", "more taps"),
    ("\"satisfied\", ", "\"happy\", \"satisfied\", ", "tags[1].levels", "6 项", "6 entries"),
    ("until = \"2026-12-31\"", "until = \"2025-12-31\"", "notices[1].until", "早于", "before"),
    ("until = \"2026-12-31\"", "until = 2026-12-31", "notices[1].until", "不带引号的日期", "a date without quotes"),
    ("zh = \"通知\"", "zh = \"通知\", ru = \"Х\"", "notices[1].title.ru", "en, zh", "en, zh"),
    ("[hall]", "best_first = true\n[hall]", "best_first", "没有这个配置项", "no such key"),
];

#[test]
fn every_broken_sample_gives_its_fault_at_its_line_in_both_languages() {
    for &(from, to, path, zh, en) in BROKEN {
        assert!(WHOLE.contains(from), "{from}");
        let text = WHOLE.replacen(from, to, 1);
        let found = faults(&text);
        let Some(fault) = found.iter().find(|fault| fault.path == path) else {
            panic!("{to}: no fault at {path} in {found:#?}");
        };
        for (language, part) in [(Language::Zh, zh), (Language::En, en)] {
            let told = fault.wrong.wrong(language) + " | " + &fault.wrong.allowed(language);
            assert!(told.contains(part), "{to}: {part:?} is not in {told:?}");
        }
        // A key that is missing is told at its table, an unfair list at its first entry.
        let expected = WHOLE[..WHOLE.find(from).unwrap()].matches('\n').count() as u32 + 1;
        let expected = if path == "tags" { expected - 3 } else { expected - u32::from(path == "hall.hotline") * 3 };
        assert_eq!(fault.line, Some(expected), "{to}");
        assert!(found.len() <= 3, "{to}: one slip, {} faults: {found:#?}", found.len());
    }
}

#[test]
fn several_faults_come_in_one_run_each_at_its_own_place() {
    let mut text = WHOLE.to_owned();
    // The first card's number is broken; the second one's fault must still be told as the second one's.
    for (from, to) in
        [("\"0001\"\nname", "\"00 01\"\nname"), ("name = \"王\"", "name = \"\""), ("number = \"1\"", "number = 1")]
    {
        text = text.replacen(from, to, 1);
    }
    let found = faults(&text);
    let paths: Vec<_> = found.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["windows[1].number", "staff[1].staff_no", "staff[2].name", "pledges[1].staff_no"], "{found:#?}");
}

#[test]
fn what_would_not_fit_into_a_ledger_entry_is_refused() {
    let pledge = |n: usize| {
        format!(
            "[[pledges]]\nid = \"U{n}\"\nversion = 1\ntext = {{ zh = \"a\" }}\nstandard = {{ zh = \"a\" }}\ntime_limit = {{ zh = \"a\" }}\n"
        )
    };
    let pledges: String = (0..MAX_PLEDGES).map(pledge).collect();
    assert_eq!(
        faults(&(WHOLE.to_owned() + &pledges))[0].wrong,
        Wrong::TooMany { found: MAX_PLEDGES + 1, max: MAX_PLEDGES }
    );
    let tag = |n: usize| {
        format!("[[tags]]\ncode = \"X{n}\"\nversion = 1\nlevels = [\"satisfied\"]\ntext = {{ zh = \"a\" }}\n")
    };
    let tags: String = (0..MAX_REASONS).map(tag).collect();
    assert_eq!(
        faults(&(WHOLE.to_owned() + &tags))[0].wrong,
        Wrong::TooMany { found: MAX_REASONS + 1, max: MAX_REASONS }
    );
}

#[test]
fn pictures_are_looked_at_before_they_are_decoded() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("board.toml");
    let text = WHOLE
        .replace("name = \"李\"", "name = \"李\"\nphoto = \"a.png\"")
        .replace("name = \"王\"", "name = \"王\"\nphoto = \"b.jpg\"");
    std::fs::write(&file, text).unwrap();
    std::fs::write(dir.path().join("b.jpg"), "no picture").unwrap();
    image::DynamicImage::new_rgb8(3_000, 10).save(dir.path().join("a.png")).unwrap();
    let found = board::load(&file, Some(dir.path())).unwrap_err().0;
    let told: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.wrong.wrong(Language::En))).collect();
    assert_eq!(told[0], ("staff[1].photo", "the picture has 3000×10 pixels".to_owned()));
    assert_eq!(told[1].0, "staff[2].photo");
    assert!(told[1].1.contains("PNG or JPEG"));
    std::fs::remove_file(dir.path().join("a.png")).unwrap();
    let found = board::load(&file, Some(dir.path())).unwrap_err().0;
    assert_eq!(found[0].wrong, Wrong::FileMissing { path: dir.path().join("a.png") });
}

#[test]
fn a_file_that_is_no_text_says_how_to_save_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("board.toml");
    std::fs::write(&file, [b'u', b'=', 0xBE, 0xD6]).unwrap();
    assert_eq!(board::load(&file, None).unwrap_err().0[0].wrong, Wrong::NotUtf8);
    let missing = board::load(Path::new("nowhere/board.toml"), None).unwrap_err();
    assert!(matches!(missing.0[0].wrong, Wrong::Unreadable { .. }));
}
