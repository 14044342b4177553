//! One supervisor's day, with nothing simulated: two browsers, a colleague in a third, the real centre and a kiosk's window
//! that runs all the while. Every page that is passed is listened to: no complaint, no request to elsewhere, a strict policy.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx, open_workbook};
use image::RgbImage;
use serde_json::Value;

use super::demo::Demo;
use super::display::Display;
use super::people::{CHOSEN, Person, code, set_up_factor};
use super::tools::{keep_screen, turn};
use super::wait::eventually;
use super::webdriver::{Browser, Manner};

/// A change of the board is on a connected kiosk's screen within this time.
const ON_SCREEN_WITHIN: Duration = Duration::from_secs(10);
/// Share of pixels that differ between a window, drawn by OpenGL, and the preview, drawn by the processor: edges of letters.
const ALIKE: f64 = 0.0005;
const PROMISE: &str = "材料齐全立等可取";
const LIMIT: &str = "三分钟内办完";

#[test]
fn a_pledge_reaches_the_window_figures_reach_a_spreadsheet_and_signing_out_is_at_once() {
    let tools = ["Xvfb", "chromium", "chromedriver", "pdftotext"];
    let Some(_turn) = turn(&tools) else { return };
    let started = Instant::now();
    let display = Display::xvfb(1280, 800);
    let demo = Demo::start(&display);
    let files = tempfile::tempdir().expect("a folder");
    println!("the hall is up after {:.1} s", started.elapsed().as_secs_f64());

    let mut desk = Desk::open(&demo);
    let recovery = desk.sign_in_with_a_second_factor(&demo);
    let other = Desk::open(&demo);
    other.person.sign_in_with(&other.browser, &other.url, &recovery);
    other.heard();

    let hall = desk.take_the_hall_over();
    desk.propose_a_pledge(&hall);
    a_colleague_approves(&demo, &display, &hall, files.path());

    let rows = desk.read_a_chart();
    desk.take_a_spreadsheet_away(&rows, files.path());
    desk.print_the_month(files.path());
    desk.sign_out_everywhere(&other);
    println!("the story took {:.1} s", started.elapsed().as_secs_f64());
}

/// A browser and who sits before it.
struct Desk {
    browser: Browser,
    person: Person,
    url: String,
}

/// A line of the statistics page's table.
struct Line {
    name: String,
    n: String,
    satisfied: String,
}

impl Desk {
    fn open(demo: &Demo) -> Self {
        let person = Person { login: demo.text("login").to_owned(), password: demo.text("password").to_owned() };
        Self::of(person, demo.text("centre"))
    }

    fn of(person: Person, url: &str) -> Self {
        let manner = Manner { overheard: true, ..Manner::default() };
        Self { browser: Browser::open_as(manner, 1280, 900, "zh-CN"), person, url: url.to_owned() }
    }

    /// A link or a button of the page, and what the page that follows asked for and said.
    #[track_caller]
    fn press(&self, css: &str) {
        self.browser.follow(css);
        self.heard();
    }

    /// Nothing complained, nothing was asked of anybody but the centre, each page came with a strict policy.
    #[track_caller]
    fn heard(&self) {
        let at = self.browser.address();
        assert_eq!(self.browser.complaints(), [""; 0], "{at}");
        for event in self.browser.overheard() {
            let parameters = &event["params"];
            match event["method"].as_str() {
                Some("Network.requestWillBeSent") => {
                    let url = parameters["request"]["url"].as_str().unwrap_or_default();
                    let own = url.strip_prefix(&self.url).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                    assert!(own || url.starts_with("data:"), "{at} asked for {url}");
                }
                Some("Network.responseReceived") if parameters["type"] == "Document" => {
                    let headers = parameters["response"]["headers"].as_object().cloned().unwrap_or_default();
                    let policy = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-security-policy"));
                    let policy = policy.and_then(|(_, value)| value.as_str()).unwrap_or_default();
                    let is_strict = policy.contains("default-src 'none'") && !policy.contains("unsafe");
                    let url = parameters["response"]["url"].as_str().unwrap_or_default();
                    assert!(is_strict || url.starts_with("data:"), "{url} came with the policy {policy:?}");
                }
                _ => {}
            }
        }
    }

