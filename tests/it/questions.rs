//! The statistics page over real sockets: questions by address, where figures lead, files read back by a reader of other
//! authors, questions kept by name.

use std::io::Cursor;

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx, open_workbook_from_rs};
use pingyi::centre::schema;
use pingyi::db;
use reqwest::header::{CONTENT_DISPOSITION, COOKIE, LOCATION, ORIGIN};
use reqwest::{Client, StatusCode};

use crate::dashboard::{browser, sign_in};
use crate::stats::Hall;

const PERIOD: &str = "from=2026-10-25&to=2026-11-24";

struct Person<'a> {
    client: &'a Client,
    url: &'a str,
    cookie: String,
}

impl Person<'_> {
    async fn get(&self, path: &str) -> (StatusCode, String) {
        let response =
            self.client.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookie).send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn page(&self, path: &str) -> String {
        let (status, page) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        for inline in [" style=", "<style", "javascript:", " onclick=", " onload="] {
            assert!(!page.contains(inline), "{path}: {inline}");
        }
        page
    }

    /// Posts a form from a page of ours; status and where it leads.
    async fn post(&self, path: &str, fields: &str) -> (StatusCode, String, String) {
        let (_, page) = self.get("/statistics").await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let request =
            self.client.post(format!("{}{path}", self.url)).header(COOKIE, &self.cookie).header(ORIGIN, self.url);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(format!("csrf={csrf}&{fields}")).send().await.unwrap();
        let to = response.headers().get(LOCATION).map_or(String::new(), |v| v.to_str().unwrap().to_owned());
        (response.status(), to, response.text().await.unwrap())
    }

    async fn workbook(&self, path: &str) -> (Range<Data>, Range<Data>) {
        let response =
            self.client.get(format!("{}{path}", self.url)).header(COOKIE, &self.cookie).send().await.unwrap();
        assert!(response.headers()[CONTENT_DISPOSITION].to_str().unwrap().contains(".xlsx"), "{path}");
        let bytes = response.bytes().await.unwrap().to_vec();
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let sheets = book.sheet_names();
        assert_eq!(sheets, ["统计", "说明"]);
        (book.worksheet_range(&sheets[0]).unwrap(), book.worksheet_range(&sheets[1]).unwrap())
    }
}

fn column(table: &Range<Data>, heading: &str) -> usize {
    let headings = table.rows().next().unwrap();
    headings
        .iter()
        .position(|h| h.as_string().as_deref() == Some(heading))
        .unwrap_or_else(|| panic!("{heading}: {headings:?}"))
}

/// A real date: a number that is formatted as one.
fn day(cell: &Data) -> String {
    let Data::DateTime(date) = cell else { panic!("{cell:?} is no date") };
    jiff::civil::date(1899, 12, 30).saturating_add(jiff::Span::new().days(date.as_f64() as i64)).to_string()
}