    /// First by password alone, then never again without the code; answers a recovery code.
    fn sign_in_with_a_second_factor(&mut self, demo: &Demo) -> String {
        let browser = &self.browser;
        assert_eq!(self.person.sign_in(browser, &self.url).map(|f| f.secret), None, "none is demanded of a supervisor");
        self.heard();
        for link in ["header a[href='/account']", "main a[href='/account/second-factor']"] {
            self.press(link);
        }
        browser.type_into("input[name=password]", &self.person.password);
        self.press("main form button[type=submit]");
        let factor = set_up_factor(browser);
        self.heard();
        self.press("form[action='/sign-out'] button");
        browser.go(&self.url);
        browser.find("form[action='/sign-in']");
        self.person.sign_in_with(browser, &self.url, &code(&factor.secret, 1));
        self.heard();
        assert!(self.browser.address().starts_with(demo.text("centre")));
        factor.recovery[3].clone()
    }

    /// From the file to the pages; answers the hall's address.
    fn take_the_hall_over(&self) -> String {
        self.press(".side a[href='/halls']");
        let hall = self.browser.address();
        assert!(hall.contains("/halls/"), "of one hall there is no list: {hall}");
        self.press("a[href$='/take-over']");
        self.press("main form button[type=submit]");
        assert!(self.browser.find_all("a[href$='/take-over']").is_empty(), "{}", self.browser.text());
        hall
    }

    /// Writes another text over the pledge of whoever is on duty, and cannot approve it alone.
    fn propose_a_pledge(&self, hall: &str) {
        let browser = &self.browser;
        browser.go(&format!("{hall}/pledges"));
        self.heard();
        self.press("tbody a[href$='/pledges/P0005']");
        browser.retype("[name='text.zh']", PROMISE);
        browser.retype("[name='time_limit.zh']", LIMIT);
        self.press("button[name=act][value=propose]");
        browser.sees(PROMISE);
        let own = browser.find_all("form[action$='/approve']");
        assert!(own.is_empty(), "nobody approves their own: {}", browser.text());
    }

    /// The drawing is there, and says what the table beside it says.
    fn read_a_chart(&self) -> Vec<Line> {
        let browser = &self.browser;
        self.press(".side a[href='/statistics']");
        self.press("nav.choices a[href*='by=window']");
        let lines = browser.run(
            "return [...document.querySelectorAll('main table tbody tr')].map(tr => [tr.querySelector('th a').textContent, \
             tr.querySelectorAll('td.number:not(.rate) a')[0].textContent, tr.querySelector('td.rate b').textContent])",
        );
        let line = |line: &Value| {
            let part = |at: usize| line[at].as_str().expect("text").to_owned();
            Line { name: part(0), n: part(1), satisfied: part(2) }
        };
        let lines: Vec<Line> = lines.as_array().expect("lines").iter().map(line).collect();
        assert!(lines.len() >= 8, "{}", browser.text());
        let colours = browser.run(
            "const c = document.querySelector('.frame-of-chart canvas'); \
             const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer); \
             return [new Set(d).size, d.reduce((n, p) => n + (p !== d[0]), 0) / d.length]",
        );
        let (colours, inked) = (colours[0].as_u64().unwrap_or(0), colours[1].as_f64().unwrap_or(0.0));
        assert!(colours > 20 && inked > 0.02, "the canvas is blank: {colours} colours, {inked} of it inked");
        let drawn = browser.run(
            "const o = echarts.getInstanceByDom(document.querySelector('.frame-of-chart')).getOption(); \
             return [o.yAxis[0].data, o.yAxis[1].data, o.series.find(s => s.encode && s.encode.x).data.map(d => d[2])]",
        );
        assert_eq!(drawn[0].as_array().map(Vec::len), Some(lines.len()));
        for (at, line) in lines.iter().enumerate() {
            let rate = drawn[2][at].as_f64().expect("a rate");
            let shown = (drawn[0][at].as_str(), drawn[1][at].as_str(), format!("{:.1}%", rate * 100.0));
            let wanted = (Some(line.name.as_str()), Some(format!("n={}", line.n)), line.satisfied.clone());
            assert_eq!((shown.0, shown.1.map(str::to_owned), shown.2), wanted, "drawing and table, line {at}");
        }
        println!(
            "the chart has {colours} colours, {:.1}% of it inked, and {} lines like the table",
            inked * 100.0,
            lines.len()
        );
        lines
    }

    /// The link of the page gives a workbook that another program reads, with the page's figures.
    fn take_a_spreadsheet_away(&self, rows: &[Line], folder: &Path) {
        let asked = self.browser.address().trim_start_matches(&self.url).to_owned();
        self.browser.keep_files_in(folder);
        self.browser.click("p.files a[href*='format=xlsx']");
        let file = eventually("the workbook", Duration::from_secs(10), || {
            let names = std::fs::read_dir(folder).ok()?.filter_map(|f| Some(f.ok()?.path()));
            names.into_iter().find(|f| f.extension().is_some_and(|e| e == "xlsx"))
        });
        self.heard();
        let mut book: Xlsx<_> = open_workbook(&file).expect("a workbook");
        let mut sheet = |name: &str| book.worksheet_range(name).expect("a sheet");
        let (table, about) = (sheet("统计"), sheet("说明"));
        let column = |heading: &str| {
            let is = |cell: &Data| cell.as_string().as_deref() == Some(heading);
            table.rows().next().and_then(|r| r.iter().position(is)).unwrap_or_else(|| panic!("no column {heading}"))
        };
        let (name, n, rate) = (column("窗口"), column("评价数"), column("满意率"));
        assert_eq!(table.height(), 1 + rows.len() + 1, "a heading, the page's lines, the total");
        for (cells, line) in table.rows().skip(1).zip(rows) {
            let shown: f64 = line.n.replace(',', "").parse().expect("a number");
            assert_eq!((cells[name].as_string(), cells[n].as_f64()), (Some(line.name.clone()), Some(shown)));
            assert!(matches!(cells[rate], Data::Float(_)), "a number, not a text: {:?}", cells[rate]);
            let share = cells[rate].as_f64().expect("a rate");
            assert_eq!(format!("{:.1}%", share * 100.0), line.satisfied, "{}", line.name);
        }
        let total: f64 = table.rows().skip(1).take(rows.len()).filter_map(|r| r[n].as_f64()).sum();
        assert_eq!(table.rows().next_back().and_then(|r| r[n].as_f64()), Some(total));
        let says = |title: &str| said(&about, title);
        assert_eq!(says("查询地址"), asked);
        assert_eq!(says("指标"), "满意率");
        assert!(says("生成").contains("演示督查员") && says("样例数据").contains("不是真实评价"), "{}", says("生成"));
        assert!(says("口径：满意率").contains("基本满意"), "{}", says("口径：满意率"));
    }

    /// The page of the month on A4: the figures of the screen are on paper.
    fn print_the_month(&self, folder: &Path) {
        let browser = &self.browser;
        self.press(".side a[href='/report']");
        let figures = browser.run(
            "return [...document.querySelectorAll('.report tbody td a')].slice(0, 6).map(a => a.textContent.trim())",
        );
        let figures: Vec<&str> = figures.as_array().expect("figures").iter().filter_map(Value::as_str).collect();
        assert!(figures.len() == 6 && figures[0].ends_with('%'), "{figures:?}");
        let path = folder.join("report.pdf");
        std::fs::write(&path, browser.print()).expect("the report");
        let output = Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output().expect("pdftotext");
        let text: String = String::from_utf8_lossy(&output.stdout).split_whitespace().collect();
        for part in figures.iter().copied().chain(["群众评议月报", "审核人", "95%区间"]) {
            assert!(text.contains(part), "{part} is not on paper:\n{text}");
        }
        assert!(!text.contains("退出"), "what only a screen can do is on paper");
        self.heard();
    }

    /// Ends every other session; whoever sat there is out with the next click.
    fn sign_out_everywhere(&self, other: &Self) {
        self.press("header a[href='/account']");
        let sessions = self.browser.find_all("form[action^='/account/sessions/'][action$='/end']").len();
        assert_eq!(sessions, 2, "{}", self.browser.text());
        self.press("form[action='/account/sessions/end-others'] button");
        let ended = Instant::now();
        other.browser.go(&format!("{}/account", other.url));
        other.browser.find("form[action='/sign-in']");
        println!("the other session was out {:.2} s later", ended.elapsed().as_secs_f64());
        other.heard();
        let left = self.browser.find_all("form[action^='/account/sessions/'][action$='/end']").len();
        assert_eq!(left, 1, "the own one stays: {}", self.browser.text());
        self.press("form[action='/sign-out'] button");
        self.browser.back();
        self.browser.reload();
        self.browser.find("form[action='/sign-in']");
        self.heard();
    }
}