fn says(about: &Range<Data>, title: &str) -> String {
    let line = about.rows().find(|r| r[0].as_string().as_deref() == Some(title));
    line.unwrap_or_else(|| panic!("no line {title}"))[1].as_string().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_question_has_a_page_and_each_figure_leads_on() {
    let hall = Hall::open().await;
    let (client, url) = (browser(), hall.running.url());
    let cookie = sign_in(&client, &url, &hall.supervisor).await.unwrap();
    let me = Person { client: &client, url: &url, cookie };
    for (by, chart) in [
        ("day", "trend"),
        ("month", "trend"),
        ("hour", "trend"),
        ("weekday", "levels"),
        ("level", "levels"),
        ("reason", "pareto"),
        ("window", "funnel"),
        ("staff", "ranking"),
        ("item", "ranking"),
        ("channel", "ranking"),
        ("hall", "levels"),
    ] {
        let page = me.page(&format!("/statistics?by={by}&{PERIOD}&chart={chart}")).await;
        assert!(page.contains(&format!("data-chart=\"{chart}\"")) && page.contains("<caption>"), "{by}: {page}");
        assert!(page.contains("role=\"img\"") && page.contains("/assets/echarts.js?v="), "{by}");
    }
    // From all windows down to one hour of one person, by nothing but links.
    let mut page = me.page(&format!("/statistics?by=window&{PERIOD}&metric=negative&order=ranking")).await;
    for next in ["staff", "item", "day", "hour"] {
        let body = page.split("<tbody>").nth(1).unwrap_or_else(|| panic!("no rows before {next}: {page}"));
        let link = body.split("href=\"").skip(1).map(|l| l.split('"').next().unwrap());
        let link = link.map(|l| l.replace("&amp;", "&")).filter(|l| l.starts_with(&format!("/statistics?by={next}&")));
        // From the middle: at the ends there may be days without anybody.
        let links: Vec<_> = link.collect();
        let link = links.get(links.len() / 2).unwrap_or_else(|| panic!("nothing leads to {next}: {page}"));
        page = me.page(link).await;
    }
    let bottom = page.split("<tbody>").nth(1).unwrap_or_else(|| panic!("no rows by hour: {page}"));
    assert!(bottom.contains("href=\"/entries?from=") && bottom.contains("&amp;staff="), "{bottom}");

    let cross = me.page(&format!("/statistics?by=weekday&and=hour&{PERIOD}&metric=negative")).await;
    assert!(cross.contains("data-chart=\"heat\"") && cross.contains("周一") && cross.contains("09:00"), "{cross}");
    let asked = client
        .get(format!(
            "{url}/statistics?ask=1&metric=mean&by=window&and=&compare=before&{PERIOD}&staff=&level=&min_n=10"
        ))
        .header(COOKIE, &me.cookie);
    let asked = asked.send().await.unwrap();
    let want = format!("/statistics?by=window&{PERIOD}&min_n=10&metric=mean&compare=before");
    assert_eq!((asked.status(), asked.headers()[LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, want.as_str()));
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_holds_dates_and_numbers_and_says_what_it_is_and_leaves_a_line_in_the_log() {
    let hall = Hall::open().await;
    let (client, url) = (browser(), hall.running.url());
    let cookie = sign_in(&client, &url, &hall.supervisor).await.unwrap();
    let me = Person { client: &client, url: &url, cookie };
    let question = "by=day&from=2026-11-10&to=2026-11-24&compare=before&metric=negative&unflagged=1";
    let (table, about) = me.workbook(&format!("/statistics?{question}&format=xlsx")).await;
    assert_eq!(table.height(), 1 + 15 + 1, "a heading, days, the total");
    let days: Vec<String> = table.rows().skip(1).take(15).map(|r| day(&r[0])).collect();
    assert_eq!((days[0].as_str(), days[14].as_str()), ("2026-11-10", "2026-11-24"));
    let row = table.rows().nth(1).unwrap();
    let number = |heading: &str| row[column(&table, heading)].as_f64().unwrap();
    let (rate, low, high) = (number("差评率"), number("差评率下限"), number("差评率上限"));
    assert!(0.0 < low && low < rate && rate < high && high < 0.2, "a share, not a text: {low} {rate} {high}");
    assert!(number("评价数") > 100.0 && number("对比期评价数") > 100.0);
    let change = number("差评率变化");
    assert!((change - (rate - number("对比期差评率"))).abs() < 1e-12);
    assert!(number("差评率变化下限") < change && change < number("差评率变化上限"));
    assert_eq!(says(&about, "指标"), "差评率");
    assert_eq!(says(&about, "对比期"), "2026-10-26 至 2026-11-09");
    assert!(says(&about, "生成").contains("督查员") && says(&about, "期间").contains("Asia/Shanghai"));
    assert!(says(&about, "口径：参评率").contains("服务量"));
    assert!(says(&about, "剔除的存疑评价").parse::<u32>().unwrap() > 0);
    assert!(says(&about, "钟不可信").contains("不计入小时"));

    let (table, about) = me.workbook(&format!("/statistics?by=weekday&and=hour&{PERIOD}&format=xlsx")).await;
    let (hour, n) = (column(&table, "时段编号"), column(&table, "评价数"));
    let cells: f64 = table.rows().skip(1).take(table.height() - 2).map(|r| r[n].as_f64().unwrap_or(0.0)).sum();
    assert!(table.rows().skip(1).any(|r| r[hour].as_string().as_deref() == Some("09")));
    let untimed: f64 = says(&about, "钟不可信").split(' ').next().unwrap().parse().unwrap();
    let total = table.rows().next_back().unwrap()[n].as_f64().unwrap();
    assert_eq!(cells + untimed, total, "the cells and what has no hour make up the whole");
    let (table, _) = me.workbook("/statistics?by=month&from=2026-10-01&to=2026-11-30&format=xlsx").await;
    assert_eq!(day(&table.rows().nth(1).unwrap()[0]), "2026-10-01");

    let (_, csv) = me.get(&format!("/statistics?by=staff&{PERIOD}&format=csv")).await;
    assert!(csv.starts_with('\u{FEFF}'), "spreadsheets take it for UTF-8");
    let api = client.get(format!("{url}/api/v1/stats?by=day&{PERIOD}&format=csv")).bearer_auth(&hall.supervisor);
    assert_eq!(api.send().await.unwrap().status(), StatusCode::OK);
    let conn = db::open(&hall.dir.path().join(schema::FILE), &schema::SCHEMA).unwrap();
    let sql = "SELECT detail FROM audit_log WHERE act = 'statistics_exported' ORDER BY id";
    let mut lines = conn.prepare(sql).unwrap();
    let lines: Vec<String> = lines.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    assert!(
        lines[0].starts_with("xlsx: by=day")
            && lines[0].contains("compare=before")
            && lines[4].starts_with("csv: by=day")
    );
    hall.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_are_kept_found_renamed_and_deleted_by_whose_they_are() {
    let hall = Hall::open().await;
    let (client, url) = (browser(), hall.running.url());
    let cookie = sign_in(&client, &url, &hall.supervisor).await.unwrap();
    let me = Person { client: &client, url: &url, cookie };
    let kept = "by%3Dreason%26where%3Dlevel%3Adissatisfied%26metric%3Drated";
    let (status, to, _) =
        me.post("/statistics/saved", &format!("name=%E5%8E%9F%E5%9B%A0&shared=1&address={kept}")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(to.starts_with("/statistics?by=reason&") && to.contains("where=level:dissatisfied"), "{to}");
    assert!(me.page(&to).await.contains("已保存"));
    let list = me.page("/statistics/saved").await;
    assert!(list.contains("原因") && list.contains("范围内的同事"), "{list}");
    let path = list.split("href=\"/statistics/saved/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/statistics/saved/{}", path.trim_end_matches("/delete"));
    let (status, _, page) = me.post("/statistics/saved", &format!("name=%E5%8E%9F%E5%9B%A0&address={kept}")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("同名"), "{page}");
    let (status, _, _) = me.post("/statistics/saved", "name=x&address=by%3Dmood").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "only questions are kept");
    assert_eq!(me.post(&path, "name=Monday").await.0, StatusCode::SEE_OTHER);
    assert!(me.page("/statistics/saved").await.contains("Monday"));

    let own = sign_in(&client, &url, &hall.staff).await.unwrap();
    let other = Person { client: &client, url: &url, cookie: own };
    assert_eq!(other.get(&path).await.0, StatusCode::NOT_FOUND, "somebody else's does not exist");
    assert_eq!(other.post(&format!("{path}/delete"), "").await.0, StatusCode::NOT_FOUND);
    assert!(me.page(&format!("{path}/delete")).await.contains("Monday"));
    assert_eq!(me.post(&format!("{path}/delete"), "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(me.get(&path).await.0, StatusCode::NOT_FOUND);
    hall.running.stop().await;
}