/// A leader signs in for the first time and approves; the kiosk's window shows it.
fn a_colleague_approves(demo: &Demo, display: &Display, hall: &str, dir: &Path) {
    let data = Path::new(demo.text("board")).with_file_name("centre");
    let mut leader = Desk::of(Person::added_to(&data, "leader", dir), demo.text("centre"));
    leader.person.sign_in(&leader.browser, &leader.url);
    assert_eq!(leader.person.password, CHOSEN);
    leader.heard();
    leader.browser.go(hall);
    let before = leader.preview(hall, demo);
    leader.press(".todo a[href$='/pledges/P0005']");
    leader.browser.sees(PROMISE);

    let [left, top, width, height] = demo.pledges();
    let look = || display.part(left, top, width, height);
    let old = look();
    assert!(unlike(&old, &before) < ALIKE, "the window is not the preview: {}", unlike(&old, &before));
    keep_screen(display, "pledge-before");
    let approved = Instant::now();
    leader.browser.click("form[action$='/approve'] button[type=submit]");
    eventually("another text in the window", ON_SCREEN_WITHIN, || (unlike(&look(), &old) > 0.0).then_some(()));
    let seconds = approved.elapsed().as_secs_f64();
    leader.browser.sees("已核准");
    leader.heard();
    let after = leader.preview(hall, demo);
    let (same, other) = (unlike(&look(), &after), unlike(&before, &after));
    keep_screen(display, "pledge-after");
    println!(
        "the pledge was in the window {seconds:.2} s after the click; there {:.2}% of the pixels are unlike the preview \
         of the new text, and {:.2}% of the preview's pixels are other than before",
        same * 100.0,
        other * 100.0
    );
    assert!(other > 10.0 * ALIKE, "old and new text look alike: {other}");
    assert!(same < ALIKE, "the window does not show what the preview shows: {same}");
}

impl Desk {
    /// What the centre says the window shows, cut to the pledges.
    fn preview(&self, hall: &str, demo: &Demo) -> RgbImage {
        let answer = self.browser.run_until_called(&format!(
            "const done = arguments[arguments.length - 1]; \
             fetch('{hall}/preview.png?window=W03&card=0005&layout=wide&theme=red&screen-language=zh') \
             .then(r => r.arrayBuffer()) \
             .then(b => done(btoa([...new Uint8Array(b)].map(c => String.fromCharCode(c)).join(''))), e => done(String(e)))"
        ));
        let text = answer.as_str().expect("a picture in base64");
        let png = data_encoding::BASE64.decode(text.as_bytes()).unwrap_or_else(|_| panic!("no picture: {text}"));
        let picture = image::load_from_memory_with_format(&png, image::ImageFormat::Png).expect("a PNG").into_rgb8();
        assert_eq!(picture.dimensions(), (1280, 800));
        let [left, top, width, height] = demo.pledges();
        image::imageops::crop_imm(&picture, left, top, width, height).to_image()
    }
}

/// Share of pixels of which a channel differs clearly.
fn unlike(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let differ = |(a, b): &(&image::Rgb<u8>, &image::Rgb<u8>)| a.0.iter().zip(b.0).any(|(&x, y)| x.abs_diff(y) > 64);
    let n = a.pixels().zip(b.pixels()).filter(differ).count();
    n as f64 / f64::from(a.width() * a.height())
}

/// A line of the sheet that says what was asked.
fn said(about: &Range<Data>, title: &str) -> String {
    let line = about.rows().find(|r| r[0].as_string().as_deref() == Some(title));
    line.unwrap_or_else(|| panic!("no line {title}"))[1].as_string().expect("text")
}

#[test]
fn pictures_are_unlike_where_a_letter_is_another() {
    let white = RgbImage::from_pixel(10, 10, image::Rgb([250, 245, 240]));
    let mut drawn = white.clone();
    drawn.put_pixel(3, 3, image::Rgb([20, 20, 20]));
    drawn.put_pixel(4, 3, image::Rgb([230, 230, 230]));
    assert!((unlike(&white, &drawn) - 0.01).abs() < 1e-9, "edges that are only softer do not count");
    let colours: HashSet<_> = drawn.pixels().map(|p| p.0).collect();
    assert_eq!(colours.len(), 3);
}
